"""Who is who in Slack: our own workspace, its admins, and which agent a member is."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.messages.button_values import AgentRef
from bot.slack.ttl_cache import TtlCache
from core.errors import Unavailable
from core.lookup import Member
from core.models import Assigned

if TYPE_CHECKING:
    from bot.app import Services

_log = logging.getLogger(__name__)

_OWN_SECONDS = float("inf")
_UNKNOWN_SECONDS = 30
_GROUP_SECONDS = 60
_PROFILE_SECONDS = 60
# How long a member counts as the agent that Connect said; a link is read at every question.
_MATCH_SECONDS = 600

# What users.info says of somebody who is not in the workspace.
_NOBODY = {"user_not_found", "user_not_visible", "users_not_found"}


@dataclass(frozen=True, slots=True)
class Own:
    """Our workspace and our bot in it, as auth.test tells."""

    team_id: str
    enterprise_id: str
    bot_user_id: str
    bot_id: str

    def admits(self, team_id: str | None, enterprise_id: str | None) -> bool:
        """Whether this is our workspace, or another one of our organisation."""
        return team_id in (None, self.team_id) or bool(
            self.enterprise_id and enterprise_id == self.enterprise_id
        )


class Workspace:
    """Asks Slack once who we are. While Slack doesn't say, nobody is refused, and nobody is an admin."""

    def __init__(self, client: WebClient, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._client = client
        self._own: TtlCache[str, Own] = TtlCache(_OWN_SECONDS, monotonic)
        self._failed: TtlCache[str, bool] = TtlCache(_UNKNOWN_SECONDS, monotonic)

    def own(self) -> Own | None:
        """Who we are; None while Slack doesn't say."""
        own = self._own.get("")
        if own or self._failed.get(""):
            return own
        try:
            return self._own.put("", _own(self._client.auth_test()))
        except (SlackApiError, OSError) as error:
            _log.warning("auth.test failed, so workspaces can't be told apart: %s", slack_code(error))
            self._failed.put("", True)
            return None


def _own(answer: Any) -> Own:
    names = ("team_id", "enterprise_id", "user_id", "bot_id")
    return Own(*(str(answer.get(name) or "") for name in names))


def slack_code(error: Exception) -> str:
    """Slack's short name of what went wrong, or else the kind of error. Safe to log."""
    if isinstance(error, SlackApiError):
        code = error.response.get("error") if isinstance(error.response.data, dict) else None
        return str(code or f"HTTP {error.response.status_code}")
    return type(error).__name__


class Admins:
    """Who may change things: ADMIN_USERS, and the members of ADMIN_USERGROUP."""

    def __init__(
        self,
        settings: Settings,
        client: WebClient,
        workspace: Workspace,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._client = client
        self._workspace = workspace
        self._group: TtlCache[str, frozenset[str]] = TtlCache(_GROUP_SECONDS, monotonic)

    def includes(self, member_id: str) -> bool:
        """Whether the member is an admin. Raises Unavailable when that can't be told now."""
        if not member_id:
            return False
        if self._workspace.own() is None:
            raise Unavailable("Slack does not say which workspace is ours, so I can't tell who is an admin.")
        return member_id in self._settings.admin_users or member_id in self._members()

    def _members(self) -> frozenset[str]:
        group = self._settings.admin_usergroup
        if not group:
            return frozenset()
        known = self._group.get(group)
        return known if known is not None else self._group.put(group, self._ask(group))

    def _ask(self, group: str) -> frozenset[str]:
        try:
            answer = self._client.usergroups_users_list(usergroup=group)
        except (SlackApiError, OSError) as error:
            raise Unavailable(
                f"Slack does not say who is in the admins' user group (ADMIN_USERGROUP): {slack_code(error)}."
            ) from error
        return frozenset(answer.get("users") or ())


@dataclass(frozen=True, slots=True)
class Known:
    """The agent that a member is, and whether that is by the member's own word."""

    entry: Assigned
    linked: bool


class Members:
    """Which agent a member of the workspace is: by the member's own link, or else by email."""

    def __init__(
        self, services: Services, client: WebClient, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._services = services
        self._client = client
        self._profiles: TtlCache[str, Member] = TtlCache(_PROFILE_SECONDS, monotonic)
        self._matched: TtlCache[str, str] = TtlCache(_MATCH_SECONDS, monotonic)

    def agent_of(self, member_id: str) -> Known | None:
        """The member's agent with the number of this moment. Never somebody who only has the same name."""
        linked = self._services.links.linked(member_id)
        if linked and (entry := self.current(AgentRef(linked, ""))):
            return Known(entry, linked=True)
        matched = self._matched.get(member_id)
        if matched and (entry := self.current(AgentRef(matched, ""))):
            return Known(entry, linked=False)
        entry = self._services.lookup.member(self._profile(member_id))
        if entry and entry.agent_id:
            self._matched.put(member_id, entry.agent_id)
        return Known(entry, linked=False) if entry else None

    def alike(self, member_id: str) -> list[Assigned]:
        """Agents whose name is like the member's, best first."""
        name = self._profile(member_id).name
        return [match.entry for match in self._services.lookup.people(name).matches] if name else []

    def current(self, person: AgentRef) -> Assigned | None:
        """What is true of the person at this moment, in one read where the cached number still holds."""
        services = self._services
        if not person.agent_id:
            state = services.lookup.number(person.extension).state
            return state if isinstance(state, Assigned) else None
        cached = next(
            (entry for entry in services.lookup.directory().entries if entry.agent_id == person.agent_id),
            None,
        )
        if cached:
            (state,) = services.reader.read_consistent([cached.extension]).states
            if isinstance(state, Assigned) and state.agent_id == person.agent_id:
                return state
        return services.reader.of_agent(person.agent_id)

    def _profile(self, member_id: str) -> Member:
        known = self._profiles.get(member_id)
        return known if known else self._profiles.put(member_id, self._ask(member_id))

    def _ask(self, member_id: str) -> Member:
        try:
            answer = self._client.users_info(user=member_id)
        except SlackApiError as error:
            if slack_code(error) in _NOBODY:
                return Member("", "")
            raise
        user = answer.get("user") or {}
        profile = user.get("profile") or {}
        return Member(
            str(profile.get("email") or ""), str(profile.get("real_name") or user.get("real_name") or "")
        )
