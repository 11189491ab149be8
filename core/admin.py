"""What a person may do to single extensions, by name. Takes the same lease as a sync."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from core.errors import ExtensionsError, Refused
from core.models import (
    Assigned,
    Change,
    ChangeKind,
    Free,
    Held,
    Policy,
    Reserved,
    Snapshot,
    State,
    iso,
)
from core.plan import released
from core.ports import Clock, TableWriter
from core.sync import new_run_id

_NOTE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Admin:
    """Changes to single extensions. Each raises Refused, LeaseTaken, LeaseLost or Unavailable."""

    writer: TableWriter
    policy: Policy
    clock: Clock

    def reserve(self, extension: str, note: str, by: str) -> Change:
        """Keep a free or held extension out of the pool, with a note that says what for."""
        return self._do(lambda table: self._reserving(table, extension, note), by)[0]

    def unreserve(self, extension: str, by: str) -> Change:
        """Put a reserved extension back into the pool."""
        return self._do(lambda table: self._unreserving(table, extension), by)[0]

    def move(self, agent_id: str, extension: str, by: str) -> tuple[Change, ...]:
        """Give an agent another extension, a free one or one held for them; the old one is held."""
        return tuple(self._do(lambda table: self._moving(table, agent_id, extension), by))

    def _do(self, decide: Callable[[Snapshot], Sequence[Change]], by: str) -> Sequence[Change]:
        lease = self.writer.acquire(new_run_id(self.clock()), by)
        try:
            changes = decide(self.writer.read())
            self.writer.apply(lease, changes, by, lambda _: None)
        finally:
            with suppress(ExtensionsError):
                self.writer.finish(lease, None)
        return changes

    def _reserving(self, table: Snapshot, extension: str, note: str) -> list[Change]:
        state = self._state(table, extension)
        if isinstance(state, Assigned):
            raise Refused(f"{extension} belongs to {state.label}. Move them to another number first.")
        if isinstance(state, Reserved):
            raise Refused(f"{extension} is reserved already: {state.note}")
        words = " ".join(note.split())[:_NOTE_LENGTH] or "no note"
        after = Reserved(extension, words, iso(self.clock()))
        return [Change(ChangeKind.RESERVED, extension, state, after, words)]

    def _unreserving(self, table: Snapshot, extension: str) -> list[Change]:
        state = self._state(table, extension)
        if not isinstance(state, Reserved):
            raise Refused(f"{extension} is not reserved.")
        after = Free(extension, released=iso(self.clock()))
        return [Change(ChangeKind.UNRESERVED, extension, state, after, state.note)]

    def _moving(self, table: Snapshot, agent_id: str, extension: str) -> list[Change]:
        old = next((row for row in table.assigned() if row.agent_id == agent_id), None)
        if old is None:
            raise Refused("That agent has no extension yet. Run a sync first.")
        state = self._state(table, extension)
        self._check_target(state, old)
        after = Assigned(
            extension,
            old.agent_id,
            old.username,
            old.arn,
            old.name,
            old.team,
            old.modified,
            iso(self.clock()),
        )
        gone = released(old, self.policy, self.clock())
        return [
            Change(ChangeKind.MOVED, extension, state, after, f"from {old.extension}"),
            Change(ChangeKind.RELEASED, old.extension, old, gone, f"moved to {extension}"),
        ]

    def _check_target(self, state: State | None, old: Assigned) -> None:
        match state:
            case Assigned(agent_id=old.agent_id):
                raise Refused(f"{old.label} has {old.extension} already.")
            case Assigned():
                raise Refused(f"{state.extension} belongs to {state.label}.")
            case Reserved():
                raise Refused(f"{state.extension} is reserved: {state.note}")
            case Held() if not state.over(self.clock()) and not _theirs(state, old):
                raise Refused(f"{state.extension} is held for {state.username} until {state.until[:10]}.")
            case _:
                pass

    def _state(self, table: Snapshot, extension: str) -> State | None:
        if extension not in self.policy.range:
            raise Refused(f"{extension} is not in the range {self.policy.range}.")
        record = table.records.get(extension)
        return record.state if record else None


def _theirs(hold: Held, agent: Assigned) -> bool:
    """Whether the number is held for this agent, who may have a new user id since."""
    return agent.agent_id == hold.agent_id or agent.username == hold.username
