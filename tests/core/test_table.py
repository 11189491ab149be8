from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from core.aws.rows import Item
from core.aws.writer import MOST_ITEMS, MOST_LINES
from core.errors import TableChanged, Unavailable, Unsure
from core.models import Change, ChangeKind, Held, State
from core.numbering.orders import Swap
from tests.core.builders import LONG_AGO, agent, assigned, filling, free, giving, held, policy, reserved, rows
from tests.core.fakes import FakeConnect, Site, failing, opened, write
from tests.core.invariants import check_one_each
from tests.stand_ins.wire import Fault

# Numbers that enter the table leave no history: beside them stands the lease alone.
FILLS = MOST_ITEMS - 1


@pytest.fixture
def site() -> Site:
    return Site(rules=policy("000-299"))


# Transactions


@pytest.mark.guarantee(1)
def test_both_rows_of_an_assignment_are_written_in_one_transaction(site: Site) -> None:
    writer = opened(site)
    write(writer, giving("042", "ann"))
    assert site.table.wire.requests["TransactWriteItems"] == 1
    assert (site.numbers.assigned, site.numbers.owners) == ({"042": ("id-ann", "ann")}, {"id-ann": "042"})


def test_as_many_changes_go_into_a_transaction_as_fit(site: Site) -> None:
    writer = opened(site)
    assert write(writer, *filling(2 * FILLS + 1)) == [
        FILLS,
        2 * FILLS,
        2 * FILLS + 1,
    ]


def test_the_history_of_a_number_takes_its_place_in_a_transaction(site: Site) -> None:
    writer = opened(site)
    confirmed = giving("299", "ann", confirmed="an approval")
    assert write(writer, *filling(FILLS - 3), confirmed) == [FILLS - 3, FILLS - 2]


def test_a_number_is_given_by_two_rows_that_have_the_line_of_history(site: Site) -> None:
    writer = opened(site)
    assert write(writer, *filling(FILLS - 3), giving("299", "ann")) == [FILLS - 2]
    assert histories(site) == []
    assert [line.at for line in site.history_of_number("299")] == [site.now]
    site.clock.advance(days=401)
    assert site.history_of_number("299") == []


def test_the_line_of_a_number_stays_in_its_row_until_the_row_says_another_thing(site: Site) -> None:
    writer, ann = opened(site), assigned("000", "ann")
    changes: list[tuple[ChangeKind, State | None, State, int]] = [
        (ChangeKind.ASSIGNED, None, ann, 0),
        (ChangeKind.REFRESHED, ann, replace(ann, modified="2026-11-22T09:30:00Z"), 0),
        (ChangeKind.RELABELLED, ann, replace(ann, team="Sales"), 1),
        (ChangeKind.RELABELLED, ann, replace(ann, name="Ann Lee"), 1),
        (ChangeKind.RELEASED, ann, held("000", "ann"), 1),
        (ChangeKind.ASSIGNED, held("000", "ann"), assigned("000", "bob"), 1),
        (ChangeKind.RELEASED, assigned("000", "bob"), held("000", "bob"), 2),
    ]
    for at, (kind, before, after, kept) in enumerate(changes, 1):
        write(writer, Change(kind, "000", before, after, ""))
        assert len(histories(site)) == kept
        told = [kind for kind, *_ in changes[:at] if kind is not ChangeKind.REFRESHED]
        assert [line.kind for line in site.history_of_number("000")] == told
        site.clock.advance(hours=1)


def test_the_lines_of_numbers_that_change_hands_within_a_transaction_are_kept_once(site: Site) -> None:
    writer, ann, bob = opened(site), assigned("000", "ann"), assigned("001", "bob")
    write(writer, giving("000", "ann"), giving("001", "bob"))
    swapped = [assigned("000", "bob"), assigned("001", "ann")]
    for before in ([ann, bob], swapped):
        site.clock.advance(hours=1)
        leave = [Change(ChangeKind.RELEASED, was.extension, was, free(was.extension), "") for was in before]
        after = swapped if before[0] is ann else [assigned("002", "cem")]
        write(writer, *leave, *(giving(each.extension, each.username) for each in after))
    for extension in ("000", "001"):
        found = [(line.kind, line.username) for line in site.history_of_number(extension)]
        one, other = (found[0][1], found[-1][1])
        assert sorted(found) == sorted(
            (kind, who) for kind in (ChangeKind.ASSIGNED, ChangeKind.RELEASED) for who in (one, other)
        )
        assert (found[0][0], found[-1]) == (ChangeKind.ASSIGNED, (ChangeKind.RELEASED, other))


def test_who_gave_up_a_number_comes_before_who_got_it_in_that_second(site: Site) -> None:
    writer, zoe = opened(site), assigned("000", "zoe")
    write(writer, giving("000", "zoe"))
    site.clock.advance(hours=1)
    write(writer, Change(ChangeKind.RELEASED, "000", zoe, free("000"), ""), giving("000", "ann"))
    assert [line.username for line in site.history_of_number("000")] == ["zoe", "zoe", "ann"]


def histories(site: Site) -> list[Item]:
    """The rows with the history of a number and an agent."""
    return [item for item in site.table.items if item["pk"]["S"].startswith("history#")]


@pytest.mark.guarantee(2)
def test_a_change_is_never_split_between_two_transactions(site: Site) -> None:
    writer = opened(site)
    failing(site, "TransactWriteItems", None, *[Fault("failing")] * 4)
    with pytest.raises(Unavailable):
        write(writer, *filling(FILLS - 1), giving("299", "ann"))
    assert (site.numbers.owners, site.numbers.assigned) == ({}, {})


def test_the_agents_row_follows_from_one_number_to_the_next_across_transactions(site: Site) -> None:
    writer = opened(site)
    away = Change(ChangeKind.RELEASED, "298", assigned("298", "ann"), free("298"), "moved")
    write(writer, giving("298", "ann"), *filling(FILLS - 2), away, giving("299", "ann"))
    check_one_each(site.numbers)
    assert site.numbers.holders == {"ann": "299"}


def test_what_is_written_and_what_is_read_is_the_same(site: Site) -> None:
    states: list[State] = [assigned("001", "ann"), held("002", "bob"), reserved("003"), free("004", LONG_AGO)]
    writer = opened(site)
    write(writer, *(Change(ChangeKind.FILLED, each.extension, None, each, "") for each in states))
    assert [record.state for _, record in sorted(site.writer().read().records.items())] == states


@pytest.mark.guarantee(1)
def test_a_row_that_is_not_as_it_was_read_stops_the_transaction(site: Site) -> None:
    writer = opened(site)
    site.table.seed(rows({"pk": "000", "sk": "agentID", "sk_value": "somebody else"}))
    with pytest.raises(TableChanged, match=r"^Rows of the table are not what was read a moment ago\.$"):
        write(writer, giving("000", "ann"))
    assert site.numbers.assigned == {"000": ("", "somebody else")}


def test_after_a_row_that_was_not_as_read_the_table_itself_is_read_and_nothing_else(site: Site) -> None:
    writer = opened(site)
    site.table.seed(rows({"pk": "000", "sk": "agentID", "sk_value": "somebody else"}))
    with pytest.raises(TableChanged) as changed:
        write(writer, *filling(FILLS, 1), giving("000", "ann"))
    assert changed.value.written == FILLS
    site.table.wire.reset()
    writer.read()
    assert site.table.wire.requests.keys() == {"Scan", "BatchGetItem"}  # of the small rows


def test_a_row_without_its_number_that_is_gone_since_is_not_as_read(site: Site) -> None:
    site.table.seed(rows({"pk": "user#id-ann", "sk": "extension"}))
    writer = opened(site)
    site.table.remove("user#id-ann", "extension")
    with pytest.raises(TableChanged):
        write(writer, giving("000", "ann"))


def test_one_run_may_change_a_number_again_and_again(site: Site) -> None:
    odd = rows({"pk": "298", "sk": "nu", "sk_value": "298"})
    site.table.seed([{**odd[0], "released": {"N": "7"}}])
    writer = opened(site)
    away = Change(ChangeKind.RELEASED, "298", assigned("298", "ann"), free("298"), "left", ("id-ann",))
    for change in (giving("298", "ann"), away, giving("298", "bob"), away, giving("298", "ann")):
        write(writer, change)
    writer.finish(None)
    site.table.wire.reset()
    assert site.numbers.holders == {"ann": "298"}
    assert site.writer().read().records["298"].state == assigned("298", "ann")


def test_a_transaction_that_would_be_too_large_in_bytes_is_two(site: Site) -> None:
    writer = opened(site)
    long = [
        Change(ChangeKind.ASSIGNED, f"00{n}", None, assigned(f"00{n}", f"a{n}", name="x" * 35_000), "new")
        for n in range(3)
    ]
    assert write(writer, *long) == [2, 3]


def test_transactions_of_a_run_have_their_places_in_the_order_of_all(site: Site) -> None:
    writer = opened(site)
    for name, extension in (("ann", "000"), ("bob", "001")):
        write(writer, giving(extension, name))
    found = [item["place"]["S"] for item in site.table.items if "place" in item]
    assert found == ["000000000001-00001", "000000000001-00002"]
    assert len(site.lease["written"]["S"]) == 36  # the longest client request token


def test_a_number_that_was_held_a_moment_ago_is_not_given_away(site: Site) -> None:
    site.table.seed(rows({"pk": "000", "sk": "nu", "sk_value": "000"}))
    writer = opened(site)
    held_now = {"pk": "000", "sk": "nu", "sk_value": "000", "held_until": "2026-12-01T00:00:00Z"}
    site.table.seed(rows(held_now))
    with pytest.raises(TableChanged):
        write(writer, giving("000", "ann"))


def test_a_row_that_one_change_wants_and_the_next_would_clear_stays(site: Site) -> None:
    writer = opened(site)
    write(writer, giving("298", "ann"))
    away = Change(ChangeKind.RELEASED, "298", assigned("298", "ann"), free("298"), "moved", ("id-ann",))
    write(writer, giving("299", "ann"), away)
    check_one_each(site.numbers)


# Answers that are lost, and refusals


@pytest.mark.guarantee(15)
@pytest.mark.parametrize("kind", ["dropped", "timeout", "failing"])
@pytest.mark.parametrize("remembered", [True, False])
def test_our_own_write_is_not_mistaken_for_somebody_elses(site: Site, kind: Any, remembered: bool) -> None:
    writer = opened(site)
    faults = iter([Fault(kind, after=True)])

    def fault(operation: str, nth: int) -> Fault | None:
        if not remembered:
            site.table.forget_tokens()
        return next(faults, None) if operation == "TransactWriteItems" else None

    site.table.wire.fault = fault
    assert write(writer, giving("000", "ann"), *filling(2, 1)) == [3]
    assert len(history(site)) == 1
    # DynamoDB knows the transaction by its name for ten minutes; later the lease row tells.
    assert site.table.wire.requests["GetItem"] == (0 if remembered else 1)


@pytest.mark.guarantee(15)
@pytest.mark.parametrize("kind", ["dropped", "timeout", "failing"])
def test_a_write_of_which_every_answer_was_lost_is_looked_up(site: Site, kind: Any) -> None:
    writer = opened(site)
    failing(site, "TransactWriteItems", *[Fault(kind, after=True)] * 4)
    assert write(writer, giving("000", "ann")) == [1]
    assert write(writer, giving("001", "bob")) == [1]
    assert len(history(site)) == 2


@pytest.mark.parametrize(("after", "readable", "error"), [(False, True, Unavailable), (True, False, Unsure)])
def test_a_write_that_was_not_done_is_told_apart_from_one_that_may_have_been(
    site: Site, after: bool, readable: bool, error: type[Unavailable]
) -> None:
    writer = opened(site)

    def fault(operation: str, nth: int) -> Fault | None:
        if operation == "GetItem" and not readable:
            return Fault("failing")
        return Fault("failing", after=after) if operation == "TransactWriteItems" else None

    site.table.wire.fault = fault
    with pytest.raises(Unavailable) as told:
        write(writer, giving("000", "ann"))
    assert (type(told.value), "may have been done" in str(told.value)) == (error, error is Unsure)


def test_what_was_written_before_a_write_failed_is_counted(site: Site) -> None:
    writer = opened(site)
    failing(site, "TransactWriteItems", None, *[Fault("failing")] * 4)
    with pytest.raises(Unavailable) as told:
        write(writer, *filling(2 * FILLS))
    assert told.value.written == FILLS


@pytest.mark.guarantee(15)
def test_somebody_elses_write_is_not_mistaken_for_our_own(site: Site) -> None:
    """Even where our own would leave the fingerprint as it is, as a mere refresh does."""
    before = assigned("000", "ann")
    writer = opened(site)
    write(writer, giving("000", "ann"))
    site.table.seed(rows({"pk": "000", "sk": "agentID", "sk_value": "somebody else"}))
    after = assigned("000", "ann", modified="2026-11-11T11:11:11Z")
    with pytest.raises(TableChanged):
        write(writer, Change(ChangeKind.REFRESHED, "000", before, after, ""))


@pytest.mark.parametrize(
    "reason", ["TransactionConflict", "ProvisionedThroughputExceeded", "ThrottlingError"]
)
def test_a_transaction_that_was_cancelled_for_lack_of_room_is_tried_again(site: Site, reason: str) -> None:
    writer = opened(site)
    cancelled = Fault("conflict", code="TransactionCanceledException", reasons=("None", reason))
    failing(site, "TransactWriteItems", cancelled, cancelled)
    assert write(writer, giving("000", "ann")) == [1]


@pytest.mark.parametrize("reason", ["TransactionConflict", "ValidationError"])
def test_a_transaction_that_stays_cancelled_is_a_clear_error(site: Site, reason: str) -> None:
    writer = opened(site)
    cancelled = Fault("conflict", code="TransactionCanceledException", reasons=("None", reason))
    failing(site, "TransactWriteItems", *[cancelled] * 4)
    with pytest.raises(Unavailable, match=f"could not be written: {reason}"):
        write(writer, giving("000", "ann"))


def test_a_table_that_is_not_there_is_named(site: Site) -> None:
    site.table.table = "another"
    with pytest.raises(Unavailable, match=r"'extensions' \(EXTENSIONS_TABLE\) does not exist"):
        site.writer().acquire("run-1", "schedule")


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
    site.writer().read()
    return dict(site.table.wire.requests)


def test_what_the_index_tells_is_enough_where_the_fingerprint_agrees(synced: Site) -> None:
    assert "Scan" not in read(synced)


def test_the_fingerprint_is_kept_through_changes_of_every_kind(synced: Site) -> None:
    for username in ("ann", "bob", "cem"):
        synced.connect.leave(f"id-{username}")
        synced.clock.advance(hours=1)
        synced.run()
        synced.admin().do(Swap("id-dot", "id-eve"), "U1")
        assert "Scan" not in read(synced)


def test_the_report_is_kept_beside_the_id_of_its_run(synced: Site) -> None:
    report = synced.run()
    (row,) = (item for item in synced.table.items if (item["pk"]["S"], item["sk"]["S"]) == ("sync", "last"))
    assert row["sk_value"] == {"S": report.run_id}


def test_history_does_not_make_a_sync_read_more(synced: Site) -> None:
    few = read(synced)
    lines = ({"pk": "change#2026-01-01", "sk": f"{number}", "lines": "[]"} for number in range(5000))
    synced.table.seed(rows(*lines))
    assert read(synced) == few


@pytest.mark.guarantee(14)
def test_an_index_that_lags_is_not_believed(synced: Site) -> None:
    synced.table.lag(None)
    synced.connect.leave("id-ann")
    synced.run()
    table = synced.writer().read()
    assert isinstance(table.records["00"].state, Held)
    assert "Scan" in read(synced)


@pytest.mark.guarantee(14)
def test_a_row_changed_past_the_lease_is_seen(synced: Site) -> None:
    synced.table.remove("00", "agentID")
    assert synced.writer().read().records["00"].faults == ("only an agent's own row spoke of it",)


def test_rows_that_are_not_ours_are_left_alone(synced: Site) -> None:
    strange = rows(
        {"pk": "notes", "sk": "nu", "sk_value": "x"}, {"pk": "sync", "sk": "reserved", "sk_value": "y"}
    )
    synced.table.seed(strange)
    assert set(synced.writer().read().records) == set(synced.policy.range)


# History


def history(site: Site) -> list[dict[str, str]]:
    """The lines of all rows of history."""
    found = [item for item in site.table.items if item["pk"]["S"].startswith("change#")]
    return [line for item in found for line in json.loads(item["lines"]["S"])]


def test_every_change_a_person_cares_about_leaves_a_line(site: Site) -> None:
    writer = opened(site)
    write(writer, giving("000", "ann"), *filling(3, 1))
    assert history(site) == [
        {
            "kind": "assigned",
            "extension": "000",
            "username": "ann",
            "name": "Ann",
            "at": "2026-11-22T09:30:00Z",
            "by": "schedule",
            "run_id": "run-1",
            "agent_id": "id-ann",
        }
    ]


def test_history_expires(site: Site) -> None:
    writer = opened(site)
    write(writer, giving("000", "ann"))
    (row,) = [item for item in site.table.items if item["pk"]["S"].startswith("change#")]
    assert int(row["ttl"]["N"]) > site.clock.now.timestamp()
    assert "sk_value" not in row


# The history of a number and of an agent


def test_the_history_of_a_number_and_of_an_agent_is_one_query_each(site: Site) -> None:
    writer = opened(site)
    away = Change(ChangeKind.RELEASED, "000", assigned("000", "ann"), held("000", "ann"), "left")
    write(writer, giving("000", "ann"), giving("001", "bob"))
    site.clock.advance(days=1)
    write(writer, away)
    site.clock.advance(days=1)
    write(writer, giving("000", "cem"), giving("002", "ann"))
    reader = site.reader()
    given = reader.read_consistent(["000", "002"]).states
    site.table.wire.reset()
    number = reader.history_of_number("000", given[0])
    person = reader.history_of_agent("id-ann", reader.of_agent("id-ann"))
    assert site.table.wire.requests["Query"] == 2
    assert [(line.kind, line.username) for line in number] == [
        (ChangeKind.ASSIGNED, "ann"),
        (ChangeKind.RELEASED, "ann"),
        (ChangeKind.ASSIGNED, "cem"),
    ]
    assert [line.extension for line in person] == ["000", "000", "002"]
    assert {(line.by, line.run_id) for line in number} == {("schedule", "run-1")}


def test_a_reservation_is_in_the_history_of_its_number_and_of_nobody(site: Site) -> None:
    writer = opened(site)
    write(writer, Change(ChangeKind.RESERVED, "000", None, reserved("000"), "fax"))
    (line,) = site.history_of_number("000")
    assert (line.note, site.history_of_agent("")) == ("fax", [])


def test_history_rows_take_no_part_in_the_numbering(site: Site) -> None:
    writer = opened(site)
    write(writer, giving("000", "ann"), *filling(299, 1))
    site.table.wire.reset()
    assert {*site.writer().read().records} == {*site.policy.range}
    assert len(site.reader().directory().entries) == 1


@pytest.mark.parametrize("spoilt", ["full", "text"])
def test_a_history_that_is_full_or_odd_keeps_its_newer_half_and_stops_no_change(
    site: Site, spoilt: str
) -> None:
    writer = opened(site)
    write(writer, giving("000", "ann", confirmed="an approval"))
    (row,) = histories(site)
    lines = {"L": row["lines"]["L"] * (MOST_LINES + 9)} if spoilt == "full" else {"S": "what a hand has left"}
    site.table.seed([{**row, "lines": lines}])
    for number in range(3):
        site.clock.advance(hours=1)
        name = Change(
            ChangeKind.RELABELLED,
            "000",
            assigned("000", "ann"),
            assigned("000", "ann", name=str(number)),
            "",
        )
        write(writer, name)
    past = site.history_of_number("000")
    assert len(past) == (MOST_LINES // 2 + 3 if spoilt == "full" else 3)
    assert [line.name for line in past[-3:]] == ["0", "1", "2"]


def test_the_changes_of_one_run_are_found_over_midnight(site: Site) -> None:
    began = site.clock.now
    writer = opened(site)
    write(writer, giving("000", "ann"))
    site.clock.advance(hours=20)
    write(writer, giving("001", "bob"))
    site.expire_lease()
    write(opened(site, "run-2"), giving("002", "cem"))
    lines = site.reader().history(began - timedelta(seconds=1), began + timedelta(days=1))
    assert [line.username for line in lines if line.run_id == "run-1"] == ["ann", "bob"]


def test_losses_are_found_by_themselves_whatever_else_a_transaction_does(site: Site) -> None:
    def left(extension: str, username: str) -> Change:
        return Change(
            ChangeKind.RELEASED, extension, assigned(extension, username), free(extension), "left Connect"
        )

    writer = opened(site)
    write(writer, giving("000", "ann"), giving("001", "bob"), giving("002", "cem"))
    write(writer, left("000", "ann"), giving("003", "dot"), left("001", "bob"))
    write(writer, left("002", "cem"))
    assert [line.username for line in site.reader().losses(site.clock.now)] == ["ann", "bob", "cem"]
    assert len([item for item in site.table.items if item["pk"]["S"] == "former"]) == 2
