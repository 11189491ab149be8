"""Text from outside loses what could make it show another way than it is written."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from bot.slack.payload import written
from core.aws.connect import ConnectInstance, Limiter
from core.aws.rows import state_of
from core.models import Assigned, Held, Reserved
from core.numbering.orders import Reserve
from core.words.text import clean
from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.connect_users import Person
from sandbox.aws.sample_people import people
from tests.core.builders import agent
from tests.core.fakes import FakeConnect, Site
from tests.stand_ins.connect import ConnectInProcess

pytestmark = pytest.mark.guarantee(12)

# A right-to-left override turns "gpj.exe" around; the escape clears a terminal.
ODD = "Ann\u202egpj.exe\x1b[2J\u2066\x00\x7f\u200f"
PLAIN = "Anngpj.exe[2J"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        (ODD, PLAIN),
        ("Ann\r\nLee", "Ann  Lee"),
        ("Ann\u2028Lee\x85", "Ann Lee"),
        ("Zoë \u05d0\u05d1 \u0627\u0628 \u200d\U0001f468", "Zoë \u05d0\u05d1 \u0627\u0628 \u200d\U0001f468"),
        ("\ud800Ann", "Ann"),
        ("", ""),
    ],
)
def test_control_characters_and_bidirectional_overrides_are_dropped(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def odd_person() -> Person:
    (person,) = people(1)
    return replace(person, username=ODD, first_name=ODD, last_name=ODD, team=ODD)


def test_what_connect_answers_is_clean() -> None:
    wire = ConnectInProcess(ConnectStandIn([odd_person()], quota=None))
    connect = ConnectInstance(wire.client(), INSTANCE_ID, limiter=lambda: Limiter(lambda: 0, lambda _: None))
    (listed,) = connect.list_users("").agents
    (found,) = connect.search_users("").agents
    assert (listed.username, found.username, found.name) == (PLAIN, PLAIN, f"{PLAIN} {PLAIN}")
    assert found.team in (PLAIN, "")


def test_rows_that_are_in_the_table_already_are_read_clean() -> None:
    names = {"display_name": ODD, "username": ODD, "team": ODD, "agent_id": "1"}
    given = state_of({"pk": "00", "sk": "agentID", "sk_value": ODD, **names})
    assert isinstance(given, Assigned)
    assert (given.username, given.name, given.team) == (PLAIN, PLAIN, PLAIN)
    held = state_of({"pk": "00", "sk": "nu", "sk_value": "00", "held_until": "2026-12-01T00:00:00Z", **names})
    assert isinstance(held, Held)
    assert (held.username, held.name) == (PLAIN, PLAIN)
    reserved = state_of({"pk": "00", "sk": "reserved", "sk_value": ODD})
    assert isinstance(reserved, Reserved)
    assert reserved.note == PLAIN


def test_a_row_with_an_odd_username_is_its_agents_and_a_second_sync_has_nothing_to_do() -> None:
    site = Site(FakeConnect([agent(PLAIN, "1")]))
    site.run()
    (item,) = [item for item in site.table.items if item["sk"]["S"] == "agentID"]
    site.table.seed([{**item, "sk_value": {"S": ODD}}])
    site.run()
    assert site.reader().of_agent("1") is not None
    assert not site.run().counts


def test_a_note_of_an_admin_is_clean() -> None:
    site = Site()
    site.admin().do(Reserve("03", f"fax {ODD}"), "U1")
    assert site.numbers.reserved["03"] == f"fax {PLAIN}"


def test_what_people_write_in_slack_is_clean() -> None:
    assert written(f"where is {ODD}?").text == f"where is {PLAIN}?"
