from __future__ import annotations

from collections import UserDict
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from msgspec.structs import replace

from core.errors import LeaseTaken, Refused
from core.models import (
    Assigned,
    Change,
    ChangeKind,
    ExtensionRange,
    ExtensionRecord,
    Free,
    Held,
    HistoryEntry,
    Policy,
    Reserved,
    ReservedBlock,
    Snapshot,
    TeamPolicy,
    iso,
)
from core.numbering import orders
from core.numbering.admin import Admin
from core.numbering.decide import Changes, Decision, Facts, HoldsInTheWay, decide, undoing
from core.numbering.history import stays
from core.numbering.orders import ByHand, Move, Reserve, Swap, Undo, Unreserve
from tests.core.builders import NOW, agent, assigned, free, held, policy, reserved, table
from tests.core.fakes import FakeConnect, Site, ending
from tests.core.invariants import check_one_each


@pytest.fixture
def site() -> Site:
    """ann has 00, bob 01; cem had 02, which is held; 03 is reserved."""
    site = Site(FakeConnect([agent("ann"), agent("bob"), agent("cem")]))
    site.run()
    site.connect.leave("id-cem")
    site.run()
    site.admin().do(Reserve("03", "the fax"), "U1")
    return site


def test_a_free_number_is_reserved_with_a_note(site: Site) -> None:
    (change,) = site.admin().do(Reserve("05", "the  front\ndesk"), "U1").changes
    assert isinstance(change.after, Reserved)
    assert site.numbers.reserved["05"] == "the front desk"


def test_a_held_number_is_reserved_only_by_who_agrees_that_the_hold_ends(site: Site) -> None:
    with pytest.raises(Refused, match=r"02 is held for Cem until 2026-12-22\. To reserve it all the same"):
        site.admin().do(Reserve("02", "fax"), "U1")
    (change,) = site.admin().do(ending(site, Reserve("02", "fax")), "U1").changes
    assert isinstance(change.before, Held)


def test_several_numbers_are_reserved_all_or_none(site: Site) -> None:
    with pytest.raises(Refused, match="03 is reserved already"):
        site.admin().do(Reserve("04, 05, 03", "doors"), "U1")
    assert [*site.numbers.reserved] == ["03"]
    site.admin().do(Reserve("04, 05", "doors"), "U1")
    assert site.numbers.reserved == {"03": "the fax", "04": "doors", "05": "doors"}


def test_numbers_are_given_back_by_their_note(site: Site) -> None:
    site.admin().do(Reserve("04, 05", "Front doors"), "U1")
    changes = site.admin().do(Unreserve(note="front  doors"), "U1").changes
    assert [change.extension for change in changes] == ["04", "05"]
    assert [*site.numbers.reserved] == ["03"]


def test_a_hold_that_is_ended_makes_the_number_free_for_anybody(site: Site) -> None:
    site.admin().do(ending(site, orders.Free("02")), "U1")
    site.admin().do(Move("id-ann", "02"), "U1")
    assert site.numbers.holders["ann"] == "02"


def test_two_agents_change_numbers_in_one_step(site: Site) -> None:
    changes = site.admin().do(Swap("id-ann", "id-bob"), "U1").changes
    assert [(change.extension, change.moved_from) for change in changes] == [("01", "00"), ("00", "01")]
    assert (site.numbers.holders["ann"], site.numbers.holders["bob"]) == ("01", "00")
    check_one_each(site.numbers)
    assert not site.run().counts


@pytest.mark.guarantee(15)
def test_a_swap_that_was_confirmed_is_of_those_numbers_and_made_once(site: Site) -> None:
    site.admin().do(Swap("id-ann", "id-bob", "00, 01"), "U1")
    for numbers, said in (("00, 01", "changed numbers already"), ("00, 09", "Ann has 01 by now")):
        with pytest.raises(Refused, match=said):
            site.admin().do(Swap("id-ann", "id-bob", numbers), "U2")
    assert (site.numbers.holders["ann"], site.numbers.holders["bob"]) == ("01", "00")


@pytest.mark.guarantee(15)
def test_a_button_moves_somebody_from_the_number_that_it_showed_and_no_other(site: Site) -> None:
    shown = Move("id-ann", "05", other="00")
    site.admin().do(Swap("id-ann", "id-bob"), "U1")
    with pytest.raises(Refused, match="Ann has 01 by now, not 00"):
        site.admin().do(shown, "U2")
    assert site.numbers.holders["ann"] == "01"
    site.admin().do(replace(shown, other="01"), "U2")
    assert site.numbers.holders["ann"] == "05"
    with pytest.raises(Refused, match="Ann has 05 already"):
        site.admin().do(replace(shown, other="01"), "U2")


def history(site: Site) -> list[HistoryEntry]:
    """What the newest run wrote."""
    lines = [*site.reader().history(NOW - timedelta(days=1), site.clock.now)]
    return [line for line in lines if line.run_id == lines[-1].run_id]


def undo(site: Site) -> Decision:
    entries = history(site)
    site.clock.advance(minutes=1)
    return site.admin().do(Undo(entries[-1].run_id, "U1"), "U2")


def test_undo_of_a_reservation_that_ended_a_hold_holds_the_number_again(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(ending(site, Reserve("02", "fax")), "U1")
    assert undo(site).left == ()
    assert (site.numbers.held["02"][0], "02" in site.numbers.reserved) == ("id-cem", False)


def test_undo_leaves_a_reservation_that_was_made_anew(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(Reserve("05", "fax"), "U1")
    entries = history(site)
    site.admin().do(Unreserve("05"), "U1")
    site.admin().do(Reserve("05", "lift"), "U1")
    undone = site.admin().do(Undo(entries[-1].run_id, "U1"), "U2")
    assert undone.left == ("05: 05 is reserved for something else by now: lift",)
    assert site.numbers.reserved["05"] == "lift"


def test_undo_gives_a_leaver_the_held_number_back(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.connect.leave("id-bob")
    site.run()
    assert undo(site).left == ()
    assert site.numbers.holders["bob"] == "01"
    check_one_each(site.numbers)


def test_undo_moves_back_who_was_moved(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(Move("id-ann", "05"), "U1")
    assert undo(site).left == ()
    assert site.numbers.holders["ann"] == "00"
    assert "00" not in site.numbers.held


def test_undo_swaps_back_who_was_swapped(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(Swap("id-ann", "id-bob"), "U1")
    assert undo(site).left == ()
    assert (site.numbers.holders["ann"], site.numbers.holders["bob"]) == ("00", "01")
    check_one_each(site.numbers)


def test_undo_takes_reservations_back_and_gives_them_again_with_their_note(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(Unreserve("03"), "U1")
    undo(site)
    assert site.numbers.reserved["03"] == "the fax"
    undo(site)
    assert "03" not in site.numbers.reserved


def test_undo_holds_a_number_again_whose_hold_was_ended(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(ending(site, orders.Free("02")), "U1")
    undo(site)
    assert site.numbers.held["02"][0] == "id-cem"


@pytest.mark.parametrize(
    "end",
    [
        orders.Free("02"),
        Reserve("02", "fax"),
    ],
)
def test_a_hold_that_an_undo_restores_is_no_release_and_ends_again_by_its_own_undo(
    site: Site, end: Reserve | orders.Free
) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(ending(site, end), "U1")
    ended = site.numbers
    undo(site)
    (line,) = history(site)
    assert (line.is_loss, stays([line], None)) == (False, [])
    assert undo(site).left == ()
    assert (site.numbers.held, site.numbers.reserved) == (ended.held, ended.reserved)


class Counted(UserDict[str, ExtensionRecord]):
    """Records that count how often somebody goes through all of them."""

    scans = 0

    def __iter__(self) -> Iterator[str]:
        self.scans += 1
        return super().__iter__()


def test_undo_goes_through_the_table_as_often_for_many_entries_as_for_one() -> None:
    numbers = [f"{number:02}" for number in range(50)]
    scans = []
    for count in (1, 50):
        records = Counted(table(*(held(each, f"agent{each}") for each in numbers)).records)
        records.scans = 0
        entries = [entry(RELEASED, each, f"agent{each}") for each in numbers[:count]]
        assert len(undoing(entries, Facts(Snapshot(records), policy("00-99"), NOW)).changes) == count
        scans.append(records.scans)
    assert scans[0] == scans[1]


def test_undo_leaves_what_is_newer_and_says_so(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.connect.leave("id-bob")
    site.run()
    entries = history(site)
    site.admin().do(ending(site, Reserve("01", "fax")), "U1")
    undone = site.admin().do(Undo(entries[-1].run_id, "U1"), "U2")
    assert (undone.changes, undone.left) == ((), ("01 Bob: the number is not held for them any more.",))
    assert site.numbers.reserved["01"] == "fax"


def test_undo_leaves_who_has_another_number_by_now(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.admin().do(Move("id-ann", "05"), "U1")
    entries = history(site)
    site.admin().do(Move("id-ann", "06"), "U1")
    assert site.admin().do(Undo(entries[-1].run_id, "U1"), "U2").left == (
        "05 Ann: they have another number by now.",
    )
    assert site.numbers.holders["ann"] == "06"


def test_undo_takes_no_number_from_a_new_agent(site: Site) -> None:
    site.clock.advance(minutes=1)
    site.connect.join(agent("dot"))
    site.run()
    facts = Facts(site.reader().table(), site.policy, site.clock.now)
    left = undoing(history(site), facts).left
    assert left == ("04 Dot: a number that was given stays with its agent.",)
    assert site.numbers.holders["dot"] == "04"


@pytest.mark.parametrize("seconds", [3, 10])
def test_a_small_change_waits_for_a_run_that_is_about_to_end(site: Site, seconds: int) -> None:
    """It asks once a second, for 10 seconds; a run that ends right then still lets it through."""
    waited: list[float] = []
    running = site.writer()
    running.acquire("run-1", "schedule")

    def wait(pause: float) -> None:
        waited.append(pause)
        if len(waited) == seconds:
            running.finish(None)

    replace(site.admin(), run_id="20261122T093000Z-1", wait=wait).do(Move("id-ann", "05"), "U7")
    assert (waited, site.numbers.holders["ann"]) == ([1.0] * seconds, "05")
    row = site.lease
    assert row["holder"]["S"] == "U7"
    assert row["sk_value"]["S"].startswith("20261122T")


def test_a_reservation_without_words_says_so(site: Site) -> None:
    site.admin().do(Reserve("05", "  "), "U1")
    assert site.numbers.reserved["05"] == "no note"


def test_an_unreserved_number_is_free_and_comes_last_in_the_pool(site: Site) -> None:
    (change,) = site.admin().do(Unreserve("03"), "U1").changes
    assert isinstance(change.after, Free)
    site.connect.join(agent("dot"))
    site.run()
    assert site.numbers.holders["dot"] == "04"


def test_a_moved_agent_has_the_new_number_and_the_old_one_is_held(site: Site) -> None:
    changes = site.admin().do(Move("id-ann", "05"), "U1").changes
    assert [change.kind for change in changes] == [ChangeKind.MOVED, ChangeKind.RELEASED]
    assert site.numbers.holders["ann"] == "05"
    assert site.numbers.held["00"][0] == "id-ann"
    check_one_each(site.numbers)


@pytest.mark.guarantee(3)
def test_a_sync_leaves_a_moved_agent_where_they_are(site: Site) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    assert not site.run().counts
    assert site.numbers.holders["ann"] == "05"


def test_an_agent_may_move_back_to_the_number_held_for_them(site: Site) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    site.admin().do(Move("id-ann", "00"), "U1")
    assert site.numbers.holders["ann"] == "00"


def test_an_agent_may_move_back_under_a_new_user_id(site: Site) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    site.connect.leave("id-ann")
    site.connect.join(agent("ann", "id-ann-2"))
    site.run()
    site.admin().do(Move("id-ann-2", "00"), "U1")
    assert site.numbers.holders["ann"] == "00"


def test_a_number_whose_hold_is_over_may_be_given_to_anybody(site: Site) -> None:
    site.clock.advance(days=31)
    site.admin().do(Move("id-ann", "02"), "U1")
    assert site.numbers.holders["ann"] == "02"


REFUSED: list[tuple[Callable[[Admin], object], str]] = [
    (
        lambda admin: admin.do(Reserve("00"), "U1"),
        "00 belongs to Ann. Move them to another number first: /ext-admin move ann NUMBER",
    ),
    (lambda admin: admin.do(Reserve("03"), "U1"), "03 is reserved already: the fax"),
    (lambda admin: admin.do(Reserve("77"), "U1"), "77 is not in the range 00-09."),
    (
        lambda admin: admin.do(Unreserve("05"), "U1"),
        "05 is not reserved. To see what is: /ext-admin reserved",
    ),
    (
        lambda admin: admin.do(Unreserve("00"), "U1"),
        "00 is not reserved. To see what is: /ext-admin reserved",
    ),
    (lambda admin: admin.do(Move("id-ann", "00"), "U1"), "Ann has 00 already."),
    (
        lambda admin: admin.do(Move("id-ann", "01"), "U1"),
        "01 belongs to Bob. To let the two change numbers: /ext-admin swap ann bob",
    ),
    (
        lambda admin: admin.do(Move("id-ann", "02"), "U1"),
        "02 is held for Cem until 2026-12-22. To end the hold first: /ext-admin free 02",
    ),
    (
        lambda admin: admin.do(Move("id-ann", "03"), "U1"),
        "03 is reserved: the fax. To give it back first: /ext-admin unreserve 03",
    ),
    (lambda admin: admin.do(Move("id-ann", "77"), "U1"), "77 is not in the range 00-09."),
    (
        lambda admin: admin.do(Unreserve(note="doors"), "U1"),
        "No number is reserved for 'doors'. To see what is: /ext-admin reserved",
    ),
    (
        lambda admin: admin.do(orders.Free("00"), "U1"),
        "00 belongs to Ann; only a hold can be ended. "
        "To give them another number: /ext-admin move ann NUMBER",
    ),
    (
        lambda admin: admin.do(orders.Free("03"), "U1"),
        "03 is reserved: the fax. To give it back: /ext-admin unreserve 03",
    ),
    (
        lambda admin: admin.do(orders.Free("05"), "U1"),
        "05 is free already. To keep it out of the pool: /ext-admin reserve 05",
    ),
    (lambda admin: admin.do(Swap("id-ann", "id-ann"), "U1"), "Ann can't change numbers with themselves."),
    (
        lambda admin: admin.do(Swap("id-ann", "id-cem"), "U1"),
        "That agent has no extension yet. Run a sync first.",
    ),
    (
        lambda admin: admin.do(Move("id-eve", "05"), "U1"),
        "That agent has no extension yet. Run a sync first.",
    ),
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
        site.admin().do(Unreserve("05"), "U1")
    site.admin().do(Reserve("05", "fax"), "U1")


def test_while_a_sync_has_the_lease_nothing_is_changed(site: Site) -> None:
    site.writer().acquire("run-1", "schedule")
    with pytest.raises(LeaseTaken, match="run-1, started by schedule at 2026-11-22T09:30:00Z"):
        site.admin().do(Move("id-ann", "05"), "U1")
    assert site.numbers.holders["ann"] == "00"


def test_a_row_that_somebody_else_just_changed_is_read_again(site: Site) -> None:
    site.table.remove("05", "nu")  # past the lease, as the older project would
    site.admin().do(Move("id-ann", "05"), "U1")
    assert site.numbers.holders["ann"] == "05"


def test_the_history_says_who_moved_whom(site: Site) -> None:
    site.clock.advance(hours=1)
    site.admin().do(Move("id-ann", "05"), "U1")
    lines = list(site.reader().history(NOW, site.clock.now))
    moved = next(line for line in lines if line.kind is ChangeKind.MOVED)
    assert (moved.extension, moved.username, moved.by) == ("05", "ann", "U1")


def test_an_assignment_is_told_by_both_of_its_rows(site: Site) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    found = site.reader().of_agent("id-ann")
    assert isinstance(found, Assigned)
    assert found.extension == "05"


# Each change as a whole

AT = iso(NOW)
LATER = iso(NOW + timedelta(days=30))
BLOCKED = replace(policy(), teams=TeamPolicy((), (ReservedBlock(ExtensionRange.parse("04-05"), "doors"),)))
ANN, BOB, DOORS = assigned("00", "ann"), assigned("01", "bob"), Reserved("03", "doors", "then")
CEM = held("02", "cem", released="2026-11-01T00:00:00Z")
NAMED = replace(CEM, name="Cem")
FAX = reserved("02", "fax")
FOUND = table(ANN, BOB, CEM, DOORS)
MOVED, RELEASED = ChangeKind.MOVED, ChangeKind.RELEASED


def entry(kind: ChangeKind, extension: str, username: str = "", note: str = "") -> HistoryEntry:
    who = (f"id-{username}", username.title()) if username else ("", "")
    return HistoryEntry(kind, extension, username, who[1], AT, "U1", "run-1", agent_id=who[0], note=note)


def decided(order: ByHand, found: Snapshot, rules: Policy | None = None) -> Changes:
    return decide(order, Facts(found, rules or policy(), NOW)).changes


DECIDED: list[tuple[Callable[[], Changes], Changes]] = [
    (
        lambda: decided(Reserve("05", "fax"), FOUND, policy()),
        (Change(ChangeKind.RESERVED, "05", None, Reserved("05", "fax", AT), "fax"),),
    ),
    (
        lambda: decided(Unreserve("03", ""), FOUND, BLOCKED),
        (Change(ChangeKind.UNRESERVED, "03", DOORS, Free("03", AT), "doors"),),
    ),
    (
        lambda: decided(Unreserve("03", "Doors"), FOUND, policy()),
        (Change(ChangeKind.UNRESERVED, "03", DOORS, Free("03", AT), "doors"),),
    ),
    (  # a person's reservation within a block of policy.yml
        lambda: decided(Unreserve("04", ""), table(reserved("04", "fax")), BLOCKED),
        (Change(ChangeKind.UNRESERVED, "04", reserved("04", "fax"), Free("04", AT), "fax"),),
    ),
    (
        lambda: decided(orders.Free("02", CEM.mark), FOUND),
        (Change(ChangeKind.FREED, "02", CEM, Free("02", CEM.released), f"was held until {CEM.until}"),),
    ),
    (
        lambda: decided(Move("id-ann", "05"), table(ANN, held("05", "ann"))),
        (
            Change(
                MOVED, "05", held("05", "ann"), assigned("05", "ann", since=AT), "from 00", moved_from="00"
            ),
            Change(RELEASED, "00", ANN, Held("00", LATER, AT, "id-ann", "ann", "Ann"), "moved to 05"),
        ),
    ),
    (
        lambda: decided(Swap("id-ann", "id-bob"), FOUND),
        (
            Change(MOVED, "01", BOB, assigned("01", "ann", since=AT), "from 00", moved_from="00"),
            Change(MOVED, "00", ANN, assigned("00", "bob", since=AT), "from 01", moved_from="01"),
        ),
    ),
    (
        lambda: undoing([entry(RELEASED, "02", "cem")], Facts(table(NAMED), policy(), NOW)).changes,
        (
            Change(
                ChangeKind.RETURNED,
                "02",
                NAMED,
                Assigned("02", "id-cem", "cem", name="Cem", since=AT),
                "undo of run run-1",
                undoes="run-1",
            ),
        ),
    ),
    (
        lambda: (
            undoing(
                [entry(ChangeKind.FREED, "02", "cem")], Facts(table(free("02", "then")), policy(), NOW)
            ).changes
        ),
        (
            Change(
                ChangeKind.HELD,
                "02",
                free("02", "then"),
                Held("02", LATER, AT, "id-cem", "cem", "Cem"),
                "",
                undoes="run-1",
            ),
        ),
    ),
    (
        lambda: (
            undoing(
                [entry(ChangeKind.RESERVED, "02", "cem", "fax")], Facts(table(FAX), policy(), NOW)
            ).changes
        ),
        (
            Change(
                ChangeKind.HELD,
                "02",
                FAX,
                Held("02", LATER, AT, "id-cem", "cem", "Cem"),
                "fax",
                undoes="run-1",
            ),
        ),
    ),
    *(
        (  # a hold that had ended is not there again: there was none, its agent has a number, or none is kept
            lambda found=found, done=done, rules=rules: undoing([done], Facts(found, rules, NOW)).changes,
            (Change(ChangeKind.UNRESERVED, "02", FAX, Free("02", AT), "fax", undoes="run-1"),),
        )
        for found, done, rules in (
            (table(FAX), entry(ChangeKind.RESERVED, "02", note="fax"), policy()),
            (table(FAX, assigned("05", "cem")), entry(ChangeKind.RESERVED, "02", "cem", "fax"), policy()),
            (table(FAX), entry(ChangeKind.RESERVED, "02", "cem", "fax"), policy(hold_days=0)),
        )
    ),
    (  # the latest first: the reservation stands on the number that the end of the hold had freed
        lambda: (
            undoing(
                [entry(ChangeKind.FREED, "02", "cem"), entry(ChangeKind.RESERVED, "02", note="fax")],
                Facts(table(FAX), policy(), NOW),
            ).changes
        ),
        (
            Change(ChangeKind.UNRESERVED, "02", FAX, Free("02", AT), "fax", undoes="run-1"),
            Change(
                ChangeKind.HELD,
                "02",
                Free("02", AT),
                Held("02", LATER, AT, "id-cem", "cem", "Cem"),
                "",
                undoes="run-1",
            ),
        ),
    ),
]


@pytest.mark.parametrize(("make", "changes"), DECIDED)
def test_a_change_by_a_person_says_what_was_what_will_be_and_why(
    make: Callable[[], Changes], changes: Changes
) -> None:
    assert make() == changes


LEFT: list[tuple[Snapshot, HistoryEntry, str]] = [
    (
        table(held("02", "dot")),
        entry(RELEASED, "02", "cem"),
        "02 Cem: the number is not held for them any more.",
    ),
    (
        table(held("02", "cem", days=-1)),
        entry(RELEASED, "02", "cem"),
        "02 Cem: the number is not held for them any more.",
    ),
    (table(CEM, assigned("05", "cem")), entry(RELEASED, "02", "cem"), "02 Cem: they have 05 by now."),
    (table(ANN), entry(ChangeKind.FREED, "00", "cem"), "00 Cem: the number is not free any more."),
    (
        table(CEM),
        entry(ChangeKind.UNRESERVED, "02", note="fax"),
        f"02: 02 is held for cem until {CEM.until[:10]}. "
        "To reserve it all the same, end the hold first: /ext-admin free 02",
    ),
    (
        table(Reserved("04", "doors", by_policy=True)),
        entry(ChangeKind.RESERVED, "04", note="doors"),
        "04: 04 is reserved by policy.yml, and would be again. Change it there.",
    ),
]


@pytest.mark.parametrize(("found", "done", "words"), LEFT)
def test_undo_says_why_it_leaves_a_change(found: Snapshot, done: HistoryEntry, words: str) -> None:
    assert undoing([done], Facts(found, BLOCKED, NOW)) == Decision((), (words,), done)


def test_undo_restores_no_hold_where_numbers_are_not_held() -> None:
    done = entry(ChangeKind.FREED, "02", "cem")
    left = undoing([done], Facts(table(free("02")), policy(hold_days=0), NOW)).left
    assert left == ("02 Cem: numbers are not held any more.",)


def test_undo_leaves_given_numbers_for_the_end() -> None:
    done = [entry(RELEASED, "02", "cem"), entry(ChangeKind.ASSIGNED, "04", "dot")]
    assert undoing(done, Facts(table(), policy(), NOW)).left == (
        "02 Cem: the number is not held for them any more.",
        "04 Dot: a number that was given stays with its agent.",
    )


def test_undo_knows_where_the_changes_before_have_put_somebody() -> None:
    """One run moved somebody twice, and both moves are taken back."""
    moves = [
        replace(entry(MOVED, "06", "ann"), moved_from="05"),
        replace(entry(MOVED, "07", "ann"), moved_from="06"),
    ]
    changes = undoing(moves, Facts(table(assigned("07", "ann")), policy(), NOW)).changes
    given = [each.after for each in changes if isinstance(each.after, Assigned)]
    assert [each.extension for each in given] == ["06", "05"]


def test_undo_passes_over_labels() -> None:
    assert undoing([entry(ChangeKind.RELABELLED, "00", "ann")], Facts(FOUND, policy(), NOW)).changes == ()


def test_a_hold_is_ended_by_nobody_who_was_not_asked() -> None:
    with pytest.raises(Refused, match="02 is held for cem"):
        decided(Reserve("02", "fax"), FOUND, policy())


@pytest.mark.parametrize("act", ["reserve", "unreserve", "free", "move", "swap", "undo"])
def test_history_and_lease_say_who_did_it(site: Site, act: str) -> None:
    did: dict[str, Callable[[], object]] = {
        "reserve": lambda: site.admin().do(Reserve("05", "fax"), "U7"),
        "unreserve": lambda: site.admin().do(Unreserve("03"), "U7"),
        "free": lambda: site.admin().do(ending(site, orders.Free("02")), "U7"),
        "move": lambda: site.admin().do(Move("id-ann", "05"), "U7"),
        "swap": lambda: site.admin().do(Swap("id-ann", "id-bob"), "U7"),
        "undo": lambda: site.admin().do(Undo(reservation[0].run_id, "U1"), "U7"),
    }
    site.clock.advance(minutes=1)
    site.admin().do(Reserve("04", "lift"), "U1")
    reservation = history(site)
    site.clock.advance(minutes=1)
    did[act]()
    assert {line.by for line in history(site)} == {"U7"}
    assert site.lease["holder"]["S"] == "U7"


# Holds and several numbers at once


def test_only_the_holds_that_were_agreed_to_end(site: Site) -> None:
    """A number that was held anew since then, for somebody else, is asked about again."""
    with pytest.raises(HoldsInTheWay) as asked:
        site.admin().do(Reserve("02, 05", "fax"), "U1")
    agreed = " ".join(hold.mark for hold in asked.value.holds)
    site.admin().do(ending(site, orders.Free("02")), "U1")
    site.admin().do(Move("id-bob", "02"), "U1")
    site.admin().do(Move("id-bob", "06"), "U1")
    with pytest.raises(HoldsInTheWay) as again:
        site.admin().do(Reserve("02, 05", "fax", agreed), "U1")
    assert [hold.username for hold in again.value.holds] == ["bob"]
    with pytest.raises(HoldsInTheWay):
        site.admin().do(orders.Free("02", agreed), "U1")
    assert "02" in site.numbers.held


def test_of_several_numbers_the_refusal_names_one_and_the_command_for_the_others(site: Site) -> None:
    with pytest.raises(Refused) as refused:
        site.admin().do(Reserve("00, 03, 04, 05, 07", "doors"), "U1")
    assert str(refused.value) == (
        "Nothing was changed. 2 of 5 can't be taken. 00 belongs to Ann. "
        "Move them to another number first: /ext-admin move ann NUMBER; "
        "for the others: /ext-admin reserve 04-05, 07 doors"
    )
    with pytest.raises(Refused, match=r"the fax; for the others: /ext-admin reserve 04$"):
        site.admin().do(Reserve("03, 04"), "U1")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (
            lambda: decided(Reserve("02, 04", "fax"), table(CEM, held("04", "dot")), policy()),
            "2 of these numbers are held. To reserve it all the same, end the hold first: /ext-admin free 02",
        ),
        (
            lambda: decided(Unreserve("03, 04", ""), table(free("03"), free("04")), policy()),
            "Nothing was changed. 2 of 2 can't be taken. 03 is not reserved. "
            "To see what is: /ext-admin reserved",
        ),
        (
            lambda: decided(Unreserve("03", "fax"), table(reserved("03", "lift")), policy()),
            "03 is reserved for something else by now: lift",
        ),
        (
            lambda: decided(Unreserve("03, 04", ""), table(reserved("03", "fax"), free("04")), policy()),
            "Nothing was changed. 04 is not reserved. To see what is: /ext-admin reserved; "
            "for the others: /ext-admin unreserve 03",
        ),
        (
            lambda: decided(Reserve("00, 05", "fax"), table(ANN), policy()),
            "Nothing was changed. 00 belongs to Ann. "
            "Move them to another number first: /ext-admin move ann NUMBER; "
            "for the others: /ext-admin reserve 05 fax",
        ),
        (
            lambda: decided(orders.Free("02, 03"), table(CEM, reserved("03", "fax")), policy()),
            "Nothing was changed. 03 is reserved: fax. To give it back: /ext-admin unreserve 03; "
            "for the others: /ext-admin free 02",
        ),
        (
            lambda: decided(orders.Free("02"), FOUND),
            f"02 is held for cem until {CEM.until[:10]}.",
        ),
    ],
)
def test_a_refusal_is_one_whole_sentence(make: Callable[[], Changes], words: str) -> None:
    with pytest.raises(Refused) as refused:
        make()
    assert str(refused.value) == words


def test_five_hundred_numbers_at_once_are_decided() -> None:
    assert len(decided(Reserve("000-499", "x"), table(), policy("000-999"))) == 500


def test_five_hundred_numbers_at_once_are_the_most(site: Site) -> None:
    with pytest.raises(Refused, match="501 numbers; 500 at once"):
        site.admin().do(Reserve("000-500", "x"), "U1")


@pytest.mark.parametrize(("order", "name"), [(Move, "move"), (Swap("a", "b"), "swap"), (Undo, "undo")])
def test_an_order_has_the_name_of_its_kind(order: ByHand | type[ByHand], name: str) -> None:
    assert orders.task_of(order) == name
