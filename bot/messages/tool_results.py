"""Messages as the results of tools, read by an assistant and shown by Slackbot."""

from __future__ import annotations

from typing import Any

from bot.messages.blocks import Block, Message, code, context
from bot.messages.lookup_results import SHARE
from core.words.text import clean

# What was escaped for Slack; angle brackets stay harmless where an assistant repeats them to Slack.
_ENTITIES = (("&lt;", "‹"), ("&gt;", "›"), ("&amp;", "&"))
_LEAD = "The directory of extensions says:"


def as_quotation(said: Message) -> str:
    """The message as text for an assistant; each line is quoted, since people write names and notes."""
    lines = [clean(line) for line in said.text.splitlines()]
    text = "\n".join(lines)
    for entity, sign in _ENTITIES:
        text = text.replace(entity, sign)
    return "\n".join([_LEAD, *(f"> {line}" for line in text.splitlines())])


def without_controls(said: Message, instead: str) -> list[Block]:
    """The blocks without buttons and menus, which lead nowhere there; links stay.

    `instead` is the command that gives the message with its buttons; it is named where some were taken that
    do more than share the answer.
    """
    kept: list[Block] = []
    taken = False
    for block in said.blocks:
        elements = block.get("elements", []) if block["type"] == "actions" else []
        links = [each for each in elements if each.get("url")]
        taken |= any(not each.get("url") and each["action_id"] != SHARE for each in elements)
        if block["type"] == "actions" and not links:
            continue
        shown: dict[str, Any] = block | {"elements": links} if elements else dict(block)
        if "accessory" in shown and not shown["accessory"].get("url"):
            del shown["accessory"]
            taken = True
        kept.append(shown)
    return [*kept[:49], *([context(f"With buttons: type {code(instead)}")] if taken else [])]
