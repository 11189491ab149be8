"""The App Home."""

from __future__ import annotations

from typing import Any

from slack_bolt import Ack, BoltResponse
from slack_sdk import WebClient

from bot.messages.blocks import Message
from bot.messages.help import ask_admins
from bot.messages.home_tab import Home, home
from bot.services import Services
from bot.slack.admins import Admins
from bot.slack.deadline import check_deadline
from bot.slack.members import Members
from bot.slack.payload import text_at
from bot.slack.press import Press
from core.errors import ExtensionsError


def opened(
    event: dict[str, Any], client: WebClient, services: Services, members: Members, admins: Admins
) -> BoltResponse:
    """Show the Home tab as of now."""
    user = text_at(event, "user")
    if user and text_at(event, "tab") in ("home", ""):
        publish(user, client, services, members, admins)
    return BoltResponse(status=200)


def set_notices(ack: Ack, press: Press, services: Services, members: Members, admins: Admins) -> None:
    """The button that turns notices off or on."""
    check_deadline()
    services.links.set_notices(press.by, press.value == "on")
    publish(press.by, press.client, services, members, admins)
    ack()


def publish(
    user: str,
    client: WebClient,
    services: Services,
    members: Members,
    admins: Admins,
    said: Message | None = None,
) -> None:
    """Put the Home tab of a member up, as of now; `said` is the news of a run that the member started."""
    known, admin = members.agent_of(user), _is_admin(admins, user)
    shown = Home(
        own=known.entry if known else None,
        examples=services.lookup.examples(),
        ask=ask_admins(services.settings.admin_users, services.settings.admin_usergroup),
        linked=known.linked if known else False,
        notices=services.links.wants_notices(user),
        last=services.reader.last_report(),
        admin=admin,
        failure=services.records.last_failure() if admin else None,
        said=said,
    )
    client.views_publish(user_id=user, view=home(shown))


def _is_admin(admins: Admins, user: str) -> bool:
    """Whether to show the admins' part; the buttons in it are checked again when pressed."""
    try:
        return admins.includes(user)
    except ExtensionsError:
        return False
