"""What alarms and log readers are given."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys

import pytest

from bot.telemetry import emit, logger
from tests.bot.slack.bot import running


@pytest.fixture
def in_lambda(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "extensions-slack")


def test_metrics_are_lines_that_cloudwatch_reads(in_lambda: None, capsys: pytest.CaptureFixture[str]) -> None:
    emit(Lookups=1, PoolFreePercent=4.5)
    (line,) = capsys.readouterr().out.splitlines()
    said = json.loads(line)
    (described,) = said["_aws"]["CloudWatchMetrics"]
    assert (said["Lookups"], said["PoolFreePercent"]) == ([1], [4.5])
    assert (described["Namespace"], described["Dimensions"]) == ("ConnectExtensions", [["service"]])


def test_each_range_has_its_own_free_numbers(in_lambda: None, capsys: pytest.CaptureFixture[str]) -> None:
    emit("7000-7199", RangeFree=12)
    said = json.loads(capsys.readouterr().out)
    (described,) = said["_aws"]["CloudWatchMetrics"]
    assert sorted(described["Dimensions"][0]) == ["range", "service"]
    assert (said["range"], said["RangeFree"]) == ("7000-7199", [12])


def test_a_terminal_is_spared_them(capsys: pytest.CaptureFixture[str]) -> None:
    emit(Lookups=1)
    assert capsys.readouterr().out == ""


def test_what_our_modules_log_is_json_with_the_request_id() -> None:
    program = (
        "import logging; from types import SimpleNamespace; from bot.telemetry import begin; "
        "begin(SimpleNamespace(aws_request_id='request-1')); "
        "logging.getLogger('bot.slack.errors').error('reference %s', 'abc')"
    )
    environ = {**os.environ, "AWS_LAMBDA_FUNCTION_NAME": "extensions-slack"}
    run = subprocess.run([sys.executable, "-c", program], env=environ, capture_output=True, text=True)
    said = json.loads(run.stdout)
    assert (said["message"], said["request_id"], said["level"]) == ("reference abc", "request-1", "ERROR")


def test_the_slack_app_leaves_our_log_as_it_is() -> None:
    """In one process with jobs, as by Socket Mode. Bolt sets the level of the logger with the app's name."""
    ours = logging.getLogger(logger().service)
    before = ours.level
    with running() as bot:
        bot.ext("jane")
    assert ours.level == before == logging.INFO
