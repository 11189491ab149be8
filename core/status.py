"""The state of the installation: the pool and its forecast, waiting approvals, the last runs, the policy."""

from __future__ import annotations

from datetime import datetime

from msgspec import Struct

from core.counts import PastRun, first_day
from core.models import Failure, Policy, Report
from core.numbering.usage import Usage, usage_of
from core.ports import RunRecords, TableReader


class Status(Struct, frozen=True):
    """The state as of one moment. `last` is the newest sync; `runs` changed something, the newest first."""

    usage: Usage
    policy: Policy
    last: Report | None
    failure: Failure | None
    runs: tuple[PastRun, ...]


def read_status(reader: TableReader, records: RunRecords, policy: Policy, now: datetime) -> Status:
    """Read it all. Raises Unavailable."""
    counts = reader.counts(now)
    return Status(
        usage_of(reader.table(), policy, counts, now),
        policy,
        reader.last_report(),
        records.last_failure(),
        counts.newest_runs(first_day(now)),
    )
