"""Direct messages that agents did not ask for, against the recording Slack."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import BadStatusLine, IncompleteRead

import pytest
from msgspec.structs import replace
from slack_sdk import WebClient

from bot.messages.notice_text import new_number
from bot.slack.clients import web_client
from bot.slack.notices import Notices, Sent
from core.models import ChangeKind, HistoryEntry
from core.ports import Incident
from tests.bot.fakes import AT, FakeConnect, FakeIncidents, FakeLinks
from tests.bot.slack.recorder import JANE, RecordingSlack

UNTIL_FRIDAY = "to Bob Lee until 2026-11-27T17:00:00Z"


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


def of_forward(kind: ChangeKind, note: str = UNTIL_FRIDAY, **ids: str) -> HistoryEntry:
    return replace(entry(kind, by="U0ADMIN"), note=note, **ids)


@pytest.fixture
def colleagues(place: Place) -> Place:
    """Bob and Ann beside Jane."""
    for name in ("bob", "ann"):
        place.connect.emails[f"id-{name}"] = f"{name}@example.com"
        place.slack.members[f"{name}@example.com"] = {"id": f"U0{name.upper()}"}
    return place


def test_of_a_forward_the_agent_and_the_colleague_are_told(colleagues: Place) -> None:
    made = of_forward(ChangeKind.FORWARDED, other="id-bob")
    assert colleagues.notices.send_all([made], most=20) == 2
    (agent, own), (colleague, others) = colleagues.told()
    assert (agent, colleague) == (JANE, "U0BOB")
    assert own.startswith("Your calls go to Bob Lee until Nov 27, 2026 17:00 UTC.")
    assert others.startswith("Calls for Jane Doe come to you until Nov 27, 2026 17:00 UTC.")
    for text in (own, others):
        assert "By <@U0ADMIN>. /ext quiet turns these messages off." in text


def test_of_the_end_of_a_forward_both_are_told(colleagues: Place) -> None:
    ended = of_forward(ChangeKind.UNFORWARDED, former="id-bob")
    assert colleagues.notices.send_all([ended], most=20) == 2
    (_, own), (colleague, others) = colleagues.told()
    assert "Your calls ring on 0042 again." in own
    assert (colleague, "Calls for Jane Doe don't come to you any more." in others) == ("U0BOB", True)


def test_who_had_the_calls_until_now_is_told_that_another_has_them(colleagues: Place) -> None:
    made = of_forward(ChangeKind.FORWARDED, other="id-bob", former="id-ann")
    assert colleagues.notices.send_all([made], most=20) == 3
    assert [told[0] for told in colleagues.told()] == [JANE, "U0BOB", "U0ANN"]


def test_the_end_by_a_sync_after_the_colleague_left_is_told_to_the_agent(place: Place) -> None:
    ended = of_forward(ChangeKind.UNFORWARDED, "the colleague has no number any more")
    assert place.notices.send_all([replace(ended, by="schedule")], most=20) == 1
    assert "By the schedule." in place.told()[0][1]


@pytest.mark.parametrize("failing", ["fatal_error", "missing_scope users:read.email", 500])
def test_a_refusal_of_one_message_about_a_forward_keeps_nobody_from_the_other(
    colleagues: Place, failing: str | int
) -> None:
    colleagues.slack.failing["users.lookupByEmail"] = failing
    colleagues.slack.once.add("users.lookupByEmail")
    made = of_forward(ChangeKind.FORWARDED, other="id-bob")
    assert colleagues.notices.send_all([made], most=20) == 1
    assert [told[0] for told in colleagues.told()] == ["U0BOB"]


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
