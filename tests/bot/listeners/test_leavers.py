"""The window in which an admin chooses, among those who wait, who is released."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from bot.jobs import Job
from bot.messages.button_values import MOST_CHOSEN, Choice, read_bits, write_bits
from bot.messages.pressed import Pressed
from core.errors import Refused
from core.models import ChangeKind, HistoryEntry
from core.numbering.orders import Approve
from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, JANE

APPROVAL = "0123456789abcdef"
AT = "2026-11-22T09:30:00Z"
LEAVERS = [
    HistoryEntry(ChangeKind.RELEASED, f"{number:04}", f"user{number}", f"Agent {number}", AT, "U1", "run")
    for number in range(120)
]


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE) as running_bot:
        running_bot.records.keep_waiting(APPROVAL, LEAVERS)
        yield running_bot


def opened(bot: Bot, **more: Any) -> dict[str, Any]:
    """The window after its button was pressed in a message."""
    assert bot.press("choose_leavers", APPROVAL, ADMIN, **more)["statusCode"] == 200
    view: dict[str, Any] = bot.slack.sent("views.open")[-1]["view"]
    return view


def boxes(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [block["element"] for block in view["blocks"] if block["type"] == "input"]


def as_shown(view: dict[str, Any], *unticked: str) -> dict[str, Any]:
    """The window as Slack sends it back, with these people unticked."""
    values = {}
    for number, box in enumerate(boxes(view)):
        kept = [each for each in box.get("initial_options", []) if each["value"] not in unticked]
        values[f"b{number}"] = {"ticked": {"type": "checkboxes", "selected_options": kept}}
    return view | {"id": "V1", "state": {"values": values}}


def turned(bot: Bot, view: dict[str, Any], text: str, *unticked: str) -> dict[str, Any]:
    """The window after one of its buttons was pressed."""
    button = buttons(view)[text]
    pressed = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
    more: dict[str, Any] = {"view": as_shown(view, *unticked), "actions": [pressed], "trigger_id": "1"}
    assert bot.send(requests.interaction("block_actions", ADMIN, **more))["statusCode"] == 200
    found: dict[str, Any] = bot.slack.sent("views.update")[-1]["view"]
    return found


def submitted(bot: Bot, view: dict[str, Any], *unticked: str, user: str = ADMIN) -> dict[str, Any]:
    """The window that answers a submission."""
    response = bot.send(requests.interaction("view_submission", user, view=as_shown(view, *unticked)))
    found: dict[str, Any] = json.loads(response["body"] or "{}").get("view", {})
    return found


def names(view: dict[str, Any]) -> list[str]:
    return [option["text"]["text"] for box in boxes(view) for option in box["options"]]


def test_every_name_can_be_read_page_by_page(bot: Bot) -> None:
    view, seen = opened(bot), []
    seen += names(view)
    for _ in range(2):
        view = turned(bot, view, "Next")
        seen += names(view)
    assert seen == [f"{number:04} Agent {number}" for number in range(120)]
    assert "Next" not in buttons(view)
    assert names(turned(bot, view, "Previous")) == seen[50:100]


def test_single_people_are_left_out_and_the_count_is_true_everywhere(bot: Bot) -> None:
    view = turned(bot, opened(bot), "Next", "3", "7")
    asked = submitted(bot, view, "60")
    assert asked["submit"]["text"] == "Approve 117"
    assert "*117 releases will be made.*" in str(asked)
    assert "3 other people keep their number for now" in str(asked)
    submitted(bot, asked)
    (job,) = bot.jobs
    assert isinstance(job.order, Approve)
    assert (job.order.approved, job.by) == (APPROVAL, ADMIN)
    assert sorted(read_bits(job.order.left_out)) == [3, 7, 60]


def test_a_single_person_is_chosen_where_all_others_wait_on(bot: Bot) -> None:
    view = turned(bot, opened(bot), "Untick all")
    assert not any("initial_options" in box for box in boxes(view))
    chosen = as_shown(view)
    (option,) = (each for box in boxes(view) for each in box["options"] if each["value"] == "5")
    chosen["state"]["values"]["b0"]["ticked"]["selected_options"] = [option]
    response = bot.send(requests.interaction("view_submission", ADMIN, view=chosen))
    asked = json.loads(response["body"])["view"]
    assert asked["submit"]["text"] == "Approve 1"
    submitted(bot, asked)
    (job,) = bot.jobs
    assert isinstance(job.order, Approve)
    assert read_bits(job.order.left_out) == {*range(120)} - {5}


def test_all_are_ticked_again_and_all_are_approved(bot: Bot) -> None:
    view = turned(bot, turned(bot, opened(bot), "Untick all"), "Tick all", "1")
    submitted(bot, submitted(bot, view))
    url = bot.slack.response_url
    assert bot.jobs == [Job(Approve(APPROVAL), by=ADMIN, response_url=url, place="message")]


def test_slack_does_not_keep_what_was_ticked_by_hand_when_all_are_ticked(bot: Bot) -> None:
    view = opened(bot)
    again = turned(bot, view, "Tick all", "3")
    ids = [{block["block_id"] for block in each["blocks"] if "element" in block} for each in (view, again)]
    assert ids[0].isdisjoint(ids[1])


def test_nobody_chosen_is_nothing_done(bot: Bot) -> None:
    asked = submitted(bot, turned(bot, opened(bot), "Untick all"))
    assert "Nobody is ticked" in str(asked)
    assert bot.jobs == []


def opened_in_message(bot: Bot) -> dict[str, Any]:
    """The window after its button was pressed in a message that Slack sent along."""
    row = {"type": "actions", "block_id": "b2", "elements": []}
    before = {"type": "section", "text": {"type": "mrkdwn", "text": "Before.", "verbatim": True}}
    pressed = {"type": "button", "action_id": "choose_leavers", "value": APPROVAL, "block_id": "b2"}
    return opened(bot, message={"blocks": [before, row]}, actions=[pressed])


def test_the_message_in_which_the_button_stood_says_what_came_of_it(bot: Bot) -> None:
    view = opened_in_message(bot)
    submitted(bot, submitted(bot, view, "3"))
    told = bot.slack.sent("response")[-1]
    assert (told["replace_original"], told["text"].startswith("Before.\nApproved by")) == (True, True)
    assert Pressed.read(bot.jobs[0].pressed).row == 1


def test_an_approval_that_starts_nothing_puts_the_message_back_and_can_be_repeated(bot: Bot) -> None:
    asked = submitted(bot, opened_in_message(bot))
    bot.sync_is_gone = "The sync function is asked too often."
    assert "asked too often" in str(submitted(bot, asked))
    put_back = bot.slack.sent("response")[-1]
    assert [block["type"] for block in put_back["blocks"]] == ["section", "actions"]
    bot.sync_is_gone = ""
    submitted(bot, asked)
    assert len(bot.jobs) == 1


def test_while_the_message_cannot_be_read_nothing_is_approved_and_it_can_be_repeated(bot: Bot) -> None:
    asked = submitted(bot, opened_in_message(bot))
    bot.records.broken = "The table does not answer."
    assert "does not answer" in str(submitted(bot, asked))
    assert (bot.jobs, bot.slack.sent("response")) == ([], [])
    bot.records.broken = ""
    submitted(bot, asked)
    assert len(bot.jobs) == 1


def test_on_home_the_result_is_shown_on_home(bot: Bot) -> None:
    submitted(bot, submitted(bot, opened(bot, home=True)))
    assert [(job.place, job.response_url) for job in bot.jobs] == [("home", "")]


@pytest.mark.parametrize(
    ("home", "failing", "later"),
    [
        (True, {}, "The result will stand on the Home tab."),
        (False, {}, "The message where you pressed will say what comes of it."),
        (False, {"response": 404}, "I'll tell you in a direct message when it's done."),
    ],
)
@pytest.mark.parametrize(
    ("left_out", "done"),
    [
        ((), "120 releases are approved."),
        (("3", "7"), "118 releases are approved, 2 people keep their number."),
    ],
)
def test_the_window_says_what_was_approved_and_where_the_result_comes(
    bot: Bot, home: bool, failing: dict[str, str | int], later: str, left_out: tuple[str, ...], done: str
) -> None:
    asked = submitted(bot, opened(bot, home=home), *left_out)
    bot.slack.failing |= failing
    (block,) = submitted(bot, asked)["blocks"]
    assert block["text"]["text"].endswith(f"*Sync started.* {done} {later}")


def test_two_who_confirm_at_once_act_once(bot: Bot) -> None:
    asked = submitted(bot, opened(bot))
    submitted(bot, asked)
    assert "pressed a moment ago" in str(submitted(bot, asked))
    assert len(bot.jobs) == 1


def test_who_is_no_admin_neither_opens_turns_nor_confirms(bot: Bot) -> None:
    view = opened(bot)
    bot.press("choose_leavers", APPROVAL, JANE)
    assert "Only admins" in bot.slack.sent("response")[-1]["text"]
    assert len(bot.slack.sent("views.open")) == 1
    asked = submitted(bot, view)
    for each in (view, asked):
        assert submitted(bot, each, user=JANE) == {}
    assert bot.jobs == []


def test_a_list_that_is_gone_or_endless_says_so(bot: Bot) -> None:
    bot.press("choose_leavers", "gone", ADMIN)
    assert "I don't have this list any more." in bot.slack.sent("response")[-1]["text"]
    bot.records.keep_waiting("many", LEAVERS * 100)
    bot.press("choose_leavers", "many", ADMIN)
    assert "12,000 are too many to choose from" in bot.slack.sent("response")[-1]["text"]


def test_the_most_that_can_be_chosen_fits_slacks_metadata() -> None:
    scattered = frozenset(random.Random(1).sample(range(MOST_CHOSEN), MOST_CHOSEN // 2))
    choice = Choice("a" * 16, MOST_CHOSEN, scattered, 7, "https://hooks.slack.com/" + "x" * 200, "k" * 32)
    assert Choice.read(choice.write()) == choice
    assert len(choice.write()) <= 3000
    assert read_bits(write_bits(())) == frozenset()


@pytest.mark.parametrize("garbage", ["", "{}", "[1]", '["a", 1, 0, "", "", 0, "\u00ff"]'])
def test_a_window_of_another_version_says_so(garbage: str) -> None:
    with pytest.raises(Refused, match="older version"):
        Choice.read(garbage)
