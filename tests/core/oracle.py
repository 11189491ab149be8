"""What a sync that nothing disturbs makes of a table: the rules written down a second time, plainly.

For tables without faults; `tests/core/test_adoption.py` has the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from core.models import Agent, Policy
from tests.core.invariants import Numbers


def undisturbed(
    before: Numbers, listed: Iterable[Agent], rules: Policy, now: str, withheld: Collection[str], whole: bool
) -> Numbers:
    """The numbers after the sync. `withheld` are the extensions of the leavers whom the guard lets stay.

    `whole` says whether Connect's count agrees with the listing: until it does, nobody takes over the
    number of a user id that seems gone.
    """
    agents = sorted(listed, key=lambda agent: agent.username)
    ids = {agent.id for agent in agents}
    kept: dict[str, tuple[str, str]] = {}
    joiners = []
    for agent in agents:
        extension = _own(before, agent, agents, whole)
        if extension:
            kept[extension] = (agent.id, agent.username)
        else:
            joiners.append(agent)
    leavers = {extension: who for extension, who in before.assigned.items() if extension not in kept}
    there = {username for _, username in kept.values()}
    if not whole:
        unsure = [named(row[1], agents) for row in before.assigned.values() if row[0] not in ids | {""}]
        there |= {agent.username for agent in unsure if agent}
    joiners = [agent for agent in joiners if agent.username not in there]
    given = _give(joiners, agents, before, rules, now)
    stay = {extension: who for extension, who in leavers.items() if extension in withheld}
    holds = {**before.held, **{extension: (*who, "later", now) for extension, who in leavers.items()}}
    after = Numbers(
        assigned=kept | given | stay,
        held={extension: hold for extension, hold in holds.items() if extension not in stay},
        free=dict.fromkeys(rules.range, "") | before.free,
        reserved=before.reserved,
    )
    return _without(after, {*given})


def leavers_of(before: Numbers, listed: Iterable[Agent]) -> set[str]:
    """The extensions of whom the listing does not have, by id or by username."""
    agents = list(listed)
    return set(before.assigned) - {_own(before, agent, agents, whole=True) for agent in agents}


def named(username: str, agents: list[Agent]) -> Agent | None:
    """The agent of this username, in other case too while nobody else is listed so."""
    exact = [agent for agent in agents if agent.username == username]
    folded = [agent for agent in agents if agent.username.casefold() == username.casefold()]
    return exact[0] if exact else folded[0] if len(folded) == 1 else None


def alike(numbers: Numbers) -> tuple[object, ...]:
    """What of the numbers has to be equal, whenever it was written."""
    holds = {extension: hold[:2] for extension, hold in numbers.held.items()}
    return (numbers.assigned, holds, set(numbers.free), numbers.reserved)


def _own(before: Numbers, agent: Agent, agents: list[Agent], whole: bool) -> str:
    """The extension that is the agent's: by user id, or by username where the row's id is gone."""
    listed = {each.id for each in agents}
    for extension, (agent_id, _) in before.assigned.items():
        if agent_id == agent.id:
            return extension
    for extension, (agent_id, username) in sorted(before.assigned.items()):
        if agent_id not in listed and (whole or not agent_id) and named(username, agents) is agent:
            return extension
    return ""


def _give(
    joiners: list[Agent], agents: list[Agent], before: Numbers, rules: Policy, now: str
) -> dict[str, tuple[str, str]]:
    given = {}
    for agent in joiners:
        if hold := _hold(agent, agents, before, rules, now):
            given[hold] = (agent.id, agent.username)
    back = {agent_id for agent_id, _ in given.values()}
    pool = _pool(before, rules, now)
    for agent in joiners:
        if agent.id not in back and (extension := next(pool, None)):
            given[extension] = (agent.id, agent.username)
    return given


def _hold(agent: Agent, agents: list[Agent], before: Numbers, rules: Policy, now: str) -> str:
    """The newest number held for the agent, by user id first; by username if it is nobody else's."""
    listed = {each.id for each in agents}
    running = [
        (agent_id == agent.id, released, extension)
        for extension, (agent_id, username, until, released) in before.held.items()
        if until > now and extension in rules.range
        if agent_id == agent.id or (agent_id not in listed and named(username, agents) is agent)
    ]
    return max(running)[2] if running else ""


def _pool(before: Numbers, rules: Policy, now: str) -> Iterator[str]:
    """Never used and lowest first, then whatever was given back longest ago."""
    taken = {*before.assigned, *before.reserved, *before.held}
    yield from (each for each in rules.range if each not in taken and not before.free.get(each))
    used = [(released, extension) for extension, released in before.free.items() if released]
    used += [(hold[3], extension) for extension, hold in before.held.items() if hold[2] <= now]
    yield from (extension for _, extension in sorted(used) if extension in rules.range)


def _without(numbers: Numbers, given: set[str]) -> Numbers:
    """The numbers with each extension in one state only: an assignment, a reservation and a hold win."""
    holds = {each: hold for each, hold in numbers.held.items() if each not in given}
    other = {*numbers.assigned, *numbers.reserved, *holds}
    free = {each: released for each, released in numbers.free.items() if each not in other}
    return replace(numbers, held=holds, free=free)
