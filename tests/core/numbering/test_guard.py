from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.models import (
    Agent,
    Change,
    ChangeKind,
    ExtensionRecord,
    Free,
    Held,
    HistoryEntry,
    Policy,
    Roster,
    SyncPlan,
    iso,
)
from core.numbering.guard import (
    Consent,
    GuardedPlan,
    applying,
    guard,
    mark_of,
    plan_lines,
    plan_name,
    released_before,
)
from core.numbering.orders import Apply, Approve, agreed
from core.numbering.plan import plan_sync
from tests.core.builders import NOW, agent, assigned, free, giving, held, policy, record, roster, table

WAITS = "the release waits for an admin"
NAMES = [f"agent{number:02}" for number in range(20)]
ASSIGNED = table(*(assigned(f"{number:02}", name) for number, name in enumerate(NAMES)))


def listed(*missing: int, **other: Agent) -> tuple[Agent, ...]:
    """The agents, but for some of them."""
    return tuple(agent(name) for number, name in enumerate(NAMES) if number not in missing)


def guarded(
    listing: Roster, rules: Policy | None = None, approved: str = "", consent: Consent | None = None
) -> GuardedPlan:
    rules = rules or policy("00-29", max_release_count=2, max_release_percent=10)
    given = consent or Consent(approved)
    return guard(plan_sync(listing, ASSIGNED, rules, NOW), listing, ASSIGNED, rules, given)


def released(made: GuardedPlan) -> list[str]:
    return [change.extension for change in made.plan.of(ChangeKind.RELEASED)]


def test_a_few_leavers_are_released() -> None:
    assert released(guarded(roster(*listed(3, 7)))) == ["03", "07"]


def test_more_leavers_than_both_limits_allow_wait_for_a_person() -> None:
    made = guarded(roster(*listed(3, 7, 9)))
    assert (released(made), len(made.withheld)) == ([], 3)
    assert made.because == (
        "3 of 20 agents (15%) would lose their extension. More than 2 people and more than 10% in 24 hours "
        "need your approval.",
    )


@pytest.mark.guarantee(16)
def test_leavers_of_the_last_24_hours_are_counted_with_those_of_now() -> None:
    listing, rules = roster(*listed(3, 7)), policy("00-29", max_release_count=2, max_release_percent=10)
    plan = plan_sync(listing, ASSIGNED, rules, NOW)
    made = guard(plan, listing, ASSIGNED, rules, earlier=1)
    assert (released(made), len(made.withheld)) == ([], 2)
    assert made.because == (
        "With the 1 of the last 24 hours, 3 of 21 agents (14%) would lose their extension. More than 2 "
        "people and more than 10% in 24 hours need your approval.",
    )
    assert len(released(guard(plan, listing, ASSIGNED, rules, Consent(made.approval), earlier=1))) == 2


def lost(name: str, **changes: str) -> HistoryEntry:
    """A line of history by which an agent lost a number."""
    row = assigned("50", name)
    line = HistoryEntry(
        ChangeKind.RELEASED, "50", row.username, "", iso(NOW), "schedule", "run", agent_id=row.agent_id
    )
    return replace(line, **changes)


@pytest.mark.parametrize(
    ("losses", "count"),
    [
        ([lost("ann"), lost("bob"), lost("ann")], 2),
        ([lost("ann", agent_id=""), lost("bob", agent_id="")], 2),
        ([lost("ann", confirmed="an approval")], 0),
        ([lost("ann"), lost("ann", confirmed="an approval")], 0),
        ([lost(NAMES[3])], 0),
        ([lost("ann", username=NAMES[3].upper())], 0),
        ([lost("ann", username="another", agent_id=assigned("03", NAMES[3]).agent_id)], 0),
        ([replace(lost("ann"), kind=ChangeKind.RELABELLED, before="Anne")], 0),
    ],
    ids=["once each", "by username", "approved", "moved first", "moved", "new id", "new name", "renamed"],
)
def test_a_loss_counts_if_nobody_agreed_to_it_and_the_agent_has_no_number_now(
    losses: list[HistoryEntry], count: int
) -> None:
    assert released_before(losses, ASSIGNED) == count


@pytest.mark.guarantee(16)
@pytest.mark.parametrize("limits", [{"max_release_count": 3}, {"max_release_percent": 15}])
def test_either_limit_alone_is_enough_to_let_leavers_go(limits: dict[str, int]) -> None:
    rules = policy("00-29", **{"max_release_count": 2, "max_release_percent": 10} | limits)
    assert released(guarded(roster(*listed(3, 7, 9)), rules)) == ["03", "07", "09"]


def test_what_a_person_approved_is_released() -> None:
    listing = roster(*listed(3, 7, 9))
    assert released(guarded(listing, approved=guarded(listing).approval)) == ["03", "07", "09"]


@pytest.mark.guarantee(16)
def test_an_approval_of_other_leavers_releases_nobody() -> None:
    approval = guarded(roster(*listed(3, 7, 9))).approval
    assert released(guarded(roster(*listed(3, 7, 9, 11)), approved=approval)) == []


def chosen(listing: Roster, *extensions: str) -> GuardedPlan:
    """The plan of an admin who approves only these of the releases that wait."""
    return guarded(listing, consent=Consent(guarded(listing).approval, frozenset(extensions)))


def test_of_those_who_wait_single_people_are_released_and_the_others_wait_on() -> None:
    made = chosen(roster(*listed(3, 7, 9)), "07")
    assert (released(made), [each.extension for each in made.withheld]) == (["07"], ["03", "09"])
    assert made.because == (
        "An admin left 2 people out of an approval. Their releases wait until an admin approves.",
    )
    assert made.plan.of(ChangeKind.RELEASED)[0].confirmed == guarded(roster(*listed(3, 7, 9))).approval


def test_who_was_left_out_is_not_released_by_the_next_sync_however_few_they_are() -> None:
    listing = roster(*listed(3, 7, 9))
    left_out = Consent(left_out=chosen(listing, "03", "07").consent.left_out)
    made = guarded(roster(*listed(9)), consent=left_out)
    assert (released(made), [each.extension for each in made.withheld]) == ([], ["09"])
    assert made.because == (
        "An admin left 1 person out of an approval. Their release waits until an admin approves.",
    )
    assert released(guarded(roster(*listed(9)), consent=replace(left_out, approval=made.approval))) == ["09"]


def test_those_left_out_are_told_beside_those_who_are_too_many() -> None:
    left_out = Consent(left_out=chosen(roster(*listed(3, 7, 9)), "03", "07").consent.left_out)
    made = guarded(roster(*listed(3, 7, 8, 9)), consent=left_out)
    assert len(made.withheld) == 4
    assert made.because == (
        "3 of 20 agents (15%) would lose their extension. More than 2 people and more than 10% in 24 hours "
        "need your approval.",
        "An admin left 1 person out of an approval. Their release waits until an admin approves.",
    )


def test_of_a_listing_that_cannot_be_believed_only_the_doubt_is_told() -> None:
    left_out = Consent(left_out=chosen(roster(*listed(3, 7, 9)), "03", "07").consent.left_out)
    made = guarded(roster(*listed(3, 7, 9), total=1000), consent=left_out)
    assert made.because == ("Connect listed 17 users, but counts 1,000.",)


def test_the_rest_of_an_approval_can_be_approved_and_of_all_there_is_no_rest() -> None:
    listing = roster(*listed(3, 7, 9))
    rest = chosen(listing, "07").approval
    strict = policy("00-29", max_release_count=0, max_release_percent=0)
    assert rest == guarded(roster(*listed(3, 9)), strict).approval
    assert chosen(listing, "03", "07", "09").approval == ""


def test_only_what_was_agreed_to_has_the_name_of_the_approval() -> None:
    listing = roster(*listed(3, 7, 9), agent("new"))
    made = guarded(listing, approved=guarded(listing).approval)
    assert {each.extension for each in made.plan.changes if each.confirmed} == {"03", "07", "09"}
    assert made.plan.of(ChangeKind.ASSIGNED)


def test_an_approval_is_no_word_about_a_release_that_needs_none() -> None:
    (release,) = guarded(roster(*listed(3)), approved="another").plan.of(ChangeKind.RELEASED)
    assert release.confirmed == ""


def test_a_short_mark_tells_releases_of_other_numbers_and_other_people_apart() -> None:
    line = HistoryEntry.of(LEFT, iso(NOW), "U1", "run-1")
    unknown = replace(line, agent_id="")
    others = [
        replace(line, extension="05"),
        replace(line, agent_id="id-dot"),
        replace(unknown, username="dot"),
    ]
    marks = {mark_of(each) for each in (line, unknown, *others)}
    assert len(marks) == 5
    assert {len(mark) for mark in marks} == {12}
    assert len(guarded(roster(*listed(3, 7, 9))).approval) == 16


@pytest.mark.parametrize("user_id", ["id-ann", ""])
def test_a_release_is_left_out_by_what_people_were_shown_of_it(user_id: str) -> None:
    there = table(assigned("03", "ann", agent_id=user_id), assigned("04", "bob"), assigned("05", "cem"))
    listing, rules = roster(agent("cem")), policy(max_release_count=0, max_release_percent=0)
    plan = plan_sync(listing, there, rules, NOW)
    approval = guard(plan, listing, there, rules, Consent()).approval
    made = guard(plan, listing, there, rules, Consent(approval, frozenset({"04"})))
    (waits,) = made.withheld
    assert made.consent.left_out == {mark_of(HistoryEntry.of(waits, iso(NOW), "U1", "run-1"))}


@pytest.mark.parametrize(
    "spoiled",
    [
        ExtensionRecord(Free("03"), owners=("id-xena", "id-yuri")),
        ExtensionRecord(assigned("03", "xena", agent_id=""), owners=("id-cem",)),
    ],
)
def test_what_another_program_wrote_is_left_out_by_what_people_were_shown(spoiled: ExtensionRecord) -> None:
    there, listing = table(spoiled, assigned("04", "bob")), roster(agent("cem"))
    rules = policy(max_release_count=0, max_release_percent=0)
    plan = plan_sync(listing, there, rules, NOW)
    shown = [HistoryEntry.of(each, iso(NOW), "U1", "run-1") for each in plan.changes if each.takes]
    left_out = frozenset(mark_of(each) for each in shown if each.extension == "03")
    made = guard(plan, listing, there, policy(), Consent(left_out=left_out))
    assert [each.extension for each in made.withheld] == ["03"]


def test_beside_those_who_were_left_out_a_few_new_leavers_are_released() -> None:
    left_out = Consent(left_out=chosen(roster(*listed(3, 7, 9)), "03", "07").consent.left_out)
    made = guarded(roster(*listed(9, 11, 12)), consent=left_out)
    assert (released(made), [each.extension for each in made.withheld]) == (["11", "12"], ["09"])


def test_who_was_left_out_and_is_listed_again_is_an_agent_like_any_other() -> None:
    left_out = chosen(roster(*listed(3, 7, 9)), "03", "07").consent.left_out
    back = guarded(roster(*listed()), consent=Consent(left_out=left_out)).consent
    assert back.left_out == frozenset()
    doubtful = guarded(roster(*listed(), total=None), consent=Consent(left_out=left_out)).consent
    assert doubtful.left_out == left_out


def test_what_was_agreed_to_in_a_run_stays_so_when_it_has_to_plan_again() -> None:
    listing = roster(*listed(3, 7, 9, 11))
    consent = guarded(listing, approved=guarded(listing).approval).consent
    rest = roster(*listed(7, 9, 11))
    assert released(guarded(rest, consent=consent)) == ["07", "09", "11"]


@pytest.mark.parametrize(
    ("listing", "because"),
    [
        (roster(*listed(3), faults=("The listing broke off.",)), "The listing broke off."),
        (roster(*listed(3), total=None), "Connect's own count of its users could not be read."),
        (roster(*listed(3), total=20), "Connect listed 19 users, but counts 20."),
        (roster(*listed(3), total=18), "Connect listed 19 users, but counts 18."),
        (roster(), "Connect listed nobody."),
    ],
)
def test_a_listing_that_cannot_be_believed_releases_nobody(listing: Roster, because: str) -> None:
    made = guarded(listing)
    assert (released(made), made.because) == ([], (because,))


@pytest.mark.guarantee(4)
def test_no_approval_makes_a_bad_listing_good() -> None:
    approval = guarded(roster(*listed(3, 7, 9))).approval
    made = guarded(roster(*listed(3, 7, 9), total=20), approved=approval)
    assert (released(made), made.approval) == ([], "")


def test_everything_else_in_the_plan_goes_ahead() -> None:
    made = guarded(roster(*listed(3), agent("new"), total=None))
    assert [change.kind for change in made.plan.changes if change.kind is not ChangeKind.FILLED] == [
        ChangeKind.ASSIGNED
    ]


@pytest.mark.guarantee(16)
def test_the_number_of_a_withheld_leaver_is_given_to_nobody() -> None:
    rules = policy("00-19")
    made = guarded(roster(*listed(3), agent("new"), total=None), rules)
    assert [each.username for each in made.plan.left_over] == ["new"]


def test_a_fault_of_a_withheld_leavers_row_is_healed_all_the_same() -> None:
    found = table(record(assigned("07", "ann"), "it was also listed as free", "a fault"))
    listing = roster(agent("bob"), total=None)
    made = guard(plan_sync(listing, found, policy(), NOW), listing, found, policy())
    row = assigned("07", "ann")
    healed = Change(ChangeKind.HEALED, "07", row, row, "it was also listed as free; a fault")
    assert made.plan.of(ChangeKind.HEALED) == [healed]


def test_who_left_and_waits_is_marked_and_of_a_doubtful_listing_nobody_is() -> None:
    made = guarded(roster(*listed(3, 7, 9)))
    rows = [assigned(number, f"agent{number}") for number in ("03", "07", "09")]
    assert made.plan.of(ChangeKind.REFRESHED) == [
        Change(ChangeKind.REFRESHED, row.extension, row, replace(row, release_waits=True), WAITS)
        for row in rows
    ]
    assert guarded(roster(*listed(3, 7, 9), total=None)).plan.of(ChangeKind.REFRESHED) == []


def test_a_double_is_healed_whatever_the_listing_is_worth() -> None:
    found = table(assigned("00", "ann"), assigned("01", "ann"))
    listing = roster(agent("ann"), total=None)
    made = guard(plan_sync(listing, found, policy(), NOW), listing, found, policy())
    assert len(made.plan.of(ChangeKind.HEALED)) == 1


def test_a_plan_without_leavers_asks_nothing_of_the_listing() -> None:
    assert guarded(roster(*listed(), total=None)).because == ()


def taken_over(rows_have_ids: bool) -> GuardedPlan:
    """30 of 60 have left, and the 30 others now have the usernames of those."""
    there = [f"agent{number:02}" for number in range(60)]
    ids = {"agent_id": ""} if not rows_have_ids else {}
    leavers = [assigned(f"{number:02}", name, **ids) for number, name in enumerate(there[:30])]
    others = [assigned(f"{30 + number:02}", name) for number, name in enumerate(there[30:])]
    listing = roster(*(agent(there[n], f"id-{there[30 + n]}") for n in range(30)))
    found, rules = table(*leavers, *others), policy("00-99")
    return guard(plan_sync(listing, found, rules, NOW), listing, found, rules)


@pytest.mark.guarantee(16)
@pytest.mark.parametrize("rows_have_ids", [True, False])
def test_leavers_whose_usernames_others_took_over_are_counted_as_leavers(rows_have_ids: bool) -> None:
    made = taken_over(rows_have_ids)
    assert (len(made.withheld), "30 of 60 agents (50%)" in made.because[0]) == (30, True)
    assert not any(isinstance(change.after, Held) for change in made.plan.changes)


@pytest.mark.guarantee(16)
def test_numbers_that_another_program_put_back_wait_for_a_person_too() -> None:
    records = [ExtensionRecord(Free(f"{n:02}"), (f"id-{n}",)) for n in range(20)]
    found = table(*records, assigned("30", "ann"))
    listing = roster(agent("ann"))
    made = guard(plan_sync(listing, found, policy("00-30"), NOW), listing, found, policy("00-30"))
    assert (len(made.withheld), bool(made.approval)) == (20, True)
    rules, consent = policy("00-30"), Consent(made.approval)
    again = guard(plan_sync(listing, found, rules, NOW), listing, found, rules, consent)
    assert len(released(again)) == 20


def test_an_approval_is_of_these_agents_even_where_others_have_their_usernames_and_numbers() -> None:
    approvals = set()
    for made_anew in ("id-1", "id-2"):
        found = table(*(assigned(f"0{n}", f"a{n}", agent_id=f"{made_anew}-{n}") for n in range(6)))
        listing, rules = roster(agent("bob")), policy()
        approvals.add(guard(plan_sync(listing, found, rules, NOW), listing, found, rules).approval)
    assert len(approvals) == 2


# Plans that a person agrees to

GIVEN, LEFT = (
    giving("03", "ann"),
    Change(ChangeKind.RELEASED, "04", assigned("04", "bob"), held("04", "bob"), "left"),
)


def planned(*changes: Change) -> SyncPlan:
    return SyncPlan(changes)


def test_a_plan_has_one_name_in_any_order() -> None:
    name = plan_name(planned(GIVEN, LEFT))
    assert name == plan_name(planned(LEFT, GIVEN))
    assert agreed(name) == Apply(name)
    approval = guarded(roster(*listed(3, 7, 9))).approval
    assert agreed(approval) == Approve(approval)
    assert len({plan_name(planned(*each)) for each in ((), (GIVEN,), (LEFT,), (GIVEN, LEFT))}) == 4


@pytest.mark.parametrize(
    "other",
    [
        replace(LEFT, kind=ChangeKind.MOVED),
        replace(LEFT, extension="05"),
        replace(LEFT, before=assigned("04", "dot")),
        replace(LEFT, after=held("04", "dot")),
        replace(LEFT, after=free("04")),
        replace(LEFT, before=assigned("04", "bob", name="Robert")),
        replace(LEFT, before=assigned("04", "bob", agent_id="id-new")),
    ],
)
def test_another_plan_has_another_name(other: Change) -> None:
    assert plan_name(planned(other)) != plan_name(planned(LEFT))


def test_what_only_time_changes_is_no_part_of_a_plan() -> None:
    later = replace(LEFT, after=held("04", "bob", days=11), reason="left a while ago")
    filled = Change(ChangeKind.FILLED, "05", None, free("05"), "")
    assert plan_name(planned(later, filled)) == plan_name(planned(LEFT))


def test_the_lines_of_a_plan_name_kind_number_and_people() -> None:
    assert plan_lines(planned(LEFT)) == {"released 04 id-bob bob Bob id-bob bob "}


def test_a_plan_that_is_made_puts_its_name_on_every_change() -> None:
    made = applying(planned(GIVEN, LEFT), "plan1")
    assert [each.confirmed for each in made.changes] == ["plan1", "plan1"]
    assert made == replace(made, changes=tuple(replace(each, confirmed="plan1") for each in (GIVEN, LEFT)))
