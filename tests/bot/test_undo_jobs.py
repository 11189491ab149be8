"""Undo as a job, on the real core: its buttons, what it says, and that it acts once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.jobs import Job, JobServices, run_job
from bot.messages.button_values import read
from core.models import ExtensionRange, GroupKind, ReservedBlock, TeamPolicy, TeamRange
from core.numbering.admin import Admin
from core.numbering.orders import Free, Move, OnButton, Order, Reserve, StartSync, Status, UndoSync
from core.status import read_status
from tests.bot.fakes import FakeClaims, FakeExports, FakeRecords
from tests.bot.slack.bot import buttons
from tests.bot.slack.recorder import RecordingSlack
from tests.core.builders import agent, policy
from tests.core.fakes import FakeConnect as CoreConnect
from tests.core.fakes import Site, ending


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
