"""What DynamoDB makes of one request: which parameters it takes, what it refuses, what an update does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tests.stand_ins.expressions import (
    Invalid,
    Item,
    Scope,
    actions_of,
    condition_of,
    name_of,
    tokens_of,
)
from tests.stand_ins.rows import Key, size_of

Json = dict[str, Any]
LARGEST_TRANSACTION, MOST_KEYS, LARGEST_ITEM = 100, 100, 400 * 1024
_EXPRESSIONS = (
    "ConditionExpression",
    "UpdateExpression",
    "KeyConditionExpression",
    "FilterExpression",
    "ProjectionExpression",
)
_PLACED = {*_EXPRESSIONS, "ExpressionAttributeNames", "ExpressionAttributeValues"}
_CONDITION = {"ConditionExpression", "ExpressionAttributeNames", "ExpressionAttributeValues"}
_READING = {"TableName", "ConsistentRead", "ExclusiveStartKey", "Limit", "IndexName"}
_READING |= _PLACED - {"ConditionExpression", "UpdateExpression"}
_WRITING = {"TableName", "ReturnValues"} | _CONDITION
# The parameters that the stand-in understands; any other is a reason to be loud.
_KNOWN: Mapping[str, set[str]] = {
    "GetItem": {"TableName", "Key", "ConsistentRead", "ProjectionExpression", "ExpressionAttributeNames"},
    "BatchGetItem": {"RequestItems"},
    "PutItem": _WRITING | {"Item"},
    "UpdateItem": _WRITING | {"Key", "UpdateExpression"},
    "DeleteItem": _WRITING | {"Key"},
    "TransactWriteItems": {"TransactItems", "ClientRequestToken"},
    "Query": _READING | {"ScanIndexForward"},
    "Scan": (_READING | {"Segment", "TotalSegments"}) - {"KeyConditionExpression", "IndexName"},
}
_KNOWN_IN_TRANSACTIONS: Mapping[str, set[str]] = {
    "Put": {"TableName", "Item"} | _CONDITION,
    "Update": {"TableName", "Key", "UpdateExpression"} | _CONDITION,
    "Delete": {"TableName", "Key"} | _CONDITION,
    "ConditionCheck": {"TableName", "Key"} | _CONDITION,
}
_RETURNED = {"NONE", "ALL_OLD", "ALL_NEW"}


class Refusal(Exception):
    """When a request is answered with an error of DynamoDB."""

    def __init__(self, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.said: Json = {
            "__type": f"com.amazonaws.dynamodb.v20120810#{code}",
            "message": message,
            "Message": message,
            **more,
        }


def check_parameters(operation: str, asked: Json) -> None:
    """Raises NotImplementedError for what the stand-in does not know."""
    unknown = asked.keys() - _KNOWN.get(operation, set())
    if operation not in _KNOWN or unknown or asked.get("ReturnValues", "NONE") not in _RETURNED:
        raise NotImplementedError(f"The stand-in does not know {operation} with {sorted(unknown)}.")


class Update(NamedTuple):
    """One write: Put, Update, Delete or ConditionCheck."""

    kind: str
    key: Key
    asked: Json


def read_update(kind: str, asked: Json) -> Update:
    """The write that a request describes. Raises Invalid."""
    check_expressions(asked)
    return Update(kind, key_of(asked["Item"]) if kind == "Put" else check_key(asked["Key"]), asked)


def read_part(part: Json) -> Update:
    """One write of a transaction. Raises Invalid."""
    ((kind, asked),) = part.items()
    if unknown := asked.keys() - _KNOWN_IN_TRANSACTIONS[kind]:
        raise NotImplementedError(f"The stand-in does not know {kind} with {sorted(unknown)}.")
    return read_update(kind, asked)


def key_of(item: Item) -> Key:
    """The key of a whole item. Raises Invalid where it has none."""
    missing = [name for name in ("pk", "sk") if name not in item]
    if missing:
        raise Invalid(f"One or more parameter values were invalid: Missing the key {missing[0]} in the item")
    return check_key({name: item[name] for name in ("pk", "sk")})


def check_key(key: Json) -> Key:
    """The key, if it is one of this table. Raises Invalid."""
    if key.keys() != {"pk", "sk"} or any("S" not in attribute for attribute in key.values()):
        raise Invalid("The provided key element does not match the schema")
    for name in ("pk", "sk"):
        if not key[name]["S"]:
            raise Invalid(
                "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
                f"contain an empty string value. Key: {name}"
            )
    return key["pk"]["S"], key["sk"]["S"]


def check_item(item: Item) -> None:
    """Raises Invalid for an item that the table does not take."""
    key_of(item)
    index_key = item.get("sk_value", {"S": "-"})
    if "S" not in index_key:
        raise Invalid("One or more parameter values were invalid: Type mismatch for Index Key sk_value")
    if not index_key["S"]:
        raise Invalid(
            "One or more parameter values are not valid. A value specified for a secondary index key is not "
            "supported. The AttributeValue for a key attribute cannot contain an empty string value. "
            "IndexName: skIndex, IndexKey: sk_value"
        )
    if size_of(item) > LARGEST_ITEM:
        raise Invalid("Item size has exceeded the maximum allowed size")


def check_expressions(asked: Json) -> None:
    """Raises Invalid for placeholders that are not defined, or not used."""
    expressions = [asked[name] for name in _EXPRESSIONS if name in asked]
    used = {token for text in expressions for token in tokens_of(text) if token[0] in "#:"}
    for name, mark in (("ExpressionAttributeNames", "#"), ("ExpressionAttributeValues", ":")):
        given = asked.get(name)
        if given is not None and not expressions:
            raise Invalid(f"{name} can only be specified when using expressions")
        if given is not None and not given:
            raise Invalid(f"{name} must not be empty")
        needed = {token for token in used if token[0] == mark}
        if unused := (given or {}).keys() - needed:
            raise Invalid(f"Value provided in {name} unused in expressions: keys: {sorted(unused)}")
        if undefined := needed - (given or {}).keys():
            raise Invalid(f"An expression placeholder is not defined: {sorted(undefined)}")


def holds_on(asked: Json, item: Item | None, name: str = "ConditionExpression") -> bool:
    """Whether the condition of a request holds on an item, or on there being none."""
    expression = asked.get(name)
    return expression is None or condition_of(expression)(_scope(asked, item or {}))


def _scope(asked: Json, item: Item) -> Scope:
    return Scope(item, asked.get("ExpressionAttributeNames", {}), asked.get("ExpressionAttributeValues", {}))


def changed(update: Update, old: Item | None) -> Item | None:
    """The item once the write is done. Raises Invalid."""
    kind, _, asked = update
    if kind in ("Delete", "ConditionCheck"):
        return None
    new = dict(asked["Item"]) if kind == "Put" else _updated(asked, old or dict(asked["Key"]))
    check_item(new)
    return new


def _updated(asked: Json, old: Item) -> Item:
    scope = _scope(asked, old)
    new = dict(old)
    touched = set()
    for token, operand in actions_of(asked.get("UpdateExpression", "")):
        name = name_of(token, scope.names)
        if name in ("pk", "sk"):
            raise Invalid(f"Cannot update attribute {name}. This attribute is part of the key")
        if name in touched:
            raise Invalid("Invalid UpdateExpression: Two document paths overlap with each other")
        touched.add(name)
        value = operand(scope) if operand else None
        if value is None:
            new.pop(name, None)
        else:
            new[name] = value
    return new


def projected(item: Item, asked: Json) -> Item:
    """What a reading returns of an item."""
    if "ProjectionExpression" not in asked:
        return item
    names = asked.get("ExpressionAttributeNames", {})
    wanted = {name_of(token, names) for token in tokens_of(asked["ProjectionExpression"]) if token != ","}
    return {name: attribute for name, attribute in item.items() if name in wanted}
