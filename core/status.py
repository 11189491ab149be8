"""The state of the installation: the pool and its forecast, waiting approvals, the last runs, the policy."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct

from core.models import ChangeKind, Failure, HistoryEntry, Policy, Report
from core.numbering.history import moves_as_one
from core.numbering.usage import Usage, first_day, usage_of
from core.ports import RunRecords, TableReader

_MOST_RUNS = 5


class PastRun(Struct, frozen=True):
    """A run that changed something: when it began to write, who started it, how many changes."""

    run_id: str
    at: str
    by: str
    counts: Mapping[ChangeKind, int]


class Status(Struct, frozen=True):
    """The state as of one moment. `last` is the newest sync; `runs` changed something, the newest first."""

    usage: Usage
    policy: Policy
    last: Report | None
    failure: Failure | None
    runs: tuple[PastRun, ...]


def read_status(reader: TableReader, records: RunRecords, policy: Policy, now: datetime) -> Status:
    """Read it all. Raises Unavailable."""
    history = [*reader.history(first_day(now), now)]
    return Status(
        usage_of(reader.table(), policy, history, now),
        policy,
        reader.last_report(),
        records.last_failure(),
        tuple(last_runs(history)),
    )


def last_runs(history: Iterable[HistoryEntry]) -> list[PastRun]:
    """The newest runs of a history, newest first."""
    by_run: dict[str, list[HistoryEntry]] = {}
    for entry in moves_as_one(history):
        by_run.setdefault(entry.run_id, []).append(entry)
    newest = [*by_run.values()][: -_MOST_RUNS - 1 : -1]
    return [
        PastRun(run[0].run_id, run[0].at, run[0].by, Counter(entry.kind for entry in run)) for run in newest
    ]
