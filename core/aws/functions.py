"""Invocations of other Lambda functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from botocore.exceptions import HTTPClientError

from core.aws.failures import Place, status_of
from core.errors import Unavailable, Unsure

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


def invoke_later(client: LambdaClient, function: str, event: Mapping[str, Any]) -> None:
    """Invoke a function asynchronously. Raises Unavailable, and Unsure where it may have been invoked."""
    payload = json.dumps(event).encode()
    try:
        with Place(f"The function '{function}' (SYNC_FUNCTION)", "ResourceNotFoundException"):
            client.invoke(FunctionName=function, InvocationType="Event", Payload=payload)
    except Unavailable as error:
        # A connection that was never made raises another kind.
        if isinstance(error.__cause__, HTTPClientError) or status_of(error.__cause__) >= 500:
            raise Unsure("It may have started, or not: Lambda's answer was lost.") from error
        raise
