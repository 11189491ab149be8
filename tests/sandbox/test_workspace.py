from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from sandbox.slack.signed_payloads import CHANNEL_ID, TEAM_ID
from tests.sandbox.scene import (
    ADMIN,
    JANE,
    MODAL,
    Scene,
)


@pytest.fixture
def scene() -> Iterator[Scene]:
    here = Scene()
    with here.web:
        yield here


def test_the_web_api_answers_a_real_client(scene: Scene) -> None:
    assert scene.client.auth_test()["team_id"] == TEAM_ID
    assert scene.client.users_info(user=JANE.id)["user"]["profile"]["email"] == JANE.email
    assert scene.client.users_lookupByEmail(email=JANE.email)["user"]["id"] == JANE.id
    posted = scene.client.chat_postMessage(channel=CHANNEL_ID, text="hello", thread_ts="1.0")
    scene.client.chat_update(channel=CHANNEL_ID, ts=posted["ts"], text="hello again")
    scene.client.chat_postEphemeral(channel=CHANNEL_ID, user=JANE.id, text="psst")
    scene.client.chat_postMessage(channel=JANE.id, text="hello, you")
    seen = [(each.body["text"], each.channel, each.member, each.edited) for each in scene.shown]
    assert seen == [
        ("hello", CHANNEL_ID, "", False),
        ("hello again", CHANNEL_ID, "", True),
        ("psst", CHANNEL_ID, JANE.id, False),
        ("hello, you", JANE.direct_channel, "", False),
    ]


@pytest.mark.parametrize(
    ("method", "fields", "error"),
    [
        ("moon.landing", {}, "unknown_method"),
        ("users.info", {"user": "U9"}, "user_not_found"),
        ("chat.postMessage", {"channel": "C9", "text": "x"}, "channel_not_found"),
        ("chat.postMessage", {"channel": CHANNEL_ID}, "no_text"),
        ("chat.update", {"channel": CHANNEL_ID, "ts": "1.0", "text": "x"}, "message_not_found"),
        ("views.open", {"trigger_id": "none", "view": json.dumps(MODAL)}, "invalid_trigger_id"),
        ("views.publish", {"user_id": JANE.id, "view": json.dumps(MODAL)}, "invalid_arguments"),
        ("views.update", {"view_id": "V1", "view": json.dumps(MODAL)}, "not_found"),
    ],
)
def test_what_slack_would_refuse_is_refused_and_said(
    scene: Scene, method: str, fields: dict[str, str], error: str
) -> None:
    with pytest.raises(SlackApiError, match=error):
        scene.client.api_call(method, params=fields)
    assert scene.said == [f"Slack refuses {method}: {error}"]


def test_a_wrong_token_is_refused(scene: Scene) -> None:
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient("xoxb-other", base_url=f"{scene.web.url}/api/").auth_test()


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "divider"}] * 51,
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}],
        [{"type": "section", "text": {"type": "mrkdwn", "text": ""}}],
    ],
)
def test_blocks_beyond_slacks_limits_are_refused(scene: Scene, blocks: list[dict[str, Any]]) -> None:
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        scene.client.chat_postMessage(channel=CHANNEL_ID, text="x", blocks=blocks)


def test_a_response_url_takes_five_answers(scene: Scene) -> None:
    scene.slack.command("/ext-sync", "")
    webhook = WebhookClient(scene.form["response_url"])
    statuses = [webhook.send(text=f"answer {count}").status_code for count in range(6)]
    assert statuses == [200] * 5 + [404]
    assert [(each.body["text"], each.member) for each in scene.shown] == [
        (f"answer {count}", ADMIN.id) for count in range(5)
    ]


def test_a_body_that_is_not_json_is_refused(scene: Scene) -> None:
    headers = {"Content-Type": "application/json"}
    url = scene.workspace.response_url(CHANNEL_ID, ADMIN.id)
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(urllib.request.Request(url, b"{", headers))
    assert scene.said == ["Slack refuses an answer by response_url: invalid_json"]
