"""Slack's requests, signed, as API Gateway's HTTP API hands them on."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from typing import Any
from urllib.parse import urlencode

from tests.bot.slack.recorder import BOT_USER, TEAM

Json = dict[str, Any]

SECRET = "shh"
CHANNEL, DIRECT = "C0DESK", "D0JANE"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def http(
    body: str, content_type: str, *, secret: str = SECRET, age: int = 0, headers: Json | None = None
) -> Json:
    """A signed request; `age` is how many seconds ago Slack sent it, `headers` are added unsigned."""
    at = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{at}:{body}".encode(), hashlib.sha256).hexdigest()
    signed = {
        "content-type": content_type,
        "x-slack-request-timestamp": at,
        "x-slack-signature": f"v0={digest}",
    }
    return {
        "version": "2.0",
        "headers": signed | (headers or {}),
        "rawQueryString": "",
        "requestContext": {"http": {"method": "POST", "path": "/slack/events"}},
        "body": base64.b64encode(body.encode()).decode(),
        "isBase64Encoded": True,
    }


def tools(message: Any, **more: Any) -> Json:
    """A JSON-RPC message to the tools, as Slackbot's client sends it."""
    body = message if isinstance(message, str) else json.dumps(message)
    return http(body, JSON, **more) | {"requestContext": {"http": {"method": "POST", "path": "/slack/mcp"}}}


def command(name: str, text: str, user: str, response_url: str, *, team: str = TEAM, **more: str) -> Json:
    """A slash command."""
    fields = {
        "command": name,
        "text": text,
        "user_id": user,
        "team_id": team,
        "channel_id": CHANNEL,
        "response_url": response_url,
        "trigger_id": "1.trigger",
        **more,
    }
    return http(urlencode(fields), FORM)


def event(inner: Json, *, event_id: str = "Ev1", team: str = TEAM, **more: Any) -> Json:
    """An event of the Events API."""
    authorizations = [{"team_id": team, "user_id": BOT_USER, "is_bot": True}]
    body = {
        "type": "event_callback",
        "event_id": event_id,
        "team_id": team,
        "event": inner,
        "authorizations": authorizations,
        **more,
    }
    return http(json.dumps(body), JSON)


def mention(text: str, user: str, /, *, event_id: str = "Ev1", **inner: Any) -> Json:
    """A mention of the bot in a channel."""
    said = {"type": "app_mention", "user": user, "text": f"<@{BOT_USER}> {text}", "channel": CHANNEL}
    return event(said | {"ts": "100.1", "team": TEAM} | inner, event_id=event_id)


def direct(text: str, user: str, /, *, event_id: str = "Ev1", **inner: Any) -> Json:
    """A direct message to the bot."""
    said = {"type": "message", "channel_type": "im", "user": user, "text": text, "channel": DIRECT}
    return event(said | {"ts": "100.1", "team": TEAM} | inner, event_id=event_id)


def interaction(kind: str, user: str, *, team: str = TEAM, user_team: str = "", **more: Any) -> Json:
    """A shortcut, a button, a window: a form with one field of JSON."""
    who = {"id": user, "team_id": user_team or team}
    payload = {"type": kind, "team": {"id": team}, "user": who} | more
    return http(urlencode({"payload": json.dumps(payload)}), FORM)


def press(
    action: str, value: str, user: str, response_url: str = "", *, ephemeral: bool = True, **more: Any
) -> Json:
    """A button below a message, or in a window where there is no `response_url`."""
    where: Json = {"container": {"type": "message", "is_ephemeral": ephemeral}, "response_url": response_url}
    where = where if response_url else {"view": {"id": "V1", "type": "home", "callback_id": ""}}
    pressed = {"type": "button", "action_id": action, "value": value}
    return interaction("block_actions", user, **({"actions": [pressed], "trigger_id": "1"} | where | more))
