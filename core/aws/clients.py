"""How every AWS client is built: one try a call (the retries are ours), short patience, any endpoint.

The standard `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are honoured by boto3 itself.
"""

from __future__ import annotations

from typing import Any, Literal

import boto3
from botocore.config import Config

Service = Literal["connect", "dynamodb", "lambda", "s3", "secretsmanager"]


def aws_client(service: Service, region: str, patience: float = 10, connections: int = 10) -> Any:
    """A client that gives up on an answer after `patience` seconds, and never tries twice."""
    config = Config(
        connect_timeout=min(3, patience),
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": 1},
        max_pool_connections=connections,
        # Links too: without this they are signed in the old way, which newer Regions refuse.
        signature_version="s3v4" if service == "s3" else None,
    )
    return boto3.client(service, region_name=region or None, config=config)
