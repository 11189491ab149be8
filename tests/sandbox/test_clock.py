from __future__ import annotations

import io
import os
import time
from datetime import UTC, datetime, timedelta

import boto3
from rich.console import Console as Terminal

from sandbox.aws.account import TABLE
from sandbox.aws.lambda_stand_in import Handler
from sandbox.clock import DAY, Clock
from sandbox.terminal.console import open_sandbox


def test_the_time_moves_for_the_whole_process_and_comes_back() -> None:
    before, environ = datetime.now(UTC), dict(os.environ)
    with Clock() as clock:
        clock.forward(30)
        clock.forward(1)
        assert timedelta(days=31) <= datetime.now(UTC) - before < timedelta(days=31, minutes=5)
        assert time.time() - before.timestamp() >= 31 * 86400
    assert datetime.now(UTC) - before < timedelta(minutes=5)
    assert dict(os.environ) == environ


def expired_after(days: int) -> int:
    """The rows of the table that are over in so many days."""
    rows = boto3.client("dynamodb").scan(TableName=TABLE)["Items"]
    lives = [int(row["ttl"]["N"]) for row in rows if "ttl" in row]
    return sum(life < time.time() + days * DAY for life in lives)


def test_a_hold_ends_and_expired_rows_go_when_the_days_have_passed(
    patient_functions: dict[str, Handler],
) -> None:
    out = io.StringIO()
    with open_sandbox(Terminal(file=out, width=100), patient_functions, 30, lambda _: None) as commands:
        for line in ("/ext-sync", "leave jdoe", "/ext-sync", "@bot help"):
            commands.onecmd(line)
        released = out.getvalue().rpartition("Released\n")[2]
        number = released.split(" Jane Doe")[0][-4:]
        commands.onecmd(f"/ext {number}")
        assert f"{number} is held until" in out.getvalue()
        assert expired_after(31)
        commands.onecmd("days 31")
        assert not expired_after(0)
        commands.onecmd("/ext-sync")
        commands.onecmd(f"/ext {number}")
        assert f"{number} is free" in out.getvalue()
