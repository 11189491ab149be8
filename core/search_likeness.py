"""What a typed word may have been meant as: a shortened name, a nickname, a sound-alike, a slip.

It is imported by the first search that needs it, and kept out of the way of all others: its libraries
take longer to load than Slack's three seconds leave room for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from core.search_nicknames import Nicknames, stem_of
from core.search_sounds import sounds_of
from core.search_words import Answer

# How far each way of writing a name stands from the name itself, 1 being the name. Only their order
# matters, and that order is what `python -m benchmarks.search` measures.
POSSESSIVE = 0.97
NICKNAME = 0.93
SAME_NICKNAME = 0.87
SHORTENED_TO_NOTHING, SHORTENED_BY_NOTHING = 0.80, 0.95
ALIKE_NICKNAME = 0.85
SOUNDS = (0.0, 0.50, 0.58, 0.66)
SOUNDS_CLOSE = 0.28
LIKELY_SLIP, ANY_SLIP = 0.5, 1.0
LONG_ENOUGH_FOR_TWO_SLIPS = 7

_NEIGHBOURS = {
    key: set(near)
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for key, near in ((row[at], row[max(at - 1, 0) : at] + row[at + 1 : at + 2]) for at in range(len(row)))
}


class Likeness:
    """The words of the directory, found by what they resemble."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._sorted = sorted(vocabulary)
        self._words = frozenset(self._sorted)

    def names(self, typed: str) -> dict[str, Answer]:
        """The words that `typed` may stand for in a name, each with the best reason."""
        ways = (self._begun_by, self._owning, self._nicknamed, self._sounding_like, self._misspelt_as)
        return _best(answer for way in ways for answer in way(typed))

    def written(self, typed: str) -> dict[str, Answer]:
        """The words that `typed` may stand for by its letters alone."""
        return _best(answer for way in (self._begun_by, self._misspelt_as) for answer in way(typed))

    def _begun_by(self, typed: str) -> Iterator[tuple[str, Answer]]:
        for word in self._beginning(typed):
            score = SHORTENED_TO_NOTHING + (SHORTENED_BY_NOTHING - SHORTENED_TO_NOTHING) * len(typed) / len(
                word
            )
            if word == typed:
                score = 1.0
            yield word, Answer(score, "name", True)

    def _owning(self, typed: str) -> Iterator[tuple[str, Answer]]:
        if typed.endswith("s") and typed[:-1] in self._words:
            yield typed[:-1], Answer(POSSESSIVE, "name", True)

    def _nicknamed(self, typed: str) -> Iterator[tuple[str, Answer]]:
        close, distant = self._nicknames.related(typed)
        alike = {word for name in close for word, keys in self._alike(name).items() if keys > 1}
        for words, score in (
            (close & self._words, NICKNAME),
            ((distant | self._of_one_stem(typed)) & self._words, SAME_NICKNAME),
        ):
            for word in words:
                yield word, Answer(score + 0.02 * JaroWinkler.similarity(typed, word), "nickname", True)
        for word in alike:
            yield word, Answer(ALIKE_NICKNAME + 0.02 * JaroWinkler.similarity(typed, word), "nickname", True)

    def _of_one_stem(self, typed: str) -> set[str]:
        """`robert` for `robbie`, and the other way round."""
        short = {word for end in range(2, len(typed)) for word in self._by_stem.get(typed[:end], ())}
        stem = stem_of(typed)
        if not stem or self._nicknames.has_short(typed):
            return short
        return short | set(self._beginning(stem))

    def _sounding_like(self, typed: str) -> Iterator[tuple[str, Answer]]:
        for word, keys in self._alike(typed).items():
            likeness = JaroWinkler.similarity(typed, word)
            yield word, Answer(SOUNDS[keys] + SOUNDS_CLOSE * likeness, "sounds alike", False)

    def _alike(self, typed: str) -> Counter[str]:
        """The words that share a sound with it, and how many."""
        return Counter(word for sound in sounds_of(typed) for word in self._by_sound.get(sound, ()))

    def _misspelt_as(self, typed: str) -> Iterator[tuple[str, Answer]]:
        slips = 2 if len(typed) >= LONG_ENOUGH_FOR_TWO_SLIPS else 1
        for length in range(max(2, len(typed) - slips), len(typed) + slips + 1):
            near = process.extract(
                typed, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            for word, distance, _ in near:
                cost = LIKELY_SLIP if distance == 1 and is_likely_slip(typed, word) else ANY_SLIP * distance
                yield word, Answer(1 - cost / max(len(typed), length), "spelling", False)

    def _beginning(self, start: str) -> list[str]:
        return self._sorted[bisect_left(self._sorted, start) : bisect_left(self._sorted, start + "~")]

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        by_stem = defaultdict(list)
        for word in self._sorted:
            if stem := stem_of(word):
                by_stem[stem].append(word)
        return by_stem

    @cached_property
    def _nicknames(self) -> Nicknames:
        return Nicknames()

    @cached_property
    def _by_length(self) -> dict[int, list[str]]:
        by_length = defaultdict(list)
        for word in self._sorted:
            by_length[len(word)].append(word)
        return by_length

    @cached_property
    def _by_sound(self) -> dict[str, list[str]]:
        by_sound = defaultdict(list)
        for word in (word for word in self._sorted if len(word) > 1):
            for sound in sounds_of(word):
                by_sound[sound].append(word)
        return by_sound


def _best(answers: Iterable[tuple[str, Answer]]) -> dict[str, Answer]:
    best: dict[str, Answer] = {}
    for word, answer in answers:
        if word not in best or answer.score > best[word].score:
            best[word] = answer
    return best


def is_likely_slip(typed: str, word: str) -> bool:
    """Whether a finger does this: leaves a letter out, doubles one, swaps two or hits the next key.

    The two words must be one edit apart.
    """
    if len(typed) < len(word):
        return True
    if len(typed) > len(word):
        return any(
            typed[:at] + typed[at + 1 :] == word and typed[at] == typed[at - 1] for at in range(1, len(typed))
        )
    wrong = [at for at in range(len(typed)) if typed[at] != word[at]]
    return len(wrong) == 2 or typed[wrong[0]] in _NEIGHBOURS.get(word[wrong[0]], ())
