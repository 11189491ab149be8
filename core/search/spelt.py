"""Latin readings of names that are kept in another script, as a sync made them (see `core.readings.latin`).

`latin_readings` is for whatever else spells names, such as the keys of a telephone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import product

from core.models import Assigned
from core.search.names import Word

# Of the ways to spell several syllables as one word only so many are looked for.
MOST_JOINED = 16

# A word of a reading: its spellings as one word.
Spellings = tuple[str, ...]


def latin_readings(entry: Assigned) -> list[tuple[Spellings, ...]]:
    """The Latin readings of a person whose name is in another script; none for a name in Latin letters.

    Each reading is the words of the name, given name first where that is known, each with its spellings in
    lower case: 김민수 as `(("minsu", "minsoo"), ("kim", "gim"))`.
    """
    return [tuple(_spellings(word) for word in reading) for reading in _split(entry.readings)]


def words_spelt(readings: str) -> set[str]:
    """Every word of the readings, and every syllable by itself."""
    return {word.text for reading in _split(readings) for each in reading for word in _words(each)}


def spelt_names(readings: str) -> list[tuple[Word, ...]]:
    """The name by each of its readings: spellings of one syllable have the same place."""
    return [tuple(_placed(reading)) for reading in _split(readings)]


def _split(readings: str) -> list[list[str]]:
    return [reading.split() for reading in readings.split(";") if reading.strip()]


def _placed(reading: Sequence[str]) -> Iterator[Word]:
    place = 0
    for each in reading:
        words = _words(each)
        yield from (Word(text, places << place) for text, places in words)
        place += max(places.bit_length() for _, places in words)


@lru_cache(4096)
def _words(word: str) -> tuple[Word, ...]:
    """The spellings of each syllable, and those of all syllables as one word."""
    syllables = [syllable.split("/") for syllable in word.split("-")]
    words = [Word(text, 1 << place) for place, spelt in enumerate(syllables) for text in spelt]
    if len(syllables) > 1:
        words += [Word(text, (1 << len(syllables)) - 1) for text in _joined(syllables)]
    return tuple(words)


def _spellings(word: str) -> Spellings:
    return tuple(_joined([syllable.split("/") for syllable in word.split("-")]))


def _joined(syllables: Sequence[Sequence[str]]) -> Iterator[str]:
    """Syllables as one word: their first spellings first, so that the likeliest are not left out."""
    for way in _ways(tuple(map(len, syllables))):
        yield "".join(spelt[at] for spelt, at in zip(syllables, way, strict=True))


@lru_cache(256)
def _ways(sizes: tuple[int, ...]) -> list[tuple[int, ...]]:
    return sorted(product(*map(range, sizes)), key=sum)[:MOST_JOINED]
