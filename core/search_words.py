"""Names as search sees them: folded to plain letters, cut into words, each word into its pieces."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from anyascii import anyascii

_BETWEEN_WORDS = re.compile(r"[\s,;/&+:\"()\[\]{}<>|]+")
_PIECE = re.compile(r"[a-z0-9]+")
_SYLLABLE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SPELT_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


class Word(NamedTuple):
    """One way to write a stretch of a name; `places` has a bit for each piece that it stands for."""

    text: str
    places: int


class Answer(NamedTuple):
    """How well a word of a name answers what was typed. `score` is 0..1, `because` is for people.

    `names` is true where people do call somebody so (the name itself, a nickname, a name cut short),
    and false where what was typed only resembles the word.
    """

    score: float
    because: str
    names: bool


def fold(text: str) -> str:
    """Lower case in ASCII: `Søren` as `soren`, `王小明` as `wang-xiao-ming`."""
    if text.isascii():
        return text.lower()
    return _SYLLABLE.sub("-", anyascii(unicodedata.normalize("NFC", text).casefold())).lower()


def literal(text: str) -> str:
    """The text as typed, but for case and the amount of space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def words_of(name: str) -> tuple[Word, ...]:
    """Every piece of the name, and every word of several pieces also as one: `o`, `brien`, `obrien`.

    Umlauts count both ways: `Müller` is `muller` and `mueller`.
    """
    return tuple(dict.fromkeys(word for spelling in _spellings(name) for word in _placed(spelling)))


def readings_of(query: str) -> list[tuple[str, ...]]:
    """The tokens that the query may stand for: cut at every mark, or only at the spaces."""
    found: dict[tuple[str, ...], None] = {}
    for spelling in _spellings(query):
        words = _split(spelling)
        found[tuple(piece for word in words for piece in word)] = None
        found[tuple("".join(word) for word in words)] = None
    return [reading for reading in found if reading]


def compact(text: str) -> str:
    """The letters and digits alone: `jane.doe` as `janedoe`."""
    return "".join(_PIECE.findall(fold(text)))


def _spellings(text: str) -> list[str]:
    folded = fold(text)
    if text.isascii():
        return [folded]
    spelt_out = fold(unicodedata.normalize("NFC", text).casefold().translate(_SPELT_OUT))
    return [folded] if spelt_out == folded else [folded, spelt_out]


def _split(folded: str) -> list[list[str]]:
    return [pieces for word in _BETWEEN_WORDS.split(folded) if (pieces := _PIECE.findall(word))]


def _placed(folded: str) -> list[Word]:
    placed: list[Word] = []
    place = 0
    for pieces in _split(folded):
        placed += [Word(piece, 1 << place + number) for number, piece in enumerate(pieces)]
        if len(pieces) > 1:
            placed.append(Word("".join(pieces), ((1 << len(pieces)) - 1) << place))
        place += len(pieces)
    return placed
