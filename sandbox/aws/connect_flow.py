"""A walk through one of our Amazon Connect flows (flows/*.json), as a caller takes it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra import flows
from infra.flows import USUAL

# Each file, and what infra/connect-managed.yml makes of it.
FLOW_TYPES = {"inbound": "CONTACT_FLOW", "transfer": "QUEUE_TRANSFER", "ringing": "CUSTOMER_QUEUE"}
TRANSFERS = {"TransferContactToQueue", "DequeueContactAndTransferToQueue"}


@dataclass(frozen=True)
class Action:
    """One block of a flow, with its way out for each result and each error."""

    name: str
    type: str
    parameters: Mapping[str, Any]
    next: str
    conditions: tuple[tuple[str, str, str], ...]
    errors: Mapping[str, str]

    @property
    def holds(self) -> bool:
        """Whether it plays until an agent picks up: a loop of prompts that nothing interrupts."""
        return (
            self.type == "MessageParticipantIteratively"
            and "InterruptFrequencySeconds" not in self.parameters
        )

    @property
    def on_result(self) -> dict[str, str]:
        """The next block for each operand."""
        return {operand: then for _, operand, then in self.conditions}

    @property
    def ways_out(self) -> set[str]:
        ways = {self.next, *self.on_result.values(), *self.errors.values()}
        return ways - {""}

    @property
    def spoken(self) -> list[tuple[str, str]]:
        """The prompts of the block: `Text` or `SSML`, and the words."""
        messages = self.parameters.get("Messages", [self.parameters])
        return [(kind, each[kind]) for each in messages for kind in ("Text", "SSML") if kind in each]


@dataclass(frozen=True)
class Flow:
    name: str
    type: str
    version: str
    start: str
    actions: Mapping[str, Action]

    def of(self, action_type: str) -> list[Action]:
        return [action for action in self.actions.values() if action.type == action_type]


def read_action(raw: Mapping[str, Any]) -> Action:
    ways = raw["Transitions"]
    return Action(
        raw["Identifier"],
        raw["Type"],
        raw["Parameters"],
        ways.get("NextAction", ""),
        tuple(
            (each["Condition"]["Operator"], operand, each["NextAction"])
            for each in ways.get("Conditions", [])
            for operand in each["Condition"]["Operands"]
        ),
        {each["ErrorType"]: each["NextAction"] for each in ways.get("Errors", [])},
    )


def read_flow(
    name: str, language: str = "en", on: Collection[str] = USUAL, numbers: Mapping[str, str] | None = None
) -> Flow:
    """The flow in flows/<name>.json with the switches that are `on`, see `infra.flows`.

    Raises AssertionError when two of its blocks have one name.
    """
    raw = flows.read_flow(name, language, on, numbers)
    actions = [read_action(each) for each in raw["Actions"]]
    assert len({action.name for action in actions}) == len(actions)
    return Flow(
        name, FLOW_TYPES[name], raw["Version"], raw["StartAction"], {each.name: each for each in actions}
    )


# The parameters that a flow sends to the call function -> its answer.
Lookup = Callable[[Mapping[str, str]], Mapping[str, str]]


# How Compare compares, by the operators that our flows use. Text is compared in any case.
COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": lambda value, operand: value.casefold() == operand.casefold(),
    "TextContains": lambda value, operand: operand.casefold() in value.casefold(),
    "NumberGreaterOrEqualTo": lambda value, operand: value.isdecimal() and int(value) >= int(operand),
}


class CallFailed(Exception):
    """When the call function gives no answer, and the flow takes its error branch."""


def loop_result(action: Action, counts: dict[str, int]) -> str:
    """The result of a loop: ContinueLooping as often as its count, then DoneLooping once, then over again."""
    done = counts.get(action.name, 0) >= int(action.parameters["LoopCount"])
    counts[action.name] = 0 if done else counts.get(action.name, 0) + 1
    return "DoneLooping" if done else "ContinueLooping"


@dataclass
class Call:
    """A caller in a flow: presses `keys`, one entry for each question (None is silence); hears `heard`.

    `free` are the agents who are Available, `signed_in` those who are there, busy or not. `failing` are
    blocks whose service does not answer. `settings` are the values of the deploy, as in `${ExtensionDigits}`.
    `ended` is the block where the flow ends. `call_back` is the agent who is to call back, and the number.
    """

    lookup: Lookup
    keys: list[str | None] = field(default_factory=list)
    free: frozenset[str] = frozenset()
    signed_in: frozenset[str] = frozenset()
    caller: str = "+12065550111"
    called: str = "+12065550100"
    failing: frozenset[str] = frozenset()
    settings: Mapping[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    external: Mapping[str, str] = field(default_factory=dict)
    stored: str = ""
    heard: list[str] = field(default_factory=list)
    queue: str = ""
    hook: str = ""
    keeps_early_keys: bool = False
    ended: str = ""
    call_back: tuple[str, str] = ("", "")
    _loops: dict[str, int] = field(default_factory=dict)
    _prompts: str = ""  # the loop prompts that were interrupted

    def play(self, flow: Flow) -> Call:
        """Walk from the start of a flow to the block where it ends."""
        self.ended, name = "", flow.start
        while not self.ended:
            name = self._step(flow.actions[name])
        return self

    # What a subclass may do in another way

    def press(self, most: int) -> str | None:  # noqa: ARG002 - a subclass that asks a person needs it
        """The keys pressed at one question, at most so many; None is silence."""
        return self.keys.pop(0) if self.keys else None

    def is_free(self, agent_id: str) -> bool:
        """Whether an agent can take a call."""
        return agent_id in self.free

    def is_signed_in(self, agent_id: str) -> bool:
        """Whether an agent is there, busy or not."""
        return agent_id in self.signed_in

    def hear(self, text: str) -> None:
        """Take in one prompt."""
        self.heard.append(text)

    # The walk

    def _step(self, action: Action) -> str:
        """Do what a block does; the name of the next one."""
        for _, text in action.spoken:
            self.hear(self.filled(text))
        if action.name in self.failing:
            return action.errors.get("NoMatchingError") or next(iter(action.errors.values()))
        if action.type == "EndFlowExecution" and self._prompts:
            return self._prompts
        if action.type in TRANSFERS or not action.ways_out:
            self.queue = self.filled(action.parameters.get("QueueId", self.queue))
            self.ended = action.name
            return ""
        do: Callable[[Action], str] = getattr(self, f"do_{action.type}", lambda block: block.next)
        return do(action)

    def filled(self, text: str) -> str:
        """The text with what it reads out of the contact and the settings."""
        text = re.sub(r"\$\{(\w+)\}", lambda found: self.settings.get(found[1], found[0]), text)
        text = re.sub(r"\$\.External\.(\w+)", lambda found: self.external[found[1]], text)
        text = re.sub(r"\$\.Attributes\.(\w+)", lambda found: self.attributes.get(found[1], ""), text)
        text = text.replace("$.CustomerEndpoint.Address", self.caller)
        text = text.replace("$.SystemEndpoint.Address", self.called)
        text = text.replace("$.Queue.ARN", self.queue)
        return text.replace("$.StoredCustomerInput", self.stored)

    def do_Loop(self, action: Action) -> str:  # noqa: N802
        return action.on_result[loop_result(action, self._loops)]

    def do_GetParticipantInput(self, action: Action) -> str:  # noqa: N802
        given = action.parameters
        if "EnableDTMFBuffer" in given:
            self.keeps_early_keys = True
            return action.next
        if given["StoreInput"] == "True":
            most = self.filled(given["InputValidation"]["CustomValidation"]["MaximumLength"])
            pressed = self.press(int(most) if most.isdecimal() else 20)
            self.stored = "Timeout" if pressed is None else pressed
            return action.next
        pressed = self.press(1)
        if pressed is None:
            return action.errors["InputTimeLimitExceeded"]
        return action.on_result.get(pressed, action.errors["NoMatchingCondition"])

    def do_Compare(self, action: Action) -> str:  # noqa: N802
        value = self.filled(action.parameters["ComparisonValue"])
        for operator, operand, then in action.conditions:
            if COMPARISONS[operator](value, operand):
                return then
        return action.errors["NoMatchingCondition"]

    def do_InvokeLambdaFunction(self, action: Action) -> str:  # noqa: N802
        sent = action.parameters["LambdaInvocationAttributes"]
        try:
            self.external = self.lookup({name: self.filled(value) for name, value in sent.items()})
        except CallFailed:
            return action.errors["NoMatchingError"]
        return action.next

    def do_CheckMetricData(self, action: Action) -> str:  # noqa: N802
        agent_id = self.filled(action.parameters["AgentId"])
        available = action.parameters["MetricType"] == "NumberOfAgentsAvailable"
        counts = self.is_free(agent_id) if available else self.is_signed_in(agent_id)
        return action.on_result["0"] if counts else action.errors["NoMatchingCondition"]

    def do_CreateCallbackContact(self, action: Action) -> str:  # noqa: N802
        self.call_back = (self.filled(action.parameters["AgentId"]), self.caller)
        return action.next

    def do_UpdateContactAttributes(self, action: Action) -> str:  # noqa: N802
        for name, text in action.parameters["Attributes"].items():
            self.attributes[name] = self.filled(text)
        return action.next

    def do_UpdateContactTargetQueue(self, action: Action) -> str:  # noqa: N802
        given = action.parameters
        self.queue = self.filled(given.get("AgentId") or given["QueueId"])
        return action.next

    def do_UpdateContactEventHooks(self, action: Action) -> str:  # noqa: N802
        self.hook = self.filled(action.parameters["EventHooks"]["CustomerQueue"])
        return action.next

    def do_MessageParticipantIteratively(self, action: Action) -> str:  # noqa: N802
        self._prompts = action.name
        return action.on_result["MessagesInterrupted"]
