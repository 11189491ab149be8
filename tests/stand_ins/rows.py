"""The items of the stand-in's table, its index, and the order in which readings come upon them."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Iterator
from typing import Any

from tests.stand_ins.expressions import Invalid, Item, KeyPart, holds, key_parts_of, name_of

Key = tuple[str, str]
Found = tuple[dict[str, Any], Item, int]
INDEX = "skIndex"
# The hash and the range key of the table and of its index.
TABLE_KEYS, INDEX_KEYS = ("pk", "sk"), ("sk", "sk_value")


def size_of(item: Item) -> int:
    """The bytes of an item, as DynamoDB counts the types that the project uses."""
    size = 0
    for name, attribute in item.items():
        text = attribute.get("S")
        if text is None:
            size += len(name) + len(str(attribute))
        else:
            size += len(name) + (len(text) if text.isascii() else len(text.encode()))
    return size


class _Partitions:
    """Items by hash key, sorted within by whatever else their key has."""

    def __init__(self, names: tuple[str, ...]) -> None:
        self._names = names
        self._parts: dict[str, dict[tuple[str, ...], tuple[Item, int]]] = defaultdict(dict)
        self._sorted: dict[str, list[tuple[str, ...]]] = {}

    def put(self, item: Item, size: int) -> None:
        hash_key, *rest = (item[name]["S"] for name in self._names)
        self._sorted.pop(hash_key, None)
        self._parts[hash_key][tuple(rest)] = (item, size)

    def drop(self, item: Item) -> None:
        hash_key, *rest = (item[name]["S"] for name in self._names)
        self._sorted.pop(hash_key, None)
        self._parts[hash_key].pop(tuple(rest), None)

    def after(self, hash_key: str, start: dict[str, Any] | None, reverse: bool) -> Iterator[Found]:
        """The items of one partition, in order, after the position that a page ended at."""
        part = self._parts.get(hash_key, {})
        if hash_key not in self._sorted:
            self._sorted[hash_key] = sorted(part)
        keys = self._sorted[hash_key]
        if start is not None:
            at = tuple(start[name]["S"] for name in self._names[1:])
            keys = [key for key in keys if key < at] if reverse else keys[bisect_right(keys, at) :]
        for key in reversed(keys) if reverse else keys:
            item, size = part[key]
            yield {name: item[name] for name in self._names}, item, size


class Rows:
    """All items. Not safe under threads: the table's lock is around it."""

    def __init__(self, lag: int | None) -> None:
        self._items: dict[Key, tuple[Item, int]] = {}
        self._base = _Partitions(TABLE_KEYS)
        self._index = _Partitions((*INDEX_KEYS, "pk"))
        self._scan_order: list[tuple[bytes, Key]] | None = None
        self._pending: deque[tuple[Item | None, Item | None, int]] = deque()
        self._lag = lag

    def items(self) -> Iterator[tuple[Key, Item]]:
        """Everything, in no order."""
        return ((key, item) for key, (item, _) in self._items.items())

    def get(self, key: Key) -> Item | None:
        """The item of a key."""
        found = self._items.get(key)
        return found[0] if found else None

    def write(self, key: Key, new: Item | None) -> None:
        """Put the item, or take away what is there."""
        old = self.get(key)
        if (old is None) is not (new is None):
            self._scan_order = None
        size = size_of(new) if new else 0
        if new is not None:
            self._items[key] = (new, size)
            self._base.put(new, size)
        elif old is not None:
            del self._items[key]
            self._base.drop(old)
        self._pending.append((old, new, size))
        self._catch_up()

    def lag(self, writes: int | None) -> None:
        """How many writes the index may be behind; None: any number."""
        self._lag = writes
        self._catch_up()

    def _catch_up(self) -> None:
        while self._lag is not None and len(self._pending) > self._lag:
            old, new, size = self._pending.popleft()
            if old is not None and "sk_value" in old:
                self._index.drop(old)
            if new is not None and "sk_value" in new:
                self._index.put(new, size)

    def query(self, asked: dict[str, Any]) -> Iterator[Found]:
        """What a Query comes upon, from its start key on."""
        index = asked.get("IndexName")
        if index not in (None, INDEX):
            raise Invalid(f"The table does not have the specified index: {index}")
        if index and asked.get("ConsistentRead"):
            raise Invalid("Consistent reads are not supported on global secondary indexes")
        values, names = asked["ExpressionAttributeValues"], asked.get("ExpressionAttributeNames", {})
        parts = [
            KeyPart(name_of(part.name, names), part.how, part.value)
            for part in key_parts_of(asked["KeyConditionExpression"])
        ]
        hash_name, range_name = INDEX_KEYS if index else TABLE_KEYS
        if parts[0].name != hash_name or parts[0].how != "=" or {p.name for p in parts[1:]} - {range_name}:
            raise Invalid(f"Query condition missed key schema element: {hash_name}")
        found = (self._index if index else self._base).after(
            values[parts[0].value]["S"],
            asked.get("ExclusiveStartKey"),
            asked.get("ScanIndexForward") is False,
        )
        return (
            each
            for each in found
            if all(holds(part.how, each[1][part.name], values[part.value]) for part in parts[1:])
        )

    def scan(self, asked: dict[str, Any]) -> Iterator[Found]:
        """What a Scan comes upon: everything, in an order that tells nothing, but is always the same."""
        if self._scan_order is None:
            self._scan_order = sorted((_shuffled(key[0]), key) for key in self._items)
        order, start = _part(self._scan_order, asked), asked.get("ExclusiveStartKey")
        if start is not None:
            key = (start["pk"]["S"], start["sk"]["S"])
            order = order[bisect_right(order, (_shuffled(key[0]), key)) :]
        for _, key in order:
            item, size = self._items[key]
            yield {name: item[name] for name in TABLE_KEYS}, item, size


def _part(order: list[tuple[bytes, tuple[str, str]]], asked: dict[str, Any]) -> list[Any]:
    """The rows of one segment: those of a pk are all in the same. Raises Invalid where there is no such."""
    segment, segments = asked.get("Segment", 0), asked.get("TotalSegments", 1)
    if not segment < segments:
        raise Invalid("The Segment parameter is zero-based and must be less than parameter TotalSegments")
    return order if segments == 1 else [each for each in order if each[0][0] % segments == segment]


def _shuffled(pk: str) -> bytes:
    return hashlib.blake2b(pk.encode(), digest_size=8).digest()
