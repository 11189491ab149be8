"""Numbers by team, and the reserved blocks of a policy."""

from __future__ import annotations

from msgspec.structs import replace

from core.models import (
    Agent,
    Change,
    ChangeKind,
    ExtensionRange,
    Free,
    GroupKind,
    Policy,
    Reserved,
    ReservedBlock,
    Snapshot,
    SyncPlan,
    TeamPolicy,
    TeamRange,
)
from core.numbering.plan import applied, plan_sync
from tests.core.builders import NOW, agent, assigned, free, held, policy, reserved, roster, table


def span(text: str) -> ExtensionRange:
    return ExtensionRange.parse(text)


CLAIMS = TeamRange(GroupKind.TEAM, "Claims", span("02-03"))
NIGHT = TeamRange(GroupKind.ROUTING_PROFILE, "rp-night", span("05-06"))
RULES = replace(policy("00-09"), teams=TeamPolicy((CLAIMS, NIGHT), (ReservedBlock(span("08-09"), "doors"),)))


def plan(*agents: Agent, found: Snapshot | None = None, rules: Policy = RULES) -> SyncPlan:
    return plan_sync(roster(*agents), found or table(*map(free, span("00-09"))), rules, NOW)


def given(made: SyncPlan) -> dict[str, str]:
    return {change.after.username: change.extension for change in made.of(ChangeKind.ASSIGNED)}  # type: ignore[union-attr]


def blocks(made: SyncPlan) -> list[Change]:
    return [*made.of(ChangeKind.RESERVED), *made.of(ChangeKind.UNRESERVED)]


def test_a_new_agent_gets_a_number_of_the_teams_range_and_others_one_outside_all() -> None:
    made = plan(agent("ann", team="claims"), agent("bob", routing_profile="rp-night"), agent("cem"))
    assert given(made) == {"ann": "02", "bob": "05", "cem": "00"}


def test_the_first_range_that_matches_wins() -> None:
    assert given(plan(agent("ann", team="Claims", routing_profile="rp-night"))) == {"ann": "02"}


def test_a_full_range_leaves_the_next_agent_of_the_team_without_a_number() -> None:
    made = plan(*(agent(name, team="Claims") for name in ("ann", "bob", "cem")))
    assert given(made) == {"ann": "02", "bob": "03"}
    assert [each.username for each in made.left_over] == ["cem"]


def test_who_changes_teams_keeps_the_number() -> None:
    found = table(assigned("02", "ann", team="Claims"), *map(free, span("03-09")), free("00"), free("01"))
    made = plan(agent("ann", team="Sales", modified="later"), found=found)
    assert [(change.kind, change.extension) for change in made.changes if change.extension == "02"] == [
        (ChangeKind.RELABELLED, "02")
    ]


def test_an_agent_whose_team_could_not_be_read_waits_where_teams_have_ranges() -> None:
    made = plan(agent("ann", name=""))
    assert (given(made), made.left_over) == ({}, ())
    assert given(plan(agent("ann", name=""), rules=policy("00-09"))) == {"ann": "00"}


def test_the_free_numbers_of_a_block_are_reserved_with_its_note_once() -> None:
    found = table(*map(free, span("00-08")))
    made = plan(found=found)
    after = {change.extension: (change.before, change.after) for change in blocks(made)}
    at = "2026-11-22T09:30:00Z"
    assert after == {
        "08": (Free("08"), Reserved("08", "doors", at, by_policy=True)),
        "09": (None, Reserved("09", "doors", at, by_policy=True)),
    }
    assert blocks(plan(found=applied(found, made.changes))) == []


def test_an_agent_on_a_number_of_a_block_keeps_it() -> None:
    found = table(*map(free, span("00-07")), assigned("08", "ann"), free("09"))
    assert [change.extension for change in blocks(plan(agent("ann"), found=found))] == ["09"]


def test_a_block_that_is_gone_gives_its_numbers_back_and_leaves_a_persons_alone() -> None:
    by_policy = Reserved("08", "doors", by_policy=True)
    found = table(*map(free, span("00-07")), by_policy, reserved("09", "fax"))
    made = plan(found=found, rules=policy("00-09"))
    assert [(change.kind, change.extension) for change in blocks(made)] == [(ChangeKind.UNRESERVED, "08")]


def test_a_block_with_another_note_is_relabelled() -> None:
    found = table(
        *map(free, span("00-07")), *(Reserved(each, "old", by_policy=True) for each in ("08", "09"))
    )
    assert {change.after.note for change in blocks(plan(found=found))} == {"doors"}  # type: ignore[union-attr]


AT = "2026-11-22T09:30:00Z"


def test_a_number_of_a_block_is_reserved_once_its_hold_is_over() -> None:
    old, running, elsewhere = held("08", "bob", days=-1), held("09", "cem"), held("07", "dot", days=-1)
    found = table(*map(free, span("00-06")), elsewhere, old, running)
    block = Change(
        ChangeKind.RESERVED, "08", old, Reserved("08", "doors", AT, by_policy=True), "doors", by_policy=True
    )
    assert blocks(plan(agent("ann"), found=found)) == [block]


def test_a_block_that_is_gone_or_has_another_note_says_what_was_there() -> None:
    before = Reserved("08", "old", by_policy=True)
    found = table(*map(free, span("00-07")), before, free("09"))
    after = Reserved("08", "doors", AT, by_policy=True)
    assert blocks(plan(found=found))[0] == Change(
        ChangeKind.RESERVED, "08", before, after, "doors", by_policy=True
    )
    gone = Change(ChangeKind.UNRESERVED, "08", before, Free("08", AT), "old", by_policy=True)
    assert blocks(plan(found=found, rules=policy("00-09"))) == [gone]


def test_nobody_gets_a_number_of_a_block_or_one_of_anothers_team() -> None:
    blocked = replace(policy("00-02"), teams=TeamPolicy((), (ReservedBlock(span("00-01"), "doors"),)))
    assert given(plan(agent("ann"), agent("bob"), found=table(free("00")), rules=blocked)) == {"ann": "02"}
    assert given(plan(agent("ann"), found=table(free("02")), rules=replace(RULES, range=span("02-04")))) == {
        "ann": "04"
    }


def test_an_agent_who_waits_for_a_name_keeps_nobody_else_waiting() -> None:
    assert given(plan(agent("ann", name=""), agent("bob"))) == {"bob": "00"}
