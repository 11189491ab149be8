"""The directory as search holds it: tables from words, usernames and teams to people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from core.models import Assigned
from core.search.ends import Ends
from core.search.names import (
    Spelt,
    apart,
    compact_logins,
    compacted,
    literal,
    placed,
    spellings_of,
    words_of,
    words_of_query,
)
from core.search.scoring import Name, in_all, name_of
from core.search.spelt import Together, people_by_spelling, spelt_names

if TYPE_CHECKING:
    from core.search.fuzzy import Likeness, WholeNames

# A word that so many people have is kept as a set of them, which is quickly compared with others.
_MANY = 64


class SearchIndex:
    """The directory's people by the words of their names and by their usernames; asked many times.

    People are known by their place in the entries, a number. Each table is made when a search first needs
    it, and is small enough that no question waits long for it, with 100,000 people either.
    """

    def __init__(self, entries: Sequence[Assigned]) -> None:
        self._entries = entries
        self._by_initial: dict[str, frozenset[int]] = {}
        self._sets: dict[str, frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self._entries)

    def entry(self, number: int) -> Assigned:
        """The entry of the person with this number."""
        return self._entries[number]

    def agents(self, ids: Iterable[str]) -> dict[str, Assigned]:
        """The entries of these agents, by id."""
        wanted = frozenset(ids)
        found = (each for each in self._entries if each.agent_id in wanted) if wanted else ()
        return {each.agent_id: each for each in found}

    def name(self, number: int) -> Name:
        """The name of a person, cut into words: the username where there is no name.

        It is made anew each time: 100,000 of them would fill the memory, and slow down what collects it.
        """
        other = self._spelt.others.get(number)
        return name_of(placed(self._spelt.names[number], *([other] if other else [])))

    def read_names(self, number: int) -> list[Name]:
        """The name of a person by each of its Latin readings; none for a name in Latin letters."""
        return [*map(name_of, spelt_names(readings))] if (readings := self.entry(number).readings) else []

    def first_word(self, number: int) -> str:
        """The first word of a person's name, folded."""
        return next(iter(self._spelt.names[number].split()), "")

    @cached_property
    def _spelt(self) -> Spelt:
        return spellings_of([each.name if each.name.strip() else each.username for each in self._entries])

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[int]]:
        """Word of a name -> the people who have it."""
        by_word: defaultdict[str, list[int]] = defaultdict(list)
        names, others = self._spelt
        # Of a name in another script each syllable; together they are one word of many letters.
        read = [number for number, entry in enumerate(self._entries) if entry.readings]
        syllables = dict(zip(read, apart([names[number] for number in read]), strict=True))
        for number, name in enumerate(names):
            for word in {*syllables[number].split()} if number in syllables else name.split():
                by_word[word].append(number)
        for number, name in others.items():
            words = apart([name])[0] if number in syllables else name
            for word in {*words.split()}.difference(syllables.get(number, names[number]).split()):
                by_word[word].append(number)
        for word in [word for word in by_word if not word.isalnum()]:
            numbers = by_word.pop(word)
            for piece in words_of(word):
                by_word[piece.text] += numbers
        spelt: dict[str, Sequence[int]] = {
            word: Together(by_word[word], numbers) if word in by_word else numbers
            for word, numbers in self._by_spelling.items()
        }
        return {**by_word, **spelt}

    @cached_property
    def _by_spelling(self) -> Mapping[str, Sequence[int]]:
        """Spelling of a word of a name in another script -> the people who have it."""
        readings = ((number, each.readings) for number, each in enumerate(self._entries) if each.readings)
        return people_by_spelling(readings)

    def holding(self, token: str) -> Collection[int]:
        """The people with the token in the name: as a word of it, or as an initial when it is one letter."""
        if len(token) != 1:
            return self._having(token)
        if token not in self._by_initial:
            words = (numbers for word, numbers in self.by_word.items() if word[0] == token)
            self._by_initial[token] = frozenset().union(*words)
        return self._by_initial[token]

    def _having(self, word: str) -> Collection[int]:
        numbers = self.by_word.get(word, ())
        if len(numbers) < _MANY:
            return numbers
        if word not in self._sets:
            self._sets[word] = frozenset(numbers)
        return self._sets[word]

    def called(self, name: str) -> list[int]:
        """The people whose name is written exactly so, but for case and space."""
        words = words_of_query(name)
        if not words:
            return list(self._unspeakable.get(name, ()))
        length = len(name.split())
        return [
            number
            for number in in_all(self._having(word) for word in words)
            if len(self.entry(number).name.split()) == length and literal(self.entry(number).name) == name
        ]

    @cached_property
    def _compact_names(self) -> list[str]:
        return compacted(self._spelt.names)

    @cached_property
    def _unspeakable(self) -> Mapping[str, Sequence[int]]:
        """The names of which no letter can be spelt, as they are written -> the people who have them."""
        names: defaultdict[str, list[int]] = defaultdict(list)
        for number, letters in enumerate(self._compact_names):
            if not letters.strip() and (name := literal(self.entry(number).name)):
                names[name].append(number)
        return names

    @cached_property
    def by_compact_login(self) -> Ends:
        """Letters and digits of the usernames, up to an @, without what stands between them."""
        return Ends(compact_logins([entry.username for entry in self._entries]))

    def having_login(self, login: str) -> list[int]:
        """The people with this username, or with a username that is an email and begins so."""
        alike = self.by_compact_login.of(*compact_logins([login])) if login else ()
        return [number for number in alike if login in self._logins(number)]

    def _logins(self, number: int) -> tuple[str, str]:
        username = literal(self.entry(number).username)
        return username, username.partition("@")[0]

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

    @cached_property
    def words_like(self) -> Likeness:
        """The words of all names, for finding misspelt ones."""
        from core.search.fuzzy import Likeness

        return Likeness(Ends([*self.by_word]), read=self._by_spelling.keys())

    @cached_property
    def logins_like(self) -> Likeness:
        """All usernames, for finding misspelt ones."""
        from core.search.fuzzy import Likeness

        return Likeness(self.by_compact_login, right=2)

    @cached_property
    def names_like(self) -> WholeNames:
        """Whole names, spaces removed, for finding misspelt ones."""
        from core.search.fuzzy import WholeNames

        return WholeNames(Ends(self._compact_names))


def listed_as(entry: Assigned) -> tuple[str, str, str]:
    """The place of an entry in a list of people: by name, then username, then extension."""
    return entry.label.casefold(), entry.username.casefold(), entry.extension
