"""Messages about a sync, and about the changes that an admin makes by name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bot.messages.admin_answers import undo_button
from bot.messages.answer_pages import ask_button
from bot.messages.blocks import (
    LIST_LENGTH,
    MORE,
    Block,
    Message,
    actions,
    bold,
    button,
    clock_time,
    code,
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
    sections,
    when,
)
from bot.messages.directory_answers import directory_link
from bot.messages.leaver_choice import choose_button
from core.models import Assigned, Change, ChangeKind, Held, HistoryEntry, Pool, Report
from core.numbering.guard import is_plan
from core.words.number_lists import write_numbers

APPROVE, APPLY = "approve", "apply_plan"

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


# The places of a result, as the words for a start name them.
HERE, DIRECTLY = "here", "in a direct message"
WHERE_TYPED = "where you typed the command, or else in a direct message,"
# Each is a line; so many fit a message, and of the longest names so many characters.
_MOST_LEFT, _LEFT_LENGTH = 60, 9000
_AT_HOME = "The result will stand on the Home tab."


def _later(where: str) -> str:
    return f"I'll tell you {where} when it's done."


def sync_started(approved: bool, at_home: bool = False) -> Message:
    """A sync has been handed over; `approved` says that withheld releases are approved."""
    withheld = " The releases that were withheld are approved." if approved else ""
    later = _AT_HOME if at_home else _later(HERE)
    return message(section(f":arrows_counterclockwise: *Sync started.*{withheld} {later}"))


def chosen_started(released: int, left_out: int, at_home: bool, in_message: bool) -> Message:
    """A sync with chosen releases has been handed over, said in the window in which they were confirmed.

    `in_message`: the message whose button opened the window tells the result.
    """
    approved = many(released, "release is approved", "releases are approved")
    rest = f", {many(left_out, 'person keeps', 'people keep')} their number" if left_out else ""
    later = "The message where you pressed will say what comes of it." if in_message else _later(DIRECTLY)
    if at_home:
        later = _AT_HOME
    return message(section(f":arrows_counterclockwise: *Sync started.* {approved}{rest}. {later}"))


def pressed_by(by: str) -> Message:
    """A button was pressed, and what it does has begun."""
    said = f":hourglass_flowing_sand: Approved by {person(by)}. This message will say what comes of it."
    return message(section(said))


def not_started(unsure: bool) -> Message:
    """A button was pressed that is gone, and what it does could not begin; `unsure`: it may have begun."""
    what = "It is not known whether anything was started." if unsure else "Nothing was started."
    return message(section(f":x: {what} Run `/ext-sync` for a new button."))


def pressed_already() -> Message:
    """A button was pressed a moment ago, by the same person or another."""
    said = "This button was pressed a moment ago. The message will say what comes of it."
    return message(
        section(f":information_source: {said}"), context("If it does not, press again in a minute.")
    )


def plan_started() -> Message:
    """A plan has been handed over."""
    return message(section(":mag: *Working out what a sync would do.* Nothing will be changed."))


def reserving(extension: str, where: str) -> Message:
    """A reservation has been handed over."""
    return message(section(f":lock: Reserving {bold(extension)}. {_later(where)}"))


def unreserving(extension: str, note: str, where: str) -> Message:
    """The end of a reservation has been handed over: of these numbers, or of those with this note."""
    what = bold(extension) if extension else f"the numbers of “{name(note)}”"
    return message(section(f":unlock: Putting {what} back into the pool. {_later(where)}"))


def moving(extension: str, where: str) -> Message:
    """A move has been handed over."""
    return message(section(f":arrow_right: Moving them to {bold(extension)} if it is free. {_later(where)}"))


def forgetting_members() -> Message:
    """The app was removed from Slack."""
    return message(section("Removing what is kept of the people of this workspace."))


def swapping(where: str) -> Message:
    """A swap has been handed over."""
    return message(section(f":left_right_arrow: Swapping their numbers. {_later(where)}"))


def freeing(extension: str, asked: bool, where: str) -> Message:
    """The end of a hold has been handed over; `asked` says that the requester agreed to it."""
    if not asked:
        later = f"I'll ask you {where}".rstrip(",")
        return message(section(f":mag: Looking whom {bold(extension)} is held for. {later}."))
    return message(section(f":unlock: Ending the hold of {bold(extension)}. {_later(where)}"))


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
    plan = is_plan(report.approved)
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


def person(by: str) -> str:
    """The one who started a run: a mention of somebody in Slack, or a word for a program."""
    if re.fullmatch(r"[UW][A-Z0-9]+", by):
        return f"<@{by}>"
    return "the schedule" if by == "schedule" else name(by)


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
    """The agents for whom there is no number, and what to do; None where there are none."""
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


def admin_done(changes: Sequence[Change], run_id: str) -> Message:
    """The result of an admin's change, with the button that takes it back."""
    said = " ".join(_all_done(changes))
    return message(section(f":white_check_mark: {said}"), actions(undo_button(run_id)))


def looking(where: str) -> Message:
    """The state of the installation was asked for."""
    return message(section(f":mag: Looking how things stand. {_later(where)}"))


def undoing(where: str) -> Message:
    """An undo has been handed over."""
    return message(section(f":leftwards_arrow_with_hook: Taking it back. {_later(where)}"))


def undone(changes: Sequence[Change], left: Sequence[str], run_id: str, first: HistoryEntry) -> Message:
    """The result of an undo: the changes, and a sentence for each thing that it could not do.

    `first` is the first line of what was taken back: somebody else may have done it a moment ago.
    """
    lines = _all_done(changes)
    done = listing(lines, most=1500, most_lines=30) if lines else "*Nothing could be taken back.*"
    if f"\n{MORE} " in done:
        done += f"\nAll of them: {code(f'/ext-admin history {run_id}')}"
    could_not = listing([f"• {escape(each)}" for each in left], most=_LEFT_LENGTH, most_lines=_MOST_LEFT)
    again = any(change.kind is ChangeKind.RETURNED for change in changes)
    return message(
        section(f":leftwards_arrow_with_hook: {done}"),
        context(f"This was done by {person(first.by)}, {when(first.at)}.") if changes else None,
        section(f"*Not taken back:* {many(len(left), 'change')}") if left else None,
        *sections(could_not.splitlines()),
        context("The next sync releases a number again, unless Amazon Connect lists its agent by then.")
        if again
        else None,
    )


def undone_already(by: str, at: str) -> Message:
    """A run that was taken back before."""
    said = f"*Nothing was changed.* {person(by)} took it back already, {when(at)}."
    earlier = "To undo an earlier change, give its run: `/ext-admin history` lists runs."
    return message(section(f":leftwards_arrow_with_hook: {said}"), context(earlier))


def _all_done(changes: Sequence[Change]) -> list[str]:
    """A sentence for each change, or one for several numbers that were reserved, or put back."""
    if len(changes) > 1 and all(
        each.kind in (ChangeKind.RESERVED, ChangeKind.UNRESERVED) for each in changes
    ):
        return [_done_at_once(changes)]
    return [line for each in changes if (line := _done(each))]


def _done_at_once(changes: Sequence[Change]) -> str:
    """Several numbers that were reserved, or put back."""
    written = cut(write_numbers(change.extension for change in changes), LIST_LENGTH)
    numbers = f"{many(len(changes), 'number')}: *{written}*"
    if changes[0].kind is ChangeKind.RESERVED:
        what = f"reserved, {escape(changes[0].reason)}"
    else:
        what = "back in the pool"
    return f"{numbers}. They are {what}."


def _done(change: Change) -> str:
    number = bold(change.extension)
    if change.kind is ChangeKind.FREED and isinstance(change.before, Held):
        return f"{number} is free; it was held until {day(change.before.until)}."
    match change.kind, change.after:
        case ChangeKind.RESERVED, _:
            return f"{number} is reserved: {escape(change.reason)}."
        case ChangeKind.UNRESERVED, _:
            return f"{number} is back in the pool."
        case ChangeKind.MOVED, Assigned() as after:
            return f"{bold(after.label)} is on {number} now."
        case ChangeKind.RETURNED, Assigned() as after:
            return f"{bold(after.label)} has {number} again."
        case ChangeKind.RELEASED | ChangeKind.HELD, Held(until=until):
            return f"{number} is held until {day(until)}."
        case ChangeKind.RELEASED, _:
            return f"{number} is free."
        case _:
            return ""
