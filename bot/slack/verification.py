"""Who gets in: requests that Slack signed, that have Slack's shape, and that come from our workspace."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import Ack, BoltContext, BoltRequest, BoltResponse
from slack_bolt.middleware import Middleware
from slack_sdk.signature import SignatureVerifier

from bot.messages.help import another_workspace
from bot.slack.members import Own, Workspace
from bot.slack.payload import text_at

_log = logging.getLogger(__name__)

# Seconds have ten digits until the year 2286; Python refuses to read endless numbers by raising.
_LONGEST_TIMESTAMP = 12


class FromSlack(Middleware):
    """Refuses what Slack didn't sign within the last five minutes, and what Bolt couldn't read.

    Stands in for Bolt's own check, which logs the whole body of what it refuses.
    """

    def __init__(self, signing_secret: str) -> None:
        self._secret = signing_secret

    def process(
        self,
        *,
        req: BoltRequest,
        resp: BoltResponse,  # noqa: ARG002 - these are the names that Bolt passes
        next: Callable[[], Any],  # noqa: A002
    ) -> BoltResponse | None:
        """Let the request pass, or answer it with 401, or 400."""
        if req.mode != "socket_mode" and not self._signed(req):
            _log.warning("A request was refused: its signature is missing, wrong or old.")
            return BoltResponse(status=401, body={"error": "The signature is missing, wrong or old."})
        if not well_formed(req.body, req.context):
            _log.warning("A signed request was refused: it does not look like Slack's.")
            return BoltResponse(status=400, body={"error": "This is not a request as Slack makes them."})
        next()
        return None

    def _signed(self, request: BoltRequest) -> bool:
        timestamp = (request.headers.get("x-slack-request-timestamp") or [""])[0]
        signature = (request.headers.get("x-slack-signature") or [""])[0]
        if not (self._secret and timestamp.isascii() and timestamp.isdigit() and signature.isascii()):
            return False
        if len(timestamp) > _LONGEST_TIMESTAMP:
            return False
        return SignatureVerifier(self._secret).is_valid(request.raw_body, timestamp, signature)


def well_formed(body: Mapping[str, Any], context: Mapping[str, Any]) -> bool:
    """Whether Bolt can find out what the payload is without tripping over it."""
    return (
        ("command" in body or body.get("type") in _KINDS)
        and all(isinstance(body.get(key, ""), str) for key in ("command", "callback_id", "action_id"))
        and all(isinstance(context.get(key, ""), str) for key in _CONTEXT)
        and (body.get("type") != "event_callback" or _is_event(body.get("event")))
        and (body.get("type") != "block_actions" or _are_actions(body.get("actions")))
        and (not str(body.get("type", "")).startswith("view_") or _is_view(body.get("view")))
    )


_KINDS = (
    "url_verification",
    "app_rate_limited",
    "event_callback",
    "shortcut",
    "message_action",
    "block_actions",
    "block_suggestion",
    "view_submission",
    "view_closed",
)
_CONTEXT = ("team_id", "enterprise_id", "user_id", "channel_id", "response_url", "actor_team_id")


def _is_event(event: Any) -> bool:
    return isinstance(event, dict) and isinstance(event.get("type"), str)


def _are_actions(actions: Any) -> bool:
    return (
        isinstance(actions, list)
        and bool(actions)
        and all(isinstance(action, dict) and isinstance(action.get("action_id"), str) for action in actions)
    )


def _is_view(view: Any) -> bool:
    return isinstance(view, dict) and all(isinstance(view.get(key), str) for key in ("type", "callback_id"))


def our_workspace(
    body: dict[str, Any], context: BoltContext, ack: Ack, workspace: Workspace, next_: Callable[[], Any]
) -> BoltResponse | None:
    """Middleware: refuses requests of another workspace, and passes over its people in a shared channel."""
    own = workspace.own()
    if own is not None and not own.admits(context.team_id, context.enterprise_id):
        _log.warning("A request of another workspace was refused.")
        text = another_workspace().text
        return BoltResponse(status=403, body={"text": text}, headers={"x-slack-no-retry": "1"})
    if own is not None and not _is_one_of_us(own, body, context):
        return ack()
    next_()
    return None


def _is_one_of_us(own: Own, body: dict[str, Any], context: BoltContext) -> bool:
    """Whether the person is of our workspace; in a channel shared with another one that has to be shown."""
    if body.get("is_ext_shared_channel") is True:
        team, enterprise = context.actor_team_id, context.actor_enterprise_id
        return bool(team or enterprise) and own.admits(team or "", enterprise)
    return own.admits(text_at(body, "user", "team_id") or None, context.enterprise_id)
