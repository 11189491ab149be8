"""Questions: by command, by mention and by direct message. One answer for all three."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from slack_bolt import Ack, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.directory_link import directory, directory_offer
from bot.messages.help import lookup_help, too_long, unknown_command
from bot.messages.lookup_results import Surface
from bot.slack.errors import in_words
from bot.slack.members import Members
from bot.slack.payload import Written, nearest, text_at, written
from bot.slack.replies import later, post, private
from bot.telemetry import emit
from core.lookup import People
from core.models import Assigned
from core.once import once
from core.ports import Claim
from core.questions import (
    AskDirectory,
    AskHelp,
    AskMember,
    AskMine,
    AskNothing,
    AskNumber,
    AskPerson,
    Question,
    understand,
)
from core.search.ranking import Certainty

if TYPE_CHECKING:
    from bot.app import Services

_log = logging.getLogger(__name__)

# More than this is no question about one person.
_LONGEST = 300
# Longer than an answer takes, shorter than the minute after which Slack sends an event once more.
_CLAIM_SECONDS = 20

_COMMANDS = ("/ext", "/ext-sync", "/ext-admin")
_WORDS = ("help", "directory", "me")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and where the answer is read."""

    user: str
    surface: Surface


def ext(ack: Ack, command: dict[str, Any], services: Services, members: Members) -> BoltResponse:
    """`/ext`: the answer is the acknowledgement itself, for nobody else to see."""
    asker = Asker(text_at(command, "user_id"), Surface.COMMAND)
    return ack(private(asked(services, members, written(text_at(command, "text")), asker)))


def other_command(ack: Ack, command: dict[str, Any]) -> BoltResponse:
    """A slash command that leads here and is none of ours."""
    typed = text_at(command, "command")
    return ack(private(unknown_command(typed, nearest(typed, _COMMANDS) or "/ext help")))


def mentioned(
    body: dict[str, Any],
    event: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
    members: Members,
) -> BoltResponse:
    """A mention in a channel is answered in its thread."""
    if not _by_a_person(event):
        return BoltResponse(status=200)
    said = written(text_at(event, "text"), context.bot_user_id or "")
    asker = Asker(text_at(event, "user"), Surface.PUBLIC)
    thread = text_at(event, "thread_ts") or text_at(event, "ts")
    return _once(services, body, lambda: _answer(services, members, said, asker, client, event, thread))


def messaged(
    body: dict[str, Any], event: dict[str, Any], client: WebClient, services: Services, members: Members
) -> BoltResponse:
    """A direct message is answered beside it; messages elsewhere are none of our business."""
    if text_at(event, "channel_type") != "im" or not _by_a_person(event):
        return BoltResponse(status=200)
    said = written(text_at(event, "text"))
    asker = Asker(text_at(event, "user"), Surface.DIRECT)
    thread = text_at(event, "thread_ts")
    return _once(services, body, lambda: _answer(services, members, said, asker, client, event, thread))


def _by_a_person(event: dict[str, Any]) -> bool:
    """Whether a person wrote this just now: no bot, no edit, no notice that somebody joined."""
    return bool(text_at(event, "user")) and not any(event.get(key) for key in ("bot_id", "subtype", "edited"))


def _answer(
    services: Services,
    members: Members,
    said: Written,
    asker: Asker,
    client: WebClient,
    event: dict[str, Any],
    thread: str,
) -> None:
    """Answer in the conversation of the event; an error is an answer too."""
    try:
        answer = asked(services, members, said, asker)
    except Exception as error:  # noqa: BLE001 - the asker is told, and the log has it
        answer = in_words(error)
    post(client, text_at(event, "channel"), answer, thread)


def _once(services: Services, body: dict[str, Any], answer: Callable[[], None]) -> BoltResponse:
    """Answer an event that Slack may deliver several times, where an earlier answer may have died half way.

    Without the table nothing can be claimed: each delivery is answered, with that news.
    """
    name = f"slack-{text_at(body, 'event_id')[:100] or 'unnamed'}"
    claim = once(services.claims, name, _CLAIM_SECONDS, answer, unclaimed_too=True)
    return later() if claim is Claim.BUSY else BoltResponse(status=200)


def asked(services: Services, members: Members, said: Written, asker: Asker) -> Message:
    """The answer to what somebody wrote. A bare command asks for one's own number."""
    if len(said.text) > _LONGEST:
        return too_long()
    question = understand(said.text, said.mentions)
    if question == AskNothing() and asker.surface is Surface.COMMAND:
        question = AskMine()
    return answer(services, members, question, asker)


def answer(services: Services, members: Members, question: Question, asker: Asker) -> Message:
    """The answer to a question, with numbers of this moment."""
    match question:
        case AskPerson(name=name):
            return _person(services, name, asker.surface)
        case AskNumber(digits=digits):
            return _number(services, digits, asker.surface)
        case AskMember(user_id=user_id):
            return _member(services, members, user_id, asker.surface)
        case AskMine():
            return _mine(members, asker)
        case AskDirectory():
            return directory_answer(services, asker.surface)
        case AskHelp() | AskNothing():
            return lookup_help()


def _person(services: Services, name: str, surface: Surface, page: int = 0) -> Message:
    people = services.lookup.people(name)
    emit(Lookups=1, LookupMisses=int(not people.matches))
    if not people.matches:
        word = nearest(name, _WORDS)
        return words.nobody(name, f"/ext {word}" if word else "")
    return words.found(people, _status(services, people), surface, page)


def page_of(services: Services, query: str, page: int, surface: Surface) -> Message:
    """Another page of the people found for a query, searched and read anew."""
    return _person(services, query[:_LONGEST], surface, page)


def _status(services: Services, people: People) -> str | None:
    """The availability of a single sure match; everybody else costs no request."""
    return status_of(services, people.matches[0].entry) if people.certainty is Certainty.SURE else None


def status_of(services: Services, entry: Assigned) -> str | None:
    """The agent's status in Connect now, None when it can't be told in time."""
    return services.connect.availability(entry.agent_id) if entry.agent_id else None


def _number(services: Services, digits: str, surface: Surface) -> Message:
    number = services.lookup.number(digits)
    emit(Lookups=1, LookupMisses=int(not isinstance(number.state, Assigned)))
    status = status_of(services, number.state) if isinstance(number.state, Assigned) else None
    return words.number(number, services.settings.policy.range, status, surface, datetime.now(UTC))


def _member(services: Services, members: Members, user_id: str, surface: Surface) -> Message:
    known = members.agent_of(user_id)
    if known is None:
        return words.unknown_member(members.alike(user_id))
    return words.person(known.entry, status_of(services, known.entry), surface)


def _mine(members: Members, asker: Asker) -> Message:
    known = members.agent_of(asker.user)
    if known is None:
        return words.unknown_me(members.alike(asker.user), asker.surface)
    return words.mine(known.entry, known.linked, asker.surface)


def directory_answer(services: Services, surface: Surface) -> Message:
    """A link for one person; where others read along, the button that gives each their own."""
    if surface is Surface.PUBLIC:
        return directory_offer()
    return directory(services.exports.link(), services.settings.link_minutes)
