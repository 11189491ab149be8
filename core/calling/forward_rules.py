"""Forwards: an agent's calls go to a colleague for a while. Decisions; pure.

A forward is kept by agents, not by numbers: it goes along when somebody moves. Calls follow forwards one
after the other (`core.calling.reach.chain`), and so not one in the middle that has ended.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from msgspec.structs import replace

from core.calling.reach import MOST_HOPS, Forward, chain
from core.errors import Refused
from core.models import Assigned, Change, ChangeKind, Snapshot, iso, parse_iso

MOST_DAYS = 31


def forwarding(table: Snapshot, agent_id: str, to_id: str, until: str, now: datetime) -> Change:
    """The change that sends an agent's calls to a colleague until that time, in ISO 8601.

    Raises Refused for an end that is over or later than in `MOST_DAYS`, for a chain that would come back or
    have more than `MOST_HOPS`, and for people without a number.
    """
    agent, to = _with_number(table, agent_id), _with_number(table, to_id)
    if agent_id == to_id:
        raise Refused(f"Calls can't be forwarded to the one who is called: that is {agent.label}.")
    if until <= iso(now):
        raise Refused("That time is over already.")
    if parse_iso(until) - now > timedelta(days=MOST_DAYS, minutes=1):
        raise Refused(f"A forward lasts {MOST_DAYS} days at most.")
    _check_hops(table, agent, to, iso(now))
    reason = f"to {to.label} until {until}"
    before = _running(table, agent_id, now)
    former = before.to if before and before.to != to_id else ""
    return _change(ChangeKind.FORWARDED, agent, reason, Forward(to_id, until, to.label), former)


def _running(table: Snapshot, agent_id: str, now: datetime) -> Forward | None:
    forward = table.forwards.get(agent_id)
    return forward if forward and forward.until > iso(now) else None


def _with_number(table: Snapshot, agent_id: str) -> Assigned:
    found = table.of_agent(agent_id)
    if found is None:
        raise Refused("That agent has no extension yet. Run a sync first.")
    return found


def _check_hops(table: Snapshot, agent: Assigned, to: Assigned, now: str) -> None:
    """Refuse a chain that comes back or is too long, with those who forward to the agent counted."""
    forwards = {each: forward for each, forward in table.forwards.items() if each != agent.agent_id}
    onward = chain(to.agent_id, forwards, now)
    if agent.agent_id in onward:
        raise Refused(f"Calls for {to.label} go to {agent.label} already. They would come back.")
    if _before(agent.agent_id, forwards, now) + 1 + len(onward) > MOST_HOPS:
        raise Refused(f"Calls would be handed on more than {MOST_HOPS} times.")


def _before(agent_id: str, forwards: Mapping[str, Forward], now: str) -> int:
    """The most hops by which calls for somebody else come to the agent."""
    chains = (chain(each, forwards, now) for each in forwards)
    return max((hops.index(agent_id) + 1 for hops in chains if agent_id in hops), default=0)


def ending(table: Snapshot, agent_id: str, now: datetime) -> Change:
    """The change that ends an agent's forward. Raises Refused where there is none."""
    agent, forward = _with_number(table, agent_id), _running(table, agent_id, now)
    if forward is None:
        raise Refused(f"Calls for {agent.label} are not forwarded.")
    return _change(ChangeKind.UNFORWARDED, agent, _to_whom(table, forward), former=forward.to)


def ended(table: Snapshot, now: datetime) -> Iterator[Change]:
    """The ends of forwards that are over, and of those of and to people who have no number any more.

    `table` is as it will be.
    """
    by_agent = {row.agent_id: row for row in table.assigned() if row.agent_id}
    for agent_id, forward in sorted(table.forwards.items()) if by_agent else ():
        agent = by_agent.get(agent_id)
        if agent is None or forward.until <= iso(now):
            # A change is of some number: of a leaver's there is none, and nobody sees this one.
            some = agent or next(iter(by_agent.values()))
            yield replace(_change(ChangeKind.REFRESHED, some, "the forward is over"), forward_of=agent_id)
        elif forward.to not in by_agent:
            yield _change(ChangeKind.UNFORWARDED, agent, "the colleague has no number any more")


def _to_whom(table: Snapshot, forward: Forward) -> str:
    to = table.of_agent(forward.to)
    return f"to {to.label if to else 'somebody who left'} until {forward.until}"


def _change(
    kind: ChangeKind, agent: Assigned, reason: str, forward: Forward | None = None, former: str = ""
) -> Change:
    own, extension = agent.agent_id, agent.extension
    return Change(kind, extension, agent, agent, reason, forward_of=own, forward=forward, former=former)
