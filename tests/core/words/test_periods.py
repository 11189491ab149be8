from __future__ import annotations

from datetime import date

import pytest

from core.words.periods import Period, period_in

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "first", "last", "rest"),
    [
        ("2026-05-03", "2026-05-03", "2026-05-03", ""),
        ("7041 2026-05-03", "2026-05-03", "2026-05-03", "7041"),
        ("2026-5-3 jane doe", "2026-05-03", "2026-05-03", "jane doe"),
        ("jane on 2026-05-03", "2026-05-03", "2026-05-03", "jane"),
        ("7041 2024-02", "2024-02-01", "2024-02-29", "7041"),
        ("7041 in May", "2026-05-01", "2026-05-31", "7041"),
        ("7041 in december", "2025-12-01", "2025-12-31", "7041"),
        ("jane december 2024", "2024-12-01", "2024-12-31", "jane"),
        ("today", "2026-11-22", "2026-11-22", ""),
        ("jane yesterday", "2026-11-21", "2026-11-21", "jane"),
        ("7041 3 May 2026", "2026-05-03", "2026-05-03", "7041"),
        ("7041 on May 3", "2026-05-03", "2026-05-03", "7041"),
        ("7041 may 3rd, 2024", "2024-05-03", "2024-05-03", "7041"),
        ("3rd of dec", "2025-12-03", "2025-12-03", ""),
        ("22 nov", "2026-11-22", "2026-11-22", ""),
        ("jane may may 2026", "2026-05-01", "2026-05-31", "jane may"),
        ("7041 3.5.2026", "2026-05-03", "2026-05-03", "7041"),
        ("7041 from 2026-05-03 to 2026-05-09", "2026-05-03", "2026-05-09", "7041"),
        ("2026-05-09 to 2026-5-3", "2026-05-03", "2026-05-09", ""),
        ("7041 last week", "2026-11-09", "2026-11-15", "7041"),
        ("7041 this  week", "2026-11-16", "2026-11-22", "7041"),
        ("7041 last month", "2026-10-01", "2026-10-31", "7041"),
        ("7041 this month", "2026-11-01", "2026-11-30", "7041"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, first: str, last: str, rest: str) -> None:
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert period_in(text, TODAY) == (period, rest)
    assert period_in(period.words, TODAY) == (period, "")


@pytest.mark.parametrize(
    "text",
    [
        "jane",
        "7041",
        "april may",
        "june",
        "2026-02-30",
        "7041 2026-13",
        "0000-01",
        "31 june",
        "7041 may",
        "dec",
    ],
)
def test_a_name_or_a_day_that_is_none_is_no_period(text: str) -> None:
    assert period_in(text, TODAY) == (None, text)
