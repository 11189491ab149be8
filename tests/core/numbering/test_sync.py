from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from msgspec.structs import replace

from core.directory.keys import DIRECTORY_CSV, DIRECTORY_JSON
from core.errors import LeaseLost, Refused, TableChanged, Unavailable
from core.models import ChangeKind, ExtensionRange, GroupKind, HistoryEntry, Report, TeamPolicy, TeamRange
from core.numbering.orders import Move, Reserve, UndoSync
from core.ports import UserPage
from tests.core.builders import agent, policy, rows
from tests.core.fakes import FakeConnect, Site, sound, unavailable
from tests.stand_ins.expressions import Item
from tests.stand_ins.wire import Crash, Fault, Process

NAMES = [f"agent{number:03}" for number in range(60)]


@pytest.fixture
def site() -> Site:
    """60 agents listed, none of whom has a number yet."""
    return Site(FakeConnect([agent(name) for name in NAMES]), policy("000-099"))


def exported(site: Site) -> dict[str, str]:
    """The extension of each username, by the export."""
    entries = json.loads(site.bucket.objects[DIRECTORY_JSON].body)["entries"]
    return {entry["username"]: entry["extension"] for entry in entries}


def at_request(site: Site, operation: str, nth: int, act: object) -> None:
    """Do something just before the nth request of an operation, once."""
    left = [act]

    def hook(asked: str, number: int) -> Fault | None:
        if (asked, number) == (operation, nth) and left:
            left.pop()()  # type: ignore[operator]
        return None

    for wire in (site.table.wire, site.bucket.wire):
        wire.reset()
        wire.fault = hook


def test_a_sync_says_what_it_did(site: Site) -> None:
    report = site.run()
    assert (report.counts[ChangeKind.ASSIGNED], report.counts[ChangeKind.FILLED]) == (60, 40)
    assert (report.exported, report.pool and report.pool.size) == (True, 100)


def recent(site: Site) -> list[HistoryEntry]:
    return [*site.reader().history(site.clock.now - timedelta(days=1), site.clock.now)]


def row_of(site: Site, extension: str) -> Item:
    (row,) = (item for item in site.table.items if item["pk"]["S"] == extension)
    return row


def leave(site: Site, first: int, last: int, **consent: str) -> Report:
    """Sync after the agents with these places in the listing are gone."""
    site.connect.leave(*(agent(name).id for name in NAMES[first:last]))
    site.clock.advance(minutes=10)
    return site.run(**consent)  # type: ignore[arg-type]


@pytest.mark.guarantee(16)
def test_losses_of_several_syncs_add_up_until_a_person_is_asked(site: Site) -> None:
    site.run()
    assert leave(site, 0, 5).counts[ChangeKind.RELEASED] == 5
    second = leave(site, 5, 10)
    assert (second.counts, len(second.withheld)) == ({ChangeKind.REFRESHED: 5}, 5)
    assert second.withheld_because[0].startswith(
        "With the 5 of the last 24 hours, 10 of 60 agents (17%) would"
    )
    assert len(leave(site, 10, 15).withheld) == 10
    assert site.run(dry_run=True).approval


def waiting_ones(site: Site) -> list[str]:
    """The usernames whose rows say that their release waits."""
    found = (row for row in site.reader().directory().entries if row.release_waits)
    return [row.username for row in found]


@pytest.mark.guarantee(11)
def test_who_left_and_waits_for_an_admin_is_known_to_be_gone_without_history_or_notice(site: Site) -> None:
    site.run()
    lines = len(recent(site))
    report = leave(site, 0, 10)
    assert waiting_ones(site) == NAMES[:10]
    assert (report.changes, len(recent(site))) == ((), lines)
    assert all({*attribute} == {"S"} for attribute in row_of(site, "000").values())
    assert site.run().counts == {}
    site.connect.join(agent(NAMES[0]))
    back = site.run()
    assert (back.counts, back.changes, waiting_ones(site)) == ({ChangeKind.REFRESHED: 1}, (), NAMES[1:10])
    assert site.run(approved=back.approval).counts[ChangeKind.RELEASED] == 9
    assert waiting_ones(site) == []


def test_a_mark_follows_who_is_moved_and_ends_when_they_are_listed_by_another_name(site: Site) -> None:
    site.run()
    leave(site, 0, 10)
    site.admin().do(Move(agent(NAMES[0]).id, "090"), "U1")
    assert waiting_ones(site) == [*NAMES[1:10], NAMES[0]]
    site.connect.join(replace(agent(NAMES[0]), name="Jane Roe"))
    site.run()
    assert waiting_ones(site) == NAMES[1:10]


@pytest.mark.parametrize("gone", [10, 60])
def test_a_listing_that_can_not_be_believed_says_of_nobody_that_they_are_gone(site: Site, gone: int) -> None:
    site.run()
    site.connect.spoil = lambda _, __, page: replace(page, total=60)
    assert leave(site, 0, gone).withheld
    assert waiting_ones(site) == []


def test_releases_that_were_approved_or_undone_or_are_a_day_old_do_not_add_up(site: Site) -> None:
    site.run()
    waiting = leave(site, 0, 10)
    assert leave(site, 0, 0, approved=waiting.approval).counts[ChangeKind.RELEASED] == 10
    assert leave(site, 10, 15).counts[ChangeKind.RELEASED] == 5
    site.admin().do(UndoSync(), "U1")
    site.connect.join(*map(agent, NAMES[10:15]))
    assert leave(site, 15, 20).counts[ChangeKind.RELEASED] == 5
    assert len(leave(site, 20, 25).withheld) == 5
    site.clock.advance(days=1)
    assert leave(site, 0, 0).counts[ChangeKind.RELEASED] == 5


def test_a_move_is_no_loss_of_the_day(site: Site) -> None:
    site.run()
    for number in range(5):
        site.admin().do(Move(agent(NAMES[50 + number]).id, f"09{number}"), "U1")
    assert leave(site, 0, 5).counts[ChangeKind.RELEASED] == 5


def test_counting_the_day_is_one_request_of_a_sync_that_would_release(site: Site) -> None:
    site.run()
    queries = []
    for gone in (0, 1):
        site.table.wire.reset()
        leave(site, 0, gone)
        queries.append(site.table.wire.requests["Query"])
    assert queries[1] == queries[0] + 1


@pytest.mark.guarantee(5)
def test_a_sync_with_nothing_to_do_writes_no_assignment_and_no_export(site: Site) -> None:
    site.run()
    site.table.wire.reset()
    site.bucket.wire.reset()
    report = site.run()
    assert (report.counts, report.unchanged, report.exported) == ({}, 60, False)
    assert site.table.wire.requests["TransactWriteItems"] == 1
    assert site.bucket.wire.requests == {"HeadObject": 5}


def test_numbers_are_written_while_names_are_still_being_read() -> None:
    site = Site(FakeConnect([agent(f"agent{number:04}") for number in range(1200)], 500), policy("0000-1999"))
    written = threading.Event()
    at_request(site, "TransactWriteItems", 2, written.set)

    def third_page_waits(operation: str, nth: int, page: UserPage) -> UserPage:
        if (operation, nth) == ("search_users", 3) and not written.wait(20):
            raise Unavailable("Nothing was written before the names were complete.")
        return page

    site.connect.spoil = third_page_waits
    report = site.run()
    assert (report.counts[ChangeKind.ASSIGNED], report.warnings) == (1200, ())
    assert {line.name for line in report.changes} == {f"Agent{number:04}" for number in range(1200)}


def test_a_dry_run_writes_nothing(site: Site) -> None:
    report = site.run(dry_run=True)
    assert (report.counts[ChangeKind.ASSIGNED], site.table.items) == (60, [])


def test_a_plan_made_again_counts_every_agent_once(site: Site) -> None:
    site.most_awaited = len(NAMES)  # one plan for all, which the third transaction finds outdated
    site.run()
    for name in NAMES[:50]:
        site.connect.leave(f"id-{name}")
    site.connect.join(*(agent(f"new{number:02}") for number in range(30)))
    approved = site.run(dry_run=True).approval
    somebody = rows({"pk": "089", "sk": "agentID", "sk_value": "new29"})
    at_request(site, "TransactWriteItems", 3, lambda: site.table.seed(somebody))
    report = site.run(approved=approved)
    counted = [report.counts.get(kind, 0) for kind in (ChangeKind.ASSIGNED, ChangeKind.HEALED)]
    assert (counted, report.unchanged) == ([29, 1], 10)
    assert (report.counts[ChangeKind.RELEASED], report.agreed, report.withheld) == (50, 50, ())


@pytest.mark.guarantee(16)
def test_who_was_left_out_of_an_approval_waits_through_a_crash_and_the_syncs_after_it(site: Site) -> None:
    site.run()
    for name in NAMES[:12]:
        site.connect.leave(f"id-{name}")
    approved = site.run().approval
    chosen = frozenset(line.extension for line in site.run().withheld[:10])
    site.table.wire.reset()
    # The third transaction is that of the report: what was left out and the releases are written.
    crash = {("TransactWriteItems", 3): Fault("crash")}
    site.table.wire.fault = lambda operation, nth: crash.pop((operation, nth), None)
    with pytest.raises(Crash):
        site.run(Process(), approved=approved, chosen=chosen)
    site.expire_lease()
    for _ in range(2):
        report = site.run()
        assert {line.username for line in report.withheld} >= {NAMES[10], NAMES[11]}
    again = site.run(approved=report.approval)
    assert {*NAMES[10:12]} <= {line.username for line in again.changes}
    assert {line.confirmed for line in again.changes} == {report.approval}


def test_history_says_under_which_approval_a_number_was_released(site: Site) -> None:
    site.run()
    for name in NAMES[:12]:
        site.connect.leave(f"id-{name}")
    approved = site.run().approval
    site.run(approved=approved)
    lines = site.reader().history(site.clock.now - timedelta(days=1), site.clock.now)
    assert sum(line.confirmed == approved for line in lines) == 12


@pytest.mark.guarantee(14)
def test_somebody_who_keeps_writing_beside_a_sync_makes_it_give_up_in_words(site: Site) -> None:
    def disturb(operation: str, nth: int) -> Fault | None:
        if operation == "TransactWriteItems":
            somebody = {"pk": f"{nth - 1:03}", "sk": "agentID", "sk_value": f"somebody{nth}"}
            site.table.seed(rows(somebody))
        return None

    site.table.wire.fault = disturb
    with pytest.raises(TableChanged, match="Something else keeps writing to the table"):
        site.run()


@pytest.mark.guarantee(14)
def test_a_number_taken_past_the_lease_is_seen_even_while_the_index_lags(site: Site) -> None:
    site.run()
    site.table.lag(None)
    site.table.remove("060", "nu")
    site.table.seed(rows({"pk": "060", "sk": "agentID", "sk_value": "agent000"}))
    site.connect.join(agent("new"))
    report = site.run()
    assert site.numbers.holders["new"] == "061"
    assert (report.counts[ChangeKind.ASSIGNED], report.counts[ChangeKind.HEALED]) == (1, 1)


@pytest.mark.guarantee(7)
def test_a_run_paused_past_its_lease_does_not_export_what_is_no_longer_so(site: Site) -> None:
    site.run()
    site.admin().do(Move("id-agent000", "099"), "U1")  # the export is stale now

    def meanwhile() -> None:
        site.expire_lease()
        site.admin().do(Move("id-agent001", "098"), "U1")
        site.run()

    at_request(site, "HeadObject", 1, meanwhile)
    with pytest.raises(LeaseLost):
        site.run()
    assert exported(site)["agent001"] == "098"


def test_a_run_that_fails_gives_the_lease_back(site: Site) -> None:
    site.connect.spoil = unavailable
    with pytest.raises(Unavailable):
        site.run()
    site.connect.spoil = sound
    assert site.run().counts[ChangeKind.ASSIGNED] == 60


def test_another_name_alone_is_exported(site: Site) -> None:
    site.run()
    site.connect.rename("id-agent007", "Nina", "2026-11-22T08:00:00Z")
    report = site.run()
    assert (report.counts, report.exported) == ({ChangeKind.RELABELLED: 1}, True)
    assert b"Nina" in site.bucket.objects[DIRECTORY_CSV].body


@pytest.mark.guarantee(7)
def test_an_export_that_fails_is_told_and_made_up_for_by_the_next_sync(site: Site) -> None:
    site.bucket.wire.fault = lambda operation, nth: Fault("denied") if operation == "PutObject" else None
    report = site.run()
    assert (report.exported, report.counts[ChangeKind.ASSIGNED]) == (False, 60)
    assert report.warnings[0].startswith("The directory could not be written, the next sync tries again.")
    site.bucket.wire.fault = None
    assert site.run().exported
    assert len(exported(site)) == 60


def test_the_file_that_programs_read_is_replaced_last(site: Site) -> None:
    for _ in range(2):
        site.connect.join(agent(f"new{len(site.connect.agents)}"))
        site.bucket.wire.reset()
        site.run()
    last = site.bucket.wire.requests["PutObject"]
    site.connect.rename("id-agent007", "Nina", "2026-11-22T08:00:00Z")
    site.bucket.wire.reset()
    site.bucket.wire.fault = lambda *call: Fault("denied") if call == ("PutObject", last) else None
    site.run()
    assert b"Nina" in site.bucket.objects[DIRECTORY_CSV].body
    assert b"Nina" not in site.bucket.objects[DIRECTORY_JSON].body


@pytest.mark.guarantee(7)
def test_files_that_a_run_without_the_lease_left_behind_are_replaced_by_the_next_sync(site: Site) -> None:
    site.run()
    stale = site.bucket.objects[DIRECTORY_CSV]
    site.admin().do(Move("id-agent000", "099"), "U1")
    site.run()
    site.bucket.objects[DIRECTORY_CSV] = stale  # a late write of a run that then was gone
    assert site.run().exported
    assert b"agent000,099" in site.bucket.objects[DIRECTORY_CSV].body


def test_numbers_outside_the_range_are_named_in_the_report(site: Site) -> None:
    site.run()
    site.policy = policy("0000-0099")
    (warning,) = site.run().warnings
    assert warning.startswith("60 assigned numbers are outside EXTENSION_RANGE (0000-0099): 000, 001, 002")


def test_an_empty_table_never_replaces_a_full_directory(site: Site) -> None:
    site.run()
    other = Site(FakeConnect([]))
    other.bucket = site.bucket
    report = other.run()
    assert (report.exported, len(exported(site))) == (False, 60)
    assert "Nobody has a number now, so the last directory is kept." in report.warnings
    with pytest.raises(Refused, match="last directory"):
        other.sync().export("terminal")


def planned(site: Site) -> Report:
    """A plan for one who has left, one who is new and one who has another name."""
    site.run()
    site.connect.leave(f"id-{NAMES[0]}")
    site.connect.join(agent("new"))
    site.connect.rename(f"id-{NAMES[1]}", "Another Name", "2026-11-23T00:00:00Z")
    return site.run(dry_run=True)


def test_a_plan_is_applied_as_it_was_shown_and_history_says_so(site: Site) -> None:
    plan = planned(site)
    done = site.run(plan=plan.plan)
    assert [(line.kind, line.extension) for line in done.changes] == [
        (line.kind, line.extension) for line in plan.changes
    ]
    assert (done.dry_run, done.agreed) == (False, 3)
    lines = site.reader().history(site.clock.now - timedelta(days=1), site.clock.now)
    assert sum(line.confirmed == plan.plan for line in lines) == 3


@pytest.mark.parametrize(
    "move",
    [
        lambda site: site.connect.join(agent("another")),
        lambda site: site.connect.leave(f"id-{NAMES[5]}"),
        lambda site: site.connect.rename(f"id-{NAMES[6]}", "Elsewise", "2026-11-23T00:00:00Z"),
        lambda site: site.admin().do(Reserve("060", "desk"), "U1"),  # the number of the new one
        lambda site: site.run(),
    ],
)
def test_a_plan_of_which_the_facts_moved_is_not_applied_and_the_new_one_is_shown(
    site: Site, move: Callable[[Site], object]
) -> None:
    plan = planned(site)
    move(site)
    before = site.numbers.assigned
    again = site.run(plan=plan.plan)
    assert (again.dry_run, again.agreed, site.numbers.assigned) == (True, 0, before)
    assert again.plan == site.run(dry_run=True).plan != plan.plan
    kept = site.reader().last_report()
    assert kept
    assert kept.dry_run is False


def test_a_plan_that_is_applied_beside_a_writer_does_no_more_than_was_shown(site: Site) -> None:
    plan = planned(site)
    somebody = rows({"pk": "060", "sk": "agentID", "sk_value": "somebody"})
    at_request(site, "TransactWriteItems", 1, lambda: site.table.seed(somebody))
    with pytest.raises(TableChanged, match="The facts moved while the plan was applied"):
        site.run(plan=plan.plan)
    assert site.reader().of_agent("id-new") is None


def test_a_plan_without_a_change_to_show_makes_none_beside_a_writer(site: Site) -> None:
    site.run()
    person = site.reader().of_agent(f"id-{NAMES[1]}")
    assert person
    site.connect.rename(person.agent_id, person.name, "2026-11-23T00:00:00Z")
    plan = site.run(dry_run=True)
    assert (plan.changes, bool(plan.plan)) == ((), True)
    somebody = rows({"pk": person.extension, "sk": "agentID", "sk_value": "somebody"})
    at_request(site, "TransactWriteItems", 1, lambda: site.table.seed(somebody))
    with pytest.raises(TableChanged, match="The facts moved while the plan was applied"):
        site.run(plan=plan.plan)
    assert site.reader().of_agent(person.agent_id) is None


def test_a_full_range_of_a_team_is_told_with_its_name_and_the_free_numbers_of_each_are_counted() -> None:
    night = TeamRange(GroupKind.ROUTING_PROFILE, "0a1b2c3d", ExtensionRange.parse("00-01"), "Night shift")
    rules = policy("00-09", teams=TeamPolicy((night,)))
    staff = [agent(name, routing_profile="0a1b2c3d") for name in ("ann", "bob", "cem")]
    report = Site(FakeConnect(staff), rules).run()
    assert report.left_over == ("Cem",)
    assert report.free_by_range == {"Night shift, 00-01": 0, "Everybody else, 00-09": 8}
    assert report.warnings == (
        "The range of Night shift, 00-01 is full: new agents get no number there. Widen it in policy.yml.",
    )


def test_the_first_sync_after_an_older_version_learns_the_parts_of_names_in_silence() -> None:
    site = Site(FakeConnect([agent("ann", name="Ann van Dyck", first_name="")]), policy("00-09"))
    site.run()
    told = [item for item in site.table.items if item["pk"]["S"].startswith(("change#", "history#"))]
    site.connect.join(agent("ann", name="Ann van Dyck", first_name="Ann", last_name="van Dyck"))
    report = site.run()
    assert (report.counts.get(ChangeKind.RELABELLED, 0), report.unchanged) == (0, 1)
    (row,) = [item for item in site.table.items if item["sk"]["S"] == "agentID"]
    assert (row["first_name"], row["last_name"]) == ({"S": "Ann"}, {"S": "van Dyck"})
    assert told == [item for item in site.table.items if item["pk"]["S"].startswith(("change#", "history#"))]
    site.connect.requests.clear()
    site.run()
    assert site.connect.requests == {"list_users": 1, "search_users": 1}
