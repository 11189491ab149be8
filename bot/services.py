"""The services that listeners call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from bot.config import Settings
from bot.jobs import Job
from core.lookup import Lookup
from core.once import once
from core.ports import Claims, Connect, Exports, Incidents, Links, RunRecords, TableReader

# Longer than the hand-over of a job may take.
_START_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Services:
    """The services that listeners call. `start` hands a job to the sync function and raises Unavailable."""

    lookup: Lookup
    reader: TableReader
    exports: Exports
    connect: Connect
    claims: Claims
    links: Links
    incidents: Incidents
    records: RunRecords
    start: Callable[[Job], None]
    settings: Settings

    def start_once(self, job: Job) -> None:
        """Start a job unless one of its name was started. Raises Unavailable."""
        name = f"start-{job.id}"
        once(self.claims, name, _START_SECONDS, partial(self.start, job), unclaimed_too=True)
