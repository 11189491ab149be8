"""Plan a sync: from who is listed and what the table says, to what has to change. Pure.

Matching comes first: each agent is given the assignment that is theirs already, by Connect user id,
or by username where the row has no id (the older project) or its id is gone (deleted and made anew).
What is left are leavers, whose numbers are held, and joiners, who get one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.models import (
    Agent,
    Assigned,
    Change,
    ChangeKind,
    ExtensionRecord,
    Free,
    Held,
    Policy,
    Reserved,
    Roster,
    Snapshot,
    State,
    SyncPlan,
    TeamRange,
    iso,
)


def plan_sync(roster: Roster, table: Snapshot, policy: Policy, now: datetime) -> SyncPlan:
    """What a sync would do, in the order in which it should be done."""
    kept, joiners, gone = _match(roster, table)
    given, left_over = _give(joiners, table, policy, now)
    owners = {agent.id for agent, _ in kept} | {after.agent_id for after, _, _ in given}
    labels = [change for agent, old in kept if (change := _label(agent, old, table, owners))]
    changes = [
        *labels,
        *(_release(old, table, policy, now, owners) for old in gone),
        *(_change(kind, table, after, reason, owners) for after, kind, reason in given),
    ]
    changed = {change.extension for change in changes}
    changes += _heal(table, changed, owners)
    changes += _fill(table, policy, changed, now)
    changes += _follow_blocks(table, policy, {change.extension for change in changes}, now)
    seen = [change for change in labels if change.kind is not ChangeKind.REFRESHED]
    return SyncPlan(tuple(changes), tuple(left_over), unchanged=len(kept) - len(seen))


def _change(kind: ChangeKind, table: Snapshot, after: State, reason: str, owners: set[str]) -> Change:
    """The change of one extension to `after`, with the rows of other agents that it has to clear."""
    record = table.records.get(after.extension)
    before = record.state if record else None
    return Change(kind, after.extension, before, after, reason, _strays(record, after, owners))


@dataclass(frozen=True, slots=True)
class _Gone:
    """An assignment that nobody keeps; a double belongs to an agent who keeps another one."""

    assigned: Assigned
    double: bool


def _match(roster: Roster, table: Snapshot) -> tuple[list[tuple[Agent, Assigned]], list[Agent], list[_Gone]]:
    """Split into agents with their assignment, agents without one, and assignments without an agent.

    That a user id is gone, and its username somebody's anew, is believed of a whole listing only: until
    then the row stays as it is, and who is listed by that username waits.
    """
    agents = roster.agents
    whole = not roster.faults and roster.total == len(agents)
    listed = {agent.id for agent in agents}
    unsure: list[Assigned] = []
    by_id: dict[str, list[Assigned]] = defaultdict(list)
    by_name: dict[str, list[Assigned]] = defaultdict(list)
    for row in table.assigned():
        if row.agent_id in listed:
            by_id[row.agent_id].append(row)
        elif row.agent_id and not whole:
            unsure.append(row)
        else:
            by_name[row.username].append(row)
    kept, joiners, gone = [], [], []
    for agent in sorted(agents, key=lambda agent: (agent.username, agent.id)):
        own = by_id.pop(agent.id, [])
        own.sort(key=lambda row: (agent.id not in table.records[row.extension].owners, row.extension))
        own += by_name.pop(agent.username, [])
        if own:
            kept.append((agent, own[0]))
            gone += [_Gone(row, double=True) for row in own[1:]]
        else:
            joiners.append(agent)
    gone += [_Gone(row, double=False) for rows in [*by_name.values(), unsure] for row in rows]
    waiting = {row.username for row in unsure}
    # A username is listed twice while its user is made anew: the next listing tells which id stays.
    first = {agent.username: agent for agent in reversed([*(agent for agent, _ in kept), *joiners])}
    joining = [agent for agent in joiners if first[agent.username] is agent]
    return kept, [agent for agent in joining if agent.username not in waiting], gone


def _label(agent: Agent, old: Assigned, table: Snapshot, owners: set[str]) -> Change | None:
    """What the kept row has to say now, if that is not what it says."""
    after = replace(old, agent_id=agent.id, username=agent.username, arn=agent.arn or old.arn)
    if agent.name:
        after = replace(after, name=agent.name, team=agent.team, modified=agent.modified)
    if after == old:
        return None
    kind, reason = _why(old, after, table.records[old.extension])
    return _change(kind, table, after, reason, owners)


def _why(old: Assigned, after: Assigned, record: ExtensionRecord) -> tuple[ChangeKind, str]:
    if old.agent_id and old.agent_id != after.agent_id:
        return ChangeKind.RETURNED, "; ".join(["the same username has a new user id", *record.faults])
    if record.faults or not old.agent_id:
        return ChangeKind.HEALED, "; ".join(record.faults) or "the row had no user id"
    if (old.username, old.name, old.team) == (after.username, after.name, after.team):
        return ChangeKind.REFRESHED, "the user was modified, the label was not"
    if not old.name and old.username == after.username:
        return ChangeKind.REFRESHED, "the name became known"
    return ChangeKind.RELABELLED, f"was {old.label}"


def _release(old: _Gone, table: Snapshot, policy: Policy, now: datetime, owners: set[str]) -> Change:
    after = released(old.assigned, policy, now)
    if old.double:
        return _change(ChangeKind.HEALED, table, after, "the agent has another extension", owners)
    return _change(ChangeKind.RELEASED, table, after, "the agent is no longer listed", owners)


def released(old: Assigned, policy: Policy, now: datetime) -> State:
    """An assignment given back: held for `HOLD_DAYS`, or free at once where that is 0."""
    if policy.hold_days <= 0:
        return Free(old.extension, released=iso(now))
    until = iso(now + timedelta(days=policy.hold_days))
    return Held(old.extension, until, iso(now), old.agent_id, old.username, old.name)


_Given = tuple[Assigned, ChangeKind, str]


def _give(
    joiners: Sequence[Agent], table: Snapshot, policy: Policy, now: datetime
) -> tuple[list[_Given], list[Agent]]:
    """A number for each joiner, and why: the old one while it is held, else the next of the team's range.

    Where teams have ranges, an agent whose team could not be read waits for the next sync.
    """
    holds = _Holds(table, policy, now)
    pools = {team: next_free(table, policy, now, team) for team in (None, *policy.teams.ranges)}
    back = {agent.id: hold for agent in joiners if (hold := holds.take(agent))}
    given: list[_Given] = []
    left_over = []
    for agent in joiners:
        if hold := back.get(agent.id):
            reason = f"held for {hold.username} until {hold.until}"
            given.append((assign(hold.extension, agent, now), ChangeKind.RETURNED, reason))
        elif policy.teams.ranges and not agent.name:
            continue
        elif extension := next(pools[policy.teams.range_of(agent)], None):
            given.append((assign(extension, agent, now), ChangeKind.ASSIGNED, "a new agent"))
        else:
            left_over.append(agent)
    return given, left_over


def assign(extension: str, agent: Agent, now: datetime) -> Assigned:
    """The assignment of an extension to an agent, beginning now. A name not yet read has no age."""
    modified = agent.modified if agent.name else ""
    return Assigned(
        extension, agent.id, agent.username, agent.arn, agent.name, agent.team, modified, iso(now)
    )


class _Holds:
    """The holds that still run, to be handed back to whom they are kept for."""

    def __init__(self, table: Snapshot, policy: Policy, now: datetime) -> None:
        holds = [
            record.state
            for record in table.records.values()
            if isinstance(record.state, Held)
            and not record.state.over(now)
            and record.state.extension in policy.range
        ]
        holds.sort(key=lambda hold: (hold.released, hold.extension))
        self._by_id = {hold.agent_id: hold for hold in holds if hold.agent_id}
        self._by_username = {hold.username: hold for hold in holds if hold.username}
        self._taken: set[str] = set()

    def take(self, agent: Agent) -> Held | None:
        """The newest hold of this agent, by user id or else by username."""
        for hold in (self._by_id.get(agent.id), self._by_username.get(agent.username)):
            if hold is not None and hold.extension not in self._taken:
                self._taken.add(hold.extension)
                return hold
        return None


def next_free(table: Snapshot, policy: Policy, now: datetime, team: TeamRange | None = None) -> Iterator[str]:
    """The free numbers of a team in the order of giving: never used and lowest first, then the longest free.

    Without a team, the numbers that are in no team's range. Reserved blocks are nobody's.
    """
    used: list[tuple[str, str]] = []
    for extension in team.range if team else policy.range:
        if policy.teams.note_of(extension) or (not team and policy.teams.in_a_team(extension)):
            continue
        record = table.records.get(extension)
        match record.state if record else Free(extension):
            case Free(released=""):
                yield extension
            case Free(released=moment):
                used.append((moment, extension))
            case Held(released=moment) as hold if hold.over(now):
                used.append((moment, extension))
            case _:
                pass
    yield from (extension for _, extension in sorted(used))


def _strays(record: ExtensionRecord | None, after: State, owners: set[str]) -> tuple[str, ...]:
    """Agents whose row points at the extension and may not any more.

    An owner who has a number elsewhere is left out: the change that gives that number puts the row right.
    """
    mine = after.agent_id if isinstance(after, Assigned) else None
    return tuple(
        owner for owner in (record.owners if record else ()) if owner != mine and owner not in owners
    )


def _heal(table: Snapshot, changed: set[str], owners: set[str]) -> Iterable[Change]:
    """Rows that say the right thing in the wrong form, or an agent's row that points astray."""
    for extension, record in table.records.items():
        if extension in changed:
            continue
        faults = [*record.faults]
        strays = _strays(record, record.state, owners)
        faults += [f"the row of user {owner} points here" for owner in strays]
        if (
            isinstance(record.state, Assigned)
            and record.state.agent_id
            and record.state.agent_id not in record.owners
        ):
            faults.append("the agent's own row was missing")
        if faults:
            yield Change(ChangeKind.HEALED, extension, record.state, record.state, "; ".join(faults), strays)


def _fill(table: Snapshot, policy: Policy, changed: set[str], now: datetime) -> Iterable[Change]:
    for extension in policy.range:
        if extension not in table.records and extension not in changed:
            if note := policy.teams.note_of(extension):
                yield _block(extension, None, note, now)
            else:
                yield Change(ChangeKind.FILLED, extension, None, Free(extension), "new in the range")


def _follow_blocks(table: Snapshot, policy: Policy, changed: set[str], now: datetime) -> Iterator[Change]:
    """Reserve the free numbers of the policy's blocks, and give back those that no block names any more."""
    for extension, record in table.records.items():
        note = policy.teams.note_of(extension)
        if extension in changed:
            continue
        match record.state:
            case Free() as free if note and extension in policy.range:
                yield _block(extension, free, note, now)
            case Held() as hold if note and hold.over(now) and extension in policy.range:
                yield _block(extension, hold, note, now)
            case Reserved(by_policy=True) as block if not note:
                after = Free(extension, released=iso(now))
                yield Change(ChangeKind.UNRESERVED, extension, block, after, block.note)
            case Reserved(by_policy=True) as block if note != block.note:
                yield _block(extension, block, note, now)


def _block(extension: str, before: State | None, note: str, now: datetime) -> Change:
    after = Reserved(extension, note, iso(now), by_policy=True)
    return Change(ChangeKind.RESERVED, extension, before, after, note)


def applied(table: Snapshot, changes: Iterable[Change]) -> Snapshot:
    """The table as it is once the changes are made."""
    records: dict[str, ExtensionRecord] = dict(table.records)
    for change in changes:
        owner = (change.after.agent_id,) if isinstance(change.after, Assigned) else ()
        records[change.extension] = ExtensionRecord(change.after, owner)
    return Snapshot(records)
