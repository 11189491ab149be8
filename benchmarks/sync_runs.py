"""Runs of a sync in a process of its own: `python -m benchmarks.sync_runs CONNECT TABLE RANGE STEP...`.

A step that begins with `/` is asked of the servers (`/_modify`, `/_history`); any other is the name of
a run, whose figures are printed as a line of JSON. The bucket is in this process. The quota's buckets
are full when a run begins, and the run's own limiter is new.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from dataclasses import asdict, dataclass
from typing import Any

from benchmarks.account import Account, ask
from bot.sandbox.people import INSTANCE_ID, REGION
from bot.wiring import now
from core.aws.clients import aws_client
from core.aws.connect import ConnectInstance
from core.aws.files import FilesBucket
from core.aws.table import LedgerTable
from core.models import ExtensionRange, Policy
from core.sync import Sync
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.s3 import BUCKET, BucketStandIn

LEASE_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Measured:
    """One run: requests by service, seconds, and the process's peak of resident memory so far, in MB."""

    name: str
    connect: int
    throttled: int
    dynamodb: int
    s3_writes: int
    seconds: float
    mb: float
    changes: int
    warnings: tuple[str, ...]


class Runs:
    """One installation, and runs of its sync, one after the other."""

    def __init__(self, account: Account, extensions: str) -> None:
        self._account = account
        self._policy = Policy(ExtensionRange.parse(extensions))
        self._bucket = BucketStandIn()
        self._connect = aws_client("connect", REGION)
        self._dynamodb = aws_client("dynamodb", REGION)

    def run(self, name: str) -> Measured:
        """One run, measured."""
        for url in (self._account.connect, self._account.table):
            ask(url, "/_reset")
        self._bucket.wire.reset()
        sync = self._sync()
        began = time.perf_counter()
        report = sync.run("benchmark")
        seconds = time.perf_counter() - began
        quota = ask(self._account.connect, "/_stats")
        return Measured(
            name,
            connect=sum(quota["requests"].values()),
            throttled=quota["throttled"],
            dynamodb=sum(ask(self._account.table, "/_stats").values()),
            s3_writes=self._bucket.wire.requests["PutObject"],
            seconds=seconds,
            mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            changes=sum(report.counts.values()),
            warnings=report.warnings,
        )

    def _sync(self) -> Sync:
        connect = ConnectInstance(self._connect, INSTANCE_ID, time.monotonic, time.sleep)
        ledger = LedgerTable(self._dynamodb, TABLE, self._policy.range, now, time.sleep, LEASE_SECONDS)
        files = FilesBucket(self._bucket.client(), BUCKET, 15, time.sleep)
        return Sync(connect, ledger, files, self._policy, now)


def main() -> None:
    """Do the steps in order."""
    connect, table, extensions, *steps = sys.argv[1:]
    os.environ.update(AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret")
    os.environ.update(AWS_ENDPOINT_URL_CONNECT=connect, AWS_ENDPOINT_URL_DYNAMODB=table)
    runs = Runs(Account(connect, table), extensions)
    for step in steps:
        if step.startswith("/"):
            ask(connect if step == "/_modify" else table, step)
        else:
            print(json.dumps(asdict(runs.run(step)), default=_plain), flush=True)


def _plain(value: Any) -> Any:
    return list(value)


if __name__ == "__main__":
    main()
