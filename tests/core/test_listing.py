"""Any page of the listing cut, emptied, repeated or failed: nobody is released, joiners get numbers."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from core.errors import Unavailable
from core.models import Agent, ChangeKind
from core.ports import UserPage
from tests.core.builders import agent, policy
from tests.core.fakes import FakeConnect, Site, unavailable
from tests.core.invariants import check_kept, check_nobody_released

NAMES = [f"agent{number:02}" for number in range(11)]
PAGE = 3
PAGES = 5  # of 15 users: those above, less one who left, and five who joined
Page = Callable[[UserPage], UserPage]

SPOILT: dict[str, Page] = {
    "cut short, and the last": lambda page: UserPage(page.agents[:1]),
    "cut short": lambda page: UserPage(page.agents[:1], page.token),
    "empty": lambda page: UserPage((), page.token),
    "empty, and the last": lambda page: UserPage(()),
    "the first page again": lambda page: replace(page, token="0"),
    "its own page again": lambda page: replace(page, token=str(int(page.token or 12) - PAGE)),
    "failed": unavailable,
}
# The first page twice, and then all the others, is nothing to worry about.
EVERY_PAGE = [(how, nth) for how in SPOILT for nth in range(1, PAGES + 1) if (nth, how[-5:]) != (1, "again")]


def site_with_leaver() -> Site:
    """Eleven agents have numbers; then one leaves and five join."""
    site = Site(FakeConnect([agent(name) for name in NAMES], PAGE), policy("00-29"))
    site.run()
    site.connect.leave("id-agent04")
    site.connect.join(*(agent(f"new{number}") for number in range(5)))
    return site


def spoil(site: Site, operation: str, nth: int, page: Page) -> set[str]:
    """Let one page go wrong, or all where nth is -1; the answer gathers the usernames that get through."""
    listed: set[str] = set()
    site.connect.requests.clear()

    def spoilt(asked: str, number: int, sound: UserPage) -> UserPage:
        answer = page(sound) if asked == operation and nth in (number, -1) else sound
        if asked == "list_users":
            listed.update(each.username for each in answer.agents)
        return answer

    site.connect.spoil = spoilt
    return listed


@pytest.mark.guarantee(4)
@pytest.mark.parametrize(("how", "nth"), EVERY_PAGE)
def test_a_bad_page_releases_nobody_and_who_is_on_the_others_gets_a_number(how: str, nth: int) -> None:
    site = site_with_leaver()
    before = site.numbers
    listed = spoil(site, "list_users", nth, SPOILT[how])
    if (how, nth) == ("failed", 1):
        with pytest.raises(Unavailable):
            site.run()
    else:
        report = site.run()
        assert ChangeKind.RELEASED not in report.counts
        assert report.withheld_because
    check_nobody_released(before, site.numbers)
    check_kept(before, site.numbers)
    assert site.numbers.holders.keys() >= listed


@pytest.mark.parametrize(("how", "nth"), EVERY_PAGE)
def test_after_a_bad_page_a_good_listing_puts_everything_right(how: str, nth: int) -> None:
    site = site_with_leaver()
    spoil(site, "list_users", nth, SPOILT[how])
    if (how, nth) != ("failed", 1):
        site.run()
    spoil(site, "list_users", 0, SPOILT[how])
    site.run()
    assert site.numbers.holders.keys() == {each.username for each in site.connect.agents.values()}
    assert len(site.numbers.held) == 1


COUNTS: dict[str, Page] = {
    "unknown": unavailable,
    "too low": lambda page: replace(page, total=14),
    "too high": lambda page: replace(page, total=16),
    "nothing": lambda page: replace(page, total=0),
}


@pytest.mark.guarantee(4)
@pytest.mark.parametrize("count", COUNTS)
def test_a_count_that_disagrees_releases_nobody(count: str) -> None:
    site = site_with_leaver()
    before = site.numbers
    spoil(site, "search_users", -1, COUNTS[count])
    report = site.run()
    check_nobody_released(before, site.numbers)
    assert len(report.withheld) == 1
    assert report.counts[ChangeKind.ASSIGNED] == 5


@pytest.mark.guarantee(4)
def test_an_empty_instance_releases_nobody() -> None:
    site = site_with_leaver()
    before = site.numbers
    site.connect.agents.clear()
    assert site.run().withheld_because[0] == "Connect listed nobody."
    check_nobody_released(before, site.numbers)


@pytest.mark.guarantee(4)
def test_a_cut_listing_that_a_lagging_count_agrees_with_releases_nobody() -> None:
    site = site_with_leaver()
    site.run()
    before = site.numbers
    site.connect.indexed = dict(list(site.connect.agents.items())[:14])
    spoil(site, "list_users", PAGES, lambda page: UserPage(page.agents[:-1]))
    report = site.run()
    check_nobody_released(before, site.numbers)
    assert "still knows them" in report.withheld_because[0]


def test_a_listing_torn_while_a_user_is_made_anew_changes_nobodys_number() -> None:
    site = site_with_leaver()
    site.run()
    before = site.numbers
    old = site.connect.agents["id-agent07"]
    site.connect.leave(old.id)
    site.connect.join(Agent("id-agent07-2", old.username, name=old.name, modified=old.modified))
    spoil(site, "list_users", 1, lambda page: replace(page, agents=(old, *page.agents)))
    site.run()
    spoil(site, "list_users", 0, SPOILT["failed"])
    site.run()
    assert site.numbers.holders == before.holders


def test_who_was_withheld_is_named_with_the_reason() -> None:
    site = site_with_leaver()
    spoil(site, "list_users", 5, unavailable)
    report = site.run()
    assert [line.username for line in report.withheld] == ["agent04"]
    assert report.withheld_because[0].startswith("The listing broke off after page 4")
    assert report.warnings[0] == report.withheld_because[0]
