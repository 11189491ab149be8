"""Ways for an answer to reach people. Each raises SlackApiError, OSError or Unavailable when it can't."""

from __future__ import annotations

import logging
from typing import Any

from slack_bolt import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messages.blocks import Message
from bot.messages.finder_window import window
from bot.slack.clients import webhook
from bot.slack.members import slack_code
from bot.slack.payload import text_at
from core.errors import Unavailable

_log = logging.getLogger(__name__)


def content(message: Message) -> dict[str, Any]:
    """The message as Slack takes it, without previews of links."""
    return {
        "text": message.text,
        "blocks": [*message.blocks],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def private(message: Message) -> dict[str, Any]:
    """The message as the answer to a command, for the one who typed it."""
    return {"response_type": "ephemeral", **content(message)}


def respond(url: str, message: Message, *, openly: bool = False, instead: bool = False) -> None:
    """Answer by `response_url`: to one person or openly, beside the message or `instead` of it."""
    answer = webhook(url).send_dict(
        {
            "response_type": "in_channel" if openly else "ephemeral",
            "replace_original": instead,
            **content(message),
        }
    )
    if answer.status_code != 200:
        raise Unavailable(f"Slack did not take the answer (HTTP {answer.status_code}).")


def tell(body: dict[str, Any], client: WebClient, message: Message) -> None:
    """Say something to the one who pressed or chose: beside the message, or else in a window."""
    url = text_at(body, "response_url")
    if url:
        respond(url, message)
    else:
        show(body, client, message)


def show(body: dict[str, Any], client: WebClient, message: Message) -> None:
    """Say something in a window, on top of the one that is open."""
    trigger = text_at(body, "trigger_id")
    if not trigger:
        return
    in_window = text_at(body, "view", "type") == "modal"
    (client.views_push if in_window else client.views_open)(
        trigger_id=trigger, view=window("Extensions", message)
    )


def show_if_possible(body: dict[str, Any], client: WebClient, message: Message) -> None:
    """Say that something was done. It was, whether or not this can be said."""
    try:
        show(body, client, message)
    except (SlackApiError, OSError) as error:
        _log.warning("An answer could not be shown: %s", slack_code(error))


def post(client: WebClient, channel: str, message: Message, thread: str = "") -> None:
    """Post a message, in a thread if given."""
    client.chat_postMessage(channel=channel, thread_ts=thread or None, **content(message))


def later() -> BoltResponse:
    """Slack is to send the event again."""
    return BoltResponse(status=503, body={"error": "Not now, please send this again."})
