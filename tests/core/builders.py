"""Short ways to say who is listed and what the table holds."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from core.aws.rows import rows_of, to_item
from core.models import (
    Agent,
    Assigned,
    Change,
    ChangeKind,
    ExtensionRange,
    ExtensionRecord,
    Free,
    Held,
    Policy,
    Reserved,
    Roster,
    Snapshot,
    State,
    iso,
)
from tests.stand_ins.expressions import Item

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LONG_AGO = "2025-05-05T05:05:05Z"


class Clock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **much: float) -> None:
        """Let time pass, as in `advance(days=3)`."""
        self.now += timedelta(**much)


def agent(username: str, id: str = "", **other: Any) -> Agent:  # noqa: A002
    """An agent as Connect lists them, named after the username."""
    fields = {"name": username.title(), "modified": LONG_AGO} | other
    fields = {"first_name": fields["name"]} | fields
    return Agent(id or f"id-{username}", username, **fields)


def roster(*agents: Agent, total: int | None = -1, faults: tuple[str, ...] = ()) -> Roster:
    """A listing that Connect's own count agrees with, unless it is told otherwise."""
    return Roster(agents, len(agents) if total == -1 else total, faults)


def assigned(extension: str, username: str, **other: Any) -> Assigned:
    """An assignment to the agent that `agent(username)` is, with all that is known of them."""
    fields = {"agent_id": f"id-{username}", "name": username.title(), "modified": LONG_AGO} | other
    fields = {"first_name": fields["name"]} | fields
    return Assigned(extension, username=username, **fields)


def held(extension: str, username: str, *, days: float = 10, **other: Any) -> Held:
    """A number held for the agent for so many more days."""
    fields = {"agent_id": f"id-{username}", "released": LONG_AGO} | other
    return Held(extension, iso(NOW + timedelta(days=days)), username=username, **fields)


def free(extension: str, released: str = "") -> Free:
    """A number in the pool."""
    return Free(extension, released)


def reserved(extension: str, note: str = "the front desk") -> Reserved:
    """A number kept out of the pool."""
    return Reserved(extension, note)


def table(*found: State | ExtensionRecord) -> Snapshot:
    """A table that holds these states, each of them sound unless it comes as a record."""
    records = [each if isinstance(each, ExtensionRecord) else record(each) for each in found]
    return Snapshot({each.state.extension: each for each in records})


def record(state: State, *faults: str) -> ExtensionRecord:
    """One extension of a table, and what is wrong with it."""
    owners = (state.agent_id,) if isinstance(state, Assigned) and state.agent_id else ()
    return ExtensionRecord(state, owners, faults)


def policy(extensions: str = "00-09", **other: Any) -> Policy:
    """The rules, with a small range."""
    return Policy(ExtensionRange.parse(extensions), **other)


def rows(*found: dict[str, str]) -> list[Item]:
    """Rows in DynamoDB's own form."""
    return [{name: {"S": value} for name, value in row.items()} for row in found]


def seeded(*states: State) -> list[Item]:
    """The items of these states."""
    return [to_item(row) for state in states for row in rows_of(state)]


def older_pool(extensions: Iterable[str], **users: str) -> list[Item]:
    """A table as awsconnect-extensions leaves it: `users` have the extensions given, the rest is unused."""
    by_extension = {extension: username for username, extension in users.items()}
    return rows(
        *(
            {"pk": extension, "sk": "agentID", "sk_value": by_extension[extension]}
            if extension in by_extension
            else {"pk": extension, "sk": "nu", "sk_value": extension}
            for extension in extensions
        )
    )


def filling(count: int, start: int = 0) -> list[Change]:
    """So many new extensions."""
    found = [f"{number:03}" for number in range(start, start + count)]
    return [Change(ChangeKind.FILLED, each, None, Free(each), "new") for each in found]


def giving(extension: str, username: str, before: State | None = None, **more: Any) -> Change:
    return Change(
        ChangeKind.ASSIGNED, extension, before, assigned(extension, username), "a new agent", **more
    )
