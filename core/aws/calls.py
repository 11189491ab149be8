"""One way to call AWS: transient failures are tried again, all others become a sentence.

Clients are built to try once (`core.aws.clients`), so that every wait is ours, and injected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,  # noqa: A004
    HTTPClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from core.errors import Unavailable

Sleep = Callable[[float], None]

_THROTTLES = frozenset(
    {
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingError",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)
_PASSING = frozenset({"TransactionInProgressException", "TransactionConflictException", "RequestTimeout"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "403", "UnrecognizedClientException"})


def code_of(error: Exception) -> str:
    """The service's error code; "" where no service answered."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def is_throttle(error: Exception) -> bool:
    """Whether the service asks to be called more slowly."""
    return code_of(error) in _THROTTLES


def is_transient(error: Exception) -> bool:
    """Whether the same call may succeed in a moment. It may also have taken effect already."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        return is_throttle(error) or code_of(error) in _PASSING or status >= 500
    return isinstance(error, ConnectionError | HTTPClientError)


class Calls:
    """Calls to one service, told in words as `place`: "the table 'x' (EXTENSIONS_TABLE)".

    `missing` are the codes by which the service says that `place` does not exist, `answers` those
    that are an answer to the caller rather than a failure.
    """

    def __init__(
        self, place: str, sleep: Sleep, missing: str, answers: Collection[str] = (), attempts: int = 4
    ) -> None:
        self.place = place
        self.attempts = attempts
        self.sleep = sleep
        self._missing = missing
        self._answers = answers

    def __call__(self, call: Callable[..., Any], **parameters: Any) -> Any:
        """Call, again after a transient failure. Raises Unavailable, or the ClientError of an answer."""
        for attempt in range(1, self.attempts + 1):
            try:
                return call(**parameters)
            except (ClientError, BotoCoreError) as error:
                if not is_transient(error) or attempt == self.attempts:
                    raise self.explain(error) from error
                self.pause(attempt)
        raise AssertionError("unreachable")

    def pause(self, attempt: int) -> None:
        """Wait before the next try: 0.1 s, 0.2 s, 0.4 s ..."""
        self.sleep(0.1 * 2 ** (attempt - 1))

    def explain(self, error: Exception) -> Exception:
        """The failure as a sentence; the error itself where it is an answer."""
        if isinstance(error, ClientError):
            return error if code_of(error) in self._answers else Unavailable(self._refusal(error))
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return Unavailable("There are no AWS credentials here. Sign in, or set AWS_PROFILE.")
        if isinstance(error, NoRegionError):
            return Unavailable("No AWS Region is set. Set AWS_REGION.")
        return Unavailable(f"{self.place} cannot be reached: {error}")

    def _refusal(self, error: ClientError) -> str:
        code = code_of(error)
        if code == self._missing:
            return f"{self.place} does not exist in this account and Region."
        if code in _DENIED:
            return f"{self.place} may not be used: {_message(error)}"
        if is_transient(error):
            return f"{self.place} is not answering properly ({code}). Try again in a minute."
        return f"{self.place} refused: {_message(error)}"


def _message(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Message", "")) or str(error)
