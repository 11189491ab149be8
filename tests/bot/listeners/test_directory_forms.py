"""`/ext directory FORM`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.asking.questions import AskDirectory, AskPerson
from core.asking.reading import understand
from core.directory.keys import KEYS, Format
from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, running
from tests.bot.slack.recorder import JANE


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE) as running_bot:
        yield running_bot


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("directory", Format.PAGE),
        ("directory csv", Format.CSV),
        ("directory XLSX", Format.XLSX),
        ("list excel", Format.XLSX),
        ("directory json please", Format.JSON),
        ("directory vcard", Format.VCARD),
    ],
)
def test_each_form_has_its_link(bot: Bot, typed: str, form: Format) -> None:
    bot.send(requests.direct(typed, JANE))
    said = str(bot.slack.sent("chat.postMessage"))
    assert KEYS[form] in said
    assert "“Request has expired”" in said


def test_a_person_of_such_a_name_is_still_a_person() -> None:
    assert isinstance(understand("jane csv"), AskPerson)
    assert understand("directory csv") == AskDirectory(Format.CSV)


def test_the_link_is_told_with_the_moment_of_the_directory(bot: Bot) -> None:
    bot.exports.at = "2026-11-22T09:30:00Z"
    assert "Here is the directory, as of Nov 22, 2026 09:30 UTC." in bot.says("directory")


def test_a_link_too_long_for_a_button_stands_in_the_text(bot: Bot) -> None:
    bot.exports.token = "t" * 3200
    for ask in (requests.direct("directory", JANE), requests.direct("directory csv", JANE, event_id="Ev2")):
        bot.send(ask)
        sent = bot.slack.sent("chat.postMessage")[-1]
        assert sent["text"].endswith(f"&amp;X-Amz-Security-Token={'t' * 3200}>")
        assert "The link is for you alone" in sent["text"]
    assert bot.slack.faults == []


def test_a_link_that_fits_a_button_is_one(bot: Bot) -> None:
    bot.exports.token = "t" * 2800
    bot.send(requests.direct("directory", JANE))
    url = bot.slack.sent("chat.postMessage")[-1]["blocks"][1]["elements"][0]["url"]
    assert url.endswith("t" * 2800)
    assert bot.slack.faults == []
