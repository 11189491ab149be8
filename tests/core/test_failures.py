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
