"""Keys of the rows that calls read, apart from `core.aws.rows`: a call imports no more than it needs."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.calling.reach import ROW, Forward

Key = tuple[str, str]

AGENT, UNUSED, RESERVED, OWNER = "agentID", "nu", "reserved", "extension"
_USER = "user#"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
# The forwards: an attribute for each agent whose calls go elsewhere, "<agent id> <until> <name>".
FORWARDS: Key = ("forwards", "now")


def owner_key(agent_id: str) -> Key:
    """The key of the agent's own row."""
    return (_USER + agent_id, OWNER)


def agent_of(pk: str) -> str:
    """The agent whose own row has this `pk`."""
    return pk.removeprefix(_USER)


def is_own_row(key: Key) -> bool:
    """Whether it is the key of an agent's own row."""
    return key[1] == OWNER and key[0].startswith(_USER)


def forwards_of(row: Mapping[str, str]) -> dict[str, Forward]:
    """The forwards of the row by agent. What is no forward is left out: a hand can have written anything."""
    parts = {name: value.split(" ", 2) for name, value in row.items()}
    return {
        name: Forward(*part) for name, part in parts.items() if len(part) > 1 and _TIME.fullmatch(part[1])
    }


def names_key(keys: str) -> Key:
    """The key of the row with the names that begin with these keys."""
    return (f"names#{keys[:ROW]}", "people")
