"""One DynamoDB table in this process, with the semantics of the real one for what the project asks of it.

    table = TableStandIn()
    client = table.client()      # a real boto3 client; its answers come from here

Atomic under threads. What is not known here raises NotImplementedError out of the call.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from tests.stand_ins.expressions import Invalid, Item, plain_number
from tests.stand_ins.requests import (
    LARGEST_TRANSACTION,
    MOST_KEYS,
    Refusal,
    Update,
    changed,
    check_expressions,
    check_item,
    check_key,
    check_parameters,
    holds_on,
    key_of,
    projected,
    read_part,
    read_update,
)
from tests.stand_ins.rows import INDEX, Rows
from tests.stand_ins.wire import FaultHook, Kind, Process, Reply, Wire, json_reply

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

Json = dict[str, Any]
TABLE = "extensions"
_PAGE_BYTES = 2**20
_TOKEN_SECONDS = 600
_DIGEST = "digest"  # of the whole request, beside its parameters


def table_schema(name: str = TABLE) -> Json:
    """The table's definition, as CreateTable takes it: for a real DynamoDB beside the stand-in."""
    keys = {"pk": "HASH", "sk": "RANGE"}
    index = {"sk": "HASH", "sk_value": "RANGE"}
    return {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": each, "AttributeType": "S"} for each in ("pk", "sk", "sk_value")
        ],
        "KeySchema": [{"AttributeName": each, "KeyType": kind} for each, kind in keys.items()],
        "GlobalSecondaryIndexes": [
            {
                "IndexName": INDEX,
                "KeySchema": [{"AttributeName": each, "KeyType": kind} for each, kind in index.items()],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    }


class TableStandIn:
    """The table. `index_lag` is by how many writes its index is behind; None: until `settle()`.

    `latency` is in seconds and is spent in `sleep`; `page_bytes` is where a page of a reading ends.
    `clock` is in seconds, and tells when a transaction's token is forgotten.
    """

    name = "dynamodb"  # the service, to the wire
    errors: Mapping[Kind, tuple[int, str]] = {
        "throttled": (400, "ThrottlingException"),
        "failing": (500, "InternalServerError"),
        "denied": (400, "AccessDeniedException"),
        "conflict": (400, "TransactionConflictException"),
    }

    def __init__(
        self,
        table: str = TABLE,
        *,
        fault: FaultHook | None = None,
        latency: float = 0,
        sleep: Callable[[float], None] = lambda _: None,
        page_bytes: int = _PAGE_BYTES,
        index_lag: int | None = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.wire = Wire(self, fault, latency, sleep)
        self.page_bytes = page_bytes
        self.batch = (
            MOST_KEYS  # how many keys of a BatchGetItem are answered; the others are left unprocessed
        )
        self.table = table
        self._rows = Rows(index_lag)
        self._clock = clock
        self._tokens: dict[str, tuple[float, str]] = {}
        self._lock = threading.RLock()

    def client(self, process: Process | None = None) -> DynamoDBClient:
        """A client of this table."""
        client: DynamoDBClient = self.wire.client(process)
        return client

    # Past the wire, for tests

    @property
    def items(self) -> list[Item]:
        """Every item, in DynamoDB's own form, by key."""
        with self._lock:
            return [dict(item) for _, item in sorted(self._rows.items())]

    def seed(self, items: Iterable[Item]) -> None:
        """Put items in, whatever they say, as long as DynamoDB would take them."""
        with self._lock:
            for item in items:
                check_item(item)
                self._rows.write(key_of(item), item)

    def remove(self, pk: str, sk: str) -> None:
        """Take an item out."""
        with self._lock:
            self._rows.write((pk, sk), None)

    def lag(self, writes: int | None) -> None:
        """Let the index be so many writes behind; None: until `settle()`."""
        with self._lock:
            self._rows.lag(writes)

    def settle(self) -> None:
        """Let the index catch up, and lag no more."""
        self.lag(0)

    def forget_tokens(self) -> None:
        """Forget the tokens of transactions, as DynamoDB does after ten minutes."""
        with self._lock:
            self._tokens.clear()

    # What the wire asks

    def refuse(self, operation: str, status: int, code: str, reasons: tuple[str, ...]) -> Reply:
        """An error as DynamoDB words it."""
        if code == "TransactionConflictException" and operation == "TransactWriteItems":
            code, reasons = "TransactionCanceledException", reasons or ("TransactionConflict",)
        said: Json = {
            "__type": f"com.amazonaws.dynamodb.v20120810#{code}",
            "message": "The stand-in says so.",
        }
        if reasons:
            said["CancellationReasons"] = [{"Code": reason} for reason in reasons]
        return json_reply(status, said)

    def respond(self, operation: str, request: Any) -> Reply:
        """Answer one request."""
        try:
            asked = json.loads(request.body, object_hook=_kept)
            check_parameters(operation, asked)
            asked[_DIGEST] = hashlib.blake2b(request.body).hexdigest()
            with self._lock:
                return json_reply(200, _OPERATIONS[operation](self, asked))
        except Refusal as refusal:
            return json_reply(400, refusal.said)
        except Invalid as error:
            return json_reply(400, Refusal("ValidationException", str(error)).said)

    def _here(self, asked: Json) -> None:
        if asked["TableName"] != self.table:
            raise Refusal("ResourceNotFoundException", "Requested resource not found")

    # Single items

    def _get_item(self, asked: Json) -> Json:
        self._here(asked)
        check_expressions(asked)
        item = self._rows.get(check_key(asked["Key"]))
        return {} if item is None else {"Item": projected(item, asked)}

    def _batch_get_item(self, asked: Json) -> Json:
        ((table, wanted),) = asked["RequestItems"].items()
        self._here({"TableName": table})
        check_expressions(wanted)
        keys = [check_key(key) for key in wanted["Keys"]]
        if len(keys) > MOST_KEYS or len(set(keys)) < len(keys):
            raise Invalid("Too many items requested, or provided list of item keys contains duplicates")
        found = [item for key in keys[: self.batch] if (item := self._rows.get(key)) is not None]
        left = wanted["Keys"][self.batch :]
        unprocessed = {table: {**wanted, "Keys": left}} if left else {}
        answered = {table: [projected(item, wanted) for item in found]}
        return {"Responses": answered, "UnprocessedKeys": unprocessed}

    def _put_item(self, asked: Json) -> Json:
        return self._write(read_update("Put", asked))

    def _update_item(self, asked: Json) -> Json:
        return self._write(read_update("Update", asked))

    def _delete_item(self, asked: Json) -> Json:
        return self._write(read_update("Delete", asked))

    def _write(self, update: Update) -> Json:
        self._here(update.asked)
        old = self._rows.get(update.key)
        if not holds_on(update.asked, old):
            raise Refusal("ConditionalCheckFailedException", "The conditional request failed")
        new = changed(update, old)
        self._rows.write(update.key, new)
        returned = {"ALL_NEW": new, "ALL_OLD": old}.get(update.asked.get("ReturnValues", "NONE"))
        return {"Attributes": returned} if returned else {}

    # Transactions

    def _transact_write_items(self, asked: Json) -> Json:
        updates = [read_part(part) for part in asked["TransactItems"]]
        self._check_transaction(updates)
        if self._known(asked):
            return {}
        olds = [self._rows.get(update.key) for update in updates]
        failed = [not holds_on(update.asked, old) for update, old in zip(updates, olds, strict=True)]
        if any(failed):
            raise _cancelled(failed)
        news = [changed(update, old) for update, old in zip(updates, olds, strict=True)]
        for update, new in zip(updates, news, strict=True):
            if update.kind != "ConditionCheck":
                self._rows.write(update.key, new)
        self._remember(asked)
        return {}

    def _check_transaction(self, updates: list[Update]) -> None:
        if not 1 <= len(updates) <= LARGEST_TRANSACTION:
            raise Invalid(
                "1 validation error detected: Value at 'transactItems' failed to satisfy constraint: "
                f"Member must have length less than or equal to {LARGEST_TRANSACTION}"
            )
        for update in updates:
            self._here(update.asked)
        if len({update.key for update in updates}) < len(updates):
            raise Invalid("Transaction request cannot include multiple operations on one item")

    def _known(self, asked: Json) -> bool:
        """Whether a transaction with this token has been written already."""
        at, earlier = self._tokens.get(asked.get("ClientRequestToken", ""), (0.0, ""))
        if not earlier or self._clock() - at > _TOKEN_SECONDS:
            return False
        if earlier != asked[_DIGEST]:
            raise Refusal("IdempotentParameterMismatchException", "The token was used for something else.")
        return True

    def _remember(self, asked: Json) -> None:
        if token := asked.get("ClientRequestToken"):
            self._tokens[token] = (self._clock(), asked[_DIGEST])

    # Readings

    def _query(self, asked: Json) -> Json:
        self._here(asked)
        check_expressions(asked)
        return self._page(asked, self._rows.query(asked))

    def _scan(self, asked: Json) -> Json:
        self._here(asked)
        check_expressions(asked)
        return self._page(asked, self._rows.scan(asked))

    def _page(self, asked: Json, found: Iterable[tuple[Json, Item, int]]) -> Json:
        """Items until a page is full, before the filter: position, item and size of each are given."""
        items: list[Item] = []
        size = seen = 0
        limit = asked.get("Limit", 0)
        full: Json | None = None
        for position, item, weight in found:
            if full is not None:
                return {"Items": items, "Count": len(items), "ScannedCount": seen, "LastEvaluatedKey": full}
            size, seen = size + weight, seen + 1
            if holds_on(asked, item, "FilterExpression"):
                items.append(projected(item, asked))
            if size >= self.page_bytes or seen == limit:
                full = position
        # DynamoDB does not look ahead: a limit that is reached exactly still gives a key.
        last = {"LastEvaluatedKey": full} if full is not None and limit else {}
        return {"Items": items, "Count": len(items), "ScannedCount": seen, **last}


_OPERATIONS: Mapping[str, Callable[[TableStandIn, Json], Json]] = {
    "GetItem": TableStandIn._get_item,
    "BatchGetItem": TableStandIn._batch_get_item,
    "PutItem": TableStandIn._put_item,
    "UpdateItem": TableStandIn._update_item,
    "DeleteItem": TableStandIn._delete_item,
    "TransactWriteItems": TableStandIn._transact_write_items,
    "Query": TableStandIn._query,
    "Scan": TableStandIn._scan,
}


def _kept(found: Json) -> Json:
    """A part of a request; a number in it in the form that DynamoDB keeps."""
    number = found.get("N") if len(found) == 1 else None
    return {"N": plain_number(number)} if isinstance(number, str) else found


def _cancelled(failed: list[bool]) -> Refusal:
    codes = ["ConditionalCheckFailed" if each else "None" for each in failed]
    reasons: list[Json] = [{"Code": code} for code in codes]
    for reason in reasons:
        if reason["Code"] != "None":
            reason["Message"] = "The conditional request failed"
    words = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    return Refusal(
        "TransactionCanceledException", f"{words} [{', '.join(codes)}]", CancellationReasons=reasons
    )


def in_process(table: str = TABLE) -> DynamoDBClient:
    """A client of a new, empty stand-in: what a test of conformance holds against a real DynamoDB."""
    return TableStandIn(table).client()
