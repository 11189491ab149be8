"""Rows that runs leave for people to read: who is withheld, and the last failure."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

from core.aws.reports import dump_history, load_history
from core.aws.rows import FAILURE, Item, from_item, message_key, text_of, to_item, to_key, withheld_key
from core.aws.table import ConditionFailed, Table
from core.models import Failure, HistoryEntry, WithheldPart
from core.ports import Clock

# Of the longest names so many lines still fit a row, which holds 400 KB.
LINES = 200
KEPT_DAYS = 30


class DynamoRunRecords:
    """The `RunRecords` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def keep_withheld(self, approval: str, withheld: Sequence[HistoryEntry]) -> None:
        """Keep who is withheld under an approval, in rows of 200 that expire; rows that are there stay."""
        expires = int((self._clock() + timedelta(days=KEPT_DAYS)).timestamp())
        for start in range(0, len(withheld), LINES):
            number, lines = start // LINES, withheld[start : start + LINES]
            row = {"lines": dump_history(lines), "total": str(len(withheld))}
            item = to_key(withheld_key(approval, number)) | to_item(row) | {"ttl": {"N": str(expires)}}
            with suppress(ConditionFailed):
                self._table.put(item, ConditionExpression="attribute_not_exists(pk)")

    def withheld(self, approval: str, first: int, count: int) -> WithheldPart:
        """Those from the one with the number `first` (from 0) on, in one read; none if they are gone."""
        item = self._table.get(withheld_key(approval, first // LINES))
        start = first % LINES
        return WithheldPart(tuple(_lines(item)[start : start + count]), int(text_of(item, "total") or 0))

    def all_withheld(self, approval: str) -> list[HistoryEntry]:
        """All who are withheld under an approval, by extension."""
        items = self._table.query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": withheld_key(approval, 0)[0]}},
            ConsistentRead=True,
        )
        return [line for item in items for line in _lines(item)]

    def keep_message(self, name: str, text: str) -> None:
        """Keep a message whose button opened a window, for a day."""
        expires = int((self._clock() + timedelta(days=1)).timestamp())
        self._table.put(to_key(message_key(name)) | to_item({"text": text}) | {"ttl": {"N": str(expires)}})

    def message(self, name: str) -> str:
        """The message that was kept under a name; "" where there is none."""
        return text_of(self._table.get(message_key(name)), "text")

    def keep_failure(self, failure: Failure) -> None:
        """Keep that a run failed, in place of any before it."""
        row = {"at": failure.at, "holder": failure.by, "run": failure.run_id, "reason": failure.reason}
        self._table.put(to_key(FAILURE) | to_item(row))

    def last_failure(self) -> Failure | None:
        """The newest failure; None before the first."""
        row = from_item(self._table.get(FAILURE))
        if not row:
            return None
        return Failure(*(row.get(name, "") for name in ("at", "holder", "run", "reason")))


def _lines(item: Item) -> list[HistoryEntry]:
    return load_history(text_of(item, "lines") or "[]")
