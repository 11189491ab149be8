"""People for a typeahead, from the cached directory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from core.lookup import Lookup
from core.models import Assigned, Directory
from core.search.names import fold

_MOST = 100
# A text longer than this is no name.
_LONGEST = 100


@dataclass(slots=True)
class Typeahead:
    """Suggests people by the beginnings of words, or else the people that a search finds."""

    lookup: Lookup
    _directory: Directory | None = field(default=None, init=False)
    _words: list[tuple[str, Assigned]] = field(default_factory=list, init=False)

    def of(self, typed: str) -> list[Assigned]:
        """Up to 100 people, by name. Numbers are those of the cache: for finding, not for telling."""
        beginnings = fold(typed[:_LONGEST]).split()
        if not beginnings:
            return []
        found = list(islice(self._beginning(beginnings), _MOST))
        return found or [match.entry for match in self.lookup.people(typed[:_LONGEST]).matches]

    def _beginning(self, beginnings: list[str]) -> Iterator[Assigned]:
        spaced = [f" {beginning}" for beginning in beginnings]
        for words, entry in self._known():
            if all(beginning in words for beginning in spaced):
                yield entry

    def _known(self) -> list[tuple[str, Assigned]]:
        directory = self.lookup.directory()
        if directory is not self._directory:
            by_name = sorted(directory.entries, key=lambda entry: (entry.label.casefold(), entry.extension))
            self._words = [(_words(entry), entry) for entry in by_name]
            self._directory = directory
        return self._words


def _words(entry: Assigned) -> str:
    """All words of an entry that a person may begin to type, each after a space."""
    name = fold(entry.name)
    spellings = (name, name.replace("-", " "), name.replace("'", ""), fold(entry.username))
    return " " + " ".join((*spellings, entry.extension, entry.extension.lstrip("0")))
