"""Until when something is wanted, as people write it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from core.words.deadlines import deadline, split_deadline

# A Sunday.
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
END = "23:59:59"


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("until friday", f"2026-11-27 {END}"),
        ("until Fri", f"2026-11-27 {END}"),
        ("until sunday", f"2026-11-29 {END}"),
        ("until next monday", f"2026-11-23 {END}"),
        ("until tomorrow", f"2026-11-23 {END}"),
        ("until today", f"2026-11-22 {END}"),
        ("until tonight", f"2026-11-22 {END}"),
        ("until the end of the week", f"2026-11-22 {END}"),
        ("until 5 pm", "2026-11-22 17:00:00"),
        ("until 5pm", "2026-11-22 17:00:00"),
        ("until 17h", "2026-11-22 17:00:00"),
        ("until 17h30", "2026-11-22 17:30:00"),
        ("until 15 Uhr", "2026-11-22 15:00:00"),
        ("till 17:30", "2026-11-22 17:30:00"),
        ("until 9 am", "2026-11-23 09:00:00"),
        ("until noon", "2026-11-22 12:00:00"),
        ("until friday 5 pm", "2026-11-27 17:00:00"),
        ("until 5 pm on friday", "2026-11-27 17:00:00"),
        ("until friday at 5 p.m.", "2026-11-27 17:00:00"),
        ("for 2 hours", "2026-11-22 11:30:00"),
        ("for an hour", "2026-11-22 10:30:00"),
        ("for the next 3 days", "2026-11-25 09:30:00"),
        ("for 45 min", "2026-11-22 10:15:00"),
        ("for a week", "2026-11-29 09:30:00"),
        ("until 2026-12-01", f"2026-12-01 {END}"),
        ("until dec 1", f"2026-12-01 {END}"),
        ("until 1 December", f"2026-12-01 {END}"),
        ("until Jan 3", f"2027-01-03 {END}"),
        ("until 1.12.2026", f"2026-12-01 {END}"),
    ],
)
def test_an_end_is_read_as_people_write_it(text: str, until: str) -> None:
    read = deadline(text, NOW)
    assert read is not None
    assert f"{read:%Y-%m-%d %H:%M:%S}" == until


@pytest.mark.parametrize(
    "text", ["", "until", "until bob", "for ever", "until 25:00", "until 13 pm", "for 2", "until in May"]
)
def test_what_is_no_end_is_none(text: str) -> None:
    assert deadline(text, NOW) is None


def test_an_end_is_of_the_asking_clock() -> None:
    read = deadline("until 5 pm", NOW.astimezone(ZoneInfo("Europe/Berlin")))
    assert read
    assert read.astimezone(UTC).hour == 16


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("bob until friday", ("bob", "until friday")),
        ("bob lee for 2 hours", ("bob lee", "for 2 hours")),
        ("bob", ("bob", "")),
        ("Ford Tilman till 5 pm", ("Ford Tilman", "till 5 pm")),
    ],
)
def test_a_text_is_parted_at_its_end(text: str, parts: tuple[str, str]) -> None:
    assert split_deadline(text) == parts
