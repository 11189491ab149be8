"""Extensions as people type them."""

from __future__ import annotations

import pytest

from core.words.typed_numbers import (
    MOST_OF_A_RANGE,
    digits_of,
    in_pieces,
    plain_digits_of,
    public_number,
    spelled_out,
)


@pytest.mark.parametrize("word", ["0042", "#0042", "x0042", "ext.0042", "ext:0042", "+0042", "oo42", "0o42"])
def test_a_word_writes_an_extension(word: str) -> None:
    assert digits_of(word) == "0042"


@pytest.mark.parametrize("word", ["", "x", "lol", "o4", "agent7", "a0042", "4a2"])
def test_other_words_write_none(word: str) -> None:
    assert digits_of(word) == ""


def test_letters_stand_for_no_digit_of_a_number_that_is_to_change() -> None:
    assert (plain_digits_of("7o76"), plain_digits_of("7076")) == ("", "7076")


@pytest.mark.parametrize(
    ("text", "digits"),
    [("72 38", "7238"), ("72-38", "7238"), ("7,238", "7238"), ("7238 7239", ""), ("7238", "")],
)
def test_a_number_in_pieces_is_put_together(text: str, digits: str) -> None:
    assert in_pieces(text) == digits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("call 555-123-4567 now", ("5551234567", "call   now")),
        ("+44 20 7946 0958", ("442079460958", " ")),
        ("7238 7239 7240", ("", "7238 7239 7240")),
        ("who called from 03 5900 2961", ("0359002961", "who called from  ")),
        ("020 7183 8750", ("02071838750", " ")),
        ("(020) 7001 8750", ("02070018750", " ")),
        ("0207 183 8750", ("02071838750", " ")),
        ("44 20 7001 8750", ("442070018750", " ")),
        ("01 42 68 53 00", ("0142685300", " ")),
        ("030 901820", ("030901820", " ")),
        ("7001 2026-11-30", ("", "7001 2026-11-30")),
        ("7041 2026-13", ("", "7041 2026-13")),
    ],
)
def test_a_number_of_the_public_network_is_taken_out(text: str, found: tuple[str, str]) -> None:
    assert public_number(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "+1 206 555 0100 ext. 7001",
        "+12065550100p7001",
        "+49 30 90182012 Durchwahl 7001",
        "+49 30 90182012, Nst. 7001",
        "+33 1 42 68 53 00 poste 7001",
        "+55 11 2345-6789 ramal 7001",
        "+34 912 345 678 interno 7001",
        "+7 495 123-45-67 доб. 7001",
        "+12065550100ww7001",
        "+44 20 7183 8750 ext 7001",
        "+44 (0)20 7183 8750, x7001",
        "(206) 555-0100 ext. 7001",
        "206.555.0100 x7001",
        "020 7183 8750 #7001",
    ],
)
def test_the_extension_behind_a_public_number_is_the_one_meant(text: str) -> None:
    assert public_number(text) == ("7001", " ")


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("7238-7240", "7238 7239 7240"),
        ("0098 to 0100", "0098 0099 0100"),
        ("7240-7238 free?", "7238 7239 7240 free?"),
        ("72-38", "72-38"),
        ("723-7240", "723-7240"),
        (f"1000-{1000 + MOST_OF_A_RANGE}", f"1000-{1000 + MOST_OF_A_RANGE}"),
    ],
)
def test_a_range_is_written_out(text: str, written: str) -> None:
    assert spelled_out(text) == written
