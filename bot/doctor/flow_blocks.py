"""Compare a published flow with ours: walk both side by side, by the types of blocks and their ways out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from itertools import combinations
from typing import Any

from msgspec import Struct

_Json = Mapping[str, Any]

# Each file of flows/, by the type of flow that a deploy makes of it.
_FILES = {"CONTACT_FLOW": "inbound", "QUEUE_TRANSFER": "transfer", "CUSTOMER_QUEUE": "ringing"}
_CALLED = "$.SystemEndpoint.Address"


class Compared(Struct, frozen=True):
    """The differences of a flow from ours, as sentences, where ours has these settings `on`.

    `alike` are the blocks that were found where ours has them.
    """

    on: tuple[str, ...]
    differences: tuple[str, ...]
    alike: int = 0

    @property
    def distance(self) -> tuple[int, int]:
        """Smaller for a better fit: with other settings a walk ends early, with few differences."""
        return -self.alike, len(self.differences)


def compare(kind: str, content: str) -> Compared | None:
    """Compare the content of a flow of that type with ours, with the settings that fit it best.

    None for a type that we have no flow of. Raises ImportError where flows/ is not at hand.
    """
    from infra import flows  # not part of what is deployed

    if kind not in _FILES:
        return None
    try:
        published = json.loads(content)
        found = [
            _compared(on, published, flows.read_flow(_FILES[kind], on=on))
            for count in range(len(flows.SWITCHES) + 1)
            for on in combinations(flows.SWITCHES, count)
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        return Compared((), ("its content can't be read",))
    return min(found, key=lambda each: each.distance)


def _compared(on: tuple[str, ...], published: _Json, ours: _Json) -> Compared:
    alike: set[str] = set()
    differences = tuple(_differences(published, ours, alike))
    return Compared(on, differences, len(alike))


def _differences(published: _Json, ours: _Json, alike: set[str]) -> Iterator[str]:
    """The differences; the names of our blocks that were found are added to `alike`."""
    theirs, own = _by_name(published), _by_name(ours)
    pairs = [(start, ours["StartAction"]) for start in _starts(published, theirs)]
    seen = set(pairs)
    while pairs:
        at, name = pairs.pop()
        block = own[name]
        if at not in theirs:
            yield f"'{name}' is missing"
            continue
        if theirs[at]["Type"] != block["Type"]:
            yield f"in the place of '{name}' ({block['Type']}) is {theirs[at]['Type']}"
            continue
        alike.add(name)
        if _asked(theirs[at]) != _asked(block):
            yield f"'{name}' asks the function for something else"
        found, wanted = _ways(theirs[at]), _ways(block)
        yield from _other_ways(name, found, wanted)
        then = {(found[way], wanted[way]) for way in found.keys() & wanted.keys()} - seen
        seen |= then
        pairs += sorted(then)


def _by_name(flow: _Json) -> dict[str, _Json]:
    return {block["Identifier"]: block for block in flow["Actions"]}


def _starts(flow: _Json, blocks: Mapping[str, _Json]) -> list[str]:
    """The first block, or that of each language behind the one that asks for the number called."""
    start = blocks.get(flow["StartAction"], {})
    if start.get("Type") == "Compare" and start["Parameters"].get("ComparisonValue") == _CALLED:
        return sorted(set(_ways(start).values()))
    return [flow["StartAction"]]


def _asked(block: _Json) -> object:
    """The words with which a block asks the function; None for other blocks."""
    return block.get("Parameters", {}).get("LambdaInvocationAttributes")


def _ways(block: _Json) -> dict[str, str]:
    """The next block for each result and error; the one without a condition where there is no other."""
    ways = block.get("Transitions", {})
    found = {each["ErrorType"]: each["NextAction"] for each in ways.get("Errors") or ()}
    for each in ways.get("Conditions") or ():
        found |= dict.fromkeys(map(str, each["Condition"]["Operands"]), each["NextAction"])
    # With conditions it is never taken, and the console leaves it out.
    if ways.get("NextAction") and not ways.get("Conditions"):
        found["next"] = ways["NextAction"]
    return found


def _other_ways(name: str, found: Collection[str], wanted: Collection[str]) -> Iterator[str]:
    for way in sorted({*wanted} - {*found}):
        yield f"'{name}' has no way for {way}"
    for way in sorted({*found} - {*wanted}):
        yield f"'{name}' has a way for {way} that ours has not"
