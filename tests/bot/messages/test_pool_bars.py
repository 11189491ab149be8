"""The pool as bars of text."""

from __future__ import annotations

from bot.messages.blocks import message
from bot.messages.pool_bars import pool_bars
from core.models import Pool
from core.numbering.usage import DayUse, RangeUse, Usage

DAYS = tuple(DayUse(f"2026-11-{day:02}", 10 if day == 30 else 0, int(day == 1)) for day in range(1, 31))
USAGE = Usage("2026-11-30T08:00:00Z", (RangeUse("0000-9999", Pool(9_900, 80, 15, 5), "2027-02-03"),), DAYS)


def lines() -> list[str]:
    text: str = pool_bars(USAGE)[0]["text"]["text"]
    return text.strip("`").split("\n")


def test_the_lines_fit_a_phone() -> None:
    assert max(map(len, lines())) <= 28


def test_bars_stay_in_line_since_they_come_last() -> None:
    assert {line.index("█") for line in lines()[:4]} == {17}
    assert all(set(line[line.index("█") :]) == {"█"} for line in lines() if "█" in line)


def test_the_smallest_count_can_be_seen_and_nothing_is_no_bar() -> None:
    found = lines()
    assert found[2] == "reserved       5 █"
    assert found[5:] == ["11-01    +0    -1 █", *[f"11-{day}    +0    -0" for day in ("07", "13", "19")],
                         "11-25   +10    -0 ██████████"]  # fmt: skip


def test_words_say_the_same() -> None:
    said = message(*pool_bars(USAGE)).text
    assert "In the last 30 days 10 numbers were given out and 1 released." in said
    assert "the free numbers last until February 2027" in said
