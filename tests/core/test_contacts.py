"""The decision whether an event tells of a call that an agent missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from core.contacts import NEWS, Contact, EndedCall, MissedCall, NotMissed, ended_call, missed_call

ENDED = datetime(2026, 11, 25, 14, 2, 40, tzinfo=UTC)
CALL = EndedCall("contact-1", ENDED)
RANG = Contact(
    "contact-1",
    caller="+442071838750",
    queued=ENDED - timedelta(seconds=40),
    ended=ENDED,
    attributes={"extension": "7238", "extension_agent": "id-jane"},
)


def event(**detail: Any) -> dict[str, Any]:
    """The documented event of a phone call that ended while it waited in an agent's queue."""
    told = {
        "eventType": "DISCONNECTED",
        "contactId": "contact-1",
        "channel": "VOICE",
        "instanceArn": "arn:aws:connect:eu-central-1:111122223333:instance/1",
        "initiationMethod": "INBOUND",
        "initiationTimestamp": "2026-11-25T14:01:50.000Z",
        "disconnectTimestamp": "2026-11-25T14:02:40.000Z",
        "queueInfo": {"queueArn": "arn:...:queue/agent/id-jane", "queueType": "AGENT"},
    }
    return {
        "source": "aws.connect",
        "detail-type": "Amazon Connect Contact Event",
        "time": "2026-11-25T14:02:40Z",
        "detail": told | detail,
    }


def test_the_end_of_a_call_that_nobody_took_is_read() -> None:
    assert ended_call(event(), ENDED) == CALL


def test_a_call_without_its_own_time_of_ending_has_the_events() -> None:
    assert ended_call(event(disconnectTimestamp=None), ENDED) == CALL


@pytest.mark.parametrize(
    "detail",
    [
        {"eventType": "QUEUED"},
        {"channel": "CHAT"},
        {"agentInfo": {"agentArn": "arn:...:agent/id-jane"}},
        {"contactId": 7},
        {"contactId": ""},
        {"contactId": "x" * 257},
    ],
)
def test_any_other_event_is_left_alone(detail: dict[str, Any]) -> None:
    assert isinstance(ended_call(event(**detail), ENDED), NotMissed)


@pytest.mark.parametrize("odd", [None, [], "text", {}, {"source": "aws.connect"}, {"detail": {}}])
def test_what_is_no_event_is_left_alone(odd: Any) -> None:
    assert isinstance(ended_call(odd, ENDED), NotMissed)


def test_an_event_that_comes_a_day_late_is_no_news() -> None:
    assert isinstance(ended_call(event(), ENDED + NEWS + timedelta(seconds=1)), NotMissed)
    assert ended_call(event(), ENDED + NEWS) == CALL


def test_a_call_by_extension_that_nobody_took_is_missed() -> None:
    assert missed_call(CALL, RANG) == MissedCall(
        "contact-1", "id-jane", "7238", "+442071838750", ENDED, timedelta(seconds=40)
    )


@pytest.mark.parametrize(
    "contact",
    [
        None,
        replace(RANG, attributes={}),
        replace(RANG, attributes={"extension": "7238"}),
        replace(RANG, agent_id="id-bob"),
        replace(RANG, queued=None),
        replace(RANG, attributes={**RANG.attributes, "extension_state": "fallback"}),
        replace(RANG, attributes={**RANG.attributes, "extension_state": "not-rung"}),
    ],
)
def test_a_call_that_rang_no_extension_or_was_taken_is_not(contact: Contact | None) -> None:
    assert isinstance(missed_call(CALL, contact), NotMissed)


def test_a_clock_that_runs_backwards_makes_no_negative_wait() -> None:
    early = replace(RANG, queued=ENDED + timedelta(seconds=3))
    decided = missed_call(CALL, early)
    assert isinstance(decided, MissedCall)
    assert decided.waited == timedelta()


@pytest.mark.parametrize("state", ["ringing", "unanswered"])
def test_a_call_that_rang_is_missed_wherever_the_caller_hung_up(state: str) -> None:
    contact = replace(RANG, attributes={**RANG.attributes, "extension_state": state})
    assert isinstance(missed_call(EndedCall("c", ENDED), contact), MissedCall)
