"""The window in which an admin chooses which waiting releases are made. Middleware admits admins only."""

from __future__ import annotations

from msgspec.structs import replace
from slack_bolt import Ack, BoltResponse

from bot.jobs import HOME, MESSAGE, Job
from bot.listeners.sync import approval_of, pressed, pressed_just_now, start_in_place
from bot.messages.begun import chosen_started, pressed_already
from bot.messages.button_values import MOST_CHOSEN, Choice, write_bits
from bot.messages.finder_window import window
from bot.messages.leaver_choice import (
    ALL,
    NONE,
    PAGE,
    choosing,
    confirming,
    nobody_chosen,
    not_kept,
    too_many,
)
from bot.services import Services
from bot.slack.payload import at
from bot.slack.press import Press
from core.numbering.orders import Approve


def open_choice(ack: Ack, press: Press, services: Services) -> None:
    """The button that shows everybody who waits; the message in which it stands is kept for the result."""
    approval = approval_of(press)
    job = pressed(Approve(approval), press)
    part = services.records.withheld(approval, 0, PAGE)
    if not 0 < part.total <= MOST_CHOSEN:
        press.tell(too_many(part.total, MOST_CHOSEN) if part.total else not_kept())
    else:
        if job.pressed:
            services.records.keep_message(job.id, job.pressed)
        choice = Choice(approval, part.total, url=job.response_url, kept=job.id if job.pressed else "")
        press.open(choosing(choice, part))
    ack()


def turn(ack: Ack, press: Press, services: Services) -> None:
    """Next, Previous, Tick all and Untick all."""
    choice, wanted = _choice(press), press.value
    choice = replace(choice, turns=choice.turns + 1)
    if wanted in (ALL, NONE):
        choice = replace(choice, left_out=frozenset() if wanted == ALL else frozenset(range(choice.total)))
    elif wanted.isdecimal():
        choice = replace(choice, page=min(int(wanted), (choice.total - 1) // PAGE))
    part = services.records.withheld(choice.approval, choice.page * PAGE, PAGE)
    shown = choosing(choice, part) if part.entries else window("Extensions", not_kept())
    press.update(shown)
    ack()


def _choice(press: Press) -> Choice:
    """The choice with the boxes of the page as they are now."""
    choice = Choice.read(press.meta)
    boxes = [box for row in (at(press.view, "state", "values") or {}).values() for box in row.values()]
    options = [option for box in boxes for option in box.get("selected_options") or ()]
    first = choice.page * PAGE
    shown = range(first, min(first + PAGE, choice.total))
    return choice.ticked(shown, (int(option["value"]) for option in options))


def chosen(ack: Ack, press: Press) -> BoltResponse:
    """Continue: ask once more, with the count."""
    choice = _choice(press)
    asked = confirming(choice) if choice.count else window("Extensions", nobody_chosen())
    return ack(response_action="update", view=asked)


def confirmed(ack: Ack, press: Press, services: Services) -> BoltResponse:
    """Approve: sync with exactly the chosen releases."""
    choice = Choice.read(press.meta)
    job = Job(
        Approve(choice.approval, write_bits(choice.left_out) if choice.left_out else ""),
        id=press.job_id,
        by=press.by,
        response_url=choice.url,
        place=MESSAGE if choice.url else HOME,
        pressed=services.records.message(choice.kept) if choice.kept else "",
    )
    if pressed_just_now(services, choice.approval):
        return ack(response_action="update", view=window("Extensions", pressed_already()))
    in_message = start_in_place(job, services)
    said = chosen_started(choice.count, len(choice.left_out), job.place == HOME, in_message)
    return ack(response_action="update", view=window("Extensions", said))
