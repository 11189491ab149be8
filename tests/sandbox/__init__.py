"""What the sandbox's tests share: a clock, a real client, and botocore's service model as a judge."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from sandbox.aws.connect_stand_in import ConnectStandIn

if TYPE_CHECKING:
    from types_boto3_connect import ConnectClient


class Clock:
    """A monotonic clock that only moves when told."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@functools.cache
def session() -> boto3.Session:
    return boto3.Session("key", "secret", region_name="us-east-1")


def client_of(connect: ConnectStandIn) -> ConnectClient:
    """A boto3 client that tries once."""
    config = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=5)
    return session().client("connect", endpoint_url=connect.url, config=config)


def operation_model(operation: str) -> Any:
    """What botocore knows of an operation of Connect."""
    return session()._session.get_service_model("connect").operation_model(operation)


def misfits(shape: Any, value: Any, path: str = "") -> list[str]:
    """Where a JSON value is not what botocore's service model says of it."""
    limits = shape.metadata
    if shape.type_name == "structure":
        wrong = [f"{path}.{name}: unknown or missing" for name in strange_members(shape, value)]
        known = [(name, value[name]) for name in value if name in shape.members]
        return wrong + [
            each for name, part in known for each in misfits(shape.members[name], part, f"{path}.{name}")
        ]
    wrong = [] if fits(shape, value, limits) else [f"{path}: {value!r}"]
    if shape.type_name == "list":
        wrong += [each for part in value for each in misfits(shape.member, part, f"{path}[]")]
    if shape.type_name == "map":
        wrong += [each for name in value for each in misfits(shape.key, name, f"{path} key")]
        wrong += [each for name in value for each in misfits(shape.value, value[name], f"{path}.{name}")]
    return wrong


def strange_members(shape: Any, value: dict[str, Any]) -> set[str]:
    """Members that the shape has not, or that it requires and the value has not."""
    return set(value.keys() - shape.members.keys()) | (set(shape.required_members) - value.keys())


def fits(shape: Any, value: Any, limits: dict[str, Any]) -> bool:
    kinds: dict[str, Any] = {
        "string": str,
        "boolean": bool,
        "list": list,
        "map": dict,
        "timestamp": (int, float),
    }
    if type(value) is bool and shape.type_name != "boolean":
        return False
    if not isinstance(value, kinds.get(shape.type_name, int)):
        return False
    size = value if isinstance(value, int | float) else len(value)
    if shape.type_name != "timestamp" and not limits.get("min", size) <= size <= limits.get("max", size):
        return False
    pattern = limits.get("pattern", "")
    matches = "\\p{" in pattern or re.search(pattern, str(value)) is not None
    return matches and value in limits.get("enum", [value])
