"""Reports of syncs and plans, and the releases that wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.messages.admin_answers import undo_button
from bot.messages.answer_pages import ask_button
from bot.messages.blocks import (
    MORE,
    Block,
    Message,
    actions,
    button,
    clock_time,
    code,
    confirm,
    context,
    escape,
    is_iso,
    listing,
    many,
    message,
    name,
    person,
    section,
    when,
)
from bot.messages.directory_answers import directory_link
from bot.messages.leaver_choice import choose_button
from core.models import ChangeKind, HistoryEntry, Pool, Report

APPROVE, APPLY = "approve", "apply_plan"

_SHOWN = (
    (ChangeKind.ASSIGNED, "New numbers"),
    (ChangeKind.RETURNED, "Back on their old number"),
    (ChangeKind.MOVED, "Moved"),
    (ChangeKind.RELEASED, "Released"),
    (ChangeKind.RELABELLED, "New names, same number"),
    (ChangeKind.HEALED, "Rows put right"),
    (ChangeKind.UNFORWARDED, "Forwards that ended"),
)
_COUNTED = {
    ChangeKind.ASSIGNED: "assigned",
    ChangeKind.RETURNED: "returned",
    ChangeKind.RELEASED: "released",
    ChangeKind.RELABELLED: "relabelled",
    ChangeKind.HEALED: "healed",
    ChangeKind.UNFORWARDED: "forwards ended",
    ChangeKind.FILLED: "added to the pool",
}


def progress(doing: str, done: int, of: int) -> Message:
    """The progress of a sync; `of` is 0 where the total is not known."""
    far = f": {done:,} of {of:,}" if of else ""
    return message(section(f":hourglass_flowing_sand: {escape(doing)}{far}…"))


def result(report: Report, link: str, before: Sequence[HistoryEntry] = ()) -> Message:
    """The result of a sync or a plan. `link` is a directory link signed just now, "" for none.

    `before` are the changes that were made earlier under what the requester approved.
    """
    if report.skipped:
        return busy(report.holder, report.busy_since)
    lists = groups(report.changes, report.counts)
    is_cut = _is_cut(lists)
    return message(
        *decided(report, before),
        section(f"{_headline(report)}\n{counted(report)}"),
        *lists,
        None if report.dry_run else where_all_are(report, lists),
        left_over(report),
        *waiting(report),
        warnings(report.warnings),
        context(_footer(report)),
        actions(
            directory_link(link) if link else None,
            _undo_of(report),
            _apply(report),
            _see_all(report) if is_cut and report.dry_run else None,
        ),
    )


def _undo_of(report: Report) -> Block | None:
    released = report.counts.get(ChangeKind.RELEASED) and not report.dry_run
    return undo_button(report.run_id) if released else None


def _is_cut(lists: Sequence[Block]) -> bool:
    return any(f"\n{MORE} " in each["text"]["text"] for each in lists)


def where_all_are(report: Report, lists: Sequence[Block]) -> Block | None:
    """The command that shows every change of a run; None where the lists do."""
    return context(f"All of them: {code(f'/ext-admin history {report.run_id}')}") if _is_cut(lists) else None


def _see_all(report: Report) -> Block:
    """The button that shows every change of a plan, page by page."""
    return ask_button("See all", f"history {report.plan}", f"See all {many(len(report.changes), 'change')}")


def _apply(report: Report) -> Block | None:
    """The button that makes a plan; None where there is nothing to make."""
    if not (report.dry_run and report.changes):
        return None
    changes = many(len(report.changes), "change")
    asked = confirm(
        f"Apply {changes}?",
        f"{counted(report)}. This plan and no other: if something has changed since, nothing is done.",
        "Apply",
    )
    label = f"Apply this plan of {changes}"
    return button("Apply this plan", APPLY, report.plan, label=label, style="primary", confirm=asked)


def outcome(report: Report, before: Sequence[HistoryEntry]) -> Message:
    """The end of an approval, for the message in which its button stood."""
    if report.skipped:
        return busy(report.holder, report.busy_since)
    return message(
        *decided(report, before),
        context(f"{counted(report)} · run {escape(report.run_id)}"),
        *waiting(report),
    )


def decided(report: Report, before: Sequence[HistoryEntry]) -> list[Block]:
    """The person who approved, and what happened; nothing where nobody approved anything."""
    if not report.approved:
        return []
    plan = bool(report.plan)
    did, one, more = ("Applied", "change was", "changes were") if plan else _APPROVED
    if report.agreed:
        at = f" at {clock_time(report.started)}" if is_iso(report.started) else ""
        made = f"*{many(report.agreed, one, more)} made.*"
        return [section(f":white_check_mark: {did} by {person(report.by)}{at}: {made}")]
    if before:
        first, count = before[0], len({entry.extension for entry in before})
        made = f"*{many(count, one, more)} made then.*"
        by = f"{person(first.by)}, {when(first.at)}"
        return [section(f":information_source: {did} already by {by}: {made} Nothing is done twice.")]
    if plan:
        return [section(":warning: *Something has changed since that plan was made*, so it was not applied.")]
    said = "The list has changed since this button was shown."
    return [section(f":warning: *Nobody was released by this approval.* {said}")]


_APPROVED = ("Approved", "release was", "releases were")


def busy(holder: str, since: str) -> Message:
    """Another run has the lease: who started it (a Slack user id, or a word for a program), and when."""
    at = f" since {clock_time(since)}" if is_iso(since) else ""
    said = f"{_runner(holder)} is running{at}, and one thing is done at a time."
    return message(section(f":double_vertical_bar: *Nothing was changed.* {said} Ask again in a minute."))


def _runner(holder: str) -> str:
    if holder == "schedule":
        return "The hourly sync"
    if not holder:
        return "Another run"
    return f"{'A sync or a change' if person(holder).startswith('<@') else 'A run'} of {person(holder)}"


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


def counted(report: Report) -> str:
    """The counts of a run in one line."""
    counts = [f"{report.counts[kind]:,} {word}" for kind, word in _COUNTED.items() if report.counts.get(kind)]
    kept = f"{many(report.unchanged, 'agent keeps', 'agents keep')} number and name"
    return " · ".join([*counts, *([kept] if report.unchanged or not counts else [])])


def groups(changes: Sequence[HistoryEntry], counts: Mapping[ChangeKind, int] | None = None) -> list[Block]:
    """The changes by kind, each list as long as fits. `counts` are the true ones, where a list was cut."""
    found = []
    for kind, heading in _SHOWN:
        lines = [change_line(change) for change in changes if change.kind is kind]
        if lines:
            cut_off = max(0, (counts or {}).get(kind, 0) - len(lines))
            found.append(section(f"*{heading}*\n{listing(lines, more=cut_off)}"))
    return found


def change_line(change: HistoryEntry) -> str:
    """The number and the agent of a change, and what was there before."""
    before = change.before or change.moved_from
    was = f", was {name(before)}" if before else ""
    return f"`{escape(change.extension)}` {name(change.label)}{was}".rstrip()


def left_over(report: Report) -> Block | None:
    """A section naming the agents left without a number, and what to do; None if there are none."""
    if not report.left_over:
        return None
    names, more = report.left_over, report.more_left_over
    agents = many(len(names) + more, "agent has", "agents have")
    ranges = bool(report.free_by_range)
    full = "No number is free for them." if ranges else "The pool is used up."
    hint = f"Widen {'a range' if ranges else 'EXTENSION_RANGE'}, or unreserve numbers, and sync again."
    lines = listing([f"• {name(each)}" for each in names], more=more)
    return section(f":warning: *{full}* {agents} no number. {hint}\n{lines}")


def waiting(report: Report) -> list[Block]:
    """The releases of a report that wait; nothing without any."""
    return withheld(report.withheld, report.withheld_because, report.approval, report.more_withheld)


def withheld(
    changes: Sequence[HistoryEntry], because: Sequence[str], approval: str, more: int = 0
) -> list[Block]:
    """The releases that wait, why, and the button that approves exactly these; nothing without any.

    `more` of them wait that a stored report has no room for: they are counted, and not named.
    """
    if not changes:
        return []
    count = len(changes) + more
    wait = many(count, "release is withheld", "releases are withheld")
    reasons = listing([escape(reason) for reason in because])
    hint = "" if approval else "\nNobody can approve this: a later sync decides anew."
    lines = listing([change_line(change) for change in changes], more=more)
    text = section(f":warning: *{wait}.* {reasons}{hint}\n{lines}")
    buttons = actions(_approve(count, approval), choose_button(count, approval)) if approval else None
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


def warnings(said: Sequence[str]) -> Block | None:
    """The warnings of a run; None without any."""
    lines = [f":warning: {escape(warning)}" for warning in said]
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
