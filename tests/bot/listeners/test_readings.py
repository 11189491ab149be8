"""Orders that can be read in several ways, or not at all, are asked about, and nothing happens."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.messages.admin_answers import ORDER
from bot.messages.button_values import read
from core.models import Assigned, ChangeKind, HistoryEntry, iso
from core.numbering.orders import Free, Move, OnButton, Reserve, Undo
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, running
from tests.bot.slack.recorder import ADMIN

LEE = Assigned("0101", "id-lee", "klee", name="Kim Lee")
PARK = Assigned("0102", "id-park", "kpark", name="Kim Park")
TO = Assigned("0103", "id-to", "kto", name="Kim To")
RUN = "20261122T093000Z-0abcde"


def named(number: int, name: str) -> Assigned:
    return Assigned(f"02{number:02}", f"id-{number}", f"user{number}", name=name)


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, LEE, PARK, TO) as running_bot:
        yield running_bot


def admin(bot: Bot, text: str) -> str:
    return bot.says(text, ADMIN, command="/ext-admin")


def offered(bot: Bot, text: str) -> list[Any]:
    """The orders on the buttons of the answer."""
    said = bot.ext(text, ADMIN, command="/ext-admin")
    found = [block["accessory"] for block in said["blocks"] if "accessory" in block]
    found += [each for block in said["blocks"] for each in block.get("elements", [])]
    return [read(each["value"], OnButton) for each in found if each.get("action_id") == ORDER]


@pytest.mark.guarantee(10)
@pytest.mark.parametrize(
    "typed", ["give 0500 to kim", "move kim to 0500", "kim to 0500", "assign 0500 to kim", "0500 to kim"]
)
def test_a_move_that_several_readings_give_to_several_people_asks_which(bot: Bot, typed: str) -> None:
    assert {each.agent for each in offered(bot, typed)} == {"id-lee", "id-park", "id-to"}
    assert bot.jobs == []


@pytest.mark.guarantee(10)
@pytest.mark.parametrize(
    ("typed", "first", "second"),
    [
        ("move jane on 0500", "Jane On", "Jane Off"),
        ("move ann for 0500", "Ann For", "Ann Lee"),
        ("move max ext 0500", "Max Ext", "Max Lee"),
        ("tom number 0500", "Tom Number", "Tom Lee"),
    ],
)
def test_a_surname_that_is_a_small_word_beside_a_namesake_is_asked_about(
    typed: str, first: str, second: str
) -> None:
    with running(named(1, first), named(2, second), named(3, second.split()[0] + " Poe")) as bot:
        offered(bot, typed)
        assert bot.jobs == []


@pytest.mark.guarantee(10)
def test_a_swap_that_several_readings_give_to_several_pairs_asks_which(bot: Bot) -> None:
    swaps = offered(bot, "swap kim to robert stone")
    assert {each.agent for each in swaps} == {"id-lee", "id-park", "id-to"}
    assert bot.jobs == []


def test_the_only_one_of_a_first_name_is_moved_whatever_the_surname() -> None:
    with running(JANE_DOE, TO) as bot:
        admin(bot, "move kim to 0500")
        assert [job.order for job in bot.jobs] == [Move("id-to", "0500")]


COMMAND = re.compile(r"`(?:/ext-admin )?([^`/][^`]*)`")
ACTING = ["move jane", "move jane 9999", "move jane doe to 75O6", "move jane to the next free number", "move"]


@pytest.mark.guarantee(10)
@pytest.mark.parametrize(
    "typed", [*ACTING, "swap", "swap jane", "reserve", "free", "move 0500", "help", "reserved", "unknown"]
)
def test_no_command_of_an_answer_does_anything_when_it_is_pasted(bot: Bot, typed: str) -> None:
    said = bot.ext(typed, ADMIN, command="/ext-admin")
    for words in {*COMMAND.findall(str(said["blocks"]))} - {"undo", "status"}:
        admin(bot, words)
        assert bot.jobs == [], words


def test_the_hint_of_a_move_names_the_person_who_was_typed(bot: Bot) -> None:
    for typed in ("move jdoe", "move jdoe to 9999", "move jdoe to 75O6"):
        assert "/ext-admin move jdoe NUMBER" in admin(bot, typed)


@pytest.mark.parametrize("typed", ["undo RUN", "undo run", "undo the run", "undo banana", "undo all"])
def test_an_undo_of_no_run_is_asked_about(bot: Bot, typed: str) -> None:
    assert "Which run?" in admin(bot, typed)
    assert bot.jobs == []


@pytest.mark.parametrize("typed", ["undo", "undo that", "undo the last change", "undo it please"])
def test_an_undo_alone_is_of_the_newest_change(bot: Bot, typed: str) -> None:
    admin(bot, typed)
    assert [job.order for job in bot.jobs] == [Undo()]


@pytest.mark.parametrize("typed", ["undo robert stone", "undo the move of bob", "undo 0043"])
def test_an_undo_of_a_person_or_a_number_offers_their_newest_change(bot: Bot, typed: str) -> None:
    at = iso(datetime.now(UTC) - timedelta(hours=1))
    moved = HistoryEntry(
        ChangeKind.MOVED,
        "0043",
        "bob",
        "Robert Stone",
        at,
        "U0BOSS",
        RUN,
        agent_id="id-bob",
        moved_from="0050",
    )
    bot.reader.lines = [moved]
    assert offered(bot, typed) == [Undo(RUN, "U0BOSS")]
    assert bot.jobs == []


@pytest.mark.parametrize(
    "between",
    [
        "—",
        "–",
        "-",
        " - ",
        "‐",
        "‑",
        "‒",
        "―",
        "−",
        "→",
        "->",
        "~",
        "〜",
        "..",
        " to ",
        " thru ",
        " through ",
        " bis ",
    ],
)
def test_a_range_is_one_in_every_form(bot: Bot, between: str) -> None:
    for verb, kind in (("reserve", Reserve), ("free", Free)):
        bot.jobs.clear()
        admin(bot, f"{verb} 0702{between}0704")
        assert [job.order for job in bot.jobs] == [kind("0702-0704")]


@pytest.mark.parametrize("between", [" or ", " plus ", "/", " / ", " + ", ", ", " and "])
def test_several_numbers_are_several_in_every_form(bot: Bot, between: str) -> None:
    admin(bot, f"reserve 0702{between}0704 lift")
    assert [job.order for job in bot.jobs] == [Reserve("0702, 0704", "lift")]


@pytest.mark.parametrize(
    "typed", ["reserve 0702 : 0704 lift", "reserve 0702 up 0704", "reserve 0702 a 0704 b"]
)
def test_a_number_that_is_left_in_a_note_is_asked_about(bot: Bot, typed: str) -> None:
    assert "0704" in admin(bot, typed)
    assert bot.jobs == []
    assert offered(bot, typed)[0].extension == "0702"


def test_a_free_of_somebody_says_what_it_ends(bot: Bot) -> None:
    assert "is not one of our numbers" not in admin(bot, "free jdoe")
    assert bot.jobs == []


def test_a_person_and_a_day_with_other_dashes_are_both_read(bot: Bot) -> None:
    assert "“" not in admin(bot, "history jane doe 2026\u201311\u201303")
