"""The lease and the client token, on AWS's own engine, one step at a time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from core.errors import LeaseLost, LeaseTaken
from core.models import Change, ChangeKind, Free, Report
from core.ports import Lease
from sandbox.aws.connect_stand_in import ConnectStandIn
from sandbox.aws.sample_people import people
from tests.dynamodb_local.checks import digits, history, ledger_of, numbers, one_sync
from tests.dynamodb_local.crew import Place
from tests.dynamodb_local.sampler import all_rows, wrong_at_rest
from tests.dynamodb_local.tables import client_of

pytestmark = pytest.mark.dynamodb_local

FILLING = Change(ChangeKind.FILLED, "07", None, Free("07"), "new in the range")


@pytest.fixture
def place(url: str, table: str) -> Place:
    return Place(url, "", table, "00-99")


def test_a_second_run_is_told_who_has_the_lease_and_since_when(place: Place, client: Any) -> None:
    ledger_of(place, client).acquire("run-1", "U123")
    with pytest.raises(LeaseTaken, match=r"run-1, started by U123 at 2026-11-22T09:30:00Z"):
        ledger_of(place, client, minutes=2).acquire("run-2", "schedule")


def test_a_lease_given_back_is_free_and_its_token_is_never_used_again(place: Place, client: Any) -> None:
    writer = ledger_of(place, client)
    writer.acquire("run-1", "schedule")
    writer.finish(None)
    assert ledger_of(place, client).acquire("run-2", "schedule") == Lease("run-2", 2)


@pytest.mark.guarantee(13)
def test_a_lease_left_by_a_clock_that_is_days_ahead_can_be_taken(place: Place, client: Any) -> None:
    ledger_of(place, client, minutes=7 * 24 * 60).acquire("run-1", "schedule")
    assert ledger_of(place, client).acquire("run-2", "schedule") == Lease("run-2", 2)


AFTERWARDS: dict[str, Callable[[Any], None]] = {
    "renew": lambda writer: writer.renew(),
    "write": lambda writer: writer.apply([FILLING], lambda _: None),
    "report": lambda writer: writer.finish(Report("run-1", "schedule", "", 0)),
    "give back": lambda writer: writer.finish(None),
}


@pytest.mark.guarantee(13)
@pytest.mark.parametrize("action", AFTERWARDS)
def test_who_lost_the_lease_can_do_nothing_more(place: Place, client: Any, action: str) -> None:
    late = ledger_of(place, client)
    late.acquire("run-1", "schedule")
    late.read()
    ledger_of(place, client, minutes=3).acquire("run-2", "schedule")
    before = all_rows(client, place.table)
    with pytest.raises(LeaseLost, match="run-1"):
        AFTERWARDS[action](late)
    assert all_rows(client, place.table) == before


class LostAnswers:
    """Loses the first answer to every write, after it took effect: botocore has to ask again."""

    def __init__(self, client: Any) -> None:
        self.lost = 0
        self._again = False
        for operation in ("TransactWriteItems", "UpdateItem"):
            client.meta.events.register_first(f"needs-retry.dynamodb.{operation}", self._lose)

    def _lose(self, **_: Any) -> int | None:
        self._again = not self._again
        self.lost += self._again
        return 0 if self._again else None


@pytest.mark.guarantee(15)
def test_writes_whose_answers_are_lost_are_done_once(url: str, table: str, client: Any) -> None:
    with ConnectStandIn(people(120), quota=None) as connect:
        place = Place(url, connect.url, table, "000-199")
        deaf = client_of("dynamodb", url)
        answers = LostAnswers(deaf)
        report = one_sync(place, deaf)
    rows = all_rows(client, table)
    assert answers.lost > 4
    assert report.counts == {ChangeKind.ASSIGNED: 120, ChangeKind.FILLED: 80}
    assert wrong_at_rest(rows, digits(place.range)) == []
    assert len(numbers(rows)) == 120
    assert set(history(rows).values()) == {1}
    assert rows["sync", "last"]["sk_value"] == report.run_id
