"""Counts of the last 30 days: whole beside the history, whatever wrote it, and cheap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.aws.rows import COUNTS
from core.aws.small_rows import DynamoClaims, DynamoRunRecords, DynamoSummaries
from core.aws.table import Table
from core.counts import Counts, counts_of, first_day
from core.errors import Unavailable
from core.models import ChangeKind, HistoryEntry, iso
from core.numbering.orders import Move, Undo
from core.status import read_status
from core.summary import DailySummary
from tests.core.builders import NOW, agent, policy
from tests.core.fakes import FakeConnect, Site, failing
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.wire import Fault


@pytest.fixture
def site() -> Site:
    return Site(FakeConnect([agent("ann"), agent("bob"), agent("cem")]), policy("10-19"))


def by_history(site: Site) -> Counts:
    now = site.clock.now
    return counts_of(site.reader().history(first_day(now) - timedelta(seconds=1), now), now)


def days_read(site: Site, ask: Callable[[], object]) -> int:
    """How many queries a question makes."""
    site.table.wire.reset()
    ask()
    return site.table.wire.requests["Query"]


def meaning(counts: Counts) -> Any:
    """What the counts say, however their texts are put."""
    days = {day: sorted(counts.moves_on(day)) for day in counts.days}
    return days, counts.runs


def check_whole(site: Site) -> None:
    """The counts are those of the history, and no history is read for them."""
    found: list[Counts] = []
    assert days_read(site, lambda: found.append(site.reader().counts(site.clock.now))) == 0
    assert meaning(found[0]) == meaning(by_history(site))


def by_an_older_version(site: Site, write: Callable[[], object]) -> None:
    """Let something be written as a version does that knows no counts: the lease row doesn't say them."""
    lease = {name: value for name, value in site.lease.items() if name == "counted"}
    kept = [item for item in site.table.items if (item["pk"]["S"], item["sk"]["S"]) == COUNTS]
    write()
    now = {name: value for name, value in site.lease.items() if name != "counted"}
    site.table.seed([now | lease, *kept])


def test_every_run_leaves_counts_that_are_those_of_the_history(site: Site) -> None:
    site.run()
    check_whole(site)
    site.connect.leave("id-bob")
    for act in (
        lambda: site.run(),
        lambda: site.admin().do(Move("id-ann", "18"), "U1"),
        lambda: site.admin().do(Undo("hand-1"), "U1"),
        lambda: site.connect.rename("id-cem", "Cem Second", iso(site.clock.now)),
        lambda: site.run(),
    ):
        site.clock.advance(hours=7)
        act()
        check_whole(site)


def test_what_an_older_version_wrote_is_noticed_and_counted_by_the_next_sync(site: Site) -> None:
    site.run()
    site.clock.advance(days=1)
    by_an_older_version(site, lambda: site.admin().do(Move("id-ann", "18"), "U1"))
    reader, now = site.reader(), site.clock.now
    assert days_read(site, lambda: reader.counts(now)) > 29
    assert meaning(reader.counts(now)) == meaning(by_history(site))
    site.admin().do(Move("id-cem", "17"), "U1")
    assert meaning(reader.counts(now)) == meaning(by_history(site))
    site.run()
    check_whole(site)


def test_a_first_sync_reads_no_history_that_is_not_there(site: Site) -> None:
    assert days_read(site, site.run) == 0
    check_whole(site)


def test_counts_of_a_run_without_room_for_them_are_written_at_its_end() -> None:
    site = Site(FakeConnect([agent(f"agent{number}") for number in range(150)]), policy("000-299"))
    site.run()
    check_whole(site)


@pytest.mark.guarantee(12)
@pytest.mark.parametrize("odd", ["no JSON", "[]", '{"days": {"2026-11-22": "+12a"}}', '{"days": {"x": ""}}'])
def test_odd_counts_are_read_from_the_history_and_written_anew(site: Site, odd: str) -> None:
    site.run()
    (row,) = (item for item in site.table.items if (item["pk"]["S"], item["sk"]["S"]) == COUNTS)
    site.table.seed([{**row, "counts": {"S": odd}}])
    assert meaning(site.reader().counts(site.clock.now)) == meaning(by_history(site))
    site.run()
    check_whole(site)


def test_a_sync_whose_history_can_not_be_read_for_the_counts_does_the_rest(site: Site) -> None:
    site.run()
    by_an_older_version(site, lambda: site.admin().do(Move("id-ann", "18"), "U1"))
    site.connect.join(agent("dot"))
    asked = [0]

    def fault(operation: str, nth: int) -> Fault | None:
        asked[0] += operation == "Query"
        return Fault("failing") if operation == "Query" and asked[0] > 4 else None

    site.table.wire.fault = fault
    report = site.run()
    assert (report.counts[ChangeKind.ASSIGNED], report.exported) == (1, True)
    site.table.wire.fault = None
    assert meaning(site.reader().counts(site.clock.now)) == meaning(by_history(site))


def test_a_lost_answer_is_not_counted_twice_or_left_out(site: Site) -> None:
    site.run()
    failing(site, "TransactWriteItems", *[Fault("failing")] * 4)
    with pytest.raises(Unavailable):
        site.admin().do(Move("id-ann", "18"), "U1")
    site.table.wire.fault = None
    failing(site, "TransactWriteItems", Fault("timeout", after=True))
    site.admin().do(Move("id-ann", "17"), "U1")
    site.table.wire.fault = None
    assert meaning(site.reader().counts(site.clock.now)) == meaning(by_history(site))


kinds = st.sampled_from(
    [
        ChangeKind.ASSIGNED,
        ChangeKind.RETURNED,
        ChangeKind.RELEASED,
        ChangeKind.RELABELLED,
        ChangeKind.RESERVED,
    ]
)
lines = st.builds(
    lambda kind, number, day, run: HistoryEntry(
        kind, f"{number:02}", "u", "U", iso(NOW - timedelta(days=day)), "schedule", f"run-{40 - day}-{run}"
    ),
    kinds,
    st.integers(0, 12),
    st.integers(0, 40),
    st.integers(0, 9),
)


@given(st.lists(lines, max_size=60))
def test_lines_counted_one_by_one_are_those_counted_at_once(history: list[HistoryEntry]) -> None:
    history.sort(key=lambda each: (each.at, each.run_id))
    one_by_one = Counts()
    for line in history:
        one_by_one = one_by_one.with_lines([line], (), NOW)
    at_once = counts_of(history, NOW)
    assert meaning(one_by_one) == meaning(at_once)
    assert msgspec.json.decode(msgspec.json.encode(at_once), type=Counts) == at_once


# What a question costs, with 400 days of history


@pytest.fixture
def old(site: Site) -> Site:
    """A house of 400 days with 200 changes a day."""
    site.run()
    for day in range(1, 400):
        at = NOW - timedelta(days=day)
        line = HistoryEntry(ChangeKind.RELABELLED, "10", "ann", "Ann", iso(at), "schedule", f"run-{day}")
        told = msgspec.json.encode([line] * 20).decode()
        site.table.seed(
            {
                "pk": {"S": f"change#{at:%Y-%m-%d}"},
                "sk": {"S": f"{hour:02}:30:00.000000#run-{day}#00001"},
                "lines": {"S": told},
                "place": {"S": f"{0:012}-{day:05}"},
            }
            for hour in range(10)
        )
    return site


def requests(site: Site, ask: Callable[[], object]) -> int:
    site.table.wire.reset()
    ask()
    return sum(site.table.wire.requests.values())


def test_a_sync_with_one_new_name_makes_ten_requests(old: Site) -> None:
    old.connect.rename("id-ann", "Ann Second", iso(old.clock.now))
    old.clock.advance(hours=1)
    assert requests(old, old.run) <= 10


def test_status_makes_eight_requests(old: Site) -> None:
    table = Table(old.table.client(), TABLE)
    records = DynamoRunRecords(table, old.clock)
    assert requests(old, lambda: read_status(old.reader(), records, old.policy, old.clock.now)) <= 8


def test_a_summary_makes_twelve_requests(old: Site) -> None:
    table = Table(old.table.client(), TABLE)

    def tell() -> None:
        daily = DailySummary(
            old.reader(), DynamoClaims(table, old.clock), DynamoSummaries(table), old.policy, lambda _: None
        )
        daily.tell(f"{old.clock.now:%Y-%m-%d}", old.clock.now)

    tell()
    old.clock.advance(days=1)
    old.connect.rename("id-ann", "Ann Second", iso(old.clock.now))
    old.run()
    assert requests(old, tell) <= 12
