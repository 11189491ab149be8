"""Tables as the stack makes them, and as the older project left them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import boto3
from botocore.config import Config

from tests.stand_ins.dynamodb import table_schema


def client_of(service: Literal["dynamodb", "connect"], url: str) -> Any:
    """A client of a stand-in that tries as the product's do."""
    session = boto3.Session("key", "secret", region_name="us-east-1")
    return session.client(
        service, endpoint_url=url, config=Config(retries={"mode": "standard", "total_max_attempts": 4})
    )


def create_table(client: Any, name: str) -> None:
    """An empty table with the keys and the index of `infra/table-create.yml`."""
    client.create_table(**table_schema(name))


def fill(client: Any, name: str, rows: Iterable[tuple[str, str, str]]) -> None:
    """Put rows of pk, sk and sk_value; an sk_value of "" is left out."""
    items = [
        {"pk": {"S": pk}, "sk": {"S": sk}} | ({"sk_value": {"S": value}} if value else {})
        for pk, sk, value in rows
    ]
    for start in range(0, len(items), 100):
        puts = [{"Put": {"TableName": name, "Item": item}} for item in items[start : start + 100]]
        client.transact_write_items(TransactItems=puts)
