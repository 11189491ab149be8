"""Pages of results for admins: rows with buttons, or lines, as many as fit a phone.

A button carries the words, and the answer to them stands in the place of the page before.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from msgspec import Struct

from bot.messages.blocks import Block, actions, button, context
from bot.messages.button_values import PageRef

ASKED, PREVIOUS, NEXT = "admin_asked", "admin_page_previous", "admin_page_next"
ROWS, LINES = 10, 20
_Item = TypeVar("_Item")


class Asked(Struct, frozen=True):
    """The words that were answered, and the page of the answer that is wanted. The first is 0."""

    words: str
    page: int = 0

    def part(self, items: Sequence[_Item], size: int) -> Sequence[_Item]:
        """The items of the page; those of the last one where the facts left fewer."""
        first = self._first(len(items), size)
        return items[first : first + size]

    def _first(self, total: int, size: int) -> int:
        return min(self.page, max(0, total - 1) // size) * size

    def turn(self, total: int, size: int) -> list[Block | None]:
        """The buttons below a page, and which of the items it shows; nothing where one page has all."""
        if total <= size:
            return []
        first = self._first(total, size)
        last = min(first + size, total)
        return [
            context(f"{first + 1:,} to {last:,} of {total:,}"),
            actions(
                button("Previous", PREVIOUS, self._value(first // size - 1)) if first else None,
                button("Next", NEXT, self._value(first // size + 1)) if last < total else None,
            ),
        ]

    def _value(self, page: int) -> str:
        return PageRef(self.words, page).write()


def ask_button(text: str, words: str, label: str) -> Block:
    """A button that asks something narrower."""
    return button(text, ASKED, PageRef(words).write(), label=label)
