from __future__ import annotations

from collections.abc import Callable

import pytest

from core.aws.writer import DynamoTableWriter
from core.errors import LeaseLost, LeaseTaken, Unavailable
from core.models import Report
from tests.core.builders import filling, giving, policy, rows
from tests.core.fakes import LEASE_SECONDS, Site, failing, opened, write
from tests.stand_ins.wire import Fault


@pytest.fixture
def site() -> Site:
    return Site(rules=policy("000-299"))


def test_a_lease_that_is_taken_says_who_has_it_and_since_when(site: Site) -> None:
    site.writer().acquire("run-1", "U123")
    site.clock.advance(seconds=60)
    with pytest.raises(LeaseTaken) as taken:
        site.writer().acquire("run-2", "schedule")
    assert str(taken.value) == (
        "Another run has the lease: run-1, started by U123 at 2026-11-22T09:30:00Z. Nothing was changed."
    )
    assert (taken.value.holder, taken.value.since) == ("U123", "2026-11-22T09:30:00Z")


def test_a_lease_whose_row_tells_nothing_is_taken_all_the_same(site: Site) -> None:
    site.writer().acquire("run-1", "U123")
    told = {"sk_value", "holder", "started"}
    site.table.seed([{name: value for name, value in site.lease.items() if name not in told}])
    with pytest.raises(LeaseTaken) as taken:
        site.writer().acquire("run-2", "schedule")
    assert str(taken.value) == "Another run has the lease: ?, started by ? at ?. Nothing was changed."


def test_the_token_grows_with_every_run(site: Site) -> None:
    tokens = []
    for _ in range(3):
        writer = site.writer()
        lease = writer.acquire("run", "schedule")
        writer.finish(None)
        tokens.append(lease.token)
    assert tokens == [1, 2, 3]


@pytest.mark.parametrize(("later", "taken"), [(LEASE_SECONDS, True), (LEASE_SECONDS + 1, False)])
def test_the_lease_of_a_run_that_is_gone_is_over_after_its_term(site: Site, later: int, taken: bool) -> None:
    site.writer().acquire("run-1", "schedule")
    site.clock.advance(seconds=later)
    if taken:
        with pytest.raises(LeaseTaken):
            site.writer().acquire("run-2", "schedule")
    else:
        assert site.writer().acquire("run-2", "schedule").token == 2


def test_a_lease_that_is_renewed_is_not_over(site: Site) -> None:
    writer = opened(site)
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    writer.renew()
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    with pytest.raises(LeaseTaken):
        site.writer().acquire("run-2", "schedule")


def test_writing_renews_the_lease(site: Site) -> None:
    writer = opened(site)
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    write(writer, *filling(1))
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    with pytest.raises(LeaseTaken):
        site.writer().acquire("run-2", "schedule")


@pytest.mark.guarantee(15)
def test_a_yes_that_was_lost_is_still_a_yes(site: Site) -> None:
    failing(site, "UpdateItem", Fault("dropped", after=True))
    assert site.writer().acquire("run-1", "schedule").run_id == "run-1"


def test_a_lease_row_in_somebodys_transaction_is_asked_for_again(site: Site) -> None:
    failing(site, "UpdateItem", Fault("conflict"), Fault("conflict"))
    assert site.writer().acquire("run-1", "schedule").token == 1


LATE: list[Callable[[DynamoTableWriter], object]] = [
    lambda writer: write(writer, giving("000", "ann")),
    lambda writer: writer.renew(),
    lambda writer: writer.finish(None),
    lambda writer: writer.finish(Report("run-1", "schedule", "2026-11-22T09:30:00Z", 0)),
]


@pytest.mark.guarantee(13)
@pytest.mark.parametrize("late", LATE)
@pytest.mark.parametrize("finished", [True, False])
def test_a_run_that_was_paused_past_its_lease_cannot_write_another_thing(
    site: Site, late: Callable[[DynamoTableWriter], object], finished: bool
) -> None:
    writer = opened(site)
    site.expire_lease()
    other = opened(site, "run-2")
    if finished:
        other.finish(None)
    rows_then = site.table.items
    with pytest.raises(LeaseLost) as lost:
        late(writer)
    assert str(lost.value) == (
        "Run run-1 was paused for longer than its lease (LEASE_SECONDS), and another run took over. "
        "What it had written stands; it wrote nothing after that."
    )
    assert site.table.items == rows_then


@pytest.mark.guarantee(13)
def test_a_run_whose_lease_is_over_but_was_taken_by_nobody_goes_on(site: Site) -> None:
    writer = opened(site)
    site.expire_lease()
    assert write(writer, giving("000", "ann")) == [1]


def test_a_lease_of_a_row_that_does_not_say_whose_is_taken_all_the_same(site: Site) -> None:
    later = "2026-11-22T09:31:00Z"
    site.table.seed(rows({"pk": "sync", "sk": "lease", "sk_value": "run-1", "lease_until": later}))
    with pytest.raises(LeaseTaken, match=r"run-1, started by \? at \?\."):
        site.writer().acquire("run-2", "schedule")


@pytest.mark.parametrize("before", [0, 1], ids=["no lease row yet", "a sound one"])
def test_a_table_that_fails_is_no_reason_to_doubt_the_token(site: Site, before: int) -> None:
    for _ in range(before):
        writer = opened(site)
        writer.finish(None)
    failing(site, "UpdateItem", *[Fault("failing")] * 4)
    with pytest.raises(Unavailable):
        site.writer().acquire("run-2", "schedule")


def test_a_run_whose_lease_row_was_removed_has_lost_the_lease(site: Site) -> None:
    writer = opened(site)
    site.table.remove("sync", "lease")
    with pytest.raises(LeaseLost):
        write(writer, giving("000", "ann"))


def test_the_fingerprint_comes_with_the_lease(site: Site) -> None:
    writer = opened(site)
    write(writer, giving("000", "ann"))
    writer.finish(None)
    site.table.wire.reset()
    opened(site, "run-2")
    assert site.table.wire.requests["GetItem"] == 0


def left_out(site: Site) -> frozenset[str]:
    """What another run reads that was left out."""
    writer = site.writer()
    writer.read()
    return writer.left_out()


def test_what_was_left_out_is_kept_until_it_is_kept_anew(site: Site) -> None:
    writer = opened(site)
    assert writer.left_out() == frozenset()
    writer.leave_out(frozenset({"b2", "a1"}))
    assert left_out(site) == {"a1", "b2"}
    writer.leave_out(frozenset())
    assert left_out(site) == frozenset()


def test_keeping_what_was_left_out_keeps_the_lease_too(site: Site) -> None:
    writer = opened(site)
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    writer.leave_out(frozenset({"a1"}))
    site.clock.advance(seconds=LEASE_SECONDS - 1)
    with pytest.raises(LeaseTaken):
        site.writer().acquire("run-2", "schedule")


def test_a_run_that_lost_the_lease_keeps_nothing_that_was_left_out(site: Site) -> None:
    writer = opened(site)
    site.expire_lease()
    site.writer().acquire("run-2", "schedule")
    with pytest.raises(LeaseLost):
        writer.leave_out(frozenset({"a1"}))
    assert left_out(site) == frozenset()


def test_a_lost_answer_to_what_was_left_out_is_found_again(site: Site) -> None:
    writer = opened(site)
    failing(site, "TransactWriteItems", Fault("dropped", after=True))
    writer.leave_out(frozenset({"a1"}))
    write(writer, giving("042", "ann"))
    assert left_out(site) == {"a1"}
    assert site.numbers.owners == {"id-ann": "042"}
