"""The table as it is read to answer questions: one extension, one agent, or all of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from core.aws.reports import load_history, load_report
from core.aws.rows import (
    AGENT,
    LEASE,
    REPORT,
    RESERVED,
    UNUSED,
    fingerprint,
    from_item,
    history_day,
    numbering,
    owner_key,
    state_of,
    table_of,
    text_of,
    version_of,
)
from core.aws.table import Table
from core.models import Assigned, Directory, Free, HistoryEntry, Report, Snapshot, iso
from core.ports import Clock, ConsistentRead


class DynamoTableReader:
    """The `TableReader` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def read_consistent(self, extensions: Sequence[str]) -> ConsistentRead:
        """These extensions (30 at most) and the version, in one request. No row reads as free."""
        keys = [(pk, sk) for pk in dict.fromkeys(extensions) for sk in (AGENT, UNUSED, RESERVED)]
        items = self._table.get_all([*keys, LEASE])
        version = next((text_of(item, "fingerprint") for item in items if item["pk"]["S"] == "sync"), "")
        records = table_of(items).records
        states = tuple(records[pk].state if pk in records else Free(pk) for pk in extensions)
        return ConsistentRead(states, version)

    def of_agent(self, agent_id: str) -> Assigned | None:
        """The agent's assignment, by the agent's own row and then the extension's."""
        extension = text_of(self._table.get(owner_key(agent_id)), "sk_value")
        if not extension:
            return None
        (state,) = self.read_consistent([extension]).states
        return state if isinstance(state, Assigned) and state.agent_id == agent_id else None

    def assigned(self, extension: str) -> Assigned | None:
        """The assignment of one extension, in one read of one row: a caller is waiting."""
        item = self._table.get((extension, AGENT))
        state = state_of(from_item(item)) if item else None
        return state if isinstance(state, Assigned) else None

    def directory(self) -> Directory:
        """All assignments, from the index. The version is "" while the index lags, so that it is not kept."""
        recorded = text_of(self._table.get(LEASE), "fingerprint")
        items = list(self._table.indexed())
        actual = version_of(fingerprint(map(from_item, numbering(items).values())))
        version = recorded if actual == recorded else ""
        return Directory(tuple(table_of(items).assigned()), version, iso(self._clock()))

    def table(self) -> Snapshot:
        """Every extension, from the index."""
        return table_of(self._table.indexed())

    def last_report(self) -> Report | None:
        """The newest report."""
        report = text_of(self._table.get(REPORT), "report")
        return load_report(report) if report else None

    def history(self, since: datetime, until: datetime) -> Iterable[HistoryEntry]:
        """The changes after `since`, up to `until`, oldest first; a query for each day between."""
        day = since.replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= until:
            for item in self._table.query(
                ConsistentRead=True,
                KeyConditionExpression="pk = :day",
                ExpressionAttributeValues={":day": {"S": history_day(day)}},
            ):
                lines = load_history(text_of(item, "lines"))
                yield from (line for line in lines if iso(since) < line.at <= iso(until))
            day += timedelta(days=1)
