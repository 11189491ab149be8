"""`/ext forward`, its form and buttons: for a while somebody's own calls go to a colleague."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.jobs import HOME, Job, started
from bot.listeners.sync import hand_over
from bot.messages.button_values import AgentRef
from bot.messages.finder_window import PICK, PICK_BLOCK
from bot.messages.forward_text import UNTIL, forward_form
from bot.services import Services
from bot.slack.deduplication import job_name
from bot.slack.errors import in_words
from bot.slack.forwarding import Forwarding
from bot.slack.members import Members
from bot.slack.payload import Written, at, text_at
from bot.slack.replies import respond, show_view, thread_of
from core.errors import Refused, Unavailable
from core.numbering.orders import EndForward, Forward


def forward(
    ack: Ack,
    command: dict[str, Any],
    said: Written,
    request: BoltRequest,
    services: Services,
    members: Members,
) -> BoltResponse:
    """`/ext forward bob until friday`, `/ext forward off`: hand it to the sync function, and say so."""
    by = text_at(command, "user_id")
    order = _forwarding(services, members).of_oneself(said, by)
    job = Job(order, by, text_at(command, "response_url"), id=job_name(request))
    return hand_over(ack, job, services)


def open_form(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
    """The button below one's own number, and on the Home tab."""
    show_view(body, client, forward_form(text_at(body, "response_url")))
    ack()


def submitted(
    ack: Ack,
    body: dict[str, Any],
    view: dict[str, Any],
    request: BoltRequest,
    services: Services,
    members: Members,
) -> BoltResponse:
    """Forward one's calls as the form says. Faults are said in the form."""
    values = at(view, "state", "values")
    picked = text_at(values, PICK_BLOCK, PICK, "selected_option", "value")
    by, url = text_at(body, "user", "id"), text_at(view, "private_metadata")
    forwarding = _forwarding(services, members)
    try:
        until = forwarding.until(text_at(values, UNTIL, UNTIL, "value"))
    except Refused as error:
        return ack(response_action="errors", errors={UNTIL: str(error)})
    try:
        order = forwarding.to(AgentRef.read(picked), until, by)
    except Refused as error:
        return ack(response_action="errors", errors={PICK_BLOCK: str(error)})
    except Unavailable as error:
        return ack(response_action="errors", errors={PICK_BLOCK: in_words(error).text})
    return hand_over(ack, _job(order, by, url, request), services, in_form=True)


def take_back(
    ack: Ack, body: dict[str, Any], request: BoltRequest, services: Services, members: Members
) -> None:
    """The button that ends one's own forward."""
    by, url = text_at(body, "user", "id"), text_at(body, "response_url")
    own = _forwarding(services, members).own(by)
    job = _job(EndForward(own.agent_id), by, url, request)
    services.start_once(job)
    if url:
        respond(url, started(job), thread=thread_of(body))
    ack()


def _job(order: Forward | EndForward, by: str, url: str, request: BoltRequest) -> Job:
    """The job of an order; the result goes to the address, or to the Home tab."""
    return Job(order, by, url, "" if url else HOME, id=job_name(request))


def _forwarding(services: Services, members: Members) -> Forwarding:
    return Forwarding(services.lookup, members, services.settings.timezone, services.clock)
