"""Fakes at the ports: a table, a bucket, a Connect, claims and links, as small as they can be."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from core.counts import Counts
from core.directory.keys import INDEX_HTML
from core.errors import Unavailable
from core.models import (
    Agent,
    Assigned,
    Availability,
    Directory,
    ExtensionRecord,
    Failure,
    Free,
    HistoryEntry,
    Presence,
    Report,
    Reserved,
    Snapshot,
    State,
    WithheldPart,
    iso,
)
from core.ports import Claim, ConsistentRead, Incident, News, SummaryMark, UserPage

AT = "2026-11-22T09:30:00Z"


@dataclass
class FakeReader:
    """A table in memory; `broken` is the sentence of its outage, `bug` of an error that nobody foresaw.
    It answers nothing before `hangs` is set.

    `asked` counts requests, by method.
    """

    rows: dict[str, State] = field(default_factory=dict)
    last: Report | None = None
    lines: list[HistoryEntry] = field(default_factory=list)
    broken: str = ""
    bug: str = ""
    hangs: threading.Event | None = None
    asked: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, *states: State) -> FakeReader:
        return cls({state.extension: state for state in states})

    def _ask(self, what: str, times: int = 1) -> None:
        self.asked += [what] * times
        if self.hangs:
            self.hangs.wait()
        if self.bug:
            raise RuntimeError(self.bug)
        if self.broken:
            raise Unavailable(self.broken)

    @property
    def version(self) -> str:
        return str(hash(tuple(self.rows.values())))

    def read_consistent(self, extensions: Sequence[str]) -> ConsistentRead:
        assert len(extensions) <= 30
        self._ask("read_consistent")
        return ConsistentRead(tuple(self.rows.get(each, Free(each)) for each in extensions), self.version)

    def of_agent(self, agent_id: str) -> Assigned | None:
        self._ask("of_agent", times=2)
        return next((row for row in self._assigned() if row.agent_id == agent_id), None)

    def directory(self) -> Directory:
        self._ask("directory")
        records = {number: ExtensionRecord(row) for number, row in self.rows.items()}
        return Directory(tuple(self._assigned()), self.version, AT, Snapshot(records).queues())

    def _assigned(self) -> list[Assigned]:
        return [row for row in self.rows.values() if isinstance(row, Assigned)]

    def table(self) -> Snapshot:
        raise AssertionError("That read is for the terminal.")

    def reserved(self) -> list[Reserved]:
        self._ask("reserved")
        return [row for row in self.rows.values() if isinstance(row, Reserved)]

    def last_report(self) -> Report | None:
        self._ask("last_report")
        return self.last

    def history(self, since: datetime, until: datetime) -> Iterable[HistoryEntry]:
        return [line for line in self.lines if iso(since) < line.at <= iso(until)]

    def history_of_number(self, extension: str, now: State) -> list[HistoryEntry]:
        self._ask("history_of_number")
        return [line for line in self.lines if line.extension == extension]

    def history_of_agent(self, agent_id: str, now: Assigned | None) -> list[HistoryEntry]:
        self._ask("history_of_agent")
        return [line for line in self.lines if line.agent_id == agent_id]

    def losses(self, since: datetime) -> Iterable[HistoryEntry]:
        self._ask("losses")
        return [line for line in self.lines if iso(since) <= line.at and line.is_loss]

    def losses_named(self, words: Collection[str], since: datetime) -> Iterable[HistoryEntry]:
        self._ask("losses_named")
        return [line for line in self.lines if iso(since) <= line.at and line.is_loss]

    def counts(self, now: datetime) -> Counts:
        raise AssertionError("That read is for jobs.")

    def news(self, mark: SummaryMark, now: datetime) -> News:
        raise AssertionError("That read is for the summary.")


@dataclass
class FakeExports:
    """A bucket with no export: lookups read the table. Each link is a new one."""

    broken: str = ""
    links: int = 0
    at: str = ""
    token: str = ""

    def exported_version(self) -> str:
        return ""

    def exported_at(self) -> str:
        return self.at

    def exported_directory(self) -> Directory | None:
        return None

    def write(self, files: dict[str, bytes], version: str, at: str = "") -> None:
        raise AssertionError("The Slack side never writes an export.")

    def link(self, key: str = INDEX_HTML) -> str:
        if self.broken:
            raise Unavailable(self.broken)
        self.links += 1
        token = f"&X-Amz-Security-Token={self.token}" if self.token else ""
        return f"https://bucket.example/{key}?X-Amz-Signature={self.links:064x}&X-Amz-Expires=900{token}"


_PRESENCES = {
    "Available": Presence.AVAILABLE,
    "On a call": Presence.ON_A_CALL,
    "Chatting": Presence.BUSY,
    "Offline": Presence.OFFLINE,
}


@dataclass
class FakeConnect:
    """Statuses and emails by agent id; an agent without a status gives none in time."""

    statuses: dict[str, str] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    agents: list[Agent] = field(default_factory=list)
    broken: str = ""
    asked: list[str] = field(default_factory=list)

    def availability(self, agent_ids: Sequence[str]) -> dict[str, Availability]:
        assert 0 < len(agent_ids) <= 100
        self.asked.append("availability")
        known = {each: self.statuses[each] for each in agent_ids if each in self.statuses}
        return {
            each: Availability(_PRESENCES.get(status, Presence.AWAY), status)
            for each, status in known.items()
        }

    def having(self, word: str) -> tuple[Agent, ...]:
        self.asked.append("having")
        if self.broken:
            raise Unavailable(self.broken)
        found = (agent for agent in self.agents if word.lower() in f"{agent.name} {agent.username}".lower())
        return tuple(found)

    def email(self, agent_id: str) -> str:
        self.asked.append("email")
        if self.broken:
            raise Unavailable(self.broken)
        return self.emails.get(agent_id, "")

    def list_users(self, token: str) -> UserPage:
        raise AssertionError("The Slack side never lists users.")

    def search_users(self, token: str) -> UserPage:
        raise AssertionError("The Slack side never lists users.")

    def describe_user(self, agent_id: str) -> Agent | None:
        raise AssertionError("The Slack side reads emails only.")


@dataclass
class FakeClaims:
    """Claims in memory, by name; `broken` is the sentence of an outage."""

    claims: dict[str, Claim] = field(default_factory=dict)
    broken: str = ""

    def _check(self) -> None:
        if self.broken:
            raise Unavailable(self.broken)

    def claim(self, name: str, seconds: int) -> Claim:
        self._check()
        if name in self.claims:
            return self.claims[name]
        self.claims[name] = Claim.BUSY
        return Claim.ACQUIRED

    def done(self, name: str) -> None:
        self._check()
        self.claims[name] = Claim.DONE

    def drop(self, name: str) -> None:
        self._check()
        self.claims.pop(name, None)


@dataclass
class FakeLinks:
    """Agent ids by member id, and who wants no notices; `broken` is the sentence of an outage."""

    agents: dict[str, str] = field(default_factory=dict)
    quiet: set[str] = field(default_factory=set)
    broken: str = ""
    asked: int = 0

    def _check(self) -> None:
        if self.broken:
            raise Unavailable(self.broken)

    def all_linked(self, member_ids: Sequence[str]) -> dict[str, str]:
        self._check()
        self.asked += 1
        return {each: self.agents[each] for each in member_ids if self.agents.get(each)}

    def link(self, member_id: str, agent_id: str, instead_of: Sequence[str] = ()) -> bool:
        self._check()
        for each in instead_of:
            self.agents.pop(each, None)
        if {*self.members(agent_id)} - {member_id}:
            return False
        self.agents[member_id] = agent_id
        return True

    def members(self, agent_id: str) -> list[str]:
        self._check()
        return [member for member, agent in self.agents.items() if agent == agent_id]

    def unlink(self, member_id: str) -> None:
        self._check()
        self.agents.pop(member_id, None)

    def forget(self, member_id: str) -> int:
        kept = (member_id in self.agents) + (member_id in self.quiet)
        self.unlink(member_id)
        self.quiet.discard(member_id)
        return kept

    def wants_notices(self, member_id: str) -> bool:
        self._check()
        return member_id not in self.quiet

    def set_notices(self, member_id: str, wanted: bool) -> None:
        self._check()
        (self.quiet.discard if wanted else self.quiet.add)(member_id)


@dataclass
class FakeIncidents:
    """Incidents in memory, by the time they happened."""

    times: dict[Incident, str] = field(default_factory=dict)
    kept: str = ""

    def remember(self, incident: Incident) -> None:
        self.times[incident] = AT

    def forget(self, incident: Incident) -> None:
        self.times.pop(incident, None)

    def since(self, incident: Incident) -> str:
        return self.times.get(incident, "")

    def keep_workspace(self, text: str) -> None:
        self.kept = text

    def workspace(self) -> str:
        return self.kept


@dataclass
class FakeRecords:
    """Who waits, by approval, and the last failure; `broken` is the sentence of an outage."""

    broken: str = ""
    waiting: dict[str, list[HistoryEntry]] = field(default_factory=dict)
    failure: Failure | None = None
    messages: dict[str, str] = field(default_factory=dict)

    def keep_message(self, name: str, text: str) -> None:
        self.messages[name] = text

    def message(self, name: str) -> str:
        if self.broken:
            raise Unavailable(self.broken)
        return self.messages.get(name, "")

    def keep_waiting(self, approval: str, withheld: Sequence[HistoryEntry]) -> None:
        self.waiting[approval] = [*withheld]

    def withheld(self, approval: str, first: int, count: int) -> WithheldPart:
        found = self.waiting.get(approval, [])
        return WithheldPart(tuple(found[first : first + count]), len(found))

    def all_withheld(self, approval: str) -> list[HistoryEntry]:
        return self.waiting.get(approval, [])

    def keep_failure(self, failure: Failure) -> None:
        self.failure = failure

    def last_failure(self) -> Failure | None:
        return self.failure
