"""A rollback to 5ab0e82, and back: its syncs leave forwards and names alone, and calls go where they went.

`left_by_5ab0e82.json` are the rows that this version wrote (a forward from Ann to Bob, a team's number,
names) after three syncs of that commit, in which Dot left, Fay came and Bob was renamed.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from core.calling.reach import Queue, by_extension, by_name
from core.models import ExtensionRange, ReservedBlock, TeamPolicy
from tests.core.builders import agent, policy
from tests.core.fakes import FakeConnect, Site

LEFT = json.loads((Path(__file__).parent / "left_by_5ab0e82.json").read_text(encoding="utf-8"))
CLAIMS = ReservedBlock(ExtensionRange.parse("15-15"), "Claims", "arn:aws:connect:q", "Claims")
NAMES = ("ann", "bob", "cat", "eve", "fay")


@pytest.fixture
def site() -> Site:
    rules = replace(policy("00-19"), teams=TeamPolicy(reserved=(CLAIMS,)))
    site = Site(FakeConnect([agent(name) for name in NAMES]), rules)
    site.table.seed(LEFT)
    return site


def rung(site: Site) -> dict[str, str]:
    """The one who is rung for each person's number."""
    reached = {name: by_extension(site.book(), site.numbers.holders[name], site.now) for name in NAMES}
    return {name: found.person.username for name, found in reached.items() if found.person}


def test_calls_go_where_they_went_before_and_after_the_next_sync(site: Site) -> None:
    forwarded = {name: "bob" if name == "ann" else name for name in NAMES}
    assert rung(site) == forwarded
    site.run()
    assert rung(site) == forwarded


def test_the_next_sync_knows_the_names_of_now_and_gives_the_team_its_number_back(site: Site) -> None:
    assert by_name(site.book(), "329", site.now).choices == ()
    site.run()
    (fay,) = by_name(site.book(), "329", site.now).choices
    assert fay.username == "fay"
    assert by_name(site.book(), "368", site.now).choices == ()  # Dot left
    assert by_extension(site.book(), "15", site.now).queue == Queue("arn:aws:connect:q", "Claims")


def test_one_sync_puts_everything_right(site: Site) -> None:
    numbers = dict(site.numbers.holders)
    site.run()
    assert site.run().counts == {}
    assert dict(site.numbers.holders) == numbers
