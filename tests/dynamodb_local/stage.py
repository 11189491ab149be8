"""What racing processes share: one clock that moves only when told, and whose turn it may be.

Nothing here waits for real time to pass: who is paused waits until another run has taken over the
lease, and who found the lease taken waits until that can have changed. A wait that nobody ends is a
failure after `PATIENCE` seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from multiprocessing.context import ForkServerContext

BEGINNING = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
PATIENCE = 90.0


class Stage:
    """Shared by all processes; made once and handed to each when it starts."""

    def __init__(self, context: ForkServerContext, processes: int) -> None:
        self._changed = context.Condition()
        self._seconds = context.RawValue("q", 0)
        self._newest_token = context.RawValue("q", 0)
        self._turn = context.RawValue("q", 0)
        self._start = context.Barrier(processes)

    def reset(self) -> None:
        """Back to the beginning, for another race."""
        with self._changed:
            self._seconds.value = self._newest_token.value = self._turn.value = 0

    def start_together(self) -> None:
        """Wait until every process is here."""
        self._start.wait(PATIENCE)

    def now(self) -> datetime:
        """The clock of every run."""
        return BEGINNING + timedelta(seconds=self._seconds.value)

    def pass_time(self, seconds: int) -> None:
        """Move the clock. Whoever found the lease taken may try again."""
        with self._changed:
            self._seconds.value += seconds
            self._next_turn()

    def turn(self) -> int:
        """A number that changes whenever a taken lease may have become free."""
        turn: int = self._turn.value
        return turn

    def run_ended(self) -> None:
        """A run gave the lease back, or lost it."""
        with self._changed:
            self._next_turn()

    def won(self, token: int) -> None:
        """A run has taken the lease."""
        with self._changed:
            self._newest_token.value = max(token, self._newest_token.value)
            self._changed.notify_all()

    def wait_for_turn_after(self, turn: int) -> None:
        """Wait until the lease may be free again."""
        self._wait(lambda: self._turn.value != turn, "no run ended")

    def wait_for_successor(self, token: int) -> None:
        """Wait until another run has taken over the lease with this token."""
        self._wait(lambda: self._newest_token.value > token, f"nobody took over lease {token}")

    def _next_turn(self) -> None:
        self._turn.value += 1
        self._changed.notify_all()

    def _wait(self, condition: Callable[[], bool], otherwise: str) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), otherwise
