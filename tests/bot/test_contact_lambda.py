"""Contact events of the documented shape: told once, in whatever order and however often they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.contact_lambda import ContactServices, tell
from bot.messages.notice_text import shown_number
from bot.slack.clients import web_client
from bot.slack.notices import Notices
from core.contacts import NEWS, Contact
from core.errors import Unavailable
from core.models import Assigned
from core.ports import Claim
from tests.bot.fakes import FakeClaims, FakeConnect, FakeIncidents, FakeLinks, FakeReader
from tests.bot.slack.recorder import JANE, RecordingSlack
from tests.core.test_contacts import ENDED, RANG, event

BOB = Assigned("0457", "id-bob", "blee", name="Bob Lee")


@dataclass
class Contacts:
    """Contacts by id; counts what it was asked."""

    known: dict[str, Contact] = field(default_factory=lambda: {"contact-1": RANG})
    asked: list[str] = field(default_factory=list)

    def contact(self, contact_id: str) -> Contact | None:
        self.asked.append(contact_id)
        return self.known.get(contact_id)


@dataclass
class Place:
    slack: RecordingSlack
    contacts: Contacts = field(default_factory=Contacts)
    claims: FakeClaims = field(default_factory=FakeClaims)
    links: FakeLinks = field(default_factory=FakeLinks)
    shown: str = "full"

    def __post_init__(self) -> None:
        self.slack.members["jane@example.com"] = {"id": JANE}

    def tell(self, told: Any, late: timedelta = timedelta()) -> dict[str, str]:
        connect = FakeConnect(emails={"id-jane": "jane@example.com"})
        notices = Notices(web_client("xoxb-test", self.slack.url), connect, self.links, FakeIncidents())
        services = ContactServices(self.contacts, FakeReader.of(BOB), self.claims, notices, self.shown)
        return tell(told, services, ENDED + late)

    def said(self) -> list[str]:
        return [sent["text"] for sent in self.slack.sent("chat.postMessage")]


@pytest.fixture
def place() -> Iterator[Place]:
    with RecordingSlack() as slack:
        yield Place(slack)
        assert slack.faults == []


def test_the_agent_reads_when_who_and_how_long(place: Place) -> None:
    assert place.tell(event()) == {"told": "id-jane", "reason": "sent"}
    (text,) = place.said()
    assert "You missed a call at 14:02 UTC from +442071838750. It rang for 40 s." in text
    assert "7238" in text


def test_a_call_that_a_colleague_passed_on_names_the_colleague(place: Place) -> None:
    place.contacts.known["contact-1"] = replace(RANG, previous_id="contact-0")
    place.contacts.known["contact-0"] = Contact("contact-0", agent_id="id-bob")
    place.tell(event())
    assert "passed on by Bob Lee, 0457" in place.said()[0]


@pytest.mark.parametrize(("shown", "number"), [("last4", "from … 8750"), ("none", "14:02 UTC. It rang")])
def test_the_callers_number_is_cut_as_the_setting_says(place: Place, shown: str, number: str) -> None:
    place.shown = shown
    place.tell(event())
    assert number in place.said()[0]
    assert "2071838750" not in place.said()[0]


def test_an_event_that_comes_again_tells_nothing_more(place: Place) -> None:
    place.tell(event())
    assert place.tell(event(), late=timedelta(hours=1)) == {"told": "", "reason": "it was told already"}
    assert len(place.said()) == 1


def test_two_deliveries_at_once_tell_once_and_the_other_is_asked_for_again(place: Place) -> None:
    place.claims.claims["missed-contact-1"] = Claim.BUSY
    with pytest.raises(Unavailable):
        place.tell(event())
    assert place.said() == []


def test_an_agent_who_could_not_be_told_is_told_at_the_next_delivery(place: Place) -> None:
    place.slack.failing["chat.postMessage"] = "fatal_error"
    with pytest.raises(Unavailable):
        place.tell(event())
    del place.slack.failing["chat.postMessage"]
    assert place.tell(event())["told"] == "id-jane"


def test_nothing_of_a_call_is_logged(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG", logger="bot")
    answers = [str(place.tell(event()))]
    place.claims.claims.clear()
    place.slack.failing["chat.postMessage"] = "fatal_error"
    with pytest.raises(Unavailable) as failed:
        place.tell(event())
    logged = " ".join([*answers, str(failed.value), *(record.getMessage() for record in caplog.records)])
    assert "could not be sent" in logged
    assert not any(word in logged for word in ("2071838750", "7238", "Jane", "jane@example.com"))


def test_who_wants_no_notices_hears_nothing_and_no_delivery_asks_again(place: Place) -> None:
    place.links.set_notices(JANE, False)
    assert place.tell(event())["told"] == ""
    assert place.tell(event())["reason"] == "it was told already"


def test_events_before_the_end_and_of_other_calls_cost_connect_nothing(place: Place) -> None:
    for other in (event(eventType="QUEUED"), event(agentInfo={"agentArn": "x"}), event(channel="CHAT"), {}):
        assert place.tell(other)["told"] == ""
    assert place.contacts.asked == []


def test_a_late_event_is_told_and_one_of_yesterday_is_not(place: Place) -> None:
    assert place.tell(event(), late=NEWS + timedelta(minutes=1))["told"] == ""
    assert place.tell(event(), late=timedelta(minutes=20))["told"] == "id-jane"


def test_a_call_to_a_queue_tells_nobody(place: Place) -> None:
    place.contacts.known["contact-1"] = replace(RANG, attributes={})
    assert place.tell(event())["reason"] == "the call did not come by an extension"
    assert place.said() == []


@pytest.mark.parametrize(
    ("caller", "told"),
    [
        ("+442071838750", "… 8750"),
        ("anonymous", "a withheld number"),
        ("sip:jane@example.com", "a withheld number"),
        ("911", "a withheld number"),
        ("", ""),
    ],
)
def test_of_a_caller_that_is_no_long_number_no_end_is_shown(caller: str, told: str) -> None:
    assert shown_number(caller, "last4") == told
