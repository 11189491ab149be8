"""What people read of a sync."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.messages import sync_report as words
from bot.messages.blocks import Message
from bot.messages.done import done, undone
from core.calling.forward_rules import ending, forwarding
from core.models import (
    Assigned,
    Change,
    ChangeKind,
    Free,
    Held,
    HistoryEntry,
    Pool,
    Report,
    Reserved,
    iso,
)
from core.numbering.decide import Decision
from core.numbering.plan import applied
from tests.bot.slack.bot import buttons
from tests.bot.slack.limits import check_message
from tests.core.builders import NOW, assigned, table

AT = "2026-11-22T09:30:00Z"
POOL = Pool(900, 80, 15, 5)


def logged(
    kind: ChangeKind, extension: str = "0042", name: str = "Jane Doe", before: str = ""
) -> HistoryEntry:
    return HistoryEntry(kind, extension, "jdoe", name, AT, "schedule", "run-1", before)


def report(*changes: HistoryEntry, **more: Any) -> Report:
    counts = {kind: sum(change.kind is kind for change in changes) for kind in ChangeKind}
    return Report("run-1", "U1", AT, 1234, counts, changes=changes, pool=POOL, **({"unchanged": 480} | more))


def read(said: Message) -> str:
    """The text of a message that Slack would take."""
    check_message({"text": said.text, "blocks": [*said.blocks], "unfurl_links": False, "unfurl_media": False})
    return said.text


@pytest.mark.parametrize(("count", "is_cut"), [(20, False), (21, True)])
def test_a_list_that_was_cut_says_where_all_of_it_can_be_read(count: int, is_cut: bool) -> None:
    changes = [logged(ChangeKind.RELABELLED, f"{number:04}") for number in range(count)]
    assert ("/ext-admin history run-1" in read(words.result(report(*changes), ""))) is is_cut
    plan = words.result(report(*changes, dry_run=True, plan="plan0123"), "")
    assert ("See all" in buttons({"blocks": plan.blocks})) is is_cut
    assert "/ext-admin history" not in read(plan)


@pytest.mark.parametrize(("length", "more"), [(80, 10), (255, 38)])
def test_a_long_undo_says_where_all_of_it_can_be_read_and_fits(length: int, more: int) -> None:
    back = Assigned("0042", "id", "jdoe", name="N" * 80)
    changes = [Change(ChangeKind.RETURNED, f"{number:04}", Free(""), back, "") for number in range(40)]
    left = tuple(f"{number:04} {'N' * length}: it is gone." for number in range(70))
    said = undone(Decision(tuple(changes), left, logged(ChangeKind.MOVED)), "run-2")
    check_message({"text": "x", "blocks": [*said.blocks], "unfurl_links": False, "unfurl_media": False})
    shown = str(said.blocks)
    assert "/ext-admin history run-2" in shown
    assert "70 changes" in shown
    assert f"…and {more} more" in shown


def test_a_result_names_every_change() -> None:
    said = read(
        words.result(
            report(
                logged(ChangeKind.ASSIGNED, "0042"),
                logged(ChangeKind.RETURNED, "0043", "Bob"),
                logged(ChangeKind.RELEASED, "0044", "Max"),
                logged(ChangeKind.RELABELLED, "0045", "Ann Roe", before="Ann Doe"),
                logged(ChangeKind.HEALED, "0046", ""),
            ),
            "",
        )
    )
    assert said.startswith("Sync done.\n1 assigned · 1 returned · 1 released · 1 relabelled · 1 healed")
    for line in (
        "New numbers\n0042 Jane Doe",
        "Back on their old number\n0043 Bob",
        "Released\n0044 Max",
        "0045 Ann Roe, was Ann Doe",
        "Rows put right\n0046 jdoe",
        "480 agents keep number and name",
        "80 of 1,000 numbers assigned (8%)",
        "run run-1",
    ):
        assert line in said


def test_nothing_changed_reads_so() -> None:
    assert read(words.result(report(), "")).startswith("Nothing to change.\n480 agents keep number and name")


def test_a_first_sync_tells_how_many_numbers_entered_the_pool() -> None:
    counts = {ChangeKind.FILLED: 1000}
    assert "1,000 added to the pool" in read(words.result(Report("r", "U1", AT, 1, counts, pool=POOL), ""))


def test_a_plan_says_that_nothing_was_changed() -> None:
    said = read(words.result(report(logged(ChangeKind.ASSIGNED), dry_run=True), ""))
    assert said.startswith("This is a plan. Nothing was changed; a sync would do this:")
    assert read(words.result(report(dry_run=True), "")).startswith(
        "This is a plan. A sync would change nothing."
    )


@pytest.mark.parametrize(
    ("holder", "since", "who"),
    [
        ("schedule", AT, "The hourly sync is running since 09:30 UTC"),
        ("U0BOSS", AT, "A sync or a change of <@U0BOSS> is running since 09:30 UTC"),
        ("terminal bob", AT, "A run of terminal bob is running since 09:30 UTC"),
        ("<!channel>", "soon", "A run of &lt;!channel&gt; is running"),
        ("", "", "Another run is running"),
    ],
)
def test_a_sync_that_found_another_run_at_it_says_in_words_who_and_what_to_do(
    holder: str, since: str, who: str
) -> None:
    skipped = Report("r", "U1", AT, 0, skipped="x", holder=holder, busy_since=since)
    said = read(words.result(skipped, ""))
    assert said.startswith(f"Nothing was changed. {who}")
    assert said.endswith("Ask again in a minute.")
    assert "2026-" not in said


def test_a_plan_has_a_button_that_applies_it_with_its_true_count() -> None:
    plan = report(
        logged(ChangeKind.ASSIGNED), logged(ChangeKind.RELEASED, "0043"), dry_run=True, plan="plan1"
    )
    said = words.result(plan, "")
    read(said)
    button = buttons({"blocks": said.blocks})["Apply this plan"]
    assert (button["action_id"], button["value"]) == (words.APPLY, "plan1")
    assert button["confirm"]["title"]["text"] == "Apply 2 changes?"
    assert "Apply this plan" not in buttons({"blocks": words.result(report(dry_run=True), "").blocks})


def test_who_applied_a_plan_and_what_happened_is_told() -> None:
    name = "plan0123456789abcde1"
    applied = report(logged(ChangeKind.ASSIGNED), approved=name, plan=name, agreed=1)
    assert read(words.result(applied, "")).startswith("Applied by <@U1> at 09:30 UTC: 1 change was made.")
    moved = report(
        logged(ChangeKind.ASSIGNED),
        approved=name,
        dry_run=True,
        plan="plan0123456789abcde2",
    )
    said = read(words.result(moved, ""))
    assert said.startswith(
        "Something has changed since that plan was made, so it was not applied.\nThis is a plan."
    )
    before = read(words.result(moved, "", [logged(ChangeKind.ASSIGNED)]))
    assert before.startswith("Applied already by the schedule")


def test_agents_without_a_number_are_named_with_what_to_do() -> None:
    said = read(words.result(report(left_over=("Ann", "Ben")), ""))
    assert "The pool is used up. 2 agents have no number. Widen EXTENSION_RANGE" in said
    assert "• Ann\n• Ben" in said
    of_a_team = read(words.result(report(left_over=("Ann",), free_by_range={"Night, 00-01": 0}), ""))
    assert "No number is free for them. 1 agent has no number. Widen a range, or" in of_a_team


def test_withheld_releases_are_named_with_the_reason_and_a_button_that_approves_exactly_them() -> None:
    leavers = (logged(ChangeKind.RELEASED), logged(ChangeKind.RELEASED, "0043", "Bob"))
    said = words.result(report(withheld=leavers, withheld_because=("2 of 4 would go.",), approval="abc"), "")
    assert "2 releases are withheld. 2 of 4 would go.\n0042 Jane Doe\n0043 Bob" in read(said)
    assert said.text.startswith("Nothing was changed.")
    button = buttons({"blocks": said.blocks})["Approve 2 releases"]
    assert (button["action_id"], button["value"]) == (words.APPROVE, "abc")
    assert "lose their numbers" in button["confirm"]["text"]["text"]


def test_releases_that_nobody_can_approve_have_no_button() -> None:
    said = words.result(
        report(withheld=(logged(ChangeKind.RELEASED),), withheld_because=("Nobody listed.",)), ""
    )
    assert buttons({"blocks": said.blocks}) == {}
    assert "Nobody can approve this" in read(said)


def test_warnings_are_told() -> None:
    assert "The names of 3 agents" in read(words.result(report(warnings=("The names of 3 agents …",)), ""))


def test_the_directory_link_is_a_button() -> None:
    said = words.result(report(), "https://bucket.example/?a=1&b=2")
    read(said)
    assert buttons({"blocks": said.blocks})["Open the directory"]["url"] == "https://bucket.example/?a=1&b=2"


def test_a_directory_link_too_long_for_a_button_is_the_button_that_gives_one() -> None:
    said = words.result(report(), f"https://bucket.example/?X-Amz-Security-Token={'t' * 3200}")
    read(said)
    assert list(buttons({"blocks": said.blocks})) == ["Directory"]


@pytest.mark.parametrize("name", ["<!channel> & co", "x" * 500, "*", "名" * 200])
def test_the_longest_result_still_fits(name: str) -> None:
    changes = [
        logged(kind, f"{number:04}", name, before=name) for kind in ChangeKind for number in range(300)
    ]
    read(
        words.result(
            report(
                *changes,
                left_over=(name,) * 300,
                withheld=tuple(changes[:300]),
                withheld_because=(name,) * 50,
                approval="a" * 16,
                warnings=(name,) * 50,
            ),
            "https://bucket.example/" + "x" * 2000,
        )
    )


def test_progress_says_how_far_where_that_is_known() -> None:
    assert read(words.progress("Writing numbers", 300, 5000)) == "Writing numbers: 300 of 5,000…"
    assert read(words.progress("Reading the agents", 0, 0)) == "Reading the agents…"


def test_a_failure_has_its_sentence_and_its_reference() -> None:
    assert (
        read(words.failed("The table <x> is gone.", "run-1"))
        == "The table &lt;x&gt; is gone.\nReference: run-1"
    )


def test_an_admins_changes_are_told() -> None:
    jane = Assigned("0042", "id", "jdoe", name="Jane Doe")
    held = Held("0042", "2026-12-22T00:00:00Z", AT, "id", "jdoe", "Jane Doe")
    after = Assigned("0050", "id", "jdoe", name="Jane Doe")
    moved = Change(ChangeKind.MOVED, "0050", Free("0050"), after, "from 0042")
    left = Change(ChangeKind.RELEASED, "0042", jane, held, "moved to 0050")
    freed = Change(ChangeKind.RELEASED, "0042", jane, Free("0042"), "moved to 0050")
    said = read(done(Decision((moved, left)), "run-1"))
    assert said == "Jane Doe is on 0050 now. 0042 is held until Dec 22, 2026."
    assert read(done(Decision((moved, freed)), "run-1")) == "Jane Doe is on 0050 now. 0042 is free."
    reserved = Change(ChangeKind.RESERVED, "0051", None, Reserved("0051", "front desk"), "front desk")
    assert read(done(Decision((reserved,)), "run-1")) == "0051 is reserved: front desk."
    back = Change(ChangeKind.UNRESERVED, "0051", reserved.after, Free("0051"), "front desk")
    assert read(done(Decision((back,)), "run-1")) == "0051 is back in the pool."


def test_the_result_of_a_forward_says_how_to_end_it_and_that_of_its_end_does_not() -> None:
    people = table(assigned("0042", "jdoe"), assigned("0043", "bob"))
    made = forwarding(people, "id-jdoe", "id-bob", iso(NOW + timedelta(days=5)), NOW)
    shown = read(done(Decision((made,)), "run-1"))
    assert "/ext forward off, for somebody else /ext-admin forward jdoe off" in shown
    over = read(done(Decision((ending(applied(people, [made]), "id-jdoe", NOW),)), "run-2"))
    assert over.endswith("ring on 0042 again.")
