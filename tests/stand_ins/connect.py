"""The sandbox's Connect instance, answering clients in this process rather than over HTTP."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sandbox import loopback
from sandbox.aws.connect_stand_in import ConnectStandIn
from sandbox.aws.connect_users import Instance
from tests.stand_ins.wire import FaultHook, Kind, Process, Reply, Wire, json_reply

if TYPE_CHECKING:
    from types_boto3_connect import ConnectClient


def modify(instance: Instance, count: int) -> None:
    """Rename the first `count` users of an instance, as a way to have that many changes."""
    for person in instance.people[:count]:
        last = person.last_name.removesuffix(" Jr")
        instance.rename(person.id, person.first_name, last if last != person.last_name else f"{last} Jr")


class HookedConnect(ConnectStandIn):
    """An instance that runs `hook` before each answer, with the operation and how many of it there were.

    A Refusal that the hook raises is the answer.
    """

    hook: Callable[[str, int], None] | None = None

    def admit(self, operation: str) -> None:
        """Let one request pass the quota, and the hook."""
        super().admit(operation)
        if self.hook:
            self.hook(operation, self.requests[operation])


class ConnectInProcess:
    """An instance on a wire. No page is longer than `page` users, however many are asked for."""

    name = "connect"
    errors: Mapping[Kind, tuple[int, str]] = {
        "throttled": (429, "TooManyRequestsException"),
        "failing": (500, "InternalServiceException"),
        "denied": (403, "AccessDeniedException"),
        "conflict": (409, "ResourceConflictException"),
    }

    def __init__(
        self,
        instance: ConnectStandIn,
        *,
        page: int = 1000,
        fault: FaultHook | None = None,
        latency: float = 0,
        sleep: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.wire = Wire(self, fault, latency, sleep)
        self.instance = instance
        self.page = page

    def client(self, process: Process | None = None) -> ConnectClient:
        """A client of this instance."""
        client: ConnectClient = self.wire.client(process)
        return client

    def refuse(self, operation: str, status: int, code: str, reasons: tuple[str, ...]) -> Reply:
        """An error as Connect words it."""
        said = {"Message": "The stand-in says so."}
        return json_reply(status, said, **{"x-amzn-ErrorType": code})

    def respond(self, operation: str, request: Any) -> Reply | None:
        """Answer one request as the sandbox does, with shorter pages."""
        url = urlsplit(request.url)
        query = re.sub(r"maxResults=(\d+)", lambda found: f"maxResults={self._most(found[1])}", url.query)
        path, body = f"{url.path}?{query}", self._shortened(request.body)
        reply = self.instance.answer(loopback.Request(request.method, path, {}, body))
        return Reply(reply.status, reply.body.encode(), reply.headers) if reply else None

    def _shortened(self, body: bytes | None) -> bytes:
        if not body:
            return b""
        asked = json.loads(body)
        if "MaxResults" in asked:
            asked["MaxResults"] = self._most(asked["MaxResults"])
        return json.dumps(asked).encode()

    def _most(self, asked: int | str) -> int:
        return min(int(asked), self.page)
