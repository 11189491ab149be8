"""The table stand-in as a process of its own, which answers in 10 ms: `python -m benchmarks.table_server`.

The first line it prints is its URL. Beside DynamoDB it answers `GET /_stats`, `POST /_reset`, and
`POST /_older` and `POST /_history`, which fill the table as an installation of that age has it.
It ends when its input is closed.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from core.aws.reports import dump_history
from core.models import ChangeKind, ExtensionRange, HistoryEntry, iso
from sandbox.aws.sample_people import people
from sandbox.loopback import Loopback, Reply, Request
from tests.stand_ins import wire
from tests.stand_ins.dynamodb import TableStandIn

LATENCY = 0.01
HISTORY_DAYS, LINES = 365, 10


class TableServer:
    """One table over HTTP. An answer is held back until `latency` seconds have passed since it was asked."""

    def __init__(self, latency: float, agents: int) -> None:
        self._table = TableStandIn()
        self._latency = latency
        self._requests: Counter[str] = Counter()
        self._controls: dict[str, Callable[[Any], None]] = {
            "/_stats": lambda _: None,
            "/_reset": lambda _: self._requests.clear(),
            "/_older": lambda _: self._table.seed(older_rows(agents)),
            "/_history": lambda _: self._table.seed(history_rows()),
        }

    def answer(self, request: Request) -> Reply:
        """Answer DynamoDB's client, or who controls the benchmark."""
        if control := self._controls.get(request.path):
            control(json.loads(request.body or b"{}"))
            return Reply(200, json.dumps(self._requests))
        began = time.perf_counter()
        operation = request.headers["x-amz-target"].rpartition(".")[2]
        self._requests[operation] += 1
        reply = (
            self._written(request)
            if operation == "BatchWriteItem"
            else self._table.respond(operation, request)
        )
        time.sleep(max(0.0, self._latency - (time.perf_counter() - began)))
        return Reply(reply.status, reply.body.decode(), reply.headers)

    def _written(self, request: Request) -> wire.Reply:
        """BatchWriteItem, which only the baseline uses and the stand-in does not know."""
        for writes in json.loads(request.body)["RequestItems"].values():
            self._table.seed(write["PutRequest"]["Item"] for write in writes)
        return wire.json_reply(200, {"UnprocessedItems": {}})


def older_rows(agents: int) -> Iterator[Any]:
    """The table of the older project: one row for each number, and nothing else."""
    everybody = people(agents)
    for index, extension in enumerate(ExtensionRange.parse("0000-9999")):
        kind, value = ("agentID", everybody[index].username) if index < agents else ("nu", extension)
        yield {"pk": {"S": extension}, "sk": {"S": kind}, "sk_value": {"S": value}}


def history_rows() -> Iterator[Any]:
    """A year of an hourly sync that always had something to tell."""
    beginning = datetime.now(UTC) - timedelta(days=HISTORY_DAYS)
    for hour in range(HISTORY_DAYS * 24):
        moment = beginning + timedelta(hours=hour)
        line = HistoryEntry(
            ChangeKind.RELABELLED, "0042", "jdoe", "Jane Doe", iso(moment), "schedule", f"run-{hour}"
        )
        yield {
            "pk": {"S": f"change#{moment:%Y-%m-%d}"},
            "sk": {"S": f"{moment:%H:%M:%S.%f}#run-{hour}#00001"},
            "lines": {"S": dump_history([line] * LINES)},
            "ttl": {"N": str(int(moment.timestamp()) + 400 * 86400)},
        }


def main() -> None:
    """Serve until the input is closed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.table_server", description=main.__doc__)
    parser.add_argument("--latency", type=float, default=LATENCY, help="seconds")
    parser.add_argument("--agents", type=int, default=500, help="how many the older table has")
    chosen = parser.parse_args()
    with Loopback(TableServer(chosen.latency, chosen.agents).answer) as server:
        print(server.url, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
