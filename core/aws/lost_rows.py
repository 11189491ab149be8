"""The index of names that people lost: for each word of a name and each month, a row with the losses.

A row can hold 400 KB. One of a word that is in the names of many has the newest losses only, and says so by
the attribute `cut`. The row of counts has the first month from which on the index is whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from core.aws.rows import Key, lost_key, to_item, to_key
from core.models import HistoryEntry
from core.search.names import readings_of, words_of

# Of one word and month; and the words of one name, the longest: a transaction holds 100 items.
MOST_LOST, MOST_WORDS = 300, 20


def keys_of(entry: HistoryEntry) -> list[Key]:
    """The keys of the rows that have a loss. The domain of emails has none: everybody has it."""
    name, login = entry.before or entry.label, entry.username.partition("@")[0]
    words = {word.text for word in words_of(f"{name.partition('@')[0]} {login}")} | {login.casefold()}
    words.update(word for reading in readings_of(entry.before or entry.name) for word in reading)
    longest = sorted(filter(str.isalnum, words), key=lambda word: (-len(word), word))[:MOST_WORDS]
    return [lost_key(word, entry.at[:7]) for word in longest]


def rows_of_losses(lines: Iterable[tuple[HistoryEntry, str]]) -> dict[Key, list[str]]:
    """The losses as JSON by the key of their row, from losses with their JSON, oldest first."""
    rows: dict[Key, list[str]] = {}
    for entry, line in lines:
        for key in keys_of(entry):
            rows.setdefault(key, []).append(line)
    return rows


def row_of_losses(key: Key, lines: list[str]) -> dict[str, Any]:
    """The row with these losses, or with the newer half of its most."""
    full = len(lines) >= MOST_LOST
    newest = lines[-MOST_LOST // 2 :] if full else lines
    item = to_key(key) | {"lines": {"L": [{"S": line} for line in newest]}}
    return item | (to_item({"cut": "yes"}) if full else {})
