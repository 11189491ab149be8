"""`python -m bot COMMAND`: what each prints, and a sentence where it can't be done."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bot.__main__ import main
from sandbox.aws.account import Account, SlackSide, open_account
from sandbox.aws.sample_people import people
from sandbox.loopback import Loopback, Reply, Request

COMMANDS = (
    ["sync"],
    ["sync", "--dry-run"],
    ["find", "jane"],
    ["find", "0042"],
    ["stats"],
    ["export"],
    ["socket"],
)
OFFLINE = "http://127.0.0.1:9"
SOUND = {
    "CONNECT_INSTANCE_ID": "i-1",
    "EXTENSIONS_TABLE": "t",
    "EXPORT_BUCKET": "b",
    "AWS_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "key",
    "AWS_SECRET_ACCESS_KEY": "secret",
    "AWS_ENDPOINT_URL": OFFLINE,
    "SLACK_BOT_TOKEN": "xoxb-test",
    "SLACK_APP_TOKEN": "xapp-test",
    "SLACK_API_URL": OFFLINE,
    "HOME": "/nonexistent",
    "AWS_EC2_METADATA_DISABLED": "true",
}
FAULTS = [
    ({"CONNECT_INSTANCE_ID": "", "SLACK_APP_TOKEN": ""}, "CONNECT_INSTANCE_ID"),
    ({"AWS_REGION": ""}, "AWS_REGION"),
    ({"AWS_PROFILE": "nobodys"}, "AWS_PROFILE"),
    ({"AWS_CONFIG_FILE": __file__}, "AWS_CONFIG_FILE"),
    ({"AWS_ENDPOINT_URL": "nonsense"}, "nonsense"),
    (
        {"AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""},
        "credentials",
    ),
    ({}, "reached"),
]


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment with sound settings, on which no service answers."""
    for name in [*os.environ]:
        if name.startswith(("AWS_", "SLACK_", "CONNECT_", "EXT", "EXPORT_")):
            monkeypatch.delenv(name)
    for name, value in SOUND.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize(("settings", "says"), FAULTS, ids=lambda value: str(value)[:20])
def test_every_command_says_in_a_sentence_what_is_wrong(
    environ: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    settings: dict[str, str],
    says: str,
) -> None:
    for name, value in settings.items():
        environ.setenv(name, value) if value else environ.delenv(name)
    assert main(command) == 2
    printed = capsys.readouterr().err
    assert "Traceback" not in printed
    if command != ["socket"] or "CONNECT_INSTANCE_ID" in settings:
        assert says in printed


@pytest.mark.parametrize("command", [*COMMANDS, ["doctor"]], ids=" ".join)
def test_every_command_names_all_that_is_wrong_at_once(
    environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    wrong = {"AWS_REGION": "", "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "EXPORT_BUCKET": ""}
    for name, value in {**wrong, "SLACK_APP_TOKEN": "x", "HOLD_DAYS": "soon"}.items():
        environ.setenv(name, value)
    assert main(command) in (1, 2)
    printed = "".join(capsys.readouterr())
    faults = ("AWS Region", "AWS credentials", "EXPORT_BUCKET", "SLACK_APP_TOKEN", "HOLD_DAYS")
    assert [fault for fault in faults if fault not in printed] == []


def test_a_command_that_is_stopped_leaves_no_traceback(
    environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    environ.setattr("bot.cli.installation", stopped)
    assert main(["stats"]) == 130
    assert capsys.readouterr().err == ""


def test_socket_names_everything_that_is_missing_at_once(
    environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("EXPORT_BUCKET", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"):
        environ.delenv(name)
    assert main(["socket"]) == 2
    said = capsys.readouterr().err
    assert all(name in said for name in ("EXPORT_BUCKET", "SLACK_APP_TOKEN", "SLACK_BOT_TOKEN"))


def test_an_app_token_that_slack_does_not_know_is_a_sentence(
    environ: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(request: Request) -> Reply:
        return Reply(200, json.dumps({"ok": False, "error": "invalid_auth"}))

    with Loopback(refuse) as web:
        environ.setenv("SLACK_API_URL", f"{web.url}/api/")
        assert main(["socket"]) == 2
    printed = capsys.readouterr()
    assert "invalid_auth. Check SLACK_APP_TOKEN" in printed.err
    assert "Listening" not in printed.out


@pytest.fixture
def account() -> Iterator[Account]:
    side = SlackSide("", "xoxb-test", "secret", "UADMIN")
    with open_account(people(5), {}, side, lambda name, error: None) as opened:
        os.environ["EXTENSION_RANGE"] = "7000-7009"
        yield opened


def test_sync_find_and_export_do_and_say_it(account: Account, capsys: pytest.CaptureFixture[str]) -> None:
    person = account.connect.people[0]
    assert main(["sync", "--dry-run"]) == 0
    assert "This is a plan." in capsys.readouterr().out
    assert main(["sync"]) == 0
    assert "5 assigned" in capsys.readouterr().out
    assert main(["find", person.first_name, person.last_name]) == 0
    number = capsys.readouterr().out[:4]
    assert main(["find", number]) == 0
    assert person.username in capsys.readouterr().out
    assert main(["find", "7009"]) == 1
    assert "7009  free" in capsys.readouterr().out
    assert main(["find", "zzyzx"]) == 1
    assert "Nobody like 'zzyzx'" in capsys.readouterr().err
    assert main(["export"]) == 0
    assert "5 agents written to" in capsys.readouterr().out


def test_a_dry_run_that_would_withhold_releases_has_an_exit_code_of_its_own(
    account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAX_RELEASE_COUNT", "0")
    monkeypatch.setenv("MAX_RELEASE_PERCENT", "0")
    assert main(["sync"]) == 0
    account.connect.leave(account.connect.people[0].id)
    assert main(["sync", "--dry-run"]) == 3
    assert "1 release is withheld." in capsys.readouterr().out
    assert main(["sync"]) == 0


def test_stats_prints_the_pool_the_last_days_and_the_forecast(
    account: Account, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sync"]) == 0
    capsys.readouterr()
    assert main(["stats"]) == 0
    said = capsys.readouterr().out
    assert re.search(r"^ *assigned +5 ", said, re.MULTILINE)
    assert "The last 30 days" in said


def test_mcp_speaks_the_tools_over_stdio(
    account: Account, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["sync"]) == 0
    capsys.readouterr()
    me, other = account.connect.people[:2]
    calls = [
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"id": 1, "method": "tools/call", "params": {"name": "my_extension"}},
        {
            "id": 2,
            "method": "tools/call",
            "params": {"name": "find_extension", "arguments": {"query": other.username}},
        },
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{json.dumps(call)}\n" for call in calls)))
    assert main(["mcp", "--me", me.username]) == 0
    mine, found = map(json.loads, capsys.readouterr().out.splitlines())
    assert f", {me.name}." in mine["result"]["content"][0]["text"]
    assert other.name in found["result"]["content"][0]["text"]


def test_a_reader_that_leaves_ends_a_command_without_a_traceback() -> None:
    nobody, pipe = os.pipe()
    os.close(nobody)
    command = [sys.executable, "-m", "bot", "doctor"]
    ended = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, text=True, check=False)
    os.close(pipe)
    assert (ended.returncode, ended.stderr) == (141, "")


def test_a_pipe_that_lacks_letters_gets_question_marks() -> None:
    environ = os.environ | {"PYTHONIOENCODING": "ascii", "TIMEZONE": "Zürich"}
    command = [sys.executable, "-m", "bot", "doctor"]
    ended = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert "TIMEZONE: 'Z?rich' is not a time zone." in ended.stdout
    assert ended.stderr == ""
