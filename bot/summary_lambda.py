"""Once a day -> the channel's summary. A failure raises, so that alarms see it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.messages.daily_summary import daily
from bot.telemetry import begin, logger
from bot.wiring import Installation, installation, now
from core.models import Pool, iso, parse_iso
from core.summary import Summary, summarise

# Longer than posting takes, shorter than anybody waits before starting it by hand.
_CLAIM_SECONDS = 300


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Post today's summary, unless that has been done: schedules may fire twice."""
    begin(context)
    here = installation()
    channel = here.settings.summary_channel
    if not channel:
        return _answer(False, "SUMMARY_CHANNEL is not set.")
    moment = now()
    name = f"summary-{moment.astimezone(here.settings.timezone):%Y-%m-%d}"
    claimed = here.notes.claim(name, _CLAIM_SECONDS)
    if not claimed:
        return _answer(
            False, "Today's summary is posted already." if claimed is False else "It is being posted."
        )
    try:
        summary = _summary(here, moment)
        _post(here, channel, summary)
    except BaseException:
        here.notes.drop(name)
        raise
    here.notes.summarised(summary.until)
    here.notes.done(name)
    return _answer(True, "", summary)


def _summary(here: Installation, moment: datetime) -> Summary:
    told = here.notes.summary_until()
    since = parse_iso(told) if told else moment - timedelta(days=1)
    pool = Pool.of(here.reader.table(), here.settings.policy.range, moment)
    return summarise(here.reader.history(since, moment), pool, here.reader.last_report(), since, moment)


def _post(here: Installation, channel: str, summary: Summary) -> None:
    message = daily(summary)
    here.web.chat_postMessage(
        channel=channel,
        text=message.text,
        blocks=[*message.blocks],
        unfurl_links=False,
        unfurl_media=False,
    )


def _answer(posted: bool, reason: str, summary: Summary | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = {"posted": posted, "reason": reason, "at": iso(now())}
    if summary is not None:
        for name in ("assigned", "returned", "released", "relabelled", "moved", "withheld"):
            answer[name] = len(getattr(summary, name))
        answer |= {"since": summary.since, "until": summary.until}
    logger().info("summary", extra=answer)
    return answer
