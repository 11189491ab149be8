"""The rows that runs leave for people to read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.aws.rows import withheld_key
from core.aws.small_rows import DynamoIncidents, DynamoRunRecords
from core.aws.table import Table
from core.models import ChangeKind, Failure, HistoryEntry, WithheldPart
from core.ports import Incident
from tests.core.builders import Clock
from tests.stand_ins.dynamodb import TABLE, TableStandIn


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def table() -> TableStandIn:
    return TableStandIn()


@pytest.fixture
def records(table: TableStandIn, clock: Clock) -> DynamoRunRecords:
    return DynamoRunRecords(Table(table.client(), TABLE), clock)


def leavers(count: int, name: str = "Jane Doe") -> list[HistoryEntry]:
    return [
        HistoryEntry(ChangeKind.RELEASED, f"{number:04}", "jdoe", name, "2026-11-22T09:30:00Z", "U1", "run")
        for number in range(count)
    ]


def test_all_who_wait_can_be_read_whole_and_page_by_page(records: DynamoRunRecords) -> None:
    records.keep_waiting("abc", leavers(430))
    assert records.all_withheld("abc") == leavers(430)
    for first in (0, 150, 200, 400):
        part = records.withheld("abc", first, 50)
        assert (list(part.entries), part.total) == (leavers(430)[first : first + 50], 430)


def test_what_is_kept_under_an_approval_stays_as_it_was_first_shown(records: DynamoRunRecords) -> None:
    records.keep_waiting("abc", leavers(3))
    records.keep_waiting("abc", leavers(3, "Another Name"))
    assert records.all_withheld("abc") == leavers(3)


@pytest.mark.parametrize("lost", range(3))
def test_a_list_with_a_row_missing_shows_nobody_until_it_is_kept_again(
    records: DynamoRunRecords, table: TableStandIn, lost: int
) -> None:
    records.keep_waiting("abc", leavers(450))
    table.remove(*withheld_key("abc", lost))
    assert records.all_withheld("abc") == []
    for first in (0, 200, 400):
        assert records.withheld("abc", first, 50) == WithheldPart((), 0)
    records.keep_waiting("abc", leavers(450))
    assert records.all_withheld("abc") == leavers(450)


def test_a_list_that_still_waits_expires_as_late_as_if_it_were_new(
    records: DynamoRunRecords, table: TableStandIn, clock: Clock
) -> None:
    records.keep_waiting("abc", leavers(450))
    first = {item["ttl"]["N"] for item in table.items}
    clock.now += timedelta(days=20)
    records.keep_waiting("abc", leavers(450))
    (later,) = {int(item["ttl"]["N"]) for item in table.items}
    assert first == {str(later - 20 * 86400)}


def test_an_approval_that_is_gone_has_nobody(records: DynamoRunRecords) -> None:
    assert (records.withheld("abc", 0, 50).total, records.all_withheld("abc")) == (0, [])


def test_the_longest_names_fit_their_rows(records: DynamoRunRecords) -> None:
    records.keep_waiting("abc", leavers(200, "\N{GRINNING FACE}" * 255))
    assert len(records.all_withheld("abc")) == 200


def test_the_newest_failure_is_told(records: DynamoRunRecords) -> None:
    assert records.last_failure() is None
    for reason in ("first", "second"):
        records.keep_failure(Failure("2026-11-22T09:30:00Z", "U1", "run", reason))
    assert records.last_failure() == Failure("2026-11-22T09:30:00Z", "U1", "run", "second")


def test_what_slack_said_of_the_workspace_is_no_incident(table: TableStandIn, clock: Clock) -> None:
    incidents = DynamoIncidents(Table(table.client(), TABLE), clock)
    assert incidents.workspace() == ""
    incidents.keep_workspace("one")
    incidents.keep_workspace("two")
    assert (incidents.workspace(), *map(incidents.since, Incident)) == ("two", "", "")
