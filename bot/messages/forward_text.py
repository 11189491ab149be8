"""Words about forwards: how one is made, and what is missing in one."""

from __future__ import annotations

from bot.messages.blocks import Message, code, message, section
from core.asking.lookup import Examples


def how_to_forward(examples: Examples) -> Message:
    """The way to forward one's calls."""
    return message(
        section(
            f":telephone_receiver: Type {code(f'/ext forward {examples.name} until friday')}, "
            "`for 2 hours` or `until 5 pm`. `/ext forward off` ends it before."
        )
    )
