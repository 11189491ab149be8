"""The guard: withholds releases when a plan looks like a bad listing rather than people leaving. Pure.

Everything else in the plan goes ahead. A listing that cannot be believed releases nobody, whoever
asks; too many leavers at once wait for a person, who approves exactly these leavers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from core.models import Assigned, Change, ChangeKind, Policy, Roster, Snapshot, SyncPlan


@dataclass(frozen=True, slots=True)
class GuardedPlan:
    """The plan that may be applied, what was withheld from it, and why.

    `approval` names exactly the releases withheld; a run that is given it makes them. It is "" when
    no approval helps.
    """

    plan: SyncPlan
    withheld: tuple[Change, ...] = ()
    because: tuple[str, ...] = ()
    approval: str = ""


def guard(plan: SyncPlan, roster: Roster, table: Snapshot, policy: Policy, approved: str = "") -> GuardedPlan:
    """Check the plan's releases against the listing they were concluded from, and against the limits.

    A release is a change that takes a number from an agent, of whatever kind.
    """
    releases = [change for change in plan.changes if change.takes]
    if not releases:
        return GuardedPlan(plan)
    doubts = _doubts(roster)
    approval = "" if doubts else _approval(releases)
    because = doubts or _too_many(len(releases), len(table.assigned()), policy)
    if not because or (approval and approved == approval):
        return GuardedPlan(plan)
    others = [change for change in plan.changes if not change.takes]
    others += _heal(releases, table)
    return GuardedPlan(replace(plan, changes=tuple(others)), tuple(releases), because, approval)


def _heal(withheld: Sequence[Change], table: Snapshot) -> Iterator[Change]:
    """The faults that a release would have put right by the way."""
    for change in withheld:
        record = table.records[change.extension]
        if record.faults:
            reason = "; ".join(record.faults)
            yield Change(ChangeKind.HEALED, change.extension, record.state, record.state, reason)


def _doubts(roster: Roster) -> tuple[str, ...]:
    """Why the listing cannot be believed."""
    doubts = list(roster.faults)
    listed = len(roster.agents)
    if not listed:
        doubts.append("Connect listed nobody.")
    if roster.total is None:
        doubts.append("Connect's own count of its users could not be read.")
    elif roster.total != listed:
        doubts.append(f"Connect listed {listed:,} users, but counts {roster.total:,}.")
    return tuple(doubts)


def _too_many(releases: int, assigned: int, policy: Policy) -> tuple[str, ...]:
    """More leavers than both limits allow."""
    percent = 100 * releases / max(assigned, releases)
    if releases <= policy.max_release_count or percent <= policy.max_release_percent:
        return ()
    return (
        f"{releases:,} of {assigned:,} agents ({percent:.0f}%) would lose their extension. More than "
        f"{policy.max_release_count:,} people and more than {policy.max_release_percent:g}% at once need "
        "your approval.",
    )


def _approval(releases: Sequence[Change]) -> str:
    """A short name of exactly these releases."""
    lines = sorted(f"{change.extension} {_loser(change)}" for change in releases)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _loser(change: Change) -> str:
    """The agent who loses the number, by the row, or by the own row where another program freed it."""
    if isinstance(change.before, Assigned):
        return change.before.agent_id or change.before.username
    return " ".join(change.vacates)
