"""`/ext-admin` and the buttons below its answers: single numbers, by name. Admins only, by middleware."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.jobs import Job, Task, started
from bot.listeners.sync import hand_over
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef, Order
from bot.services import Services
from bot.slack.deduplication import job_name
from bot.slack.members import Members
from bot.slack.orders import Orders
from bot.slack.payload import text_at, written
from bot.slack.replies import private, respond, show_if_possible, thread_of
from core.errors import Refused

_BY_BUTTON = {Task.MOVE, Task.SWAP, Task.RESERVE, Task.UNRESERVE, Task.FREE, Task.UNDO, Task.STATUS}


def ext_admin(
    ack: Ack, command: dict[str, Any], request: BoltRequest, services: Services, members: Members
) -> BoltResponse:
    """Check what was asked for, hand it to the sync function, and say so at once."""
    orders = _orders(services, members)
    by = text_at(command, "user_id")
    order = orders.of(written(text_at(command, "text")), by)
    if isinstance(order, Message):
        return ack(private(order))
    return hand_over(ack, _job(order, by, text_at(command, "response_url"), request), services)


def pressed(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    request: BoltRequest,
    services: Services,
) -> None:
    """A button that names one change: this one and no other is handed to the sync function."""
    order = Order.read(text_at(action, "value"))
    job = _job(order, text_at(body, "user", "id"), text_at(body, "response_url"), request)
    show_if_possible(body, client, started(job))
    services.start_once(job)
    ack()


def history(
    ack: Ack, body: dict[str, Any], action: dict[str, Any], services: Services, members: Members
) -> None:
    """The history of the person whom a button names."""
    person = AgentRef.read(text_at(action, "value"))
    answer = _orders(services, members).histories("").of_agent(person.agent_id, "This agent")
    respond(text_at(body, "response_url"), answer, thread=thread_of(body))
    ack()


def _orders(services: Services, members: Members) -> Orders:
    return Orders(services.lookup, members, services.reader, services.settings.policy.range)


def _job(order: Order, by: str, url: str, request: BoltRequest) -> Job:
    if order.task not in _BY_BUTTON:
        raise Refused("This button is from an older version of me. Ask again, please.")
    fields = asdict(order) | {"task": Task(order.task), "by": by, "response_url": url}
    return Job(**fields, id=job_name(request))
