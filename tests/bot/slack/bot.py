"""The bot as a test has it: the real app behind the real HTTP conversion, fakes at the ports."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from msgspec.structs import replace
from slack_bolt import App

from bot.app import make_app, make_tools
from bot.config import Settings
from bot.jobs import Job
from bot.mcp import Tools
from bot.services import Services
from bot.slack.clients import web_client
from bot.slack.verification import SlackSignature, Workspace
from bot.slack_lambda import respond
from core.asking.lookup import Lookup
from core.errors import Unavailable, Unsure
from core.models import Assigned, ExtensionRange, Policy, State
from tests.bot.fakes import (
    FakeClaims,
    FakeConnect,
    FakeExports,
    FakeIncidents,
    FakeLinks,
    FakeReader,
    FakeRecords,
)
from tests.bot.slack import requests
from tests.bot.slack.limits import check_message, check_options, check_view
from tests.bot.slack.recorder import ADMIN, JANE, RecordingSlack

Json = dict[str, Any]

JANE_DOE = Assigned("0042", "id-jane", "jdoe", name="Jane Doe", team="Sales")
BOB = Assigned("0043", "id-bob", "bob@example.com", name="Robert Stone")
MARIAS = tuple(
    Assigned(
        f"01{number:02}", f"id-maria-{number}", f"mrossi{number}", name="Maria Rossi", team=f"Team {number}"
    )
    for number in range(12)
)


@dataclass(repr=False)
class Bot:
    """The app and its world. `jobs` is what the sync function was asked to do, `job_ids` their names."""

    slack: RecordingSlack
    settings: Settings
    reader: FakeReader
    exports: FakeExports = field(default_factory=FakeExports)
    connect: FakeConnect = field(default_factory=FakeConnect)
    claims: FakeClaims = field(default_factory=FakeClaims)
    links: FakeLinks = field(default_factory=FakeLinks)
    incidents: FakeIncidents = field(default_factory=FakeIncidents)
    records: FakeRecords = field(default_factory=FakeRecords)
    jobs: list[Job] = field(default_factory=list)
    job_ids: list[str] = field(default_factory=list)
    sync_is_gone: str = ""
    answer_is_lost: bool = False
    sync_hangs: threading.Event | None = None
    secret: str = requests.SECRET
    changed: str = ""
    seconds: float = 20
    app: App = field(init=False)
    tools: Tools = field(init=False)

    def __post_init__(self) -> None:
        lookup = Lookup(self.reader, self.exports, self.settings.policy.range)
        services = Services(
            lookup,
            self.reader,
            self.exports,
            self.connect,
            self.claims,
            self.links,
            self.incidents,
            self.records,
            self._start,
            self.settings,
            lambda: datetime.now(UTC),
        )
        self.app = make_app(services, "xoxb-test")
        client = web_client("xoxb-test", self.settings.slack_api_url)
        self.tools = make_tools(services, "xoxb-test", Workspace(client, self.incidents))

    def _start(self, job: Job) -> None:
        if self.sync_is_gone:
            raise Unavailable(self.sync_is_gone)
        if self.sync_hangs:
            self.sync_hangs.wait()
        self.jobs.append(replace(job, id=""))
        self.job_ids.append(job.id)
        if self.answer_is_lost:
            raise Unsure("It may have started, or not: Lambda's answer was lost.")

    @property
    def signature(self) -> SlackSignature:
        return SlackSignature(self.secret)

    def changed_signature(self) -> SlackSignature | None:
        return SlackSignature(self.changed) if self.changed else None

    def send(self, event: Any) -> Json:
        """The bot's HTTP response to one request, checked against Slack's limits."""
        response = respond(self, event, self.seconds)
        if response["statusCode"] == 200 and response["body"].startswith("{"):
            _check(json.loads(response["body"]))
        return response

    def ext(self, text: str, user: str = JANE, *, command: str = "/ext") -> Json:
        """The message that answers a command: the acknowledgement, or what came before a job."""
        response = self.send(requests.command(command, text, user, self.slack.response_url))
        assert response["statusCode"] == 200
        said: Json = json.loads(response["body"]) if response["body"] else self.slack.sent("response")[-1]
        assert said["response_type"] == "ephemeral"
        return said

    def says(self, text: str, user: str = JANE, *, command: str = "/ext") -> str:
        """The plain text that answers a command."""
        return str(self.ext(text, user, command=command)["text"])

    def press(
        self, action: str, value: str = "", user: str = JANE, *, home: bool = False, **more: Any
    ) -> Json:
        """The HTTP response to a button below an answer, or on the Home tab."""
        url = "" if home else self.slack.response_url
        return self.send(requests.press(action, value, user, url, **more))


def _check(body: Json) -> None:
    """What an HTTP response may hold: a message, a view, options, or an error of ours."""
    if "blocks" in body:
        check_message(body)
    if "view" in body:
        check_view(body["view"])
    if "options" in body:
        check_options(body["options"])


@contextmanager
def running(*rows: State, **settings: Any) -> Iterator[Bot]:
    """A bot on a table of these rows; no payload that it sends may be one that Slack refuses."""
    with RecordingSlack() as slack:
        policy = Policy(ExtensionRange.parse("0000-0999"))
        chosen: Json = {"admin_users": frozenset({ADMIN}), "policy": policy} | settings
        bot = Bot(
            slack,
            Settings("instance", "table", "bucket", slack_api_url=slack.url, **chosen),
            FakeReader.of(*rows),
        )
        yield bot
        assert slack.faults == []


def buttons(message: Json) -> dict[str, Json]:
    """The buttons of a message or a view, by their text."""
    elements = [element for block in message["blocks"] for element in block.get("elements", [])]
    elements += [block["accessory"] for block in message["blocks"] if "accessory" in block]
    return {each["text"]["text"]: each for each in elements if each["type"] == "button"}


def menus(message: Json) -> list[dict[str, str]]:
    """The menus of a message's rows: their values by text."""
    accessories = [block["accessory"] for block in message["blocks"] if "accessory" in block]
    return [
        {option["text"]["text"]: option["value"] for option in each["options"]}
        for each in accessories
        if each["type"] == "overflow"
    ]
