"""The Slack app: every listener, in one list, behind the checks that all requests pass."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from slack_bolt import Ack, App, BoltContext, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.listeners import (
    admin,
    buttons,
    finder,
    forwards,
    home,
    leavers,
    lookup,
    number_requests,
    sync,
    uninstalled,
)
from bot.messages import admin_answers as admin_words
from bot.messages import admin_form as form_words
from bot.messages import answer_pages as page_words
from bot.messages import directory_answers as directory_words
from bot.messages import finder_window as finder_words
from bot.messages import forward_text as forward_words
from bot.messages import help as help_words
from bot.messages import home_tab as home_words
from bot.messages import leaver_choice as leaver_words
from bot.messages import lookup_results as people_words
from bot.messages import request_text as request_words
from bot.messages import share_window as share_words
from bot.messages import sync_report as sync_words
from bot.services import Services
from bot.slack import replies
from bot.slack.admins import Admins
from bot.slack.answers import Answers
from bot.slack.clients import quiet_logger, web_client
from bot.slack.deduplication import job_name
from bot.slack.errors import on_error
from bot.slack.members import Members
from bot.slack.newcomers import Newcomers
from bot.slack.press import Press
from bot.slack.statuses import Statuses
from bot.slack.typeahead import Typeahead
from bot.slack.verification import Workspace, our_workspace
from core.asking.answering import Answering
from core.errors import BadSettings

if TYPE_CHECKING:
    from bot.mcp import Tools

FIND_SHORTCUT, AUTHOR_SHORTCUT = "find_extension", "find_author"


class Route(Struct, frozen=True):
    """One kind of request and its listener. `kind` is the name of Bolt's method that registers it.

    A `name` of None takes the requests that no earlier route of the kind took.
    """

    kind: str
    name: str | None
    listener: Callable[..., Any]
    admin: bool = False


ROUTES = (
    Route("command", "/ext", lookup.ext),
    Route("command", "/ext-sync", sync.ext_sync, admin=True),
    Route("command", "/ext-admin", admin.ext_admin, admin=True),
    Route("command", None, lookup.other_command),
    Route("event", "app_mention", lookup.mentioned),
    Route("event", "message", lookup.messaged),
    Route("event", "app_home_opened", home.opened),
    Route("event", "app_uninstalled", uninstalled.removed),
    Route("event", "tokens_revoked", uninstalled.revoked),
    Route("event", None, buttons.acknowledge),
    Route("shortcut", FIND_SHORTCUT, finder.open_finder),
    Route("shortcut", AUTHOR_SHORTCUT, finder.author),
    Route("shortcut", None, buttons.outdated_button),
    Route("options", finder_words.PICK, finder.suggest),
    Route("action", finder_words.PICK, finder.picked),
    Route("action", home_words.FIND, finder.open_finder),
    Route("action", people_words.FIND_ME, finder.open_finder_of_myself),
    Route("action", people_words.NEXT, buttons.turn),
    Route("action", people_words.PREVIOUS, buttons.turn),
    Route("action", people_words.SHARE, buttons.share),
    Route("action", people_words.MENU, buttons.chosen),
    Route("action", people_words.LINK, buttons.link),
    Route("action", people_words.UNLINK, buttons.unlink),
    Route("action", people_words.FORWARD, forwards.open_form),
    Route("action", people_words.TAKE_BACK, forwards.take_back),
    Route("action", help_words.MORE, buttons.more_help),
    Route("action", directory_words.DIRECTORY, buttons.open_directory),
    Route("action", directory_words.OPEN_DIRECTORY, buttons.acknowledge),
    Route("action", sync_words.APPROVE, sync.approve, admin=True),
    Route("action", sync_words.APPLY, sync.approve, admin=True),
    Route("action", leaver_words.CHOOSE, leavers.open_choice, admin=True),
    *(
        Route("action", f"{leaver_words.TURN}_{way}", leavers.turn, admin=True)
        for way in ("previous", "next", "all", "none")
    ),
    Route("action", admin_words.ORDER, admin.pressed, admin=True),
    *(
        Route("action", name, admin.asked, admin=True)
        for name in (page_words.ASKED, page_words.PREVIOUS, page_words.NEXT)
    ),
    Route("action", request_words.ASK, number_requests.ask),
    Route("action", request_words.APPROVE, number_requests.approve, admin=True),
    Route("action", request_words.DECLINE, number_requests.decline, admin=True),
    Route("action", home_words.NOTICES, home.set_notices),
    Route("action", home_words.SYNC_NOW, sync.sync_now, admin=True),
    Route("action", None, buttons.outdated_button),
    Route("view_submission", finder_words.FINDER, finder.submitted),
    Route("view_submission", forward_words.FORWARDED, forwards.submitted),
    Route("view_submission", share_words.SHARE_IN, buttons.share_where_picked),
    Route("view_submission", leaver_words.CHOICE, leavers.chosen, admin=True),
    Route("view_submission", leaver_words.CONFIRMED, leavers.confirmed, admin=True),
    Route("view_submission", form_words.FORM, admin.submitted, admin=True),
    Route("view_submission", request_words.DECLINED, number_requests.declined, admin=True),
    Route("view_submission", None, buttons.acknowledge),
    Route("view_closed", None, buttons.acknowledge),
)


def make_app(services: Services, token: str, workspace: Workspace | None = None) -> App:
    """The app, ready for requests whose signature was checked. Calls nobody before the first one.

    Raises BadSettings.
    """
    if not token:
        raise BadSettings("SLACK_BOT_TOKEN is not set: the token of the Slack app's bot, xoxb-...")
    client = web_client(token, services.settings.slack_api_url)
    workspace = workspace or Workspace(client, services.incidents)
    app = App(
        name="extensions-in-slack",  # not the name of our log, whose level Bolt would set
        logger=quiet_logger(),
        client=client,
        authorize=_authorize(workspace, token),
        process_before_response=True,
        request_verification_enabled=False,  # SlackSignature does it, before Bolt parses the body
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.error(on_error)
    app.use(_lend(services, client, workspace))
    app.use(our_workspace)
    for route in ROUTES:
        _register(app, route)
    return app


def _authorize(workspace: Workspace, token: str) -> Callable[..., AuthorizeResult]:
    def authorize(team_id: str | None, enterprise_id: str | None, user_id: str | None) -> AuthorizeResult:
        """Always ours: `our_workspace` refuses the others. Bolt has to know its own messages."""
        own = workspace.own()
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_token=token,
            bot_user_id=own.bot_user_id if own else None,
            bot_id=own.bot_id if own else None,
            user_id=user_id,
        )

    return authorize


def make_tools(services: Services, token: str, workspace: Workspace) -> Tools:
    """The tools for Slackbot, which answer as the listeners do. Calls nobody before the first question."""
    from bot.mcp import Tools, by_slack

    lent, _ = _lent(services, web_client(token, services.settings.slack_api_url), workspace)
    return Tools(by_slack(workspace, lent["members"]), lent["answers"])


def _lend(services: Services, client: WebClient, workspace: Workspace) -> Callable[..., None]:
    """Middleware: put services into Bolt's context, so that listeners get them by parameter name."""
    lent, admins = _lent(services, client, workspace)

    def lend(
        body: dict[str, Any], request: BoltRequest, context: BoltContext, next_: Callable[[], Any]
    ) -> None:
        press = Press.of(body, context.client, job_name(request))
        context.update(lent | {"admins": admins.of_team(context.team_id or ""), "press": press})
        next_()

    return lend


def _lent(services: Services, client: WebClient, workspace: Workspace) -> tuple[dict[str, Any], Admins]:
    """The services by parameter name, and the admins, whom the team of a request decides."""
    members = Members(services.lookup, services.reader, services.connect, services.links, client)
    admins = Admins(services.settings, client, workspace)
    answers = answers_of(services, members)
    lent: dict[str, Any] = {
        "services": services,
        "workspace": workspace,
        "members": members,
        "answering": answers.answering,
        "answers": answers,
        "typeahead": Typeahead(services.lookup),
    }
    return lent, admins


def answers_of(services: Services, members: Members) -> Answers:
    """The answers to what members ask."""
    newcomers = Newcomers(services.connect, services.reader)
    return Answers(
        Answering(
            services.lookup, members, newcomers.of, services.clock, services.settings.guests_see_directory
        ),
        Statuses(services.connect),
        services.exports,
        members,
        services.settings,
        services.catch_up,
        services.clock,
    )


def only_admins(
    body: dict[str, Any],
    press: Press,
    ack: Ack,
    admins: Admins,
    services: Services,
    next_: Callable[[], Any],
) -> BoltResponse | None:
    """Listener middleware: stops every request of a person who is no admin."""
    if admins.includes(press.by):
        next_()
        return None
    refusal = help_words.admins_only(services.settings.admin_users, services.settings.admin_usergroup)
    if "command" in body:
        return ack(replies.private(refusal))
    press.tell(refusal)
    return ack()


def _register(app: App, route: Route) -> None:
    name = re.compile("") if route.name is None else route.name
    register = getattr(app, route.kind)
    register(name, middleware=[only_admins] if route.admin else [])(route.listener)
