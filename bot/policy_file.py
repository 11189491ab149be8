"""`policy.yml`: ranges for teams and reserved blocks, read into a value. Every fault names its line.

ranges:                       # the first that matches wins
  - team: Claims              # the Connect user's tag `team`
    range: 7000-7199
  - routing_profile: 12345678-1234-1234-1234-123456789012    # its id
    name: Night shift         # what people read instead of the id
    range: 7200-7299
  - hierarchy_group: 87654321-4321-4321-4321-210987654321
    name: Berlin
    range: 7300-7399
reserved:
  - numbers: 7990-7999        # one number or a range
    note: emergency lines
queues:                       # numbers of teams: a call goes to the queue
  - number: 7000
    name: Claims
    queue: arn:aws:connect:eu-central-1:123456789012:instance/.../queue/...
    note: the claims desk     # the name, where there is none
unlisted: [jdoe, asmith]      # usernames of agents who can't be dialled by name
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import combinations
from typing import Any

import yaml

from core.errors import BadRange, BadSettings
from core.models import ExtensionRange, GroupKind, ReservedBlock, TeamPolicy, TeamRange

_NOTE_LENGTH, _NAME_LENGTH = 200, 80
_QUEUE = re.compile(r"arn:aws[a-z-]*:connect:[a-z0-9-]+:\d{12}:instance/[A-Za-z0-9-]+/queue/[A-Za-z0-9-]+")


def read_policy(text: str, pool: ExtensionRange) -> TeamPolicy:
    """Read the text of a policy file against the pool. Raises BadSettings with every fault, by line."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        tab = "'\\t'" in str(error.problem)
        problem = "there is a tab. Indent with spaces" if tab else error.problem
        raise BadSettings(f"policy.yml, line {line}: this is not YAML: {problem}.") from error
    except yaml.YAMLError as error:
        raise BadSettings(f"policy.yml: this is not YAML: {error}") from error
    reader = _Reader(pool)
    policy = TeamPolicy() if root is None or _is_null(root) else reader.policy(root)
    if reader.faults:
        raise BadSettings("\n".join(reader.faults))
    return policy


class _Reader:
    """Reads YAML nodes, which know their lines, and collects the faults."""

    def __init__(self, pool: ExtensionRange) -> None:
        self._pool = pool
        self.faults: list[str] = []

    def policy(self, root: yaml.Node) -> TeamPolicy:
        lists = self._mapping(root, {"ranges", "reserved", "queues", "unlisted"})
        ranges = self._entries(lists.get("ranges"), self._range)
        reserved = self._entries(lists.get("reserved"), self._block)
        reserved += self._entries(lists.get("queues"), self._queue)
        unlisted = frozenset(name for _, name in self._entries(lists.get("unlisted"), self._username))
        self._no_second_range(ranges)
        self._no_overlap([(node, each.range) for node, each in ranges])
        self._no_overlap([(node, each.range) for node, each in reserved])
        return TeamPolicy(tuple(each for _, each in ranges), tuple(each for _, each in reserved), unlisted)

    def _entries(
        self, node: yaml.Node | None, read: Callable[[yaml.Node], Any]
    ) -> list[tuple[yaml.Node, Any]]:
        if node is None or _is_null(node):
            return []
        if not isinstance(node, yaml.SequenceNode):
            self._fault(node, "this has to be a list, each entry with a dash")
            return []
        found = [(entry, read(entry)) for entry in node.value]
        return [(entry, value) for entry, value in found if value is not None]

    def _range(self, node: yaml.Node) -> TeamRange | None:
        kinds = {kind.value for kind in GroupKind}
        entry = self._mapping(node, {*kinds, "range", "name"})
        named = [kind for kind in GroupKind if kind.value in entry]
        if len(named) != 1:
            self._fault(node, f"name exactly one of {', '.join(sorted(kinds))}")
            return None
        group = self._text(entry[named[0].value])
        numbers = self._numbers(node, entry.get("range"), "range")
        name = self._text(entry["name"], _NAME_LENGTH) if "name" in entry else ""
        if group and numbers:
            return TeamRange(named[0], group, numbers, name)
        return None

    def _block(self, node: yaml.Node) -> ReservedBlock | None:
        entry = self._mapping(node, {"numbers", "note"})
        numbers = self._numbers(node, entry.get("numbers"), "numbers")
        note = self._text(entry["note"], _NOTE_LENGTH) if "note" in entry else "reserved by the policy"
        return ReservedBlock(numbers, note) if numbers and note else None

    def _queue(self, node: yaml.Node) -> ReservedBlock | None:
        """A number of a team, with its queue."""
        entry = self._mapping(node, {"number", "name", "queue", "note"})
        number = self._numbers(node, entry.get("number"), "number")
        name = self._text(entry["name"], _NAME_LENGTH) if "name" in entry else ""
        arn = self._text(entry["queue"]) if "queue" in entry else ""
        note = self._text(entry["note"], _NOTE_LENGTH) if "note" in entry else name
        if not name:
            self._fault(node, "`name` is missing, such as name: Claims")
        if not _QUEUE.fullmatch(arn):
            self._fault(node, "`queue` has to be a queue's ARN: arn:aws:connect:...:instance/.../queue/...")
        if number and len(number) != 1:
            self._fault(node, f"a team has one number, and {number} are {len(number):,}")
        return ReservedBlock(number, note, arn, name) if number and note else None

    def _username(self, node: yaml.Node) -> str | None:
        return self._text(node, _NAME_LENGTH) or None

    def _numbers(self, entry: yaml.Node, node: yaml.Node | None, key: str) -> ExtensionRange | None:
        if node is None:
            self._fault(entry, f"`{key}` is missing, such as {key}: {self._pool}")
            return None
        text = self._text(node).replace("\u2013", "-")
        if not text:
            return None
        try:
            numbers = ExtensionRange.parse(f"{text}-{text}" if text.isdecimal() else text)
        except BadRange as error:
            self._fault(node, str(error).rstrip("."))
            return None
        ends = (numbers.write(numbers.first), numbers.write(numbers.last))
        if not all(end in self._pool for end in ends):
            self._fault(node, f"{text} is not inside the pool, which is {self._pool}")
            return None
        return numbers

    def _mapping(self, node: yaml.Node, known: set[str]) -> dict[str, yaml.Node]:
        if not isinstance(node, yaml.MappingNode):
            self._fault(node, f"this has to say {' and '.join(sorted(known))}, each with a colon")
            return {}
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = self._text(key)
            if name not in known:
                self._fault(key, f"`{name}` is not known here; known are {', '.join(sorted(known))}")
            elif name in found:
                self._fault(key, f"`{name}` stands here twice")
            found[name] = value
        return found

    def _text(self, node: yaml.Node, most: int = 200) -> str:
        """The text of a scalar as it is written: `0042` is not the number 34. "" where it is none."""
        if not isinstance(node, yaml.ScalarNode):
            self._fault(node, "this has to be one word or number")
            return ""
        text = str(node.value).strip()
        if not text:
            self._fault(node, "a word or a number is missing here")
        if len(text) > most:
            self._fault(node, f"{len(text)} characters are too many; {most} is the most")
        return text

    def _no_second_range(self, ranges: list[tuple[yaml.Node, TeamRange]]) -> None:
        """Two ranges of one group: the second would never be used."""
        found: dict[tuple[GroupKind, str], yaml.Node] = {}
        for node, each in ranges:
            first = found.setdefault((each.kind, each.group.casefold()), node)
            if first is not node:
                group = f"{each.kind.value.replace('_', ' ')} {each.group}"
                self._fault(node, f"{group} stands in line {_line(first)} already, and the first range wins")

    def _no_overlap(self, ranges: list[tuple[yaml.Node, ExtensionRange]]) -> None:
        for (first, one), (second, other) in combinations(ranges, 2):
            if one.first <= other.last and other.first <= one.last:
                self._fault(second, f"{other} shares numbers with line {_line(first)}")

    def _fault(self, node: yaml.Node, says: str) -> None:
        self.faults.append(f"policy.yml, line {_line(node)}: {says}.")


def _is_null(node: yaml.Node) -> bool:
    return bool(node.tag == "tag:yaml.org,2002:null")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
