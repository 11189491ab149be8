"""The readings of a name: how people may spell it in Latin letters, as text that stands beside the person.

    김민수      min/meen-su/soo kim/gim/ghim
    高橋健      ken/takeshi/takeru takahashi;jian/chien gao/kao/ko

`;` stands between readings, a space between words, `-` between the syllables of a word, `/` between
spellings. The given name comes first where that is known. `core.search.spelt` reads them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence

from core.readings.alphabets import cyrillic_readings, greek_readings, hebrew_readings
from core.readings.arabic import arabic_readings
from core.readings.han import han_readings
from core.readings.hangul import korean_readings
from core.readings.indic import indic_readings
from core.readings.thai import thai_readings

# Longer names have no readings, and longer readings are cut: a row of the table stays small.
_LONGEST_NAME, _LONGEST = 80, 900
_PARENTHESES = re.compile(r"[(（\[【].*?(?:[)）\]】]|$)")
_BETWEEN = re.compile(r"[\s,、，・·;/|.'’-]+")
_PERSIAN = re.compile("[پچژگکیےٹڈڑںہھ]")
_ASCII_WORD = re.compile("[a-z]+")

Readings = Callable[[Sequence[str]], Iterable[str]]


def _of_arabic(tokens: Sequence[str]) -> Iterator[str]:
    return arabic_readings(tokens, persian=bool(_PERSIAN.search(" ".join(tokens))))


# The blocks of Unicode, first and last sign, and what reads them.
_SCRIPTS: tuple[tuple[str, str, Readings], ...] = (
    ("\u0370", "\u03ff", greek_readings),
    ("\u1f00", "\u1fff", greek_readings),
    ("\u0400", "\u052f", cyrillic_readings),
    ("\u0590", "\u05ff", hebrew_readings),
    ("\u0600", "\u06ff", _of_arabic),
    ("\u0900", "\u0d7f", indic_readings),
    ("\u0e00", "\u0e7f", thai_readings),
    ("\uac00", "\ud7a3", korean_readings),
    ("\u3041", "\u30ff", han_readings),
    ("\u3400", "\u9fff", han_readings),
)


def readings_of(name: str) -> str:
    """The readings of a name, "" for one that is in Latin letters or that nothing here can read."""
    if name.isascii() or len(name) > _LONGEST_NAME:
        return ""
    plain = _PARENTHESES.sub(" ", unicodedata.normalize("NFKC", name))
    tokens = [token for token in _BETWEEN.split(plain) if token]
    read = {script for token in tokens if (script := _script_of(token))}
    if len(read) != 1 or not all(map(_script_of, tokens)):
        return ""
    (readings,) = read
    return _cut(readings(tokens))


def _script_of(token: str) -> Readings | None:
    """The reader of the script of a word, by its first letter that has one; None where none has."""
    for sign in token:
        for first, last, readings in _SCRIPTS:
            if first <= sign <= last:
                return readings
    return None


def _cut(readings: Iterable[str]) -> str:
    """The readings as text, only spellings of plain letters, and none beyond what a row holds."""
    kept: list[str] = []
    for reading in readings:
        plain = " ".join(filter(None, map(_plain_word, reading.split())))
        if plain and sum(map(len, (*kept, plain))) <= _LONGEST:
            kept.append(plain)
    return ";".join(dict.fromkeys(kept))


def _plain_word(word: str) -> str:
    syllables = (
        [spelt for spelt in each.split("/") if _ASCII_WORD.fullmatch(spelt)] for each in word.split("-")
    )
    return "-".join("/".join(spelt) for spelt in syllables if spelt)
