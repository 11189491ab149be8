"""HTTP in and out: what isn't Slack's is refused with a 4xx, and nothing raises."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from bot.slack.verification import SlackSignature
from bot.slack_lambda import handler
from core.errors import BadSettings
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, running
from tests.bot.slack.recorder import ADMIN, JANE, TEAM


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB) as running_bot:
        yield running_bot


def ask(bot: Bot, user: str = JANE, **more: Any) -> dict[str, Any]:
    return requests.command("/ext", "jane doe", user, bot.slack.response_url, **more)


def test_a_signed_request_is_answered_in_the_response(bot: Bot) -> None:
    assert json.loads(bot.send(ask(bot))["body"])["text"].startswith("Jane Doe is on 0042")


def test_a_body_may_come_as_it_is_or_in_base64(bot: Bot) -> None:
    event = ask(bot)
    plain = event | {"body": base64.b64decode(event["body"]).decode(), "isBase64Encoded": False}
    assert bot.send(plain)["body"] == bot.send(event)["body"]


def test_headers_count_in_any_case(bot: Bot) -> None:
    event = ask(bot)
    event["headers"] = {name.title(): value for name, value in event["headers"].items()}
    assert bot.send(event)["statusCode"] == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"x-slack-signature": "v0=0000"},
        {"x-slack-signature": ""},
        {"x-slack-signature": "v0=é"},
        {"x-slack-request-timestamp": "soon"},
        {"x-slack-request-timestamp": "²"},
        {"x-slack-request-timestamp": ""},
        {"x-slack-request-timestamp": "-1"},
    ],
)
def test_a_wrong_signature_is_401_and_learns_nothing(bot: Bot, headers: dict[str, str]) -> None:
    event = ask(bot)
    response = bot.send(event | {"headers": event["headers"] | headers})
    assert response["statusCode"] == 401
    assert "Jane" not in response["body"]


def test_no_signature_at_all_is_401(bot: Bot) -> None:
    assert bot.send(ask(bot) | {"headers": {}})["statusCode"] == 401


def test_a_signature_by_another_secret_is_401(bot: Bot) -> None:
    assert bot.send(requests.http("command=/ext", requests.FORM, secret="guessed"))["statusCode"] == 401


@pytest.mark.parametrize(("age", "status"), [(0, 200), (290, 200), (310, 401), (-310, 401)])
def test_a_signature_is_good_for_five_minutes(bot: Bot, age: int, status: int) -> None:
    body = f"command=/ext&text=help&user_id={JANE}&team_id={TEAM}"
    assert bot.send(requests.http(body, requests.FORM, age=age))["statusCode"] == status


def test_what_is_refused_is_not_written_to_the_log(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        bot.send(ask(bot) | {"headers": {}})
    assert "signature" in caplog.text
    assert "jane" not in caplog.text


def test_headers_that_would_steer_bolt_are_dropped(bot: Bot) -> None:
    """With lazy-only Bolt would skip the listener, and answer 200 with nothing."""
    event = requests.command("/ext-sync", "", ADMIN, bot.slack.response_url)
    event["headers"] |= {"X-Slack-Bolt-Lazy-Only": "1", "x-slack-bolt-lazy-function-name": "ext_sync"}
    assert json.loads(bot.send(event)["body"])["text"].startswith("Sync started")
    assert len(bot.jobs) == 1


def test_the_url_check_of_a_new_app_gets_its_challenge(bot: Bot) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZb"})
    assert json.loads(bot.send(requests.http(body, requests.JSON))["body"]) == {"challenge": "3eZb"}


def test_an_unsigned_url_check_is_401(bot: Bot) -> None:
    body = json.dumps({"type": "url_verification", "challenge": "3eZb"})
    assert bot.send(requests.http(body, requests.JSON) | {"headers": {}})["statusCode"] == 401


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_another_method_is_405(bot: Bot, method: str) -> None:
    event = ask(bot) | {"requestContext": {"http": {"method": method}}}
    assert bot.send(event)["statusCode"] == 405


GARBAGE: list[Any] = [
    None,
    {},
    [],
    "",
    7,
    {"requestContext": None},
    {"requestContext": {"http": {"method": "POST"}}, "headers": ["a"]},
    {"requestContext": {"http": {"method": "POST"}}, "body": 7},
    {"requestContext": {"http": {"method": "POST"}}, "body": "%%%", "isBase64Encoded": True},
    {"requestContext": {"http": {"method": "POST"}}, "body": "gICA", "isBase64Encoded": True},
]


@pytest.mark.parametrize("event", GARBAGE, ids=str)
def test_garbage_is_4xx_and_never_an_exception(bot: Bot, event: Any) -> None:
    assert 400 <= bot.send(event)["statusCode"] < 500


BODIES = [
    ("[]", requests.JSON),
    ("null", requests.JSON),
    ("7", requests.JSON),
    ("{", requests.JSON),
    ('{"team": 7}', requests.JSON),
    ('{"user": true}', requests.JSON),
    ('{"authorizations": 7}', requests.JSON),
    ('{"type": "event_callback"}', requests.JSON),
    ('{"type": "event_callback", "event": []}', requests.JSON),
    ('{"type": "event_callback", "event": {"type": 7}}', requests.JSON),
    ('{"type": 7}', requests.JSON),
    ('{"type": "no such type"}', requests.JSON),
    ('{"command": 7}', requests.JSON),
    ("payload=", requests.FORM),
    ("payload=%7B", requests.FORM),
    ("payload=[]", requests.FORM),
    ('payload={"type": "block_actions"}', requests.FORM),
    ('payload={"type": "block_actions", "actions": []}', requests.FORM),
    ('payload={"type": "block_actions", "actions": [{}]}', requests.FORM),
    ('payload={"type": "view_submission"}', requests.FORM),
    ('payload={"type": "view_submission", "view": {"callback_id": 7}}', requests.FORM),
    ("", requests.FORM),
    ("a=b", requests.FORM),
]


@pytest.mark.parametrize(("body", "content_type"), BODIES)
def test_a_signed_body_that_is_not_slacks_is_4xx(bot: Bot, body: str, content_type: str) -> None:
    assert 400 <= bot.send(requests.http(body, content_type))["statusCode"] < 500


def test_missing_settings_are_a_500_that_names_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONNECT_INSTANCE_ID", "EXTENSIONS_TABLE", "EXPORT_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    response = handler({}, None)
    assert response["statusCode"] == 500
    assert "EXTENSIONS_TABLE" in json.loads(response["body"])["text"]


@pytest.mark.parametrize("secret", ["", "  "])
def test_an_empty_signing_secret_is_refused_when_the_check_is_made(secret: str) -> None:
    with pytest.raises(BadSettings, match="SLACK_SIGNING_SECRET"):
        SlackSignature(secret)


@pytest.mark.parametrize("digits", [13, 400, 5000])
def test_a_timestamp_that_is_no_time_is_401(bot: Bot, digits: int) -> None:
    event = ask(bot)
    headers = event["headers"] | {"x-slack-request-timestamp": "9" * digits}
    assert bot.send(event | {"headers": headers})["statusCode"] == 401
