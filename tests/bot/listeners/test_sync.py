"""`/ext-sync` and its buttons: who may, and what is handed to the sync function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.jobs import Job
from bot.messages.blocks import message, section
from bot.messages.pressed import Pressed
from core.numbering.orders import Apply, Approve, PlanSync, StartSync
from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, running
from tests.bot.slack.recorder import ADMIN, JANE, TEAM

GROUP, NOWHERE = "S0ADMINS", "http://127.0.0.1:9/never"


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, admin_usergroup=GROUP) as running_bot:
        yield running_bot


def sync(bot: Bot, text: str = "", user: str = ADMIN) -> str:
    return bot.says(text, user, command="/ext-sync")


def test_a_sync_is_handed_over_and_acknowledged(bot: Bot) -> None:
    assert sync(bot) == "Sync started. I'll tell you here when it's done."
    assert bot.jobs == [Job(StartSync(), by=ADMIN, response_url=bot.slack.response_url)]


@pytest.mark.parametrize("command", ["/ext-sync", "/ext-admin"])
def test_slack_has_the_words_before_the_job_begins(bot: Bot, command: str) -> None:
    """A job that is over at once could tell its result first."""
    event = requests.command(command, "reserve 50" * (command == "/ext-admin"), ADMIN, bot.slack.response_url)
    bot.sync_is_gone = "No job begins."
    bot.send(event)
    assert "I'll tell you here" in bot.slack.sent("response")[0]["text"]
    assert bot.jobs == []


def test_where_slack_does_not_take_the_words_they_are_the_acknowledgement(bot: Bot) -> None:
    bot.slack.failing["response"] = 500
    event = requests.command("/ext-sync", "", ADMIN, bot.slack.response_url)
    assert "Sync started." in bot.send(event)["body"]
    assert len(bot.jobs) == 1


@pytest.mark.parametrize("url", ["no url", "http://[", "http://127.0.0.1:port/x"])
def test_a_response_url_that_is_none_stops_no_sync(bot: Bot, url: str) -> None:
    assert "Sync started." in bot.send(requests.command("/ext-sync", "", ADMIN, url))["body"]
    assert len(bot.jobs) == 1


@pytest.mark.parametrize("typed", ["plan", "PLAN", " plan ", "dry-run"])
def test_a_plan_says_that_it_changes_nothing(bot: Bot, typed: str) -> None:
    assert "Nothing will be changed." in sync(bot, typed)
    assert [job.order for job in bot.jobs] == [PlanSync()]


def test_help_runs_nothing(bot: Bot) -> None:
    assert "/ext-sync plan" in sync(bot, "help")
    assert bot.jobs == []


def test_a_mistyped_word_runs_nothing_and_gets_the_nearest(bot: Bot) -> None:
    assert "I don't know /ext-sync paln. Did you mean /ext-sync plan?" in sync(bot, "paln")
    assert bot.jobs == []


@pytest.mark.parametrize("typed", ["", "plan ", "undo "])
@pytest.mark.parametrize("about", ["<!subteam^S0SALES>", "<#C0SALES|>", f"<@{JANE}>"])
def test_no_sync_is_of_a_person_a_group_or_a_channel(bot: Bot, typed: str, about: str) -> None:
    assert f"I don't know /ext-sync {typed}@…" in sync(bot, typed + about)
    bot.slack.group_names["S0SALES"] = "Sales"
    if "subteam" in about:
        assert f"I don't know /ext-sync {typed}Sales" in sync(bot, typed + about)
    assert bot.jobs == []


@pytest.mark.parametrize("typed", ["", "plan", "help"])
def test_who_is_no_admin_gets_a_polite_no_and_nothing_happens(bot: Bot, typed: str) -> None:
    assert sync(bot, typed, JANE).startswith(
        "Only admins of the extensions can do that. Nothing has changed."
    )
    assert bot.jobs == []


def test_the_members_of_the_user_group_are_admins(bot: Bot) -> None:
    bot.slack.groups[GROUP] = [JANE]
    assert sync(bot, user=JANE).startswith("Sync started.")


def test_the_user_group_is_asked_for_once_a_minute(bot: Bot) -> None:
    for _ in range(3):
        sync(bot, user=JANE)
    assert len(bot.slack.sent("usergroups.users.list")) == 1


def test_while_the_user_group_cannot_be_read_nobody_is_an_admin_by_it(bot: Bot) -> None:
    bot.slack.failing["usergroups.users.list"] = "missing_scope"
    assert "ADMIN_USERGROUP" in sync(bot, user=JANE)
    assert bot.jobs == []
    assert sync(bot, user=ADMIN).startswith("Sync started.")


def test_while_slack_does_not_say_which_workspace_is_ours_nobody_is_an_admin(bot: Bot) -> None:
    bot.slack.failing["auth.test"] = "internal_error"
    assert "which workspace is ours" in sync(bot)
    assert bot.jobs == []


def test_a_sync_that_cannot_be_started_says_why(bot: Bot) -> None:
    bot.sync_is_gone = "The function 'sync' (SYNC_FUNCTION) does not exist."
    assert "SYNC_FUNCTION" in sync(bot)


APPROVAL = "0123456789abcdef"


def test_approving_hands_over_exactly_what_was_approved(bot: Bot) -> None:
    assert bot.press("approve", APPROVAL, ADMIN)["statusCode"] == 200
    url = bot.slack.response_url
    assert bot.jobs == [Job(Approve(APPROVAL), by=ADMIN, response_url=url, place="message")]


def approve(bot: Bot, user: str = ADMIN, approval: str = APPROVAL) -> None:
    """Press Approve in a message of three blocks, as Slack sends it."""
    blocks = [section("Before."), {"type": "actions", "block_id": "b2", "elements": []}, section("After.")]
    pressed = {"type": "button", "action_id": "approve", "value": approval, "block_id": "b2"}
    more: dict[str, Any] = {"message": {"blocks": blocks}, "actions": [pressed]}
    assert bot.press("approve", approval, user, **more)["statusCode"] == 200


def test_the_message_says_who_approved_in_place_of_the_button(bot: Bot) -> None:
    approve(bot)
    (said,) = bot.slack.sent("response")
    assert said["replace_original"] is True
    assert said["text"].startswith(f"Before.\nApproved by <@{ADMIN}>.")
    assert said["text"].endswith("After.")
    assert bot.slack.sent("views.open") == []
    done = Pressed.read(bot.jobs[0].pressed).saying(message(section("Done.")))
    assert done.text == "Before.\nDone.\nAfter."


def test_a_button_pressed_twice_or_by_two_people_acts_once_and_says_so(bot: Bot) -> None:
    bot.slack.groups[GROUP] = [JANE]
    for user in (ADMIN, ADMIN, JANE):
        approve(bot, user)
    assert [job.by for job in bot.jobs] == [ADMIN]
    told = bot.slack.sent("response")[1:]
    assert [said["replace_original"] for said in told] == [False, False]
    assert all("pressed a moment ago" in said["text"] for said in told)


def test_a_plan_is_applied_by_its_button_once(bot: Bot) -> None:
    for user in (JANE, ADMIN, ADMIN):
        assert bot.press("apply_plan", "plan0123", user)["statusCode"] == 200
    url = bot.slack.response_url
    assert bot.jobs == [Job(Apply("plan0123"), by=ADMIN, response_url=url, place="message")]


def test_an_approval_is_handed_over_while_nothing_can_be_claimed(bot: Bot) -> None:
    bot.claims.broken = "The table does not answer."
    approve(bot)
    assert len(bot.jobs) == 1


def test_an_approval_that_starts_nothing_leaves_its_button_which_can_be_pressed_at_once(bot: Bot) -> None:
    bot.sync_is_gone = "The sync function is asked too often."
    approve(bot)
    _, put_back, why = bot.slack.sent("response")
    assert (put_back["replace_original"], put_back["text"]) == (True, "Before.\nAfter.")
    assert put_back["blocks"][1]["block_id"] == "b2"
    assert (why["replace_original"], "asked too often" in why["text"]) == (False, True)
    bot.sync_is_gone = ""
    approve(bot)
    assert [job.order for job in bot.jobs] == [Approve(APPROVAL)]


@pytest.mark.guarantee(11, 15)
def test_an_approval_whose_answer_was_lost_may_have_started_and_is_not_started_again_at_once(
    bot: Bot,
) -> None:
    bot.answer_is_lost = True
    approve(bot)
    _, put_back, why = bot.slack.sent("response")
    assert (put_back["replace_original"], put_back["text"]) == (True, "Before.\nAfter.")
    assert why["text"].startswith(
        "It may have started, or not: Lambda's answer was lost. If it has, the result"
    )
    approve(bot)
    assert "pressed a moment ago" in bot.slack.sent("response")[-1]["text"]
    assert len(bot.jobs) == 1


@pytest.mark.parametrize("command", ["/ext-sync", "/ext-admin"])
def test_a_command_whose_answer_was_lost_says_that_it_may_have_started(bot: Bot, command: str) -> None:
    bot.answer_is_lost = True
    event = requests.command(command, "undo", ADMIN, bot.slack.response_url)
    assert "It may have started, or not" in bot.send(event)["body"]


def test_where_slack_did_not_send_the_message_it_says_that_nothing_was_started(bot: Bot) -> None:
    bot.sync_is_gone = "The sync function is asked too often."
    bot.press("approve", APPROVAL, ADMIN)
    _, instead, why = bot.slack.sent("response")
    assert (instead["replace_original"], why["replace_original"]) == (True, False)
    assert instead["text"].startswith("Nothing was started.")
    bot.sync_is_gone = ""
    bot.press("approve", APPROVAL, ADMIN)
    assert len(bot.jobs) == 1


@pytest.mark.parametrize("button", ["approve", "sync_now"])
def test_on_home_the_one_window_of_a_press_says_why_nothing_was_started(bot: Bot, button: str) -> None:
    """Slack opens one window for a press."""
    bot.sync_is_gone = "The sync function is asked too often."
    bot.press(button, APPROVAL, ADMIN, home=True)
    (opened,) = bot.slack.sent("views.open")
    assert "asked too often" in str(opened)


def test_where_the_message_cannot_be_changed_a_window_says_it(bot: Bot) -> None:
    bot.slack.failing["response"] = 500
    approve(bot)
    assert "Approved by" in str(bot.slack.sent("views.open"))


def test_a_sync_has_started_even_if_that_cannot_be_shown(bot: Bot) -> None:
    bot.slack.failing |= {"views.open": "expired_trigger_id", "response": 500}
    assert bot.press("approve", APPROVAL, ADMIN)["statusCode"] == 200
    assert len(bot.jobs) == 1


@pytest.mark.parametrize("garbage", ["", "x y", "a" * 65, "<!channel>"])
def test_an_approval_of_nothing_starts_nothing(bot: Bot, garbage: str) -> None:
    bot.press("approve", garbage, ADMIN)
    assert bot.jobs == []
    assert "older version" in bot.slack.sent("response")[-1]["text"]


@pytest.mark.parametrize(("button", "home"), [("approve", False), ("approve", True), ("sync_now", True)])
def test_buttons_are_checked_again_when_pressed(bot: Bot, button: str, home: bool) -> None:
    assert bot.press(button, APPROVAL, JANE, home=home)["statusCode"] == 200
    assert bot.jobs == []
    told = [*bot.slack.sent("response"), *bot.slack.sent("views.open")]
    assert "Only admins" in str(told[-1])


def test_the_home_tabs_button_starts_a_sync(bot: Bot) -> None:
    bot.press("sync_now", user=ADMIN, home=True)
    assert bot.jobs == [Job(by=ADMIN, place="home")]
    assert "The result will stand on the Home tab." in str(bot.slack.sent("views.open"))


# Made when it is sent: a signature is good for five minutes, and a test may wait longer for its turn.
FOREIGN: dict[str, Callable[[], dict[str, Any]]] = {
    "sync": lambda: requests.command("/ext-sync", "", ADMIN, NOWHERE, team="T0OTHER"),
    "ext": lambda: requests.command("/ext", "jane", JANE, NOWHERE, team="T0OTHER"),
    "approve": lambda: requests.interaction(
        "block_actions", ADMIN, team="T0OTHER", actions=[{"action_id": "approve"}]
    ),
    "shortcut": lambda: requests.interaction(
        "shortcut", JANE, team="T0OTHER", callback_id="find_extension", trigger_id="1"
    ),
    "mention": lambda: requests.event({"type": "app_mention", "user": JANE, "text": "jane"}, team="T0OTHER"),
}


@pytest.mark.parametrize("kind", FOREIGN)
def test_another_workspace_is_refused(bot: Bot, kind: str) -> None:
    response = bot.send(FOREIGN[kind]())
    assert response["statusCode"] == 403
    assert "Jane" not in response["body"]
    assert (bot.jobs, [call.method for call in bot.slack.calls]) == ([], ["auth.test"])


def shared(**inner: Any) -> dict[str, Any]:
    """A mention in a channel that is shared with another workspace."""
    said = {"type": "app_mention", "user": JANE, "text": "jdoe", "channel": "C1", "ts": "1.1"} | inner
    return requests.event(said, is_ext_shared_channel=True)


@pytest.mark.parametrize(
    "inner", [{"user_team": "T0OTHER"}, {"user_team": "E0OTHER"}, {"team": "T0OTHER"}, {}]
)
def test_somebody_of_another_workspace_in_a_shared_channel_is_not_answered(
    bot: Bot, inner: dict[str, Any]
) -> None:
    assert bot.send(shared(**inner))["statusCode"] == 200
    assert bot.slack.sent("chat.postMessage") == []


def test_somebody_of_ours_in_a_shared_channel_is_answered(bot: Bot) -> None:
    bot.send(shared(team=TEAM))
    assert len(bot.slack.sent("chat.postMessage")) == 1


def test_somebody_of_another_workspace_presses_a_button_in_vain(bot: Bot) -> None:
    assert bot.press("directory", user="U0OTHER", user_team="T0OTHER")["statusCode"] == 200
    assert bot.slack.sent("response") == []


def test_slack_is_asked_once_who_we_are(bot: Bot) -> None:
    for _ in range(3):
        bot.says("jane")
    assert len(bot.slack.sent("auth.test")) == 1


def test_lookups_go_on_while_slack_does_not_say_who_we_are(bot: Bot) -> None:
    bot.slack.failing["auth.test"] = "internal_error"
    assert bot.says("jane").startswith("Jane Doe is on 0042")


@pytest.mark.parametrize("command", ["/ext-sync", "/ext-admin"])
def test_a_signed_command_sent_again_starts_one_job(bot: Bot, command: str) -> None:
    event = requests.command(command, "" if command == "/ext-sync" else "reserve 0050", ADMIN, "")
    answers = {bot.send(event)["body"] for _ in range(3)}
    assert (len(bot.jobs), len(answers)) == (1, 1)


def test_the_same_words_typed_twice_are_two_jobs(bot: Bot) -> None:
    for age in (0, 1):
        body = urlencode({"command": "/ext-sync", "user_id": ADMIN, "team_id": TEAM})
        bot.send(requests.http(body, requests.FORM, age=age))
    assert len({*bot.job_ids}) == 2
