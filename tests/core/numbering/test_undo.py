"""The choice of what is taken back, and faults at every call of an undo and of what admins do."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache

import pytest
from msgspec.structs import replace

from core.errors import ExtensionsError, Refused
from core.models import ExtensionRange, HistoryEntry, Report, ReservedBlock, TeamPolicy
from core.numbering.decide import AnothersChange, Decision
from core.numbering.orders import Free, Move, Reserve, Swap, Undo, UndoSync, Unreserve
from core.numbering.undo import UNDO_HOURS, AlreadyUndone, to_undo
from tests.core.builders import agent, policy
from tests.core.disturbances import Hook, failure
from tests.core.fakes import FakeConnect, Site, ending
from tests.core.invariants import Numbers, check_one_each, check_whole
from tests.core.oracle import alike
from tests.stand_ins.expressions import Item
from tests.stand_ins.wire import Crash, Fault, Kind, Process


@pytest.fixture
def site() -> Site:
    """ann has 00, bob 01, cem 02; bob is released, held, and gone from Connect."""
    return settled()


def settled() -> Site:
    site = Site(FakeConnect([agent("ann"), agent("bob"), agent("cem")]))
    site.run()
    site.clock.advance(hours=1)
    site.connect.leave("id-bob")
    site.run()
    site.clock.advance(hours=1)
    return site


def recent(site: Site, process: Process | None = None) -> list[HistoryEntry]:
    return [*site.reader(process).history(site.clock.now - UNDO_HOURS, site.clock.now)]


def undo(site: Site, run_id: str = "", by_hand: bool = True, process: Process | None = None) -> Decision:
    site.clock.advance(minutes=1)
    return site.admin(process).do(Undo(run_id, "U1") if by_hand else UndoSync(), "U2")


def test_the_newest_sync_that_released_numbers_is_taken_back_and_not_what_was_done_by_hand(
    site: Site,
) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    assert undo(site, by_hand=False).left == ()
    assert (site.numbers.holders["bob"], site.numbers.holders["ann"]) == ("01", "05")


@pytest.mark.guarantee(11)
@pytest.mark.parametrize("named", [True, False])
def test_what_another_admin_did_is_taken_back_only_by_who_agreed_to_that(site: Site, named: bool) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    site.clock.advance(minutes=1)
    run = recent(site)[-1].run_id if named else ""
    for order in (Undo(run), Undo(run, "U3")):
        with pytest.raises(AnothersChange) as asked:
            site.admin().do(order, "U2")
    assert (asked.value.first.by, asked.value.first.extension) == ("U1", "05")
    made = recent(site)[-1].run_id
    assert str(asked.value) == f"Run {made} is a change of U1. Nothing was changed."
    assert site.numbers.holders["ann"] == "05"
    assert site.admin().do(Undo(run, "U1"), "U2").left == ()
    assert site.numbers.holders["ann"] == "00"


@pytest.mark.parametrize("named", [True, False])
def test_what_one_did_oneself_is_taken_back_at_once(site: Site, named: bool) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    site.clock.advance(minutes=1)
    assert site.admin().do(Undo(recent(site)[-1].run_id if named else ""), "U1").left == ()
    assert site.numbers.holders["ann"] == "00"


def test_who_was_moved_and_left_since_is_said_to_have_no_number(site: Site) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    run = recent(site)[-1].run_id
    site.connect.leave("id-ann")
    site.run()
    assert "05 Ann: they have no number by now." in undo(site, run).left


def test_the_run_of_a_schedule_is_nobodys_and_is_taken_back_at_once(site: Site) -> None:
    released = recent(site)[-1]
    assert released.by == "schedule"
    assert site.admin().do(Undo(released.run_id), "U2").left == ()
    assert site.numbers.holders["bob"] == "01"


def test_the_newest_change_by_hand_is_taken_back_and_no_sync(site: Site) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    site.connect.leave("id-cem")
    site.clock.advance(minutes=1)
    site.run()
    undo(site)
    assert (site.numbers.holders["ann"], "cem" in site.numbers.holders) == ("00", False)


@pytest.mark.parametrize("blocks_before", [True, False])
def test_a_sync_that_follows_the_blocks_of_the_policy_is_no_change_by_hand(
    site: Site, blocks_before: bool
) -> None:
    without = site.policy
    block = ReservedBlock(ExtensionRange.parse("05-06"), "doors")
    blocked = replace(without, teams=TeamPolicy((), (block,)))
    site.policy = blocked if blocks_before else without
    site.run()
    site.clock.advance(minutes=1)
    site.admin().do(Move("id-ann", "09"), "U1")
    site.clock.advance(minutes=1)
    site.policy = without if blocks_before else blocked
    site.connect.leave("id-cem")
    site.run()
    reserved = [*site.numbers.reserved]
    undo(site)
    assert (site.numbers.holders["ann"], "cem" in site.numbers.holders) == ("00", False)
    assert undo(site, by_hand=False).left == ()
    assert (site.numbers.holders["cem"], [*site.numbers.reserved]) == ("02", reserved)


@pytest.mark.parametrize("by_hand", [True, False])
def test_what_was_taken_back_is_taken_back_once_and_who_did_it_is_said(site: Site, by_hand: bool) -> None:
    site.admin().do(Swap("id-ann", "id-cem"), "U1")
    undo(site, by_hand=by_hand)
    before = site.numbers
    with pytest.raises(AlreadyUndone) as refused:
        undo(site, by_hand=by_hand)
    assert (refused.value.by, alike(site.numbers)) == ("U2", alike(before))
    last = recent(site)[-1]
    assert (refused.value.at, str(refused.value)) == (last.at, f"Run {last.undoes} was taken back already.")


@pytest.mark.parametrize(("by_hand", "what"), [(True, "change by hand"), (False, "sync with releases")])
def test_where_there_is_nothing_to_take_back_the_refusal_says_what_was_looked_for(
    by_hand: bool, what: str
) -> None:
    with pytest.raises(Refused, match=rf"there was no {what} that can be taken back\.$"):
        to_undo([], "", by_hand)


def test_of_a_run_that_was_taken_back_in_part_the_rest_can_be_taken_back(site: Site) -> None:
    site.admin().do(Reserve("05, 06", "fax"), "U2")
    run = recent(site)[-1].run_id
    site.admin().do(Unreserve("06"), "U2")
    (left,) = undo(site, run_id=run).left
    assert left.startswith("06")
    site.admin().do(Reserve("06", "fax"), "U2")
    assert undo(site, run_id=run).left == ()
    assert site.numbers.reserved == {}


@pytest.mark.parametrize("order", [Move("id-ann", "06"), Swap("id-ann", "id-cem")])
def test_what_was_taken_back_and_made_again_can_be_taken_back_by_its_first_name(
    site: Site, order: Move | Swap
) -> None:
    site.admin().do(order, "U2")
    run, made = recent(site)[-1].run_id, site.numbers
    for _ in range(3):
        undo(site, run_id=run)
        before = site.numbers
        with pytest.raises(AlreadyUndone):
            undo(site, run_id=run)
        undo(site, run_id=recent(site)[-1].run_id)
        assert alike(site.numbers) == alike(made) != alike(before)


def test_an_undo_can_be_taken_back_by_its_name_and_an_earlier_change_too(site: Site) -> None:
    site.admin().do(Reserve("05", "fax"), "U1")
    site.clock.advance(minutes=1)
    site.admin().do(Move("id-ann", "06"), "U1")
    moved = recent(site)[-1].run_id
    undo(site)
    back = recent(site)[-1].run_id
    undo(site, run_id=back)
    assert site.numbers.holders["ann"] == "06"
    assert moved != back
    undo(site, run_id=next(line.run_id for line in recent(site) if line.note == "fax"))
    assert "05" not in site.numbers.reserved


@pytest.mark.parametrize("run_id", ["", "unheard-of"])
@pytest.mark.parametrize("by_hand", [True, False])
def test_after_a_day_nothing_is_taken_back(site: Site, run_id: str, by_hand: bool) -> None:
    site.admin().do(Move("id-ann", "05"), "U1")
    site.clock.advance(hours=25)
    with pytest.raises(Refused, match=r"take back\. Changes .* for 24 hours|no .* that can be taken back"):
        undo(site, run_id, by_hand)


def test_what_an_undo_had_to_leave_is_taken_back_by_the_next(site: Site) -> None:
    site.connect.leave("id-cem")
    site.admin().do(ending(site, Free("01")), "U1")
    site.clock.advance(minutes=1)
    site.admin().do(Reserve("01", "lift"), "U1")
    freed = next(line.run_id for line in recent(site) if line.kind == "freed")
    assert undo(site, freed).left == ("01 Bob: the number is not free any more.",)
    site.admin().do(Unreserve("01"), "U1")
    assert undo(site, freed).left == ()
    assert site.numbers.held["01"][0] == "id-bob"


def test_new_numbers_stay_and_are_told_last(site: Site) -> None:
    site.connect.leave("id-cem")
    site.connect.join(agent("dot"))
    site.run()
    site.connect.join(agent("cem", "id-other"))
    site.clock.advance(minutes=1)
    site.run()
    run = next(line.run_id for line in recent(site) if line.username == "dot")
    assert [text.split(":")[0] for text in undo(site, run).left] == ["02 Cem", "03 Dot"]


# Faults


def swap(site: Site, process: Process | None) -> object:
    return site.admin(process).do(Swap("id-ann", "id-cem"), "U1")


def undo_swap(site: Site, process: Process | None) -> object:
    return undo(site, process=process)


def undo_sync(site: Site, process: Process | None) -> object:
    return undo(site, by_hand=False, process=process)


def move(site: Site, process: Process | None) -> object:
    return site.admin(process).do(Move("id-ann", "05"), "U1")


@cache
def end_of_the_hold() -> Free | Reserve:
    return ending(settled(), Free("01"))


def free(site: Site, process: Process | None) -> object:
    return site.admin(process).do(end_of_the_hold(), "U1")


def reserve_range(site: Site, process: Process | None) -> object:
    return site.admin(process).do(Reserve("05, 06, 07", "desk"), "U1")


def unreserve_note(site: Site, process: Process | None) -> object:
    return site.admin(process).do(Unreserve(note="desk"), "U1")


def approve_some(site: Site, process: Process | None) -> object:
    """Of cem, dot and eve, who left at once, eve alone is released."""
    return site.run(process, approved=withheld().approval, chosen=frozenset({"04"}))


def after_a_mass_leave() -> Site:
    site = settled()
    site.connect.join(agent("dot"), agent("eve"), agent("fay"))
    site.run()
    site.policy, site.connect = policy(max_release_count=2), STAYING
    return site


STAYING = FakeConnect([agent("ann"), agent("fay")])


@cache
def withheld() -> Report:
    return after_a_mass_leave().run()


@cache
def items_before(act: Callable[[Site, Process | None], object]) -> list[Item]:
    site = after_a_mass_leave() if act is approve_some else settled()
    if act is undo_swap:
        swap(site, None)
    if act is unreserve_note:
        reserve_range(site, None)
    return site.table.items


def ready(act: Callable[[Site, Process | None], object]) -> Site:
    """The table before the act, copied: a sync for each call would take long."""
    site = Site(STAYING, policy(max_release_count=2))
    site.clock.advance(hours=2)
    site.table.seed(items_before(act))
    site.admins = 10
    return site


def sound(site: Site) -> None:
    check_one_each(site.numbers)
    check_whole(site.numbers, site.policy.range)


ACTS = pytest.mark.parametrize(
    "act",
    [swap, undo_swap, undo_sync, move, free, reserve_range, unreserve_note],
    ids=lambda act: act.__name__,
)


def done(act: Callable[[Site, Process | None], object]) -> tuple[Numbers, int]:
    """The numbers where nothing goes wrong, and the count of calls that takes."""
    site = ready(act)
    site.table.wire.reset()
    act(site, None)
    return site.numbers, sum(site.table.wire.requests.values())


@ACTS
@pytest.mark.parametrize(("kind", "after"), [("throttled", False), ("dropped", True)])
def test_one_failure_at_any_call_is_as_if_it_had_not_been(
    act: Callable[[Site, Process | None], object], kind: Kind, after: bool
) -> None:
    expected, calls = done(act)
    for nth in range(1, calls + 1):
        site = ready(act)
        with Hook(site, nth, lambda operation: failure(kind, after, operation), set()):
            act(site, None)
        assert alike(site.numbers) == alike(expected), nth
        sound(site)


@ACTS
@pytest.mark.parametrize("after", [False, True])
def test_a_crash_at_any_call_leaves_all_or_nothing_and_a_second_try_ends_the_same(
    act: Callable[[Site, Process | None], object], after: bool
) -> None:
    expected, calls = done(act)
    for nth in range(1, calls + 1):
        site = ready(act)
        before = site.numbers
        with Hook(site, nth, lambda _: Fault("crash", after), set()), pytest.raises(Crash):
            act(site, Process())
        sound(site)
        whole = alike(site.numbers) == alike(expected)
        assert whole or alike(site.numbers) == alike(before), nth
        site.expire_lease()
        if not whole or act is not swap:
            with suppress(ExtensionsError):
                act(site, None)
        assert alike(site.numbers) == alike(expected), nth


@ACTS
def test_a_call_that_is_denied_ends_in_words_and_leaves_all_or_nothing(
    act: Callable[[Site, Process | None], object],
) -> None:
    expected, calls = done(act)
    for nth in range(1, calls + 1):
        site = ready(act)
        before = site.numbers
        with Hook(site, nth, lambda _: Fault("denied"), set()), suppress(ExtensionsError):
            act(site, None)
        sound(site)
        assert alike(site.numbers) in (alike(before), alike(expected)), nth


@pytest.mark.parametrize(
    "fault", [Fault("crash", after=True), Fault("dropped", after=True)], ids=["crash", "lost"]
)
def test_a_fault_at_any_write_of_an_approval_releases_those_chosen_or_nobody(fault: Fault) -> None:
    """The other calls are those of any sync."""
    writes = {"UpdateItem", "TransactWriteItems"}
    site = ready(approve_some)
    approve_some(site, None)
    expected = site.numbers
    assert {*expected.assigned} == {"00", "02", "03", "05"}
    for nth in range(1, sum(site.table.wire.requests[each] for each in writes) + 1):
        site = ready(approve_some)
        before = site.numbers
        with Hook(site, nth, lambda _: fault, writes), suppress(Crash):
            approve_some(site, Process())
        sound(site)
        assert alike(site.numbers) in (alike(before), alike(expected)), nth
        site.expire_lease()
        approve_some(site, None)
        assert alike(site.numbers) == alike(expected), nth
