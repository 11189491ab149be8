"""Checks that every request passes: signed by Slack, and from our own workspace."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, cast

from msgspec import DecodeError, Struct, field
from msgspec.json import decode, encode
from msgspec.structs import replace
from slack_bolt import Ack, BoltContext, BoltRequest, BoltResponse
from slack_bolt.middleware import RequestVerification
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.messages.help import another_workspace
from bot.slack.clients import quiet_logger, slack_code
from bot.slack.payload import text_at
from bot.slack.ttl_cache import TtlCache
from core.errors import BadSettings, Unavailable
from core.ports import Incidents

_log = logging.getLogger(__name__)

# Seconds have ten digits until the year 2286; Python refuses to read endless numbers by raising.
_LONGEST_TIMESTAMP = 12
_OWN_SECONDS = float("inf")
_UNKNOWN_SECONDS = 30
_COLLEAGUE_SECONDS = 600


class Unparsed(Struct, frozen=True):
    """The part of a request that the signature covers: nobody has parsed the body. Header names are lower."""

    raw_body: str
    headers: Mapping[str, Sequence[str]]
    mode: str = "http"
    body: Mapping[str, Any] = field(default_factory=dict)
    path: str = ""


def may_be_signed(headers: Mapping[str, Sequence[str]]) -> bool:
    """Whether there are a time and a signature that can be checked, going by their form alone."""
    timestamp, signature = (
        (headers.get(f"x-slack-{name}") or [""])[0] for name in ("request-timestamp", "signature")
    )
    readable = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _LONGEST_TIMESTAMP
    return readable and signature.startswith("v0=") and signature.isascii()


def unsigned() -> BoltResponse:
    """The answer to a request that Slack did not sign a moment ago."""
    _log.warning("A request was refused: its signature is missing, wrong or old.")
    return BoltResponse(status=401, body={"error": "The signature is missing, wrong or old."})


class SlackSignature(RequestVerification):
    """Bolt's check of the signature, before Bolt parses the body. Bolt's own log line holds the body."""

    def __init__(self, signing_secret: str) -> None:
        if not signing_secret.strip():
            raise BadSettings(
                "SLACK_SIGNING_SECRET is not set: the signing secret of the Slack app, from its page."
            )
        super().__init__(signing_secret, base_logger=quiet_logger())

    def check(self, request: Unparsed, dispatch: Callable[[], BoltResponse]) -> BoltResponse:
        """Have a signed request dispatched; answer any other 401."""
        return self.process(req=cast("BoltRequest", request), resp=BoltResponse(status=404), next=dispatch)

    def _debug_log_error(self, signature: str, timestamp: str, body: str) -> None:
        """Log nothing: `unsigned` does."""

    @staticmethod
    def _build_error_response() -> BoltResponse:
        return unsigned()


class Own(Struct, frozen=True):
    """Our workspace and our bot in it, as auth.test tells; `org_wide` if the app serves an organization.

    `token` is a digest of the token that asked: another one may be of another workspace.
    """

    team_id: str
    enterprise_id: str
    bot_user_id: str
    bot_id: str
    org_wide: bool = False
    token: str = ""

    def admits(self, *ids: str | None) -> bool:
        """Whether one of these ids is our workspace's, or our organisation's."""
        return any(each in (self.team_id, self.enterprise_id) for each in ids if each)


class Workspace:
    """Asks Slack once who we are, and keeps it in the table for new containers to which Slack doesn't say.

    Where neither tells, the payload does, and nobody is an admin.
    """

    def __init__(
        self, client: WebClient, incidents: Incidents, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._incidents = incidents
        self._token = hashlib.sha256((client.token or "").encode()).hexdigest()[:16]
        self._own: TtlCache[str, Own] = TtlCache(_OWN_SECONDS, monotonic)
        self._asked: TtlCache[str, bool] = TtlCache(_UNKNOWN_SECONDS, monotonic)
        self._recalled: Own | None = None
        self._keeping: Thread | None = None
        self._colleagues: TtlCache[str, bool] = TtlCache(_COLLEAGUE_SECONDS, monotonic)

    def own(self) -> Own | None:
        """Our workspace and bot; None while neither Slack nor the table says it."""
        own = self._own.get("")
        if own or self._asked.get(""):
            return own or self._recalled
        try:
            own = replace(_own(self._client.auth_test()), token=self._token)
        except (SlackApiError, OSError) as error:
            _log.warning("auth.test failed, so the workspace is as kept: %s", slack_code(error))
            self._recalled = self._recalled or self._recall()
            self._asked.put("", True)
            return self._recalled
        # Beside the answer, which would wait for it in every new container.
        self._keeping = Thread(target=self._keep, args=(own,), name="keep-workspace", daemon=True)
        self._keeping.start()
        return self._own.put("", own)

    def settle(self) -> None:
        """Wait until what was learnt is kept: no snapshot of the process may be taken in the middle of it."""
        if self._keeping:
            self._keeping.join()

    def _keep(self, own: Own) -> None:
        with suppress(Unavailable):
            self._incidents.keep_workspace(encode(own).decode())

    def _recall(self) -> Own | None:
        """Read what was kept by the token of now; None where there is nothing of it."""
        try:
            kept = decode(self._incidents.workspace() or "null", type=Own | None)
        except (Unavailable, DecodeError):
            return None
        return kept if kept and kept.token == self._token else None

    def is_colleague(self, member_id: str) -> bool:
        """Whether a member of another workspace belongs to our organisation, as users.info tells."""
        own = self.own()
        if own is None or not own.enterprise_id or not member_id:
            return False
        known = self._colleagues.get(member_id)
        if known is not None:
            return known
        user = self._client.users_info(user=member_id).get("user")
        return self._colleagues.put(member_id, own.admits(text_at(user, "enterprise_user", "enterprise_id")))


def _own(answer: Any) -> Own:
    team, enterprise, user, bot = (
        str(answer.get(name) or "") for name in ("team_id", "enterprise_id", "user_id", "bot_id")
    )
    return Own(team, enterprise, user, bot, bool(answer.get("is_enterprise_install")))


def our_workspace(
    body: dict[str, Any], context: BoltContext, ack: Ack, workspace: Workspace, next_: Callable[[], Any]
) -> BoltResponse | None:
    """Middleware: refuses requests of another workspace, and passes over its people in a shared channel."""
    if body.get("type") == "app_rate_limited":
        _log.warning("Slack holds events of this app back: there are too many of them.")
        return ack()
    own = workspace.own()
    nameless = "command" in body and not text_at(body, "team_id")
    installed = own is None or own.admits(context.team_id, context.enterprise_id) or not context.team_id
    if nameless or not installed:
        _log.warning("A request of another workspace was refused.")
        text = another_workspace().text
        return BoltResponse(status=403, body={"text": text}, headers={"x-slack-no-retry": "1"})
    if not _is_one_of_us(own or _as_said(body, context), body, context, workspace):
        return ack()
    next_()
    return None


def _as_said(body: dict[str, Any], context: BoltContext) -> Own:
    """Our workspace as the payload names it, for as long as auth.test does not answer.

    Bolt takes the presser's own workspace where a payload names none.
    """
    if "user" in body:
        return Own(text_at(body, "team", "id"), text_at(body, "enterprise", "id"), "", "")
    return Own(context.team_id or "", context.enterprise_id or "", "", "")


def _is_one_of_us(own: Own, body: dict[str, Any], context: BoltContext, workspace: Workspace) -> bool:
    """Whether the person who acts is of our workspace or organisation.

    The person's own ids decide. Those beside them are the app's, and ours wherever the person is from.
    """
    if "command" in body:
        ids = (text_at(body, "team_id"), text_at(body, "enterprise_id"))
    elif "event" in body:
        # An organisation's id stands here for the people of its workspaces.
        ids = (text_at(body, "event", "user_team") or text_at(body, "event", "team"), "")
    else:
        ids = (text_at(body, "user", "team_id"), text_at(body, "user", "enterprise_id"))
    if not any(ids):
        return not body.get("is_ext_shared_channel")
    return own.admits(*ids) or workspace.is_colleague(context.user_id or "")
