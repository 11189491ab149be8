"""The row of counts, which every transaction with history adds to, and how to tell that it is whole.

An older version writes history without counting, and a transaction that has no room for the row leaves it for
the end of its run. So the row has the name of the transaction that wrote it last, and each transaction says
on the lease row, beside its own name, which row of counts is whole as of it. Where the two differ, the
history is counted anew.
"""

from __future__ import annotations

import re

import msgspec

from core.aws.rows import COUNTS, Item, text_of, to_item, to_key
from core.counts import Counts

# A row holds 400 KB. Counts that do not fit are not kept: then each reading counts the history.
_MOST_BYTES = 300_000
_MONTH, _DAY = re.compile(r"\d{4}-\d\d"), re.compile(r"\d{4}-\d\d-\d\d")
_NUMBERS = re.compile(r"(?:(?:[+-](?:\d{1,6}-\d{1,6}|\d+)|\d*>\d+)(?: |\Z))*")


def whole(transaction: str, counts: str) -> str:
    """The text by which the lease row says that this row of counts is whole as of a transaction."""
    return f"{transaction} {counts}"


def counts_in(row: Item, lease: Item) -> Counts | None:
    """The counts of the row; None where they are not whole, or can't be read."""
    if not _is_whole(row, lease):
        return None
    try:
        counts = msgspec.json.decode(text_of(row, "counts"), type=Counts)
    except msgspec.DecodeError:
        return None
    sound = all(_DAY.fullmatch(day) and _NUMBERS.fullmatch(text) for day, text in counts.days.items())
    return counts if sound else None


def indexed_since(row: Item, lease: Item) -> str:
    """The first month from which on the index of lost names is whole; "" for none.

    It is so while the counts are whole: both lack what an older version writes.
    """
    month = text_of(row, "lost")
    return month if _is_whole(row, lease) and _MONTH.fullmatch(month) else ""


def _is_whole(row: Item, lease: Item) -> bool:
    name, written = text_of(row, "written"), text_of(lease, "written")
    return bool(name) and text_of(lease, "counted") == whole(written, name)


def row_of(counts: Counts, transaction: str, lost: str = "") -> Item | None:
    """The row as a transaction writes it; None where it is too large to be kept.

    `lost` is the first month from which on the index of lost names is whole, "" for none.
    """
    text = msgspec.json.encode(counts).decode()
    if len(text) > _MOST_BYTES:
        return None
    row = {"counts": text, "written": transaction} | ({"lost": lost} if lost else {})
    return to_key(COUNTS) | to_item(row)
