"""One request of a person, read once: a command, a button, a choice or a form; and answers to it."""

from __future__ import annotations

import logging
from typing import Any

from msgspec import Struct
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messages.blocks import Message
from bot.messages.finder_window import window
from bot.messages.lookup_results import Surface
from bot.slack.clients import slack_code
from bot.slack.payload import at, text_at
from bot.slack.replies import respond

_log = logging.getLogger(__name__)


class Press(Struct, frozen=True):
    """One request of a person. Texts are "" where Slack sends none.

    `by` is the Slack user id, `url` the `response_url`, `thread` that of the message with the button, and
    `job_id` names the job that the request starts. `value` is that of the button or the choice, `meta` the
    private metadata of the window.
    """

    client: WebClient
    by: str
    url: str
    trigger: str
    thread: str
    surface: Surface
    view: dict[str, Any]
    message: dict[str, Any]
    action: str
    block: str
    value: str
    job_id: str = ""

    @classmethod
    def of(cls, body: dict[str, Any], client: WebClient, job_id: str = "") -> Press:
        """Read the body of a request. Answers to commands are ephemeral, those to direct messages are not."""
        action = at(body, "actions", 0)
        beside = at(body, "container", "is_ephemeral")
        return cls(
            client,
            by=text_at(body, "user_id") or text_at(body, "user", "id") or text_at(body, "event", "user"),
            url=text_at(body, "response_url") or text_at(body, "response_urls", 0, "response_url"),
            trigger=text_at(body, "trigger_id"),
            thread=text_at(body, "container", "thread_ts") or text_at(body, "message", "thread_ts"),
            surface=Surface.COMMAND if beside else Surface.DIRECT,
            view=_mapping(body, "view"),
            message=_mapping(body, "message"),
            action=text_at(action, "action_id"),
            block=text_at(action, "block_id"),
            value=text_at(action, "value") or text_at(action, "selected_option", "value"),
            job_id=job_id,
        )

    @property
    def meta(self) -> str:
        """The private metadata of the window."""
        return text_at(self.view, "private_metadata")

    def typed(self, field: str) -> str:
        """The text in a field of the form, whose block and action have the same name."""
        return text_at(self.view, "state", "values", field, field, "value")

    def picked(self, block: str, action: str) -> str:
        """The value of the option that was picked in the form."""
        return text_at(self.view, "state", "values", block, action, "selected_option", "value")

    def respond(self, message: Message, *, openly: bool = False, instead: bool = False) -> None:
        """Answer by `response_url`: to the person or openly, beside the message or `instead` of it."""
        respond(self.url, message, thread=self.thread, openly=openly, instead=instead)

    def tell(self, message: Message) -> None:
        """Say something beside the message, or else in a window."""
        if self.url:
            self.respond(message)
        else:
            self.show(message)

    def show(self, message: Message) -> None:
        """Say something in a window, on top of the one that is open."""
        self.open(window("Extensions", message))

    def show_if_possible(self, message: Message) -> None:
        """Say that something was done. It was, whether or not this can be said."""
        try:
            self.show(message)
        except (SlackApiError, OSError) as error:
            _log.warning("An answer could not be shown: %s", slack_code(error))

    def open(self, view: dict[str, Any]) -> None:
        """Open a window, on top of the one that is open."""
        if self.trigger:
            in_window = self.view.get("type") == "modal"
            (self.client.views_push if in_window else self.client.views_open)(
                trigger_id=self.trigger, view=view
            )

    def update(self, view: dict[str, Any]) -> None:
        """Put another window in the place of this one."""
        self.client.views_update(view_id=text_at(self.view, "id"), view=view)


def _mapping(body: dict[str, Any], name: str) -> dict[str, Any]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}
