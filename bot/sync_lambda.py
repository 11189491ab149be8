"""A schedule, a job, or changes of users from a queue -> sync. A failure raises, so that alarms see it."""

from __future__ import annotations

from typing import Any

from bot.jobs import Job, Unreadable, refuse, run_job
from bot.telemetry import begin, emit, logger
from bot.wiring import installation
from core.errors import ExtensionsError, LeaseTaken

# A run of a few changes is over by then; after a failure Connect or the table get longer.
WHILE_BUSY_SECONDS, _AFTER_FAILURE_SECONDS = 10, 60


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Run the job of the event, a plain sync unless it says otherwise; the answer is `bot.jobs.as_json`.

    An event with `Records` comes from the queue of user changes. While another run has the lease it raises,
    so that the queue delivers the changes again and the last one is never missed.
    """
    begin(context)
    event = event if isinstance(event, dict) else {}
    try:
        job = Job.from_event(event)
    except Unreadable as error:
        logger().error("refused", extra={"reason": str(error)})
        refuse(error, installation().job_services)
        return {"refused": str(error)}
    records = event.get("Records")
    changes = records if isinstance(records, list) else []
    try:
        answer = run_job(job, installation().job_services)
    except Exception:
        _again(changes, _AFTER_FAILURE_SECONDS)
        raise
    logger().info("done", extra={"task": job.task, **_loggable(answer)})
    if changes and answer.get("skipped"):
        _again(changes, WHILE_BUSY_SECONDS)
        # The alarm on errors leaves these out.
        emit(SyncPutOff=1)
        raise LeaseTaken(answer["skipped"])
    return answer


def _again(changes: list[dict[str, Any]], seconds: int) -> None:
    """Have the queue deliver the changes again soon; otherwise it does so when they are visible again."""
    if changes:
        try:
            installation().ask_again(changes, seconds)
        except Exception as error:  # noqa: BLE001 - the run's own error is the one to raise
            why = str(error) if isinstance(error, ExtensionsError) else type(error).__name__
            logger().warning("the changes come again when they are visible again", extra={"reason": why})


_SENTENCES = ("refused", "skipped")


def _loggable(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without its sentences, which may hold names and emails: their number stands for them."""
    return {
        name: len(value) if isinstance(value, list) else bool(value) if name in _SENTENCES else value
        for name, value in answer.items()
    }
