"""A console whose bot is played by the test: what the tests of commands and console share."""

from __future__ import annotations

import base64
import io
import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

from rich.console import Console as Terminal

from sandbox.aws.account import CALL, CONTACT, SLACK, SUMMARY, SYNC
from sandbox.aws.connect_users import Instance
from sandbox.aws.lambda_stand_in import Handler, LambdaStandIn
from sandbox.aws.sample_people import people
from sandbox.slack.member import SlackUser
from sandbox.slack.signed_payloads import BOT_USER_ID, Member
from sandbox.slack.workspace import Workspace
from sandbox.terminal.commands import ADMIN, Commands
from sandbox.terminal.screen import Screen
from tests.sandbox.scene import OPTION


class Desk:
    """The console with 30 people in Connect, and a bot that answers what the test tells it to."""

    def __init__(self) -> None:
        self.out = io.StringIO()
        self.asked: list[tuple[str, Any]] = []
        self.answers: dict[str, Any] = {SLACK: {"statusCode": 200, "body": ""}, SYNC: {}, CONTACT: {}}
        screen = Screen(Terminal(file=self.out, width=100, highlight=False), lambda: datetime.now(UTC))
        users = people(30)
        self.connect = Instance(users)
        self.workspace = Workspace((ADMIN, *map(Member.of, users)), screen.show, screen.say, lambda: 1.8e9)
        screen.name_of = self.workspace.name_of
        functions = LambdaStandIn(
            {name: self._function(name) for name in (SLACK, SUMMARY, CALL, SYNC, CONTACT)}, self._failed
        )
        slack = SlackUser(
            self.workspace, lambda event: functions.call(SLACK, event), "s", ADMIN, screen.say, lambda: 1.8e9
        )
        self.days: list[float] = []
        self.lines: list[str] = []
        self.pauses: list[float] = []
        self.commands = Commands(
            screen,
            self.workspace,
            slack,
            self.connect,
            functions,
            "/tmp/functions.log",
            move_days=self.days.append,
            read_line=self._read_line,
            pause=self.pauses.append,
        )

    def _read_line(self, prompt: str) -> str | None:
        return self.lines.pop(0) if self.lines else None

    def _function(self, name: str) -> Handler:
        def function(event: Any, _: Any) -> Any:
            self.asked.append((name, event))
            answer = self.answers[name]
            return answer(event) if callable(answer) else answer

        return function

    def _failed(self, name: str, error: BaseException) -> None:
        raise AssertionError(name) from error

    def types(self, line: str) -> str:
        """What is printed after the line."""
        start = self.out.tell()
        assert not self.commands.onecmd(line)
        return self.out.getvalue()[start:].strip()

    @property
    def sent(self) -> list[str]:
        """The requests to the bot in short, with a member's id as U."""
        return [_in_short(event) for name, event in self.asked if name == SLACK]

    def shows(self, *blocks: dict[str, Any]) -> None:
        """The bot answers the next request by these blocks, and then says nothing any more."""
        body = json.dumps({"text": "text", "blocks": blocks})

        def once(_: Any) -> Any:
            self.answers[SLACK] = {"statusCode": 200, "body": ""}
            return {"statusCode": 200, "body": body}

        self.answers[SLACK] = once

    def opens(self, view: dict[str, Any]) -> None:
        """The bot opens a modal for the next request, and then answers by options."""

        def once(event: Any) -> Any:
            self.workspace.open_view({"trigger_id": payload_of(event)["trigger_id"], "view": view})
            self.answers[SLACK] = {"statusCode": 200, "body": json.dumps({"options": [OPTION]})}
            return {"statusCode": 200, "body": ""}

        self.answers[SLACK] = once


def form_of(event: Any) -> dict[str, str]:
    fields = parse_qs(base64.b64decode(event["body"]).decode())
    return {name: values[0] for name, values in fields.items()}


def payload_of(event: Any) -> Any:
    return json.loads(form_of(event)["payload"])


def _in_short(event: Any) -> str:
    if event["isBase64Encoded"]:
        form = form_of(event)
        return f"command {form['command']} {form.get('text', '')}".strip()
    said = json.loads(event["body"])["event"]
    kind = {"app_mention": "mention"}.get(said["type"], said["type"])
    text = re.sub("<@U(?!0BOT)[0-9A-Z]+>", "<@U>", said.get("text", ""))
    return f"{kind} {text.removeprefix(f'<@{BOT_USER_ID}> ')}".strip()
