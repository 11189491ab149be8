"""The app is removed from Slack: what is remembered, and what is done about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.jobs import Job
from core.numbering.orders import ForgetMembers
from core.ports import Incident
from tests.bot.slack import requests
from tests.bot.slack.bot import JANE_DOE, Bot, running

REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": ["U0BOT"]}}


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE) as running_bot:
        yield running_bot


@pytest.mark.parametrize("event", [{"type": "app_uninstalled"}, REVOKED])
@pytest.mark.parametrize("known", [True, False])
def test_it_is_remembered_and_the_members_are_forgotten(bot: Bot, event: dict[str, Any], known: bool) -> None:
    if not known:
        bot.slack.failing["auth.test"] = "account_inactive"
    assert bot.send(requests.event(event))["statusCode"] == 200
    assert [*bot.incidents.times] == [Incident.UNINSTALLED]
    assert bot.jobs == [Job(ForgetMembers(), by="slack")]


def test_an_event_that_comes_twice_starts_one_job(bot: Bot) -> None:
    for _ in range(2):
        bot.send(requests.event({"type": "app_uninstalled"}))
    assert len(bot.jobs) == 1


def test_a_job_that_could_not_be_started_is_asked_for_again(bot: Bot) -> None:
    bot.sync_is_gone = "The sync function does not answer."
    assert bot.send(requests.event({"type": "app_uninstalled"}))["statusCode"] == 503


def test_a_revoked_token_of_a_person_is_none_of_the_bots(bot: Bot) -> None:
    bot.send(requests.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}))
    assert (bot.incidents.times, bot.jobs) == ({}, [])
