"""A table made by awsconnect-extensions is taken over in place, with whatever faults it has."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import boto3
import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from core.models import Agent, ChangeKind, Report
from tests.core.builders import agent, older_pool, policy, rows
from tests.core.fakes import FakeConnect, Site
from tests.core.invariants import check_nobody_released, check_one_each, check_whole, lasting, numbers_of
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.wire import Process

POOL = [f"{number:02}" for number in range(10)]


def adopted(*listed: Agent, **users: str) -> Site:
    """A site on the older project's table, in which the users given have numbers."""
    site = Site(FakeConnect(listed))
    site.table.seed(older_pool(POOL, **users))
    return site


def healed(report: Report) -> dict[str, str]:
    """What was healed, and why: by extension."""
    return {line.extension: line.username for line in report.changes if line.kind is ChangeKind.HEALED}


@pytest.mark.guarantee(3)
def test_every_agent_keeps_the_number_and_the_rows_gain_user_ids() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="07", bob="03")
    site.run()
    assert site.numbers.assigned == {"07": ("id-ann", "ann"), "03": ("id-bob", "bob")}
    check_one_each(site.numbers)
    check_whole(site.numbers, POOL)


def test_names_become_known_beside_the_usernames() -> None:
    site = adopted(agent("ann", name="Ann Lee"), ann="07")
    site.run()
    assert site.numbers.names == {"07": "Ann Lee"}


def test_a_new_agent_gets_a_number_that_nobody_had() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="00")
    site.run()
    assert site.numbers.holders == {"ann": "00", "bob": "01"}


def test_who_has_left_since_is_held_and_gets_the_number_back_by_username() -> None:
    site = adopted(agent("ann"), ann="00", bob="01")
    site.run()
    assert site.numbers.held["01"][:2] == ("", "bob")
    site.connect.join(agent("bob"))
    site.run()
    assert site.numbers.holders == {"ann": "00", "bob": "01"}


def test_a_bad_listing_releases_nobody_of_the_older_table() -> None:
    site = adopted(agent("ann"), ann="00", bob="01")
    site.connect.freeze_search()
    site.connect.join(agent("cem"))
    site.run()
    assert site.numbers.holders == {"ann": "00", "bob": "01", "cem": "02"}


def test_a_second_sync_has_nothing_to_do() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="07", bob="03")
    site.run()
    report = site.run()
    assert (report.counts, report.exported, report.unchanged) == ({}, False, 2)


# The older project's sync, left on by mistake: it deletes the row of a user and puts it anew, without the id


def test_the_older_sync_writing_the_same_once_more_costs_nobody_the_number() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="07", bob="03")
    site.run()
    site.table.seed(older_pool(["07"], ann="07"))
    report = site.run()
    assert site.numbers.assigned["07"] == ("id-ann", "ann")
    assert healed(report) == {"07": "ann"}


@pytest.mark.guarantee(18)
def test_the_older_sync_writing_from_a_stale_list_costs_nobody_the_number() -> None:
    site = adopted(*map(agent, ("ann", "bob", "cem", "dot")), ann="07", bob="03", cem="05", dot="01")
    site.run()
    before = site.numbers
    site.table.seed(older_pool(["07", "03", "05"], dot="07", cem="03", bob="05"))
    report = site.run()
    assert site.numbers.assigned == before.assigned
    assert report.counts == {ChangeKind.HEALED: 3}
    assert "Another program writes to this table" in report.warnings[0]
    assert site.run().warnings == ()


@pytest.mark.guarantee(18)
def test_an_agent_whom_the_older_sync_removed_by_mistake_keeps_the_number() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="07", bob="03")
    site.run()
    site.table.remove("07", "agentID")
    site.table.seed(rows({"pk": "07", "sk": "nu"}))
    site.connect.join(agent("cem"))
    report = site.run()
    assert site.numbers.holders == {"ann": "07", "bob": "03", "cem": "00"}
    assert "Another program writes to this table" in report.warnings[0]


@pytest.mark.guarantee(18)
def test_a_leaver_whom_the_older_sync_removed_first_is_held_and_told_as_released() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="07", bob="03")
    site.run()
    site.connect.leave("id-ann")
    site.table.remove("07", "agentID")
    site.table.seed(rows({"pk": "07", "sk": "nu"}))
    report = site.run()
    assert report.counts == {ChangeKind.RELEASED: 1}
    assert site.numbers.held["07"][0] == "id-ann"
    site.connect.join(agent("ann"))
    site.run()
    assert site.numbers.holders == {"ann": "07", "bob": "03"}


@pytest.mark.guarantee(18)
def test_a_number_that_the_older_sync_gave_after_the_adoption_stays_and_is_warned_of() -> None:
    site = adopted(agent("ann"), ann="07")
    site.run()
    site.connect.join(agent("bob"))
    site.table.remove("05", "nu")
    site.table.seed(older_pool(["05"], bob="05"))
    report = site.run()
    assert site.numbers.holders == {"ann": "07", "bob": "05"}
    assert report.warnings[0].startswith("Another program writes to this table: it changed 05 after")


def test_an_adoption_itself_is_no_reason_to_warn_of_another_program() -> None:
    assert adopted(agent("ann"), agent("bob"), ann="07").run().warnings == ()


# The faults that such tables have


def test_a_free_row_missing_from_the_index_is_healed() -> None:
    site = adopted(agent("ann"), ann="00")
    site.table.seed(rows({"pk": "05", "sk": "nu"}))
    assert "05" in healed(site.run())
    assert site.table.items[-1]
    check_whole(site.numbers, POOL)


def test_a_number_given_back_by_the_older_project_is_given_last() -> None:
    site = adopted(agent("ann"))
    site.table.seed(rows({"pk": "00", "sk": "nu"}))
    site.run()
    assert site.numbers.holders == {"ann": "01"}


def test_of_two_extensions_for_one_username_the_lower_stays_and_the_other_is_held() -> None:
    site = adopted(agent("ann"), ann="04")
    site.table.remove("08", "nu")
    site.table.seed(rows({"pk": "08", "sk": "agentID", "sk_value": "ann"}))
    report = site.run()
    assert (site.numbers.holders, site.numbers.held["08"][1]) == ({"ann": "04"}, "ann")
    assert healed(report).keys() == {"04", "08"}


def test_an_extension_that_is_both_assigned_and_free_is_assigned() -> None:
    site = adopted(agent("ann"), ann="04")
    site.table.seed(rows({"pk": "04", "sk": "nu", "sk_value": "04"}))
    report = site.run()
    assert site.numbers.holders == {"ann": "04"}
    assert healed(report).keys() == {"04"}


def test_everything_at_once() -> None:
    site = adopted(agent("ann"), agent("bob"), ann="04", bob="06")
    site.table.remove("08", "nu")
    site.table.seed(
        rows(
            {"pk": "08", "sk": "agentID", "sk_value": "ann"},
            {"pk": "06", "sk": "nu", "sk_value": "06"},
            {"pk": "09", "sk": "nu"},
        )
    )
    report = site.run()
    assert site.numbers.holders == {"ann": "04", "bob": "06"}
    assert healed(report).keys() == {"04", "06", "08", "09"}
    assert site.run().counts == {}


# Who still asks the table


@pytest.fixture
def older_lookup() -> tuple[Site, Any]:
    """An adopted table, and the boto3 resource by which the older GetAgent Lambda reads it."""
    site = adopted(agent("ann", arn="arn:aws:connect:agent/1", team="Sales"), ann="07")
    site.run()
    resource = boto3.Session("key", "secret", region_name="us-east-1").resource("dynamodb")
    site.table.wire.attach(resource.meta.client, Process())
    return site, resource.Table(TABLE)


def test_the_older_lookup_still_answers_with_the_username(older_lookup: tuple[Site, Any]) -> None:
    _, table = older_lookup
    item = table.get_item(Key={"pk": "07", "sk": "agentID"})["Item"]
    assert (item["pk"], item["sk"], item["sk_value"]) == ("07", "agentID", "ann")


def test_the_older_lookup_answers_with_what_connect_can_read(older_lookup: tuple[Site, Any]) -> None:
    _, table = older_lookup
    item = table.get_item(Key={"pk": "07", "sk": "agentID"})["Item"]
    assert all(isinstance(value, str) and value for value in item.values())
    assert json.loads(json.dumps(item))["agent_arn"] == "arn:aws:connect:agent/1"


def test_the_older_lookup_finds_nobody_on_a_free_number(older_lookup: tuple[Site, Any]) -> None:
    _, table = older_lookup
    assert "Item" not in table.get_item(Key={"pk": "05", "sk": "agentID"})


def test_the_older_lookup_finds_nobody_on_a_number_that_was_given_back(
    older_lookup: tuple[Site, Any],
) -> None:
    site, table = older_lookup
    site.connect.join(agent("bob"))
    site.connect.leave("id-ann")
    site.run()
    assert "Item" not in table.get_item(Key={"pk": "07", "sk": "agentID"})


# Any table at all

Row = dict[str, str]
USERNAMES = ("ann", "bob", "cem")
NUMBERS = ("00", "01", "02", "03", "40")


def _rows_of_number(pk: str) -> st.SearchStrategy[list[Row]]:
    maybe_id = st.sampled_from([{}, *({"agent_id": f"id-{name}"} for name in USERNAMES)])
    name = st.sampled_from([{"sk_value": username} for username in USERNAMES])
    agents = st.builds(lambda known, label: {"pk": pk, "sk": "agentID", **known, **label}, maybe_id, name)
    value = st.sampled_from([{}, {"sk_value": pk}, {"sk_value": "77"}])
    hold = st.sampled_from([{}, {"held_until": "2026-12-01T00:00:00Z", "username": "ann"}])
    unused = st.builds(lambda known, until: {"pk": pk, "sk": "nu", **known, **until}, value, hold)
    note = st.sampled_from([{}, {"sk_value": "fax"}])
    kept = st.builds(lambda words: {"pk": pk, "sk": "reserved", **words}, note)
    each = [st.none() | agents, st.none() | unused, st.none() | kept]
    return st.tuples(*each).map(lambda found: [row for row in found if row])


def _own_row(username: str) -> st.SearchStrategy[list[Row]]:
    row = {"pk": f"user#id-{username}", "sk": "extension"}
    return st.none().map(lambda _: []) | st.sampled_from([*NUMBERS, "55"]).map(
        lambda pk: [row | {"sk_value": pk}]
    )


tables = st.tuples(*map(_rows_of_number, NUMBERS), *map(_own_row, USERNAMES)).map(
    lambda found: [row for some in found for row in some]
)
listings = st.lists(st.sampled_from(USERNAMES), unique=True, min_size=1)


def site_of(found: Iterable[Row], listed: Iterable[str]) -> Site:
    rules = policy("00-07", max_release_count=100)
    site = Site(FakeConnect([agent(name) for name in listed]), rules)
    site.table.seed(rows(*found))
    return site


@pytest.mark.guarantee(1)
@settings(derandomize=True, deadline=None, max_examples=150, print_blob=True)
@given(found=tables, listed=listings)
def test_one_sync_makes_any_table_sound_and_a_second_has_nothing_to_do(
    found: list[Row], listed: list[str]
) -> None:
    site = site_of(found, listed)
    site.run()
    check_one_each(site.numbers)
    check_whole(site.numbers, site.policy.range)
    assert set(site.numbers.holders) == set(listed)
    once = lasting(site.table.items)
    assert site.run().counts == {}
    assert lasting(site.table.items) == once


@pytest.mark.guarantee(4)
@settings(derandomize=True, deadline=None, max_examples=80, print_blob=True)
@given(found=tables, listed=listings)
def test_on_a_bad_listing_any_table_keeps_its_people_and_a_second_sync_has_nothing_to_do(
    found: list[Row], listed: list[str]
) -> None:
    site = site_of(found, listed)
    site.connect.freeze_search()
    site.connect.indexed = {}
    usernames = {row["sk_value"] for row in found if row["sk"] == "agentID" and "agent_id" not in row}
    site.run()
    assert usernames <= {username for _, username in numbers_of(site.table.items).assigned.values()}
    once = lasting(site.table.items)
    assert site.run().counts == {}
    assert lasting(site.table.items) == once


def test_nobody_is_released_from_a_sound_older_table_on_a_bad_listing() -> None:
    site = adopted(agent("ann"), ann="00", bob="01", cem="02")
    before = site.numbers
    site.connect.indexed = {}
    site.run()
    check_nobody_released(before, site.numbers)
