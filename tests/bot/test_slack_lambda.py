"""HTTP in and out: what isn't Slack's is refused with a 4xx, and nothing raises."""

from __future__ import annotations

import base64
import json
import logging
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App

from bot.mcp import Tools
from bot.slack.verification import SlackSignature
from bot.slack_lambda import handler, respond
from core.errors import BadSettings, Unavailable
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
    assert bot.send(event)["statusCode"] == 200
    assert bot.slack.sent("response")[-1]["text"].startswith("Sync started")
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
def test_a_signed_body_that_is_not_slacks_is_4xx_and_no_error_of_ours(
    bot: Bot, body: str, content_type: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 400 <= bot.send(requests.http(body, content_type))["statusCode"] < 500
    assert "SlackErrors" not in capsys.readouterr().out


def test_missing_settings_are_a_500_that_only_the_log_explains(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name in ("CONNECT_INSTANCE_ID", "EXTENSIONS_TABLE", "EXPORT_BUCKET"):
        monkeypatch.delenv(name, raising=False)
    response = handler({}, None)
    assert (response["statusCode"], json.loads(response["body"])) == (500, {"text": "Something went wrong."})
    assert "EXTENSIONS_TABLE" in caplog.text


class Closed:
    """A Slack side whose secret can't be read, and whose app nobody may reach."""

    @property
    def signature(self) -> SlackSignature:
        raise Unavailable("The secret 'prod/slack' (SLACK_SECRET_ID) can't be read: AccessDenied.")

    def changed_signature(self) -> SlackSignature | None:
        raise AssertionError("The secret was read again.")

    @property
    def app(self) -> App:
        raise AssertionError("The request was not signed.")

    @property
    def tools(self) -> Tools:
        raise AssertionError("The request was not signed.")


def test_a_secret_that_cannot_be_read_is_told_to_the_log_alone(
    bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    response = respond(Closed(), ask(bot))
    assert (response["statusCode"], "prod/slack" in response["body"]) == (500, False)
    assert "prod/slack" in caplog.text


class Guarded(Closed):
    """A Slack side that checks signatures."""

    signature = SlackSignature(requests.SECRET)

    def changed_signature(self) -> SlackSignature | None:
        return None


BOMBS = ["[" * 100_000, '{"a":' * 100_000, "a=b&" * 100_000, "payload=" + "[" * 100_000]


@pytest.mark.parametrize("body", BOMBS, ids=lambda body: body[:8])
def test_nobody_parses_a_body_that_slack_did_not_sign(body: str) -> None:
    event = requests.http(body, requests.JSON, secret="guessed")
    assert respond(Guarded(), event)["statusCode"] == 401


@pytest.mark.parametrize("headers", [{}, {"x-slack-signature": "v0=00"}, {"x-slack-request-timestamp": "1"}])
def test_without_a_signature_the_secret_is_not_read_and_the_body_not_decoded(headers: dict[str, str]) -> None:
    event = requests.http("", requests.JSON) | {"headers": headers, "body": "%%%"}
    assert respond(Closed(), event)["statusCode"] == 401


def test_a_secret_that_was_changed_a_moment_ago_counts_at_once(bot: Bot) -> None:
    bot.secret, bot.changed = "old", requests.SECRET
    assert bot.send(ask(bot))["statusCode"] == 200


def test_a_forged_signature_is_refused_with_a_changed_secret_too(bot: Bot) -> None:
    bot.secret, bot.changed = "old", "new"
    assert bot.send(ask(bot))["statusCode"] == 401


@pytest.fixture
def hanging(bot: Bot) -> Iterator[Bot]:
    """A bot whose table answers nothing before the test is over."""
    bot.seconds, bot.reader.hangs = 0.1, threading.Event()
    yield bot
    bot.reader.hangs.set()


def test_a_command_that_takes_too_long_gets_a_sentence(hanging: Bot) -> None:
    assert "takes longer than Slack lets me wait" in hanging.says("jane")


def test_an_event_that_takes_too_long_is_asked_for_again(hanging: Bot) -> None:
    assert hanging.send(requests.direct("jane", JANE))["statusCode"] == 503


def test_a_window_that_takes_too_long_says_so(hanging: Bot) -> None:
    chosen = {"values": {"person": {"pick": {"selected_option": {"value": "x:0042"}}}}}
    view = {"id": "V1", "type": "modal", "callback_id": "finder", "state": chosen}
    answer = json.loads(hanging.send(requests.interaction("view_submission", JANE, view=view))["body"])
    assert "takes longer than Slack lets me wait" in str(answer["view"]["blocks"])


def test_a_button_that_takes_too_long_is_acknowledged(hanging: Bot) -> None:
    assert hanging.press("share", "x:0042")["statusCode"] == 200


def test_a_hand_over_that_hangs_is_no_failure_and_its_name_stands(hanging: Bot) -> None:
    hanging.sync_hangs = hanging.reader.hangs
    # The hand-over has to have begun by then, on a busy machine too.
    hanging.seconds = 2
    assert "takes longer" in hanging.says("", ADMIN, command="/ext-sync")
    assert [name for name in hanging.claims.claims if name.startswith("start-")]


@pytest.mark.parametrize("secret", ["", "  "])
def test_an_empty_signing_secret_is_refused_when_the_check_is_made(secret: str) -> None:
    with pytest.raises(BadSettings, match="SLACK_SIGNING_SECRET"):
        SlackSignature(secret)


@pytest.mark.parametrize("digits", [13, 400, 5000])
def test_a_timestamp_that_is_no_time_is_401(bot: Bot, digits: int) -> None:
    event = ask(bot)
    headers = event["headers"] | {"x-slack-request-timestamp": "9" * digits}
    assert bot.send(event | {"headers": headers})["statusCode"] == 401
