"""HTTP -> Bolt: API Gateway's HTTP API, payload 2.0, `POST /slack/events`.

Bolt's own adapter for Lambda parses a request before its signature is checked, and passes all headers on.
"""

from __future__ import annotations

import base64
import binascii
import gc
import json
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from bot.telemetry import begin, emit
from core.errors import ExtensionsError

if TYPE_CHECKING:
    from slack_bolt import App, BoltRequest, BoltResponse

    from bot.slack.verification import SlackSignature, Unparsed

_log = logging.getLogger(__name__)

# Bolt reads orders from headers of this name, and Slack's signature does not cover headers.
_BOLTS_OWN = "x-slack-bolt-"

Response = dict[str, Any]


class BadRequest(ValueError):
    """When an event is no HTTP request that Slack would make; `status` is the HTTP status that says so."""

    def __init__(self, status: int = 400) -> None:
        super().__init__(status)
        self.status = status


def handler(event: Any, context: Any) -> Response:
    """Answer one HTTP request; what is wrong with the settings is said and logged."""
    begin(context)
    try:
        with no_collecting():
            from bot.wiring import installation

            here = installation()
            app, signature = here.app, here.signature
    except ExtensionsError as error:
        _log.error("The app can't start: %s", error)
        emit(SlackErrors=1)
        return _response(500, str(error))
    return respond(app, signature, event)


@contextmanager
def no_collecting() -> Iterator[None]:
    """Without the garbage collector: starting makes no garbage, and looking for some takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def warm() -> None:
    """Build what every request needs, before the snapshot that SnapStart starts containers from is taken."""
    from bot.wiring import installation

    with suppress(ExtensionsError):
        installation().warm()


# Lambda's Python has this library; where it is missing, there is no SnapStart either.
with suppress(ImportError):
    from snapshot_restore_py import register_before_snapshot  # type: ignore[import-untyped]

    register_before_snapshot(warm)


def respond(app: App, signature: SlackSignature, event: Any) -> Response:
    """Have the app answer the request of an API Gateway event; 4xx for what is none."""
    try:
        request = _unparsed(event)
        return _converted(signature.check(request, lambda: app.dispatch(_parsed(request))))
    except BadRequest as error:
        return _response(error.status, "This takes Slack's requests only.")
    except Exception as error:  # noqa: BLE001 - the last resort: nothing of Lambda's own goes to Slack
        _log.error("A request could not be answered: %s", type(error).__name__)
        emit(SlackErrors=1)
        return _response(500, "Something went wrong.")


def _unparsed(event: Any) -> Unparsed:
    """The event's body and headers. Raises BadRequest with the HTTP status."""
    from bot.slack.verification import Unparsed

    try:
        method = event["requestContext"]["http"]["method"]
        headers = {str(key).lower(): [str(value)] for key, value in (event.get("headers") or {}).items()}
    except (KeyError, TypeError, AttributeError) as error:
        raise BadRequest from error
    if method != "POST":
        raise BadRequest(405)
    return Unparsed(_body(event), headers)


def _parsed(request: Unparsed) -> BoltRequest:
    """The request as Bolt reads it. Raises BadRequest, since Bolt trips over JSON that isn't Slack's."""
    headers: dict[str, str | Sequence[str]] = {
        name: values for name, values in request.headers.items() if not name.startswith(_BOLTS_OWN)
    }
    from slack_bolt import BoltRequest

    try:
        return BoltRequest(body=request.raw_body, headers=headers)
    except Exception as error:
        raise BadRequest from error


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
