from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from core.aws.connect import ConnectInstance
from core.errors import LeaseLost, Unavailable
from core.models import Agent, Roster, Snapshot, iso
from core.numbering.roster import MOST_CONFIRMED, MOST_DESCRIBED, Gathering
from core.ports import UserPage
from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.sample_people import people
from tests.core.builders import NOW, agent, assigned, table
from tests.core.fakes import FakeConnect, unavailable
from tests.stand_ins.connect import ConnectInProcess

JUST_NOW = iso(NOW - timedelta(minutes=1))
EARLIER = iso(NOW - timedelta(hours=5))


def agents(count: int) -> list[Agent]:
    return [agent(f"agent{number:04}") for number in range(count)]


def known(listed: Iterable[Agent]) -> Snapshot:
    """A table in which these agents have numbers and names."""
    return table(*(assigned(f"{number:04}", each.username) for number, each in enumerate(listed)))


def read(connect: FakeConnect, found: Snapshot) -> Roster:
    with Gathering(connect, lambda: found, NOW) as gathering:
        return gathering.roster()


def names(listing: Roster) -> dict[str, str]:
    return {each.username: each.name for each in listing.agents if each.name}


def requests(connect: FakeConnect) -> tuple[int, int, int]:
    """How many lists, searches and single reads."""
    asked = connect.requests
    return asked["list_users"], asked["search_users"], asked["describe_user"]


# How many requests


def test_with_nothing_new_the_listing_and_one_count_are_read() -> None:
    connect = FakeConnect(agents(30), page=10)
    listing = read(connect, known(agents(30)))
    assert (requests(connect), names(listing), listing.total) == ((3, 1, 0), {}, 30)


def test_one_modified_agent_is_described() -> None:
    connect = FakeConnect(agents(1200), page=500)
    connect.rename("id-agent0900", "Nina", EARLIER)
    listing = read(connect, known(agents(1200)))
    assert (requests(connect), names(listing)) == ((3, 1, 1), {"agent0900": "Nina"})


def test_more_modified_agents_than_pages_of_the_search_are_searched() -> None:
    connect = FakeConnect(agents(1200), page=500)
    for number in range(5):
        connect.rename(f"id-agent110{number}", "Nina", EARLIER)
    listing = read(connect, known(agents(1200)))
    assert (requests(connect), len(names(listing))) == ((3, 3, 0), 5)


def test_on_an_empty_table_every_page_of_the_search_is_read_and_nobody_described() -> None:
    connect = FakeConnect(agents(1200), page=500)
    listing = read(connect, table())
    assert (requests(connect), len(names(listing))) == ((3, 3, 0), 1200)


@pytest.mark.guarantee(19)
def test_whom_the_search_does_not_show_yet_is_described_up_to_a_limit() -> None:
    connect = FakeConnect([])
    connect.freeze_search()
    connect.join(*agents(MOST_DESCRIBED + 10))
    listing = read(connect, table())
    assert requests(connect) == (1, 1, MOST_DESCRIBED)
    assert "The names of 10 agents could not be read" in listing.warnings[0]


@pytest.mark.guarantee(16)
def test_a_leaver_is_confirmed_by_one_request() -> None:
    connect = FakeConnect(agents(30))
    connect.leave("id-agent0007")
    listing = read(connect, known(agents(30)))
    assert (requests(connect), listing.faults) == ((1, 1, 1), ())


@pytest.mark.guarantee(16)
def test_leavers_too_many_to_be_a_coincidence_are_not_confirmed() -> None:
    connect = FakeConnect(agents(30)[: 30 - MOST_CONFIRMED - 1])
    assert read(connect, known(agents(30))).faults == ()
    assert requests(connect) == (1, 1, 0)


# Names


@pytest.mark.guarantee(19)
def test_a_search_with_nothing_new_of_who_was_modified_just_now_is_not_the_last_word() -> None:
    connect = FakeConnect(agents(3))
    connect.freeze_search()
    for number in range(3):
        connect.rename(f"id-agent000{number}", "Nina", JUST_NOW)
    listing = read(connect, known(agents(3)))
    assert (names(listing), listing.warnings) == ({}, ())
    connect.indexed = None
    assert set(names(read(connect, known(agents(3)))).values()) == {"Nina"}


def test_agents_made_just_now_are_named_by_the_search_at_once() -> None:
    connect = FakeConnect([replace(each, modified=JUST_NOW) for each in agents(60)])
    listing = read(connect, table())
    assert (requests(connect), len(names(listing))) == ((1, 1, 0), 60)


def test_a_name_that_the_search_shows_of_a_new_agent_just_renamed_is_read_again() -> None:
    connect = FakeConnect(agents(3))
    connect.freeze_search()
    for number in range(3):
        connect.rename(f"id-agent000{number}", "Nina", JUST_NOW)
    assert {each.modified for each in read(connect, table()).agents} == {""}


def test_an_agent_deleted_in_between_stays_without_a_name() -> None:
    connect = FakeConnect(agents(2))
    connect.freeze_search()
    connect.join(agent("brief"))
    connect.describe_user = lambda agent_id: None  # type: ignore[method-assign]
    assert names(read(connect, known(agents(2)))) == {}


def named_so_far(connect: FakeConnect, found: Snapshot) -> list[int]:
    """How many names each of the partial rosters has."""
    with Gathering(connect, lambda: found, NOW) as gathering:
        return [len(names(partial)) for partial in gathering.partial_rosters()]


def test_while_many_names_are_read_the_roster_is_given_whenever_half_of_those_missing_have_come() -> None:
    assert named_so_far(FakeConnect(agents(4000), page=500), table()) == [2000, 3000, 3500]


def test_few_missing_names_are_awaited() -> None:
    assert named_so_far(FakeConnect(agents(1000), page=500), known(agents(500))) == []


def test_a_partial_roster_lists_everybody_and_is_no_ground_to_release_anybody() -> None:
    with Gathering(FakeConnect(agents(1200), page=500), table, NOW) as gathering:
        (partial,) = gathering.partial_rosters()
    assert (len(partial.agents), partial.total) == (1200, None)


# What goes wrong


def test_whom_the_listing_lost_while_the_count_lagged_is_a_fault_of_the_listing() -> None:
    connect = FakeConnect(agents(3)[:2])
    connect.freeze_search()
    connect.join(*agents(3))
    connect.spoil = lambda operation, nth, page: replace(page, agents=page.agents[:2])
    listing = read(connect, known(agents(3)))
    assert (len(listing.agents), listing.total) == (2, 2)
    assert listing.faults == ("Connect did not list Agent0002, and still knows them.",)


def test_a_leaver_who_cannot_be_confirmed_is_a_fault_of_the_listing() -> None:
    connect = FakeConnect(agents(3)[:2])
    connect.describe_user = unavailable  # type: ignore[method-assign,assignment]
    listing = read(connect, known(agents(3)))
    assert listing.faults == (
        "Whether the agents not listed are gone could not be confirmed: Connect is not answering properly.",
    )


def test_a_listing_that_cannot_begin_is_an_error() -> None:
    connect = FakeConnect(agents(3))
    connect.spoil = lambda operation, nth, page: unavailable() if operation == "list_users" else page
    with pytest.raises(Unavailable):
        read(connect, table())


def test_a_table_that_cannot_be_read_is_an_error() -> None:
    def read_table() -> Snapshot:
        raise Unavailable("The table is not answering properly.")

    connect = FakeConnect(agents(3))
    with Gathering(connect, read_table, NOW) as gathering, pytest.raises(Unavailable, match="The table"):
        gathering.roster()


def test_a_page_without_a_count_leaves_the_count_of_the_page_before() -> None:
    connect = FakeConnect(agents(3))
    pages = {"": UserPage(tuple(agents(2)), "a", 3), "a": UserPage((agents(3)[2],))}
    connect.search_users = pages.__getitem__  # type: ignore[method-assign,assignment]
    assert read(connect, table()).total == 3


def test_a_search_that_fails_leaves_the_count_unknown_and_describes_instead() -> None:
    connect = FakeConnect(agents(3))
    connect.spoil = lambda operation, nth, page: unavailable() if operation == "search_users" else page
    listing = read(connect, table())
    assert (listing.total, len(names(listing)), listing.faults) == (None, 3, ())


@pytest.mark.guarantee(19)
def test_names_that_could_not_be_read_are_a_warning() -> None:
    connect = FakeConnect(agents(3))
    connect.spoil = lambda operation, nth, page: unavailable() if operation == "search_users" else page
    connect.describe_user = unavailable  # type: ignore[method-assign,assignment]
    listing = read(connect, table())
    assert listing.warnings == (
        "The names of 3 agents could not be read; the next sync tries again. "
        "Connect is not answering properly.",
    )


def test_an_empty_page_that_carries_a_token_is_no_fault() -> None:
    connect = FakeConnect(agents(3), page=2)
    pages = {"": UserPage((), "a"), "a": UserPage(tuple(agents(3)))}
    connect.list_users = pages.__getitem__  # type: ignore[method-assign,assignment]
    listing = read(connect, known(agents(3)))
    assert (len(listing.agents), listing.faults) == (3, ())


def test_a_lease_lost_while_reading_ends_it() -> None:
    def lost() -> None:
        raise LeaseLost("Another run took over.")

    def slow() -> Snapshot:
        released.wait(10)
        return table()

    released = threading.Event()

    def meanwhile() -> None:
        released.set()
        lost()

    connect = FakeConnect(agents(3))
    with Gathering(connect, slow, NOW, meanwhile, 0.001) as gathering, pytest.raises(LeaseLost):
        gathering.roster()


@pytest.fixture
def tokyo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine that is nine hours ahead."""
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("tokyo")
def test_when_a_user_was_modified_reads_the_same_on_every_machine() -> None:
    wire = ConnectInProcess(ConnectStandIn(people(1), quota=None))
    (listed,) = ConnectInstance(wire.client(), INSTANCE_ID).list_users("").agents
    assert listed.modified == people(1)[0].modified.isoformat()
