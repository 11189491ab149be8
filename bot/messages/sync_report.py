"""Messages about a sync, and about the changes that an admin makes by name."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.messages.blocks import (
    LIST_LENGTH,
    Block,
    Message,
    actions,
    bold,
    button,
    clock_time,
    confirm,
    context,
    cut,
    day,
    escape,
    is_iso,
    listing,
    many,
    message,
    name,
    section,
)
from bot.messages.directory_answers import directory_link
from core.models import Assigned, Change, ChangeKind, Held, HistoryEntry, Pool, Report
from core.numbers import write_numbers

APPROVE = "approve"

# An approver wants to see every name: so many characters and lines still fit a section, with the reasons.
_LEAVERS = (1800, 60)
_SHOWN = (
    (ChangeKind.ASSIGNED, "New numbers"),
    (ChangeKind.RETURNED, "Back on their old number"),
    (ChangeKind.MOVED, "Moved"),
    (ChangeKind.RELEASED, "Released"),
    (ChangeKind.RELABELLED, "New names, same number"),
    (ChangeKind.HEALED, "Rows put right"),
)
_COUNTED = {
    ChangeKind.ASSIGNED: "assigned",
    ChangeKind.RETURNED: "returned",
    ChangeKind.RELEASED: "released",
    ChangeKind.RELABELLED: "relabelled",
    ChangeKind.HEALED: "healed",
    ChangeKind.FILLED: "added to the pool",
}


_LATER = "I'll tell you here when it's done."


def sync_started(approved: bool) -> Message:
    """A sync has been handed over; `approved` says that withheld releases are approved."""
    withheld = " The releases that were withheld are approved." if approved else ""
    return message(section(f":arrows_counterclockwise: *Sync started.*{withheld} {_LATER}"))


def plan_started() -> Message:
    """A plan has been handed over."""
    return message(section(":mag: *Working out what a sync would do.* Nothing will be changed."))


def reserving(extension: str) -> Message:
    """A reservation has been handed over."""
    return message(section(f":lock: Reserving {bold(extension)}. {_LATER}"))


def unreserving(extension: str, note: str) -> Message:
    """The end of a reservation has been handed over: of these numbers, or of those with this note."""
    what = bold(extension) if extension else f"the numbers of “{name(note)}”"
    return message(section(f":unlock: Putting {what} back into the pool. {_LATER}"))


def moving(extension: str) -> Message:
    """A move has been handed over."""
    return message(section(f":arrow_right: Moving them to {bold(extension)}. {_LATER}"))


def forgetting_members() -> Message:
    """The app was removed from Slack."""
    return message(section("Removing what is kept of the people of this workspace."))


def swapping() -> Message:
    """A swap has been handed over."""
    return message(section(f":left_right_arrow: Swapping their numbers. {_LATER}"))


def freeing(extension: str, asked: bool) -> Message:
    """The end of a hold has been handed over; `asked` says that the requester agreed to it."""
    if not asked:
        return message(section(f":mag: Looking whom {bold(extension)} is held for. I'll ask you here."))
    return message(section(f":unlock: Ending the hold of {bold(extension)}. {_LATER}"))


def progress(doing: str, done: int, of: int) -> Message:
    """The progress of a sync; `of` is 0 where the total is not known."""
    far = f": {done:,} of {of:,}" if of else ""
    return message(section(f":hourglass_flowing_sand: {escape(doing)}{far}…"))


def result(report: Report, link: str) -> Message:
    """The result of a sync or a plan. `link` is a directory link signed just now, "" for none."""
    if report.skipped:
        return busy(report.holder, report.busy_since)
    return message(
        section(f"{_headline(report)}\n{_counts(report)}"),
        *groups(report.changes),
        _left_over(report.left_over),
        *withheld(report.withheld, report.withheld_because, report.approval),
        _warnings(report.warnings),
        context(_footer(report)),
        actions(directory_link(link) if link else None),
    )


def busy(holder: str, since: str) -> Message:
    """Another run has the lease: who started it (a Slack user id, or a word for a program), and when."""
    at = f" since {clock_time(since)}" if is_iso(since) else ""
    said = f"{_runner(holder)} is running{at}, and one thing is done at a time."
    return message(section(f":double_vertical_bar: *Nothing was changed.* {said} Ask again in a minute."))


def _runner(holder: str) -> str:
    if holder == "schedule":
        return "The hourly sync"
    if re.fullmatch(r"[UW][A-Z0-9]+", holder):
        return f"A sync or a change of <@{holder}>"
    return f"A run of {name(holder)}" if holder else "Another run"


def _headline(report: Report) -> str:
    changed = any(report.counts.get(kind) for kind in _COUNTED)
    if report.dry_run:
        return (
            ":mag: *This is a plan.* Nothing was changed; a sync would do this:"
            if changed
            else (":mag: *This is a plan.* A sync would change nothing.")
        )
    if not changed:
        waits = ":double_vertical_bar: *Nothing was changed.*"
        return waits if report.withheld else ":white_check_mark: *Nothing to change.*"
    return ":white_check_mark: *Sync done.*"


def _counts(report: Report) -> str:
    counts = [f"{report.counts[kind]:,} {word}" for kind, word in _COUNTED.items() if report.counts.get(kind)]
    kept = f"{many(report.unchanged, 'agent keeps', 'agents keep')} number and name"
    return " · ".join([*counts, *([kept] if report.unchanged or not counts else [])])


def groups(changes: Sequence[HistoryEntry]) -> list[Block]:
    """The changes by kind, each list as long as fits."""
    found = []
    for kind, heading in _SHOWN:
        lines = [_line(change) for change in changes if change.kind is kind]
        if lines:
            found.append(section(f"*{heading}*\n{listing(lines)}"))
    return found


def _line(change: HistoryEntry) -> str:
    was = f", was {name(change.before)}" if change.before else ""
    return f"`{escape(change.extension)}` {name(change.label)}{was}".rstrip()


def _left_over(names: Sequence[str]) -> Block | None:
    if not names:
        return None
    agents = many(len(names), "agent has", "agents have")
    hint = "Widen EXTENSION_RANGE, or unreserve numbers, and sync again."
    return section(f":warning: *The pool is used up.* {agents} no number. {hint}\n{listing(_names(names))}")


def _names(names: Sequence[str]) -> list[str]:
    return [f"• {name(each)}" for each in names]


def withheld(
    changes: Sequence[HistoryEntry], because: Sequence[str], approval: str, more: int = 0
) -> list[Block]:
    """The releases that wait, why, and the button that approves exactly these; nothing without any.

    `more` of them wait that a stored report has no room for: they are counted, and not named.
    """
    if not changes:
        return []
    count = len(changes) + more
    waiting = many(count, "release is withheld", "releases are withheld")
    reasons = listing([escape(reason) for reason in because])
    hint = "" if approval else "\nNobody can approve this: a later sync decides anew."
    text = section(
        f":warning: *{waiting}.* {reasons}{hint}\n{listing([_line(change) for change in changes])}"
    )
    buttons = actions(_approve(count, approval)) if approval else None
    return [text, *([buttons] if buttons else [])]


def _approve(count: int, approval: str) -> Block:
    releases = many(count, "release")
    return button(
        f"Approve {releases}",
        APPROVE,
        approval,
        label=f"Approve {releases} and run a sync",
        style="danger",
        confirm=confirm(
            f"Approve {releases}?",
            "These agents lose their numbers, which are then held for them. A sync starts now.",
            "Approve",
        ),
    )


def _warnings(warnings: Sequence[str]) -> Block | None:
    lines = [f":warning: {escape(warning)}" for warning in warnings]
    return section(listing(lines)) if lines else None


def _footer(report: Report) -> str:
    parts = [pool_use(report.pool)] if report.pool else []
    return " · ".join([*parts, f"took {report.duration_ms / 1000:.1f} s", f"run {escape(report.run_id)}"])


def pool_use(pool: Pool) -> str:
    """The count of numbers in each state."""
    share = 100 * pool.assigned / pool.size if pool.size else 0
    return (
        f"{pool.assigned:,} of {pool.size:,} numbers assigned ({share:.0f}%), "
        f"{pool.free:,} free, {pool.held:,} held, {pool.reserved:,} reserved"
    )


def failed(reason: str, reference: str) -> Message:
    """An error, as a sentence that says what to do, and the reference under which the log has it."""
    return message(section(f":x: {escape(reason)}"), context(f"Reference: {escape(reference)}"))


def admin_done(changes: Sequence[Change]) -> Message:
    """The result of an admin's change."""
    if len(changes) > 1 and changes[0].kind in (ChangeKind.RESERVED, ChangeKind.UNRESERVED):
        return _done_at_once(changes)
    lines = [line for change in changes if (line := _done(change))]
    return message(section(":white_check_mark: " + " ".join(lines)))


def _done_at_once(changes: Sequence[Change]) -> Message:
    """Several numbers that were reserved, or put back."""
    written = cut(write_numbers(change.extension for change in changes), LIST_LENGTH)
    numbers = f"{many(len(changes), 'number')}: *{written}*"
    if changes[0].kind is ChangeKind.RESERVED:
        what = f"reserved, {escape(changes[0].reason)}"
    else:
        what = "back in the pool"
    return message(section(f":white_check_mark: {numbers}. They are {what}."))


def _done(change: Change) -> str:
    number = bold(change.extension)
    match change.kind, change.after:
        case ChangeKind.RESERVED, _:
            return f"{number} is reserved: {escape(change.reason)}."
        case ChangeKind.UNRESERVED, _:
            return f"{number} is back in the pool."
        case ChangeKind.MOVED, Assigned() as after:
            return f"{bold(after.label)} is on {number} now."
        case ChangeKind.FREED, _:
            return f"{number} is free; it {escape(change.reason)}."
        case ChangeKind.RELEASED, Held(until=until):
            return f"{number} is held until {day(until)}."
        case ChangeKind.RELEASED, _:
            return f"{number} is free."
        case _:
            return ""
