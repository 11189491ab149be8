"""One installation for a whole organization: its token is no workspace's, and its people are of several."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, running
from tests.bot.slack.recorder import ADMIN, BOT_USER, JANE, TEAM

OURS, SISTER = "E0OURS", "T0SISTER"


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, admin_usergroup="S0DESK") as running_bot:
        running_bot.slack.enterprise, running_bot.slack.org_wide = OURS, True
        running_bot.slack.groups["S0DESK"] = [JANE]
        yield running_bot


def send(bot: Bot, command: str, text: str, user: str, team: str) -> str:
    url = bot.slack.response_url
    event = requests.command(command, text, user, url, team=team, enterprise_id=OURS)
    return str(bot.send(event)["body"])


@pytest.mark.parametrize("team", [TEAM, SISTER])
def test_people_of_every_workspace_are_answered(bot: Bot, team: str) -> None:
    assert "Jane Doe is on 0042" in send(bot, "/ext", "jane", JANE, team)


def test_the_group_of_admins_is_asked_for_with_its_workspace(bot: Bot) -> None:
    send(bot, "/ext-sync", "", JANE, TEAM)
    assert len(bot.jobs) == 1
    assert [asked["team_id"] for asked in bot.slack.sent("usergroups.users.list")] == [TEAM]


def test_admins_by_user_id_are_admins_in_every_workspace(bot: Bot) -> None:
    send(bot, "/ext-sync", "", ADMIN, SISTER)
    assert len(bot.jobs) == 1


def test_a_group_of_one_workspace_makes_no_admins_in_another(bot: Bot) -> None:
    send(bot, "/ext-sync", "", JANE, TEAM)
    assert "Only admins" in send(bot, "/ext-sync", "plan", JANE, SISTER)
    assert len(bot.jobs) == 1


def test_a_member_who_writes_in_another_workspace_is_a_colleague(bot: Bot) -> None:
    bot.slack.users[JANE] = {"enterprise_user": {"enterprise_id": OURS}}
    said = {"type": "app_mention", "user": JANE, "text": f"<@{BOT_USER}> jane", "channel": "C1", "ts": "1.0"}
    authorized = {"enterprise_id": OURS, "team_id": SISTER, "is_bot": True, "is_enterprise_install": True}
    bot.send(requests.event(said | {"team": SISTER}, team=SISTER, authorizations=[authorized]))
    assert bot.slack.sent("chat.postMessage")[0]["text"].startswith("Jane Doe is on 0042")
