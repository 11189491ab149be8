"""The flows of flows/ as a caller hears them: their prompts filled in from flows/prompts.json.

infra/flows.cjs does the same for a deploy, and says how; a test holds the two together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

FLOWS = Path(__file__).parent.parent / "flows"
NAMES = ("inbound", "transfer", "ringing")
SWITCHES = ("keysAhead", "dialByName", "ringBusy", "callBack")
# The switches that are on unless a setting says otherwise.
USUAL = ("dialByName",)
_NAME = re.compile(r"\$\{([\w.]+)\}")

_Json = dict[str, Any]


def languages() -> list[str]:
    """The languages that there are prompts of."""
    return list(_read("prompts"))


def prompts(language: str = "en", on: Collection[str] = USUAL) -> dict[str, str]:
    """Every prompt of a language by name, and its `voice`. Raises KeyError for a language that is missing."""
    spoken: dict[str, str] = {}
    for key, text in _read("prompts")[language].items():
        name, _, setting = key.partition(" ")
        if not setting or setting in on:
            spoken[name] = text  # the prompt of a setting comes after the usual one
    return spoken


def read_flow(
    name: str,
    language: str = "en",
    on: Collection[str] = USUAL,
    numbers: Mapping[str, str] | None = None,
    voice: str = "",
) -> _Json:
    """The flow in flows/<name>.json, speaking; `${FallbackQueueArn}` and the like stay as they are.

    `on` are the switches, `numbers` the called numbers whose callers hear another language.
    """
    file, numbers = _read(name), numbers or {}
    spoken = list(dict.fromkeys([language, *numbers.values()]))
    parts = [_Part(file, each, on, place, "" if place else voice) for place, each in enumerate(spoken)]
    starts = {each: part.start for each, part in zip(spoken, parts, strict=True)}
    front = [_which_language(numbers, starts, parts[0].start)] if len(spoken) > 1 else []
    actions = [*front, *(action for part in parts for action in part.actions)]
    places = {"which-language": {"position": {"x": -100, "y": 280}}}
    for part in parts:
        places |= part.places
    reached = _reached(actions, actions[0]["Identifier"] if front else parts[0].start)
    return {
        "Version": file["Version"],
        "StartAction": reached[0],
        "Actions": [action for action in actions if action["Identifier"] in reached],
        "Metadata": file["Metadata"]
        | {"ActionMetadata": {each: place for each, place in places.items() if each in reached}},
    }


def _read(name: str) -> _Json:
    found: _Json = json.loads((FLOWS / f"{name}.json").read_text(encoding="utf-8"))
    return found


class _Part:
    """The blocks of a flow in one language; `place` is the language's place among all of the flow."""

    def __init__(self, file: _Json, language: str, on: Collection[str], place: int, voice: str) -> None:
        self._on = on
        self._suffix = f"-{language}" if place else ""
        absent = [each for each in file["Actions"] if each.get("When", "") not in ("", *on)]
        self._absent = {each["Identifier"]: each["Transitions"]["NextAction"] for each in absent}
        self.start = self._follow(file["StartAction"])
        known = {f"Prompts.{name}": text for name, text in prompts(language, on).items()}
        known |= {
            "Voice": voice or known["Prompts.voice"],
            "StarIsAKey": "True" if "dialByName" in on else "False",
            "RingSeconds": "35" if "ringBusy" in on else "25",
        }
        there = [each for each in file["Actions"] if each not in absent]
        self.actions: list[_Json] = [_filled(self._block(each), known) for each in there]
        spots = {name: each["position"] for name, each in file["Metadata"]["ActionMetadata"].items()}
        below = place * (max(spot["y"] for spot in spots.values()) + 240)
        self.places = {
            name + self._suffix: {"position": {"x": spot["x"], "y": spot["y"] + below}}
            for name, spot in spots.items()
        }

    def _follow(self, name: str) -> str:
        """The block that a way to this one leads to."""
        return self._follow(self._absent[name]) if name in self._absent else name + self._suffix

    def _block(self, action: _Json) -> _Json:
        ways = {
            name: self._follow(way)
            if name == "NextAction"
            else [self._way(each) for each in self._there(way)]
            for name, way in action["Transitions"].items()
        }
        named = action | {"Identifier": action["Identifier"] + self._suffix, "Transitions": ways}
        return {name: value for name, value in named.items() if name != "When"}

    def _there(self, ways: list[_Json]) -> list[_Json]:
        return [way for way in ways if way.get("When", "") in ("", *self._on)]

    def _way(self, way: _Json) -> _Json:
        there = way | {"NextAction": self._follow(way["NextAction"])}
        return {name: value for name, value in there.items() if name != "When"}


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    """The value with every `${Name}` replaced that is known here."""
    if isinstance(value, str):
        return _NAME.sub(lambda found: known.get(found[1], found[0]), value)
    if isinstance(value, list):
        return [_filled(each, known) for each in value]
    return {name: _filled(each, known) for name, each in value.items()}


def _which_language(numbers: Mapping[str, str], starts: Mapping[str, str], usual: str) -> _Json:
    conditions = [
        {"NextAction": starts[each], "Condition": {"Operator": "Equals", "Operands": [number]}}
        for number, each in numbers.items()
    ]
    errors = [{"NextAction": usual, "ErrorType": "NoMatchingCondition"}]
    return {
        "Identifier": "which-language",
        "Type": "Compare",
        "Parameters": {"ComparisonValue": "$.SystemEndpoint.Address"},
        "Transitions": {"NextAction": usual, "Conditions": conditions, "Errors": errors},
    }


def _reached(actions: list[_Json], start: str) -> list[str]:
    """The names of the blocks that a walk from the start can come to, the start first."""
    ways = {each["Identifier"]: each["Transitions"] for each in actions}
    reached = [start]
    for name in reached:
        found = [ways[name].get("NextAction", "")]
        found += [way["NextAction"] for kind in ("Conditions", "Errors") for way in ways[name].get(kind, [])]
        reached += dict.fromkeys(way for way in found if way and way not in reached)
    return reached
