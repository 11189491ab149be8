"""Jobs: what travels from the Slack side to the sync function, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.jobs import Job, JobServices, Task, run_job, started
from bot.messages.button_values import Order
from core.admin import Agreed, HoldsInTheWay
from core.errors import LeaseTaken, Refused, Unavailable
from core.models import Change, ChangeKind, Free, Held, Reserved
from tests.bot.fakes import FakeClaims, FakeExports
from tests.bot.slack.bot import buttons
from tests.bot.slack.recorder import RecordingSlack
from tests.core.builders import Clock, held


def test_a_job_arrives_as_it_was_sent() -> None:
    job = Job(Task.RESERVE, by="U1", response_url="https://x", extension="0042", note="lobby", id="name")
    assert Job.from_event(job.to_event()) == job


@pytest.mark.parametrize("event", [{}, {"source": "aws.scheduler", "time": "now"}, {"job": None}, {"job": 1}])
def test_anything_else_is_a_plain_sync(event: dict[str, object]) -> None:
    assert Job.from_event(event) == Job(Task.SYNC, by="schedule")


@pytest.mark.parametrize(
    "fields",
    [
        {"task": "explode"},
        {"task": "sync", "colour": "red"},
        {"task": ["sync"]},
        {"task": {}},
        {"task": "move", "agent": 7},
        {"approved": True},
        {"response_url": None},
        {"note": ["a"]},
        {7: "x"},
    ],
)
def test_a_job_that_is_none_is_refused(fields: Any) -> None:
    with pytest.raises(Refused):
        Job.from_event({"job": fields})


@pytest.mark.parametrize("task", list(Task))
def test_every_job_is_acknowledged_in_words(task: Task) -> None:
    assert started(Job(task, extension="0042")).text


class FakeAdmin:
    """Reserves, and counts; fails the first `failing` times."""

    def __init__(self, failing: int = 0) -> None:
        self.failing = failing
        self.reserved: list[str] = []

    def reserve(self, extensions: list[str], note: str, by: str, ends_holds: Agreed) -> tuple[Change, ...]:
        if self.failing:
            self.failing -= 1
            raise Unavailable("The table does not answer.")
        self.reserved += extensions
        after = Reserved(extensions[0], note)
        return (Change(ChangeKind.RESERVED, extensions[0], None, after, note),)


@pytest.fixture
def slack() -> Iterator[RecordingSlack]:
    with RecordingSlack() as recording:
        yield recording


class RefusingAdmin(FakeAdmin):
    """Refuses, or finds the lease taken."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def reserve(self, extensions: list[str], note: str, by: str, ends_holds: Agreed) -> tuple[Change, ...]:
        raise self.error


def services(admin: FakeAdmin, slack: RecordingSlack) -> JobServices:
    made: Any = admin
    return JobServices(lambda: made, lambda: made, FakeExports(), FakeClaims(), Clock(), len, slack.url)


def reserve(slack: RecordingSlack, **more: str) -> Job:
    url = more.pop("response_url", slack.response_url)
    return Job(Task.RESERVE, "U1", url, extension="0042", id="name-1", **more)


def test_a_job_that_comes_twice_is_done_once_and_told_once(slack: RecordingSlack) -> None:
    admin = FakeAdmin()
    given = services(admin, slack)
    assert run_job(reserve(slack), given)["reserved"] == "0042"
    assert run_job(reserve(slack), given) == {"repeated": "name-1"}
    assert (admin.reserved, len(slack.sent("response"))) == (["0042"], 1)


def test_a_job_that_failed_is_done_when_it_comes_again(slack: RecordingSlack) -> None:
    given = services(FakeAdmin(failing=1), slack)
    with pytest.raises(Unavailable):
        run_job(reserve(slack), given)
    assert run_job(reserve(slack), given)["reserved"] == "0042"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("0042 is reserved already: lobby"), "0042 is reserved already: lobby"),
        (
            LeaseTaken("Another run has the lease.", "U0BOSS", "2026-11-22T09:30:00Z"),
            "Nothing was changed. A sync or a change of <@U0BOSS> is running since 09:30 UTC",
        ),
    ],
)
def test_a_mistake_and_a_taken_lease_are_told_in_words_and_look_like_no_crash(
    slack: RecordingSlack, error: Exception, said: str
) -> None:
    assert "refused" in run_job(reserve(slack), services(RefusingAdmin(error), slack))
    (told,) = slack.sent("response")
    assert told["text"].startswith(said)
    assert "Reference" not in str(told)
    assert "2026-11-22T" not in str(told)


def test_a_forged_address_gets_no_answer_and_the_job_is_done(slack: RecordingSlack) -> None:
    admin = FakeAdmin()
    forged = reserve(slack, response_url=slack.response_url.replace("127.0.0.1", "localhost"))
    run_job(forged, services(admin, slack))
    assert (admin.reserved, slack.calls) == (["0042"], [])


class Holding:
    """A number that is held: reserving it or ending the hold takes the consent to this hold."""

    def __init__(self, hold: Held) -> None:
        self.hold = hold
        self.did: list[str] = []

    def reserve(self, extensions: list[str], note: str, by: str, agreed: Agreed) -> tuple[Change, ...]:
        return self.free(extensions[0], by, agreed)

    def free(self, extension: str, by: str, agreed: Agreed) -> tuple[Change, ...]:
        if not agreed(self.hold):
            raise HoldsInTheWay("0042 is held.", [self.hold])
        self.did.append(extension)
        return (Change(ChangeKind.FREED, "0042", self.hold, Free("0042"), "was held"),)


@pytest.mark.parametrize(
    ("task", "what"), [(Task.FREE, "End 1 hold"), (Task.RESERVE, "End 1 hold and reserve")]
)
def test_a_hold_is_asked_about_and_ends_by_the_button_and_no_other_hold_does(
    slack: RecordingSlack, task: Task, what: str
) -> None:
    admin: Any = Holding(held("0042", "cem", name="Cem"))
    given = services(admin, slack)
    job = Job(task, "U1", slack.response_url, extension="0042", note="desk")
    assert "refused" in run_job(job, given)
    (asked,) = slack.sent("response")
    assert "0042 for Cem until" in asked["text"]
    order = Order.read(buttons(asked)[what]["value"])
    assert (order.extension, order.note, admin.did) == ("0042", "desk", [])
    admin.hold = held("0042", "dot")
    assert "refused" in run_job(replace(job, holds=order.holds), given)
    admin.hold = held("0042", "cem", name="Cem")
    run_job(replace(job, holds=order.holds), given)
    assert admin.did == ["0042"]
