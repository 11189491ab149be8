"""The files of one export, by S3 key."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from msgspec import Struct

from core.directory.cards import to_vcards
from core.directory.data import SCHEMA, to_json
from core.directory.keys import (
    DIRECTORY_CSV,
    DIRECTORY_JSON,
    DIRECTORY_SCHEMA,
    DIRECTORY_VCF,
    DIRECTORY_XLSX,
    INDEX_HTML,
)
from core.directory.page import to_html
from core.directory.publication import Publication
from core.directory.tables import to_csv, to_xlsx
from core.errors import Unavailable
from core.models import Directory, HistoryEntry, Policy, Reserved, Snapshot, iso
from core.numbering.usage import Usage, first_day, usage_of

History = Callable[[datetime, datetime], Iterable[HistoryEntry]]


def no_history(since: datetime, until: datetime) -> Iterable[HistoryEntry]:  # noqa: ARG001 - a History
    """For installations whose history can't be read: the page then shows no days."""
    return ()


class Publisher(Struct, frozen=True):
    """Facts for the files beside the table: the phone number before an extension, and the last 30 days."""

    phone: str = ""
    history: History = no_history

    def publish(self, table: Snapshot, policy: Policy, version: str, now: datetime) -> Publication:
        """The value that the files are made from; without the pool's use when the history can't be read."""
        states = [record.state for record in table.records.values()]
        reserved = sorted(
            (state for state in states if isinstance(state, Reserved)), key=lambda each: each.extension
        )
        directory = Directory(tuple(table.assigned()), version, iso(now), table.queues())
        return Publication(directory, tuple(reserved), self._usage(table, policy, now), self.phone)

    def _usage(self, table: Snapshot, policy: Policy, now: datetime) -> Usage | None:
        try:
            return usage_of(table, policy, self.history(first_day(now), now), now)
        except Unavailable:
            return None


def export_files(publication: Publication, run_id: str) -> dict[str, bytes]:
    """The files of one export by S3 key: the current ones, and dated copies of the two for programs."""
    table, data = to_csv(publication), to_json(publication)
    dated = f"history/{publication.directory.at[:10]}/{run_id}"
    return {
        f"{dated}/agent_extensions.csv": table,
        f"{dated}/directory.json": data,
        DIRECTORY_CSV: table,
        DIRECTORY_XLSX: to_xlsx(publication),
        DIRECTORY_VCF: to_vcards(publication),
        DIRECTORY_SCHEMA: SCHEMA.read_bytes(),
        INDEX_HTML: to_html(publication),
        DIRECTORY_JSON: data,
    }
