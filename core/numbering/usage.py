"""The use of the pool: by range and state, what was given out and released by day, a forecast. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from datetime import date, datetime, timedelta

from msgspec import Struct

from core.counts import DAYS, Counts, first_day
from core.models import Policy, Pool, Snapshot, iso, parse_iso
from core.words.periods import day_words

# A forecast further away than this says nothing.
_FARTHEST_DAYS = 3 * 365
# Nearer than this an end is told in days, farther away by its month.
_NEAR_DAYS = 60
# A day that gives a number to this share of all agents, and to so many, is a first sync, and no trend.
_BEGINNING, _LEAST_BEGINNING = 0.25, 5


class RangeUse(Struct, frozen=True):
    """One range of the pool. `runs_out` is a date, "" where no end is in sight at the pace of 30 days."""

    name: str
    pool: Pool
    runs_out: str = ""


class DayUse(Struct, frozen=True):
    """The numbers that were given out and released on one day (UTC); a move inside the pool is neither."""

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
    def usual(self) -> list[DayUse]:
        """The days that the forecast goes by: all but those of a first sync."""
        return _usual(self.days, self.pool.assigned)


def usage_of(table: Snapshot, policy: Policy, counts: Counts, now: datetime) -> Usage:
    """The use of the pool by the table and the counts; each team's range stands for itself."""
    return Usage(
        iso(now),
        tuple(
            RangeUse(name, pool := Pool.of(table, numbers, now), _runs_out(pool, numbers, counts, now))
            for name, numbers in _ranges(policy)
        ),
        tuple(_days(counts, frozenset(policy.range), now)),
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


def _days(counts: Counts, numbers: Set[str], now: datetime) -> Iterator[DayUse]:
    """The days of these numbers. A move counts where it leaves them, or comes from outside."""
    for nth in range(DAYS):
        day = iso(first_day(now) + timedelta(days=nth))[:10]
        crossing = Counter((was in numbers, got in numbers) for was, got in counts.moves_on(day))
        yield DayUse(day, assigned=crossing[False, True], released=crossing[True, False])


def _usual(days: Iterable[DayUse], agents: int) -> list[DayUse]:
    return [day for day in days if day.assigned < max(_LEAST_BEGINNING, _BEGINNING * agents)]


def _runs_out(pool: Pool, numbers: Sequence[str], counts: Counts, now: datetime) -> str:
    """The day on which the free numbers are used up at the pace of the last 30 days, "" for not in sight."""
    usual = _usual(_days(counts, frozenset(numbers), now), pool.assigned)
    pace = sum(day.assigned - day.released for day in usual) / len(usual) if usual else 0
    if pace <= 0 or pool.free / pace > _FARTHEST_DAYS:
        return ""
    return iso(now + timedelta(days=pool.free / pace))[:10]


def _lasts(runs_out: str, at: str) -> str:
    """An end in words; a forecast is not known to the day."""
    if not runs_out:
        return "last for more than three years"
    end = parse_iso(f"{runs_out}T00:00:00Z")
    days = (end.date() - parse_iso(at).date()).days
    if days > _NEAR_DAYS:
        return f"last until {end:%B %Y}"
    return f"last about {days} days" if days > 1 else "last until tomorrow"


def runs_out_words(usage: Usage) -> str:
    """The forecast as a sentence; the range that runs out first where there are several."""
    ends = sorted((use.runs_out, use.name) for use in usage.ranges if use.runs_out)
    day, name = ends[0] if ends else ("", "")
    which = f"the free numbers of {name}" if name and len(usage.ranges) > 1 else "the free numbers"
    return f"At the pace of the last {DAYS} days {which} {_lasts(day, usage.at)}."


def forecast_lines(usage: Usage) -> list[str]:
    """A line for each range: how many of its numbers are free, and how long they last at the usual pace."""
    return [f"{use.name}: {_left(use, usage.at)}." for use in usage.ranges]


def _left(use: RangeUse, at: str) -> str:
    if not use.pool.free:
        return f"full, none of {use.pool.size:,} numbers is free"
    return f"{use.pool.free:,} of {use.pool.size:,} numbers free, which {_lasts(use.runs_out, at)}"


def pace_words(usage: Usage) -> str:
    """The last 30 days as a sentence; the days of a first sync are told apart, as they are no trend."""
    usual = usage.usual
    given, gone = sum(day.assigned for day in usual), sum(day.released for day in usual)
    said = f"In the last {DAYS} days {_numbers(given)} given out and {gone:,} released."
    if first := [day for day in usage.days if day not in usual]:
        at_once, back = sum(day.assigned for day in first), sum(day.released for day in first)
        also = f" and {back:,} released" if back else ""
        days = ", ".join(day_words(date.fromisoformat(day.day)) for day in first)
        said += f" Not counted here: {at_once:,} given out{also} at once on {days}."
    return said


def _numbers(count: int) -> str:
    return "1 number was" if count == 1 else f"{count:,} numbers were"
