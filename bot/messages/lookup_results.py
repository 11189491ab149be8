"""Answers to lookups: the agents found, and their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from msgspec.structs import replace

from bot.messages.blocks import (
    GONE,
    Block,
    Message,
    actions,
    bold,
    button,
    clock_time,
    code,
    confirm,
    context,
    day,
    escape,
    message,
    name,
    overflow,
    section,
    when,
)
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.request_text import ASK
from core.asking.answering import OWN_WORD, Result, one_of
from core.asking.former import Former
from core.asking.lookup import MOST_SHOWN, Examples, Number, People
from core.models import Agent, Assigned, Availability, ExtensionRange, Free, Held, Presence, Reserved, State
from core.search.found import MOST_LISTED, Certainty, Match

SHARE, LINK, UNLINK, FIND_ME = "share", "link", "unlink", "find_me"
FORWARD, TAKE_BACK = "forward", "take_back"
# A row's menu, and what it can do beside sharing.
MENU, SHOW = "menu", "show"
PREVIOUS, NEXT = "previous", "next"
PAGE_SIZE = 5


class Surface(StrEnum):
    """The place where an answer is read. It decides which buttons the answer may have."""

    COMMAND = "command"
    DIRECT = "direct"
    MODAL = "modal"
    PUBLIC = "public"


_BY_OWN_WORD = "By their own word: they pressed *That's me*, and nobody has checked it."

# What the agents are doing now, by agent id; unknown ones are left out.
Statuses = Mapping[str, Availability]


def person(entry: Assigned, statuses: Statuses, surface: Surface, *, by_own_word: bool = False) -> Message:
    """The one agent that was asked for.

    `by_own_word`: only the member that was asked about says to be this agent.
    """
    on = f"{bold(entry.label)} is on {code(entry.extension)}"
    said = f":telephone_receiver: {on} · {_now(entry, statuses)}{forwarded(entry)}"
    note = context(_BY_OWN_WORD) if by_own_word else None
    return message(section(said), _details(entry), note, _buttons(entry, surface))


def _now(entry: Assigned, statuses: Statuses) -> str:
    """The person's availability now; of a call since when, if Connect says so."""
    if entry.release_waits:
        return GONE
    found = statuses.get(entry.agent_id)
    if found is None:
        return "availability unknown"
    match found.presence:
        case Presence.AVAILABLE:
            return "available now"
        case Presence.ON_A_CALL:
            return f"on a call since {clock_time(found.since)}" if found.since else "on a call"
        case Presence.AWAY:
            return f"not available now ({name(found.status)})"
    return found.presence.value


def _gone(entry: Assigned) -> str:
    """The news that somebody has left, where no availability is told."""
    return f" · {GONE}" if entry.release_waits else ""


def forwarded(entry: Assigned) -> str:
    """The colleague to whom the agent's calls go, and until when."""
    if not entry.calls_go_to:
        return ""
    return f" · calls go to {name(entry.calls_go_to)} until {when(entry.calls_go_until)}"


def _details(entry: Assigned) -> Block | None:
    """The username and team, which tell people of one name apart."""
    about = _about(entry)
    return context(about) if about else None


def _about(entry: Assigned) -> str:
    username = entry.username if entry.username != entry.label else ""
    return " · ".join(name(part) for part in (username, entry.team) if part)


def _buttons(entry: Assigned, surface: Surface) -> Block | None:
    return None if surface is Surface.PUBLIC else actions(_share(entry, surface))


def candidate(entry: Assigned) -> Message:
    """An agent who was picked by somebody as themselves."""
    said = (
        f":bust_in_silhouette: {bold(entry.label)} is on {code(entry.extension)}{_gone(entry)}. Is that you?"
    )
    return message(section(said), _details(entry), actions(that_is_me(entry)))


def _share(entry: Assigned, surface: Surface) -> Block:
    text = _sharing(surface)
    return button(text, SHARE, AgentRef.of(entry).write(), label=f"{text}: the number of {entry.label}")


def _sharing(surface: Surface) -> str:
    """The words of the button: beside a command the channel is known, elsewhere a window asks where."""
    return "Share in channel" if surface is Surface.COMMAND else "Share"


def _rows(entries: Sequence[Assigned], statuses: Statuses | None, surface: Surface) -> list[Block]:
    """A list of people: each with a menu of their own where the asker alone reads it in a message."""
    if surface in (Surface.COMMAND, Surface.DIRECT):
        return [section(_in_list(entry, statuses), _menu(entry, surface)) for entry in entries]
    return [section(lines(entries, statuses))] if entries else []


def _menu(entry: Assigned, surface: Surface) -> Block:
    agent = AgentRef.of(entry).write()
    return overflow(MENU, {f"{SHOW} {agent}": "Show", f"{SHARE} {agent}": _sharing(surface)})


def that_is_me(entry: Assigned) -> Block | None:
    """The button that links its presser to the agent; None for a row without an agent id."""
    if not entry.agent_id:
        return None
    then = f"Colleagues who ask for you then get {name(entry.extension)}."
    text = f"You are {bold(entry.label)} in Amazon Connect? {then}"
    asked = confirm("Is that you?", text, "That's me")
    label = f"I am {entry.label} in Amazon Connect"
    return button("That's me", LINK, AgentRef.of(entry).write(), label=label, confirm=asked)


def found(people: People, statuses: Statuses, surface: Surface, page: int = 0) -> Message:
    """The people found for a name, at least one: an answer, a guess that says so, or a list."""
    if people.sure:
        return person(people.sure, statuses, surface)
    if people.certainty is Certainty.GUESS and len(people.matches) == 1:
        return _guess(people, people.matches[0].entry, surface)
    return _several(people, statuses, surface, page)


def _guess(people: People, entry: Assigned, surface: Surface) -> Message:
    said = f":thinking_face: {_unheard_of(people)}Did you mean {bold(entry.label)}?"
    said += f" That's {code(entry.extension)}{_gone(entry)}."
    return message(section(said), _details(entry), _buttons(entry, surface))


def available_first(people: People, statuses: Statuses) -> People:
    """The same people, available ones first."""

    def others(match: Match) -> bool:
        found = statuses.get(match.entry.agent_id)
        return found is None or found.presence is not Presence.AVAILABLE

    return replace(people, matches=tuple(sorted(people.matches, key=others)))


def _on_page(people: People, page: int) -> list[Assigned]:
    """The people on a page of the list, or on the last page that there is."""
    page = min(page, _last_page(people))
    return [match.entry for match in people.matches[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]]


def _last_page(people: People) -> int:
    return max(0, len(people.matches) - 1) // PAGE_SIZE


def _several(people: People, statuses: Statuses, surface: Surface, page: int) -> Message:
    last = _last_page(people)
    page = min(page, last)
    shown = _on_page(people, page)
    first = page * PAGE_SIZE + 1
    rest = people.total - page * PAGE_SIZE - len(shown)
    return message(
        section(f":1234: {bold(people.own.extension)} {_reserved(people.own)}") if people.own else None,
        section(_heading(people)),
        *_rows(shown, statuses, surface),
        context(f"{_span(first, len(shown))} of {_total(people)}.{_hint(people, surface, rest)}")
        if people.total > len(shown)
        else None,
        _turn(people.query, page, last) if surface in (Surface.COMMAND, Surface.DIRECT) else None,
    )


def _span(first: int, count: int) -> str:
    return f"{first} to {first + count - 1}" if count > 1 else f"{first}"


def _unheard_of(people: People) -> str:
    """The news that only the surname is known, where that is so."""
    known = people.matches[0].because != "surname"
    return "" if known else f"Nobody is called {name(people.query)}. "


def _heading(people: People) -> str:
    if people.team:
        return f":busts_in_silhouette: {_in_a_team(people)}:"
    if people.certainty is Certainty.GUESS:
        return f":thinking_face: {_unheard_of(people)}Did you mean one of these?"
    return f":busts_in_silhouette: {_total(people)} people match “{name(people.query)}”:"


def _in_a_team(people: People) -> str:
    are = "person is" if people.total == 1 else "people are"
    return f"{_total(people)} {are} in {bold(people.team)}"


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


def lines(entries: Iterable[Assigned], statuses: Statuses | None = None) -> str:
    """People one below the other, with what tells them apart, and their statuses where asked for."""
    return "\n".join(_in_list(entry, statuses) for entry in entries)


def _in_list(entry: Assigned, statuses: Statuses | None) -> str:
    now = _now(entry, statuses or {}) if entry.release_waits or statuses is not None else ""
    parts = (f"{code(entry.extension)} {bold(entry.label)}", _about(entry), now)
    return " · ".join(part for part in parts if part)


def nobody(query: str, examples: Examples, command: str = "") -> Message:
    """The answer when nobody was found, with examples. `command` is the command that may have been meant."""
    meant = f" Did you mean `{escape(command)}`?" if command else ""
    tries = ", ".join(code(f"/ext {each}") for each in (examples.first, examples.username, examples.number))
    tries = f"Try a first or last name, a username or a number: {tries}."
    return message(section(f":mag: I can't find anybody called “{name(query)}”.{meant}"), context(tries))


def namesakes(query: str, people: People, surface: Surface) -> Message:
    """The people of the surname that was typed, the first few, and how to see all."""
    shown = _on_page(people, 0)
    said = f":mag: Nobody is called {name(query)}. {_total(people)} people are called {name(people.query)}:"
    all_of_them = context(f"All of them: {code(f'/ext {people.query}')}")
    return message(
        section(said), *_rows(shown, None, surface), all_of_them if people.total > len(shown) else None
    )


def not_synced(new: Sequence[Agent], guesses: People, surface: Surface, started: bool = False) -> Message:
    """Agents who are in Connect and have no number yet, then other people the words may mean.

    `started`: a sync is under way.
    """
    who = "\n".join(map(_new, new))
    near = [match.entry for match in guesses.matches[:PAGE_SIZE]]
    return message(
        section(who),
        context(_next_sync(started)),
        *([section("Similar names:"), *_rows(near, None, surface)] if near else []),
    )


def _new(agent: Agent) -> str:
    return f":seedling: {bold(agent.name)} is in Amazon Connect and has no number yet."


def _next_sync(started: bool) -> str:
    if started:
        return "A sync has just started, and gives one. Ask again in a minute."
    return "The next sync, within the hour, gives one."


def me_not_synced(username: str, started: bool = False) -> Message:
    """The asker is in Connect by the username that is their email, and has no number yet."""
    said = f":seedling: You are in Amazon Connect, as {name(username)}, and have no number yet."
    return message(section(said), context(_next_sync(started)))


def before_the_first_sync() -> Message:
    """The answer to everybody while nobody has a number yet."""
    said = ":hourglass: Nobody has a number yet. The first sync gives everybody in Amazon Connect one."
    return message(section(said), context("It runs every hour; an admin can start it with `/ext-sync`."))


def former(people: Sequence[Former], guesses: People, surface: Surface) -> Message:
    """People found by a former name, then people the words may mean now."""
    near = [match.entry for match in guesses.matches[:PAGE_SIZE]]
    likely = any(each.likely for each in people)
    return message(
        section(f":thinking_face: Nobody is called {name(guesses.query)}. Did you mean:") if likely else None,
        section("\n".join(_former(each) for each in people)),
        context("Similar names:") if near else None,
        *_rows(near, None, surface),
    )


def _former(former: Former) -> str:
    if former.now:
        return (
            f":label: {bold(former.name)} is now {bold(former.now.label)}, on {code(former.now.extension)}"
            f"{_gone(former.now)}."
        )
    held = f"; {bold(former.extension)} is held until {day(former.held.until)}" if former.held else ""
    return f":wave: {bold(former.name)} left{held}."


def at_once(
    results: Sequence[Result], statuses: Statuses, surface: Surface, left: int, now: datetime
) -> Message:
    """Several answers, a line each. `left` is how many more were asked for."""
    rest = context(f"I answer {len(results)} at once. {left} more: ask for them alone.") if left else None
    rows = []
    for result in results:
        entry = one_of(result)
        menu = _menu(entry, surface) if entry and surface in (Surface.COMMAND, Surface.DIRECT) else None
        rows.append(section(_line(result, statuses, now), menu))
    return message(*rows, rest)


def _line(result: Result, statuses: Statuses, now: datetime) -> str:
    if entry := one_of(result):
        by_own_word = isinstance(result, People) and result.matches[0].because == OWN_WORD
        return f"{_in_list(entry, statuses)}{' · by their own word' if by_own_word else ''}"
    if isinstance(result, Former):
        return _former(result)
    if isinstance(result, Agent):
        return _new(result)
    if isinstance(result, Number):
        return _unassigned(result, now)
    if not result.matches:
        return f"“{name(result.query)}”: I can't find anybody."
    first = result.matches[0].entry
    if result.certainty is Certainty.GUESS:
        return f"“{name(result.query)}”: did you mean {lines([first])}?"
    see = f"see {code(f'/ext {result.query}')}"
    if result.team:
        return f"{_in_a_team(result)}: {see}"
    return f"“{name(result.query)}”: {_total(result)} people match, {see}"


def _unassigned(asked: Number, now: datetime) -> str:
    if asked.moved:
        return _moved(asked.moved, asked.state)
    if asked.state is None:
        return f"{bold(asked.digits)} is not one of our numbers."
    return f"{bold(asked.state.extension)} {_idle(asked.state, now)}"


def number(
    asked: Number, extensions: ExtensionRange, statuses: Statuses, surface: Surface, now: datetime
) -> Message:
    """The state of a number: the agent who has it, or why nobody has it."""
    state = asked.state
    if isinstance(state, Assigned):
        said = (
            f":telephone_receiver: {code(state.extension)} is {bold(state.label)} · {_now(state, statuses)}"
        )
        also = _rows(asked.called, None, surface)
        named = context("And by that name:") if also else None
        return message(section(said), _details(state), _buttons(state, surface), named, *also)
    if asked.called:
        as_number = context(f"As a number: {_unassigned(asked, now)}")
        return message(*_rows(asked.called, None, surface), as_number)
    if asked.moved:
        return message(section(_moved(asked.moved, state)))
    if state is None:
        what = f"is not one of our numbers. They run from {extensions.in_words}."
        return message(section(f":1234: {bold(asked.digits)} {what}"))
    return message(section(f":1234: {bold(state.extension)} {_idle(state, now)}"), _ask_for(state, now))


def _ask_for(state: State | None, now: datetime) -> Block | None:
    """The button that asks the admins for a number, where it is free."""
    if isinstance(state, Free) or (isinstance(state, Held) and state.over(now)):
        return actions(button("Ask for it", ASK, state.extension, label=f"Ask for {state.extension}"))
    return None


def wished(asked: Number, how: Message, now: datetime) -> Message:
    """A wish for a number: its state, the button that asks for it, and `how` an admin gives it."""
    state = asked.state
    said = (
        f"{bold(state.extension)} is {bold(state.label)}{_gone(state)}."
        if isinstance(state, Assigned)
        else _unassigned(asked, now)
    )
    way = how.blocks if state else ()
    return message(section(f":1234: {said}"), _ask_for(state, now), *way)


def _moved(now: Assigned, state: State | None) -> str:
    was = state.extension if state else ""
    return f":arrow_right: {bold(now.label)} moved from {bold(was)} to {code(now.extension)}{_gone(now)}."


def _idle(state: State, now: datetime) -> str:
    match state:
        case Reserved():
            return _reserved(state)
        case Held() as held if not held.over(now):
            whose = held.name or held.username
            was = f": it was the number of {bold(whose)}" if whose else ""
            return f"is held until {day(held.until)}{was}."
        case Held() | Free():
            return "is free: nobody has it."
        case _:
            return "is taken."


def _reserved(state: Reserved) -> str:
    if not state.queue_arn:
        return f"is reserved: {escape(state.note)}"
    note = f" ({escape(state.note)})" if state.note != state.queue_name else ""
    return f"is the number of the team {bold(state.queue_name)}{note}: calls go to its queue."


def mine(entry: Assigned, linked: bool, surface: Surface) -> Message:
    """The asker's own number, and how it is dialled."""
    own = f"{code(entry.extension)}, {bold(entry.label)}"
    said = f":telephone_receiver: Your number is {own}{_gone(entry)}{forwarded(entry)}."
    return message(section(said), context(dialling(entry)), _own_buttons(entry, linked, surface))


def dialling(entry: Assigned) -> str:
    """The way to dial a number."""
    return f"Callers dial the contact centre and key {name(entry.extension)}."


def _own_buttons(entry: Assigned, linked: bool, surface: Surface) -> Block | None:
    if surface is Surface.PUBLIC:
        return None
    return actions(_share(entry, surface), not_me() if linked else None, own_forward(entry, linked))


def own_forward(entry: Assigned, linked: bool) -> Block | None:
    """The button that ends one's own forward, or says how to make one; by one's own word there is none."""
    if linked:
        return None
    if entry.calls_go_to:
        return button("Take my calls back", TAKE_BACK)
    return button("Forward my calls", FORWARD)


def not_me() -> Block:
    """The button that undoes a link."""
    return button("That's not me", UNLINK, label="Forget which agent I am")


def unknown_me(
    candidates: Sequence[Assigned], surface: Surface, email: str = "", started: bool = False
) -> Message:
    """The asker's agent isn't known; `candidates` have a similar name, and each can be claimed.

    `email` is what was looked for, "" where Slack shows none. `started`: a sync is under way.
    """
    said = f":bust_in_silhouette: I don't know which agent you are: {_looked_for(email, 'your')}"
    if surface is Surface.PUBLIC:
        return message(section(f"{said} Type `/ext me` to tell me."))
    rows = [section(lines([entry]), that_is_me(entry)) for entry in candidates[:PAGE_SIZE]]
    return message(
        section(f"{said}{' Are you one of these?' if rows else ''}"),
        *rows,
        context(
            f"Not there? If you are new in Amazon Connect: {_IN_A_MINUTE if started else _WITHIN_THE_HOUR}"
        ),
        actions(find_me()),
    )


def find_me() -> Block:
    """The button that opens the finder for somebody whose agent isn't known."""
    return button("Find myself", FIND_ME, label="Find myself among the agents of Amazon Connect")


_WITHIN_THE_HOUR = "the next sync, within the hour, gives you a number."
_IN_A_MINUTE = "a sync has just started, and gives you a number. Ask again in a minute."


def _looked_for(email: str, whose: str) -> str:
    if not email:
        return f"Slack doesn't tell me {whose} email. (The app needs the scope users:read.email for that.)"
    return f"no agent with a number has the username or the email {name(email)}."


def unknown_member(candidates: Sequence[Assigned], examples: Examples, surface: Surface) -> Message:
    """Somebody's agent isn't known; `candidates` have a similar name."""
    said = (
        ":bust_in_silhouette: I can't tell which agent that is: no agent with a number has their Slack email."
    )
    if not candidates:
        return message(section(f"{said} Try their name, as in {code(f'/ext {examples.name}')}"))
    rows = _rows(candidates[:PAGE_SIZE], None, surface)
    return message(section(f"{said} These have a similar name:"), *rows)


def linked(entry: Assigned) -> Message:
    """The asker is linked to an agent."""
    said = f":link: Noted: you are {bold(entry.label)}, on {code(entry.extension)}."
    undo = button("Undo", UNLINK, label="Undo: forget which agent I am")
    about = (
        "`/ext me` and my Home tab go by this, and colleagues who ask for you hear that it is your own word."
    )
    return message(section(said), context(about), actions(undo))


def verified_already(entry: Assigned) -> Message:
    """The asker is an agent by a verified email, and so can't say to be another."""
    said = f":no_entry_sign: You are {bold(entry.label)}, on {code(entry.extension)}. Nothing has changed."
    why = (
        "Amazon Connect has your Slack email for that agent. If that is wrong, the email there has to change."
    )
    return message(section(said), context(why))


def taken(entry: Assigned, member_id: str, *, verified: bool) -> Message:
    """The agent is another member already, by a verified email or by their own word."""
    who = f"<@{escape(member_id)}>"
    if verified:
        said = f":no_entry_sign: {who} is {bold(entry.label)} already. Nothing has changed."
        return message(section(said), context(f"Amazon Connect has the Slack email of {who} for that agent."))
    said = f":no_entry_sign: {who} has said to be {bold(entry.label)}. Nothing has changed."
    todo = (
        f"I have told {who} that you say so too. Once they press *That's not me*, you can press *That's me*."
    )
    return message(section(said), context(todo))


def claimed_by_another(entry: Assigned, member_id: str) -> Message:
    """The news for a member that another one says to be the same agent."""
    said = f":wave: <@{escape(member_id)}> says to be {bold(entry.label)} in Amazon Connect, and so do you."
    todo = "You stay that for me. If you are somebody else, please say so:"
    return message(section(f"{said} {todo}"), actions(not_me()))


def unlinked() -> Message:
    """The asker's link to an agent is removed."""
    return message(section(":wastebasket: Forgotten. I go by your Slack email again."))


def shared(entry: Assigned, by: str) -> Message:
    """An answer for everybody in the channel; `by` is the Slack user id of the person who shared it."""
    said = f":telephone_receiver: {bold(entry.label)} is on {code(entry.extension)}{_gone(entry)}"
    return message(section(said), context(f"Shared by <@{escape(by)}>"))


def gone() -> Message:
    """The agent that a button was about has no number any more."""
    return message(section(":wave: They have no extension any more."))
