"""A whole installation in this process: Connect, table, bucket and clock, and runs on them."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec.structs import replace

from core.aws.call_book import DynamoCallBook
from core.aws.exports_and_links import S3Exports
from core.aws.reader import DynamoTableReader
from core.aws.rows import LEASE, Item
from core.aws.table import Table
from core.aws.writer import DynamoTableWriter
from core.errors import Unavailable
from core.models import Agent, Availability, Change, Held, HistoryEntry, Policy, Report, iso
from core.numbering.admin import Admin
from core.numbering.guard import Consent
from core.numbering.orders import Free, Reserve
from core.numbering.sync import Sync
from core.ports import Connect, UserPage
from tests.core.builders import Clock, policy
from tests.core.invariants import Numbers, numbers_of
from tests.stand_ins.dynamodb import TABLE, TableStandIn
from tests.stand_ins.s3 import BUCKET, BucketStandIn
from tests.stand_ins.wire import Fault, Process

LEASE_SECONDS = 120

# What becomes of one page: the operation, how many of it there have been (from 1), and the page.
Spoil = Callable[[str, int, UserPage], UserPage]


def sound(operation: str, nth: int, page: UserPage) -> UserPage:
    """The page as it is."""
    return page


class FakeConnect:
    """The `Connect` port over a list of agents. The search answers from `indexed`, unless that is None.

    `agents` are never changed in place, since a sync reads them from threads.
    """

    def __init__(self, agents: Iterable[Agent] = (), page: int = 1000) -> None:
        self.agents = {agent.id: agent for agent in agents}
        self.indexed: dict[str, Agent] | None = None
        self.page = page
        self.spoil: Spoil = sound
        self.requests: Counter[str] = Counter()
        self._lock = threading.Lock()

    def join(self, *agents: Agent) -> None:
        """Add users, or put others in the place of those with the same id."""
        self.agents = self.agents | {agent.id: agent for agent in agents}

    def leave(self, *ids: str) -> None:
        """Remove users."""
        self.agents = {agent.id: agent for agent in self.agents.values() if agent.id not in ids}

    def rename(self, agent_id: str, name: str, modified: str) -> None:
        """Give a user another name."""
        self.join(replace(self.agents[agent_id], name=name, first_name=name, modified=modified))

    def freeze_search(self) -> None:
        """Let the search index stay as it is, until `indexed` is None again."""
        self.indexed = dict(self.agents)

    def list_users(self, token: str) -> UserPage:
        agents = [replace(agent, name="", team="", first_name="") for agent in self.agents.values()]
        return self._page("list_users", agents, token)

    def search_users(self, token: str) -> UserPage:
        known = self.agents if self.indexed is None else self.indexed
        agents = [replace(agent, modified="") for agent in known.values()]
        page = self._page("search_users", agents, token)
        return page if page.total is not None else replace(page, total=len(agents))

    def having(self, word: str) -> tuple[Agent, ...]:
        return ()

    def describe_user(self, agent_id: str) -> Agent | None:
        self._count("describe_user")
        return self.agents.get(agent_id)

    def email(self, agent_id: str) -> str:
        return ""

    def availability(self, agent_ids: Sequence[str]) -> dict[str, Availability]:
        return {}

    def _count(self, operation: str) -> int:
        with self._lock:
            self.requests[operation] += 1
            return self.requests[operation]

    def _page(self, operation: str, agents: Sequence[Agent], token: str) -> UserPage:
        start = int(token or 0)
        found = tuple(agents[start : start + self.page])
        more = str(start + self.page) if start + self.page < len(agents) else ""
        return self.spoil(operation, self._count(operation), UserPage(found, more))


class Site:
    """An installation. Each run is a process of its own, unless it is given one.

    Numbers go before names however few these are: that is the longer way through a sync.
    """

    most_awaited = 0

    def __init__(
        self, connect: FakeConnect | None = None, rules: Policy | None = None, page_bytes: int = 2**20
    ) -> None:
        self.clock = Clock()
        self.table = TableStandIn(page_bytes=page_bytes, clock=lambda: self.clock.now.timestamp())
        self.bucket = BucketStandIn()
        self.connect = connect or FakeConnect()
        self.policy = rules or policy()
        self.admins = 0

    def writer(self, process: Process | None = None) -> DynamoTableWriter:
        """The table, for one run."""
        table = Table(self.table.client(process), TABLE)
        return DynamoTableWriter(table, self.policy.range, self.clock, LEASE_SECONDS)

    def sync(self, process: Process | None = None, connect: Connect | None = None) -> Sync:
        """One run of a sync, yet to be started."""
        files = S3Exports(self.bucket.client(process), BUCKET, 15)
        port = connect or self.connect
        return Sync(
            port, self.writer(process), files, self.policy, self.clock, most_awaited=self.most_awaited
        )

    def run(
        self,
        process: Process | None = None,
        approved: str = "",
        dry_run: bool = False,
        chosen: frozenset[str] | None = None,
        left_out: frozenset[str] = frozenset(),
        plan: str = "",
    ) -> Report:
        """Sync."""
        consent = Consent(approved, chosen, left_out=left_out, plan=plan)
        return self.sync(process).run("schedule", consent=consent, dry_run=dry_run)

    def admin(self, process: Process | None = None) -> Admin:
        """One change by a person."""
        self.admins += 1
        writer, history, run_id = self.writer(process), self.reader(process).history, f"hand-{self.admins}"
        return Admin(writer, self.policy, self.clock, run_id, history, wait=lambda _: None)

    def reader(self, process: Process | None = None) -> DynamoTableReader:
        """The table, for those who only ask."""
        return DynamoTableReader(Table(self.table.client(process), TABLE), self.clock)

    def book(self, process: Process | None = None) -> DynamoCallBook:
        """The table, for calls."""
        return DynamoCallBook(self.table.client(process), TABLE)

    def history_of_number(self, extension: str) -> list[HistoryEntry]:
        """The changes of a number, as an answer has them."""
        (state,) = self.reader().read_consistent([extension]).states
        return self.reader().history_of_number(extension, state)

    def history_of_agent(self, agent_id: str) -> list[HistoryEntry]:
        """The changes of an agent, as an answer has them."""
        reader = self.reader()
        return reader.history_of_agent(agent_id, reader.of_agent(agent_id) if agent_id else None)

    @property
    def lease(self) -> Item:
        """The row of the lease."""
        (item,) = (item for item in self.table.items if (item["pk"]["S"], item["sk"]["S"]) == LEASE)
        return item

    @property
    def numbers(self) -> Numbers:
        """What the raw rows say."""
        return numbers_of(self.table.items)

    @property
    def now(self) -> str:
        """The time, as rows write it."""
        return iso(self.clock.now)

    def expire_lease(self) -> None:
        """Let so much time pass that a lease which nobody renews is over."""
        self.clock.advance(seconds=LEASE_SECONDS + 1)


def unavailable(*_: object) -> UserPage:
    """A page that could not be had, as a `Spoil`."""
    raise Unavailable("Connect is not answering properly.")


def opened(site: Site, run_id: str = "run-1") -> DynamoTableWriter:
    """A writer with the lease, which has read the table."""
    writer = site.writer()
    writer.acquire(run_id, "schedule")
    writer.read()
    return writer


def write(writer: DynamoTableWriter, *changes: Change) -> list[int]:
    """Apply, and say what the progress was."""
    done: list[int] = []
    writer.apply(changes, done.append)
    return done


def failing(site: Site, operation: str, *faults: Fault | None) -> None:
    """Let the next requests of an operation go wrong, one fault each."""
    left: Iterator[Fault | None] = iter(faults)
    site.table.wire.fault = lambda asked, nth: next(left, None) if asked == operation else None


def ending(site: Site, order: Reserve | Free) -> Reserve | Free:
    """The order, with consent to the end of every hold that there is."""
    states = [record.state for record in site.writer().read().records.values()]
    return replace(order, holds=" ".join(state.mark for state in states if isinstance(state, Held)))
