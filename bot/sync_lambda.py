"""A schedule, a job, or changes of users from a queue -> sync. A failure raises, so that alarms see it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from bot.jobs import Job, run_job
from bot.telemetry import begin, logger
from bot.wiring import installation
from core.errors import ExtensionsError, LeaseTaken, Refused

# A run of a few changes is over by then.
_AGAIN_SECONDS = 10


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Run the job of the event, a plain sync unless it says otherwise; the answer is `bot.jobs.as_json`.

    An event with `Records` comes from the queue of user changes. While another run has the lease it raises,
    so that the queue delivers the changes again and the last one is never missed.
    """
    begin(context)
    try:
        job = Job.from_event(event or {})
    except Refused as error:
        logger().error("refused", extra={"reason": str(error)})
        return {"refused": str(error)}
    answer = run_job(job, installation().job_services)
    logger().info("done", extra={"task": job.task, **_loggable(answer)})
    if answer.get("skipped") and isinstance(event.get("Records"), list):
        _again(event["Records"])
        raise LeaseTaken(answer["skipped"])
    return answer


def _again(records: list[dict[str, Any]]) -> None:
    """Have the queue deliver the changes again soon; otherwise it does so later."""
    with suppress(ExtensionsError, KeyError, ValueError):
        installation().ask_again(records, _AGAIN_SECONDS)


_SENTENCES = ("refused", "skipped")


def _loggable(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without its sentences, which may hold names and emails: their number stands for them."""
    return {
        name: len(value) if isinstance(value, list) else bool(value) if name in _SENTENCES else value
        for name, value in answer.items()
    }
