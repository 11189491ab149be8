"""The window that asks where to share a number, for answers that stand in no channel."""

from __future__ import annotations

from typing import Any

from bot.messages.blocks import Block, bold, code, modal, plain_text, section
from bot.messages.button_values import AgentRef
from core.models import Assigned

SHARE_IN = "share_in"
WHERE, WHERE_BLOCK = "where", "conversation"


def share_window(entry: Assigned) -> dict[str, Any]:
    """The window; Slack gives its submission a `response_url` for the conversation that was picked."""
    where: Block = {
        "type": "input",
        "block_id": WHERE_BLOCK,
        "label": plain_text("Where?"),
        "hint": plain_text("Everybody there sees it, with your name below."),
        "element": {
            "type": "conversations_select",
            "action_id": WHERE,
            "placeholder": plain_text("A channel or a person"),
            "filter": {"exclude_bot_users": True},
            "response_url_enabled": True,
        },
    }
    said = section(f"{bold(entry.label)} is on {code(entry.extension)}")
    agent = AgentRef.of(entry).write()
    return modal("Share a number", [said, where], callback=SHARE_IN, submit="Share", metadata=agent)
