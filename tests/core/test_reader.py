"""What those read who answer questions."""

from __future__ import annotations

import subprocess
import sys

import pytest

from core.asking.former import Past
from core.errors import Unavailable
from core.models import Reserved
from tests.core.builders import agent, assigned, free, reserved, seeded
from tests.core.fakes import FakeConnect, Site
from tests.stand_ins.requests import MOST_KEYS


@pytest.fixture
def site() -> Site:
    site = Site()
    site.table.seed(seeded(assigned("001", "ann"), reserved("002"), free("003")))
    return site


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds waited between tries of our own."""
    waited: list[float] = []
    monkeypatch.setattr("core.aws.table.sleep", waited.append)
    return waited


def test_reads_that_a_batch_leaves_undone_are_asked_again_after_a_pause(
    site: Site, waits: list[float]
) -> None:
    site.table.batch = 4
    one, two, three = site.reader().read_consistent(["001", "002", "003"]).states
    assert (one, two, three) == (assigned("001", "ann"), reserved("002"), free("003"))
    assert site.table.wire.requests["BatchGetItem"] == 3
    assert len(waits) == 2
    assert waits[0] < waits[1]


def test_reads_that_stay_undone_end_in_a_sentence(site: Site, waits: list[float]) -> None:
    site.table.batch = 0
    with pytest.raises(Unavailable, match=r"The DynamoDB table .* left reads undone 4 times"):
        site.reader().read_consistent(["001"])
    assert len(waits) == 3
    site.table.batch = MOST_KEYS
    assert isinstance(site.reader().read_consistent(["002"]).states[0], Reserved)


def test_people_of_the_past_are_found_by_one_query_however_many_days_it_was() -> None:
    site = Site(FakeConnect(agent(each) for each in ("alba", "jane", *map(str, range(8)))))
    site.run()
    for leaver in ("0", "1", "alba"):
        site.clock.advance(days=19)
        site.connect.leave(f"id-{leaver}")
        site.run()
    site.clock.advance(days=1)
    site.connect.rename("id-jane", "Wilhelmina Stone", site.now)
    site.run()
    past = Past(site.reader())

    def known() -> list[str]:
        names = past.names(site.clock.now, "v1")
        return [each for each in ("0", "1", "2", "alba", "jane", "wilhelmina") if names.called(each)]

    before = site.table.wire.requests.copy()
    assert known() == ["0", "1", "alba", "jane"]
    assert site.table.wire.requests - before == {"Query": 1}
    site.clock.advance(seconds=31)
    site.connect.leave("id-2")
    site.run()
    assert known() == ["0", "1", "2", "alba", "jane"]


def test_a_call_imports_no_code_that_writes_or_exports() -> None:
    code = (
        "import sys, bot.call_lambda as call; print(*(name for name in sys.modules if name[:5] == 'core.'))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "core.aws.call_book" in loaded
    assert not loaded & {
        "core.aws.writer",
        "core.aws.exports_and_links",
        "core.aws.small_rows",
        "core.numbering.sync",
        "core.numbering.plan",
    }
