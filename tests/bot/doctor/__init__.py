"""What the doctor's tests share: accounts to look at, and stand-ins that say what they are told to."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import unquote, urlsplit

from bot.doctor.findings import Finding, Verdict
from core.aws.clients import aws_client
from core.aws.rows import rows_of, to_item
from core.models import Assigned, Free, State
from sandbox.loopback import Reply, Request

REGION, TABLE, BUCKET, INSTANCE = "us-east-1", "extensions", "exports", "11111111-2222"
CALL = "connect-extensions-dev-call"
PEOPLE: tuple[State, ...] = (
    Assigned("7000", "agent-1", "jane.doe@example.com", "arn:1", "Jane Doe"),
    Free("7001"),
)
Json = dict[str, Any]


def said(finding: Finding) -> tuple[str, Verdict]:
    return finding.name, finding.verdict


def verdicts(findings: Iterable[Finding]) -> dict[str, Verdict]:
    return dict(map(said, findings))


class Service:
    """Answers by what the path ends in; whatever it was not told to answer is denied, as AWS does it."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, Json, Mapping[str, str]]] = {}

    def say(self, ending: str, answer: Json, headers: Mapping[str, str] | None = None) -> None:
        self.answers[ending] = (200, answer, headers or {})

    def refuse(self, ending: str, code: str, status: int = 400) -> None:
        self.answers[ending] = (status, {"Message": "No."}, {"x-amzn-ErrorType": code})

    def __call__(self, request: Request) -> Reply:
        path = unquote(urlsplit(request.path).path)
        denied = (403, {"Message": "No."}, {"x-amzn-ErrorType": "AccessDeniedException"})
        found = (answer for ending, answer in self.answers.items() if path.endswith(ending))
        status, answer, headers = next(found, denied)
        return Reply(status, json.dumps(answer), {"Content-Type": "application/json", **headers})


def make_table(**differs: Any) -> None:
    """The table as infra/ makes it, but for what differs; recovery and expiry are off."""
    table: Json = {
        "TableName": TABLE,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "sk_value")
        ],
        "KeySchema": keys("pk", "sk"),
        "GlobalSecondaryIndexes": [index()],
        "DeletionProtectionEnabled": True,
    }
    aws_client("dynamodb", REGION).create_table(**table | differs)


def keys(hash_key: str, range_key: str) -> list[Json]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]


def index(hash_key: str = "sk", range_key: str = "sk_value", projection: str = "ALL") -> Json:
    return {
        "IndexName": "skIndex",
        "KeySchema": keys(hash_key, range_key),
        "Projection": {"ProjectionType": projection},
    }


def protect_table(attribute: str = "ttl") -> None:
    client = aws_client("dynamodb", REGION)
    client.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
    )
    client.update_continuous_backups(
        TableName=TABLE, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def put_rows(*rows: Mapping[str, str]) -> None:
    for row in rows:
        aws_client("dynamodb", REGION).put_item(TableName=TABLE, Item=to_item(dict(row)))


def put_states(states: Iterable[State]) -> None:
    put_rows(*(row for state in states for row in rows_of(state)))


def make_bucket() -> None:
    aws_client("s3", REGION).create_bucket(Bucket=BUCKET)


def close_bucket() -> None:
    client = aws_client("s3", REGION)
    ways = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")
    client.put_public_access_block(Bucket=BUCKET, PublicAccessBlockConfiguration=dict.fromkeys(ways, True))
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    client.put_bucket_encryption(Bucket=BUCKET, ServerSideEncryptionConfiguration={"Rules": [rule]})
    client.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
