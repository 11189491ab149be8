"""The stand-in in `tests/stand_ins/dynamodb.py` answers as AWS's own engine does: rows, pages, refusals.

Everything else in the suite believes the stand-in, so here it is asked the same things, one after the
other, beside DynamoDB Local: made-up sequences over the project's expressions, and whole runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.dynamodb_local.tables import create_table
from tests.stand_ins.dynamodb import in_process

pytestmark = pytest.mark.dynamodb_local

Call = tuple[str, dict[str, Any]]
_numbers = count()

# Requests, made up of a few of everything, so that they meet

PKS, SKS = ("0001", "0002", "user#a", "sync"), ("agentID", "nu", "extension", "lease")
TIMES = ("2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z")
texts = st.sampled_from(("a", "b", "0001", "é", "z" * 40))
keys = st.builds(
    lambda pk, sk: {"pk": {"S": pk}, "sk": {"S": sk}}, st.sampled_from(PKS), st.sampled_from(SKS)
)
attributes = st.fixed_dictionaries(
    {},
    optional={name: texts.map(lambda text: {"S": text}) for name in ("sk_value", "agent_id", "held_until")},
)
numbers = st.integers(0, 3).map(lambda number: {"N": str(number)})
LEASE = {"pk": {"S": "sync"}, "sk": {"S": "lease"}}


def condition(parts: list[tuple[str, str, Any]]) -> dict[str, Any]:
    """A condition of the forms that the ledger writes: an attribute is missing, or is what was read."""
    if not parts:
        return {}
    tests = [
        f"attribute_not_exists({name})" if value is None else f"{name} = :{name}" for name, _, value in parts
    ]
    values = {f":{name}": value for name, _, value in parts if value is not None}
    return {
        "ConditionExpression": f" {parts[0][1]} ".join(tests),
        **({"ExpressionAttributeValues": values} if values else {}),
    }


conditions = st.lists(
    st.tuples(
        st.sampled_from(("pk", "sk_value", "agent_id", "held_until")),
        st.sampled_from(("AND", "OR")),
        st.none() | texts.map(lambda text: {"S": text}),
    ),
    max_size=3,
    unique_by=lambda part: part[0],
).map(condition)

puts = st.builds(lambda key, more, test: {"Item": key | more, **test}, keys, attributes, conditions)
deletes = st.builds(lambda key, test: {"Key": key, **test}, keys, conditions)


def taking(run: str, now: str, until: str) -> dict[str, Any]:
    values = {":now": now, ":run": run, ":until": until}
    return {
        "Key": LEASE,
        "ConditionExpression": "attribute_not_exists(lease_until) OR lease_until < :now OR sk_value = :run",
        "UpdateExpression": "SET #token = if_not_exists(#token, :none) + :one, sk_value = :run, "
        "lease_until = :until",
        "ExpressionAttributeNames": {"#token": "token"},
        "ExpressionAttributeValues": {name: {"S": text} for name, text in values.items()}
        | {":none": {"N": "0"}, ":one": {"N": "1"}},
    }


def holding(token: dict[str, str], change: str, fingerprint: str) -> dict[str, Any]:
    values: dict[str, Any] = {":token": token}
    if ":new" in change:
        values[":new"] = {"S": fingerprint}
    return {
        "Key": LEASE,
        "ConditionExpression": "#token = :token",
        "UpdateExpression": change,
        "ExpressionAttributeNames": {"#token": "token"},
        "ExpressionAttributeValues": values,
    }


takings = st.builds(taking, st.sampled_from(("run-1", "run-2")), *[st.sampled_from(TIMES)] * 2)
CHANGES = (
    "REMOVE lease_until",
    "SET fingerprint = :new",
    "SET fingerprint = :new REMOVE lease_until, holder",
)
holdings = st.builds(holding, numbers, st.sampled_from(CHANGES), texts)
updates = takings | holdings

parts = (
    puts.map(lambda put: {"Put": put})
    | deletes.map(lambda delete: {"Delete": delete})
    | updates.map(lambda update: {"Update": update})
)
transactions = st.builds(
    lambda items, token: {"TransactItems": items, **({"ClientRequestToken": token} if token else {})},
    st.lists(parts, min_size=1, max_size=4),
    st.sampled_from(("", "token-1", "token-2")),
)
by_kind = st.builds(
    lambda kind, limit: {
        "IndexName": "skIndex",
        "KeyConditionExpression": "sk = :sk",
        "ExpressionAttributeValues": {":sk": {"S": kind}},
        **({"Limit": limit} if limit else {}),
    },
    st.sampled_from(SKS),
    st.integers(0, 3),
)
by_pk = st.builds(
    lambda pk: {
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": pk}},
        "ConsistentRead": True,
    },
    st.sampled_from(PKS),
)
calls: st.SearchStrategy[Call] = st.one_of(
    st.tuples(st.just("put_item"), puts),
    st.tuples(st.just("delete_item"), deletes),
    st.tuples(st.just("update_item"), updates.map(lambda update: {**update, "ReturnValues": "ALL_NEW"})),
    st.tuples(st.just("transact_write_items"), transactions),
    st.tuples(st.just("transact_write_items"), transactions),
    st.tuples(st.just("get_item"), keys.map(lambda key: {"Key": key, "ConsistentRead": True})),
    st.tuples(
        st.just("batch_get_item"), st.lists(keys, min_size=1, max_size=4).map(lambda each: {"Keys": each})
    ),
    st.tuples(st.just("query"), by_kind | by_pk),
    st.tuples(st.just("scan"), st.sampled_from(({"ConsistentRead": True}, {"Limit": 1}))),
)


def named(call: str, parameters: dict[str, Any], table: str) -> dict[str, Any]:
    """The parameters with the table's name where the operation wants it."""
    if call == "batch_get_item":
        return {"RequestItems": {table: parameters}}
    if call == "transact_write_items":
        items = [
            {kind: {**each, "TableName": table} for kind, each in part.items()}
            for part in parameters["TransactItems"]
        ]
        return {**parameters, "TransactItems": items}
    return {**parameters, "TableName": table}


# What is compared


def heard(client: Any, table: str, call: str, parameters: dict[str, Any]) -> Any:
    """The answer without what only one of the two may know: an order of scans, words, measures."""
    try:
        if call in ("query", "scan"):
            return _readings(client, call, named(call, parameters, table))
        answer = getattr(client, call)(**named(call, parameters, table))
    except ClientError as error:
        return refusal(error)
    return without_measures(answer)


def _readings(client: Any, call: str, parameters: dict[str, Any]) -> list[Any]:
    pages = [without_measures(page) for page in client.get_paginator(call).paginate(**parameters)]
    items = [item for page in pages for item in page["Items"]]
    # Of rows with equal index keys, either may come first; scans have an order of their own.
    items.sort(key=lambda item: sorted_key(item, call))
    return [items, sum(page["ScannedCount"] for page in pages)]


def sorted_key(item: dict[str, Any], call: str) -> tuple[str, ...]:
    return tuple(item.get(name, {}).get("S", "") for name in ("pk", "sk"))


def refusal(error: ClientError) -> tuple[str, ...]:
    """Its code, and those of the items of a transaction."""
    reasons: Any = error.response.get("CancellationReasons", [])
    return (error.response["Error"]["Code"], *(reason["Code"] for reason in reasons))


def without_measures(answer: dict[str, Any]) -> dict[str, Any]:
    kept = {
        name: value for name, value in answer.items() if name not in ("ResponseMetadata", "ConsumedCapacity")
    }
    for table, items in kept.get("Responses", {}).items():
        kept["Responses"] = {table: sorted(items, key=lambda item: sorted_key(item, ""))}
    return kept


@contextmanager
def both(client: Any) -> Iterator[tuple[str, Any]]:
    """A new table on DynamoDB Local, and a client of a stand-in for one of the same name."""
    table = f"conformance-{next(_numbers)}"
    create_table(client, table)
    yield table, in_process(table)
    client.delete_table(TableName=table)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[*HealthCheck])
@given(st.lists(calls, min_size=5, max_size=40))
def test_a_sequence_of_requests_is_answered_the_same(client: Any, sequence: list[Call]) -> None:
    with both(client) as (table, stand_in):
        for call, parameters in sequence:
            said = heard(stand_in, table, call, parameters)
            assert said == heard(client, table, call, parameters), (call, parameters)
