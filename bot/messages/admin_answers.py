"""Answers to admins: buttons for the people who may be meant, the question before holds end, lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from bot.messages.answer_pages import LINES, ROWS, Asked, ask_button
from bot.messages.blocks import (
    GONE,
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
    many,
    message,
    name,
    person,
    section,
    sections,
    when,
)
from bot.messages.button_values import write
from core.models import Assigned, Held, HistoryEntry, Reserved
from core.numbering.orders import Forward, Free, Move, Reserve, Swap, Undo, Unreserve, task_of
from core.words.number_lists import write_numbers

ORDER = "admin_order"
# The most ranges of numbers on a line.
_SPANS = 15
# Slack's limit on the value of a button, and the most holds of a message: each is read before it ends.
MOST_VALUE, _MOST_HOLDS = 2000, 60


class Candidate(Struct, frozen=True):
    """A change that the words may mean: its order, and the people it changes.

    `second` are the words that were typed for the second of two.
    """

    order: Move | Swap
    people: tuple[Assigned, ...]
    second: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Candidate) and (self.order, self.people) == (other.order, other.people)

    def __hash__(self) -> int:
        return hash((self.order, self.people))


def candidates(found: Sequence[Candidate], asked: Asked) -> Message:
    """The changes that the words may mean, each with a button that does it.

    Where either of two may be several people, the first is asked for alone: nobody reads so many pairs.
    """
    firsts = {(each.people[0], each.second): None for each in found if each.second}
    if len(found) > ROWS and 1 < len(firsts) < len(found):
        return _whom_first([*firsts], asked)
    rows = [_row(each) for each in asked.part(found, ROWS)]
    return _which(
        asked, rows, len(found), context("Nothing was changed. Nothing will be until you press one.")
    )


def _whom_first(found: Sequence[tuple[Assigned, str]], asked: Asked) -> Message:
    """The people who may be the first of two; the second is asked for when one was chosen."""
    rows = [
        section(
            _person(person),
            ask_button(
                "This one", f"swap {person.username} with {second}", f"{person.label}, {person.extension}"
            ),
        )
        for person, second in asked.part(found, ROWS)
    ]
    then = context("Choose the first person. Then I ask for the second. Nothing was changed.")
    return _which(asked, rows, len(found), then)


def _which(asked: Asked, rows: Sequence[Block], total: int, then: Block) -> Message:
    which = "may mean this:" if total == 1 else "could mean several things. Which of these do you mean?"
    lead = section(f":thinking_face: “{name(asked.words)}” {which}")
    narrower = context("Or type more of the name, or the username.") if total > ROWS else None
    return message(lead, *rows, *asked.turn(total, ROWS), narrower, then)


def _row(candidate: Candidate) -> Block:
    said = " ⇄ ".join(_person(person) for person in candidate.people)
    order = candidate.order
    if isinstance(order, Move):
        said += f" → {bold(order.extension)}"
    what, question = ("Move", "Move") if isinstance(order, Move) else ("Swap", "Swap the numbers of")
    names = " and ".join(f"{name(person.label)} ({person.extension})" for person in candidate.people)
    to = f" to {order.extension}" if isinstance(order, Move) else ""
    asked = confirm(f"{what}?", f"{question} {names}{to}?", what)
    return section(said, button(what, ORDER, write(order), label=f"{what} {names}{to}", confirm=asked))


def _person(person: Assigned) -> str:
    about = " · ".join(name(part) for part in (person.username, person.team) if part)
    gone = f" · {GONE}" if person.release_waits else ""
    return f"{bold(person.label)} {name(person.extension)} ({about}){gone}"


def ask_of_leavers(people: Sequence[Assigned], order: Move | Swap | Forward) -> Message:
    """The people of an order who have left, as far as the last sync knows, and the button that does it."""
    lead = [f":warning: {name(each.label)} ({name(each.extension)}) is {GONE}." for each in people]
    what = task_of(order).capitalize()
    sure = confirm(f"{what}?", "Nobody may be there to take calls.", what)
    return message(
        *sections(lead),
        context("Nothing was changed."),
        actions(button(f"{what} all the same", ORDER, write(order), label=what, confirm=sure)),
    )


def ask_again(agent: Assigned, order: Move) -> Message:
    """The number that the agent of a move has by now, and the button that moves them all the same."""
    now = replace(order, other=agent.extension)
    lead = f":warning: {name(agent.label)} has {bold(agent.extension)} by now, not {bold(order.other)}."
    return message(section(lead), _row(Candidate(now, (agent,))), context("Nothing was changed."))


def ask_holds(holds: Sequence[Held], order: Reserve | Free) -> Message:
    """The people who lose a hold by a change, and the button that makes it all the same."""
    lines = [
        f"{bold(hold.extension)} for {name(hold.name or hold.username)} until {day(hold.until)}"
        for hold in holds
    ]
    held = many(
        len(holds),
        "number is held for somebody who gets it back on returning",
        "numbers are held for people who get them back on returning",
    )
    which = f":warning: {held}:"
    agreed = replace(order, holds=" ".join(hold.mark for hold in holds))
    if len(write(agreed)) > MOST_VALUE or len(holds) > _MOST_HOLDS:
        said = f":warning: {len(holds)} of these numbers are held, too many to agree to at once. Take fewer."
        return message(section(said), context("Nothing was changed."))
    ends = f"End {many(len(holds), 'hold')}"
    what = f"{ends} and reserve" if isinstance(order, Reserve) else ends
    question = f"{many(len(holds), 'hold ends', 'holds end')}. Who returns gets another number."
    done = button(
        what,
        ORDER,
        write(agreed),
        label=f"{what}: {order.extension}",
        style="danger",
        confirm=confirm(f"{what}?", question, what[:30]),
    )
    return message(
        *sections([which, *lines]),
        context("Nothing was changed yet."),
        actions(done),
    )


def number_in_note(order: Reserve, number: str) -> Message:
    """A number is left in a note: it may be one that is to be reserved, too."""
    what = f"Reserve {cut(order.extension, 40)} alone"
    lead = (
        f":thinking_face: “{name(order.note)}” has the number {bold(number)}, as a note. Nothing was changed."
    )
    how = f"To reserve it too, write all numbers first: {code('/ext-admin reserve NUMBER, NUMBER NOTE')}"
    return message(section(lead), context(how), actions(button(what, ORDER, write(order), label=what)))


def ask_undo(entry: HistoryEntry) -> Message:
    """Ask about a change that is to be taken back: by whom it was made, and the button that does it."""
    label = f" {name(entry.label)}," if entry.label else ""
    said = f"*{escape(entry.extension)}*{label} {entry.kind.value} by {person(entry.by)}, {when(entry.at)}."
    return message(
        section(f":leftwards_arrow_with_hook: {said}"),
        context("Nothing was changed. The button takes back the whole run."),
        actions(undo_button(entry.run_id, entry.by)),
    )


def reserved_numbers(found: Sequence[Reserved], asked: Asked) -> Message:
    """The reserved numbers by note."""
    if not found:
        how = f"To reserve some: {code('/ext-admin reserve FIRST-LAST front desk')}"
        return message(section(":unlock: No number is reserved."), context(how))
    lines = [line for note, numbers in _by_note(found) for line in _lines(note, numbers)]
    return message(
        section(f":lock: *{many(len(found), 'number is', 'numbers are')} reserved.*"),
        *sections(asked.part(lines, LINES)),
        *asked.turn(len(lines), LINES),
        context("To put numbers back: `/ext-admin unreserve` with a number, a range or the note."),
    )


def _lines(note: Reserved, numbers: Sequence[str]) -> list[str]:
    """The numbers of a note, on as many lines as they need."""
    spans = write_numbers(numbers).split(", ")
    parts = (spans[start : start + _SPANS] for start in range(0, len(spans), _SPANS))
    return [f"*{', '.join(part)}*: {_note(note)}" for part in parts]


def _by_note(found: Sequence[Reserved]) -> list[tuple[Reserved, list[str]]]:
    """The numbers that have a note, with one of their reservations; policy.yml's stand apart."""
    groups: dict[tuple[str, bool], list[Reserved]] = defaultdict(list)
    for each in found:
        groups[each.note.casefold(), each.by_policy].append(each)
    return [(group[0], [each.extension for each in group]) for group in groups.values()]


def undo_button(run_id: str, whose: str = "") -> Block:
    """The button that takes a run back; of somebody else without asking again, if it says `whose` it is."""
    question = "What is newer than it stays as it is."
    return button(
        "Undo",
        ORDER,
        write(Undo(run_id, whose)),
        label="Undo this change",
        confirm=confirm("Take this back?", question, "Undo"),
    )


def _note(reservation: Reserved) -> str:
    return escape(cut(reservation.note, 200)) + (" (policy.yml)" if reservation.by_policy else "")


def which_note(found: Sequence[Reserved], typed: str, asked: Asked) -> Message:
    """The reservations whose note is like what was typed, each with a button that puts its numbers back."""
    groups = _by_note(found)
    rows = [_back(reservation, numbers) for reservation, numbers in asked.part(groups, ROWS)]
    lead = section(f":mag: No number is reserved for “{name(typed)}”. Do you mean one of these?")
    return message(lead, *rows, *asked.turn(len(groups), ROWS), context("Nothing was changed."))


def _back(reservation: Reserved, numbers: Sequence[str]) -> Block:
    written = write_numbers(numbers)
    said = f"*{cut(written, LIST_LENGTH)}*: {_note(reservation)}"
    put = Unreserve(written, reservation.note)
    if reservation.by_policy or len(written) > LIST_LENGTH or len(write(put)) > MOST_VALUE:
        return section(said)
    count = many(len(numbers), "number")
    asked = confirm(f"Put {count} back?", f"{count}: {name(written)}", "Put back")
    return section(said, button("Put back", ORDER, write(put), label=f"Put {count} back", confirm=asked))


def what_of_person(person: Assigned) -> Message:
    """The commands about a person who was named alone."""
    lead = f"{bold(person.label)} has {code(person.extension)}. What is to be done?"
    return type_instead(
        lead, f"/ext-admin move {person.username} NUMBER", f"/ext-admin history {person.username}"
    )


def what_of_number(number: str) -> Message:
    """The commands about a number that was typed alone."""
    return type_instead(f"What about {code(number)}?", f"/ext {number}", f"/ext-admin history {number}")


def type_instead(lead: str, *examples: str) -> Message:
    """A refusal: what is missing, and example commands."""
    return message(section(f":memo: {lead}"), context("\n".join(f"`{escape(each)}`" for each in examples)))
