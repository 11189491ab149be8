"""Events that Slack delivers several times, answered once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from slack_bolt import BoltResponse

from bot.slack.payload import text_at
from bot.slack.replies import later
from core.once import once
from core.ports import Claim, Claims

# Longer than an answer takes, shorter than the minute after which Slack sends an event once more.
_CLAIM_SECONDS = 20


def answer_once(claims: Claims, body: dict[str, Any], answer: Callable[[], None]) -> BoltResponse:
    """Answer an event; once more where an earlier answer died half way.

    Without the table nothing can be claimed: each delivery is answered, with that news.
    """
    name = f"slack-{text_at(body, 'event_id')[:100] or 'unnamed'}"
    claim = once(claims, name, _CLAIM_SECONDS, answer, unclaimed_too=True)
    return later() if claim is Claim.BUSY else BoltResponse(status=200)
