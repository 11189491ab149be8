"""The finder: a shortcut or a button opens it, a typeahead finds people, picking one shows the number."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.messages.button_values import AgentRef
from bot.messages.finder_window import PICK, PICK_BLOCK, finder, is_of_myself, options, window
from bot.messages.help import refused
from bot.messages.lookup_results import Surface
from bot.slack.answers import Answers, Asker
from bot.slack.payload import text_at
from bot.slack.press import Press
from bot.slack.typeahead import Typeahead
from core.asking.answering import Answering
from core.asking.questions import AskMember


def open_finder(ack: Ack, press: Press) -> None:
    """The shortcut, and the Home tab's button."""
    press.open(finder())
    ack()


def open_finder_of_myself(ack: Ack, press: Press) -> None:
    """The button for those whose agent isn't known: whoever is picked there can be claimed."""
    press.open(finder(myself=True))
    ack()


def suggest(
    ack: Ack, body: dict[str, Any], press: Press, typeahead: Typeahead, answering: Answering
) -> BoltResponse:
    """The typeahead's options for what has been typed so far; for a guest, one person at most."""
    found = typeahead.of(text_at(body, "value"))
    if len(found) > 1 and not answering.may_list(press.by):
        found = []
    return ack(options=options(found))


def picked(ack: Ack, press: Press, answers: Answers) -> None:
    """Somebody was picked: show them below the typeahead."""
    press.update(_shown(press, press.value, answers))
    ack()


def _shown(press: Press, picked: str, answers: Answers) -> dict[str, Any]:
    """The window with the person who was picked, to be claimed where somebody looks for themselves."""
    myself = is_of_myself(press.view)
    agent = AgentRef.read(picked)
    shown = answers.candidate(agent) if myself else answers.agent(agent, Surface.MODAL)
    return finder(shown, myself=myself)


def submitted(ack: Ack, press: Press, answers: Answers) -> BoltResponse:
    """Show the chosen person: the window's button, for use by keyboard."""
    picked = press.picked(PICK_BLOCK, PICK)
    if not picked:
        return ack(response_action="errors", errors={PICK_BLOCK: "Pick somebody from the list."})
    return ack(response_action="update", view=_shown(press, picked, answers))


def author(ack: Ack, press: Press, answers: Answers) -> None:
    """The message shortcut: the number of the message's author, in a window."""
    user = text_at(press.message, "user")
    asker = Asker(press.by, Surface.MODAL)
    message = (
        answers.to(AskMember(user), asker)
        if user
        else refused("That message was written by an app, not by a person.")
    )
    press.open(window("Extension", message))
    ack()
