"""Texts found by their ends: the few that are looked at are all that looking at every text would find."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from core.search.ends import Ends

TEXTS = st.lists(st.text(alphabet="abc", max_size=6), max_size=30)
TYPED = st.text(alphabet="abc", max_size=6)


@settings(deadline=None)
@given(texts=TEXTS, typed=TYPED)
def test_a_text_is_found_wherever_it_stands(texts: list[str], typed: str) -> None:
    assert [*Ends(texts).of(typed)] == [place for place, text in enumerate(texts) if text == typed]


@settings(deadline=None)
@given(texts=TEXTS, typed=TYPED.filter(bool))
def test_texts_are_found_by_how_they_begin_and_end(texts: list[str], typed: str) -> None:
    ends = Ends(texts)
    assert sorted(ends.beginning(typed)) == sorted(text for text in texts if text.startswith(typed))
    assert sorted(ends.ending(typed)) == sorted(text for text in texts if text.endswith(typed))


@settings(deadline=None)
@pytest.mark.parametrize("right", [1, 2])
@given(texts=TEXTS, typed=TYPED.filter(lambda typed: len(typed) > 1), most=st.integers(1, 2))
def test_texts_a_few_edits_away_are_found_where_one_end_is_right(
    right: int, texts: list[str], typed: str, most: int
) -> None:
    found = set(Ends(texts).near(typed, most, right))
    assert found == {
        (text, distance)
        for text in texts
        if len(text) > 1
        and (text.startswith(typed[:right]) or text.endswith(typed[-right:]))
        and (distance := OSA.distance(typed, text)) <= most
    }
