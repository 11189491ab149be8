"""Answer a question about extensions: search the cached directory, then read the numbers afresh.

The cache only finds people. What an answer says is read from the table when it is asked, in the
same request as the table's version; when that is not the cache's, the directory is read anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.errors import Unavailable
from core.models import Assigned, Directory, ExtensionRange, State
from core.ports import Connect, Exports, TableReader
from core.search.ranking import Certainty, Match, SearchIndex, search

# Of a long list this many are read afresh, so this many can be shown.
MOST_SHOWN = 30
# People of a similar name whose Connect email is worth a request, to tell who is asking.
_MOST_ASKED = 3


@dataclass(frozen=True, slots=True)
class People:
    """Who was found for a name, with numbers of this moment. `total` counts those not shown as well."""

    query: str
    certainty: Certainty
    matches: tuple[Match, ...]
    total: int

    @property
    def sure(self) -> Assigned | None:
        """The one person whom the query names for sure, None when it names several or nobody surely."""
        one = self.certainty is Certainty.SURE and len(self.matches) == 1
        return self.matches[0].entry if one else None


@dataclass(frozen=True, slots=True)
class Number:
    """What an extension is at this moment; `state` is None where `digits` are outside the range."""

    digits: str
    state: State | None


@dataclass(frozen=True, slots=True)
class Member:
    """A person in Slack, by what Slack says of them."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class _Cached:
    directory: Directory
    index: SearchIndex


@dataclass(slots=True)
class Lookup:
    """Lookups of one installation. Keeps the directory between questions."""

    reader: TableReader
    exports: Exports
    connect: Connect
    extensions: ExtensionRange
    _cached: _Cached | None = field(default=None, init=False)

    def people(self, query: str) -> People:
        """Who the query names."""
        cached = self._cached or self._load(self._exported())
        people, version = self._ask(cached, query)
        if not version or version != cached.directory.version:
            people, _ = self._ask(self._load(self.reader.directory()), query)
        return people

    def _ask(self, cached: _Cached, query: str) -> tuple[People, str]:
        found = search(cached.index, query)
        shown = found.matches[:MOST_SHOWN]
        fresh = self.reader.read_consistent([match.entry.extension for match in shown])
        matches = tuple(_confirmed(shown, fresh.states))
        gone = len(shown) - len(matches)
        certainty = found.certainty if matches else Certainty.NONE
        return People(query, certainty, matches, len(found.matches) - gone), fresh.version

    def number(self, digits: str) -> Number:
        """Who or what is on a number, typed with or without its zeros."""
        extension = self.extensions.normalise(digits)
        if extension is None:
            return Number(digits, None)
        (state,) = self.reader.read_consistent([extension]).states
        inside = extension in self.extensions or isinstance(state, Assigned)
        return Number(extension, state if inside else None)

    def member(self, member: Member) -> Assigned | None:
        """The extension of a person in Slack; None unless Connect says that it is the same person.

        Same: the username is their email, or an agent found by their name has that email in Connect.
        """
        if not member.email:
            return None
        by_username = self.people(member.email)
        for match in by_username.matches:
            if _same(match.entry.username, member.email):
                return match.entry
        for match in self.people(member.name).matches[:_MOST_ASKED] if member.name else ():
            if match.entry.agent_id and _same(self._email(match.entry.agent_id), member.email):
                return match.entry
        return None

    def _email(self, agent_id: str) -> str:
        """The agent's email, "" where Connect does not say it in time: then nobody is taken for the agent."""
        try:
            return self.connect.email(agent_id)
        except Unavailable:
            return ""

    def directory(self) -> Directory:
        """The directory for typeaheads: as cached, loaded if it is not."""
        return (self._cached or self._load(self._exported())).directory

    def _exported(self) -> Directory:
        """The directory as exported, one request; from the table where there is no export to be had."""
        try:
            exported = self.exports.exported_directory()
        except Unavailable:
            exported = None
        return exported or self.reader.directory()

    def _load(self, directory: Directory) -> _Cached:
        self._cached = _Cached(directory, SearchIndex(directory.entries))
        return self._cached


def _confirmed(matches: Iterable[Match], states: Iterable[State]) -> Iterable[Match]:
    """The matches whose number is still theirs, with the label of this moment."""
    for match, state in zip(matches, states, strict=True):
        if isinstance(state, Assigned) and state.agent_id == match.entry.agent_id:
            yield replace(match, entry=state)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
