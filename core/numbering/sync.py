"""One sync: take the lease, read, plan, guard, apply, export, report."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from core.calling.called import mark_of, rows_of_names
from core.counts import Counts
from core.directory.files import export_files, published
from core.errors import ExtensionsError, LeaseTaken, Refused, TableChanged, Unavailable
from core.models import (
    UNSEEN,
    Assigned,
    Change,
    ChangeKind,
    Directory,
    HistoryEntry,
    Policy,
    Pool,
    Report,
    Roster,
    Snapshot,
    SyncPlan,
    iso,
)
from core.numbering.guard import (
    Consent,
    GuardedPlan,
    applying,
    doubts_about,
    guard,
    plan_lines,
    plan_name,
    released_before,
)
from core.numbering.plan import Read, applied, plan_sync, unread
from core.numbering.roster import MOST_AWAITED, Gathering
from core.numbering.usage import free_by_range
from core.ports import Clock, Connect, Exports, TableWriter

# Told what is being done, how much of it, and of how much (0: not known).
Progress = Callable[[str, int, int], None]

# A row that is not what the index said makes the plan stale; the second plan is made from the table
# itself, so a third is needed only when somebody writes to the table beside us.
_PLANS = 4
# The guard counts the releases of so long.
_GUARDED = timedelta(hours=24)


def new_run_id(now: datetime) -> str:
    """A name for a run that sorts by time: `20261122T093000Z-5f2a91`."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def no_progress(doing: str, done: int, of: int) -> None:
    """Progress that is not reported."""


class Sync(Struct, frozen=True):
    """All that a sync needs. `run` may be called by many processes at once: the lease lets one through.

    `phone` is the number that outside callers dial before an extension, "" for none.
    """

    connect: Connect
    writer: TableWriter
    exports: Exports
    policy: Policy
    clock: Clock
    renew_seconds: float = 40
    # Numbers of more new agents than this are written while their names are still being read.
    most_awaited: int = MOST_AWAITED
    phone: str = ""
    read: Read = unread

    def run(
        self,
        by: str,
        run_id: str = "",
        consent: Consent = Consent(),
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> Report:
        """Make the numbers follow the Connect user list; the report says what changed.

        `consent` is to the `approval` of a report; those left out of it wait, even where the facts have moved
        and nobody is released by it. Or to the `plan` of a dry run's report: then the run makes that plan and
        no other, and is a dry run where the facts have moved.
        A dry run changes nothing. Raises LeaseTaken, LeaseLost or Unavailable; a later run finishes the work.
        """
        started = self.clock()
        run_id = run_id or new_run_id(started)
        run = _Run(by, run_id, started, progress, consent, dry_run=dry_run)
        if dry_run:
            return self._planned(run)
        self.writer.acquire(run_id, by)
        report = None
        try:
            report = self._leased(run)
        finally:
            self._give_back(None if run.dry_run else report)
        return report

    def export(self, by: str) -> int:
        """Write the export anew, whatever stands there; the number of agents in it.

        Under the lease, so that it can't put an older directory over a newer one. Raises as `run` does.
        """
        run_id = new_run_id(self.clock())
        self.writer.acquire(run_id, by)
        try:
            return len(self._replace_export(self.writer.read(), run_id).entries)
        finally:
            self._give_back(None)

    def _replace_export(self, table: Snapshot, run_id: str) -> Directory:
        """Replace the export by the directory of this table. Raises Refused where that would empty it.

        Raises LeaseLost rather than replace the export of a run that came after this one.
        """
        if self._would_empty(table):
            raise Refused("Nobody has a number now, so the last directory is kept.")
        version = self.writer.version()
        publication = published(table, self.policy, self._counts(), version, self.clock(), self.phone)
        self.writer.renew()
        self.exports.write(export_files(publication, run_id), version, publication.directory.at)
        return publication.directory

    def _counts(self) -> Counts | None:
        """The counts of the last days, counted where they are not; None where no history can be read."""
        with suppress(Unavailable):
            return self.writer.counts()
        return None

    def _would_empty(self, table: Snapshot) -> bool:
        """Whether an empty table would replace a directory with people in it: more likely the wrong table."""
        if table.assigned():
            return False
        standing = self.exports.exported_directory()
        return bool(standing and standing.entries)

    def _give_back(self, report: Report | None) -> None:
        """Give the lease back. An error that ended the run comes first: a lease runs out by itself."""
        if report is not None:
            self.writer.finish(report)
            return
        with suppress(ExtensionsError):
            self.writer.finish(None)

    def _planned(self, run: _Run) -> Report:
        run.progress("Reading the agents from Amazon Connect", 0, 0)
        with Gathering(self.connect, self.writer.read, run.started) as gathering:
            run.roster, run.table = gathering.roster(), gathering.snapshot()
        run.recall(self.writer.left_out())
        self._decide(run)
        return self._plan_report(run)

    def _plan_report(self, run: _Run) -> Report:
        """The report of a run that only looked."""
        run.dry_run = True
        run.changes.extend(run.guarded.plan.changes)
        run.warnings += self._findings(run.written_by_others(run.table), run.table)
        run.table = applied(run.table, run.changes)
        return self._report(run)

    def _leased(self, run: _Run) -> Report:
        run.progress("Reading the agents from Amazon Connect", 0, 0)
        with Gathering(
            self.connect, self.writer.read, run.started, self.writer.renew, self.renew_seconds
        ) as gathering:
            run.table = gathering.snapshot()
            run.recall(self.writer.left_out())
            # Many names take longer to read than numbers to write. But where a team decides the number,
            # who has no name yet has none, and the order of giving would be that of the pages.
            whole = self.policy.teams.ranges or run.consent.plan
            for run.roster in () if whole else gathering.partial_rosters(self.most_awaited):
                self._carry_out(run, named_only=True)
            run.roster = gathering.roster()
            foreign = run.written_by_others(gathering.snapshot())
        if run.consent.plan:
            self._decide(run)
            if plan_name(run.guarded.plan) != run.consent.plan:
                return self._plan_report(run)
            run.planned = plan_lines(run.guarded.plan)
        self._carry_out(run)
        self._counts()  # so that the end of the run can write them, where they were not whole
        run.warnings += self._findings(foreign, run.table)
        self._keep_names(run)
        self._export(run)
        return self._report(run)

    def _carry_out(self, run: _Run, named_only: bool = False) -> None:
        """Decide and apply; again, from a new reading, while a row is not as planned."""
        for _ in range(_PLANS):
            self._decide(run)
            # First, or a later run would release the last few unasked.
            if run.consent.left_out != run.left_out:
                self.writer.leave_out(run.consent.left_out)
                run.left_out = run.consent.left_out
            planned = run.guarded.plan.changes
            changes = _named(planned) if named_only else planned
            try:
                tell = partial(run.tell_written, len(changes))
                changes = changes[: self.writer.apply(changes, tell, full_only=named_only)]
            except TableChanged as changed:
                run.changes.extend(changes[: changed.written])
                run.table = self.writer.read()
            else:
                run.changes.extend(changes)
                run.table = applied(run.table, changes)
                return
        raise TableChanged("Something else keeps writing to the table. Nothing was written over it.")

    def _findings(self, foreign: Sequence[str], table: Snapshot) -> list[str]:
        """Warnings about numbers that others wrote before this run, and about those outside the range."""
        outside = table.outside(self.policy.range)
        found = []
        if foreign:
            found.append(
                f"Another program writes to this table: it changed {_some(foreign)} after this bot had. "
                "Switch off the sync of the older project."
            )
        if outside:
            found.append(
                f"{len(outside):,} assigned numbers are outside EXTENSION_RANGE ({self.policy.range}): "
                f"{_some(outside)}."
            )
        return found

    def _decide(self, run: _Run) -> None:
        """Plan by the roster and the table of now, and hold the plan against the guard."""
        plan = plan_sync(run.roster, run.table, self.policy, run.started, self.read)
        earlier = 0
        if any(change.takes for change in plan.changes) and not doubts_about(run.roster):
            earlier = released_before(self.writer.losses(run.started - _GUARDED), run.table)
        guarded = guard(plan, run.roster, run.table, self.policy, run.consent, earlier)
        run.guarded, run.consent = guarded, guarded.consent
        if run.planned is None:
            return
        if not plan_lines(guarded.plan) <= run.planned:
            raise TableChanged("The facts moved while the plan was applied. What was done of it stands.")
        run.guarded = replace(guarded, plan=applying(guarded.plan, run.consent.plan))

    def _keep_names(self, run: _Run) -> None:
        """Let callers find the names of now. A failure is told; the numbers stand. Raises LeaseLost."""
        unlisted = self.policy.teams.unlisted
        rows = partial(rows_of_names, run.table.assigned(), unlisted)
        try:
            self.writer.keep_names(mark_of(self.writer.version(), unlisted), rows)
        except Unavailable as error:
            run.warnings.append(f"Names for callers could not be written, the next sync tries again. {error}")

    def _export(self, run: _Run) -> None:
        """Replace the export if it is not this table's. A failure is told; the numbers stand."""
        try:
            if self.exports.exported_version() == self.writer.version():
                return
            run.progress("Writing the directory", 0, 0)
            self._replace_export(run.table, run.run_id)
            run.exported = True
        except Refused as error:
            run.warnings.append(str(error))
        except Unavailable as error:
            run.warnings.append(f"The directory could not be written, the next sync tries again. {error}")

    def _report(self, run: _Run) -> Report:
        guarded, plan = run.guarded, run.guarded.plan
        free = free_by_range(run.table, self.policy, self.clock())
        changes = run.lines(run.changes)
        return Report(
            run_id=run.run_id,
            by=run.by,
            started=iso(run.started),
            duration_ms=int((self.clock() - run.started) / timedelta(milliseconds=1)),
            counts=dict(Counter(change.kind for change in run.changes)),
            # To a plan made again, what the one before it did is unchanged.
            unchanged=plan.unchanged - len(_touched(run.changes) - _touched(plan.changes)),
            changes=changes,
            left_over=tuple(agent.name or agent.username for agent in plan.left_over),
            withheld=run.lines(guarded.withheld),
            withheld_because=guarded.because if guarded.withheld else (),
            approval=guarded.approval,
            approved=run.consent.plan or run.consent.approval,
            agreed=sum(bool(entry.confirmed) for entry in changes),
            plan=plan_name(plan) if run.dry_run else run.consent.plan,
            warnings=(*run.roster.faults, *run.roster.warnings, *run.warnings, *_full(free)),
            pool=Pool.of(run.table, self.policy.range, self.clock()),
            free_by_range=free,
            exported=run.exported,
            dry_run=run.dry_run,
        )


def _full(free: Mapping[str, int]) -> tuple[str, ...]:
    """Warnings about the ranges without a free number."""
    return tuple(
        f"The range of {name} is full: new agents get no number there. Widen it in policy.yml."
        for name, left in free.items()
        if not left
    )


class _Run(Struct):
    """One run: what people have agreed to, and as far as it has come, what it read, planned and changed.

    `table` is as read, with the changes made since.
    """

    by: str
    run_id: str
    started: datetime
    progress: Progress
    consent: Consent
    dry_run: bool
    roster: Roster = Roster((), None)
    table: Snapshot = Snapshot({})
    guarded: GuardedPlan = GuardedPlan(SyncPlan(()))
    changes: list[Change] = []
    warnings: list[str] = []
    exported: bool = False
    # The lines of the plan that is being made; None where there is none, or it is not checked yet.
    planned: set[str] | None = None
    # The marks of those left out of approvals, as the table has them.
    left_out: frozenset[str] = frozenset()

    def recall(self, left_out: frozenset[str]) -> None:
        """Take in what people left out of earlier approvals."""
        self.left_out = left_out
        self.consent = replace(self.consent, left_out=self.consent.left_out | left_out)

    def written_by_others(self, table: Snapshot) -> list[str]:
        """The numbers that another program wrote, by the table as it was and the usernames listed."""
        return table.written_by_others({agent.username for agent in self.roster.agents})

    def tell_written(self, of: int, done: int) -> None:
        """Tell the progress of writing."""
        self.progress("Writing numbers", done, of)

    def lines(self, changes: Iterable[Change]) -> tuple[HistoryEntry, ...]:
        """The changes that people want to read of."""
        at = iso(self.started)
        return tuple(
            HistoryEntry.of(change, at, self.by, self.run_id)
            for change in changes
            if change.kind not in UNSEEN
        )


def _some(extensions: Sequence[str]) -> str:
    """The first ten."""
    more = f" and {len(extensions) - 10:,} more" if len(extensions) > 10 else ""
    return ", ".join(extensions[:10]) + more


def _touched(changes: Iterable[Change]) -> set[str]:
    """The ids of agents who get a number or another label."""
    seen = (change for change in changes if change.kind is not ChangeKind.REFRESHED)
    return {
        change.after.agent_id
        for change in seen
        if isinstance(change.after, Assigned) and change.before != change.after
    }


def _named(changes: Sequence[Change]) -> Sequence[Change]:
    """The changes whose agents, if any, have a name."""
    return [each for each in changes if not isinstance(each.after, Assigned) or each.after.name]


def skipped(error: LeaseTaken, by: str, run_id: str, now: datetime) -> Report:
    """The report of a run that found the lease taken, and so did nothing."""
    return Report(run_id, by, iso(now), 0, skipped=str(error), holder=error.holder, busy_since=error.since)
