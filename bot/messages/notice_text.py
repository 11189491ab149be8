"""Notices: what the bot tells a person unasked, by direct message. Each says how to turn them off."""

from __future__ import annotations

from datetime import timedelta

from bot.messages.blocks import (
    Message,
    bold,
    clock_time,
    context,
    message,
    name,
    person,
    section,
    when,
)
from core.contacts import MissedCall
from core.models import Assigned, ChangeKind, HistoryEntry, iso

_OFF = "`/ext quiet` turns these messages off."


def new_number(extension: str) -> Message:
    """The agent has got a number."""
    said = f":telephone_receiver: Your extension is {bold(extension)}."
    return message(section(f"{said} Colleagues find it with `/ext`, and callers key it in."), context(_OFF))


def changed_number(extension: str, old: str, by: str) -> Message:
    """The agent has another number than before. `by` is the Slack user id of the person who did it."""
    said = f"<@{by}> moved you" if by.isalnum() and by[:1] in ("U", "W") else "You moved"
    return message(
        section(f":telephone_receiver: {said} from {bold(old)} to {bold(extension)}."), context(_OFF)
    )


def own_calls(entry: HistoryEntry) -> Message:
    """The agent's calls go to a colleague from now on, or ring the agent again."""
    if entry.kind is ChangeKind.UNFORWARDED:
        said = f"Your calls ring on {bold(entry.extension)} again."
        return message(section(f":telephone_receiver: {said}"), context(_by_whom(entry)))
    to, _, until = entry.note.removeprefix("to ").rpartition(" until ")
    said = f"Your calls go to {bold(to)} until {when(until)}. `/ext forward off` ends it before."
    return message(section(f":telephone_receiver: {said}"), context(_by_whom(entry)))


def calls_of(entry: HistoryEntry, over: bool = False) -> Message:
    """The reader is the colleague who takes the agent's calls from now on, or no more."""
    until = entry.note.rpartition(" until ")[2]
    come = "don't come to you any more" if over else f"come to you until {when(until)}"
    said = f":telephone_receiver: Calls for {bold(entry.label)} {come}."
    return message(section(said), context(_by_whom(entry)))


def _by_whom(entry: HistoryEntry) -> str:
    return f"By {person(entry.by)}. {_OFF}"


def notices_set(wanted: bool) -> Message:
    """The member has turned notices on or off."""
    if wanted:
        return message(section(":bell: I'll tell you about your number and your missed calls again."))
    return message(
        section(":no_bell: No more messages that you didn't ask for. `/ext quiet off` turns them on again.")
    )


def missed(call: MissedCall, caller: str, colleague: Assigned | None) -> Message:
    """A caller hung up before the agent took the call.

    `caller` is the phone number as far as it may be shown, "" for none. `colleague` is the agent who
    passed the call on, if one did.
    """
    parts = [f"You missed a call at {clock_time(iso(call.ended))}"]
    if caller:
        parts.append(f"from {name(caller)}")
    if colleague:
        parts.append(f"passed on by {bold(colleague.label)}, {bold(colleague.extension)}")
    waited = _seconds(call.waited)
    return message(
        section(f":telephone_receiver: {' '.join(parts)}. It rang for {waited}."),
        context(
            f"It came in on your extension {bold(call.extension)}. `/ext quiet` turns these messages off."
        ),
    )


def _seconds(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds} s" if seconds < 120 else f"{seconds // 60} min"


def shown_number(number: str, shown: str) -> str:
    """A caller's phone number as the setting CALLER_NUMBERS says: `full`, `last4` or `none`."""
    if shown == "none" or not number:
        return ""
    if shown == "full":
        return number
    # The end of an address says nothing, and that of a short number all.
    is_long = len(number) > 6 and number.removeprefix("+").isdecimal()
    return f"… {number[-4:]}" if is_long else "a withheld number"
