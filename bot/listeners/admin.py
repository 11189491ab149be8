"""`/ext-admin` and the buttons below its answers: single numbers, by name. Admins only, by middleware."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.jobs import Job, started
from bot.listeners.sync import hand_over
from bot.messages.admin_form import MORE, WHAT, WHOM, answer_window, command_of, form
from bot.messages.answer_pages import ASKED, Asked
from bot.messages.begun import DIRECTLY, WHERE_TYPED
from bot.messages.blocks import Message
from bot.messages.button_values import PageRef, read
from bot.services import Services
from bot.slack.admin_words import Orders
from bot.slack.deadline import check_deadline
from bot.slack.deduplication import job_name
from bot.slack.errors import in_words
from bot.slack.forwarding import Forwarding
from bot.slack.members import Members
from bot.slack.payload import at, text_at, written
from bot.slack.replies import private, respond, said_by_url, show_if_possible, thread_of
from core.errors import Refused, Unavailable
from core.numbering.orders import OnButton


def ext_admin(
    ack: Ack,
    command: dict[str, Any],
    client: WebClient,
    request: BoltRequest,
    services: Services,
    members: Members,
) -> BoltResponse:
    """Check what was asked for, hand it to the sync function, and say so at once; without words, the form."""
    orders = _orders(services, members)
    by, url = text_at(command, "user_id"), text_at(command, "response_url")
    said = written(text_at(command, "text"), group_name=members.group_name)
    if not said.text and not said.mentions and not said.nameless:
        client.views_open(trigger_id=text_at(command, "trigger_id"), view=form(url))
        return ack()
    order = orders.of(said, by)
    if isinstance(order, Message):
        return ack(private(order))
    return hand_over(ack, Job(order, by, url, id=job_name(request)), services)


def submitted(
    ack: Ack,
    body: dict[str, Any],
    view: dict[str, Any],
    request: BoltRequest,
    services: Services,
    members: Members,
) -> BoltResponse:
    """Carry out the submitted form like the command of the same words. Faults are said in the form."""
    values = at(view, "state", "values")
    task = text_at(values, WHAT, WHAT, "selected_option", "value")
    whom, more = (text_at(values, field, field, "value") for field in (WHOM, MORE))
    by, url = text_at(body, "user", "id"), text_at(view, "private_metadata")
    try:
        said = written(command_of(task, whom, more), group_name=members.group_name)
        order = _orders(services, members).of(said, by)
        if isinstance(order, Message):
            return ack(response_action="push", view=answer_window(order, url))
        return hand_over(ack, Job(order, by, url, id=job_name(request)), services, in_form=True)
    except Refused as error:
        return ack(response_action="errors", errors={WHOM: str(error)})
    except Unavailable as error:
        return ack(response_action="errors", errors={WHOM: in_words(error).text})


def pressed(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    request: BoltRequest,
    services: Services,
) -> None:
    """A button that names one change: this one and no other is handed to the sync function.

    The words stand beside the button before the job begins. A window can be opened once for a press, and an
    error needs it too: it says only what has begun.
    """
    order: OnButton = read(text_at(action, "value"), OnButton)
    job = Job(order, text_at(body, "user", "id"), _url(body), id=job_name(request))
    beside = text_at(body, "response_url")
    check_deadline()
    told = said_by_url(beside, started(job))
    services.start_once(job)
    if not told:
        show_if_possible(body, client, started(job, DIRECTLY if beside else WHERE_TYPED))
    ack()


def asked(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    services: Services,
    members: Members,
) -> None:
    """The buttons that ask: another page stands in the place of this one, anything narrower beside it."""
    page, url = PageRef.read(text_at(action, "value")), text_at(body, "response_url")
    orders = _orders(services, members)
    answer = orders.shown(Asked(page.query, page.number), text_at(body, "user", "id"))
    if url:
        respond(url, answer, thread=thread_of(body), instead=text_at(action, "action_id") != ASKED)
    else:
        view = answer_window(answer, text_at(body, "view", "private_metadata"))
        client.views_update(view_id=text_at(body, "view", "id"), view=view)
    ack()


def _url(body: dict[str, Any]) -> str:
    """The address of the result: beside the button, or for one on the form where the command was typed."""
    return text_at(body, "response_url") or text_at(body, "view", "private_metadata")


def _orders(services: Services, members: Members) -> Orders:
    extensions = services.settings.policy.range
    forwarding = Forwarding(services.lookup, members, services.settings.timezone, services.clock)
    reader, records = services.reader, services.records
    return Orders(services.lookup, members, reader, records, extensions, services.clock, forwarding)
