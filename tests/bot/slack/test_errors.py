"""Errors become words in one place, and the log keeps what people wrote to itself."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest

from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, running
from tests.bot.slack.recorder import JANE

SECRET = "jane.doe@example.com asked for her extension"


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE) as running_bot:
        yield running_bot


def reference(text: str) -> str:
    found = re.search(r"Reference: ([0-9a-f]{8})", text)
    assert found
    return found[1]


def test_an_error_that_nobody_foresaw_is_told_with_a_reference_and_what_to_do(bot: Bot) -> None:
    bot.reader.bug = SECRET
    said = bot.says("jane")
    assert said.startswith("Something went wrong that should not. Try again in a minute.")
    assert SECRET not in said


def test_the_log_has_the_reference_and_the_place_but_not_the_words(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    bot.reader.bug = SECRET
    said = bot.says("jane")
    assert reference(said) in caplog.text
    assert "RuntimeError" in caplog.text
    assert "fakes.py" in caplog.text
    assert "example.com" not in caplog.text


def test_the_log_has_the_sentence_of_an_outage(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.reader.broken = "The table 'table' (EXTENSIONS_TABLE) does not exist."
    assert reference(bot.says("jane")) in caplog.text
    assert "EXTENSIONS_TABLE" in caplog.text


def test_no_conversation_is_logged_even_at_debug(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.slack.profiles[JANE] = {"email": "jane@example.com", "real_name": "Jane Doe"}
    with caplog.at_level(logging.DEBUG):
        bot.says("what is zebedee's extension?")
        bot.says("me")
        bot.send(requests.direct("what is zebedee's extension?", JANE))
        bot.press("next", "0:zebedee")
        bot.press("no such button", "zebedee")
    ours = "\n".join(record.getMessage() for record in caplog.records)
    assert not re.search("zebedee|jane@example", ours, re.IGNORECASE)


@pytest.mark.parametrize(
    ("method", "scope", "text", "command"),
    [
        ("users.info", "users:read", "me", "/ext"),
        ("users.info", "users:read", "directory", "/ext"),
        ("usergroups.users.list", "usergroups:read", "", "/ext-sync"),
    ],
)
def test_a_feature_whose_scope_is_missing_says_which(
    method: str, scope: str, text: str, command: str
) -> None:
    with running(JANE_DOE, admin_usergroup="S0DESK") as other:
        other.slack.failing[method] = f"missing_scope {scope}"
        assert f"lacks the scope {scope}." in other.says(text, JANE, command=command)


def test_where_emails_may_not_be_read_that_is_said(bot: Bot) -> None:
    assert "needs the scope users:read.email" in bot.says("me")
