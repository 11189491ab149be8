"""The one place where errors become messages. The errors of every listener end up here."""

from __future__ import annotations

import logging
import secrets
import traceback
from http.client import HTTPException
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messages.blocks import Message
from bot.messages.finder_window import window
from bot.messages.help import refused, trouble
from bot.messages.home_tab import home_trouble
from bot.slack import replies
from bot.slack.clients import retry_after, slack_code
from bot.slack.payload import text_at
from bot.telemetry import emit
from core.errors import BadSettings, ExtensionsError, LeaseTaken, Refused

_log = logging.getLogger(__name__)

_SOON = "Try again in a minute. If it goes on, give the people who run this bot the reference."


def in_words(error: Exception) -> Message:
    """An error as a message: what went wrong and what to do next. The log has the rest, by reference."""
    if isinstance(error, Refused | LeaseTaken):
        return refused(str(error))
    reference = _logged(error)
    if isinstance(error, BadSettings):
        return trouble(str(error), "The people who run this bot have to put that right.", reference)
    if isinstance(error, ExtensionsError):
        return trouble(str(error), _SOON, reference)
    if isinstance(error, SlackApiError):
        return trouble(_of_slack(error), _SOON, reference)
    if isinstance(error, OSError | HTTPException):
        return trouble("Slack could not be reached.", _SOON, reference)
    return trouble("Something went wrong that should not.", _SOON, reference)


def _of_slack(error: SlackApiError) -> str:
    code = slack_code(error)
    if code == "ratelimited":
        return f"Slack asks me to slow down for {retry_after(error.response.headers)} seconds."
    return f"Slack did not do what I asked of it ({code})."


def _logged(error: Exception) -> str:
    """Log where an error came from, and return the reference.

    The text of an error may hold what somebody wrote, or an email, so it stays out unless it is ours
    or Slack's short code.
    """
    reference = secrets.token_hex(4)
    said = str(error) if isinstance(error, ExtensionsError) else slack_code(error)
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("reference %s: %s: %s\n%s", reference, type(error).__name__, said, frames)
    emit(SlackErrors=1)
    return reference


def on_error(error: Exception, body: dict[str, Any], client: WebClient) -> BoltResponse:
    """Bolt's error handler: tell the person who is waiting, in the way that fits the request."""
    message = in_words(error)
    try:
        return _tell(message, body, client)
    except Exception as second:  # noqa: BLE001 - http.client and urllib raise many kinds
        _log.warning("The error could not be told either: %s", slack_code(second))
        return replies.later()


def _tell(message: Message, body: dict[str, Any], client: WebClient) -> BoltResponse:
    if "command" in body:
        return BoltResponse(status=200, body=replies.private(message))
    match body.get("type"):
        case "view_submission":
            view = window("Extensions", message)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        case "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        case "event_callback":
            return _tell_of_event(message, body, client)
        case _:
            replies.tell(body, client, message)
            return BoltResponse(status=200)


def _tell_of_event(message: Message, body: dict[str, Any], client: WebClient) -> BoltResponse:
    """An answer to a question that could not be posted is asked for again; a Home tab says what is wrong."""
    if text_at(body, "event", "type") != "app_home_opened":
        return replies.later()
    client.views_publish(user_id=text_at(body, "event", "user"), view=home_trouble(message))
    return BoltResponse(status=200)
