"""What the channel is told once a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from core.models import ChangeKind, HistoryEntry, Pool, Report, iso


@dataclass(frozen=True, slots=True)
class Summary:
    """The changes of a stretch of time, and how things stand at its end.

    `last_sync` is "" before the first sync. `approval` is what releases the withheld ones, "" where no
    approval helps.
    """

    since: str
    until: str
    assigned: tuple[HistoryEntry, ...]
    returned: tuple[HistoryEntry, ...]
    released: tuple[HistoryEntry, ...]
    relabelled: tuple[HistoryEntry, ...]
    moved: tuple[HistoryEntry, ...]
    pool: Pool
    withheld: tuple[HistoryEntry, ...] = ()
    withheld_because: tuple[str, ...] = ()
    approval: str = ""
    last_sync: str = ""


def summarise(
    changes: Iterable[HistoryEntry], pool: Pool, last: Report | None, since: datetime, until: datetime
) -> Summary:
    """Sort the changes between two moments, oldest first; `last` is the newest report."""
    by_kind: dict[ChangeKind, list[HistoryEntry]] = {kind: [] for kind in ChangeKind}
    for change in changes:
        by_kind[change.kind].append(change)
    return Summary(
        since=iso(since),
        until=iso(until),
        assigned=tuple(by_kind[ChangeKind.ASSIGNED]),
        returned=tuple(by_kind[ChangeKind.RETURNED]),
        released=tuple(by_kind[ChangeKind.RELEASED]),
        relabelled=tuple(by_kind[ChangeKind.RELABELLED]),
        moved=tuple(by_kind[ChangeKind.MOVED]),
        pool=pool,
        withheld=last.withheld if last else (),
        withheld_because=last.withheld_because if last else (),
        approval=last.approval if last else "",
        last_sync=last.started if last else "",
    )
