"""A workspace whose bot is played by the test: what the tests of the Slack stand-in share."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from slack_sdk import WebClient

from sandbox.loopback import Loopback
from sandbox.slack.member import SlackUser
from sandbox.slack.signed_payloads import CHANNEL_ID, Member
from sandbox.slack.web_api import WebApi
from sandbox.slack.workspace import Surface, Workspace
from sandbox.terminal.block_kit import Control

SECRET, TOKEN, NOW = "a-secret", "xoxb-1", 1_795_000_000.25
ADMIN = Member("U0ADMIN", "Alex Admin", "admin", "alex@example.com")
JANE = Member("U0JANE", "Jane Doe", "jdoe", "jane.doe@example.com")
PICK = {"type": "external_select", "action_id": "pick", "min_query_length": 1}
WHO = {"type": "input", "block_id": "who", "label": {"type": "plain_text", "text": "Who?"}, "element": PICK}
OPTION = {"text": {"type": "plain_text", "text": "Jane Doe"}, "value": "jdoe"}
MODAL = {
    "type": "modal",
    "callback_id": "finder",
    "title": {"type": "plain_text", "text": "Find"},
    "submit": {"type": "plain_text", "text": "Show"},
    "blocks": [WHO],
}
BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go"}}


@dataclass
class Scene:
    """A workspace whose bot answers what the test tells it to, and what came of it."""

    answer: Callable[[dict[str, Any]], Any] = lambda _: {"statusCode": 200, "body": ""}
    asked: list[dict[str, Any]] = field(default_factory=list)
    shown: list[Surface] = field(default_factory=list)
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.workspace = Workspace((ADMIN, JANE), self.shown.append, self.said.append, lambda: NOW)
        self.slack = SlackUser(self.workspace, self.handler, SECRET, ADMIN, self.said.append, lambda: NOW)
        self.web = Loopback(WebApi(self.workspace, TOKEN, self.said.append).answer)
        self.workspace.url = self.web.url

    def handler(self, event: dict[str, Any]) -> Any:
        self.asked.append(event)
        return self.answer(event)

    def answers(self, body: Any, status: int = 200) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.answer = lambda _: {"statusCode": status, "body": text}

    @property
    def client(self) -> WebClient:
        return WebClient(TOKEN, base_url=f"{self.web.url}/api/")

    @property
    def form(self) -> dict[str, str]:
        """The fields of the newest request."""
        body = base64.b64decode(self.asked[-1]["body"]).decode()
        return {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}

    @property
    def payload(self) -> Any:
        return json.loads(self.form["payload"])

    @property
    def event(self) -> Any:
        return json.loads(self.asked[-1]["body"])["event"]

    def posted(self, *blocks: dict[str, Any], **fields: Any) -> Surface:
        self.workspace.post_message({"channel": CHANNEL_ID, "text": "x", "blocks": [*blocks], **fields})
        return self.shown[-1]

    def opened(self, view: dict[str, Any] = MODAL) -> Surface:
        self.workspace.open_view({"trigger_id": self.workspace.trigger(self.slack.me.id), "view": view})
        return self.shown[-1]


def control(element: dict[str, Any], block: dict[str, Any], **more: Any) -> Control:
    return Control(1, element, block, **more)


def block_of(surface: Surface, position: int = 0) -> dict[str, Any]:
    block: dict[str, Any] = surface.body["blocks"][position]
    return block
