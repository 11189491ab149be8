"""Direct messages that agents did not ask for, against the recording Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import BadStatusLine, IncompleteRead

import pytest
from slack_sdk import WebClient

from bot.messages.notice_text import new_number
from bot.slack.clients import web_client
from bot.slack.notices import Notices, Sent
from core.models import ChangeKind, HistoryEntry
from core.ports import Incident
from tests.bot.fakes import AT, FakeConnect, FakeIncidents, FakeLinks
from tests.bot.slack.recorder import JANE, RecordingSlack


@dataclass
class Place:
    """Jane in Slack and in Connect, with the same email."""

    slack: RecordingSlack
    connect: FakeConnect = field(default_factory=lambda: FakeConnect(emails={"id-jane": "jane@example.com"}))
    links: FakeLinks = field(default_factory=FakeLinks)
    incidents: FakeIncidents = field(default_factory=FakeIncidents)

    def __post_init__(self) -> None:
        self.slack.members["jane@example.com"] = {"id": JANE}

    @property
    def notices(self) -> Notices:
        client = web_client("xoxb-test", self.slack.url, patient=True)
        return Notices(client, self.connect, self.links, self.incidents)

    def send(self) -> Sent:
        return self.notices.send("id-jane", new_number("0042"))

    def told(self) -> list[tuple[str, str]]:
        return [(sent["channel"], sent["text"]) for sent in self.slack.sent("chat.postMessage")]


@pytest.fixture
def place() -> Iterator[Place]:
    with RecordingSlack() as slack:
        yield Place(slack)
        assert slack.faults == []


def entry(kind: ChangeKind, agent_id: str = "id-jane", by: str = "schedule", old: str = "") -> HistoryEntry:
    return HistoryEntry(kind, "0042", "jdoe", "Jane Doe", AT, by, "run-1", agent_id=agent_id, moved_from=old)


def test_the_member_with_the_agents_email_is_told_and_how_to_turn_it_off(place: Place) -> None:
    assert place.send() is Sent.SENT
    ((channel, text),) = place.told()
    assert channel == JANE
    assert "Your extension is 0042." in text
    assert "/ext quiet" in text


def test_who_wants_no_notices_gets_none(place: Place) -> None:
    place.links.set_notices(JANE, False)
    assert (place.send(), place.told()) == (Sent.UNWANTED, [])
    place.links.set_notices(JANE, True)
    assert place.send() is Sent.SENT


@pytest.mark.parametrize(
    "member",
    [{"id": JANE, "deleted": True}, {"id": JANE, "is_email_confirmed": False}, {}],
)
def test_a_member_who_left_or_whose_email_is_not_confirmed_is_nobody(
    place: Place, member: dict[str, object]
) -> None:
    place.slack.members["jane@example.com"] = member
    assert (place.send(), place.told()) == (Sent.UNKNOWN, [])


def test_an_agent_without_an_email_or_without_a_member_is_nobody(place: Place) -> None:
    assert place.notices.send("id-bob", new_number("0042")) is Sent.UNKNOWN
    place.connect.emails["id-bob"] = "bob@example.com"
    assert place.notices.send("id-bob", new_number("0042")) is Sent.UNKNOWN


@pytest.mark.parametrize("method", ["users.lookupByEmail", "chat.postMessage"])
def test_slack_is_waited_for_when_it_asks_for_that(place: Place, method: str) -> None:
    place.slack.failing[method], place.slack.retry_after = 429, 0
    place.slack.once.add(method)
    assert (place.send(), len(place.slack.sent(method))) == (Sent.SENT, 2)


@pytest.mark.parametrize("method", ["users.lookupByEmail", "chat.postMessage"])
def test_a_failing_slack_is_a_result_and_no_exception(place: Place, method: str) -> None:
    place.slack.failing[method] = "fatal_error"
    assert place.send() is Sent.FAILED


def test_a_missing_scope_is_no_failure_to_try_again(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    place.slack.failing["users.lookupByEmail"] = "missing_scope users:read.email"
    assert place.send() is Sent.NO_SCOPE
    assert "lacks the scope users:read.email" in caplog.text


@pytest.mark.parametrize(
    "odd",
    [BadStatusLine("\x00"), IncompleteRead(b""), ValueError("Retry-After: soon"), LookupError("charset x")],
    ids=lambda odd: type(odd).__name__,
)
@pytest.mark.parametrize("method", ["users_lookupByEmail", "chat_postMessage"])
def test_no_odd_answer_of_slack_is_an_exception(
    place: Place, monkeypatch: pytest.MonkeyPatch, odd: Exception, method: str
) -> None:
    def answer(*_: object, **__: object) -> None:
        raise odd

    monkeypatch.setattr(WebClient, method, answer)
    assert place.send() is Sent.FAILED


def test_a_failing_connect_or_table_is_a_result_and_no_exception(place: Place) -> None:
    place.links.broken = "The table is down."
    assert place.send() is Sent.FAILED
    place.connect.broken = "Connect is down."
    assert place.send() is Sent.FAILED


def test_who_gets_a_number_and_who_is_moved_is_told_once(place: Place) -> None:
    moved = entry(ChangeKind.MOVED, by="U0ADMIN", old="7238")
    assert place.notices.send_all([moved, entry(ChangeKind.RELEASED)], most=20) == 1
    ((_, text),) = place.told()
    assert "<@U0ADMIN> moved you from 7238 to 0042." in text


def test_a_first_sync_of_many_tells_nobody_one_by_one(place: Place) -> None:
    many = [entry(ChangeKind.ASSIGNED) for _ in range(21)]
    assert (place.notices.send_all(many, most=20), place.told()) == (0, [])
    assert place.notices.send_all(many[:20], most=20) == 20
    assert place.notices.send_all(many[:1], most=0) == 0


def test_changes_of_labels_and_rows_without_an_agent_id_tell_nobody(place: Place) -> None:
    others = [entry(ChangeKind.RELABELLED), entry(ChangeKind.HEALED), entry(ChangeKind.ASSIGNED, agent_id="")]
    assert place.notices.send_all(others, most=20) == 0


def test_after_the_app_was_removed_nothing_is_tried_until_a_token_works_again(place: Place) -> None:
    place.incidents.remember(Incident.UNINSTALLED)
    place.slack.failing["auth.test"] = "account_inactive"
    assert (place.send(), place.told(), place.connect.asked) == (Sent.REMOVED, [], [])
    del place.slack.failing["auth.test"]
    assert (place.send(), place.incidents.times) == (Sent.SENT, {})
