"""Ranges and reserved blocks of a policy: which numbers a team's new agents get, and which nobody gets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.models import Agent, ExtensionRange


class GroupKind(StrEnum):
    """The three ways in which Amazon Connect groups users; the policy names a group by its name or id."""

    TEAM = "team"
    ROUTING_PROFILE = "routing_profile"
    HIERARCHY_GROUP = "hierarchy_group"


@dataclass(frozen=True, slots=True)
class TeamRange:
    """The numbers that new agents of one group get."""

    kind: GroupKind
    group: str
    range: ExtensionRange

    def takes(self, agent: Agent) -> bool:
        """Whether the agent is in the group; upper and lower case are one."""
        return self.group.casefold() in (name.casefold() for name in _groups(agent, self.kind) if name)

    def __str__(self) -> str:
        return f"{self.kind.value.replace('_', ' ')} {self.group}: {self.range}"


@dataclass(frozen=True, slots=True)
class ReservedBlock:
    """Numbers that no agent gets, and what for."""

    range: ExtensionRange
    note: str


@dataclass(frozen=True, slots=True)
class TeamPolicy:
    """The ranges in their order, of which the first match wins, and the reserved blocks."""

    ranges: tuple[TeamRange, ...] = ()
    reserved: tuple[ReservedBlock, ...] = ()

    def range_of(self, agent: Agent) -> TeamRange | None:
        """The range for a new agent; None means the rest of the pool, outside every team's range."""
        return next((each for each in self.ranges if each.takes(agent)), None)

    def note_of(self, extension: str) -> str:
        """The note of the reserved block that the extension is in, "" for none."""
        return next((block.note for block in self.reserved if extension in block.range), "")

    def in_a_team(self, extension: str) -> bool:
        """Whether the extension is in the range of a team."""
        return any(extension in each.range for each in self.ranges)


def overlaps(ranges: Sequence[ExtensionRange]) -> Iterator[tuple[int, int]]:
    """The pairs of positions, each later one with the earlier one that it shares a number with."""
    for later, one in enumerate(ranges):
        for earlier, other in enumerate(ranges[:later]):
            if one.first <= other.last and other.first <= one.last:
                yield earlier, later


def _groups(agent: Agent, kind: GroupKind) -> tuple[str, ...]:
    match kind:
        case GroupKind.TEAM:
            return (agent.team,)
        case GroupKind.ROUTING_PROFILE:
            return agent.routing_profile
        case GroupKind.HIERARCHY_GROUP:
            return agent.hierarchy_group
