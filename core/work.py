"""The kinds of work that is claimed before it is done. Pure."""

from __future__ import annotations

from enum import Enum


class Work(Enum):
    """The beginning of the names of a kind of work, and whether a member's id is in them."""

    JOB = "job", False
    START = "start", False
    PRESS = "press", False
    SUMMARY = "summary", False
    MISSED_CALL = "missed", False
    DECISION = "request", False
    ANSWER = "slack", True
    REQUEST = "ask", True
    RIVAL = "rival", True
    MESSAGE = "message", True  # a row of its own kind beside the claims

    def __init__(self, prefix: str, of_member: bool) -> None:
        self.prefix, self.of_member = f"{prefix}-", of_member

    def named(self, *parts: object) -> str:
        """The name of one piece of work of this kind."""
        return self.prefix + "-".join(map(str, parts))
