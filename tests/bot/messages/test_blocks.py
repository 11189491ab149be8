"""What messages are made of: escaping, cutting, and the plain twin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messages.blocks import (
    bold,
    button,
    clock_time,
    context,
    cut,
    day,
    escape,
    header,
    listing,
    many,
    message,
    name,
    plain,
    section,
    when,
)
from tests.bot.slack.limits import check_blocks, check_markup


@pytest.mark.parametrize(
    ("theirs", "shown"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("Tom & Jerry", "Tom &amp; Jerry"),
        ("two\n lines", "two lines"),
        ("*bold*", "∗bold∗"),
        ("`code`", "ˋcodeˋ"),
        ("O'Brien", "O'Brien"),
    ],
)
def test_somebody_elses_words_are_only_words(theirs: str, shown: str) -> None:
    assert escape(theirs) == shown


@given(st.text())
def test_no_name_makes_markup(text: str) -> None:
    check_markup(bold(text))
    assert plain(bold(text)) == name(text)


@given(st.text(alphabet="ab&<>@!|;amplt "), st.integers(2, 30))
def test_a_cut_never_ends_within_an_escape_or_a_token(text: str, most: int) -> None:
    short = cut(escape(text), most)
    assert len(short) <= most
    check_markup(short)


def test_a_token_that_would_be_cut_goes_whole() -> None:
    assert cut("see <https://example.com/long>", 15) == "see …"


def test_the_plain_twin_says_everything_without_marks() -> None:
    said = message(
        header("Title & more"),
        section(":wave: *Jane* is on `0042`, " + day("2026-11-22T09:30:00Z")),
        context("small"),
        None,
    )
    assert said.text == "Title &amp; more\nJane is on 0042, Nov 22, 2026\nsmall"
    assert len(said.blocks) == 3


def test_a_time_is_shown_in_the_readers_zone_with_utc_for_those_without() -> None:
    token = "<!date^1795339800^{date_short_pretty} {time}|Nov 22, 2026 09:30 UTC>"
    assert when("2026-11-22T09:30:00Z") == token


@pytest.mark.parametrize("odd", ["2026-12-24", "2026-12-24T09:30:00.000Z", "soon", ""])
def test_a_time_that_is_none_of_ours_is_shown_as_it_stands(odd: str) -> None:
    assert [when(odd), day(odd), clock_time(odd)] == [odd] * 3


def test_a_list_that_is_too_long_says_how_much_is_left_out() -> None:
    assert listing(["a" * 10] * 5, most=25) == "aaaaaaaaaa\naaaaaaaaaa\n…and 3 more"
    assert listing(["a", "b"]) == "a\nb"


@pytest.mark.parametrize(("count", "said"), [(0, "0 numbers"), (1, "1 number"), (1200, "1,200 numbers")])
def test_counts_read_well(count: int, said: str) -> None:
    assert many(count, "number") == said


def test_every_button_says_what_it_does_to_a_screen_reader() -> None:
    pressed = button("Next", "next", "1:jane", label="x" * 200)
    assert len(pressed["accessibility_label"]) <= 75
    assert button("Next", "next")["accessibility_label"] == "Next"
    check_blocks([{"type": "actions", "elements": [pressed]}])


@given(st.text(min_size=1, max_size=90) | st.text("😀a", min_size=60, max_size=90))
def test_a_buttons_label_fits_as_slack_counts(text: str) -> None:
    label = button("Press", "press", label=text)["accessibility_label"]
    assert 0 < len(label.encode("utf-16-le")) // 2 <= 75
    assert label == text or label.endswith("…")
