"""Guests of the workspace: one person at a time, and no list, unless the settings say so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from core.models import Assigned, ChangeKind, HistoryEntry, iso
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, running

GUESTS = [{"is_restricted": True}, {"is_restricted": True, "is_ultra_restricted": True}]
GUEST = "U0GUEST"


@pytest.fixture(params=GUESTS, ids=["restricted", "ultra restricted"])
def bot(request: pytest.FixtureRequest) -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS) as running_bot:
        running_bot.slack.users[GUEST] = request.param
        yield running_bot


def test_a_guest_gets_no_directory_link(bot: Bot) -> None:
    assert "one person at a time" in bot.says("directory", GUEST)
    bot.press("directory", user=GUEST)
    bot.send(requests.direct("directory", GUEST))
    assert "bucket.example" not in str(bot.slack.calls)
    assert bot.exports.links == 0


def test_a_guest_gets_no_list_and_no_page_of_one(bot: Bot) -> None:
    assert "Maria Rossi" not in bot.says("maria", GUEST)
    bot.press("next", "1:maria", GUEST)
    assert "Maria Rossi" not in str(bot.slack.calls)


def test_a_guest_gets_no_list_of_suggestions(bot: Bot) -> None:
    response = bot.send(requests.interaction("block_suggestion", GUEST, action_id="pick", value="m"))
    assert "Maria" not in response["body"]


def test_a_guest_gets_no_list_of_people_of_a_similar_name(bot: Bot) -> None:
    bot.slack.profiles["U0MARIA"] = {"real_name": "Maria Rossi", "email": "maria@example.com"}
    assert "mrossi" not in bot.says("<@U0MARIA>", GUEST)


@pytest.mark.parametrize("text", ["davis", "davies"])
def test_a_guest_gets_no_list_of_people_of_the_past(bot: Bot, text: str) -> None:
    gone = [("0700", "Alba Davis"), ("0701", "Otto Davis")]
    bot.reader.lines = [
        HistoryEntry(ChangeKind.RELEASED, number, number, name, iso(datetime.now(UTC)), "schedule", "r")
        for number, name in gone
    ]
    assert "one person at a time" in bot.says(text, GUEST)
    assert "Otto Davis left" in bot.says(text)


def test_a_guest_gets_no_list_of_people_called_like_a_number() -> None:
    rooms = (
        Assigned("0201", "id-a", "anna", name="Room 7 A"),
        Assigned("0202", "id-b", "bert", name="Room 7 B"),
    )
    with running(JANE_DOE, *rooms) as bot:
        bot.slack.users[GUEST] = GUESTS[0]
        assert "one person at a time" in bot.says("room 7", GUEST)
        assert "Room 7 B" in bot.says("room 7")
        assert "one person at a time" in bot.says("7", GUEST)
        bot.reader.rows["0007"] = Assigned("0007", "id-c", "cleo", name="Cleo Ray")
        assert bot.says("7", GUEST).startswith("0007 is Cleo Ray")
        assert "Room 7" not in bot.says("7", GUEST)


@pytest.mark.parametrize("text", ["jane doe", "jdoe", "0042"])
def test_a_guest_can_look_one_person_up(bot: Bot, text: str) -> None:
    assert "0042" in bot.says(text, GUEST)


def test_guests_get_lists_where_the_settings_say_so() -> None:
    with running(JANE_DOE, *MARIAS, guests_see_directory=True) as bot:
        bot.slack.users[GUEST] = GUESTS[0]
        assert "Maria Rossi" in bot.says("maria", GUEST)
        assert "bucket.example" in bot.says("directory", GUEST)


def test_somebody_whom_slack_does_not_know_gets_no_list_and_no_link() -> None:
    with running(JANE_DOE, *MARIAS) as bot:
        bot.slack.failing["users.info"] = "user_not_found"
        assert "Maria Rossi" not in bot.says("maria", "U0STRANGER")
        bot.press("directory", user="U0STRANGER")
        assert (bot.exports.links, "0042" in bot.says("jdoe", "U0STRANGER")) == (0, True)


def test_while_slack_does_not_say_who_is_a_guest_there_is_no_list() -> None:
    with running(JANE_DOE, *MARIAS) as bot:
        bot.slack.failing["users.info"] = "internal_error"
        assert "Maria Rossi" not in bot.says("maria", GUEST)
