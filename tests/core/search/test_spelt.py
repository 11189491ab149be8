"""Search by the Latin readings of names in other scripts."""

from __future__ import annotations

import pytest

from core.models import Assigned
from core.readings.latin import readings_of
from core.search.found import Certainty, Found
from core.search.ranking import search
from tests.core.rosters import index_of

WORLD = (
    "김민수",
    "이영희",
    "山田太郎",
    "曾国藩",
    "محمد خالد",
    "Юрий Васильев",
    "Γιώργος Παπαδόπουλος",
    "Jane Doe",
    "May Smith",
)


def person(number: int, name: str) -> Assigned:
    extension = f"{number:04}"
    return Assigned(extension, f"id {number}", f"u{extension}", name=name, readings=readings_of(name))


def ask(query: str, *people: str) -> Found:
    return search(index_of(*(person(number, name) for number, name in enumerate(people or WORLD))), query)


def names(found: Found) -> list[str]:
    return [match.entry.name for match in found.matches]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("kim minsu", "김민수"),
        ("Min-soo Kim", "김민수"),
        ("kim min soo", "김민수"),
        ("Lee Young-hee", "이영희"),
        ("Yamada Taro", "山田太郎"),
        ("tarou yamada", "山田太郎"),
        ("zeng guofan", "曾国藩"),
        ("mohammed khalid", "محمد خالد"),
        ("yury vasilyev", "Юрий Васильев"),
        ("yorgos papadopoulos", "Γιώργος Παπαδόπουλος"),
    ],
)
def test_a_whole_name_is_found_by_any_of_its_spellings(query: str, name: str) -> None:
    found = ask(query)
    assert (names(found), found.certainty) == ([name], Certainty.SURE)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("rhee", "이영희"),
        ("zeng", "曾国藩"),
        ("mohamad", "محمد خالد"),
        ("yamada", "山田太郎"),
        ("iurii", "Юрий Васильев"),
    ],
)
def test_one_word_that_only_a_reading_has_is_a_guess(query: str, name: str) -> None:
    found = ask(query)
    assert (names(found)[0], found.certainty) == (name, Certainty.GUESS)


def test_vowels_of_a_reading_are_anybodys_guess() -> None:
    assert names(ask("mehmood khaled"))[:1] == ["محمد خالد"]


def test_a_name_that_is_written_so_comes_before_one_that_is_only_read_so() -> None:
    found = ask("kim minsu", "김민수", "Kim Minsu")
    assert (names(found), found.certainty) == (["Kim Minsu", "김민수"], Certainty.SEVERAL)


def test_a_syllable_of_another_name_takes_no_place_beside_a_name_in_latin_letters() -> None:
    assert names(ask("jean", "박진희", "Jean Dupont")) == ["Jean Dupont"]


def test_a_name_in_its_script_is_found_by_its_script() -> None:
    found = ask("김민수")
    assert (names(found), found.certainty) == (["김민수"], Certainty.SURE)


def test_a_latin_name_asked_for_in_another_script_is_a_guess() -> None:
    found = ask("王小明", "Wang Xiaoming", "Jane Doe")
    assert (names(found), found.certainty) == (["Wang Xiaoming"], Certainty.GUESS)


def test_a_word_that_is_no_name_finds_nobody() -> None:
    assert ask("keyboard").certainty is Certainty.NONE
