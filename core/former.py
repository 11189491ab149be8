"""People of the past: those who left, and those who had another name, as the history has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from core.models import Assigned, ChangeKind, Held, HistoryEntry
from core.ports import TableReader
from core.search.names import words_of_query

# Older changes are forgotten: what is asked for is what colleagues still remember.
DAYS = 60
# The history of closed days never changes; that of today is read again after this.
_KEPT = timedelta(seconds=30)
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
    """The changes of the last days that took a name or a number from somebody; kept between questions."""

    reader: TableReader
    _entries: list[HistoryEntry] = field(default_factory=list, init=False)
    _read: datetime | None = field(default=None, init=False)

    def entries(self, now: datetime) -> list[HistoryEntry]:
        """The changes, oldest first; reads what is new since the last question."""
        since = self._read or now - timedelta(days=DAYS)
        if self._read is None or now - self._read > _KEPT:
            self._entries += [entry for entry in self.reader.history(since, now) if _took_something(entry)]
            self._read = now
        return self._entries


def _took_something(entry: HistoryEntry) -> bool:
    return entry.kind is ChangeKind.RELEASED or bool(entry.before)


def called(entries: Iterable[HistoryEntry], query: str) -> Iterator[HistoryEntry]:
    """The newest change of each person who had all words of the query in their name, newest first."""
    wanted = set(words_of_query(query))
    seen: set[str] = set()
    for entry in reversed(list(entries)):
        who = entry.agent_id or entry.username
        had = {*words_of_query(f"{entry.before or entry.name} {entry.username}"), entry.username.casefold()}
        if wanted and wanted <= had and who not in seen:
            seen.add(who)
            yield entry
