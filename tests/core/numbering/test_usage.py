"""The use of the pool."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from core.counts import counts_of, first_day
from core.models import (
    ChangeKind,
    ExtensionRange,
    GroupKind,
    HistoryEntry,
    Policy,
    Snapshot,
    TeamPolicy,
    TeamRange,
    iso,
)
from core.numbering.usage import Usage, forecast_lines, pace_words, runs_out_words
from core.numbering.usage import usage_of as usage_by
from tests.core.builders import NOW, assigned, held, policy, reserved, table

TABLE = table(assigned("01", "ann"), held("02", "bob"), reserved("03"))


def usage_of(table: Snapshot, rules: Policy, history: Iterable[HistoryEntry], now: datetime) -> Usage:
    oldest_first = sorted(history, key=lambda each: each.at)
    return usage_by(table, rules, counts_of(oldest_first, now), now)


def line(kind: ChangeKind, extension: str, days_ago: int) -> HistoryEntry:
    return HistoryEntry(kind, extension, "u", "U", iso(NOW - timedelta(days=days_ago)), "schedule", "run")


def test_the_ranges_make_up_the_whole_pool() -> None:
    claims = TeamRange(GroupKind.TEAM, "Claims", ExtensionRange.parse("00-03"))
    usage = usage_of(TABLE, policy(teams=TeamPolicy((claims,))), (), NOW)
    assert [(use.name, use.pool.size) for use in usage.ranges] == [
        ("Claims, 00-03", 4),
        ("Everybody else, 00-09", 6),
    ]
    assert (usage.pool.assigned, usage.pool.held, usage.pool.reserved, usage.pool.free) == (1, 1, 1, 7)


def test_a_returned_number_counts_as_given_out_on_its_day() -> None:
    history = [line(ChangeKind.RETURNED, "01", 0), line(ChangeKind.RELEASED, "02", 29)]
    usage = usage_of(TABLE, policy(), history, NOW)
    assert len(usage.days) == 30
    assert (usage.days[-1].assigned, usage.days[0].released) == (1, 1)
    assert usage.days[0].day == iso(first_day(NOW))[:10]


def test_the_forecast_is_the_pace_of_thirty_days() -> None:
    history = [line(ChangeKind.ASSIGNED, "01", day) for day in range(30)]
    (use,) = usage_of(TABLE, policy(), history, NOW).ranges
    assert use.runs_out == iso(NOW + timedelta(days=7))[:10]


def test_a_first_sync_is_no_trend_and_leavers_are_no_end() -> None:
    beginning = [line(ChangeKind.ASSIGNED, f"{number:02}", 3) for number in range(9)]
    leavers = [line(ChangeKind.RELEASED, "01", day) for day in range(9)]
    for history in (beginning, leavers, []):
        assert usage_of(TABLE, policy(), history, NOW).ranges[0].runs_out == ""


def test_each_range_runs_out_by_itself_and_the_first_is_told() -> None:
    claims = TeamRange(GroupKind.TEAM, "Claims", ExtensionRange.parse("01-03"))
    night = TeamRange(GroupKind.TEAM, "Night", ExtensionRange.parse("04-06"))
    history = [line(ChangeKind.ASSIGNED, "04", day) for day in range(0, 30, 2)]
    usage = usage_of(TABLE, policy(teams=TeamPolicy((claims, night))), history, NOW)
    six_days = iso(NOW + timedelta(days=6))[:10]
    assert [(use.name, use.pool.free, use.pool.size, use.runs_out) for use in usage.ranges] == [
        ("Claims, 01-03", 0, 3, ""),
        ("Night, 04-06", 3, 3, six_days),
        ("Everybody else, 00-09", 4, 4, ""),
    ]
    assert runs_out_words(usage).endswith("the free numbers of Night, 04-06 last about 6 days.")
    assert forecast_lines(usage) == [
        "Claims, 01-03: full, none of 3 numbers is free.",
        "Night, 04-06: 3 of 3 numbers free, which last about 6 days.",
        "Everybody else, 00-09: 4 of 4 numbers free, which last for more than three years.",
    ]


def test_an_end_that_is_far_away_is_told_by_its_month() -> None:
    usage = usage_of(TABLE, policy("000-199"), [line(ChangeKind.ASSIGNED, "001", d) for d in range(30)], NOW)
    assert runs_out_words(usage).endswith("the free numbers last until June 2027.")


def move(extension: str, moved_from: str, agent: str, run: str) -> list[HistoryEntry]:
    """The lines of a move: the number that the agent gets, and the one that nobody has any more."""
    at = iso(NOW)
    return [
        HistoryEntry(
            ChangeKind.MOVED, extension, agent, "", at, "U1", run, agent_id=agent, moved_from=moved_from
        ),
        HistoryEntry(ChangeKind.RELEASED, moved_from, agent, "", at, "U1", run, agent_id=agent),
    ]


def test_a_move_is_neither_given_out_nor_released_and_no_pace() -> None:
    joined = [line(ChangeKind.ASSIGNED, "04", day) for day in range(0, 30, 2)]
    moves = [*move("05", "04", "ann", "m1"), *move("06", "05", "ann", "m2"), *move("07", "06", "ann", "m3")]
    swap = [move("08", "09", "bob", "s")[0], move("09", "08", "cat", "s")[0]]
    usage = usage_of(TABLE, policy(), [*joined, *moves, *swap], NOW)
    assert usage.ranges == usage_of(TABLE, policy(), joined, NOW).ranges
    assert usage.ranges[0].runs_out
    assert pace_words(usage) == "In the last 30 days 15 numbers were given out and 0 released."


def test_a_move_out_of_a_range_leaves_a_number_there_and_takes_one_elsewhere() -> None:
    claims = TeamRange(GroupKind.TEAM, "Claims", ExtensionRange.parse("04-06"))
    joined = [line(ChangeKind.ASSIGNED, "07", day) for day in range(0, 30, 6)]
    out = move("08", "04", "ann", "m1")
    into = move("05", "09", "ann", "m1")

    def ends(history: list[HistoryEntry]) -> list[str]:
        return [
            use.runs_out for use in usage_of(TABLE, policy(teams=TeamPolicy((claims,))), history, NOW).ranges
        ]

    plain = ends(joined)
    assert (ends([*joined, *into])[0] > "", ends([*joined, *into])[1] > plain[1]) == (True, True)
    assert (ends([*joined, *out])[0], ends([*joined, *out])[1] < plain[1]) == ("", True)


def test_the_day_of_the_first_sync_is_told_apart_from_the_pace() -> None:
    first = [line(ChangeKind.ASSIGNED, f"{number:02}", 3) for number in range(9)]
    usage = usage_of(TABLE, policy(), [*first, line(ChangeKind.ASSIGNED, "04", 1)], NOW)
    assert pace_words(usage) == (
        "In the last 30 days 1 number was given out and 0 released. "
        "Not counted here: 9 given out at once on Nov 19, 2026."
    )
