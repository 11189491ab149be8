"""The App Home: my number, the finder, the directory, the pool; for admins also the sync."""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from bot.messages import sync_report as words
from bot.messages.blocks import (
    Block,
    Message,
    actions,
    bold,
    button,
    code,
    context,
    escape,
    header,
    is_iso,
    person,
    section,
    when,
)
from bot.messages.directory_answers import directory_button
from bot.messages.lookup_results import dialling, find_me, forwarded, not_me, own_forward
from core.asking.lookup import Examples
from core.models import Assigned, Failure, Report

FIND, NOTICES, SYNC_NOW = "find", "notices", "sync_now"


class Home(Struct, frozen=True):
    """The Home tab's content: the reader's `own` number, and the `last` report, None before the first.

    `examples` are for hints, and `ask` names the admins, "" for none.
    `notices` says whether the reader wants direct messages that they did not ask for, and `said` is news of
    what they started. Admins also see the last `failure` of a run.
    """

    own: Assigned | None
    examples: Examples
    ask: str
    linked: bool
    notices: bool
    last: Report | None
    admin: bool
    failure: Failure | None = None
    said: Message | None = None


def home(shown: Home) -> dict[str, Any]:
    """The Home tab."""
    blocks = [
        section(_about(shown)),
        *_own(shown),
        *(shown.said.blocks if shown.said and not shown.admin else ()),
        actions(find_button(), directory_button()),
        {"type": "divider"},
        header("How things stand"),
        _standing(shown.last),
        *(_for_admins(shown) if shown.admin else ()),
    ]
    return {"type": "home", "blocks": [block for block in blocks if block is not None]}


def _about(shown: Home) -> str:
    """Two lines: the questions that can be asked, and where there is help."""
    example = code(f"/ext {shown.examples.name}")
    people = f" Something is wrong or missing? {shown.ask}" if shown.ask else ""
    return (
        f"I know everybody's extension. Type {example} anywhere, or ask me under *Messages*.\n"
        f"`/ext help` shows the rest.{people}"
    )


def _own(shown: Home) -> list[Block | None]:
    own = shown.own
    if own is None:
        said = (
            ":bust_in_silhouette: *I don't know your number.* `/ext me` says why. You can also find yourself:"
        )
        return [header("Your number"), section(said), actions(find_me())]
    said = f":telephone_receiver: {code(own.extension)}, {bold(own.label)}{forwarded(own)}"
    return [
        header("Your number"),
        section(said),
        context(dialling(own)),
        actions(
            not_me() if shown.linked else None,
            own_forward(own, shown.linked),
            _notices_button(shown.notices),
        ),
    ]


def _notices_button(wanted: bool) -> Block:
    text = "Turn notices off" if wanted else "Turn notices on"
    label = f"{text}: direct messages about your number and missed calls"
    return button(text, NOTICES, "off" if wanted else "on", label=label)


def find_button() -> Block:
    """The button that opens the finder."""
    return button("Find somebody", FIND, label="Find somebody's extension", style="primary")


def _standing(last: Report | None) -> Block:
    if last is None:
        return section("No sync has finished yet. It gives every agent a number.")
    pool = f": {words.pool_use(last.pool)}" if last.pool else ""
    return section(f"After the last sync, {when(last.started)}{pool}.")


def _for_admins(shown: Home) -> list[Block | None]:
    last, said = shown.last, shown.said
    wait = words.waiting(last) if last else []
    sync = button("Sync now", SYNC_NOW, label="Make the numbers follow the Connect user list now")
    return [
        {"type": "divider"},
        header("For admins"),
        *(said.blocks if said else ()),
        *_failure(shown),
        *(_last_run(last) if last else ()),
        *wait,
        None if wait else context("Nothing waits for approval."),
        actions(sync),
    ]


def _failure(shown: Home) -> list[Block]:
    """The failure of a run that no sync has followed."""
    failure = shown.failure
    if failure is None or (shown.last and shown.last.started > failure.at):
        return []
    at = f", {when(failure.at)}" if is_iso(failure.at) else ""
    by = person(failure.by)
    said = f":x: *The last sync failed*{at}, started by {by}. {escape(failure.reason)}"
    return [section(said), context(f"Reference: {escape(failure.run_id)}")]


def _last_run(last: Report) -> list[Block | None]:
    """The result of the last sync, with its changes."""
    said = f"*Last sync*, started by {person(last.by)}: {words.counted(last)}"
    lists = words.groups(last.changes, last.counts)
    return [
        section(said),
        *lists,
        words.where_all_are(last, lists),
        words.left_over(last),
        words.warnings(last.warnings),
    ]


def home_trouble(message: Message) -> dict[str, Any]:
    """The Home tab when its content can't be read."""
    return {"type": "home", "blocks": [*message.blocks]}
