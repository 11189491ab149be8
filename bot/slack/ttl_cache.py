"""A small cache in memory, for recent answers of Slack and Connect."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from msgspec import Struct

K = TypeVar("K")
V = TypeVar("V")

_MOST = 1000


class TtlCache(Struct, Generic[K, V]):
    """Values by key, each forgotten after `seconds`. `monotonic` is a clock in seconds."""

    seconds: float
    monotonic: Callable[[], float]
    _kept: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V | None:
        """The value that was put, unless it was too long ago."""
        found = self._kept.get(key)
        return found[1] if found and self.monotonic() - found[0] < self.seconds else None

    def put(self, key: K, value: V) -> V:
        """Remember the value, and return it."""
        if len(self._kept) >= _MOST:
            self._kept.clear()
        self._kept[key] = (self.monotonic(), value)
        return value
