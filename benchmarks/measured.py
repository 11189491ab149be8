"""What is measured of one run, and the least that the quota allows."""

from __future__ import annotations

import json
import os
import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from math import ceil

from benchmarks.account import Account, ask
from tests.stand_ins.s3 import BucketStandIn

RATE, BURST = 2.0, 5
LISTED, SEARCHED = 1000, 500


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

    def print(self) -> None:
        """As a line of JSON, for the process that asked for the run."""
        print(json.dumps(asdict(self)), flush=True)


def floor_seconds(needed: Mapping[str, int], rate: float = RATE) -> float:
    """The seconds that the quota forces for so many requests of each operation.

    The first five of an operation may leave at once, each further one half a second after the one before;
    the operations have quotas of their own, so the slowest of them decides. What is `needed` is what the case
    cannot do without, whatever the run asked for: requests beyond that show as a higher ratio.
    """
    return max(max(0, count - BURST) / rate for count in needed.values())


def needed(agents: int, unnamed: int) -> dict[str, int]:
    """The fewest requests that list everybody, count them, and name so many of them."""
    pages = ceil(agents / SEARCHED)
    searched = unnamed > pages
    return {
        "ListUsers": ceil(agents / LISTED),
        "SearchUsers": pages if searched else 1,
        "DescribeUser": 0 if searched else unnamed,
    }


def measure(name: str, account: Account, bucket: BucketStandIn, work: Callable[[], int]) -> Measured:
    """Do the work, which returns how many changes it made, with the quota's buckets full at the start."""
    for url in (account.connect, account.table):
        ask(url, "/_reset")
    bucket.wire.reset()
    began = time.perf_counter()
    changes = work()
    seconds = time.perf_counter() - began
    quota = ask(account.connect, "/_stats")
    return Measured(
        name,
        connect=sum(quota["requests"].values()),
        throttled=quota["throttled"],
        dynamodb=sum(ask(account.table, "/_stats").values()),
        s3_writes=bucket.wire.requests["PutObject"],
        seconds=seconds,
        mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        changes=changes,
    )


def reach(account: Account) -> None:
    """Let the boto3 clients of this process reach the account."""
    os.environ.update(AWS_ACCESS_KEY_ID="key", AWS_SECRET_ACCESS_KEY="secret")
    os.environ.update(AWS_ENDPOINT_URL_CONNECT=account.connect, AWS_ENDPOINT_URL_DYNAMODB=account.table)
