"""The rows of the table, read through a real client."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.doctor.findings import Verdict
from bot.doctor.numbering import check_rows, read_rows
from bot.doctor.threads import Later
from core.aws.clients import aws_client
from core.aws.inspect import TableInspector
from core.aws.rows import Row, link_key
from core.models import ExtensionRange, Free
from tests.bot.doctor import PEOPLE, REGION, TABLE, make_table, put_rows, put_states, verdicts

RANGE = ExtensionRange.parse("7000-7001")
LEASE = {"pk": "sync", "sk": "lease", "sk_value": "run-1", "fingerprint": "1"}


class Meanwhile(TableInspector):
    """Something happens in the middle of a reading."""

    happens: Callable[[], None]

    def rows(self, segment: int, segments: int) -> list[Row]:
        if segment == 0:
            self.happens()
        return super().rows(segment, segments)


def inspector(kind: type[TableInspector] = TableInspector) -> TableInspector:
    return kind(aws_client("dynamodb", REGION, 2), TABLE)


def found(table: TableInspector) -> dict[str, Verdict]:
    return verdicts(check_rows(Later(lambda: read_rows(table)), RANGE))


def test_every_row_of_the_numbering_is_read_and_no_other(account: None) -> None:
    make_table()
    put_states(PEOPLE)
    put_rows(LEASE, {"pk": "change#2026-11-22", "sk": "1", "lines": "[]"})
    read = read_rows(inspector())
    assert sorted((row["pk"], row["sk"]) for row in read.rows) == [
        ("7000", "agentID"),
        ("7001", "nu"),
        ("user#agent-1", "extension"),
    ]
    assert not read.moved
    assert set(found(inspector()).values()) == {Verdict.RIGHT}


def test_a_fault_is_wrong(account: None) -> None:
    make_table()
    put_states((Free("7000"),))
    assert found(inspector())["The whole range"] is Verdict.WRONG


@pytest.mark.parametrize("change", [{"fingerprint": "2"}, {"sk_value": "run-2"}])
def test_a_fault_seen_while_a_run_is_at_work_can_not_be_told(account: None, change: dict[str, str]) -> None:
    make_table()
    put_states((Free("7000"),))
    put_rows(LEASE)
    table = inspector(Meanwhile)
    table.happens = lambda: put_rows(LEASE | change)  # type: ignore[attr-defined]
    names = found(table)
    assert names["The whole range"] is Verdict.UNKNOWN
    assert names["One state each"] is Verdict.RIGHT


def test_a_table_that_may_not_be_read_can_not_be_told(denied: object) -> None:
    assert found(inspector()) == {"Extensions": Verdict.UNKNOWN}


def link(member: str, agent: str, **more: str) -> dict[str, str]:
    pk, sk = link_key(member)
    return {"pk": pk, "sk": sk, "agent_id": agent, **more}


@pytest.mark.parametrize(
    ("links", "verdict", "says"),
    [
        ([], Verdict.RIGHT, "None of 0 agents is two members by their own word."),
        ([link("U1", "jane", sk_value="jane")], Verdict.RIGHT, "None of 1 agents is two members"),
        ([link("U1", "jane")], Verdict.NOTED, "1 links are of an earlier version"),
        ([link("U1", "jane"), link("U2", "bob", sk_value="bob")], Verdict.NOTED, "from nobody: U1."),
        ([link("U2", "jane", sk_value="jane"), link("U1", "jane")], Verdict.WRONG, "two members: U1 and U2."),
    ],
)
def test_two_members_who_are_one_agent_are_found_and_who_may_become_so(
    account: None, links: list[dict[str, str]], verdict: Verdict, says: str
) -> None:
    make_table()
    put_states(PEOPLE)
    put_rows(*links)
    rows = read_rows(inspector())
    finding = next(each for each in check_rows(Later(lambda: rows), RANGE) if each.name == "One member each")
    assert finding.verdict is verdict
    assert says in finding.says


def test_a_row_that_can_not_be_read_whole_is_named(account: None) -> None:
    make_table()
    put_states(PEOPLE)
    put_rows({"pk": "change#2026-11-22", "sk": "06:00:00#run-1", "lines": "{"})
    rows = read_rows(inspector())
    finding = next(each for each in check_rows(Later(lambda: rows), RANGE) if each.name == "Records")
    assert finding.verdict is Verdict.NOTED
    assert "passed over: change#2026-11-22 06:00:00#run-1 (lines)." in finding.says
