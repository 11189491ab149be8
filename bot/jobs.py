"""Jobs: work that changes numbers. The Slack side sends one as an event; the sync function runs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from bot.messages import sync_report as words
from bot.messages.admin_answers import ask_holds
from bot.messages.blocks import Message
from bot.messages.button_values import Order
from bot.messages.help import refused
from bot.slack.clients import is_slacks
from bot.slack.replies import ProgressMessages
from bot.telemetry import emit, logger
from core.errors import ExtensionsError, LeaseTaken, Refused, Unavailable
from core.models import Change, ChangeKind, Held, HistoryEntry, Report, iso
from core.numbers import read_numbers, write_numbers
from core.once import once
from core.ports import Claims, Clock, Exports

if TYPE_CHECKING:  # the Slack function sends jobs and runs none: it does not load this code
    from core.admin import Admin
    from core.sync import Progress, Sync

Json = dict[str, Any]

# A job that died can be run again after so long: a sync after the life of its function, a small change
# when Lambda first tries again, which is after a minute.
_SYNC_SECONDS, _ADMIN_SECONDS = 900, 50


class Task(StrEnum):
    """The kinds of work that change numbers."""

    SYNC = "sync"
    PLAN = "plan"
    RESERVE = "reserve"
    UNRESERVE = "unreserve"
    MOVE = "move"
    SWAP = "swap"
    FREE = "free"
    FORGET_MEMBERS = "forget-members"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for the sync function.

    `id` names the job: one that comes twice under a name is run and told once. `by` is the Slack user id
    of the requester, "schedule" where no person asked. `response_url` is where
    the answer goes, "" for nowhere. `approved` is the approval of withheld releases; `agent` (a Connect
    user id), `extension` (one or several, as `write_numbers` does) and `note` belong to the admin tasks;
    `holds` are the marks of the holds that the requester agreed to end.
    """

    task: Task = Task.SYNC
    by: str = "schedule"
    response_url: str = ""
    approved: str = ""
    agent: str = ""
    other: str = ""
    extension: str = ""
    note: str = ""
    holds: str = ""
    id: str = ""

    @property
    def numbers(self) -> list[str]:
        """The extensions, one by one."""
        return read_numbers(self.extension)

    def agrees(self, hold: Held) -> bool:
        """Whether the requester agreed that this hold ends."""
        return hold.mark in self.holds.split()

    def to_event(self) -> Json:
        """The job as the event of the sync function."""
        return {"job": {name: value for name, value in asdict(self).items() if value}}

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Job:
        """Read an event; anything that is no job of ours, such as a schedule's, is a plain sync."""
        given = event.get("job")
        if not isinstance(given, Mapping):
            return cls()
        if not given.keys() <= _FIELDS or not all(isinstance(value, str) for value in given.values()):
            raise Refused("The event does not describe a job: a field is unknown, or not text.")
        if given.get("task", Task.SYNC) not in [*Task]:
            raise Refused("The event does not describe a job: there is no such task.")
        return cls(**{**given, "task": Task(given.get("task", Task.SYNC))})


_FIELDS = {field.name for field in fields(Job)}


@dataclass(frozen=True, slots=True)
class JobServices:
    """The services that jobs use. `sync` and `admin` give a new run each time, with a lease of its own.

    `notify` tells agents of their new numbers; `forget_members` removes what is kept of people in Slack and
    counts it. Both may raise Unavailable.
    """

    sync: Callable[[], Sync]
    admin: Callable[[], Admin]
    exports: Exports
    claims: Claims
    clock: Clock
    notify: Callable[[Sequence[HistoryEntry]], object]
    slack_api_url: str = ""
    forget_members: Callable[[], int] = int


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a job: as JSON, as a message to the requester, and the changes that were written."""

    json: Json
    message: Message
    written: Sequence[HistoryEntry] = ()


def started(job: Job) -> Message:
    """The acknowledgement of a job that has just been handed over."""
    match job.task:
        case Task.SYNC:
            return words.sync_started(bool(job.approved))
        case Task.PLAN:
            return words.plan_started()
        case Task.RESERVE:
            return words.reserving(job.extension)
        case Task.UNRESERVE:
            return words.unreserving(job.extension, job.note)
        case Task.MOVE:
            return words.moving(job.extension)
        case Task.SWAP:
            return words.swapping()
        case Task.FREE:
            return words.freeing(job.extension, asked=bool(job.holds))
        case Task.FORGET_MEMBERS:
            return words.forgetting_members()


def run_job(job: Job, services: JobServices) -> Json:
    """Run a job, tell the requester the result by `response_url`, and return it as JSON.

    A refusal is a result. Raises any other error, after it was told.
    """
    if not job.id:
        return _run(job, services)
    results: list[Json] = []
    seconds = _SYNC_SECONDS if job.task in (Task.SYNC, Task.PLAN) else _ADMIN_SECONDS
    once(services.claims, f"job-{job.id}", seconds, lambda: results.append(_run(job, services)))
    return results[0] if results else {"repeated": job.id}


def _run(job: Job, services: JobServices) -> Json:
    from core.admin import HoldsInTheWay
    from core.sync import new_run_id

    run_id = new_run_id(services.clock())
    to_slack = is_slacks(job.response_url, services.slack_api_url)
    messages = ProgressMessages(job.response_url if to_slack else "")
    try:
        result = _TASKS[job.task](services, job, run_id, messages.progress)
    except LeaseTaken as error:
        messages.tell(words.busy(error.holder, error.since))
        return {"run_id": run_id, "refused": str(error)}
    except HoldsInTheWay as error:
        order = Order(job.task, extension=job.extension, note=job.note)
        messages.tell(ask_holds(error.holds, order))
        return {"run_id": run_id, "refused": str(error)}
    except Refused as error:
        messages.tell(refused(str(error)))
        return {"run_id": run_id, "refused": str(error)}
    except ExtensionsError as error:
        messages.tell(words.failed(str(error), run_id))
        raise
    except Exception:
        messages.tell(words.failed("Something went wrong that should not.", run_id))
        raise
    messages.tell(result.message)
    _notify(services, result.written)
    return result.json


def _notify(services: JobServices, written: Sequence[HistoryEntry]) -> None:
    """Tell agents of their new numbers. A failure is logged: the numbers are what counts."""
    try:
        services.notify(written)
    except ExtensionsError as error:
        logger().warning("agents could not be told", extra={"error": type(error).__name__})


def run_sync(services: JobServices, job: Job, run_id: str, progress: Progress) -> Report:
    """Sync, or plan one; a lease that another run holds makes a report that says so."""
    from core.sync import skipped

    try:
        report = services.sync().run(job.by, run_id, job.approved, job.task is Task.PLAN, progress)
    except LeaseTaken as error:
        return skipped(error, job.by, run_id, services.clock())
    if not report.dry_run:
        _measure(report)
    return report


def as_json(report: Report) -> Json:
    """The report as the answer of the sync function: the counts of the contract, and more for logs."""
    kinds = (kind for kind in ChangeKind if kind is not ChangeKind.RELEASED)
    answer: Json = {"run_id": report.run_id, "released": report.counts.get(ChangeKind.RELEASED, 0)}
    answer |= {kind.value: report.counts.get(kind, 0) for kind in kinds}
    return answer | {
        "left_over": len(report.left_over),
        "withheld": len(report.withheld),
        "unchanged": report.unchanged,
        "duration_ms": report.duration_ms,
        "exported": report.exported,
        "dry_run": report.dry_run,
        "withheld_because": list(report.withheld_because),
        "warnings": list(report.warnings),
        "skipped": report.skipped,
    }


def _sync(services: JobServices, job: Job, run_id: str, progress: Progress) -> Result:
    report = run_sync(services, job, run_id, progress)
    written = () if report.dry_run else report.changes
    return Result(as_json(report), words.result(report, _link(services, report)), written)


def _link(services: JobServices, report: Report) -> str:
    """The directory link, "" where there is no directory to link to."""
    if report.skipped or report.dry_run:
        return ""
    try:
        return services.exports.link()
    except (Refused, Unavailable):
        return ""


def _measure(report: Report) -> None:
    pool = report.pool
    emit(
        SyncSucceeded=1,
        SyncDuration=report.duration_ms,
        Assigned=report.counts.get(ChangeKind.ASSIGNED, 0),
        Released=report.counts.get(ChangeKind.RELEASED, 0),
        ReleasesWithheld=len(report.withheld),
        PoolFree=pool.free if pool else 0,
        PoolFreePercent=100 * pool.free / pool.size if pool else 0,
    )


def _reserve(services: JobServices, job: Job, run_id: str, _: Progress) -> Result:
    changes = services.admin().reserve(job.numbers, job.note, job.by, job.agrees)
    return Result({"run_id": run_id, "reserved": _numbers(changes)}, words.admin_done(changes))


def _unreserve(services: JobServices, job: Job, run_id: str, _: Progress) -> Result:
    changes = services.admin().unreserve(job.numbers, job.by, job.note)
    return Result({"run_id": run_id, "unreserved": _numbers(changes)}, words.admin_done(changes))


def _numbers(changes: Sequence[Change]) -> str:
    return write_numbers(change.extension for change in changes)


def _move(services: JobServices, job: Job, run_id: str, _: Progress) -> Result:
    changes = services.admin().move(job.agent, job.extension, job.by)
    return _moved(services, job, run_id, changes)


def _swap(services: JobServices, job: Job, run_id: str, _: Progress) -> Result:
    changes = services.admin().swap(job.agent, job.other, job.by)
    return _moved(services, job, run_id, changes)


def _moved(services: JobServices, job: Job, run_id: str, changes: Sequence[Change]) -> Result:
    at = iso(services.clock())
    written = [HistoryEntry.of(change, at, job.by, run_id) for change in changes]
    moved = ", ".join(change.extension for change in changes if change.kind is ChangeKind.MOVED)
    return Result({"run_id": run_id, "moved": moved}, words.admin_done(changes), written)


def _free(services: JobServices, job: Job, run_id: str, _: Progress) -> Result:
    (change,) = services.admin().free(job.extension, job.by, job.agrees)
    return Result({"run_id": run_id, "freed": change.extension}, words.admin_done((change,)))


def _forget_members(services: JobServices, _job: Job, run_id: str, _: Progress) -> Result:
    return Result({"run_id": run_id, "forgotten": services.forget_members()}, words.forgetting_members())


_TASKS: dict[Task, Callable[[JobServices, Job, str, Progress], Result]] = {
    Task.SYNC: _sync,
    Task.PLAN: _sync,
    Task.RESERVE: _reserve,
    Task.UNRESERVE: _unreserve,
    Task.MOVE: _move,
    Task.SWAP: _swap,
    Task.FREE: _free,
    Task.FORGET_MEMBERS: _forget_members,
}
