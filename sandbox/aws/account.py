"""An AWS account in this process: moto, the Connect and Lambda stand-ins, and an environment naming them.

Nothing of the person's own AWS or Slack settings stays in the environment while the account is open.
"""

from __future__ import annotations

import copy
import importlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch
from urllib.request import ProxyHandler, Request, build_opener

from msgspec import Struct

from bot.config import Settings
from core.aws.clients import aws_client
from sandbox.aws.connect_stand_in import INSTANCE_ARN, ConnectStandIn
from sandbox.aws.connect_users import REGION, Person
from sandbox.aws.lambda_stand_in import Handler, LambdaStandIn
from sandbox.slack.signed_payloads import CHANNEL_ID

TABLE, BUCKET, SECRET = "connect-extensions", "connect-extensions-export", "connect-extensions/slack"
SLACK, SYNC, SUMMARY, CALL = "extensions-slack", "extensions-sync", "extensions-summary", "extensions-call"
CONTACT = "extensions-contact"
EXTENSION_RANGE = "7000-7999"

# A variable whose name begins so leads somewhere else, or changes what the bot does.
_FOREIGN = (
    *("AWS_", "BOTO", "MOTO_", "SLACK_", "POWERTOOLS_", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"),
    *("CONNECT_", "EXTENSION", "EXPORT_", "HOLD_", "MAX_RELEASE_", "LEASE_", "LINK_", "TIMEZONE"),
    *("SYNC_", "SUMMARY_", "ADMIN_", "LOG_LEVEL", "TELL_PEOPLE", "CALLER_", "USER_EVENTS"),
    *("POLICY_FILE", "DIRECTORY_PHONE", "GUESTS_"),
)


class SlackSide(Struct, frozen=True):
    """Facts of Slack in the account's environment: the Web API's base, the secrets, and the admin."""

    api_url: str
    bot_token: str
    signing_secret: str
    admin_id: str


def environment(
    inherited: Mapping[str, str], aws_url: str, connect_url: str, lambda_url: str, slack: SlackSide
) -> dict[str, str]:
    """The environment of the sandbox: harmless variables of the process, and the contract's."""
    harmless = {name: value for name, value in inherited.items() if not name.upper().startswith(_FOREIGN)}
    return harmless | {
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "NO_PROXY": "127.0.0.1",
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_ENDPOINT_URL_CONNECT": connect_url,
        "AWS_ENDPOINT_URL_LAMBDA": lambda_url,
        "CONNECT_INSTANCE_ID": INSTANCE_ARN,
        "EXTENSIONS_TABLE": TABLE,
        "EXPORT_BUCKET": BUCKET,
        "EXTENSION_RANGE": EXTENSION_RANGE,
        "SLACK_SECRET_ID": SECRET,
        "SLACK_API_URL": slack.api_url,
        "SYNC_FUNCTION": SYNC,
        "SUMMARY_CHANNEL": CHANNEL_ID,
        "ADMIN_USERS": slack.admin_id,
    }


class Account(Struct, frozen=True):
    """An open account: its Connect instance and its Lambda functions."""

    connect: ConnectStandIn
    functions: LambdaStandIn


@contextmanager
def open_account(
    people: Iterable[Person],
    functions: Mapping[str, Handler],
    slack: SlackSide,
    failed: Callable[[str, BaseException], None],
) -> Iterator[Account]:
    """An account while the context is open. `failed` gets the exceptions of asynchronous functions."""
    with (
        ConnectStandIn(people) as connect,
        LambdaStandIn(functions, failed) as lambdas,
        _moto() as aws_url,
        # Exactly this environment; the one of before comes back at the end.
        patch.dict(os.environ, environment(os.environ, aws_url, connect.url, lambdas.url, slack), clear=True),
    ):
        _create_resources(slack)
        yield Account(connect, lambdas)


@contextmanager
def _moto() -> Iterator[str]:
    """DynamoDB, S3 and Secrets Manager at one address."""
    from moto.server import ThreadedMotoServer

    copy_tables_once()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    url = f"http://{host}:{port}"
    # moto keeps what an earlier server of this process held.
    build_opener(ProxyHandler({})).open(Request(f"{url}/moto-api/reset", method="POST")).close()
    try:
        yield url
    finally:
        server.stop()


def copy_tables_once() -> None:
    """Have moto copy a table once for each transaction, not once for each item of it.

    The copy is what a failed transaction is undone from. The first sync takes 1 s by this, not 30 s.
    """
    models: Any = importlib.import_module("moto.dynamodb.models")
    if isinstance(models.copy, _CopyOnce):
        return
    once, transact = _CopyOnce(), models.DynamoDBBackend.transact_write_items

    def transact_write_items(backend: Any, transact_items: list[dict[str, Any]]) -> None:
        once.copies.made = {}
        try:
            transact(backend, transact_items)
        finally:
            del once.copies.made

    models.copy = once
    models.DynamoDBBackend.transact_write_items = transact_write_items


class _CopyOnce:
    """Stands in for the module `copy`: within a transaction, a table is copied at most once."""

    def __init__(self) -> None:
        self.copies = threading.local()

    def deepcopy(self, thing: Any) -> Any:
        made: dict[int, Any] | None = getattr(self.copies, "made", None)
        if made is None or not hasattr(thing, "hash_key_attr"):
            return copy.deepcopy(thing)
        if id(thing) not in made:
            made[id(thing)] = copy.deepcopy(thing)
        return made[id(thing)]


def _create_resources(slack: SlackSide) -> None:
    """Make the table, the bucket and the secret, side by side: loading each service takes moto a while."""
    region = Settings.from_env(os.environ).region
    secret = {"SLACK_BOT_TOKEN": slack.bot_token, "SLACK_SIGNING_SECRET": slack.signing_secret}
    with ThreadPoolExecutor() as pool:
        tasks = (
            pool.submit(_make_table, region),
            pool.submit(aws_client("s3", region).create_bucket, Bucket=BUCKET),
            pool.submit(
                aws_client("secretsmanager", region).create_secret,
                Name=SECRET,
                SecretString=json.dumps(secret),
            ),
        )
        for task in tasks:
            task.result()


def _make_table(region: str) -> None:
    """The table and its index, by the keys of the older project."""
    client = aws_client("dynamodb", region)
    client.create_table(
        TableName=TABLE,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "sk_value")
        ],
        KeySchema=_keys("pk", "sk"),
        GlobalSecondaryIndexes=[
            {
                "IndexName": "skIndex",
                "KeySchema": _keys("sk", "sk_value"),
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
    )
    client.update_time_to_live(
        TableName=TABLE, TimeToLiveSpecification={"Enabled": True, "AttributeName": "ttl"}
    )


def delete_expired() -> None:
    """Delete the rows whose time to live is over, as DynamoDB does and moto does not."""
    client = aws_client("dynamodb", REGION)
    over = {":now": {"N": str(int(time.time()))}}
    pages = client.get_paginator("scan").paginate(
        TableName=TABLE,
        FilterExpression="#ttl < :now",
        ExpressionAttributeNames={"#ttl": "ttl"},
        ExpressionAttributeValues=over,
    )
    for row in [row for page in pages for row in page["Items"]]:
        client.delete_item(TableName=TABLE, Key={"pk": row["pk"], "sk": row["sk"]})


def _keys(hash_key: str, range_key: str) -> list[dict[str, str]]:
    return [
        {"AttributeName": hash_key, "KeyType": "HASH"},
        {"AttributeName": range_key, "KeyType": "RANGE"},
    ]
