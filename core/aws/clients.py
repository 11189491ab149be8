"""How every AWS client is built: one try a call (the retries are ours), short patience, any endpoint.

The standard `AWS_ENDPOINT_URL` and `AWS_ENDPOINT_URL_<SERVICE>` are honoured by botocore itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from botocore.config import Config
from botocore.session import Session, get_session

# Of each service what the bot calls; written by `python -m infra.models`, which says why.
MODELS = Path(__file__).parent / "models"

Service = Literal["connect", "dynamodb", "lambda", "s3", "secretsmanager"]


def quick_session() -> Session:
    """A session whose clients know the operations that the bot calls, and are there in half the time."""
    session = get_session()
    session.get_component("data_loader").search_paths.insert(0, str(MODELS))
    return session


def aws_client(service: Service, region: str, patience: float = 10, session: Session | None = None) -> Any:
    """A client that gives up on an answer after `patience` seconds, and never tries twice.

    Clients of one session share what it has read. It is botocore's and not boto3's, which is the same
    for clients but for 30 ms of imports that a new container waits for.
    """
    config = Config(
        connect_timeout=min(3, patience),
        read_timeout=patience,
        retries={"mode": "standard", "total_max_attempts": 1},
        # AWS checks what it is sent; checking it here as well costs a third of a transaction of 100 rows.
        parameter_validation=False,
        # Links too: without this they are signed in the old way, which newer Regions refuse.
        signature_version="s3v4" if service == "s3" else None,
    )
    return (session or get_session()).create_client(service, region_name=region or None, config=config)
