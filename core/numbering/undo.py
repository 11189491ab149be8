"""Choose the changes that an undo takes back: those of one run of the last 24 hours. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

from core.errors import Refused
from core.models import ChangeKind, HistoryEntry

UNDO_HOURS = timedelta(hours=24)
REVERSIBLE = {
    ChangeKind.RELEASED,
    ChangeKind.MOVED,
    ChangeKind.RESERVED,
    ChangeKind.UNRESERVED,
    ChangeKind.FREED,
    ChangeKind.HELD,
    ChangeKind.FORWARDED,
}
# An agent's own forward is no change that an admin takes back without naming its run.
_BY_HAND = REVERSIBLE - {ChangeKind.RELEASED, ChangeKind.FORWARDED}


class AlreadyUndone(Refused):
    """When a run was taken back before, at `at` by `by`."""

    def __init__(self, run_id: str, by: str, at: str) -> None:
        super().__init__(f"Run {run_id} was taken back already.")
        self.by = by
        self.at = at


def to_undo(recent: Sequence[HistoryEntry], run_id: str, by_hand: bool) -> tuple[HistoryEntry, ...]:
    """The changes of a run that are not taken back yet, oldest first; `recent` is the history of 24 hours.

    A `run_id` of "" means the newest change by hand, or else the newest sync that released numbers.
    Changes that follow the policy are left out: the next sync would make them again.
    Raises Refused, and AlreadyUndone.
    """
    recent = [entry for entry in recent if not entry.by_policy]
    chosen = run_id or _newest(recent, by_hand)
    entries = [entry for entry in recent if entry.run_id == chosen]
    if not any(entry.kind in REVERSIBLE for entry in entries):
        if run_id:
            raise Refused(f"Run {run_id} has nothing to take back. Changes can be taken back for 24 hours.")
        what = "change by hand" if by_hand else "sync with releases"
        raise Refused(f"In the last 24 hours there was no {what} that can be taken back.")
    undone = _undone(recent).get(chosen, {})
    left = tuple(entry for entry in entries if entry.extension not in undone)
    if undone and not any(entry.kind in REVERSIBLE for entry in left):
        newest = next(iter(undone.values()))
        raise AlreadyUndone(chosen, newest.by, newest.at)
    return left


def _undone(recent: Sequence[HistoryEntry]) -> dict[str, dict[str, HistoryEntry]]:
    """The numbers whose changes are taken back, by run, each with the line that did it, newest first.

    A line that was taken back itself counts no more.
    """
    undone: dict[str, dict[str, HistoryEntry]] = {}
    for entry in reversed(recent):
        numbers = [each for each in (entry.extension, entry.moved_from) if each]
        if entry.undoes and not undone.get(entry.run_id, {}).keys() & numbers:
            by_number = undone.setdefault(entry.undoes, {})
            for number in numbers:
                by_number.setdefault(number, entry)
    return undone


def _newest(recent: Iterable[HistoryEntry], by_hand: bool) -> str:
    """The newest run of the kind that is no undo itself, "" for none."""
    runs: dict[str, list[HistoryEntry]] = {}
    for entry in recent:
        runs.setdefault(entry.run_id, []).append(entry)
    for run_id, entries in reversed(runs.items()):
        hand = any(entry.kind in _BY_HAND for entry in entries)
        releases = any(entry.kind is ChangeKind.RELEASED for entry in entries)
        if (hand if by_hand else releases and not hand) and not any(entry.undoes for entry in entries):
            return run_id
    return ""
