"""Names as the keys of a telephone."""

from __future__ import annotations

import pytest

from core.calling.keypad import keys_of


@pytest.mark.parametrize(
    ("name", "dialled"),
    [
        ("Jane Doe", {"526", "363"}),
        ("Zoë Weiß", {"963", "934"}),
        ("Jörg Müller", {"567", "563", "685", "683"}),
        ("Søren Åkesson", {"767", "763", "253", "225"}),
        ("Li Ng", {"540", "640"}),
        ("Jan van Dam", {"526", "826", "326"}),
        ("Jean-Luc O'Brien", {"532", "582", "627"}),
        ("Łukasz Đorđević", {"585", "367"}),
        ("Ελένη", {"353"}),
        ("jdoe42", {"536"}),
        ("Bob 2", {"262", "200"}),
        ("", set()),
        ("…", set()),
    ],
)
def test_a_name_is_dialled_by_the_first_letters_of_each_of_its_words(name: str, dialled: set[str]) -> None:
    assert {keys[:3] for keys in keys_of(name)} == dialled


def test_a_blank_is_a_0_and_zeros_follow_a_short_name() -> None:
    assert keys_of("Li Ng") == {"54064000", "64000000"}


def test_a_name_in_another_script_has_keys() -> None:
    assert all(keys.isdecimal() and len(keys) == 8 for keys in keys_of("田中 太郎") | keys_of("Иван Петров"))
    assert {keys[:3] for keys in keys_of("Иван Петров")} == {"482", "738"}
