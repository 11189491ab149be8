"""The stand-in in `tests/stand_ins/dynamodb.py` answers as AWS's own engine does: rows, pages, refusals.

The rest of the suite believes the stand-in, so here both are asked the same things, one after the other:
made-up sequences over the project's expressions, requests that are refused, and whole runs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.aws.connect import ConnectInstance
from core.aws.small_rows import DynamoClaims, DynamoLinks, DynamoSummaries
from core.aws.table import Table
from core.aws.writer import DynamoTableWriter
from core.models import Change, ChangeKind, ExtensionRange, Policy, Reserved
from core.numbering.sync import Sync
from core.ports import SummaryMark
from sandbox.aws.connect_stand_in import ConnectStandIn
from sandbox.aws.connect_users import INSTANCE_ID
from sandbox.aws.sample_people import people
from tests.dynamodb_local.crew import LEASE_SECONDS, NoFiles
from tests.dynamodb_local.requests import Call, Json, calls, key, named, of_kind
from tests.dynamodb_local.sampler import all_rows
from tests.dynamodb_local.stage import BEGINNING
from tests.dynamodb_local.tables import client_of, create_table, fill
from tests.stand_ins.dynamodb import in_process

pytestmark = pytest.mark.dynamodb_local

_tables = count()


@contextmanager
def both(client: Any) -> Iterator[tuple[str, Any]]:
    """A new table on DynamoDB Local, and a client of a stand-in for one of the same name."""
    table = f"conformance-{next(_tables)}"
    create_table(client, table)
    yield table, in_process(table)
    client.delete_table(TableName=table)


def heard(client: Any, table: str, call: str, parameters: Json) -> Any:
    """The answer, or the codes of the refusal; without measures, words, and an order that means nothing."""
    asked = named(call, parameters, table)
    try:
        if call in ("query", "scan"):
            pages = list(client.get_paginator(call).paginate(**asked))
            items = [item for page in pages for item in page["Items"]]
            return in_order(items), sum(page["ScannedCount"] for page in pages)
        answer = getattr(client, call)(**asked)
    except ClientError as error:
        reasons: Any = error.response.get("CancellationReasons", [])
        return (error.response["Error"]["Code"], *(reason["Code"] for reason in reasons))
    if call == "batch_get_item":
        return in_order(answer["Responses"][table])
    return {name: value for name, value in answer.items() if name in ("Item", "Attributes")}


def in_order(items: list[Json]) -> list[Json]:
    return sorted(items, key=lambda item: (item["pk"]["S"], item["sk"]["S"]))


# Not shrunk: that would take minutes, and a sequence is short enough to read.
@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[*HealthCheck],
)
@given(st.lists(calls, min_size=8, max_size=30))
def test_a_sequence_of_requests_is_answered_the_same(client: Any, sequence: list[Call]) -> None:
    newest: Call = ("scan", {})
    with both(client) as (table, stand_in):
        for asked in sequence:
            call, parameters = newest if asked[0] == "again" else asked
            newest = (call, parameters) if call == "transact_write_items" else newest
            expected = heard(client, table, call, parameters)
            assert heard(stand_in, table, call, parameters) == expected, (call, parameters)


ROW = key("0001", "nu")
PUT = {"Put": {"Item": ROW}}
REFUSED: dict[str, Call] = {
    "an empty key": ("put_item", {"Item": key("", "nu")}),
    "an empty index key": ("put_item", {"Item": {**ROW, "sk_value": {"S": ""}}}),
    "an index key that is a number": ("put_item", {"Item": {**ROW, "sk_value": {"N": "1"}}}),
    "no sort key": ("get_item", {"Key": {"pk": {"S": "0001"}}}),
    "two writes of one row": ("transact_write_items", {"TransactItems": [PUT, PUT]}),
    "too many writes": (
        "transact_write_items",
        {"TransactItems": [{"Put": {"Item": key(f"{each:04}", "nu")}} for each in range(101)]},
    ),
    "a key asked for twice": ("batch_get_item", {"Keys": [ROW, ROW]}),
    "a value that is missing": ("put_item", {"Item": ROW, "ConditionExpression": "sk_value = :value"}),
    "a value that is not used": (
        "put_item",
        {
            "Item": ROW,
            "ConditionExpression": "attribute_exists(pk)",
            "ExpressionAttributeValues": {":value": {"S": "a"}},
        },
    ),
    "a consistent reading of the index": ("query", {**of_kind("nu"), "ConsistentRead": True}),
    "an update of a key": (
        "update_item",
        {
            "Key": ROW,
            "UpdateExpression": "SET sk = :value",
            "ExpressionAttributeValues": {":value": {"S": "a"}},
        },
    ),
    "a large row": ("put_item", {"Item": {**ROW, "lines": {"S": "x" * 410_000}}}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_one_refuses_the_other_refuses(client: Any, name: str) -> None:
    with both(client) as (table, stand_in):
        expected = heard(client, table, *REFUSED[name])
        assert expected == ("ValidationException",)
        assert heard(stand_in, table, *REFUSED[name]) == expected


NUMBERS = (
    "2.0",
    "007",
    "-0",
    "1E3",
    "1.50",
    "0.10",
    "9" * 38,
    "9" * 39,
    "1" * 38 + "0",
    "1E-130",
    "1E126",
    "x",
)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_is_kept_in_one_form(client: Any, number: str) -> None:
    put: Call = ("put_item", {"Item": {**ROW, "count": {"N": number}}})
    with both(client) as (table, stand_in):
        for asked in (put, ("get_item", {"Key": ROW})):
            assert heard(stand_in, table, *asked) == heard(client, table, *asked), asked


@pytest.mark.parametrize("number", ["1", "0.25", "-0.75", "9" * 38, "-" + "1" * 38])
def test_a_sum_is_exact(client: Any, number: str) -> None:
    sums = {
        "Key": ROW,
        "UpdateExpression": "SET #n = #n + :more",
        "ExpressionAttributeNames": {"#n": "count"},
        "ExpressionAttributeValues": {":more": {"N": "1.5"}},
    }
    put: Call = ("put_item", {"Item": {**ROW, "count": {"N": number}}})
    with both(client) as (table, stand_in):
        for asked in (put, ("update_item", sums), ("get_item", {"Key": ROW})):
            assert heard(stand_in, table, *asked) == heard(client, table, *asked), asked


@pytest.mark.parametrize("segments", [1, 3])
def test_the_segments_of_a_scan_have_every_row_once(client: Any, segments: int) -> None:
    rows = [key(f"{each:04}", "nu") for each in range(40)]
    with both(client) as (table, stand_in):
        for each in (client, stand_in):
            for row in rows:
                each.put_item(TableName=table, Item=row)
            found = [
                row
                for segment in range(segments)
                for row in heard(each, table, "scan", {"Segment": segment, "TotalSegments": segments})[0]
            ]
            assert in_order(found) == rows


def test_a_segment_that_there_is_not_is_refused(client: Any) -> None:
    with both(client) as (table, stand_in):
        for each in (client, stand_in):
            said = heard(each, table, "scan", {"Segment": 3, "TotalSegments": 3})
            assert said == ("ValidationException",)


def test_a_token_that_was_used_for_something_else_is_refused(client: Any) -> None:
    first, other = (
        {"TransactItems": [{"Put": {"Item": key(pk, "nu")}}], "ClientRequestToken": "token"}
        for pk in ("0001", "0002")
    )
    with both(client) as (table, stand_in):
        for each in (client, stand_in):
            assert heard(each, table, "transact_write_items", first) == {}
            said = heard(each, table, "transact_write_items", other)
            assert said == ("IdempotentParameterMismatchException",)


def test_pages_end_at_the_same_rows(client: Any) -> None:
    rows = [{**key(f"{each:04}", "nu"), "sk_value": {"S": f"{each:04}"}} for each in range(30)]
    with both(client) as (table, stand_in):
        for each in (client, stand_in):
            for size, row in enumerate(rows):
                each.put_item(TableName=table, Item={**row, "lines": {"S": "x" * (90_000 + 1000 * size)}})
        asked = named("query", of_kind("nu"), table)
        pages = [
            [
                [item["pk"]["S"] for item in page["Items"]]
                for page in each.get_paginator("query").paginate(**asked)
            ]
            for each in (client, stand_in)
        ]
    assert pages[0] == pages[1]
    assert len(pages[0]) > 2


OLDER = [
    *((f"{number:02}", "agentID", person.username) for number, person in enumerate(people(30))),
    *((f"{number:02}", "nu", f"{number:02}") for number in range(33, 60)),
    ("31", "agentID", people(30)[4].username),
    ("07", "nu", "07"),
    ("32", "nu", ""),
]


def run_sync(dynamodb: Any, table: str, connect: ConnectStandIn, hour: int) -> None:
    policy = Policy(ExtensionRange.parse("00-59"))
    moment = BEGINNING + timedelta(hours=hour)
    writer = DynamoTableWriter(Table(dynamodb, table), policy.range, lambda: moment, LEASE_SECONDS)
    instance = ConnectInstance(client_of("connect", connect.url), INSTANCE_ID)
    Sync(instance, writer, NoFiles(), policy, lambda: moment).run("schedule", f"run-{hour}")


def claim_and_link(dynamodb: Any, table: str) -> list[Any]:
    claims = DynamoClaims(Table(dynamodb, table), lambda: BEGINNING)
    links = DynamoLinks(Table(dynamodb, table), lambda: BEGINNING)
    summaries = DynamoSummaries(Table(dynamodb, table))
    heard: list[Any] = [claims.claim("event", 60), claims.claim("event", 60)]
    claims.done("event")
    heard += [claims.claim("event", 60), links.linked("U1"), summaries.last_mark()]
    links.link("U1", "agent")
    summaries.keep_mark(SummaryMark("2026-11-22T09:30:00Z", "1"))
    return [*heard, links.linked("U1"), summaries.last_mark()]


def lived_through(dynamodb: Any, table: str) -> list[Any]:
    """What a table is like after an adoption, a leaver, a quiet run, and claims and links beside it."""
    fill(dynamodb, table, OLDER)
    with ConnectStandIn(people(30), quota=None) as connect:
        run_sync(dynamodb, table, connect, hour=0)
        connect.leave(people(30)[9].id)
        run_sync(dynamodb, table, connect, hour=1)
        run_sync(dynamodb, table, connect, hour=2)
    return [claim_and_link(dynamodb, table), told(all_rows(dynamodb, table))]


def told(rows: Any) -> Any:
    """The rows without what chance made, and history as sets of lines: a scan's order shows in theirs."""
    for row in rows.values():
        row.pop("claimant", None)
        if "report" in row:
            row["report"] = ""
        if row["pk"].startswith("change#"):
            row["lines"] = sorted(map(str, json.loads(row["lines"])))
    return rows


def reserve_in(client: Any, table: str, lines: Json) -> Any:
    """What becomes of the history of a number, if these are its lines, when the number is reserved."""
    client.put_item(TableName=table, Item={**key("history#00", "nobody"), **lines})
    writer = DynamoTableWriter(Table(client, table), ExtensionRange.parse("00-01"), lambda: BEGINNING, 120)
    writer.acquire("run", "schedule")
    writer.read()
    reserved = Change(ChangeKind.RESERVED, "00", None, Reserved("00", "fax"), "fax")
    writer.apply([reserved], lambda _: None)
    return told(all_rows(client, table))


LINE = {"S": '{"kind":"reserved"}'}


@pytest.mark.parametrize(
    ("lines", "kept"),
    [({}, 0), ({"lines": {"L": [LINE] * 100}}, 50), ({"lines": LINE}, 0), ({"lines": {"L": [LINE]}}, 1)],
)
def test_a_history_grows_and_is_cut_on_either_the_same(client: Any, lines: Json, kept: int) -> None:
    with both(client) as (table, stand_in):
        rows = reserve_in(client, table, lines)
        assert reserve_in(stand_in, table, lines) == rows
        assert rows["history#00", "nobody"]["lines"].count("kind") == kept + 1


def test_a_table_that_lived_on_either_is_the_same(client: Any) -> None:
    with both(client) as (table, stand_in):
        assert lived_through(stand_in, table) == lived_through(client, table)
