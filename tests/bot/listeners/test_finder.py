"""The finder: shortcut, typeahead, window; and the shortcut on a message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from msgspec.structs import replace

from bot.messages.blocks import message
from core.models import Assigned
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, buttons, running
from tests.bot.slack.recorder import JANE, STRANGER


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS) as running_bot:
        yield running_bot


def text(view: dict[str, Any]) -> str:
    return message(*view["blocks"]).text


def options(bot: Bot, typed: str) -> list[dict[str, Any]]:
    asked = requests.interaction("block_suggestion", JANE, action_id="pick", block_id="person", value=typed)
    found: list[dict[str, Any]] = json.loads(bot.send(asked)["body"])["options"]
    return found


def names(bot: Bot, typed: str) -> list[str]:
    return [option["text"]["text"].partition(" ")[2] for option in options(bot, typed)]


def pick(bot: Bot, value: str, metadata: str = "") -> dict[str, Any]:
    chosen = {"action_id": "pick", "type": "external_select", "selected_option": {"value": value}}
    view = {"id": "V1", "type": "modal", "callback_id": "finder", "private_metadata": metadata}
    asked = requests.interaction("block_actions", JANE, actions=[chosen], view=view, trigger_id="1")
    assert bot.send(asked)["statusCode"] == 200
    return bot.slack.calls[-1].fields


def submit(bot: Bot, selected: Any) -> dict[str, Any]:
    state = {"values": {"person": {"pick": {"type": "external_select", "selected_option": selected}}}}
    view = {"id": "V1", "type": "modal", "callback_id": "finder", "state": state}
    body: dict[str, Any] = json.loads(
        bot.send(requests.interaction("view_submission", JANE, view=view))["body"]
    )
    return body


def author(bot: Bot, **said: Any) -> str:
    asked = requests.interaction(
        "message_action", JANE, callback_id="find_author", trigger_id="1", message=said
    )
    assert bot.send(asked)["statusCode"] == 200
    return text(bot.slack.sent("views.open")[-1]["view"])


def test_the_shortcut_opens_the_finder(bot: Bot) -> None:
    bot.send(requests.interaction("shortcut", JANE, callback_id="find_extension", trigger_id="1"))
    (opened,) = bot.slack.sent("views.open")
    assert opened["trigger_id"] == "1"
    assert opened["view"]["callback_id"] == "finder"


def test_the_home_tabs_button_opens_the_finder(bot: Bot) -> None:
    bot.press("find", home=True)
    assert bot.slack.sent("views.open")[0]["view"]["callback_id"] == "finder"


@pytest.mark.parametrize("typed", ["j", "Ja", "doe", "do ja", "jdo", "0042", "42"])
def test_the_typeahead_finds_by_the_beginnings_of_words(bot: Bot, typed: str) -> None:
    assert names(bot, typed) == ["Jane Doe"]


def test_the_typeahead_forgives_what_a_search_forgives(bot: Bot) -> None:
    assert "Jane Doe" in names(bot, "jnae doe")


@pytest.mark.parametrize("typed", ["merci", "lexi doe", "kate", "jn"])
def test_the_typeahead_offers_nobody_who_is_far_from_what_was_typed(bot: Bot, typed: str) -> None:
    assert names(bot, typed) == []


def test_the_typeahead_offers_thirty_at_most(bot: Bot) -> None:
    crowd = [
        Assigned(f"0{number:03}", f"id-{number}", f"u{number}", name=f"Ann {number}") for number in range(500)
    ]
    bot.reader.rows = {row.extension: row for row in crowd}
    assert len(options(bot, "ann")) == 30


def test_a_keystroke_makes_one_request_once_the_directory_is_there(bot: Bot) -> None:
    options(bot, "j")
    bot.reader.asked.clear()
    options(bot, "ja")
    assert bot.reader.asked == ["read_consistent"]


def test_an_option_tells_people_apart_and_has_the_number_of_this_moment(bot: Bot) -> None:
    (first, *_) = options(bot, "maria")
    assert first["text"]["text"] == "0100 Maria Rossi"
    assert first["description"]["text"] == "mrossi0 · Team 0"
    assert options(bot, "jane")[0]["text"]["text"] == "0042 Jane Doe"
    bot.reader.rows = {"0077": replace(JANE_DOE, extension="0077")}
    assert options(bot, "jane")[0]["text"]["text"] == "0077 Jane Doe"


def test_who_has_left_and_waits_for_the_release_is_marked(bot: Bot) -> None:
    bot.reader.rows["0042"] = replace(JANE_DOE, release_waits=True)
    assert options(bot, "jane")[0]["description"]["text"].startswith("not in Amazon Connect any more · jdoe")


@pytest.mark.parametrize("typed", ["", "   ", "qqqqqq", "x" * 3000, "<!channel>", "\u0000"])
def test_a_typeahead_without_a_match_is_empty_and_does_not_hang(bot: Bot, typed: str) -> None:
    assert options(bot, typed) == []


def test_a_typeahead_without_a_table_is_empty(bot: Bot) -> None:
    bot.reader.broken = "The table is gone."
    assert options(bot, "j") == []


@pytest.mark.parametrize("name", ["a" * 300, "Tom & Jerry", "<!channel>", "\u0000"])
def test_options_hold_any_name(bot: Bot, name: str) -> None:
    bot.reader.rows = {"0042": replace(JANE_DOE, name=name, team=name)}
    assert len(options(bot, "jdoe")) == 1


def test_picking_somebody_shows_them_below(bot: Bot) -> None:
    bot.connect.statuses["id-jane"] = "Available"
    updated = pick(bot, options(bot, "jane")[0]["value"])
    assert updated["view_id"] == "V1"
    assert "Jane Doe is on 0042 · available now" in text(updated["view"])
    assert "That's me" not in buttons(updated["view"])


@pytest.mark.parametrize("home", [True, False])
def test_somebody_unknown_finds_themselves_and_can_say_so(bot: Bot, home: bool) -> None:
    bot.press("find_me", user=STRANGER, home=home)
    (opened,) = bot.slack.sent("views.open")
    assert opened["view"]["title"]["text"] == "Which agent are you?"
    shown = pick(bot, options(bot, "jane")[0]["value"], opened["view"]["private_metadata"])["view"]
    assert text(shown) == "Jane Doe is on 0042. Is that you?\njdoe · Sales"
    assert buttons(shown)["That's me"]["value"] == "a:id-jane"
    assert shown["private_metadata"] == opened["view"]["private_metadata"]


def test_the_number_shown_is_the_one_of_this_moment(bot: Bot) -> None:
    value = options(bot, "jane")[0]["value"]
    bot.reader.rows = {"0077": replace(JANE_DOE, extension="0077")}
    assert "0077" in text(pick(bot, value)["view"])


def test_somebody_who_left_meanwhile_is_gone(bot: Bot) -> None:
    value = options(bot, "jane")[0]["value"]
    bot.reader.rows = {}
    assert "no extension any more" in text(pick(bot, value)["view"])


def test_submitting_shows_the_same(bot: Bot) -> None:
    answer = submit(bot, {"value": options(bot, "jane")[0]["value"]})
    assert answer["response_action"] == "update"
    assert "Jane Doe is on 0042" in text(answer["view"])


@pytest.mark.parametrize("selected", [None, {}, {"value": ""}, "x", {"value": 7}])
def test_submitting_nobody_asks_for_somebody(bot: Bot, selected: Any) -> None:
    assert submit(bot, selected)["errors"] == {"person": "Pick somebody from the list."}


def test_submitting_garbage_is_answered_in_the_window(bot: Bot) -> None:
    assert "older version" in text(submit(bot, {"value": "garbage"})["view"])


def test_an_error_while_picking_is_told_on_top_of_the_window(bot: Bot) -> None:
    value = options(bot, "jane")[0]["value"]
    bot.reader.broken = "The table 'table' (EXTENSIONS_TABLE) does not exist."
    assert "EXTENSIONS_TABLE" in text(pick(bot, value)["view"])
    assert bot.slack.calls[-1].method == "views.push"


def test_thats_me_in_the_window_is_answered_on_top_of_it(bot: Bot) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "finder"}
    bot.press("link", "a:id-jane", STRANGER, home=True, view=view)
    assert bot.links.agents == {STRANGER: "id-jane"}
    assert "Noted" in text(bot.slack.sent("views.push")[0]["view"])


def test_closing_a_window_is_acknowledged(bot: Bot) -> None:
    closed = requests.interaction("view_closed", JANE, view={"callback_id": "finder", "type": "modal"})
    assert bot.send(closed)["statusCode"] == 200


def test_a_message_gives_the_number_of_its_author(bot: Bot) -> None:
    bot.slack.profiles[STRANGER] = {"email": "bob@example.com", "real_name": "Bob"}
    assert "Robert Stone is on 0043" in author(bot, user=STRANGER)


def test_a_message_by_somebody_unknown_says_so_and_who_has_that_name(bot: Bot) -> None:
    bot.slack.profiles[STRANGER] = {"email": "x@y.example", "real_name": "Jane Doe"}
    said = author(bot, user=STRANGER)
    assert said.startswith("I can't tell which agent that is")
    assert "0042 Jane Doe" in said


@pytest.mark.parametrize("said", [{"bot_id": "B1"}, {"user": None}, {"user": 7}, {}])
def test_a_message_by_an_app_has_no_author(bot: Bot, said: dict[str, Any]) -> None:
    assert "written by an app" in author(bot, **said)


def test_a_shortcut_that_no_version_knows_any_more_says_so(bot: Bot) -> None:
    bot.send(requests.interaction("shortcut", JANE, callback_id="dial", trigger_id="1"))
    assert "older version" in text(bot.slack.sent("views.open")[0]["view"])
