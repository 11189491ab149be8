"""Rows beside the numbering as a hand or a later version may leave them: nothing stops at one."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from core.aws.exports_and_links import S3Exports
from core.aws.odd_rows import odd_attributes
from core.aws.reports import dump_report
from core.aws.small_rows import DynamoClaims, DynamoLinks, DynamoRunRecords, DynamoSummaries
from core.aws.table import Table
from core.calling.reach import by_extension
from core.models import ChangeKind, Failure, Report, iso
from core.numbering.orders import EndForward, Forward, Move, Reserve
from core.ports import Claim, SummaryMark
from core.status import read_status
from core.summary import DailySummary, Summary
from tests.core.builders import NOW, agent, policy
from tests.core.fakes import FakeConnect, Site
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.s3 import BUCKET

pytestmark = pytest.mark.guarantee(12)

FRIDAY = iso(NOW + timedelta(days=5))
LATER_LINE = '[{"kind":"translated","extension":"07","tongue":"Latin"}]'
ODD: list[Any] = [{"L": [{"N": "1"}, {"S": "{"}]}, {"S": "soon"}, {"S": LATER_LINE}]
# A row by its keys, as far as they are known beforehand, and the attributes that are read of it.
READ = [
    ("change#2026-11-22", "", ("lines", "later", "place")),
    ("former", "", ("lines",)),
    ("history#07", "person#id-ann", ("lines", "later")),
    ("history#09", "nobody", ("lines",)),
    ("withheld#", "00000", ("lines", "later", "total")),
    ("sync", "last", ("report", "later")),
    ("sync", "failed", ("at", "reason")),
    ("sync", "left_out", ("marks",)),
    ("summary", "until", ("until", "place", "waits")),
    ("names", "rows", ("rows",)),
    ("names#2", "people", ("people",)),
    ("forwards", "now", ("id-ann",)),
    ("event#job-1", "claim", ("claimed_until", "done")),
    ("link#U1", "agent", ("agent_id",)),
    ("link#U1", "quiet", ("since",)),
]


class Installation(Site):
    """A site with the records of its runs."""

    def records(self) -> DynamoRunRecords:
        return DynamoRunRecords(Table(self.table.client(), TABLE), self.clock)

    def exports(self) -> S3Exports:
        return S3Exports(self.bucket.client(), BUCKET, 15)

    def summary(self) -> Summary:
        """Post the summary of the next day."""
        self.clock.advance(days=1)
        table, posted = Table(self.table.client(), TABLE), list[Summary]()
        claims, summaries = DynamoClaims(table, lambda: self.clock.now), DynamoSummaries(table)
        daily = DailySummary(self.reader(), claims, summaries, self.policy, posted.append)
        assert daily.tell(f"{self.now[:10]}", self.clock.now)[0] is Claim.ACQUIRED
        return posted[0]


def _lived_in() -> tuple[Installation, str]:
    """An installation with a row of each kind, and the approval that some leavers wait for."""
    names = ("ann", "bob", "cat", "dot", "eve", "fay")
    site = Installation(FakeConnect(map(agent, names)), policy("00-19", max_release_count=1))
    site.run()
    site.admin().do(Move("id-ann", "07"), "U1")
    site.admin().do(Forward("id-ann", "id-bob", FRIDAY), "U1")
    site.admin().do(Reserve("09", "lift"), "U1")
    site.connect.leave("id-fay")
    site.run()
    table = Table(site.table.client(), TABLE)
    DynamoSummaries(table).keep_mark(SummaryMark(site.now, "000000000003-00001"))
    DynamoClaims(table, site.clock).claim("job-1", 60)
    DynamoLinks(table, site.clock).link("U1", "id-ann")
    DynamoLinks(table, site.clock).set_notices("U1", wanted=False)
    site.records().keep_failure(Failure(site.now, "U1", "run", "A reason."))
    site.connect.leave("id-cat", "id-dot")
    report = site.run()
    site.records().keep_waiting(report.approval, report.withheld)
    writer = site.writer()
    writer.acquire("run-left-out", "U1")
    writer.leave_out(frozenset({"0a1b2c3d4e5f"}))
    writer.finish(None)
    return site, report.approval


LIVED_IN, APPROVAL = _lived_in()


@pytest.fixture
def site() -> Installation:
    site = Installation(FakeConnect(LIVED_IN.connect.agents.values()), LIVED_IN.policy)
    site.table.seed(LIVED_IN.table.items)
    site.bucket.objects.update(LIVED_IN.bucket.objects)
    site.admins = LIVED_IN.admins
    site.clock.advance(minutes=5)
    return site


NAMED = [
    ("change#2026-11-22", "", ("lines", "later")),
    ("former", "", ("lines",)),
    ("history#07", "person#id-ann", ("lines", "later")),
    ("history#09", "nobody", ("lines",)),
    ("withheld#", "00000", ("lines", "later", "total")),
    ("sync", "last", ("report", "later")),
    ("sync", "failed", ("at",)),
    ("sync", "lease", ("token", "lease_until")),
    ("summary", "until", ("until", "waits")),
    ("names", "rows", ("rows",)),
    ("forwards", "now", ("id-ann",)),
]


def of_kind(pk: str, sk: str) -> list[dict[str, Any]]:
    return [
        item
        for item in LIVED_IN.table.items
        if item["pk"]["S"].startswith(pk) and item["sk"]["S"].startswith(sk)
    ]


@pytest.mark.parametrize("odd", [{"L": [{"N": "1"}]}, {"S": "soon"}, {"N": "1.5"}], ids=str)
@pytest.mark.parametrize(("pk", "sk", "names"), NAMED)
def test_the_attribute_that_can_not_be_read_is_named(
    pk: str, sk: str, names: tuple[str, ...], odd: Any
) -> None:
    assert of_kind(pk, sk)
    for item in of_kind(pk, sk):
        for name in names:
            assert odd_attributes(_with(item, name, odd)) == [name]


def test_no_row_of_a_lived_in_table_is_odd() -> None:
    assert [item for item in LIVED_IN.table.items if odd_attributes(item)] == []


def test_a_row_of_history_without_any_lines_is_odd() -> None:
    (row, *_) = of_kind("change#", "")
    assert odd_attributes(_with(_with(row, "lines", None), "later", None)) == ["lines"]


def test_a_kind_of_change_and_a_field_that_are_not_known_are_not_odd() -> None:
    texts = dict.fromkeys(("username", "name", "at", "by", "run_id"), "")
    lines = json.dumps([texts | {"kind": "translated", "extension": "07", "tongue": "Latin"}])
    assert odd_attributes(of_kind("former", "")[0] | {"lines": {"S": lines}}) == []


def spoil(site: Site, pk: str, sk: str, name: str, odd: Any) -> None:
    """Give all rows of a kind another attribute; None takes it away."""
    kind = [
        item for item in site.table.items if item["pk"]["S"].startswith(pk) and item["sk"]["S"].startswith(sk)
    ]
    assert kind
    site.table.seed(_with(item, name, odd) for item in kind)


def _with(item: dict[str, Any], name: str, odd: Any) -> dict[str, Any]:
    rest = {each: value for each, value in item.items() if each != name}
    return rest | ({name: odd} if odd is not None else {})


def check_all_goes_on(site: Installation) -> None:
    """Somebody new gets a number, and is in a whole export, the summary and the history."""
    site.connect.join(agent("zoe"))
    report = site.run()
    assert report.exported
    assert {"S": site.exports().exported_version()} == site.lease["fingerprint"]
    site.admin().do(Move("id-zoe", "11"), "U1")
    for lines in (site.history_of_agent("id-zoe"), site.history_of_number("11")):
        assert lines[-1].kind is ChangeKind.MOVED
    assert "zoe" in {line.username for line in site.summary().assigned}
    site.summary()
    assert read_status(site.reader(), site.records(), site.policy, site.clock.now).runs


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize(
    ("pk", "sk", "name"), [(pk, sk, name) for pk, sk, names in READ for name in names], ids=str
)
def test_nothing_stops_at_an_odd_row(site: Installation, pk: str, sk: str, name: str, odd: Any) -> None:
    spoil(site, pk, sk, name, odd)
    check_all_goes_on(site)


@pytest.mark.parametrize("odd", [None, *ODD], ids=str)
@pytest.mark.parametrize("name", ["lines", "later", "total"])
def test_a_list_for_an_approval_that_became_odd_is_empty_until_a_sync_keeps_it_anew(
    site: Installation, name: str, odd: Any
) -> None:
    spoil(site, f"withheld#{APPROVAL}", "00000", name, odd)
    site.records().keep_waiting(APPROVAL, site.run().withheld)
    waiting = site.records().all_withheld(APPROVAL)
    assert [line.username for line in waiting] == ["cat", "dot"]
    released = site.run(approved=APPROVAL)
    assert released.agreed == 2


@pytest.mark.parametrize("name", ["id-ann", "id-bob"])
@pytest.mark.parametrize("odd", ODD, ids=str)
def test_a_forward_that_is_odd_is_none_and_can_be_set_and_ended(
    site: Installation, name: str, odd: Any
) -> None:
    spoil(site, "forwards", "now", name, odd)
    site.admin().do(Forward(name, "id-eve", FRIDAY), "U1")
    found = by_extension(site.book(), site.numbers.holders[name[3:]], site.now)
    assert found.person
    assert found.person.username == "eve"
    site.admin().do(EndForward(name), "U1")


def test_an_odd_list_of_names_leads_no_caller_to_a_name_that_somebody_had(site: Installation) -> None:
    site.connect.rename("id-eve", "Xerxes", site.now)
    spoil(site, "names", "rows", "rows", {"S": "soon"})
    site.run()
    kept = [item for item in site.table.items if item["pk"]["S"].startswith("names#")]
    assert [item["pk"]["S"] for item in kept if "id-eve" in item["people"]["S"]] == ["names#937"]
    assert any("id-bob" in item["people"]["S"] for item in kept)


def test_a_report_whose_times_are_odd_is_late_and_stops_no_summary(site: Installation) -> None:
    odd = dump_report(Report("run", "U1", "soon", 0))["report"]
    spoil(site, "sync", "last", "report", {"S": odd})
    summary = site.summary()
    assert (summary.last_sync, summary.is_late) == ("soon", True)


@pytest.mark.parametrize("odd", [None, {"N": "7"}, {"S": "soon"}, {"S": "2026-11-22"}], ids=str)
def test_a_summary_whose_time_is_odd_goes_on_at_its_place(site: Installation, odd: Any) -> None:
    """What was told before that place is not told again."""
    spoil(site, "summary", "until", "until", odd)
    summary = site.summary()
    assert (summary.moved, [line.username for line in summary.released]) == ((), ["fay"])
    assert site.summary().since == iso(site.clock.now - timedelta(days=1))


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"7", b'{"entries":[{}]}', b'{"entries":7,"version":"","at":""}', b"\xff"],
)
def test_a_directory_that_can_not_be_read_is_none_and_is_written_anew(
    site: Installation, body: bytes
) -> None:
    stored = site.bucket.objects["directory/directory.json"]
    site.bucket.objects["directory/directory.json"] = stored._replace(body=body)
    assert site.exports().exported_directory() is None
    check_all_goes_on(site)
    directory = site.exports().exported_directory()
    assert directory is not None
    assert "zoe" in {entry.username for entry in directory.entries}
