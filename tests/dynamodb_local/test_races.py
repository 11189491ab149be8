"""Sixteen processes at one table. What must hold is held at every moment a sampler caught, and after."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import chain
from queue import Empty, SimpleQueue
from typing import Any

import pytest
from msgspec.structs import replace

from core.models import ChangeKind
from sandbox.aws.connect_stand_in import ConnectStandIn
from sandbox.aws.connect_users import Person
from sandbox.aws.sample_people import people
from tests.dynamodb_local.checks import (
    assert_interrupted,
    assert_serial,
    digits,
    history,
    numbers,
    one_sync,
)
from tests.dynamodb_local.crew import PROCESSES, Interruption, Order, Place, Seen, Work
from tests.dynamodb_local.sampler import Sampler, all_rows, sampling, wrong_at_rest
from tests.dynamodb_local.tables import fill
from tests.stand_ins.connect import HookedConnect

pytestmark = pytest.mark.dynamodb_local

Race = Callable[[Place, list[Work]], list[Seen]]

WRITING, WRITTEN = "before-send.dynamodb.TransactWriteItems", "after-call.dynamodb.TransactWriteItems"
READING, LEASED = "before-send.dynamodb.Query", "after-call.dynamodb.UpdateItem"
# Which lease is interrupted, and where. The first runs have much to write: five of them are sure to lose
# the lease in the middle, before others may or may not ...
FIRST_RUNS = {
    1: Interruption(WRITING, nth=2),
    2: Interruption(WRITTEN, nth=1),
    3: Interruption(READING, nth=3),
    4: Interruption(LEASED),
    5: Interruption(WRITING, nth=2),
    6: Interruption(WRITING, waits=False),
    7: Interruption(LEASED, waits=False),
    8: Interruption(WRITING),
}
# ... later ones may have nothing but the report, and the race begins after lease 1.
LATER_RUNS = {
    2: Interruption(WRITING),
    3: Interruption(WRITING, waits=False),
    4: Interruption(READING),
    6: Interruption(LEASED),
    7: Interruption(WRITTEN, waits=False),
    9: Interruption(WRITING),
    12: Interruption(LEASED, waits=False),
    15: Interruption(WRITING),
}


@pytest.mark.guarantee(1)
def test_sixteen_first_syncs_number_everybody_once(url: str, client: Any, table: str, race: Race) -> None:
    with ConnectStandIn(people(450), quota=None) as connect:
        place = Place(url, connect.url, table, "0000-0599", FIRST_RUNS)
        with sampling(Sampler(client, table, digits(place.range))) as sampler:
            seen = race(place, [1] * PROCESSES)
    rows = all_rows(client, table)
    assert (sampler.wrong, sampler.samples > 0) == ([], True)
    assert wrong_at_rest(rows, digits(place.range)) == []
    assert_interrupted(seen, FIRST_RUNS)
    assert_serial(seen, rows)
    undisturbed = sorted(connect.people, key=lambda person: (person.username, person.id))
    assert numbers(rows) == {each.id: f"{number:04}" for number, each in enumerate(undisturbed)}
    assert history(rows) == {(each.username, ChangeKind.ASSIGNED): 1 for each in undisturbed}


def take_username(connect: ConnectStandIn, taker: Person, username: str) -> None:
    """Have the user with this id go on under another username."""
    connect.leave(taker.id)
    connect.join(replace(taker, username=username))


def come_and_go(connect: HookedConnect, newcomers: list[Person]) -> None:
    """Let something happen in Connect whenever a run begins to list the users.

    First somebody leaves, a user with a number takes over the username, and the leaver returns under another.
    """
    steps: SimpleQueue[tuple[Callable[..., None], tuple[Any, ...]]] = SimpleQueue()
    taker, leaver = connect.people[-2:]
    steps.put((connect.leave, (leaver.id,)))
    steps.put((take_username, (connect, taker, leaver.username)))
    steps.put((connect.join, (replace(leaver, username=f"{leaver.username}.again"),)))
    for leaver, joiner in zip(connect.people, newcomers, strict=False):
        steps.put((connect.leave, (leaver.id,)))
        steps.put((connect.join, (joiner,)))
        steps.put((connect.join, (leaver,)))
        steps.put((connect.rename, (joiner.id, "Alex", "Newname")))

    def step(operation: str, _: int) -> None:
        with suppress(Empty):
            if operation == "ListUsers":
                action, arguments = steps.get_nowait()
                action(*arguments)

    connect.hook = step


@pytest.mark.guarantee(3)
def test_nobodys_number_changes_while_people_come_and_go(
    url: str, client: Any, table: str, race: Race
) -> None:
    everybody = people(220)
    with HookedConnect(everybody[:200], quota=None) as connect:
        place = Place(url, connect.url, table, "000-299", LATER_RUNS)
        one_sync(place, client)
        before = numbers(all_rows(client, table))
        come_and_go(connect, everybody[200:])
        with sampling(Sampler(client, table, digits(place.range))) as sampler:
            seen = race(place, [2] * PROCESSES)
        assert_serial(seen, all_rows(client, table), first=2)
        connect.hook = None
        one_sync(place, client, minutes=600)
        rows = all_rows(client, table)
        again = one_sync(place, client, minutes=660)
    assert (sampler.wrong, sampler.samples > 0) == ([], True)
    assert_interrupted(seen, LATER_RUNS)
    assert wrong_at_rest(rows, digits(place.range)) == []
    assert numbers(rows).keys() == {person.id for person in connect.people}
    assert numbers(rows).items() >= {
        (agent, number) for agent, number in before.items() if agent in numbers(rows)
    }
    assert again.counts == {}


def admin_orders(agents: list[str]) -> list[Work]:
    """What half of the processes are asked for: to move, swap (several the same agents) and reserve."""
    orders = []
    for process in range(PROCESSES // 2):
        moves = [Order("move", f"25{process}", agents[process % 3]), Order("move", f"26{process}", agents[3])]
        moves.append(Order("swap", agent=agents[process % 3], other=agents[4 + process % 2]))
        kept = [Order("reserve", f"27{process}"), Order("reserve", f"28{process}")]
        orders.append((*moves, *kept, Order("unreserve", f"28{process}")))
    return [*orders]


@pytest.mark.guarantee(1)
def test_admins_and_syncs_never_undo_each_other(url: str, client: Any, table: str, race: Race) -> None:
    with ConnectStandIn(people(200), quota=None) as connect:
        place = Place(url, connect.url, table, "000-299", LATER_RUNS)
        one_sync(place, client)
        before = numbers(all_rows(client, table))
        moved = sorted(before)[:6]
        sampler = Sampler(client, table, digits(place.range), frozenset(moved))
        with sampling(sampler):
            seen = race(place, [*admin_orders(moved), *[2] * (PROCESSES // 2)])
    rows = all_rows(client, table)
    assert (sampler.wrong, sampler.samples > 0) == ([], True)
    assert wrong_at_rest(rows, digits(place.range)) == []
    assert_interrupted(seen, LATER_RUNS)
    assert_serial(seen, rows, first=2)
    orders = sorted(chain.from_iterable(each.did.items() for each in seen))
    expected = dict(before)
    for _, order in orders:
        if order.verb == "move":
            expected[order.agent] = order.extension
        elif order.verb == "swap":
            one, other = order.agent, order.other
            expected[one], expected[other] = expected[other], expected[one]
    assert numbers(rows) == expected
    assert {pk for pk, sk in rows if sk == "reserved"} == {f"27{each}" for each in range(PROCESSES // 2)}


def older_rows(everybody: list[Person]) -> list[tuple[str, str, str]]:
    """The older project's table, with its faults: one agent twice, 007 doubly, 301 not in the index."""
    rows = [(f"{number:03}", "agentID", person.username) for number, person in enumerate(everybody)]
    rows += [(f"{number:03}", "nu", f"{number:03}") for number in range(302, 400)]
    return [*rows, ("300", "agentID", everybody[5].username), ("007", "nu", "007"), ("301", "nu", "")]


@pytest.mark.guarantee(2)
def test_every_number_answers_while_sixteen_adopt_an_older_table(
    url: str, client: Any, table: str, race: Race
) -> None:
    everybody = people(300)
    fill(client, table, older_rows(everybody))
    sound = sorted(set(digits("000-399")) - {"005", "007", "300"})
    always = {f"{number:03}": each.username for number, each in enumerate(everybody) if number not in (5, 7)}
    with ConnectStandIn(everybody, quota=None) as connect:
        place = Place(url, connect.url, table, "000-399", FIRST_RUNS)
        with sampling(Sampler(client, table, sound, always=always)) as sampler:
            seen = race(place, [1] * PROCESSES)
    rows = all_rows(client, table)
    assert (sampler.wrong, sampler.samples > 0) == ([], True)
    assert wrong_at_rest(rows, digits(place.range)) == []
    assert_interrupted(seen, FIRST_RUNS)
    assert_serial(seen, rows)
    assert numbers(rows) == {person.id: f"{number:03}" for number, person in enumerate(everybody)}
