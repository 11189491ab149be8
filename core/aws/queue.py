"""Messages of an SQS queue that have to come again soon."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.aws.failures import Place

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

# The most that one request takes.
_BATCH = 10


def ask_again(client: SQSClient, records: Sequence[Mapping[str, Any]], seconds: int) -> None:
    """Let the records of a Lambda event come again after so many seconds. Raises Unavailable.

    Without it they come again when the queue's visibility timeout is over, which has to be as long as the
    function may run.
    """
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        _, _, _, _, account, name = batch[0]["eventSourceARN"].split(":")
        with Place(f"The queue '{name}'", "QueueDoesNotExist"):
            client.change_message_visibility_batch(
                QueueUrl=f"{client.meta.endpoint_url}/{account}/{name}",
                Entries=[
                    {
                        "Id": str(place),
                        "ReceiptHandle": record["receiptHandle"],
                        "VisibilityTimeout": seconds,
                    }
                    for place, record in enumerate(batch)
                ],
            )
