"""Ways for an answer to reach people. Each raises SlackApiError, OSError or Unavailable when it can't."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct, field
from slack_bolt import BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messages.blocks import Message
from bot.messages.help import asked_elsewhere
from bot.messages.sync_report import progress
from bot.slack.clients import refuses_place, refuses_thread, slack_code, webhook
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


def respond(
    url: str,
    message: Message,
    *,
    thread: str = "",
    openly: bool = False,
    instead: bool = False,
    patient: bool = False,
    seconds: float = 0,
) -> None:
    """Answer by `response_url`: to one person or openly, beside the message or `instead` of it.

    `seconds` is how long Slack is waited for, 0 for as long as `patient` says.
    """
    answer = webhook(url, patient=patient, seconds=seconds).send_dict(
        {
            "response_type": "in_channel" if openly else "ephemeral",
            "replace_original": instead,
            **({"thread_ts": thread} if thread else {}),
            **content(message),
        }
    )
    if answer.status_code != 200:
        raise Unavailable(f"Slack did not take the answer (HTTP {answer.status_code}).")


def said_by_url(
    url: str, message: Message, *, instead: bool = False, patient: bool = False, seconds: float = 0
) -> bool:
    """Say something by `response_url`, if there is one, as `respond` does; whether Slack took it.

    A failure is logged: the work that the words are about is what counts.
    """
    if not url:
        return False
    try:
        respond(url, message, instead=instead, patient=patient, seconds=seconds)
    except Exception as error:  # noqa: BLE001 - http.client and urllib raise many kinds; none may stop a job
        _log.warning("The answer could not be sent: %s", type(error).__name__)
        return False
    return True


def post(client: WebClient, channel: str, message: Message, thread: str = "") -> None:
    """Post a message, in a thread if given."""
    client.chat_postMessage(channel=channel, thread_ts=thread or None, **content(message))


def answer_in(client: WebClient, channel: str, user: str, message: Message, thread: str = "") -> None:
    """Post an answer where the user asked; where that is refused for good, beside the thread or to the user.

    Raises what a failure that may pass raises; where every place is refused nothing can be said.
    """
    try:
        post(client, channel, message, thread)
    except SlackApiError as error:
        if not refuses_place(error):
            raise
        _log.warning("An answer is not taken there: %s", slack_code(error))
        if thread and refuses_thread(error):
            answer_in(client, channel, user, message)
        elif channel != user:
            answer_in(client, user, user, asked_elsewhere(message))


def later() -> BoltResponse:
    """Slack is to send the event again."""
    return BoltResponse(status=503, body={"error": "Not now, please send this again."})


# Slack takes five answers for one command, within 30 minutes: the first says that it was started, three are
# about progress, after so many seconds, and the last is the result.
_PROGRESS_AFTER = (5, 25, 120)


class ProgressMessages(Struct):
    """Tells the requester of a job how far it is, by `response_url`, unless that is "" or it is `quiet`."""

    response_url: str
    quiet: bool = False
    monotonic: Callable[[], float] = time.monotonic
    _started: float = 0.0
    _due: list[float] = field(default_factory=lambda: [*_PROGRESS_AFTER])

    def __post_init__(self) -> None:
        self._started = self.monotonic()

    def progress(self, doing: str, done: int, of: int) -> None:
        """Tell how far the job is, when it takes long."""
        if (
            self.response_url
            and not self.quiet
            and self._due
            and self.monotonic() - self._started >= self._due[0]
        ):
            self._due.pop(0)
            self.tell(progress(doing, done, of))

    def tell(self, message: Message, instead: bool = False) -> bool:
        """Tell the requester, beside or `instead` of the message that was pressed; whether Slack took it."""
        return said_by_url(self.response_url, message, instead=instead, patient=True)
