"""The channel's daily summary."""

from __future__ import annotations

from bot.messages.blocks import (
    Block,
    Message,
    actions,
    code,
    context,
    header,
    message,
    name,
    section,
    when,
)
from bot.messages.directory_answers import directory_button
from bot.messages.pool_bars import pool_bars
from bot.messages.sync_report import groups, pool_use, withheld
from core.summary import Summary

_MOST_TEAMS = 10


def daily(summary: Summary) -> Message:
    """The changes since the last summary, the pool, and what waits for a person."""
    changes = (
        *summary.assigned,
        *summary.returned,
        *summary.released,
        *summary.relabelled,
        *summary.moved,
    )
    since = f"From {when(summary.since)} to {when(summary.until)}."
    nothing = None if changes else section("No number has changed.")
    return message(
        header("Extensions: what changed"),
        context(since),
        nothing,
        *groups(changes),
        *withheld(summary.withheld, summary.withheld_because, summary.approval, summary.more_withheld),
        _late(summary),
        *(pool_bars(summary.usage) if summary.usage else ()),
        _teams(summary),
        context(f"Pool: {pool_use(summary.pool)}.{_last(summary)}"),
        actions(directory_button()),
    )


def _last(summary: Summary) -> str:
    return f" Last sync: {when(summary.last_sync)}." if summary.last_sync else ""


def _teams(summary: Summary) -> Block | None:
    """The numbers of teams, the first ten by number."""
    told = ", ".join(f"{name(each.name)} {code(each.extension)}" for each in summary.queues[:_MOST_TEAMS])
    more = len(summary.queues) - _MOST_TEAMS
    return context(f"Teams: {told}{f' and {more} more' if more > 0 else ''}.") if told else None


def _late(summary: Summary) -> Block | None:
    if not summary.last_sync:
        return section(":warning: *No sync has finished yet.* An admin can start one: `/ext-sync`")
    if summary.is_late:
        return section(":warning: *No sync has finished for hours.* An admin can start one: `/ext-sync`")
    return None
