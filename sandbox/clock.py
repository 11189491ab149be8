"""The clock of the sandbox: the real time, moved forward for the whole process.

time-machine moves the functions below all clocks of the process, so the bot, moto, the stand-ins, signatures
and leases read the moved time. The product has no part in it.
"""

from __future__ import annotations

import time
from contextlib import ExitStack
from typing import Self

import time_machine

DAY = 24 * 3600


class Clock:
    """Real time until it is moved; real time again at the end of the context."""

    def __init__(self) -> None:
        self._days = 0.0
        self._moved = ExitStack()

    def forward(self, days: float) -> None:
        """Move the time; it goes on from there as always."""
        self._moved.close()
        self._days += days
        self._moved.enter_context(time_machine.travel(time.time() + self._days * DAY))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._moved.close()
