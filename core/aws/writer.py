"""The table as a run changes it: the lease, transactions, and the report.

Every change is a DynamoDB transaction of at most 100 items: the lease row, one row of history, and
the rows that the change touches. The lease row is updated under the condition that the token is ours
and the fingerprint is the one we left, so that transactions of one run follow each other without a
gap, and a run that lost its lease can't write another thing. The fingerprint (see `core.aws.rows`)
also tells whether a reading of the index, which lags, is the table as it stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from core.aws.reports import dump_history, dump_report
from core.aws.rows import (
    IDENTITY,
    KINDS,
    LEASE,
    OWNER,
    REPORT,
    Item,
    Key,
    Row,
    fingerprint,
    from_item,
    history_day,
    is_ours,
    key_of,
    owner_key,
    rows_of,
    table_of,
    text_of,
    to_item,
    to_key,
    version_of,
)
from core.aws.table import ConditionFailed, Table
from core.errors import LeaseLost, LeaseTaken, TableChanged
from core.models import Change, ChangeKind, ExtensionRange, HistoryEntry, Report, Snapshot, iso
from core.ports import Clock, Lease

# A transaction holds 100 items; two are the lease and the history.
MOST_EDITS = 98
HISTORY_DAYS = 400
# Not history: nobody's number or label is another by it.
_UNLOGGED = {ChangeKind.FILLED, ChangeKind.REFRESHED}
_TOKEN = {"#token": "token"}

# Rows by key, as read and as wanted; None where there is none.
Edits = dict[Key, tuple[Row | None, Row | None]]


class DynamoTableWriter:
    """The table, for the run that changes it. One instance serves one run."""

    def __init__(self, table: Table, extensions: ExtensionRange, clock: Clock, lease_seconds: int) -> None:
        self._table = table
        self._range = extensions
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._rows: dict[Key, Row] = {}
        self._actual = 0  # the fingerprint of the rows
        self._recorded: str | None = None  # what the lease row says it is
        self._index_lags = False
        self._transactions = 0

    # The lease

    def acquire(self, run_id: str, by: str) -> Lease:
        """Take the lease: a new token, and a term. Raises LeaseTaken with its holder and since when."""
        now = iso(self._clock())
        values = {":now": now, ":until": self._term(), ":run": run_id, ":by": by}
        numbers = {":none": {"N": "0"}, ":one": {"N": "1"}}
        try:
            item = self._table.update(
                LEASE,
                "SET #token = if_not_exists(#token, :none) + :one, "
                "sk_value = :run, holder = :by, started = :now, lease_until = :until",
                # A lost answer may have been a yes: then the lease is this run's own.
                ConditionExpression="attribute_not_exists(lease_until) OR lease_until < :now "
                "OR sk_value = :run",
                ExpressionAttributeNames=_TOKEN,
                ExpressionAttributeValues=to_item(values) | numbers,
                ReturnValues="ALL_NEW",
            )
        except ConditionFailed as error:
            raise self._taken() from error
        self._recorded = _recorded(item)
        return Lease(run_id, int(item["token"]["N"]))

    def _taken(self) -> LeaseTaken:
        item = self._table.get(LEASE)
        run_id, holder, started = (text_of(item, name) or "?" for name in ("sk_value", "holder", "started"))
        return LeaseTaken(
            f"Another run has the lease: {run_id}, started by {holder} at {started}. Nothing was changed."
        )

    def renew(self, lease: Lease) -> None:
        """Keep the lease for another term. Raises LeaseLost."""
        self._set_lease(lease, "SET lease_until = :until", {":until": {"S": self._term()}})

    def _set_lease(self, lease: Lease, update: str, values: Item) -> None:
        try:
            self._table.update(
                LEASE,
                update,
                ConditionExpression="#token = :token",
                ExpressionAttributeNames=_TOKEN,
                ExpressionAttributeValues={**values, ":token": {"N": str(lease.token)}},
            )
        except ConditionFailed as error:
            raise self._lost(lease) from error

    def _lost(self, lease: Lease) -> LeaseLost:
        return LeaseLost(
            f"Run {lease.run_id} was paused for longer than its lease (LEASE_SECONDS), and another run "
            "took over. What it had written stands; it wrote nothing after that."
        )

    def _term(self) -> str:
        return iso(self._clock() + timedelta(seconds=self._lease_seconds))

    # Reading

    def read(self) -> Snapshot:
        """Every extension, in as few requests as that takes.

        The index leaves history aside, but lags, and misses rows without `sk_value`. So where it does
        not account for the whole range, or not for what the lease row says, the table itself is read.
        """
        if self._recorded is None:
            self._recorded = _recorded(self._table.get(LEASE))
        rows = {} if self._index_lags else _numbering(self._table.indexed())
        if self._index_lags or not self._accounts_for_all(rows):
            rows = _numbering(self._table.scan())
        self._rows = rows
        self._actual = fingerprint(rows.values())
        return table_of(rows.values())

    def _accounts_for_all(self, rows: Mapping[Key, Row]) -> bool:
        numbered = {pk for pk, sk in rows if sk != OWNER}
        return numbered.issuperset(self._range) and version_of(fingerprint(rows.values())) == self._recorded

    def version(self) -> str:
        """The fingerprint of what was read last and applied since."""
        return version_of(self._actual)

    # Writing

    def apply(self, lease: Lease, changes: Iterable[Change], by: str, done: Callable[[int], None]) -> None:
        """Write the changes, as many to a transaction as fit, each with its history."""
        written = 0
        for batch, edits in self._batches(changes):
            self._transact(lease, batch, edits, by)
            written += len(batch)
            done(written)

    def _batches(self, changes: Iterable[Change]) -> Iterator[tuple[list[Change], Edits]]:
        batch: list[Change] = []
        edits: Edits = {}
        for change in changes:
            more = self._edits(change)
            if batch and len(edits | more) > MOST_EDITS:
                yield batch, edits
                batch, edits, more = [], {}, self._edits(change)  # the rows are what was just written
            batch.append(change)
            edits = _merged(edits, more)
        if batch:
            yield batch, edits

    def _edits(self, change: Change) -> Edits:
        """What the change does to rows: from those there are to those there should be."""
        wanted = {key_of(row): row for row in rows_of(change.after)}
        present = [key for kind in KINDS if (key := (change.extension, kind)) in self._rows]
        present += [owner_key(agent) for agent in change.vacates]
        keys = dict.fromkeys([*present, *wanted])
        edits = {key: (self._rows.get(key), wanted.get(key)) for key in keys}
        return {key: edit for key, edit in edits.items() if edit[0] != edit[1]}

    def _transact(self, lease: Lease, changes: Sequence[Change], edits: Edits, by: str) -> None:
        name = self._next_transaction(lease)
        old = fingerprint(old for old, _ in edits.values() if old)
        new = fingerprint(new for _, new in edits.values() if new)
        actual = (self._actual - old + new) % 2**128
        items = [self._lease_item(lease, name, actual), *self._history_item(lease, changes, by)]
        items += [self._item(key, *edit) for key, edit in edits.items()]
        self._commit(lease, items, name)
        self._actual, self._recorded = actual, version_of(actual)
        for key, (_, row) in edits.items():
            if row is None:
                self._rows.pop(key, None)
            else:
                self._rows[key] = row

    def _next_transaction(self, lease: Lease) -> str:
        """A name that no other transaction of the account has, of the length of a client request token."""
        self._transactions += 1
        name = f"{self._table.name} {lease.run_id} {lease.token} {self._transactions}"
        return hashlib.sha256(name.encode()).hexdigest()[:36]

    def _lease_item(self, lease: Lease, name: str, actual: int) -> dict[str, Any]:
        values = {":name": name, ":new": version_of(actual), ":until": self._term()}
        unchanged = "attribute_not_exists(fingerprint)"
        if self._recorded is not None:
            unchanged = "fingerprint = :old"
            values[":old"] = self._recorded
        update = "SET fingerprint = :new, written = :name, lease_until = :until"
        return self._lease_update(lease, update, f" AND {unchanged}", values)

    def _lease_update(self, lease: Lease, update: str, condition: str, values: Row) -> dict[str, Any]:
        """The update of the lease row in a transaction of ours."""
        return {
            "Update": {
                "TableName": self._table.name,
                "Key": to_key(LEASE),
                "ConditionExpression": f"#token = :token{condition}",
                "UpdateExpression": update,
                "ExpressionAttributeNames": _TOKEN,
                "ExpressionAttributeValues": to_item(values) | {":token": {"N": str(lease.token)}},
            }
        }

    def _history_item(self, lease: Lease, changes: Sequence[Change], by: str) -> list[dict[str, Any]]:
        """The lines of history of one transaction, in one row that stays out of the index."""
        now = self._clock()
        lines = [
            HistoryEntry.of(change, iso(now), by, lease.run_id)
            for change in changes
            if change.kind not in _UNLOGGED
        ]
        if not lines:
            return []
        expires = int((now + timedelta(days=HISTORY_DAYS)).timestamp())
        key = (history_day(now), f"{now:%H:%M:%S.%f}#{lease.run_id}#{self._transactions:05}")
        item = to_key(key) | to_item({"lines": dump_history(lines)}) | {"ttl": {"N": str(expires)}}
        return [{"Put": {"TableName": self._table.name, "Item": item}}]

    def _item(self, key: Key, old: Row | None, new: Row | None) -> dict[str, Any]:
        condition = _as_read(old) | {"TableName": self._table.name}
        if new is None:
            return {"Delete": condition | {"Key": to_key(key)}}
        return {"Put": condition | {"Item": to_item(new)}}

    def _commit(self, lease: Lease, items: list[Any], name: str) -> None:
        """Write the items, all or none. A lost answer is asked for again with the same token."""
        client = self._table.client
        try:
            self._table.write(
                partial(client.transact_write_items, TransactItems=items, ClientRequestToken=name)
            )
        except ConditionFailed:
            self._committed_or_raise(lease, name)

    def _committed_or_raise(self, lease: Lease, name: str) -> None:
        """A condition failed: because our own lost write was there already, or for a true reason."""
        item = self._table.get(LEASE)
        if item.get("token", {}).get("N") != str(lease.token):
            raise self._lost(lease)
        if text_of(item, "written") == name:
            return
        self._index_lags = True
        self._recorded = _recorded(item)
        raise TableChanged("Rows of the table are not what was read a moment ago.")

    def finish(self, lease: Lease, report: Report | None) -> None:
        """Keep the report with the fingerprint as read, and give the lease back; without one only that."""
        if report is None:
            self._set_lease(lease, "REMOVE lease_until", {})
            return
        update = "SET fingerprint = :actual REMOVE lease_until"
        row = {"sk_value": report.run_id, "report": dump_report(report)}
        items = [
            self._lease_update(lease, update, "", {":actual": self.version()}),
            {"Put": {"TableName": self._table.name, "Item": to_key(REPORT) | to_item(row)}},
        ]
        self._commit(lease, items, self._next_transaction(lease))


def _recorded(lease: Item) -> str | None:
    """The fingerprint that the lease row records; None before the first transaction."""
    return text_of(lease, "fingerprint") or None


def _numbering(items: Iterable[Item]) -> dict[Key, Row]:
    return {key_of(row): row for row in filter(is_ours, map(from_item, items))}


def _merged(edits: Edits, more: Edits) -> Edits:
    """Two changes may touch one row: what is read stays as read, and a row that is wanted stays wanted."""
    for key, (old, new) in more.items():
        wanted = edits[key][1] if key in edits and new is None else new
        edits[key] = (old, wanted)
    return edits


def _as_read(row: Row | None) -> dict[str, Any]:
    """The condition that a row still is what was read: the same state, or still none."""
    if row is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    identity = IDENTITY[row["sk"]]
    there = [name for name in identity if name in row]
    parts = [f"{name} = :{name}" if name in there else f"attribute_not_exists({name})" for name in identity]
    if not there:
        parts.append("attribute_exists(pk)")
    condition: dict[str, Any] = {"ConditionExpression": " AND ".join(parts)}
    if there:
        condition["ExpressionAttributeValues"] = {f":{name}": {"S": row[name]} for name in there}
    return condition
