"""The finder: a shortcut or a button opens it, a typeahead finds people, picking one shows the number."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient

from bot.messages.button_values import AgentRef
from bot.messages.finder_window import PICK, PICK_BLOCK, finder, is_of_myself, options, window
from bot.messages.help import refused
from bot.messages.lookup_results import Surface
from bot.slack.answers import Answers, Asker
from bot.slack.payload import at, text_at
from bot.slack.typeahead import Typeahead
from core.asking.answering import Answering
from core.asking.questions import AskMember


def open_finder(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """The shortcut, and the Home tab's button."""
    client.views_open(trigger_id=text_at(body, "trigger_id"), view=finder())
    ack()


def open_finder_of_myself(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """The button for those whose agent isn't known: whoever is picked there can be claimed."""
    client.views_open(trigger_id=text_at(body, "trigger_id"), view=finder(myself=True))
    ack()


def suggest(ack: Ack, body: dict[str, Any], typeahead: Typeahead, answering: Answering) -> BoltResponse:
    """The typeahead's options for what has been typed so far; for a guest, one person at most."""
    found = typeahead.of(text_at(body, "value"))
    if len(found) > 1 and not answering.may_list(text_at(body, "user", "id")):
        found = []
    return ack(options=options(found))


def picked(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, answers: Answers
) -> None:
    """Somebody was picked: show them below the typeahead."""
    view = _shown(at(body, "view"), text_at(action, "selected_option", "value"), answers)
    client.views_update(view_id=text_at(body, "view", "id"), view=view)
    ack()


def _shown(view: Any, picked: str, answers: Answers) -> dict[str, Any]:
    """The window with the person who was picked, to be claimed where somebody looks for themselves."""
    myself = is_of_myself(view)
    agent = AgentRef.read(picked)
    shown = answers.candidate(agent) if myself else answers.agent(agent, Surface.MODAL)
    return finder(shown, myself=myself)


def submitted(ack: Ack, view: dict[str, Any], answers: Answers) -> BoltResponse:
    """Show the chosen person: the window's button, for use by keyboard."""
    value = text_at(at(view, "state", "values", PICK_BLOCK, PICK), "selected_option", "value")
    if not value:
        return ack(response_action="errors", errors={PICK_BLOCK: "Pick somebody from the list."})
    return ack(response_action="update", view=_shown(view, value, answers))


def author(ack: Ack, body: dict[str, Any], client: WebClient, answers: Answers) -> None:
    """The message shortcut: the number of the message's author, in a window."""
    user = text_at(body, "message", "user")
    asker = Asker(text_at(body, "user", "id"), Surface.MODAL)
    message = (
        answers.to(AskMember(user), asker)
        if user
        else refused("That message was written by an app, not by a person.")
    )
    client.views_open(trigger_id=text_at(body, "trigger_id"), view=window("Extension", message))
    ack()
