"""People of the past: those who left, and those who had another name, as the history has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.models import Assigned, Held, HistoryEntry
from core.ports import TableReader
from core.search.names import readings_of, words_of, words_of_query

# Older changes are forgotten: what is asked for is what colleagues still remember.
DAYS = 60
# So long what was read is kept. The last minute is read again, since clocks differ.
_KEPT, _OVERLAP = timedelta(seconds=30), timedelta(minutes=1)
MOST_FORMER = 3


@dataclass(frozen=True, slots=True)
class Former:
    """Somebody by the name that they had: `now` is their assignment, None if they left.

    `held` is the hold of the number they had, None where nothing is held for them.
    """

    name: str
    extension: str
    at: str
    now: Assigned | None = None
    held: Held | None = None
    agent_id: str = ""


@dataclass(slots=True)
class Past:
    """The changes of the last days by which somebody lost a name or a number; kept between questions.

    They are kept for 30 seconds, and as long as the table has the version that they were read at.
    """

    reader: TableReader
    _entries: dict[HistoryEntry, None] = field(default_factory=dict, init=False)
    _read: datetime | None = field(default=None, init=False)
    _version: str = field(default="", init=False)

    def entries(self, now: datetime, version: str) -> Iterable[HistoryEntry]:
        """The changes, oldest first; reads what is new since the last question, in one query.

        `version` is the table's as of this question.
        """
        if self._read is None or version != self._version or now - self._read > _KEPT:
            since = self._read - _OVERLAP if self._read else now - timedelta(days=DAYS)
            self._entries |= dict.fromkeys(self.reader.losses(since))
            self._read, self._version = now, version
        return self._entries


def called(entries: Iterable[HistoryEntry], query: str) -> Iterator[HistoryEntry]:
    """The newest change of each person called so, newest first.

    Called so: all words of the query were in their name, or all of their name, two words at least, is in it.
    """
    wanted = [{*reading} for reading in (words_of_query(query), *readings_of(query)) if reading]
    seen: set[str] = set()
    for entry in reversed(list(entries)):
        who = entry.agent_id or entry.username
        if who not in seen and any(_names(words, entry) for words in wanted):
            seen.add(who)
            yield entry


def _names(wanted: set[str], entry: HistoryEntry) -> bool:
    name = entry.before or entry.name
    had = {word.text for word in words_of(f"{name} {entry.username}")} | {entry.username.casefold()}
    return wanted <= had or any(len(words) > 1 and wanted.issuperset(words) for words in readings_of(name))
