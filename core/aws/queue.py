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
    """Let the first record of a Lambda event come again after so many seconds, in the name of all of them.

    The others are deleted: all would come at the same time, be shared out among Lambda's pollers, and these
    would be in each other's way again. Raises Unavailable; what is still there then comes again when the
    queue's visibility timeout is over, which has to be as long as the function may run.
    """
    first, *others = records
    _, _, _, _, account, name = first["eventSourceARN"].split(":")
    url = f"{client.meta.endpoint_url}/{account}/{name}"
    with Place(f"The queue '{name}'", "AWS.SimpleQueueService.NonExistentQueue"):
        client.change_message_visibility(
            QueueUrl=url, ReceiptHandle=first["receiptHandle"], VisibilityTimeout=seconds
        )
        for start in range(0, len(others), _BATCH):
            batch = enumerate(others[start : start + _BATCH])
            entries = [{"Id": str(place), "ReceiptHandle": each["receiptHandle"]} for place, each in batch]
            client.delete_message_batch(QueueUrl=url, Entries=entries)  # type: ignore[arg-type]
