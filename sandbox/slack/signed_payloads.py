"""The payloads that Slack sends for each thing a person does, signed, in API Gateway's form. Pure."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct
from slack_sdk.signature import SignatureVerifier

from sandbox.aws.connect_users import Person

Json = dict[str, Any]

TEAM_ID, TEAM_DOMAIN, APP_ID = "T0SANDBOX0", "sandbox", "A0SANDBOX0"
BOT_USER_ID, BOT_ID, BOT_NAME = "U0BOT00000", "B0BOT00000", "bot"
CHANNEL_ID, CHANNEL_NAME = "C0CONNECT0", "connect-desk"
PATH, TOOLS_PATH = "/slack/events", "/slack/mcp"

_FORM, _JSON = "application/x-www-form-urlencoded", "application/json"
_MENTION = re.compile(r"(?<!\S)@([\w.'-]*\w)")
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)+")
_TEAM = {"id": TEAM_ID, "domain": TEAM_DOMAIN}
CHANNEL = {"id": CHANNEL_ID, "name": CHANNEL_NAME}


class Member(Struct, frozen=True):
    """A member of the Slack workspace. `handle` is the name after an @."""

    id: str
    name: str
    handle: str
    email: str

    @classmethod
    def of(cls, person: Person) -> Member:
        """A Connect user, who is in Slack by the same email."""
        name = f"{person.first_name} {person.last_name}".strip()
        handle = person.username.partition("@")[0]
        return cls(member_id(person.id), name, handle, person.email)

    @property
    def direct_channel(self) -> str:
        """The conversation of this member with the bot."""
        return f"D{self.id[1:]}"


def member_id(user_id: str) -> str:
    """The Slack id of a Connect user."""
    return "U" + user_id.replace("-", "")[:10].upper()


class Payload(Struct, frozen=True):
    """One request of Slack's before it is signed: form fields, or else JSON."""

    fields: Mapping[str, str] | None = None
    data: Json | None = None
    path: str = PATH

    def signed(self, secret: str, at: int) -> Json:
        """The request as API Gateway's HTTP API hands it on (payload 2.0). `at`: seconds of Unix time."""
        body = json.dumps(self.data) if self.fields is None else urlencode(self.fields)
        signature = SignatureVerifier(secret).generate_signature(timestamp=str(at), body=body)
        headers = {
            "content-type": _JSON if self.fields is None else _FORM,
            "host": "sandbox.execute-api.us-east-1.amazonaws.com",
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "x-slack-request-timestamp": str(at),
            "x-slack-signature": signature,
        }
        return _gateway_event(self.path, headers, body, is_text=self.fields is None)


def _gateway_event(path: str, headers: Json, body: str, is_text: bool) -> Json:
    """API Gateway takes a form for bytes, and so encodes it."""
    return {
        "version": "2.0",
        "routeKey": f"POST {path}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "http": {"method": "POST", "path": path, "protocol": "HTTP/1.1", "sourceIp": "127.0.0.1"},
            "routeKey": f"POST {path}",
            "stage": "$default",
        },
        "body": body if is_text else base64.b64encode(body.encode()).decode(),
        "isBase64Encoded": not is_text,
    }


def typed_text(text: str, find: Callable[[str], Member | None], emails: bool) -> str:
    """Typed text as Slack sends it: escaped, @names as ids; in messages, `emails` as links."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = _EMAIL.sub(r"<mailto:\g<0>|\g<0>>", text) if emails else text

    def mention(found: re.Match[str]) -> str:
        member = find(found[1])
        return f"<@{member.id}>" if member else found[0]

    return _MENTION.sub(mention, text)


def command(member: Member, name: str, text: str, response_url: str, trigger: str) -> Payload:
    """A slash command, typed in the channel."""
    fields = {
        "token": "verification",
        "team_id": TEAM_ID,
        "team_domain": TEAM_DOMAIN,
        "channel_id": CHANNEL_ID,
        "channel_name": CHANNEL_NAME,
        "user_id": member.id,
        "user_name": member.handle,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger,
    }
    return Payload(fields=fields)


def mention(member: Member, text: str, ts: str, thread: str = "") -> Payload:
    """The bot is mentioned in the channel, or in a thread there."""
    said = {"text": f"<@{BOT_USER_ID}> {text}", "channel": CHANNEL_ID, "ts": ts, "event_ts": ts}
    said |= {"thread_ts": thread} if thread else {}
    return _event({"type": "app_mention", "user": member.id, "team": TEAM_ID, **said}, ts)


def direct_message(member: Member, text: str, ts: str, thread: str = "") -> Payload:
    """The bot is written to, or in a thread of that conversation."""
    where = {"channel": member.direct_channel, "channel_type": "im", "ts": ts, "event_ts": ts}
    where |= {"thread_ts": thread} if thread else {}
    return _event({"type": "message", "user": member.id, "team": TEAM_ID, "text": text, **where}, ts)


def home_opened(member: Member, ts: str, view: Json | None) -> Payload:
    """The member looks at the app's Home. `view` is what is published there."""
    event = {"type": "app_home_opened", "user": member.id, "channel": member.direct_channel, "tab": "home"}
    return _event(event | {"event_ts": ts} | ({"view": view} if view else {}), ts)


def _event(event: Json, ts: str) -> Payload:
    authorization = {
        "team_id": TEAM_ID,
        "user_id": BOT_USER_ID,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return Payload(
        data={
            "token": "verification",
            "team_id": TEAM_ID,
            "api_app_id": APP_ID,
            "event": event,
            "type": "event_callback",
            "event_id": f"Ev{ts.replace('.', '')}",
            "event_time": int(float(ts)),
            "authorizations": [authorization],
            "is_ext_shared_channel": False,
        }
    )


def tool_call(member: Member, name: str, arguments: Json) -> Payload:
    """A call of a tool by Slackbot, for a member who asked it something."""
    asker = {"user_id": member.id, "team_id": TEAM_ID, "enterprise_id": None}
    params = {"name": name, "arguments": arguments, "_meta": {"slack": asker}}
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    return Payload(data=message, path=TOOLS_PATH)


def interaction(member: Member, kind: str, **more: Any) -> Payload:
    """A shortcut, an action or something about a modal; `more` is what this kind of payload has beside."""
    user = {"id": member.id, "username": member.handle, "name": member.handle, "team_id": TEAM_ID}
    payload = {
        "type": kind,
        "team": _TEAM,
        "user": user,
        "api_app_id": APP_ID,
        "token": "verification",
        "enterprise": None,
        "is_enterprise_install": False,
    }
    return Payload(fields={"payload": json.dumps(payload | more)})


def in_message(message: Json, channel: str, ephemeral: bool, response_url: str, state: Json) -> Json:
    """The part of a payload that says in which message something was done; Slack keeps no ephemeral ones."""
    place = {"type": "message", "message_ts": message["ts"], "channel_id": channel, "is_ephemeral": ephemeral}
    name = CHANNEL_NAME if channel == CHANNEL_ID else "directmessage"
    where = {"container": place, "channel": {"id": channel, "name": name}, "response_url": response_url}
    return where | {"state": {"values": state}} | ({} if ephemeral else {"message": message})


def in_view(view: Json) -> Json:
    """The part of a payload that says in which modal or Home something was done."""
    return {"container": {"type": "view", "view_id": view["id"]}, "view": view}
