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
from bot.slack.clients import missing_scope, refuses_place, retry_after, slack_code
from bot.slack.deadline import TooLate
from bot.slack.payload import text_at
from bot.slack.press import Press
from bot.telemetry import emit
from core.errors import BadSettings, ExtensionsError, Refused, Unavailable, Unsure

_log = logging.getLogger(__name__)

_GOES_ON = "If it goes on, give the people who run this bot the reference."
_SOON = f"Try again in a minute. {_GOES_ON}"
_WAIT = "If it has, the result comes by itself: wait a minute for it, and then try again."
_OTHER_PLACE = "The people who run this bot can put that right: invite me there, or name another channel."
# Between the deadline and the end of Slack's patience, for the words to a button.
_LAST_SECONDS = 0.4
_BUTTON = "block_actions"
_ADD_IT = "The people who run this bot can add it and install the app again."


def in_words(error: Exception) -> Message:
    """An error as a message: what went wrong and what to do next. The log has the rest, by reference."""
    if isinstance(error, Refused):
        return refused(str(error))
    reference = _logged(error)
    if isinstance(error, BadSettings):
        return trouble(str(error), "The people who run this bot have to put that right.", reference)
    if isinstance(error, Unsure):
        return trouble(str(error), _WAIT, reference)
    if isinstance(error, ExtensionsError):
        # Its own words say to try again where that helps.
        return trouble(str(error), _GOES_ON, reference)
    if lacking := missing_scope(error):
        return trouble(lacking, _ADD_IT, reference)
    if refuses_place(error):
        said = f"Slack takes no message of mine there ({slack_code(error)})."
        return trouble(said, _OTHER_PLACE, reference)
    if isinstance(error, SlackApiError):
        return trouble(_of_slack(error), _SOON, reference)
    if isinstance(error, OSError | HTTPException):
        return trouble("Slack could not be reached.", _SOON, reference)
    return trouble("Something went wrong that should not.", _SOON, reference)


def in_form(error: Refused | Unavailable, field: str) -> dict[str, Any]:
    """The acknowledgement of a form that shows an error below one of its fields."""
    said = str(error) if isinstance(error, Refused) else in_words(error).text
    return {"response_action": "errors", "errors": {field: said}}


def _of_slack(error: SlackApiError) -> str:
    code = slack_code(error)
    if code == "ratelimited":
        return f"Slack asks me to slow down for {retry_after(error.response.headers)} seconds."
    return f"Slack did not do what I asked of it ({code})."


def _reference() -> str:
    return secrets.token_hex(4)


def _logged(error: Exception) -> str:
    """Log where an error came from, and return the reference.

    The text of an error may hold what somebody wrote, or an email, so it stays out unless it is ours
    or Slack's short code.
    """
    reference = _reference()
    said = str(error) if isinstance(error, ExtensionsError) else slack_code(error)
    frames = "".join(traceback.format_tb(error.__traceback__))
    _log.error("reference %s: %s: %s\n%s", reference, type(error).__name__, said, frames)
    emit(SlackErrors=1)
    return reference


def too_late(body: dict[str, Any]) -> BoltResponse:
    """The answer when the deadline of a request has passed; `body` is empty if nothing was parsed yet."""
    emit(SlackErrors=1)
    if not body:
        return replies.later()
    button = body.get("type") == _BUTTON
    change = body.get("command") in ("/ext-sync", "/ext-admin") or body.get("type") == "view_submission"
    started = " It may have started all the same: if it has, the result comes by itself."
    what = started if change or button else ""
    reference = _reference()
    _log.error("reference %s: the answer took longer than Slack waits", reference)
    said = trouble(f"This takes longer than Slack lets me wait.{what}", _SOON, reference)
    if button:
        replies.said_by_url(text_at(body, "response_url"), said, seconds=_LAST_SECONDS)
    return _acknowledge(said, body)


def on_error(error: Exception, body: dict[str, Any], client: WebClient) -> BoltResponse:
    """Bolt's error handler: tell the person who is waiting, in the way that fits the request.

    Raises the error again if it is Bolt's own: then nobody is known who waits.
    """
    if not _of_ours(error):
        raise error
    message = in_words(error)
    if isinstance(error, TooLate) and body.get("type") == _BUTTON:
        return _acknowledge(message, body)  # `too_late` has told it
    try:
        return _tell(message, body, client)
    except Exception as second:  # noqa: BLE001 - http.client and urllib raise many kinds
        _log.warning("The error could not be told either: %s", slack_code(second))
        return replies.later()


def _of_ours(error: Exception) -> bool:
    """Whether code of ours had begun when the error was raised."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    return any(frame.f_globals.get("__name__", "").startswith("bot.") for frame in frames)


def _tell(message: Message, body: dict[str, Any], client: WebClient) -> BoltResponse:
    if text_at(body, "event", "type") == "app_home_opened":
        client.views_publish(user_id=text_at(body, "event", "user"), view=home_trouble(message))
        return BoltResponse(status=200)
    if body.get("type") in (_BUTTON, "shortcut", "message_action"):
        Press.of(body, client).tell(message)
    return _acknowledge(message, body)


def _acknowledge(message: Message, body: dict[str, Any]) -> BoltResponse:
    """The HTTP response to a request that failed, with the message where a response can carry one."""
    if "command" in body:
        return BoltResponse(status=200, body=replies.private(message))
    match body.get("type"):
        case "view_submission":
            view = window("Extensions", message)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        case "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        case "tools":
            failed = {"code": -32603, "message": message.text}
            return BoltResponse(status=200, body={"jsonrpc": "2.0", "id": body.get("id"), "error": failed})
        case "event_callback":
            # An answer to a question that could not be posted is asked for again.
            return replies.later()
        case _:
            return BoltResponse(status=200)
