"""The use of the pool: by range and state, what was given out and released by day, a forecast. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from core.models import ChangeKind, HistoryEntry, Policy, Pool, Snapshot, iso, parse_iso

DAYS = 30
# A forecast further away than this says nothing.
_FARTHEST_DAYS = 3 * 365
# Nearer than this an end is told in days, farther away by its month.
_NEAR_DAYS = 60
# A day that gives a number to this share of all agents is a first sync, and no trend.
_BEGINNING = 0.25

_TAKEN = {ChangeKind.ASSIGNED, ChangeKind.RETURNED}


class RangeUse(Struct, frozen=True):
    """One range of the pool. `runs_out` is a date, "" where no end is in sight at the pace of 30 days."""

    name: str
    pool: Pool
    runs_out: str = ""


class DayUse(Struct, frozen=True):
    """The numbers that were given out and released on one day (UTC)."""

    day: str
    assigned: int
    released: int


class Usage(Struct, frozen=True):
    """The use of the pool as of one moment: `ranges` make up the whole pool, `days` are the last 30."""

    at: str
    ranges: tuple[RangeUse, ...]
    days: tuple[DayUse, ...]

    @property
    def pool(self) -> Pool:
        """The whole pool."""
        pools = [use.pool for use in self.ranges]
        return Pool(
            free=sum(pool.free for pool in pools),
            assigned=sum(pool.assigned for pool in pools),
            held=sum(pool.held for pool in pools),
            reserved=sum(pool.reserved for pool in pools),
        )

    @property
    def assigned(self) -> int:
        """The count of numbers given out in these days."""
        return sum(day.assigned for day in self.days)

    @property
    def released(self) -> int:
        """The count of numbers released in these days."""
        return sum(day.released for day in self.days)


def first_day(now: datetime) -> datetime:
    """The moment from which on history is needed: midnight of the first of the 30 days."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=DAYS - 1)


def usage_of(table: Snapshot, policy: Policy, history: Iterable[HistoryEntry], now: datetime) -> Usage:
    """Count the table and the history since `first_day`; each team's range stands for itself."""
    since = iso(first_day(now))
    changes = [entry for entry in history if since <= entry.at <= iso(now)]
    return Usage(
        iso(now),
        tuple(
            RangeUse(name, pool := Pool.of(table, numbers, now), _runs_out(pool, numbers, changes, now))
            for name, numbers in _ranges(policy)
        ),
        tuple(_days(changes, now)),
    )


def free_by_range(table: Snapshot, policy: Policy, now: datetime) -> dict[str, int]:
    """The free numbers of each team's range and of the rest, by name; nothing where no team has a range."""
    if not policy.teams.ranges:
        return {}
    return {name: Pool.of(table, numbers, now).free for name, numbers in _ranges(policy)}


def _ranges(policy: Policy) -> Iterator[tuple[str, Sequence[str]]]:
    """The ranges of teams by name, and the rest of the pool; numbers that two teams share count once."""
    seen: set[str] = set()
    for team in policy.teams.ranges:
        numbers = [number for number in team.range if number in policy.range and number not in seen]
        seen.update(numbers)
        yield f"{team.label}, {team.range}", numbers
    rest = [number for number in policy.range if number not in seen]
    if rest:
        yield (f"Everybody else, {policy.range}" if seen else str(policy.range)), rest


def _days(changes: Sequence[HistoryEntry], now: datetime) -> Iterator[DayUse]:
    counts = Counter((entry.at[:10], entry.kind) for entry in changes)
    for number in range(DAYS):
        day = iso(first_day(now) + timedelta(days=number))[:10]
        taken = sum(counts[day, kind] for kind in _TAKEN)
        yield DayUse(day, taken, counts[day, ChangeKind.RELEASED])


def _runs_out(pool: Pool, numbers: Sequence[str], changes: Sequence[HistoryEntry], now: datetime) -> str:
    """The day on which the free numbers are used up at the pace of the last 30 days, "" for not in sight."""
    inside = set(numbers)
    days = list(_days([entry for entry in changes if entry.extension in inside], now))
    usual = [day for day in days if day.assigned < max(5, _BEGINNING * pool.assigned)]
    pace = sum(day.assigned - day.released for day in usual) / len(usual) if usual else 0
    if pace <= 0 or pool.free / pace > _FARTHEST_DAYS:
        return ""
    return iso(now + timedelta(days=pool.free / pace))[:10]


def _lasts(runs_out: str, at: str) -> str:
    """An end in words; a forecast is not known to the day."""
    end = parse_iso(f"{runs_out}T00:00:00Z")
    days = (end.date() - parse_iso(at).date()).days
    if days > _NEAR_DAYS:
        return f"last until {end:%B %Y}"
    return f"last about {days} days" if days > 1 else "last until tomorrow"


def runs_out_words(usage: Usage) -> str:
    """The forecast as a sentence; the range that runs out first where there are several."""
    ends = sorted((use.runs_out, use.name) for use in usage.ranges if use.runs_out)
    if not ends:
        return "At the pace of the last 30 days the free numbers last for more than three years."
    day, name = ends[0]
    which = "the free numbers" if len(usage.ranges) == 1 else f"the free numbers of {name}"
    return f"At the pace of the last 30 days {which} {_lasts(day, usage.at)}."


def forecast_lines(usage: Usage) -> list[str]:
    """A line for each range: how many of its numbers are free, and how long they last at the usual pace."""
    return [f"{use.name}: {_left(use, usage.at)}." for use in usage.ranges]


def _left(use: RangeUse, at: str) -> str:
    if not use.pool.free:
        return f"full, none of {use.pool.size:,} numbers is free"
    ends = f"which {_lasts(use.runs_out, at)}" if use.runs_out else "no end in sight"
    return f"{use.pool.free:,} of {use.pool.size:,} numbers free, {ends}"


def pace_words(usage: Usage) -> str:
    """The last 30 days as a sentence."""
    given = "1 number was" if usage.assigned == 1 else f"{usage.assigned:,} numbers were"
    return f"In the last {DAYS} days {given} given out and {usage.released:,} released."
