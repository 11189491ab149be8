"""All walks through a flow: every place that any caller can come to."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from sandbox.aws.connect_flow import TRANSFERS, Action, Flow, loop_result


@dataclass(frozen=True)
class Place:
    """Where a walk is, and what has happened on the way there as far as later blocks depend on it."""

    action: str
    loops: tuple[tuple[str, int], ...] = ()
    answered: bool = False
    attributes: frozenset[str] = frozenset()
    queue: str = ""
    hook: str = ""
    prompts: str = ""  # the loop prompts that were interrupted, and go on where the flow ends

    def goes(self, action: str) -> Place:
        return replace(self, action=action)


def after_loop(action: Action, place: Place) -> tuple[str, Place]:
    """The result of a loop, and the place with its new count."""
    counts = dict(place.loops)
    result = loop_result(action, counts)
    return result, replace(place, loops=tuple(sorted(counts.items())))


def after_success(action: Action, place: Place) -> Place:
    """What an action that worked has changed."""
    given = action.parameters
    if action.type == "InvokeLambdaFunction":
        return replace(place, answered=True)
    if action.type == "UpdateContactAttributes":
        return replace(place, attributes=place.attributes | frozenset(given["Attributes"]))
    if action.type == "UpdateContactTargetQueue":
        return replace(place, queue=given.get("AgentId") or given["QueueId"])
    if action.type == "MessageParticipantIteratively":
        return replace(place, prompts=action.name)
    if action.type == "UpdateContactEventHooks":
        return replace(place, hook=given["EventHooks"]["CustomerQueue"])
    return place


def steps(flow: Flow, place: Place) -> set[Place]:
    """Every place that may come next. A transfer that works leaves the flow, so it has only its errors."""
    action = flow.actions[place.action]
    if action.type == "Loop":
        result, then = after_loop(action, place)
        return {then.goes(action.on_result[result])}
    if action.type == "EndFlowExecution":
        return {place.goes(place.prompts)} if place.prompts else set()
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


def parts(heard: list[str]) -> Iterator[str]:
    """What was heard without the markup of SSML."""
    return (re.sub(r"<[^>]+>", "", text) for text in heard)
