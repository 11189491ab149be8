"""The daily summary tells each change once: late writes, clocks that differ, two summaries at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.aws.reader import DynamoTableReader
from core.aws.small_rows import DynamoClaims, DynamoSummaries
from core.aws.table import Table
from core.aws.writer import DynamoTableWriter
from core.errors import LeaseTaken, Unavailable
from core.models import ChangeKind, HistoryEntry, Pool, Report, iso
from core.ports import Claim
from core.summary import DailySummary, Summary, summarise
from tests.core.builders import NOW, giving, policy
from tests.core.fakes import LEASE_SECONDS, Site
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.wire import Fault

pytestmark = pytest.mark.guarantee(11)


@dataclass
class Scene:
    """A table, runs that write to it, and a channel: every line that was posted, by extension."""

    site: Site = field(default_factory=lambda: Site(rules=policy("000-299")))
    told: Counter[str] = field(default_factory=Counter)
    written: int = 0

    @property
    def table(self) -> Table:
        return Table(self.site.table.client(), TABLE)

    def write(self, skew: float = 0, ends: bool = True, between: Callable[[], object] = lambda: None) -> None:
        """One run, whose clock is `skew` seconds ahead; it makes two changes, with something in between."""
        writer = DynamoTableWriter(
            self.table,
            self.site.policy.range,
            lambda: self.site.clock.now + timedelta(seconds=skew),
            LEASE_SECONDS,
        )
        with suppress(LeaseTaken):
            writer.acquire(f"run-{self.written}", "schedule")
            writer.read()
            for last in (False, True):
                extension = f"{self.written:03}"
                self.written += 1
                writer.apply([giving(extension, f"agent{extension}")], lambda _: None)
                if not last:
                    between()
            if ends:
                writer.finish(None)

    def summary(self, skew: float = 0, post: Callable[[], object] = lambda: None) -> Claim | None:
        """The summary of the day by a clock `skew` seconds ahead; None where it failed."""
        now = self.site.clock.now + timedelta(seconds=skew)
        lines: list[str] = []

        def posted(summary: Summary) -> None:
            post()
            lines.extend(line.extension for line in summary.assigned)

        daily = DailySummary(
            DynamoTableReader(self.table, lambda: now),
            DynamoClaims(self.table, lambda: now),
            DynamoSummaries(self.table),
            self.site.policy,
            posted,
        )
        with suppress(Unavailable):
            claim, _ = daily.tell(f"{now:%Y-%m-%d}", now)
            self.told.update(lines)
            return claim
        return None

    def at_request(self, nth: int, do: Callable[[], object]) -> None:
        """Let something happen just before the nth request from now on."""
        left = [nth]

        def hook(operation: str, _: int) -> Fault | None:
            left[0] -= 1
            if left[0] == 0:
                do()
            return None

        self.site.table.wire.fault = hook

    def check_each_told_once(self) -> None:
        """After one more run and one more day, nothing is left over and nothing was told twice."""
        self.site.table.wire.fault = None
        self.site.expire_lease()
        self.site.clock.advance(seconds=10)
        self.write()
        self.site.clock.advance(days=1, minutes=10)
        assert self.summary() is Claim.ACQUIRED
        assert self.told == Counter({f"{number:03}": 1 for number in range(self.written)})


@pytest.fixture
def scene() -> Scene:
    return Scene()


def test_a_change_in_the_second_of_the_summary_is_told_by_the_next(scene: Scene) -> None:
    scene.write()
    assert scene.summary() is Claim.ACQUIRED
    scene.write()
    scene.check_each_told_once()


def test_a_change_by_a_clock_that_is_behind_is_told(scene: Scene) -> None:
    scene.summary()
    scene.write(skew=-3)
    scene.check_each_told_once()


def test_changes_of_a_run_that_is_still_going_on_are_told_by_the_next_summary(scene: Scene) -> None:
    scene.write(between=scene.summary)
    scene.check_each_told_once()


def test_changes_of_a_run_that_died_days_ago_are_told_once_another_run_is_over(scene: Scene) -> None:
    scene.summary()
    scene.write(ends=False)
    for _ in range(3):
        scene.site.clock.advance(days=1)
        scene.summary()
    scene.check_each_told_once()


def test_a_summary_that_can_not_be_posted_is_made_up_for(scene: Scene) -> None:
    scene.write()
    assert scene.summary(post=_fail) is None
    assert scene.summary() is Claim.ACQUIRED
    assert sum(scene.told.values()) == 2
    scene.check_each_told_once()


def test_a_day_has_one_summary(scene: Scene) -> None:
    scene.write()
    assert [scene.summary(), scene.summary()] == [Claim.ACQUIRED, Claim.DONE]
    scene.check_each_told_once()


def test_two_summaries_of_two_days_that_meet_at_midnight_tell_a_change_once(scene: Scene) -> None:
    scene.site.clock.now = scene.site.clock.now.replace(hour=23, minute=59, second=59)
    scene.write()
    scene.summary(post=lambda: scene.summary(skew=2))
    scene.check_each_told_once()


def test_after_somebody_removed_the_lease_row_changes_are_told_all_the_same(scene: Scene) -> None:
    for _ in range(3):
        scene.write()
    scene.summary()
    scene.site.table.remove("sync", "lease")
    scene.site.clock.advance(hours=1)
    scene.check_each_told_once()


SKEWS = st.sampled_from([-3.0, -1.0, 0.0, 1.0, 3.0])
LOST = st.sampled_from([None, Fault("dropped", after=True), Fault("failing"), Fault("conflict")])
STEPS = st.one_of(
    st.tuples(st.just("write"), SKEWS, st.booleans(), st.booleans()),
    st.tuples(st.just("summary"), SKEWS, st.integers(1, 14), st.sampled_from(["write", "summary", "fail"])),
    st.tuples(st.just("wait"), st.sampled_from([1.0, 130.0, 3600.0, 43200.0]), st.none(), st.none()),
)


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(STEPS, max_size=12), lost=LOST)
def test_whatever_clocks_retries_and_other_summaries_do_each_change_is_told_once(
    steps: list[tuple[str, float, object, object]], lost: Fault | None
) -> None:
    scene = Scene()
    scene.site.clock.now = scene.site.clock.now.replace(hour=23, minute=0)
    scene.summary()
    for what, number, one, other in steps:
        faults = iter([lost])
        scene.site.table.wire.fault = lambda operation, nth, faults=faults: (
            next(faults, None) if operation == "TransactWriteItems" else None
        )
        if what == "wait":
            scene.site.clock.advance(seconds=number)
        elif what == "write":
            scene.write(number, bool(one), scene.summary if other else lambda: None)
        elif other == "fail":
            scene.summary(number, post=_fail)
        else:
            assert isinstance(one, int)
            scene.at_request(one, scene.write if other == "write" else scene.summary)
            scene.summary(number)
    scene.check_each_told_once()


def _fail() -> None:
    raise Unavailable("Slack is away.")


def moved(extension: str, before: str, name: str, run: str = "run-1") -> HistoryEntry:
    at = "2026-11-22T09:00:00Z"
    return HistoryEntry(
        ChangeKind.MOVED, extension, name, name, at, "U1", run, agent_id=f"id-{name}", moved_from=before
    )


def left(extension: str, name: str, run: str = "run-1") -> HistoryEntry:
    return replace(moved(extension, "", name, run), kind=ChangeKind.RELEASED)


def summed(*changes: HistoryEntry, **more: Any) -> Summary:
    now = NOW
    last = Report("run", "schedule", iso(now), 1, **more)
    return summarise(changes, Pool(5, 5, 0, 0), last, now - timedelta(days=1), now)


def test_somebody_who_moved_is_listed_once_as_moved() -> None:
    summary = summed(moved("290", "017", "jane"), left("017", "jane"), left("018", "bob", "run-2"))
    assert [(line.extension, line.moved_from) for line in summary.moved] == [("290", "017")]
    assert [line.extension for line in summary.released] == ["018"]


def test_two_who_swapped_have_a_line_each() -> None:
    summary = summed(moved("001", "002", "jane"), moved("002", "001", "bob"))
    assert [(line.extension, line.moved_from) for line in summary.moved] == [("001", "002"), ("002", "001")]
    assert summary.released == ()


def test_who_moved_on_is_told_from_first_to_last_and_who_moved_back_not_at_all() -> None:
    first = (moved("290", "017", "jane"), left("017", "jane"))
    second = (moved("291", "290", "jane", "run-2"), left("290", "jane", "run-2"))
    on = summed(*first, *second)
    assert [(line.extension, line.moved_from) for line in on.moved] == [("291", "017")]
    assert on.released == ()
    third = (moved("017", "291", "jane", "run-3"), left("291", "jane", "run-3"))
    assert summed(*first, *second, *third).is_quiet


def test_what_was_taken_back_is_no_change() -> None:
    gone = left("017", "jane")
    back = replace(gone, kind=ChangeKind.RETURNED, run_id="undo")
    new = replace(gone, kind=ChangeKind.ASSIGNED, extension="018")
    assert summed(gone, back).is_quiet
    assert [line.extension for line in summed(gone, back, replace(gone, run_id="run-3")).released] == ["017"]
    assert summed(new, replace(new, kind=ChangeKind.RELEASED)).is_quiet
    other = summed(gone, replace(back, agent_id="bob", username="bob"))
    assert (len(other.released), len(other.returned)) == (1, 1)


def test_a_quiet_day_is_one_on_which_nothing_changed_nothing_waits_and_nothing_is_late() -> None:
    assert summed().is_quiet
    assert not summed(left("017", "jane")).is_quiet
    assert not summed(withheld=(left("017", "jane"),)).is_quiet
    assert not replace(summed(), last_sync="").is_quiet


def test_a_summary_that_is_silent_on_quiet_days_posts_on_others(scene: Scene) -> None:
    posted: list[Summary] = []
    reader = scene.site.reader()
    silent = DailySummary(
        reader,
        DynamoClaims(scene.table, scene.site.clock),
        DynamoSummaries(scene.table),
        scene.site.policy,
        posted.append,
        on_quiet_days=False,
    )
    for day in ("one", "two"):
        scene.site.run()
        _, told = silent.tell(day, scene.site.clock.now)
        assert told
        assert told.is_quiet
        scene.site.clock.advance(days=1)
    assert posted == []
    scene.write()
    silent.tell("three", scene.site.clock.now)
    assert [len(summary.assigned) for summary in posted] == [2]
