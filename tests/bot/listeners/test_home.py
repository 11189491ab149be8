"""The Home tab, read as a person reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from bot.messages.blocks import message
from bot.messages.help import refused
from bot.messages.home_tab import Home
from bot.messages.home_tab import home as home_tab
from core.asking.lookup import Examples
from core.models import ChangeKind, Failure, HistoryEntry, Pool, Report
from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, JANE

AT = "2026-11-22T09:30:00Z"
LEAVER = HistoryEntry(ChangeKind.RELEASED, "0077", "mdoe", "Max Doe", AT, "schedule", "run")
REPORT = Report("run", "schedule", AT, 1200, pool=Pool(900, 80, 15, 5))


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, admin_usergroup="S0ADMINS") as running_bot:
        running_bot.links.agents[JANE] = "id-jane"
        running_bot.reader.last = REPORT
        yield running_bot


def home(bot: Bot, user: str = JANE, **inner: Any) -> dict[str, Any]:
    assert bot.send(requests.event({"type": "app_home_opened", "user": user, "tab": "home"} | inner))
    published = bot.slack.sent("views.publish")[-1]
    assert published["user_id"] == user
    view: dict[str, Any] = published["view"]
    return view


def text(view: dict[str, Any]) -> str:
    return message(*view["blocks"]).text


def test_home_says_in_two_lines_what_can_be_asked_and_where_there_is_help(bot: Bot) -> None:
    first, second, *_ = text(home(bot)).splitlines()
    assert first == "I know everybody's extension. Type /ext jane doe anywhere, or ask me under Messages."
    assert second == (
        "/ext help shows the rest. Something is wrong or missing? "
        f"Ask <@{ADMIN}> or anybody in <!subteam^S0ADMINS>."
    )


def test_home_shows_my_number_and_how_it_is_dialled(bot: Bot) -> None:
    assert "0042, Jane Doe" in text(home(bot))
    assert "key 0042" in text(home(bot))


@pytest.mark.parametrize("admin", [False, True])
def test_home_says_once_what_came_of_what_the_reader_started(admin: bool) -> None:
    refusal = refused("Calls would be handed on more than 3 times.")
    examples = Examples("jane doe", "jdoe", "0042", "bob", "0999", "0990-0999")
    shown = Home(JANE_DOE, examples, "", False, True, REPORT, admin, said=refusal)
    assert text(home_tab(shown)).count("handed on more than 3 times") == 1


def test_home_shows_the_pool_and_the_last_sync_in_the_readers_time(bot: Bot) -> None:
    view = home(bot)
    assert "80 of 1,000 numbers assigned (8%), 900 free, 15 held, 5 reserved" in text(view)
    assert "<!date^1795339800^{date_short_pretty} {time}|Nov 22, 2026 09:30 UTC>" in str(view)


def test_home_has_the_finder_and_the_directory(bot: Bot) -> None:
    assert [*buttons(home(bot))] == ["That's not me", "Turn notices off", "Find somebody", "Directory"]


def test_home_says_so_when_it_does_not_know_me(bot: Bot) -> None:
    view = home(bot, "U0NEW")
    assert "I don't know your number." in text(view)
    assert "Find myself" in buttons(view)


def test_home_before_the_first_sync(bot: Bot) -> None:
    bot.reader.last = None
    assert "No sync has finished yet." in text(home(bot))


def test_home_of_an_admin_has_the_sync_and_what_waits(bot: Bot) -> None:
    bot.reader.last = Report("run", "schedule", AT, 1, withheld=(LEAVER,), approval="abc", pool=REPORT.pool)
    view = home(bot, ADMIN)
    assert buttons(view)["Approve 1 release"]["value"] == "abc"
    assert "Sync now" in buttons(view)
    assert "0077 Max Doe" in text(view)


def test_home_of_an_admin_when_nothing_waits(bot: Bot) -> None:
    assert "Nothing waits for approval." in text(home(bot, ADMIN))


def test_home_of_an_admin_has_the_last_result_with_its_changes_and_true_counts(bot: Bot) -> None:
    counts = {ChangeKind.RELEASED: 300}
    bot.reader.last = Report("run", "U0BOSS", AT, 1, counts, changes=(LEAVER,) * 30, warnings=("Careful.",))
    said = text(home(bot, ADMIN))
    assert "Last sync, started by <@U0BOSS>: 300 released" in said
    assert "Released\n0077 Max Doe" in said
    assert "…and 280 more" in said
    assert "All of them: /ext-admin history run" in said
    assert "Careful." in said


def test_home_of_an_admin_counts_all_who_wait(bot: Bot) -> None:
    bot.reader.last = Report(
        "run", "schedule", AT, 1, withheld=(LEAVER,) * 2, more_withheld=298, approval="a"
    )
    view = home(bot, ADMIN)
    assert "300 releases are withheld" in text(view)
    assert "Approve 300 releases" in buttons(view)


def test_home_of_an_admin_has_a_failure_that_no_sync_has_followed(bot: Bot) -> None:
    bot.records.failure = Failure("2026-11-22T10:00:00Z", "schedule", "run-2", "The table is gone.")
    said = text(home(bot, ADMIN))
    assert "The last sync failed, Nov 22, 2026 10:00 UTC, started by the schedule. The table is gone." in said
    assert "run-2" in said
    bot.reader.last = replace(REPORT, started="2026-11-22T10:30:00Z")
    assert "failed" not in text(home(bot, ADMIN))


def test_home_of_others_has_none_of_that(bot: Bot) -> None:
    assert "Sync now" not in buttons(home(bot))


def test_home_is_shown_even_if_slack_does_not_say_who_is_an_admin(bot: Bot) -> None:
    bot.slack.failing["usergroups.users.list"] = "missing_scope"
    assert "0042, Jane Doe" in text(home(bot))


def test_the_messages_tab_is_no_home(bot: Bot) -> None:
    bot.send(requests.event({"type": "app_home_opened", "user": JANE, "tab": "messages"}))
    assert bot.slack.sent("views.publish") == []


def test_home_says_what_is_wrong(bot: Bot) -> None:
    bot.reader.broken = bot.claims.broken = bot.links.broken = (
        "The table 'table' (EXTENSIONS_TABLE) does not exist."
    )
    assert "EXTENSIONS_TABLE" in text(home(bot))


def test_notices_are_turned_off_and_on_on_the_home_tab() -> None:
    with running(JANE_DOE) as bot:
        bot.links.link(JANE, "id-jane")
        bot.press("notices", "off", home=True)
        assert JANE in bot.links.quiet
        view = bot.slack.sent("views.publish")[-1]["view"]
        bot.press("notices", buttons(view)["Turn notices on"]["value"], home=True)
        assert JANE not in bot.links.quiet
