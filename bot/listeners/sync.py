"""`/ext-sync`, its Approve button and the Home tab's Sync button. Admins only, by middleware."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.jobs import Job, Task, started
from bot.messages.help import sync_help
from bot.services import Services
from bot.slack.deduplication import job_name
from bot.slack.payload import nearest, text_at, written
from bot.slack.replies import private, said_by_url, show_if_possible
from core.errors import Refused

_TASKS = {"": Task.SYNC, "now": Task.SYNC, "plan": Task.PLAN, "dry-run": Task.PLAN, "--dry-run": Task.PLAN}


def ext_sync(ack: Ack, command: dict[str, Any], request: BoltRequest, services: Services) -> BoltResponse:
    """Hand a sync or a plan to the sync function, and say so at once; it tells the result itself."""
    typed = written(text_at(command, "text")).text
    task = _TASKS.get(typed.lower())
    if task is None:
        unknown = "" if typed.lower() == "help" else typed
        return ack(private(sync_help(unknown, nearest(unknown, ("plan", "help")))))
    job = Job(
        task,
        id=job_name(request),
        by=text_at(command, "user_id"),
        response_url=text_at(command, "response_url"),
    )
    return hand_over(ack, job, services)


def hand_over(ack: Ack, job: Job, services: Services) -> BoltResponse:
    """Hand a command's job to the sync function, and say so.

    Slack has the words before the job begins, so that no result overtakes them; where it does not take them,
    they are the acknowledgement.
    """
    told = said_by_url(job.response_url, started(job))
    services.start_once(job)
    return ack() if told else ack(private(started(job)))


def approve(
    ack: Ack,
    body: dict[str, Any],
    action: dict[str, Any],
    client: WebClient,
    request: BoltRequest,
    services: Services,
) -> None:
    """Sync with these withheld releases approved: exactly these, or the sync withholds again."""
    approval = text_at(action, "value")
    if not approval or len(approval) > 64 or not approval.isalnum():
        raise Refused("This button is from an older version of me. Run /ext-sync again, please.")
    _start(body, client, request, services, approval)
    ack()


def sync_now(
    ack: Ack, body: dict[str, Any], client: WebClient, request: BoltRequest, services: Services
) -> None:
    """The Home tab's button."""
    _start(body, client, request, services)
    ack()


def _start(
    body: dict[str, Any], client: WebClient, request: BoltRequest, services: Services, approved: str = ""
) -> None:
    """Start a sync; said in a window, since a `response_url` has few uses and the result needs them."""
    job = Job(
        id=job_name(request),
        by=text_at(body, "user", "id"),
        response_url=text_at(body, "response_url"),
        approved=approved,
    )
    show_if_possible(body, client, started(job))
    services.start_once(job)
