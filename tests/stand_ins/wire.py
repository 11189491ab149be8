"""Answers real boto3 clients in this process, counts their requests, and makes them fail on order.

botocore asks its `before-send` handlers for the answer before it opens a connection; parameters are
validated, signed and serialised before that, and the answer is parsed after it, as ever.
"""

from __future__ import annotations

import functools
import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Literal, NamedTuple, Protocol

import boto3
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from core.aws.clients import aws_client

# The credentials of every client.
KEY, SECRET = "key", "secret"
Kind = Literal["throttled", "failing", "dropped", "timeout", "denied", "conflict", "crash"]


class Crash(BaseException):
    """The process is gone: nothing of it runs any more, not even its `except Exception`."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What goes wrong with one request: before it takes effect, or `after`, so that its answer is lost.

    `code` and `status` replace the service's usual ones; `reasons` are those of a cancelled transaction.
    """

    kind: Kind
    after: bool = False
    code: str = ""
    status: int = 0
    reasons: tuple[str, ...] = ()


# Asked before each request, with the operation and how many requests of it there have been (from 1).
# It may also do something of its own, such as let another process run first.
FaultHook = Callable[[str, int], Fault | None]


class Reply(NamedTuple):
    """An answer before botocore reads it."""

    status: int
    body: bytes
    headers: Mapping[str, str] = {}


class Service(Protocol):
    """What a wire leads to."""

    name: str
    # The usual status and code of each kind of fault.
    errors: Mapping[Kind, tuple[int, str]]

    def respond(self, operation: str, request: Any) -> Reply | None:
        """Answer; None drops the connection."""

    def refuse(self, operation: str, status: int, code: str, reasons: tuple[str, ...]) -> Reply:
        """An error in the words of the service."""


class Process:
    """A process that calls AWS. Once it has crashed, each of its clients raises Crash, whatever is called."""

    def __init__(self) -> None:
        self.gone = False

    def crash(self) -> None:
        """Be gone. Raises Crash."""
        self.gone = True
        raise Crash

    def live(self) -> None:
        """Raises Crash where the process is gone."""
        if self.gone:
            raise Crash


class Wire:
    """The way from clients to one service. `latency` is in seconds, and is spent in `sleep`."""

    def __init__(
        self,
        service: Service,
        fault: FaultHook | None = None,
        latency: float = 0,
        sleep: Callable[[float], None] = lambda _: None,
    ) -> None:
        self.fault = fault
        self.latency = latency
        self._service = service
        self._sleep = sleep
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget the counts."""
        self.requests: Counter[str] = Counter()
        self.bytes_sent: Counter[str] = Counter()
        self.bytes_answered: Counter[str] = Counter()

    @functools.cached_property
    def _shared(self) -> Any:
        return self.client(Process())

    def client(self, process: Process | None = None) -> Any:
        """A client as the product makes it, on this wire. All who name no process share one client."""
        if process is None:
            return self._shared
        return self.attach(_new_client(self._service.name), process)

    def attach(self, client: Any, process: Process) -> Any:
        """Put a client on this wire: from now on its answers come from here."""
        send = functools.partial(self._send, process)
        client.meta.events.register(f"before-send.{self._service.name}", send)
        return client

    def _send(self, process: Process, request: Any, event_name: str, **_: Any) -> AWSResponse:
        process.live()
        operation = event_name.rpartition(".")[2]
        fault = self._admit(operation)
        process.live()
        reply = self._answer(process, operation, request, fault)
        if self.latency:
            self._sleep(self.latency)
        with self._lock:
            self.bytes_sent[operation] += _length(request.body)
            self.bytes_answered[operation] += len(reply.body)
        headers: Any = {"Content-Length": str(len(reply.body)), **reply.headers}
        return AWSResponse(request.url, reply.status, headers, _Raw(reply.body))

    def _admit(self, operation: str) -> Fault | None:
        with self._lock:
            self.requests[operation] += 1
            nth = self.requests[operation]
        return self.fault(operation, nth) if self.fault else None

    def _answer(self, process: Process, operation: str, request: Any, fault: Fault | None) -> Reply:
        if fault and not fault.after:
            return self._fail(process, operation, request, fault)
        reply = self._service.respond(operation, request)
        if fault:
            return self._fail(process, operation, request, fault)
        if reply is None:
            raise ConnectionClosedError(endpoint_url=request.url)
        return reply

    def _fail(self, process: Process, operation: str, request: Any, fault: Fault) -> Reply:
        if fault.kind == "crash":
            process.crash()
        if fault.kind == "dropped":
            raise ConnectionClosedError(endpoint_url=request.url)
        if fault.kind == "timeout":
            raise ReadTimeoutError(endpoint_url=request.url)
        status, code = self._service.errors[fault.kind]
        return self._service.refuse(operation, fault.status or status, fault.code or code, fault.reasons)


@functools.cache
def _session() -> boto3.Session:
    return boto3.Session(KEY, SECRET)


_session_lock = threading.Lock()


def _new_client(service: Any) -> Any:
    with _session_lock:  # a session is not to be shared by threads; its clients are
        return aws_client(service, "us-east-1", session=_session())


class _Raw(BytesIO):
    """A body in the form in which botocore reads it off a connection."""

    def stream(self, *_: Any, **__: Any) -> Iterator[bytes]:
        """The rest of it at once."""
        yield self.read()


def _length(body: Any) -> int:
    return len(body) if isinstance(body, bytes | str) else 0


def json_reply(status: int, said: Any, **headers: str) -> Reply:
    """An answer in JSON."""
    return Reply(status, json.dumps(said).encode(), {"Content-Type": "application/x-amz-json-1.0", **headers})
