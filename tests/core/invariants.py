"""What never breaks, read off the raw rows of the table without the help of the code under test."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.directory.keys import DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML

Item = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Numbers:
    """The rows told apart. Values are (agent id, username), and of holds their end and beginning too."""

    assigned: dict[str, tuple[str, str]] = field(default_factory=dict)
    held: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    free: dict[str, str] = field(default_factory=dict)
    reserved: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    token: int = 0

    @property
    def holders(self) -> dict[str, str]:
        """The extension of each username."""
        return {username: extension for extension, (_, username) in self.assigned.items()}


def numbers_of(items: Iterable[Item]) -> Numbers:
    """Read the rows. Fails where an extension has two, or one that the index would miss."""
    numbers = Numbers()
    seen: dict[str, str] = {}
    token = 0
    for item in items:
        row = {name: str(next(iter(attribute.values()))) for name, attribute in item.items()}
        pk, sk = row["pk"], row["sk"]
        if (pk, sk) == ("sync", "lease"):
            token = int(row.get("token", "0"))
        elif pk.startswith("user#"):
            numbers.owners[pk.removeprefix("user#")] = row["sk_value"]
        elif pk.isdigit():
            assert pk not in seen, f"{pk} is both {seen[pk]} and {sk}"
            assert row.get("sk_value"), f"the {sk} row of {pk} is missing from the index"
            seen[pk] = sk
            _sort(numbers, pk, row)
    return Numbers(
        numbers.assigned,
        numbers.held,
        numbers.free,
        numbers.reserved,
        numbers.names,
        numbers.owners,
        token,
    )


def _sort(numbers: Numbers, pk: str, row: dict[str, str]) -> None:
    if row["sk"] == "agentID":
        numbers.assigned[pk] = (row.get("agent_id", ""), row["sk_value"])
        numbers.names[pk] = row.get("display_name", "")
    elif row["sk"] == "reserved":
        numbers.reserved[pk] = row["sk_value"]
    elif "held_until" in row:
        who = (row.get("agent_id", ""), row.get("username", ""))
        numbers.held[pk] = (*who, row["held_until"], row.get("released", ""))
    else:
        numbers.free[pk] = row.get("released", "")


def check_one_each(numbers: Numbers) -> None:
    """Invariant 1: an agent has at most one extension, and each one's own row says which."""
    ids = [agent_id for agent_id, _ in numbers.assigned.values() if agent_id]
    nameless = [username for agent_id, username in numbers.assigned.values() if not agent_id]
    usernames = [username for _, username in numbers.assigned.values()]
    assert len(set(ids)) == len(ids), "an agent has two extensions"
    assert all(usernames.count(username) == 1 for username in nameless), "a username has two extensions"
    by_rows = {agent_id: extension for extension, (agent_id, _) in numbers.assigned.items() if agent_id}
    assert numbers.owners == by_rows, "the agents' own rows and the extensions' disagree"


def check_whole(numbers: Numbers, extensions: Iterable[str]) -> None:
    """Invariant 2, once the range has been filled: no extension of it is lost. None is in two states."""
    there = {*numbers.assigned, *numbers.held, *numbers.free, *numbers.reserved}
    assert there.issuperset(extensions), f"lost: {set(extensions) - there}"


def check_kept(before: Numbers, after: Numbers) -> None:
    """Invariant 3: an agent who has a number before and after a sync has the same one.

    By user id; and by username, where the user was made anew.
    """
    then = {agent_id: extension for extension, (agent_id, _) in before.assigned.items() if agent_id}
    now = {agent_id: extension for extension, (agent_id, _) in after.assigned.items() if agent_id}
    moved = {who: (then[who], now[who]) for who in then.keys() & now.keys() if then[who] != now[who]}
    anew = {
        username: (extension, after.holders[username])
        for extension, (agent_id, username) in before.assigned.items()
        if agent_id not in now and after.holders.get(username, extension) != extension
    }
    for username, (_, extension) in anew.items():
        if after.assigned[extension][0] not in then:
            moved[username] = anew[username]
    assert not moved, f"a sync changed numbers: {moved}"
    assert before.reserved == after.reserved, "a sync changed a reservation"


def check_nobody_released(before: Numbers, after: Numbers) -> None:
    """Invariant 4, where the listing was bad."""
    gone = {
        extension: who
        for extension, who in before.assigned.items()
        if extension not in after.assigned or not _same(who, after.assigned[extension])
    }
    assert not gone, f"released on a bad listing: {gone}"


def _same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    return one[0] == other[0] != "" or one[1].casefold() == other[1].casefold()


def check_holds(before: Numbers, after: Numbers, now: str) -> None:
    """A number that is held goes to nobody but whom it is held for."""
    for extension, (agent_id, username, until, _) in before.held.items():
        if until > now and extension in after.assigned:
            assert _same((agent_id, username), after.assigned[extension]), (
                f"{extension}, held for {username}, went to {after.assigned[extension]}"
            )


def check_export(files: Mapping[str, bytes], now: Numbers) -> None:
    """Invariant 7: the files of the export say the same, and what the table says."""
    entries = json.loads(files[DIRECTORY_JSON])["entries"]
    assert {each["extension"]: (each["agent_id"], each["username"]) for each in entries} == now.assigned
    assert {each["extension"]: each["name"] for each in entries} == now.names
    lines = list(csv.reader(io.StringIO(files[DIRECTORY_CSV].decode())))[1:]
    assert {line[1]: line[0] for line in lines} == {pk: who for pk, (_, who) in now.assigned.items()}
    page = files[INDEX_HTML].decode()
    assert all(f">{extension}<" in page for extension in now.assigned)


def lasting(items: Iterable[Item]) -> list[Item]:
    """All rows but those about the runs themselves."""
    return [item for item in items if item["pk"]["S"] != "sync"]
