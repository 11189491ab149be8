"""Questions: by command, by mention and by direct message."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot.listeners.forwards import forward
from bot.listeners.number_requests import ask_for
from bot.messages.blocks import Message
from bot.messages.help import forgotten, nameless, unknown_command
from bot.messages.lookup_results import Surface
from bot.messages.notice_text import notices_set
from bot.services import Services
from bot.slack.answers import Answers, Asker
from bot.slack.deadline import check_deadline
from bot.slack.deduplication import answer_once
from bot.slack.errors import in_words
from bot.slack.members import Members
from bot.slack.payload import Written, nearest, text_at, written
from bot.slack.press import Press
from bot.slack.replies import answer_in, private

# Messages that people write: plain ones, with a picture, "also sent to channel", and by /me.
_BY_PEOPLE = ("", "file_share", "thread_broadcast", "me_message")
_COMMANDS = ("/ext", "/ext-sync", "/ext-admin")


# The words after `/ext` that turn notices off and on, and whether they are wanted then.
_FORGET, _REQUEST, _FORWARD = "forget me", "request", "forward"
_NOTICES = {"quiet": False, "quiet on": False, "quiet off": True}


def ext(
    ack: Ack, press: Press, command: dict[str, Any], services: Services, answers: Answers, members: Members
) -> BoltResponse:
    """`/ext`: the answer is the acknowledgement itself, which only the asker sees."""
    user, said = press.by, written(text_at(command, "text"), group_name=members.group_name)
    if done := _of_oneself(said, user, services):
        return ack(private(done))
    verb, _, wish = said.text.partition(" ")
    if verb.casefold() in (_FORWARD, _REQUEST) and said.nameless:
        return ack(private(nameless()))
    if verb.casefold() == _FORWARD:
        return forward(ack, press, said, services, members)
    if verb.casefold() == _REQUEST:
        return ack(private(ask_for(wish, press, services, members)))
    answer = answers.to_text(said, Asker(user, Surface.COMMAND))
    return ack(private(answer)) if answer else ack()


def _of_oneself(said: Written, user: str, services: Services) -> Message | None:
    """Forget the asker, or turn notices off or on, if that is all that was said; None for a question."""
    typed = " ".join(said.text.casefold().split()).rstrip(".!")
    if typed == _FORGET:
        check_deadline()
        return forgotten(services.links.forget(user))
    wanted = _NOTICES.get(typed)
    if wanted is None:
        return None
    check_deadline()
    services.links.set_notices(user, wanted)
    return notices_set(wanted)


def other_command(ack: Ack, command: dict[str, Any], services: Services) -> BoltResponse:
    """A slash command that leads here and is none of ours."""
    typed = text_at(command, "command")
    meant = nearest(typed, _COMMANDS) or "/ext help"
    return ack(private(unknown_command(typed, meant, services.lookup.examples())))


def mentioned(
    body: dict[str, Any],
    event: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
    answers: Answers,
    members: Members,
) -> BoltResponse:
    """A mention in a channel is answered in its thread, also one that came by an edit; each message once."""
    if not _by_a_person({**event, "edited": None}):
        return BoltResponse(status=200)
    said = written(text_at(event, "text"), context.bot_user_id or "", members.group_name)
    asker = Asker(text_at(event, "user"), Surface.PUBLIC)
    thread = text_at(event, "thread_ts") or text_at(event, "ts")
    return answer_once(
        services.claims, body, lambda: _answer(services, answers, said, asker, client, event, thread)
    )


def messaged(
    body: dict[str, Any],
    event: dict[str, Any],
    context: BoltContext,
    client: WebClient,
    services: Services,
    answers: Answers,
    members: Members,
) -> BoltResponse:
    """A direct message is answered beside it; messages elsewhere are left alone."""
    if text_at(event, "channel_type") != "im" or not _by_a_person(event):
        return BoltResponse(status=200)
    text = text_at(event, "text") or _forwarded(event)
    said = written(text, context.bot_user_id or None, members.group_name)
    asker = Asker(text_at(event, "user"), Surface.DIRECT)
    thread = text_at(event, "thread_ts")
    return answer_once(
        services.claims, body, lambda: _answer(services, answers, said, asker, client, event, thread)
    )


def _forwarded(event: dict[str, Any]) -> str:
    """The text of a message that was forwarded without a word beside it, "" for none."""
    shared = [
        each for each in event.get("attachments") or [] if isinstance(each, dict) and each.get("is_share")
    ]
    return text_at(shared[0], "text") if shared else ""


def _by_a_person(event: dict[str, Any]) -> bool:
    """Whether a person wrote this just now: no bot, no edit, no notice that somebody joined."""
    if not text_at(event, "user") or event.get("bot_id") or event.get("edited"):
        return False
    return (event.get("subtype") or "") in _BY_PEOPLE


def _answer(
    services: Services,
    answers: Answers,
    said: Written,
    asker: Asker,
    client: WebClient,
    event: dict[str, Any],
    thread: str,
) -> None:
    """Answer in the conversation of the event; an error is an answer too."""
    try:
        answer = _of_oneself(said, asker.user, services) or answers.to_text(said, asker)
    except Exception as error:  # noqa: BLE001 - the asker is told, and the log has it
        answer = in_words(error)
    if answer:
        check_deadline()
        answer_in(client, text_at(event, "channel"), asker.user, answer, thread)
