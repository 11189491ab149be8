"""The form that `/ext-admin` opens without words: it writes the words of a command."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.messages.blocks import Block, Message, modal, plain_text
from bot.messages.finder_window import window

FORM = "admin_form"
WHAT, WHOM, MORE = "what", "whom", "more"
# What can be done, and the command of it; `{0}` and `{1}` are what stands in the two fields.
_TASKS: Mapping[str, tuple[str, str]] = {
    "move": ("Move somebody to another number", "move {0} to {1}"),
    "swap": ("Let two people change numbers", "swap {0} with {1}"),
    "forward": ("Let a colleague take somebody's calls", "forward {0} to {1}"),
    "reserve": ("Reserve numbers", "reserve {0} {1}"),
    "unreserve": ("Put reserved numbers back", "unreserve {0}"),
    "free": ("End a hold before its time", "free {0}"),
    "reserved": ("Show the reserved numbers", "reserved"),
    "history": ("Show what happened", "history {0} {1}"),
    "status": ("Show how things stand", "status"),
    "undo": ("Take back the newest change by hand", "undo {0}"),
}


def form(response_url: str) -> dict[str, Any]:
    """The form; the result of what is asked there goes where the command was typed."""
    options = [{"text": plain_text(text), "value": task} for task, (text, _) in _TASKS.items()]
    what = {"type": "static_select", "action_id": WHAT, "options": options, "initial_option": options[0]}
    whom = "A name, a username, a number, or a range of numbers."
    more = "The new number, the second person, a colleague until friday, a note, or a day such as 2026-05-03."
    blocks: list[Block] = [
        {"type": "input", "block_id": WHAT, "label": plain_text("What?"), "element": what},
        _field(WHOM, "Who, or which number?", whom),
        _field(MORE, "To what, with whom, or why?", more),
    ]
    return modal("Extensions", blocks, callback=FORM, submit="Do it", metadata=response_url)


def _field(field: str, label: str, hint: str) -> Block:
    return {
        "type": "input",
        "block_id": field,
        "optional": True,
        "label": plain_text(label),
        "hint": plain_text(hint),
        "element": {"type": "plain_text_input", "action_id": field, "max_length": 300},
    }


def command_of(task: str, whom: str, more: str) -> str:
    """The words of the command that the form's fields say; "" for a task that there is not."""
    text = _TASKS[task][1] if task in _TASKS else ""
    return text.format(whom.strip(), more.strip()).strip().removesuffix(" to").removesuffix(" with")


def answer_window(shown: Message, response_url: str) -> dict[str, Any]:
    """An answer on top of the form: its buttons report where the command was typed."""
    return window("Extensions", shown) | {"private_metadata": response_url}
