"""The queue of user changes and Lambda's way of emptying it, in simulated time.

As documented for standard queues and event source mappings: several pollers, each of which gathers for the
batching window from the first message on; a message that was received is hidden for the visibility timeout,
or for as long as ChangeMessageVisibility says; a batch is deleted when the function returns, and comes
again when it raises; what was received too often goes to the queue for dead letters.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.loopback import Loopback, Reply, Request, aws_error
from tests.stand_ins.timeline import Timeline

ARN = "arn:aws:sqs:us-east-1:123456789012:user-changes"

Function = Callable[[dict[str, Any]], object]


@dataclass
class Message:
    """One message. `visible` is when it may be received again."""

    id: int
    body: str
    visible: float = 0
    received: int = 0
    gone: bool = False

    def record(self) -> dict[str, Any]:
        """The message as the function gets it."""
        return {
            "messageId": f"message-{self.id}",
            "receiptHandle": str(self.id),
            "body": self.body,
            "attributes": {"ApproximateReceiveCount": str(self.received)},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": ARN,
            "awsRegion": "us-east-1",
        }


@dataclass
class Poller:
    """One of Lambda's pollers, and what it has gathered."""

    batch: list[Message] = field(default_factory=list)
    invoking: bool = False


class ChangeQueue(Loopback):
    """The queue, its pollers and the function; served, for the function's calls of SQS."""

    def __init__(
        self,
        timeline: Timeline,
        function: Function,
        *,
        window: float = 30,
        visibility: float = 5430,
        most_received: int = 100,
        concurrency: int = 2,
    ) -> None:
        super().__init__(self.answer)
        self._timeline, self._function = timeline, function
        self._window, self._visibility, self._most_received = window, visibility, most_received
        self._pollers = [Poller() for _ in range(concurrency)]
        self.messages: list[Message] = []
        self.dead: list[Message] = []
        self.invocations = 0

    def send(self, body: str) -> None:
        """A message arrives now."""
        message = Message(len(self.messages), body)
        self.messages.append(message)
        self._offer(message)

    def answer(self, request: Request) -> Reply:
        """What the function asks: to see a message again soon, and to delete others."""
        asked = json.loads(request.body)
        match request.headers.get("x-amz-target"):
            case "AmazonSQS.ChangeMessageVisibility":
                message = self.messages[int(asked["ReceiptHandle"])]
                message.visible = self._timeline.now + asked["VisibilityTimeout"]
                return Reply(200, "{}")
            case "AmazonSQS.DeleteMessageBatch":
                for entry in asked["Entries"]:
                    self.messages[int(entry["ReceiptHandle"])].gone = True
                done = [{"Id": entry["Id"]} for entry in asked["Entries"]]
                return Reply(200, json.dumps({"Successful": done, "Failed": []}))
        return aws_error(400, "UnsupportedOperation", "Not known here.")

    def _offer(self, message: Message) -> None:
        """Give a visible message to the poller that has gathered least, if one is free."""
        free = [poller for poller in self._pollers if not poller.invoking]
        if message.gone or message.visible > self._timeline.now or not free:
            return
        if message.received == self._most_received:
            message.gone = True
            self.dead.append(message)
            return
        poller = min(free, key=lambda each: len(each.batch))
        message.received += 1
        message.visible = self._timeline.now + self._visibility
        poller.batch.append(message)
        if len(poller.batch) == 1:
            self._timeline.at(self._timeline.now + self._window, lambda: self._invoke(poller))

    def _invoke(self, poller: Poller) -> None:
        poller.invoking = True
        self.invocations += 1
        self._timeline.start(lambda: self._run(poller))

    def _run(self, poller: Poller) -> None:
        batch = poller.batch
        try:
            self._function({"Records": [message.record() for message in batch]})
        except Exception:  # noqa: BLE001 - as in Lambda, the batch comes again
            for message in batch:
                if not message.gone:
                    self._timeline.at(message.visible, self._offer_all)
        else:
            for message in batch:
                message.gone = True
        poller.batch, poller.invoking = [], False
        self._timeline.at(self._timeline.now, self._offer_all)

    def _offer_all(self) -> None:
        for message in self.messages:
            self._offer(message)
