"""slack-manifest.yml and the listeners: nothing registered is missing from it, nothing in it is unhandled."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from bot.app import ROUTES

TEXT = (Path(__file__).parents[2] / "slack-manifest.yml").read_text(encoding="utf-8")
MANIFEST: dict[str, Any] = yaml.safe_load(TEXT)
FEATURES, SETTINGS = MANIFEST["features"], MANIFEST["settings"]
SCOPES = MANIFEST["oauth_config"]["scopes"]["bot"]

# What Slack's reference asks for: an event or a method of the Web API, and its bot scope.
NEEDED = {
    "app_mention": "app_mentions:read",
    "message.im": "im:history",
    "chat.postMessage": "chat:write",
    "users.info": "users:read",
    "users.info, with the email": "users:read.email",
    "usergroups.list, usergroups.users.list": "usergroups:read",
    "conversations.info, by the doctor": "channels:read",
    "slash commands and shortcuts": "commands",
}


def registered(kind: str) -> set[str]:
    return {route.name for route in ROUTES if route.kind == kind and route.name is not None}


def test_the_slash_commands_are_those_that_are_handled() -> None:
    assert {command["command"] for command in FEATURES["slash_commands"]} == registered("command")


def test_a_mention_in_a_command_arrives_as_a_user_id() -> None:
    assert all(command["should_escape"] is True for command in FEATURES["slash_commands"])


def test_the_shortcuts_are_those_that_are_handled() -> None:
    found = {shortcut["callback_id"] for shortcut in FEATURES["shortcuts"]}
    assert found == registered("shortcut")


def test_there_is_a_global_shortcut_and_one_on_messages() -> None:
    assert [shortcut["type"] for shortcut in FEATURES["shortcuts"]] == ["global", "message"]


def test_the_events_are_those_that_are_handled() -> None:
    events = SETTINGS["event_subscriptions"]["bot_events"]
    assert {event.partition(".")[0] for event in events} == registered("event")
    assert len(events) == len(set(events))


def test_the_home_tab_and_direct_messages_are_switched_on() -> None:
    home = FEATURES["app_home"]
    assert home["home_tab_enabled"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]


def test_every_scope_is_needed_and_none_is_missing() -> None:
    assert sorted(SCOPES) == sorted(NEEDED.values())


def test_each_scope_has_its_reason() -> None:
    lines = (Path(__file__).parents[2] / "slack-manifest.yml").read_text().splitlines()
    scopes = [line for line in lines if line.strip().startswith("- ") and line.split()[1] in SCOPES]
    scopes = scopes[: -len(MANIFEST["oauth_config"]["scopes"]["bot_optional"])]
    assert len(scopes) == len(SCOPES)
    assert all(len(line.partition("# ")[2]) > 20 for line in scopes)


def test_what_is_only_comfort_may_be_left_out() -> None:
    optional = MANIFEST["oauth_config"]["scopes"]["bot_optional"]
    assert optional == ["users:read.email", "channels:read", "usergroups:read"]
    assert set(optional) <= set(SCOPES)


def test_everything_is_sent_to_the_one_address() -> None:
    interactivity = SETTINGS["interactivity"]
    urls = {command["url"] for command in FEATURES["slash_commands"]}
    urls |= {SETTINGS["event_subscriptions"]["request_url"], interactivity["request_url"]}
    urls.add(interactivity["message_menu_options_url"])
    assert interactivity["is_enabled"]
    assert urls == {"https://YOUR-API/slack/events"}


def test_slack_takes_its_texts() -> None:
    """The lengths that Slack takes when the manifest is pasted."""
    display = MANIFEST["display_information"]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert len(FEATURES["bot_user"]["display_name"]) <= 80
    for command in FEATURES["slash_commands"]:
        assert len(command["command"]) <= 32
        assert len(command["description"]) <= 100
        assert len(command["usage_hint"]) <= 1000
    for shortcut in FEATURES["shortcuts"]:
        assert len(shortcut["name"]) <= 24
        assert len(shortcut["description"]) <= 150


def test_the_marked_lines_add_the_agent_view_and_slackbot_and_nothing_else() -> None:
    whole = yaml.safe_load(TEXT.replace("#agent ", "").replace("#slackbot ", ""))
    agent = whole["features"].pop("agent_view")
    assert whole.pop("mcp_servers") == {
        "extensions": {"url": "https://YOUR-API/slack/mcp", "auth_type": "slack_identity_auth"}
    }
    whole["oauth_config"]["scopes"]["bot"].remove("mcp:connect")
    assert whole == MANIFEST
    # Slack's limits: 300 characters, and up to four prompts.
    assert len(agent["agent_description"]) <= 300
    assert len(agent["suggested_prompts"]) == 4
    assert all(prompt.keys() == {"title", "message"} for prompt in agent["suggested_prompts"])
