"""The directory as search holds it, and how well one person of it answers what was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from core.models import Assigned
from core.search.names import Answer, Word, compact, letters_of, literal, words_of

if TYPE_CHECKING:
    from core.search.fuzzy import Likeness

EXACT = Answer(1.0, "name", True)
INITIAL = Answer(0.9, "name", True)

# What a score loses for pieces of the name that were not typed, and for words in another order.
PARTIAL, TURNED = 0.03, 0.01

Answering = Callable[[str], Answer | None]


class Person(NamedTuple):
    """An entry with its name as search sees it. `places` has a bit for each piece of the name."""

    entry: Assigned
    words: tuple[Word, ...]
    places: int


class Hit(NamedTuple):
    """How well one person answers the query.

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


class SearchIndex:
    """The directory's people by the words of their names; asked many times.

    Built when first needed in whole. Whoever is named plainly is found before that, by `narrowed`.
    """

    def __init__(self, entries: Sequence[Assigned]) -> None:
        self._entries = entries

    @cached_property
    def _whole(self) -> _Whole:
        return _Whole(self._entries)

    @property
    def people(self) -> list[Person]:
        """Everybody, in the order of the directory's list; the other tables hold places in it."""
        return self._whole.people

    @property
    def by_word(self) -> Mapping[str, set[int]]:
        """Who has this word in the name."""
        return self._whole.by_word

    @property
    def by_login(self) -> Mapping[str, set[int]]:
        """Who has this username, or this local part of one that is an email."""
        return self._whole.by_login

    @property
    def by_literal(self) -> Mapping[str, set[int]]:
        """Who has exactly this name."""
        return self._whole.by_literal

    def narrowed(self, readings: Iterable[tuple[str, ...]]) -> SearchIndex:
        """An index of those alone who may have all tokens of one of the readings; itself once it is built.

        A new container answers its first question so: a glance at everybody costs a fifth of an index.
        """
        if "_whole" in self.__dict__:
            return self
        found: set[int] = set()
        for tokens in dict.fromkeys(readings):
            left: Iterable[int] = range(len(self._entries))
            for token in tokens:
                left = [number for number in left if token in self._letters[number]]
            found.update(left)
        return SearchIndex([self._entries[number] for number in sorted(found)])

    @cached_property
    def _letters(self) -> list[str]:
        return letters_of([f"{entry.name} {entry.username}" for entry in self._entries])

    def holding(self, token: str) -> set[int]:
        """Who has the token in the name: as a word of it, or as an initial when it is one letter."""
        return (self.by_initial if len(token) == 1 else self.by_word).get(token, set())

    @cached_property
    def by_initial(self) -> dict[str, set[int]]:
        """Who has a word in the name that begins with this letter."""
        by_initial: defaultdict[str, set[int]] = defaultdict(set)
        for word, numbers in self.by_word.items():
            by_initial[word[0]] |= numbers
        return by_initial

    @cached_property
    def by_compact_login(self) -> dict[str, set[int]]:
        """Who has a username of these letters and digits, whatever stands between them."""
        by_compact: defaultdict[str, set[int]] = defaultdict(set)
        for login, numbers in self.by_login.items():
            by_compact[compact(login)] |= numbers
        return by_compact

    @cached_property
    def words_like(self) -> Likeness:
        """The words of all names, by what they resemble."""
        from core.search.fuzzy import Likeness

        return Likeness(self.by_word)

    @cached_property
    def logins_like(self) -> Likeness:
        """All usernames, by what they resemble."""
        from core.search.fuzzy import Likeness

        return Likeness(self.by_compact_login)


class _Whole:
    """The tables of an index."""

    def __init__(self, entries: Sequence[Assigned]) -> None:
        self.people = [_person(entry) for entry in sorted(entries, key=_listed_as)]
        self.by_word: defaultdict[str, set[int]] = defaultdict(set)
        self.by_login: defaultdict[str, set[int]] = defaultdict(set)
        self.by_literal: defaultdict[str, set[int]] = defaultdict(set)
        for number, person in enumerate(self.people):
            if person.entry.name.strip():
                self.by_literal[literal(person.entry.name)].add(number)
            for word in person.words:
                self.by_word[word.text].add(number)
            for login in _logins(person.entry.username):
                self.by_login[login].add(number)


def exactly(token: str) -> Answering:
    """The answers to a token taken at its word: the word itself, or an initial."""
    if len(token) > 1:
        return {token: EXACT}.get
    return lambda word: (EXACT if word == token else INITIAL) if word[0] == token else None


def weigh(person: Person, tokens: Sequence[str], answering: Sequence[Answering]) -> Hit | None:
    """How well the person's name answers all tokens, each with a word to itself; None when it does not.

    The longest token chooses first. A score is the tokens' own, by their length.
    """
    if len(tokens) > person.places.bit_length():
        return None
    chosen: dict[int, tuple[Answer, int]] = {}
    taken = 0
    for at in sorted(range(len(tokens)), key=lambda at: -len(tokens[at])):
        options = [
            (answer, -word.places)
            for word in person.words
            if not word.places & taken and (answer := answering[at](word.text))
        ]
        if not options:
            return None
        answer, places = max(options)
        chosen[at] = answer, -places
        taken |= -places
    in_order = [chosen[at] for at in range(len(tokens))]
    return _hit(person, tokens, [answer for answer, _ in in_order], [places for _, places in in_order])


def _hit(person: Person, tokens: Sequence[str], answers: Sequence[Answer], places: Sequence[int]) -> Hit:
    covered = sum(places)
    letters = sum(len(token) for token in tokens)
    score = sum(answer.score * len(token) for answer, token in zip(answers, tokens, strict=True)) / letters
    score -= (0 if covered == person.places else PARTIAL) + (0 if sorted(places) == list(places) else TURNED)
    exact = [answer.score == EXACT.score for answer in answers]
    words = [place for token, place in zip(tokens, places, strict=True) if len(token) > 1]
    return Hit(
        score=score,
        because=min(answers).because,
        names=all(answer.names for answer in answers),
        anchored=any(len(token) > 1 and hit for token, hit in zip(tokens, exact, strict=True))
        and not _cuts_a_word(person, words, covered),
        whole=covered == person.places and all(exact),
    )


def _cuts_a_word(person: Person, typed: Sequence[int], covered: int) -> bool:
    """Whether a word of several pieces was typed without some: `Mary Cole` is not Mary-Ann Cole."""
    return any(
        covered & word.places != word.places and any(place & word.places for place in typed)
        for word in person.words
        if word.places.bit_count() > 1
    )


def better(some: Hits, others: Hits) -> dict[int, Hit]:
    """All the people of both, each with the better score."""
    best = dict(some)
    for number, hit in others.items():
        if number not in best or hit.score > best[number].score:
            best[number] = hit
    return best


def in_all(groups: Iterable[Iterable[int]]) -> set[int]:
    """Who is in every group; nobody when there is no group."""
    smallest, *others = sorted((set(group) for group in groups), key=len) or [set()]
    return smallest.intersection(*others)


def _person(entry: Assigned) -> Person:
    name = entry.name if entry.name.strip() else entry.username
    words = words_of(name)
    return Person(entry, words, sum({word.places for word in words if word.places.bit_count() == 1}))


def _logins(username: str) -> set[str]:
    login = literal(username)
    return {login, login.partition("@")[0]} - {""}


def _listed_as(entry: Assigned) -> tuple[str, str, str]:
    return entry.label.casefold(), entry.username.casefold(), entry.extension
