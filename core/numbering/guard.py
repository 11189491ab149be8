"""The guard: withholds releases when a plan looks like a bad listing rather than people leaving. Pure.

Everything else in the plan goes ahead. A listing that cannot be believed releases nobody, whoever
asks; too many leavers at once wait for a person, who approves exactly these leavers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from core.models import (
    UNSEEN,
    Assigned,
    Change,
    ChangeKind,
    Held,
    HistoryEntry,
    Policy,
    Roster,
    Snapshot,
    State,
    SyncPlan,
)
from core.numbering.orders import PLAN


class Consent(Struct, frozen=True):
    """The word of a person on withheld releases, or on a plan.

    `approval` names the releases that were withheld; `chosen` are the extensions among them that the person
    agreed to, None for all. `agreed` and `left_out` are marks of releases (see `_mark`): those agreed to in
    this run, and those that a person left out of an approval, which wait until one includes them. `plan`
    names a plan that is made whole or not at all.
    """

    approval: str = ""
    chosen: frozenset[str] | None = None
    agreed: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    plan: str = ""


class GuardedPlan(Struct, frozen=True):
    """The plan that may be applied, what was withheld from it, by extension, and why.

    `approval` names exactly the releases withheld; a run that is given it makes them. It is "" when
    no approval helps. `consent` is the consent with what this plan made of it.
    """

    plan: SyncPlan
    withheld: tuple[Change, ...] = ()
    because: tuple[str, ...] = ()
    approval: str = ""
    consent: Consent = Consent()


def guard(
    plan: SyncPlan,
    roster: Roster,
    table: Snapshot,
    policy: Policy,
    consent: Consent = Consent(),
    earlier: int = 0,
) -> GuardedPlan:
    """Check the plan's releases against the listing they were concluded from, and against the limits.

    A release is a change that takes a number from an agent, of whatever kind. Those that a person agreed to
    are made, as far as the listing can be believed, if exactly the releases that were shown are withheld.
    `earlier` counts those that syncs of the last 24 hours made (see `released_before`).
    """
    doubts = doubts_about(roster)
    releases = sorted((change for change in plan.changes if change.takes), key=lambda each: each.extension)
    waiting = [change for change in releases if doubts or _mark(change) not in consent.agreed]
    withheld, because = _withheld(waiting, doubts, table, policy, consent.left_out, earlier)
    approval = "" if doubts or not withheld else _approval(withheld)
    if approval and approval == consent.approval:
        consent = _given(withheld, consent)
        withheld = [change for change in withheld if _mark(change) not in consent.agreed]
        because = _left_out(len(withheld))
        approval = _approval(withheld) if withheld else ""
    marks = {_mark(change) for change in withheld}
    if not doubts:
        consent = replace(consent, left_out=consent.left_out & marks)
    made = (change for change in plan.changes if not (change.takes and _mark(change) in marks))
    changes = (*(_confirmed(change, consent) for change in made), *_waiting(withheld, table, bool(doubts)))
    return GuardedPlan(replace(plan, changes=changes), tuple(withheld), because, approval, consent)


def _withheld(
    waiting: Sequence[Change],
    doubts: tuple[str, ...],
    table: Snapshot,
    policy: Policy,
    left_out: frozenset[str],
    earlier: int,
) -> tuple[list[Change], tuple[str, ...]]:
    """The releases that may not be made without a person, and why."""
    kept = [change for change in waiting if _mark(change) in left_out]
    new = len(waiting) - len(kept)
    because = doubts or (_too_many(new, earlier, len(table.assigned()), policy) if new else ())
    if waiting and because:
        return [*waiting], (*because, *(_left_out(len(kept)) if not doubts else ()))
    return kept, _left_out(len(kept))


def _left_out(count: int) -> tuple[str, ...]:
    """The reason of those that a person left out of an approval."""
    if not count:
        return ()
    people, their = (
        ("1 person", "Their release waits") if count == 1 else (f"{count:,} people", "Their releases wait")
    )
    return (f"An admin left {people} out of an approval. {their} until an admin approves.",)


def _given(withheld: Sequence[Change], consent: Consent) -> Consent:
    """The consent to the releases that were chosen; the others wait from now on, however few they are."""
    chosen = consent.chosen
    agreed = {_mark(change) for change in withheld if chosen is None or change.extension in chosen}
    others = {_mark(change) for change in withheld} - agreed
    return replace(consent, agreed=consent.agreed | agreed, left_out=(consent.left_out - agreed) | others)


def _confirmed(change: Change, consent: Consent) -> Change:
    """The change, with the approval under which it is made."""
    agreed = change.takes and _mark(change) in consent.agreed
    return replace(change, confirmed=consent.approval) if agreed else change


def _waiting(withheld: Sequence[Change], table: Snapshot, doubtful: bool) -> Iterator[Change]:
    """The rows of those who keep a number for now: healed, and with the mark of somebody who left.

    A listing that can't be believed marks nobody.
    """
    for change in withheld:
        record = table.records[change.extension]
        after = record.state
        if isinstance(after, Assigned) and change.kind is ChangeKind.RELEASED and not doubtful:
            after = replace(after, release_waits=True)
        if record.faults:
            reason = "; ".join(record.faults)
            yield Change(ChangeKind.HEALED, change.extension, record.state, after, reason)
        elif after != record.state:
            reason = "the release waits for an admin"
            yield Change(ChangeKind.REFRESHED, change.extension, record.state, after, reason)


def doubts_about(roster: Roster) -> tuple[str, ...]:
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


def released_before(losses: Iterable[HistoryEntry], table: Snapshot) -> int:
    """Count the agents among these losses who have no number now and whose release no person agreed to.

    Whoever was moved has another number, and a release that was undone gave the number back.
    """
    rows = table.assigned()
    have, names = {row.agent_id for row in rows}, {row.username.casefold() for row in rows}
    lines = [line for line in losses if line.kind is ChangeKind.RELEASED]
    agreed = {_loser(line) for line in lines if line.confirmed}
    gone = (line for line in lines if line.agent_id not in have and line.username.casefold() not in names)
    return len({_loser(line) for line in gone} - agreed)


def _loser(line: HistoryEntry) -> str:
    return line.agent_id or line.username


def _too_many(due: int, earlier: int, assigned: int, policy: Policy) -> tuple[str, ...]:
    """More leavers in 24 hours than both limits allow; those of earlier syncs had a number, too."""
    releases, agents = due + earlier, max(assigned, due) + earlier
    percent = 100 * releases / agents
    if releases <= policy.max_release_count or percent <= policy.max_release_percent:
        return ()
    told = f"With the {earlier:,} of the last 24 hours, " if earlier else ""
    return (
        f"{told}{releases:,} of {agents:,} agents ({percent:.0f}%) would lose their extension. More than "
        f"{policy.max_release_count:,} people and more than {policy.max_release_percent:g}% in 24 hours need "
        "your approval.",
    )


def _approval(releases: Sequence[Change]) -> str:
    """A short name of exactly these releases."""
    lines = sorted(map(_taken, releases))
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _mark(release: Change) -> str:
    """A short text that tells this release from those of other numbers and other agents."""
    return mark_of(HistoryEntry.of(release, "", "", ""))


def mark_of(waiting: HistoryEntry) -> str:
    """The mark of a release that was withheld, as it was shown to people."""
    shown = f"{waiting.extension} {waiting.agent_id or waiting.username}"
    return hashlib.blake2b(shown.encode(), digest_size=6).hexdigest()


def _taken(change: Change) -> str:
    """The number and the agent who loses it: by its row, or by the agent's where another program freed it."""
    if isinstance(change.before, Assigned):
        return f"{change.extension} {change.before.agent_id or change.before.username}"
    return f"{change.extension} {' '.join(change.vacates)}"


def plan_name(plan: SyncPlan) -> str:
    """A short name of exactly these changes: the kinds, the numbers and the people."""
    return PLAN + hashlib.sha256("\n".join(sorted(plan_lines(plan))).encode()).hexdigest()[:16]


def plan_lines(plan: SyncPlan) -> set[str]:
    """The changes of a plan that people see, each as a text."""
    return {
        " ".join((change.kind, change.extension, *map(_holder, (change.before, change.after))))
        for change in plan.changes
        if change.kind not in UNSEEN
    }


def _holder(state: State | None) -> str:
    """The person of a state; a hold's end depends on the time, and is no part of a plan."""
    if isinstance(state, Assigned | Held):
        return f"{state.agent_id} {state.username} {state.name}"
    return ""


def applying(plan: SyncPlan, name: str) -> SyncPlan:
    """The plan with its name at each change, for the history."""
    return replace(plan, changes=tuple(replace(change, confirmed=name) for change in plan.changes))
