"""Rows as a hand or another program may leave them: each is healed, and everybody else gets on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from core.aws.reports import MOST_KEPT
from core.calling.reach import Reached, by_extension
from core.errors import LeaseTaken
from core.models import Agent, ChangeKind, Held, HistoryEntry, Report, iso
from core.numbering.orders import Move
from tests.core.builders import agent, held, policy, rows, seeded
from tests.core.fakes import FakeConnect, Site, opened
from tests.core.invariants import check_one_each, check_whole
from tests.stand_ins.requests import LARGEST_ITEM
from tests.stand_ins.rows import size_of

pytestmark = pytest.mark.guarantee(12)

ODD: list[dict[str, Any]] = [{"N": "7"}, {"NULL": True}, {"L": []}, {"M": {}}, {"BOOL": False}]
AGENTS = [agent(name) for name in ("ann", "bob", "cem")]


@pytest.fixture
def site() -> Site:
    """Three agents with the numbers 00 to 02 of ten."""
    site = Site(FakeConnect(AGENTS), policy("00-09"))
    site.run()
    return site


def spoil(site: Site, pk: str, sk: str, **attributes: Any) -> None:
    """Give a row other attributes; None takes one away."""
    row = next(item for item in site.table.items if (item["pk"]["S"], item["sk"]["S"]) == (pk, sk))
    left = {name: value for name, value in (row | attributes).items() if value is not None}
    site.table.seed([left])


def check_all_get_on(site: Site) -> None:
    """Somebody new gets a number; the table is sound then, and the next run finds nothing to do."""
    site.connect.join(agent("dot"))
    report = site.run()
    assert site.numbers.holders.keys() >= {"dot"}, report
    check_one_each(site.numbers)
    check_whole(site.numbers, site.policy.range)
    assert site.run().counts == {}


def test_an_agents_own_row_without_its_number_is_healed(site: Site) -> None:
    spoil(site, "user#id-ann", "extension", sk_value=None)
    check_all_get_on(site)
    found = by_extension(site.book(), "00", site.now)
    assert found.person
    assert found.person.username == "ann"
    assert site.numbers.owners["id-ann"] == "00"


def test_an_own_row_that_names_no_number_does_not_keep_its_agent_from_getting_one(site: Site) -> None:
    site.table.seed(rows({"pk": "user#id-dot", "sk": "extension"}))
    check_all_get_on(site)
    assert site.numbers.owners["id-dot"] == site.numbers.holders["dot"]


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("name", ["agent_id", "display_name", "modified", "agent_arn"])
def test_an_assignment_with_an_attribute_of_another_type_is_healed(
    site: Site, name: str, odd: dict[str, Any]
) -> None:
    spoil(site, "01", "agentID", **{name: odd})
    check_all_get_on(site)
    assert site.numbers.holders["bob"] == "01"


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("name", ["held_until", "released", "agent_id"])
def test_a_free_or_held_number_with_an_attribute_of_another_type_is_healed(
    site: Site, name: str, odd: dict[str, Any]
) -> None:
    site.table.seed(seeded(held("03", "eve")))
    spoil(site, "03", "nu", **{name: odd})
    report = site.run()
    assert report.counts == {ChangeKind.HEALED: 1}
    check_all_get_on(site)


@pytest.mark.parametrize(
    ("odd", "until"),
    [
        ({"S": "2026-12-24"}, "2026-12-24T00:00:00Z"),
        ({"S": "2026-12-24T10:00:00.123Z"}, "2026-12-24T10:00:00Z"),
        ({"S": "2026-12-24T10:00:00+02:00"}, "2026-12-24T08:00:00Z"),
        ({"S": "2026-12-24 10:00"}, "2026-12-24T10:00:00Z"),
        *(({"S": text}, "") for text in ("soon", "24.12.2026", "0", "2026-13-01T00:00:00Z", "0001-01-01")),
        *((odd, "") for odd in ODD),
    ],
    ids=str,
)
def test_a_hold_with_an_odd_end_keeps_its_number_and_gets_an_end_that_can_be_read(
    site: Site, odd: dict[str, Any], until: str
) -> None:
    site.table.seed(seeded(held("03", "eve")))
    spoil(site, "03", "nu", held_until=odd)
    assert isinstance(site.reader().table().records["03"].state, Held)
    site.connect.join(agent("dot"))
    assert site.run().counts == {ChangeKind.ASSIGNED: 1, ChangeKind.HEALED: 1}
    in_hold_days = iso(site.clock.now + timedelta(days=site.policy.hold_days))
    assert site.numbers.held["03"][:3] == ("id-eve", "eve", until or in_hold_days)
    assert site.run().counts == {}


@pytest.mark.parametrize("until", ["2026-11-01", "2026-11-01T00:00:00.5Z", "2026-11-22T10:30:00+01:00"])
def test_a_hold_that_ended_in_another_form_is_over(site: Site, until: str) -> None:
    site.table.seed(seeded(held("03", "eve")))
    spoil(site, "03", "nu", held_until={"S": until})
    check_all_get_on(site)
    site.connect.join(*map(agent, "efghij"))
    assert len(site.run().left_over) == 0


@pytest.mark.parametrize("odd", ODD, ids=str)
@pytest.mark.parametrize("name", ["fingerprint", "lease_until", "token", "holder", "written"])
def test_a_lease_with_an_attribute_of_another_type_is_taken_all_the_same(
    site: Site, name: str, odd: dict[str, Any]
) -> None:
    spoil(site, "sync", "lease", **{name: odd})
    check_all_get_on(site)


@pytest.mark.parametrize("odd", [{"S": "one"}, {"N": "1.5"}, {"N": "-3"}, {"N": "1E+30"}], ids=str)
def test_the_token_grows_when_it_was_no_whole_number(site: Site, odd: dict[str, Any]) -> None:
    before = site.writer().acquire("run-1", "schedule")
    site.expire_lease()
    spoil(site, "sync", "lease", token=odd)
    assert site.writer().acquire("run-2", "schedule").token > before.token


def test_a_reservation_made_by_hand_beside_a_free_number_is_seen(site: Site) -> None:
    site.table.seed(rows({"pk": "03", "sk": "reserved", "note": "the lobby"}))
    check_all_get_on(site)
    assert "03" in site.numbers.reserved
    assert site.numbers.holders["dot"] == "04"


def test_a_reservation_made_by_hand_keeps_a_person_from_moving_onto_it(site: Site) -> None:
    site.table.seed(rows({"pk": "03", "sk": "reserved", "note": "the lobby"}))
    with pytest.raises(Exception, match=r"reserved|not what was read"):
        site.admin().do(Move("id-ann", "03"), "U1")
    found = by_extension(site.book(), "00", site.now)
    assert found.person
    assert found.person.username == "ann"
    assert by_extension(site.book(), "03", site.now) == Reached()


# Clocks


@pytest.mark.parametrize(("ahead", "taken"), [({"days": 7}, False), ({"seconds": 100}, True)])
def test_the_lease_of_a_clock_that_ran_days_ahead_can_be_taken(
    site: Site, ahead: dict[str, float], taken: bool
) -> None:
    now = site.clock.now
    site.clock.advance(**ahead)
    site.writer().acquire("run-1", "schedule")
    site.clock.now = now
    if taken:
        with pytest.raises(LeaseTaken):
            site.writer().acquire("run-2", "schedule")
    else:
        assert site.writer().acquire("run-2", "schedule").run_id == "run-2"


# Sizes

LONG = "\U0001d5d4" * 555  # 255 letters of a first name and 300 of a last one, of four bytes each


def crowd(*, name: str) -> list[Agent]:
    return [
        agent(f"agent{number:03}", name=f"{name[4:]}{number:03}", team=name[:256]) for number in range(300)
    ]


def test_changes_with_the_longest_names_are_all_kept_and_the_lease_comes_back() -> None:
    site = Site(FakeConnect(crowd(name=LONG)), policy("000-299"))
    site.run()
    for changed in crowd(name=f"\U0001d5d5{LONG[1:]}"):
        site.connect.join(replace(changed, modified="2026-11-20T00:00:00Z"))
    report = site.run()
    assert report.counts == {ChangeKind.RELABELLED: 300}
    assert max(size_of(item) for item in site.table.items) < LARGEST_ITEM
    told = [
        line
        for line in site.reader().history(site.clock.now - timedelta(days=1), site.clock.now)
        if line.kind is ChangeKind.RELABELLED
    ]
    assert len(told) == 300
    kept = site.reader().last_report()
    assert kept is not None
    assert (kept.counts, 0 < len(kept.changes) <= MOST_KEPT) == (report.counts, True)
    assert site.writer().acquire("run-2", "schedule").run_id == "run-2"


def test_a_report_that_is_cut_says_how_many_it_leaves_out(site: Site) -> None:
    writer = opened(site)
    gone = tuple(
        HistoryEntry(
            ChangeKind.RELEASED, f"{number:03}", f"agent{number}", LONG, site.now, "schedule", "run-1"
        )
        for number in range(300)
    )
    left = tuple(f"{LONG}{number}" for number in range(300))
    writer.finish(Report("run-1", "schedule", site.now, 1, left_over=left, withheld=gone))
    kept = site.reader().last_report()
    assert kept is not None
    assert len(kept.withheld) + kept.more_withheld == 300
    assert len(kept.left_over) + kept.more_left_over == 300
