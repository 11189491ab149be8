"""Answers to lookups, where the app's own conversations don't reach: the extremes."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.lookup_results import Surface
from core.asking.lookup import Examples, People
from core.models import Assigned, Availability, Presence
from core.search.found import Certainty, Match
from tests.bot.slack.bot import JANE_DOE, buttons
from tests.bot.slack.limits import check_message


def read(said: Message) -> str:
    check_message({"text": said.text, "blocks": [*said.blocks], "unfurl_links": False, "unfurl_media": False})
    return said.text


def several(count: int, total: int, name: str = "Jane Doe") -> People:
    entries = [
        Assigned(f"{number:04}", f"id-{number}", f"u{number}", name=name, team=name)
        for number in range(count)
    ]
    matches = tuple(Match(entry, 1, "name") for entry in entries)
    return People(name, Certainty.SEVERAL, matches, total)


@pytest.mark.parametrize("surface", list(Surface))
@pytest.mark.parametrize("name", ["Jane Doe", "<!channel>&" * 30, "x" * 300])
def test_every_answer_fits_everywhere(surface: Surface, name: str) -> None:
    entry = replace(JANE_DOE, name=name, username=name, team=name)
    read(words.person(entry, {"id-jane": Availability(Presence.AWAY, name)}, surface))
    read(words.mine(entry, True, surface))
    read(words.unknown_me([entry] * 30, surface))
    for page in range(7):
        read(words.found(several(30, 50, name), {}, surface, page))
    read(words.shared(entry, "U1"))
    read(words.nobody(name, Examples(name, name, "0042", name, "0999", "0990-0999")))


def test_where_others_read_along_an_answer_has_no_buttons() -> None:
    assert buttons({"blocks": words.person(JANE_DOE, {}, Surface.PUBLIC).blocks}) == {}
    assert buttons({"blocks": words.unknown_me([JANE_DOE], Surface.PUBLIC).blocks}) == {}


def test_every_answer_that_others_do_not_read_already_can_be_shared() -> None:
    shareable = {
        surface: [*buttons({"blocks": words.person(JANE_DOE, {}, surface).blocks})] for surface in Surface
    }
    assert shareable == {
        Surface.COMMAND: ["Share in channel"],
        Surface.DIRECT: ["Share"],
        Surface.MODAL: ["Share"],
        Surface.PUBLIC: [],
    }


def test_a_number_is_set_apart_so_that_it_can_be_copied_alone() -> None:
    said = str(words.person(JANE_DOE, {}, Surface.COMMAND).blocks[0])
    assert "*Jane Doe* is on `0042` ·" in said


def test_of_fifty_the_list_says_that_there_may_be_more() -> None:
    said = read(words.found(several(30, 50), {}, Surface.COMMAND))
    assert said.startswith("50 or more people match “Jane Doe”:")
    assert "I list the first 30: add a last name" in said


def test_several_guesses_are_guesses() -> None:
    guesses = replace(several(3, 3), certainty=Certainty.GUESS)
    assert read(words.found(guesses, {}, Surface.COMMAND)).startswith("Did you mean one of these?")


def test_an_agent_known_by_username_only_cannot_be_claimed() -> None:
    entry = Assigned("0042", "", "jdoe")
    assert words.that_is_me(entry) is None
    assert read(words.person(entry, {}, Surface.COMMAND)) == "jdoe is on 0042 · availability unknown"


def test_who_picks_somebody_who_has_left_as_themselves_reads_so() -> None:
    left = words.candidate(replace(JANE_DOE, release_waits=True))
    assert "not in Amazon Connect any more" in read(left)
