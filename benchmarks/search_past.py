"""People who left, moved or were renamed, asked for by the name or the number that they had.

They are asked of a whole lookup, which has the directory as it is now and the history. The one call beside
it has the names of now and those of the past.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from random import Random

from msgspec.structs import replace

from benchmarks.search_judges import slipped
from benchmarks.search_queries import Asked, Crowd, is_meant
from benchmarks.search_roster import plain
from benchmarks.search_scores import HEADING, Score, by_one_call, print_line, total
from core.asking.lookup import Lookup, Number
from core.models import Assigned, ChangeKind, ExtensionRange, Held, HistoryEntry, State, iso
from core.search.found import Certainty
from tests.bot.fakes import FakeExports, FakeReader

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
EACH = 200
LEAST_IN_FIVE = 0.95


class _Table(FakeReader):
    """A table that does not change."""

    version = "now"


class Past:
    """A roster of which some left, some have another surname since, and some have another number."""

    def __init__(self, roster: Sequence[Assigned], random: Random) -> None:
        self.crowd = Crowd(roster)
        chosen = random.sample(self.crowd.single, 3 * EACH)
        self.left, self.renamed, self.moved = chosen[:EACH], chosen[EACH : 2 * EACH], chosen[2 * EACH :]
        states: dict[str, State] = {entry.extension: entry for entry in roster}
        for entry in self.left:
            states[entry.extension] = _held(entry)
        for entry in self.renamed:
            surname = random.choice(roster).name.rpartition(" ")[2]
            name = f"{entry.name.split()[0]} {surname}"
            states[entry.extension] = replace(entry, name=name)
        for number, entry in enumerate(self.moved, start=90_000):
            states[entry.extension] = _held(entry)
            states[f"{number}"] = replace(entry, extension=f"{number}")
        lines = [_loss(entry, states[entry.extension]) for entry in (*self.left, *self.renamed)]
        self.now = [state for state in states.values() if isinstance(state, Assigned)]
        reader = _Table(states, lines=random.sample(lines, len(lines)))
        self.lookup = Lookup(reader, FakeExports(), ExtensionRange.parse("00000-99999"))

    def queries(self, random: Random) -> Iterator[tuple[str, list[Asked]]]:
        """By kind; a name with slips is unclear where it is as near to somebody else's."""
        lost = [*self.left, *self.renamed]
        yield "old name", [Asked(_typed(entry, random), entry) for entry in lost]
        yield "old name, one slip", [*slipped(self.crowd, lost, random, 1)]
        yield "old name, two slips", [*slipped(self.crowd, lost, random, 2)]
        yield "old number", [Asked(entry.extension, entry) for entry in self.moved]

    def score(self, asked: Asked) -> Score:
        """The result of one query, out of the first five people that an answer tells of."""
        sure, found = self._answer(asked.text)
        meant = asked.meant.agent_id if asked.meant else ""
        five = [*islice(dict.fromkeys(found), 5)]
        return Score(
            asked=1,
            fair=asked.fair,
            unclear=not asked.fair,
            first=asked.fair and five[:1] == [meant],
            in_five=asked.fair and meant in five,
            sure=asked.fair and sure and five[:1] == [meant],
            wrong_as_sure=sure and five[:1] != [meant],
            nobody=not five,
        )

    def _answer(self, text: str) -> tuple[bool, list[str]]:
        """Whether an answer is sure of one person, and the ids of the people in it."""
        if text.isdecimal():
            number: Number = self.lookup.number(text)
            return True, [number.moved.agent_id] if number.moved else []
        people = self.lookup.people(text)
        present = [match.entry.agent_id for match in people.matches]
        if people.certainty in (Certainty.SURE, Certainty.SEVERAL):
            return people.certainty is Certainty.SURE, present
        exactly = self.lookup.former(text, NOW)
        former = exactly or self.lookup.formerly_like(text, NOW, people)
        return len(exactly) == 1, [*(each.agent_id for each in former), *present]

    def by_one_call(self, queries: Iterable[Asked]) -> Score:
        """The results of one call for each query, among names and usernames, or among numbers."""
        people = [*self.now, *self.left, *self.renamed, *self.moved]
        names = [f"{plain(entry.name)} {entry.username}" for entry in people]
        numbers = [entry.extension for entry in people]
        fair = [asked for asked in queries if asked.fair]
        texts = numbers if all(asked.text.isdecimal() for asked in fair) else names
        return by_one_call(texts, [(asked.text, is_meant(asked, people)) for asked in fair])


def print_past(roster: Sequence[Assigned], seed: int) -> bool:
    """Print the scores; whether every kind reaches its share, and nobody is wrong as sure."""
    past, random = Past(roster, Random(f"{seed} past")), Random(f"{seed} past queries")
    scored = {
        kind: total(map(past.score, queries)) + past.by_one_call(queries)
        for kind, queries in past.queries(random)
    }
    print(f"\nleft, moved or renamed\n{HEADING}")
    for kind, score in scored.items():
        print_line(kind, score)
    missed = [kind for kind, score in scored.items() if not _reaches(score)]
    print(f"\nthe past MISSED: {', '.join(missed)}" if missed else "\nthe past reached")
    return not missed


def _reaches(score: Score) -> bool:
    ours, plainly = score.in_five / score.fair, score.plain / score.sampled
    return not score.wrong_as_sure and ours >= max(LEAST_IN_FIVE, plainly)


def _typed(entry: Assigned, random: Random) -> str:
    """The name or the username, in one of the ways that people type it."""
    first, _, last = plain(entry.name).rpartition(" ")
    return random.choice([entry.name, plain(entry.name), f"{last}, {first}", entry.username])


def _held(entry: Assigned) -> Held:
    return Held(entry.extension, "2999-01-01T00:00:00Z", iso(NOW), entry.agent_id, entry.username, entry.name)


def _loss(entry: Assigned, state: State) -> HistoryEntry:
    renamed = isinstance(state, Assigned)
    return HistoryEntry(
        ChangeKind.RELABELLED if renamed else ChangeKind.RELEASED,
        entry.extension,
        entry.username,
        state.name if isinstance(state, Assigned) else entry.name,
        at="2026-11-20T09:30:00Z",
        by="schedule",
        run_id="run",
        before=entry.name if renamed else "",
        agent_id=entry.agent_id,
    )
