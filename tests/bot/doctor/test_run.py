"""The whole command: everything put together, printed, and its exit code."""

from __future__ import annotations

import io
import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from boto3 import Session

from bot import call_lambda
from bot.doctor import run
from bot.doctor.findings import Finding, Section, Verdict, right, unknown, wrong
from bot.doctor.show import plain, print_sections
from bot.doctor.slack_app import wanted_scopes
from bot.doctor.threads import examine
from core.aws.reports import dump_report
from core.models import Report, iso
from sandbox.aws.lambda_stand_in import LambdaStandIn
from tests.bot.doctor import (
    CALL,
    PEOPLE,
    Service,
    close_bucket,
    make_bucket,
    make_table,
    protect_table,
    put_rows,
    put_states,
)
from tests.bot.doctor.test_call_path import deployed

TITLES = ["Settings", "Table", "Bucket", "Numbers", "Sync", "Slack", "Connect", "Calls"]


@pytest.fixture
def installation(
    account: None, connect: Service, slack: Service, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    """An installation in which everything is in order."""
    make_table()
    protect_table()
    put_states(PEOPLE)
    report = Report("run-1", "schedule", iso(datetime.now(UTC)), 100)
    put_rows({"pk": "sync", "sk": "last", "sk_value": "run-1", **dump_report(report)})
    make_bucket()
    close_bucket()
    deployed(connect)
    connect.say("/users-summary/11111111-2222", {"UserSummaryList": []})
    connect.say("/search-users", {"ApproximateTotalCount": 1})
    connect.say("/metrics/userdata/11111111-2222", {"UserDataList": []})
    slack.say("/users.info", {"ok": True, "user": {"id": "U1"}})
    slack.say("/auth.test", {"ok": True, "team": "Acme"}, {"x-oauth-scopes": ",".join(wanted_scopes())})
    given = {
        "SLACK_BOT_TOKEN": "xoxb-secret-token",
        "SLACK_SIGNING_SECRET": "signing-secret",
        "ADMIN_USERS": "U1",
        "SYNC_FUNCTION": "connect-extensions-dev-sync",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    functions = LambdaStandIn({CALL: call_lambda.handler}, lambda _, error: None)
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", functions.url)
    functions.start()
    yield
    functions.stop()


def checked(capsys: pytest.CaptureFixture[str]) -> tuple[int, Any]:
    code = run(as_json_text=True)
    return code, json.loads(capsys.readouterr().out)


def test_an_installation_in_order_is_right_in_everything(
    installation: None, capsys: pytest.CaptureFixture[str]
) -> None:
    code, found = checked(capsys)
    assert [each["name"] for each in found["findings"] if each["verdict"] != "right"] == ["Signing secret"]
    assert (code, found["verdict"]) == (0, "right")
    assert [*dict.fromkeys(each["section"] for each in found["findings"])] == TITLES


def test_one_fault_makes_the_exit_code_1_and_is_named(
    installation: None, capsys: pytest.CaptureFixture[str]
) -> None:
    put_rows({"pk": "7000", "sk": "nu", "sk_value": "7000"})
    code, found = checked(capsys)
    assert (code, found["verdict"], found["wrong"]) == (1, "wrong", 1)
    (fault,) = [each for each in found["findings"] if each["verdict"] == "wrong"]
    assert (fault["section"], fault["says"]) == (
        "Numbers",
        "1 extension in two states: 7000 (assigned and free).",
    )


def test_neither_secrets_nor_emails_are_printed(
    installation: None, connect: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    says = "arn:aws:sts::123456789012:assumed-role/Admin/jane.doe@example.com may not"
    denied = {"x-amzn-ErrorType": "AccessDeniedException"}
    connect.answers["/lambda-functions"] = (403, {"Message": says}, denied)
    run(as_json_text=False)
    printed = capsys.readouterr().out
    assert "assumed-role/Admin/(an email) may not" in printed
    assert not any(word in printed for word in ("xoxb-secret", "signing-secret", "@"))


def test_nothing_is_written(
    installation: None, moto_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    session = Session()
    session.events.register("before-call", lambda **call: asked.append(call["model"].name))
    monkeypatch.setattr("core.aws.clients.Session", lambda: session)
    run(as_json_text=True)
    reading = ("BatchGet", "Describe", "Get", "List", "Head", "Scan", "Search", "Invoke")
    assert len(asked) > 10
    assert [name for name in asked if not name.startswith(reading)] == []


def test_faults_of_the_settings_come_all_at_once_and_before_everything_else(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("EXPORT_BUCKET")
    monkeypatch.setenv("HOLD_DAYS", "soon")
    code, found = checked(capsys)
    faults = [each["says"] for each in found["findings"] if each["verdict"] == "wrong"]
    assert (code, len(faults), found["unknown"]) == (1, 2, 7)
    assert "EXPORT_BUCKET is not set" in faults[0]


@pytest.mark.parametrize(
    ("missing", "says"),
    [("AWS_ACCESS_KEY_ID", "There are no AWS credentials here"), ("AWS_REGION", "No AWS Region is set")],
)
def test_without_credentials_or_a_region_aws_is_not_asked(
    missing: str, says: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv(missing)
    code, found = checked(capsys)
    (wrong,) = [each for each in found["findings"] if each["verdict"] == "wrong"]
    assert (wrong["says"].split(":")[0], code) == (says, 1)
    assert wrong["do"].startswith("Sign in as for the AWS CLI")


def test_a_profile_that_does_not_exist_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    _, found = checked(capsys)
    assert "(nobody)" in found["findings"][0]["says"]


def test_an_installation_out_of_reach_is_no_fault(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "s")
    monkeypatch.setenv("SLACK_API_URL", "http://127.0.0.1:9/api/")
    monkeypatch.setenv("ADMIN_USERS", "U1")
    code, found = checked(capsys)
    assert (code, found["wrong"], found["verdict"]) == (2, 0, "unknown")


def test_what_takes_too_long_can_not_be_told() -> None:
    let_go = threading.Event()

    def slow() -> Iterator[Finding]:
        let_go.wait()
        yield right("Exists", "")

    (section,) = examine({"Table": slow}, time.monotonic())
    let_go.set()
    assert [finding.verdict for finding in section.findings] == [Verdict.UNKNOWN]


def test_a_check_that_stumbles_hides_neither_what_it_had_found_nor_the_others() -> None:
    def stumbling() -> Iterator[Finding]:
        yield right("Exists", "")
        raise KeyError("TableStatus")

    checks = {"Table": stumbling, "Bucket": lambda: iter([right("Exists", "")])}
    table, bucket = examine(checks, time.monotonic() + 60)
    assert [finding.verdict for finding in table.findings] == [Verdict.RIGHT, Verdict.UNKNOWN]
    assert bucket.findings == (right("Exists", ""),)


SECTIONS = [
    Section("Table", (right("Exists", "Yes."), wrong("Recovery", "Off.", "aws dynamodb " + "x" * 100))),
    Section("Calls", (unknown("Flows", "Not known here.", "Set CONNECT_FLOWS."),)),
]


def test_plain_output_is_a_line_for_each_finding_and_one_for_what_to_do() -> None:
    assert plain(SECTIONS, 1.26) == [
        "Table",
        "  right: Exists: Yes.",
        "  wrong: Recovery: Off.",
        f"    do: aws dynamodb {'x' * 100}",
        "Calls",
        "  could not tell: Flows: Not known here.",
        "    do: Set CONNECT_FLOWS.",
        "",
        "1 right, 1 wrong, 1 could not tell, 0 noted, in 1.3 s.",
    ]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_marks_and_commands_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    out = Terminal()
    print_sections(SECTIONS, 1.26, out)
    printed = out.getvalue()
    assert all(mark in printed for mark in "✓✗?")
    assert f"→ aws dynamodb {'x' * 100}" in printed


def test_a_pipe_gets_plain_lines() -> None:
    out = io.StringIO()
    print_sections(SECTIONS, 1.26, out)
    assert out.getvalue().splitlines() == plain(SECTIONS, 1.26)
