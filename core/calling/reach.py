"""The person or queue that a caller reaches, by digits or by the keys of a name. Pure, but for its port.

A call waits for this: everything is found in two requests, and nothing here imports more than it needs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple, Protocol

# The longest chain of forwards that a call follows, and the most names that are read out to choose from.
MOST_HOPS, MOST_CHOICES = 3, 5
# Names are kept by so many keys, in rows of those whose first keys are the same.
KEPT, ROW = 8, 3
# With fewer keys than these nearly everybody is called so.
LEAST_KEYS = 2


class Person(NamedTuple):
    """An agent with a number. `agent_id` is "" in rows of the older project."""

    agent_id: str
    extension: str
    username: str
    arn: str = ""
    name: str = ""
    team: str = ""

    @property
    def label(self) -> str:
        """The agent's name, or the username while the name is unknown."""
        return self.name or self.username


class Queue(NamedTuple):
    """A team's queue that has a number."""

    arn: str
    name: str


class Forward(NamedTuple):
    """An agent's calls go to the agent `to`, called `name`, until that time, in ISO 8601."""

    to: str
    until: str
    name: str = ""


class Dialled(NamedTuple):
    """An extension as the table has it: its agent, the id of the agent it is held for, or a queue."""

    person: Person | None = None
    held_for: str = ""
    queue: Queue | None = None
    forwards: Mapping[str, Forward] = {}


class Called(NamedTuple):
    """The ids of agents whose names have these keys, and all forwards."""

    agent_ids: Collection[str]
    forwards: Mapping[str, Forward]


class CallBook(Protocol):
    """The table as calls read it: each method is one request. All raise Unavailable."""

    def dialled(self, extension: str, now: str) -> Dialled:
        """The extension, and all forwards."""

    def called(self, keys: str) -> Called:
        """The agents whose name begins with these keys, and all forwards."""

    def people(self, agent_ids: Collection[str]) -> dict[str, Person]:
        """The people among these agents who have a number, by id."""


class Reached(NamedTuple):
    """The one who is rung: a person or a queue, or nobody. `forwarded_from` was dialled, if another is rung.

    For a name, `choices` are the people to choose from, and `too_many` says that there are more than are
    read out.
    """

    person: Person | None = None
    queue: Queue | None = None
    forwarded_from: Person | None = None
    choices: tuple[Person, ...] = ()
    too_many: bool = False


def by_extension(book: CallBook, extension: str, now: str) -> Reached:
    """Find who is rung by an extension; `now` is in ISO 8601.

    Somebody who moved is reached on the old number for as long as it is held for them.
    """
    found = book.dialled(extension, now)
    if found.queue:
        return Reached(queue=found.queue)
    first = found.person.agent_id if found.person else found.held_for
    hops = chain(first, found.forwards, now) if first else []
    others = hops if found.person else [first, *hops]
    people = book.people(others) if any(others) else {}
    person = found.person or people.get(first)
    return _forwarded(person, hops, people) if person else Reached()


def by_name(book: CallBook, keys: str, now: str) -> Reached:
    """Find the people whose name begins with these keys: one is rung, a few are choices."""
    if len(keys) < LEAST_KEYS:
        return Reached(too_many=True)
    ids, forwards = book.called(keys[:KEPT])
    if not ids or len(ids) > MOST_CHOICES:
        return Reached(too_many=bool(ids))
    hops = {each: chain(each, forwards, now) for each in ids}
    people = book.people({*ids, *(hop for each in hops.values() for hop in each)})
    choices = tuple(sorted((people[each] for each in ids if each in people), key=_by_name))
    if len(choices) != 1:
        return Reached(choices=choices)
    (person,) = choices
    return _forwarded(person, hops[person.agent_id], people)._replace(choices=choices)


def chain(first: str, forwards: Mapping[str, Forward], now: str) -> list[str]:
    """The agents to whom the calls of the first go one after the other, by id: at most `MOST_HOPS`.

    Forwards that have ended don't count. The chain ends before it comes to somebody again.
    """
    hops: list[str] = []
    at = first
    while (forward := forwards.get(at)) and forward.until > now and len(hops) < MOST_HOPS:
        at = forward.to
        if at == first or at in hops:
            break
        hops.append(at)
    return hops


def _forwarded(person: Person, hops: Iterable[str], people: Mapping[str, Person]) -> Reached:
    """The last of the hops that leads on without a gap: who has no number any more takes no calls."""
    last = person
    for hop in hops:
        if hop not in people:
            break
        last = people[hop]
    return Reached(last, forwarded_from=person if last is not person else None)


def _by_name(person: Person) -> tuple[str, str]:
    return person.label.casefold(), person.extension
