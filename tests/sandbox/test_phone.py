"""The calls that a person plays at the sandbox's terminal, through the real flows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from core.contacts import EndedCall, ended_call
from infra import flows
from sandbox.aws.account import CALL, CONTACT
from tests.sandbox.desk import Desk

PROMPTS = flows.prompts()
ASK = "Please key in the 4 digit extension, or 0 for somebody who can help."


def answer(event: Any) -> dict[str, str]:
    """What the call function answers: Jane Doe is on 7238, nobody on any other number."""
    digits = event["Details"]["Parameters"]["extension"]
    known = {"found": "false", "extension": digits, "agent_id": "", "display_name": ""}
    return known | JANE if digits == "7238" else known


JANE = {"found": "true", "display_name": "Jane Doe"}


@pytest.fixture
def desk() -> Desk:
    desk = Desk()
    JANE["agent_id"] = desk.connect.find("jdoe").id
    desk.answers[CALL] = answer
    return desk


def heard(printed: str) -> list[str]:
    start = "The caller hears: "
    lines = " ".join(line.strip() for line in printed.splitlines()).split("The c")
    return [f"The c{line}".removeprefix(start).strip() for line in lines if f"The c{line}".startswith(start)]


def test_a_call_to_somebody_available_rings_and_says_what_follows_unanswered(desk: Desk) -> None:
    shown = desk.types("call 7238")
    assert heard(shown) == [
        ASK,
        "You have reached Jane Doe",
        "One moment please.",
        "Still ringing.",
        "There is no answer from Jane Doe",
        PROMPTS["help"],
    ]
    assert "The call goes to the agent queue of Jane Doe, and rings. If nobody answers:" in shown
    assert shown.endswith("The call waits in the fallback queue, for the first agent who is free.")
    assert "display_name  Jane Doe" in shown


def test_the_function_gets_the_digits_as_the_flow_sends_them(desk: Desk) -> None:
    desk.types("call 7238")
    assert desk.asked[-1][1]["Details"]["Parameters"]["extension"] == "7238"


def test_silence_and_0_lead_to_somebody_who_helps(desk: Desk) -> None:
    desk.lines = [""]
    assert heard(desk.types("call")) == [ASK, PROMPTS["nothingHeard"], PROMPTS["help"]]
    assert heard(desk.types("call 0")) == [ASK, PROMPTS["help"]]
    assert desk.asked == []


def test_the_next_lines_are_keys(desk: Desk) -> None:
    desk.connect.set_status(desk.connect.find("jdoe").id, "Lunch")
    desk.lines = ["1", "9999", "7238", "2"]
    shown = desk.types("call 7238")
    assert heard(shown) == [
        ASK,
        "You have reached Jane Doe",
        PROMPTS["choice"],
        ASK,
        "Nobody has extension 9999.",
        ASK,
        "You have reached Jane Doe",
        PROMPTS["choice"],
        PROMPTS["help"],
    ]
    assert desk.lines == []


def test_a_line_that_is_no_keys_hangs_up_and_is_run_next(desk: Desk) -> None:
    desk.lines = ["/ext jane"]
    assert desk.types("call").endswith("The caller hangs up.")
    assert desk.commands.cmdqueue == ["/ext jane"]


def test_a_call_function_that_fails_is_told_and_takes_the_flows_error_branch(desk: Desk) -> None:
    def broken(event: Any) -> Any:
        raise LookupError("it broke")

    desk.answers[CALL] = broken
    shown = desk.types("call 7238")
    assert "The function extensions-call failed: LookupError: it broke" in shown
    assert heard(shown) == [ASK, PROMPTS["trouble"], PROMPTS["help"]]


@pytest.mark.parametrize("line", ["hang up", "hangup"])
def test_a_caller_who_hangs_up_while_it_rings_is_an_event_of_connect(desk: Desk, line: str) -> None:
    desk.types("call 7238")
    assert desk.types(line) == "The caller hangs up, after 40 s."
    name, event = desk.asked[-1]
    call = ended_call(event, datetime.now(UTC))
    assert (name, isinstance(call, EndedCall)) == (CONTACT, True)
    attributes = desk.connect.contacts[event["detail"]["contactId"]]["Attributes"]
    assert (attributes["extension"], attributes["extension_agent"]) == ("7238", JANE["agent_id"])
    assert desk.types(line) == "No call rings. To make one ring: call 7238"


def test_a_caller_may_hang_up_before_a_number_is_keyed(desk: Desk) -> None:
    desk.lines = ["hang up"]
    assert desk.types("call").endswith("The caller hangs up.")
    assert desk.commands.cmdqueue == []


def test_a_call_that_goes_to_the_fallback_queue_rings_nobody(desk: Desk) -> None:
    desk.types("call 0")
    assert "No call rings" in desk.types("hang up")


@pytest.mark.parametrize("line", ["call jane", "call 72 38"])
def test_keys_are_digits(desk: Desk, line: str) -> None:
    assert desk.types(line) == "Write it as: call 7238, call, call 0"
