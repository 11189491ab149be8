from __future__ import annotations

import json
import os
import urllib.request
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from bot.config import Settings
from core.aws.clients import aws_client
from sandbox.aws.account import (
    BUCKET,
    EXTENSION_RANGE,
    SECRET,
    SYNC,
    TABLE,
    Account,
    SlackSide,
    environment,
    open_account,
)
from sandbox.aws.connect_users import INSTANCE_ID
from sandbox.aws.lambda_stand_in import LambdaContext
from sandbox.aws.sample_people import people

SIDE = SlackSide("http://127.0.0.1:9/api/", "xoxb-1", "a-secret", "U0ADMIN")
REGION = "us-east-1"
Calls = list[tuple[Any, LambdaContext]]


@pytest.fixture(scope="module")
def calls() -> Calls:
    """What the sync function was called with."""
    return []


@pytest.fixture(scope="module")
def failures() -> list[str]:
    return []


@pytest.fixture(scope="module")
def account(calls: Calls, failures: list[str]) -> Iterator[Account]:
    def sync(event: Any, context: LambdaContext) -> dict[str, str]:
        calls.append((event, context))
        if event == {"fail": True}:
            raise LookupError("it failed")
        return {"run_id": "r1"}

    def failed(name: str, error: BaseException) -> None:
        failures.append(f"{name}: {error}")

    with open_account(people(20), {SYNC: sync}, SIDE, failed) as opened:
        yield opened


def test_nothing_of_the_persons_own_settings_gets_in() -> None:
    own = {
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "t",
        "AWS_ENDPOINT_URL_S3": "https://example.com",
        "AWS_CA_BUNDLE": "/x",
        "BOTO_CONFIG": "/x",
        "SLACK_BOT_TOKEN": "xoxb-real",
        "SLACK_SIGNING_SECRET": "real",
        "ADMIN_USERGROUP": "S1",
        "HTTPS_PROXY": "http://proxy:3128",
        "http_proxy": "http://proxy:3128",
        "MAX_RELEASE_COUNT": "0",
    }
    found = environment({**own, "HOME": "/home/me"}, "http://a", "http://c", "http://l", SIDE)
    assert not own.keys() & found.keys()
    assert found["HOME"] == "/home/me"
    assert {found["AWS_CONFIG_FILE"], found["AWS_SHARED_CREDENTIALS_FILE"]} == {os.devnull}


def test_the_environment_describes_an_installation() -> None:
    settings = Settings.from_env(environment({}, "http://a", "http://c", "http://l", SIDE))
    assert str(settings.policy.range) == EXTENSION_RANGE == "7000-7999"
    assert settings.admin_users == {SIDE.admin_id}
    assert (settings.table, settings.bucket, settings.slack_secret_id) == (TABLE, BUCKET, SECRET)
    assert settings.slack_api_url == SIDE.api_url
    assert settings.sync_function == SYNC
    assert settings.summary_channel


def test_every_endpoint_is_on_loopback(account: Account) -> None:
    endpoints = [url for name, url in os.environ.items() if name.startswith("AWS_ENDPOINT_URL")]
    assert len(endpoints) == 3
    assert all(url.startswith("http://127.0.0.1:") for url in endpoints)


def test_the_environment_is_given_back_whatever_happens() -> None:
    def broken() -> None:
        with open_account((), {}, SIDE, lambda name, error: None):
            raise LookupError(os.environ["EXTENSIONS_TABLE"])

    before = dict(os.environ)
    with pytest.raises(LookupError, match=TABLE):
        broken()
    assert dict(os.environ) == before


def test_the_table_has_its_keys_its_index_and_its_ttl(account: Account) -> None:
    client = boto3.client("dynamodb")
    table = client.describe_table(TableName=TABLE)["Table"]
    assert [key["AttributeName"] for key in table["KeySchema"]] == ["pk", "sk"]
    index = table["GlobalSecondaryIndexes"][0]
    assert index["IndexName"] == "skIndex"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["sk", "sk_value"]
    ttl = client.describe_time_to_live(TableName=TABLE)["TimeToLiveDescription"]
    assert (ttl["TimeToLiveStatus"], ttl["AttributeName"]) == ("ENABLED", "ttl")


def test_the_secret_holds_what_slack_expects(account: Account) -> None:
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=SECRET)["SecretString"]
    assert json.loads(secret) == {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "a-secret"}


def test_connect_holds_the_people(account: Account) -> None:
    users = boto3.client("connect").list_users(InstanceId=INSTANCE_ID)["UserSummaryList"]
    assert [user["Username"] for user in users] == [person.username for person in people(20)]


def test_a_presigned_link_opens_as_a_page(account: Account) -> None:
    client = aws_client("s3", REGION)
    key = "directory/index.html"
    client.put_object(Bucket=BUCKET, Key=key, Body=b"<p>7000", ContentType="text/html; charset=utf-8")
    link = client.generate_presigned_url("get_object", {"Bucket": BUCKET, "Key": key}, ExpiresIn=900)
    assert link.startswith("http://127.0.0.1:")
    with urllib.request.urlopen(link) as page:
        assert page.headers["Content-Type"].startswith("text/html")
        assert page.read() == b"<p>7000"


# Transactions, which moto is helped with


def put(number: int, **more: Any) -> Any:
    item = {"pk": {"S": f"{number:04}"}, "sk": {"S": "nu"}, "sk_value": {"S": f"{number:04}"}}
    return {"Put": {"TableName": TABLE, "Item": item, **more}}


def numbers() -> set[str]:
    return {item["pk"]["S"] for item in boto3.client("dynamodb").scan(TableName=TABLE)["Items"]}


def test_a_transaction_that_fails_is_undone_whole(account: Account) -> None:
    client = boto3.client("dynamodb")
    client.transact_write_items(TransactItems=[put(1), put(2)])
    taken = put(1, ConditionExpression="attribute_not_exists(pk)")
    for _ in range(2):
        with pytest.raises(ClientError, match="TransactionCanceledException"):
            client.transact_write_items(TransactItems=[put(3), put(4), taken])
        assert numbers() == {"0001", "0002"}
    client.transact_write_items(TransactItems=[put(5)])
    assert numbers() == {"0001", "0002", "0005"}


# Lambda


def test_an_asynchronous_invocation_is_taken_at_once_and_run_by_drain(account: Account, calls: Calls) -> None:
    before = len(calls)
    answer = boto3.client("lambda").invoke(FunctionName=SYNC, InvocationType="Event", Payload=b'{"job": 1}')
    assert (answer["StatusCode"], len(calls)) == (202, before)
    account.functions.drain()
    assert [(event, context.function_name) for event, context in calls[before:]] == [({"job": 1}, SYNC)]


def test_what_an_asynchronous_function_raises_is_heard_of(account: Account, failures: list[str]) -> None:
    boto3.client("lambda").invoke(FunctionName=SYNC, InvocationType="Event", Payload=b'{"fail": true}')
    account.functions.drain()
    assert failures[-1] == f"{SYNC}: it failed"


def test_a_synchronous_invocation_answers_or_says_what_was_raised(account: Account) -> None:
    client = boto3.client("lambda")
    answer = client.invoke(FunctionName=SYNC, Payload=b"{}")
    assert json.loads(answer["Payload"].read()) == {"run_id": "r1"}
    failed = client.invoke(FunctionName=SYNC, Payload=b'{"fail": true}')
    assert failed["FunctionError"] == "Unhandled"
    assert json.loads(failed["Payload"].read())["errorType"] == "LookupError"


def test_an_unknown_function_is_not_found(account: Account) -> None:
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        boto3.client("lambda").invoke(FunctionName="other", InvocationType="Event")
