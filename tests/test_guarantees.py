"""Every guarantee of docs/reliability.md has tests, and every mark of a test names one of them."""

from __future__ import annotations

from tests import guarantees


def test_guarantees_are_numbered_from_one() -> None:
    assert list(guarantees.headings()) == list(range(1, len(guarantees.headings()) + 1))


def test_every_guarantee_has_tests_and_every_mark_is_of_a_guarantee() -> None:
    assert guarantees.marked().keys() == guarantees.headings().keys()


def test_the_table_has_a_line_for_each_guarantee_and_each_test() -> None:
    tests = sum(len(each) for each in guarantees.marked().values())
    assert len(guarantees.table().splitlines()) == tests + len(guarantees.headings())
