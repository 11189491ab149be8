"""The calls that a person plays at the sandbox's terminal, through the real flows."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from core.calling.answer import answer as function_answer
from core.calling.reach import Person, Queue, Reached
from core.contacts import EndedCall, ended_call
from infra import flows
from sandbox.aws.account import CALL, CONTACT
from tests.sandbox.desk import Desk


def prompts_of(language: str) -> dict[str, str]:
    """The prompts with every switch on, as a caller hears them."""
    texts = flows.prompts(language, flows.SWITCHES)
    known = {"${ExtensionDigits}": "4", "${NameLetters}": "3"}
    for name, value in known.items():
        texts = {key: text.replace(name, value) for key, text in texts.items()}
    return {key: re.sub(r"<[^>]+>", "", text) for key, text in texts.items()}


PROMPTS = prompts_of("en")
ASK = PROMPTS["ask"]


def answer(event: Any) -> dict[str, str]:
    """The call function's answer: Jane Doe is on 7238, and forwarded to from 7300; `*526` are two Janes."""
    asked = event["Details"]["Parameters"]
    if "offer" in asked:
        return function_answer("", offered=asked["offer"] == JANE["agent_id"])
    digits = asked["extension"]
    jane = Person(JANE["agent_id"], "7238", "jdoe", name="Jane Doe")
    other = Person("other", "7300", "jfox", name="Jane Fox")
    known = {
        "7238": Reached(jane),
        "7300": Reached(jane, forwarded_from=other),
        "7500": Reached(queue=Queue("arn:queue/claims", "Claims")),
        "*526": Reached(choices=(jane, other)),
    }
    return function_answer(digits, known.get(digits), by_name=digits.startswith("*"))


JANE: dict[str, str] = {}


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
        PROMPTS["offerCallBack"],
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
    desk.connect.set_status(desk.connect.find("jdoe").id, "Offline")
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
    assert desk.types(line) == "No call rings. To make one ring: call 7228"


def test_a_caller_may_hang_up_before_a_number_is_keyed(desk: Desk) -> None:
    desk.lines = ["hang up"]
    assert desk.types("call").endswith("The caller hangs up.")
    assert desk.commands.cmdqueue == []


def test_a_call_that_goes_to_the_fallback_queue_rings_nobody(desk: Desk) -> None:
    desk.types("call 0")
    assert "No call rings" in desk.types("hang up")


@pytest.mark.parametrize("line", ["call jane", "call 72 38"])
def test_keys_are_digits(desk: Desk, line: str) -> None:
    assert desk.types(line) == "Write it as: call 7228, call *526, call de 7228, call"


def test_a_name_is_chosen_and_a_forward_said(desk: Desk) -> None:
    desk.lines = ["2", ""]
    assert heard(desk.types("call *526"))[:3] == [
        ASK,
        "For Jane Doe press 1, for Jane Fox press 2.",
        "Calls for Jane Fox are taken by Jane Doe",
    ]


def test_somebody_busy_is_offered_the_call(desk: Desk) -> None:
    desk.connect.set_status(desk.connect.find("jdoe").id, "Lunch")
    desk.lines = [""]
    shown = heard(desk.types("call 7238"))
    assert shown[:4] == [ASK, "You have reached Jane Doe", "One moment please.", "Still ringing."]
    assert {"offer": JANE["agent_id"]} in [event["Details"]["Parameters"] for _, event in desk.asked]


def test_a_caller_may_be_called_back(desk: Desk) -> None:
    desk.connect.set_status(desk.connect.find("jdoe").id, "Offline")
    desk.lines = ["3", "1"]
    assert desk.types("call 7238").endswith("Jane Doe calls +12065550111 back when free.")


def test_keys_that_come_early_answer_the_next_question(desk: Desk) -> None:
    desk.connect.set_status(desk.connect.find("jdoe").id, "Offline")
    assert heard(desk.types("call 72382")) == [
        ASK,
        "You have reached Jane Doe",
        PROMPTS["choice"],
        PROMPTS["help"],
    ]


def test_a_team_has_a_queue(desk: Desk) -> None:
    assert desk.types("call 7500").endswith("The call waits in the queue claims of the team.")


@pytest.mark.parametrize("language", flows.languages())
def test_a_call_may_be_in_any_language(desk: Desk, language: str) -> None:
    prompts = prompts_of(language)
    assert heard(desk.types(f"call {language} 0")) == [prompts["ask"], prompts["help"]]
