"""`/ext forward`, its form and buttons: for a while somebody's own calls go to a colleague."""

from __future__ import annotations

from slack_bolt import Ack, BoltResponse

from bot.jobs import HOME, Job, started
from bot.listeners.sync import hand_over
from bot.messages.button_values import AgentRef
from bot.messages.finder_window import PICK, PICK_BLOCK
from bot.messages.forward_text import UNTIL, forward_form
from bot.services import Services
from bot.slack.errors import in_form
from bot.slack.forwarding import Forwarding
from bot.slack.members import Members
from bot.slack.payload import Written
from bot.slack.press import Press
from core.errors import Refused, Unavailable
from core.numbering.orders import EndForward, Forward


def forward(ack: Ack, press: Press, said: Written, services: Services, members: Members) -> BoltResponse:
    """`/ext forward bob until friday`, `/ext forward off`: hand it to the sync function, and say so."""
    order = _forwarding(services, members).of_oneself(said, press.by)
    return hand_over(ack, Job(order, press.by, press.url, id=press.job_id), services)


def open_form(ack: Ack, press: Press) -> None:
    """The button below one's own number, and on the Home tab."""
    press.open(forward_form(press.url))
    ack()


def submitted(ack: Ack, press: Press, services: Services, members: Members) -> BoltResponse:
    """Forward one's calls as the form says. Faults are said in the form."""
    forwarding, field = _forwarding(services, members), UNTIL
    try:
        until, field = forwarding.until(press.typed(UNTIL)), PICK_BLOCK
        order = forwarding.to(AgentRef.read(press.picked(PICK_BLOCK, PICK)), until, press.by)
    except (Refused, Unavailable) as error:
        return ack(**in_form(error, field))
    return hand_over(ack, _job(order, press, press.meta), services, in_form=True)


def take_back(ack: Ack, press: Press, services: Services, members: Members) -> None:
    """The button that ends one's own forward."""
    own = _forwarding(services, members).own(press.by)
    job = _job(EndForward(own.agent_id), press, press.url)
    services.start_once(job)
    if press.url:
        press.respond(started(job))
    ack()


def _job(order: Forward | EndForward, press: Press, url: str) -> Job:
    """The job of an order; the result goes to the address, or to the Home tab."""
    return Job(order, press.by, url, "" if url else HOME, id=press.job_id)


def _forwarding(services: Services, members: Members) -> Forwarding:
    return Forwarding(services.lookup, members, services.settings.timezone, services.clock)
