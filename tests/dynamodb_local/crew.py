"""Processes that sync, move and reserve in one table at once, each with clients of its own.

Each tells what its client saw: the leases it won and the transactions that went through. Runs are
interrupted at the requests that the test names.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from core.aws.clients import Session, aws_client, aws_session
from core.aws.connect import ConnectInstance
from core.aws.table import Table
from core.aws.writer import DynamoTableWriter
from core.errors import LeaseLost, LeaseTaken
from core.models import Directory, ExtensionRange, Policy
from core.numbering.admin import Admin
from core.numbering.orders import Move, Reserve, Swap, Unreserve
from core.numbering.sync import Sync, new_run_id
from core.ports import TableWriter
from sandbox.aws.connect_users import INSTANCE_ID, REGION
from tests.dynamodb_local.stage import Stage

PROCESSES = 16
LEASE_SECONDS = 120
TRANSACT = "TransactWriteItems"


@dataclass(frozen=True, slots=True)
class Interruption:
    """At the nth request of this kind the lease runs out.

    Where it `waits`, the holder sleeps until another run has the lease. Otherwise it goes on at once,
    and both race for the table.
    """

    when: str
    nth: int = 1
    waits: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where a race takes place: two URLs, the table's name, the range, and what interrupts which lease."""

    dynamodb: str
    connect: str
    table: str
    range: str
    interruptions: Mapping[int, Interruption] = field(default_factory=dict)

    @property
    def policy(self) -> Policy:
        return Policy(ExtensionRange.parse(self.range))


@dataclass(frozen=True, slots=True)
class Wrote:
    """One transaction that went through: under which token, and the table's version before and after.

    `before` is None where the transaction did not ask.
    """

    token: int
    before: str | None
    after: str


@dataclass(slots=True)
class Seen:
    """What one process saw. `did` has the admin orders it got through, by token."""

    won: list[int] = field(default_factory=list)
    wrote: list[Wrote] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    did: dict[int, Order] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Order:
    """What a person asks for: `move` to this extension, `reserve` or `unreserve` it, or `swap` two agents."""

    verb: str
    extension: str = ""
    agent: str = ""
    other: str = ""


Work = tuple[Order, ...] | int  # admin orders, or a number of syncs


@contextmanager
def crew() -> Iterator[Callable[[Place, list[Work]], list[Seen]]]:
    """A function that lets all processes loose on a table at once, and returns what each saw."""
    # Each is forked from one that has imported all this.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    stage = Stage(context, PROCESSES)
    with ProcessPoolExecutor(PROCESSES, context, _join, (stage,)) as pool:

        def race(place: Place, works: list[Work]) -> list[Seen]:
            assert len(works) == PROCESSES
            stage.reset()
            return [future.result() for future in [pool.submit(_race, place, work) for work in works]]

        yield race


_stage: Stage
_session: Session


def _join(stage: Stage) -> None:
    global _stage, _session
    _stage, _session = stage, aws_session()
    os.environ.update(AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret")


def _race(place: Place, work: Work) -> Seen:
    os.environ.update(AWS_ENDPOINT_URL_DYNAMODB=place.dynamodb, AWS_ENDPOINT_URL_CONNECT=place.connect)
    member = _Member(place, _stage)
    _stage.start_together()
    for order in work if isinstance(work, tuple) else (None,) * work:
        member.insist(partial(member.obey, order) if order else member.sync)
    return member.seen


class _Member:
    """One process of the race."""

    def __init__(self, place: Place, stage: Stage) -> None:
        self._place = place
        self._stage = stage
        self._dynamodb = aws_client("dynamodb", REGION, session=_session)
        self._connect = aws_client("connect", REGION, session=_session)
        self.seen = Seen()
        _Watch(self._dynamodb, stage, place.interruptions, self.seen)

    def insist(self, run: Callable[[], None]) -> None:
        """Run again until the lease was ours to the end."""
        while not self._held_throughout(run):
            pass

    def _held_throughout(self, run: Callable[[], None]) -> bool:
        turn = self._stage.turn()
        try:
            run()
        except LeaseTaken:
            self.seen.outcomes["taken"] += 1
            self._stage.wait_for_turn_after(turn)
            return False
        except LeaseLost:
            self.seen.outcomes["lost"] += 1
            self._stage.run_ended()
            return False
        except BaseException:
            self._stage.run_ended()
            raise
        self._stage.run_ended()
        return True

    def sync(self) -> None:
        connect = ConnectInstance(self._connect, INSTANCE_ID)
        policy = self._place.policy
        Sync(connect, self._ledger(), NoFiles(), policy, self._stage.now).run("schedule")

    def obey(self, order: Order) -> None:
        admin = Admin(
            self._ledger(),
            self._place.policy,
            self._stage.now,
            new_run_id(self._stage.now()),
            lambda *_: (),
            wait=lambda _: None,
        )
        match order.verb:
            case "move":
                admin.do(Move(order.agent, order.extension), "U1")
            case "swap":
                admin.do(Swap(order.agent, order.other), "U1")
            case "reserve":
                admin.do(Reserve(order.extension, "front desk"), "U1")
            case _:
                admin.do(Unreserve(order.extension), "U1")
        self.seen.did[self.seen.won[-1]] = order

    def _ledger(self) -> TableWriter:
        place = self._place
        return DynamoTableWriter(
            Table(self._dynamodb, place.table), place.policy.range, self._stage.now, LEASE_SECONDS
        )


class _Watch:
    """Listens to one process's client: keeps what went through, and interrupts."""

    def __init__(
        self, client: Any, stage: Stage, interruptions: Mapping[int, Interruption], seen: Seen
    ) -> None:
        self._stage = stage
        self._interruptions = interruptions
        self._seen = seen
        self._passed: Counter[str] = Counter()
        events = client.meta.events
        events.register(f"before-parameter-build.dynamodb.{TRANSACT}", self._remember)
        events.register("after-call.dynamodb.UpdateItem", self._won)
        events.register(f"after-call.dynamodb.{TRANSACT}", self._wrote)
        events.register("before-send.dynamodb", self._interrupt)
        events.register("after-call.dynamodb", self._interrupt)

    def _remember(self, params: Any, context: dict[str, Any], **_: Any) -> None:
        context["lease"] = params["TransactItems"][0]["Update"]["ExpressionAttributeValues"]

    def _won(self, parsed: Any, **_: Any) -> None:
        if "Attributes" in parsed:
            token = int(parsed["Attributes"]["token"]["N"])
            self._seen.won.append(token)
            self._passed.clear()
            self._stage.won(token)

    def _wrote(self, parsed: Any, context: dict[str, Any], **_: Any) -> None:
        values = context.get("lease", {})
        # Names by keys and marks of those left out change no number, and so carry no fingerprint.
        if "Error" not in parsed and {":new", ":actual"} & values.keys():
            before = values.get(":old", {"S": ""})["S"] if ":new" in values else None
            after = values.get(":new", values.get(":actual"))["S"]
            self._seen.wrote.append(Wrote(int(values[":token"]["N"]), before, after))

    def _interrupt(self, event_name: str, **_: Any) -> None:
        if not self._seen.won:
            return
        self._passed[event_name] += 1
        token = self._seen.won[-1]
        interruption = self._interruptions.get(token)
        if interruption is None or (interruption.when, interruption.nth) != (
            event_name,
            self._passed[event_name],
        ):
            return
        self._seen.outcomes["interrupted"] += 1
        self._stage.pass_time(LEASE_SECONDS + 1)
        if interruption.waits:
            self._stage.wait_for_successor(token)


class NoFiles:
    """A bucket where every export is new and is not kept: these races are about the table."""

    def exported_version(self) -> str:
        return ""

    def exported_directory(self) -> Directory | None:
        return None

    def exported_at(self) -> str:
        return ""

    def write(self, files: dict[str, bytes], version: str, at: str = "") -> None:
        pass

    def link(self, key: str = "") -> str:
        return ""
