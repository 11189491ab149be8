"""The index of lost names: it finds whom the history has, whatever wrote it, in one request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.histories import Histories
from core.asking.former import FormerNames, words_asked
from core.asking.lookup import Lookup
from core.aws import writer as writing
from core.aws.exports_and_links import S3Exports
from core.aws.lost_rows import MOST_LOST, keys_of, row_of_losses, rows_of_losses
from core.aws.reports import dump_entry
from core.aws.rows import COUNTS, lost_key
from core.aws.small_rows import DynamoRunRecords
from core.aws.table import Table
from core.models import ChangeKind, HistoryEntry, iso
from tests.core.builders import NOW, agent, policy
from tests.core.fakes import FakeConnect, Site
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.s3 import BUCKET

YEAR = timedelta(days=400)


def loss(name: str, username: str, days: int = 0, before: str = "") -> HistoryEntry:
    at = iso(NOW - timedelta(days=days))
    return HistoryEntry(
        ChangeKind.RELEASED, "10", username, name, at, "schedule", "run-1", before, f"id-{username}"
    )


@pytest.fixture
def site() -> Site:
    return Site(FakeConnect([agent("ann"), agent("bob"), agent("cem")]), policy("10-19"))


def found(site: Site, query: str) -> tuple[list[HistoryEntry], int]:
    """The people of the past called so, and how many requests that took."""
    site.table.wire.reset()
    lines = site.reader().losses_named(words_asked(query), site.clock.now - YEAR)
    return FormerNames(lines).called(query), sum(site.table.wire.requests.values())


def check_whole(site: Site, *queries: str) -> None:
    """One request finds whom all losses have."""
    everybody = FormerNames(site.reader().losses(site.clock.now - YEAR))
    for query in queries:
        assert everybody.called(query)
        assert found(site, query) == (everybody.called(query), 1)


def remove_index(site: Site) -> None:
    for item in site.table.items:
        if item["pk"]["S"].startswith("lost#"):
            site.table.remove(item["pk"]["S"], item["sk"]["S"])


def forget_index(site: Site) -> None:
    """Make the table one of a version that knew no index."""
    remove_index(site)
    (counts,) = (item for item in site.table.items if (item["pk"]["S"], item["sk"]["S"]) == COUNTS)
    site.table.seed([{name: value for name, value in counts.items() if name != "lost"}])


names = st.text(st.sampled_from("ab ÄøЖ王'-.@ß"), max_size=12)


@given(names, names, names, st.text(st.sampled_from("ab ÄøЖ王'-.ß"), max_size=12))
def test_whoever_is_called_so_is_in_a_row_of_a_word_that_is_asked_for(
    name: str, username: str, before: str, query: str
) -> None:
    line = loss(name, username, before=before)
    if FormerNames([line]).called(query):
        words = {pk.partition("#")[2] for pk, _ in keys_of(line)}
        domains = f"{username} {name} {before}"
        assert words & words_asked(query) or ("@" in domains)


def test_who_left_or_was_renamed_is_found_by_each_word_and_by_more_words_than_the_name_has(
    site: Site,
) -> None:
    site.run()
    site.connect.rename("id-ann", "Ann van Oak", site.now)
    site.run()
    site.clock.advance(days=40)
    site.connect.leave("id-bob")
    site.connect.rename("id-ann", "Ann Elm", site.now)
    site.run()
    check_whole(site, "ann", "oak", "van oak", "bob", "Bob@", "ann van oak of sales")
    assert found(site, "elm") == ([], 1)


def test_the_domain_of_emails_is_in_no_row(site: Site) -> None:
    keys = keys_of(loss("Jane Doe", "jane.d@example.com"))
    assert sorted(pk for pk, _ in keys) == ["lost#d", "lost#doe", "lost#jane", "lost#janed"]


def test_a_table_without_the_index_answers_as_before_and_the_next_syncs_fill_it(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_INDEXED", 1)
    site.run()
    for day, gone in enumerate(("id-ann", "id-bob")):
        site.clock.advance(days=40 * day)
        site.connect.leave(gone)
        site.run()
    forget_index(site)
    for _ in range(2):
        lines, requests = found(site, "ann")
        assert ([line.username for line in lines], requests > 1) == (["ann"], True)
        site.run()
    site.run()
    check_whole(site, "ann", "bob")


def test_what_a_version_without_the_index_wrote_is_noticed_and_filled_in(site: Site) -> None:
    site.run()
    before = [item for item in site.table.items if (item["pk"]["S"], item["sk"]["S"]) == COUNTS]
    counted = {name: value for name, value in site.lease.items() if name == "counted"}
    site.connect.leave("id-bob")
    site.run()
    remove_index(site)
    site.table.seed([{**site.lease, **counted}, *before])
    lines, requests = found(site, "bob")
    assert ([line.username for line in lines], requests) == (["bob"], 2)
    site.run()
    check_whole(site, "bob")


def test_a_word_that_too_many_have_is_looked_up_in_the_history(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "MOST_LOST", 2)
    site.connect = FakeConnect([agent(f"kim{number}", name=f"Kim No{number}") for number in range(5)])
    site.run()
    for number in range(5):
        site.connect.leave(f"id-kim{number}")
        site.clock.advance(days=1, minutes=1)
        site.connect.join(agent(f"new{number}"))
        site.run()
    lines, requests = found(site, "kim")
    assert (len(lines), requests) == (5, 2)
    check_whole(site, "kim no1", "no2")


def test_a_row_has_the_newest_losses_of_a_word_that_too_many_have() -> None:
    lines = [(line, dump_entry(line)) for number in range(MOST_LOST) for line in [loss("Kim", f"k{number}")]]
    key = lost_key("kim", iso(NOW)[:7])
    row = row_of_losses(key, rows_of_losses(lines)[key])
    assert (row["cut"], len(row["lines"]["L"])) == ({"S": "yes"}, MOST_LOST // 2)
    assert row["lines"]["L"][-1] == {"S": lines[-1][1]}


def test_the_history_of_a_name_makes_three_requests_however_old_the_house(site: Site) -> None:
    """400 days with 200 changes a day, half of them losses."""
    site.run()
    for day in range(400):
        line = loss(f"Old No{day}", f"old{day}", day)
        told = f"[{','.join([dump_entry(line)] * 100)}]"
        row: dict[str, Any] = {
            "pk": {"S": "former"},
            "sk": {"S": f"{line.at[:19]}.000000#run"},
            "lines": {"S": told},
        }
        rows = rows_of_losses([(line, dump_entry(line))])
        site.table.seed([row, *(row_of_losses(key, lines) for key, lines in rows.items())])
    files = S3Exports(site.bucket.client(), BUCKET, 15)
    reader = site.reader()
    lookup = Lookup(reader, files, site.policy.range)
    records = DynamoRunRecords(Table(site.table.client(), TABLE), site.clock)
    histories = Histories(lookup, reader, site.policy.range, lookup.exactly, records, site.clock)
    for asked, told in (("No399", "No399"), ("ann", "Ann"), ("old no17", "No17")):
        site.table.wire.reset()
        assert f"{told} has" in histories.of(asked).text
        assert sum(site.table.wire.requests.values()) <= 3
