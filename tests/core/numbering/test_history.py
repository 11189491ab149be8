from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.models import ChangeKind, HistoryEntry
from core.numbering.history import Stay, stays
from core.words.periods import Period
from tests.core.builders import assigned


def entry(kind: ChangeKind, day: int, username: str = "", **more: Any) -> HistoryEntry:
    return HistoryEntry(kind, "00", username, "", f"2026-05-{day:02}T10:00:00Z", "schedule", "run-1", **more)


def at(day: int) -> str:
    return f"2026-05-{day:02}T10:00:00Z"


def test_the_stays_on_a_number_follow_from_its_history() -> None:
    entries = [
        entry(ChangeKind.ASSIGNED, 1, "ann"),
        entry(ChangeKind.RELABELLED, 2, "anna", before="ann"),
        entry(ChangeKind.RELEASED, 3, "anna"),
        entry(ChangeKind.FREED, 4, "anna"),
        entry(ChangeKind.RESERVED, 5),
        entry(ChangeKind.UNRESERVED, 6),
        entry(ChangeKind.MOVED, 7, "bob"),
        entry(ChangeKind.MOVED, 9, "cem"),
    ]
    assert stays(entries, assigned("00", "cem")) == [
        Stay("anna", at(1), at(3)),
        Stay("bob", at(7), at(9)),
        Stay("Cem", at(9)),
    ]


def test_a_stay_from_before_the_history_has_no_beginning() -> None:
    assert stays([entry(ChangeKind.RELEASED, 3, "ann")], None) == [Stay("ann", "", at(3))]
    assert stays([], assigned("00", "bob", since=at(1))) == [Stay("Bob", at(1))]
    assert stays([], None) == []


@pytest.mark.parametrize(("day", "within"), [(2, False), (3, True), (5, True), (7, True), (8, False)])
def test_a_stay_is_in_a_period_that_it_touches(day: int, within: bool) -> None:
    period = Period(date(2026, 5, day), date(2026, 5, day))
    assert Stay("ann", at(3), at(7)).within(period) is within
