"""The directory for programs: JSON, by a published schema."""

from __future__ import annotations

import json
from pathlib import Path

from core.directory.publication import Publication

SCHEMA = Path(__file__).parent / "directory.schema.json"


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
        for entry in directory.entries
    ]
    reserved = [{"extension": each.extension, "note": each.note} for each in publication.reserved]
    content = {
        "$schema": SCHEMA.name,
        "version": directory.version,
        "at": directory.at,
        "entries": entries,
        "reserved": reserved,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
