"""Wishes for another number or name, as typed."""

from __future__ import annotations

import pytest

from core.asking.questions import Ask, WantChange
from core.asking.wishes import is_around_mentions, speaks_of_the_asker, wish_in, without_preface


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("please give jane doe 7777", WantChange("jane doe", "7777")),
        ("assign 7777 to jane", WantChange("jane", "7777")),
        ("I'd like to have 7777!", WantChange("", "7777")),
        ("my number should be 7777", WantChange("", "7777")),
        ("change ext 7002 to 7777", WantChange("7002", "7777")),
        ("swap me with jane", WantChange("", other="jane")),
        ("swap jane and me", WantChange("", other="jane")),
        ("swap jane and bob", WantChange("jane", other="bob")),
        ("i've got the wrong ext", WantChange()),
        ("new number please", WantChange()),
        ("update jane's team to sales", Ask.ANOTHER_NAME),
        ("my name is misspelled", Ask.ANOTHER_NAME),
    ],
)
def test_a_wish_names_whose_number_it_is_about(text: str, wish: Ask | WantChange) -> None:
    assert wish_in(text) == wish


@pytest.mark.parametrize(
    "text", ["give me jane's number", "change of plans", "jane doe", "is 7777 free?", "who has 7777"]
)
def test_other_texts_state_none(text: str) -> None:
    assert wish_in(text) is None


@pytest.mark.parametrize(
    ("text", "wishes"),
    [
        ("give 7777", True),
        ("give a new number", True),
        ("swap and", True),
        ("give number", False),
        ("who is", False),
    ],
)
def test_a_wish_stands_around_mentions(text: str, wishes: bool) -> None:
    assert is_around_mentions(text) is wishes


def test_a_clause_that_only_begins_like_a_wish_is_taken_off() -> None:
    assert without_preface("change of plans, who is jane?").strip() == "who is jane?"


@pytest.mark.parametrize(
    ("text", "speaks"), [("i lost my ext", True), ("my jane's number", False), ("my", False)]
)
def test_the_askers_own_number_is_noticed(text: str, speaks: bool) -> None:
    assert speaks_of_the_asker(text) is speaks
