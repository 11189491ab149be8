"""People for a typeahead, with the numbers of this moment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from core.asking.lookup import MOST_SHOWN, Lookup
from core.models import Assigned, Directory
from core.search.found import Certainty, Found, Match
from core.search.index import SearchIndex
from core.search.names import fold
from core.search.ranking import find

# A text longer than this is no name.
_LONGEST = 100
# The least score of a guess that is near what was typed: a slip or two, and no name that only sounds so.
_NEAR = 0.88


class Typeahead(Struct):
    """Suggests people whose names begin like the text, or else the nearest that a search finds."""

    lookup: Lookup
    _directory: Directory | None = None
    _words: list[tuple[str, Assigned]] = []

    def of(self, typed: str) -> list[Assigned]:
        """Up to 30 people, by name, in one request."""
        typed = typed[:_LONGEST]
        beginnings = fold(typed).split()
        if not beginnings:
            return []
        people = self.lookup.fresh(typed, lambda index: self._suggested(index, typed, beginnings))
        return [match.entry for match in people.matches]

    def _suggested(self, index: SearchIndex, typed: str, beginnings: Sequence[str]) -> Found:
        begun = islice(self._beginning(beginnings), MOST_SHOWN)
        if matches := tuple(Match(entry, 1.0, "name") for entry in begun):
            return Found(Certainty.SEVERAL, matches)
        found = find(index, typed)
        return replace(found, matches=tuple(match for match in found.matches if match.score >= _NEAR))

    def _beginning(self, beginnings: Sequence[str]) -> Iterator[Assigned]:
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
