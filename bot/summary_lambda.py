"""Once a day -> the channel's summary. A failure raises, so that alarms see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.messages.daily_summary import daily
from bot.slack.replies import post
from bot.telemetry import begin, logger
from bot.wiring import Installation, installation, now
from core.models import Pool, iso, parse_iso
from core.once import once
from core.ports import Claim
from core.summary import Summary, summarise

# Longer than posting takes, shorter than anybody waits before starting it by hand.
_CLAIM_SECONDS = 300


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Post today's summary, unless that has been done: schedules may fire twice."""
    begin(context)
    here = installation()
    channel = here.settings.summary_channel
    if not channel:
        return _answer("SUMMARY_CHANNEL is not set.")
    moment = now()
    day = f"{moment.astimezone(here.settings.timezone):%Y-%m-%d}"
    posted: list[Summary] = []
    claim = once(
        here.claims, f"summary-{day}", _CLAIM_SECONDS, lambda: posted.append(_post(here, channel, moment))
    )
    return _answer(_REASONS[claim], *posted)


_REASONS = {
    Claim.ACQUIRED: "",
    Claim.DONE: "Today's summary is posted already.",
    Claim.BUSY: "It is being posted.",
}


def _post(here: Installation, channel: str, moment: datetime) -> Summary:
    told = here.claims.told_until()
    since = parse_iso(told) if told else moment - timedelta(days=1)
    pool = Pool.of(here.reader.table(), here.settings.policy.range, moment)
    summary = summarise(here.reader.history(since, moment), pool, here.reader.last_report(), since, moment)
    post(here.web, channel, daily(summary))
    here.claims.told(summary.until)
    return summary


def _answer(reason: str, summary: Summary | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"posted": summary is not None, "reason": reason, "at": iso(now())}
    if summary is not None:
        for name in ("assigned", "returned", "released", "relabelled", "moved", "withheld"):
            answer[name] = len(getattr(summary, name))
        answer |= {"since": summary.since, "until": summary.until}
    logger().info("summary", extra=answer)
    return answer
