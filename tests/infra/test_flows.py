"""The flows of Amazon Connect: sound as documents, and good to talk to."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from infra import flows as files
from sandbox.aws.connect_flow import FLOW_TYPES, TRANSFERS, Call, Flow, read_flow
from tests.infra.flow_language import ANSWER_KEYS, faults
from tests.infra.flow_walk import explore, in_circles, parts

PROMPTS = files.prompts()
ASK, NOTHING, HELP = PROMPTS["ask"], PROMPTS["nothingHeard"], PROMPTS["help"]
BUSY, TROUBLE, GOODBYE = PROMPTS["choice"], PROMPTS["trouble"], PROMPTS["goodbye"]
JANE = "You have reached Jane Doe"

flows = pytest.mark.parametrize("name", FLOW_TYPES)
languages = pytest.mark.parametrize("language", json.loads((files.FLOWS / "prompts.json").read_text()))
asking_flows = pytest.mark.parametrize("name", ["inbound", "transfer"])


def nobody_has(digits: str) -> str:
    return f'<speak>Nobody has extension <say-as interpret-as="digits">{digits}</say-as>.</speak>'


def answer(extension: str = "", agent: str = "", name: str = "") -> dict[str, str]:
    """What the call Lambda answers; without an agent, that it found nobody."""
    known = {
        "found": str(bool(agent)).lower(),
        "extension": extension,
        "agent_id": agent,
        "display_name": name,
    }
    return dict.fromkeys(ANSWER_KEYS, "") | known


PEOPLE = {"0042": answer("0042", "jane-id", "Jane Doe"), "0043": answer("0043", "sam-id", "Sam Roe")}


def call(*keys: str | None, free: str = "jane-id sam-id", failing: str = "", flow: str = "inbound") -> Call:
    """A call in which a person presses these keys, one entry for each question."""
    caller = Call(
        lookup=lambda sent: PEOPLE.get(sent["extension"], answer(sent["extension"])),
        keys=list(keys),
        free=frozenset(free.split()),
        failing=frozenset(failing.split()),
    )
    return caller.play(read_flow(flow))


@flows
def test_every_block_is_as_its_documentation_asks(name: str) -> None:
    assert list(faults(read_flow(name))) == []


@flows
def test_it_is_the_flow_language_that_connect_imports(name: str) -> None:
    assert read_flow(name).version == "2019-10-30"


@flows
def test_every_block_is_reached(name: str) -> None:
    flow = read_flow(name)
    assert {place.action for place in explore(flow)} == set(flow.actions)


@flows
def test_every_way_comes_to_an_end(name: str) -> None:
    assert in_circles(explore(read_flow(name))) == set()


@flows
def test_every_end_hangs_up_or_leaves_the_caller_in_a_queue(name: str) -> None:
    flow = read_flow(name)
    ends = [flow.actions[place.action] for place, then in explore(flow).items() if not then]
    assert all(end.type == "DisconnectParticipant" or end.holds for end in ends)


@flows
def test_whatever_is_read_of_the_lambdas_answer_is_in_it(name: str) -> None:
    for action in read_flow(name).actions.values():
        assert action.reads("External") <= ANSWER_KEYS


@flows
def test_the_lambdas_answer_is_read_only_after_it_came(name: str) -> None:
    flow = read_flow(name)
    early = {
        place.action
        for place in explore(flow)
        if flow.actions[place.action].reads("External") and not place.answered
    }
    assert early == set()


@asking_flows
def test_nobody_is_transferred_before_a_queue_is_chosen(name: str) -> None:
    flow = read_flow(name)
    chosen = {(place.action, place.queue) for place in explore(flow) if place.action in transfers(flow)}
    expected = {("ring", "$.External.agent_id"), ("transfer-to-fallback", "${FallbackQueueArn}")}
    assert chosen == {each for each in expected if each[0] in flow.actions}


def transfers(flow: Flow) -> set[str]:
    return {action.name for action in flow.actions.values() if action.type in TRANSFERS}


@asking_flows
def test_an_agent_rings_with_the_ringing_flow_and_what_that_reads(name: str) -> None:
    read = {key for action in read_flow("ringing").actions.values() for key in action.reads("Attributes")}
    rings = [place for place in explore(read_flow(name)) if place.action == "ring"]
    assert rings
    for place in rings:
        assert place.queue == "$.External.agent_id"
        assert place.hook == "${RingingFlowArn}"
        assert read <= place.attributes


@asking_flows
def test_the_lambda_is_told_the_digits_by_the_name_of_the_contract(name: str) -> None:
    (lookup,) = read_flow(name).of("InvokeLambdaFunction")
    assert lookup.parameters["LambdaInvocationAttributes"] == {"extension": "$.StoredCustomerInput"}


@flows
@languages
def test_what_is_spoken_ends_a_name_with_a_space_a_mark_up_or_the_sentence(name: str, language: str) -> None:
    # "$.External.display_name." would be read as a path that goes on.
    for action in read_flow(name, language).actions.values():
        for _, text in action.spoken:
            for path in text.split("$.")[1:]:
                name_read, _, rest = path.partition("<")
                assert name_read.replace(".", "_").split(" ")[0].isidentifier()
                assert not name_read.endswith(".")
                assert rest or " " not in name_read


@flows
@languages
def test_mark_up_is_whole_and_stands_where_it_is_read_as_such(name: str, language: str) -> None:
    for action in read_flow(name, language).actions.values():
        for kind, text in action.spoken:
            assert (kind == "SSML") == text.startswith("<speak>")
            if kind == "SSML":
                ElementTree.fromstring(text)


@languages
def test_every_language_has_every_prompt_with_the_same_names_in_it(language: str) -> None:
    def read(text: str) -> set[str]:
        return {word.strip("<./").partition("<")[0] for word in text.split() if "$" in word}

    prompts = files.prompts(language)
    assert prompts.keys() == PROMPTS.keys()
    assert {key for key in prompts if len(read(prompts[key])) != len(read(PROMPTS[key]))} == set()


def test_every_prompt_is_spoken_and_every_text_is_a_prompt() -> None:
    flows_text = "".join((files.FLOWS / f"{name}.json").read_text() for name in FLOW_TYPES)
    assert {key for key in PROMPTS if f"${{Prompts.{key}}}" not in flows_text} == {"voice"}
    texts = [
        text
        for name in FLOW_TYPES
        for action in read_flow(name).actions.values()
        for _, text in action.spoken
    ]
    assert set(texts) <= set(PROMPTS.values())


@languages
def test_the_voice_is_chosen_before_anything_is_said(language: str) -> None:
    for name in FLOW_TYPES:
        flow = read_flow(name, language)
        assert flow.actions[flow.start].type == "UpdateContactTextToSpeechVoice"


@flows
def test_connect_flow_finds_nothing_wrong(name: str) -> None:
    lint = str(Path(sys.executable).with_name("connect-flow"))
    command = [lint, "lint", "--quiet", str(files.FLOWS / f"{name}.json")]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


@flows
def test_every_block_has_a_place_of_its_own_in_the_designer(name: str) -> None:
    flow = files.read_flow(name)
    places = flow["Metadata"]["ActionMetadata"]
    assert places.keys() == {action["Identifier"] for action in flow["Actions"]}
    spots = [(each["position"]["x"], each["position"]["y"]) for each in places.values()]
    # A block is about 200 wide and, with its ways out, up to 200 high.
    assert all(abs(a[0] - b[0]) >= 250 or abs(a[1] - b[1]) >= 220 for a, b in combinations(spots, 2))


def broken(block: str, **changes: object) -> Flow:
    """The inbound flow with something in one block changed."""
    flow = read_flow("inbound")
    action = replace(flow.actions[block], **changes)  # type: ignore[arg-type]
    return replace(flow, actions={**flow.actions, block: action})


@pytest.mark.parametrize(
    ("flow", "fault"),
    [
        (broken("ring", errors={}), "does not say where ['NoMatchingError', 'QueueAtCapacity'] leads"),
        (broken("ring", parameters={"QueueId": "x"}), "has ['QueueId']"),
        (broken("ring", next="nowhere"), "leads to nowhere, which is not there"),
        (broken("say-name", parameters={}), "needs exactly one of"),
        (broken("ask-again", conditions=()), "does not say where both results of a loop lead"),
        (broken("find-agent", next="", errors={}), "leads nowhere"),
        (broken("hang-up", next="ring"), "leads on after its end"),
        (broken("say-name", type="MessageParticipantIteratively"), "does not work in a CONTACT_FLOW"),
    ],
)
def test_a_faulty_block_is_found(flow: Flow, fault: str) -> None:
    assert any(fault in found for found in faults(flow))


def test_a_question_without_end_is_found() -> None:
    forever = broken("say-nobody-has-it", next="ask-for-extension")
    assert "ask-for-extension" in in_circles(explore(forever))


def test_a_known_number_says_the_name_and_rings_the_agent() -> None:
    caller = call("0042")
    assert caller.heard == [ASK, JANE]
    assert (caller.ended, caller.queue) == ("ring", "jane-id")
    assert caller.attributes == {
        "extension": "0042",
        "extension_agent": "jane-id",
        "extension_agent_name": "Jane Doe",
        "extension_state": "ringing",
    }


def test_silence_leads_to_somebody_who_helps_at_once() -> None:
    caller = call(None)
    assert caller.heard == [ASK, NOTHING, HELP]
    assert (caller.ended, caller.queue) == ("transfer-to-fallback", "${FallbackQueueArn}")


@pytest.mark.parametrize("key", ["0", "0#"])
def test_0_leads_to_somebody_who_helps_at_once(key: str) -> None:
    caller = call(key)
    assert caller.heard == [ASK, HELP]
    assert (caller.ended, caller.queue) == ("transfer-to-fallback", "${FallbackQueueArn}")


@pytest.mark.parametrize("digits", ["4", "9999"])
def test_a_short_or_unknown_number_is_read_back_and_asked_again(digits: str) -> None:
    assert call(digits, "0042").heard == [ASK, nobody_has(digits), ASK, JANE]


def test_after_two_more_tries_somebody_helps() -> None:
    caller = call("4", "9998", "9999")
    assert caller.heard == [ASK, nobody_has("4"), ASK, nobody_has("9998"), ASK, nobody_has("9999"), HELP]
    assert (caller.ended, caller.queue) == ("transfer-to-fallback", "${FallbackQueueArn}")


def test_a_call_may_be_in_german() -> None:
    caller = Call(lookup=lambda _: PEOPLE["0042"], keys=["0042"], free=frozenset({"jane-id"}))
    caller.play(read_flow("inbound", "de"))
    assert caller.heard == [files.prompts("de")["ask"], "Sie erreichen Jane Doe"]


def test_an_agent_who_can_not_talk_is_said_and_another_number_taken() -> None:
    caller = call("0042", "1", "0043", free="sam-id")
    assert caller.heard == [ASK, JANE, BUSY, ASK, "You have reached Sam Roe"]
    assert (caller.ended, caller.queue) == ("ring", "sam-id")


@pytest.mark.parametrize("choice", ["2", "7", None])
def test_an_agent_who_can_not_talk_may_be_left_for_somebody_else(choice: str | None) -> None:
    caller = call("0042", choice, free="")
    assert caller.heard == [ASK, JANE, BUSY, HELP]
    assert caller.queue == "${FallbackQueueArn}"


def test_nobody_can_ask_for_busy_agents_for_ever() -> None:
    caller = call(*["0042", "1"] * 99, free="")
    assert caller.heard.count(ASK) == 6
    assert caller.queue == "${FallbackQueueArn}"


def test_a_lookup_that_fails_leads_to_somebody_who_helps() -> None:
    caller = call("0042", failing="find-agent")
    assert caller.heard == [ASK, TROUBLE, HELP]
    assert caller.queue == "${FallbackQueueArn}"


@pytest.mark.parametrize(
    "failing", ["can-they-take-a-call", "remember-agent", "choose-agent-queue", "choose-ringing", "ring"]
)
def test_a_phone_that_can_not_be_rung_is_like_an_agent_who_can_not_talk(failing: str) -> None:
    assert call("0042", "2", failing=failing).heard == [ASK, JANE, BUSY, HELP]


def test_a_full_fallback_queue_says_so_and_hangs_up() -> None:
    caller = call(None, failing="transfer-to-fallback")
    assert caller.heard[-1] == GOODBYE
    assert caller.ended == "hang-up"


def test_a_caller_left_to_the_fallback_queue_is_marked_for_the_ringing_flow() -> None:
    assert call("0042", "2", failing="ring").attributes["extension_state"] == "fallback"


@pytest.mark.parametrize("failing", ["choose-agent-queue", "choose-ringing", "ring"])
def test_a_caller_whom_an_agent_keeps_is_not_marked_as_ringing(failing: str) -> None:
    # The ringing flow stays on the contact: in the next queue it would ring, and then leave for the fallback.
    caller = call("0042", None, flow="transfer", failing=failing)
    assert caller.attributes["extension_state"] == "not-rung"
    assert caller.heard[-1] == "Not transferred. Your caller is still with you."


def test_an_agent_who_can_not_transfer_keeps_the_caller() -> None:
    caller = call("9999", "9999", "9999", flow="transfer")
    assert caller.heard[-1] == "Not transferred. Your caller is still with you."
    assert (caller.ended, caller.queue) == ("hang-up", "")


def test_an_agent_transfers_to_an_extension() -> None:
    caller = call("0042", flow="transfer")
    assert caller.heard[-1] == "Transferring to Jane Doe"
    assert (caller.ended, caller.queue) == ("ring", "jane-id")


def ringing(failing: str = "", state: str = "ringing") -> Call:
    """A caller whose agent does not pick up."""
    attributes = {"extension_state": state, "extension_agent_name": "Jane Doe"}
    return Call(lookup=lambda _: answer(), attributes=attributes, failing=frozenset(failing.split())).play(
        read_flow("ringing")
    )


def test_no_answer_leads_to_the_fallback_queue() -> None:
    caller = ringing()
    assert list(parts(caller.heard)) == [
        "One moment please.",
        "Still ringing.",
        "There is no answer from Jane Doe",
        HELP,
    ]
    assert (caller.ended, caller.queue) == ("move-to-fallback", "${FallbackQueueArn}")
    assert caller.attributes["extension_state"] == "unanswered"


def test_an_agent_about_to_pick_up_is_not_cut_off() -> None:
    # Connect refuses to move a contact that an agent is being joined to: the phone goes on ringing.
    caller = ringing(failing="move-to-fallback")
    assert caller.heard.count("There is no answer from Jane Doe") == 3
    assert (caller.heard[-1], caller.ended) == (GOODBYE, "hang-up")


def test_in_the_fallback_queue_the_ringing_flow_only_holds() -> None:
    caller = ringing(state="fallback")
    assert list(parts(caller.heard)) == ["Please hold.", "You are still in line."]
    assert caller.ended == "hold"
