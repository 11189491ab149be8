"""Carries out the orders of people: take the lease, read, decide (`core.numbering.decide`), apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from time import sleep

from msgspec import Struct

from core.errors import ExtensionsError, LeaseTaken, PartlyDone, TableChanged, Unavailable
from core.models import Change, HistoryEntry, Policy
from core.numbering.decide import Decision, Facts, decide
from core.numbering.orders import ByHand, Undo, UndoSync
from core.numbering.undo import UNDO_HOURS
from core.ports import Clock, TableWriter

# A sync of a few changes ends within seconds, and a person who waits may wait as long.
_LEASE_TRIES, _LEASE_PAUSE = 10, 1.0


class Admin(Struct, frozen=True):
    """One order of a person, as one run. `history` has the changes between two moments."""

    writer: TableWriter
    policy: Policy
    clock: Clock
    run_id: str
    history: Callable[[datetime, datetime], Iterable[HistoryEntry]]
    wait: Callable[[float], None] = sleep

    def do(self, order: ByHand, by: str) -> Decision:
        """Carry an order out. Raises Refused, LeaseTaken, LeaseLost or Unavailable.

        What an undo takes back is chosen under the lease: nobody takes back the same beside.
        """
        self._acquire(by)
        try:
            decision = decide(order, self._facts(order, by))
            self._apply(decision.changes)
        finally:
            with suppress(ExtensionsError):
                self.writer.finish(None)
        return decision

    def _apply(self, changes: Sequence[Change]) -> None:
        try:
            self.writer.apply(changes)
        except (TableChanged, Unavailable) as error:
            if not error.written:
                raise
            done = f"{error.written} of {len(changes)} changes are done, and stand."
            rest = tuple(change.extension for change in changes[error.written :])
            raise PartlyDone(f"{done} {error}", error.written, rest) from error

    def _facts(self, order: ByHand, by: str) -> Facts:
        table, now = self.writer.read(), self.clock()
        recent = self.history(now - UNDO_HOURS, now) if isinstance(order, Undo | UndoSync) else ()
        return Facts(table, self.policy, now, [*recent], by)

    def _acquire(self, by: str) -> None:
        """Take the lease, waiting up to 10 s for a run that is about to end."""
        for _ in range(_LEASE_TRIES):
            try:
                self.writer.acquire(self.run_id, by)
            except LeaseTaken:
                self.wait(_LEASE_PAUSE)
            else:
                return
        self.writer.acquire(self.run_id, by)
