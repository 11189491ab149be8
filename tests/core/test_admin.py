from __future__ import annotations

from collections.abc import Callable

import pytest

from core.admin import Admin
from core.errors import LeaseTaken, Refused
from core.models import Assigned, ChangeKind, Free, Held, Reserved
from tests.core.builders import NOW, agent
from tests.core.fakes import FakeConnect, Site
from tests.core.invariants import check_one_each


@pytest.fixture
def site() -> Site:
    """ann has 00, bob 01; cem had 02, which is held; 03 is reserved."""
    site = Site(FakeConnect([agent("ann"), agent("bob"), agent("cem")]))
    site.run()
    site.connect.leave("id-cem")
    site.run()
    site.admin().reserve("03", "the fax", "U1")
    return site


def test_a_free_number_is_reserved_with_a_note(site: Site) -> None:
    change = site.admin().reserve("05", "the  front\ndesk", "U1")
    assert isinstance(change.after, Reserved)
    assert site.numbers.reserved["05"] == "the front desk"


def test_a_held_number_may_be_reserved(site: Site) -> None:
    assert isinstance(site.admin().reserve("02", "fax", "U1").before, Held)


def test_a_reservation_without_words_says_so(site: Site) -> None:
    site.admin().reserve("05", "  ", "U1")
    assert site.numbers.reserved["05"] == "no note"


def test_an_unreserved_number_is_free_and_comes_last_in_the_pool(site: Site) -> None:
    assert isinstance(site.admin().unreserve("03", "U1").after, Free)
    site.connect.join(agent("dot"))
    site.run()
    assert site.numbers.holders["dot"] == "04"


def test_a_moved_agent_has_the_new_number_and_the_old_one_is_held(site: Site) -> None:
    changes = site.admin().move("id-ann", "05", "U1")
    assert [change.kind for change in changes] == [ChangeKind.MOVED, ChangeKind.RELEASED]
    assert site.numbers.holders["ann"] == "05"
    assert site.numbers.held["00"][0] == "id-ann"
    check_one_each(site.numbers)


def test_a_sync_leaves_a_moved_agent_where_they_are(site: Site) -> None:
    site.admin().move("id-ann", "05", "U1")
    assert not site.run().counts
    assert site.numbers.holders["ann"] == "05"


def test_an_agent_may_move_back_to_the_number_held_for_them(site: Site) -> None:
    site.admin().move("id-ann", "05", "U1")
    site.admin().move("id-ann", "00", "U1")
    assert site.numbers.holders["ann"] == "00"


def test_an_agent_may_move_back_under_a_new_user_id(site: Site) -> None:
    site.admin().move("id-ann", "05", "U1")
    site.connect.leave("id-ann")
    site.connect.join(agent("ann", "id-ann-2"))
    site.run()
    site.admin().move("id-ann-2", "00", "U1")
    assert site.numbers.holders["ann"] == "00"


def test_a_number_whose_hold_is_over_may_be_given_to_anybody(site: Site) -> None:
    site.clock.advance(days=31)
    site.admin().move("id-ann", "02", "U1")
    assert site.numbers.holders["ann"] == "02"


REFUSED: list[tuple[Callable[[Admin], object], str]] = [
    (lambda admin: admin.reserve("00", "", "U1"), "00 belongs to Ann. Move them to another number first."),
    (lambda admin: admin.reserve("03", "", "U1"), "03 is reserved already: the fax"),
    (lambda admin: admin.reserve("77", "", "U1"), "77 is not in the range 00-09."),
    (lambda admin: admin.unreserve("05", "U1"), "05 is not reserved."),
    (lambda admin: admin.unreserve("00", "U1"), "00 is not reserved."),
    (lambda admin: admin.move("id-ann", "00", "U1"), "Ann has 00 already."),
    (lambda admin: admin.move("id-ann", "01", "U1"), "01 belongs to Bob."),
    (lambda admin: admin.move("id-ann", "02", "U1"), "02 is held for cem until 2026-12-22."),
    (lambda admin: admin.move("id-ann", "03", "U1"), "03 is reserved: the fax"),
    (lambda admin: admin.move("id-ann", "77", "U1"), "77 is not in the range 00-09."),
    (lambda admin: admin.move("id-eve", "05", "U1"), "That agent has no extension yet. Run a sync first."),
]


@pytest.mark.parametrize(("act", "words"), REFUSED)
def test_what_must_not_be_done_is_refused_in_words_and_changes_nothing(
    site: Site, act: Callable[[Admin], object], words: str
) -> None:
    before = site.numbers
    with pytest.raises(Refused) as refused:
        act(site.admin())
    assert str(refused.value) == words
    assert (site.numbers.assigned, site.numbers.reserved) == (before.assigned, before.reserved)


def test_a_refusal_gives_the_lease_back(site: Site) -> None:
    with pytest.raises(Refused):
        site.admin().unreserve("05", "U1")
    site.admin().reserve("05", "fax", "U1")


def test_while_a_sync_has_the_lease_nothing_is_changed(site: Site) -> None:
    site.writer().acquire("run-1", "schedule")
    with pytest.raises(LeaseTaken, match="run-1, started by schedule at 2026-11-22T09:30:00Z"):
        site.admin().move("id-ann", "05", "U1")
    assert site.numbers.holders["ann"] == "00"


def test_a_row_that_somebody_else_just_changed_is_read_again(site: Site) -> None:
    site.table.remove("05", "nu")  # past the lease, as the older project would
    site.admin().move("id-ann", "05", "U1")
    assert site.numbers.holders["ann"] == "05"


def test_the_history_says_who_moved_whom(site: Site) -> None:
    site.clock.advance(hours=1)
    site.admin().move("id-ann", "05", "U1")
    lines = list(site.reader().history(NOW, site.clock.now))
    moved = next(line for line in lines if line.kind is ChangeKind.MOVED)
    assert (moved.extension, moved.username, moved.by) == ("05", "ann", "U1")


def test_an_assignment_is_told_by_both_of_its_rows(site: Site) -> None:
    site.admin().move("id-ann", "05", "U1")
    found = site.reader().of_agent("id-ann")
    assert isinstance(found, Assigned)
    assert found.extension == "05"
