"""One sync: take the lease, read, plan, guard, apply, export, report."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.errors import ExtensionsError, LeaseTaken, TableChanged, Unavailable
from core.export import export_files
from core.guard import GuardedPlan, guard
from core.models import (
    Agent,
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
    iso,
)
from core.plan import applied, as_named, plan_sync
from core.ports import Clock, Connect, Exports, Lease, TableWriter
from core.roster import MOST_AWAITED, NumbersFirst, read_roster

# Told what is being done, how much of it, and of how much (0: not known).
Progress = Callable[[str, int, int], None]

# A row that is not what the index said makes the plan stale; the second plan is made from the table
# itself, so a third is needed only when somebody writes to the table beside us.
_PLANS = 4


def new_run_id(now: datetime) -> str:
    """A name for a run that sorts by time: `20261122T093000Z-5f2a91`."""
    return f"{now:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def no_progress(doing: str, done: int, of: int) -> None:
    """For those who don't watch."""


@dataclass(frozen=True, slots=True)
class Sync:
    """All that a sync needs. `run` may be called by many processes at once: the lease lets one through."""

    connect: Connect
    writer: TableWriter
    exports: Exports
    policy: Policy
    clock: Clock
    renew_seconds: float = 40
    # Numbers of more new agents than this are written while their names are still being read.
    most_awaited: int = MOST_AWAITED

    def run(
        self,
        by: str,
        run_id: str = "",
        approved: str = "",
        dry_run: bool = False,
        progress: Progress = no_progress,
    ) -> Report:
        """Make the numbers follow the Connect user list; the report says what changed.

        `approved` is the `approval` of a report whose withheld releases a person has agreed to. A dry
        run changes nothing. Raises LeaseTaken, LeaseLost or Unavailable; a later run finishes the work.
        """
        started = self.clock()
        run_id = run_id or new_run_id(started)
        if dry_run:
            return self._planned(_Run(by, run_id, started, approved, progress))
        lease = self.writer.acquire(run_id, by)
        report = None
        try:
            report = self._leased(_Run(by, run_id, started, approved, progress), lease)
        finally:
            self._give_back(lease, report)
        return report

    def export(self, by: str) -> int:
        """Write the export anew, whatever stands there; the number of agents in it.

        Under the lease, so that it can't put an older directory over a newer one. Raises as `run` does.
        """
        now = self.clock()
        lease = self.writer.acquire(new_run_id(now), by)
        try:
            table = self.writer.read()
            directory = Directory(tuple(table.assigned()), self.writer.version(), iso(now))
            self.writer.renew(lease)
            self.exports.write(export_files(directory, lease.run_id), directory.version)
        finally:
            self._give_back(lease, None)
        return len(directory.entries)

    def _give_back(self, lease: Lease, report: Report | None) -> None:
        """Whatever ended the run comes first; a lease that can't be given back runs out by itself."""
        if report is not None:
            self.writer.finish(lease, report)
            return
        with suppress(ExtensionsError):
            self.writer.finish(lease, None)

    def _planned(self, run: _Run) -> Report:
        roster, table = self._read(run, lambda: None)
        guarded = self._decide(run, roster, table)
        after = applied(table, guarded.plan.changes)
        return self._report(run, roster, guarded, after, dry_run=True)

    def _leased(self, run: _Run, lease: Lease) -> Report:
        earlier: list[Change] = []
        roster, table = self._read(
            run, lambda: self.writer.renew(lease), self._numbers_first(run, lease, earlier)
        )
        guarded = self._decide(run, roster, table)
        for _ in range(_PLANS):
            written = self._apply(run, lease, guarded.plan.changes, len(guarded.plan.changes))
            if len(written) == len(guarded.plan.changes):
                break
            earlier += written
            table = self.writer.read()
            guarded = self._decide(run, roster, table)
        else:
            raise TableChanged("Something else keeps writing to the table. Nothing was written over it.")
        after = applied(table, guarded.plan.changes)
        exported, warnings = self._export(run, lease, after)
        return self._report(
            run, roster, guarded, after, earlier=earlier, exported=exported, warnings=warnings
        )

    def _read(
        self, run: _Run, meanwhile: Callable[[], None], numbers_first: NumbersFirst | None = None
    ) -> tuple[Roster, Snapshot]:
        run.progress("Reading the agents from Amazon Connect", 0, 0)
        return read_roster(
            self.connect,
            self.writer.read,
            meanwhile,
            self.renew_seconds,
            run.started,
            numbers_first,
            self.most_awaited,
        )

    def _numbers_first(self, run: _Run, lease: Lease, earlier: list[Change]) -> NumbersFirst:
        """Writes numbers while many names are still being read. Releases wait for the whole roster."""

        def give_out(roster: Roster, table: Snapshot, names: Iterable[Agent]) -> Snapshot:
            plan = plan_sync(roster, table, self.policy, run.started)
            changes = [change for change in plan.changes if change.kind is not ChangeKind.RELEASED]
            written = self._apply(run, lease, as_named(changes, names), len(changes))
            earlier.extend(written)
            return applied(table, written) if len(written) == len(changes) else self.writer.read()

        return give_out

    def _decide(self, run: _Run, roster: Roster, table: Snapshot) -> GuardedPlan:
        plan = plan_sync(roster, table, self.policy, run.started)
        return guard(plan, roster, table, self.policy, run.approved)

    def _apply(self, run: _Run, lease: Lease, changes: Iterable[Change], total: int) -> list[Change]:
        """The changes that were written before a row was not as planned, if one was."""
        taken: list[Change] = []
        written = 0

        def done(count: int) -> None:
            nonlocal written
            written = count
            run.progress("Writing numbers", count, total)

        with suppress(TableChanged):
            self.writer.apply(lease, _noted(changes, taken), run.by, done)
        return taken[:written]

    def _export(self, run: _Run, lease: Lease, table: Snapshot) -> tuple[bool, tuple[str, ...]]:
        """Replace the export if it is not this table's. A failure is told; the numbers stand.

        Raises LeaseLost rather than replace the export of a run that came after this one.
        """
        version = self.writer.version()
        try:
            if self.exports.exported_version() == version:
                return False, ()
            self.writer.renew(lease)
            run.progress("Writing the directory", 0, 0)
            directory = Directory(tuple(table.assigned()), version, iso(self.clock()))
            self.exports.write(export_files(directory, run.run_id), version)
        except Unavailable as error:
            return False, (f"The directory could not be written, the next sync tries again. {error}",)
        return True, ()

    def _report(
        self,
        run: _Run,
        roster: Roster,
        guarded: GuardedPlan,
        after: Snapshot,
        *,
        earlier: Sequence[Change] = (),
        exported: bool = False,
        dry_run: bool = False,
        warnings: tuple[str, ...] = (),
    ) -> Report:
        plan = guarded.plan
        changes = [*earlier, *plan.changes]
        return Report(
            run_id=run.run_id,
            by=run.by,
            started=iso(run.started),
            duration_ms=int((self.clock() - run.started) / timedelta(milliseconds=1)),
            counts=dict(Counter(change.kind for change in changes)),
            # To a plan made again, what the one before it did is unchanged.
            unchanged=plan.unchanged - len(_touched(earlier) - _touched(plan.changes)),
            changes=run.lines(changes),
            left_over=tuple(agent.name or agent.username for agent in plan.left_over),
            withheld=run.lines(guarded.withheld),
            withheld_because=guarded.because if guarded.withheld else (),
            approval=guarded.approval,
            warnings=(*roster.faults, *roster.warnings, *warnings),
            pool=Pool.of(after, self.policy.range, self.clock()),
            exported=exported,
            dry_run=dry_run,
        )


@dataclass(frozen=True, slots=True)
class _Run:
    by: str
    run_id: str
    started: datetime
    approved: str
    progress: Progress

    def lines(self, changes: Iterable[Change]) -> tuple[HistoryEntry, ...]:
        """The changes that people want to read of."""
        at = iso(self.started)
        quiet = (ChangeKind.FILLED, ChangeKind.REFRESHED)
        return tuple(
            HistoryEntry.of(change, at, self.by, self.run_id)
            for change in changes
            if change.kind not in quiet
        )


def _touched(changes: Iterable[Change]) -> set[str]:
    """The ids of agents who get a number or another label."""
    seen = (change for change in changes if change.kind is not ChangeKind.REFRESHED)
    return {
        change.after.agent_id
        for change in seen
        if isinstance(change.after, Assigned) and change.before != change.after
    }


def _noted(changes: Iterable[Change], taken: list[Change]) -> Iterator[Change]:
    for change in changes:
        taken.append(change)
        yield change


def skipped(error: LeaseTaken, by: str, run_id: str, now: datetime) -> Report:
    """The report of a run that found the lease taken, and so did nothing."""
    return Report(run_id, by, iso(now), 0, skipped=str(error))
