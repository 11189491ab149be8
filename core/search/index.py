"""The directory as search holds it, and how well one person of it answers what was typed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from core.models import Assigned
from core.search.names import (
    Answer,
    Spelt,
    Word,
    compacted,
    has_letters,
    literal,
    literals,
    spellings_of,
    words_of,
    words_of_query,
)

if TYPE_CHECKING:
    from core.search.fuzzy import Likeness, WholeNames

EXACT = Answer(1.0, "name", True)
INITIAL = Answer(0.9, "name", True)

# What a score loses for pieces of the name that were not typed, and for words in another order.
PARTIAL, TURNED = 0.03, 0.01
# A word that so many people have is kept as a set of them, and their names are not read one by one.
_MANY = 64

Answering = Callable[[str], Answer | None]


class Person(NamedTuple):
    """An entry with its name as search sees it. `places` has a bit for each piece of the name."""

    entry: Assigned
    words: tuple[Word, ...]
    places: int


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


class Places:
    """Texts -> the places where they stand in a list, made quickly for lists in which few stand twice."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._last = dict(zip(texts, range(len(texts)), strict=True))
        self._earlier: defaultdict[str, list[int]] = defaultdict(list)
        if len(self._last) < len(texts):
            for place, text in enumerate(texts):
                if self._last[text] != place:
                    self._earlier[text].append(place)

    def of(self, text: str) -> Sequence[int]:
        """The places of the text, in order."""
        if text not in self._last:
            return ()
        return (*self._earlier.get(text, ()), self._last[text])

    def keys(self) -> Collection[str]:
        """The texts, each once."""
        return self._last.keys()


class SearchIndex:
    """The directory's people by the words of their names and by their usernames; asked many times.

    Each table is made when a search first needs it, so that an index of 100,000 people costs half a second.
    People are known by their place in the entries, a number.
    """

    def __init__(self, entries: Sequence[Assigned]) -> None:
        self._entries = entries
        self._people: dict[int, Person] = {}
        self._by_initial: dict[str, frozenset[int]] = {}
        self._sets: dict[str, frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def person(self, number: int) -> Person:
        """The person with this number, their name cut into words."""
        if number not in self._people:
            self._people[number] = _person(self._entries[number])
        return self._people[number]

    @cached_property
    def _spelt(self) -> Spelt:
        return spellings_of([_called(entry) for entry in self._entries])

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[int]]:
        """Word of a name -> the people who have it."""
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        for number, name in enumerate(self._spelt.names):
            for word in name.split():
                by_word[word].append(number)
        for number, name in self._spelt.others.items():
            for word in {*name.split()}.difference(self._spelt.names[number].split()):
                by_word[word].append(number)
        for word in [word for word in by_word if not word.isalnum()]:
            numbers = by_word.pop(word)
            for piece in words_of(word):
                by_word[piece.text] += numbers
        return by_word

    def called(self, name: str) -> list[int]:
        """The people whose name is written exactly so, but for case and space."""
        words = words_of_query(name)
        if not words:
            return list(self._unspeakable.get(name, ()))
        numbers = min((self.holding(word) for word in words), key=len)
        if len(numbers) > _MANY:
            numbers = self._whole_names.of(" ".join(spellings_of([name]).names[0].split()))
        return [number for number in numbers if literal(self._entries[number].name) == name]

    @cached_property
    def _whole_names(self) -> Places:
        return Places([" ".join(name.split()) for name in self._spelt.names])

    @cached_property
    def _unspeakable(self) -> dict[str, list[int]]:
        """The names of which no letter can be spelt, as they are written -> the people who have them."""
        names: defaultdict[str, list[int]] = defaultdict(list)
        for number, spelling in enumerate(self._spelt.names):
            if not has_letters(spelling) and (name := literal(self._entries[number].name)):
                names[name].append(number)
        return names

    def having_login(self, login: str) -> Sequence[int]:
        """The people with this username, or with a username that is an email and begins so."""
        return [*self._logins.of(login), *self._locals.get(login, ())] if login else []

    @cached_property
    def _usernames(self) -> list[str]:
        return literals([entry.username for entry in self._entries])

    @cached_property
    def _logins(self) -> Places:
        return Places(self._usernames)

    @cached_property
    def _locals(self) -> Mapping[str, Sequence[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, username in enumerate(self._usernames):
            if "@" in username:
                found[username.partition("@")[0]].append(number)
        return found

    @cached_property
    def by_team(self) -> Mapping[str, Sequence[int]]:
        """Team, folded, one space between its words -> the people in it."""
        by_team: defaultdict[str, list[int]] = defaultdict(list)
        for number, entry in enumerate(self._entries):
            if entry.team:
                by_team[entry.team].append(number)
        folded: defaultdict[str, list[int]] = defaultdict(list)
        for team, numbers in by_team.items():
            folded[" ".join(words_of_query(team))] += numbers
        folded.pop("", None)
        return folded

    def holding(self, token: str) -> Collection[int]:
        """The people with the token in the name: as a word of it, or as an initial when it is one letter."""
        if len(token) != 1:
            numbers = self.by_word.get(token, ())
            return numbers if len(numbers) < _MANY else self._many(token, numbers)
        if token not in self._by_initial:
            words = (numbers for word, numbers in self.by_word.items() if word[0] == token)
            self._by_initial[token] = frozenset().union(*words)
        return self._by_initial[token]

    def _many(self, word: str, numbers: Sequence[int]) -> Collection[int]:
        """The people with a common word as a set, which others are compared with quickly."""
        if word not in self._sets:
            self._sets[word] = frozenset(numbers)
        return self._sets[word]

    @cached_property
    def by_compact_login(self) -> Places:
        """Letters and digits of a username, up to an @, without what stands between them -> the people."""
        return Places(compacted([username.partition("@")[0] for username in self._usernames]))

    @cached_property
    def words_like(self) -> Likeness:
        """The words of all names, by what they resemble."""
        from core.search.fuzzy import Likeness

        return Likeness(self.by_word)

    @cached_property
    def logins_like(self) -> Likeness:
        """All usernames, by what they resemble."""
        from core.search.fuzzy import Likeness

        return Likeness(self.by_compact_login.keys(), end=2)

    @cached_property
    def names_like(self) -> WholeNames:
        """All whole names without spaces, by what they resemble."""
        from core.search.fuzzy import WholeNames

        return WholeNames(compacted(self._spelt.names))

    def first_word(self, number: int) -> str:
        """The first word of a person's name, folded."""
        return next(iter(self._spelt.names[number].split()), "")


def exactly(token: str) -> Answering:
    """The answers to a token taken at its word: the word itself, or an initial."""
    if len(token) > 1:
        return {token: EXACT}.get
    return lambda word: (EXACT if word == token else INITIAL) if word[0] == token else None


def weigh(person: Person, tokens: Sequence[str], answering: Sequence[Answering]) -> Hit | None:
    """Score the person's name for all tokens, each with a word to itself; None when it does not.

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


def in_all(groups: Iterable[Collection[int]]) -> Collection[int]:
    """The people in every group; none when there is no group."""
    smallest, *others = sorted(groups, key=len) or [()]
    return set(smallest).intersection(*others) if others else smallest


def _person(entry: Assigned) -> Person:
    words = words_of(_called(entry))
    return Person(entry, words, sum({word.places for word in words if word.places.bit_count() == 1}))


def _called(entry: Assigned) -> str:
    return entry.name if entry.name.strip() else entry.username


def listed_as(entry: Assigned) -> tuple[str, str, str]:
    """The place of an entry in a list of people: by name, then username, then extension."""
    return entry.label.casefold(), entry.username.casefold(), entry.extension
