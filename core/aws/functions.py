"""Invocations of other Lambda functions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.aws.failures import Place

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


def invoke_later(client: LambdaClient, function: str, event: Mapping[str, Any]) -> None:
    """Invoke a function asynchronously. Raises Unavailable."""
    with Place(f"The function '{function}' (SYNC_FUNCTION)", "ResourceNotFoundException"):
        client.invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event).encode())
