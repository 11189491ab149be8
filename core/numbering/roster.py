"""Read the roster and the table: who Connect lists now, with names, in the fewest requests.

ListUsers is the truth about who exists and when each was modified, without names. SearchUsers has
names by the 500, and Connect's own count, from an index that may lag. DescribeUser has one name.
Names are read only for agents modified since the table learnt theirs, by whichever costs fewer requests.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from math import ceil
from queue import Empty, SimpleQueue
from typing import Self, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from core.errors import Unavailable
from core.models import Agent, Assigned, Roster, Snapshot, iso
from core.ports import Connect, UserPage

T = TypeVar("T")

SEARCH_PAGE = 500
# An index that lost many agents must not turn into thousands of single reads at two a second;
# the next run reads the names that are left.
MOST_DESCRIBED = 50
# To read the names of more agents than this takes longer than to write their numbers.
MOST_AWAITED = SEARCH_PAGE
# More than these many leavers are no coincidence of counts; to confirm them would take too long.
MOST_CONFIRMED = 20
# For so long after a modification the search may still show what was before it.
SEARCH_LAG = timedelta(minutes=15)


class Gathering:
    """Reads roster and table at the same time, in threads, until the end of its `with` block.

    `renew` is called every `seconds` while a result is awaited: a run keeps its lease by it. A result
    raises Unavailable where the table, or the first page of the listing, could not be read.
    """

    def __init__(
        self,
        connect: Connect,
        read_table: Callable[[], Snapshot],
        now: datetime,
        renew: Callable[[], None] = lambda: None,
        seconds: float = 60,
    ) -> None:
        self._connect = connect
        self._settled = iso(now - SEARCH_LAG)
        self._renew = renew
        self._seconds = seconds
        self._pages: SimpleQueue[tuple[Agent, ...]] = SimpleQueue()
        self._threads = ThreadPoolExecutor(3)
        self._table = self._threads.submit(read_table)
        self._listing = self._threads.submit(_list, connect)
        self._search = self._threads.submit(_search, connect, self._table, self._pages.put)
        self._search.add_done_callback(lambda _: self._pages.put(()))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._threads.shutdown(cancel_futures=True)

    def snapshot(self) -> Snapshot:
        """The table."""
        return self._result(self._table)

    def partial_rosters(self, most_awaited: int = MOST_AWAITED) -> Iterator[Roster]:
        """The whole listing with the names read so far, each time that half of the missing ones have come.

        None where at most so many new agents have no name. The count is not among it.
        """
        listing, known = self._result(self._listing), _known(self.snapshot())
        agents = dict(listing.agents)
        missing = agents.keys() - known.keys()
        awaited = len(missing)
        if awaited <= most_awaited:
            return
        for page in self._searched():
            found = [agent for agent in page if agent.id in missing]
            agents |= {agent.id: _named(agents[agent.id], agent, self._settled) for agent in found}
            missing -= {agent.id for agent in found}
            if 0 < len(missing) <= awaited / 2:
                awaited = len(missing)
                yield Roster(tuple(agents.values()), None, listing.faults)

    def roster(self) -> Roster:
        """The agents with their names; "" where the name in the table is the newest there is."""
        listing, search = self._result(self._listing), self._result(self._search)
        return self._result(
            self._threads.submit(_name, self._connect, listing, search, self.snapshot(), self._settled)
        )

    def _result(self, future: Future[T]) -> T:
        while wait([future], timeout=self._seconds).not_done:
            self._renew()
        return future.result()

    def _searched(self) -> Iterator[tuple[Agent, ...]]:
        """The pages of the search as they come, to its end."""
        while True:
            try:
                page = self._pages.get(timeout=self._seconds)
            except Empty:
                self._renew()
                continue
            if not page:
                return
            yield page


def _named(listed: Agent, shown: Agent, settled: str) -> Agent:
    """The listed agent with the name that the search shows: without an age, if that may be an older one."""
    modified = listed.modified if listed.modified <= settled else ""
    return _labelled(listed, shown, modified)


def _labelled(agent: Agent, shown: Agent, modified: str) -> Agent:
    """The listed agent with the name and groups that another operation gave."""
    return replace(
        agent,
        name=shown.name,
        team=shown.team,
        modified=modified,
        routing_profile=shown.routing_profile,
        hierarchy_group=shown.hierarchy_group,
        first_name=shown.first_name,
        last_name=shown.last_name,
        unlisted=shown.unlisted,
    )


class _Listing(Struct, frozen=True):
    agents: Mapping[str, Agent]
    faults: tuple[str, ...]


def _list(connect: Connect) -> _Listing:
    """All pages of ListUsers. A later page that fails ends the listing, with a fault that says so."""
    agents: dict[str, Agent] = {}
    tokens = {""}
    token = ""
    pages = 0
    while True:
        try:
            page = connect.list_users(token)
        except Unavailable as error:
            if not pages:
                raise
            return _Listing(agents, (f"The listing broke off after page {pages}: {error}",))
        pages += 1
        agents.update((agent.id, agent) for agent in page.agents)
        token = page.token
        if not token:
            return _Listing(agents, ())
        if token in tokens:
            return _Listing(agents, (f"Connect repeated a page of the listing, page {pages}.",))
        tokens.add(token)


class _Search(Struct, frozen=True):
    """The answers of SearchUsers so far; `token` is where it goes on, "" at its end."""

    agents: Mapping[str, Agent]
    total: int | None
    token: str = ""
    failure: str = ""

    @property
    def pages_left(self) -> int:
        """The number of requests that the rest of the search costs."""
        return ceil(((self.total or 0) - len(self.agents)) / SEARCH_PAGE) if self.token else 0


def _search(connect: Connect, table: Future[Snapshot], found: Callable[[tuple[Agent, ...]], None]) -> _Search:
    """The first page and the count; all pages when the table knows too few names for anything else."""
    search = _search_on(connect, _Search({}, None), 1, found)
    unknown = (search.total or 0) - len(_known(table.result()))
    if unknown > search.pages_left:
        return _search_on(connect, search, search.pages_left, found)
    return search


def _search_on(
    connect: Connect,
    search: _Search,
    pages: int,
    found: Callable[[tuple[Agent, ...]], None] = lambda _: None,
) -> _Search:
    agents, total, token = dict(search.agents), search.total, search.token
    for _ in range(pages):
        try:
            page: UserPage = connect.search_users(token)
        except Unavailable as error:
            return _Search(agents, total, token, str(error))
        agents.update((agent.id, agent) for agent in page.agents)
        if page.agents:
            found(page.agents)
        total = total if page.total is None else page.total
        token = page.token
        if not token:
            break
    return _Search(agents, total, token)


def _known(table: Snapshot) -> dict[str, Assigned]:
    """The assignments whose label and name in parts the table has from Connect, by agent id."""
    rows = (row for row in table.assigned() if row.agent_id and row.modified)
    return {row.agent_id: row for row in rows if any(row.name_parts)}


def _name(connect: Connect, listing: _Listing, search: _Search, table: Snapshot, settled: str) -> Roster:
    """The listed agents with their names; "" where the table's label is the newest there is.

    Of an agent modified a moment ago the search may show what was before: if that is nothing new, it is
    left out; if it is, it has no age. Either way the next run asks again.
    """
    agents, known = dict(listing.agents), _known(table)
    unnamed = [agent for agent in agents.values() if _modified(agent, known.get(agent.id))]
    if len(unnamed) > max(1, search.pages_left):
        search = _search_on(connect, search, search.pages_left) if search.token else search
        for agent in unnamed:
            shown, row = search.agents.get(agent.id), known.get(agent.id)
            if shown and (agent.modified <= settled or not _reads_the_same(shown, row)):
                agents[agent.id] = _named(agent, shown, settled)
        unnamed = [agent for agent in unnamed if agent.id not in search.agents]
    failure = _describe(connect, unnamed[:MOST_DESCRIBED], agents)
    warnings = _warnings(unnamed, agents, failure or search.failure)
    faults = listing.faults
    if not faults and search.total == len(agents):
        faults = _lost(connect, agents, table)
    return Roster(tuple(agents.values()), search.total, faults, warnings)


def _lost(connect: Connect, agents: Mapping[str, Agent], table: Snapshot) -> tuple[str, ...]:
    """Leavers that Connect still knows: a lagging count may agree with a listing that lost somebody."""
    owners = {owner: owner for record in table.records.values() for owner in record.owners}
    known = owners | {row.agent_id: row.label for row in table.assigned() if row.agent_id}
    gone = {agent_id: label for agent_id, label in known.items() if agent_id not in agents}
    if len(gone) > MOST_CONFIRMED:
        return ()
    try:
        lost = [label for agent_id, label in gone.items() if connect.describe_user(agent_id)]
    except Unavailable as error:
        return (f"Whether the agents not listed are gone could not be confirmed: {error}",)
    return tuple(f"Connect did not list {label}, and still knows them." for label in lost)


def _reads_the_same(shown: Agent, row: Assigned | None) -> bool:
    read = (shown.name, shown.team, shown.unlisted)
    return row is not None and read == (row.name, row.team, row.unlisted)


def _modified(agent: Agent, row: Assigned | None) -> bool:
    return row is None or row.modified != agent.modified


def _describe(connect: Connect, unnamed: list[Agent], agents: dict[str, Agent]) -> str:
    """Read the agents' names one at a time; returns a sentence if an error broke that off, else ""."""
    for agent in unnamed:
        try:
            found = connect.describe_user(agent.id)
        except Unavailable as error:
            return str(error)
        if found is not None:
            agents[agent.id] = _labelled(agent, found, agent.modified)
    return ""


def _warnings(unnamed: list[Agent], agents: Mapping[str, Agent], failure: str) -> tuple[str, ...]:
    missing = sum(not agents[agent.id].name for agent in unnamed)
    if not missing:
        return ()
    cause = failure or "Connect's search does not show them yet."
    return (f"The names of {missing:,} agents could not be read; the next sync tries again. {cause}",)
