"""What a typed word may have been meant as: a shortened name, a nickname, a sound-alike, a slip.

The first search that needs it imports it: its libraries take longer to load than most searches ever
need, and a cold Lambda has three seconds to answer Slack.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from core.search.names import Answer
from core.search.nicknames import Nicknames, stem_of
from core.search.sounds import sounds_of

# How near each way of writing a name is to the name itself, which is 1. Only the order of people that
# comes of it matters, and `python -m benchmarks.search` measures that.
POSSESSIVE = 0.97
# A nickname; another nickname of the same name, or one whose name is only spelt like that.
NICKNAME, OTHER_NICKNAME = 0.93, 0.86
# A name cut short to next to nothing, and to nearly all of it.
CUT_LEAST, CUT_MOST = 0.80, 0.95
# A sound-alike by 1, 2 or 3 of the keys in `search_sounds`; and what the same letters add to that, and
# to a nickname to choose between equals.
SOUND, LETTERS, NICKNAME_LETTERS = (0.50, 0.58, 0.66), 0.28, 0.02
# The letters that one slip of a usual kind counts for, and any other edit.
USUAL_SLIP, OTHER_SLIP = 0.3, 1.0
# How alike the letters of two spellings of one name are.
ONE_NAME = 0.8
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
            cut = CUT_LEAST + (CUT_MOST - CUT_LEAST) * len(typed) / len(word)
            yield word, Answer(1.0 if word == typed else cut, "name", True)

    def _owning(self, typed: str) -> Iterator[tuple[str, Answer]]:
        if typed.endswith("s") and typed[:-1] in self._words:
            yield typed[:-1], Answer(POSSESSIVE, "name", True)

    def _nicknamed(self, typed: str) -> Iterator[tuple[str, Answer]]:
        close, others = self._nicknames.related(typed)
        for score, names, words in (
            (NICKNAME, True, close),
            (OTHER_NICKNAME, True, others),
            (OTHER_NICKNAME, False, self._spelt_like(close) | self._of_one_stem(typed)),
        ):
            for word in words & self._words:
                letters = NICKNAME_LETTERS * JaroWinkler.similarity(typed, word)
                yield word, Answer(score + letters, "nickname", names)

    def _spelt_like(self, names: Iterable[str]) -> set[str]:
        """`catherine`, when `katherine` is among the names."""
        return {
            word
            for name in names
            for word, keys in self._alike(name).items()
            if keys > 1 and JaroWinkler.similarity(name, word) > ONE_NAME
        }

    def _of_one_stem(self, typed: str) -> set[str]:
        """`robert` for `robbie`, and the other way round."""
        if self._nicknames.has_short(typed):
            return {word for end in range(2, len(typed)) for word in self._by_stem.get(typed[:end], ())}
        stem = stem_of(typed)
        return {name for name in self._beginning(stem) if self._nicknames.has_short(name)} if stem else set()

    def _sounding_like(self, typed: str) -> Iterator[tuple[str, Answer]]:
        for word, keys in self._alike(typed).items():
            letters = LETTERS * JaroWinkler.similarity(typed, word)
            yield word, Answer(SOUND[keys - 1] + letters, "sounds alike", False)

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
                usual = distance == 1 and is_usual_slip(typed, word)
                cost = USUAL_SLIP if usual else OTHER_SLIP * distance
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
    """One answer for each word: the best score, and a reason that names it rather than one that does not."""
    best: dict[str, Answer] = {}
    for word, answer in answers:
        known = best.get(word, answer)
        reason = max(known, answer, key=lambda either: (either.names, either.score))
        best[word] = reason._replace(score=max(known.score, answer.score))
    return best


def is_usual_slip(typed: str, word: str) -> bool:
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
