"""Decisions about the orders of people, all in `DECISIONS`: order -> changes, a pure function of the table.

A decision that is not possible raises Refused with the sentence that the person reads. What has to be agreed
to first (a hold that ends early) is refused until the order says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from core.calling.forward_rules import ending, forwarding
from core.errors import Refused
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
from core.numbering import orders
from core.numbering.plan import applied, released
from core.numbering.undo import to_undo
from core.words.number_lists import read_numbers, write_numbers
from core.words.text import clean

_NOTE_LENGTH = 200
# The requester of a run that no person asked for.
BY_SCHEDULE = "schedule"
MOST_AT_ONCE = 500

Changes = tuple[Change, ...]


class Facts(Struct, frozen=True):
    """All that a decision is made from: for an undo the history of the last 24 hours, and who asks."""

    table: Snapshot
    policy: Policy
    now: datetime
    recent: Sequence[HistoryEntry] = ()
    by: str = ""


class Decision(Struct, frozen=True):
    """The changes that carry an order out.

    Of an undo, `left` has a sentence for each thing that can't be taken back, and `first` is the first line
    of what is taken back.
    """

    changes: Changes
    left: tuple[str, ...] = ()
    first: HistoryEntry | None = None


class HoldsInTheWay(Refused):
    """When a change would end holds, and nobody has agreed to that."""

    def __init__(self, message: str, holds: Sequence[Held]) -> None:
        super().__init__(message)
        self.holds = tuple(holds)


class AnotherNumber(Refused):
    """When the agent of a move has another number by now than its button showed."""

    def __init__(self, agent: Assigned, shown: str) -> None:
        super().__init__(f"{agent.label} has {agent.extension} by now, not {shown}.")
        self.agent = agent


class AnothersChange(Refused):
    """When an undo would take back what somebody else did, and the requester has not agreed to that."""

    def __init__(self, first: HistoryEntry) -> None:
        super().__init__(f"Run {first.run_id} is a change of {first.by}. Nothing was changed.")
        self.first = first


class HasItAlready(Refused):
    """When the agent of a move has the number."""

    def __init__(self, agent: Assigned) -> None:
        super().__init__(f"{agent.label} has {agent.extension} already.")


def decide(order: orders.ByHand, facts: Facts) -> Decision:
    """Decide on an order. Raises Refused, and HoldsInTheWay for holds that nobody agreed to end."""
    return DECISIONS[type(order)](order, facts)


def _reserve(order: orders.Reserve, facts: Facts) -> Decision:
    """Keep free numbers out of the pool, all or none. Whom a hold is for would get another number."""
    decided = _reserved(read_numbers(order.extension), order.note, facts)
    befores = [change.before for change in decided]
    holds = [state for state in befores if isinstance(state, Held) and not state.over(facts.now)]
    if asked := [hold for hold in holds if hold.mark not in order.holds.split()]:
        reason = _held(asked[0]) if len(asked) == 1 else f"{len(asked)} of these numbers are held."
        ends = f"To reserve it all the same, end the hold first: /ext-admin free {asked[0].extension}"
        raise HoldsInTheWay(f"{reason} {ends}", asked)
    return Decision(decided)


def _reserved(extensions: Sequence[str], note: str, facts: Facts) -> Changes:
    """The reservations, whatever is held."""
    given = clean(" ".join(note.split()))[:_NOTE_LENGTH]
    return _each(extensions, lambda each: _kept(each, given or "no note", facts), "reserve", given)


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


def _kept(extension: str, note: str, facts: Facts) -> Change:
    match state := _state(facts, extension):
        case Assigned():
            raise Refused(
                f"{extension} belongs to {state.label}. "
                f"Move them to another number first: /ext-admin move {state.username} NUMBER"
            )
        case Reserved():
            raise Refused(f"{extension} is reserved already: {state.note}")
    after = Reserved(extension, note, iso(facts.now))
    return Change(ChangeKind.RESERVED, extension, state, after, note)


def _unreserve(order: orders.Unreserve, facts: Facts) -> Decision:
    """Put reserved numbers back: those named, or all whose note is this one."""
    named = read_numbers(order.extension) or _reserved_for(order.note, facts.table)
    if not named:
        raise Refused(f"No number is reserved for '{order.note}'. To see what is: /ext-admin reserved")
    return Decision(_each(named, lambda each: _put_back(each, order.note, facts), "unreserve"))


def _reserved_for(note: str, table: Snapshot) -> list[str]:
    """The extensions that are reserved with this note; upper and lower case are one."""
    states = (record.state for record in table.records.values())
    return sorted(state.extension for state in states if isinstance(state, Reserved) and state.is_for(note))


def _put_back(extension: str, note: str, facts: Facts) -> Change:
    state = _state(facts, extension)
    if not isinstance(state, Reserved):
        raise Refused(f"{extension} is not reserved. To see what is: /ext-admin reserved")
    if note and not state.is_for(note):
        raise Refused(f"{extension} is reserved for something else by now: {state.note}")
    if state.by_policy and facts.policy.teams.note_of(extension):
        raise Refused(f"{extension} is reserved by policy.yml, and would be again. Change it there.")
    after = Free(extension, released=iso(facts.now))
    return Change(ChangeKind.UNRESERVED, extension, state, after, state.note)


def _free(order: orders.Free, facts: Facts) -> Decision:
    """End the holds that their marks agree to, all or none."""
    decided = _each(read_numbers(order.extension), lambda each: _freed(each, facts), "free")
    holds = [change.before for change in decided if isinstance(change.before, Held)]
    if asked := [hold for hold in holds if hold.mark not in order.holds.split()]:
        raise HoldsInTheWay(_held(asked[0]), asked)
    return Decision(decided)


def _freed(extension: str, facts: Facts) -> Change:
    """The end of a hold."""
    match state := _state(facts, extension):
        case Held() if not state.over(facts.now):
            after = Free(extension, released=state.released)
            return Change(ChangeKind.FREED, extension, state, after, f"was held until {state.until}")
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


def _move(order: orders.Move, facts: Facts) -> Decision:
    """Give an agent another number, a free one or one held for them; the old one is held."""
    agent = _assigned_to(facts.table, order.agent)
    if order.other and agent.extension not in (order.other, order.extension):
        raise AnotherNumber(agent, order.other)
    return Decision(_moves(order.agent, order.extension, facts))


def _moves(agent_id: str, extension: str, facts: Facts) -> Changes:
    old = _assigned_to(facts.table, agent_id)
    state = _state(facts, extension)
    match state:
        case Assigned(agent_id=old.agent_id):
            raise HasItAlready(old)
        case Assigned():
            instead = f"To let the two change numbers: /ext-admin swap {old.username} {state.username}"
            raise Refused(f"{extension} belongs to {state.label}. {instead}")
        case Reserved():
            raise Refused(
                f"{extension} is reserved: {state.note}. "
                f"To give it back first: /ext-admin unreserve {extension}"
            )
        case Held() if not state.over(facts.now) and not _theirs(state, old):
            raise Refused(f"{_held(state)} To end the hold first: /ext-admin free {extension}")
    after = released(old, facts.policy, facts.now)
    left = Change(ChangeKind.RELEASED, old.extension, old, after, f"moved to {extension}")
    return (_moved(old, state, extension, facts.now), left)


def _swap(order: orders.Swap, facts: Facts) -> Decision:
    """Let two agents change numbers with each other: those of the order, if it names any.

    Without them a second press of the same button would give each their own number back.
    """
    one, other = (_assigned_to(facts.table, agent) for agent in (order.agent, order.other))
    numbers = read_numbers(order.extension)
    if one.extension == other.extension:
        raise Refused(f"{one.label} can't change numbers with themselves.")
    has = f"{one.label} has {one.extension} by now, and {other.label} {other.extension}."
    if numbers and {one.extension, other.extension} != {*numbers}:
        raise Refused(f"{has} To swap these: /ext-admin swap {one.username} {other.username}")
    if numbers and one.extension != numbers[0]:
        raise Refused(f"They have changed numbers already: {has}")
    return Decision(_swapped(one, other, facts))


def _swapped(one: Assigned, other: Assigned, facts: Facts) -> Changes:
    return _moved(one, other, other.extension, facts.now), _moved(other, one, one.extension, facts.now)


def _moved(old: Assigned, state: State | None, extension: str, now: datetime) -> Change:
    after = replace(old, extension=extension, since=iso(now))
    return Change(
        ChangeKind.MOVED, extension, state, after, f"from {old.extension}", moved_from=old.extension
    )


def _forward(order: orders.Forward, facts: Facts) -> Decision:
    """Send an agent's calls to a colleague."""
    return Decision((forwarding(facts.table, order.agent, order.other, order.until, facts.now),))


def _end_forward(order: orders.EndForward, facts: Facts) -> Decision:
    """Let an agent's calls ring the agent again."""
    return Decision((ending(facts.table, order.agent, facts.now),))


# Undo

_GIVEN = (ChangeKind.ASSIGNED, ChangeKind.RETURNED)


class _Running(Snapshot, frozen=True):
    """The table while changes are decided: each is made in place, since an undo may have thousands."""

    records: dict[str, ExtensionRecord]
    by_agent: dict[str, Assigned] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Snapshot) -> _Running:
        by_agent = {row.agent_id: row for row in reversed(table.assigned()) if row.agent_id}
        return cls(dict(table.records), table.forwards, by_agent)

    def of_agent(self, agent_id: str) -> Assigned | None:
        return self.by_agent.get(agent_id)

    def make(self, changes: Changes) -> None:
        """Make the changes; `of_agent` follows. None takes an agent's number without giving another."""
        self.records.update(applied(Snapshot({}), changes).records)
        for change in changes:
            if isinstance(change.after, Assigned) and change.after.agent_id:
                self.by_agent[change.after.agent_id] = change.after


def _undo(order: orders.Undo | orders.UndoSync, facts: Facts) -> Decision:
    """Take back the newest change by hand or the newest sync, or the run that the order names."""
    if isinstance(order, orders.UndoSync):
        return undoing(to_undo(facts.recent, "", by_hand=False), facts)
    entries = to_undo(facts.recent, order.run, by_hand=True)
    if entries[0].by not in (facts.by, order.whose, BY_SCHEDULE):
        raise AnothersChange(entries[0])
    return undoing(entries, facts)


def undoing(entries: Sequence[HistoryEntry], facts: Facts) -> Decision:
    """Decide what takes the entries of one run back: the latest first, those of given numbers last.

    Releases give the number back while it is held; moves, swaps and reservations are reversed. A number
    that was given to a new agent stays theirs.
    """
    swapped = {entry.moved_from for entry in entries if entry.kind is ChangeKind.MOVED}
    changes: list[Change] = []
    left: list[str] = []
    running = _Running.of(facts.table)
    latest_first = entries[::-1]
    for entry in sorted(latest_first, key=lambda each: each.kind in _GIVEN):
        if entry.kind is ChangeKind.RELEASED and entry.extension in swapped:
            continue  # the other half of a move
        try:
            decided = _taken_back(entry, replace(facts, table=running))
        except Refused as refusal:
            left.append(f"{entry.extension} {entry.label}: {refusal}".replace(" :", ":"))
        else:
            running.make(decided)
            changes += (replace(change, undoes=entry.run_id) for change in decided)
    return Decision(tuple(changes), tuple(left), next(iter(entries), None))


def _taken_back(entry: HistoryEntry, facts: Facts) -> Changes:
    match entry.kind:
        case ChangeKind.RELEASED:
            return (_given_back(entry, facts),)
        case ChangeKind.MOVED:
            return _moved_back(entry, facts)
        case ChangeKind.RESERVED:
            return (_unreserved_again(entry, facts),)
        case ChangeKind.UNRESERVED:
            return _reserve(orders.Reserve(entry.extension, entry.note), facts).changes
        case ChangeKind.FREED:
            return (_held_again(entry, facts),)
        case ChangeKind.HELD if entry.note:
            return _reserved([entry.extension], entry.note, facts)
        case ChangeKind.HELD:
            return (_freed(entry.extension, facts),)
        case ChangeKind.FORWARDED:
            return (ending(facts.table, entry.agent_id, facts.now),)
        case kind if kind in _GIVEN:
            raise Refused("a number that was given stays with its agent.")
        case _:
            return ()


def _unreserved_again(entry: HistoryEntry, facts: Facts) -> Change:
    """The end of a reservation; a hold that it had ended is there again, unless they have another number."""
    back = _put_back(entry.extension, entry.note, facts)
    if not entry.agent_id or facts.table.of_agent(entry.agent_id):
        return back
    former = Assigned(entry.extension, entry.agent_id, entry.username, name=entry.name)
    after = released(former, facts.policy, facts.now)
    return replace(back, kind=ChangeKind.HELD, after=after) if isinstance(after, Held) else back


def _given_back(entry: HistoryEntry, facts: Facts) -> Change:
    state = _state(facts, entry.extension)
    if not isinstance(state, Held) or state.agent_id != entry.agent_id or state.over(facts.now):
        raise Refused("the number is not held for them any more.")
    if other := facts.table.of_agent(state.agent_id):
        raise Refused(f"they have {other.extension} by now.")
    after = Assigned(state.extension, state.agent_id, state.username, name=state.name, since=iso(facts.now))
    return Change(ChangeKind.RETURNED, state.extension, state, after, f"undo of run {entry.run_id}")


def _moved_back(entry: HistoryEntry, facts: Facts) -> Changes:
    agent = facts.table.of_agent(entry.agent_id)
    if agent is None or agent.extension != entry.extension:
        if agent and agent.extension == entry.moved_from:
            return ()  # the other half of a swap that is taken back already
        raise Refused(f"they have {'another' if agent else 'no'} number by now.")
    there = _state(facts, entry.moved_from)
    if isinstance(there, Assigned) and there.since == agent.since:
        return _swapped(agent, there, facts)
    return _moves(agent.agent_id, entry.moved_from, facts)


def _held_again(entry: HistoryEntry, facts: Facts) -> Change:
    state = _state(facts, entry.extension)
    if not isinstance(state, Free):
        raise Refused("the number is not free any more.")
    former = Assigned(entry.extension, entry.agent_id, entry.username, name=entry.name)
    after = released(former, facts.policy, facts.now)
    if not isinstance(after, Held):
        raise Refused("numbers are not held any more.")
    return Change(ChangeKind.HELD, entry.extension, state, after, "")


# Reading the table


def _state(facts: Facts, extension: str) -> State | None:
    record = facts.table.records.get(extension)
    if extension not in facts.policy.range and not (record and isinstance(record.state, Assigned)):
        raise Refused(f"{extension} is not in the range {facts.policy.range}.")
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


DECISIONS: Mapping[type[orders.ByHand], Callable[[Any, Facts], Decision]] = {
    orders.Move: _move,
    orders.Swap: _swap,
    orders.Reserve: _reserve,
    orders.Unreserve: _unreserve,
    orders.Free: _free,
    orders.Forward: _forward,
    orders.EndForward: _end_forward,
    orders.Undo: _undo,
    orders.UndoSync: _undo,
}
