"""The buttons below answers: turn the page, share, that's me, the directory."""

from __future__ import annotations

from functools import partial
from typing import Any

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient

from bot.listeners.home import publish
from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.help import outdated
from bot.messages.lookup_results import Surface
from bot.services import Services
from bot.slack.admins import Admins
from bot.slack.answers import Answers, Asker
from bot.slack.members import Members
from bot.slack.payload import text_at
from bot.slack.replies import post, respond, tell, thread_of
from core.models import Assigned
from core.once import once

# Longer than a message takes to be posted.
_TELL_SECONDS = 20


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
    """That's me: remember which agent the presser is, if neither is known to be somebody else."""
    entry = members.current(AgentRef.read(text_at(action, "value")))
    if entry is None or not entry.agent_id:
        tell(body, client, words.gone())
    else:
        tell(body, client, _linked(text_at(body, "user", "id"), entry, client, services, members))
    ack()


def _linked(user: str, entry: Assigned, client: WebClient, services: Services, members: Members) -> Message:
    known = members.agent_of(user)
    if known and not known.linked:
        return words.verified_already(known.entry)
    rival = members.rival(user, entry)
    if rival is None:
        services.links.link(user, entry.agent_id)
        return words.linked(entry)
    if not rival.verified:
        news = words.claimed_by_another(entry, user)
        name = f"rival-{entry.agent_id}-{user}-{rival.member_id}"
        once(services.claims, name, _TELL_SECONDS, partial(post, client, rival.member_id, news))
    return words.taken(entry, rival.member_id, verified=rival.verified)


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
