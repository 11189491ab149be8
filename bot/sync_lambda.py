"""Schedule, or a request from Slack -> sync. A failure raises, so that alarms see it."""

from __future__ import annotations

from typing import Any

from bot.jobs import Job, run_job
from bot.telemetry import begin, logger
from bot.wiring import installation


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Do the job of the event, a plain sync unless it says otherwise; the answer is `bot.jobs.as_json`."""
    begin(context)
    job = Job.from_event(event or {})
    answer = run_job(job, installation().job_services)
    logger().info("done", extra={"task": job.task, **answer})
    return answer
