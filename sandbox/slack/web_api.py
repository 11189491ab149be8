"""Slack's Web API and response URLs over HTTP, on a workspace."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import parse_qsl

from sandbox.loopback import Reply, Request
from sandbox.slack.signed_payloads import BOT_ID, BOT_NAME, BOT_USER_ID, TEAM_DOMAIN, TEAM_ID, Json
from sandbox.slack.workspace import SlackRefusal, Workspace

_TEXT = {"Content-Type": "text/plain"}
_AUTH = {
    "url": f"https://{TEAM_DOMAIN}.slack.com/",
    "team": TEAM_DOMAIN,
    "team_id": TEAM_ID,
    "user": BOT_NAME,
    "user_id": BOT_USER_ID,
    "bot_id": BOT_ID,
    "is_enterprise_install": False,
}


class WebApi:
    """Answers the bot's HTTP requests. Each refusal is also said aloud."""

    def __init__(self, workspace: Workspace, token: str, say: Callable[[str], None]) -> None:
        self._workspace, self._token, self._say = workspace, token, say

    def answer(self, request: Request) -> Reply:
        """One HTTP request: a method of the Web API, or a post to a response_url."""
        path = request.path.strip("/")
        if path.startswith("response/"):
            return self._respond(path.removeprefix("response/"), request)
        return Reply(200, json.dumps(self._call(path.removeprefix("api/"), request)))

    def _call(self, method: str, request: Request) -> Json:
        try:
            return {"ok": True, **self._called(method, request)}
        except SlackRefusal as refusal:
            self._say(f"Slack refuses {method}: {refusal}")
            return {"ok": False, "error": str(refusal)}

    def _called(self, method: str, request: Request) -> Json:
        fields = _fields(request)
        sent = request.headers.get("authorization", "").removeprefix("Bearer ")
        if (sent or fields.get("token")) != self._token:
            raise SlackRefusal("invalid_auth")
        if method not in METHODS:
            raise SlackRefusal("unknown_method")
        return METHODS[method](self._workspace, fields)

    def _respond(self, name: str, request: Request) -> Reply:
        try:
            self._workspace.respond(self._workspace.right(name), _fields(request))
        except SlackRefusal as refusal:
            self._say(f"Slack refuses an answer by response_url: {refusal}")
            return Reply(404 if str(refusal).endswith("_url") else 400, str(refusal), _TEXT)
        return Reply(200, "ok", _TEXT)


def _user(workspace: Workspace, fields: Json) -> Json:
    member = workspace.member(fields.get("user"))
    names = {"real_name": member.name, "display_name": member.name.partition(" ")[0]}
    return {
        "user": {
            "id": member.id,
            "team_id": TEAM_ID,
            "name": member.handle,
            "real_name": member.name,
            "deleted": False,
            "is_bot": False,
            "tz": "Etc/UTC",
            "tz_offset": 0,
            "profile": {**names, "email": member.email},
        }
    }


def _user_by_email(workspace: Workspace, fields: Json) -> Json:
    for member in [*workspace.members.values()]:
        if member.email == fields.get("email"):
            return _user(workspace, {"user": member.id})
    raise SlackRefusal("users_not_found")


def _conversation(workspace: Workspace, fields: Json) -> Json:
    return {"channel": {"id": workspace.member(fields.get("users")).direct_channel}}


METHODS: dict[str, Callable[[Workspace, Json], Json]] = {
    "api.test": lambda _workspace, _fields: {},
    "auth.test": lambda _workspace, _fields: _AUTH,
    "chat.delete": Workspace.delete,
    "chat.postEphemeral": Workspace.post_ephemeral,
    "chat.postMessage": Workspace.post_message,
    "chat.update": Workspace.update,
    "conversations.open": _conversation,
    "usergroups.list": lambda _workspace, _fields: {"usergroups": []},
    "usergroups.users.list": lambda _workspace, _fields: {"users": []},
    "users.info": _user,
    "users.lookupByEmail": _user_by_email,
    "views.open": Workspace.open_view,
    "views.publish": Workspace.publish,
    "views.push": lambda workspace, fields: workspace.open_view(fields, on_top=True),
    "views.update": Workspace.update_view,
}


def _fields(request: Request) -> Json:
    """The fields of a request: JSON, or a form in which some values are JSON. Raises SlackRefusal."""
    text = request.body.decode(errors="replace")
    try:
        if request.headers.get("content-type", "").startswith("application/json"):
            found = json.loads(text or "{}")
            return found if isinstance(found, dict) else {}
        fields: Json = dict(parse_qsl(text, keep_blank_values=True))
        return fields | {name: json.loads(fields[name]) for name in ("blocks", "view") if name in fields}
    except ValueError:
        raise SlackRefusal("invalid_json") from None
