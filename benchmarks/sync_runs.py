"""Runs of our sync in a process of its own: `python -m benchmarks.sync_runs CONNECT TABLE RANGE STEP...`.

A step that begins with `/` is asked of the servers (`/_modify`, `/_older`, `/_history`); `hurry` is for an
account without a quota; any other is the name of a run, whose figures are printed as a line of JSON. The
bucket is in this process.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from benchmarks.account import Account, ask
from benchmarks.measured import measure, reach
from bot.wiring import now
from core.aws.clients import aws_client
from core.aws.connect import ConnectInstance, Limiter
from core.aws.exports_and_links import S3Exports
from core.aws.table import Table
from core.aws.writer import DynamoTableWriter
from core.models import ExtensionRange, Policy
from core.numbering.sync import Sync
from core.readings.latin import readings_of
from sandbox.aws.connect_users import INSTANCE_ID, REGION
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.s3 import BUCKET, BucketStandIn

LEASE_SECONDS = 120


class Runs:
    """One installation, and runs of its sync, one after the other, each with a limiter of its own."""

    def __init__(self, extensions: str, hurry: bool) -> None:
        # Without a quota the limiter would still wait for one.
        self._sleep: Callable[[float], None] = (lambda _: None) if hurry else time.sleep
        self._policy = Policy(ExtensionRange.parse(extensions))
        self._connect = aws_client("connect", REGION)
        self._dynamodb = aws_client("dynamodb", REGION)
        self.bucket = BucketStandIn()

    def run(self) -> int:
        """One sync; how many changes it made. Raises RuntimeError where it could not do all it had to."""
        connect = ConnectInstance(self._connect, INSTANCE_ID, lambda: Limiter(sleep=self._sleep))
        table = Table(self._dynamodb, TABLE)
        writer = DynamoTableWriter(table, self._policy.range, now, LEASE_SECONDS)
        files = S3Exports(self.bucket.client(), BUCKET, 15)
        report = Sync(
            connect,
            writer,
            files,
            self._policy,
            now,
            LEASE_SECONDS / 3,
            read=readings_of,
        ).run("benchmark")
        if report.warnings or report.withheld or report.left_over:
            raise RuntimeError(f"This run was not whole: {report}")
        return sum(report.counts.values())


def main() -> None:
    """Do the steps in order."""
    connect, table, extensions, *steps = sys.argv[1:]
    account = Account(connect, table)
    reach(account)
    runs = Runs(extensions, hurry="hurry" in steps)
    for step in steps:
        if step.startswith("/"):
            ask(connect if step == "/_modify" else table, step)
        elif step != "hurry":
            measure(step, account, runs.bucket, runs.run).print()


if __name__ == "__main__":
    main()
