"""Snapshot and bucket, looked at through real clients."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from bot.doctor.findings import Finding, Verdict
from bot.doctor.storage import check_bucket, check_table, judge_region
from core.aws.clients import aws_client
from core.aws.inspect import BucketInspector, TableInspector
from core.models import Directory
from tests.bot.doctor import (
    BUCKET,
    REGION,
    TABLE,
    close_bucket,
    index,
    keys,
    make_bucket,
    make_table,
    protect_table,
    verdicts,
)

RIGHT, WRONG, UNKNOWN = Verdict.RIGHT, Verdict.WRONG, Verdict.UNKNOWN


def table_findings() -> dict[str, Finding]:
    inspector = TableInspector(aws_client("dynamodb", REGION, 2), TABLE)
    return {finding.name: finding for finding in check_table(inspector)}


def bucket_findings() -> Iterator[Finding]:
    return check_bucket(BucketInspector(aws_client("s3", REGION, 2), BUCKET), REGION)


def test_a_table_as_deployed_is_right_in_everything(account: None) -> None:
    make_table()
    protect_table()
    found = verdicts(table_findings().values())
    assert found == dict.fromkeys(
        ("Exists", "Keys", "Index skIndex", "Protection", "Expiry", "Recovery"), RIGHT
    )


def test_a_table_that_is_not_there_is_one_fault_and_not_six(account: None) -> None:
    found = table_findings()
    assert verdicts(found.values()) == {"Exists": WRONG}
    assert "'extensions' (EXTENSIONS_TABLE) does not exist" in found["Exists"].says


def numbered(name: str) -> list[dict[str, str]]:
    types = {"pk": "S", "sk": "S", "sk_value": "S"} | {name: "N"}
    return [{"AttributeName": each, "AttributeType": kind} for each, kind in types.items()]


@pytest.mark.parametrize(
    ("differs", "name"),
    [
        ({"KeySchema": keys("sk", "pk")}, "Keys"),
        ({"AttributeDefinitions": numbered("pk")}, "Keys"),
        ({"GlobalSecondaryIndexes": [index(projection="KEYS_ONLY")]}, "Index skIndex"),
        ({"GlobalSecondaryIndexes": [index("sk_value", "sk")]}, "Index skIndex"),
        ({"GlobalSecondaryIndexes": [index() | {"IndexName": "other"}]}, "Index skIndex"),
        ({"DeletionProtectionEnabled": False}, "Protection"),
    ],
)
def test_a_table_that_differs_is_wrong_in_that(account: None, differs: dict[str, Any], name: str) -> None:
    make_table(**differs)
    protect_table()
    found = table_findings()
    assert [each for each, finding in found.items() if finding.verdict is WRONG] == [name]
    assert found[name].do


def test_a_table_that_nothing_protects_says_what_to_run(account: None) -> None:
    make_table()
    found = table_findings()
    assert (found["Expiry"].verdict, found["Recovery"].verdict) == (WRONG, WRONG)
    assert "AttributeName=ttl" in found["Expiry"].do
    assert "PointInTimeRecoveryEnabled=true" in found["Recovery"].do


def test_rows_that_expire_by_another_attribute_are_wrong(account: None) -> None:
    make_table()
    protect_table(attribute="sk_value")
    assert "'sk_value'" in table_findings()["Expiry"].says


def test_a_table_that_may_not_be_looked_at_can_not_be_told(denied: object) -> None:
    found = table_findings()
    assert verdicts(found.values()) == dict.fromkeys(("Exists", "Expiry", "Recovery"), UNKNOWN)
    assert "may not be used" in found["Exists"].says


def test_a_table_out_of_reach_can_not_be_told() -> None:
    assert set(verdicts(table_findings().values()).values()) == {UNKNOWN}


def test_a_bucket_as_deployed_is_right_in_everything(account: None) -> None:
    make_bucket()
    close_bucket()
    assert verdicts(bucket_findings()) == dict.fromkeys(
        ("Exists", "Public access", "Encryption", "Versions", "Directory"), RIGHT
    )


@pytest.mark.parametrize(
    ("data", "verdict", "says"),
    [
        (b"{", WRONG, "directory/directory.json can't be read, so that nobody is found by name."),
        (b'{"entries": "soon"}', WRONG, "can't be read"),
        (msgspec.json.encode(Directory((), "1", "2026-11-22T09:30:00Z")), RIGHT, "0 people are exported."),
    ],
)
def test_a_directory_that_can_not_be_read_is_named(
    account: None, data: bytes, verdict: Verdict, says: str
) -> None:
    make_bucket()
    aws_client("s3", REGION, 2).put_object(Bucket=BUCKET, Key="directory/directory.json", Body=data)
    found = next(each for each in bucket_findings() if each.name == "Directory")
    assert found.verdict is verdict
    assert says in found.says


def test_a_bare_bucket_is_wrong_in_everything_but_being_there(account: None) -> None:
    make_bucket()
    found = [*bucket_findings()]
    assert verdicts(found) == dict.fromkeys(("Public access", "Encryption", "Versions"), WRONG) | {
        "Exists": RIGHT,
        "Directory": RIGHT,
    }
    assert all(finding.do for finding in found if finding.verdict is WRONG)


def test_one_open_way_into_the_bucket_is_named(account: None) -> None:
    make_bucket()
    close_bucket()
    block = {"BlockPublicAcls": True, "BlockPublicPolicy": False, "IgnorePublicAcls": True}
    aws_client("s3", REGION).put_public_access_block(
        Bucket=BUCKET, PublicAccessBlockConfiguration=block | {"RestrictPublicBuckets": True}
    )
    (found,) = [finding for finding in bucket_findings() if finding.verdict is WRONG]
    assert found.says == "Not blocked: BlockPublicPolicy."


def test_a_bucket_that_is_not_there_is_one_fault_and_not_four(account: None) -> None:
    assert verdicts(bucket_findings()) == {"Exists": WRONG}


def test_a_bucket_in_another_region_is_wrong() -> None:
    assert judge_region("eu-west-1", "us-east-1").verdict is WRONG
    assert judge_region("", "us-east-1").verdict is RIGHT


def test_a_bucket_that_may_not_be_looked_at_can_not_be_told(denied: object) -> None:
    assert set(verdicts(bucket_findings()).values()) == {UNKNOWN}
