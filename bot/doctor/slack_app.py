"""Checks of the Slack app: its secrets, the token's scopes, the summary's channel, and the admins."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.config import Settings
from bot.doctor.findings import Finding, noted, right, unknown, wrong
from bot.doctor.threads import told
from core.aws.inspect import is_missing
from core.errors import Unavailable
from core.ports import Incident, Incidents

if TYPE_CHECKING:
    from slack_sdk import WebClient

ReadSecret = Callable[[], dict[str, str]]

MANIFEST = Path(__file__).parents[2] / "slack-manifest.yml"
_SECONDS = 2
_NOBODY = "Set ADMIN_USERGROUP or ADMIN_USERS: nobody can sync or change numbers from Slack."
_BY_ID = "Admins by id"
_NAME_OTHERS = "Take them out of ADMIN_USERS: their ids may be somebody's in another workspace."
_MOST_ASKED = 10
_NEW_TOKEN = "Put the bot token of the installed app in place: its page, OAuth & Permissions."
_INSTALL = "Install the app again and put its new token in place, or remove the rest: docs/operations.md."
_REINSTALL = "Bring the app in line with slack-manifest.yml, install it again, and use the token it then has."
_DEAD_TOKENS = {
    "account_inactive",
    "invalid_auth",
    "not_authed",
    "not_allowed_token_type",
    "token_expired",
    "token_revoked",
}


class _SlackSays(Exception):
    """When Slack answers with an error; the message is its code, "" where nothing answered."""


def check_slack(settings: Settings, read_secret: ReadSecret, incidents: Incidents) -> Iterator[Finding]:
    """Check all of it, or only what needs no token where none works."""
    secret: dict[str, str] | None
    try:
        secret = read_secret()
    except Unavailable as error:
        yield _no_secret(error)
        secret = None
    signing = settings.slack_signing_secret or (secret or {}).get("SLACK_SIGNING_SECRET", "")
    token = settings.slack_bot_token or (secret or {}).get("SLACK_BOT_TOKEN", "")
    # What a secret that can't be read would hold is not missing.
    if signing or secret is not None:
        yield judge_signing_secret(signing)
    if token:
        yield from _with_token(_web(settings, token), settings, incidents)
        return
    if secret is not None:
        yield wrong("Token", "There is no bot token.", _say_token(settings))
    yield judge_admins(settings)


def _no_secret(error: Unavailable) -> Finding:
    if is_missing(error) or isinstance(error.__cause__, ValueError):
        return wrong("Secret", str(error), "Set SLACK_SECRET_ID to the secret that the stack made.")
    return unknown("Secret", str(error), "Allow secretsmanager:GetSecretValue for who runs the doctor.")


def _say_token(settings: Settings) -> str:
    where = f"the secret {settings.slack_secret_id}" if settings.slack_secret_id else "SLACK_BOT_TOKEN"
    return f"{_NEW_TOKEN} It belongs in {where}."


def judge_signing_secret(signing: str) -> Finding:
    """Judge that there is one; only a request from Slack shows whether it is the right one."""
    if signing:
        return noted("Signing secret", "There is one. Only a request from Slack shows whether it is right.")
    do = "Put the app's signing secret in place: its page, Basic Information."
    return wrong("Signing secret", "There is none: every request from Slack is turned away.", do)


def _web(settings: Settings, token: str) -> WebClient:
    from slack_sdk import WebClient

    base = settings.slack_api_url or WebClient.BASE_URL
    return WebClient(token, base_url=base, timeout=_SECONDS, retry_handlers=[])


def _with_token(web: WebClient, settings: Settings, incidents: Incidents) -> Iterator[Finding]:
    try:
        answer, headers = _call(web.auth_test)
    except _SlackSays as error:
        code = str(error)
        yield told("Token", lambda: judge_token(code, incidents.since(Incident.UNINSTALLED)))
        yield judge_admins(settings)
        return
    yield right("Token", f"Slack knows it, in the workspace {answer.get('team', '?')}.")
    granted = _listed(headers)
    yield judge_scopes(granted, wanted_scopes(), wanted_scopes(kind="bot_optional"))
    yield _channel(web, settings.summary_channel, granted or frozenset())
    if settings.admin_users:
        yield _named_admins(web, settings)
    if settings.admin_usergroup or not settings.admin_users:
        yield _group_of_admins(web, settings, answer)


def _call(method: Callable[..., Any], **fields: str) -> tuple[dict[str, Any], Mapping[str, str]]:
    """Call Slack; return its answer and headers. Raises _SlackSays."""
    from slack_sdk.errors import SlackApiError, SlackClientError

    try:
        answer = method(**fields)
    except SlackApiError as error:
        code = error.response.get("error", "") if hasattr(error.response, "get") else ""
        raise _SlackSays(str(code)) from error
    except (OSError, SlackClientError) as error:
        raise _SlackSays from error
    return dict(answer.data), dict(answer.headers)


def judge_token(code: str, removed: str = "") -> Finding:
    """Judge the error code that Slack refused the token with. `removed` is when the app was, "" if never."""
    if code in _DEAD_TOKENS and removed:
        return wrong("Token", f"The app was removed from Slack, at {removed}.", _INSTALL)
    if code in _DEAD_TOKENS:
        return wrong("Token", f"Slack refuses it: {code}.", _NEW_TOKEN)
    return unknown("Token", _silence(code), "Run the doctor again in a minute.")


def _silence(code: str) -> str:
    return f"Slack answers {code}." if code else "Slack does not answer."


def _listed(headers: Mapping[str, str]) -> frozenset[str] | None:
    """The scopes that Slack says the token has; None where it says nothing."""
    said = next((value for name, value in headers.items() if name.lower() == "x-oauth-scopes"), None)
    return None if said is None else frozenset(said.replace(",", " ").split())


def wanted_scopes(manifest: Path = MANIFEST, kind: str = "bot") -> frozenset[str]:
    """The scopes of a kind in the manifest, which is the one place that lists them; none without a manifest.

    Reads `bot:` or `bot_optional:` with its list below it or in brackets, all the YAML that this takes.
    """
    text = manifest.read_text(encoding="utf-8") if manifest.exists() else ""
    found = re.search(rf"^\s*{kind}:\s*(\[[^]]*\]|(?:(?:\s*#.*)*\s+- .*)+)", text, re.MULTILINE)
    listed = re.sub(r"#.*", "", found[1]) if found else ""
    return frozenset(re.findall(r"[a-z_]+(?::[a-z_.]+)*", listed))


def judge_scopes(
    granted: frozenset[str] | None, wanted: frozenset[str], optional: frozenset[str] = frozenset()
) -> Finding:
    """Judge the token's scopes against those of the manifest, of which the optional ones may be left out."""
    if granted is None:
        return unknown("Scopes", "Slack does not say what the token may do.")
    if not wanted:
        return unknown("Scopes", "There is no slack-manifest.yml here to compare with.", "Run it in a clone.")
    if missing := sorted(wanted - optional - granted):
        return wrong("Scopes", f"The token lacks {', '.join(missing)}.", _REINSTALL)
    if left_out := sorted(wanted - granted):
        says = f"All that are needed. Left out: {', '.join(left_out)}; slack-manifest.yml says what for."
        return noted("Scopes", says)
    return right("Scopes", f"All {len(wanted)} of slack-manifest.yml.")


def _channel(web: WebClient, channel: str, granted: frozenset[str]) -> Finding:
    if not channel:
        return right("Summary channel", "SUMMARY_CHANNEL is not set, so no daily summary is posted.")
    try:
        answer, _ = _call(web.conversations_info, channel=channel)
    except _SlackSays as error:
        return refused_channel(channel, str(error))
    return judge_channel(channel, answer.get("channel", {}), granted)


def refused_channel(channel: str, code: str) -> Finding:
    """Judge the error code that Slack answered when asked for the channel."""
    name = "Summary channel"
    if code == "channel_not_found":
        says = f"{channel} does not exist, or is private and the bot is not in it."
        return wrong(name, says, "Invite the bot to the channel, or set SUMMARY_CHANNEL to another's id.")
    if code == "missing_scope":
        why = "The token may not look at channels (channels:read, groups:read)."
        return unknown(name, why, f"See in Slack that the bot is a member of {channel}.")
    return unknown(name, _silence(code), f"See in Slack that the bot is a member of {channel}.")


def judge_channel(channel: str, said: Mapping[str, Any], granted: frozenset[str]) -> Finding:
    """Judge whether the bot may post in the channel."""
    name = "Summary channel"
    if said.get("is_archived"):
        return wrong(name, f"{channel} is archived.", "Set SUMMARY_CHANNEL to a channel in use.")
    if said.get("is_member"):
        return right(name, f"{channel}, and the bot is in it.")
    if "chat:write.public" in granted and not said.get("is_private"):
        return right(name, f"{channel}, which is public: the bot may post without being in it.")
    return wrong(name, f"The bot is not in {channel}.", "Invite it there: /invite and the bot's name.")


def _named_admins(web: WebClient, settings: Settings) -> Finding:
    """Ask Slack for those of ADMIN_USERS, one by one, and judge whether they are people of the workspace."""
    odd = []
    for user in sorted(settings.admin_users)[:_MOST_ASKED]:
        try:
            found = _call(web.users_info, user=user)[0].get("user") or {}
        except _SlackSays as error:
            if str(error) not in ("user_not_found", "user_not_visible", "users_not_found"):
                return unknown(_BY_ID, _silence(str(error)), "Run the doctor again in a minute.")
            found = {"deleted": True}
        odd += [user] if found.get("deleted") or found.get("is_bot") else []
    if odd:
        return wrong(_BY_ID, f"No people of this workspace: {', '.join(odd)} (ADMIN_USERS).", _NAME_OTHERS)
    more = len(settings.admin_users) - _MOST_ASKED
    beyond = f" {more:,} more were not asked for." if more > 0 else ""
    return right(_BY_ID, f"{min(len(settings.admin_users), _MOST_ASKED)} known to Slack.{beyond}")


def _group_of_admins(web: WebClient, settings: Settings, own: Mapping[str, Any]) -> Finding:
    group = settings.admin_usergroup
    if not group:
        return judge_admins(settings)
    try:
        answer = _asked_of_a_team(web, group, own)
    except _SlackSays as error:
        return refused_group(group, str(error))
    return judge_group(group, len(answer.get("users", [])), settings)


def _asked_of_a_team(web: WebClient, group: str, own: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a group; with the token of an organization, in the first workspace that has the group.

    Raises _SlackSays.
    """
    if not own.get("is_enterprise_install"):
        return _call(web.usergroups_users_list, usergroup=group)[0]
    teams = _call(web.auth_teams_list)[0].get("teams", [])
    refusal = _SlackSays("no_such_subteam")
    for team in teams[:_MOST_ASKED]:
        try:
            return _call(web.usergroups_users_list, usergroup=group, team_id=str(team.get("id")))[0]
        except _SlackSays as error:
            refusal = error
    raise refusal


def judge_admins(settings: Settings) -> Finding:
    """Judge the admins by the settings alone."""
    if settings.admin_users or settings.admin_usergroup:
        named = (*sorted(settings.admin_users), settings.admin_usergroup)
        return noted("Admins", f"Set, and not asked of Slack: {', '.join(filter(None, named))}.")
    return wrong("Admins", "There are none.", _NOBODY)


def refused_group(group: str, code: str) -> Finding:
    """Judge the error code that Slack answered when asked for the user group."""
    if code in ("no_such_subteam", "subteam_not_found"):
        do = "Set ADMIN_USERGROUP to the id of a user group, or set ADMIN_USERS."
        return wrong("Admins", f"There is no user group {group} (ADMIN_USERGROUP).", do)
    if code == "missing_scope":
        return wrong("Admins", "The token may not read user groups (usergroups:read).", _REINSTALL)
    return unknown("Admins", _silence(code), "Run the doctor again in a minute.")


def judge_group(group: str, members: int, settings: Settings) -> Finding:
    """Judge the admins by the count of the user group and of ADMIN_USERS."""
    named = len(settings.admin_users)
    if members + named == 0:
        return wrong("Admins", f"The user group {group} (ADMIN_USERGROUP) is empty.", _NOBODY)
    return right("Admins", f"{members} in {group}.")
