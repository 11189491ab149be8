"""The window in which an admin reads everybody who would lose their number, and chooses among them."""

from __future__ import annotations

from typing import Any

from bot.messages.blocks import (
    Block,
    Message,
    actions,
    button,
    context,
    cut_label,
    many,
    message,
    modal,
    plain_text,
    section,
)
from bot.messages.button_values import Choice
from core.models import HistoryEntry, WithheldPart

CHOOSE, TURN, CHOICE, CONFIRMED = "choose_leavers", "turn_leavers", "leavers", "leavers_confirmed"
ALL, NONE = "all", "none"
PAGE = 50
_ROWS = 10  # Slack takes so many checkboxes in a row


def choose_button(count: int, approval: str) -> Block:
    """The button beside Approve."""
    return button("See all and choose", CHOOSE, approval, label=f"See all {many(count, 'person')} and choose")


def choosing(choice: Choice, part: WithheldPart) -> dict[str, Any]:
    """One page of waiting releases, ticked unless left out."""
    first = choice.page * PAGE
    told = f"*{many(choice.total, 'release waits', 'releases wait')}.* Untick who is to keep the number."
    rows = [
        _row(part.entries[start : start + _ROWS], first + start, choice)
        for start in range(0, len(part.entries), _ROWS)
    ]
    last = min(first + PAGE, choice.total)
    turn = actions(
        button("Previous", f"{TURN}_previous", str(choice.page - 1)) if choice.page else None,
        button("Next", f"{TURN}_next", str(choice.page + 1)) if last < choice.total else None,
        button("Tick all", f"{TURN}_all", ALL, label="Tick everybody on all pages"),
        button("Untick all", f"{TURN}_none", NONE, label="Untick everybody on all pages"),
    )
    shown = context(f"{first + 1:,} to {last:,} of {choice.total:,}")
    return _window(choice, CHOICE, "Continue", section(told), *rows, shown, turn)


def _row(entries: tuple[HistoryEntry, ...], first: int, choice: Choice) -> Block:
    options = [
        {
            "text": plain_text(cut_label(f"{entry.extension} {' '.join(entry.label.split())}")),
            "value": str(first + number),
        }
        for number, entry in enumerate(entries)
    ]
    ticked = [option for option in options if int(str(option["value"])) not in choice.left_out]
    boxes: Block = {"type": "checkboxes", "action_id": "ticked", "options": options}
    return {
        "type": "input",
        # Of another name in each window, or else Slack keeps what was ticked by hand.
        "block_id": f"{first}-{choice.turns}",
        "optional": True,
        "label": plain_text(f"{entries[0].extension} to {entries[-1].extension}"),
        "element": boxes | ({"initial_options": ticked} if ticked else {}),
    }


def confirming(choice: Choice) -> dict[str, Any]:
    """The question before it is done, with the true count."""
    releases = many(choice.count, "release")
    waiting = len(choice.left_out)
    rest = f" {many(waiting, 'other person keeps', 'other people keep')} their number for now."
    told = (
        f"*{releases} will be made.* These agents lose their numbers, which are then held for them."
        f"{rest if waiting else ''} A sync starts now."
    )
    return _window(choice, CONFIRMED, f"Approve {choice.count:,}", section(told))


def _window(choice: Choice, callback: str, submit: str, *blocks: Block | None) -> dict[str, Any]:
    return modal("Who is released", blocks, callback=callback, submit=submit, metadata=choice.write())


def nobody_chosen() -> Message:
    """An approval of nobody."""
    return message(section("Nobody is ticked, so nothing was done. Whoever waits, waits on."))


def not_kept() -> Message:
    """The list of an approval has expired, or could not be kept."""
    return message(section("I don't have this list any more. Run `/ext-sync plan` for a new one."))


def too_many(count: int, most: int) -> Message:
    """A list that is too long to choose from."""
    said = f"{count:,} are too many to choose from: at most {most:,}. `/ext-sync` has the button for all."
    return message(section(said))
