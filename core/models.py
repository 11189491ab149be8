"""The values that the rest of the core speaks in. All are frozen; none does I/O.

Times are UTC in ISO 8601 to the second (`2026-11-22T09:30:00Z`), so that they compare as text and
so that every attribute of a row is a string: the older project's GetAgent Lambda hands the row to
Amazon Connect as it stands, and a number would break its answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b

from msgspec import Struct

from core.calling.reach import Forward
from core.errors import BadRange


def iso(moment: datetime) -> str:
    """The moment as the text that rows hold, cut to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_iso(text: str) -> datetime:
    """The moment that `iso` wrote."""
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def as_iso(text: str) -> str:
    """A time in any form of ISO 8601 as `iso` writes it, of no zone as UTC; "" for text that is no time."""
    try:
        moment = datetime.fromisoformat(text)
        moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return ""
    return iso(moment) if moment.year >= 1000 else ""


class ExtensionRange(Struct, frozen=True):
    """The pool of extensions, both ends included: `0000-9999`. Leading zeros count."""

    first: int
    last: int
    width: int

    @classmethod
    def parse(cls, text: str) -> ExtensionRange:
        """Read `0000-9999`. Raises BadRange with a sentence that says what is wrong."""
        first, dash, last = (part.strip() for part in text.strip().partition("-"))
        if not dash or not (_is_digits(first) and _is_digits(last)):
            raise BadRange(f"'{text}' is not a range of extensions. Write two numbers, as in 0000-9999.")
        if len(first) != len(last):
            raise BadRange(
                f"'{text}' has ends of {len(first)} and {len(last)} digits. "
                "Write both with the same number of digits, as in 0000-9999."
            )
        if int(first) > int(last):
            raise BadRange(f"'{text}' runs backwards. Write the lower number first: {last}-{first}.")
        if len(first) > 5:
            raise BadRange(f"'{text}' is too wide: five digits at most.")
        return cls(int(first), int(last), len(first))

    def __len__(self) -> int:
        return self.last - self.first + 1

    def __iter__(self) -> Iterator[str]:
        return (self.write(number) for number in range(self.first, self.last + 1))

    def __contains__(self, extension: object) -> bool:
        return (
            isinstance(extension, str)
            and len(extension) == self.width
            and _is_digits(extension)
            and self.first <= int(extension) <= self.last
        )

    def __str__(self) -> str:
        first, last = self.write(self.first), self.write(self.last)
        return f"{first}-{last}" if first != last else first

    @property
    def in_words(self) -> str:
        """`0000 to 9999`, for a sentence."""
        return str(self).replace("-", " to ")

    def write(self, number: int) -> str:
        """42 as `0042`."""
        return str(number).zfill(self.width)

    def normalise(self, digits: str) -> str | None:
        """Read digits as typed (`42`, `0042`) as an extension; None when it cannot be one."""
        digits = digits.strip()
        if not _is_digits(digits) or len(digits) > self.width:
            return None
        return digits.zfill(self.width)


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


class Agent(Struct, frozen=True, gc=False):
    """An Amazon Connect user as listed now. `name` is "" while nobody has read it, and so are its two parts.

    `routing_profile` and `hierarchy_group` are ids. Somebody `unlisted` can't be dialled by name.
    """

    id: str
    username: str
    arn: str = ""
    name: str = ""
    team: str = ""
    modified: str = ""
    routing_profile: str = ""
    hierarchy_group: str = ""
    first_name: str = ""
    last_name: str = ""
    unlisted: bool = False


class Presence(StrEnum):
    """Whether a call would reach an agent now, and why not."""

    AVAILABLE = "available"
    ON_A_CALL = "on a call"
    BUSY = "busy with other contacts"
    NO_CALLS = "takes no calls"
    AWAY = "away"
    OFFLINE = "not signed in"


class Availability(Struct, frozen=True):
    """An agent's presence now; `status` by the customer's own name, `since` when it began, "" if unknown."""

    presence: Presence
    status: str = ""
    since: str = ""


class GroupKind(StrEnum):
    """The three kinds of groups of Connect users: a tag, a routing profile, a hierarchy group."""

    TEAM = "team"
    ROUTING_PROFILE = "routing_profile"
    HIERARCHY_GROUP = "hierarchy_group"


class TeamRange(Struct, frozen=True):
    """The numbers that new agents of one group get. `name` is what people call a group that has an id."""

    kind: GroupKind
    group: str
    range: ExtensionRange
    name: str = ""

    @property
    def label(self) -> str:
        """The group's name, or what stands for it."""
        return self.name or self.group

    def takes(self, agent: Agent) -> bool:
        """Whether the agent is in the group; upper and lower case are one."""
        groups = {
            GroupKind.TEAM: agent.team,
            GroupKind.ROUTING_PROFILE: agent.routing_profile,
            GroupKind.HIERARCHY_GROUP: agent.hierarchy_group,
        }
        return self.group.casefold() == groups[self.kind].casefold()

    def __str__(self) -> str:
        return f"{self.kind.value.replace('_', ' ')} {self.label}: {self.range}"


class ReservedBlock(Struct, frozen=True):
    """Numbers that no agent gets, and what for. A call to one of them goes to the queue, if there is one."""

    range: ExtensionRange
    note: str
    queue_arn: str = ""
    queue_name: str = ""

    def __str__(self) -> str:
        return f"reserved {self.range}: {self.note}"

    def reserved(self, extension: str, since: str) -> Reserved:
        """The state of one of its numbers."""
        return Reserved(extension, self.note, since, True, self.queue_arn, self.queue_name)


class TeamPolicy(Struct, frozen=True):
    """The ranges in their order, of which the first match wins, and the reserved blocks.

    `unlisted` are usernames of agents who can't be dialled by name.
    """

    ranges: tuple[TeamRange, ...] = ()
    reserved: tuple[ReservedBlock, ...] = ()
    unlisted: frozenset[str] = frozenset()

    def range_of(self, agent: Agent) -> TeamRange | None:
        """The range for a new agent; None means the rest of the pool, outside every team's range."""
        return next((each for each in self.ranges if each.takes(agent)), None)

    def block_of(self, extension: str) -> ReservedBlock | None:
        """The reserved block that the extension is in."""
        return next((block for block in self.reserved if extension in block.range), None)

    def note_of(self, extension: str) -> str:
        """The note of the reserved block that the extension is in, "" for none."""
        block = self.block_of(extension)
        return block.note if block else ""

    def in_a_team(self, extension: str) -> bool:
        """Whether the extension is in the range of a team."""
        return any(extension in each.range for each in self.ranges)


class Policy(Struct, frozen=True):
    """The rules a plan follows; each comes from a setting of the same name."""

    range: ExtensionRange
    hold_days: int = 30
    max_release_percent: float = 10
    max_release_count: int = 5
    teams: TeamPolicy = TeamPolicy()


class Roster(Struct, frozen=True):
    """The agents that Connect lists now, and how far that listing can be believed.

    `total` is Connect's own count, None where it could not be read. `faults` are sentences about the
    listing; with any of them nothing may be released. `warnings` are sentences about labels that
    could not be read: the numbers are right all the same.
    """

    agents: tuple[Agent, ...]
    total: int | None
    faults: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


class Free(Struct, frozen=True, gc=False):
    """In the pool. `released` is when it was last given back; "" means never used."""

    extension: str
    released: str = ""


class Held(Struct, frozen=True, gc=False):
    """A released number that nobody gets until `until`, so that it does not ring a stranger."""

    extension: str
    until: str
    released: str
    agent_id: str = ""
    username: str = ""
    name: str = ""

    def over(self, now: datetime) -> bool:
        """Whether the hold has ended, which makes the extension free without a write.

        One whose end is no time, since a hand wrote it, has not: a sync gives it another end.
        """
        return "" < as_iso(self.until) <= iso(now)

    @property
    def mark(self) -> str:
        """A short text that tells this hold from any other: of another number, person or time."""
        told = f"{self.extension} {self.until} {self.agent_id} {self.username}"
        return blake2b(told.encode(), digest_size=4).hexdigest()


class Assigned(Struct, frozen=True, gc=False):
    """An extension and its agent. Rows of the older project have no `agent_id` yet.

    `readings` are Latin spellings of a name in another script, "" for none; `core.search.spelt` reads them.
    Somebody `unlisted` can't be dialled by name. `release_waits`: Connect lists them no more, and the
    release is withheld. Where it was read to answer a question, calls may go to the colleague `calls_go_to`
    until that time; `given` says when, by whom and in which run they got the number, if no history row does.
    """

    extension: str
    agent_id: str
    username: str
    arn: str = ""
    name: str = ""
    team: str = ""
    modified: str = ""
    since: str = ""
    first_name: str = ""
    last_name: str = ""
    readings: str = ""
    unlisted: bool = False
    release_waits: bool = False
    calls_go_to: str = ""
    calls_go_until: str = ""
    given: str = ""

    @property
    def label(self) -> str:
        """The agent's name, or the username while the name is unknown."""
        return self.name or self.username

    @property
    def name_parts(self) -> tuple[str, str]:
        """First and last name as Connect has them; two empty texts while unknown or of an older name."""
        parts = (self.first_name, self.last_name)
        return parts if self.name == " ".join(part for part in parts if part) else ("", "")


class Reserved(Struct, frozen=True, gc=False):
    """Kept out of the pool by a person, or by a reserved block of the policy; a team's number has a queue."""

    extension: str
    note: str
    since: str = ""
    by_policy: bool = False
    queue_arn: str = ""
    queue_name: str = ""

    def is_for(self, note: str) -> bool:
        """Whether this is its note; upper and lower case are one."""
        one, other = (" ".join(each.split()).casefold() for each in (self.note, note))
        return one == other


class TeamNumber(Struct, frozen=True):
    """A number whose calls go to a team's queue."""

    extension: str
    name: str
    note: str = ""


State = Free | Held | Assigned | Reserved


class ExtensionRecord(Struct, frozen=True):
    """One extension as the table has it. `faults` say what its rows get wrong; a sync heals them.

    `owners` are the agents whose own row points at this extension: in a sound table the assigned
    agent, or nobody. `stale`: the own row of the assigned agent does not say what calls read in it.
    """

    state: State
    owners: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    stale: bool = False


class Snapshot(Struct, frozen=True):
    """The extensions as of one reading, by extension, and the forwards, by agent."""

    records: Mapping[str, ExtensionRecord]
    forwards: Mapping[str, Forward] = {}

    def assigned(self) -> list[Assigned]:
        """The assignments, by extension."""
        found = [record.state for record in self.records.values() if isinstance(record.state, Assigned)]
        return sorted(found, key=lambda assigned: assigned.extension)

    def queues(self) -> tuple[TeamNumber, ...]:
        """The numbers of teams, by number."""
        states = (record.state for record in self.records.values())
        teams = [state for state in states if isinstance(state, Reserved) and state.queue_arn]
        teams.sort(key=lambda team: team.extension)
        return tuple(TeamNumber(team.extension, team.queue_name or team.note, team.note) for team in teams)

    def of_agent(self, agent_id: str) -> Assigned | None:
        """The agent's assignment."""
        return next((row for row in self.assigned() if agent_id and row.agent_id == agent_id), None)

    def written_by_others(self, listed: Collection[str] = ()) -> list[str]:
        """The extensions that another program wrote or freed after this one took the table over.

        Its rows have no user id, though the agent's own row, which it does not know, names the number, or
        though the agent is one of the usernames `listed`, whose rows have had an id since then.
        """
        taken_over = any(row.agent_id for row in self.assigned())
        return sorted(
            extension
            for extension, record in self.records.items()
            if (record.owners and isinstance(record.state, Free))
            or (
                isinstance(record.state, Assigned)
                and not record.state.agent_id
                and (record.owners or (taken_over and record.state.username in listed))
            )
        )

    def outside(self, extensions: ExtensionRange) -> list[str]:
        """The assigned extensions that are not in the range."""
        return [assigned.extension for assigned in self.assigned() if assigned.extension not in extensions]


class ChangeKind(StrEnum):
    """The kinds of change of an extension; the five from MOVED on are a person's doing.

    Filled: it enters the table. Refreshed: what is known of its agent is newer, and reads the same.
    Held: an undo restores a hold; nobody had the number meanwhile. Other: a kind that a later version wrote.
    """

    ASSIGNED = "assigned"
    RETURNED = "returned"
    RELEASED = "released"
    RELABELLED = "relabelled"
    HEALED = "healed"
    FILLED = "filled"
    REFRESHED = "refreshed"
    MOVED = "moved"
    FREED = "freed"
    RESERVED = "reserved"
    UNRESERVED = "unreserved"
    HELD = "held"
    FORWARDED = "forwarded"
    UNFORWARDED = "unforwarded"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> ChangeKind:  # noqa: ARG003 - every unknown kind is one
        return cls.OTHER


# Changes that nobody sees, and no history: they follow from others, or from the time.
UNSEEN = (ChangeKind.FILLED, ChangeKind.REFRESHED)


class Change(Struct, frozen=True):
    """One extension goes from `before` to `after`, and why.

    `before` is None for an extension that the table has no row of. `vacates` are agents who lose
    their own row by it. `moved_from` is the extension that a moved agent had before. `takes`: an agent
    may lose a number by it, so the guard has to agree. `undoes` is the run that it takes back.
    `by_policy`: a sync follows a reserved block of the policy; no person chose the number.
    Calls for the agent `forward_of` are forwarded so from then on; without a `forward` no more. The agent
    `former` had them until then, "" for nobody.
    """

    kind: ChangeKind
    extension: str
    before: State | None
    after: State
    reason: str
    vacates: tuple[str, ...] = ()
    moved_from: str = ""
    takes: bool = False
    confirmed: str = ""
    undoes: str = ""
    by_policy: bool = False
    forward_of: str = ""
    forward: Forward | None = None
    former: str = ""


class SyncPlan(Struct, frozen=True):
    """The changes that a sync would make; a value, not an action.

    `left_over` are agents for whom the pool has no number. `unchanged` counts the agents who keep
    number and label.
    """

    changes: tuple[Change, ...]
    left_over: tuple[Agent, ...] = ()
    unchanged: int = 0

    def of(self, kind: ChangeKind) -> list[Change]:
        """The changes of one kind, in the order of the plan."""
        return [change for change in self.changes if change.kind is kind]


class Pool(Struct, frozen=True):
    """Counts of the extensions of the range by state. Their sum is the whole range."""

    free: int
    assigned: int
    held: int
    reserved: int

    @property
    def size(self) -> int:
        """The whole range."""
        return self.free + self.assigned + self.held + self.reserved

    @classmethod
    def of(cls, table: Snapshot, extensions: Iterable[str], now: datetime) -> Pool:
        """Count these extensions as the table has them. One without a row is free."""
        free = held = assigned = reserved = 0
        for extension in extensions:
            record = table.records.get(extension)
            match record.state if record else None:
                case Assigned():
                    assigned += 1
                case Reserved():
                    reserved += 1
                case Held() as hold if not hold.over(now):
                    held += 1
                case _:
                    free += 1
        return cls(free, assigned, held, reserved)


# The changes whose reason is the note of a reservation.
_NOTED = (
    ChangeKind.RESERVED,
    ChangeKind.UNRESERVED,
    ChangeKind.HELD,
    ChangeKind.FORWARDED,
    ChangeKind.UNFORWARDED,
)


class HistoryEntry(Struct, frozen=True, omit_defaults=True):
    """One line of history: this extension, this agent, this happened, then, by whom, in which run.

    Of a forward, `other` is the id of the agent who has the calls from then on, and `former` of who had them;
    the note is "to NAME until TIME".
    """

    kind: ChangeKind
    extension: str
    username: str
    name: str
    at: str
    by: str
    run_id: str
    before: str = ""
    agent_id: str = ""
    moved_from: str = ""
    note: str = ""
    confirmed: str = ""
    undoes: str = ""
    by_policy: bool = False
    other: str = ""
    former: str = ""

    @property
    def label(self) -> str:
        """The agent's name or username; "" for a change that has none."""
        return self.name or self.username

    @property
    def is_loss(self) -> bool:
        """Whether an agent lost a number or a name by it."""
        return self.kind is ChangeKind.RELEASED or bool(self.before)

    @classmethod
    def of(cls, change: Change, at: str, by: str, run_id: str) -> HistoryEntry:
        """The line of history that a change leaves behind."""
        was, after = change.before, change.after
        who = next((state for state in (after, was) if isinstance(state, Assigned | Held)), None)
        return cls(
            change.kind,
            change.extension,
            username=who.username if who else "",
            name=who.name if who else "",
            at=at,
            by=by,
            run_id=run_id,
            before=was.label if change.kind is ChangeKind.RELABELLED and isinstance(was, Assigned) else "",
            agent_id=who.agent_id if who else "",
            moved_from=change.moved_from,
            note=change.reason if change.kind in _NOTED else "",
            confirmed=change.confirmed,
            undoes=change.undoes,
            by_policy=change.by_policy,
            other=change.forward.to if change.forward else "",
            former=change.former,
        )


class Directory(Struct, frozen=True):
    """The assigned extensions with their agents, and the teams' numbers, as of one moment.

    `version` is the table's fingerprint at that moment: equal versions mean equal directories.
    """

    entries: tuple[Assigned, ...]
    version: str
    at: str
    queues: tuple[TeamNumber, ...] = ()


class Report(Struct, frozen=True, omit_defaults=True):
    """The outcome of one run, for people and for programs. `skipped` says why a run did nothing at all:
    `holder` had the lease, since `busy_since`.

    `approved` names what a person agreed to before the run, withheld releases or a plan, and `agreed` counts
    the changes that this made. `plan` names the changes of a dry run, or the plan that was made. Where teams
    have ranges, `free_by_range` counts the free numbers of each and of the rest, by its name.
    A report that was kept has at most 200 of `changes`, `left_over` and `withheld`; `more_left_over` and
    `more_withheld` are how many it leaves out.
    """

    run_id: str
    by: str
    started: str
    duration_ms: int
    counts: Mapping[ChangeKind, int] = {}
    unchanged: int = 0
    changes: tuple[HistoryEntry, ...] = ()
    left_over: tuple[str, ...] = ()
    withheld: tuple[HistoryEntry, ...] = ()
    withheld_because: tuple[str, ...] = ()
    approval: str = ""
    approved: str = ""
    agreed: int = 0
    plan: str = ""
    warnings: tuple[str, ...] = ()
    pool: Pool | None = None
    free_by_range: Mapping[str, int] = {}
    exported: bool = False
    dry_run: bool = False
    skipped: str = ""
    holder: str = ""
    busy_since: str = ""
    more_left_over: int = 0
    more_withheld: int = 0

    @property
    def waiting(self) -> int:
        """The number of releases that are withheld, with those that a kept report leaves out."""
        return len(self.withheld) + self.more_withheld


class WithheldPart(Struct, frozen=True):
    """A part of the releases that wait for an approval, by extension; `total` counts all of them."""

    entries: tuple[HistoryEntry, ...]
    total: int


class Failure(Struct, frozen=True):
    """A failed run: when, who started it, its name, and the error as a sentence."""

    at: str
    by: str
    run_id: str
    reason: str
