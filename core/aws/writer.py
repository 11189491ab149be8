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

from core.aws.count_row import counts_in, indexed_since, row_of, whole
from core.aws.lost_rows import MOST_LOST, keys_of, row_of_losses, rows_of_losses
from core.aws.name_rows import LIST, edits, parts
from core.aws.reader import history_between, losses
from core.aws.reports import LINES, attribute_of, dump_entry, dump_report
from core.aws.row_keys import FORWARDS, forwards_of
from core.aws.rows import (
    AGENT,
    COUNTS,
    GIVEN,
    HISTORY_DAYS,
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
    given_by,
    history_day,
    history_place,
    is_history,
    is_lost,
    key_of,
    line_given,
    months,
    numbering,
    owner_key,
    past_key,
    rows_of,
    table_of_rows,
    text_of,
    to_item,
    to_key,
    version_of,
)
from core.aws.table import ConditionFailed, Table
from core.calling.reach import Forward
from core.counts import Counts, counts_of, first_day
from core.errors import LeaseLost, LeaseTaken, TableChanged, Unavailable, Unsure
from core.models import (
    UNSEEN,
    Assigned,
    Change,
    ChangeKind,
    ExtensionRange,
    HistoryEntry,
    Report,
    Snapshot,
    iso,
    parse_iso,
)
from core.ports import Clock, Lease

MOST_ITEMS = 100  # of a transaction
# All forwards are one row, of which a transaction changes so many.
MOST_FORWARDS = 20
# The history of a number and an agent is one row; of one with this many lines the newer half is kept.
MOST_LINES = 100
# Rows of the index of lost names that a run writes to make it whole, unless a month has more.
MOST_INDEXED = 1000
# The beginning of an index that was whole from the first change on.
_EVER = "0000-00"
_TOKEN = {"#token": "token"}
# The rows that a run may need whatever it does: one request reads them. Their sort keys differ.
_SMALL_ROWS = (FORWARDS, LEFT_OUT, LIST, COUNTS)

# A row holds 400 KB, and history is one row of a transaction; what is edited is bounded with it.
MOST_BYTES = 300_000
_SECOND = timedelta(seconds=1)
# A lease that ends later than a term and these seconds from now was left by a clock that runs ahead.
LEASE_MARGIN = 300

# Items by key as read, and the rows wanted; None where there is none. None and None: there has to be none.
Edits = dict[Key, tuple[Item | None, Row | None]]
# Lines of history as JSON, by the attribute that they belong in.
Lines = dict[str, list[str]]


class _Part(Struct):
    """One change of a transaction: its row edits, its line of history, if any, also as JSON, its bytes.

    `past` are the keys of the rows to which the line is added; `given` has that of the number's row, where
    the line is in that instead. `moved` is the line that the number's row had, and does not have any more.
    """

    change: Change
    edits: Edits
    entry: HistoryEntry | None
    line: str
    past: Collection[Key]
    moved: HistoryEntry | None
    given: Collection[Key]
    bytes: int


class _Batch(Struct):
    """The changes of one transaction: how many, the items they edit, and their lines of history.

    All are of the moment `at`, and so of one day. `lines` are JSON by the attribute that they belong in;
    `past` has them by the key of the row that they are added to, too. `losses` are those by which somebody
    lost a number or a name.
    """

    at: datetime
    changes: int = 0
    edits: Edits = field(default_factory=dict)
    entries: list[HistoryEntry] = field(default_factory=list)
    lines: Lines = field(default_factory=dict)
    losses: list[str] = field(default_factory=list)
    past: dict[Key, Lines] = field(default_factory=dict)
    given: set[Key] = field(default_factory=set)
    moved: set[HistoryEntry] = field(default_factory=set)
    forwards: dict[str, Forward | None] = field(default_factory=dict)
    bytes: int = 0

    def has_room(self, part: _Part) -> bool:
        """Whether a change fits in; a first one always does. The lease is an item, too."""
        entry = part.entry
        if self.given & part.edits.keys():
            return False  # such a row is read with its line first
        moved = {past_key(part.moved.extension, part.moved.agent_id)} if part.moved else set()
        items = len(self.edits | part.edits) + len(self.past.keys() | part.past | moved)
        items += 1 + bool(self.entries or entry) + bool(self.losses or (entry and entry.is_loss))
        items += bool(self.forwards or part.change.forward_of)
        fits = items <= MOST_ITEMS and len(self.forwards) < MOST_FORWARDS
        return (fits and self.bytes + part.bytes <= MOST_BYTES) or not self.changes

    def add(self, part: _Part) -> None:
        """Add a change. What is read stays as read, and a row that an earlier change wants stays wanted."""
        for key, (old, new) in part.edits.items():
            wanted = self.edits[key][1] if key in self.edits and new is None else new
            self.edits[key] = (old, wanted)
        self.given.update(part.given)
        if part.moved and part.moved not in self.moved:
            self.moved.add(part.moved)
            key = past_key(part.moved.extension, part.moved.agent_id)
            self.past.setdefault(key, {}).setdefault(LINES[0], []).append(dump_entry(part.moved))
        if part.entry:
            self.entries.append(part.entry)
            for lines in (self.lines, *(self.past.setdefault(key, {}) for key in part.past)):
                lines.setdefault(attribute_of(part.entry), []).append(part.line)
            self.losses += [part.line] if part.entry.is_loss else []
        if part.change.forward_of:
            self.forwards[part.change.forward_of] = part.change.forward
        self.changes += 1
        self.bytes += part.bytes


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
        self._left_out: Item = {}
        self._named: Item = {}  # the item that lists the rows of names
        self._acquired: Item = {}  # the lease row as it was taken
        self._counts: Counts | None = None  # with all that this run wrote; None where they are not known
        self._counted_by = ""  # the transaction that wrote them to the table, "" until one has
        self._indexed_since = ""  # the first month from which on the index of lost names is whole

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
        self._acquired = item
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
        if not self._acquired:
            self._recorded = self._table.get(LEASE).get("fingerprint")
        self._take([] if self._index_lags or self._recorded is None else self._table.indexed())
        self._unindexed = not self._index_lags and self._accounts_for_all()
        if not self._unindexed:
            self._scan()
        self._read_small_rows()
        found = table_of_rows((key, row, self._odd.get(key)) for key, row in self._rows.items())
        return replace(found, forwards=forwards_of(from_item(self._forwards)))

    def _scan(self) -> None:
        """Read the whole table. One without any history has nothing to count, and no names that were lost."""
        history: list[Item] = []
        self._take(_noting(self._table.scan(), history))
        if self._counts is None and not history:
            self._counts, self._indexed_since = Counts(), _EVER

    def _read_small_rows(self) -> None:
        found = {text_of(item, "sk"): item for item in self._table.get_all(_SMALL_ROWS)}
        self._forwards, self._left_out, self._named, counts = (found.get(sk, {}) for _, sk in _SMALL_ROWS)
        if self._counts is None:
            self._counts = counts_in(counts, self._acquired)
            self._counted_by = text_of(counts, "written") if self._counts else ""
            self._indexed_since = indexed_since(counts, self._acquired)

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

    def apply(
        self,
        changes: Iterable[Change],
        done: Callable[[int], None] = lambda _: None,
        full_only: bool = False,
    ) -> int:
        """Write the changes, as many to a transaction as fit, each with its history; how many were written.

        With `full_only` the last transaction is not, which has room for more.
        """
        changes, written = [*changes], 0
        moves = (each.after for each in changes if each.kind is ChangeKind.MOVED)
        moving = {after.agent_id for after in moves if isinstance(after, Assigned)}
        for batch in self._batches(changes, full_only):
            try:
                self._transact(batch, moving)
            except (TableChanged, Unavailable) as error:
                error.written = written
                if isinstance(error, Unavailable):
                    self._counts = None  # what was written may have been counted, or not
                raise
            written += batch.changes
            done(written)
        return written

    def _batches(self, changes: Iterable[Change], full_only: bool) -> Iterator[_Batch]:
        batch = _Batch(self._clock())
        for change in changes:
            part = self._part(change, batch.at)
            if not batch.has_room(part):
                yield batch
                batch = _Batch(self._clock())
                part = self._part(change, batch.at)  # the items are what was just written
            batch.add(part)
        if batch.changes and not full_only:
            yield batch

    def _part(self, change: Change, at: datetime) -> _Part:
        entry = self._entry(change, at)
        line = dump_entry(entry) if entry else ""
        wanted = {key_of(row): row for row in rows_of(change.after)}
        given = (change.extension, AGENT)
        row, moved = self._with_line(wanted.get(given), self._rows.get(given), entry, at)
        gives = bool(row and entry and row.get(GIVEN) == given_by(entry))
        edits = self._edits(change, wanted | ({given: row} if row else {}))
        past = [past_key(entry.extension, entry.agent_id)] if entry and not gives else []
        past += keys_of(entry) if entry and entry.is_loss else []
        return _Part(
            change, edits, entry, line, past, moved, {given} if gives else set(), _bytes(line, edits)
        )

    def _with_line(
        self, new: Row | None, old: Row | None, entry: HistoryEntry | None, at: datetime
    ) -> tuple[Row | None, HistoryEntry | None]:
        """The new row of an assignment with the line by which it was given; the old row's, if that has to go.

        The row keeps the line only while that is all that the row says. A line that is too old goes for good.
        """
        had = line_given(old) if old else None
        if new and entry and line_given(row := new | {GIVEN: given_by(entry)}) == entry:
            new = row
        elif new and old and had and line_given(row := new | {GIVEN: old[GIVEN]}) == had:
            return row, None
        kept = had and had.at >= iso(at - timedelta(days=HISTORY_DAYS))
        return new, had if kept else None

    def _entry(self, change: Change, at: datetime) -> HistoryEntry | None:
        """The change's line of history; None for one that is no history."""
        if change.kind in UNSEEN:
            return None
        return HistoryEntry.of(change, iso(at), self._by, self._lease.run_id)

    def _edits(self, change: Change, wanted: Mapping[Key, Row]) -> Edits:
        """The row edits for one change, after which these rows are there."""
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

    def _transact(self, batch: _Batch, moving: Collection[str]) -> None:
        name = self._next_transaction()
        old = fingerprint(from_item(old) for old, _ in batch.edits.values() if old)
        new = fingerprint(new for _, new in batch.edits.values() if new)
        actual = (self._actual - old + new) % 2**128
        items = [*self._history_items(batch)]
        items += [self._item(key, *edit) for key, edit in batch.edits.items()]
        items += [self._past_item(key, lines) for key, lines in batch.past.items()]
        items += [self._forwards_item(batch.forwards)] if batch.forwards else []
        counts = self._counts
        if counts is not None and batch.entries:
            counts = counts.with_lines(batch.entries, moving, batch.at)
        counting = self._counting(counts, name, MOST_ITEMS - 1 - len(items)) if batch.entries else []
        items += counting
        counted = "" if batch.entries and not counting else name if counting else self._counted_by
        self._commit([self._lease_item(name, actual, counted), *items], name, batch.past)
        self._counts, self._counted_by = counts, counted
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

    def _counting(self, counts: Counts | None, name: str, room: int = 1) -> list[dict[str, Any]]:
        """The write of the counts, where they are known and there is room for it."""
        row = row_of(counts, name, self._indexed_since) if counts is not None and room else None
        return [self._put(row)] if row else []

    def _lease_item(self, name: str, actual: int, counted: str) -> dict[str, Any]:
        values = to_item({":new": version_of(actual)})
        unchanged = "attribute_not_exists(fingerprint)"
        if self._recorded is not None:
            unchanged = "fingerprint = :old"
            values[":old"] = self._recorded
        return self._lease_update(name, counted, ", fingerprint = :new", values, f" AND {unchanged}")

    def _lease_update(
        self,
        name: str,
        counted: str,
        also: str = "",
        values: Item = {},  # noqa: B006 - never changed
        condition: str = "",
        last: bool = False,
    ) -> dict[str, Any]:
        """The update of the lease row in the transaction `name`, under the token; the `last` gives it back.

        `counted` is the transaction that wrote the row of counts, "" where that is not whole.
        """
        said = to_item({":name": name} | ({":counted": whole(name, counted)} if counted else {}))
        update = f"SET written = :name{', counted = :counted' if counted else ''}{also}"
        if last:
            update += " REMOVE lease_until"
        else:
            update += ", lease_until = :until"
            said[":until"] = {"S": self._term()}
        return {
            "Update": {
                "TableName": self._table.name,
                "Key": to_key(LEASE),
                "ConditionExpression": f"#token = :token{condition}",
                "UpdateExpression": update,
                "ExpressionAttributeNames": _TOKEN,
                "ExpressionAttributeValues": {**said, **values, ":token": {"N": str(self._lease.token)}},
            }
        }

    def _history_items(self, batch: _Batch) -> list[dict[str, Any]]:
        """The lines of history of one transaction, in one row that stays out of the index; losses in another.

        Its `place` follows that of every transaction before it, whatever the clocks of their runs say.
        """
        if not batch.lines:
            return []
        now = batch.at
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
        """Lines that are added to the history of a number and an agent, or to lost names, unless full."""
        values = {
            **{f":{name}": {"L": [{"S": line} for line in some]} for name, some in lines.items()},
            ":none": {"L": []},
            ":ttl": self._expiry(),
            ":list": {"S": "L"},
            ":most": {"N": str(_most(key))},
        }
        added = [f"#{name} = list_append(if_not_exists(#{name}, :none), :{name})" for name in lines]
        update = f"SET {', '.join(added)}, #ttl = :ttl"
        if key[1] != NOBODY and not is_lost(key):  # only an agent's are found by the index
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
        found = [((text_of(item, "pk"), text_of(item, "sk")), item) for item in items]
        full = [(key, item, name) for key, item in found for name in LINES if _is_full(key, item.get(name))]
        for key, item, name in full:
            with suppress(ConditionFailed):
                self._table.update(
                    key,
                    f"SET #lines = :newer{', cut = :cut' if is_lost(key) else ''}",
                    ConditionExpression="#lines = :read",
                    ExpressionAttributeNames={"#lines": name},
                    ExpressionAttributeValues={
                        ":read": item[name],
                        ":newer": {"L": item[name].get("L", [])[-_most(key) // 2 :]},
                    }
                    | (to_item({":cut": "yes"}) if is_lost(key) else {}),
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

    def counts(self) -> Counts:
        """The last 30 days and the newest runs, counted; from the history where the table's are not whole.

        Raises Unavailable and LeaseLost.
        """
        if self._counts is None:
            now = self._clock()
            self._counts = counts_of(history_between(self._table, first_day(now) - _SECOND, now), now)
        return self._counts

    def left_out(self) -> frozenset[str]:
        """The marks of the releases that a person left out of an approval, as last read."""
        return frozenset(text_of(self._left_out, "marks").split())

    def leave_out(self, marks: frozenset[str]) -> None:
        """Keep these marks instead."""
        name = self._next_transaction()
        row = to_key(LEFT_OUT) | to_item({"marks": " ".join(sorted(marks))})
        self._commit([self._lease_update(name, self._counted_by), self._put(row)], name)
        self._left_out = row

    def keep_names(self, mark: str, rows: Callable[[], Mapping[str, str]]) -> None:
        """Make these the rows by which callers find names, unless they were written for this mark already."""
        if mark == self._names_mark:
            return
        parts = [*edits(rows(), self._named, self._table.name)] or [[]]
        for items in parts:
            name = self._next_transaction()
            # The last says that all are written.
            done = (", names_mark = :mark", to_item({":mark": mark})) if items is parts[-1] else ("", {})
            self._commit([self._lease_update(name, self._counted_by, *done), *items], name)
        self._names_mark = mark

    def _index_losses(self) -> None:
        """Make the index of lost names whole, the newest months first; the next run goes on from there."""
        now, written = self._clock(), 0
        missing = months(iso(now - timedelta(days=HISTORY_DAYS)), self._indexed_since or iso(now))
        for month in missing[bool(self._indexed_since) :]:
            if written >= MOST_INDEXED:
                break
            lines = losses(self._table, parse_iso(f"{month}-01T00:00:00Z"), f"{month}-32")
            rows = rows_of_losses((line, dump_entry(line)) for line in lines)
            for part in parts(rows, rows):
                name = self._next_transaction()
                items = [self._put(row_of_losses(key, rows[key]) | {"ttl": self._expiry()}) for key in part]
                self._commit([self._lease_update(name, self._counted_by), *items], name)
            written += len(rows)
            self._indexed_since, self._counted_by = month, ""

    def _put(self, item: Item) -> dict[str, Any]:
        return {"Put": {"TableName": self._table.name, "Item": item}}

    def finish(self, report: Report | None) -> None:
        """Keep the report with the fingerprint as read, and give the lease back; without one only that.

        Counts that are not in the table yet are written, too; with a report the index of lost names as well.
        """
        if report is not None and self._counts is not None:
            with suppress(Unavailable):
                self._index_losses()
        name = self._next_transaction()
        counting = [] if self._counted_by else self._counting(self._counts, name)
        if report is None and not counting:
            self._set_lease("REMOVE lease_until", {})
            return
        counted = name if counting else self._counted_by
        also, values, items = "", {}, counting
        if report is not None:
            also, values = ", fingerprint = :actual", to_item({":actual": self.version()})
            row = {"sk_value": report.run_id, **dump_report(report)}
            items = [*counting, self._put(to_key(REPORT) | to_item(row))]
        self._commit([self._lease_update(name, counted, also, values, last=True), *items], name)


def _noting(items: Iterable[Item], history: list[Item]) -> Iterator[Item]:
    """The items; the first of a day's history is noted on the way."""
    for item in items:
        if not history and is_history(item):
            history.append(item)
        yield item


def _has_room(name: str) -> str:
    """The condition that an attribute with lines has less than its most."""
    return f"(attribute_not_exists(#{name}) OR (attribute_type(#{name}, :list) AND size(#{name}) < :most))"


def _most(key: Key) -> int:
    """The most lines of a row of history."""
    return MOST_LOST if is_lost(key) else MOST_LINES


def _is_full(key: Key, lines: Item | None) -> bool:
    """Whether an attribute has its most lines, or is no list of them."""
    return lines is not None and ("L" not in lines or len(lines["L"]) >= _most(key))


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
