"""The answer to `/ext-admin status`."""

from __future__ import annotations

from bot.messages.blocks import Message, context, cut, escape, listing, message, name, person, section, when
from bot.messages.sync_report import pool_use, waiting
from core.counts import PastRun
from core.models import Failure, Policy, Report
from core.numbering.usage import forecast_lines, pace_words
from core.status import Status


def status(found: Status) -> Message:
    """The pool and when each range runs out, what waits for an approval, the last runs, the policy."""
    ranges = listing([f"• {escape(line)}" for line in forecast_lines(found.usage)], most=2000)
    waits = waiting(found.last) if found.last else []
    return message(
        section(f":bar_chart: *Numbers.* {pool_use(found.usage.pool)}\n{ranges}"),
        context(escape(pace_words(found.usage))),
        *(waits or [section(":ballot_box_with_check: No approval is waiting.")]),
        section(
            "\n".join(["*Last runs*", _last(found.last), *map(_run, found.runs), *_failed(found.failure)])
        ),
        section(f"*Policy*\n{_policy(found.policy)}"),
    )


def _last(report: Report | None) -> str:
    if report is None:
        return "• No sync has finished yet."
    return f"• The newest sync: {when(report.started)}, by {person(report.by)}"


def _run(run: PastRun) -> str:
    counts = ", ".join(f"{count:,} {kind.value}" for kind, count in run.counts.items())
    return f"• {when(run.at)}, by {person(run.by)}: {counts} (run {name(run.run_id)})"


def _failed(failure: Failure | None) -> list[str]:
    if failure is None:
        return []
    said = escape(cut(failure.reason, 300))
    return [f"• :x: The newest failure: {when(failure.at)}, by {person(failure.by)}: {said}"]


def _policy(policy: Policy) -> str:
    parts = [f"• {escape(cut(str(each), 220))}" for each in (*policy.teams.ranges, *policy.teams.reserved)]
    people, share = policy.max_release_count, policy.max_release_percent
    rules = (
        f"Numbers from {policy.range}; a released one is held for {policy.hold_days} days. "
        f"Releases of more than {people} people in 24 hours that are also more than {share:g}% wait for you."
    )
    own = listing(parts, most=2000) if parts else "There is no policy.yml."
    return f"{rules}\n{own}"
