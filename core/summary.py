"""The daily summary: every change since the last one, told once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from core.errors import Unavailable
from core.models import ChangeKind, HistoryEntry, Policy, Pool, Report, TeamNumber, as_iso, iso, parse_iso
from core.numbering.history import moves_as_one
from core.numbering.usage import Usage, usage_of
from core.once import once
from core.ports import Claim, Claims, Summaries, SummaryMark, TableReader
from core.work import Work

# Longer than posting takes, shorter than anybody waits before starting it by hand.
_CLAIM_SECONDS = 300
# Syncs run every hour: one that is this late did not run.
_LATE = timedelta(hours=3)


class Summary(Struct, frozen=True):
    """The changes of a stretch of time, and how things stand at its end.

    `last_sync` is "" before the first sync. `approval` is what releases the withheld ones, "" where no
    approval helps; `more_withheld` of them have no line in `withheld`. `queues` are the teams' numbers.
    """

    since: str
    until: str
    assigned: tuple[HistoryEntry, ...]
    returned: tuple[HistoryEntry, ...]
    released: tuple[HistoryEntry, ...]
    relabelled: tuple[HistoryEntry, ...]
    moved: tuple[HistoryEntry, ...]
    pool: Pool
    withheld: tuple[HistoryEntry, ...] = ()
    withheld_because: tuple[str, ...] = ()
    approval: str = ""
    more_withheld: int = 0
    last_sync: str = ""
    usage: Usage | None = None
    queues: tuple[TeamNumber, ...] = ()

    @property
    def is_late(self) -> bool:
        """Whether no sync has finished for so long that one did not run."""
        last = as_iso(self.last_sync)
        return not last or parse_iso(self.until) - parse_iso(last) >= _LATE

    @property
    def is_quiet(self) -> bool:
        """Whether nobody has to read it: nothing changed, nothing waits, and all goes its way."""
        told = (self.assigned, self.returned, self.released, self.relabelled, self.moved, self.withheld)
        full = any(not use.pool.free for use in self.usage.ranges) if self.usage else False
        return not (any(told) or self.is_late or full)


def summarise(
    changes: Iterable[HistoryEntry], pool: Pool, last: Report | None, since: datetime, until: datetime
) -> Summary:
    """Sort the changes between two moments, oldest first; `last` is the newest report."""
    by_kind: dict[ChangeKind, list[HistoryEntry]] = {kind: [] for kind in ChangeKind}
    for change in _net(changes):
        by_kind[change.kind].append(change)
    return Summary(
        since=iso(since),
        until=iso(until),
        assigned=tuple(by_kind[ChangeKind.ASSIGNED]),
        returned=tuple(by_kind[ChangeKind.RETURNED]),
        released=tuple(by_kind[ChangeKind.RELEASED]),
        relabelled=tuple(by_kind[ChangeKind.RELABELLED]),
        moved=tuple(by_kind[ChangeKind.MOVED]),
        pool=pool,
        withheld=last.withheld if last else (),
        withheld_because=last.withheld_because if last else (),
        approval=last.approval if last else "",
        more_withheld=last.more_withheld if last else 0,
        last_sync=last.started if last else "",
    )


def _net(changes: Iterable[HistoryEntry]) -> list[HistoryEntry]:
    """The changes, net: a move is one from the first number to the last, and what was taken back is none."""
    told: list[HistoryEntry] = []
    for change in moves_as_one(changes):
        earlier = next((each for each in reversed(told) if _goes_on(each, change)), None)
        if earlier:
            told.remove(earlier)
        if change.kind is ChangeKind.MOVED:
            told.append(replace(change, moved_from=earlier.moved_from if earlier else change.moved_from))
        elif not earlier:
            told.append(change)
    return [change for change in told if change.moved_from != change.extension]


def _goes_on(earlier: HistoryEntry, change: HistoryEntry) -> bool:
    """Whether a person who moved has moved on, or who lost or got this number has the opposite now."""
    same = earlier.agent_id == change.agent_id and earlier.username == change.username
    kinds = {earlier.kind, change.kind}
    if not same or kinds == {ChangeKind.MOVED}:
        return same and kinds == {ChangeKind.MOVED}
    opposite = ChangeKind.RELEASED in kinds and kinds & {ChangeKind.ASSIGNED, ChangeKind.RETURNED}
    return bool(opposite) and earlier.extension == change.extension


class DailySummary(Struct, frozen=True):
    """The summary of a day. `post` shows it to the channel, and raises when that fails.

    On a quiet day nothing is posted unless `on_quiet_days`; the day is over all the same.
    """

    reader: TableReader
    claims: Claims
    summaries: Summaries
    policy: Policy
    post: Callable[[Summary], object]
    on_quiet_days: bool = True

    def is_shown(self, summary: Summary) -> bool:
        """Whether the summary is one to post."""
        return self.on_quiet_days or not summary.is_quiet

    def tell(self, day: str, now: datetime) -> tuple[Claim, Summary | None]:
        """Post the summary of a day unless that is done; every change is told by exactly one summary.

        The summary that comes back was posted, unless it is a quiet day's.

        Raises what `post` raises, and Unavailable: then nothing of it counts as told.
        """
        posted: list[Summary] = []
        claim = once(
            self.claims,
            Work.SUMMARY.named(day),
            _CLAIM_SECONDS,
            lambda: posted.append(self._tell_after_last(now)),
        )
        return claim, posted[0] if posted else None

    def _tell_after_last(self, now: datetime) -> Summary:
        """Post what came after the last summary. Two days' may meet at midnight: one of them goes on."""
        mark = self.summaries.last_mark()
        name = Work.SUMMARY.named(*(("after", mark.at, mark.place) if mark else ("first",)))
        posted: list[Summary] = []
        since = mark or SummaryMark("")
        since = replace(since, at=as_iso(since.at) or iso(now - timedelta(days=1)))
        once(self.claims, name, _CLAIM_SECONDS, lambda: posted.append(self._post(since, now)))
        if not posted:
            raise Unavailable("Another summary is being posted. Try again in a minute.")
        return posted[0]

    def _post(self, mark: SummaryMark, now: datetime) -> Summary:
        news = self.reader.news(mark, now)
        table = self.reader.table()
        pool = Pool.of(table, self.policy.range, now)
        usage = usage_of(table, self.policy, news.counts, now)
        summary = summarise(news.changes, pool, news.last_report, parse_iso(mark.at), now)
        summary = replace(summary, usage=usage, queues=table.queues())
        if self.is_shown(summary):
            self.post(summary)
        self.summaries.keep_mark(news.mark)
        return summary
