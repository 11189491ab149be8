"""Handing work to another Lambda function."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from core.aws.calls import Calls, Sleep

if TYPE_CHECKING:
    from types_boto3_lambda import LambdaClient


def invoke_later(client: LambdaClient, function: str, event: Mapping[str, Any], sleep: Sleep) -> None:
    """Invoke the function and don't wait for what it does. Raises Unavailable.

    Tried again only once: a person waits three seconds for the acknowledgement.
    """
    place = f"The function '{function}' (SYNC_FUNCTION)"
    calls = Calls(place, sleep, "ResourceNotFoundException", attempts=2)
    payload = json.dumps(event).encode()
    calls(client.invoke, FunctionName=function, InvocationType="Event", Payload=payload)
