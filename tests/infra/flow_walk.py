"""Walks through a flow: every way there is, or the one that a caller takes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tests.infra.flow_language import Action, Flow

TRANSFERS = {"TransferContactToQueue", "DequeueContactAndTransferToQueue"}


@dataclass(frozen=True)
class Place:
    """Where a walk is, and what has happened on the way there as far as later blocks depend on it."""

    action: str
    loops: tuple[tuple[str, int], ...] = ()
    answered: bool = False
    attributes: frozenset[str] = frozenset()
    queue: str = ""
    hook: str = ""

    def goes(self, action: str) -> Place:
        return replace(self, action=action)


def after_loop(action: Action, place: Place) -> tuple[str, Place]:
    """A loop says ContinueLooping as often as its count, then DoneLooping once, then starts over."""
    counts = dict(place.loops)
    done = counts.get(action.name, 0) >= int(action.parameters["LoopCount"])
    counts[action.name] = 0 if done else counts.get(action.name, 0) + 1
    return "DoneLooping" if done else "ContinueLooping", replace(place, loops=tuple(sorted(counts.items())))


def after_success(action: Action, place: Place) -> Place:
    """What an action that worked has changed."""
    given = action.parameters
    if action.type == "InvokeLambdaFunction":
        return replace(place, answered=True)
    if action.type == "UpdateContactAttributes":
        return replace(place, attributes=place.attributes | frozenset(given["Attributes"]))
    if action.type == "UpdateContactTargetQueue":
        return replace(place, queue=given.get("AgentId") or given["QueueId"])
    if action.type == "UpdateContactEventHooks":
        return replace(place, hook=given["EventHooks"]["CustomerQueue"])
    return place


def steps(flow: Flow, place: Place) -> set[Place]:
    """Every place that may come next. A transfer that works leaves the flow, so it has only its errors."""
    action = flow.actions[place.action]
    if action.type == "Loop":
        result, then = after_loop(action, place)
        return {then.goes(action.on_result[result])}
    fails = {place.goes(way) for way in action.errors.values()}
    if action.type in TRANSFERS:
        return fails
    worked = after_success(action, place)
    return fails | {worked.goes(way) for way in {action.next, *action.on_result.values()} - {""}}


def explore(flow: Flow) -> dict[Place, set[Place]]:
    """Every place that any walk can come to, with what may come next."""
    found: dict[Place, set[Place]] = {}
    waiting = [Place(flow.start)]
    while waiting:
        place = waiting.pop()
        if place not in found:
            found[place] = steps(flow, place)
            waiting.extend(found[place])
    return found


def in_circles(ways: Mapping[Place, set[Place]]) -> set[str]:
    """Blocks that a walk can come to again and again for ever: what is left when every end is taken away."""
    left = {place: set(then) for place, then in ways.items()}
    while ended := [place for place, then in left.items() if not then & left.keys()]:
        for place in ended:
            del left[place]
    return {place.action for place in left}


Lookup = Callable[[str], Mapping[str, str]]


@dataclass
class Call:
    """A caller in a flow: presses `keys` one answer a question (None is silence), hears `heard`.

    `failing` are blocks whose service does not answer. `ended` is the block where the flow lets go.
    """

    lookup: Lookup
    keys: list[str | None] = field(default_factory=list)
    free: frozenset[str] = frozenset()
    failing: frozenset[str] = frozenset()
    attributes: dict[str, str] = field(default_factory=dict)
    external: Mapping[str, str] = field(default_factory=dict)
    stored: str = ""
    heard: list[str] = field(default_factory=list)
    queue: str = ""
    ended: str = ""

    def play(self, flow: Flow) -> Call:
        place = Place(flow.start)
        while not self.ended:
            place = self.step(flow.actions[place.action], place)
        return self

    def step(self, action: Action, place: Place) -> Place:
        self.hear(action)
        if action.name in self.failing:
            return place.goes(action.errors["NoMatchingError"])
        if action.type == "Loop":
            result, then = after_loop(action, place)
            return then.goes(action.on_result[result])
        if action.type in TRANSFERS or not action.ways_out:
            self.queue = self.said(action.parameters.get("QueueId", self.queue))
            self.ended = action.name
            return place
        return place.goes(self.result(action))

    def hear(self, action: Action) -> None:
        messages = action.parameters.get("Messages", [action.parameters])
        texts = [message.get("Text") or message.get("SSML") for message in messages]
        self.heard.extend(self.said(text) for text in texts if text)

    def said(self, text: str) -> str:
        """The text with what it reads out of the contact."""
        text = re.sub(r"\$\.External\.(\w+)", lambda found: self.external[found[1]], text)
        text = re.sub(r"\$\.Attributes\.(\w+)", lambda found: self.attributes.get(found[1], ""), text)
        return text.replace("$.StoredCustomerInput", self.stored)

    def result(self, action: Action) -> str:
        """Do what the action does; the block that comes next."""
        act = getattr(self, f"do_{action.type}", None)
        return act(action) if act else action.next

    def do_GetParticipantInput(self, action: Action) -> str:  # noqa: N802
        pressed = self.keys.pop(0) if self.keys else None
        if action.parameters["StoreInput"] == "True":
            self.stored = "Timeout" if pressed is None else pressed
            return action.next
        if pressed is None:
            return action.errors["InputTimeLimitExceeded"]
        return action.on_result.get(pressed, action.errors["NoMatchingCondition"])

    def do_Compare(self, action: Action) -> str:  # noqa: N802
        value = self.said(action.parameters["ComparisonValue"])
        return action.on_result.get(value, action.errors["NoMatchingCondition"])

    def do_InvokeLambdaFunction(self, action: Action) -> str:  # noqa: N802
        sent = action.parameters["LambdaInvocationAttributes"]
        self.external = self.lookup(self.said(sent["extension"]))
        return action.next

    def do_CheckMetricData(self, action: Action) -> str:  # noqa: N802
        free = self.said(action.parameters["AgentId"]) in self.free
        return action.on_result["0"] if free else action.errors["NoMatchingCondition"]

    def do_UpdateContactAttributes(self, action: Action) -> str:  # noqa: N802
        for name, text in action.parameters["Attributes"].items():
            self.attributes[name] = self.said(text)
        return action.next

    def do_UpdateContactTargetQueue(self, action: Action) -> str:  # noqa: N802
        given = action.parameters
        self.queue = self.said(given.get("AgentId") or given["QueueId"])
        return action.next

    def do_MessageParticipantIteratively(self, action: Action) -> str:  # noqa: N802
        return action.on_result["MessagesInterrupted"]


def parts(heard: list[str]) -> Iterator[str]:
    """What was heard without the markup of SSML."""
    return (re.sub(r"<[^>]+>", "", text) for text in heard)
