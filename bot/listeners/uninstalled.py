"""`app_uninstalled` and `tokens_revoked`: the app is gone from Slack, and its members are forgotten."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import BoltResponse

from bot.jobs import Job
from bot.services import Services
from bot.slack.payload import at, text_at
from core.numbering.orders import ForgetMembers
from core.ports import Incident

_log = logging.getLogger(__name__)


def removed(body: dict[str, Any], services: Services) -> BoltResponse:
    """Record that the app was removed, and start the removal of what is kept of its members."""
    _log.warning("The app was removed from Slack: no summary and no messages until it is installed again.")
    services.incidents.remember(Incident.UNINSTALLED)
    services.start_once(Job(ForgetMembers(), by="slack", id=text_at(body, "event_id")))
    return BoltResponse(status=200)


def revoked(body: dict[str, Any], event: dict[str, Any], services: Services) -> BoltResponse:
    """The same, if a token of the bot is among those revoked."""
    return removed(body, services) if at(event, "tokens", "bot") else BoltResponse(status=200)
