"""An admin's words as commands."""

from __future__ import annotations

import pytest

from core.commands import Move, Swap, understand
from core.models import ExtensionRange

EXTENSIONS = ExtensionRange.parse("7000-7999")
LONG = "maria del carmen lopez jose de la cruz garcia"


@pytest.mark.parametrize("text", [LONG, f"{LONG} y {LONG}"])
def test_every_way_to_part_two_people_keeps_every_word(text: str) -> None:
    readings = understand(f"swap {text}", EXTENSIONS)
    assert {f"{each.one} {each.other}" for each in readings if isinstance(each, Swap)} == {text}
    assert len(readings) <= 8


def test_two_people_of_long_names_can_be_swapped() -> None:
    expected = Swap("maria del carmen lopez", "jose de la cruz garcia")
    assert expected in understand(f"swap {LONG}", EXTENSIONS)
    assert understand("swap maria del carmen lopez with jose de la cruz garcia", EXTENSIONS) == [expected]


def test_a_long_name_is_moved_whole() -> None:
    assert understand(f"move {LONG} {LONG} to 7001", EXTENSIONS) == [
        Move(f"{LONG} {LONG}", "7001"),
        Move(f"{LONG} {LONG} to", "7001"),
    ]
