"""What a container makes while it starts is kept from the garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from bot.cold_start import ColdStart


@pytest.fixture(autouse=True)
def _all_collected() -> Iterator[None]:
    gc.unfreeze()
    yield
    gc.enable()
    gc.unfreeze()


def test_the_collector_rests_while_a_container_starts_and_works_afterwards() -> None:
    with ColdStart().without_collecting():
        assert not gc.isenabled()
        assert not gc.get_freeze_count()
    assert gc.isenabled()
    assert gc.get_freeze_count()


def test_it_works_after_a_start_that_failed() -> None:
    with pytest.raises(ValueError, match="no settings"), ColdStart().without_collecting():
        raise ValueError("no settings")
    assert gc.isenabled()


def test_later_requests_are_collected_after_as_ever() -> None:
    start = ColdStart()
    with start.without_collecting():
        pass
    gc.unfreeze()
    with start.without_collecting():
        assert gc.isenabled()
    assert not gc.get_freeze_count()
