"""The moment until which the answer to a request is waited for.

Lambda stops a container after its answer, and goes on with what was left at the next request, maybe an hour
later: work that has not begun by then must not begin.
"""

from __future__ import annotations

import math
import time
from contextvars import ContextVar

from core.errors import Unavailable

_until: ContextVar[float] = ContextVar("until", default=math.inf)


def answer_until(moment: float) -> None:
    """Keep when the answer to this thread's request is given up: a time of `time.monotonic`."""
    _until.set(moment)


class TooLate(Unavailable):
    """When the requester was told that the answer takes too long, and nothing was begun."""


def check_deadline() -> None:
    """Raise TooLate once the answer to this thread's request was given up."""
    if time.monotonic() >= _until.get():
        raise TooLate("Nothing was started: it took longer than Slack lets me wait.")
