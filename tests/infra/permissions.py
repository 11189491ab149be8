"""Writes down what a function asks of AWS, and says what its role would have refused."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from boto3 import Session

from tests.infra.template import TABLE, Statement

# Operations that IAM knows by another name.
ACTIONS = {
    "s3:HeadObject": "s3:GetObject",
    "s3:ListObjectsV2": "s3:ListBucket",
    "lambda:Invoke": "lambda:InvokeFunction",
    "sqs:DeleteMessageBatch": "sqs:DeleteMessage",
}
WRITES = ("Put", "Update", "Delete", "ConditionCheck")


@dataclass(frozen=True)
class Asked:
    """One thing asked of AWS: the IAM action, the resource where it is one of ours, the key written."""

    action: str
    resource: str = ""
    key: str = ""


@contextmanager
def written_down() -> Iterator[set[Asked]]:
    """Everything that the clients of the functions ask that are made in the meantime."""
    asked: set[Asked] = set()

    def write_down(**call: Any) -> None:
        service = call["model"].service_model.service_name
        asked.update(requests(service, call["model"].name, call["params"]))

    def watched() -> Session:
        session = Session()
        session.events.register("before-parameter-build", write_down)
        return session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("core.aws.clients.Session", watched)
        yield asked


def requests(service: str, operation: str, params: Mapping[str, Any]) -> Iterator[Asked]:
    """What one call asks; a transaction asks several things."""
    if operation == "TransactWriteItems":
        for item in params["TransactItems"]:
            ((kind, given),) = item.items()
            yield table_request(f"{kind}Item", given)
    elif service == "dynamodb":
        yield table_request(operation, params)
    else:
        action = ACTIONS.get(f"{service}:{operation}", f"{service}:{operation}")
        yield Asked(action, f"{{ExportBucket.Arn}}/{params['Key']}" if "Key" in params else "")


def table_request(operation: str, params: Mapping[str, Any]) -> Asked:
    resource = f"{TABLE}/index/{params['IndexName']}" if "IndexName" in params else TABLE
    row = params.get("Item") or params.get("Key") or {}
    return Asked(
        f"dynamodb:{operation}", resource, row["pk"]["S"] if row and operation.startswith(WRITES) else ""
    )


def refused(statements: list[Statement], asked: set[Asked]) -> set[Asked]:
    """What no statement of the role allows."""
    return {each for each in asked if not any(allows(statement, each) for statement in statements)}


def allows(statement: Statement, asked: Asked) -> bool:
    return (
        asked.action in statement.actions
        and (not asked.resource or any_matches(statement.resources, asked.resource))
        and (not statement.leading_keys or any_matches(statement.leading_keys, asked.key))
    )


def any_matches(patterns: tuple[str, ...], text: str) -> bool:
    return any(fnmatch.fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in patterns)
