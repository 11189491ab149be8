"""Wishes, and questions about the past: the answer that the bot knows, or the command that does."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.models import Assigned, ChangeKind, Held, HistoryEntry, Reserved
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, JANE

LATER, LEFT = "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z"
OLD = Held("0700", LATER, LEFT, "id-jane", "jdoe", "Jane Doe")
OF_ANOTHER = Held("0701", LATER, LEFT, "id-gone", "gone", "Gus Gone")
WOODS = [
    Assigned(f"06{at:02}", f"id-wood-{at}", f"wood{at}", name=f"{first} Wood")
    for at, first in enumerate(("Ann", "Bob", "Cy", "Di", "Ed", "Flo"))
]
GUEST = "U0GUEST"


@pytest.fixture
def bot() -> Iterator[Bot]:
    kept = (Reserved("0790", "front desk"), Reserved("0791", "lab"), Reserved("0792", "lab"))
    with running(JANE_DOE, BOB, OLD, OF_ANOTHER, *kept, *WOODS) as running_bot:
        running_bot.slack.profiles |= {JANE: {"email": "jane@example.com", "real_name": "Jane Doe"}}
        running_bot.slack.users[GUEST] = {"is_restricted": True}
        running_bot.connect.emails |= {"id-jane": "jane@example.com"}
        running_bot.reader.lines = [
            HistoryEntry(
                ChangeKind.MOVED, "0042", "jdoe", "Jane Doe", LEFT, ADMIN, "r", agent_id="id-jane",
                moved_from="0700",
            )
        ]  # fmt: skip
        yield running_bot


def test_who_wants_an_old_number_back_gets_the_button_that_asks_for_it(bot: Bot) -> None:
    answer = bot.ext("can i get my old number back")
    assert answer["text"].startswith("0700 is held for you until Jan 31, 2999.")
    assert buttons(answer)["Ask for 0700"]["value"] == "0700"


def test_an_old_number_that_is_not_held_any_more_is_told_so(bot: Bot) -> None:
    bot.reader.rows["0700"] = Assigned("0700", "id-next", "next", name="Nia Next")
    assert bot.says("i want my old number back").startswith("No number is held for you.")


def test_not_me_says_why_the_asker_is_taken_for_an_agent(bot: Bot) -> None:
    assert "I take you for Jane Doe, on 0042, since Amazon Connect has your Slack email" in bot.says("not me")
    bot.links.agents["U0LINK"] = "id-bob"
    assert "since you pressed That's me" in bot.says("that's not me", "U0LINK")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("stop messaging me", "/ext quiet turns off the messages that you didn't ask for"),
        ("my name is wrong, it's jane roe now", "Names and teams come from Amazon Connect"),
        ("which numbers are free", "Some free numbers: 0000, 0001, 0002"),
        ("how many people are there", "8 people have a number."),
        ("how many people are in sales", "1 person is in Sales:"),
        (
            "how long is a number held",
            "A number that somebody gives up is held for 30 days, then it is free.",
        ),
        ("front desk", "0790 is reserved: front desk"),
        ("the front desk's number", "0790 is reserved: front desk"),
        ("lab", "0791 is reserved: lab\n0792 is reserved: lab"),
    ],
)
def test_a_wish_is_answered(bot: Bot, typed: str, said: str) -> None:
    assert said in bot.says(typed)


def test_somebody_who_is_called_like_a_wish_is_found(bot: Bot) -> None:
    bot.reader.rows["0093"] = Assigned("0093", "id-stop", "stop", name="Stop Alone")
    bot.reader.rows["0094"] = Assigned("0094", "id-before", "ann", name="Ann Before")
    assert bot.says("stop alone").startswith("Stop Alone is on 0093")
    assert bot.says("ann before").startswith("Ann Before is on 0094")


PAST = "I tell what is now. What was before, an admin sees with /ext-admin history "


@pytest.mark.parametrize(
    ("typed", "about", "now"),
    [
        ("who had 42 before", "0042", "0042 is Jane Doe"),
        ("who had 0042 on 3 may 2026", "0042 2026-05-03", "0042 is Jane Doe"),
        ("who was 0042 on 3 may 2026", "0042 2026-05-03", "0042 is Jane Doe"),
        ("jane doe's old number", "Jane Doe", "0700 is held for Jane Doe until"),
        (
            "what was jane doe's number in may 2026",
            "Jane Doe 2026-05-01 to 2026-05-31",
            "Jane Doe is on 0042",
        ),
        ("what was my old number", "Jane Doe", "0700 is held for Jane Doe until"),
        ("who had 701 before", "0701", "0701 is held until Jan 31, 2999: it was the number of Gus Gone."),
    ],
)
def test_todays_holder_is_marked_where_the_past_is_asked_for(
    bot: Bot, typed: str, about: str, now: str
) -> None:
    said = bot.says(typed)
    assert said.startswith(f"{PAST}{about}\n")
    assert now in said


def test_the_command_that_is_named_for_the_past_tells_it(bot: Bot) -> None:
    (command,) = [line for line in bot.says("jane doe's old number").splitlines() if line.startswith(PAST)]
    typed = command.partition("/ext-admin ")[2]
    assert "Jane Doe moved from 0700 to 0042" in bot.says(typed, ADMIN, command="/ext-admin")


def test_a_number_of_nobodys_range_has_no_past(bot: Bot) -> None:
    assert bot.says("who had 9999 before").startswith("9999 is not one of our numbers.")


def test_a_common_surname_is_no_dead_end(bot: Bot) -> None:
    said = bot.says("Xiomara Wood")
    assert said.startswith("Nobody is called Xiomara Wood. 6 people are called Wood:\n0600 Ann Wood")
    assert said.endswith("All of them: /ext Wood")
    assert bot.says("Wood, Xiomara").startswith("Nobody is called Wood, Xiomara. 6 people are called Wood:")
    assert bot.says("Wood").startswith("6 people match “Wood”:")


def test_of_a_common_surname_the_first_name_most_alike_comes_first(bot: Bot) -> None:
    bot.reader.rows["0606"] = Assigned("0606", "id-nicholas", "nick", name="Nicholas Wood")
    said = bot.says("Cole Wood").splitlines()
    assert said[0] == "Nobody is called Cole Wood. 7 people are called Wood:"
    assert said[1].startswith("0606 Nicholas Wood")


@pytest.mark.parametrize("typed", ["Xiomara Wood", "how many people are there", "lab"])
def test_a_guest_is_told_of_no_several(bot: Bot, typed: str) -> None:
    said = bot.says(typed, GUEST)
    assert "Wood · " not in said
    assert "079" not in said
    assert "8 people" not in said


def test_a_guest_hears_of_one_person_that_the_answer_is_of_now(bot: Bot) -> None:
    assert bot.says("jane doe's old number", GUEST).startswith(PAST)
    assert bot.says("the number of wood before", GUEST).startswith("Guests look up one person at a time")
