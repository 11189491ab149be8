"""Clients of AWS.

The standard `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are honoured by botocore itself.
"""

from __future__ import annotations

import os
from typing import Any, Literal

from boto3 import Session as Session  # the wiring keeps one
from botocore.config import Config
from botocore.exceptions import BotoCoreError, NoRegionError, ProfileNotFound

from core.errors import BadSettings

Service = Literal["connect", "dynamodb", "lambda", "s3", "secretsmanager", "sqs", "sts"]


def aws_session() -> Session:
    """A session of the environment. Its clients share what it has read of botocore's data.

    It makes one client at a time; clients themselves may be used in threads.
    """
    try:
        return Session()
    except ProfileNotFound as error:
        raise BadSettings(f"AWS_PROFILE names no profile of this machine: {error}") from error
    except BotoCoreError as error:
        raise BadSettings(f"The AWS configuration (AWS_CONFIG_FILE) can't be used: {error}") from error


def aws_client(
    service: Service,
    region: str,
    patience: float = 10,
    attempts: int = 4,
    session: Session | None = None,
) -> Any:
    """A client that waits `patience` seconds for an answer and makes up to `attempts` tries."""
    config = Config(
        connect_timeout=min(3, patience),
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": attempts},
        # AWS checks what it is sent; checking it here as well costs a third of a transaction of 100 rows.
        parameter_validation=False,
        # Links too: without these they are signed in the old way, which newer Regions refuse, and lead to the
        # global host, which newer Regions do not answer on.
        signature_version="s3v4" if service == "s3" else None,
        s3={"addressing_style": _addressing(), "us_east_1_regional_endpoint": "regional"},
    )
    try:
        return (session or aws_session()).client(service, region_name=region or None, config=config)
    except NoRegionError as error:
        raise BadSettings("No AWS Region is set: set AWS_REGION, or a Region for the profile.") from error
    except (BotoCoreError, ValueError) as error:
        raise BadSettings(f"The settings of AWS are not right: {error}") from error


def _addressing() -> Literal["path", "virtual"]:
    """`path` for another S3 than AWS's: in front of a host's name a bucket makes a host that nobody knows."""
    given = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    return "path" if given else "virtual"
