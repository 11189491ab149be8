"""Commit 5ab0e82 reads what this version stores, newer kinds of changes aside: a rollback stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.aws.reports import dump_report
from core.aws.small_rows import DynamoRunRecords
from core.aws.table import Table
from core.models import ChangeKind, HistoryEntry, Report, iso
from core.numbering.orders import EndForward, Forward, Move, Reserve
from tests.core.builders import NOW, agent
from tests.core.fakes import FakeConnect, Site, failing
from tests.core.reader_of_5ab0e82 import all_withheld, read_row
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.wire import Fault

pytestmark = pytest.mark.guarantee(12)

FRIDAY = iso(NOW + timedelta(days=5))
LATER = (ChangeKind.FORWARDED, ChangeKind.UNFORWARDED)


@pytest.fixture
def site() -> Site:
    """Changes of many kinds, of one number and one agent too; the last sync ends a forward."""
    site = Site(FakeConnect(agent(name) for name in ("ann", "bob", "cat", "dot")))
    site.run()
    site.admin().do(Move("id-ann", "07"), "U1")
    site.admin().do(Forward("id-ann", "id-bob", FRIDAY), "U1")
    site.admin().do(Reserve("05", "lift"), "U1")
    site.admin().do(EndForward("id-ann"), "U1")
    site.admin().do(Forward("id-ann", "id-bob", FRIDAY), "U1")
    site.connect.leave("id-bob")
    site.connect.rename("id-ann", "Ann Lee", site.now)
    return site


def records(site: Site) -> DynamoRunRecords:
    return DynamoRunRecords(Table(site.table.client(), TABLE), site.clock)


def kinds(lines: list[HistoryEntry]) -> list[ChangeKind]:
    return [line.kind for line in lines]


def test_every_row_with_lines_is_read_and_they_are_ours_but_for_the_later_kinds(site: Site) -> None:
    site.run()
    read = [line["kind"] for item in site.table.items for line in read_row(item) if item["sk"]["S"] != "last"]
    told = [*site.reader().history(NOW - timedelta(days=1), site.clock.now)]
    assert {ChangeKind.UNFORWARDED, ChangeKind.FORWARDED} <= {*kinds(told)}
    for kind in {*ChangeKind} - {ChangeKind.RELEASED, ChangeKind.RELABELLED}:
        # Each stands in the day's history and in that of its number, or in the row of the number as yet.
        given = sum("given" in item for item in site.table.items) if kind is ChangeKind.ASSIGNED else 0
        assert read.count(kind) + given == (0 if kind in LATER else 2 * kinds(told).count(kind))


def test_the_history_of_a_number_and_of_an_agent_has_the_later_kinds_in_their_order(site: Site) -> None:
    for _ in range(3):
        site.clock.advance(seconds=1)
        site.admin().do(EndForward("id-ann"), "U1")
        site.admin().do(Forward("id-ann", "id-bob", FRIDAY), "U1")
    for lines in (site.history_of_number("07"), site.history_of_agent("id-ann")):
        mine = [kind for kind in kinds(lines) if kind in LATER]
        assert mine == [LATER[0], *(LATER[1], LATER[0]) * 4]


def test_the_newest_report_is_whole_and_5ab0e82_reads_the_rest_of_it(site: Site) -> None:
    report = site.run()
    assert report.counts[ChangeKind.UNFORWARDED] == 1
    kept = site.reader().last_report()
    assert kept is not None
    assert (kept.counts, sorted(kinds([*kept.changes]))) == (report.counts, sorted(kinds([*report.changes])))
    (item,) = (item for item in site.table.items if (item["pk"]["S"], item["sk"]["S"]) == ("sync", "last"))
    assert {line["kind"] for line in read_row(item)} == {"released", "relabelled"}


@pytest.mark.parametrize("count", [1, 250])
def test_the_changes_of_a_plan_are_whole_and_5ab0e82_reads_the_rest_of_them(site: Site, count: int) -> None:
    plan = [*site.run(dry_run=True).changes] * count
    records(site).keep_waiting("plan0123", plan)
    assert sorted(kinds(records(site).all_withheld("plan0123"))) == sorted(kinds(plan))
    read = [line["kind"] for line in all_withheld(site.table.items, "plan0123")]
    assert read == [line.kind for line in plan if line.kind not in LATER]


def test_a_plan_of_later_kinds_alone_is_kept(site: Site) -> None:
    plan = [line for line in site.run(dry_run=True).changes if line.kind in LATER]
    records(site).keep_waiting("plan0123", plan)
    assert records(site).all_withheld("plan0123") == plan
    assert all_withheld(site.table.items, "plan0123") == []


def test_a_history_of_forwards_stays_short_and_keeps_the_newest(site: Site) -> None:
    for _ in range(60):
        site.clock.advance(seconds=1)
        site.admin().do(EndForward("id-ann"), "U1")
        site.admin().do(Forward("id-ann", "id-bob", FRIDAY), "U1")
    mine = site.history_of_agent("id-ann")
    assert (ChangeKind.MOVED in kinds(mine), mine[-1].kind, mine[-1].at) == (True, LATER[0], site.now)
    assert 50 <= len([line for line in mine if line.kind in LATER]) <= 100


def test_a_forward_after_a_lost_answer_stands_once_in_the_history(site: Site) -> None:
    failing(site, "TransactWriteItems", Fault("timeout", after=True))
    site.admin().do(EndForward("id-ann"), "U1")
    assert kinds(site.history_of_agent("id-ann"))[-1:] == [ChangeKind.UNFORWARDED]
    assert kinds(site.history_of_agent("id-ann")).count(ChangeKind.UNFORWARDED) == 2


def test_a_report_without_later_kinds_has_the_attributes_that_it_had() -> None:
    report = Report("run", "U1", iso(NOW), 1, counts={ChangeKind.MOVED: 1})
    assert dump_report(report).keys() == {"report"}
