"""Requests that come several times: an event is answered once, a job has one name."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from secrets import token_hex
from typing import Any

from slack_bolt import BoltRequest, BoltResponse

from bot.slack.payload import text_at
from bot.slack.replies import later
from core.once import once
from core.ports import Claim, Claims
from core.work import Work

# Longer than an answer takes, shorter than the minute after which Slack sends an event once more.
_CLAIM_SECONDS = 20


def answer_once(claims: Claims, body: dict[str, Any], answer: Callable[[], None]) -> BoltResponse:
    """Answer an event; once more where an earlier answer died half way.

    Without the table nothing can be claimed: each delivery is answered, with that news.
    """
    claim = once(claims, Work.ANSWER.named(_name(body)[:100]), _CLAIM_SECONDS, answer, unclaimed_too=True)
    return later() if claim is Claim.BUSY else BoltResponse(status=200)


def _name(body: dict[str, Any]) -> str:
    """The message's name: its channel and time, since one message can come under several event ids."""
    channel, time = text_at(body, "event", "channel"), text_at(body, "event", "ts")
    return f"{channel}-{time}" if channel and time else text_at(body, "event_id") or "unnamed"


def job_name(request: BoltRequest) -> str:
    """A name for the job that a request asks for: the same when the signed request is sent again."""
    signature = (request.headers.get("x-slack-signature") or [""])[0]
    return sha256(signature.encode()).hexdigest()[:32] if signature else token_hex(16)
