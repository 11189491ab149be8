"""The Slack secrets in Secrets Manager."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from core.aws.failures import Place
from core.errors import Unavailable

if TYPE_CHECKING:
    from types_boto3_secretsmanager import SecretsManagerClient


def read_slack_secret(client: SecretsManagerClient, secret_id: str) -> dict[str, str]:
    """Read the secret's JSON: SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, stripped. Raises Unavailable."""
    place = Place(f"The secret '{secret_id}' (SLACK_SECRET_ID)", "ResourceNotFoundException")
    with place:
        text = client.get_secret_value(SecretId=secret_id).get("SecretString", "")
    try:
        secret = json.loads(text)
        if not isinstance(secret, dict) or not all(isinstance(value, str) for value in secret.values()):
            raise ValueError("no object of texts")
    except ValueError as error:
        raise Unavailable(
            f"{place.name} is not JSON with SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, as "
            '{"SLACK_BOT_TOKEN": "xoxb-...", "SLACK_SIGNING_SECRET": "..."}.'
        ) from error
    return {name: value.strip() for name, value in secret.items()}
