"""The files of one export, by S3 key."""

from __future__ import annotations

from datetime import datetime

from core.counts import Counts
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
from core.models import Directory, Policy, Reserved, Snapshot, iso
from core.numbering.usage import usage_of


def published(
    table: Snapshot, policy: Policy, counts: Counts | None, version: str, now: datetime, phone: str = ""
) -> Publication:
    """The value that the files are made from; without the pool's use where the counts are not known."""
    states = [record.state for record in table.records.values()]
    reserved = sorted(
        (state for state in states if isinstance(state, Reserved)), key=lambda each: each.extension
    )
    directory = Directory(tuple(table.assigned()), version, iso(now), table.queues())
    usage = usage_of(table, policy, counts, now) if counts is not None else None
    return Publication(directory, tuple(reserved), usage, phone)


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
