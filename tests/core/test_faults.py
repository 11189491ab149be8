"""A fault at every AWS call of a sync in turn, and a crash at every write; then a rerun puts all right.

The scenario: 40 agents have numbers; then 34 join, three leave, one returns, one comes back under a new
user id, four are renamed, and the range grows. It takes several pages and several transactions.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from msgspec.structs import replace

from core.aws.connect import ConnectInstance, Limiter
from core.aws.reports import dump_entry
from core.aws.rows import line_given
from core.directory.keys import DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML
from core.errors import ExtensionsError, LeaseTaken
from core.models import ChangeKind, ExtensionRange, Report
from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.connect_users import Person
from sandbox.aws.sample_people import people
from tests.core.builders import NOW, policy
from tests.core.fakes import Site
from tests.core.invariants import check_kept, check_one_each, check_whole
from tests.stand_ins.connect import ConnectInProcess
from tests.stand_ins.expressions import Item
from tests.stand_ins.s3 import Stored
from tests.stand_ins.wire import Crash, Fault, Process, Wire

PEOPLE = [replace(person, modified=NOW - timedelta(days=9)) for person in people(80)]
RANGE, GROWN = "000-099", "000-199"
WRITES = ("UpdateItem", "TransactWriteItems", "PutObject")


class Call(NamedTuple):
    """One request of an undisturbed run: which of its operation it is, from 1."""

    operation: str
    nth: int


@dataclass
class Scene:
    """A site whose Connect is a real client on a stand-in, too."""

    site: Site
    connect: ConnectInProcess
    seconds: float = 0

    @property
    def wires(self) -> tuple[Wire, Wire, Wire]:
        return self.site.table.wire, self.site.bucket.wire, self.connect.wire

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds

    def run(self, process: Process | None = None) -> Report:
        client = self.connect.client(process)
        port = ConnectInstance(client, INSTANCE_ID, lambda: Limiter(lambda: self.seconds, self.sleep))
        return self.site.sync(process, port).run("schedule")

    def rerun(self) -> Report:
        """Another run, once the lease is over if somebody was left with it."""
        try:
            return self.run()
        except LeaseTaken:
            self.site.expire_lease()
            return self.run()

    def break_at(self, call: Call, fault: Fault, lasting: bool) -> None:
        """Let a call go wrong: once, or from then on."""

        def hook(operation: str, nth: int) -> Fault | None:
            due = nth >= call.nth if lasting else nth == call.nth
            return fault if operation == call.operation and due else None

        for wire in self.wires:
            wire.reset()
            wire.fault = hook

    def mend(self) -> None:
        for wire in self.wires:
            wire.fault = None


class Before(NamedTuple):
    """How things stand before the sync that this is about."""

    items: list[Item]
    objects: dict[str, Stored]
    people: list[Person]


@functools.cache
def before() -> Before:
    instance = ConnectStandIn(PEOPLE[:41], quota=None, now=lambda: NOW - timedelta(hours=2))
    scene = Scene(Site(rules=policy(RANGE)), ConnectInProcess(instance))
    scene.run()
    instance.leave(PEOPLE[40].id)
    scene.run()
    for gone in (3, 5, 8, 20):
        instance.leave(PEOPLE[gone].id)
    instance.join(replace(PEOPLE[20], id="99999999-9999-4999-8999-999999999999"))
    for joined in PEOPLE[40:75]:
        instance.join(joined)
    for renamed in (10, 11, 30, 31):
        instance.rename(PEOPLE[renamed].id, "Nina", "Nightingale")
    return Before(scene.site.table.items, scene.site.bucket.objects, instance.people)


def scene() -> Scene:
    """The scenario, before the sync that it is about; its pages are short."""
    items, objects, listed = before()
    connect = ConnectInProcess(ConnectStandIn(listed, quota=None), page=30)
    scene = Scene(Site(rules=policy(GROWN), page_bytes=6000), connect)
    scene.site.table.seed(items)
    scene.site.bucket.objects |= objects
    return scene


@dataclass(frozen=True)
class Outcome:
    """What has to be the same, whatever happened on the way: all but times, run ids and the lease."""

    rows: list[dict[str, str]]
    history: list[tuple[str, str, str]]
    export: list[Any]


_TIMES = {"since", "given", "released", "held_until"}
_NO_NUMBERING = ("change#", "history#", "former", "lost#", "sync")


def outcome(scene: Scene) -> Outcome:
    items = [{name: next(iter(a.values())) for name, a in item.items()} for item in scene.site.table.items]
    numbering = [item for item in items if not item["pk"].startswith(_NO_NUMBERING)]
    rows = [{name: text for name, text in row.items() if name not in _TIMES} for row in numbering]
    lines = [line for item in items if item["pk"].startswith("change#") for line in json.loads(item["lines"])]
    past = [line["S"] for item in items if item["pk"].startswith("history#") for line in item["lines"]]
    past += [dump_entry(given) for item in numbering if (given := line_given(item))]
    assert sorted(map(str, lines)) == sorted(str(json.loads(line)) for line in past)
    lost = [line for item in items if item["pk"] == "former" for line in json.loads(item["lines"])]
    assert lost == [line for line in lines if line["kind"] == "released" or "before" in line]
    history = sorted((line["kind"], line["extension"], line["username"]) for line in lines)
    return Outcome(rows, history, json.loads(scene.site.bucket.objects[DIRECTORY_JSON].body)["entries"])


def people_of(found: Outcome) -> list[tuple[str, str]]:
    """What happened to whom, whatever the numbers."""
    return sorted((kind, username) for kind, _, username in found.history)


@pytest.fixture(scope="module")
def undisturbed() -> Outcome:
    done = scene()
    done.run()
    return outcome(done)


@pytest.fixture(scope="module")
def calls() -> list[Call]:
    """Every call of an undisturbed run, of all three services."""
    done = scene()
    done.run()
    counts = [item for wire in done.wires for item in wire.requests.items()]
    return [Call(operation, nth) for operation, count in counts for nth in range(1, count + 1)]


def check_sound(scene: Scene) -> None:
    """What holds even in the middle of things."""
    check_one_each(scene.site.numbers)
    objects = scene.site.bucket.objects
    assert objects.keys() >= {DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML}


def run_and_tell(scene: Scene) -> tuple[str, ...]:
    """Run; the sentences by which people learn of what went wrong. Any error but ours goes through."""
    try:
        report = scene.run()
    except ExtensionsError as error:
        return (str(error),)
    return (*report.warnings, *report.withheld_because)


def check_converged(scene: Scene, expected: Outcome, where: object) -> None:
    assert outcome(scene) == expected, where
    check_whole(scene.site.numbers, ExtensionRange.parse(GROWN))
    versions = {each.headers["x-amz-meta-version"] for each in _current(scene)}
    assert len(versions) == 1, where


def _current(scene: Scene) -> Iterator[Any]:
    return (scene.site.bucket.objects[key] for key in (DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML))


def test_the_scenario_has_calls_of_every_kind(calls: list[Call]) -> None:
    operations = {call.operation for call in calls}
    assert operations >= {"ListUsers", "SearchUsers", "DescribeUser", "Query", "Scan", "HeadObject", *WRITES}
    assert Call("TransactWriteItems", 4) in calls
    assert Call("ListUsers", 3) in calls


ONCE = [
    Fault("throttled"),
    Fault("failing"),
    Fault("failing", after=True),
    Fault("dropped", after=True),
]
LASTING = [
    Fault("throttled"),
    Fault("failing"),
    Fault("dropped", after=True),
    Fault("denied"),
]


def named(fault: Fault) -> str:
    return f"{fault.kind} {'after' if fault.after else 'before'}"


@pytest.mark.guarantee(5)
@pytest.mark.parametrize("fault", ONCE, ids=named)
def test_a_failure_that_passes_at_any_call_is_as_if_it_had_not_been(
    fault: Fault, calls: list[Call], undisturbed: Outcome
) -> None:
    for call in calls:
        broken = scene()
        broken.break_at(call, fault, lasting=False)
        report = broken.run()
        assert (report.warnings, report.withheld) == ((), ()), call
        check_converged(broken, undisturbed, call)


@pytest.mark.guarantee(5)
@pytest.mark.parametrize("fault", LASTING, ids=named)
def test_a_failure_that_lasts_at_any_call_ends_in_words_and_the_next_run_puts_all_right(
    fault: Fault, calls: list[Call], undisturbed: Outcome
) -> None:
    for call in calls:
        broken = scene()
        numbers = broken.site.numbers
        broken.break_at(call, fault, lasting=True)
        if told := run_and_tell(broken):
            assert any(service in told[0] for service in ("DynamoDB", "S3", "Connect")), told
        else:  # it found another way
            check_converged(broken, undisturbed, call)
        check_sound(broken)
        check_kept(numbers, broken.site.numbers)
        broken.mend()
        broken.rerun()
        if call.operation == "ListUsers":
            # Who joined and was on a page that failed gets a number later, and so perhaps another one.
            assert people_of(outcome(broken)) == people_of(undisturbed), call
        else:
            check_converged(broken, undisturbed, call)


@pytest.mark.guarantee(2)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
def test_a_crash_at_any_write_leaves_everything_whole_and_the_next_run_puts_all_right(
    after: bool, calls: list[Call], undisturbed: Outcome
) -> None:
    for call in calls:
        if call.operation not in WRITES:
            continue
        broken = scene()
        numbers = broken.site.numbers
        broken.break_at(call, Fault("crash", after), lasting=False)
        with pytest.raises(Crash):
            broken.run(Process())
        check_sound(broken)
        check_kept(numbers, broken.site.numbers)
        broken.mend()
        broken.rerun()
        check_converged(broken, undisturbed, call)


def test_a_crash_says_nothing_to_the_next_run_but_that_the_lease_is_taken(calls: list[Call]) -> None:
    broken = scene()
    broken.break_at(Call("TransactWriteItems", 2), Fault("crash"), lasting=False)
    with pytest.raises(Crash):
        broken.run(Process())
    broken.mend()
    with pytest.raises(LeaseTaken, match="started by schedule at 2026-11-22T09:30:00Z"):
        broken.run()


@pytest.mark.guarantee(7)
@pytest.mark.parametrize("operation", ["HeadObject", "PutObject"])
def test_an_export_that_fails_neither_undoes_nor_hides_the_sync(operation: str, undisturbed: Outcome) -> None:
    broken = scene()
    broken.break_at(Call(operation, 1), Fault("denied"), lasting=True)
    report = broken.run()
    assert (report.counts[ChangeKind.ASSIGNED], report.exported) == (34, False)
    assert report.warnings[0].startswith("The directory could not be written")
    assert outcome(broken).rows == undisturbed.rows
