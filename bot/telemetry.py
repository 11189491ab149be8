"""Logs and metrics, by Powertools: JSON lines that CloudWatch reads. Never a message's text or an email."""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

_SERVICE = "connect-extensions"
_NAMESPACE = "ConnectExtensions"
_UNITS = {"SyncDuration": "Milliseconds", "PoolFreePercent": "Percent"}


@cache
def logger() -> Logger:
    """The logger of every handler."""
    from aws_lambda_powertools import Logger

    return Logger(service=os.environ.get("POWERTOOLS_SERVICE_NAME", _SERVICE))


def emit(**values: float) -> None:
    """Metrics by name, one line for all; in CloudWatch under the dimension `service`."""
    from aws_lambda_powertools.metrics import EphemeralMetrics

    metrics = EphemeralMetrics(
        namespace=os.environ.get("POWERTOOLS_METRICS_NAMESPACE", _NAMESPACE),
        service=os.environ.get("POWERTOOLS_SERVICE_NAME", _SERVICE),
    )
    for name, value in values.items():
        metrics.add_metric(name=name, unit=_UNITS.get(name, "Count"), value=value)
    metrics.flush_metrics()
