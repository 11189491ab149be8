"""The secrets of the Slack app: kept for some minutes, and read again when a signature fails."""

from __future__ import annotations

import time
from collections.abc import Callable

from msgspec import Struct

from core.errors import Unavailable

# A secret that was changed works after so long, without a deploy.
_KEPT_SECONDS = 300
# Requests with a forged signature cause one read in this time.
_AGAIN_SECONDS = 30


class Secrets(Struct, frozen=True):
    """The token for calls of Slack, and the secret that signs its requests."""

    bot_token: str
    signing_secret: str


class SecretStore:
    """Keeps what `read` gives, which raises Unavailable. Secrets with an empty part are never kept."""

    def __init__(self, read: Callable[[], Secrets], monotonic: Callable[[], float] = time.monotonic) -> None:
        self._read = read
        self._monotonic = monotonic
        self._kept: Secrets | None = None
        self._read_at = float("-inf")

    def current(self) -> Secrets:
        """The secrets. The old ones stand while newer ones can't be read."""
        if self._kept and self._monotonic() - self._read_at < _KEPT_SECONDS:
            return self._kept
        try:
            return self._fetch()
        except Unavailable:
            if self._kept is None:
                raise
            self._read_at = self._monotonic() - _KEPT_SECONDS + _AGAIN_SECONDS
            return self._kept

    def changed(self) -> Secrets | None:
        """The secrets read again, if they have changed; None if not, or read less than 30 s ago."""
        before = self._kept
        if self._monotonic() - self._read_at < _AGAIN_SECONDS:
            return None
        after = self._fetch()
        return after if after != before else None

    def doubt(self) -> None:
        """Have the secrets read again when they are next asked for, however new they seem.

        A container that starts from a snapshot may do so weeks after the secrets were read.
        """
        self._read_at = float("-inf")

    def _fetch(self) -> Secrets:
        self._read_at = self._monotonic()
        secrets = self._read()
        if secrets.bot_token and secrets.signing_secret:
            self._kept = secrets
        return secrets
