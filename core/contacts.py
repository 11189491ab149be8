"""Missed direct calls: an event about a contact -> the call that an agent missed, or why there is none. Pure.

A contact is Amazon Connect's word for one call. The flow "Extensions" writes the keyed extension and its
agent on the contact, as the attributes `extension` and `extension_agent`: that is how a call that came by
an extension is known from all others. The shape of the event is documented in the administrator guide of
Amazon Connect, "contact events"; fields that are not read here may come and go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct

EXTENSION, EXTENSION_AGENT, STATE = "extension", "extension_agent", "extension_state"
# The states of a call whose agent could not be rung: it waited in another queue, if in any.
_NOT_RUNG = ("fallback", "not-rung", "team")
# An event that is older than this is no news any more. Shorter than claims are kept, so that an event that
# comes again is never told again.
NEWS = timedelta(hours=12)


class Contact(Struct, frozen=True):
    """One call, as DescribeContact tells it.

    `agent_id` is the agent who took the call, "" if nobody did. `previous_id` is the contact that this one
    was transferred from. `caller` is a phone number in E.164, "" where it was withheld.
    """

    id: str
    agent_id: str = ""
    previous_id: str = ""
    caller: str = ""
    queued: datetime | None = None
    ended: datetime | None = None
    attributes: Mapping[str, str] = {}


class EndedCall(Struct, frozen=True):
    """A call that ended, as its event tells it: `contact_id` is what DescribeContact is asked for."""

    contact_id: str
    ended: datetime


class MissedCall(Struct, frozen=True):
    """A call to an extension that its agent did not take. `waited` is how long the caller heard it ring.

    `previous_id` is the contact that it was transferred from, "" for a call from outside.
    """

    contact_id: str
    agent_id: str
    extension: str
    caller: str
    ended: datetime
    waited: timedelta
    previous_id: str = ""


class NotMissed(Struct, frozen=True):
    """There is nothing to tell anybody, and why."""

    reason: str


def ended_call(event: Any, now: datetime) -> EndedCall | NotMissed:
    """Read an EventBridge event; whatever is not the end of a phone call of this instance is left alone."""
    detail = event.get("detail") if isinstance(event, Mapping) else None
    if not isinstance(detail, Mapping) or event.get("source") != "aws.connect":
        return NotMissed("not a contact event")
    if detail.get("eventType") != "DISCONNECTED" or detail.get("channel") != "VOICE":
        return NotMissed("not the end of a phone call")
    if detail.get("agentInfo"):
        return NotMissed("an agent took the call")
    contact_id = detail.get("contactId")
    if not isinstance(contact_id, str) or not 0 < len(contact_id) <= 256:
        return NotMissed("the event names no contact")
    ended = _moment(detail.get("disconnectTimestamp")) or _moment(event.get("time"))
    if ended is None or now - ended > NEWS:
        return NotMissed("the event is too old")
    return EndedCall(contact_id, ended)


def missed_call(call: EndedCall, contact: Contact | None) -> MissedCall | NotMissed:
    """Decide whether the contact is a direct call that its agent missed."""
    if contact is None:
        return NotMissed("Amazon Connect does not know the contact")
    extension, agent_id = contact.attributes.get(EXTENSION, ""), contact.attributes.get(EXTENSION_AGENT, "")
    if not extension or not agent_id:
        return NotMissed("the call did not come by an extension")
    if contact.agent_id:
        return NotMissed("an agent took the call")
    if contact.queued is None or contact.attributes.get(STATE) in _NOT_RUNG:
        return NotMissed("the call did not ring")
    waited = max(timedelta(), (contact.ended or call.ended) - contact.queued)
    return MissedCall(
        call.contact_id, agent_id, extension, contact.caller, call.ended, waited, contact.previous_id
    )


def _moment(text: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
