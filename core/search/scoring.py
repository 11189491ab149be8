"""Scores of people by how well the words of their names answer what was typed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from core.search.names import Answer, Word

EXACT = Answer(1.0, "name", True)
INITIAL = Answer(0.9, "name", True)

# What a score loses for pieces of the name that were not typed, and for words in another order.
PARTIAL, TURNED = 0.03, 0.01

Answering = Callable[[str], Answer | None]


class Name(NamedTuple):
    """A name as search sees it.

    `places` has a bit for each piece of the name, `compounds` the places of each word of several pieces.
    """

    words: tuple[Word, ...]
    places: int
    compounds: tuple[int, ...]


def name_of(words: tuple[Word, ...]) -> Name:
    """The name that has these words."""
    every = 0
    for _, places in words:
        every |= places
    return Name(words, every, tuple(places for _, places in words if places & (places - 1)))


class Hit(NamedTuple):
    """The score of one person for the query.

    `names`: people may well call that person so, it does not just resemble the name. `anchored`: at
    least one word of the name is there in full, and no word in part but as an initial. `whole`: all
    words are there in full.
    """

    score: float
    because: str
    names: bool
    anchored: bool
    whole: bool


Hits = Mapping[int, Hit]


class Typed:
    """The words that were typed, each with the words of a name that answer it."""

    def __init__(self, tokens: Sequence[str], answering: Sequence[Answering]) -> None:
        self._tokens = tokens
        self._answering = answering
        self._longest_first = sorted(range(len(tokens)), key=lambda at: -len(tokens[at]))
        self._letters = sum(map(len, tokens))

    def score(self, name: Name) -> Hit | None:
        """The score of the name for all tokens, each with a word to itself; None when one has none.

        The longest token chooses first. A score is the tokens' own, by their length.
        """
        if len(self._tokens) > name.places.bit_length():
            return None
        chosen: dict[int, tuple[Answer, int]] = {}
        taken = 0
        for at in self._longest_first:
            answering = self._answering[at]
            options = [
                (answer, -places)
                for text, places in name.words
                if not places & taken and (answer := answering(text))
            ]
            if not options:
                return None
            answer, negative = max(options)
            chosen[at] = answer, -negative
            taken -= negative
        return self._hit(name, [chosen[at] for at in range(len(self._tokens))], taken)

    def _hit(self, name: Name, chosen: Sequence[tuple[Answer, int]], taken: int) -> Hit:
        score, before, turned = 0.0, 0, False
        exact, anchors = True, 0
        for token, (answer, places) in zip(self._tokens, chosen, strict=True):
            score += answer.score * len(token)
            turned |= places < before
            before = places
            if answer.score != EXACT.score:
                exact = False
            elif len(token) > 1:
                anchors |= places
        whole = taken == name.places
        worst, _ = min(chosen)
        return Hit(
            score=score / self._letters - (0 if whole else PARTIAL) - (TURNED if turned else 0),
            because=worst.because,
            names=all(answer.names for answer, _ in chosen),
            anchored=anchors > 0 and not (name.compounds and self._cuts_a_word(name, chosen, taken)),
            whole=whole and exact,
        )

    def _cuts_a_word(self, name: Name, chosen: Sequence[tuple[Answer, int]], taken: int) -> bool:
        """Whether a word of several pieces was typed without some: `Mary Cole` is not Mary-Ann Cole."""
        typed = [places for token, (_, places) in zip(self._tokens, chosen, strict=True) if len(token) > 1]
        return any(
            taken & compound != compound and any(places & compound for places in typed)
            for compound in name.compounds
        )


def exactly(token: str) -> Answering:
    """The answers to a token taken at its word: the word itself, or an initial."""
    if len(token) > 1:
        return {token: EXACT}.get
    return lambda word: (EXACT if word == token else INITIAL) if word[0] == token else None


def better(some: Hits, others: Hits) -> dict[int, Hit]:
    """All the people of both, each with the better score."""
    best = dict(some)
    for number, hit in others.items():
        if number not in best or hit.score > best[number].score:
            best[number] = hit
    return best


def costing(cost: float, hits: Hits) -> Hits:
    """The hits, each with a lower score."""
    return {number: hit._replace(score=hit.score - cost) for number, hit in hits.items()}


def in_all(groups: Iterable[Collection[int]]) -> Collection[int]:
    """The people in every group; none when there is no group."""
    smallest, *others = sorted(groups, key=len) or [()]
    return set(smallest).intersection(*others) if others else smallest
