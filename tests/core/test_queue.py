"""The queue of user changes: a failure says which queue, and what is wrong with it."""

from __future__ import annotations

import json

import pytest

from core.aws.clients import aws_client
from core.aws.queue import ask_again
from core.errors import Unavailable
from sandbox.loopback import Loopback, Reply

RECORD = {"receiptHandle": "handle", "eventSourceARN": "arn:aws:sqs:eu-central-1:123456789012:changes"}


def missing(_: object) -> Reply:
    """The answer of SQS: its name of old stands in a header, the new one in the body."""
    headers = {
        "Content-Type": "application/x-amz-json-1.0",
        "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender",
    }
    error = {"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "No such queue."}
    return Reply(400, json.dumps(error), headers)


def test_a_queue_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with Loopback(missing) as queue:
        monkeypatch.setenv("AWS_ENDPOINT_URL", queue.url)
        client = aws_client("sqs", "eu-central-1", 1.5, attempts=1)
        with pytest.raises(Unavailable) as told:
            ask_again(client, [RECORD], 10)
    assert str(told.value) == "The queue 'changes' does not exist in this account and Region."
