"""The deadline of a request while AWS hangs: real clients on sockets that accept and never answer."""

from __future__ import annotations

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack.deadline import answer_until
from bot.slack_lambda import handler, respond
from bot.wiring import installation
from core.ports import Claim
from sandbox.loopback import Loopback, Reply, Request
from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, running
from tests.bot.slack.recorder import ADMIN, JANE, TEAM

pytestmark = pytest.mark.guarantee(20)

HANGING = "takes longer than Slack lets me wait"


def answer(request: Request) -> Reply:
    """Slack's Web API, as far as the bot asks who it is."""
    return Reply(200, json.dumps({"ok": True, "team_id": TEAM, "user_id": "UBOT", "bot_id": "BBOT"}))


@pytest.fixture
def still_hanging(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], bool]]:
    """An environment whose whole AWS is one socket that accepts and says nothing.

    Yields whether work goes on after the answer, which then did not wait for the timeouts of AWS's clients.
    """
    earlier = set(threading.enumerate())

    def goes_on() -> bool:
        return any(each.name == "request" for each in set(threading.enumerate()) - earlier)

    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener, Loopback(answer) as slack:
        settings = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{listener.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "eu-central-1",
            "CONNECT_INSTANCE_ID": "11111111-2222-3333-4444-555555555555",
            "EXTENSIONS_TABLE": "extensions",
            "EXPORT_BUCKET": "exports",
            "SYNC_FUNCTION": "sync",
            "ADMIN_USERS": ADMIN,
            "SLACK_BOT_TOKEN": "xoxb-test",
            "SLACK_SIGNING_SECRET": requests.SECRET,
            "SLACK_API_URL": f"{slack.url}/api/",
        }
        for name in [name for name in os.environ if name.startswith(("AWS_", "SLACK_"))]:
            monkeypatch.delenv(name)
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        yield goes_on


def said(response: dict[str, Any]) -> str:
    assert response["statusCode"] == 200
    return str(json.loads(response["body"])["text"])


def test_the_function_answers_while_aws_hangs(still_hanging: Callable[[], bool]) -> None:
    response = handler(requests.command("/ext", "jane", JANE, ""), SimpleNamespace(aws_request_id="1"))
    assert (HANGING in said(response), still_hanging()) == (True, True)


@pytest.mark.parametrize(("command", "user"), [("/ext", JANE), ("/ext-sync", ADMIN), ("/ext-admin", ADMIN)])
def test_every_command_inherits_the_deadline(
    still_hanging: Callable[[], bool], command: str, user: str
) -> None:
    text = "reserve 0042 fax" if command == "/ext-admin" else "" if command == "/ext-sync" else "0042"
    response = respond(installation(), requests.command(command, text, user, ""), seconds=1)
    assert (HANGING in said(response), still_hanging()) == (True, True)


def test_what_has_not_begun_when_the_answer_was_given_up_does_not_begin_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Lambda goes on with it at the next request, when somebody may have typed something else."""
    with running(JANE_DOE) as bot:
        earlier = set(threading.enumerate())
        bot.seconds, bot.reader.hangs = 0.3, threading.Event()
        said = bot.says("move jdoe 50", ADMIN, command="/ext-admin")
        assert HANGING in said
        assert said.rpartition("Reference: ")[2] in caplog.text
        (left,) = (each for each in set(threading.enumerate()) - earlier if each.name == "request")
        bot.reader.hangs.set()
        left.join(20)
        assert (left.is_alive(), bot.jobs) == (False, [])
        assert bot.slack.sent("response") == []


@pytest.mark.guarantee(11)
def test_what_was_announced_and_came_too_late_says_that_nothing_was_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def late(name: str, seconds: int) -> Claim:
        answer_until(0)
        return Claim.ACQUIRED

    with running(JANE_DOE) as bot:
        monkeypatch.setattr(bot.claims, "claim", late)
        bot.send(requests.command("/ext-admin", "move jdoe 50", ADMIN, bot.slack.response_url))
        assert [said["text"][:20] for said in bot.slack.sent("response")] == [
            "Moving them to 0050 ",
            "Nothing was started:",
        ]
        assert bot.jobs == []


def test_a_secret_that_hangs_is_within_the_deadline_too(
    still_hanging: Callable[[], bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is known of the request yet, so Slack is asked to come again."""
    monkeypatch.delenv("SLACK_SIGNING_SECRET")
    monkeypatch.setenv("SLACK_SECRET_ID", "prod/slack")
    response = respond(installation(), requests.command("/ext", "jane", JANE, ""), seconds=0.3)
    assert (response["statusCode"], still_hanging()) == (503, True)


@pytest.mark.parametrize(("action", "value"), [("link", "a:id-jane"), ("unlink", "")])
def test_a_button_that_came_too_late_writes_nothing(action: str, value: str) -> None:
    with running(JANE_DOE) as bot:
        before = {"U0OTHER": "id-jane"} if action == "unlink" else {}
        bot.links.agents.update(before)
        bot.seconds = 0
        bot.press(action, value, "U0OTHER")
        for thread in threading.enumerate():
            if thread.name == "request":
                thread.join(10)
        assert bot.links.agents == before


def left_over(earlier: set[threading.Thread]) -> None:
    """Let the work go on that was left when the answer was given up."""
    for thread in set(threading.enumerate()) - earlier:
        if thread.name == "request":
            thread.join(20)
            assert not thread.is_alive()


def test_a_button_that_came_too_late_gets_words_and_writes_nothing_when_the_container_thaws() -> None:
    with running(JANE_DOE) as bot:
        earlier = set(threading.enumerate())
        bot.seconds, bot.reader.hangs = 0.3, threading.Event()
        assert bot.press("link", "a:id-jane", "U0OTHER")["statusCode"] == 200
        assert [HANGING in each["text"] for each in bot.slack.sent("response")] == [True]
        bot.reader.hangs.set()
        left_over(earlier)
        assert bot.links.agents == {}
        assert len(bot.slack.sent("response")) == 1


def test_an_answer_that_came_too_late_is_not_posted_when_the_container_thaws() -> None:
    """Slack has sent the message again by then."""
    with running(JANE_DOE) as bot:
        earlier = set(threading.enumerate())
        bot.seconds, bot.reader.hangs = 0.3, threading.Event()
        assert bot.send(requests.direct("jane doe", JANE))["statusCode"] == 503
        bot.reader.hangs.set()
        left_over(earlier)
        assert (bot.slack.sent("chat.postMessage"), bot.claims.claims) == ([], {})
        bot.seconds, bot.reader.hangs = 20, None
        assert bot.send(requests.direct("jane doe", JANE))["statusCode"] == 200
        assert len(bot.slack.sent("chat.postMessage")) == 1


def test_a_request_that_came_too_late_is_not_posted_and_can_be_made_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The table answers the claims of the request, but so late that nobody waits."""
    with running(JANE_DOE, summary_channel="C0OPS") as bot:
        bot.links.agents[JANE] = "id-jane"
        claim, names = bot.claims.claim, list[str]()

        def late(name: str, seconds: int) -> Claim:
            names.append(name)
            answer_until(0 if len(names) > 1 else float("inf"))
            return claim(name, seconds)

        monkeypatch.setattr(bot.claims, "claim", late)
        bot.says("request 50")
        assert (bot.slack.sent("chat.postMessage"), bot.claims.claims) == ([], {})
