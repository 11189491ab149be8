"""The rows by which callers find names: written under the lease, and only those that have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from typing import Any, TypeVar

from core.aws.row_keys import names_key
from core.aws.rows import Item, Key, to_item, to_key
from core.calling.reach import ROW

T = TypeVar("T")

# Tells of every row of names what is in it, so that none has to be read.
LIST: Key = ("names", "rows")
# A transaction holds 100 items; two are the lease and the list. A row can hold 200 KB, a transaction 4 MB.
_MOST, _MOST_BYTES = 98, 3_000_000


def edits(rows: Mapping[str, str], listed: Item, table: str) -> Iterator[list[dict[str, Any]]]:
    """The writes that make these the rows of names, as transactions without the lease.

    `listed` is the item of the list. Each transaction says in it what the table holds from then on. A list
    that is odd says nothing of the table: then every row there may be is written or removed.
    """
    known = listed_digests(listed.get("rows", {})) if listed else {}
    if known is None:
        known = {f"{keys:0{ROW}}": "" for keys in range(10**ROW)}
    wanted = {keys: blake2b(text.encode(), digest_size=6).hexdigest() for keys, text in rows.items()}
    changed = sorted(keys for keys in {*known, *wanted} if known.get(keys) != wanted.get(keys))
    for some in parts(changed, rows):
        for keys in some:
            known.pop(keys, None)
            known |= {keys: wanted[keys]} if keys in wanted else {}
        yield [*(_write(keys, rows, table) for keys in some), _list_of(known, table)]


def listed_digests(value: Mapping[str, Any]) -> dict[str, str] | None:
    """The digests in the list's attribute by the keys of the rows of names; None where it is odd."""
    entries = [entry.split(":") for entry in value.get("S", "").split()]
    return dict(entries) if "S" in value and all(len(entry) == 2 for entry in entries) else None


def parts(changed: Iterable[T], rows: Mapping[T, Iterable[str]]) -> Iterator[list[T]]:
    """The keys, as many at a time as a transaction holds with the lease and another row."""
    part: list[T] = []
    size = 0
    for keys in changed:
        more = sum(map(len, rows.get(keys, "")))
        if part and (len(part) == _MOST or size + more > _MOST_BYTES):
            yield part
            part, size = [], 0
        part.append(keys)
        size += more
    if part:
        yield part


def _write(keys: str, rows: Mapping[str, str], table: str) -> dict[str, Any]:
    key = to_key(names_key(keys))
    if keys not in rows:
        return {"Delete": {"TableName": table, "Key": key}}
    return {"Put": {"TableName": table, "Item": key | to_item({"people": rows[keys]})}}


def _list_of(known: Mapping[str, str], table: str) -> dict[str, Any]:
    row = {"rows": " ".join(f"{keys}:{digest}" for keys, digest in sorted(known.items()))}
    return {"Put": {"TableName": table, "Item": to_key(LIST) | to_item(row)}}
