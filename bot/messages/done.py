"""The results of orders that people carry out by name, with the button that takes them back."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from bot.messages.admin_answers import MOST_VALUE, ORDER, undo_button
from bot.messages.blocks import (
    LIST_LENGTH,
    MORE,
    Block,
    Message,
    actions,
    bold,
    button,
    code,
    context,
    cut,
    day,
    escape,
    listing,
    many,
    message,
    person,
    section,
    sections,
    when,
)
from bot.messages.button_values import write
from core.errors import PartlyDone
from core.models import Assigned, Change, ChangeKind, Held
from core.numbering.decide import Decision
from core.numbering.orders import Free, OnButton, Order, Reserve, Undo, UndoSync, Unreserve
from core.words.number_lists import write_numbers
from core.words.patterns import late

# Each is a line; so many fit a message, and of the longest names so many characters.
_FORWARD_ENDS = "It ends by itself. To end it before: `/ext forward off`, for somebody else {}"
_MOST_LEFT, _LEFT_LENGTH = 60, 9000
# A note that reads as if the reservation ended by itself.
_AN_END = late(r"\b(?:until|till|bis|for \w+ (?:day|week|month)s?)\b", re.IGNORECASE)


def done(decision: Decision, run_id: str) -> Message:
    """The result of an order."""
    said = " ".join(_all_done(decision.changes))
    first = decision.changes[0]
    ends = first.kind is ChangeKind.RESERVED and _AN_END.search(first.reason)
    never = context("The note is no end: a number is reserved until somebody puts it back.") if ends else None
    return message(section(f":white_check_mark: {said}"), never, _after(first, run_id))


def _after(first: Change, run_id: str) -> Block | None:
    """The way back. Agents forward their own calls, and are no admins: they have no button for it."""
    if first.kind is ChangeKind.UNFORWARDED:
        return None
    if first.kind is ChangeKind.FORWARDED and isinstance(first.after, Assigned):
        return context(_FORWARD_ENDS.format(code(f"/ext-admin forward {first.after.username} off")))
    return actions(undo_button(run_id))


def partly_done(error: PartlyDone, order: Order, run_id: str) -> Message:
    """The result of an order that broke off: the changes that are done, why, and a button for the rest."""
    verb = _DONE.get(type(order), "changed")
    lead = f":warning: *{error.written} of {error.total} are {verb}*, and stay so."
    rest = _rest(order, error.rest)
    label = f"Do the other {len(error.rest)}"
    again = button("Do the rest", ORDER, write(rest), label=label) if rest else None
    which = f"Not {verb}: {cut(write_numbers(error.rest), LIST_LENGTH)}."
    return message(
        section(f"{lead} {escape(str(error.__cause__))}"),
        context(f"{which}{' Again for the rest?' if again else ''}\nReference: {run_id}"),
        actions(again),
    )


_DONE: Mapping[type[Order], str] = {
    Reserve: "reserved",
    Unreserve: "back in the pool",
    Free: "free",
    Undo: "taken back",
    UndoSync: "taken back",
}


def _rest(order: Order, numbers: Sequence[str]) -> OnButton | None:
    """The order for the rest; None where no button carries it. Taken back twice is what is left of a run."""
    if isinstance(order, Reserve | Unreserve | Free):
        order = replace(order, extension=write_numbers(numbers))
        return order if len(write(order)) <= MOST_VALUE else None
    return order if isinstance(order, Undo) and order.run else None


def undone(decision: Decision, run_id: str) -> Message:
    """The result of an undo: the changes, and a sentence for each thing that it could not do.

    It says who had made the changes, and when: somebody else may have a moment ago.
    """
    changes, left, first = decision.changes, decision.left, decision.first
    lines = _all_done(changes)
    done = listing(lines, most=1500, most_lines=30) if lines else "*Nothing could be taken back.*"
    if f"\n{MORE} " in done:
        done += f"\nAll of them: {code(f'/ext-admin history {run_id}')}"
    could_not = listing([f"• {escape(each)}" for each in left], most=_LEFT_LENGTH, most_lines=_MOST_LEFT)
    again = any(change.kind is ChangeKind.RETURNED for change in changes)
    return message(
        section(f":leftwards_arrow_with_hook: {done}"),
        context(f"This was done by {person(first.by)}, {when(first.at)}.") if changes and first else None,
        section(f"*Not taken back:* {many(len(left), 'change')}") if left else None,
        *sections(could_not.splitlines()),
        context("The next sync releases a number again, unless Amazon Connect lists its agent by then.")
        if again
        else None,
    )


def undone_already(by: str, at: str) -> Message:
    """A run that was taken back before."""
    said = f"*Nothing was changed.* {person(by)} took it back already, {when(at)}."
    earlier = "To undo an earlier change, give its run: `/ext-admin history` lists runs."
    return message(section(f":leftwards_arrow_with_hook: {said}"), context(earlier))


def _all_done(changes: Sequence[Change]) -> list[str]:
    """A sentence for each change, or one for several numbers that were reserved, or put back."""
    if len(changes) > 1 and all(
        each.kind in (ChangeKind.RESERVED, ChangeKind.UNRESERVED, ChangeKind.FREED) for each in changes
    ):
        return [_done_at_once(changes)]
    return [line for each in changes if (line := _done(each))]


def _done_at_once(changes: Sequence[Change]) -> str:
    """Several numbers that were reserved, or put back."""
    written = cut(write_numbers(change.extension for change in changes), LIST_LENGTH)
    numbers = f"{many(len(changes), 'number')}: *{written}*"
    if changes[0].kind is ChangeKind.RESERVED:
        what = f"reserved, {escape(changes[0].reason)}"
    else:
        what = "free" if changes[0].kind is ChangeKind.FREED else "back in the pool"
    return f"{numbers}. They are {what}."


def _done(change: Change) -> str:
    number = bold(change.extension)
    if change.kind is ChangeKind.FREED and isinstance(change.before, Held):
        return f"{number} is free; it was held until {day(change.before.until)}."
    match change.kind, change.after:
        case ChangeKind.RESERVED, _:
            return f"{number} is reserved: {escape(change.reason)}."
        case ChangeKind.UNRESERVED, _:
            return f"{number} is back in the pool."
        case ChangeKind.MOVED, Assigned() as after:
            return f"{bold(after.label)} is on {number} now."
        case ChangeKind.RETURNED, Assigned() as after:
            return f"{bold(after.label)} has {number} again."
        case ChangeKind.RELEASED | ChangeKind.HELD, Held(until=until):
            return f"{number} is held until {day(until)}."
        case ChangeKind.RELEASED, _:
            return f"{number} is free."
        case ChangeKind.FORWARDED, Assigned() as after if change.forward:
            whom = f"{bold(change.forward.name)} until {when(change.forward.until)}"
            return f"Calls for {bold(after.label)} go to {whom}."
        case ChangeKind.UNFORWARDED, Assigned() as after:
            return f"Calls for {bold(after.label)} ring on {number} again."
        case _:
            return ""
