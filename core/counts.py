"""Counts of the last 30 days, by day and by run, so that nobody has to read their history. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from msgspec import Struct

from core.models import ChangeKind, HistoryEntry, iso

DAYS = 30
MOST_RUNS = 5
# Days are counted by the clocks of their runs, one of which may be a day ahead.
_KEPT_DAYS = DAYS + 2
# Numbers of more digits are written one by one: a span of them could be any length.
_WIDEST = 6
_SIGNS = {ChangeKind.ASSIGNED: "+", ChangeKind.RETURNED: "+", ChangeKind.RELEASED: "-"}


class PastRun(Struct, frozen=True):
    """A run that changed something: when it began to write, who started it, how many changes."""

    run_id: str
    at: str
    by: str
    counts: Mapping[ChangeKind, int]


class Counts(Struct, frozen=True):
    """`days` has every day (UTC) with history, `runs` the newest runs that changed something, oldest first.

    A day is a text of what was given out, released and moved: `+0042-0050 -0051 0042>0043`.
    """

    days: Mapping[str, str] = {}
    runs: tuple[PastRun, ...] = ()

    def with_lines(self, entries: Sequence[HistoryEntry], moving: Collection[str], now: datetime) -> Counts:
        """Add the lines of one transaction. `moving` are the agents whom its run moves."""
        told = [entry for entry in entries if not _is_half_of_a_move(entry, moving)]
        days = dict(self.days)
        for day, lines in groupby(entries, lambda entry: entry.at[:10]):
            numbers = _as_text(line for line in lines if not _is_half_of_a_move(line, moving))
            days[day] = " ".join(filter(None, (days.get(day), numbers)))
        oldest = iso(now - timedelta(days=_KEPT_DAYS))[:10]
        days = {day: text for day, text in days.items() if day >= oldest}
        return Counts(days, _with_runs(self.runs, told))

    def moves_on(self, day: str) -> Iterator[tuple[str, str]]:
        """The numbers that somebody left and got on a day; "" for a number from or to nobody."""
        for token in self.days.get(day, "").split():
            if ">" in token:
                was, _, now = token.partition(">")
                yield was, now
            else:
                numbers = _numbers(token[1:])
                yield from (("", number) if token[0] == "+" else (number, "") for number in numbers)

    def newest_runs(self, since: datetime) -> tuple[PastRun, ...]:
        """The newest runs that began to write at that moment or later, newest first."""
        return tuple(run for run in reversed(self.runs) if run.at >= iso(since))


def first_day(now: datetime) -> datetime:
    """The moment from which on history is needed: midnight of the first of the 30 days."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)


def counts_of(history: Iterable[HistoryEntry], now: datetime) -> Counts:
    """The counts of this history, which is oldest first."""
    counts = Counts()
    for _, run in groupby(history, lambda entry: entry.run_id):
        lines = [*run]
        moving = {line.agent_id for line in lines if line.kind is ChangeKind.MOVED}
        counts = counts.with_lines(lines, moving, now)
    return counts


def _is_half_of_a_move(entry: HistoryEntry, moving: Collection[str]) -> bool:
    return entry.kind is ChangeKind.RELEASED and entry.agent_id in moving


def _with_runs(runs: Iterable[PastRun], entries: Iterable[HistoryEntry]) -> tuple[PastRun, ...]:
    by_run = {run.run_id: run for run in runs}
    for run_id, group in groupby(entries, lambda entry: entry.run_id):
        lines = [*group]
        before = by_run.get(run_id) or PastRun(run_id, lines[0].at, lines[0].by, {})
        counts = Counter(before.counts) + Counter(line.kind for line in lines)
        by_run[run_id] = PastRun(run_id, before.at, before.by, dict(counts))
    return tuple(by_run.values())[-MOST_RUNS:]


def _as_text(entries: Iterable[HistoryEntry]) -> str:
    numbers: dict[str, list[str]] = {"+": [], "-": []}
    moves = []
    for entry in entries:
        if entry.kind is ChangeKind.MOVED:
            moves.append(f"{entry.moved_from}>{entry.extension}")
        elif sign := _SIGNS.get(entry.kind):
            numbers[sign].append(entry.extension)
    spans = (f"{sign}{span}" for sign, found in numbers.items() for span in _spans(sorted(found)))
    return " ".join([*spans, *moves])


def _spans(numbers: Sequence[str]) -> Iterator[str]:
    """Numbers in ascending order as spans: `0042-0050`."""
    first = last = ""
    for number in numbers:
        if last and len(number) == len(last) <= _WIDEST and int(number) == int(last) + 1:
            last = number
            continue
        if first:
            yield first if first == last else f"{first}-{last}"
        first = last = number
    if first:
        yield first if first == last else f"{first}-{last}"


def _numbers(span: str) -> Iterator[str]:
    first, _, last = span.partition("-")
    return (str(number).zfill(len(first)) for number in range(int(first), int(last or first) + 1))
