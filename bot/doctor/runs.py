"""The runs of the sync: its lease, and the report of the last run that ended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.doctor.findings import Finding, right, unknown, wrong
from bot.doctor.threads import told
from bot.wiring import now
from core.aws.inspect import TableInspector
from core.aws.rows import Row
from core.errors import ExtensionsError
from core.models import Report, as_iso, iso, parse_iso

# The schedule is hourly; the alarm waits as long.
MOST_HOURS = 3


def check_runs(table: TableInspector) -> Iterator[Finding]:
    """Check the lease and the newest report of the table."""
    yield told("Lease", lambda: check_lease(table.lease(), now()))
    try:
        report = table.last_report()
    except ExtensionsError as error:
        yield unknown("Last sync", str(error))
        return
    yield check_last_sync(report, now())
    if report is not None:
        yield check_left_over(report)


def check_lease(row: Row, now: datetime) -> Finding:
    """Judge whether the lease is free, in use, or left behind by a run that died. `row` is {} before any."""
    name, until = "Lease", row.get("lease_until", "")
    if not until:
        return right(name, "Free.")
    run, holder, since = (row.get(key, "?") for key in ("sk_value", "holder", "started"))
    who = f"run {run}, by {holder}, since {since}"
    if until >= iso(now):
        return right(name, f"In use until {until}: {who}.")
    return wrong(
        name,
        f"Stuck: held past its end at {until} by {who}. That run died.",
        f"Run a sync, which takes the lease over: python -m bot sync. The log of {run} says why it died.",
    )


def check_last_sync(report: Report | None, now: datetime) -> Finding:
    """Judge whether the numbers follow Connect, by the age of the last sync that came to its end."""
    if report is None:
        return wrong("Last sync", "No sync has come to its end yet.", "Run a sync: python -m bot sync.")
    if not as_iso(report.started):
        why = f"The report of {report.run_id or 'the newest run'} does not say when it began."
        return unknown("Last sync", why, "Run a sync: python -m bot sync.")
    ended = parse_iso(as_iso(report.started)) + timedelta(milliseconds=report.duration_ms)
    ago = _ago(now - ended)
    if now - ended > timedelta(hours=MOST_HOURS):
        do = "See the log of the sync function and its dead letters, and try one: python -m bot sync."
        return wrong("Last sync", f"The last that succeeded ended {ago} ago ({report.run_id}).", do)
    return right("Last sync", f"Ended {ago} ago ({report.run_id}).{_waiting(report)}")


def check_left_over(report: Report) -> Finding:
    """Judge whether everybody has a number."""
    if not report.left_over:
        return right("Pool", "Everybody has a number.")
    says = (
        f"{len(report.left_over) + report.more_left_over:,} agents found no free extension in the last sync."
    )
    return wrong("Pool", says, "Widen EXTENSION_RANGE, or give reserved extensions back to the pool.")


def _waiting(report: Report) -> str:
    return f" {report.waiting:,} releases wait for an admin." if report.waiting else ""


def _ago(span: timedelta) -> str:
    minutes = max(0, int(span / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
