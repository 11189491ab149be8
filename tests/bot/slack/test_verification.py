"""People of other workspaces: their own ids decide, never those of the app beside them."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, running
from tests.bot.slack.recorder import ADMIN, JANE, TEAM

OURS, THEIRS = "E0OURS", "E0THEIRS"


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB) as running_bot:
        running_bot.slack.enterprise = OURS
        yield running_bot


@pytest.fixture(params=["", "internal_error", 429])
def silent(request: pytest.FixtureRequest, bot: Bot) -> Bot:
    """Slack says who we are, or does not while a container is new."""
    if request.param:
        bot.slack.failing["auth.test"] = request.param
    return bot


def press(user: dict[str, Any], bot: Bot, action: str = "directory", **more: Any) -> None:
    """A press of a button whose payload names our team and organisation as the app's."""
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "enterprise_id": OURS},
        "enterprise": {"id": OURS},
        "user": {"id": "U0THEM"} | user,
        "actions": [{"type": "button", "action_id": action, "value": "a:id-jane"}],
        "response_url": bot.slack.response_url,
        "trigger_id": "1",
        **more,
    }
    response = bot.send(requests.http(urlencode({"payload": json.dumps(payload)}), requests.FORM))
    assert response["statusCode"] == 200


@pytest.mark.parametrize("action", ["directory", "link", "share"])
@pytest.mark.parametrize("shown", [{}, {"is_ext_shared_channel": True}, {"is_ext_shared_channel": False}])
def test_a_presser_of_another_company_gets_nothing_whatever_stands_beside_them(
    silent: Bot, action: str, shown: dict[str, Any]
) -> None:
    bot = silent
    press({"team_id": "T0THEIRS"}, bot, action, **shown)
    assert (bot.slack.sent("response"), bot.links.agents, bot.exports.links) == ([], {}, 0)


def test_a_presser_without_ids_is_refused_in_a_shared_channel(bot: Bot) -> None:
    press({}, bot, is_ext_shared_channel=True)
    assert bot.slack.sent("response") == []


@pytest.mark.parametrize("user", [{"team_id": TEAM}, {"team_id": "T0SISTER", "enterprise_id": OURS}])
def test_a_presser_of_our_workspace_or_organisation_is_answered(silent: Bot, user: dict[str, Any]) -> None:
    press(user, silent)
    assert len(silent.slack.sent("response")) == 1


@pytest.mark.parametrize(("enterprise", "answers"), [(OURS, 1), (THEIRS, 0), ("", 0)])
def test_slack_is_asked_which_organisation_a_member_of_another_workspace_belongs_to(
    bot: Bot, enterprise: str, answers: int
) -> None:
    bot.slack.users["U0THEM"] = {"enterprise_user": {"enterprise_id": enterprise}}
    press({"team_id": "T0SISTER"}, bot)
    assert len(bot.slack.sent("response")) == answers


@pytest.mark.parametrize("user_team", ["T0THEIRS", THEIRS])
def test_a_mention_by_a_foreign_user_team_is_not_answered(bot: Bot, user_team: str) -> None:
    bot.send(requests.mention("jdoe", "U0THEM", user_team=user_team))
    assert bot.slack.sent("chat.postMessage") == []


@pytest.mark.parametrize("user_team", [TEAM, OURS])
def test_a_mention_by_our_own_user_team_is_answered(bot: Bot, user_team: str) -> None:
    bot.send(requests.mention("jdoe", JANE, user_team=user_team))
    assert len(bot.slack.sent("chat.postMessage")) == 1


@pytest.mark.parametrize("command", ["/ext", "/ext-sync"])
@pytest.mark.parametrize("failing", ["", "internal_error"])
def test_a_command_without_a_team_is_refused(bot: Bot, command: str, failing: str) -> None:
    if failing:
        bot.slack.failing["auth.test"] = failing
    body = urlencode({"command": command, "text": "", "user_id": ADMIN})
    assert bot.send(requests.http(body, requests.FORM))["statusCode"] == 403
    assert bot.jobs == []


# A container to which Slack does not say which workspace is ours


def earlier(bot: Bot, **own: str) -> Bot:
    """A bot whose first request an earlier container answered, while Slack said who we are."""
    bot.says("jdoe")
    for thread in threading.enumerate():
        if thread.name == "keep-workspace":
            thread.join()
    bot.slack.calls.clear()
    bot.slack.failing["auth.test"] = "internal_error"
    bot.incidents.kept = json.dumps(json.loads(bot.incidents.kept) | own)
    return replace(bot)


def test_a_new_container_knows_the_workspace_that_an_earlier_one_learnt(bot: Bot) -> None:
    new = earlier(bot)
    assert new.ext("", ADMIN, command="/ext-sync")["text"].startswith("Sync started.")
    assert new.send(requests.command("/ext", "jdoe", JANE, "", team_id="T0OTHER"))["statusCode"] == 403


@pytest.mark.parametrize("kept", ["", "{", "[1]", '{"team_id": 1}', '{"team_id": "T0OTHER"}'])
def test_what_is_kept_of_another_token_or_odd_is_passed_over(bot: Bot, kept: str) -> None:
    new = earlier(bot, token="of an earlier installation", team_id="T0OTHER")
    assert new.says("jdoe").startswith("Jane Doe")
    new.incidents.kept = kept
    assert replace(new).says("jdoe").startswith("Jane Doe")


def test_what_slack_says_later_wins_over_what_was_kept(bot: Bot) -> None:
    new = earlier(bot, team_id="T0OTHER")
    assert new.send(requests.command("/ext", "jdoe", JANE, ""))["statusCode"] == 403
    del new.slack.failing["auth.test"]
    assert replace(new).says("jdoe").startswith("Jane Doe")
