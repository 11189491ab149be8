"""The flows of Amazon Connect: sound as documents, and good to talk to."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from cxblueprint import Flow as Blueprint

from infra import flows as files
from sandbox.aws.connect_flow import FLOW_TYPES, TRANSFERS, Action, Call, CallFailed, Flow, read_flow
from tests.infra.flow_language import ANSWER_KEYS, faults
from tests.infra.flow_walk import explore, in_circles, parts

PROMPTS = files.prompts()
ASK, NOTHING, HELP = PROMPTS["ask"], PROMPTS["nothingHeard"], PROMPTS["help"]
BUSY, TROUBLE, GOODBYE = PROMPTS["choice"], PROMPTS["trouble"], PROMPTS["goodbye"]
JANE = "You have reached Jane Doe"

flows = pytest.mark.parametrize("name", FLOW_TYPES)
languages = pytest.mark.parametrize("language", files.languages())
# Numbers whose callers hear another language.
NUMBERS = {f"+120655501{place:02}": language for place, language in enumerate(files.languages())}
FLOWS = {
    "usual": (files.USUAL, {}),
    "bare": ((), {}),
    "full": (files.SWITCHES, {}),
    "full, in all languages": (files.SWITCHES, NUMBERS),
}
settings = pytest.mark.parametrize("setting", FLOWS)


def flow_of(name: str, setting: str) -> Flow:
    on, numbers = FLOWS[setting]
    return read_flow(name, "en", on, numbers)


asking_flows = pytest.mark.parametrize("name", ["inbound", "transfer"])


def names_read(action: Action, source: str) -> set[str]:
    """Names read as `$.<source>.<name>` by the parameters of a block."""
    return set(re.findall(rf"\$\.{source}\.(\w+)", json.dumps(action.parameters)))


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
@settings
def test_every_block_is_as_its_documentation_asks(name: str, setting: str) -> None:
    assert list(faults(flow_of(name, setting))) == []


@flows
def test_it_is_the_flow_language_that_connect_imports(name: str) -> None:
    assert read_flow(name).version == "2019-10-30"


@flows
@settings
def test_every_block_is_reached(name: str, setting: str) -> None:
    flow = flow_of(name, setting)
    assert {place.action for place in explore(flow)} == set(flow.actions)


@flows
@settings
def test_every_way_comes_to_an_end(name: str, setting: str) -> None:
    assert in_circles(explore(flow_of(name, setting))) == set()


@flows
@settings
def test_every_end_hangs_up_or_leaves_the_caller_in_a_queue(name: str, setting: str) -> None:
    flow = flow_of(name, setting)
    ends = [flow.actions[place.action] for place, then in explore(flow).items() if not then]
    assert {end.type for end in ends if not end.holds} <= {"DisconnectParticipant", "EndFlowExecution"}


@flows
@settings
def test_whatever_is_read_of_the_lambdas_answer_is_in_it(name: str, setting: str) -> None:
    for action in flow_of(name, setting).actions.values():
        assert names_read(action, "External") <= ANSWER_KEYS


@flows
@settings
def test_the_lambdas_answer_is_read_only_after_it_came(name: str, setting: str) -> None:
    flow = flow_of(name, setting)
    early = {
        place.action
        for place in explore(flow)
        if names_read(flow.actions[place.action], "External") and not place.answered
    }
    assert early == set()


@asking_flows
@settings
def test_nobody_is_transferred_before_a_queue_is_chosen(name: str, setting: str) -> None:
    flow = flow_of(name, setting)
    queues = {"ring": "$.External.agent_id", "go-to-team": "$.External.queue_arn"}
    queues |= {"transfer-to-fallback": "${FallbackQueueArn}"}
    for place in explore(flow):
        if place.action in transfers(flow):
            block = next(each for each in queues if place.action.startswith(each))
            assert place.queue == queues[block]


def transfers(flow: Flow) -> set[str]:
    return {action.name for action in flow.actions.values() if action.type in TRANSFERS}


@asking_flows
def test_an_agent_rings_with_the_ringing_flow_and_what_that_reads(name: str) -> None:
    read = {
        key for action in read_flow("ringing").actions.values() for key in names_read(action, "Attributes")
    }
    rings = [place for place in explore(read_flow(name)) if place.action == "ring"]
    assert rings
    for place in rings:
        assert place.queue == "$.External.agent_id"
        assert place.hook == "${RingingFlowArn}"
        assert read <= place.attributes


@flows
def test_the_lambda_is_told_the_keys_by_the_names_of_the_contract(name: str) -> None:
    for lookup in flow_of(name, "full").of("InvokeLambdaFunction"):
        (sent,) = lookup.parameters["LambdaInvocationAttributes"].items()
        taken = ("extension", f"$.External.extension_{lookup.name[-1]}")
        assert sent in {
            ("extension", "$.StoredCustomerInput"),
            ("offer", "$.Attributes.extension_agent"),
            taken,
        }


@flows
@languages
def test_what_is_spoken_ends_a_name_with_a_space_a_mark_up_or_the_sentence(name: str, language: str) -> None:
    # "$.External.display_name." would be read as a path that goes on.
    for action in read_flow(name, language).actions.values():
        for _, text in action.spoken:
            for path in text.split("$.")[1:]:
                assert re.match(r"[\w.]+(?=[ <]|$)", path)
                assert not re.match(r"[\w.]+\.(?=[ <]|$)", path)


@flows
@languages
def test_mark_up_is_whole_and_stands_where_it_is_read_as_such(name: str, language: str) -> None:
    for action in read_flow(name, language).actions.values():
        for kind, text in action.spoken:
            assert (kind == "SSML") == text.startswith("<speak>")
            if kind == "SSML":
                ElementTree.fromstring(text)


@languages
@pytest.mark.parametrize("on", [(), files.USUAL, files.SWITCHES])
def test_every_language_has_every_prompt_with_the_same_names_in_it(
    language: str, on: tuple[str, ...]
) -> None:
    def read(text: str) -> list[str]:
        return sorted(re.findall(r"\$[.{][\w.]+", text))

    english, prompts = files.prompts("en", on), files.prompts(language, on)
    assert prompts.keys() == english.keys()
    assert {key for key in prompts if read(prompts[key]) != read(english[key])} == set()


def test_every_prompt_is_spoken_and_every_text_is_a_prompt() -> None:
    flows_text = "".join((files.FLOWS / f"{name}.json").read_text() for name in FLOW_TYPES)
    assert {key for key in PROMPTS if f"${{Prompts.{key}}}" not in flows_text} == {"voice"}
    for on, _ in FLOWS.values():
        spoken = (action.spoken for name in FLOW_TYPES for action in read_flow(name, on=on).actions.values())
        texts = {text for prompts in spoken for _, text in prompts}
        assert texts <= set(files.prompts("en", on).values())


@languages
def test_the_voice_is_chosen_before_anything_is_said(language: str) -> None:
    for name in FLOW_TYPES:
        flow = read_flow(name, language)
        assert flow.actions[flow.start].parameters == {"TextToSpeechVoice": files.prompts(language)["voice"]}


@flows
@settings
def test_connect_flow_finds_nothing_wrong(name: str, setting: str, tmp_path: Path) -> None:
    on, numbers = FLOWS[setting]
    file = tmp_path / f"{name}.json"
    file.write_text(json.dumps(files.read_flow(name, "en", on, numbers)))
    lint = str(Path(sys.executable).with_name("connect-flow"))
    ran = subprocess.run([lint, "lint", "--quiet", str(file)], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout + ran.stderr) == (0, "")


@flows
@settings
def test_cxblueprint_reads_a_flow_and_writes_it_as_it_was(name: str, setting: str) -> None:
    on, numbers = FLOWS[setting]
    flow = files.read_flow(name, "en", on, numbers)
    # Its own validation wants more of two blocks than Amazon Connect does; EnableDTMFBuffer it does not know.
    flow["Actions"] = [each for each in flow["Actions"] if "EnableDTMFBuffer" not in each["Parameters"]]
    written = [block.to_dict() for block in Blueprint.decompile_from_dict(flow).blocks]
    assert by_name({"Actions": written}) == by_name(flow)


def by_name(flow: Any) -> dict[str, Any]:
    """The blocks of a flow without their places."""
    kept = ("Type", "Parameters", "Transitions")
    return {each["Identifier"]: {key: each[key] for key in kept} for each in flow["Actions"]}


@pytest.mark.deploy
def test_ssml_check_finds_nothing_wrong_with_what_polly_is_given() -> None:
    flows_of_all = [flow_of(name, "full, in all languages") for name in FLOW_TYPES]
    texts = [
        text
        for flow in flows_of_all
        for action in flow.actions.values()
        for kind, text in action.spoken
        if kind == "SSML"
    ]
    assert len(set(texts)) > 20
    code = """
        const { check } = require('ssml-check-core');
        const texts = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
        Promise.all(texts.map((text) => check(text, { platform: 'amazon' }))).then((found) =>
          console.log(JSON.stringify(found.map((each) => each ?? []))));
    """
    ran = subprocess.run(
        ["node", "-e", code],
        cwd=files.FLOWS.parent,
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    assert {json.dumps(found) for found in json.loads(ran.stdout)} == {"[]"}


@flows
@settings
def test_the_limits_of_amazon_connect_are_held(name: str, setting: str) -> None:
    on, numbers = FLOWS[setting]
    flow = files.read_flow(name, "en", on, numbers)
    assert len(flow["Actions"]) <= 250
    assert len(json.dumps(flow)) <= 256_000
    assert all(len(each["Identifier"]) <= 50 for each in flow["Actions"])


@pytest.mark.deploy
@flows
@settings
def test_a_deploy_makes_the_flows_that_the_tests_walk(name: str, setting: str) -> None:
    on, numbers = FLOWS[setting]
    asked = {"language": "de", "voice": "Marlene", "languages": numbers}
    code = f"""
        const {{ flowOf }} = require('./infra/flows.cjs');
        const asked = {json.dumps(asked)};
        asked.on = new Set({json.dumps(list(on))});
        console.log(JSON.stringify(flowOf('{name}', asked)));
    """
    ran = subprocess.run(
        ["node", "-e", code], cwd=files.FLOWS.parent, capture_output=True, text=True, check=True
    )
    assert json.loads(ran.stdout) == files.read_flow(name, "de", on, numbers, "Marlene")


@flows
@settings
def test_every_block_has_a_place_of_its_own_in_the_designer(name: str, setting: str) -> None:
    on, numbers = FLOWS[setting]
    flow = files.read_flow(name, "en", on, numbers)
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


@pytest.mark.parametrize("keys", [None, "#", "*", "*#"])
def test_silence_leads_to_somebody_who_helps_at_once(keys: str | None) -> None:
    caller = call(keys)
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


def test_a_loop_that_leads_back_to_loop_prompts_is_found() -> None:
    flow = read_flow("ringing")
    loop = flow.actions["is-it-still-ringing"]
    back = replace(loop, conditions=tuple((*each[:2], "ring") for each in loop.conditions))
    found = list(faults(replace(flow, actions={**flow.actions, loop.name: back})))
    assert found == ["ringing is-it-still-ringing: Loop may not lead to the loop prompts ring"]


def test_in_the_fallback_queue_the_ringing_flow_only_holds() -> None:
    caller = ringing(state="fallback")
    assert list(parts(caller.heard)) == ["Please hold.", "You are still in line."]
    assert caller.ended == "hold"


# Everything that is not usual


def walk(*keys: str | None, flow: str = "inbound", answers: dict[str, dict[str, str]], **how: Any) -> Call:
    """A call with every switch on; `answers` by what the function is asked, "offer" for an offer."""

    def lookup(sent: dict[str, str]) -> dict[str, str]:
        asked = "offer" if "offer" in sent else sent["extension"]
        if asked not in answers:
            raise CallFailed
        return dict.fromkeys(ANSWER_KEYS, "") | answers[asked]

    caller = Call(lookup=lookup, keys=list(keys), **how)  # type: ignore[arg-type]
    return caller.play(read_flow(flow, "en", files.SWITCHES))


ALL = files.prompts("en", files.SWITCHES)
JOE = {"found": "true", "kind": "agent", "extension": "7002", "agent_id": "joe", "display_name": "Joe Fox"}
NONE = {"found": "false"}
TWO = NONE | {
    "extension": "*526", "matches": "2", "name_1": "Jane Doe", "extension_1": "7001", "agent_id_1": "jane",
    "name_2": "Joe Fox", "extension_2": "7002", "agent_id_2": "joe",
}  # fmt: skip


def test_a_name_of_several_is_chosen_by_a_key() -> None:
    caller = walk("*526", "2", answers={"*526": TWO, "7002": JOE}, free={"joe"})
    assert caller.heard == [
        ALL["ask"],
        "For Jane Doe press 1, for Joe Fox press 2.",
        "You have reached Joe Fox",
    ]
    assert (caller.ended, caller.queue) == ("ring", "joe")


@pytest.mark.parametrize("choice", ["3", "9", "*", None])
def test_a_choice_that_is_none_asks_again(choice: str | None) -> None:
    caller = walk("*526", choice, None, answers={"*526": TWO})
    assert caller.heard[2:4] == [ALL["ask"], ALL["nothingHeard"]]


@pytest.mark.parametrize(("matches", "said"), [("many", "many"), ("0", "noName")])
def test_a_name_of_too_many_or_of_nobody_asks_again(matches: str, said: str) -> None:
    caller = walk("*526", None, answers={"*526": NONE | {"extension": "*526", "matches": matches}})
    assert caller.heard[:3] == [ALL["ask"], ALL[said], ALL["ask"]]


def test_somebody_chosen_who_is_gone_by_then_is_trouble() -> None:
    caller = walk("*526", "1", answers={"*526": TWO, "7001": NONE})
    assert caller.heard[2] == ALL["trouble"]


def test_keys_that_are_nothing_are_as_silence() -> None:
    caller = walk("**", answers={"**": NONE})
    assert caller.heard[:2] == [ALL["ask"], ALL["nothingHeard"]]


def test_a_forward_is_said_and_the_colleague_rings() -> None:
    caller = walk("7001", answers={"7001": JOE | {"forwarded_from": "Jane Doe"}}, free={"joe"})
    assert caller.heard[1] == "Calls for Jane Doe are taken by Joe Fox"
    assert caller.queue == "joe"


def test_a_username_with_digits_is_spelt() -> None:
    caller = walk("7001", answers={"7001": JOE | {"display_name": "jfox42"}}, free={"joe"})
    assert '<say-as interpret-as="characters">jfox42</say-as>' in caller.heard[1]


def test_a_number_of_a_team_leads_to_its_queue() -> None:
    team = {"found": "true", "kind": "queue", "queue_arn": "arn:queue", "display_name": "Claims"}
    caller = walk("7500", answers={"7500": team})
    assert (caller.heard[1:], caller.ended, caller.queue) == (
        ["You have reached Claims"],
        "go-to-team",
        "arn:queue",
    )
    assert caller.attributes["extension_state"] == "team"
    full = walk("7500", "2", answers={"7500": team}, failing={"go-to-team"})
    assert full.heard[2:] == [ALL["choice"], ALL["help"]]


def test_somebody_busy_is_queued_for_an_offer_and_somebody_signed_out_is_not() -> None:
    busy = walk("7002", answers={"7002": JOE}, signed_in={"joe"})
    assert (busy.ended, busy.queue, busy.attributes["extension_state"]) == ("ring", "joe", "busy")
    out = walk("7002", "2", answers={"7002": JOE})
    assert out.heard[2:] == [ALL["choice"], ALL["help"]]


MAILBOX = {
    "vmx3_from": "+12065550111",
    "vmx3_lang": "en-US",
    "vmx3_mode": "task",
    "vmx3_queue_arn": "joe",
}


@pytest.mark.parametrize("failing", ["", "are-they-signed-in"])
def test_a_call_that_nobody_takes_has_what_voicemail_express_asks_for(failing: str) -> None:
    away = walk("7002", "2", answers={"7002": JOE}, failing={failing})
    assert MAILBOX.items() <= away.attributes.items()
    assert (away.heard[-1], away.queue) == (ALL["help"], "${FallbackQueueArn}")
    unanswered = walk(
        None, flow="ringing", answers={}, attributes=RINGS | {"extension_state": "ringing"}, queue="joe"
    )
    refused = walk(flow="ringing", answers={}, attributes=dict(RINGS), queue="joe")
    for caller in (unanswered, refused):
        assert MAILBOX.items() <= caller.attributes.items()
    # The flag is set by who records: with it a call that is taken after all would be transcribed.
    assert "vmx3_flag" not in away.attributes | unanswered.attributes | refused.attributes


@pytest.mark.parametrize("failing", ["choose-mailbox", "remember-mailbox"])
def test_a_mailbox_that_can_not_be_remembered_changes_nothing_else(failing: str) -> None:
    caller = walk("7002", "2", answers={"7002": JOE}, failing={failing})
    assert (caller.heard[2:], caller.queue) == ([ALL["choice"], ALL["help"]], "${FallbackQueueArn}")


RINGS = {"extension_state": "busy", "extension_agent": "joe", "extension_agent_name": "Joe Fox"}


def test_a_call_that_is_offered_rings_for_longer_than_an_offer_does() -> None:
    caller = walk(None, flow="ringing", answers={"offer": NONE | {"offered": "true"}}, attributes=dict(RINGS))
    assert caller.heard[0] == ALL["ringing"]
    (ring,) = [
        each for each in flow_of("ringing", "full").of("MessageParticipantIteratively") if not each.holds
    ]
    assert int(ring.parameters["InterruptFrequencySeconds"]) > 30


@pytest.mark.parametrize("answers", [{"offer": NONE | {"offered": "false"}}, {}])
def test_a_call_that_is_not_offered_goes_to_the_fallback_queue(answers: dict[str, dict[str, str]]) -> None:
    caller = walk(flow="ringing", answers=answers, attributes=dict(RINGS))
    assert (caller.heard, caller.queue) == ([ALL["busy"], ALL["help"]], "${FallbackQueueArn}")
    assert caller.attributes["extension_state"] == "fallback"


def test_a_caller_may_be_called_back_by_the_same_agent() -> None:
    caller = walk("7002", "3", "1", answers={"7002": JOE})
    assert "+12065550111" in caller.heard[3]
    assert (caller.heard[4:], caller.ended) == ([ALL["willCallBack"]], "hang-up")
    assert caller.call_back == ("joe", "+12065550111")


def test_a_caller_who_waits_in_vain_may_be_called_back() -> None:
    ringing = {**RINGS, "extension_state": "ringing"}
    caller = walk("1", "1", flow="ringing", answers={}, attributes=dict(ringing))
    assert caller.call_back == ("joe", "+12065550111")
    stays = walk(None, flow="ringing", answers={}, attributes=dict(ringing))
    assert (stays.call_back, stays.queue) == (("", ""), "${FallbackQueueArn}")


@pytest.mark.parametrize("failing", ["set-call-back-number", "call-back"])
def test_a_call_back_that_can_not_be_had_leads_to_somebody_who_helps(failing: str) -> None:
    caller = walk("7002", "3", "1", answers={"7002": JOE}, failing={failing})
    assert caller.heard[-2:] == [ALL["noCallBack"], ALL["help"]]
    assert caller.call_back == ("", "")


@languages
def test_a_caller_hears_the_language_of_the_number_called(language: str) -> None:
    (number,) = (number for number, each in NUMBERS.items() if each == language)
    caller = Call(lookup=lambda _: answer("9999"), keys=["9999", None], called=number)
    caller.play(flow_of("inbound", "full, in all languages"))
    prompts = files.prompts(language, files.SWITCHES)
    assert caller.heard[0] == prompts["ask"]
    assert caller.heard[-1] == prompts["help"]


@pytest.mark.parametrize("answers", [{}, {"7002": JOE}, {"7002": NONE | {"extension": "7002"}}])
@pytest.mark.parametrize("name", ["inbound", "transfer"])
def test_a_fault_at_any_block_leaves_nobody_in_silence(name: str, answers: dict[str, dict[str, str]]) -> None:
    for block in flow_of(name, "full").actions.values():
        if block.errors and block.type not in ("Compare", "Loop"):
            caller = walk(
                "7002", "3", "1", flow=name, answers=answers, signed_in={"joe"}, failing={block.name}
            )
            assert caller.ended in {"hang-up", "ring", "transfer-to-fallback"}
            assert caller.heard
