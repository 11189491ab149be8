"""The objects of a call, built apart from `bot.wiring`, whose imports would keep a caller waiting."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from bot.region import region_of
from core.aws.call_book import DynamoCallBook
from core.aws.clients import Service, aws_client, aws_session
from core.errors import BadSettings

if TYPE_CHECKING:
    from core.aws.offers import ConnectOffers

# A caller waits; Amazon Connect waits for 8 seconds.
_SECONDS = 1.5
_READ = ("CONNECT_INSTANCE_ID", "EXTENSIONS_TABLE", "AWS_")


class CallLine:
    """The table, and the offers of one Amazon Connect instance, each built when it is first asked for."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.session = aws_session()

    def _client(self, service: Service) -> Any:
        return aws_client(service, region_of(self._environ), _SECONDS, 2, self.session)

    def _setting(self, name: str) -> str:
        if value := self._environ.get(name, "").strip():
            return value
        raise BadSettings(f"{name} is not set.")

    @cached_property
    def book(self) -> DynamoCallBook:
        """The table as calls read it. Raises BadSettings."""
        return DynamoCallBook(self._client("dynamodb"), self._setting("EXTENSIONS_TABLE"))

    @cached_property
    def offers(self) -> ConnectOffers:
        """Offers of calls to agents. Raises BadSettings."""
        from core.aws.offers import ConnectOffers

        return ConnectOffers(self._client("connect"), self._setting("CONNECT_INSTANCE_ID").rpartition("/")[2])


def now() -> str:
    """The clock, in ISO 8601 to the second as rows have it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def call_line() -> CallLine:
    """The line of the environment, kept for as long as what it reads of that stays the same."""
    return _line(frozenset(item for item in os.environ.items() if item[0].startswith(_READ)))


@lru_cache(maxsize=1)
def _line(environ: frozenset[tuple[str, str]]) -> CallLine:
    return CallLine(dict(environ))
