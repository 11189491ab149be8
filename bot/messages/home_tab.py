"""The App Home: my number, the finder, the directory, the pool; for admins also the sync."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.messages.blocks import Block, Message, actions, bold, button, context, header, section, when
from bot.messages.directory_answers import directory_button
from bot.messages.lookup_results import dialling, find_me, not_me
from bot.messages.sync_report import pool_use, withheld
from core.models import Assigned, Report

FIND, NOTICES, SYNC_NOW = "find", "notices", "sync_now"


@dataclass(frozen=True, slots=True)
class Home:
    """The Home tab's content: the reader's `own` number, and the `last` report, None before the first.

    `notices` says whether the reader wants direct messages that they did not ask for.
    """

    own: Assigned | None
    linked: bool
    notices: bool
    last: Report | None
    admin: bool


def home(shown: Home) -> dict[str, Any]:
    """The Home tab."""
    blocks = [
        *_own(shown),
        actions(find_button(), directory_button()),
        {"type": "divider"},
        header("How things stand"),
        _standing(shown.last),
        *(_for_admins(shown.last) if shown.admin else ()),
    ]
    return {"type": "home", "blocks": [block for block in blocks if block is not None]}


def _own(shown: Home) -> list[Block | None]:
    own = shown.own
    if own is None:
        said = (
            ":bust_in_silhouette: *I don't know your number.* `/ext me` says why. You can also find yourself:"
        )
        return [header("Your number"), section(said), actions(find_me())]
    said = f":telephone_receiver: {bold(own.extension)}, {bold(own.label)}"
    return [
        header("Your number"),
        section(said),
        context(dialling(own)),
        actions(not_me() if shown.linked else None, _notices_button(shown.notices)),
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
    pool = f": {pool_use(last.pool)}" if last.pool else ""
    return section(f"After the last sync, {when(last.started)}{pool}.")


def _for_admins(last: Report | None) -> list[Block | None]:
    waiting = withheld(last.withheld, last.withheld_because, last.approval) if last else []
    sync = button("Sync now", SYNC_NOW, label="Make the numbers follow the Connect user list now")
    calm = None if waiting else context("Nothing waits for approval.")
    return [{"type": "divider"}, header("For admins"), *waiting, calm, actions(sync)]


def home_trouble(message: Message) -> dict[str, Any]:
    """The Home tab when its content can't be read."""
    return {"type": "home", "blocks": [*message.blocks]}
