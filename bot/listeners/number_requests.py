"""Requests for a number: anybody asks, an admin approves or declines, once."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.jobs import Job
from bot.listeners.sync import pressed, start_in_place
from bot.messages import request_text as words
from bot.messages.admin_answers import type_instead
from bot.messages.blocks import Message
from bot.messages.button_values import read, write
from bot.messages.pressed import Pressed
from bot.messages.request_text import NumberRequest
from bot.services import Services
from bot.slack.clients import refuses_place, slack_code
from bot.slack.deadline import check_deadline
from bot.slack.members import Members
from bot.slack.press import Press
from bot.slack.replies import post, respond, said_by_url
from core.errors import ExtensionsError, Refused, Unsure
from core.models import Assigned, Free, Held, iso
from core.numbering.orders import Move
from core.once import once
from core.ports import Claim
from core.work import Work

_log = logging.getLogger(__name__)

_SECONDS = 60
_MOST_ADMINS = 5
_MOST_A_DAY = 5


def ask_for(text: str, press: Press, services: Services, members: Members) -> Message:
    """Send a request for the number that the text begins with to the admins; the rest of it says why.

    Raises Refused.
    """
    digits, _, why = text.strip().partition(" ")
    extension = services.settings.policy.range.normalise(digits)
    if extension is None or extension not in services.settings.policy.range:
        lead = f"Which number? They run from {services.settings.policy.range.in_words}."
        return type_instead(lead, f"/ext request {services.lookup.examples().free} easy to say")
    known = members.agent_of(press.by)
    if known is None or not known.entry.agent_id:
        raise Refused("I don't know which agent you are. Type /ext me, and press “Find myself”.")
    _check_free(services, extension, known.entry.agent_id)
    now = services.clock()
    wish = NumberRequest(
        press.job_id, press.by, known.entry.agent_id, extension, iso(now), why.strip()[: words.MOST_REASON]
    )
    settings = services.settings
    admins = sorted(settings.admin_users)[:_MOST_ADMINS]
    if not (settings.summary_channel or admins):
        raise Refused("Nobody is named who could decide: the settings have no channel and no ADMIN_USERS.")
    group = settings.admin_usergroup if settings.summary_channel else ""
    shown = words.asked(wish, known.entry, known.linked, group)

    def post_it() -> None:
        check_deadline()
        _post_to_admins(press.client, settings.summary_channel, admins, shown)

    def send() -> None:
        check_deadline()
        _one_of_few(services, wish, post_it)

    claim = once(services.claims, wish.ask_claim, _SECONDS, send)
    return words.sent(extension, wish.until) if claim is Claim.ACQUIRED else words.asked_already(extension)


def _one_of_few(services: Services, wish: NumberRequest, send: Callable[[], None]) -> None:
    """Send it as one of the requests that a person may make on a day. Raises Refused."""
    for count in range(_MOST_A_DAY):
        name = Work.REQUEST.named(wish.member, wish.at[:10], count)
        if once(services.claims, name, _SECONDS, send) is Claim.ACQUIRED:
            return
    raise Refused(f"You asked for {_MOST_A_DAY} numbers today. Ask for this one tomorrow.")


def _post_to_admins(client: WebClient, channel: str, admins: Sequence[str], shown: Message) -> None:
    """Post it in the channel; to each admin where there is none, or where Slack takes no message there."""
    try:
        _post_all(client, [channel] if channel else admins, shown)
    except SlackApiError as error:
        if not (channel and admins and refuses_place(error)):
            raise
        _post_all(client, admins, shown)


def _post_all(client: WebClient, places: Sequence[str], shown: Message) -> None:
    """Post it in each place, and raise only where none took it: one who is gone keeps it from nobody."""
    failed: list[Exception] = []
    for place in places:
        try:
            post(client, place, shown)
        except Exception as error:  # noqa: BLE001 - http.client and urllib raise many kinds
            failed.append(error)
    if len(failed) == len(places):
        raise failed[-1]


def _check_free(services: Services, extension: str, agent_id: str) -> None:
    """Raises Refused where the number is not to be had."""
    (state,) = services.reader.read_consistent([extension]).states
    theirs = isinstance(state, Held) and (state.agent_id == agent_id or state.over(services.clock()))
    if isinstance(state, Assigned) and state.agent_id == agent_id:
        raise Refused(f"{extension} is already the number of the one who asks.")
    if not (isinstance(state, Free) or theirs):
        raise Refused(f"{extension} is not free.")


def ask(ack: Ack, press: Press, services: Services, members: Members) -> None:
    """The button on a free number."""
    press.tell(ask_for(press.value, press, services, members))
    ack()


def approve(ack: Ack, press: Press, services: Services) -> None:
    """Move the asker to the number, unless it was decided or has expired; the move tells the result."""
    wish: NumberRequest = read(press.value, NumberRequest)
    job = pressed(Move(wish.agent, wish.extension, write(wish), wish.other), press)
    if _is_over(wish, press, services):
        ack()
        return
    if agent := _on_another_number(wish, services):
        again = words.asked_again(wish, agent)
        shown = Pressed.read(job.pressed).saying(again) if job.pressed else again
        respond(job.response_url, shown, instead=True)
    else:
        _check_free(services, wish.extension, wish.agent)
        claim = services.claims.claim(wish.claim, words.DECISION_SECONDS)
        if claim is Claim.ACQUIRED:
            _start(job, wish, services)
        else:
            press.tell(words.decided_already(at_work=claim is Claim.BUSY))
    ack()


def _is_over(wish: NumberRequest, press: Press, services: Services) -> bool:
    """Whether the request is fulfilled or has expired; the one who pressed is told."""
    if _has_it(wish, services):
        claim = _fulfilled(wish, press.url, press.client, services)
        if claim is not Claim.ACQUIRED:
            press.tell(words.decided_already(at_work=claim is Claim.BUSY))
        return True
    if wish.expired(services.clock()):
        respond(press.url, words.expired(wish), instead=True)
        return True
    return False


def _has_it(wish: NumberRequest, services: Services) -> bool:
    """Whether the agent has the number that was asked for: then that is done, whatever was told of it."""
    (state,) = services.reader.read_consistent([wish.extension]).states
    return isinstance(state, Assigned) and state.agent_id == wish.agent


def _fulfilled(wish: NumberRequest, url: str, client: WebClient, services: Services) -> Claim:
    """End a request whose number is the agent's: the message and the asker are told, once."""
    claim = once(services.claims, wish.claim, _SECONDS, lambda: None)
    if claim is Claim.ACQUIRED:
        said_by_url(url, words.fulfilled(wish), instead=True)
        _tell_asker(wish, words.told_of_success(wish), client)
    return claim


def _on_another_number(wish: NumberRequest, services: Services) -> Assigned | None:
    """The agent, if their number is another by now than the question showed."""
    agent = services.reader.of_agent(wish.agent) if wish.other else None
    return agent if agent and agent.extension != wish.other else None


def _start(job: Job, wish: NumberRequest, services: Services) -> None:
    """Hand over the move; where that can't be done the request stays open.

    The claim is the job's from here: it ends it as done, or gives it up. So it is where the job may have
    started.
    """
    try:
        start_in_place(job, services)
    except Unsure:
        raise
    except ExtensionsError:
        with suppress(ExtensionsError):
            services.claims.drop(wish.claim)
        raise


def decline(ack: Ack, press: Press, services: Services) -> None:
    """Ask for the reason, in a window."""
    wish: NumberRequest = read(press.value, NumberRequest)
    if not _is_over(wish, press, services):
        press.open(words.reason_window(wish, press.url))
    ack()


def declined(ack: Ack, press: Press, services: Services) -> BoltResponse:
    """The window's button: tell the asker, unless it was decided or has expired."""
    value, url = json.loads(press.meta)
    wish: NumberRequest = read(value, NumberRequest)
    why = press.typed(words.REASON).strip()
    if _has_it(wish, services):
        _fulfilled(wish, url, press.client, services)
        return ack(response_action="errors", errors={words.REASON: words.NOTHING_TO_DECLINE})
    if wish.expired(services.clock()):
        return ack(response_action="errors", errors={words.REASON: "This request has expired."})
    if once(services.claims, wish.claim, _SECONDS, check_deadline) is not Claim.ACQUIRED:
        return ack(response_action="errors", errors={words.REASON: "It is decided already."})
    with suppress(ExtensionsError):  # so that it can be asked for again
        services.claims.drop(wish.ask_claim)
    # It stands if that can't be said.
    said_by_url(url, words.decided(wish, press.by, approved=False), instead=True)
    _tell_asker(wish, words.told(wish, press.by, approved=False, why=why), press.client)
    return ack()


def _tell_asker(wish: NumberRequest, said: Message, client: WebClient) -> None:
    """Tell it in a direct message. A failure is logged: the decision stands."""
    try:
        post(client, wish.member, said)
    except Exception as error:  # noqa: BLE001 - http.client and urllib raise many kinds
        _log.warning("The one who asked could not be told: %s", slack_code(error))
