"""Latin readings of names that are kept in another script, as a sync made them (see `core.readings.latin`).

`latin_readings` is for whatever else spells names, such as the keys of a telephone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, product
from typing import overload

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


class Together(Sequence[int]):
    """The people of several words, each once, put together when they are first asked for."""

    def __init__(self, *groups: Sequence[int]) -> None:
        self._groups = groups

    @cached_property
    def _people(self) -> list[int]:
        return [*dict.fromkeys(chain.from_iterable(self._groups))]

    def __len__(self) -> int:
        return len(self._people)

    def __iter__(self) -> Iterator[int]:
        return iter(self._people)

    @overload
    def __getitem__(self, at: int) -> int: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[int]: ...
    def __getitem__(self, at: int | slice) -> int | Sequence[int]:
        return self._people[at]


def people_by_spelling(readings: Iterable[tuple[int, str]]) -> dict[str, Sequence[int]]:
    """Every word that `words_spelt` has -> the people who have it, of pairs of a person and their readings.

    Many people share a word of a reading, so each is spelt once; spellings of the same people share one list.
    """
    having: defaultdict[str, list[int]] = defaultdict(list)
    for number, text in readings:
        for word in {*text.split()} if ";" not in text else {*text.replace(";", " ").split()}:
            having[word].append(number)
    spelling: defaultdict[str, list[str]] = defaultdict(list)
    for word in having:
        syllables = [syllable.split("/") for syllable in word.split("-")]
        for text in {*chain.from_iterable(syllables), *_joined(syllables)}:
            spelling[text].append(word)
    shared: dict[tuple[str, ...], Sequence[int]] = {(word,): people for word, people in having.items()}
    for words in map(tuple, spelling.values()):
        if words not in shared:
            shared[words] = Together(*(having[word] for word in words))
    return {text: shared[tuple(words)] for text, words in spelling.items()}


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
