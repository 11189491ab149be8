"""Requests for a number: sent to the admins, decided once, expired after seven days."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.client import BadStatusLine, IncompleteRead
from typing import Any

import pytest
from msgspec.structs import replace
from slack_sdk import WebClient

from bot.jobs import MESSAGE
from bot.messages.button_values import read, write
from bot.messages.request_text import APPROVE, ASK, DECLINE, DECLINED, REASON, NumberRequest
from core.models import Assigned, Free, Reserved, iso
from core.numbering.orders import Move
from core.ports import Claim
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, JANE


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, Reserved("0099", "fax"), summary_channel="C0OPS") as running_bot:
        running_bot.links.agents[JANE] = "id-jane"
        yield running_bot


def asked(bot: Bot, typed: str = "request 777 easy to say") -> NumberRequest:
    """The request as its buttons carry it."""
    said = bot.says(typed)
    assert said.startswith("I asked the admins for 0777, and tell you what they decide.")
    value = buttons(bot.slack.sent("chat.postMessage")[-1])["Approve"]["value"]
    found: NumberRequest = read(value, NumberRequest)
    return found


def decline(bot: Bot, wish: NumberRequest, why: str, user: str = ADMIN) -> Any:
    view = {
        "type": "modal",
        "id": "V1",
        "callback_id": DECLINED,
        "private_metadata": json.dumps([write(wish), bot.slack.response_url]),
        "state": {"values": {REASON: {REASON: {"type": "plain_text_input", "value": why}}}},
    }
    return bot.send(requests.interaction("view_submission", user, view=view))


def test_a_request_goes_to_the_admins_with_its_reason_and_who_asks(bot: Bot) -> None:
    wish = asked(bot)
    (posted,) = bot.slack.sent("chat.postMessage")
    assert posted["channel"] == "C0OPS"
    said = (
        "<@U0JANE> (Jane Doe, 0042) asks for 0777: “easy to say” They are this agent by their own word only."
    )
    assert posted["text"].startswith(said)
    assert (wish.agent, wish.extension, wish.why) == ("id-jane", "0777", "easy to say")


def test_without_a_channel_the_admins_get_it_as_direct_messages() -> None:
    with running(JANE_DOE) as bot:
        bot.links.agents[JANE] = "id-jane"
        asked(bot)
        assert [each["channel"] for each in bot.slack.sent("chat.postMessage")] == [ADMIN]


def test_a_free_number_has_a_button_that_asks_for_it(bot: Bot) -> None:
    assert buttons(bot.ext("777"))["Ask for it"]["value"] == "0777"
    bot.press(ASK, "0777", JANE)
    assert "asks for 0777." in bot.slack.sent("chat.postMessage")[-1]["text"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("request", "Which number? They run from 0000 to 0999."),
        ("request easy", "Which number? They run from 0000 to 0999."),
        ("request 1000", "Which number? They run from 0000 to 0999."),
        ("request 43", "0043 is not free."),
        ("request 99", "0099 is not free."),
        ("request 42", "0042 is already the number of the one who asks."),
    ],
)
def test_what_is_not_to_be_had_is_refused_and_nobody_is_bothered(bot: Bot, typed: str, said: str) -> None:
    assert said in bot.says(typed)
    assert bot.slack.sent("chat.postMessage") == []


def test_who_is_no_known_agent_asks_for_nothing(bot: Bot) -> None:
    assert "I don't know which agent you are." in bot.says("request 777", "U0NEW")
    assert bot.slack.sent("chat.postMessage") == []


def test_a_request_made_twice_on_a_day_is_sent_once(bot: Bot) -> None:
    asked(bot)
    assert bot.says("request 777 please").startswith("You asked for 0777 today already.")
    assert len(bot.slack.sent("chat.postMessage")) == 1


def test_a_number_that_was_declined_can_be_asked_for_again_on_that_day(bot: Bot) -> None:
    decline(bot, asked(bot), "not yet")
    asked(bot)


def test_a_person_asks_for_five_numbers_a_day_and_no_more(bot: Bot) -> None:
    for number in range(700, 705):
        assert bot.says(f"request {number}").startswith("I asked the admins")
    assert "You asked for 5 numbers today." in bot.says("request 705")
    assert len(bot.slack.sent("chat.postMessage")) == 5


def test_an_admin_who_is_gone_keeps_a_request_from_nobody() -> None:
    with running(JANE_DOE, admin_users=frozenset({"U0GONE", "U0HERE"})) as bot:
        bot.links.agents[JANE] = "id-jane"
        bot.slack.failing["chat.postMessage"] = "user_not_found"
        bot.slack.once.add("chat.postMessage")
        asked(bot)
        assert [each["channel"] for each in bot.slack.sent("chat.postMessage")] == ["U0GONE", "U0HERE"]


def test_where_the_channel_takes_no_message_the_admins_get_the_request() -> None:
    with running(JANE_DOE, summary_channel="C0OLD", admin_users=frozenset({ADMIN})) as bot:
        bot.links.agents[JANE] = "id-jane"
        bot.slack.closed["C0OLD"] = "is_archived"
        asked(bot)
        assert [each["channel"] for each in bot.slack.sent("chat.postMessage")] == ["C0OLD", ADMIN]


def test_a_request_that_reached_nobody_can_be_made_again(bot: Bot) -> None:
    bot.slack.failing["chat.postMessage"] = "not_in_channel"
    said = bot.says("request 777")
    assert "Slack takes no message of mine there (not_in_channel)." in said
    assert "in a minute" not in said
    del bot.slack.failing["chat.postMessage"]
    asked(bot)


def approve(bot: Bot, wish: NumberRequest) -> Any:
    """Press Approve in the message that was posted."""
    text, row, *rest = bot.slack.sent("chat.postMessage")[0]["blocks"]
    blocks = [text, {**row, "block_id": "B1"}, *rest]
    pressed = {"type": "button", "action_id": APPROVE, "value": write(wish), "block_id": "B1"}
    return bot.press(APPROVE, user=ADMIN, actions=[pressed], message={"blocks": blocks})


def test_an_approval_starts_the_move_and_promises_nothing_before_it_is_done(bot: Bot) -> None:
    wish = asked(bot)
    approve(bot, wish)
    (job,) = bot.jobs
    assert (job.by, job.order) == (ADMIN, Move("id-jane", "0777", write(wish), "0042"))
    assert (job.place, "Approve" in job.pressed) == (MESSAGE, True)
    answer = bot.slack.sent("response")[-1]
    said = f"Approved by <@{ADMIN}>. This message will say what comes of it."
    assert (answer["replace_original"], said in answer["text"], buttons(answer)) == (True, True, {})
    assert [each["channel"] for each in bot.slack.sent("chat.postMessage")] == ["C0OPS"]


def test_an_approval_that_cannot_be_handed_over_leaves_the_buttons_and_decides_nothing(bot: Bot) -> None:
    wish = asked(bot)
    bot.sync_is_gone = "The sync function does not answer."
    approve(bot, wish)
    back, error = bot.slack.sent("response")[-2:]
    assert (back["replace_original"], "Approve" in buttons(back)) == (True, True)
    assert "does not answer" in error["text"]
    bot.sync_is_gone = ""
    approve(bot, wish)
    assert len(bot.jobs) == 1


def test_an_approval_whose_answer_was_lost_may_have_started_and_is_not_started_again(bot: Bot) -> None:
    wish = asked(bot)
    bot.answer_is_lost = True
    approve(bot, wish)
    back, error = bot.slack.sent("response")[-2:]
    assert (back["replace_original"], "Approve" in buttons(back)) == (True, True)
    assert error["text"].startswith("It may have started, or not: Lambda's answer was lost.")
    approve(bot, wish)
    said = bot.slack.sent("response")[-1]
    assert "Somebody approved that request already." in said["text"]
    assert said["blocks"][1]["elements"][0]["text"] == "If it says nothing within 32 minutes, press again."
    bot.claims.done(wish.claim)  # as the job does
    approve(bot, wish)
    assert "That request is decided already." in bot.slack.sent("response")[-1]["text"]
    assert len(bot.jobs) == 1


def test_a_refusal_tells_the_asker_why(bot: Bot) -> None:
    wish = asked(bot)
    bot.press(DECLINE, write(wish), ADMIN)
    assert bot.slack.sent("views.open")[-1]["view"]["callback_id"] == DECLINED
    decline(bot, wish, "kept for the lab")
    told = bot.slack.sent("chat.postMessage")[-1]
    assert told["channel"] == JANE
    assert told["text"] == f"<@{ADMIN}> declined your request for 0777. They say: “kept for the lab”"
    shown = bot.slack.sent("response")[-1]["text"]
    assert shown == f"Declined by <@{ADMIN}>: <@U0JANE> asked for 0777."
    assert bot.jobs == []


def test_a_request_is_decided_once(bot: Bot) -> None:
    wish = asked(bot)
    bot.press(APPROVE, write(wish), ADMIN)
    posts = len(bot.slack.sent("chat.postMessage"))
    bot.press(APPROVE, write(wish), ADMIN)
    assert "Somebody approved that request already." in bot.slack.sent("response")[-1]["text"]
    assert "decided already" in decline(bot, wish, "no")["body"]
    assert (len(bot.jobs), len(bot.slack.sent("chat.postMessage"))) == (1, posts)


def test_a_request_expires_after_seven_days(bot: Bot) -> None:
    wish = asked(bot)
    old = replace(wish, at=iso(datetime.now(UTC) - timedelta(days=7)))
    for action in (APPROVE, DECLINE):
        bot.press(action, write(old), ADMIN)
        assert bot.slack.sent("response")[-1]["text"].startswith("This request for 0777 expired ")
    assert "expired" in decline(bot, old, "no")["body"]
    assert bot.jobs == []


def test_a_number_that_is_taken_by_now_is_not_approved_and_can_be_later(bot: Bot) -> None:
    wish = asked(bot)
    bot.reader.rows["0777"] = Reserved("0777", "fax")
    bot.press(APPROVE, write(wish), ADMIN)
    assert "0777 is not free." in bot.slack.sent("response")[-1]["text"]
    bot.reader.rows["0777"] = Free("0777")
    bot.press(APPROVE, write(wish), ADMIN)
    assert len(bot.jobs) == 1


@pytest.mark.parametrize("value", ["", "{}", "[]", "7", '{"id":"1"}', '{"at":"now"}'])
def test_a_button_of_another_version_decides_nothing(bot: Bot, value: str) -> None:
    bot.press(APPROVE, value, ADMIN)
    assert "older version" in bot.slack.sent("response")[-1]["text"]


def test_who_is_no_admin_decides_nothing(bot: Bot) -> None:
    wish = asked(bot)
    bot.press(APPROVE, write(wish), JANE)
    bot.press(DECLINE, write(wish), JANE)
    decline(bot, wish, "no", JANE)
    assert (bot.jobs, bot.claims.claims.get(f"request-{wish.id}")) == ([], None)


JANE_MOVED = Assigned("0050", "id-jane", "jdoe", name="Jane Doe")


def test_a_request_carries_the_number_that_its_question_shows(bot: Bot) -> None:
    wish = asked(bot)
    approve(bot, wish)
    assert (wish.other, bot.jobs[0].order) == ("0042", Move("id-jane", "0777", write(wish), "0042"))


def test_an_approval_of_somebody_who_has_another_number_by_now_asks_again(bot: Bot) -> None:
    wish = asked(bot)
    bot.reader.rows = {"0050": JANE_MOVED}
    approve(bot, wish)
    shown = bot.slack.sent("response")[-1]
    assert (bot.jobs, shown["replace_original"]) == ([], True)
    assert "asks for 0777" in shown["text"]
    assert "Jane Doe has 0050 by now, not 0042." in shown["text"]
    assert "Move Jane Doe from 0050 to 0777?" in str(buttons(shown)["Approve"]["confirm"])
    bot.press(APPROVE, buttons(shown)["Approve"]["value"], ADMIN)
    assert [job.order for job in bot.jobs] == [
        Move("id-jane", "0777", write(replace(wish, other="0050")), "0050")
    ]


def test_an_approval_of_an_earlier_version_says_no_number_and_starts(bot: Bot) -> None:
    wish = replace(asked(bot), other="")
    bot.reader.rows = {"0050": JANE_MOVED}
    approve(bot, wish)
    assert [job.order for job in bot.jobs] == [Move("id-jane", "0777", write(wish))]


def has_it(bot: Bot) -> None:
    """The asker has the number, and nobody was told."""
    bot.reader.rows = {"0777": replace(JANE_MOVED, extension="0777")}


def told_of_success(bot: Bot) -> bool:
    told = bot.slack.sent("chat.postMessage")[-1]
    return (told["channel"], told["text"].split("\n")[0]) == (
        JANE,
        "0777, which you asked for, is yours now.",
    )


@pytest.mark.parametrize("press", [APPROVE, DECLINE])
def test_a_request_whose_number_is_theirs_already_is_fulfilled_and_the_asker_is_told_once(
    bot: Bot, press: str
) -> None:
    wish = asked(bot)
    has_it(bot)
    bot.press(press, write(wish), ADMIN)
    assert bot.slack.sent("response")[-1]["text"] == "<@U0JANE> asked for 0777, and has it."
    assert (told_of_success(bot), bot.jobs, bot.slack.sent("views.open")) == (True, [], [])
    posts = len(bot.slack.sent("chat.postMessage"))
    bot.press(press, write(wish), ADMIN)
    assert "That request is decided already." in bot.slack.sent("response")[-1]["text"]
    assert len(bot.slack.sent("chat.postMessage")) == posts


def test_a_request_that_is_fulfilled_while_the_reason_is_typed_is_not_declined(bot: Bot) -> None:
    wish = asked(bot)
    has_it(bot)
    answer = decline(bot, wish, "no")
    assert "has it" in answer["body"]
    assert told_of_success(bot)
    assert bot.slack.sent("response")[-1]["text"] == "<@U0JANE> asked for 0777, and has it."


ODD = [BadStatusLine("\x00"), IncompleteRead(b""), ValueError("Retry-After: soon"), LookupError("charset x")]


def oddly(monkeypatch: pytest.MonkeyPatch, odd: Exception, of: str) -> None:
    """Slack answers a post to this channel in a way that its client can't read."""
    post = WebClient.chat_postMessage

    def answer(client: WebClient, *, channel: str, **more: Any) -> Any:
        if channel == of:
            raise odd
        return post(client, channel=channel, **more)

    monkeypatch.setattr(WebClient, "chat_postMessage", answer)


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_an_odd_answer_of_slack_is_no_error_of_a_decision_that_stands(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, odd: Exception
) -> None:
    wish = asked(bot)
    oddly(monkeypatch, odd, JANE)
    assert decline(bot, wish, "no")["body"] == ""
    assert bot.claims.claims[wish.claim] is Claim.DONE


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: type(odd).__name__)
def test_an_odd_answer_of_slack_for_one_admin_keeps_a_request_from_nobody(
    monkeypatch: pytest.MonkeyPatch, odd: Exception
) -> None:
    with running(JANE_DOE, admin_users=frozenset({"U0GONE", "U0HERE"})) as bot:
        bot.links.agents[JANE] = "id-jane"
        oddly(monkeypatch, odd, "U0GONE")
        asked(bot)
        assert [each["channel"] for each in bot.slack.sent("chat.postMessage")] == ["U0HERE"]
