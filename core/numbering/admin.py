"""Changes that a person makes to single extensions. Each decision is a pure function of the table.

`Admin` takes the lease, reads, decides and applies; a decision that is not possible raises Refused with the
sentence that the person reads. What has to be agreed to first (a hold that ends early) is refused until the
request says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from time import sleep

from msgspec import Struct
from msgspec.structs import replace

from core.errors import ExtensionsError, LeaseTaken, Refused
from core.models import (
    Assigned,
    Change,
    ChangeKind,
    ExtensionRecord,
    Free,
    Held,
    HistoryEntry,
    Policy,
    Reserved,
    Snapshot,
    State,
    iso,
)
from core.numbering.plan import applied, released
from core.ports import Clock, TableWriter
from core.words.number_lists import write_numbers
from core.words.text import clean

_NOTE_LENGTH = 200
# A sync of a few changes ends within seconds, and a person who waits may wait as long.
_LEASE_TRIES, _LEASE_PAUSE = 10, 1.0

Changes = tuple[Change, ...]
# Whether a person has agreed that this hold ends.
Agreed = Callable[[Held], bool]
MOST_AT_ONCE = 500


class HoldsInTheWay(Refused):
    """When a change would end holds, and nobody has agreed to that."""

    def __init__(self, message: str, holds: Sequence[Held]) -> None:
        super().__init__(message)
        self.holds = tuple(holds)


def unasked(_: Held) -> bool:
    """No hold was agreed to."""
    return False


class Undone(Struct, frozen=True):
    """The changes of an undo, and a sentence for each thing that it could not do."""

    changes: Changes
    left: tuple[str, ...]


class Admin(Struct, frozen=True):
    """Changes to single extensions, as one run. Each raises Refused, LeaseTaken, LeaseLost or Unavailable."""

    writer: TableWriter
    policy: Policy
    clock: Clock
    run_id: str
    wait: Callable[[float], None] = sleep

    def reserve(self, extensions: Sequence[str], note: str, by: str, ends_holds: Agreed = unasked) -> Changes:
        """Keep free extensions out of the pool, with a note that says what for; all of them or none.

        A hold has to be agreed to: whom it is for would get another number. Raises HoldsInTheWay.
        """
        return self._do(
            lambda table: reserving(table, extensions, note, self.policy, self.clock(), ends_holds), by
        )

    def unreserve(self, extensions: Sequence[str], by: str, note: str = "") -> Changes:
        """Put reserved extensions back into the pool: those named, or all that have this note.

        Named with a note they are put back if they are reserved for it still.
        """
        return self._do(lambda table: unreserving(table, extensions, note, self.policy, self.clock()), by)

    def free(self, extension: str, by: str, ends_holds: Agreed = lambda _: True) -> Changes:
        """End a hold early. Raises HoldsInTheWay for a hold not agreed to."""
        return self._do(lambda table: freeing(table, extension, self.policy, self.clock(), ends_holds), by)

    def move(self, agent_id: str, extension: str, by: str) -> Changes:
        """Give an agent another extension, a free one or one held for them; the old one is held."""
        return self._do(lambda table: moving(table, agent_id, extension, self.policy, self.clock()), by)

    def swap(self, one_id: str, other_id: str, by: str, numbers: Sequence[str] = ()) -> Changes:
        """Let two agents change extensions with each other: those `numbers` and no others, if given."""
        return self._do(lambda table: swapping(table, one_id, other_id, self.clock(), numbers), by)

    def undo(self, choose: Callable[[], Sequence[HistoryEntry]], by: str) -> Undone:
        """Take back the changes of one run, as far as nothing newer stands in the way.

        They are chosen under the lease: nobody takes back the same ones beside.
        """
        with self._leased(by):
            undone = undoing(self.writer.read(), choose(), self.policy, self.clock())
            self.writer.apply(undone.changes)
        return undone

    def _do(self, decide: Callable[[Snapshot], Changes], by: str) -> Changes:
        with self._leased(by):
            changes = decide(self.writer.read())
            self.writer.apply(changes)
        return changes

    @contextmanager
    def _leased(self, by: str) -> Iterator[None]:
        self._acquire(by)
        try:
            yield
        finally:
            with suppress(ExtensionsError):
                self.writer.finish(None)

    def _acquire(self, by: str) -> None:
        """Take the lease, waiting up to 10 s for a run that is about to end."""
        for _ in range(_LEASE_TRIES):
            try:
                self.writer.acquire(self.run_id, by)
            except LeaseTaken:
                self.wait(_LEASE_PAUSE)
            else:
                return
        self.writer.acquire(self.run_id, by)


def reserving(
    table: Snapshot,
    extensions: Sequence[str],
    note: str,
    policy: Policy,
    now: datetime,
    ends_holds: Agreed = unasked,
) -> Changes:
    """Decide to reserve the extensions, all or none. Raises HoldsInTheWay for holds not agreed to."""
    given = clean(" ".join(note.split()))[:_NOTE_LENGTH]
    words = given or "no note"
    decided = _each(extensions, lambda each: _reserve(table, each, words, policy, now), "reserve", given)
    befores = [change.before for change in decided]
    holds = [state for state in befores if isinstance(state, Held) and not state.over(now)]
    if asked := [hold for hold in holds if not ends_holds(hold)]:
        reason = _held(asked[0]) if len(asked) == 1 else f"{len(asked)} of these numbers are held."
        ends = f"To reserve it all the same, end the hold first: /ext-admin free {asked[0].extension}"
        raise HoldsInTheWay(f"{reason} {ends}", asked)
    return decided


def _each(extensions: Sequence[str], decide: Callable[[str], Change], verb: str, note: str = "") -> Changes:
    """Decide on each extension; if one is refused all are, with the command for those that are not."""
    if len(extensions) > MOST_AT_ONCE:
        raise Refused(f"Those are {len(extensions):,} numbers; {MOST_AT_ONCE} at once is the most.")
    decided: list[Change] = []
    reasons: list[str] = []
    for extension in extensions:
        try:
            decided.append(decide(extension))
        except Refused as refusal:
            reasons.append(str(refusal))
    if not reasons:
        return tuple(decided)
    if len(extensions) == 1:
        raise Refused(reasons[0])
    several = f"{len(reasons)} of {len(extensions)} can't be taken. " if len(reasons) > 1 else ""
    rest = write_numbers(change.extension for change in decided)
    instead = f"; for the others: /ext-admin {verb} {rest} {note}".rstrip() if rest else ""
    raise Refused(f"Nothing was changed. {several}{reasons[0]}{instead}")


def _reserve(table: Snapshot, extension: str, note: str, policy: Policy, now: datetime) -> Change:
    match state := _state(table, extension, policy):
        case Assigned():
            raise Refused(
                f"{extension} belongs to {state.label}. "
                f"Move them to another number first: /ext-admin move {state.username} NUMBER"
            )
        case Reserved():
            raise Refused(f"{extension} is reserved already: {state.note}")
    return Change(ChangeKind.RESERVED, extension, state, Reserved(extension, note, iso(now)), note)


def unreserving(
    table: Snapshot, extensions: Sequence[str], note: str, policy: Policy, now: datetime
) -> Changes:
    """Decide to give reserved extensions back: those named, or all whose note is this one."""
    named = extensions or reserved_for(table, note)
    if not named:
        raise Refused(f"No number is reserved for '{note}'. To see what is: /ext-admin reserved")
    return _each(named, lambda each: _unreserve(table, each, note, policy, now), "unreserve")


def reserved_for(table: Snapshot, note: str) -> list[str]:
    """The extensions that are reserved with this note; upper and lower case are one."""
    states = (record.state for record in table.records.values())
    return sorted(state.extension for state in states if isinstance(state, Reserved) and state.is_for(note))


def _unreserve(table: Snapshot, extension: str, note: str, policy: Policy, now: datetime) -> Change:
    state = _state(table, extension, policy)
    if not isinstance(state, Reserved):
        raise Refused(f"{extension} is not reserved. To see what is: /ext-admin reserved")
    if note and not state.is_for(note):
        raise Refused(f"{extension} is reserved for something else by now: {state.note}")
    if state.by_policy and policy.teams.note_of(extension):
        raise Refused(f"{extension} is reserved by policy.yml, and would be again. Change it there.")
    return Change(ChangeKind.UNRESERVED, extension, state, Free(extension, released=iso(now)), state.note)


def freeing(
    table: Snapshot, extension: str, policy: Policy, now: datetime, ends_holds: Agreed = lambda _: True
) -> Changes:
    """Decide to end a hold. Raises HoldsInTheWay for one not agreed to."""
    match state := _state(table, extension, policy):
        case Held() if not state.over(now):
            if not ends_holds(state):
                raise HoldsInTheWay(_held(state), [state])
            after = Free(extension, released=state.released)
            return (Change(ChangeKind.FREED, extension, state, after, f"was held until {state.until}"),)
        case Assigned():
            raise Refused(
                f"{extension} belongs to {state.label}; only a hold can be ended. "
                f"To give them another number: /ext-admin move {state.username} NUMBER"
            )
        case Reserved():
            raise Refused(
                f"{extension} is reserved: {state.note}. To give it back: /ext-admin unreserve {extension}"
            )
        case _:
            raise Refused(
                f"{extension} is free already. To keep it out of the pool: /ext-admin reserve {extension}"
            )


def moving(table: Snapshot, agent_id: str, extension: str, policy: Policy, now: datetime) -> Changes:
    """Decide to move an agent to an extension that is free, or held for this agent."""
    old = _assigned_to(table, agent_id)
    state = _state(table, extension, policy)
    match state:
        case Assigned(agent_id=old.agent_id):
            raise Refused(f"{old.label} has {old.extension} already.")
        case Assigned():
            instead = f"To let the two change numbers: /ext-admin swap {old.username} {state.username}"
            raise Refused(f"{extension} belongs to {state.label}. {instead}")
        case Reserved():
            raise Refused(
                f"{extension} is reserved: {state.note}. "
                f"To give it back first: /ext-admin unreserve {extension}"
            )
        case Held() if not state.over(now) and not _theirs(state, old):
            raise Refused(f"{_held(state)} To end the hold first: /ext-admin free {extension}")
    return (
        _moved(old, state, extension, now),
        Change(ChangeKind.RELEASED, old.extension, old, released(old, policy, now), f"moved to {extension}"),
    )


def swapping(
    table: Snapshot, one_id: str, other_id: str, now: datetime, numbers: Sequence[str] = ()
) -> Changes:
    """Decide that two agents change extensions with each other: those `numbers`, if any are given.

    Without them a second press of the same button would give each their own number back.
    """
    one, other = _assigned_to(table, one_id), _assigned_to(table, other_id)
    if one.extension == other.extension:
        raise Refused(f"{one.label} can't change numbers with themselves.")
    has = f"{one.label} has {one.extension} by now, and {other.label} {other.extension}."
    if numbers and {one.extension, other.extension} != {*numbers}:
        raise Refused(f"{has} To swap these: /ext-admin swap {one.username} {other.username}")
    if numbers and one.extension != numbers[0]:
        raise Refused(f"They have changed numbers already: {has}")
    return (_moved(one, other, other.extension, now), _moved(other, one, one.extension, now))


def _moved(old: Assigned, state: State | None, extension: str, now: datetime) -> Change:
    after = replace(old, extension=extension, since=iso(now))
    return Change(
        ChangeKind.MOVED, extension, state, after, f"from {old.extension}", moved_from=old.extension
    )


# Undo

_GIVEN = (ChangeKind.ASSIGNED, ChangeKind.RETURNED)


class _Running(Snapshot, frozen=True):
    """The table while changes are decided: each is made in place, since an undo may have thousands."""

    records: dict[str, ExtensionRecord]
    by_agent: dict[str, Assigned]

    @classmethod
    def of(cls, table: Snapshot) -> _Running:
        by_agent = {row.agent_id: row for row in reversed(table.assigned()) if row.agent_id}
        return cls(dict(table.records), by_agent)

    def of_agent(self, agent_id: str) -> Assigned | None:
        return self.by_agent.get(agent_id)

    def make(self, changes: Changes) -> None:
        """Make the changes; `of_agent` follows. None takes an agent's number without giving another."""
        self.records.update(applied(Snapshot({}), changes).records)
        for change in changes:
            if isinstance(change.after, Assigned) and change.after.agent_id:
                self.by_agent[change.after.agent_id] = change.after


def undoing(table: Snapshot, entries: Sequence[HistoryEntry], policy: Policy, now: datetime) -> Undone:
    """Decide what takes the entries of one run back: the latest first, those of given numbers last.

    Releases give the number back while it is held; moves, swaps and reservations are reversed. A number
    that was given to a new agent stays theirs.
    """
    swapped = {entry.moved_from for entry in entries if entry.kind is ChangeKind.MOVED}
    changes: list[Change] = []
    left: list[str] = []
    running = _Running.of(table)
    latest_first = entries[::-1]
    for entry in sorted(latest_first, key=lambda each: each.kind in _GIVEN):
        if entry.kind is ChangeKind.RELEASED and entry.extension in swapped:
            continue  # the other half of a move
        try:
            decided = _undo(running, entry, policy, now)
        except Refused as refusal:
            left.append(f"{entry.extension} {entry.label}: {refusal}".replace(" :", ":"))
        else:
            running.make(decided)
            changes += (replace(change, undoes=entry.run_id) for change in decided)
    return Undone(tuple(changes), tuple(left))


def _undo(table: Snapshot, entry: HistoryEntry, policy: Policy, now: datetime) -> Changes:
    match entry.kind:
        case ChangeKind.RELEASED:
            return (_given_back(table, entry, policy, now),)
        case ChangeKind.MOVED:
            return _moved_back(table, entry, policy, now)
        case ChangeKind.RESERVED:
            return (_unreserved_again(table, entry, policy, now),)
        case ChangeKind.UNRESERVED:
            return reserving(table, [entry.extension], entry.note, policy, now)
        case ChangeKind.FREED:
            return (_held_again(table, entry, policy, now),)
        case ChangeKind.HELD if entry.note:
            return reserving(table, [entry.extension], entry.note, policy, now, lambda _: True)
        case ChangeKind.HELD:
            return freeing(table, entry.extension, policy, now)
        case kind if kind in _GIVEN:
            raise Refused("a number that was given stays with its agent.")
        case _:
            return ()


def _unreserved_again(table: Snapshot, entry: HistoryEntry, policy: Policy, now: datetime) -> Change:
    """The end of a reservation; a hold that it had ended is there again, unless they have another number."""
    back = _unreserve(table, entry.extension, entry.note, policy, now)
    if not entry.agent_id or table.of_agent(entry.agent_id):
        return back
    former = Assigned(entry.extension, entry.agent_id, entry.username, name=entry.name)
    after = released(former, policy, now)
    return replace(back, kind=ChangeKind.HELD, after=after) if isinstance(after, Held) else back


def _given_back(table: Snapshot, entry: HistoryEntry, policy: Policy, now: datetime) -> Change:
    state = _state(table, entry.extension, policy)
    if not isinstance(state, Held) or state.agent_id != entry.agent_id or state.over(now):
        raise Refused("the number is not held for them any more.")
    if other := table.of_agent(state.agent_id):
        raise Refused(f"they have {other.extension} by now.")
    after = Assigned(state.extension, state.agent_id, state.username, name=state.name, since=iso(now))
    return Change(ChangeKind.RETURNED, state.extension, state, after, f"undo of run {entry.run_id}")


def _moved_back(table: Snapshot, entry: HistoryEntry, policy: Policy, now: datetime) -> Changes:
    agent = table.of_agent(entry.agent_id)
    if agent is None or agent.extension != entry.extension:
        if agent and agent.extension == entry.moved_from:
            return ()  # the other half of a swap that is taken back already
        raise Refused("they have another number by now.")
    there = _state(table, entry.moved_from, policy)
    if isinstance(there, Assigned) and there.since == agent.since:
        return swapping(table, agent.agent_id, there.agent_id, now)
    return moving(table, agent.agent_id, entry.moved_from, policy, now)


def _held_again(table: Snapshot, entry: HistoryEntry, policy: Policy, now: datetime) -> Change:
    state = _state(table, entry.extension, policy)
    if not isinstance(state, Free):
        raise Refused("the number is not free any more.")
    former = Assigned(entry.extension, entry.agent_id, entry.username, name=entry.name)
    after = released(former, policy, now)
    if not isinstance(after, Held):
        raise Refused("numbers are not held any more.")
    return Change(ChangeKind.HELD, entry.extension, state, after, "")


# Reading the table


def _state(table: Snapshot, extension: str, policy: Policy) -> State | None:
    record = table.records.get(extension)
    if extension not in policy.range and not (record and isinstance(record.state, Assigned)):
        raise Refused(f"{extension} is not in the range {policy.range}.")
    return record.state if record else None


def _assigned_to(table: Snapshot, agent_id: str) -> Assigned:
    found = table.of_agent(agent_id)
    if found is None:
        raise Refused("That agent has no extension yet. Run a sync first.")
    return found


def _held(hold: Held) -> str:
    return f"{hold.extension} is held for {hold.name or hold.username} until {hold.until[:10]}."


def _theirs(hold: Held, agent: Assigned) -> bool:
    """Whether the number is held for this agent, who may have a new user id since."""
    return agent.agent_id == hold.agent_id or agent.username.casefold() == hold.username.casefold()
