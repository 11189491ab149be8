"""Failures of AWS as sentences: which place failed, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
)

from core.errors import Unavailable

# Failures that pass, whatever their status: AWS says throttling with 400 as well as with 429.
_PASSING = frozenset(
    {
        "InternalFailure",
        "InternalServerError",
        "LimitExceededException",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "403", "UnrecognizedClientException"})


def code_of(error: BaseException | None) -> str:
    """The service's error code; "" where no service answered."""
    return str(error.response.get("Error", {}).get("Code", "")) if isinstance(error, ClientError) else ""


def status_of(error: BaseException | None) -> int:
    """The HTTP status of a service's error; 0 where no service answered."""
    return error.response["ResponseMetadata"]["HTTPStatusCode"] if isinstance(error, ClientError) else 0


def is_passing(error: ClientError) -> bool:
    """Whether the failure may pass: by status and code, since botocore's own mark only tells the try."""
    return status_of(error) == 429 or status_of(error) >= 500 or code_of(error) in _PASSING


def is_denied(error: Unavailable) -> bool:
    """Whether AWS answered that it may not be asked this."""
    return code_of(error.__cause__) in _DENIED


class Place:
    """A resource as sentences name it: "the table 'x' (EXTENSIONS_TABLE)".

    Inside `with place:` a failure of AWS is raised as Unavailable. `missing` is the code by which its service
    says that it does not exist; errors with a code of `answers` are left to the caller.
    """

    def __init__(self, name: str, missing: str, answers: Collection[str] = ()) -> None:
        self.name = name
        self._missing = missing
        self._answers = answers

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Raise Unavailable in the place of an error of AWS."""
        if isinstance(error, ClientError | BotoCoreError) and code_of(error) not in self._answers:
            raise Unavailable(self.sentence(error)) from error

    def sentence(self, error: ClientError | BotoCoreError) -> str:
        """The failure in words that a person can act on."""
        if isinstance(error, ClientError):
            return self._refusal(error)
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return "There are no AWS credentials here. Sign in, or set AWS_PROFILE."
        if isinstance(error, NoRegionError):
            return "No AWS Region is set. Set AWS_REGION."
        return f"{self.name} cannot be reached: {error}"

    def _refusal(self, error: ClientError) -> str:
        code, said = code_of(error), error.response.get("Error", {}).get("Message") or str(error)
        if code == self._missing:
            return f"{self.name} does not exist in this account and Region."
        if said.lstrip().startswith("<"):
            return (
                f"{self.name} is asked for at an address that is not AWS's ({code}). Check AWS_ENDPOINT_URL."
            )
        if code in _DENIED:
            return f"{self.name} may not be used: {said}"
        if is_passing(error):
            return f"{self.name} is not answering properly ({code}). Try again in a minute."
        return f"{self.name} refused: {said}"
