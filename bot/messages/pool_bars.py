"""The use of the pool as bars of text, and as words that say the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.blocks import Block, context, escape, section
from core.numbering.usage import DayUse, Usage, pace_words, runs_out_words

# A line has to fit a phone: label, count and bar together are 28 characters. The bar comes last, so that
# lines stay in line whatever width a phone gives it.
_BAR = 10
_DAYS = 6


def pool_bars(usage: Usage) -> list[Block]:
    """The pool by state, the last 30 days in steps of six, and the forecast in words."""
    lines = [*_states(usage), "", *_steps(usage.days)]
    words = f"{pace_words(usage)} {runs_out_words(usage)}"
    return [section("```" + "\n".join(lines) + "```"), context(escape(words))]


def _states(usage: Usage) -> list[str]:
    pool = usage.pool
    counts = [(kind, getattr(pool, kind)) for kind in ("assigned", "held", "reserved", "free")]
    return [f"{kind:<8} {count:>7,} {_bar(count, pool.size)}".rstrip() for kind, count in counts]


def _steps(days: Sequence[DayUse]) -> list[str]:
    """A line for six days: how many numbers were given out and released, the bar for both."""
    lines = []
    for step in (days[at : at + _DAYS] for at in range(0, len(days), _DAYS)):
        given, gone = sum(day.assigned for day in step), sum(day.released for day in step)
        lines.append((step[0].day[5:], given, gone))
    most = max((given + gone for _, given, gone in lines), default=0)
    return [
        f"{day} {f'+{given}':>5} {f'-{gone}':>5} {_bar(given + gone, most)}".rstrip()
        for day, given, gone in lines
    ]


def _bar(count: int, whole: int) -> str:
    """A bar of up to ten blocks; a count that is not 0 has at least one."""
    return "█" * max(round(_BAR * count / whole), 1) if count and whole else ""
