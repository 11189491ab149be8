"""The daily summary as the channel reads it."""

from __future__ import annotations

import html
from typing import Any

from msgspec.structs import replace

from bot.messages.blocks import Message
from bot.messages.daily_summary import daily
from core.models import ChangeKind, HistoryEntry, Pool, TeamNumber
from core.summary import Summary
from tests.bot.slack.bot import buttons
from tests.bot.slack.limits import check_message

SINCE, UNTIL = "2026-11-21T08:00:00Z", "2026-11-22T08:00:00Z"


def logged(kind: ChangeKind, name: str) -> HistoryEntry:
    return HistoryEntry(
        kind, "0042", "user", name, SINCE, "schedule", "run", before="Old" * (kind == "relabelled")
    )


def summary(**more: Any) -> Summary:
    none: dict[str, Any] = dict.fromkeys(("assigned", "returned", "released", "relabelled", "moved"), ())
    return Summary(SINCE, UNTIL, **(none | {"pool": Pool(900, 80, 15, 5), "last_sync": UNTIL} | more))


def read(said: Message) -> str:
    check_message({"text": said.text, "blocks": [*said.blocks], "unfurl_links": False, "unfurl_media": False})
    return said.text


def test_a_day_with_changes_names_them() -> None:
    said = read(
        daily(
            summary(
                assigned=(logged(ChangeKind.ASSIGNED, "Ann"),),
                returned=(logged(ChangeKind.RETURNED, "Ben"),),
                released=(logged(ChangeKind.RELEASED, "Cem"),),
                relabelled=(logged(ChangeKind.RELABELLED, "Dot"),),
                moved=(logged(ChangeKind.MOVED, "Eva"),),
            )
        )
    )
    headings = ("New numbers", "Back on their old number", "Released", "New names, same number", "Moved")
    assert all(heading in said for heading in headings)
    assert all(name in said for name in ("Ann", "Ben", "Cem", "Dot, was Old", "Eva"))


def test_the_numbers_of_teams_are_listed_the_first_ten() -> None:
    teams = tuple(TeamNumber(f"{number}", f"Team <{number}>") for number in range(1000, 1012))
    assert "Teams: Team <1000> 1000." in html.unescape(read(daily(summary(queues=teams[:1]))))
    assert "1009 and 2 more." in read(daily(summary(queues=teams)))
    assert "Teams:" not in read(daily(summary()))


def test_who_moved_is_told_with_the_number_before() -> None:
    jane = replace(logged(ChangeKind.MOVED, "Jane Doe"), extension="7900", moved_from="7238")
    assert "Moved\n7900 Jane Doe, was 7238" in read(daily(summary(moved=(jane,))))


def test_a_day_without_changes_says_so() -> None:
    said = read(daily(summary()))
    assert "No number has changed." in said
    assert "From Nov 21, 2026 08:00 UTC to Nov 22, 2026 08:00 UTC." in said


def test_the_pool_and_the_directory_button_are_always_there() -> None:
    said = daily(summary())
    assert "80 of 1,000 numbers assigned (8%), 900 free, 15 held, 5 reserved" in read(said)
    assert buttons({"blocks": said.blocks})["Directory"]["action_id"] == "directory"


def test_what_is_withheld_waits_with_its_button() -> None:
    leaver = logged(ChangeKind.RELEASED, "Max")
    said = daily(summary(withheld=(leaver,), withheld_because=("Too many.",), approval="abc"))
    assert "1 release is withheld. Too many.\n0042 Max" in read(said)
    assert buttons({"blocks": said.blocks})["Approve 1 release"]["value"] == "abc"


def test_a_sync_that_did_not_run_is_noticed() -> None:
    assert "No sync has finished yet." in read(daily(summary(last_sync="")))
    assert "No sync has finished for hours." in read(daily(summary(last_sync=SINCE)))
    assert "for hours" not in read(daily(summary(last_sync="2026-11-22T07:00:00Z")))


def test_the_longest_day_still_fits_and_calls_nobody() -> None:
    everybody = tuple(logged(ChangeKind.RELABELLED, "<!here> " + "x" * 200) for _ in range(500))
    read(
        daily(summary(relabelled=everybody, withheld=everybody, withheld_because=("why",) * 9, approval="a"))
    )


def test_releases_that_a_stored_report_has_no_room_for_are_counted_wherever_a_person_confirms() -> None:
    gone = tuple(logged(ChangeKind.RELEASED, f"Agent {number}") for number in range(200))
    said = daily(summary(withheld=gone, withheld_because=("Many.",), approval="word", more_withheld=100))
    assert "300 releases are withheld" in read(said)
    assert "Approve 300 releases" in str(said.blocks)
    assert "200 releases" not in str(said.blocks)
