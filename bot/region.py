"""The AWS Region of an environment."""

from __future__ import annotations

from collections.abc import Mapping


def region_of(environ: Mapping[str, str]) -> str:
    """The Region of the environment, or else the one in the instance's ARN."""
    arn = environ.get("CONNECT_INSTANCE_ID", "").split(":")
    named = arn[3] if len(arn) > 5 and arn[0] == "arn" else ""
    return environ.get("AWS_REGION") or environ.get("AWS_DEFAULT_REGION") or named
