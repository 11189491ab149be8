"""An admin's words as commands."""

from __future__ import annotations

import pytest

from core.asking.commands import Command, Help, understand
from core.models import ExtensionRange
from core.numbering.orders import Free, Move, Reserve, Swap, Undo

EXTENSIONS = ExtensionRange.parse("7000-7999")
LONG = "maria del carmen lopez jose de la cruz garcia"


@pytest.mark.guarantee(10)
@pytest.mark.parametrize("text", [LONG, f"{LONG} y {LONG}"])
def test_every_way_to_part_two_people_keeps_every_word(text: str) -> None:
    readings = understand(f"swap {text}", EXTENSIONS)
    assert {f"{each.agent} {each.other}" for each in readings if isinstance(each, Swap)} == {text}
    assert len(readings) <= 8


def test_two_people_of_long_names_can_be_swapped() -> None:
    expected = Swap("maria del carmen lopez", "jose de la cruz garcia")
    assert expected in understand(f"swap {LONG}", EXTENSIONS)
    assert understand("swap maria del carmen lopez with jose de la cruz garcia", EXTENSIONS) == [expected]


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ('move "jane doe" to "7001"', Move("jane doe", "7001")),
        ("move \u201cjane doe\u201d 7001", Move("jane doe", "7001")),
        ("move `jane doe` to `7001`", Move("jane doe", "7001")),
        ("please move jane doe to 7001", Move("jane doe", "7001")),
        ("can you move jane doe to 7001?", Move("jane doe", "7001")),
        ("please could you move jane doe to 7001", Move("jane doe", "7001")),
        ("move jane doe to 7001, please!", Move("jane doe", "7001")),
        ("change jane doe to 7001", Move("jane doe", "7001")),
        ("move jane doe to #7001", Move("jane doe", "7001")),
        ("move jane doe to ext 7001", Move("jane doe", "7001")),
        ("end the hold of 7001", Free("7001")),
        ("release 7001", Free("7001")),
        ("undo the last change please", Undo("")),
        ("undo run 20260503T090000Z-0abcde", Undo("20260503T090000Z-0abcde")),
        ('reserve 7001 "front desk"', Reserve("7001", "front desk")),
    ],
)
def test_quotes_and_courtesy_are_no_part_of_a_command(text: str, command: Command) -> None:
    assert understand(text, EXTENSIONS)[0] == command


@pytest.mark.parametrize("name", ["can yilmaz", "you li", "can block"])
def test_a_name_that_begins_like_courtesy_is_whole(name: str) -> None:
    assert Move(name, "7001") in understand(f"{name} 7001", EXTENSIONS)
    assert understand(f"{name} and jane", EXTENSIONS)[1:] == [Swap(name, "jane")]


@pytest.mark.parametrize("text", ["please", "can you", '"', '""'])
def test_courtesy_alone_is_no_command(text: str) -> None:
    assert isinstance(understand(text, EXTENSIONS)[0], Help)


@pytest.mark.parametrize("text", ["x" + " swap a" * 100, "x" + " move 7001" * 100])
def test_a_text_full_of_verbs_does_not_cost_a_look_up_for_each(text: str) -> None:
    assert len(understand(text, EXTENSIONS)) < 30


def test_a_long_name_is_moved_whole() -> None:
    assert understand(f"move {LONG} {LONG} to 7001", EXTENSIONS) == [
        Move(f"{LONG} {LONG}", "7001"),
        Move(f"{LONG} {LONG} to", "7001"),
    ]
