"""Made-up requests to the table, with the project's expressions: few keys and values, so that they meet."""

from __future__ import annotations

import hashlib
from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]
Call = tuple[str, Json]

PKS, SKS = ("0001", "0002", "user#a", "sync"), ("agentID", "nu", "extension", "lease")
TIMES = ("2026-11-22T09:00:00Z", "2026-11-22T10:00:00Z")
LEASE = {"pk": {"S": "sync"}, "sk": {"S": "lease"}}
LEASE_CHANGES = (
    "REMOVE lease_until",
    "SET fingerprint = :new",
    "SET fingerprint = :new REMOVE lease_until, holder",
)
IDENTITY = ("sk_value", "agent_id", "held_until")


def key(pk: str, sk: str) -> Json:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def condition(word: str, parts: list[tuple[str, str]]) -> Json:
    """A condition of the writer's forms: each attribute is missing (""), or is what was read."""
    if not parts:
        return {}
    tests = [f"{name} = :{name}" if value else f"attribute_not_exists({name})" for name, value in parts]
    values = {f":{name}": {"S": value} for name, value in parts if value}
    placed = {"ExpressionAttributeValues": values} if values else {}
    return {"ConditionExpression": f" {word} ".join(tests), **placed}


def lease_taken(run: str, now: str, until: str) -> Json:
    """The update that takes the lease."""
    texts = {":now": now, ":run": run, ":until": until, ":far": until, ":text": "S"}
    return {
        "Key": LEASE,
        "ConditionExpression": "attribute_not_exists(lease_until) OR lease_until < :now OR sk_value = :run "
        "OR lease_until > :far OR NOT attribute_type(lease_until, :text)",
        "UpdateExpression": "SET #token = if_not_exists(#token, :none) + :one, sk_value = :run, "
        "lease_until = :until",
        "ExpressionAttributeNames": {"#token": "token"},
        "ExpressionAttributeValues": {
            **{name: {"S": text} for name, text in texts.items()},
            ":none": {"N": "0"},
            ":one": {"N": "1"},
        },
    }


def lease_used(token: int, change: str, fingerprint: str) -> Json:
    """An update by who holds the lease, or believes to."""
    values: Json = {":token": {"N": str(token)}}
    if ":new" in change:
        values[":new"] = {"S": fingerprint}
    return {
        "Key": LEASE,
        "ConditionExpression": "#token = :token",
        "UpdateExpression": change,
        "ExpressionAttributeNames": {"#token": "token"},
        "ExpressionAttributeValues": values,
    }


def transaction(items: list[Json], again: bool) -> Json:
    """A transaction; with a token that names its content where it may be sent `again`."""
    return {"TransactItems": items, **({"ClientRequestToken": repr(items)} if again else {})}


def key_in(part: Json) -> tuple[str, str]:
    """The key that one write of a transaction is about."""
    ((_, write),) = part.items()
    at = write.get("Key") or write["Item"]
    return at["pk"]["S"], at["sk"]["S"]


def reading(placed: Json, limit: int) -> Json:
    return {**placed, **({"Limit": limit} if limit else {})}


def of_kind(kind: str) -> Json:
    values = {":sk": {"S": kind}}
    return {
        "IndexName": "skIndex",
        "KeyConditionExpression": "sk = :sk",
        "ExpressionAttributeValues": values,
    }


def of_pk(pk: str) -> Json:
    return {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": pk}}}


texts = st.sampled_from(("a", "b", "0001", "é", "z" * 40))
keys = st.builds(key, st.sampled_from(PKS), st.sampled_from(SKS))
attributes = st.fixed_dictionaries(
    {}, optional={name: texts.map(lambda text: {"S": text}) for name in IDENTITY}
)
conditions = st.builds(
    condition,
    st.sampled_from(("AND", "OR")),
    st.lists(
        st.tuples(st.sampled_from(("pk", *IDENTITY)), st.just("") | texts),
        max_size=3,
        unique_by=lambda part: part[0],
    ),
)
puts = st.builds(lambda key, more, test: {"Item": key | more, **test}, keys, attributes, conditions)
deletes = st.builds(lambda key, test: {"Key": key, **test}, keys, conditions)
times = st.sampled_from(TIMES)
updates = st.builds(lease_taken, st.sampled_from(("run-1", "run-2")), times, times) | st.builds(
    lease_used, st.integers(0, 3), st.sampled_from(LEASE_CHANGES), texts
)
parts = (
    puts.map(lambda put: {"Put": put})
    | deletes.map(lambda delete: {"Delete": delete})
    | updates.map(lambda update: {"Update": update})
)
transactions = st.builds(
    transaction, st.lists(parts, min_size=1, max_size=4, unique_by=key_in), st.booleans()
)
limits = st.integers(0, 3)
queries = st.builds(reading, st.sampled_from(SKS).map(of_kind) | st.sampled_from(PKS).map(of_pk), limits)
# "again" sends the newest transaction once more.
calls: st.SearchStrategy[Call] = st.one_of(
    st.tuples(st.just("put_item"), puts),
    st.tuples(st.just("delete_item"), deletes),
    st.tuples(st.just("update_item"), updates.map(lambda each: {**each, "ReturnValues": "ALL_NEW"})),
    st.tuples(st.just("transact_write_items"), transactions),
    st.tuples(st.just("again"), st.just({})),
    st.tuples(st.just("get_item"), keys.map(lambda each: {"Key": each, "ConsistentRead": True})),
    st.tuples(
        st.just("batch_get_item"), st.lists(keys, min_size=1, max_size=4).map(lambda each: {"Keys": each})
    ),
    st.tuples(st.just("query"), queries),
    st.tuples(st.just("scan"), st.builds(reading, st.just({"ConsistentRead": True}), limits)),
)


def named(call: str, parameters: Json, table: str) -> Json:
    """The parameters with the table's name where the operation wants it."""
    if call == "batch_get_item":
        return {"RequestItems": {table: parameters}}
    if call == "transact_write_items":
        return _named_in_parts(parameters, table)
    return {**parameters, "TableName": table}


def _named_in_parts(parameters: Json, table: str) -> Json:
    """A transaction on the table, and its token too: tokens belong to an account."""
    items = [
        {kind: {**write, "TableName": table} for kind, write in part.items()}
        for part in parameters["TransactItems"]
    ]
    token = parameters.get("ClientRequestToken")
    if not token:
        return {"TransactItems": items}
    name = hashlib.sha256(f"{table} {token}".encode()).hexdigest()[:36]
    return {"TransactItems": items, "ClientRequestToken": name}
