"""Text from outside, made safe to show wherever it goes. Pure."""

from __future__ import annotations

# Marks, embeddings, overrides and isolates by which a text can show in another order than it is written.
_BIDIRECTIONAL = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_CONTROL = (*range(0x20), *range(0x7F, 0xA0))
_SEPARATORS = (*range(0x09, 0x0E), *range(0x1C, 0x20), 0x85, 0x2028, 0x2029)
_DROPPED: dict[int, str] = dict.fromkeys((*_CONTROL, *_BIDIRECTIONAL, *range(0xD800, 0xE000)), "")
_CLEAN = _DROPPED | dict.fromkeys(_SEPARATORS, " ")


def clean(text: str) -> str:
    """The text without control characters and bidirectional overrides; a break of a line becomes a space.

    Names, usernames, teams and notes come in through this one function, and rows of the table do, too.
    """
    return text if text.isprintable() else text.translate(_CLEAN).strip()
