"""Answers to an admin's words: buttons for those who may be meant, a question before holds end, lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.messages.blocks import (
    LIST_LENGTH,
    Block,
    Message,
    actions,
    bold,
    button,
    code,
    confirm,
    context,
    cut,
    day,
    escape,
    listing,
    many,
    message,
    name,
    section,
)
from bot.messages.button_values import Order
from core.models import Assigned, Held, Reserved
from core.number_lists import write_numbers

ORDER = "admin_order"
MOST_ROWS = 10
# Slack's limit on the value of a button.
MOST_VALUE = 2000


@dataclass(frozen=True, slots=True)
class Candidate:
    """A change that may be meant: the order, and the people whom it is about."""

    order: Order
    people: tuple[Assigned, ...]


def candidates(found: Sequence[Candidate], typed: str) -> Message:
    """The changes that the words may mean, each with a button that does it."""
    shown = found[:MOST_ROWS]
    more = len(found) - len(shown)
    left = context(f"{more} more are like that: add a last name, or use the username.") if more else None
    return message(
        section(
            f":thinking_face: “{name(typed)}” does not say exactly one thing. Which of these do you mean?"
        ),
        *(_row(each) for each in shown),
        left,
        context("Nothing was changed. Nothing will be until you press one."),
    )


def _row(candidate: Candidate) -> Block:
    said = " ⇄ ".join(_person(person) for person in candidate.people)
    order = candidate.order
    if order.task == "move":
        said += f" → {bold(order.extension)}"
    what, question = ("Move", "Move") if order.task == "move" else ("Swap", "Swap the numbers of")
    names = " and ".join(f"{name(person.label)} ({person.extension})" for person in candidate.people)
    to = f" to {order.extension}" if order.task == "move" else ""
    asked = confirm(f"{what}?", f"{question} {names}{to}?", what)
    return section(said, button(what, ORDER, order.write(), label=f"{what} {names}{to}", confirm=asked))


def _person(person: Assigned) -> str:
    about = " · ".join(name(part) for part in (person.username, person.team) if part)
    return f"{bold(person.label)} {name(person.extension)} ({about})"


def ask_holds(holds: Sequence[Held], order: Order) -> Message:
    """The people who lose a hold by a change, and the button that makes it all the same."""
    lines = [
        f"{bold(hold.extension)} for {name(hold.name or hold.username)} until {day(hold.until)}"
        for hold in holds
    ]
    held = many(len(holds), "number is", "numbers are")
    which = f":warning: {held} held, so that whom it is held for gets it back on returning:"
    agreed = replace(order, holds=" ".join(hold.mark for hold in holds))
    if len(agreed.write()) > MOST_VALUE:
        said = f":warning: {len(holds)} of these numbers are held, too many to agree to at once. Take fewer."
        return message(section(said), context("Nothing was changed."))
    ends = f"End {many(len(holds), 'hold')}"
    what = f"{ends} and reserve" if order.task == "reserve" else ends
    question = f"{many(len(holds), 'hold ends', 'holds end')}. Who returns gets another number."
    done = button(
        what,
        ORDER,
        agreed.write(),
        label=f"{what}: {order.extension}",
        style="danger",
        confirm=confirm(f"{what}?", question, what[:30]),
    )
    return message(
        section(f"{which}\n{listing(lines, most=2500, most_lines=60)}"),
        context("Nothing was changed yet."),
        actions(done),
    )


def reserved_numbers(found: Sequence[Reserved], example: str) -> Message:
    """The reserved numbers by note; `example` are some that could be."""
    if not found:
        how = f"To reserve some: {code(f'/ext-admin reserve {example} front desk')}"
        return message(section(":unlock: No number is reserved."), context(how))
    lines = [f"*{write_numbers(numbers)}*: {_note(note)}" for note, numbers in _by_note(found)]
    return message(
        section(f":lock: *{many(len(found), 'number is', 'numbers are')} reserved.*\n{_cut_list(lines)}"),
        context("To put numbers back: `/ext-admin unreserve` with a number, a range or the note."),
    )


def _cut_list(lines: Sequence[str]) -> str:
    return listing([cut(line, 2 * LIST_LENGTH) for line in lines], most=2700, most_lines=60)


def _by_note(found: Sequence[Reserved]) -> list[tuple[Reserved, list[str]]]:
    """The numbers that have a note, with one of their reservations; policy.yml's stand apart."""
    groups: dict[tuple[str, bool], list[Reserved]] = defaultdict(list)
    for each in found:
        groups[each.note.casefold(), each.by_policy].append(each)
    return [(group[0], [each.extension for each in group]) for group in groups.values()]


def undo_button(run_id: str) -> Block:
    """The button that takes a run back."""
    question = "What is newer than it stays as it is."
    return button(
        "Undo",
        ORDER,
        Order("undo", run=run_id).write(),
        label="Undo this change",
        confirm=confirm("Take this back?", question, "Undo"),
    )


def _note(reservation: Reserved) -> str:
    return escape(cut(reservation.note, 200)) + (" (policy.yml)" if reservation.by_policy else "")


def which_note(found: Sequence[Reserved], typed: str) -> Message:
    """The reservations whose note is like what was typed, each with a button that puts its numbers back."""
    groups = _by_note(found)[:MOST_ROWS]
    rows = [_back(reservation, numbers) for reservation, numbers in groups]
    lead = f":mag: No number is reserved for “{name(typed)}”."
    return message(section(f"{lead} Do you mean one of these?"), *rows, context("Nothing was changed."))


def _back(reservation: Reserved, numbers: Sequence[str]) -> Block:
    written = write_numbers(numbers)
    said = f"*{cut(written, LIST_LENGTH)}*: {_note(reservation)}"
    if len(written) > 1000 or reservation.by_policy:
        return section(said)
    count = many(len(numbers), "number")
    asked = confirm(f"Put {count} back?", f"{count}: {name(written)}", "Put back")
    put = Order("unreserve", extension=written)
    return section(said, button("Put back", ORDER, put.write(), label=f"Put {count} back", confirm=asked))


def type_instead(lead: str, *examples: str) -> Message:
    """A sentence that says what is missing, and commands to type."""
    return message(section(f":memo: {lead}"), context("\n".join(f"`{escape(each)}`" for each in examples)))
