"""The DynamoDB table, as reader, writer and claims use it: items by key, and all failures as sentences."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from time import sleep
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import msgspec
from botocore.exceptions import ClientError

from core.aws.failures import Place, code_of
from core.aws.rows import INDEX, KINDS, Item, Key, to_key
from core.errors import Unavailable

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")
_TRIES = 4
_CONDITION_FAILED = {"ConditionalCheckFailed", "ConditionalCheckFailedException"}
# botocore does not try these again: another transaction is at the item, or one item of ours was throttled.
_PASSING = {
    "TransactionConflict",
    "TransactionConflictException",
    "ProvisionedThroughputExceeded",
    "ThrottlingError",
}


class ConditionFailed(Exception):
    """When an item is not as the condition of a write has it."""


class Table:
    """One table. Every method raises Unavailable when it cannot answer."""

    def __init__(self, client: DynamoDBClient, name: str) -> None:
        self.client = client
        self.name = name
        for operation in ("Query", "Scan"):
            event = f"before-parse.dynamodb.{operation}"
            client.meta.events.register(event, _take_as_it_is, unique_id=event)
        self.place = Place(f"The DynamoDB table '{name}' (EXTENSIONS_TABLE)", "ResourceNotFoundException")

    def get(self, key: Key) -> Item:
        """The item with this key, read consistently; empty when there is none."""
        with self.place:
            answer = self.client.get_item(TableName=self.name, Key=to_key(key), ConsistentRead=True)
        return answer.get("Item", {})

    def get_all(self, keys: Iterable[Key]) -> list[Item]:
        """The items that exist of up to 100 keys, read consistently, in no order."""
        items: list[Item] = []
        asked: Any = {self.name: {"Keys": [to_key(key) for key in keys], "ConsistentRead": True}}
        for attempt in range(_TRIES):
            if attempt:
                _pause(attempt)
            with self.place:
                answer = self.client.batch_get_item(RequestItems=asked)
            items += answer["Responses"].get(self.name, [])
            asked = answer.get("UnprocessedKeys")
            if not asked:
                return items
        raise Unavailable(f"{self.place.name} left reads undone {_TRIES} times. Try again in a minute.")

    def query(self, **parameters: Any) -> Iterator[Item]:
        """The items that a Query finds, page by page."""
        return self._pages("query", parameters)

    def indexed(self, kinds: Sequence[str] = KINDS) -> Iterator[Item]:
        """The items of these kinds, from the index: it lags, and misses items without `sk_value`."""
        for kind in kinds:
            yield from self.query(
                IndexName=INDEX,
                KeyConditionExpression="sk = :sk",
                ExpressionAttributeValues={":sk": {"S": kind}},
            )

    def scan(self, **parameters: Any) -> Iterator[Item]:
        """The items that a consistent Scan finds, page by page."""
        return self._pages("scan", {"ConsistentRead": True, **parameters})

    def _pages(self, operation: Literal["query", "scan"], parameters: dict[str, Any]) -> Iterator[Item]:
        with self.place:
            for page in self.client.get_paginator(operation).paginate(TableName=self.name, **parameters):
                yield from page["Items"]

    def put(self, item: Item, **condition: Any) -> None:
        """Write an item. Raises ConditionFailed."""
        self.write(partial(self.client.put_item, TableName=self.name, Item=item, **condition))

    def update(self, key: Key, expression: str, **parameters: Any) -> Item:
        """Change an item, and return the attributes that `ReturnValues` asks for. Raises ConditionFailed."""
        update = partial(self.client.update_item, TableName=self.name, Key=to_key(key))
        return self.write(partial(update, UpdateExpression=expression, **parameters)).get("Attributes", {})

    def delete(self, key: Key) -> None:
        """Remove an item, if it is there."""
        self.write(partial(self.client.delete_item, TableName=self.name, Key=to_key(key)))

    def write(self, call: Callable[[], T]) -> T:
        """Make a write, again while other transactions are at its items. Raises ConditionFailed.

        A failed condition may be this write's own doing, where the answer to an earlier try was lost.
        """
        reasons: set[str] = set()
        for attempt in range(_TRIES):
            if attempt:
                _pause(attempt)
            with self.place:
                try:
                    return call()
                except ClientError as error:
                    reasons = _reasons(error)
                    if reasons & _CONDITION_FAILED:
                        raise ConditionFailed from error
                    if reasons == {code_of(error)} - _PASSING:
                        raise
                    if not reasons & _PASSING:
                        break
        raise Unavailable(f"{self.place.name} could not be written: {', '.join(sorted(reasons))}.")


def _take_as_it_is(response_dict: dict[str, Any], customized_response_dict: dict[str, Any], **_: Any) -> None:
    """Answer with the JSON of a page as DynamoDB sent it, but for binary values, which are text in it.

    botocore walks through every value to find those, for most of the time of a sync of many agents.
    """
    body = response_dict["body"]
    if response_dict["status_code"] != 200 or b'"B"' in body or b'"BS"' in body:
        return
    with suppress(msgspec.DecodeError):
        customized_response_dict.update(msgspec.json.decode(body, type=dict[str, Any]))
        response_dict["body"] = b"{}"


def _reasons(error: ClientError) -> set[str]:
    """The codes of a refused write; of a cancelled transaction those of its items."""
    if code_of(error) != "TransactionCanceledException":
        return {code_of(error)}
    reasons: list[dict[str, str]] = error.response.get("CancellationReasons", [])  # type: ignore[assignment]
    return {reason.get("Code", "None") for reason in reasons} - {"None"}


def _pause(attempt: int) -> None:
    """Wait up to 0.1 s before the second try, and up to twice as long before each that follows."""
    sleep(random.uniform(0.05, 0.1) * 2 ** (attempt - 1))
