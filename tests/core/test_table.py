from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.aws.table import MOST_EDITS, LedgerTable
from core.errors import LeaseLost, LeaseTaken, TableChanged, Unavailable
from core.models import Change, ChangeKind, Free, Held, State
from core.ports import Lease
from tests.core.builders import LONG_AGO, agent, assigned, free, held, policy, reserved, rows
from tests.core.fakes import LEASE_SECONDS, FakeConnect, Site
from tests.core.invariants import check_one_each
from tests.stand_ins.wire import Fault


@pytest.fixture
def site() -> Site:
    return Site(rules=policy("000-299"))


def filling(count: int, start: int = 0) -> list[Change]:
    """So many new extensions."""
    found = [f"{number:03}" for number in range(start, start + count)]
    return [Change(ChangeKind.FILLED, each, None, Free(each), "new") for each in found]


def giving(extension: str, username: str, before: State | None = None, **more: Any) -> Change:
    return Change(
        ChangeKind.ASSIGNED, extension, before, assigned(extension, username), "a new agent", **more
    )


def opened(site: Site, run_id: str = "run-1") -> tuple[LedgerTable, Lease]:
    """A ledger with the lease, which has read the table."""
    ledger = site.ledger()
    lease = ledger.acquire(run_id, "schedule")
    ledger.read()
    return ledger, lease


def write(ledger: LedgerTable, lease: Lease, *changes: Change) -> list[int]:
    """Apply, and say what the progress was."""
    done: list[int] = []
    ledger.apply(lease, changes, "schedule", done.append)
    return done


def failing(site: Site, operation: str, *faults: Fault | None) -> None:
    """Let the next requests of an operation go wrong, one fault each."""
    left: Iterator[Fault | None] = iter(faults)
    site.table.wire.fault = lambda asked, nth: next(left, None) if asked == operation else None


# The lease


def test_a_lease_that_is_taken_says_who_has_it_and_since_when(site: Site) -> None:
    site.ledger().acquire("run-1", "U123")
    site.clock.advance(seconds=60)
    with pytest.raises(LeaseTaken) as taken:
        site.ledger().acquire("run-2", "schedule")
    assert str(taken.value) == (
        "Another run has the lease: run-1, started by U123 at 2026-11-22T09:30:00Z. Nothing was changed."
    )


def test_the_token_grows_with_every_run(site: Site) -> None:
    tokens = []
    for _ in range(3):
        ledger = site.ledger()
        lease = ledger.acquire("run", "schedule")
        ledger.finish(lease, None)
        tokens.append(lease.token)
    assert tokens == [1, 2, 3]


@pytest.mark.parametrize(("later", "taken"), [(LEASE_SECONDS, True), (LEASE_SECONDS + 1, False)])
def test_the_lease_of_a_run_that_is_gone_is_over_after_its_term(site: Site, later: int, taken: bool) -> None:
    site.ledger().acquire("run-1", "schedule")
    site.clock.advance(seconds=later)
    if taken:
        with pytest.raises(LeaseTaken):
            site.ledger().acquire("run-2", "schedule")
    else:
        assert site.ledger().acquire("run-2", "schedule").token == 2


def test_a_lease_that_is_renewed_is_not_over(site: Site) -> None:
    ledger, lease = opened(site)
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    ledger.renew(lease)
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    with pytest.raises(LeaseTaken):
        site.ledger().acquire("run-2", "schedule")


def test_writing_renews_the_lease(site: Site) -> None:
    ledger, lease = opened(site)
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    write(ledger, lease, *filling(1))
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    with pytest.raises(LeaseTaken):
        site.ledger().acquire("run-2", "schedule")


def test_a_yes_that_was_lost_is_still_a_yes(site: Site) -> None:
    failing(site, "UpdateItem", Fault("dropped", after=True))
    assert site.ledger().acquire("run-1", "schedule").run_id == "run-1"


def test_a_lease_row_in_somebodys_transaction_is_asked_for_again(site: Site) -> None:
    failing(site, "UpdateItem", Fault("conflict"), Fault("conflict"))
    assert site.ledger().acquire("run-1", "schedule").token == 1


LATE: list[Callable[[LedgerTable, Lease], object]] = [
    lambda ledger, lease: write(ledger, lease, giving("000", "ann")),
    lambda ledger, lease: ledger.renew(lease),
    lambda ledger, lease: ledger.finish(lease, None),
]


@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("finished", [True, False])
def test_a_run_that_was_paused_past_its_lease_cannot_write_another_thing(
    site: Site, late: Callable[[LedgerTable, Lease], object], finished: bool
) -> None:
    ledger, lease = opened(site)
    site.expire_lease()
    other, others = opened(site, "run-2")
    if finished:
        other.finish(others, None)
    rows_then = site.table.items
    with pytest.raises(LeaseLost, match=r"Run run-1 was paused for longer than its lease"):
        late(ledger, lease)
    assert site.table.items == rows_then


def test_a_run_whose_lease_is_over_but_was_taken_by_nobody_goes_on(site: Site) -> None:
    ledger, lease = opened(site)
    site.expire_lease()
    assert write(ledger, lease, giving("000", "ann")) == [1]


# Transactions


def test_both_rows_of_an_assignment_are_written_in_one_transaction(site: Site) -> None:
    ledger, lease = opened(site)
    write(ledger, lease, giving("042", "ann"))
    assert site.table.wire.requests["TransactWriteItems"] == 1
    assert (site.numbers.assigned, site.numbers.owners) == ({"042": ("id-ann", "ann")}, {"id-ann": "042"})


def test_as_many_changes_go_into_a_transaction_as_fit(site: Site) -> None:
    ledger, lease = opened(site)
    assert write(ledger, lease, *filling(2 * MOST_EDITS + 1)) == [
        MOST_EDITS,
        2 * MOST_EDITS,
        2 * MOST_EDITS + 1,
    ]


def test_a_change_is_never_split_between_two_transactions(site: Site) -> None:
    ledger, lease = opened(site)
    failing(site, "TransactWriteItems", None, *[Fault("failing")] * 4)
    with pytest.raises(Unavailable):
        write(ledger, lease, *filling(MOST_EDITS - 1), giving("299", "ann"))
    assert (site.numbers.owners, site.numbers.assigned) == ({}, {})


def test_the_agents_row_follows_from_one_number_to_the_next_across_transactions(site: Site) -> None:
    ledger, lease = opened(site)
    away = Change(ChangeKind.RELEASED, "298", assigned("298", "ann"), free("298"), "moved")
    write(ledger, lease, giving("298", "ann"), *filling(MOST_EDITS - 2), away, giving("299", "ann"))
    check_one_each(site.numbers)
    assert site.numbers.holders == {"ann": "299"}


def test_what_is_written_and_what_is_read_is_the_same(site: Site) -> None:
    states: list[State] = [assigned("001", "ann"), held("002", "bob"), reserved("003"), free("004", LONG_AGO)]
    ledger, lease = opened(site)
    write(ledger, lease, *(Change(ChangeKind.FILLED, each.extension, None, each, "") for each in states))
    assert [slot.state for _, slot in sorted(site.ledger().read().slots.items())] == states


def test_a_row_that_is_not_as_it_was_read_stops_the_transaction(site: Site) -> None:
    ledger, lease = opened(site)
    site.table.seed(rows({"pk": "000", "sk": "agentID", "sk_value": "somebody else"}))
    with pytest.raises(TableChanged):
        write(ledger, lease, giving("000", "ann"))
    assert site.numbers.assigned == {"000": ("", "somebody else")}


# Answers that are lost, and refusals


@pytest.mark.parametrize("kind", ["dropped", "timeout", "failing"])
@pytest.mark.parametrize("remembered", [True, False])
def test_our_own_write_is_not_mistaken_for_somebody_elses(site: Site, kind: Any, remembered: bool) -> None:
    ledger, lease = opened(site)
    faults = iter([Fault(kind, after=True)])

    def fault(operation: str, nth: int) -> Fault | None:
        if not remembered:
            site.table.forget_tokens()
        return next(faults, None) if operation == "TransactWriteItems" else None

    site.table.wire.fault = fault
    assert write(ledger, lease, giving("000", "ann"), *filling(2, 1)) == [3]
    assert len(history(site)) == 1


def test_somebody_elses_write_is_not_mistaken_for_our_own(site: Site) -> None:
    """Even where our own would leave the fingerprint as it is, as a mere refresh does."""
    before = assigned("000", "ann")
    ledger, lease = opened(site)
    write(ledger, lease, giving("000", "ann"))
    site.table.seed(rows({"pk": "000", "sk": "agentID", "sk_value": "somebody else"}))
    after = assigned("000", "ann", modified="2026-11-11T11:11:11Z")
    with pytest.raises(TableChanged):
        write(ledger, lease, Change(ChangeKind.REFRESHED, "000", before, after, ""))


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"]
)
def test_a_transaction_that_was_cancelled_for_lack_of_room_is_tried_again(site: Site, reason: str) -> None:
    ledger, lease = opened(site)
    cancelled = Fault("conflict", code="TransactionCanceledException", reasons=("None", reason))
    failing(site, "TransactWriteItems", cancelled, cancelled)
    assert write(ledger, lease, giving("000", "ann")) == [1]


@pytest.mark.parametrize("reason", ["TransactionConflict", "ValidationError"])
def test_a_transaction_that_stays_cancelled_is_a_clear_error(site: Site, reason: str) -> None:
    ledger, lease = opened(site)
    cancelled = Fault("conflict", code="TransactionCanceledException", reasons=("None", reason))
    failing(site, "TransactWriteItems", *[cancelled] * 4)
    with pytest.raises(Unavailable, match=f"could not be written: {reason}"):
        write(ledger, lease, giving("000", "ann"))


def test_a_table_that_is_not_there_is_named(site: Site) -> None:
    site.table.table = "another"
    with pytest.raises(Unavailable, match=r"'extensions' \(EXTENSIONS_TABLE\) does not exist"):
        site.ledger().acquire("run-1", "schedule")


# Reading


@pytest.fixture
def synced() -> Site:
    """Five agents with numbers, on pages of a few rows."""
    connect = FakeConnect([agent(name) for name in ("ann", "bob", "cem", "dot", "eve")])
    site = Site(connect, policy("00-19"), page_bytes=2000)
    site.run()
    site.table.wire.reset()
    return site


def read(site: Site) -> dict[str, int]:
    """How many requests of each kind it takes to read the table."""
    site.table.wire.reset()
    site.ledger().read()
    return dict(site.table.wire.requests)


def test_what_the_index_tells_is_enough_where_the_fingerprint_agrees(synced: Site) -> None:
    assert "Scan" not in read(synced)


def test_history_does_not_make_a_sync_read_more(synced: Site) -> None:
    few = read(synced)
    lines = ({"pk": "change#2026-01-01", "sk": f"{number}", "lines": "[]"} for number in range(5000))
    synced.table.seed(rows(*lines))
    assert read(synced) == few


def test_an_index_that_lags_is_not_believed(synced: Site) -> None:
    synced.table.lag(None)
    synced.connect.leave("id-ann")
    synced.run()
    table = synced.ledger().read()
    assert isinstance(table.slots["00"].state, Held)
    assert "Scan" in read(synced)


def test_a_row_changed_past_the_lease_is_seen(synced: Site) -> None:
    synced.table.remove("00", "agentID")
    assert synced.ledger().read().slots["00"].faults == ("only an agent's own row spoke of it",)


def test_rows_that_are_not_ours_are_left_alone(synced: Site) -> None:
    strange = rows(
        {"pk": "notes", "sk": "nu", "sk_value": "x"}, {"pk": "sync", "sk": "reserved", "sk_value": "y"}
    )
    synced.table.seed(strange)
    assert set(synced.ledger().read().slots) == set(synced.policy.range)


# History


def history(site: Site) -> list[dict[str, str]]:
    """The lines of all rows of history."""
    found = [item for item in site.table.items if item["pk"]["S"].startswith("change#")]
    return [line for item in found for line in json.loads(item["lines"]["S"])]


def test_every_change_a_person_cares_about_leaves_a_line(site: Site) -> None:
    ledger, lease = opened(site)
    write(ledger, lease, giving("000", "ann"), *filling(3, 1))
    assert history(site) == [
        {
            "kind": "assigned",
            "extension": "000",
            "username": "ann",
            "name": "Ann",
            "at": "2026-11-22T09:30:00Z",
            "by": "schedule",
            "run_id": "run-1",
        }
    ]


def test_history_expires(site: Site) -> None:
    ledger, lease = opened(site)
    write(ledger, lease, giving("000", "ann"))
    (row,) = [item for item in site.table.items if item["pk"]["S"].startswith("change#")]
    assert int(row["ttl"]["N"]) > site.clock.now.timestamp()
    assert "sk_value" not in row
