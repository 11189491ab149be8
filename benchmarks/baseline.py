"""The straightforward sync to compare with: our own plain version of how the older project worked.

Users are listed 10 a page, the pool is filled by batch writes, and each new agent costs a delete and a
put. There is no lease, no limiter and no transaction; boto3 tries throttled calls again by itself.
"""

from __future__ import annotations

import csv
import io
import sys
from collections.abc import Iterator
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from benchmarks.account import Account
from benchmarks.measured import BURST, RATE, measure, reach
from benchmarks.table_server import LATENCY
from sandbox.aws.connect_users import INSTANCE_ID, REGION
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.s3 import BUCKET, BucketStandIn

POOL = 10_000
PAGE, BATCH = 10, 25


def computed_seconds(agents: int) -> float:
    """The least that a first run takes, if its retries hold out: its pages at the quota, then its writes."""
    pages = agents // PAGE
    writes = POOL // BATCH + 2 * agents
    return (pages - BURST) / RATE + writes * LATENCY


class Baseline:
    """A sync without precautions."""

    def __init__(self, bucket: BucketStandIn) -> None:
        patience = Config(
            retries={"mode": "legacy"}
        )  # what clients did unless told otherwise: four more tries
        self._connect: Any = boto3.client("connect", region_name=REGION, config=patience)
        self._dynamodb: Any = boto3.client("dynamodb", region_name=REGION)
        self._bucket = bucket

    def run(self) -> int:
        """Number everybody who has no number yet; how many that were."""
        usernames = [user["Username"] for user in self._users()]
        rows = list(self._rows())
        known = {value for _, sk, value in rows if sk == "agentID"}
        if not rows:
            self._fill()
        free = self._free(rows)
        new = [username for username in usernames if username not in known]
        for username, extension in zip(new, free, strict=False):
            self._assign(extension, username)
        self._export()
        return len(new)

    def _users(self) -> Iterator[dict[str, Any]]:
        pages = self._connect.get_paginator("list_users").paginate(
            InstanceId=INSTANCE_ID, PaginationConfig={"PageSize": PAGE}
        )
        for page in pages:
            yield from page["UserSummaryList"]

    def _rows(self) -> Iterator[tuple[str, str, str]]:
        for page in self._dynamodb.get_paginator("scan").paginate(TableName=TABLE):
            for item in page["Items"]:
                yield item["pk"]["S"], item["sk"]["S"], item["sk_value"]["S"]

    def _fill(self) -> None:
        for start in range(0, POOL, BATCH):
            numbers = [f"{number:04}" for number in range(start, start + BATCH)]
            puts = [{"PutRequest": {"Item": _item(each, "nu", each)}} for each in numbers]
            self._dynamodb.batch_write_item(RequestItems={TABLE: puts})

    def _free(self, rows: list[tuple[str, str, str]]) -> list[str]:
        if not rows:
            return [f"{number:04}" for number in range(POOL)]
        return sorted(pk for pk, sk, _ in rows if sk == "nu")

    def _assign(self, extension: str, username: str) -> None:
        key = {"pk": {"S": extension}, "sk": {"S": "nu"}}
        self._dynamodb.delete_item(TableName=TABLE, Key=key)
        self._dynamodb.put_item(TableName=TABLE, Item=_item(extension, "agentID", username))

    def _export(self) -> None:
        text = io.StringIO()
        csv.writer(text).writerows((value, pk) for pk, sk, value in self._rows() if sk == "agentID")
        self._bucket.client().put_object(Bucket=BUCKET, Key="agents.csv", Body=text.getvalue().encode())


def _item(pk: str, sk: str, value: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}, "sk_value": {"S": value}}


def main() -> None:
    """Runs in a process of its own: `python -m benchmarks.baseline CONNECT TABLE NAME...`."""
    connect, table, *names = sys.argv[1:]
    account = Account(connect, table)
    reach(account)
    bucket = BucketStandIn()
    baseline = Baseline(bucket)
    try:
        for name in names:
            measure(name, account, bucket, baseline.run).print()
    except ClientError as error:
        sys.exit(f"straightforward: {error}")


if __name__ == "__main__":
    main()
