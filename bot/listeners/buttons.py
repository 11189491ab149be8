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
from bot.messages.finder_window import window
from bot.messages.help import all_help, outdated
from bot.messages.lookup_results import Surface
from bot.messages.share_window import WHERE_BLOCK, share_window
from bot.services import Services
from bot.slack.admins import Admins
from bot.slack.answers import Answers, Asker
from bot.slack.deadline import check_deadline
from bot.slack.members import Members
from bot.slack.payload import text_at
from bot.slack.replies import post, respond, show_view, tell, thread_of
from core.asking.questions import AskDirectory
from core.models import Assigned
from core.once import once
from core.work import Work

# Longer than a message takes to be posted.
_TELL_SECONDS = 20


def turn(ack: Ack, body: dict[str, Any], action: dict[str, Any], answers: Answers) -> None:
    """Next and Previous: the page stands where the one before it stood."""
    page = PageRef.read(text_at(action, "value"))
    message = answers.people(page, Asker(text_at(body, "user", "id"), _surface(body)))
    respond(text_at(body, "response_url"), message, thread=thread_of(body), instead=True)
    ack()


def _surface(body: dict[str, Any]) -> Surface:
    """Answers to commands are ephemeral, those to direct messages are not."""
    container = body.get("container")
    beside = isinstance(container, dict) and container.get("is_ephemeral")
    return Surface.COMMAND if beside else Surface.DIRECT


def chosen(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    answers: Answers,
    members: Members,
) -> None:
    """The menu of a row: show the agent beside the list, or share their number."""
    verb, _, agent = text_at(action, "selected_option", "value").partition(" ")
    ref, url = AgentRef.read(agent), text_at(body, "response_url")
    if verb == words.SHOW and url:
        surface = _surface(body)
        shown, openly = answers.agent(ref, surface), surface is Surface.DIRECT
        respond(url, shown, thread=thread_of(body), openly=openly)
    else:
        _share(body, ref, client, members)
    ack()


def more_help(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, services: Services
) -> None:
    """The button below the short help."""
    tell(body, client, all_help(text_at(action, "value"), services.lookup.examples()))
    ack()


def share(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], client: WebClient, members: Members
) -> None:
    """The Share button."""
    _share(body, AgentRef.read(text_at(action, "value")), client, members)
    ack()


def _share(body: dict[str, Any], agent: AgentRef, client: WebClient, members: Members) -> None:
    """Post a number openly beside a command, as of this moment and with who shared it; else ask where."""
    entry, url = members.current(agent), text_at(body, "response_url")
    if entry is None:
        tell(body, client, words.gone())
    elif url and _surface(body) is Surface.COMMAND:
        respond(url, words.shared(entry, text_at(body, "user", "id")), thread=thread_of(body), openly=True)
    else:
        show_view(body, client, share_window(entry))


def share_where_picked(
    ack: Ack, body: dict[str, Any], view: dict[str, Any], members: Members
) -> BoltResponse:
    """The window that asked where: post it there."""
    entry = members.current(AgentRef.read(text_at(view, "private_metadata")))
    url = text_at(body, "response_urls", 0, "response_url")
    if entry is None:
        return ack(response_action="update", view=window("Share a number", words.gone()))
    if not url:
        return ack(response_action="errors", errors={WHERE_BLOCK: "Pick a channel or a person."})
    respond(url, words.shared(entry, text_at(body, "user", "id")), openly=True)
    return ack()


def link(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    services: Services,
    members: Members,
) -> None:
    """Link the presser to an agent, unless either is linked to somebody else."""
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
    rival = members.become(user, entry)
    if rival is None:
        return words.linked(entry)
    check_deadline()
    if not rival.verified:
        news = words.claimed_by_another(entry, user)
        name = Work.RIVAL.named(entry.agent_id, user, rival.member_id)
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
    check_deadline()
    services.links.unlink(user)
    if text_at(body, "view", "type") == "home":
        publish(user, client, services, members, admins)
    else:
        tell(body, client, words.unlinked())
    ack()


def open_directory(ack: Ack, body: dict[str, Any], client: WebClient, answers: Answers) -> None:
    """The directory button: a link signed now, for the person who pressed it."""
    tell(body, client, answers.to(AskDirectory(), Asker(text_at(body, "user", "id"), Surface.COMMAND)))
    ack()


def outdated_button(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """A button or shortcut that this version doesn't have any more."""
    tell(body, client, outdated())
    ack()


def acknowledge(ack: Ack) -> BoltResponse:
    """Nothing to do, but Slack wants to hear that it came: a link was followed, a window was closed."""
    return ack()
