"""Newcomers: agents in Amazon Connect that no sync has met, searched for where nobody was found."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.slack.ttl_cache import TtlCache
from core.errors import Unavailable
from core.models import Agent, Assigned
from core.ports import Connect, TableReader
from core.search.exact import exactly_named
from core.search.index import SearchIndex
from core.search.names import words_of_query
from core.words.decoration import undecorated

_KEPT_SECONDS = 60
# Connect's quota is 2 a second for all tools of the account, and a sync needs it as well.
_PAUSE_SECONDS = 1.0
# Connect looks for at least 2 and at most 25 characters.
_SHORTEST, _LONGEST = 2, 25
MOST_NEW = 3


class Newcomers:
    """Asks Connect for a name, at most once a second, and keeps the answer for a minute."""

    def __init__(
        self, connect: Connect, reader: TableReader, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._connect = connect
        self._reader = reader
        self._monotonic = monotonic
        self._known: TtlCache[str, tuple[Agent, ...]] = TtlCache(_KEPT_SECONDS, monotonic)
        self._next = monotonic()

    def of(self, name: str) -> tuple[Agent, ...]:
        """The agents of this name or username who have no number; none where Connect can't say in time."""
        name = undecorated(name)
        word = max(name.split(), key=len, default="")[:_LONGEST]
        if len(word) < _SHORTEST or not words_of_query(name):
            return ()
        known = self._known.get(name)
        if known is None and self._monotonic() >= self._next:
            self._next = self._monotonic() + _PAUSE_SECONDS
            known = self._known.put(name, self._asked(name, word))
        return known or ()

    def _asked(self, name: str, word: str) -> tuple[Agent, ...]:
        try:
            agents = {agent.id: agent for agent in self._connect.having(word)}
        except Unavailable:
            return ()
        index = SearchIndex(
            [Assigned("", agent.id, agent.username, name=agent.name) for agent in agents.values()]
        )
        called = [agents[match.entry.agent_id] for match in exactly_named(index, name).matches[:MOST_NEW]]
        return tuple(agent for agent in called if self._reader.of_agent(agent.id) is None)
