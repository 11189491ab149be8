"""The table as it is read to answer questions: one extension, one agent, or all of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec.structs import replace

from core.aws.count_row import counts_in, indexed_since
from core.aws.reports import LINES, lines_of, load_entry, load_report
from core.aws.row_keys import FORWARDS, forwards_of
from core.aws.rows import (
    AGENT,
    COUNTS,
    GIVEN,
    HISTORY_DAYS,
    LEASE,
    REPORT,
    RESERVED,
    UNUSED,
    Item,
    Key,
    fingerprint,
    former_key,
    from_item,
    history_day,
    history_place,
    line_given,
    lost_key,
    months,
    numbering,
    owner_key,
    past_of_agent,
    past_of_number,
    rows_of,
    state_of,
    table_of,
    text_of,
    version_of,
)
from core.aws.table import Table
from core.calling.reach import Forward
from core.counts import Counts, counts_of, first_day
from core.models import (
    Assigned,
    Directory,
    Free,
    HistoryEntry,
    Report,
    Reserved,
    Snapshot,
    State,
    as_iso,
    iso,
    parse_iso,
)
from core.ports import Clock, ConsistentRead, News, SummaryMark

_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)
_MOST_KEYS = 98  # of a request, beside two


class DynamoTableReader:
    """The `TableReader` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def read_consistent(self, extensions: Sequence[str]) -> ConsistentRead:
        """These extensions (30 at most) and the version, in one request. No row reads as free."""
        keys = [(pk, sk) for pk in dict.fromkeys(extensions) for sk in (AGENT, UNUSED, RESERVED)]
        items = self._table.get_all([*keys, LEASE, FORWARDS])
        rest = {item["pk"]["S"]: item for item in items}
        version = text_of(rest.get(LEASE[0], {}), "fingerprint")
        forwards = forwards_of(from_item(rest.get(FORWARDS[0], {})))
        records = table_of(items).records
        given = {item["pk"]["S"]: text_of(item, GIVEN) for item in items if GIVEN in item}
        states = (records[pk].state if pk in records else Free(pk) for pk in extensions)
        states = (
            replace(each, given=given.get(each.extension, "")) if isinstance(each, Assigned) else each
            for each in states
        )
        now = iso(self._clock())
        return ConsistentRead(tuple(_with_forward(each, forwards, now) for each in states), version)

    def of_agent(self, agent_id: str) -> Assigned | None:
        """The agent's assignment, by the agent's own row and then the extension's."""
        extension = text_of(self._table.get(owner_key(agent_id)), "sk_value")
        if not extension:
            return None
        (state,) = self.read_consistent([extension]).states
        return state if isinstance(state, Assigned) and state.agent_id == agent_id else None

    def directory(self) -> Directory:
        """All assignments, from the index. The version is "" while the index lags, so that it is not kept."""
        recorded = text_of(self._table.get(LEASE), "fingerprint")
        items = list(self._table.indexed())
        actual = version_of(fingerprint(from_item(item) for _, item in numbering(items)))
        version = recorded if actual == recorded else ""
        table = table_of(items)
        return Directory(tuple(table.assigned()), version, iso(self._clock()), table.queues())

    def table(self) -> Snapshot:
        """Every extension, from the index, without what agents' own rows say."""
        return table_of(self._table.indexed([AGENT, UNUSED, RESERVED]))

    def reserved(self) -> list[Reserved]:
        """The reserved extensions, from the index, in one query."""
        states = (state_of(from_item(item)) for _, item in numbering(self._table.indexed([RESERVED])))
        return sorted(
            (state for state in states if isinstance(state, Reserved)), key=lambda state: state.extension
        )

    def last_report(self) -> Report | None:
        """The newest report."""
        return load_report(from_item(self._table.get(REPORT)))

    def history(self, since: datetime, until: datetime) -> Iterable[HistoryEntry]:
        """The changes after `since`, up to `until`, oldest first; a query for each day between."""
        return history_between(self._table, since, until)

    def counts(self, now: datetime) -> Counts:
        """The last 30 days and the newest runs, counted: one request, or 31 where the row is not whole."""
        counts, _ = self._counted([LEASE, COUNTS])
        return self._counts(now) if counts is None else counts

    def _counted(self, keys: Sequence[Key]) -> tuple[Counts | None, dict[Key, Item]]:
        """The kept counts, None where they are not whole, with the items of these keys, in one request."""
        items = {(text_of(item, "pk"), text_of(item, "sk")): item for item in self._table.get_all(keys)}
        return counts_in(items.get(COUNTS, {}), items.get(LEASE, {})), items

    def _counts(self, now: datetime) -> Counts:
        return counts_of(self.history(first_day(now) - _SECOND, now), now)

    def history_of_number(self, extension: str, now: State) -> list[HistoryEntry]:
        """The changes of one number, oldest first, in one query; `now` is its state by `read_consistent`."""
        past = self._table.query(
            ConsistentRead=True,
            KeyConditionExpression="pk = :number",
            ExpressionAttributeValues={":number": {"S": past_of_number(extension)}},
        )
        return self._with_given(now, past)

    def history_of_agent(self, agent_id: str, now: Assigned | None) -> list[HistoryEntry]:
        """The changes that concern one agent, oldest first, in one query of the index.

        `now` is their assignment by `read_consistent`, None for none.
        """
        return self._with_given(now, self._table.indexed([past_of_agent(agent_id)]))

    def _with_given(self, now: State | None, past: Iterable[Item]) -> list[HistoryEntry]:
        """The lines of histories, with the one by which the number was given, as long as history is kept."""
        row = rows_of(now)[0] | {GIVEN: now.given} if isinstance(now, Assigned) else {}
        given = line_given(row) if row else None
        lines = _past(past)
        if given is None or given.at < iso(self._clock() - timedelta(days=HISTORY_DAYS)):
            return lines
        # Within the second others gave the number up before; what else befell the agent on it came after.
        first = (given.extension, given.agent_id)
        return sorted(
            [*lines, given],
            key=lambda line: (
                line.at,
                line is given or (line.at == given.at and (line.extension, line.agent_id) == first),
                line is not given,
            ),
        )

    def losses(self, since: datetime) -> Iterable[HistoryEntry]:
        """The changes since then by which somebody lost a number or a name, oldest first, in one query."""
        return losses(self._table, since)

    def losses_named(self, words: Collection[str], since: datetime) -> Iterable[HistoryEntry]:
        """The losses since then, oldest first, of people with one of these folded words in name or username.

        There may be others among them. The words of an email's domain find nobody. One request for 6 words,
        and that of `losses` where the index of names is not whole, or not for these words.
        """
        months_asked = months(iso(since), iso(self._clock() + _DAY))
        keys = [lost_key(word, month) for word in words for month in months_asked]
        items: dict[Key, Item] = {}
        for start in range(0, len(keys), _MOST_KEYS):
            found = self._table.get_all([LEASE, COUNTS, *keys[start : start + _MOST_KEYS]])
            items |= {(text_of(item, "pk"), text_of(item, "sk")): item for item in found}
        whole_since = indexed_since(items.pop(COUNTS, {}), items.pop(LEASE, {}))
        cut = {pk for (pk, _), item in items.items() if "cut" in item or "L" not in item.get("lines", {})}
        if not whole_since or whole_since > iso(since)[:7] or len(cut) > 1 or len(cut) == len(words):
            return self.losses(since)
        return [line for line in dict.fromkeys(_past(items.values())) if line.at >= iso(since)]

    def news(self, mark: SummaryMark, now: datetime) -> News:
        """The changes after the mark by runs that are over, oldest first, and what a summary tells beside.

        Every row of history has a place in the order of all transactions, whatever the clocks say. A run
        that is not over may still write into the middle of what is read here: it waits for the next summary.
        Days of which the counts know that they have no history are not read.
        """
        counts, items = self._counted([LEASE, COUNTS, REPORT])
        lease = items.get(LEASE, {})
        said = lease.get("token", {}).get("N", "")
        token = int(said) if said.isdigit() else 0
        end = history_place(token if "lease_until" in lease else token + 1, 0)
        # A place that is still to come is from before somebody removed the lease row: then the time tells.
        start = mark.place if mark.place < end else ""
        told, place, waits = [], start or history_place(0, 0), ""
        since = min(parse_iso(each) for each in (mark.at, as_iso(mark.waits)) if each)
        days = _days(since - _DAY, now + _DAY)
        rows = _rows_of_days(self._table, (day for day in days if _may_have_history(day, counts, now)))
        for row in sorted(
            (from_item(item) for item in rows), key=lambda row: (row.get("place", ""), row["sk"])
        ):
            if row.get("place", "") < end:
                place = max(place, row.get("place", ""))
                lines = lines_of(row)
                by_place = start and "place" in row
                told += [line for line in lines if (row["place"] > start if by_place else line.at > mark.at)]
            else:
                waits = min(waits or row["pk"], row["pk"])
        counts = self._counts(now) if counts is None else counts
        report = load_report(from_item(items.get(REPORT, {})))
        return News(told, SummaryMark(iso(now), place, waits.rpartition("#")[2]), counts, report)


def history_between(table: Table, since: datetime, until: datetime) -> Iterator[HistoryEntry]:
    """The changes after `since`, up to `until`, oldest first; a query for each day between."""
    for item in _rows_of_days(table, _days(since, until)):
        lines = lines_of(from_item(item))
        yield from (line for line in lines if iso(since) < line.at <= iso(until))


def _days(since: datetime, until: datetime) -> Iterator[datetime]:
    """A moment of each day from one to the other, by the clocks of runs."""
    return (since + day * _DAY for day in range((until.date() - since.date()).days + 1))


def _rows_of_days(table: Table, days: Iterable[datetime]) -> Iterator[Item]:
    """The rows of history of these days."""
    for day in days:
        yield from table.query(
            ConsistentRead=True,
            KeyConditionExpression="pk = :day",
            ExpressionAttributeValues={":day": {"S": history_day(day)}},
        )


def _may_have_history(day: datetime, counts: Counts | None, now: datetime) -> bool:
    """Whether a day may have history, by counts that have every day with history since `first_day`."""
    return counts is None or day < first_day(now) or iso(day)[:10] in counts.days


def losses(table: Table, since: datetime, until: str = "9") -> Iterator[HistoryEntry]:
    """The changes since then by which somebody lost a number or a name, oldest first, in one query.

    `until` is the first day, as `iso` writes it, that is left out.
    """
    partition, first = former_key(since)
    for item in table.query(
        ConsistentRead=True,
        KeyConditionExpression="pk = :former AND sk >= :first",
        ExpressionAttributeValues={":former": {"S": partition}, ":first": {"S": first}},
    ):
        if text_of(item, "sk") >= until:
            return
        yield from lines_of(from_item(item))


def _with_forward(state: State, forwards: Mapping[str, Forward], now: str) -> State:
    """The state, and where the calls of its agent go now."""
    forward = forwards.get(state.agent_id) if isinstance(state, Assigned) else None
    if not isinstance(state, Assigned) or forward is None or forward.until <= now:
        return state
    return replace(state, calls_go_to=forward.name or "a colleague", calls_go_until=forward.until)


def _past(items: Iterable[Item]) -> list[HistoryEntry]:
    """The lines of histories, oldest first; within a second, each row's lines in the order of writing."""
    texts = (text for item in items for name in LINES for text in item.get(name, {}).get("L", ()))
    return sorted(
        (line for text in texts for line in load_entry(text.get("S", ""))), key=lambda line: line.at
    )
