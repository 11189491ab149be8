"""Ports of the core to the world: small protocols, filled by `core.aws` and by the tests' fakes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct

from core.directory.keys import INDEX_HTML

if TYPE_CHECKING:
    # A call imports this module, and its caller would wait for these.
    from core.contacts import Contact
    from core.counts import Counts
    from core.models import (
        Agent,
        Assigned,
        Availability,
        Change,
        Directory,
        Failure,
        HistoryEntry,
        Report,
        Reserved,
        Snapshot,
        State,
        WithheldPart,
    )

Clock = Callable[[], datetime]


class UserPage(Struct, frozen=True):
    """One page of a listing. `token` is "" on the last page; `total` is None where Connect gives none."""

    agents: tuple[Agent, ...]
    token: str = ""
    total: int | None = None


class Connect(Protocol):
    """The Connect instance. Every method raises Unavailable when Connect cannot answer."""

    def list_users(self, token: str) -> UserPage:
        """Up to 1,000 agents without names. ListUsers is the truth about who exists."""

    def search_users(self, token: str) -> UserPage:
        """Up to 500 agents with names, and the count of all; served from an index that may lag."""

    def having(self, word: str) -> tuple[Agent, ...]:
        """Up to 100 agents with the word in a name or the username; from an index that may lag."""

    def describe_user(self, agent_id: str) -> Agent | None:
        """One agent with the name; None when there is no such agent."""

    def email(self, agent_id: str) -> str:
        """The agent's email, "" when there is none."""

    def availability(self, agent_ids: Sequence[str]) -> dict[str, Availability]:
        """The availability of up to 100 agents now, by id. One or two requests.

        An agent whose status could not be learnt in time is left out; it raises nothing.
        """


class Lease(Struct, frozen=True):
    """The right to change assignments: held by one run at a time, with a token that only grows."""

    run_id: str
    token: int


class ConsistentRead(Struct, frozen=True):
    """Some extensions as they are in the table at this moment, and the table's version then."""

    states: tuple[State, ...]
    version: str


class TableWriter(Protocol):
    """The table, for one run that may change it: every write checks the run's lease.

    Every method raises Unavailable when the table cannot answer.
    """

    def acquire(self, run_id: str, by: str) -> Lease:
        """Take the lease, and keep it for all that follows. Raises LeaseTaken."""

    def renew(self) -> None:
        """Keep the lease for another term. Raises LeaseLost."""

    def read(self) -> Snapshot:
        """Every extension, as it is while the lease is held."""

    def version(self) -> str:
        """The fingerprint of the rows as last read, with the changes applied since."""

    def apply(
        self,
        changes: Iterable[Change],
        done: Callable[[int], None] = lambda _: None,
        full_only: bool = False,
    ) -> int:
        """Write the changes with their history, each whole or not at all. Raises LeaseLost or TableChanged.

        `done` is told, after each transaction, how many changes have been written so far. All of them are,
        unless in `full_only` transactions: the last ones, fewer than fill one, are left for another time.
        """

    def losses(self, since: datetime) -> Iterable[HistoryEntry]:
        """The changes since then by which somebody lost a number or a name, in one query."""

    def counts(self) -> Counts:
        """The last 30 days and the newest runs, counted; from the history where the table's are not whole."""

    def left_out(self) -> frozenset[str]:
        """The marks of the releases that a person left out of an approval (see `core.numbering.guard`)."""

    def leave_out(self, marks: frozenset[str]) -> None:
        """Keep these marks instead. Raises LeaseLost."""

    def keep_names(self, mark: str, rows: Callable[[], Mapping[str, str]]) -> None:
        """Make these the rows by which callers find names, unless those were written for this mark already.

        Raises LeaseLost.
        """

    def finish(self, report: Report | None) -> None:
        """Give the lease back and keep the report, if there is one."""


class SummaryMark(Struct, frozen=True):
    """The end of a summary: its time, and the place of the last transaction in the order of all.

    A `place` of "" goes by the time alone: before the first summary there is no place to go on from. `waits`
    is the day of the oldest change that waited for its run to end, "" for none.
    """

    at: str
    place: str = ""
    waits: str = ""


class News(Struct, frozen=True):
    """The changes after a mark, oldest first, and the mark after them; the counts, and the newest report."""

    changes: list[HistoryEntry]
    mark: SummaryMark
    counts: Counts
    last_report: Report | None


class TableReader(Protocol):
    """The table, read only. Reads are consistent."""

    def read_consistent(self, extensions: Sequence[str]) -> ConsistentRead:
        """These extensions and the version, in one request (up to 30 extensions)."""

    def of_agent(self, agent_id: str) -> Assigned | None:
        """The agent's assignment."""

    def directory(self) -> Directory:
        """All assignments."""

    def table(self) -> Snapshot:
        """Every extension, from the index, without what agents' own rows say."""

    def reserved(self) -> list[Reserved]:
        """The reserved extensions, from the index, in one query."""

    def last_report(self) -> Report | None:
        """The newest report."""

    def history(self, since: datetime, until: datetime) -> Iterable[HistoryEntry]:
        """The changes after `since`, up to `until`, oldest first."""

    def history_of_number(self, extension: str, now: State) -> list[HistoryEntry]:
        """The changes of one number, oldest first, in one query; `now` is its state by `read_consistent`."""

    def history_of_agent(self, agent_id: str, now: Assigned | None) -> list[HistoryEntry]:
        """The changes that concern one agent, oldest first, in one query.

        `now` is their assignment by `read_consistent`, None for none.
        """

    def losses(self, since: datetime) -> Iterable[HistoryEntry]:
        """The changes since then by which somebody lost a number or a name, oldest first."""

    def losses_named(self, words: Collection[str], since: datetime) -> Iterable[HistoryEntry]:
        """The losses since then of people with one of these folded words in a name, and maybe of others."""

    def counts(self, now: datetime) -> Counts:
        """The last 30 days and the newest runs, counted."""

    def news(self, mark: SummaryMark, now: datetime) -> News:
        """The news that a summary tells after this mark: changes by runs that are over."""


class Exports(Protocol):
    """The bucket of the exports. Every method raises Unavailable when the bucket cannot answer."""

    def exported_version(self) -> str:
        """The version of the newest complete export; "" if there is none."""

    def exported_directory(self) -> Directory | None:
        """The directory as last exported."""

    def exported_at(self) -> str:
        """The moment that the newest export is of; "" if it is not known."""

    def write(self, files: dict[str, bytes], version: str, at: str = "") -> None:
        """Replace the export by these files of the moment `at`, by key; the version stands when all do."""

    def link(self, key: str = INDEX_HTML) -> str:
        """A link to the page or another file, signed now. Raises Refused while there is none."""


class Claim(Enum):
    """The answer to a claim on a piece of work: it is the claimer's now, it is done, or another is at it."""

    ACQUIRED = "acquired"
    DONE = "done"
    BUSY = "busy"


class Claims(Protocol):
    """Pieces of work that may be asked for several times, by a name of `core.work.Work`.

    Every method raises Unavailable when the table cannot answer.
    """

    def claim(self, name: str, seconds: int) -> Claim:
        """Take on a piece of work for so many seconds, unless it is done or taken."""

    def done(self, name: str) -> None:
        """Keep that the claimed work is done."""

    def drop(self, name: str) -> None:
        """Give up a claim on work that could not be done, so that it can be claimed again at once."""


class RunRecords(Protocol):
    """The rows that runs leave for people to read. Raises Unavailable when the table cannot answer."""

    def keep_waiting(self, approval: str, withheld: Sequence[HistoryEntry]) -> None:
        """Keep all releases that wait for an approval, or all changes of a plan, under its name."""

    def withheld(self, approval: str, first: int, count: int) -> WithheldPart:
        """Some of them, from the one with the number `first` (from 0) on; none unless all are kept."""

    def all_withheld(self, approval: str) -> list[HistoryEntry]:
        """All of them; none unless all are kept."""

    def keep_message(self, name: str, text: str) -> None:
        """Keep a message whose button opened a window."""

    def message(self, name: str) -> str:
        """The message that was kept under a name; "" where there is none."""

    def keep_failure(self, failure: Failure) -> None:
        """Keep that a run failed, in place of any before it."""

    def last_failure(self) -> Failure | None:
        """The newest failure; None before the first."""


class Summaries(Protocol):
    """The end of the last daily summary. Raises Unavailable when the table cannot answer."""

    def last_mark(self) -> SummaryMark | None:
        """The end of the last summary, as it is written; None before the first."""

    def keep_mark(self, mark: SummaryMark) -> None:
        """Keep the end of a summary that was posted."""


class Links(Protocol):
    """The agents that Slack members say to be. Raises Unavailable when the table can't answer."""

    def all_linked(self, member_ids: Sequence[str]) -> dict[str, str]:
        """The agent ids that up to 100 members linked, by member, in one request."""

    def link(self, member_id: str, agent_id: str, instead_of: Sequence[str] = ()) -> bool:
        """Keep that the member is this agent, unless another is but `instead_of`; whether that was kept.

        The links of `instead_of` end.
        """

    def members(self, agent_id: str) -> list[str]:
        """The members who linked this agent: one, and those of earlier versions."""

    def unlink(self, member_id: str) -> None:
        """Remove the member's link."""

    def forget(self, member_id: str) -> int:
        """Remove all that is kept of the member; the number of rows that was."""

    def wants_notices(self, member_id: str) -> bool:
        """Whether the member wants direct messages that they did not ask for; yes, until they say no."""

    def set_notices(self, member_id: str, wanted: bool) -> None:
        """Keep whether the member wants them."""


class Incident(Enum):
    """Something that befell an installation, and that its doctor has to tell."""

    AVAILABILITY_DENIED = "availability-denied"
    UNINSTALLED = "uninstalled"


class Incidents(Protocol):
    """The incidents of the last days. Raises Unavailable when the table can't answer."""

    def remember(self, incident: Incident) -> None:
        """Keep that it happened just now."""

    def forget(self, incident: Incident) -> None:
        """Remove it: it is over."""

    def since(self, incident: Incident) -> str:
        """The time when it happened last; "" if it did not, or is over."""

    def keep_workspace(self, text: str) -> None:
        """Keep what Slack said of the workspace that the app is installed in."""

    def workspace(self) -> str:
        """The text that was kept of the workspace; "" where there is none."""


class Contacts(Protocol):
    """The calls of the Connect instance. Raises Unavailable when Connect cannot answer."""

    def contact(self, contact_id: str) -> Contact | None:
        """One call, while it is or after it was; None when there is no such call."""
