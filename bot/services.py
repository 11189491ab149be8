"""The services that listeners call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.config import Settings
from bot.jobs import Job
from core.lookup import Lookup
from core.ports import Claims, Connect, Exports, Links, TableReader


@dataclass(frozen=True, slots=True)
class Services:
    """The services that listeners call. `start` hands a job to the sync function and raises Unavailable."""

    lookup: Lookup
    reader: TableReader
    exports: Exports
    connect: Connect
    claims: Claims
    links: Links
    start: Callable[[Job], None]
    settings: Settings
