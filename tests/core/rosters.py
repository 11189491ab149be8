"""Builders of directory entries to search in."""

from __future__ import annotations

from itertools import count

from core.models import Assigned
from core.search.index import SearchIndex


def entry(name: str, username: str = "", team: str = "", extension: str = "0001") -> Assigned:
    """An agent by name; the username follows from the name unless it is given."""
    login = username or ".".join(name.lower().split()) or "nobody"
    return Assigned(extension, agent_id=f"id of {extension}", username=login, name=name, team=team)


def index_of(*people: str | Assigned) -> SearchIndex:
    """An index of people, each by name or as an entry, with extensions of their own."""
    numbers = (f"{number:04}" for number in count(1))
    return SearchIndex(
        [
            entry(who, extension=number) if isinstance(who, str) else who
            for who, number in zip(people, numbers, strict=False)
        ]
    )
