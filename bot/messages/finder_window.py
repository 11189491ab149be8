"""The finder: a window with a typeahead, which shows whoever is picked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.messages.blocks import LEFT, Block, Message, cut_label, modal, plain_text
from bot.messages.button_values import AgentRef
from core.models import Assigned

FINDER = "finder"
PICK, PICK_BLOCK = "pick", "person"
_MYSELF = "myself"


def finder(shown: Message | None = None, *, myself: bool = False) -> dict[str, Any]:
    """The window, with what was found for the last pick below the typeahead.

    `myself`: it was opened by somebody whose agent isn't known, to find it.
    """
    title = "Which agent are you?" if myself else "Find somebody"
    return modal(
        title,
        [typeahead("Who?"), *(shown.blocks if shown else ())],
        callback=FINDER,
        submit="Show",
        close="Close",
        metadata=_MYSELF if myself else "",
    )


def is_of_myself(view: Any) -> bool:
    """Whether the window is one that somebody opened to find their own agent."""
    return isinstance(view, dict) and view.get("private_metadata") == _MYSELF


def typeahead(label: str, *, shows: bool = True) -> Block:
    """The field that finds people while one types; it `shows` at once whoever is picked."""
    return {
        "type": "input",
        "block_id": PICK_BLOCK,
        "dispatch_action": shows,
        "label": plain_text(label),
        "hint": plain_text("Part of a name, a username or a number is enough."),
        "element": {
            "type": "external_select",
            "action_id": PICK,
            "placeholder": plain_text("Start typing"),
            "min_query_length": 1,
            "focus_on_load": True,
        },
    }


def window(title: str, shown: Message) -> dict[str, Any]:
    """A window that says something and can be closed."""
    return modal(title, shown.blocks, close="Close")


def options(entries: Iterable[Assigned]) -> list[Block]:
    """The typeahead's options, each with the number."""
    return [_option(entry) for entry in entries]


def _option(entry: Assigned) -> Block:
    """Slack shows these as they are: plain text needs no escape."""
    option: Block = {
        "text": plain_text(_short(f"{entry.extension} {entry.label}")),
        "value": AgentRef.of(entry).write(),
    }
    about = " · ".join(part for part in (LEFT * entry.release_waits, entry.username, entry.team) if part)
    return option | ({"description": plain_text(_short(about))} if about else {})


def _short(text: str) -> str:
    return cut_label(" ".join(text.split())) or "(no name)"
