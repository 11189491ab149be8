"""`/ext-sync`, its Approve button and the Home tab's Sync button. Admins only, by middleware."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot.jobs import HOME, MESSAGE, Job, started
from bot.messages.begun import DIRECTLY, not_started, pressed_already
from bot.messages.button_values import outdated
from bot.messages.finder_window import window
from bot.messages.help import refused, sync_help
from bot.messages.pressed import Pressed
from bot.messages.sync_report import APPLY
from bot.services import Services
from bot.slack.deadline import TooLate, check_deadline
from bot.slack.members import Members
from bot.slack.payload import nearest, text_at, written
from bot.slack.press import Press
from bot.slack.replies import private, said_by_url
from core.errors import ExtensionsError, Unsure
from core.numbering.orders import Apply, Approve, Order, PlanSync, StartSync, UndoSync
from core.ports import Claim
from core.work import Work

# A button that was pressed is not pressed again before most syncs are over.
_PRESSED_SECONDS = 60

_ORDERS: Mapping[str, Order] = {
    "": StartSync(),
    "now": StartSync(),
    "plan": PlanSync(),
    "dry-run": PlanSync(),
    "--dry-run": PlanSync(),
    "undo": UndoSync(),
}


def ext_sync(
    ack: Ack, press: Press, command: dict[str, Any], services: Services, members: Members
) -> BoltResponse:
    """Hand a sync or a plan to the sync function, and say so at once; it tells the result itself."""
    said = written(text_at(command, "text"), group_name=members.group_name)
    # No sync is of a person or a group: these are unknown words too.
    typed = f"{said.text} @…".lstrip() if said.mentions or said.nameless else said.text
    order = _ORDERS.get(typed.lower())
    if order is None:
        unknown = "" if typed.lower() == "help" else typed
        return ack(private(sync_help(unknown, nearest(unknown, ("plan", "undo", "help")))))
    return hand_over(ack, Job(order, press.by, press.url, id=press.job_id), services)


def hand_over(ack: Ack, job: Job, services: Services, in_form: bool = False) -> BoltResponse:
    """Hand a command's job to the sync function, and say so.

    Slack has the words before the job begins, so that no result overtakes them; where it does not take them,
    they are the acknowledgement. A form then closes, unless it stood so long that they have no other place.
    """
    check_deadline()
    told = said_by_url(job.response_url, started(job))
    try:
        services.start_once(job)
    except TooLate as error:  # nobody reads the acknowledgement any more
        said_by_url(job.response_url, refused(str(error)))
        raise
    if told:
        return ack()
    if in_form:
        return ack(response_action="update", view=window("Extensions", started(job, DIRECTLY)))
    return ack(private(started(job)))


def approve(ack: Ack, press: Press, services: Services) -> None:
    """Sync with these releases, or this plan, approved: exactly these, or nothing comes of the approval."""
    approval = approval_of(press)
    order = Apply(approval) if press.action == APPLY else Approve(approval)
    job = pressed(order, press)
    if pressed_just_now(services, approval):
        press.tell(pressed_already())
    else:
        _start(job, press, services)
    ack()


def approval_of(press: Press) -> str:
    """The approval that a button is for. Raises Refused."""
    approval = press.value
    if not approval or len(approval) > 64 or not approval.isalnum():
        raise outdated("button", "Run /ext-sync")
    return approval


def pressed_just_now(services: Services, approval: str) -> bool:
    """Whether somebody pressed the same a moment ago; later on, history tells the sync who it was."""
    try:
        return services.claims.claim(_press(approval), _PRESSED_SECONDS) is not Claim.ACQUIRED
    except ExtensionsError:
        return False


def _press(approval: str) -> str:
    return Work.PRESS.named(approval)


def sync_now(ack: Ack, press: Press, services: Services) -> None:
    """The Home tab's button."""
    _start(pressed(StartSync(), press), press, services)
    ack()


def pressed(order: Order, press: Press) -> Job:
    """The job of a button: by whom it was pressed, and where it stands."""
    url, blocks = press.url, press.message.get("blocks")
    message = Pressed.of(blocks, press.block) if isinstance(blocks, list) else None
    shown = message.write() if url and message else ""
    return Job(order, press.by, url, MESSAGE if url else HOME, shown, press.job_id)


def _start(job: Job, press: Press, services: Services) -> None:
    """Start a sync, and say so where the button stands; where that can't be said, in a window.

    A window can be opened once for a press, and the reason why nothing was started needs it too.
    """
    if not start_in_place(job, services):
        press.show_if_possible(started(job))


def start_in_place(job: Job, services: Services) -> bool:
    """Start a sync, and say so in the message whose button was pressed; whether that was said.

    Slack has the words before the job begins, so that no result overtakes them. Where the job can't be
    started, the message gets its button back, which can be pressed at once; or in a minute, where it may have
    started. Raises Unavailable then.
    """
    check_deadline()
    message = Pressed.read(job.pressed) if job.pressed else None
    said = message.saying(started(job)) if message else started(job)
    told = said_by_url(job.response_url, said, instead=True)
    try:
        services.start_once(job)
    except Exception as error:
        unsure = isinstance(error, Unsure)
        if told:
            put_back = message.unchanged() if message else not_started(unsure)
            said_by_url(job.response_url, put_back, instead=True)
        if isinstance(job.order, Approve | Apply) and not unsure:
            with suppress(ExtensionsError):
                services.claims.drop(_press(job.order.approved))
        raise
    return told
