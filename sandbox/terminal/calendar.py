"""Days that pass: the syncs and summaries that a deployment would run on the way, a line each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
# The hour of the summary, as in serverless.yml.
_SUMMARY_AT = 8
# After so many days like the one before, nothing can come but the last day.
_ALIKE = 2
_COUNTS = ("assigned", "released", "returned", "relabelled", "healed", "left_over", "withheld")

Answer = dict[str, Any]


class Days(Struct, frozen=True):
    """Passes days. `move` moves the time to a moment; `sync` and `summary` call the functions."""

    now: Callable[[], datetime]
    move: Callable[[datetime], None]
    sync: Callable[[], Answer | None]
    summary: Callable[[], Answer | None]
    say: Callable[[str], None]

    def live_through(self, days: int) -> None:
        """Run the next hourly sync, then a sync and the summary each morning, until a day is as the last.

        Since nobody changes Connect meanwhile, the other syncs would find the same: that is said in one line.
        """
        end = self.now() + timedelta(days=days)
        self.move(_full_hour(self.now()))
        last, alike, skipped = self._synced(), 0, 0
        mornings = _mornings(self.now(), end)
        for at in mornings:
            if alike >= _ALIKE and at != mornings[-1]:
                skipped += 1
                continue
            if skipped:
                self.say(
                    f"{skipped} more mornings: nothing has changed in Connect, so each sync finds the same."
                )
            self.move(at)
            found = self._synced()
            if told := self.summary():
                self.say(f"{self._time()}  the summary: {'posted' if told['posted'] else told['reason']}")
            alike, last = (alike + 1 if found == last else 0), found
        self.move(end)

    def _synced(self) -> str:
        """Sync, and say what came of it; the same words where the same did."""
        report = self.sync()
        if report is None:
            return "failed"
        counts = [f"{report[name]} {name.replace('_', ' ')}" for name in _COUNTS if report.get(name)]
        found = ", ".join(counts) or "nothing to do"
        self.say(f"{self._time()}  the hourly sync: {found}")
        return found

    def _time(self) -> str:
        return f"{self.now():%a %-d %b, %H:%M}"


def _full_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + _HOUR


def _mornings(now: datetime, end: datetime) -> list[datetime]:
    """The moments of the summaries after `now`, until the end."""
    first = now.replace(hour=_SUMMARY_AT, minute=0, second=0, microsecond=0)
    first += _DAY if first <= now else timedelta(0)
    return [first + day * _DAY for day in range((end - first) // _DAY + 1)]
