"""Rows that runs leave for people to read: who is withheld, and the last failure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from core.aws.reports import dump_history, load_history
from core.aws.rows import FAILURE, from_item, message_key, text_of, to_item, to_key, withheld_key
from core.aws.table import Table
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
        """Keep who is withheld under an approval, in rows of 200; rows that are there only expire later.

        All are renewed, since TTL deletes them one by one.
        """
        expires = int((self._clock() + timedelta(days=KEPT_DAYS)).timestamp())
        for start in range(0, len(withheld), LINES):
            lines = dump_history(withheld[start : start + LINES])
            self._table.update(
                withheld_key(approval, start // LINES),
                "SET #lines = if_not_exists(#lines, :lines), #total = if_not_exists(#total, :total), "
                "#ttl = :ttl",
                ExpressionAttributeNames={"#lines": "lines", "#total": "total", "#ttl": "ttl"},
                ExpressionAttributeValues={
                    **to_item({":lines": lines, ":total": str(len(withheld))}),
                    ":ttl": {"N": str(expires)},
                },
            )

    def withheld(self, approval: str, first: int, count: int) -> WithheldPart:
        """Those from the one with the number `first` (from 0) on; none unless every row is there."""
        lines = self.all_withheld(approval)
        return WithheldPart(tuple(lines[first : first + count]), len(lines))

    def all_withheld(self, approval: str) -> list[HistoryEntry]:
        """All who are withheld under an approval, by extension; none unless every row is there."""
        items = [
            *self._table.query(
                KeyConditionExpression="pk = :pk",
                ExpressionAttributeValues={":pk": {"S": withheld_key(approval, 0)[0]}},
                ConsistentRead=True,
            )
        ]
        lines = [line for item in items for line in load_history(text_of(item, "lines") or "[]")]
        # A missing row would shift the numbers by which people are chosen.
        return lines if {text_of(item, "total") for item in items} == {str(len(lines))} else []

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
