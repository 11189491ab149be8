"""Once a day -> the channel's summary. A failure raises, so that alarms see it."""

from __future__ import annotations

from typing import Any

from bot.messages.daily_summary import daily
from bot.slack.removal import is_removed
from bot.slack.replies import post
from bot.telemetry import begin, logger
from bot.wiring import installation, now
from core.models import iso
from core.ports import Claim
from core.summary import DailySummary, Summary


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Post today's summary, unless that has been done: schedules may fire twice."""
    begin(context)
    here = installation()
    channel = here.settings.summary_channel
    if not channel:
        return _answer("SUMMARY_CHANNEL is not set.")
    if is_removed(here.incidents, here.web):
        return _answer("The app was removed from Slack.")
    moment = now()
    day = f"{moment.astimezone(here.settings.timezone):%Y-%m-%d}"
    summaries = DailySummary(
        here.reader,
        here.claims,
        here.summaries,
        here.policy,
        lambda summary: post(here.web, channel, daily(summary)),
        here.settings.summary_on_quiet_days,
    )
    claim, told = summaries.tell(day, moment)
    if told and not summaries.is_shown(told):
        return _answer("Nothing happened, and SUMMARY_ON_QUIET_DAYS is no.")
    return _answer(_REASONS[claim], told)


_REASONS = {
    Claim.ACQUIRED: "",
    Claim.DONE: "Today's summary is posted already.",
    Claim.BUSY: "It is being posted.",
}


def _answer(reason: str, summary: Summary | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"posted": summary is not None, "reason": reason, "at": iso(now())}
    if summary is not None:
        for name in ("assigned", "returned", "released", "relabelled", "moved", "withheld"):
            answer[name] = len(getattr(summary, name))
        answer["withheld"] += summary.more_withheld
        answer |= {"since": summary.since, "until": summary.until}
    logger().info("summary", extra=answer)
    return answer
