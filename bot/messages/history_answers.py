"""Answers about the past: the changes of a number, of a person, or of a day, and who made them."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from bot.messages.answer_pages import LINES, ROWS, Asked, ask_button
from bot.messages.blocks import (
    Block,
    Message,
    bold,
    code,
    context,
    cut,
    day,
    escape,
    is_iso,
    many,
    message,
    name,
    person,
    section,
    sections,
    when,
)
from bot.messages.sync_report import change_line
from core.asking.lookup import Examples
from core.models import Assigned, ChangeKind, Held, HistoryEntry, Reserved, State
from core.numbering.history import Stay, stays
from core.words.periods import Period

_MOST_STAYS = 10
_KEPT = "Changes are kept for 400 days."


def history_of_number(
    number: str, state: State, entries: Sequence[HistoryEntry], period: Period | None, asked: Asked
) -> Message:
    """The agents who had a number, and its changes, newest first."""
    there = stays(entries, state if isinstance(state, Assigned) else None)
    there = [each for each in there if not period or each.within(period)]
    had = [f"• {_stay(each)}" for each in reversed(there[-_MOST_STAYS:])]
    earlier = len(there) - len(had)
    had += [f"…and {earlier:,} before them"] if earlier else []
    lead = _now(number, state)
    if period:
        lead = f"*{name(number)}* {period} belonged to{'' if had else ' nobody'}"
    return message(
        section("\n".join([f":hourglass: {lead}{':' if had else '.'}", *had])),
        *_changes(_within(entries, period), asked),
        context(_KEPT),
    )


def _now(number: str, state: State) -> str:
    match state:
        case Assigned():
            return f"*{name(number)}* belongs to {bold(state.label)}"
        case Held():
            return (
                f"*{name(number)}* is held for {name(state.name or state.username)} until {day(state.until)}"
            )
        case Reserved():
            return f"*{name(number)}* is reserved, {escape(cut(state.note, 200))}"
        case _:
            return f"*{name(number)}* is free"


def _stay(stay: Stay) -> str:
    since = f"from {day(stay.since)}" if is_iso(stay.since) else "from before the history begins"
    return f"{bold(stay.agent)}, {since}{f' to {day(stay.until)}' if stay.until else ' until now'}"


def history_of_person(
    label: str,
    now: Assigned | None,
    entries: Sequence[HistoryEntry],
    period: Period | None,
    asked: Asked,
) -> Message:
    """The changes of a person, newest first; `now` is their number, None if they have none."""
    has = f"has {bold(now.extension)}" if now else "has no number now"
    return message(
        section(f":hourglass: {bold(label)} {has}."),
        *_changes(_within(entries, period), asked, period),
        context(_KEPT),
    )


def history_of_day(
    period: Period, entries: Sequence[HistoryEntry], examples: Examples, asked: Asked
) -> Message:
    """All changes of a day, newest first."""
    found = _within(entries, period)
    said = f":hourglass: *{many(len(found), 'change')} {period}* (UTC)"
    one, other = (code(f"/ext-admin history {each}") for each in (examples.number, examples.first))
    narrow = f"Of one number or person: {one}, {other}"
    return message(section(said), *(_changes(found, asked) if found else ()), context(narrow))


def history_of_run(run_id: str, entries: Sequence[HistoryEntry], asked: Asked) -> Message:
    """All changes of a run, newest first."""
    said = f":hourglass: *{many(len(entries), 'change')} by run {name(run_id)}*"
    return message(
        section(said), *(_changes(_within(entries, None), asked) if entries else ()), context(_KEPT)
    )


def changes_of_plan(entries: Sequence[HistoryEntry], asked: Asked) -> Message:
    """All changes that a plan would make; nothing where the plan is not kept any more."""
    if not entries:
        return message(section("I don't have this plan any more. Run `/ext-sync plan` for a new one."))
    lines = [f"{entry.kind.value}: {change_line(entry)}" for entry in asked.part(entries, LINES)]
    said = f":mag: *{many(len(entries), 'change')} of this plan.* Nothing was changed."
    return message(section(said), *sections(lines), *asked.turn(len(entries), LINES))


class Whose(Struct, frozen=True):
    """Somebody who may be meant, the words that ask for their history, and until when they were called so."""

    person: Assigned
    words: str
    until: str = ""


def whose_history(people: Sequence[Whose], asked: Asked) -> Message:
    """The people who may be meant, each with a button that shows their history."""
    rows = [_whose(each) for each in asked.part(people, ROWS)]
    about = name(asked.words.removeprefix("history "))
    lead = section(f":mag: “{about}” could be several people. Whose history?")
    return message(lead, *rows, *asked.turn(len(people), ROWS))


def _whose(each: Whose) -> Block:
    person, until = each.person, f", until {day(each.until)}" if is_iso(each.until) else ""
    return section(
        f"{bold(person.label)} {name(person.extension)} ({name(person.username)}){until}",
        ask_button("History", each.words, f"History of {name(person.label)}"),
    )


def _within(entries: Sequence[HistoryEntry], period: Period | None) -> list[HistoryEntry]:
    return [entry for entry in reversed(entries) if not period or period.has(entry.at)]


def _changes(
    entries: Sequence[HistoryEntry], asked: Asked, period: Period | None = None
) -> list[Block | None]:
    """A page of the changes."""
    if not entries:
        return [section(f"Nothing happened {period}." if period else "No change is known.")]
    lines = [_line(entry) for entry in asked.part(entries, LINES)]
    return [*sections(lines), *asked.turn(len(entries), LINES)]


def _line(entry: HistoryEntry) -> str:
    back = f", taking back run {name(entry.undoes)}" if entry.undoes else ""
    return f"{when(entry.at)}: {_said(entry)}, by {person(entry.by)} (run {name(entry.run_id)}){back}"


def _said(entry: HistoryEntry) -> str:
    number, who = f"`{escape(entry.extension)}`", name(entry.label)
    match entry.kind:
        case ChangeKind.ASSIGNED:
            return f"{who} got {number}"
        case ChangeKind.RETURNED:
            return f"{who} got {number} back"
        case ChangeKind.RELEASED:
            return f"{who} gave up {number}" if who else f"{number} was released"
        case ChangeKind.RELABELLED:
            return f"{who} on {number} was called {name(entry.before)}"
        case ChangeKind.MOVED:
            return f"{who} moved from `{escape(entry.moved_from)}` to {number}"
        case ChangeKind.RESERVED:
            return f"{number} was reserved, {escape(cut(entry.note, 100))}"
        case ChangeKind.UNRESERVED:
            return f"{number} was put back into the pool"
        case ChangeKind.FREED:
            return f"the hold of {number} for {who} was ended"
        case ChangeKind.HELD:
            return f"{number} was held again for {who}"
        case ChangeKind.FORWARDED:
            return f"calls for {who} were forwarded {escape(cut(entry.note, 100))}"
        case ChangeKind.UNFORWARDED:
            return f"calls for {who} were forwarded no more, {escape(cut(entry.note, 100))}"
        case ChangeKind.OTHER:
            return f"{number} was changed in a way that this version of me does not know"
        case _:
            return f"the rows of {number} were put right"
