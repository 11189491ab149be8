"""Forwards: what may be made, what ends them, and that calls and the table agree."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.calling.forward_rules import ending, forwarding
from core.calling.reach import by_extension
from core.errors import Refused, TableChanged
from core.models import ChangeKind, HistoryEntry, Snapshot, iso
from core.numbering.orders import EndForward, Forward, Move, Undo
from core.numbering.plan import applied
from tests.core.builders import NOW, agent, table
from tests.core.builders import assigned as having
from tests.core.fakes import FakeConnect, Site, opened, write

NAMES = ("ann", "bob", "cat", "dot", "eve")
FRIDAY = iso(NOW + timedelta(days=5))


@pytest.fixture
def site() -> Site:
    site = Site(FakeConnect(agent(name) for name in NAMES))
    site.run()
    return site


def forward(site: Site, one: str, other: str, until: str = FRIDAY) -> None:
    writer = site.writer()
    writer.acquire(f"run-{one}-{other}-{until}", "U1")
    change = forwarding(writer.read(), f"id-{one}", f"id-{other}", until, site.clock.now)
    writer.apply([change], lambda _: None)
    writer.finish(None)


def rung(site: Site, name: str) -> str:
    number = site.numbers.holders[name]
    person = by_extension(site.book(), number, site.now).person
    return person.username if person else ""


def test_calls_go_to_the_colleague_at_once_and_until_the_end(site: Site) -> None:
    forward(site, "ann", "bob")
    assert (rung(site, "ann"), rung(site, "bob")) == ("bob", "bob")
    site.clock.advance(days=5)
    assert rung(site, "ann") == "ann"


def test_a_forward_goes_along_when_somebody_moves(site: Site) -> None:
    forward(site, "ann", "bob")
    old = site.numbers.holders["ann"]
    site.admin().do(Move("id-ann", "07"), "U1")
    found = by_extension(site.book(), old, site.now)
    assert (rung(site, "ann"), found.person and found.person.username) == ("bob", "bob")


def test_a_forward_is_ended_and_told_in_the_history(site: Site) -> None:
    forward(site, "ann", "bob")
    writer = opened(site, "run-end")
    change = ending(writer.read(), "id-ann", site.clock.now)
    write(writer, change)
    assert rung(site, "ann") == "ann"
    told = site.history_of_agent("id-ann")[-2:]
    assert [(line.kind, line.note) for line in told] == [
        (ChangeKind.FORWARDED, f"to Bob until {FRIDAY}"),
        (ChangeKind.UNFORWARDED, f"to Bob until {FRIDAY}"),
    ]


def test_an_admin_sets_a_forward_and_takes_it_back_beside_another(site: Site) -> None:
    site.admin().do(Forward("id-bob", "id-eve", FRIDAY), "U1")
    done = site.admin().do(Forward("id-ann", "id-bob", FRIDAY), "U1")
    (line,) = (each for each in site.history_of_agent("id-ann") if each.other == "id-bob")
    assert (rung(site, "ann"), done.left) == ("eve", ())
    assert site.admin().do(Undo(line.run_id), "U1").left == ()
    assert (rung(site, "ann"), rung(site, "bob")) == ("ann", "eve")
    site.admin().do(EndForward("id-bob"), "U1")
    assert rung(site, "bob") == "bob"


def test_a_forward_to_somebody_who_leaves_ends_at_once_for_calls_and_with_the_sync_in_the_table(
    site: Site,
) -> None:
    forward(site, "ann", "bob")
    forward(site, "cat", "dot")
    site.connect.leave("id-bob", "id-cat")
    report = site.run()
    assert [line.kind for line in report.changes if line.username == "ann"] == [ChangeKind.UNFORWARDED]
    assert site.writer().read().forwards == {}
    assert rung(site, "ann") == "ann"


def test_a_forward_that_is_over_is_forgotten_by_a_sync_without_a_word(site: Site) -> None:
    forward(site, "ann", "bob")
    site.clock.advance(days=5)
    report = site.run()
    assert (site.writer().read().forwards, report.changes) == ({}, ())


def test_two_who_forward_beside_each_other_both_do(site: Site) -> None:
    forward(site, "ann", "bob")
    forward(site, "cat", "dot")
    forward(site, "ann", "eve")
    assert [rung(site, name) for name in ("ann", "cat")] == ["eve", "dot"]


def test_a_forward_that_was_changed_since_it_was_read_is_not_written_over(site: Site) -> None:
    writer = opened(site, "run-slow")
    change = forwarding(writer.read(), "id-ann", "id-bob", FRIDAY, site.clock.now)
    item: dict[str, Any] = {"pk": {"S": "forwards"}, "sk": {"S": "now"}, "id-ann": {"S": f"id-cat {FRIDAY}"}}
    site.table.seed([item])
    with pytest.raises(TableChanged):
        write(writer, change)


# Decisions


def facts(**forwards: str) -> Snapshot:
    """A table of five people; `ann="bob"` forwards Ann's calls to Bob."""
    numbers = table(*(having(f"00{place}", name) for place, name in enumerate(NAMES)))
    for one, other in forwards.items():
        numbers = applied(numbers, [forwarding(numbers, f"id-{one}", f"id-{other}", FRIDAY, NOW)])
    return numbers


@pytest.mark.parametrize(
    ("forwards", "one", "other", "reason"),
    [
        ({}, "ann", "ann", "can't be forwarded to the one who is called"),
        ({}, "ann", "zoe", "no extension yet"),
        ({}, "zoe", "ann", "no extension yet"),
        ({"bob": "ann"}, "ann", "bob", "They would come back"),
        ({"bob": "cat", "cat": "ann"}, "ann", "bob", "They would come back"),
        ({"bob": "cat", "cat": "dot", "dot": "eve"}, "ann", "bob", "more than 3 times"),
        ({"ann": "bob", "bob": "cat", "dot": "eve"}, "cat", "dot", "more than 3 times"),
    ],
)
def test_loops_long_chains_and_people_without_a_number_are_refused(
    forwards: dict[str, str], one: str, other: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        forwarding(facts(**forwards), f"id-{one}", f"id-{other}", FRIDAY, NOW)


@pytest.mark.parametrize(
    ("days", "reason"), [(-1, "over already"), (0, "over already"), (32, "31 days at most")]
)
def test_an_end_is_to_come_within_31_days(days: int, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        forwarding(facts(), "id-ann", "id-bob", iso(NOW + timedelta(days=days)), NOW)
    assert forwarding(facts(), "id-ann", "id-bob", iso(NOW + timedelta(days=31)), NOW)


def test_a_forward_may_be_changed_for_another() -> None:
    made = forwarding(facts(ann="bob", bob="cat"), "id-ann", "id-cat", FRIDAY, NOW)
    assert made.forward
    assert made.forward.to == "id-cat"


def test_who_had_the_calls_until_now_is_known_of_a_forward_and_of_its_end() -> None:
    people = table(having("1", "ann"), having("2", "bob"), having("3", "cat"))
    first = forwarding(people, "id-ann", "id-bob", FRIDAY, NOW)
    running = applied(people, [first])
    longer = forwarding(running, "id-ann", "id-bob", FRIDAY, NOW + timedelta(hours=1))
    other = forwarding(running, "id-ann", "id-cat", FRIDAY, NOW)
    over = forwarding(running, "id-ann", "id-cat", iso(NOW + timedelta(days=9)), NOW + timedelta(days=6))
    end = ending(running, "id-ann", NOW)
    assert [each.former for each in (first, longer, other, over, end)] == ["", "", "id-bob", "", "id-bob"]
    line = HistoryEntry.of(other, iso(NOW), "U1", "run")
    assert (line.other, line.former, line.note) == ("id-cat", "id-bob", f"to Cat until {FRIDAY}")


def test_there_is_nothing_to_end_without_a_forward() -> None:
    with pytest.raises(Refused, match="not forwarded"):
        ending(facts(), "id-ann", NOW)
