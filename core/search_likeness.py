"""What a typed word may have been meant as: a shortened name, a nickname, a sound-alike, a slip.

It is imported by the first search that needs it, and kept out of the way of all others: its libraries
take longer to load than Slack's three seconds leave room for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from jellyfish import metaphone, nysiis
from nicknames import NickNamer
from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from core.search_words import Answer

# How far each way of writing a name stands from the name itself, 1 being the name. Only their order
# matters, and that order is what `python -m benchmarks.search` measures.
NICKNAME = 0.93
SAME_NICKNAME = 0.87
SHORTENED_TO_NOTHING, SHORTENED_BY_NOTHING = 0.80, 0.95
SOUNDS_LEAST, SOUNDS_MOST = 0.55, 0.93
LIKELY_SLIP, ANY_SLIP = 0.5, 1.0
LONG_ENOUGH_FOR_TWO_SLIPS = 7

_NEIGHBOURS = {
    key: set(near)
    for row in ("qwertyuiop", "asdfghjkl", "zxcvbnm")
    for key, near in ((row[at], row[max(at - 1, 0) : at] + row[at + 1 : at + 2]) for at in range(len(row)))
}

# Short names that `nicknames`, a list of English ones, does not have.
_FROM_ELSEWHERE = """
alejandro alex ale; aleksandr sasha alex; alexander sasha; alexandra sasha; aleksandra sasha ola;
anastasia nastya; andrei andy; anton tony toni; antonio tony toni tono; francesco franco cesco; francisco
paco pancho fran kiko cisco; francisca paca; giovanni gianni vanni; giuseppe beppe peppe pino; guillermo
memo guille; guadalupe lupe lupita; ignacio nacho; jesus chuy chucho; jose pepe chepe; josefa pepa; luigi
gigi; roberto beto; alberto beto; eduardo lalo edu; enrique quique kike; manuel manolo manu; emmanuel
manny manu; rafael rafa; santiago santi; sebastian seb basti; vicente chente; concepcion concha conchita;
dolores lola; rosario charo; mercedes meche merche; isabel isa chabela; mikhail misha; michail misha;
nikolai kolya; nicolai kolya; dmitri dima mitya; dmitry dima mitya; vladimir vova volodya; yekaterina
katya; ekaterina katya; katarzyna kasia; malgorzata gosia; agnieszka aga; magdalena magda lena; elzbieta
ela; joanna asia; tomasz tomek; krzysztof krzys; piotr piotrek; svetlana sveta; tatiana tanya; natalia
natasha; yevgeny zhenya; johannes hans hannes; friedrich fritz; heinrich heinz; wolfgang wolf wolfi;
ulrich uli; ulrike uli; josef sepp; sebastien seb; matthias matze; susanne susi; mohammed mo moe; mohamed
mo moe; muhammad mo moe; abdullah abdul; ibrahim ibo; mehmet memo; thomas tomas; filippo pippo; salvatore
toto turi; domenico mimmo;
"""


class Likeness:
    """The words of the directory, found by what they resemble."""

    def __init__(self, vocabulary: Iterable[str]) -> None:
        self._sorted = sorted(vocabulary)
        self._words = frozenset(self._sorted)

    def names(self, typed: str) -> dict[str, Answer]:
        """The words that `typed` may stand for in a name, each with the best reason."""
        ways = (self._begun_by, self._nicknamed, self._sounding_like, self._misspelt_as)
        return _best(answer for way in ways for answer in way(typed))

    def written(self, typed: str) -> dict[str, Answer]:
        """The words that `typed` may stand for by its letters alone."""
        return _best(answer for way in (self._begun_by, self._misspelt_as) for answer in way(typed))

    def _begun_by(self, typed: str) -> Iterator[tuple[str, Answer]]:
        first, end = bisect_left(self._sorted, typed), bisect_left(self._sorted, typed + "~")
        for word in self._sorted[first:end]:
            score = SHORTENED_TO_NOTHING + (SHORTENED_BY_NOTHING - SHORTENED_TO_NOTHING) * len(typed) / len(
                word
            )
            if word == typed:
                score = 1.0
            yield word, Answer(score, "name", True)

    def _nicknamed(self, typed: str) -> Iterator[tuple[str, Answer]]:
        close, distant = self._nicknames.related(typed)
        for word in close & self._words:
            yield word, Answer(NICKNAME, "nickname", True)
        for word in distant & self._words:
            yield word, Answer(SAME_NICKNAME, "nickname", True)

    def _sounding_like(self, typed: str) -> Iterator[tuple[str, Answer]]:
        for sound in _sounds(typed):
            for word in self._by_sound.get(sound, ()):
                likeness = JaroWinkler.similarity(typed, word)
                score = SOUNDS_LEAST + (SOUNDS_MOST - SOUNDS_LEAST) * likeness
                yield word, Answer(score, "sounds alike", False)

    def _misspelt_as(self, typed: str) -> Iterator[tuple[str, Answer]]:
        slips = 2 if len(typed) >= LONG_ENOUGH_FOR_TWO_SLIPS else 1
        for length in range(len(typed) - slips, len(typed) + slips + 1):
            near = process.extract(
                typed, self._by_length.get(length, ()), scorer=OSA.distance, score_cutoff=slips, limit=None
            )
            for word, distance, _ in near:
                cost = LIKELY_SLIP if distance == 1 and is_likely_slip(typed, word) else ANY_SLIP * distance
                yield word, Answer(1 - cost / max(len(typed), length), "spelling", False)

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
        for word in self._sorted:
            for sound in _sounds(word):
                by_sound[sound].append(word)
        return by_sound


class Nicknames:
    """Which first names stand for one another."""

    def __init__(self) -> None:
        self._listed = NickNamer()
        self._short: defaultdict[str, set[str]] = defaultdict(set)
        self._long: defaultdict[str, set[str]] = defaultdict(set)
        for line in _FROM_ELSEWHERE.split(";"):
            name, *short_names = line.split() or [""]
            self._short[name].update(short_names)
            for short in short_names:
                self._long[short].add(name)

    def related(self, name: str) -> tuple[set[str], set[str]]:
        """The long and short forms of the name, and the other short forms of the same long ones."""
        long = self._listed.canonicals_of(name) | self._long.get(name, set())
        close = long | self._short_for(name)
        return close, {other for formal in long for other in self._short_for(formal)} - close - {name}

    def _short_for(self, name: str) -> set[str]:
        return self._listed.nicknames_of(name) | self._short.get(name, set())


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


def _sounds(word: str) -> set[str]:
    if word.isdigit():
        return set()
    return {"m" + metaphone(word), "n" + nysiis(word)} - {"m", "n"}
