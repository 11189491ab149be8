"""The agents who had a number, and when, by its history. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from core.models import Assigned, ChangeKind, HistoryEntry
from core.words.periods import Period


class Stay(Struct, frozen=True):
    """An agent has a number, from `since` to `until`; "" for a beginning not known, and for now."""

    agent: str
    since: str = ""
    until: str = ""

    def within(self, period: Period) -> bool:
        """Whether it is, in part, in the period."""
        begun = self.since[:10] <= period.last.isoformat()
        return begun and (not self.until or self.until[:10] >= period.first.isoformat())


_GETS = {ChangeKind.ASSIGNED, ChangeKind.RETURNED, ChangeKind.MOVED}
# These say nothing but that the agent is there, by this name.
_STAYS = {ChangeKind.RELABELLED, ChangeKind.HEALED}


def stays(entries: Iterable[HistoryEntry], now: Assigned | None) -> list[Stay]:
    """The agents who had a number, by its history, oldest first, and by its assignment now."""
    found: list[Stay] = []
    there: Stay | None = None
    for entry in entries:
        label = entry.label
        if entry.kind in _GETS:
            found += [replace(there, until=entry.at)] if there else []
            there = Stay(label, entry.at)
        elif entry.kind is ChangeKind.RELEASED and label:
            found.append(replace(there or Stay(label), until=entry.at))
            there = None
        elif label and entry.kind in _STAYS:
            there = replace(there, agent=label) if there else Stay(label)
    if now:
        found.append(replace(there or Stay(now.label, now.since), agent=now.label))
    return found


def moves_as_one(entries: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """The entries without the releases that are the other half of a move: nobody left."""
    entries = list(entries)
    moves = {(entry.run_id, entry.agent_id) for entry in entries if entry.kind is ChangeKind.MOVED}
    return [
        entry
        for entry in entries
        if not (entry.kind is ChangeKind.RELEASED and (entry.run_id, entry.agent_id) in moves)
    ]
