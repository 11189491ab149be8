"""`/ext forward`: for a while somebody's own calls go to a colleague."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse

from bot.jobs import Job, started
from bot.listeners.sync import hand_over
from bot.messages.forward_text import how_to_forward
from bot.services import Services
from bot.slack.deduplication import job_name
from bot.slack.forwarding import Forwarding
from bot.slack.members import Members
from bot.slack.payload import Written, text_at
from bot.slack.replies import respond, thread_of
from core.numbering.orders import EndForward


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


def take_back(
    ack: Ack, body: dict[str, Any], request: BoltRequest, services: Services, members: Members
) -> None:
    """The button that ends one's own forward."""
    by, url = text_at(body, "user", "id"), text_at(body, "response_url")
    own = _forwarding(services, members).own(by)
    job = Job(EndForward(own.agent_id), by, url, id=job_name(request))
    services.start_once(job)
    if url:
        respond(url, started(job), thread=thread_of(body))
    ack()


def how(ack: Ack, body: dict[str, Any], services: Services) -> None:
    """The button that says how to forward one's calls."""
    url = text_at(body, "response_url")
    if url:
        respond(url, how_to_forward(services.lookup.examples()), thread=thread_of(body))
    ack()


def _forwarding(services: Services, members: Members) -> Forwarding:
    return Forwarding(services.lookup, members, services.settings.timezone, services.clock)
