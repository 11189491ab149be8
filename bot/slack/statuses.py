"""The status of agents in Connect, kept for a few seconds for all who ask."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from bot.slack.ttl_cache import TtlCache
from core.models import Assigned, Availability
from core.ports import Connect

# A status that is older may have changed meanwhile; Connect takes two requests a second of everybody.
_SECONDS = 5


class Statuses:
    """Reads statuses from Connect. One that is unknown is asked for anew at the next question."""

    def __init__(self, connect: Connect, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._connect = connect
        self._kept: TtlCache[str, Availability] = TtlCache(_SECONDS, monotonic)

    def of(self, entries: Iterable[Assigned]) -> dict[str, Availability]:
        """The statuses of up to 100 agents by id, in at most one request; unknown ones are left out."""
        known = {entry.agent_id: self._kept.get(entry.agent_id) for entry in entries if entry.agent_id}
        missing = [agent_id for agent_id, status in known.items() if status is None]
        fresh = self._connect.availability(missing) if missing else {}
        for agent_id, status in fresh.items():
            self._kept.put(agent_id, status)
        return {agent_id: status for agent_id, status in known.items() if status} | fresh
