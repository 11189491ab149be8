"""Do a job and tell whoever asked for it: the same work from Lambda, a thread or the terminal."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.jobs import Job, Task
from bot.messages import sync_report as words
from bot.messages.blocks import Message
from bot.telemetry import emit, logger
from bot.wiring import Installation, now
from core.errors import ExtensionsError, LeaseTaken, Refused, Unavailable
from core.models import ChangeKind, Report
from core.sync import Progress, new_run_id, skipped

# Slack takes five answers for one command, within 30 minutes: these many are about progress, after so
# many seconds, which leaves one for the result.
_PROGRESS_AFTER = (5, 25, 60, 180)

Answer = dict[str, Any]


def do(installation: Installation, job: Job) -> Answer:
    """Do the job, tell the result, and return it as JSON.

    A refusal is an answer. Raises whatever else went wrong, after having told it.
    """
    run_id = new_run_id(now())
    teller = ProgressMessages(job.response_url)
    try:
        answer, message = _TASKS[job.task](installation, job, run_id, teller.progress)
    except (Refused, LeaseTaken) as error:
        teller.tell(words.failed(str(error), run_id))
        return {"run_id": run_id, "refused": str(error)}
    except ExtensionsError as error:
        teller.tell(words.failed(str(error), run_id))
        raise
    except Exception:
        teller.tell(words.failed("Something went wrong that should not.", run_id))
        raise
    teller.tell(message)
    return answer


def run_sync(installation: Installation, job: Job, run_id: str, progress: Progress) -> Report:
    """Sync, or plan one; a lease that another run holds makes a report that says so."""
    try:
        report = installation.sync().run(job.by, run_id, job.approved, job.task is Task.PLAN, progress)
    except LeaseTaken as error:
        return skipped(error, job.by, run_id, now())
    if not report.dry_run:
        _measure(report)
    return report


def as_json(report: Report) -> Answer:
    """The report as the answer of the sync function: its counts, and what a log reader wants besides."""
    kinds = (kind for kind in ChangeKind if kind is not ChangeKind.RELEASED)
    answer: Answer = {"run_id": report.run_id, "released": report.counts.get(ChangeKind.RELEASED, 0)}
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


def _sync(installation: Installation, job: Job, run_id: str, progress: Progress) -> tuple[Answer, Message]:
    report = run_sync(installation, job, run_id, progress)
    return as_json(report), words.result(report, _link(installation, report))


def _link(installation: Installation, report: Report) -> str:
    """The directory link, where there is a directory to link to."""
    if report.skipped or report.dry_run:
        return ""
    try:
        return installation.exports.link()
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


def _reserve(installation: Installation, job: Job, run_id: str, _: Progress) -> tuple[Answer, Message]:
    (change,) = installation.admin().reserve([job.extension], job.note, job.by)
    return {"run_id": run_id, "reserved": change.extension}, words.admin_done((change,))


def _unreserve(installation: Installation, job: Job, run_id: str, _: Progress) -> tuple[Answer, Message]:
    (change,) = installation.admin().unreserve([job.extension], job.by)
    return {"run_id": run_id, "unreserved": change.extension}, words.admin_done((change,))


def _move(installation: Installation, job: Job, run_id: str, _: Progress) -> tuple[Answer, Message]:
    changes = installation.admin().move(job.agent, job.extension, job.by)
    return {"run_id": run_id, "moved": job.extension}, words.admin_done(changes)


_TASKS: dict[Task, Callable[[Installation, Job, str, Progress], tuple[Answer, Message]]] = {
    Task.SYNC: _sync,
    Task.PLAN: _sync,
    Task.RESERVE: _reserve,
    Task.UNRESERVE: _unreserve,
    Task.MOVE: _move,
}


@dataclass(slots=True)
class ProgressMessages:
    """Tells the person who asked, by the command's `response_url`; says nothing where there is none."""

    response_url: str
    monotonic: Callable[[], float] = time.monotonic
    _started: float = field(init=False)
    _due: list[float] = field(init=False)

    def __post_init__(self) -> None:
        self._started = self.monotonic()
        self._due = [*_PROGRESS_AFTER]

    def progress(self, doing: str, done: int, of: int) -> None:
        """Now and then, when it takes long."""
        if self.response_url and self._due and self.monotonic() - self._started >= self._due[0]:
            self._due.pop(0)
            self.tell(words.progress(doing, done, of))

    def tell(self, message: Message) -> None:
        """Send a message that only they see. That it can't be sent is logged: the work is what counts."""
        if not self.response_url:
            return
        try:
            from bot.slack.clients import webhook

            answer = webhook(self.response_url, patient=True).send(
                text=message.text,
                blocks=[*message.blocks],
                response_type="ephemeral",
                replace_original=False,
                unfurl_links=False,
                unfurl_media=False,
            )
        except OSError as error:
            logger().warning("the answer could not be sent", extra={"error": type(error).__name__})
        else:
            if answer.status_code != 200:
                logger().warning("Slack did not take the answer", extra={"status": answer.status_code})
