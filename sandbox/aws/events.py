"""The events that AWS sends the functions unasked, in their documented shapes."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from sandbox.aws.connect_users import ACCOUNT_ID, INSTANCE_ARN, REGION, Json

QUEUE_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT_ID}:user-changes"
# A caller's patience, and a number that Ofcom keeps for plays.
RANG, CALLER = timedelta(seconds=40), "+442079460123"


def user_change(call: str) -> Json:
    """The event of the sync function for one change of a user, as the rule and the queue hand it on."""
    at = datetime.now(UTC).isoformat(timespec="seconds")
    record = {
        "messageId": str(uuid.uuid4()),
        "receiptHandle": "handle",
        "body": json.dumps({"call": call, "at": at}),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "eventSource": "aws:sqs",
        "eventSourceARN": QUEUE_ARN,
        "awsRegion": REGION,
    }
    return {"Records": [record]}


def missed_contact(attributes: Mapping[str, str]) -> Json:
    """A phone call that ended just now in the queue of an agent, as DescribeContact tells it."""
    ended, contact_id = datetime.now(UTC), str(uuid.uuid4())
    queued = ended - RANG
    return {
        "Id": contact_id,
        "Arn": f"{INSTANCE_ARN}/contact/{contact_id}",
        "InitiationMethod": "INBOUND",
        "Channel": "VOICE",
        "QueueInfo": {"Id": attributes["extension_agent"], "EnqueueTimestamp": queued.timestamp()},
        "InitiationTimestamp": queued.timestamp(),
        "DisconnectTimestamp": ended.timestamp(),
        "CustomerEndpoint": {"Type": "TELEPHONE_NUMBER", "Address": CALLER},
        "Attributes": dict(attributes),
    }


def disconnected(contact: Json) -> Json:
    """The event of the end of a phone call that nobody took."""
    ended = datetime.fromtimestamp(contact["DisconnectTimestamp"], UTC)
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": ACCOUNT_ID,
        "time": f"{ended:%Y-%m-%dT%H:%M:%SZ}",
        "region": REGION,
        "resources": [contact["Arn"], INSTANCE_ARN],
        "detail": {
            "eventType": "DISCONNECTED",
            "contactId": contact["Id"],
            "channel": contact["Channel"],
            "instanceArn": INSTANCE_ARN,
            "initiationMethod": contact["InitiationMethod"],
            "disconnectTimestamp": f"{ended:%Y-%m-%dT%H:%M:%S.000Z}",
            "queueInfo": {
                "queueArn": f"{INSTANCE_ARN}/queue/agent/{contact['QueueInfo']['Id']}",
                "queueType": "AGENT",
            },
        },
    }
