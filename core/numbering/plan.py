"""Plan a sync: from the agents listed and the table, to the changes that have to be made. Pure.

Matching comes first. Each agent is given the assignment that is theirs already: by Connect user id; by the
agent's own row, where another program wrote over a row of ours; by username, where a row has no user id (the
older project) or its id is gone (the user was deleted and made anew). Ids are matched for all agents before
any username. The assignments left are those of leavers, whose numbers are held; the agents left get a number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from core.calling.forward_rules import ended
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
    ReservedBlock,
    Roster,
    Snapshot,
    State,
    SyncPlan,
    TeamRange,
    as_iso,
    iso,
)

# From a name as Connect has it to its Latin readings, "" where it needs none.
Read = Callable[[str], str]


def unread(name: str) -> str:  # noqa: ARG001 - a Read
    """For programs that know no readings."""
    return ""


def plan_sync(
    roster: Roster, table: Snapshot, policy: Policy, now: datetime, read: Read = unread
) -> SyncPlan:
    """Decide the changes that a sync should make, in the order in which to make them.

    `read` gives the readings that stand beside a name in another script.
    """
    return _Planning(_Matching(roster, table, policy), table, policy, now, read).plan()


class _Names:
    """The listed agents by username. Usernames that differ in case only are one, unless both are listed."""

    def __init__(self, agents: Iterable[Agent]) -> None:
        self._exact: dict[str, Agent] = {}
        self._folded: dict[str, set[str]] = defaultdict(set)
        for agent in agents:
            self._exact.setdefault(agent.username, agent)
            self._folded[agent.username.casefold()].add(agent.username)

    def agent(self, username: str) -> Agent | None:
        """The agent of this username; of a username that is listed twice the first."""
        if username in self._exact:
            return self._exact[username]
        twins = self._folded.get(username.casefold(), set())
        return self._exact[next(iter(twins))] if len(twins) == 1 else None


class _Gone(Struct, frozen=True):
    """An assignment that nobody keeps. `double`: its agent keeps another one. `takes`: somebody loses it."""

    assigned: Assigned
    double: bool = False
    takes: bool = True


class _Matching:
    """Which agent has which assignment.

    `kept` are agents with their assignment, `joiners` agents without one, `gone` assignments without an
    agent. `restored` are agents whose own row names a number that another program wrote over, `freed`
    numbers that another program took from an agent who is not listed, with that agent's id.

    That a user id is gone is believed of a whole listing only: until then its row stays as it is, and an
    agent listed by that username waits for the next sync.
    """

    def __init__(self, roster: Roster, table: Snapshot, policy: Policy) -> None:
        self._table, self._policy = table, policy
        self.cut = bool(roster.faults)
        self._whole = not self.cut and roster.total == len(roster.agents)
        self._agents = sorted(roster.agents, key=lambda agent: (agent.username, agent.id))
        self.listed = {agent.id: agent for agent in self._agents}
        self.kept: list[tuple[Agent, Assigned]] = []
        self.gone: list[_Gone] = []
        self.restored: list[tuple[Agent, str, str]] = []
        self.freed: dict[str, str] = {}
        self._has: set[str] = set()  # ids of agents with a number, kept or restored
        self._waiting: set[str] = set()
        rest = self._match_ids()
        rest = self._match_own_rows(rest)
        self._restore_freed()
        self.names = _Names(sorted(self._agents, key=lambda agent: agent.id not in self._has))
        self._match_usernames(rest)
        self.kept.sort(key=lambda pair: (pair[0].username, pair[0].id))

    @property
    def joiners(self) -> list[Agent]:
        """The agents who need a number. Of a username listed twice, while its user is made anew, only one."""
        return [
            agent
            for agent in self._agents
            if agent.id not in self._has
            and agent.id not in self._waiting
            and self.names.agent(agent.username) is agent
        ]

    def by_username(self, holds: Iterable[Held]) -> dict[str, Held]:
        """The last hold of each username, by agent id. The hold of a listed agent is for that agent only."""
        return {
            agent.id: hold
            for hold in holds
            if hold.agent_id not in self.listed and (agent := self.names.agent(hold.username))
        }

    def takes(self, after: Assigned) -> bool:
        """Whether the assignment is taken from a user who is not listed and has no other."""
        record = self._table.records.get(after.extension)
        state = record.state if record else None
        return isinstance(state, Assigned) and not self.names.agent(state.username)

    def _keep(self, agent: Agent, row: Assigned) -> None:
        self.kept.append((agent, row))
        self._has.add(agent.id)

    def _match_ids(self) -> list[Assigned]:
        """Match the rows that carry the id of a listed agent; the others are left."""
        own: dict[str, list[Assigned]] = defaultdict(list)
        rest: list[Assigned] = []
        for row in self._table.assigned():
            (own[row.agent_id] if row.agent_id in self.listed else rest).append(row)
        for agent_id, rows in own.items():
            first, *others = sorted(rows, key=lambda row: (agent_id not in self._owners(row), row.extension))
            self._keep(self.listed[agent_id], first)
            self.gone += [_Gone(row, double=True, takes=False) for row in others]
        return rest

    def _owners(self, row: Assigned) -> tuple[str, ...]:
        return self._table.records[row.extension].owners

    def _match_own_rows(self, rows: Iterable[Assigned]) -> list[Assigned]:
        """Match rows without a user id by the agent whose own row points at them; the others are left.

        A row that another program wrote for somebody else goes back to its owner, who has the better right.
        """
        rest = []
        names = _Names(self._agents)
        for row in rows:
            owner = None if row.agent_id else self._owner(row.extension)
            user = names.agent(row.username)
            if owner is None:
                gone = (each for each in self._owners(row) if each not in self.listed)
                rest.append(replace(row, agent_id=row.agent_id or next(gone, "")))
            elif user is owner:
                self._keep(owner, row)
            elif user or self._whole:
                reason = f"another program had written it for {row.username}"
                self.restored.append((owner, row.extension, reason))
                self._has.add(owner.id)
            else:
                self._waiting.add(owner.id)
                rest.append(row)
        return rest

    def _owner(self, extension: str) -> Agent | None:
        """The listed agent without a number whose own row points at the extension."""
        owners = (self.listed.get(owner) for owner in self._table.records[extension].owners)
        return next((agent for agent in owners if agent and agent.id not in self._has), None)

    def _restore_freed(self) -> None:
        """Find the numbers that only the agent's own row still speaks of: somebody else has freed them."""
        for extension, record in self._table.records.items():
            if not record.owners or not isinstance(record.state, Free) or extension not in self._policy.range:
                continue
            gone = [owner for owner in record.owners if owner not in self.listed]
            if owner := self._owner(extension):
                self.restored.append((owner, extension, "another program had freed it"))
                self._has.add(owner.id)
            elif gone:
                self.freed[extension] = gone[0]

    def _match_usernames(self, rows: Iterable[Assigned]) -> None:
        """Match the rows left, each to the agent of its username who has no number yet."""
        adopted: set[str] = set()
        for row in rows:
            agent = self.names.agent(row.username)
            sure = self._whole or not row.agent_id
            if agent and agent.id not in self._has and agent.id not in self._waiting and sure:
                self._keep(agent, row)
                adopted |= {agent.id} if not row.agent_id else set()
            elif agent and not row.agent_id:
                self.gone.append(_Gone(row, double=True, takes=agent.id not in adopted))
            else:
                self.gone.append(_Gone(row))
                if agent and not sure:
                    self._waiting.add(agent.id)


def _why(old: Assigned, after: Assigned, record: ExtensionRecord) -> tuple[ChangeKind, str]:
    if old.agent_id and old.agent_id != after.agent_id:
        return ChangeKind.RETURNED, "; ".join(["the same username has a new user id", *record.faults])
    if record.faults or not old.agent_id:
        return ChangeKind.HEALED, "; ".join(record.faults) or "the row had no user id"
    if old == after:
        return ChangeKind.REFRESHED, "the agent's own row did not say what calls read in it"
    if old.release_waits and replace(old, release_waits=False) == after:
        return ChangeKind.REFRESHED, "Connect lists the agent again"
    if (old.username, old.name, old.team) == (after.username, after.name, after.team):
        only_read = old.readings != after.readings and old.modified == after.modified
        told = (
            "the readings of the name are newer" if only_read else "the user was modified, the label was not"
        )
        return ChangeKind.REFRESHED, told
    if not old.name and old.username == after.username:
        return ChangeKind.REFRESHED, "the name became known"
    return ChangeKind.RELABELLED, f"was {old.label}"


def released(old: Assigned, policy: Policy, now: datetime) -> State:
    """An assignment given back: held for `HOLD_DAYS`, or free at once where that is 0."""
    if policy.hold_days <= 0:
        return Free(old.extension, released=iso(now))
    until = iso(now + timedelta(days=policy.hold_days))
    return Held(old.extension, until, iso(now), old.agent_id, old.username, old.name)


_Given = tuple[Assigned, ChangeKind, str]


class _Planning(Struct):
    """One plan in the making.

    `owners` are the agents who have a number by the plan, `changed` the numbers that it changes so far.
    """

    match: _Matching
    table: Snapshot
    policy: Policy
    now: datetime
    read: Read
    owners: set[str] = set()
    changed: set[str] = set()

    def plan(self) -> SyncPlan:
        """The whole plan: agents and their numbers, then repairs, then the range and the policy's blocks."""
        given, left_over = self._give()
        kept = self.match.kept
        self.owners = {agent.id for agent, _ in kept} | {after.agent_id for after, _, _ in given}
        labels = [change for agent, old in kept if (change := self._label(agent, old))]
        changes = [
            *labels,
            *map(self._release, self.match.gone),
            *(self._release_freed(extension, owner) for extension, owner in self.match.freed.items()),
            *(self._change(kind, after, why, self.match.takes(after)) for after, kind, why in given),
        ]
        for further in (self._heal, self._fill, self._follow_blocks):
            self.changed = {change.extension for change in changes}
            changes += further()
        if self.table.forwards:
            changes += ended(applied(self.table, changes), self.now)
        seen = [change for change in labels if change.kind is not ChangeKind.REFRESHED]
        return SyncPlan(tuple(changes), tuple(left_over), unchanged=len(kept) - len(seen))

    def _change(self, kind: ChangeKind, after: State, reason: str, takes: bool = False) -> Change:
        """The change of one extension to `after`, with the rows of other agents that it has to clear."""
        record = self.table.records.get(after.extension)
        before = record.state if record else None
        vacates = self._strays(record) if record else ()
        return Change(kind, after.extension, before, after, reason, vacates, takes=takes)

    def _strays(self, record: ExtensionRecord) -> tuple[str, ...]:
        """Agents whose row points at the extension, and who have no number by the plan.

        Another one's row is put right by the change that gives that number.
        """
        return tuple(owner for owner in record.owners if owner not in self.owners)

    def _read(self, row: Assigned) -> Assigned:
        """The row with the readings of its name; the row itself where it has them."""
        readings = self.read(row.name)
        return row if readings == row.readings else replace(row, readings=readings)

    def _label(self, agent: Agent, old: Assigned) -> Change | None:
        """The change that updates the row of an agent, or None if it is up to date."""
        after = replace(
            old, arn=agent.arn or old.arn, agent_id=agent.id, username=agent.username, release_waits=False
        )
        if agent.name:
            after = replace(
                after,
                name=agent.name,
                team=agent.team,
                modified=agent.modified,
                first_name=agent.first_name,
                last_name=agent.last_name,
                unlisted=agent.unlisted,
            )
        after = self._read(after)
        record = self.table.records[old.extension]
        if after == old and not record.stale:
            return None
        kind, reason = _why(old, after, record)
        return self._change(kind, after, reason)

    def _release(self, old: _Gone) -> Change:
        after = released(old.assigned, self.policy, self.now)
        if old.double:
            return self._change(ChangeKind.HEALED, after, "the agent has another extension", old.takes)
        return self._change(ChangeKind.RELEASED, after, "the agent is no longer listed", takes=True)

    def _release_freed(self, extension: str, owner: str) -> Change:
        """Hold a number that another program has freed. The user id stands in for the lost username."""
        after = released(Assigned(extension, owner, owner), self.policy, self.now)
        reason = "the agent is no longer listed, and another program had freed it"
        return self._change(ChangeKind.RELEASED, after, reason, takes=True)

    def _give(self) -> tuple[list[_Given], list[Agent]]:
        """A number for each agent without one, and why; the agents for whom none is left.

        First the numbers that another program took, then the old one while it is held, else the next of the
        team's range. Where teams have ranges, an agent whose team could not be read waits for the next sync.
        """
        given: list[_Given] = [
            (assign(extension, agent, self.now), ChangeKind.HEALED, reason)
            for agent, extension, reason in self.match.restored
        ]
        pools = self._pools({after.extension for after, _, _ in given} | self.match.freed.keys())
        holds = self._holds()
        left_over = []
        for agent in self.match.joiners:
            if hold := holds.get(agent.id):
                # On a listing that broke off, the agent for whom the hold is kept may be on another page.
                if agent.id == hold.agent_id or not self.match.cut:
                    reason = f"held for {hold.username} until {hold.until}"
                    given.append((assign(hold.extension, agent, self.now), ChangeKind.RETURNED, reason))
            elif self.policy.teams.ranges and not agent.name:
                continue
            elif extension := next(pools[self.policy.teams.range_of(agent)], None):
                given.append((assign(extension, agent, self.now), ChangeKind.ASSIGNED, "a new agent"))
            else:
                left_over.append(agent)
        return [(self._read(after), kind, reason) for after, kind, reason in given], left_over

    def _pools(self, spoken_for: set[str]) -> dict[TeamRange | None, Iterator[str]]:
        """The numbers to give, by the team's range; None is the rest."""
        return {
            team: (each for each in self._next_free(team) if each not in spoken_for)
            for team in (None, *self.policy.teams.ranges)
        }

    def _holds(self) -> dict[str, Held]:
        """The newest running hold of each agent, by agent id: found by that id, or else by username."""
        states = (record.state for record in self.table.records.values())
        holds = [
            state
            for state in states
            if isinstance(state, Held) and not state.over(self.now) and state.extension in self.policy.range
        ]
        holds.sort(key=lambda hold: (hold.released, hold.extension))
        return self.match.by_username(holds) | {hold.agent_id: hold for hold in holds}

    def _next_free(self, team: TeamRange | None) -> Iterator[str]:
        """The free numbers of a team in the order of giving: never used, lowest first, then the longest free.

        Without a team, the numbers that are in no team's range. Reserved blocks are nobody's.
        """
        teams = self.policy.teams
        used: list[tuple[str, str]] = []
        for extension in team.range if team else self.policy.range:
            if teams.note_of(extension) or (not team and teams.in_a_team(extension)):
                continue
            record = self.table.records.get(extension)
            match record.state if record else Free(extension):
                case Free(released=""):
                    yield extension
                case Free(released=moment):
                    used.append((moment, extension))
                case Held(released=moment) as hold if hold.over(self.now):
                    used.append((moment, extension))
                case _:
                    pass
        yield from (extension for _, extension in sorted(used))

    def _unchanged(self) -> Iterator[ExtensionRecord]:
        """The records that the plan has not changed so far."""
        return (record for key, record in self.table.records.items() if key not in self.changed)

    def _heal(self) -> Iterator[Change]:
        """Repairs: rows that are malformed but mean the right state, and own rows that point elsewhere.

        A hold whose end can't be read lasts `hold_days` from now.
        """
        for record in self._unchanged():
            after = record.state
            faults = [
                *record.faults,
                *(f"the row of user {each} points here" for each in self._strays(record)),
            ]
            if isinstance(after, Assigned) and after.agent_id and after.agent_id not in record.owners:
                faults.append("the agent's own row was missing")
            if faults:
                if isinstance(after, Held) and not as_iso(after.until):
                    after = replace(after, until=iso(self.now + timedelta(days=self.policy.hold_days)))
                yield self._change(ChangeKind.HEALED, after, "; ".join(faults))

    def _fill(self) -> Iterator[Change]:
        """The numbers of the range that the table does not have."""
        for extension in self.policy.range:
            if extension not in self.table.records and extension not in self.changed:
                if block := self.policy.teams.block_of(extension):
                    yield self._block(block, extension, None)
                else:
                    yield Change(ChangeKind.FILLED, extension, None, Free(extension), "new in the range")

    def _follow_blocks(self) -> Iterator[Change]:
        """Reserve the free numbers of the policy's blocks, and give back those that no block names now."""
        for record in self._unchanged():
            extension = record.state.extension
            block = self.policy.teams.block_of(extension)
            inside = extension in self.policy.range
            match record.state:
                case Free() as free if block and inside:
                    yield self._block(block, extension, free)
                case Held() as hold if block and inside and hold.over(self.now):
                    yield self._block(block, extension, hold)
                case Reserved(by_policy=True) as kept if not block:
                    after = Free(extension, released=iso(self.now))
                    yield Change(ChangeKind.UNRESERVED, extension, kept, after, kept.note, by_policy=True)
                case Reserved(by_policy=True) as kept if block and kept != block.reserved(
                    extension, kept.since
                ):
                    yield self._block(block, extension, kept)

    def _block(self, block: ReservedBlock, extension: str, before: State | None) -> Change:
        after = block.reserved(extension, iso(self.now))
        return Change(ChangeKind.RESERVED, extension, before, after, block.note, by_policy=True)


def assign(extension: str, agent: Agent, now: datetime) -> Assigned:
    """The assignment of an extension to an agent, beginning now. A name not yet read has no age."""
    modified = agent.modified if agent.name else ""
    return Assigned(
        extension,
        agent.id,
        agent.username,
        agent.arn,
        agent.name,
        agent.team,
        modified,
        iso(now),
        agent.first_name,
        agent.last_name,
        unlisted=agent.unlisted,
    )


def applied(table: Snapshot, changes: Collection[Change]) -> Snapshot:
    """The table as it is once the changes are made."""
    records: dict[str, ExtensionRecord] = dict(table.records)
    for change in changes:
        owner = (change.after.agent_id,) if isinstance(change.after, Assigned) else ()
        records[change.extension] = ExtensionRecord(change.after, owner)
    forwards = dict(table.forwards)
    for change in changes:
        if change.forward_of:
            forwards.pop(change.forward_of, None)
            forwards |= {change.forward_of: change.forward} if change.forward else {}
    return Snapshot(records, forwards)
