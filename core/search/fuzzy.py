"""Words that a typed word may stand for: a name cut short, a nickname, a sound-alike, a slip of the keys.

The first search that needs it imports it: its libraries take longer to load than most searches ever
need, and a cold Lambda has three seconds to answer Slack.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from heapq import nlargest, nsmallest
from math import ceil

from rapidfuzz import process
from rapidfuzz.distance import JaroWinkler, LCSseq

from core.search.ends import Ends
from core.search.names import Answer
from core.search.nicknames import Nicknames, stem_of
from core.search.sounds import skeletons, sounds_of, sounds_of_all

# How near each way of writing a name is to the name itself, which is 1. Only the order of people that
# comes of it matters, and `python -m benchmarks.search` measures that.
POSSESSIVE = 0.97
NICKNAME = 0.93
# The nickname of a name that is only spelt like the person's; another nickname of the same name.
SPELT_NICKNAME, OTHER_NICKNAME = 0.86, 0.80
# A name cut short to next to nothing, and to nearly all of it: before everything that only sounds like it.
CUT_LEAST, CUT_MOST = 0.88, 0.96
# More names than these that begin alike tell nobody anything: the shortest are nearest.
MOST_BEGUN = 500
# A name without its beginning, and how much of it has to be there.
ENDING, SHORTEST_ENDING = 0.87, 4
# A sound-alike by 1, 2 or 3 of the keys in `sounds`; and what the same letters add to that, and to a
# nickname to choose between equals.
SOUND, LETTERS, NICKNAME_LETTERS = (0.48, 0.55, 0.61), 0.27, 0.02
# The same where all consonants of a reading are heard in what was typed.
READ_SOUND, READ_LETTERS = 0.64, 0.27
# How alike the letters are of two surnames that sound alike, and how long the typed one has to be.
HEARD, SHORTEST_HEARD = 0.7, 4
# The letters that one slip of a usual kind counts for, and any other edit.
USUAL_SLIP, OTHER_SLIP = 0.3, 1.0
# How alike the letters of two spellings of one name are.
ONE_NAME = 0.8
# The letters that a typed first name shares with that of somebody with the right surname.
SHARED, SURELY_SHARED = 0.65, 3
# Shorter words have too many neighbours: with one edit, with two, and with two where the word stands alone.
ONE_SLIP, TWO_SLIPS, TWO_SLIPS_ALONE = 3, 5, 7
ONE_SLIP_ALONE = 4
# A whole name with more edits than this is another name.
MOST_EDITS = 2

_NEIGHBOURS = {
    key: set(near)
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for key, near in ((row[at], row[max(at - 1, 0) : at] + row[at + 1 : at + 2]) for at in range(len(row)))
}


class Likeness:
    """The words of the directory, for finding misspelt ones.

    `right`: the letters that a misspelt word has right at one of its ends, one or two. `read`: the words that
    are spellings of names in other scripts, whose vowels are anybody's guess.
    """

    def __init__(self, words: Ends, right: int = 1, read: Set[str] = frozenset()) -> None:
        self._ends = words
        self._right = right
        self._read = read

    def names(self, typed: str, *, alone: bool) -> dict[str, Answer]:
        """The words that `typed` may stand for in a name, each with the best reason.

        `alone`: nothing else was typed, so that a far likeness would only be an accident.
        """
        ways = (self._begun_by, self._ended_by, self._owning, self._nicknamed, self._sounding_like)
        answers = [answer for way in ways for answer in way(typed)]
        return _best([*answers, *self._misspelt_as(typed, _slips(typed, alone=alone))])

    def written(self, typed: str) -> dict[str, Answer]:
        """The words that `typed` may stand for by its letters alone."""
        return _best([*self._begun_by(typed), *self._misspelt_as(typed, _slips(typed, alone=True))])

    def heard_as(self, typed: str) -> list[str]:
        """The words of which the same consonants are heard as in `typed`, spelt alike at both ends.

        Without the ends every third word of a language would sound like somebody: `cold` like Collet.
        """
        same = self._by_sound.get(skeletons([typed])[0], "").split() if len(typed) >= SHORTEST_HEARD else ()
        alike = (word for word in same if word[0] == typed[0] and word[-2:] == typed[-2:])
        return [word for word in alike if JaroWinkler.similarity(typed, word) >= HEARD]

    @staticmethod
    def most_alike(typed: str, names: Mapping[int, str], most: int) -> list[int]:
        """The places of the first names that may be `typed` by their letters: `zander` and `alexander`.

        Most of the letters have to be there in order: three of them, or the first letter too.
        """
        letters = process.extract(
            typed, names, scorer=LCSseq.similarity, score_cutoff=ceil(SHARED * len(typed)), limit=None
        )
        alike = [
            (shared, JaroWinkler.similarity(typed, name), place)
            for name, shared, place in letters
            if shared >= SURELY_SHARED or typed[0] == name[0]
        ]
        return [place for *_, place in nlargest(most, alike)]

    def _begun_by(self, typed: str) -> Iterator[tuple[str, Answer]]:
        for word in nsmallest(MOST_BEGUN, self._ends.beginning(typed), key=len):
            cut = CUT_LEAST + (CUT_MOST - CUT_LEAST) * len(typed) / len(word)
            yield word, Answer(1.0 if word == typed else cut, "name", True)

    def _ended_by(self, typed: str) -> Iterator[tuple[str, Answer]]:
        """`alexander` for `xander`, `fernando` for `nando`."""
        if len(typed) >= SHORTEST_ENDING:
            for word in self._ends.ending(typed):
                yield word, Answer(ENDING, "nickname", False)

    def _owning(self, typed: str) -> Iterator[tuple[str, Answer]]:
        if typed.endswith("s") and typed[:-1] in self._words:
            yield typed[:-1], Answer(POSSESSIVE, "name", True)

    def _nicknamed(self, typed: str) -> Iterator[tuple[str, Answer]]:
        close, others = self._nicknames.related(typed)
        others = {other for other in others if JaroWinkler.similarity(typed, other) > ONE_NAME}
        for score, names, words in (
            (NICKNAME, True, close),
            (SPELT_NICKNAME, False, self._spelt_like(close) | self._of_one_stem(typed)),
            (OTHER_NICKNAME, False, others),
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
        names = self._ends.beginning(stem) if stem else ()
        return {name for name in names if self._nicknames.has_short(name)}

    def _sounding_like(self, typed: str) -> Iterator[tuple[str, Answer]]:
        for word, keys in self._alike(typed).items():
            letters = LETTERS * JaroWinkler.similarity(typed, word)
            yield word, Answer(SOUND[keys - 1] + letters, "sounds alike", False)
        for word in self._by_sound.get(skeletons([typed])[0], "").split() if self._read else ():
            if word in self._read and len(word) > 1:
                letters = READ_LETTERS * JaroWinkler.similarity(typed, word)
                yield word, Answer(READ_SOUND + letters, "sounds alike", False)

    def _alike(self, typed: str) -> Counter[str]:
        """The words that share a sound with it, and how many."""
        return Counter(word for sound in sounds_of(typed) for word in self._by_sound.get(sound, "").split())

    def _misspelt_as(self, typed: str, slips: int) -> Iterator[tuple[str, Answer]]:
        for word, distance in self._ends.near(typed, slips, self._right) if slips else ():
            usual = distance == 1 and is_usual_slip(typed, word)
            cost = USUAL_SLIP if usual else OTHER_SLIP * distance
            yield word, Answer(1 - cost / max(len(typed), len(word)), "spelling", False)

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(self._ends.texts)

    @cached_property
    def _by_stem(self) -> dict[str, list[str]]:
        by_stem = defaultdict(list)
        for word in self._ends.texts:
            if word.endswith(("y", "i", "e")) and (stem := stem_of(word)):
                by_stem[stem].append(word)
        return by_stem

    @cached_property
    def _nicknames(self) -> Nicknames:
        return Nicknames()

    @cached_property
    def _by_sound(self) -> dict[str, str]:
        return sounds_of_all([word for word in self._ends.texts if len(word) > 1])


class WholeNames:
    """Whole names, each written as one word, found by a few wrong letters. A name is known by its place."""

    def __init__(self, names: Ends) -> None:
        self._names = names

    def near(self, typed: str) -> dict[int, Answer]:
        """The places of the names that are a few edits from `typed`."""
        most = min(MOST_EDITS, len(typed) // 3)
        near = self._names.near(typed, most, right=2) if most else ()
        return {
            place: Answer(1 - distance / max(len(typed), len(name)), "spelling", False)
            for name, distance in near
            for place in self._names.of(name)
        }


def _slips(typed: str, *, alone: bool) -> int:
    """The most edits that a word of this length may be from the name that was meant."""
    one, two = (ONE_SLIP_ALONE, TWO_SLIPS_ALONE) if alone else (ONE_SLIP, TWO_SLIPS)
    return (len(typed) >= one) + (len(typed) >= two)


def _best(answers: Iterable[tuple[str, Answer]]) -> dict[str, Answer]:
    """One answer for each word: the best score, and a reason that names it rather than one that does not."""
    best: dict[str, Answer] = {}
    for word, answer in answers:
        known = best.get(word)
        if known is None:
            best[word] = answer
        elif answer.score > known.score or answer.names > known.names:
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
