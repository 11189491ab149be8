"""What travels from the Slack side to the sync function."""

from __future__ import annotations

import pytest

from bot.jobs import Job, Task, started
from core.errors import Refused


def test_a_job_arrives_as_it_was_sent() -> None:
    job = Job(Task.RESERVE, by="U1", response_url="https://x", extension="0042", note="lobby")
    assert Job.from_event(job.to_event()) == job


@pytest.mark.parametrize("event", [{}, {"source": "aws.scheduler", "time": "now"}, {"job": None}, {"job": 1}])
def test_anything_else_is_a_plain_sync(event: dict[str, object]) -> None:
    assert Job.from_event(event) == Job(Task.SYNC, by="schedule")


@pytest.mark.parametrize("fields", [{"task": "explode"}, {"task": "sync", "colour": "red"}])
def test_a_job_that_is_none_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(Refused):
        Job.from_event({"job": fields})


@pytest.mark.parametrize("task", list(Task))
def test_every_job_is_acknowledged_in_words(task: Task) -> None:
    assert started(Job(task, extension="0042")).text
