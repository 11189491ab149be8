"""`/ext-admin` and the buttons below its answers: single numbers, by name. Admins only, by middleware."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltResponse

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
from bot.slack.errors import in_form
from bot.slack.forwarding import Forwarding
from bot.slack.members import Members
from bot.slack.payload import text_at, written
from bot.slack.press import Press
from bot.slack.replies import private, said_by_url
from core.errors import Refused, Unavailable
from core.numbering.orders import OnButton


def ext_admin(
    ack: Ack, press: Press, command: dict[str, Any], services: Services, members: Members
) -> BoltResponse:
    """Check what was asked for, hand it to the sync function, and say so at once; without words, the form."""
    said = written(text_at(command, "text"), group_name=members.group_name)
    if not said.text and not said.mentions and not said.nameless:
        press.open(form(press.url))
        return ack()
    order = _orders(services, members).of(said, press.by)
    if isinstance(order, Message):
        return ack(private(order))
    return hand_over(ack, Job(order, press.by, press.url, id=press.job_id), services)


def submitted(ack: Ack, press: Press, services: Services, members: Members) -> BoltResponse:
    """Carry out the submitted form like the command of the same words. Faults are said in the form."""
    typed = command_of(press.picked(WHAT, WHAT), press.typed(WHOM), press.typed(MORE))
    try:
        order = _orders(services, members).of(written(typed, group_name=members.group_name), press.by)
        if isinstance(order, Message):
            return ack(response_action="push", view=answer_window(order, press.meta))
        return hand_over(ack, Job(order, press.by, press.meta, id=press.job_id), services, in_form=True)
    except (Refused, Unavailable) as error:
        return ack(**in_form(error, WHOM))


def pressed(ack: Ack, press: Press, services: Services) -> None:
    """A button that names one change: this one and no other is handed to the sync function.

    The words stand beside the button before the job begins. A window can be opened once for a press, and an
    error needs it too: it says only what has begun.
    """
    order: OnButton = read(press.value, OnButton)
    # The result of a button on the form is told where the command was typed.
    job = Job(order, press.by, press.url or press.meta, id=press.job_id)
    check_deadline()
    told = said_by_url(press.url, started(job))
    services.start_once(job)
    if not told:
        press.show_if_possible(started(job, DIRECTLY if press.url else WHERE_TYPED))
    ack()


def asked(ack: Ack, press: Press, services: Services, members: Members) -> None:
    """The buttons that ask: another page stands in the place of this one, anything narrower beside it."""
    page = PageRef.read(press.value)
    answer = _orders(services, members).shown(Asked(page.query, page.number), press.by)
    if press.url:
        press.respond(answer, instead=press.action != ASKED)
    else:
        press.update(answer_window(answer, press.meta))
    ack()


def _orders(services: Services, members: Members) -> Orders:
    extensions = services.settings.policy.range
    forwarding = Forwarding(services.lookup, members, services.settings.timezone, services.clock)
    reader, records = services.reader, services.records
    return Orders(services.lookup, members, reader, records, extensions, services.clock, forwarding)
