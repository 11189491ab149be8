"""Changes of Connect users, from CloudTrail's event to the number: the real function in simulated time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sandbox.aws.connect_stand_in import Refusal
from sandbox.aws.sample_people import people
from tests.stand_ins.changes_to_numbers import Place, place
from tests.stand_ins.connect import modify

OLD, NEW = 5, 500
EVERYBODY = people(OLD + NEW)
ADA, BOB = EVERYBODY[OLD], EVERYBODY[OLD + 1]
MOST_SECONDS = 120


@contextmanager
def numbered(extensions: str = "0000-0009") -> Iterator[Place]:
    """Five agents, each with a number. No fixture: pytest names each phase of a test in the environment."""
    with place(EVERYBODY[:OLD], extensions) as made:
        made.hourly(0)
        made.timeline.play()
        made.syncs = 0
        made.connect.reset()
        yield made
        assert made.connect.throttled == 0
        assert made.queue.dead == []


def test_a_new_user_has_a_number_within_the_window_and_a_sync() -> None:
    with numbered() as here:
        made = here.timeline.now
        here.create(ADA, made)
        here.timeline.play()
        assert 30 <= here.numbered[ADA.id] - made <= 60
        assert here.syncs == 1


@pytest.mark.guarantee(17)
def test_a_change_that_a_run_at_work_did_not_see_makes_another_one() -> None:
    with numbered() as here:
        here.write_seconds = 15
        modify(here.connect, OLD)
        hourly = here.timeline.now
        here.hourly(hourly)
        here.create(ADA, hourly + 1)
        here.timeline.play()
        assert here.queue.invocations == 2
        assert 30 < here.numbered[ADA.id] - (hourly + 1) <= MOST_SECONDS
        assert here.syncs == 2


@pytest.mark.guarantee(17)
def test_500_users_made_in_a_minute_make_a_handful_of_syncs_and_nobody_is_missed() -> None:
    with numbered("0000-0511") as here:
        start = here.timeline.now + 5
        made = {person.id: start + nth * 60 / NEW for nth, person in enumerate(EVERYBODY[OLD:])}
        for person in EVERYBODY[OLD:]:
            here.create(person, made[person.id])
        here.hourly(start + 31)
        here.timeline.play()
        assert here.syncs <= 10
        assert max(here.numbered[agent_id] - at for agent_id, at in made.items()) <= MOST_SECONDS
        numbers = here.holders()
        assert len(numbers) == len(set(numbers.values())) == OLD + NEW


def test_events_that_come_late_and_twice_change_nothing_more() -> None:
    with numbered() as here:
        here.create(ADA, here.timeline.now, events=(0, 0, 1, 300))
        here.timeline.play()
        numbers, syncs = here.holders(), here.syncs
        here.queue.send("{}")
        here.timeline.play()
        assert (here.holders(), here.syncs) == (numbers, syncs + 1)


@pytest.mark.guarantee(17)
def test_events_out_of_order_end_with_what_connect_says() -> None:
    with numbered() as here:
        start = here.timeline.now
        # Bob was made and removed, and it is heard the other way round.
        here.create(BOB, start, events=(50,))
        here.delete(BOB, start + 20)
        here.create(ADA, start + 10, events=(70, 5))
        here.timeline.play()
        assert ADA.id in here.holders()
        assert BOB.id not in here.holders()


@pytest.mark.guarantee(17)
def test_a_sync_that_failed_is_asked_for_again() -> None:
    with numbered() as here:
        ends = here.timeline.now + 45

        def fails(_: str, __: int) -> None:
            if here.timeline.now < ends:
                raise Refusal(503, "InternalServiceException", "Connect is down.")

        here.connect.hook = fails
        made = here.timeline.now
        here.create(ADA, made)
        here.timeline.play()
        assert here.numbered[ADA.id] - made <= 30 + 60 + 30 + 10
