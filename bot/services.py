"""The services that listeners call."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from msgspec import Struct

from bot.config import Settings
from bot.jobs import Job
from bot.slack.deadline import check_deadline
from core.asking.lookup import Lookup
from core.errors import ExtensionsError
from core.once import once
from core.ports import Claims, Clock, Connect, Exports, Incidents, Links, RunRecords, TableReader
from core.work import Work

# Longer than the hand-over of a job may take; and how often people without a number may start a sync.
_START_SECONDS, _ASKED_SECONDS = 30, 120


class Services(Struct, frozen=True):
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
    clock: Clock

    def start_once(self, job: Job) -> None:
        """Start a job unless one of its name was started, or it is too late. Raises Unavailable."""
        name = Work.START.named(job.id)
        once(self.claims, name, _START_SECONDS, partial(self._start_in_time, job), unclaimed_too=True)

    def _start_in_time(self, job: Job) -> None:
        check_deadline()
        self.start(job)

    def catch_up(self) -> bool:
        """Start a sync for somebody who has no number yet, if USER_EVENTS is on; whether one was started.

        At most one in two minutes, whoever asks.
        """
        if not self.settings.user_events:
            return False
        name = Work.START.named("asked", int(time.time()) // _ASKED_SECONDS)
        try:
            once(self.claims, name, _START_SECONDS, partial(self.start, Job()))
        except ExtensionsError:
            return False
        return True
