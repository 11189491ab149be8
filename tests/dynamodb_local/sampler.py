"""Looks at the table's raw rows, while runs race and after: what is wrong with them, in words.

A scan is no snapshot, so while runs race only TransactGetItems is believed: all rows that say
something about a few extensions, and the lease, as of one moment.
"""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Any

from botocore.exceptions import ClientError

STATES = ("agentID", "nu", "reserved")
# Four rows each and the lease: a transaction holds 100 items.
AT_ONCE = 24

Row = dict[str, str]
Rows = dict[tuple[str, str], Row]


def key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def plain(item: dict[str, Any]) -> Row:
    """The item with its texts and numbers as text."""
    return {name: str(next(iter(value.values()))) for name, value in item.items()}


def by_key(items: Sequence[dict[str, Any]]) -> Rows:
    return {(row["pk"], row["sk"]): row for row in map(plain, items)}


@dataclass(slots=True)
class Sampler:
    """Samples one table again and again; `wrong` says what it saw that may never be."""

    client: Any
    table: str
    extensions: Sequence[str]
    may_move: frozenset[str] = frozenset()
    always: Mapping[str, str] = field(default_factory=dict)  # the username that an extension has throughout
    wrong: list[str] = field(default_factory=list)
    samples: int = 0
    _token: int = 0
    _seen: set[str] = field(default_factory=set)
    _numbers: dict[str, str] = field(default_factory=dict)
    _states: dict[str, object] = field(default_factory=dict)
    _newest: int = 0  # where in `extensions` something was seen to have changed last
    _random: Random = field(default_factory=lambda: Random(2026))

    def sample(self) -> None:
        """Look at a few extensions, all at one moment: those around the newest change, and any others."""
        near = self.extensions[max(0, self._newest - 8) : self._newest + 8]
        chosen = [*{*near, *self._random.sample(self.extensions, AT_ONCE - len(near))}]
        agents = self._agents(chosen)
        rows = self._at_one_moment(chosen, agents)
        if rows is not None:
            self.samples += 1
            self._follow(chosen, rows)
            self.wrong += self._wrong_over_time(chosen, rows)
            for extension in chosen:
                self.wrong += wrong_at_once(extension, agents.get(extension, ""), rows)

    def _follow(self, extensions: Sequence[str], rows: Rows) -> None:
        """Notice what has changed: runs write in order, so more is about to change beside it."""
        for extension in extensions:
            state = [rows.get((extension, each)) for each in STATES]
            if self._states.get(extension, [None] * len(STATES)) != state:
                self._newest = self.extensions.index(extension)
            self._states[extension] = state

    def _agents(self, extensions: Sequence[str]) -> dict[str, str]:
        """Who has these extensions; a moment later it may be another."""
        keys = [key(extension, "agentID") for extension in extensions]
        answer = self.client.batch_get_item(RequestItems={self.table: {"Keys": keys, "ConsistentRead": True}})
        rows = map(plain, answer["Responses"][self.table])
        return {row["pk"]: row["agent_id"] for row in rows if "agent_id" in row}

    def _at_one_moment(self, extensions: Sequence[str], agents: dict[str, str]) -> Rows | None:
        """The rows of the extensions, of these agents, and the lease; None when a writer was in the way."""
        keys = [key(extension, state) for extension in extensions for state in STATES]
        keys += [key(f"user#{agent}", "extension") for agent in dict.fromkeys(agents.values())]
        keys.append(key("sync", "lease"))
        gets = [{"Get": {"TableName": self.table, "Key": each}} for each in keys]
        try:
            answer = self.client.transact_get_items(TransactItems=gets)
        except ClientError as error:
            if error.response["Error"]["Code"] != "TransactionCanceledException":
                raise
            return None
        return by_key([found["Item"] for found in answer["Responses"] if found.get("Item")])

    def _wrong_over_time(self, extensions: Sequence[str], rows: Rows) -> Iterator[str]:
        token = int(rows.get(("sync", "lease"), {}).get("token", "0"))
        if token < self._token:
            yield f"the token went from {self._token} back to {token}"
        self._token = token
        there = {extension for extension in extensions if states_of(extension, rows)}
        yield from (f"{each} was in the table and is lost" for each in self._seen & set(extensions) - there)
        self._seen |= there
        for extension in extensions:
            username = rows.get((extension, "agentID"), {}).get("sk_value")
            if self.always.get(extension, username) != username:
                yield f"{extension} was {username}'s"
            agent = rows.get((extension, "agentID"), {}).get("agent_id", "")
            if agent and self._numbers.setdefault(agent, extension) != extension:
                if agent not in self.may_move:
                    yield f"{agent} had {self._numbers[agent]} and has {extension}"
                self._numbers[agent] = extension


def states_of(extension: str, rows: Rows) -> list[str]:
    """The states that an extension has rows of: there should be one."""
    return [state for state in STATES if (extension, state) in rows]


def wrong_at_once(extension: str, agent: str, rows: Rows) -> Iterator[str]:
    """What may not be at any moment, of an extension and of the agent who was seen to have it."""
    states = states_of(extension, rows)
    if len(states) > 1:
        yield f"{extension} is {' and '.join(states)}"
    has = rows.get((extension, "agentID"), {}).get("agent_id") == agent
    points = rows.get((f"user#{agent}", "extension"), {}).get("sk_value") == extension
    if agent and has != points:
        yield f"{extension} has {'' if has else 'not '}{agent}, whose row says {'' if points else 'not '}so"


@contextmanager
def sampling(sampler: Sampler) -> Iterator[Sampler]:
    """Sample in a thread for as long as the context lasts; what goes wrong in it is raised at the end."""
    over = threading.Event()
    failures: list[BaseException] = []

    def work() -> None:
        try:
            while not over.is_set():
                sampler.sample()
        except BaseException as error:  # noqa: BLE001 - raised again, in the thread of the test
            failures.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield sampler
    finally:
        over.set()
        thread.join()
    if failures:
        raise failures[0]


def all_rows(client: Any, table: str) -> Rows:
    """Every row; a snapshot only while nobody writes."""
    pages = client.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    return by_key([item for page in pages for item in page["Items"]])


def wrong_at_rest(rows: Rows, extensions: Sequence[str]) -> list[str]:
    """What is wrong with the whole table while nobody writes."""
    wrong = [
        f"{each} is in states {found}" for each in extensions if len(found := states_of(each, rows)) != 1
    ]
    assigned = {pk: row for (pk, sk), row in rows.items() if sk == "agentID"}
    for extension, row in assigned.items():
        wrong += wrong_at_once(extension, row.get("agent_id", ""), rows)
    numbers: dict[str, list[str]] = defaultdict(list)
    for extension, row in assigned.items():
        numbers[row.get("agent_id", "")].append(extension)
    wrong += [f"{agent} has {found}" for agent, found in numbers.items() if len(found) > 1]
    owners = Counter(row["sk_value"] for (_, sk), row in rows.items() if sk == "extension")
    wrong += [f"{pk} has {count} owners" for pk, count in owners.items() if count > 1 or pk not in assigned]
    return wrong
