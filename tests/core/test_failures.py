"""Failures of AWS as sentences."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from core.aws.failures import Place
from core.errors import Unavailable

PLACE = Place("The DynamoDB table 't' (EXTENSIONS_TABLE)", "ResourceNotFoundException")


def test_an_address_that_is_not_aws_shows_none_of_its_html() -> None:
    answer = {
        "Error": {"Code": "404", "Message": "<html><body><h1>404 Not Found</h1>nginx</body></html>"},
        "ResponseMetadata": {"HTTPStatusCode": 404},
    }
    with pytest.raises(Unavailable) as raised, PLACE:
        raise ClientError(answer, "DescribeTable")  # type: ignore[arg-type]
    assert str(raised.value) == (
        "The DynamoDB table 't' (EXTENSIONS_TABLE) is asked for at an address that is not AWS's (404). "
        "Check AWS_ENDPOINT_URL."
    )


def said(code: str, status: int, **metadata: object) -> str:
    """The sentence of an error that a service answered, on the last try or on an earlier one."""
    answer = {
        "Error": {"Code": code, "Message": "Said by AWS."},
        "ResponseMetadata": {"HTTPStatusCode": status, **metadata},
    }
    return PLACE.sentence(ClientError(answer, "Query"))  # type: ignore[arg-type]


@pytest.mark.parametrize("mark", [{}, {"MaxAttemptsReached": True}, {"RetryQuotaReached": True}])
@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("RequestLimitExceeded", 400),
        ("TooManyRequestsException", 429),
        ("SlowDown", 503),
        ("InternalServerError", 500),
        ("NewWordForIt", 503),
    ],
)
def test_a_failure_that_passes_is_one_on_every_try(mark: dict[str, object], code: str, status: int) -> None:
    assert f"is not answering properly ({code}). Try again in a minute." in said(code, status, **mark)


@pytest.mark.parametrize("mark", [{}, {"MaxAttemptsReached": True}, {"RetryQuotaReached": True}])
@pytest.mark.parametrize("code", ["ValidationException", "InvalidParameterException", "NewWordForIt"])
def test_a_failure_that_lasts_is_one_on_every_try(mark: dict[str, object], code: str) -> None:
    assert said(code, 400, **mark) == f"{PLACE.name} refused: Said by AWS."
