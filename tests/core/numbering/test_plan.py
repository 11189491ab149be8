from __future__ import annotations

from datetime import timedelta

import pytest

from core.models import (
    Agent,
    Assigned,
    Change,
    ChangeKind,
    ExtensionRange,
    ExtensionRecord,
    Free,
    Held,
    Policy,
    Pool,
    Roster,
    Snapshot,
    State,
    SyncPlan,
    iso,
)
from core.numbering.plan import applied, plan_sync
from tests.core.builders import (
    LONG_AGO,
    NOW,
    agent,
    assigned,
    free,
    held,
    policy,
    record,
    reserved,
    roster,
    table,
)


def plan(listing: Roster, found: Snapshot, rules: Policy | None = None) -> SyncPlan:
    """The plan without the filling of the range, which most tests don't ask about."""
    made = plan_sync(listing, found, rules or policy(), NOW)
    kept = tuple(change for change in made.changes if change.kind is not ChangeKind.FILLED)
    return SyncPlan(kept, made.left_over, made.unchanged)


def only(made: SyncPlan) -> Change:
    (change,) = made.changes
    return change


def given(made: SyncPlan) -> dict[str, str]:
    """Who has what once the plan is carried out, of those whom it touches."""
    after = [change.after for change in made.changes]
    return {state.username: state.extension for state in after if isinstance(state, Assigned)}


# Readings


def read(name: str) -> str:
    return f"{name.lower()}/read"


def test_a_new_agents_row_has_the_readings_of_the_name() -> None:
    made = plan_sync(roster(agent("jdoe")), table(), policy(), NOW, read)
    (after,) = [change.after for change in made.changes if isinstance(change.after, Assigned)]
    assert after.readings == read(after.name)


def test_a_row_without_its_readings_gets_them_as_nothing_that_people_read_of() -> None:
    known = assigned("0001", "jdoe")
    made = plan_sync(roster(agent("jdoe")), table(known), policy(), NOW, read)
    (change,) = [each for each in made.changes if isinstance(each.after, Assigned)]
    assert change.kind is ChangeKind.REFRESHED
    assert isinstance(change.after, Assigned)
    assert change.after.readings == read(change.after.name)


# Joiners


def test_new_agents_get_the_lowest_numbers_in_the_order_of_their_usernames() -> None:
    made = plan(roster(agent("bob"), agent("ann")), table())
    assert given(made) == {"ann": "00", "bob": "01"}


def test_the_order_of_the_listing_does_not_matter() -> None:
    agents = [agent("ann"), agent("bob"), agent("cem")]
    assert plan(roster(*agents), table()) == plan(roster(*reversed(agents)), table())


def test_a_number_never_used_is_given_before_one_that_was() -> None:
    made = plan(roster(agent("ann")), table(free("00", released=LONG_AGO), free("01")))
    assert given(made) == {"ann": "01"}


def test_of_used_numbers_the_one_given_back_longest_ago_comes_first() -> None:
    found = table(free("00", "2026-03-01T00:00:00Z"), held("01", "old", days=-1, released=LONG_AGO))
    assert given(plan(roster(agent("ann")), found, policy("00-01"))) == {"ann": "01"}


def test_a_reserved_number_is_given_to_nobody() -> None:
    made = plan(roster(agent("ann")), table(reserved("00")))
    assert given(made) == {"ann": "01"}


def test_a_held_number_is_given_to_no_stranger_even_where_there_is_no_other() -> None:
    made = plan(roster(agent("ann")), table(held("00", "bob")), policy("00-00"))
    assert (made.changes, [each.username for each in made.left_over]) == ((), ["ann"])


def test_a_hold_ends_at_the_second_it_names() -> None:
    assert given(plan(roster(agent("ann")), table(held("00", "bob", days=0)), policy("00-00"))) == {
        "ann": "00"
    }


def test_whom_the_pool_has_no_number_for_is_left_over() -> None:
    made = plan(roster(agent("ann"), agent("bob")), table(), policy("00-00"))
    assert [each.username for each in made.left_over] == ["bob"]


def test_a_number_outside_the_range_is_given_to_nobody() -> None:
    made = plan(roster(agent("ann")), table(free("99")), policy("00-09"))
    assert given(made) == {"ann": "00"}


def test_a_joiner_whose_name_could_not_be_read_is_read_again_by_the_next_sync() -> None:
    change = only(plan(roster(agent("ann", name="")), table()))
    assert isinstance(change.after, Assigned)
    assert change.after.modified == ""


# Who stays


@pytest.mark.guarantee(3)
def test_an_agent_with_a_number_keeps_it() -> None:
    made = plan(roster(agent("ann")), table(assigned("07", "ann")))
    assert (made.changes, made.unchanged) == ((), 1)


def test_a_number_outside_a_range_that_shrank_is_kept() -> None:
    made = plan(roster(agent("ann")), table(assigned("77", "ann")), policy("00-09"))
    assert made.changes == ()


def test_another_name_relabels() -> None:
    change = only(plan(roster(agent("ann", name="Ann Lee")), table(assigned("07", "ann"))))
    assert (change.kind, change.reason) == (ChangeKind.RELABELLED, "was Ann")


def test_an_agent_whose_name_was_not_read_keeps_the_label_and_its_age() -> None:
    made = plan(roster(agent("ann", name="", modified="2026-11-11T11:11:11Z")), table(assigned("07", "ann")))
    assert made.changes == ()


def test_a_modification_that_shows_nowhere_is_no_change_to_a_person() -> None:
    made = plan(roster(agent("ann", modified="2026-11-11T11:11:11Z")), table(assigned("07", "ann")))
    assert (only(made).kind, made.unchanged) == (ChangeKind.REFRESHED, 1)


def test_a_row_without_a_user_id_is_recognised_by_its_username_and_gains_the_id() -> None:
    change = only(plan(roster(agent("ann")), table(assigned("07", "ann", agent_id="", name="", modified=""))))
    assert change.kind is ChangeKind.HEALED
    assert change.after == assigned("07", "ann")


@pytest.mark.guarantee(3)
def test_a_user_made_anew_under_the_same_username_keeps_the_number() -> None:
    change = only(plan(roster(agent("ann", "id-2")), table(assigned("07", "ann"))))
    assert (change.kind, change.after.extension, change.vacates) == (ChangeKind.RETURNED, "07", ("id-ann",))


@pytest.mark.guarantee(3)
def test_a_listing_torn_between_the_old_and_the_new_user_gives_no_second_number() -> None:
    made = plan(roster(agent("ann"), agent("ann", "id-2")), table(assigned("07", "ann")))
    assert made.changes == ()


def test_a_listing_torn_between_two_new_users_gives_one_number() -> None:
    assert len(plan(roster(agent("ann"), agent("ann", "id-2")), table()).changes) == 1


# Leavers


def test_the_number_of_a_leaver_is_held() -> None:
    change = only(plan(roster(), table(assigned("07", "ann"))))
    until = iso(NOW + timedelta(days=30))
    assert change.after == Held("07", until, iso(NOW), "id-ann", "ann", "Ann")
    assert change.vacates == ("id-ann",)


def test_with_no_hold_days_the_number_of_a_leaver_is_free_but_not_given_in_the_same_sync() -> None:
    made = plan(roster(agent("bob")), table(assigned("00", "ann")), policy("00-00", hold_days=0))
    assert only(made).after == Free("00", iso(NOW))
    assert [each.username for each in made.left_over] == ["bob"]


@pytest.mark.guarantee(16)
def test_who_returns_gets_the_number_that_is_held_for_them() -> None:
    change = only(plan(roster(agent("ann")), table(held("07", "ann"))))
    assert (change.kind, given(plan(roster(agent("ann")), table(held("07", "ann"))))) == (
        ChangeKind.RETURNED,
        {"ann": "07"},
    )


def test_who_returns_with_a_new_user_id_gets_the_number_by_username() -> None:
    assert given(plan(roster(agent("ann", "id-2")), table(held("07", "ann")))) == {"ann": "07"}


def test_a_hold_that_is_over_is_kept_for_nobody() -> None:
    assert given(plan(roster(agent("ann")), table(held("07", "ann", days=-1)))) == {"ann": "00"}


def test_who_has_two_holds_gets_the_newer_number() -> None:
    found = table(held("03", "ann", released="2026-11-01T00:00:00Z"), held("07", "ann"))
    assert given(plan(roster(agent("ann")), found)) == {"ann": "03"}


def test_a_hold_outside_the_range_is_not_handed_back() -> None:
    assert given(plan(roster(agent("ann")), table(held("77", "ann")))) == {"ann": "00"}


# Usernames: ids come first, and upper and lower case are one


@pytest.mark.guarantee(16)
def test_a_hold_goes_to_the_user_id_it_is_kept_for_not_to_a_stranger_with_the_old_username() -> None:
    back, stranger = agent("zoe.lee", "id-ann"), agent("ann", "id-2")
    made = plan(roster(stranger, back), table(held("07", "ann")))
    assert given(made) == {"zoe.lee": "07", "ann": "00"}


def test_the_hold_of_a_listed_agent_goes_to_nobody_of_the_old_username() -> None:
    found = table(assigned("03", "zoe", agent_id="id-ann"), held("07", "ann"))
    made = plan(roster(agent("zoe", "id-ann"), agent("ann", "id-2")), found)
    assert given(made)["ann"] == "00"


@pytest.mark.guarantee(16)
def test_on_a_listing_that_broke_off_a_hold_waits_for_the_user_id_it_is_kept_for() -> None:
    cut = roster(agent("ann", "id-2"), faults=("The listing broke off.",))
    assert plan(cut, table(held("07", "ann"))).changes == ()


@pytest.mark.guarantee(3)
def test_a_user_made_anew_with_the_username_in_other_case_keeps_the_number() -> None:
    made = plan(roster(agent("jane.doe@x", "id-2")), table(assigned("07", "Jane.Doe@x")))
    assert (only(made).kind, given(made)) == (ChangeKind.RETURNED, {"jane.doe@x": "07"})


def test_a_hold_is_found_by_the_username_in_other_case() -> None:
    assert given(plan(roster(agent("jane.doe@x", "id-2")), table(held("07", "Jane.Doe@x")))) == {
        "jane.doe@x": "07"
    }


@pytest.mark.guarantee(3)
def test_twins_whose_usernames_differ_in_case_only_are_told_apart() -> None:
    twins = roster(agent("Jane", "id-1"), agent("jane", "id-2"))
    assert given(plan(twins, table(held("07", "jane")))) == {"Jane": "00", "jane": "07"}
    assert given(plan(twins, table(held("07", "JANE")))) == {"Jane": "00", "jane": "01"}


def test_a_row_whose_user_is_gone_joins_no_agent_who_has_a_number() -> None:
    found = table(assigned("03", "max"), assigned("07", "ann"))
    made = plan(roster(agent("max", "id-ann")), found)
    assert {change.extension: change.kind for change in made.changes} == {
        "03": ChangeKind.RELEASED,
        "07": ChangeKind.RELABELLED,
    }


# Another program writes over our rows: an agent's own row has the better right


def overwritten(extension: str, username: str, owner: str) -> ExtensionRecord:
    """A row that another program wrote without a user id, while the agent's own row names the number."""
    return ExtensionRecord(Assigned(extension, "", username), owners=(owner,))


def freed(extension: str, owner: str) -> ExtensionRecord:
    """A number that another program put back, while the agent's own row names it."""
    return ExtensionRecord(Free(extension, LONG_AGO), (owner,), ("its row was missing from the index",))


@pytest.mark.guarantee(3)
@pytest.mark.parametrize("bobs", [(), (assigned("05", "bob"),)])
def test_a_number_that_was_written_for_somebody_else_goes_back_to_its_owner(bobs: tuple[Assigned]) -> None:
    made = plan(roster(agent("ann"), agent("bob")), table(overwritten("03", "bob", "id-ann"), *bobs))
    assert given(made)["ann"] == "03"
    healed = next(change for change in made.changes if change.extension == "03")
    assert (healed.kind, healed.reason) == (ChangeKind.HEALED, "another program had written it for bob")


def test_a_number_of_a_listed_agent_that_was_put_back_is_theirs_again() -> None:
    change = only(plan(roster(agent("ann")), table(freed("03", "id-ann"))))
    assert (change.kind, change.after) == (ChangeKind.HEALED, assigned("03", "ann", since=iso(NOW)))


def test_a_number_of_a_leaver_that_was_put_back_is_released_and_held_by_us() -> None:
    change = only(plan(roster(agent("bob")), table(freed("03", "id-ann"), assigned("05", "bob"))))
    assert (change.kind, change.vacates) == (ChangeKind.RELEASED, ("id-ann",))
    assert isinstance(change.after, Held)
    assert change.after.agent_id == "id-ann"


def test_a_number_that_another_program_put_back_goes_to_nobody_else_in_the_same_sync() -> None:
    made = plan(roster(agent("bob")), table(freed("00", "id-ann")), policy("00-00"))
    assert [each.username for each in made.left_over] == ["bob"]


def test_a_row_written_for_somebody_who_is_not_listed_is_believed_until_the_listing_is_whole() -> None:
    found = table(overwritten("03", "zed", "id-ann"))
    assert plan(roster(agent("ann"), total=2), found).of(ChangeKind.HEALED) == []
    assert given(plan(roster(agent("ann")), found)) == {"ann": "03"}


# Faults


def test_of_two_extensions_for_one_username_the_lower_is_kept_and_the_other_held() -> None:
    older = {"agent_id": "", "name": "", "modified": ""}
    made = plan(roster(agent("ann")), table(assigned("05", "ann", **older), assigned("03", "ann", **older)))
    assert given(made) == {"ann": "03"}
    assert [change.kind for change in made.changes] == [ChangeKind.HEALED, ChangeKind.HEALED]


def test_of_two_extensions_for_one_agent_the_one_that_the_agents_row_names_is_kept() -> None:
    other = record(assigned("03", "ann"))
    found = Snapshot({"03": ExtensionRecord(other.state), "05": record(assigned("05", "ann"))})
    change = only(plan(roster(agent("ann")), found))
    assert (change.kind, change.extension) == (ChangeKind.HEALED, "03")


@pytest.mark.parametrize("name", ["Ann", "Ann Lee"])
def test_a_fault_is_reported_as_healed_even_where_the_label_changes_too(name: str) -> None:
    found = table(record(assigned("07", "ann"), "it was also listed as free"))
    change = only(plan(roster(agent("ann", name=name)), found))
    assert (change.kind, change.reason) == (ChangeKind.HEALED, "it was also listed as free")


def test_an_agents_row_that_points_astray_is_cleared() -> None:
    found = Snapshot({"07": ExtensionRecord(free("07"), owners=("id-gone",))})
    assert only(plan(roster(), found)).vacates == ("id-gone",)


def test_an_agents_row_that_points_astray_is_put_right_by_the_agents_own_number() -> None:
    found = Snapshot(
        {"03": ExtensionRecord(assigned("03", "ann")), "07": ExtensionRecord(free("07"), owners=("id-ann",))}
    )
    change = only(plan(roster(agent("ann")), found))
    assert (change.extension, change.vacates) == ("03", ())


def test_an_agents_row_that_is_missing_is_made() -> None:
    found = Snapshot({"07": ExtensionRecord(assigned("07", "ann"))})
    assert only(plan(roster(agent("ann")), found)).reason == "the agent's own row was missing"


# The range


def test_extensions_without_a_row_are_filled_in() -> None:
    made = plan_sync(roster(), table(reserved("00"), free("01")), policy("00-03"), NOW)
    assert [change.extension for change in made.of(ChangeKind.FILLED)] == ["02", "03"]


@pytest.mark.guarantee(2)
def test_the_pool_counts_every_extension_of_the_range_once() -> None:
    found = table(assigned("00", "ann"), held("01", "bob"), held("02", "cem", days=-1), reserved("03"))
    pool = Pool.of(found, ExtensionRange.parse("00-09"), NOW)
    assert (pool.free, pool.assigned, pool.held, pool.reserved, pool.size) == (7, 1, 1, 1, 10)


@pytest.mark.guarantee(5)
def test_a_second_plan_after_the_first_is_empty() -> None:
    listing = roster(agent("ann"), agent("bob", "id-2"), agent("dot"))
    found = table(assigned("00", "ann", name="Anne"), assigned("01", "bob"), assigned("02", "cem"))
    once = applied(found, plan_sync(listing, found, policy(), NOW).changes)
    assert plan_sync(listing, once, policy(), NOW).changes == ()


# A listing that is not whole


def test_a_number_changes_hands_by_username_only_on_a_whole_listing() -> None:
    found = table(assigned("00", "bob", agent_id="old"))
    cut = roster(agent("bob", id="new"), total=2, faults=("The listing broke off.",))
    assert [change.kind for change in plan(cut, found).changes] == [
        ChangeKind.RELEASED
    ]  # the guard's to withhold
    assert given(plan(roster(agent("bob", id="new")), found)) == {"bob": "00"}


# Each change as a whole

AT = iso(NOW)
ANN, OLDER = assigned("07", "ann"), assigned("07", "ann", agent_id="", name="", modified="")
UNTIL = iso(NOW + timedelta(days=30))
LEFT = "the agent is no longer listed"
RETURNED, HEALED, REFRESHED = ChangeKind.RETURNED, ChangeKind.HEALED, ChangeKind.REFRESHED
WHOLE: list[tuple[list[Agent], list[State | ExtensionRecord], Change]] = [
    (
        [agent("ann")],
        [free("00")],
        Change(ChangeKind.ASSIGNED, "00", free("00"), assigned("00", "ann", since=AT), "a new agent"),
    ),
    (
        [agent("ann")],
        [held("07", "ann", days=30)],
        Change(
            RETURNED,
            "07",
            held("07", "ann", days=30),
            assigned("07", "ann", since=AT),
            f"held for ann until {UNTIL}",
        ),
    ),
    (
        [agent("ann", "id-2")],
        [record(ANN, "a fault")],
        Change(
            RETURNED,
            "07",
            ANN,
            assigned("07", "ann", agent_id="id-2"),
            "the same username has a new user id; a fault",
            ("id-ann",),
        ),
    ),
    (
        [agent("ann", name="Al")],
        [record(ANN, "one", "two")],
        Change(HEALED, "07", ANN, assigned("07", "ann", name="Al"), "one; two"),
    ),
    ([agent("ann")], [OLDER], Change(HEALED, "07", OLDER, ANN, "the row had no user id")),
    (
        [agent("ann")],
        [ExtensionRecord(OLDER, ("id-ann",))],
        Change(HEALED, "07", OLDER, ANN, "the row had no user id"),
    ),
    (
        [agent("ann", modified=AT)],
        [ANN],
        Change(
            REFRESHED,
            "07",
            ANN,
            assigned("07", "ann", modified=AT),
            "the user was modified, the label was not",
        ),
    ),
    (
        [agent("ann")],
        [assigned("07", "ann", name="")],
        Change(REFRESHED, "07", assigned("07", "ann", name=""), ANN, "the name became known"),
    ),
    (
        [],
        [ANN],
        Change(
            ChangeKind.RELEASED,
            "07",
            ANN,
            Held("07", UNTIL, AT, "id-ann", "ann", "Ann"),
            LEFT,
            ("id-ann",),
            takes=True,
        ),
    ),
    (
        [],
        [overwritten("07", "zed", "id-gone")],
        Change(
            ChangeKind.RELEASED,
            "07",
            Assigned("07", "", "zed"),
            Held("07", UNTIL, AT, "id-gone", "zed"),
            LEFT,
            ("id-gone",),
            takes=True,
        ),
    ),
    (
        [],
        [OLDER],
        Change(ChangeKind.RELEASED, "07", OLDER, Held("07", UNTIL, AT, "", "ann"), LEFT, takes=True),
    ),
    (
        [agent("ann")],
        [assigned("03", "ann"), ANN],
        Change(
            HEALED,
            "07",
            ANN,
            Held("07", UNTIL, AT, "id-ann", "ann", "Ann"),
            "the agent has another extension",
        ),
    ),
    (
        [],
        [freed("03", "id-ann")],
        Change(
            ChangeKind.RELEASED,
            "03",
            Free("03", LONG_AGO),
            Held("03", UNTIL, AT, "id-ann", "id-ann"),
            f"{LEFT}, and another program had freed it",
            ("id-ann",),
            takes=True,
        ),
    ),
    (
        [agent("ann")],
        [ExtensionRecord(free("03"), ("id-ann", "id-gone"))],
        Change(
            HEALED,
            "03",
            free("03"),
            assigned("03", "ann", since=AT),
            "another program had freed it",
            ("id-gone",),
        ),
    ),
    (
        [agent("ann")],
        [overwritten("03", "zed", "id-ann")],
        Change(
            HEALED,
            "03",
            Assigned("03", "", "zed"),
            assigned("03", "ann", since=AT),
            "another program had written it for zed",
            takes=True,
        ),
    ),
    (
        [agent("ann")],
        [ExtensionRecord(ANN, ("id-ann", "id-gone"), ("a fault",))],
        Change(HEALED, "07", ANN, ANN, "a fault; the row of user id-gone points here", ("id-gone",)),
    ),
]


@pytest.mark.parametrize(("listing", "found", "change"), WHOLE)
def test_a_change_says_what_is_what_will_be_why_and_whether_somebody_loses_a_number(
    listing: list[Agent], found: list[State | ExtensionRecord], change: Change
) -> None:
    assert only(plan(roster(*listing), table(*found))) == change


def test_an_extension_that_is_new_in_the_range_is_filled_in() -> None:
    (change,) = plan_sync(roster(), table(), policy("00-00"), NOW).changes
    assert change == Change(ChangeKind.FILLED, "00", None, Free("00"), "new in the range")


def test_a_number_written_for_somebody_who_is_listed_is_no_loss() -> None:
    made = plan(roster(agent("ann"), agent("bob")), table(overwritten("03", "bob", "id-ann")))
    assert [change.takes for change in made.changes] == [False, False]


def test_doubles_are_told_from_losses() -> None:
    """An agent who got the number of one older row loses nothing by another; one who had a number may."""
    older = {"agent_id": "", "name": "", "modified": ""}
    names = ("ann", "bob", "ann", "bob")
    found = table(*(assigned(f"0{place}", name, **older) for place, name in enumerate(names)))
    made = plan(roster(agent("ann"), agent("bob")), found)
    assert [change.takes for change in made.changes if isinstance(change.after, Held)] == [False, False]
    found = table(assigned("00", "ann", agent_id="id-gone"), assigned("01", "ann", **older))
    made = plan(roster(agent("ann")), found)
    assert [change.takes for change in made.changes if isinstance(change.after, Held)] == [True]


def test_the_doubles_of_all_agents_are_held() -> None:
    found = table(*(assigned(f"0{place}", name) for place, name in enumerate(("ann", "ann", "bob", "bob"))))
    made = plan(roster(agent("ann"), agent("bob")), found)
    assert [change.extension for change in made.changes] == ["01", "03"]


def test_unchanged_are_those_who_keep_number_and_label() -> None:
    found = table(assigned("00", "ann"), assigned("01", "bob"), assigned("02", "cem"))
    assert plan(roster(agent("ann", name="Al"), agent("bob"), agent("cem")), found).unchanged == 2


def test_labels_are_in_the_order_of_the_usernames_of_now() -> None:
    found = table(assigned("00", "zoe", agent_id="id-bea"), assigned("01", "amy", agent_id="id-cat"))
    made = plan(roster(agent("cat"), agent("bea")), found)
    assert [change.extension for change in made.changes] == ["00", "01"]


def test_an_own_row_that_points_at_a_strangers_number_gives_no_right_to_it() -> None:
    found = table(ExtensionRecord(assigned("03", "zed"), ("id-ann",)))
    made = plan(roster(agent("ann")), found)
    assert {change.extension: change.kind for change in made.changes} == {
        "00": ChangeKind.ASSIGNED,
        "03": ChangeKind.RELEASED,
    }


def test_the_owner_of_a_number_that_was_written_over_waits_for_a_whole_listing() -> None:
    assert given(plan(roster(agent("ann"), total=2), table(overwritten("03", "zed", "id-ann")))) == {}


def test_freed_numbers_are_found_among_sound_ones() -> None:
    found = table(assigned("01", "bob"), freed("03", "id-ann"))
    assert given(plan(roster(agent("ann"), agent("bob")), found)) == {"ann": "03"}


@pytest.mark.parametrize(("listed", "kept"), [("arn:new", "arn:new"), ("", "arn:old")])
def test_the_arn_follows_connect_where_it_is_known(listed: str, kept: str) -> None:
    found = table(assigned("07", "ann", arn="arn:old", name="Al"))
    after = only(plan(roster(agent("ann", arn=listed)), found)).after
    assert after == assigned("07", "ann", arn=kept)


def test_a_hold_of_one_day_is_a_hold() -> None:
    assert isinstance(only(plan(roster(), table(ANN), policy(hold_days=1))).after, Held)


def test_the_last_number_may_be_one_that_was_used() -> None:
    assert given(plan(roster(agent("ann")), table(free("00", LONG_AGO)), policy("00-00"))) == {"ann": "00"}
