"""Schedule, or a request from Slack -> sync. A failure raises, so that alarms see it."""

from __future__ import annotations

from typing import Any

from bot.jobs import Job, run_job
from bot.telemetry import begin, logger
from bot.wiring import installation
from core.errors import Refused


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do the job of the event, a plain sync unless it says otherwise; the answer is `bot.jobs.as_json`."""
    begin(context)
    try:
        job = Job.from_event(event or {})
    except Refused as error:
        logger().error("refused", extra={"reason": str(error)})
        return {"refused": str(error)}
    answer = run_job(job, installation().job_services)
    logger().info("done", extra={"task": job.task, **_loggable(answer)})
    return answer


_SENTENCES = ("refused", "skipped")


def _loggable(answer: dict[str, Any]) -> dict[str, Any]:
    """The answer without its sentences, which may hold names and emails: their number stands for them."""
    return {
        name: len(value) if isinstance(value, list) else bool(value) if name in _SENTENCES else value
        for name, value in answer.items()
    }
