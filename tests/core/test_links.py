"""The links of members: two members never are one agent, and nothing of a link stays behind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.aws.rows import link_key
from core.aws.small_rows import DynamoLinks
from core.aws.table import Table
from tests.core.builders import Clock
from tests.stand_ins.dynamodb import TABLE, TableStandIn

pytestmark = pytest.mark.guarantee(11)


@pytest.fixture
def table() -> TableStandIn:
    return TableStandIn()


@pytest.fixture
def links(table: TableStandIn) -> DynamoLinks:
    return DynamoLinks(Table(table.client(), TABLE), Clock())


def of_an_earlier_version(table: TableStandIn, member: str, agent: str) -> None:
    pk, sk = link_key(member)
    table.seed([{"pk": {"S": pk}, "sk": {"S": sk}, "agent_id": {"S": agent}}])


def test_an_agent_is_one_member_though_the_index_lags(links: DynamoLinks, table: TableStandIn) -> None:
    table.lag(None)
    assert links.link("U1", "jane")
    assert not links.link("U2", "jane")
    assert (links.linked("U1"), links.linked("U2")) == ("jane", "")
    assert links.members("jane") == ["U1"]


def test_the_same_link_twice_is_one(links: DynamoLinks) -> None:
    assert links.link("U1", "jane")
    assert links.link("U1", "jane")
    assert links.members("jane") == ["U1"]


def test_who_says_to_be_another_agent_leaves_the_first_to_others(links: DynamoLinks) -> None:
    assert links.link("U1", "jane")
    assert links.link("U1", "bob")
    assert links.link("U2", "jane")
    assert not links.link("U2", "bob")
    assert (links.linked("U1"), links.linked("U2")) == ("bob", "jane")


@pytest.mark.parametrize("gone", [DynamoLinks.unlink, DynamoLinks.forget])
def test_who_is_forgotten_leaves_no_row_and_the_agent_to_others(
    links: DynamoLinks, table: TableStandIn, gone: Callable[[DynamoLinks, str], object]
) -> None:
    links.link("U1", "jane")
    gone(links, "U1")
    assert table.items == []
    assert links.link("U2", "jane")


def test_who_counts_no_more_makes_room_and_is_the_agent_no_more(links: DynamoLinks) -> None:
    links.link("U1", "jane")
    assert links.link("U2", "jane", ["U1"])
    assert (links.linked("U1"), links.linked("U2"), links.members("jane")) == ("", "jane", ["U2"])


def test_who_has_become_another_agent_meanwhile_stays_that(links: DynamoLinks, table: TableStandIn) -> None:
    links.link("U1", "jane")
    of_an_earlier_version(table, "U1", "bob")  # it does not know the row of the agent
    assert links.link("U2", "jane", ["U1"])
    assert (links.linked("U1"), links.linked("U2")) == ("bob", "jane")


def test_a_link_of_an_earlier_version_is_removed_and_released(
    links: DynamoLinks, table: TableStandIn
) -> None:
    of_an_earlier_version(table, "U1", "jane")
    assert links.link("U2", "jane")
    links.unlink("U1")
    assert (links.linked("U1"), links.linked("U2")) == ("", "jane")
    assert not links.link("U3", "jane")
