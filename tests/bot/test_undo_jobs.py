"""Undo as a job, on the real core: its buttons, what it says, and that it acts once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from bot.jobs import Job, JobServices, run_job
from bot.messages.button_values import read
from core.aws.exports_and_links import S3Exports
from core.errors import PartlyDone
from core.models import ExtensionRange, GroupKind, ReservedBlock, TeamPolicy, TeamRange
from core.numbering.admin import Admin
from core.numbering.orders import (
    Free,
    Move,
    OnButton,
    Order,
    Reserve,
    StartSync,
    Status,
    Swap,
    Undo,
    UndoSync,
)
from core.status import read_status
from tests.bot.fakes import FakeClaims, FakeExports, FakeRecords
from tests.bot.slack.bot import buttons
from tests.bot.slack.recorder import RecordingSlack
from tests.core.builders import agent, policy
from tests.core.fakes import FakeConnect as CoreConnect
from tests.core.fakes import Site, ending
from tests.stand_ins.s3 import BUCKET
from tests.stand_ins.wire import Fault


@pytest.fixture
def slack() -> Iterator[RecordingSlack]:
    with RecordingSlack() as recording:
        yield recording


@pytest.fixture
def site() -> Site:
    site = Site(CoreConnect([agent("ann"), agent("bob")]))
    site.run()
    return site


def on(site: Site, slack: RecordingSlack) -> JobServices:
    def admin(run_id: str) -> Admin:
        return Admin(site.writer(), site.policy, site.clock, run_id, site.reader().history)

    return JobServices(
        site.sync,
        admin,
        FakeExports(),
        FakeClaims(),
        site.clock,
        len,
        FakeRecords(),
        site.reader().history,
        lambda *_: None,
        lambda: read_status(site.reader(), FakeRecords(), site.policy, site.clock.now),
        slack.url,
    )


def asked(order: Order, slack: RecordingSlack) -> Job:
    return Job(order, "U0ADMIN", slack.response_url)


@pytest.mark.guarantee(15)
def test_a_move_button_that_showed_another_number_asks_again_by_a_button_of_now(
    site: Site, slack: RecordingSlack
) -> None:
    given = on(site, slack)
    run_job(asked(Swap("id-ann", "id-bob"), slack), given)
    run_job(asked(Move("id-ann", "05", other="00"), slack), given)
    said = slack.sent("response")[-1]
    assert said["text"].startswith("Ann has 01 by now, not 00.")
    order = read(buttons(said)["Move"]["value"], OnButton)
    assert (order, site.numbers.holders["ann"]) == (Move("id-ann", "05", other="01"), "01")
    run_job(asked(order, slack), given)
    assert site.numbers.holders["ann"] == "05"


def test_the_result_of_a_move_has_a_button_that_takes_it_back_once(site: Site, slack: RecordingSlack) -> None:
    given = on(site, slack)
    site.clock.advance(minutes=1)
    run_job(asked(Move("id-ann", "05"), slack), given)
    order = read(buttons(slack.sent("response")[-1])["Undo"]["value"], OnButton)
    site.clock.advance(minutes=1)
    run_job(asked(order, slack), given)
    assert slack.sent("response")[-1]["text"] == (
        "Ann is on 00 now.\n05 is held until Dec 22, 2026.\n"
        "This was done by <@U0ADMIN>, Nov 22, 2026 09:31 UTC."
    )
    assert site.numbers.holders["ann"] == "00"
    run_job(asked(order, slack), given)
    assert slack.sent("response")[-1]["text"].startswith(
        "Nothing was changed. <@U0ADMIN> took it back already, Nov 22, 2026 09:32 UTC."
    )


def exported(site: Site) -> dict[str, str]:
    """The numbers in the directory that is handed out, by username."""
    directory = S3Exports(site.bucket.client(), BUCKET, 15).exported_directory()
    return {entry.username: entry.extension for entry in directory.entries} if directory else {}


def test_a_change_by_hand_is_told_and_then_exported(site: Site, slack: RecordingSlack) -> None:
    told_before: list[int] = []

    def hook(operation: str, _: int) -> None:
        if operation == "PutObject":
            told_before.append(len(slack.sent("response")))

    site.bucket.wire.fault = hook
    run_job(asked(Swap("id-ann", "id-bob"), slack), on(site, slack))
    assert exported(site) == {"ann": "01", "bob": "00"}
    assert set(told_before) == {1}


def test_while_a_newer_run_has_the_lease_the_export_is_left_to_it(site: Site, slack: RecordingSlack) -> None:
    given = on(site, slack)
    newer = site.writer()
    given = replace(given, notify=lambda _: newer.acquire("run-2", "schedule"))
    run_job(asked(Move("id-ann", "05"), slack), given)
    assert exported(site) == {"ann": "00", "bob": "01"}
    newer.finish(None)
    site.run()
    assert exported(site) == {"ann": "05", "bob": "01"}


def test_a_directory_that_can_not_be_written_leaves_the_change_done_and_told(
    site: Site, slack: RecordingSlack
) -> None:
    site.bucket.wire.fault = lambda operation, _: Fault("denied") if operation == "PutObject" else None
    assert run_job(asked(Move("id-ann", "05"), slack), on(site, slack))["moved"] == "05"
    assert len(slack.sent("response")) == 1


def test_the_result_of_a_sync_that_released_somebody_has_the_button_and_others_do_not(
    site: Site, slack: RecordingSlack
) -> None:
    given = on(site, slack)
    run_job(asked(StartSync(), slack), given)
    assert "Undo" not in buttons(slack.sent("response")[-1])
    site.connect.leave("id-bob")
    site.clock.advance(minutes=1)
    run_job(asked(StartSync(), slack), given)
    order = read(buttons(slack.sent("response")[-1])["Undo"]["value"], OnButton)
    run_job(asked(order, slack), given)
    said = slack.sent("response")[-1]["text"]
    assert said.startswith("Bob has 01 again.")
    assert "The next sync releases a number again" in said


def test_what_an_undo_could_not_do_is_said(site: Site, slack: RecordingSlack) -> None:
    given = on(site, slack)
    site.connect.leave("id-bob")
    site.clock.advance(minutes=1)
    run_job(asked(StartSync(), slack), given)
    site.admin().do(ending(site, Free("01")), "U1")
    assert run_job(asked(UndoSync(), slack), given)["left"] == 1
    assert slack.sent("response")[-1]["text"] == (
        "Nothing could be taken back.\nNot taken back: 1 change\n"
        "• 01 Bob: the number is not held for them any more."
    )


def test_the_status_says_how_things_stand(site: Site, slack: RecordingSlack) -> None:
    night, sales = ExtensionRange.parse("08-09"), ExtensionRange.parse("05-06")
    teams = TeamPolicy((TeamRange(GroupKind.TEAM, "Sales", sales),), (ReservedBlock(night, "night shift"),))
    site.policy = policy(teams=teams)
    site.run()
    site.connect.leave("id-ann", "id-bob")
    site.connect.join(*(agent(f"new{number}", team="Sales") for number in range(2)))
    site.clock.advance(minutes=1)
    site.run()
    site.admin().do(Reserve("07", "fax"), "U0ADMIN")
    run_job(asked(Status(), slack), on(site, slack))
    said = slack.sent("response")[-1]["text"]
    for words in (
        "Numbers. 2 of 10 numbers assigned (20%), 3 free, 2 held, 3 reserved",
        "• Sales, 05-06: full, none of 2 numbers is free.",
        "• Everybody else, 00-09: 3 of 8 numbers free",
        "In the last 30 days 4 numbers were given out and 2 released.",
        "No approval is waiting.",
        "• The newest sync: Nov 22, 2026 09:31 UTC, by the schedule",
        "by <@U0ADMIN>: 1 reserved (run hand-1)",
        "2 assigned",
        "Numbers from 00-09; a released one is held for 30 days.",
        "• team Sales: 05-06",
        "• reserved 08-09: night shift",
    ):
        assert words in said


@pytest.mark.guarantee(11)
def test_an_undo_of_another_admins_change_asks_by_a_button_that_names_them(
    site: Site, slack: RecordingSlack
) -> None:
    given = on(site, slack)
    site.admin().do(Move("id-ann", "05"), "U0BOSS")
    site.clock.advance(minutes=1)
    run_job(asked(Undo(), slack), given)
    said = slack.sent("response")[-1]
    assert said["text"].startswith("05 Ann, moved by <@U0BOSS>, ")
    assert "Nothing was changed." in said["text"]
    assert site.numbers.holders["ann"] == "05"
    run_job(asked(read(buttons(said)["Undo"]["value"], OnButton), slack), given)
    assert site.numbers.holders["ann"] == "00"


def broken_off(site: Site, after: bool, of: int) -> None:
    """This transaction and all from then on fail; `after`: it is done, and nothing answers any more."""
    asked = [0]

    def fault(operation: str, _: int) -> Fault | None:
        writes = operation == "TransactWriteItems"
        asked[0] += writes
        return Fault("failing", after) if asked[0] >= of and (writes or after) else None

    site.table.wire.fault = fault


@pytest.mark.guarantee(11)
@pytest.mark.parametrize("after", [False, True])
def test_an_order_that_broke_off_tells_how_much_is_done_and_its_button_does_the_rest(
    slack: RecordingSlack, after: bool
) -> None:
    site = Site(CoreConnect([agent("ann")]), policy("000-299"))
    site.run()
    given = on(site, slack)
    broken_off(site, after, of=2)
    with pytest.raises(PartlyDone):
        run_job(asked(Reserve(", ".join(f"{each:03}" for each in range(100, 150)), "lab"), slack), given)
    site.table.wire.fault = None
    said = slack.sent("response")[-1]
    assert said["text"].startswith("32 of 50 are reserved, and stay so. ")
    assert ("may have been done" in said["text"]) is after
    assert "Not reserved: 132-149. Again for the rest?" in said["text"]
    rest = read(buttons(said)["Do the rest"]["value"], OnButton)
    assert rest == Reserve("132-149", "lab")
    if not after:
        assert len(site.numbers.reserved) == 32
        run_job(asked(rest, slack), given)
    assert site.numbers.reserved == dict.fromkeys((f"{each:03}" for each in range(100, 150)), "lab")
