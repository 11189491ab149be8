"""A recording Slack over HTTP on loopback: the Web API and `response_url`s, every payload checked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from sandbox.loopback import Loopback, Reply, Request
from tests.bot.slack.limits import check_message, check_view

Json = dict[str, Any]

TEAM, BOT_USER, BOT = "T0HOME", "U0BOT", "B0BOT"
ADMIN, JANE, STRANGER = "U0ADMIN", "U0JANE", "U0STRANGER"


@dataclass(frozen=True, slots=True)
class Call:
    """One request that the bot made: a method of the Web API, or `response` for a `response_url`."""

    method: str
    fields: Json


@dataclass
class RecordingSlack:
    """What the bot asked of Slack, in order. `failing` maps methods to an error, or an HTTP status.

    `closed` maps channels, and threads as `channel/ts`, to the error of posts there.
    The error "missing_scope users:read" names the scope. With `org_wide` the token is an organization's,
    and groups are asked for with their workspace. `faults` are payloads that Slack would have refused; the
    tests' fixture insists on none.
    """

    calls: list[Call] = field(default_factory=list)
    failing: dict[str, str | int] = field(default_factory=dict)
    profiles: dict[str, Json] = field(default_factory=dict)
    users: dict[str, Json] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    group_names: dict[str, str] = field(default_factory=dict)
    enterprise: str = ""
    org_wide: bool = False
    members: dict[str, Json] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    retry_after: int = 1
    once: set[str] = field(default_factory=set)
    closed: dict[str, str] = field(default_factory=dict)
    _http: Loopback = field(init=False)

    def __enter__(self) -> Self:
        self._http = Loopback(self._reply).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.stop()

    @property
    def url(self) -> str:
        """The base of the Web API."""
        return f"{self._http.url}/api/"

    @property
    def response_url(self) -> str:
        """An address for answers to a command or a button."""
        return f"{self._http.url}/response/1"

    def sent(self, method: str) -> list[Json]:
        """The payloads of one method, oldest first."""
        return [call.fields for call in self.calls if call.method == method]

    def _reply(self, request: Request) -> Reply:
        method = "response" if request.path.startswith("/response") else request.path.removeprefix("/api/")
        status, answer = self.answer(method, _fields(request.body.decode()))
        wait = {"Retry-After": str(self.retry_after)} if status == 429 else {}
        return Reply(status, json.dumps(answer), {"Content-Type": "application/json", **wait})

    def answer(self, method: str, fields: Json) -> tuple[int, Json]:
        """The HTTP status and body for one request."""
        self.calls.append(Call(method, fields))
        failing = self.failing.pop(method, None) if method in self.once else self.failing.get(method)
        if isinstance(failing, int):
            return failing, {"ok": False, "error": "ratelimited" if failing == 429 else "internal_error"}
        if failing:
            code, _, needed = failing.partition(" ")
            return 200, {"ok": False, "error": code, **({"needed": needed} if needed else {})}
        place = str(fields.get("channel"))
        shut = self.closed.get(place) or self.closed.get(f"{place}/{fields.get('thread_ts')}")
        if method == "chat.postMessage" and shut:
            return 200, {"ok": False, "error": shut}
        if method == "usergroups.users.list" and self.org_wide and fields.get("team_id") != TEAM:
            return 200, {
                "ok": False,
                "error": "no_such_subteam" if "team_id" in fields else "missing_argument",
            }
        if method == "users.lookupByEmail" and fields["email"] not in self.members:
            return 200, {"ok": False, "error": "users_not_found"}
        try:
            if method in _CHECKS:
                _CHECKS[method](fields)
        except Exception as fault:  # noqa: BLE001 - whatever a check trips over is a fault of the payload
            self.faults.append(f"{method}: {fault!r}")
        return 200, {"ok": True, **self._facts(method, fields)}

    def _facts(self, method: str, fields: Json) -> Json:
        match method:
            case "auth.test":
                own: Json = {"team_id": TEAM, "user_id": BOT_USER, "bot_id": BOT}
                if self.org_wide:
                    own |= {"team_id": self.enterprise, "is_enterprise_install": True}
                return own | ({"enterprise_id": self.enterprise} if self.enterprise else {})
            case "users.info":
                user = fields["user"]
                known = {"id": user, "profile": self.profiles.get(user, {})}
                return {"user": known | self.users.get(user, {})}
            case "users.lookupByEmail":
                return {"user": self.members.get(fields["email"], {})}
            case "usergroups.list":
                return {"usergroups": [{"id": each, "name": name} for each, name in self.group_names.items()]}
            case "usergroups.users.list":
                return {"users": self.groups.get(fields["usergroup"], [])}
            case _:
                return {"ts": "1.0", "view": {"id": "V1"}}


_CHECKS: dict[str, Callable[[Json], None]] = {
    "chat.postMessage": check_message,
    "response": check_message,
    "views.open": lambda fields: check_view(fields["view"]),
    "views.push": lambda fields: check_view(fields["view"]),
    "views.update": lambda fields: check_view(fields["view"]),
    "views.publish": lambda fields: check_view(fields["view"]),
}


def _fields(body: str) -> Json:
    """A form in which blocks and views are JSON, or JSON."""
    if body.startswith("{"):
        found: Json = json.loads(body)
        return found
    form: Json = dict(parse_qsl(body, keep_blank_values=True))
    for name in ("blocks", "view"):
        if name in form:
            form[name] = json.loads(form[name])
    for name in ("unfurl_links", "unfurl_media"):
        if name in form:
            form[name] = form[name] not in ("0", "False", "false")
    return form
