"""From a change in Amazon Connect to the number, in simulated time: the real sync function on stand-ins.

Connect has its default quota. Each transaction takes two seconds, many times what is measured, or what a
test says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from unittest.mock import patch

from bot import sync_lambda
from bot.wiring import installation
from core.aws.clients import aws_client
from core.aws.connect import ConnectInstance, Limiter
from core.aws.exports_and_links import S3Exports
from sandbox.aws.connect_users import INSTANCE_ARN, REGION, Person
from sandbox.loopback import Loopback, Reply, Request
from tests.stand_ins.change_queue import ChangeQueue
from tests.stand_ins.connect import HookedConnect
from tests.stand_ins.dynamodb import TABLE, TableStandIn
from tests.stand_ins.s3 import BUCKET, BucketStandIn
from tests.stand_ins.timeline import Timeline


class Place:
    """An installation with the queue of user changes, and the moments at which agents had a number."""

    def __init__(self, people: Iterable[Person]) -> None:
        self.timeline = Timeline()
        self.connect = HookedConnect(people, clock=lambda: self.timeline.now)
        self.table = TableStandIn(clock=lambda: self.timeline.now)
        self.queue = ChangeQueue(self.timeline, self._sync)
        self.write_seconds = 2.0
        self.numbered: dict[str, float] = {}
        self.syncs = 0

    def create(self, person: Person, at: float, events: Iterable[float] = (0.0,)) -> None:
        """Make a user at a moment; CloudTrail tells of it so many seconds later, once or oftener."""
        self.timeline.at(at, lambda: self.connect.join(person))
        for delay in events:
            self.timeline.at(at + delay, lambda: self.queue.send(_body("CreateUser", at)))

    def delete(self, person: Person, at: float) -> None:
        """Remove a user at a moment, and tell of it at once."""
        self.timeline.at(at, lambda: self.connect.leave(person.id))
        self.timeline.at(at, lambda: self.queue.send(_body("DeleteUser", at)))

    def hourly(self, at: float) -> None:
        """Let the schedule start a sync at a moment."""
        self.timeline.at(at, lambda: self.timeline.start(lambda: self._sync({})))

    def holders(self) -> dict[str, str]:
        """The extension of each agent, by user id, out of the agents' own rows."""
        rows = [row for row in self.table.items if row["sk"].get("S") == "extension"]
        return {row["pk"]["S"].removeprefix("user#"): row["sk_value"]["S"] for row in rows}

    def answer(self, request: Request) -> Reply:
        """DynamoDB's answer. It is held back before a write, so that a run lasts."""
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        if operation == "TransactWriteItems":
            self.timeline.pause(self.write_seconds)
        reply = self.table.respond(operation, request)
        return Reply(reply.status, reply.body.decode(), reply.headers)

    def _sync(self, event: dict[str, object]) -> None:
        """The sync function. Raises what it raises."""
        if sync_lambda.handler(event, None).get("skipped"):
            return
        self.syncs += 1
        for agent_id in self.holders():
            self.numbered.setdefault(agent_id, self.timeline.now)


def _body(call: str, at: float) -> str:
    """What the rule makes of CloudTrail's event."""
    return json.dumps({"call": call, "at": at})


@contextmanager
def place(people: Iterable[Person], extensions: str) -> Iterator[Place]:
    """An installation of these agents, none of whom has a number yet."""
    here = Place(people)
    with here.connect, here.queue, Loopback(here.answer) as table:
        environ = {
            "AWS_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_ENDPOINT_URL_CONNECT": here.connect.url,
            "AWS_ENDPOINT_URL_DYNAMODB": table.url,
            "AWS_ENDPOINT_URL_SQS": here.queue.url,
            "CONNECT_INSTANCE_ID": INSTANCE_ARN,
            "EXTENSIONS_TABLE": TABLE,
            "EXPORT_BUCKET": BUCKET,
            "EXTENSION_RANGE": extensions,
        }
        with patch.dict("os.environ", environ, clear=True):
            installed = installation()
            # Connect's limiter reads the simulated time. It never has to wait: the quota would tell.
            installed.connect = ConnectInstance(
                aws_client("connect", REGION),
                INSTANCE_ARN,
                lambda: Limiter(lambda: here.timeline.now, _never),
            )
            installed.exports = S3Exports(BucketStandIn().client(), BUCKET, 15)
            yield here


def _never(seconds: float) -> None:
    raise AssertionError(f"Connect's quota was not kept without waiting {seconds} s.")
