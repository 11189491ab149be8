"""The Slack app's secrets: read seldom, and soon enough after they were changed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.slack.app_secrets import Secrets, SecretStore
from core.aws.secrets import read_slack_secret
from core.errors import Unavailable

OLD, NEW = Secrets("xoxb-old", "old"), Secrets("xoxb-new", "new")


class Manager:
    """A secret manager with a clock: counts reads, and refuses while `broken`."""

    def __init__(self, held: Secrets) -> None:
        self.held, self.broken, self.reads, self.at = held, False, 0, 1000.0
        self.store = SecretStore(self.read, lambda: self.at)

    def read(self) -> Secrets:
        self.reads += 1
        if self.broken:
            raise Unavailable("The secret does not answer.")
        return self.held


def test_a_secret_is_read_once_in_five_minutes() -> None:
    manager = Manager(OLD)
    for _ in range(3):
        assert manager.store.current() == OLD
    manager.held, manager.at = NEW, manager.at + 300
    assert (manager.store.current(), manager.reads) == (NEW, 2)


def test_after_a_wrong_signature_a_changed_secret_counts_at_once() -> None:
    manager = Manager(OLD)
    manager.store.current()
    manager.held, manager.at = NEW, manager.at + 31
    assert (manager.store.changed(), manager.store.current()) == (NEW, NEW)


def test_forgers_cause_one_read_in_thirty_seconds() -> None:
    manager = Manager(OLD)
    manager.store.current()
    for _ in range(60):
        manager.at += 1
        assert manager.store.changed() is None
    assert manager.reads == 3


def test_the_old_secret_stands_while_the_new_one_cannot_be_read() -> None:
    manager = Manager(OLD)
    manager.store.current()
    manager.broken, manager.at = True, manager.at + 301
    assert [manager.store.current() for _ in range(3)] == [OLD, OLD, OLD]
    assert manager.reads == 2


@pytest.mark.parametrize("part", [Secrets("", "new"), Secrets("xoxb-new", "")])
def test_an_empty_secret_is_never_kept(part: Secrets) -> None:
    manager = Manager(part)
    manager.store.current()
    manager.held = NEW
    assert manager.store.current() == NEW


def test_a_secret_that_was_never_read_is_unavailable() -> None:
    manager = Manager(OLD)
    manager.broken = True
    with pytest.raises(Unavailable):
        manager.store.current()


def held_as(text: str) -> Any:
    """A Secrets Manager that holds this text."""
    return SimpleNamespace(get_secret_value=lambda SecretId: {"SecretString": text})  # noqa: N803


@pytest.mark.parametrize(
    "text",
    ["", "xoxb-1", "[]", '"xoxb-1"', "7", "null", '{"SLACK_BOT_TOKEN": 7}', '{"SLACK_BOT_TOKEN": null}'],
)
def test_a_secret_that_is_no_object_of_texts_says_how_it_has_to_look(text: str) -> None:
    with pytest.raises(
        Unavailable, match=r"'prod/slack' \(SLACK_SECRET_ID\) is not JSON with SLACK_BOT"
    ) as told:
        read_slack_secret(held_as(text), "prod/slack")
    assert "xoxb-1" not in str(told.value)


def test_a_secret_that_was_pasted_with_a_newline_is_read() -> None:
    text = '{"SLACK_BOT_TOKEN": "xoxb-1\\n", "SLACK_SIGNING_SECRET": " s "}'
    read = read_slack_secret(held_as(text), "prod/slack")
    assert read == {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}
