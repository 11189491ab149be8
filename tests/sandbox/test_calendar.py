"""Days that pass in the sandbox: a line for each sync and summary, until a day is as the one before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sandbox.terminal.calendar import Days


@dataclass
class House:
    """A house where the syncs find these things, in turn, and then the last of them again and again."""

    found: list[dict[str, Any] | None]
    at: datetime = datetime(2026, 11, 30, 21, 15, tzinfo=UTC)
    said: list[str] = field(default_factory=list)
    summaries: list[datetime] = field(default_factory=list)

    def pass_days(self, days: int) -> list[str]:
        Days(lambda: self.at, self.move, self.sync, self.summary, self.said.append).live_through(days)
        return self.said

    def move(self, to: datetime) -> None:
        assert to >= self.at
        self.at = to

    def sync(self) -> dict[str, Any] | None:
        return self.found.pop(0) if len(self.found) > 1 else self.found[0]

    def summary(self) -> dict[str, Any]:
        self.summaries.append(self.at)
        return {"posted": True}


def test_the_next_hourly_sync_and_each_mornings_summary_are_a_line_each() -> None:
    house = House([{"assigned": 2, "released": 0}, {"released": 1, "withheld": 0}, {}])
    assert house.pass_days(2) == [
        "Mon 30 Nov, 22:00  the hourly sync: 2 assigned",
        "Tue 1 Dec, 08:00  the hourly sync: 1 released",
        "Tue 1 Dec, 08:00  the summary: posted",
        "Wed 2 Dec, 08:00  the hourly sync: nothing to do",
        "Wed 2 Dec, 08:00  the summary: posted",
    ]
    assert house.at == datetime(2026, 12, 2, 21, 15, tzinfo=UTC)


def test_days_on_which_nothing_changes_are_one_line_and_the_last_of_them_comes() -> None:
    house = House([{"assigned": 2}, {}])
    said = house.pass_days(31)
    assert "27 more mornings: nothing has changed in Connect, so each sync finds the same." in said
    assert (len(said), house.summaries[-1]) == (10, datetime(2026, 12, 31, 8, tzinfo=UTC))


def test_a_function_that_fails_stops_no_day() -> None:
    house = House([None])
    assert house.pass_days(1) == ["Tue 1 Dec, 08:00  the summary: posted"]
    assert house.at == datetime(2026, 12, 1, 21, 15, tzinfo=UTC)
