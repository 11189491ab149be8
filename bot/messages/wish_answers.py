"""Answers about the bot and the numbers as a whole, and about what was."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages.blocks import (
    Message,
    actions,
    bold,
    button,
    code,
    context,
    day,
    many,
    message,
    name,
    section,
)
from bot.messages.lookup_results import Surface, not_me
from bot.messages.request_text import ASK
from core.models import Assigned, Held


def how_to_be_quiet() -> Message:
    """The command that turns unasked messages off."""
    said = (
        "`/ext quiet` turns off the messages that you didn't ask for, `/ext quiet off` turns them on again."
    )
    return message(section(f":no_bell: {said}"))


def whose_presence(team: str) -> Message:
    """The question that tells who is available; `team` is one of the house, "" where there is none."""
    ask = code(f"/ext who is free in {team or 'TEAM'}")
    said = f":busts_in_silhouette: Ask me who is available of one team: {ask}"
    return message(section(said), context("Of one person: `/ext` and the name."))


def requests_wait(admins: str) -> Message:
    """The fate of a request for a number; `admins` is the sentence that names them, "" openly."""
    said = ":envelope: A request for a number waits up to 7 days for the admins. I tell you what they decide."
    return message(section(said), context(f"Only they can take it back. {admins}".strip()))


def holds(days: int) -> Message:
    """The length of a hold."""
    if not days:
        return message(section(":hourglass: A number that somebody gives up is free at once."))
    said = f"A number that somebody gives up is held for {many(days, 'day')}, then it is free."
    return message(section(f":hourglass: {said}"))


def some_free(numbers: Sequence[str], shown: int = 10) -> Message:
    """Free numbers, the first few, and how to ask for one."""
    if not numbers:
        said = "None of the numbers that I looked at is free."
        return message(section(f":1234: {said}"), context("Admins see the whole pool: `/ext-admin status`"))
    listed = ", ".join(map(code, numbers[:shown]))
    ask = f"Ask the admins for one: {code(f'/ext request {numbers[0]}')}"
    return message(section(f":1234: Some free numbers: {listed}"), context(ask))


def how_many(people: int) -> Message:
    """The count of people with a number."""
    have = "person has" if people == 1 else "people have"
    said = f":busts_in_silhouette: {people:,} {have} a number."
    return message(
        section(said), context("`/ext directory` lists them, `/ext` with a team those of the team.")
    )


def old_numbers(held: Sequence[Held], days: int, surface: Surface, admins: str) -> Message:
    """The numbers that are held for the asker, each with the button that asks for it back."""
    if not held:
        said = f":hourglass: No number is held for you. A hold lasts {many(days, 'day')}."
        return message(section(said), context(admins) if admins else None)
    return message(*_held(held, "you"), _ask_back(held) if surface is not Surface.PUBLIC else None)


def _held(held: Sequence[Held], whom: str) -> list[dict[str, object]]:
    lines = (
        f":hourglass: {bold(each.extension)} is held for {whom} until {day(each.until)}." for each in held
    )
    return [section("\n".join(lines))]


def _ask_back(held: Sequence[Held]) -> dict[str, object] | None:
    return actions(
        *(
            button(f"Ask for {each.extension}", ASK, each.extension, label=f"Ask for {each.extension} back")
            for each in held[:5]
        )
    )


def not_them(entry: Assigned, linked: bool, admins: str, surface: Surface) -> Message:
    """The asker says not to be the agent: the button that undoes their own word, or why there is none."""
    said = f":bust_in_silhouette: I take you for {bold(entry.label)}, on {code(entry.extension)}"
    if linked:
        done = actions(not_me()) if surface is not Surface.PUBLIC else context("Type `/ext me` to undo it.")
        return message(section(f"{said}, since you pressed *That's me*."), done)
    why = "since Amazon Connect has your Slack email for that agent. If that is wrong, the email there has to"
    return message(section(f"{said}, {why} change."), context(admins) if admins else None)


def earlier(now: Message, about: str, held: Sequence[Held], whom: str, admins: str) -> Message:
    """An answer of today to a question about the past, which says so, and the command that tells the past."""
    history = code(f"/ext-admin history {about}")
    return message(
        section(f":hourglass: I tell what is *now*. What was before, an admin sees with {history}"),
        context(admins) if admins else None,
        *(_held(held, name(whom)) if held else ()),
        *now.blocks,
    )
