"""Approvals and syncs at once, on AWS's own engine: what was confirmed is done once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Condition
from typing import Any

import pytest

from core.aws.connect import ConnectInstance
from core.aws.reports import load_history
from core.aws.small_rows import DynamoRunRecords
from core.aws.table import Table
from core.errors import LeaseTaken
from core.models import ChangeKind, HistoryEntry, Report
from core.numbering.guard import Consent
from core.numbering.sync import Sync
from sandbox.aws.connect_stand_in import ConnectStandIn
from sandbox.aws.connect_users import INSTANCE_ID
from sandbox.aws.sample_people import people
from tests.dynamodb_local.checks import digits, ledger_of, one_sync
from tests.dynamodb_local.crew import NoFiles, Place
from tests.dynamodb_local.sampler import Rows, all_rows, wrong_at_rest
from tests.dynamodb_local.stage import BEGINNING
from tests.dynamodb_local.tables import client_of

pytestmark = [pytest.mark.dynamodb_local, pytest.mark.guarantee(9, 16)]

LEAVERS = 8
OVER = Condition()  # a run is over, and another may try again


def run(place: Place, by: str, approved: str, chosen: frozenset[str] | None) -> Report:
    """A run of its own process, as far as the table can tell; again while another has the lease."""
    connect = ConnectInstance(client_of("connect", place.connect), INSTANCE_ID)
    dynamodb = client_of("dynamodb", place.dynamodb)
    while True:
        sync = Sync(connect, ledger_of(place, dynamodb), NoFiles(), place.policy, lambda: BEGINNING)
        try:
            return sync.run(by, consent=Consent(approved, chosen))
        except LeaseTaken:
            with OVER:
                OVER.wait(1)
        finally:
            with OVER:
                OVER.notify_all()


def released(rows: Rows) -> list[HistoryEntry]:
    told = [row["lines"] for (pk, _), row in rows.items() if pk.startswith("change#")]
    return [line for text in told for line in load_history(text) if line.kind is ChangeKind.RELEASED]


def test_of_approvals_and_syncs_at_once_one_acts_and_all_that_was_chosen_is_done_once(
    url: str, client: Any, table: str
) -> None:
    with ConnectStandIn(people(30), quota=None) as connect:
        place = Place(url, connect.url, table, "00-99")
        one_sync(place, client)
        for person in connect.people[:LEAVERS]:
            connect.leave(person.id)
        waiting = one_sync(place, client)
        chosen = frozenset(line.extension for line in waiting.withheld[3:])
        orders = [(f"U{n}", waiting.approval, chosen if n % 2 else None) for n in range(1, 3)]
        orders += [("schedule", "", None)]
        with ThreadPoolExecutor(len(orders)) as pool:
            reports = [*pool.map(lambda order: run(place, *order), orders)]
        after = one_sync(place, client, minutes=9)
    rows = all_rows(client, table)
    lines = released(rows)
    (winner,) = (report for report in reports if report.agreed)
    assert winner.agreed == len(lines) in (LEAVERS, len(chosen))
    assert {(line.by, line.confirmed) for line in lines} == {(winner.by, waiting.approval)}
    assert len({line.extension for line in lines}) == len(lines)
    assert len(after.withheld) == LEAVERS - len(lines)
    assert wrong_at_rest(rows, digits(place.range)) == []


def test_who_waits_is_kept_once_by_many_at_once(url: str, client: Any, table: str) -> None:
    records = DynamoRunRecords(Table(client, table), lambda: BEGINNING)
    waiting = [
        HistoryEntry(ChangeKind.RELEASED, f"{number:04}", "u", "U", "2026-11-22T09:30:00Z", "U1", "run")
        for number in range(450)
    ]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: records.keep_waiting("abc", waiting), range(4)))
    assert records.all_withheld("abc") == waiting
    assert records.withheld("abc", 400, 50).entries == tuple(waiting[400:])
