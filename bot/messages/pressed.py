"""A message whose button was pressed: it goes on to say who pressed it, and what came of that."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from bot.messages.blocks import Block, Message, message

_MOST_BLOCKS, _MOST_CHARACTERS = 50, 12_000


class Pressed(Struct, frozen=True):
    """The blocks of a message, and the number of the row in which the button stood."""

    blocks: tuple[Block, ...]
    row: int

    @classmethod
    def of(cls, blocks: Sequence[Any], block_id: str) -> Pressed | None:
        """Find the row of the button; None where Slack did not send the message, as for private ones."""
        rows = [row for row, block in enumerate(blocks) if block.get("block_id") == block_id]
        return cls(tuple(blocks), rows[0]) if rows and block_id else None

    def write(self) -> str:
        """The value as text, for a job."""
        return json.dumps([self.row, *self.blocks], ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, text: str) -> Pressed:
        """Read such a text."""
        row, *blocks = json.loads(text)
        return cls(tuple(blocks), row)

    def unchanged(self) -> Message:
        """The message with its buttons, as it was."""
        return message(*self.blocks)

    def saying(self, said: Message) -> Message:
        """The message with these words in place of the row; the words alone where both don't fit."""
        blocks = (*self.blocks[: self.row], *said.blocks, *self.blocks[self.row + 1 :])
        fits = len(blocks) <= _MOST_BLOCKS and len(json.dumps(blocks)) <= _MOST_CHARACTERS
        return message(*blocks) if fits else said
