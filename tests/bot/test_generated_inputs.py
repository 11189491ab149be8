"""10,000 generated requests: each is answered or refused properly, none raises, only admins start jobs.

Five tests of 2,000, so that they can run side by side.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.app import ROUTES
from bot.jobs import Job
from core.models import Held, Reserved
from core.numbering.orders import EndForward, Forward
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, running
from tests.bot.slack.recorder import ADMIN, BOT_USER, JANE, TEAM

EXAMPLES = 2000

SPICE = st.sampled_from(
    [
        "jane",
        "doe",
        "maria",
        "0042",
        "42",
        "99999",
        "me",
        "help",
        "directory",
        "plan",
        "reserve",
        "move",
        "what is",
        "'s extension?",
        f"<@{JANE}>",
        f"<@{BOT_USER}|bot>",
        "<!channel>",
        "<mailto:jane@example.com|jane@example.com>",
        "&amp;",
        "&lt;",
        "*",
        "`",
        "\u202e",
        "\u0000",
        "😀",
        "é",
        "名",
        "x" * 500,
        "a:id-jane",
        "1:maria",
        "-1",
        "١",
    ]
)
WORDS = st.lists(SPICE | st.text(max_size=6), max_size=4).map(" ".join)
USERS = st.sampled_from([JANE, "U0NEW", "W1", "", "x" * 50, "\u0000"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=4,
)
ROUTED: list[Any] = [route.name for route in ROUTES if route.name is not None]
NAMES = st.sampled_from(ROUTED) | st.text(max_size=20)
FIELDS = (  # noqa: SIM905 - one name a line is no easier to read
    "event actions view user team team_id command callback_id action_id trigger_id value message container "
    "authorizations enterprise channel"
).split()
VALUES = WORDS | st.builds("{}:{}".format, st.sampled_from("ax0129"), WORDS)

KINDS = st.sampled_from(
    ["event_callback", "block_actions", "block_suggestion", "view_submission", "view_closed", "shortcut", "x"]
)
BAD: list[Any] = [None, 7, "a:x", {}, []]
ODD = st.sampled_from(
    [
        *[None, True, 7, 1.5, "", "U0JANE", [], {}, [7], [[]], [{}], {"id": 7}, {"id": TEAM}, {"id": {}}],
        *[{"type": name, "callback_id": name, "user": odd} for name in ROUTED for odd in BAD],
        *[[{"action_id": name, "value": odd}] for name in ROUTED for odd in BAD],
        *[{"callback_id": name, "state": odd} for name in ROUTED for odd in BAD],
        *ROUTED,
    ]
)

quick = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    """One bot for all; what it records is dropped after each request."""
    held = Held("0050", "2999-01-01T00:00:00Z", "2026-01-01T00:00:00Z", "id", "max", "Max <Doe>")
    logging.disable(logging.CRITICAL)
    with running(JANE_DOE, BOB, *MARIAS, held, Reserved("0051", "<desk>")) as running_bot:
        running_bot.slack.profiles[JANE] = {"email": "bob@example.com", "real_name": "Maria Rossi"}
        yield running_bot
    logging.disable(logging.NOTSET)


def send(bot: Bot, event: Any, *, admin: bool = False) -> int:
    """The status of one request.

    No payload is one that Slack refuses, and only admins start jobs, but for forwards of one's own calls.
    """
    status: int = bot.send(event)["statusCode"]
    faults, jobs = [*bot.slack.faults], [*bot.jobs]
    for record in (bot.slack.faults, bot.slack.calls, bot.jobs, bot.reader.asked, bot.connect.asked):
        record.clear()
    bot.claims.claims.clear()
    bot.links.agents.clear()
    assert faults == []
    assert admin or [job for job in jobs if not _of_own_calls(job)] == []
    return status


def _of_own_calls(job: Job) -> bool:
    """Whether Jane, whose email is Bob's, forwards his calls, or takes them back."""
    return isinstance(job.order, Forward | EndForward) and (job.by, job.order.agent) == (JANE, "id-bob")


@quick
@given(st.sampled_from(["/ext", "/ext-sync", "/ext-admin"]) | NAMES, WORDS, USERS | st.just(ADMIN))
def test_every_command_gets_an_answer(bot: Bot, name: str, text: str, user: str) -> None:
    event = requests.command(name, text, user, bot.slack.response_url)
    assert send(bot, event, admin=user == ADMIN) == 200


@quick
@given(st.sampled_from([requests.mention, requests.direct]), WORDS, USERS, st.booleans())
def test_every_question_gets_an_answer(bot: Bot, ask: Any, text: str, user: str, threaded: bool) -> None:
    inner = {"thread_ts": "9.9"} if threaded else {}
    assert send(bot, ask(text, user, **inner)) == 200


@quick
@given(NAMES, VALUES, USERS, st.booleans(), st.booleans(), st.fixed_dictionaries({"selected_option": JSON}))
def test_every_button_is_answered_and_starts_nothing_for_others(
    bot: Bot, name: str, value: str, user: str, home: bool, ephemeral: bool, more: Any
) -> None:
    url = "" if home else bot.slack.response_url
    chosen = {"type": "button", "action_id": name, "value": value, "selected_option": {"value": value}} | more
    event = requests.press(
        name, value, user, url, ephemeral=ephemeral, actions=[chosen | {"action_id": name}]
    )
    assert send(bot, event) == 200


@quick
@given(
    st.sampled_from(["view_submission", "view_closed", "block_suggestion", "shortcut", "message_action"]),
    NAMES,
    VALUES,
    USERS,
    JSON,
)
def test_every_window_and_shortcut_is_answered(
    bot: Bot, kind: str, name: str, value: str, user: str, noise: Any
) -> None:
    state = {"values": {"person": {"pick": {"selected_option": {"value": value}}}}}
    more: dict[str, Any] = {
        "view": {"id": "V1", "type": "modal", "callback_id": name, "state": state if value else noise},
        "callback_id": name,
        "action_id": name,
        "value": value,
        "trigger_id": "1.trigger",
        "message": {"user": user, "text": value} if value else noise,
    }
    assert send(bot, requests.interaction(kind, user, **more)) in (200, 404)


@quick
@given(KINDS, st.lists(st.tuples(st.sampled_from(FIELDS), ODD), max_size=4).map(dict), st.booleans())
def test_every_shape_of_payload_is_answered_or_refused(
    bot: Bot, kind: str, body: dict[str, Any], form: bool
) -> None:
    event = (
        requests.interaction(kind, JANE, **{key: value for key, value in body.items() if key != "user"})
        if form
        else requests.http(json.dumps({"type": kind} | body), requests.JSON)
    )
    assert send(bot, event) in (200, 400, 403, 404, 503)
