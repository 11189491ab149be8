"""The form that leads one's calls to a colleague for a while."""

from __future__ import annotations

from typing import Any

from bot.messages.blocks import modal, plain_text
from bot.messages.finder_window import typeahead

FORWARDED, UNTIL = "forward_form", "until"


def forward_form(response_url: str) -> dict[str, Any]:
    """The form; its result goes to the address, or to the Home tab where there is none."""
    until = {
        "type": "input",
        "block_id": UNTIL,
        "label": plain_text("Until when?"),
        "hint": plain_text("A day, a time or how long: friday, tomorrow noon, 5 pm, 2 hours. Up to 31 days."),
        "element": {"type": "plain_text_input", "action_id": UNTIL, "max_length": 80},
    }
    return modal(
        "Forward my calls",
        [typeahead("Who takes your calls?", shows=False), until],
        callback=FORWARDED,
        submit="Forward",
        metadata=response_url,
    )
