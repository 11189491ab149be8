"""Answers to lookups: the agents found, and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum

from bot.messages.blocks import (
    Block,
    Message,
    actions,
    bold,
    button,
    context,
    day,
    escape,
    message,
    name,
    section,
)
from bot.messages.button_values import AgentRef, PageRef
from core.lookup import MOST_SHOWN, Number, People
from core.models import Assigned, ExtensionRange, Free, Held, Reserved, State
from core.search.ranking import MOST_LISTED, Certainty

SHARE, LINK, UNLINK = "share", "link", "unlink"
PREVIOUS, NEXT = "previous", "next"
PAGE_SIZE = 5

_AVAILABLE = "Available"


class Surface(StrEnum):
    """The place where an answer is read. It decides which buttons the answer may have."""

    COMMAND = "command"
    DIRECT = "direct"
    MODAL = "modal"
    PUBLIC = "public"


def person(entry: Assigned, status: str | None, surface: Surface) -> Message:
    """The one agent that was asked for; `status` is the Connect status now, None where unknown."""
    said = f":telephone_receiver: {bold(entry.label)} is on {bold(entry.extension)}{_now(status)}"
    return message(section(said), _details(entry), _buttons(entry, surface))


def _now(status: str | None) -> str:
    if status is None:
        return ""
    return " · available now" if status == _AVAILABLE else f" · not available now ({name(status)})"


def _details(entry: Assigned) -> Block | None:
    """The username and team, which tell people of one name apart."""
    about = _about(entry)
    return context(about) if about else None


def _about(entry: Assigned) -> str:
    username = entry.username if entry.username != entry.label else ""
    return " · ".join(name(part) for part in (username, entry.team) if part)


def _buttons(entry: Assigned, surface: Surface) -> Block | None:
    if surface is Surface.PUBLIC:
        return None
    return actions(_share(entry) if surface is Surface.COMMAND else None, that_is_me(entry))


def _share(entry: Assigned) -> Block:
    label = f"Share the number of {entry.label} in this channel"
    return button("Share in channel", SHARE, AgentRef.of(entry).write(), label=label)


def that_is_me(entry: Assigned) -> Block | None:
    """The button that links its presser to the agent; None for a row without an agent id."""
    if not entry.agent_id:
        return None
    return button(
        "That's me", LINK, AgentRef.of(entry).write(), label=f"I am {entry.label} in Amazon Connect"
    )


def found(people: People, status: str | None, surface: Surface, page: int = 0) -> Message:
    """The people found for a name: an answer, a guess that says so, a list, or nobody."""
    entries = [match.entry for match in people.matches]
    if not entries:
        return nobody(people.query)
    if people.sure:
        return person(people.sure, status, surface)
    if people.certainty is Certainty.GUESS and len(entries) == 1:
        return _guess(entries[0], surface)
    return _several(people, entries, surface, page)


def _guess(entry: Assigned, surface: Surface) -> Message:
    said = f":thinking_face: Did you mean {bold(entry.label)}? That's {bold(entry.extension)}."
    return message(section(said), _details(entry), _buttons(entry, surface))


def _several(people: People, entries: Sequence[Assigned], surface: Surface, page: int) -> Message:
    last = (len(entries) - 1) // PAGE_SIZE
    page = min(page, last) if surface in (Surface.COMMAND, Surface.DIRECT) else 0
    shown = entries[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    first = page * PAGE_SIZE + 1
    rest = people.total - page * PAGE_SIZE - len(shown)
    return message(
        section(f"{_heading(people)}\n{lines(shown)}"),
        context(f"{_span(first, len(shown))} of {_total(people)}.{_hint(people, surface, rest)}")
        if people.total > len(shown)
        else None,
        _turn(people.query, page, last) if surface in (Surface.COMMAND, Surface.DIRECT) else None,
    )


def _span(first: int, count: int) -> str:
    return f"{first} to {first + count - 1}" if count > 1 else f"{first}"


def _heading(people: People) -> str:
    if people.certainty is Certainty.GUESS:
        return ":thinking_face: Did you mean one of these?"
    return f":busts_in_silhouette: {_total(people)} people match “{name(people.query)}”:"


def _total(people: People) -> str:
    return f"{MOST_LISTED} or more" if people.total >= MOST_LISTED else f"{people.total}"


def _hint(people: People, surface: Surface, rest: int) -> str:
    if surface is Surface.PUBLIC and rest:
        return f" Ask me in private for the rest: `/ext {name(people.query)}`"
    if people.total > MOST_SHOWN:
        return f" I list the first {MOST_SHOWN}: add a last name to find the others."
    return ""


def _turn(query: str, page: int, last: int) -> Block | None:
    return actions(
        button("Previous", PREVIOUS, PageRef(query, page - 1).write(), label="Previous five people")
        if page > 0
        else None,
        button("Next", NEXT, PageRef(query, page + 1).write(), label="Next five people")
        if page < last
        else None,
    )


def lines(entries: Iterable[Assigned]) -> str:
    """People one below the other, with what tells them apart."""
    return "\n".join(
        " · ".join(
            part for part in (f"`{escape(entry.extension)}` {bold(entry.label)}", _about(entry)) if part
        )
        for entry in entries
    )


def nobody(query: str, command: str = "") -> Message:
    """The answer when nobody was found, with examples. `command` is the command that may have been meant."""
    meant = f" Did you mean `{escape(command)}`?" if command else ""
    tries = "Try a first or last name, a username or a number: `/ext jane`, `/ext jdoe`, `/ext 0042`."
    return message(section(f":mag: I can't find anybody called “{name(query)}”.{meant}"), context(tries))


def number(
    asked: Number, extensions: ExtensionRange, status: str | None, surface: Surface, now: datetime
) -> Message:
    """The state of a number: the agent who has it, or why nobody has it."""
    state = asked.state
    if isinstance(state, Assigned):
        said = f":telephone_receiver: {bold(state.extension)} is {bold(state.label)}{_now(status)}"
        return message(section(said), _details(state), _buttons(state, surface))
    if state is None:
        first, last = str(extensions).split("-")
        what = f"is not one of our numbers. They run from {first} to {last}."
        return message(section(f":1234: {bold(asked.digits)} {what}"))
    return message(section(f":1234: {bold(state.extension)} {_idle(state, now)}"))


def _idle(state: State, now: datetime) -> str:
    match state:
        case Reserved(note=note):
            return f"is reserved: {escape(note)}"
        case Held() as held if not held.over(now):
            whose = held.name or held.username
            was = f": it was the number of {bold(whose)}" if whose else ""
            return f"is held until {day(held.until)}{was}."
        case Held() | Free():
            return "is free: nobody has it."
        case _:
            return "is taken."


def mine(entry: Assigned, linked: bool, surface: Surface) -> Message:
    """The asker's own number, and how it is dialled."""
    said = f":telephone_receiver: Your number is {bold(entry.extension)}, {bold(entry.label)}."
    return message(section(said), context(dialling(entry)), _own_buttons(entry, linked, surface))


def dialling(entry: Assigned) -> str:
    """The way to dial a number."""
    return f"Callers dial the contact centre and key {name(entry.extension)}."


def _own_buttons(entry: Assigned, linked: bool, surface: Surface) -> Block | None:
    if surface is Surface.PUBLIC:
        return None
    return actions(_share(entry) if surface is Surface.COMMAND else None, not_me() if linked else None)


def not_me() -> Block:
    """The button that undoes a link."""
    return button("That's not me", UNLINK, label="Forget which agent I am")


def unknown_me(candidates: Sequence[Assigned], surface: Surface) -> Message:
    """The asker's agent isn't known; `candidates` have a similar name, and each can be claimed."""
    said = (
        ":bust_in_silhouette: I don't know which agent you are: "
        "Amazon Connect has no agent with your Slack email."
    )
    if surface is Surface.PUBLIC:
        return message(section(f"{said} Type `/ext me` to tell me."))
    rows = [section(lines([entry]), that_is_me(entry)) for entry in candidates[:PAGE_SIZE]]
    hint = "Not there? Find yourself with `/ext` and your name, then press *That's me*."
    return message(section(f"{said}{' Are you one of these?' if rows else ''}"), *rows, context(hint))


def unknown_member(candidates: Sequence[Assigned]) -> Message:
    """Somebody's agent isn't known; `candidates` have a similar name."""
    said = (
        ":bust_in_silhouette: I can't tell which agent that is: "
        "Amazon Connect has no agent with their Slack email."
    )
    if not candidates:
        return message(section(f"{said} Try their name: `/ext jane doe`"))
    return message(section(f"{said} These have a similar name:\n{lines(candidates[:PAGE_SIZE])}"))


def linked(entry: Assigned) -> Message:
    """The asker is linked to an agent."""
    said = f":link: Noted: you are {bold(entry.label)}, on {bold(entry.extension)}."
    undo = button("Undo", UNLINK, label="Undo: forget which agent I am")
    return message(section(said), context("`/ext me` and my Home tab go by this."), actions(undo))


def unlinked() -> Message:
    """The asker's link to an agent is removed."""
    return message(section(":wastebasket: Forgotten. I go by your Slack email again."))


def shared(entry: Assigned, by: str) -> Message:
    """An answer for everybody in the channel; `by` is the Slack user id of the person who shared it."""
    said = f":telephone_receiver: {bold(entry.label)} is on {bold(entry.extension)}"
    return message(section(said), context(f"Shared by <@{escape(by)}>"))


def gone() -> Message:
    """The agent that a button was about has no number any more."""
    return message(section(":wave: They have no extension any more."))
