"""Mentions and direct messages: where they are answered, what is ignored, and that it happens once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.ports import Claim
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, buttons, running
from tests.bot.slack.recorder import BOT, BOT_USER, JANE, TEAM

QUESTION = "what is Jane Doe's extension?"


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS) as running_bot:
        yield running_bot


def posted(bot: Bot) -> list[dict[str, Any]]:
    return bot.slack.sent("chat.postMessage")


def test_a_mention_is_answered_in_its_thread(bot: Bot) -> None:
    assert bot.send(requests.mention(QUESTION, JANE))["statusCode"] == 200
    (answer,) = posted(bot)
    assert answer["text"].startswith("Jane Doe is on 0042")
    assert (answer["channel"], answer["thread_ts"]) == (requests.CHANNEL, "100.1")


def test_a_mention_within_a_thread_is_answered_there(bot: Bot) -> None:
    bot.send(requests.mention(QUESTION, JANE, thread_ts="99.9"))
    assert posted(bot)[0]["thread_ts"] == "99.9"


@pytest.mark.parametrize("subtype", [None, "file_share", "thread_broadcast", "me_message"])
@pytest.mark.parametrize("thread", ["99.9", "100.1"], ids=["a reply", "the first of a thread"])
def test_in_the_agent_view_a_direct_message_is_answered_in_its_thread(
    bot: Bot, subtype: str | None, thread: str
) -> None:
    kind: dict[str, Any] = {"assistant_thread": {"action_token": "1"}} | (
        {"subtype": subtype} if subtype else {}
    )
    bot.send(requests.direct(QUESTION, JANE, thread_ts=thread, **kind))
    (answer,) = posted(bot)
    assert (answer["channel"], answer["thread_ts"]) == (requests.DIRECT, thread)
    assert "0042" in answer["text"]


def test_a_direct_message_is_answered_beside_it(bot: Bot) -> None:
    bot.send(requests.direct(QUESTION, JANE))
    (answer,) = posted(bot)
    assert answer["text"].startswith("Jane Doe is on 0042")
    assert (answer["channel"], answer.get("thread_ts")) == (requests.DIRECT, None)


def test_where_others_read_along_there_are_no_buttons_and_no_link(bot: Bot) -> None:
    bot.send(requests.mention(QUESTION, JANE, event_id="1"))
    bot.send(requests.mention("directory", JANE, event_id="2", ts="100.2"))
    person, directory = posted(bot)
    assert buttons(person) == {}
    assert [*buttons(directory)] == ["Directory"]
    assert "bucket.example" not in str(directory)


def test_a_long_list_in_a_channel_ends_after_five(bot: Bot) -> None:
    bot.send(requests.mention("maria", JANE))
    assert "Ask me in private for the rest: /ext maria" in posted(bot)[0]["text"]


def test_a_mention_that_came_by_an_edit_is_answered_once(bot: Bot) -> None:
    edit = {"edited": {"user": JANE, "ts": "100.9"}}
    for event_id in ("1", "2"):
        bot.send(requests.mention(QUESTION, JANE, event_id=event_id, **edit))
    assert len(posted(bot)) == 1


def test_an_answered_mention_that_is_edited_is_not_answered_again(bot: Bot) -> None:
    bot.send(requests.mention(QUESTION, JANE, event_id="1"))
    bot.send(requests.mention(QUESTION, JANE, event_id="2", edited={"user": JANE, "ts": "100.9"}))
    assert len(posted(bot)) == 1


def test_a_question_that_is_forwarded_to_the_bot_is_answered(bot: Bot) -> None:
    bot.send(
        requests.direct("", JANE, attachments=[{"is_share": True, "text": QUESTION, "author_id": "U0BOB"}])
    )
    bot.send(requests.direct(QUESTION, JANE, event_id="2", ts="100.2"))
    forwarded, typed = (sent["text"] for sent in posted(bot))
    assert forwarded == typed


def test_a_mention_without_a_word_gets_help(bot: Bot) -> None:
    bot.send(requests.mention("", JANE))
    assert "/ext jane doe" in posted(bot)[0]["text"]


def test_a_mention_of_somebody_asks_for_them(bot: Bot) -> None:
    bot.links.agents["U0BOB"] = "id-bob"
    bot.send(requests.mention("<@U0BOB>", JANE))
    assert posted(bot)[0]["text"].startswith("Robert Stone is on 0043")


@pytest.mark.parametrize("text", [f"<@{BOT_USER}> jane", f"jane <@{BOT_USER}|bot>"])
def test_the_bot_is_not_who_is_asked_for(bot: Bot, text: str) -> None:
    bot.send(requests.mention("", JANE, text=text))
    assert posted(bot)[0]["text"].startswith("Jane Doe is on 0042")


@pytest.mark.parametrize(
    "inner",
    [
        {"bot_id": BOT, "user": BOT_USER},
        {"bot_id": "B0OTHER"},
        {"user": BOT_USER},
        {"subtype": "message_changed"},
        {"subtype": "channel_join"},
        {"edited": {"user": JANE, "ts": "2"}},
        {"user": None},
        {"channel_type": "channel"},
        {"channel_type": "mpim"},
    ],
    ids=str,
)
def test_what_no_person_just_wrote_to_the_bot_is_let_pass(bot: Bot, inner: dict[str, Any]) -> None:
    assert bot.send(requests.direct(QUESTION, JANE, **inner))["statusCode"] == 200
    assert posted(bot) == []


def test_an_event_of_another_kind_is_acknowledged(bot: Bot) -> None:
    assert bot.send(requests.event({"type": "reaction_added", "user": JANE}))["statusCode"] == 200


@pytest.mark.parametrize("times", [1, 2, 3, 4])
def test_however_often_slack_delivers_it_is_answered_once(bot: Bot, times: int) -> None:
    statuses = [bot.send(requests.direct(QUESTION, JANE))["statusCode"] for _ in range(times)]
    assert len(posted(bot)) == 1
    assert statuses == [200] * times


def test_while_another_delivery_is_being_answered_slack_is_asked_to_come_again(bot: Bot) -> None:
    bot.claims.claims[f"slack-{requests.DIRECT}-100.1"] = Claim.BUSY
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 503
    assert posted(bot) == []


def test_an_answer_that_could_not_be_posted_is_posted_at_the_next_delivery(bot: Bot) -> None:
    bot.slack.failing["chat.postMessage"] = "internal_error"
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 503
    bot.slack.failing.clear()
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 200
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 200
    assert len(posted(bot)) == 2


@pytest.mark.parametrize(
    "code", ["cannot_reply_to_message", "thread_locked", "restricted_action_non_threadable_channel"]
)
def test_where_only_the_thread_is_refused_the_answer_stands_beside_it(bot: Bot, code: str) -> None:
    bot.slack.closed[f"{requests.CHANNEL}/100.1"] = code
    assert bot.send(requests.mention(QUESTION, JANE))["statusCode"] == 200
    *_, answer = posted(bot)
    assert (answer["channel"], "thread_ts" in answer) == (requests.CHANNEL, False)
    assert answer["text"].startswith("Jane Doe is on 0042")


@pytest.mark.parametrize(
    "code",
    [
        "is_archived",
        "not_in_channel",
        "restricted_action",
        "restricted_action_read_only_channel",
        "thread_locked",
    ],
)
def test_where_a_channel_takes_no_message_the_asker_alone_is_answered(bot: Bot, code: str) -> None:
    bot.slack.closed[requests.CHANNEL] = code
    assert bot.send(requests.mention(QUESTION, JANE))["statusCode"] == 200
    *_, answer = posted(bot)
    assert answer["channel"] == JANE
    assert "where I may not write" in answer["text"]
    assert "Jane Doe is on 0042" in answer["text"]
    bot.send(requests.mention(QUESTION, JANE))
    assert posted(bot)[-1] is answer


def test_what_nobody_takes_is_not_asked_for_again(bot: Bot) -> None:
    bot.slack.failing["chat.postMessage"] = "is_archived"
    assert bot.send(requests.mention(QUESTION, JANE))["statusCode"] == 200
    assert len(posted(bot)) == 2


def test_a_short_rate_limit_is_waited_for(bot: Bot) -> None:
    bot.slack.failing["chat.postMessage"], bot.slack.retry_after = 429, 0
    bot.slack.once.add("chat.postMessage")
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 200
    assert len(posted(bot)) == 2


def test_a_long_rate_limit_is_left_to_slacks_own_retry(bot: Bot) -> None:
    bot.slack.failing["chat.postMessage"], bot.slack.retry_after = 429, 30
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 503
    assert len(posted(bot)) == 1
    assert bot.claims.claims == {}


def test_an_error_is_an_answer_and_is_not_repeated(bot: Bot) -> None:
    bot.reader.broken = "The table 'table' (EXTENSIONS_TABLE) does not exist."
    statuses = [bot.send(requests.direct(QUESTION, JANE))["statusCode"] for _ in range(2)]
    assert statuses == [200, 200]
    (answer,) = posted(bot)
    assert "EXTENSIONS_TABLE" in answer["text"]


def test_without_the_table_for_claims_the_news_is_still_told(bot: Bot) -> None:
    bot.claims.broken = bot.reader.broken = "The table 'table' (EXTENSIONS_TABLE) does not exist."
    assert bot.send(requests.direct(QUESTION, JANE))["statusCode"] == 200
    assert "EXTENSIONS_TABLE" in posted(bot)[0]["text"]


def test_a_message_under_several_event_ids_is_answered_once(bot: Bot) -> None:
    bot.send(requests.direct(QUESTION, JANE, event_id="Ev1"))
    bot.send(requests.direct(QUESTION, JANE, event_id="Ev2"))
    bot.send(requests.direct(QUESTION, JANE, event_id="Ev3", ts="100.2"))
    assert len(posted(bot)) == 2


def test_slacks_word_that_it_holds_events_back_is_acknowledged(bot: Bot) -> None:
    body = json.dumps({"type": "app_rate_limited", "team_id": TEAM, "minute_rate_limited": 1518467820})
    assert bot.send(requests.http(body, requests.JSON))["statusCode"] == 200


@pytest.mark.parametrize("request_of", [requests.direct, requests.mention])
def test_who_asks_in_words_is_forgotten_too(bot: Bot, request_of: Callable[..., dict[str, Any]]) -> None:
    bot.links.agents[JANE] = "id-bob"
    bot.send(request_of("Forget me.", JANE))
    assert (bot.links.agents, posted(bot)[0]["text"][:14]) == ({}, "I have forgott")
