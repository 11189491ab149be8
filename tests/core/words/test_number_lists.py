from __future__ import annotations

import pytest

from core.models import ExtensionRange
from core.words.number_lists import numbers_and_note, read_numbers, write_numbers

FOUR = ExtensionRange.parse("0000-9999")


@pytest.mark.parametrize(
    ("text", "numbers", "note"),
    [
        ("7780-7782 lab", "7780-7782", "lab"),
        ("7780\u20137782", "7780-7782", ""),
        ("7780..7782 lab", "7780-7782", "lab"),
        ("7780 ... 7782", "7780-7782", ""),
        ("7782 until 7780 lab", "7780-7782", "lab"),
        ("7780,7782;7785 lab", "7780, 7782, 7785", "lab"),
        ("7780 & 7781: lab", "7780-7781", "lab"),
        ("50", "0050", ""),
        ("50 60 lab", "0050", "60 lab"),
        ("7780 7780 lab", "7780", "lab"),
        ("the lab 7780", "7780", "the lab"),
        ("the lab, floor 12", "", "the lab, floor 12"),
        ("77801 lab", "", "77801 lab"),
        ("7780-lab", "", "7780-lab"),
        ("7780b", "", "7780b"),
        ("", "", ""),
    ],
)
def test_numbers_are_parted_from_the_words_beside_them(text: str, numbers: str, note: str) -> None:
    assert numbers_and_note(text, FOUR) == (numbers, note)


def test_what_is_written_is_read_as_the_same_numbers() -> None:
    numbers = ["0007", "0008", "0009", "0011", "9998", "9999"]
    assert write_numbers(reversed(numbers)) == "0007-0009, 0011, 9998-9999"
    assert read_numbers(write_numbers(numbers)) == numbers
    assert read_numbers("") == []
