"""Logs and metrics, by Powertools: JSON lines that CloudWatch reads. Never a message's text or an email."""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_SERVICE = "connect-extensions"
_NAMESPACE = "ConnectExtensions"
_UNITS = {"SyncDuration": "Milliseconds", "PoolFreePercent": "Percent"}


@cache
def logger() -> Logger:
    """The logger of every handler; what our own modules log goes the same way."""
    from aws_lambda_powertools import Logger

    found = Logger(service=os.environ.get("POWERTOOLS_SERVICE_NAME", _SERVICE))
    ours = logging.getLogger("bot")
    ours.handlers, ours.propagate = [*found.handlers], False
    ours.setLevel(found.log_level)
    return found


def in_lambda() -> bool:
    """Whether standard output is a log that somebody's alarms read, rather than a terminal."""
    return "AWS_LAMBDA_FUNCTION_NAME" in os.environ


def prepare() -> None:
    """Import all that a log line and a metric need."""
    import aws_lambda_powertools.metrics  # noqa: F401

    logger()


def begin(context: Any) -> None:
    """At the start of an invocation: every line it logs carries its request id."""
    if in_lambda():
        logger().append_keys(request_id=getattr(context, "aws_request_id", ""))


def emit(range_name: str = "", **values: float) -> None:
    """Metrics by name, one line for all; in CloudWatch by `service`, and by `range` if one is named."""
    if not in_lambda():
        return
    from aws_lambda_powertools.metrics import EphemeralMetrics

    metrics = EphemeralMetrics(
        namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", _NAMESPACE),
        service=os.environ.get("POWERTOOLS_SERVICE_NAME", _SERVICE),
    )
    if range_name:
        metrics.add_dimension(name="range", value=range_name)
    for name, value in values.items():
        metrics.add_metric(name=name, unit=_UNITS.get(name, "Count"), value=value)
    metrics.flush_metrics()
