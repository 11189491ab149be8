"""HTTP -> Bolt: API Gateway's HTTP API, payload 2.0, `POST /slack/events`; `POST /slack/mcp` -> tools.

Bolt's own adapter for Lambda parses a request before its signature is checked, and passes all headers on.
"""

from __future__ import annotations

import base64
import binascii
import json
import logging
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any, Protocol

from bot.cold_start import without_collecting
from bot.telemetry import begin, emit, prepare
from core.errors import ExtensionsError

if TYPE_CHECKING:
    from slack_bolt import App, BoltRequest, BoltResponse

    from bot.mcp import Tools
    from bot.slack.verification import SlackSignature, Unparsed

_log = logging.getLogger(__name__)

# Bolt reads orders from headers of this name, and Slack's signature does not cover headers.
_BOLTS_OWN = "x-slack-bolt-"

# Where Slackbot asks for tools. Its client reads why it was refused in the body alone.
_MCP = "/slack/mcp"
_REFUSED = {"code": -32001, "message": "This takes Slack's requests only."}
_FAILED = {"code": -32603, "message": "This could not be answered now. Ask again."}

# An acknowledgement is due in 3 seconds; the way to Slack and back takes some of them.
_DEADLINE = 2.5

Response = dict[str, Any]


class BadRequest(ValueError):
    """When an event is no HTTP request that Slack would make; `status` is the HTTP status that says so."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(status)
        self.status = status


class SlackSide(Protocol):
    """The check of signatures, the app, the tools. `changed_signature` is None while the secret is the same.

    Each may raise what reading the secret raises.
    """

    @property
    def signature(self) -> SlackSignature: ...

    @property
    def app(self) -> App: ...

    @property
    def tools(self) -> Tools: ...

    def changed_signature(self) -> SlackSignature | None: ...


def handler(event: Any, context: Any) -> Response:
    """Answer one HTTP request. The log says what is wrong with the settings; the response does not."""
    started = time.monotonic()
    with without_collecting():
        try:
            begin(context)
            from bot.wiring import installation

            here = installation()
        except ExtensionsError as error:
            _log.error("The app can't start: %s", error)
            emit(SlackErrors=1)
            return _response(500, "Something went wrong.")
        return respond(here, event, started=started)


def warm() -> None:
    """Build what every request needs, before the snapshot that SnapStart starts containers from is taken."""
    with without_collecting(), suppress(ExtensionsError):
        from bot.wiring import installation

        prepare()
        installation().warm()


# Lambda's Python has this library; where it is missing, there is no SnapStart either.
with suppress(ImportError):
    from snapshot_restore_py import register_before_snapshot  # type: ignore[import-untyped]

    register_before_snapshot(warm)


def respond(
    slack: SlackSide, event: Any, seconds: float = _DEADLINE, started: float | None = None
) -> Response:
    """Answer the request of an API Gateway event by the app; 4xx for an event that is no request.

    The answer comes within `seconds` after `started`, a time of `time.monotonic`; None is now.
    """
    until = (time.monotonic() if started is None else started) + seconds
    response = _responded(slack, event, until)
    refused = response["statusCode"] >= 400 and _path(event) == _MCP
    if refused:
        why = _REFUSED if response["statusCode"] < 500 else _FAILED
        response["body"] = json.dumps({"jsonrpc": "2.0", "id": None, "error": why})
    return response


def _responded(slack: SlackSide, event: Any, until: float) -> Response:
    try:
        return _converted(_answer(slack, _unparsed(event), until))
    except BadRequest as error:
        return _response(error.status, "This takes Slack's requests only.")
    except Exception as error:  # noqa: BLE001 - the last resort: nothing of Lambda's own goes to Slack
        # The sentence of an error of ours names what to put right; others may quote what somebody wrote.
        said = str(error) if isinstance(error, ExtensionsError) else type(error).__name__
        _log.error("A request could not be answered: %s", said)
        emit(SlackErrors=1)
        return _response(500, "Something went wrong.")


def _answer(slack: SlackSide, request: Unparsed, until: float) -> BoltResponse:
    """The answer to a request, or a sentence when its time is up: one deadline for all that it calls."""
    from bot.slack.deadline import answer_until
    from bot.slack.errors import too_late
    from bot.slack.verification import may_be_signed, unsigned

    if not may_be_signed(request.headers):
        return unsigned()
    body: dict[str, Any] = {}

    def dispatch() -> BoltResponse:
        if request.path == _MCP:
            return _by_tools(slack.tools, request, body)
        try:
            parsed = _parsed(request)
            body.update(parsed.body)
            return slack.app.dispatch(parsed)
        except Exception as error:  # errors of ours are answered: Bolt tripped
            _log.warning("A signed request was refused: it does not look like Slack's.")
            raise BadRequest from error

    def work() -> BoltResponse:
        answer_until(until)
        answer = slack.signature.check(request, dispatch)
        changed = slack.changed_signature() if answer.status == 401 else None
        return changed.check(request, dispatch) if changed else answer

    return _within(max(0, until - time.monotonic()), work) or too_late(body)


def _by_tools(tools: Tools, request: Unparsed, body: dict[str, Any]) -> BoltResponse:
    """The answer to a JSON-RPC message: 202 for a notification, which gets none."""
    from slack_bolt import BoltResponse

    message = tools.read(request.raw_body)
    body.update(type="tools", id=message.get("id"))
    answer = tools.answer(message)
    return BoltResponse(status=200, body=answer) if answer else BoltResponse(status=202)


def _within(seconds: float, work: Callable[[], BoltResponse]) -> BoltResponse | None:
    """Do the work in a thread; None when it takes longer. Raises what the work raises.

    Timeouts of single calls can't add up to a deadline, and looking up a host's name has none.
    """
    future: Future[BoltResponse] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is taken
            future.set_exception(error)

    Thread(target=run, daemon=True, name="request").start()
    try:
        return future.result(seconds)
    except TimeoutError:
        if future.done():
            raise
        return None


def _path(event: Any) -> str:
    """The path of a request; "" where the event has none."""
    with suppress(KeyError, TypeError):
        return str(event["requestContext"]["http"]["path"])
    return ""


def _unparsed(event: Any) -> Unparsed:
    """The event's body and headers. Raises BadRequest with the HTTP status."""
    from bot.slack.verification import Unparsed, may_be_signed

    try:
        method = event["requestContext"]["http"]["method"]
        headers = {str(key).lower(): [str(value)] for key, value in (event.get("headers") or {}).items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest from error
    if method != "POST":
        raise BadRequest(405)
    # Nobody decodes a body that can't be Slack's.
    return Unparsed(_body(event) if may_be_signed(headers) else "", headers, path=_path(event))


def _parsed(request: Unparsed) -> BoltRequest:
    """The request as Bolt reads it."""
    headers: dict[str, str | Sequence[str]] = {
        name: values for name, values in request.headers.items() if not name.startswith(_BOLTS_OWN)
    }
    from slack_bolt import BoltRequest

    return BoltRequest(body=request.raw_body, headers=headers)


def _body(event: dict[str, Any]) -> str:
    body = event.get("body") or ""
    if not isinstance(body, str):
        raise BadRequest
    if not event.get("isBase64Encoded"):
        return body
    try:
        return base64.b64decode(body, validate=True).decode()
    except (binascii.Error, ValueError) as error:
        raise BadRequest from error


def _converted(response: BoltResponse) -> Response:
    headers = {key: ", ".join(values) for key, values in response.headers.items()}
    return {
        "statusCode": response.status,
        "headers": headers,
        "body": response.body,
        "isBase64Encoded": False,
    }


def _response(status: int, text: str) -> Response:
    body = json.dumps({"text": text}, ensure_ascii=False)
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json;charset=utf-8"},
        "body": body,
        "isBase64Encoded": False,
    }
