"""What the Slack side asks of the sync function, as an event and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from core.errors import Refused


class Task(StrEnum):
    """The kinds of work that change numbers."""

    SYNC = "sync"
    PLAN = "plan"
    RESERVE = "reserve"
    UNRESERVE = "unreserve"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work for the sync function.

    `by` is the Slack user id of who asked, "schedule" for nobody. `response_url` is where the answer
    goes, "" for nowhere. `approved` is the approval of withheld releases; `agent` (a user id),
    `extension` and `note` belong to the admin tasks.
    """

    task: Task = Task.SYNC
    by: str = "schedule"
    response_url: str = ""
    approved: str = ""
    agent: str = ""
    extension: str = ""
    note: str = ""

    def to_event(self) -> dict[str, Any]:
        """The job as the event of the sync function."""
        return {"job": {name: value for name, value in asdict(self).items() if value}}

    @classmethod
    def from_event(cls, event: Mapping[str, Any]) -> Job:
        """Read an event; anything that is no job of ours, such as a schedule's, is a plain sync."""
        fields = event.get("job")
        if not isinstance(fields, Mapping):
            return cls()
        try:
            return cls(**{**fields, "task": Task(fields.get("task", Task.SYNC))})
        except (TypeError, ValueError) as error:
            raise Refused(f"The event does not describe a job: {error}") from error
