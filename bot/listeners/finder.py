"""The finder: a shortcut or a button opens it, a typeahead finds people, picking one shows the number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient

from bot.listeners.lookup import Asker, answer, status_of
from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef
from bot.messages.finder_window import PICK, PICK_BLOCK, finder, options, window
from bot.messages.help import refused
from bot.messages.lookup_results import Surface
from bot.slack.members import Members
from bot.slack.payload import at, text_at
from bot.slack.typeahead import Typeahead
from core.questions import AskMember

if TYPE_CHECKING:
    from bot.app import Services


def open_finder(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """The shortcut, and the Home tab's button."""
    client.views_open(trigger_id=text_at(body, "trigger_id"), view=finder())
    ack()


def suggest(ack: Ack, body: dict[str, Any], typeahead: Typeahead) -> BoltResponse:
    """The typeahead's options for what has been typed so far."""
    return ack(options=options(typeahead.of(text_at(body, "value"))))


def picked(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    services: Services,
    members: Members,
) -> None:
    """Somebody was picked: show them below the typeahead."""
    shown = _shown(services, members, text_at(action, "selected_option", "value"))
    client.views_update(view_id=text_at(body, "view", "id"), view=finder(shown))
    ack()


def submitted(ack: Ack, view: dict[str, Any], services: Services, members: Members) -> BoltResponse:
    """The window's Show button, for those who use the keyboard."""
    value = text_at(at(view, "state", "values", PICK_BLOCK, PICK), "selected_option", "value")
    if not value:
        return ack(response_action="errors", errors={PICK_BLOCK: "Pick somebody from the list."})
    return ack(response_action="update", view=finder(_shown(services, members, value)))


def _shown(services: Services, members: Members, value: str) -> Message:
    entry = members.current(AgentRef.read(value))
    return words.person(entry, status_of(services, entry), Surface.MODAL) if entry else words.gone()


def author(ack: Ack, body: dict[str, Any], client: WebClient, services: Services, members: Members) -> None:
    """The message shortcut: the number of whoever wrote the message, in a window."""
    user = text_at(body, "message", "user")
    asker = Asker(text_at(body, "user", "id"), Surface.MODAL)
    message = (
        answer(services, members, AskMember(user), asker)
        if user
        else refused("That message was written by an app, not by a person.")
    )
    client.views_open(trigger_id=text_at(body, "trigger_id"), view=window("Extension", message))
    ack()
