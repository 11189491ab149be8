"""Slack, looked at through its real client."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.config import Settings
from bot.doctor.findings import Finding, Verdict
from bot.doctor.slack_app import check_slack, judge_scopes, wanted_scopes
from core.aws.clients import aws_client
from core.aws.secrets import read_slack_secret
from core.ports import Incident
from tests.bot.doctor import REGION, Json, Service, verdicts
from tests.bot.fakes import AT, FakeIncidents

RIGHT, WRONG, UNKNOWN, NOTED = Verdict
CHANNEL = "C0SUMMARY"


@pytest.fixture(autouse=True)
def workspace(slack: Service) -> None:
    """A workspace in which everything is in order."""
    slack.say("/auth.test", {"ok": True, "team": "Acme"}, {"x-oauth-scopes": "chat:write,commands"})
    slack.say("/conversations.info", {"ok": True, "channel": {"id": CHANNEL, "is_member": True}})
    slack.say("/usergroups.users.list", {"ok": True, "users": ["U1", "U2"]})
    slack.say("/users.info", {"ok": True, "user": {"id": "U1"}})


def look(removed: str = "", **environ: str) -> dict[str, Finding]:
    given = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s", "SUMMARY_CHANNEL": CHANNEL}
    settings = Settings.from_env(dict(os.environ) | given | {"ADMIN_USERS": "U1"} | environ)
    incidents = FakeIncidents({Incident.UNINSTALLED: removed} if removed else {})
    return {finding.name: finding for finding in check_slack(settings, dict, incidents)}


def test_a_workspace_in_order_is_right() -> None:
    found = look()
    names = ("Token", "Summary channel", "Admins by id")
    assert [found[name].verdict for name in names] == [RIGHT] * 3


def test_what_was_only_counted_is_noted_and_not_called_right() -> None:
    assert look()["Signing secret"].verdict is NOTED
    assert look(SLACK_BOT_TOKEN="")["Admins"].verdict is NOTED


@pytest.mark.parametrize("user", [{"deleted": True}, {"is_bot": True}, None])
def test_an_admin_who_is_nobody_in_slack_is_wrong(slack: Service, user: Json | None) -> None:
    answer = {"ok": True, "user": user} if user else {"ok": False, "error": "user_not_found"}
    slack.say("/users.info", answer)
    found = look()["Admins by id"]
    assert (found.verdict, "U1" in found.says) == (WRONG, True)


def test_admins_that_slack_does_not_tell_of_can_not_be_told(slack: Service) -> None:
    slack.say("/users.info", {"ok": False, "error": "missing_scope"})
    assert look()["Admins by id"].verdict is UNKNOWN


def test_with_a_token_of_an_organization_the_group_is_looked_for_in_its_workspaces(slack: Service) -> None:
    slack.say("/auth.test", {"ok": True, "team": "Acme", "is_enterprise_install": True})
    slack.say("/auth.teams.list", {"ok": True, "teams": [{"id": "T1"}, {"id": "T2"}]})
    assert look(ADMIN_USERGROUP="S1")["Admins"].verdict is RIGHT
    slack.say("/usergroups.users.list", {"ok": False, "error": "no_such_subteam"})
    assert look(ADMIN_USERGROUP="S1")["Admins"].verdict is WRONG


def test_an_optional_scope_that_was_left_out_is_noted() -> None:
    wanted, optional = frozenset({"chat:write", "channels:read"}), frozenset({"channels:read"})
    found = judge_scopes(frozenset({"chat:write"}), wanted, optional)
    assert (found.verdict, "channels:read" in found.says) == (NOTED, True)
    assert judge_scopes(frozenset({"channels:read"}), wanted, optional).verdict is WRONG
    assert wanted_scopes(kind="bot_optional") < wanted_scopes()


def test_missing_secrets_are_wrong_and_admins_are_looked_at_all_the_same() -> None:
    found = verdicts(look(SLACK_BOT_TOKEN="", SLACK_SIGNING_SECRET="").values())
    assert found == {"Signing secret": WRONG, "Token": WRONG, "Admins": NOTED}


@pytest.mark.parametrize(
    ("code", "verdict"),
    [("invalid_auth", WRONG), ("token_revoked", WRONG), ("ratelimited", UNKNOWN), ("fatal_error", UNKNOWN)],
)
def test_a_token_that_slack_refuses(slack: Service, code: str, verdict: Verdict) -> None:
    slack.say("/auth.test", {"ok": False, "error": code})
    assert look()["Token"].verdict is verdict
    assert code in look()["Token"].says


def test_an_app_that_was_removed_is_said_until_a_token_works_again(slack: Service) -> None:
    assert look(removed=AT)["Token"].verdict is RIGHT
    slack.say("/auth.test", {"ok": False, "error": "account_inactive"})
    found = look(removed=AT)["Token"]
    assert (found.verdict, found.says) == (WRONG, f"The app was removed from Slack, at {AT}.")


def test_a_slack_out_of_reach_can_not_be_told() -> None:
    found = look(SLACK_API_URL="http://127.0.0.1:9/api/")
    assert found["Token"].verdict is UNKNOWN


def test_a_slack_that_answers_no_json_can_not_be_told(slack: Service) -> None:
    slack.answers["/auth.test"] = (502, {}, {"Content-Type": "text/html"})
    assert look()["Token"].verdict is UNKNOWN


def test_scopes_are_held_against_the_manifest() -> None:
    wanted = frozenset({"chat:write", "commands"})
    assert judge_scopes(wanted | {"users:read"}, wanted).verdict is RIGHT
    assert "lacks commands" in judge_scopes(frozenset({"chat:write"}), wanted).says
    assert judge_scopes(frozenset({"chat:write"}), wanted).verdict is WRONG


def test_scopes_can_not_be_told_without_the_header_or_without_a_manifest(slack: Service) -> None:
    slack.say("/auth.test", {"ok": True, "team": "Acme"})
    assert look()["Scopes"].verdict is UNKNOWN
    assert judge_scopes(frozenset({"chat:write"}), frozenset()).verdict is UNKNOWN


@pytest.mark.parametrize(
    "written",
    [
        "    bot:\n     # a\n     # b\n      - chat:write\n      - users:read.email # c\n      - commands\n",
        "    bot: [chat:write, users:read.email, commands]\n",
        '    bot:\n    - "chat:write"\n    - users:read.email\n    - commands\n',
    ],
)
def test_the_manifests_bot_scopes_are_read(written: str, tmp_path: Path) -> None:
    manifest = tmp_path / "slack-manifest.yml"
    user = "    user:\n      - search:read\n"
    manifest.write_text(f"oauth_config:\n  scopes:\n{written}{user}settings:\n  bot_events: []\n")
    assert wanted_scopes(manifest) == {"chat:write", "users:read.email", "commands"}


def test_no_summary_channel_is_a_choice() -> None:
    found = look(SUMMARY_CHANNEL="")["Summary channel"]
    assert (found.verdict, "no daily summary" in found.says) == (RIGHT, True)


@pytest.mark.parametrize(
    ("channel", "scopes", "verdict"),
    [
        ({"is_member": False}, "chat:write", WRONG),
        ({"is_member": False}, "chat:write,chat:write.public", RIGHT),
        ({"is_member": False, "is_private": True}, "chat:write.public", WRONG),
        ({"is_member": True, "is_archived": True}, "chat:write", WRONG),
    ],
)
def test_the_bot_has_to_be_able_to_post_in_the_summary_channel(
    slack: Service, channel: Json, scopes: str, verdict: Verdict
) -> None:
    slack.say("/auth.test", {"ok": True}, {"x-oauth-scopes": scopes})
    slack.say("/conversations.info", {"ok": True, "channel": channel})
    assert look()["Summary channel"].verdict is verdict


@pytest.mark.parametrize(
    ("code", "verdict"),
    [("channel_not_found", WRONG), ("missing_scope", UNKNOWN), ("internal_error", UNKNOWN)],
)
def test_a_summary_channel_that_slack_does_not_show(slack: Service, code: str, verdict: Verdict) -> None:
    slack.say("/conversations.info", {"ok": False, "error": code})
    assert look()["Summary channel"].verdict is verdict


def test_without_admins_nobody_can_sync_from_slack() -> None:
    found = look(ADMIN_USERS="")["Admins"]
    assert (found.verdict, "nobody can sync" in found.do) == (WRONG, True)


def test_the_user_group_of_the_admins_is_counted(slack: Service) -> None:
    assert look(ADMIN_USERS="", ADMIN_USERGROUP="S1")["Admins"].says == "2 in S1."
    slack.say("/usergroups.users.list", {"ok": True, "users": []})
    assert look(ADMIN_USERS="", ADMIN_USERGROUP="S1")["Admins"].verdict is WRONG
    assert look(ADMIN_USERGROUP="S1")["Admins"].verdict is RIGHT


@pytest.mark.parametrize(
    ("code", "verdict"),
    [("no_such_subteam", WRONG), ("missing_scope", WRONG), ("internal_error", UNKNOWN)],
)
def test_a_user_group_that_slack_does_not_show(slack: Service, code: str, verdict: Verdict) -> None:
    slack.say("/usergroups.users.list", {"ok": False, "error": code})
    assert look(ADMIN_USERGROUP="S1")["Admins"].verdict is verdict


def with_secret() -> Iterator[Finding]:
    """Looked at with nothing but the secret's id in the environment."""
    client = aws_client("secretsmanager", REGION, 2)
    settings = Settings.from_env(dict(os.environ) | {"SLACK_SECRET_ID": "slack"})
    return check_slack(settings, lambda: read_slack_secret(client, "slack"), FakeIncidents())


def keep_secret(text: str) -> None:
    aws_client("secretsmanager", REGION).create_secret(Name="slack", SecretString=text)


def test_the_secrets_are_read_from_secrets_manager(account: None) -> None:
    keep_secret(json.dumps({"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"}))
    found = verdicts(with_secret())
    assert (found["Token"], found["Signing secret"]) == (RIGHT, NOTED)


def test_a_secret_as_deployed_has_still_to_be_filled_in(account: None) -> None:
    keep_secret(json.dumps({"SLACK_BOT_TOKEN": "", "SLACK_SIGNING_SECRET": ""}))
    (token,) = [finding for finding in with_secret() if finding.name == "Token"]
    assert (token.verdict, "the secret slack" in token.do) == (WRONG, True)


def test_a_secret_that_is_not_there_or_no_json_is_wrong(account: None) -> None:
    assert verdicts(with_secret())["Secret"] is WRONG
    keep_secret("xoxb-1")
    assert verdicts(with_secret())["Secret"] is WRONG


def test_a_secret_that_may_not_be_read_can_not_be_told_nor_what_it_holds(denied: object) -> None:
    assert verdicts(with_secret()) == {"Secret": UNKNOWN, "Admins": WRONG}
