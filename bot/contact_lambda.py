"""An event about a contact -> a direct message to the agent who missed the call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from msgspec import Struct

from bot.messages.notice_text import missed, shown_number
from bot.slack.notices import Notices, Sent
from bot.telemetry import begin, emit, logger
from bot.wiring import installation, now
from core.contacts import MissedCall, NotMissed, ended_call, missed_call
from core.errors import Unavailable
from core.models import Assigned
from core.once import once
from core.ports import Claim, Claims, Contacts, TableReader
from core.work import Work

# Longer than a message takes; an event that comes again after a crash is told then.
_CLAIM_SECONDS = 60


def handler(event: Any, context: Any) -> dict[str, str]:
    """Tell the agent of a missed direct call, once; the answer says to whom, or why nobody was told.

    Raises when the agent could not be told, so that EventBridge delivers the event again.
    """
    begin(context)
    here = installation()
    services = ContactServices(
        here.connect, here.reader, here.claims, here.notices, here.settings.caller_numbers
    )
    answer = tell(event, services, now())
    logger().info("contact", extra=answer)
    return answer


class ContactServices(Struct, frozen=True):
    """All that the telling of missed calls uses. `caller_numbers` is the setting CALLER_NUMBERS."""

    contacts: Contacts
    reader: TableReader
    claims: Claims
    notices: Notices
    caller_numbers: str


def tell(event: Any, services: ContactServices, at: datetime) -> dict[str, str]:
    """Tell of the call that the event ends, if it was missed: {"told": agent id or "", "reason": ...}."""
    call = ended_call(event, at)
    if isinstance(call, NotMissed):
        return _left_alone(call)
    found = missed_call(call, services.contacts.contact(call.contact_id))
    if isinstance(found, NotMissed):
        return _left_alone(found)
    sent: list[Sent] = []
    claim = once(
        services.claims,
        Work.MISSED_CALL.named(found.contact_id),
        _CLAIM_SECONDS,
        lambda: sent.append(_send(found, services)),
    )
    if claim is Claim.BUSY:
        raise Unavailable("Another invocation is telling of this call.")
    if claim is Claim.DONE:
        return {"told": "", "reason": "it was told already"}
    emit(MissedCalls=1)
    return {"told": found.agent_id if sent == [Sent.SENT] else "", "reason": sent[0].value}


def _send(call: MissedCall, services: ContactServices) -> Sent:
    message = missed(call, shown_number(call.caller, services.caller_numbers), _colleague(call, services))
    sent = services.notices.send(call.agent_id, message)
    if sent is Sent.FAILED:
        raise Unavailable("The agent could not be told of a missed call.")
    return sent


def _colleague(call: MissedCall, services: ContactServices) -> Assigned | None:
    """The agent who passed the call on, if one did."""
    before = services.contacts.contact(call.previous_id) if call.previous_id else None
    return services.reader.of_agent(before.agent_id) if before and before.agent_id else None


def _left_alone(why: NotMissed) -> dict[str, str]:
    return {"told": "", "reason": why.reason}
