"""The directory for programs: JSON, by a published schema."""

from __future__ import annotations

import json
from pathlib import Path

from core.directory.publication import Publication

SCHEMA = Path(__file__).parent / "directory.schema.json"
# It grows when a property goes or means something else, and not when one is added.
SCHEMA_VERSION = 1


def to_json(publication: Publication) -> bytes:
    """The directory as `directory.schema.json` describes it."""
    directory = publication.directory
    entries = [
        {
            "extension": entry.extension,
            "agent_id": entry.agent_id,
            "username": entry.username,
            "name": entry.name,
            "team": entry.team,
        }
        | ({"readings": entry.readings} if entry.readings else {})
        for entry in directory.entries
    ]
    reserved = [{"extension": each.extension, "note": each.note} for each in publication.reserved]
    queues = [
        {"extension": each.extension, "name": each.name, "note": each.note} for each in directory.queues
    ]
    content = {
        "$schema": SCHEMA.name,
        "schema_version": SCHEMA_VERSION,
        "version": directory.version,
        "as_of": directory.at,
        "at": directory.at,
        "entries": entries,
        "reserved": reserved,
        "queues": queues,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
