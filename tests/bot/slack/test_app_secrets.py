"""The Slack app's secrets: read seldom, and soon enough after they were changed."""

from __future__ import annotations

import pytest

from bot.slack.app_secrets import Secrets, SecretStore
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
