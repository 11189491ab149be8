"""The table as a run changes it: the lease, transactions, and the report.

Every change is a DynamoDB transaction of at most 100 items: the lease row, the day's history, the rows
that the change touches, and the history of its number and agent. The lease row is updated under the
condition that the token is ours and the fingerprint is the one we left, so that transactions of one run
follow each other without a gap, and a run that lost its lease can't write another thing. The fingerprint
(see `core.aws.rows`) also tells whether a reading of the index, which lags, is the table as it stands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from core.aws.name_rows import LIST, edits
from core.aws.reader import losses
from core.aws.reports import LINES, attribute_of, dump_entry, dump_report
from core.aws.row_keys import FORWARDS, forwards_of
from core.aws.rows import (
    IDENTITY,
    KINDS,
    LEASE,
    LEFT_OUT,
    NOBODY,
    OWNER,
    REPORT,
    RESERVED,
    Item,
    Key,
    Row,
    fingerprint,
    former_key,
    from_item,
    history_day,
    history_place,
    key_of,
    numbering,
    owner_key,
    past_key,
    rows_of,
    table_of,
    text_of,
    to_item,
    to_key,
    version_of,
)
from core.aws.table import ConditionFailed, Table
from core.calling.reach import Forward
from core.errors import LeaseLost, LeaseTaken, TableChanged, Unavailable, Unsure
from core.models import (
    UNSEEN,
    Assigned,
    Change,
    ExtensionRange,
    HistoryEntry,
    Report,
    Snapshot,
    iso,
)
from core.ports import Clock, Lease

# A transaction holds 100 items; four are the lease, the day's history, the losses and the forwards.
MOST_EDITS = 96
# All forwards are one row, of which a transaction changes so many.
MOST_FORWARDS = 20
# The history of a number and an agent is one row; of one with this many lines the newer half is kept.
MOST_LINES = 100
HISTORY_DAYS = 400
_TOKEN = {"#token": "token"}

# A row holds 400 KB, and history is one row of a transaction; what is edited is bounded with it.
MOST_BYTES = 300_000
# A lease that ends later than a term and these seconds from now was left by a clock that runs ahead.
LEASE_MARGIN = 300

# Items by key as read, and the rows wanted; None where there is none. None and None: there has to be none.
Edits = dict[Key, tuple[Item | None, Row | None]]
# Lines of history as JSON, by the attribute that they belong in.
Lines = dict[str, list[str]]


class _Batch(Struct):
    """The changes of one transaction: how many, the items they edit, and their lines of history as JSON.

    `lines` are by the attribute that they belong in; `past` has them by the key of their history, too.
    `losses` are those by which somebody lost a number or a name.
    """

    changes: int = 0
    edits: Edits = field(default_factory=dict)
    lines: Lines = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)
    past: dict[Key, Lines] = field(default_factory=dict)
    forwards: dict[str, Forward | None] = field(default_factory=dict)
    bytes: int = 0

    def has_room(self, edits: Edits, entry: HistoryEntry | None, size: int) -> bool:
        """Whether a change with these edits of so many bytes fits in; a first one always does."""
        items = len(self.edits | edits) + len(self.past.keys() | ({_past_key(entry)} if entry else set()))
        fits = items <= MOST_EDITS and len(self.forwards) < MOST_FORWARDS
        return (fits and self.bytes + size <= MOST_BYTES) or not self.changes

    def add(self, edits: Edits, entry: HistoryEntry | None, line: str, size: int) -> None:
        """Add a change. What is read stays as read, and a row that an earlier change wants stays wanted."""
        for key, (old, new) in edits.items():
            wanted = self.edits[key][1] if key in self.edits and new is None else new
            self.edits[key] = (old, wanted)
        if entry:
            for lines in (self.lines, self.past.setdefault(_past_key(entry), {})):
                lines.setdefault(attribute_of(entry), []).append(line)
            self.losses += [line] if entry.is_loss else []
        self.changes += 1
        self.bytes += size


class DynamoTableWriter:
    """The table, for the run that changes it. One instance serves one run."""

    def __init__(self, table: Table, extensions: ExtensionRange, clock: Clock, lease_seconds: int) -> None:
        self._table = table
        self._range = extensions
        self._clock = clock
        self._lease_seconds = lease_seconds
        self._lease, self._by = Lease("", 0), ""
        self._rows: dict[Key, Row] = {}
        self._odd: dict[Key, Item] = {}  # items of which a row does not tell everything
        self._actual = 0  # the fingerprint of the items
        self._recorded: Any = None  # the lease row's attribute that says what it is
        self._index_lags = False
        self._unindexed = False  # whether there may be items that the index does not have
        self._transactions = 0
        self._names_mark = ""  # of what the rows of names were written
        self._forwards: Item = {}  # the item of the forwards

    # The lease

    def acquire(self, run_id: str, by: str) -> Lease:
        """Take the lease: a new token, and a term. Raises LeaseTaken with its holder and since when."""
        try:
            item = self._next_token(run_id, by)
        except ConditionFailed as error:
            raise self._taken() from error
        except Unavailable:
            if not self._mend_token():
                raise
            return self.acquire(run_id, by)
        if not item["token"]["N"].isdigit() and self._mend_token():
            return self.acquire(run_id, by)
        self._recorded = item.get("fingerprint")
        self._names_mark = text_of(item, "names_mark")
        self._lease, self._by = Lease(run_id, int(item["token"]["N"])), by
        return self._lease

    def _next_token(self, run_id: str, by: str) -> Item:
        now, term = iso(self._clock()), self._term()
        values = {":now": now, ":until": term, ":run": run_id, ":by": by, ":far": self._term(LEASE_MARGIN)}
        numbers = {":none": {"N": "0"}, ":one": {"N": "1"}}
        return self._table.update(
            LEASE,
            "SET #token = if_not_exists(#token, :none) + :one, "
            "sk_value = :run, holder = :by, started = :now, lease_until = :until",
            # A lost answer may have been a yes: then the lease is this run's own.
            ConditionExpression="attribute_not_exists(lease_until) OR lease_until < :now OR sk_value = :run "
            "OR lease_until > :far OR NOT attribute_type(lease_until, :text)",
            ExpressionAttributeNames=_TOKEN,
            ExpressionAttributeValues=to_item(values | {":text": "S"}) | numbers,
            ReturnValues="ALL_NEW",
        )

    def _mend_token(self) -> bool:
        """Replace a token that is no whole number by the clock's seconds: more than any count of runs."""
        odd = self._table.get(LEASE).get("token", {"N": "0"})
        if odd.get("N", "").isdigit():
            return False
        values = {":odd": odd, ":seconds": {"N": str(int(self._clock().timestamp()))}}
        with suppress(ConditionFailed):
            self._table.update(
                LEASE,
                "SET #token = :seconds",
                ConditionExpression="#token = :odd",
                ExpressionAttributeNames=_TOKEN,
                ExpressionAttributeValues=values,
            )
        return True

    def _taken(self) -> LeaseTaken:
        item = self._table.get(LEASE)
        run_id, holder, started = (text_of(item, name) for name in ("sk_value", "holder", "started"))
        said = f"Another run has the lease: {run_id or '?'}, started by {holder or '?'} at {started or '?'}."
        return LeaseTaken(f"{said} Nothing was changed.", holder, started)

    def renew(self) -> None:
        """Keep the lease for another term. Raises LeaseLost."""
        self._set_lease("SET lease_until = :until", {":until": {"S": self._term()}})

    def _set_lease(self, update: str, values: Item) -> None:
        try:
            self._table.update(
                LEASE,
                update,
                ConditionExpression="#token = :token",
                ExpressionAttributeNames=_TOKEN,
                ExpressionAttributeValues={**values, ":token": {"N": str(self._lease.token)}},
            )
        except ConditionFailed as error:
            raise self._lost() from error

    def _lost(self) -> LeaseLost:
        return LeaseLost(
            f"Run {self._lease.run_id} was paused for longer than its lease (LEASE_SECONDS), and another run "
            "took over. What it had written stands; it wrote nothing after that."
        )

    def _term(self, more: int = 0) -> str:
        return iso(self._clock() + timedelta(seconds=self._lease_seconds + more))

    # Reading

    def read(self) -> Snapshot:
        """Every extension, in as few requests as that takes.

        The index leaves history aside, but lags, and misses rows without `sk_value`. So where it does
        not account for the whole range, or not for what the lease row says, the table itself is read.
        """
        if self._recorded is None:
            self._recorded = self._table.get(LEASE).get("fingerprint")
        self._take([] if self._index_lags else self._table.indexed())
        self._unindexed = not self._index_lags and self._accounts_for_all()
        if not self._unindexed:
            self._take(self._table.scan())
        self._forwards = self._table.get(FORWARDS)
        found = table_of(item for key in self._rows if (item := self._as_read(key)))
        return replace(found, forwards=forwards_of(from_item(self._forwards)))

    def _take(self, items: Iterable[Item]) -> None:
        self._rows, self._odd = {}, {}
        for key, item in numbering(items):
            self._rows[key] = from_item(item)
            if len(self._rows[key]) < len(item):
                self._odd[key] = item
        self._actual = fingerprint(self._rows.values())

    def _as_read(self, key: Key) -> Item | None:
        """The item with this key as the table had it; None where it had none."""
        row = self._rows.get(key)
        return self._odd.get(key) or (to_item(row) if row else None)

    def _accounts_for_all(self) -> bool:
        numbered = {pk for pk, sk in self._rows if sk != OWNER}
        return numbered.issuperset(self._range) and self._recorded == {"S": self.version()}

    def version(self) -> str:
        """The fingerprint of the rows as last read, with the changes applied since."""
        return version_of(self._actual)

    # Writing

    def apply(self, changes: Iterable[Change], done: Callable[[int], None] = lambda _: None) -> None:
        """Write the changes, as many to a transaction as fit, each with its history."""
        written = 0
        for batch in self._batches(changes):
            try:
                self._transact(batch)
            except (TableChanged, Unavailable) as error:
                error.written = written
                raise
            written += batch.changes
            done(written)

    def _batches(self, changes: Iterable[Change]) -> Iterator[_Batch]:
        batch = _Batch()
        for change in changes:
            entry = self._entry(change)
            line = dump_entry(entry) if entry else ""
            edits = self._edits(change)
            size = _bytes(line, edits)
            if not batch.has_room(edits, entry, size):
                yield batch
                batch, edits = _Batch(), self._edits(change)  # the items are what was just written
            batch.add(edits, entry, line, size)
            if change.forward_of:
                batch.forwards[change.forward_of] = change.forward
        if batch.changes:
            yield batch

    def _entry(self, change: Change) -> HistoryEntry | None:
        """The change's line of history; None for one that is no history."""
        if change.kind in UNSEEN:
            return None
        return HistoryEntry.of(change, iso(self._clock()), self._by, self._lease.run_id)

    def _edits(self, change: Change) -> Edits:
        """The row edits for one change."""
        wanted = {key_of(row): row for row in rows_of(change.after)}
        present = [key for kind in KINDS if (key := (change.extension, kind)) in self._rows]
        present += [owner_key(agent) for agent in change.vacates]
        keys = dict.fromkeys([*present, *wanted])
        edits = {key: (self._as_read(key), wanted.get(key)) for key in keys}
        edits = {key: (old, new) for key, (old, new) in edits.items() if old != (new and to_item(new))}
        given = isinstance(change.after, Assigned) and not isinstance(change.before, Assigned)
        reservation = (change.extension, RESERVED)
        if given and self._unindexed and reservation not in self._rows:
            edits[reservation] = (None, None)
        return edits

    def _transact(self, batch: _Batch) -> None:
        name = self._next_transaction()
        old = fingerprint(from_item(old) for old, _ in batch.edits.values() if old)
        new = fingerprint(new for _, new in batch.edits.values() if new)
        actual = (self._actual - old + new) % 2**128
        items = [self._lease_item(name, actual), *self._history_items(batch)]
        items += [self._item(key, *edit) for key, edit in batch.edits.items()]
        items += [self._past_item(key, lines) for key, lines in batch.past.items()]
        items += [self._forwards_item(batch.forwards)] if batch.forwards else []
        self._commit(items, name, batch.past)
        self._actual, self._recorded = actual, {"S": version_of(actual)}
        for agent_id, forward in batch.forwards.items():
            others = {name: value for name, value in self._forwards.items() if name != agent_id}
            self._forwards = others | ({agent_id: {"S": " ".join(forward)}} if forward else {})
        for key, (_, row) in batch.edits.items():
            self._odd.pop(key, None)
            if row is None:
                self._rows.pop(key, None)
            else:
                self._rows[key] = row

    def _forwards_item(self, forwards: Mapping[str, Forward | None]) -> dict[str, Any]:
        """Set and remove forwards, each of which still is as it was read."""
        names = {f"#{place}": agent_id for place, agent_id in enumerate(forwards)}
        values: dict[str, Any] = {}
        sets, removes, conditions = [], [], []
        for name, agent_id in names.items():
            old, new = self._forwards.get(agent_id), forwards[agent_id]
            conditions.append(f"{name} = :old{name[1:]}" if old else f"attribute_not_exists({name})")
            values |= {f":old{name[1:]}": old} if old else {}
            if new:
                sets.append(f"{name} = :new{name[1:]}")
                values[f":new{name[1:]}"] = {"S": " ".join(new)}
            else:
                removes.append(name)
        update = " ".join(
            f"{verb} {', '.join(parts)}" for verb, parts in (("SET", sets), ("REMOVE", removes)) if parts
        )
        item = {
            "TableName": self._table.name,
            "Key": to_key(FORWARDS),
            "UpdateExpression": update,
            "ConditionExpression": " AND ".join(conditions),
            "ExpressionAttributeNames": names,
        }
        return {"Update": item | ({"ExpressionAttributeValues": values} if values else {})}

    def _next_transaction(self) -> str:
        """A name that no other transaction of the account has, of the length of a client request token."""
        self._transactions += 1
        name = f"{self._table.name} {self._lease.run_id} {self._lease.token} {self._transactions}"
        return hashlib.sha256(name.encode()).hexdigest()[:36]

    def _lease_item(self, name: str, actual: int) -> dict[str, Any]:
        values = to_item({":name": name, ":new": version_of(actual), ":until": self._term()})
        unchanged = "attribute_not_exists(fingerprint)"
        if self._recorded is not None:
            unchanged = "fingerprint = :old"
            values[":old"] = self._recorded
        update = "SET fingerprint = :new, written = :name, lease_until = :until"
        return self._lease_update(update, f" AND {unchanged}", values)

    def _lease_update(self, update: str, condition: str, values: Item) -> dict[str, Any]:
        """The update of the lease row in a transaction of ours."""
        return {
            "Update": {
                "TableName": self._table.name,
                "Key": to_key(LEASE),
                "ConditionExpression": f"#token = :token{condition}",
                "UpdateExpression": update,
                "ExpressionAttributeNames": _TOKEN,
                "ExpressionAttributeValues": {**values, ":token": {"N": str(self._lease.token)}},
            }
        }

    def _history_items(self, batch: _Batch) -> list[dict[str, Any]]:
        """The lines of history of one transaction, in one row that stays out of the index; losses in another.

        Its `place` follows that of every transaction before it, whatever the clocks of their runs say.
        """
        if not batch.lines:
            return []
        now = self._clock()
        name = f"{now:%H:%M:%S.%f}#{self._lease.run_id}#{self._transactions:05}"
        row = {"lines": "[]", "place": history_place(self._lease.token, self._transactions)}
        row |= {name: _as_list(lines) for name, lines in batch.lines.items()}
        items = [to_key((history_day(now), name)) | to_item(row)]
        if batch.losses:
            items.append(to_key(former_key(now, name)) | to_item({"lines": _as_list(batch.losses)}))
        return [self._put(item | {"ttl": self._expiry()}) for item in items]

    def _expiry(self) -> Item:
        return {"N": str(int((self._clock() + timedelta(days=HISTORY_DAYS)).timestamp()))}

    def _past_item(self, key: Key, lines: Lines) -> dict[str, Any]:
        """Lines that are added to the history of a number and an agent, unless that has its most."""
        values = {
            **{f":{name}": {"L": [{"S": line} for line in some]} for name, some in lines.items()},
            ":none": {"L": []},
            ":ttl": self._expiry(),
            ":list": {"S": "L"},
            ":most": {"N": str(MOST_LINES)},
        }
        added = [f"#{name} = list_append(if_not_exists(#{name}, :none), :{name})" for name in lines]
        update = f"SET {', '.join(added)}, #ttl = :ttl"
        if key[1] != NOBODY:  # only an agent's are found by the index
            update += ", sk_value = :at"
            values[":at"] = {"S": iso(self._clock())}
        return {
            "Update": {
                "TableName": self._table.name,
                "Key": to_key(key),
                "ConditionExpression": " AND ".join(map(_has_room, lines)),
                "UpdateExpression": update,
                "ExpressionAttributeNames": {f"#{name}": name for name in (*lines, "ttl")},
                "ExpressionAttributeValues": values,
            }
        }

    def _shorten(self, past: Collection[Key]) -> bool:
        """Keep the newer half of those histories that have their most lines; whether there were any."""
        items = self._table.get_all(past) if past else []
        full = [(item, name) for item in items for name in LINES if name in item and _is_full(item[name])]
        for item, name in full:
            with suppress(ConditionFailed):
                self._table.update(
                    (text_of(item, "pk"), text_of(item, "sk")),
                    "SET #lines = :newer",
                    ConditionExpression="#lines = :read",
                    ExpressionAttributeNames={"#lines": name},
                    ExpressionAttributeValues={
                        ":read": item[name],
                        ":newer": {"L": item[name].get("L", [])[-MOST_LINES // 2 :]},
                    },
                )
        return bool(full)

    def _item(self, key: Key, old: Item | None, new: Row | None) -> dict[str, Any]:
        condition = _unchanged(key, old) | {"TableName": self._table.name}
        if new is None:
            return {"Delete" if old else "ConditionCheck": condition | {"Key": to_key(key)}}
        return {"Put": condition | {"Item": to_item(new)}}

    def _commit(self, items: list[Any], name: str, past: Collection[Key] = ()) -> None:
        """Write the items, all or none. A lost answer is asked for again with the same token.

        `past` are the histories among them, which are shortened where they are full.
        """
        client = self._table.client
        try:
            self._table.write(
                partial(client.transact_write_items, TransactItems=items, ClientRequestToken=name)
            )
        except ConditionFailed:
            if not self._committed(name, past):
                self._commit(items, name)
        except Unavailable as error:
            if not self._is_written(name, error):
                raise

    def _is_written(self, name: str, lost: Unavailable) -> bool:
        """Whether a transaction was written of which no answer came. Raises Unsure where nothing tells."""
        try:
            return text_of(self._table.get(LEASE), "written") == name
        except Unavailable as error:
            raise Unsure(f"{lost} The change may have been done all the same.") from error

    def _committed(self, name: str, past: Collection[Key]) -> bool:
        """A condition failed: because our own lost write was there already, or else a history was full.

        Raises LeaseLost, and TableChanged for any other reason.
        """
        item = self._table.get(LEASE)
        if item.get("token", {}).get("N") != str(self._lease.token):
            raise self._lost()
        if text_of(item, "written") == name:
            return True
        if self._shorten(past):
            return False
        self._index_lags = True
        self._recorded = item.get("fingerprint")
        raise TableChanged("Rows of the table are not what was read a moment ago.")

    def losses(self, since: datetime) -> Iterator[HistoryEntry]:
        """The changes since then by which somebody lost a number or a name, in one query."""
        return losses(self._table, since)

    def left_out(self) -> frozenset[str]:
        """The marks of the releases that a person left out of an approval."""
        return frozenset(text_of(self._table.get(LEFT_OUT), "marks").split())

    def leave_out(self, marks: frozenset[str]) -> None:
        """Keep these marks instead."""
        name = self._next_transaction()
        values = to_item({":until": self._term(), ":name": name})
        items = [
            self._lease_update("SET lease_until = :until, written = :name", "", values),
            self._put(to_key(LEFT_OUT) | to_item({"marks": " ".join(sorted(marks))})),
        ]
        self._commit(items, name)

    def keep_names(self, mark: str, rows: Callable[[], Mapping[str, str]]) -> None:
        """Make these the rows by which callers find names, unless they were written for this mark already."""
        if mark == self._names_mark:
            return
        listed = self._table.get(LIST)
        for items in (*edits(rows(), listed, self._table.name), []):
            name = self._next_transaction()
            done = "" if items else ", names_mark = :mark"
            values = to_item({":until": self._term(), ":name": name} | ({} if items else {":mark": mark}))
            update = self._lease_update(f"SET lease_until = :until, written = :name{done}", "", values)
            self._commit([update, *items], name)
        self._names_mark = mark

    def _put(self, item: Item) -> dict[str, Any]:
        return {"Put": {"TableName": self._table.name, "Item": item}}

    def finish(self, report: Report | None) -> None:
        """Keep the report with the fingerprint as read, and give the lease back; without one only that."""
        if report is None:
            self._set_lease("REMOVE lease_until", {})
            return
        name = self._next_transaction()
        update = "SET fingerprint = :actual, written = :name REMOVE lease_until"
        row = {"sk_value": report.run_id, **dump_report(report)}
        items = [
            self._lease_update(update, "", to_item({":actual": self.version(), ":name": name})),
            self._put(to_key(REPORT) | to_item(row)),
        ]
        self._commit(items, name)


def _past_key(entry: HistoryEntry) -> Key:
    """The key of the history of the entry's number and agent."""
    return past_key(entry.extension, entry.agent_id)


def _has_room(name: str) -> str:
    """The condition that an attribute with lines has less than its most."""
    return f"(attribute_not_exists(#{name}) OR (attribute_type(#{name}, :list) AND size(#{name}) < :most))"


def _is_full(lines: Item) -> bool:
    """Whether an attribute has its most lines, or is no list of them."""
    return len(lines.get("L", [None] * MOST_LINES)) >= MOST_LINES


def _as_list(lines: Sequence[str]) -> str:
    return f"[{','.join(lines)}]"


def _bytes(line: str, edits: Edits) -> int:
    """About the bytes that a change adds to a transaction."""
    rows = (row for _, row in edits.values() if row)
    return len(line.encode()) + sum(len("".join(row.values()).encode()) + 100 for row in rows)


def _unchanged(key: Key, item: Item | None) -> dict[str, Any]:
    """The condition that an item still is what was read: the same state, or still none."""
    if item is None:
        return {"ConditionExpression": "attribute_not_exists(pk)"}
    identity = IDENTITY[key[1]]
    there = [name for name in identity if name in item]
    parts = [f"{name} = :{name}" if name in there else f"attribute_not_exists({name})" for name in identity]
    if not there:
        parts.append("attribute_exists(pk)")
    condition: dict[str, Any] = {"ConditionExpression": " AND ".join(parts)}
    if there:
        condition["ExpressionAttributeValues"] = {f":{name}": item[name] for name in there}
    return condition
