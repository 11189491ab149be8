"""The judge of the summary's time zone and schedule."""

from __future__ import annotations

import pytest

from infra.schedule_settings import faults, is_schedule


@pytest.mark.parametrize(
    "expression",
    [
        "cron(0 8 * * ? *)",
        "cron(30 7 ? * MON-FRI *)",
        "cron(0/15 8-18 1,15 JAN-MAR ? 2027-2030)",
        "cron(0 8 LW * ? *)",
        "cron(0 8 15W * ? *)",
        "cron(0 8 ? * 6L *)",
        "cron(0 8 ? * 2#1 *)",
        "rate(12 hours)",
        "rate(1 day)",
    ],
)
def test_a_schedule_of_the_scheduler_passes(expression: str) -> None:
    assert is_schedule(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "every day at 8",
        "0 8 * * *",
        "cron(0 8 * * *)",
        "cron(0 8 * * * *)",
        "cron(0 8 ? * ? *)",
        "cron(0 24 * * ? *)",
        "cron(60 8 * * ? *)",
        "cron(0 8 ? * MONDAY *)",
        "cron(0 8 * 13 ? *)",
        "cron(0 8 32 * ? *)",
        "rate(0 hours)",
        "rate(daily)",
        "",
    ],
)
def test_what_is_no_schedule_is_refused(expression: str) -> None:
    assert not is_schedule(expression)


@pytest.mark.parametrize("timezone", ["UTC", "Europe/Berlin", "US/Pacific", "America/Coyhaique"])
def test_a_zone_of_the_pinned_database_passes(timezone: str) -> None:
    assert [*faults(timezone, "rate(1 day)")] == []


@pytest.mark.parametrize("timezone", ["utc", "europe/berlin", "US/Pacific-New", "Berlin", "", "../zone"])
def test_a_zone_that_would_stop_the_functions_is_refused(timezone: str) -> None:
    (said,) = faults(timezone, "rate(1 day)")
    assert said.startswith("timezone:")
