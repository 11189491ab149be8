"""The lease and the last report, as the doctor judges them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor.findings import Verdict, right
from bot.doctor.runs import check_last_sync, check_lease, check_left_over
from core.aws.rows import Row
from core.models import Report, iso

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def report(ended: datetime, **more: object) -> Report:
    return Report("run-1", "schedule", iso(ended - timedelta(seconds=5)), 5000, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("row", [{}, {"pk": "sync", "sk": "lease", "sk_value": "run-1"}])
def test_a_lease_without_an_end_is_free(row: Row) -> None:
    assert check_lease(row, NOW) == right("Lease", "Free.")


def lease_until(until: datetime) -> Row:
    return {"sk_value": "run-1", "holder": "schedule", "started": "then", "lease_until": iso(until)}


def test_a_lease_in_use_says_by_whom_and_since_when() -> None:
    finding = check_lease(lease_until(NOW), NOW)
    assert finding.verdict is Verdict.RIGHT
    assert "run run-1, by schedule, since then" in finding.says


def test_a_lease_held_past_its_end_is_stuck() -> None:
    finding = check_lease(lease_until(NOW - timedelta(seconds=1)), NOW)
    assert finding.verdict is Verdict.WRONG
    assert "run run-1, by schedule, since then" in finding.says


@pytest.mark.parametrize(
    ("hours", "verdict", "says"), [(3, Verdict.RIGHT, "3 h ago"), (3.01, Verdict.WRONG, "3 h ago")]
)
def test_the_last_sync_may_be_three_hours_old(hours: float, verdict: Verdict, says: str) -> None:
    finding = check_last_sync(report(NOW - timedelta(hours=hours)), NOW)
    assert finding.verdict is verdict
    assert says in finding.says


def test_an_installation_that_never_synced_is_wrong() -> None:
    assert check_last_sync(None, NOW).verdict is Verdict.WRONG


def test_agents_without_a_number_are_counted() -> None:
    assert check_left_over(report(NOW)).verdict is Verdict.RIGHT
    assert "2 agents" in check_left_over(report(NOW, left_over=("x", "y"))).says
