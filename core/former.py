"""People of the past: those who left, and those who had another name, as the history has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.models import Assigned, Held, HistoryEntry
from core.ports import TableReader
from core.search.names import words_of_query

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
    """The changes of the last days by which somebody lost a name or a number; kept between questions."""

    reader: TableReader
    _entries: dict[HistoryEntry, None] = field(default_factory=dict, init=False)
    _read: datetime | None = field(default=None, init=False)

    def entries(self, now: datetime) -> Iterable[HistoryEntry]:
        """The changes, oldest first; reads what is new since the last question, in one query."""
        if self._read is None or now - self._read > _KEPT:
            since = self._read - _OVERLAP if self._read else now - timedelta(days=DAYS)
            self._entries |= dict.fromkeys(self.reader.losses(since))
            self._read = now
        return self._entries


def called(entries: Iterable[HistoryEntry], query: str) -> Iterator[HistoryEntry]:
    """The newest change of each person called so, newest first.

    Called so: all words of the query were in their name, or all of their name, two words at least, is in it.
    """
    wanted = set(words_of_query(query))
    seen: set[str] = set()
    for entry in reversed(list(entries)):
        who = entry.agent_id or entry.username
        name = set(words_of_query(entry.before or entry.name))
        had = {*name, *words_of_query(entry.username), entry.username.casefold()}
        if wanted and (wanted <= had or (len(name) > 1 and name <= wanted)) and who not in seen:
            seen.add(who)
            yield entry
