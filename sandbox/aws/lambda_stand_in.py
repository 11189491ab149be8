"""A stand-in for AWS Lambda's Invoke: functions of this process, called over HTTP on loopback."""

from __future__ import annotations

import json
import threading
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from msgspec import Struct, field

from sandbox.loopback import Loopback, Reply, Request, aws_error

Handler = Callable[[Any, Any], Any]

_PREFIX, _SUFFIX = "/2015-03-31/functions/", "/invocations"


class LambdaContext(Struct, frozen=True):
    """The context that Lambda hands a handler beside the event."""

    function_name: str
    aws_request_id: str = field(default_factory=lambda: str(uuid.uuid4()))
    function_version: str = "$LATEST"
    memory_limit_in_mb: int = 512

    @property
    def invoked_function_arn(self) -> str:
        return f"arn:aws:lambda:us-east-1:123456789012:function:{self.function_name}"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """There is no time-out here."""
        return 900_000


class LambdaStandIn(Loopback):
    """Functions by name. Asynchronous invocations wait in a queue until `drain`, as in AWS.

    `failed` hears of asynchronous invocations that raised, which nobody else would.
    """

    def __init__(
        self, functions: Mapping[str, Handler], failed: Callable[[str, BaseException], None]
    ) -> None:
        super().__init__(self.answer)
        self._functions, self._failed = functions, failed
        self._queue: deque[tuple[str, Any]] = deque()

    def call(self, name: str, event: Any) -> Any:
        """Run a function here and now. Raises whatever it raises."""
        return self._functions[name](event, LambdaContext(name))

    def call_later(self, name: str, event: Any) -> None:
        """Have an event wait for a function, until `drain`."""
        self._queue.append((name, event))

    def drain(self) -> None:
        """Run what was invoked asynchronously, and what that invokes, each in a thread; return at the end."""
        while self._queue:
            worker = threading.Thread(target=self._run, args=self._queue.popleft(), daemon=True)
            worker.start()
            worker.join()

    def _run(self, name: str, event: Any) -> None:
        try:
            self.call(name, event)
        except Exception as error:  # noqa: BLE001 - as in Lambda, the function's failure ends there
            self._failed(name, error)

    def answer(self, request: Request) -> Reply:
        """One request of the Invoke operation."""
        path = urlsplit(request.path).path
        name = unquote(path.removeprefix(_PREFIX).removesuffix(_SUFFIX)).rpartition(":")[2]
        if request.method != "POST" or path != f"{_PREFIX}{name}{_SUFFIX}" or name not in self._functions:
            return aws_error(404, "ResourceNotFoundException", f"There is no function {name} here.")
        try:
            event = json.loads(request.body or b"{}")
        except ValueError:
            return aws_error(400, "InvalidRequestContentException", "The payload is not JSON.")
        if request.headers.get("x-amz-invocation-type") == "Event":
            self.call_later(name, event)
            return Reply(202)
        return self._synchronous(name, event)

    def _synchronous(self, name: str, event: Any) -> Reply:
        try:
            return Reply(200, json.dumps(self.call(name, event)))
        except Exception as error:  # noqa: BLE001 - it goes to whoever called
            said = json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)})
            return Reply(200, said, {"Content-Type": "application/json", "X-Amz-Function-Error": "Unhandled"})
