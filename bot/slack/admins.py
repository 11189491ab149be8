"""The people in Slack who may change things."""

from __future__ import annotations

import time
from collections.abc import Callable
from copy import copy

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.slack.clients import missing_scope, slack_code
from bot.slack.ttl_cache import TtlCache
from bot.slack.verification import Workspace
from core.errors import Unavailable

_GROUP_SECONDS = 60


class Admins:
    """The members named by ADMIN_USERS, and those of the user group ADMIN_USERGROUP."""

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
        self._team = ""
        self._group: TtlCache[str, frozenset[str]] = TtlCache(_GROUP_SECONDS, monotonic)

    def of_team(self, team_id: str) -> Admins:
        """The same admins, asked for by a member of this workspace of an organization."""
        admins = copy(self)
        admins._team = team_id
        return admins

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
        key = f"{group} {self._team}"
        known = self._group.get(key)
        return known if known is not None else self._group.put(key, self._ask(group))

    def _ask(self, group: str) -> frozenset[str]:
        try:
            # An org-wide token needs the workspace, any other passes it over.
            answer = self._client.usergroups_users_list(usergroup=group, team_id=self._team or None)
        except (SlackApiError, OSError) as error:
            own = self._workspace.own()
            if own and own.org_wide and slack_code(error) == "no_such_subteam":
                # The group is another workspace's: nobody is an admin by it here.
                return frozenset()
            why = missing_scope(error) or f"{slack_code(error)}."
            raise Unavailable(
                f"Slack does not say who is in the admins' user group (ADMIN_USERGROUP): {why}"
            ) from error
        return frozenset(answer.get("users") or ())
