"""The buttons below answers: turn the page, share, that's me, the directory."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient

from bot.listeners.home import publish
from bot.messages import lookup_results as words
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.help import outdated
from bot.messages.lookup_results import Surface
from bot.services import Services
from bot.slack.admins import Admins
from bot.slack.answers import Answers, Asker
from bot.slack.members import Members
from bot.slack.payload import text_at
from bot.slack.replies import respond, tell, thread_of


def turn(ack: Ack, body: dict[str, Any], action: dict[str, Any], answers: Answers) -> None:
    """Next and Previous: the page stands where the one before it stood."""
    page = PageRef.read(text_at(action, "value"))
    surface = Surface.COMMAND if _beside_a_command(body) else Surface.DIRECT
    message = answers.people(page, Asker(text_at(body, "user", "id"), surface))
    respond(text_at(body, "response_url"), message, thread=thread_of(body), instead=True)
    ack()


def _beside_a_command(body: dict[str, Any]) -> bool:
    """Answers to commands are ephemeral, those to direct messages are not."""
    container = body.get("container")
    return isinstance(container, dict) and bool(container.get("is_ephemeral"))


def share(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, members: Members
) -> None:
    """Post an answer openly, with the number of this moment and who shared it."""
    entry = members.current(AgentRef.read(text_at(action, "value")))
    url = text_at(body, "response_url")
    if entry is None or not url:
        tell(body, client, words.gone() if entry is None else outdated())
    else:
        respond(url, words.shared(entry, text_at(body, "user", "id")), thread=thread_of(body), openly=True)
    ack()


def link(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    services: Services,
    members: Members,
) -> None:
    """That's me: remember which agent the presser is. It changes only what they are told of themselves."""
    person = AgentRef.read(text_at(action, "value"))
    entry = members.current(person)
    if entry is None or not entry.agent_id:
        tell(body, client, words.gone())
    else:
        services.links.link(text_at(body, "user", "id"), entry.agent_id)
        tell(body, client, words.linked(entry))
    ack()


def unlink(
    ack: Ack,
    body: dict[str, Any],
    client: WebClient,
    services: Services,
    members: Members,
    admins: Admins,
) -> None:
    """Forget which agent the presser said to be. On the Home tab that shows at once."""
    user = text_at(body, "user", "id")
    services.links.unlink(user)
    if text_at(body, "view", "type") == "home":
        publish(user, client, services, members, admins)
    else:
        tell(body, client, words.unlinked())
    ack()


def open_directory(ack: Ack, body: dict[str, Any], client: WebClient, answers: Answers) -> None:
    """The directory button: a link signed now, for the person who pressed it."""
    tell(body, client, answers.directory(Asker(text_at(body, "user", "id"), Surface.COMMAND)))
    ack()


def outdated_button(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """A button or shortcut that this version doesn't have any more."""
    tell(body, client, outdated())
    ack()


def acknowledge(ack: Ack) -> BoltResponse:
    """Nothing to do, but Slack wants to hear that it came: a link was followed, a window was closed."""
    return ack()
