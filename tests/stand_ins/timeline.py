"""Simulated time: what happens when, and runs of real code that take simulated seconds.

One thing happens at a time. A run is a thread of its own, which the timeline lets go on until it pauses or
ends; so the order of all that happens is the same each time, and no real second is spent in waiting.
"""

from __future__ import annotations

import heapq
import threading
from collections.abc import Callable
from itertools import count

_STUCK_SECONDS = 60


class Timeline:
    """Seconds since the beginning, and what is still to happen."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._rests = threading.Semaphore(0)

    def at(self, moment: float, happens: Callable[[], None]) -> None:
        """Let something happen at a moment; at once, if that has passed."""
        heapq.heappush(self._due, (max(moment, self.now), next(self._order), happens))

    def play(self) -> None:
        """Let everything happen, and what comes of it, until nothing is left."""
        while self._due:
            self.now, _, happens = heapq.heappop(self._due)
            happens()

    def start(self, work: Callable[[], None]) -> None:
        """Run this until it pauses or ends. It must not raise."""

        def run() -> None:
            try:
                work()
            finally:
                self._rests.release()

        threading.Thread(target=run, daemon=True).start()
        self._wait()

    def pause(self, seconds: float) -> None:
        """Within a run: spend so many simulated seconds."""
        goes_on = threading.Event()
        self.at(self.now + seconds, lambda: self._resume(goes_on))
        self._rests.release()
        goes_on.wait(_STUCK_SECONDS)

    def _resume(self, goes_on: threading.Event) -> None:
        goes_on.set()
        self._wait()

    def _wait(self) -> None:
        if not self._rests.acquire(timeout=_STUCK_SECONDS):
            raise RuntimeError("A run neither pauses nor ends.")
