"""People of the history: who left, or had another name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property

from msgspec import Struct, field

from core.models import Assigned, Held, HistoryEntry
from core.ports import TableReader
from core.search.index import SearchIndex
from core.search.names import readings_of, words_of, words_of_query
from core.search.ranking import search

# Older changes are forgotten: what is asked for is what colleagues still remember.
DAYS = 60
# What was read is good for so long. The last minute is read again, since clocks differ.
_KEPT, _OVERLAP = timedelta(seconds=30), timedelta(minutes=1)
MOST_FORMER = 3


class Former(Struct, frozen=True):
    """Somebody by the name that they had: `now` is their assignment, None if they left.

    `held` is the hold of the number they had, None where nothing is held for them. `likely` is true where the
    name only resembles what was asked for.
    """

    name: str
    extension: str
    at: str
    now: Assigned | None = None
    held: Held | None = None
    agent_id: str = ""
    likely: bool = False


class FormerNames:
    """The names that people lost, each with the newest change by which somebody lost it."""

    def __init__(self, losses: Iterable[HistoryEntry]) -> None:
        self._losses: dict[Assigned, HistoryEntry] = {}
        for loss in reversed([*losses]):
            was = Assigned(loss.extension, loss.agent_id, loss.username, name=loss.before or loss.name)
            self._losses.setdefault(was, loss)

    def called(self, query: str) -> list[HistoryEntry]:
        """The newest change of each person called so, newest first.

        Called so: all words of the query were in their name, or all of their name, two words at least, is
        in it.
        """
        wanted = [{*reading} for reading in _readings(query)]
        return _one_each(
            loss for was, loss in self._losses.items() if any(_names(words, was) for words in wanted)
        )

    def like(self, query: str) -> list[tuple[HistoryEntry, float]]:
        """Search people of the past: nearest first, each with a score.

        A surname alone is left out: it is a guess worth making only of people who can be called.
        """
        near = [match for match in search(self._index, query).matches if match.because != "surname"]
        scores = {self._losses[match.entry]: match.score for match in near}
        return [(loss, scores[loss]) for loss in _one_each(scores)]

    @cached_property
    def _index(self) -> SearchIndex:
        return SearchIndex([*self._losses])


class Past(Struct):
    """The changes of the last days by which somebody lost a name or a number; kept between questions.

    A question reads the new ones if the table has another version, or the last reading is 30 seconds old.
    """

    reader: TableReader
    _losses: dict[HistoryEntry, None] = {}
    _names: FormerNames = field(default_factory=lambda: FormerNames(()))
    _read: datetime | None = None
    _version: str = ""

    def names(self, now: datetime, version: str) -> FormerNames:
        """The names that were lost; reads what is new since the last question, in one query.

        `version` is the table's as of this question.
        """
        if self._read is None or version != self._version or now - self._read > _KEPT:
            since = self._read - _OVERLAP if self._read else now - timedelta(days=DAYS)
            known = len(self._losses)
            self._losses |= dict.fromkeys(self.reader.losses(since))
            if len(self._losses) > known:
                self._names = FormerNames(self._losses)
            self._read, self._version = now, version
        return self._names


def words_asked(query: str) -> set[str]:
    """The words by which the losses of people called so are found, folded."""
    return {word for reading in _readings(query) for word in reading}


def _readings(query: str) -> list[tuple[str, ...]]:
    return [reading for reading in (words_of_query(query), *readings_of(query)) if reading]


def _names(wanted: set[str], was: Assigned) -> bool:
    had = {word.text for word in words_of(f"{was.label} {was.username}")} | {was.username.casefold()}
    return wanted <= had or any(
        len(words) > 1 and wanted.issuperset(words) for words in readings_of(was.name)
    )


def _one_each(losses: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """The first loss of each person."""
    first: dict[str, HistoryEntry] = {}
    for loss in losses:
        first.setdefault(loss.agent_id or loss.username, loss)
    return [*first.values()]
