"""Names as search sees them: folded to plain letters, cut into words, each word into its pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

from anyascii import anyascii

_BETWEEN_WORDS = re.compile(r"[\s,;/&+:\"()\[\]{}<>|]+")
_PIECE = re.compile(r"[a-z0-9]+")
_SYLLABLE = re.compile(r"(?<=[a-z])(?=[A-Z])")
# What may stand within a word without being a letter of it.
_MARKS = {
    code: None for code in range(128) if not chr(code).isalnum() and not _BETWEEN_WORDS.match(chr(code))
}
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


class _Ascii(dict[int, str]):
    """Characters by code to their ASCII spelling, looked up once each."""

    def __missing__(self, code: int) -> str:
        self[code] = spelt = anyascii(chr(code))
        return spelt


_ASCII = _Ascii()


def fold(text: str) -> str:
    """Lower case in ASCII: `Søren` as `soren`, `王小明` as `wang-xiao-ming`."""
    if text.isascii():
        return text.lower()
    return _SYLLABLE.sub("-", unicodedata.normalize("NFC", text).casefold().translate(_ASCII)).lower()


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
    plain = unicodedata.normalize("NFC", text).casefold()
    spelt_out = plain.translate(_SPELT_OUT)
    return [folded] if spelt_out == plain else [folded, fold(spelt_out)]


def letters_of(texts: Iterable[str]) -> list[str]:
    """Each text in all spellings, with and without marks: every token that names it is in there.

    Takes all texts at once, since going over one long string is what Python is quick at.
    """
    lines = [text if text.isascii() else " ".join(_spellings(text)) for text in texts]
    spelt = "\n".join(" ".join(line.split()) for line in lines).lower()
    bare = spelt.translate(_MARKS)
    return [f"{one} {other}" for one, other in zip(spelt.split("\n"), bare.split("\n"), strict=True)]


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
