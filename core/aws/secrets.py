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
        return _texts(text)
    except ValueError as error:
        raise Unavailable(
            f"{place.name} is not JSON with SLACK_BOT_TOKEN and SLACK_SIGNING_SECRET, as "
            '{"SLACK_BOT_TOKEN": "xoxb-...", "SLACK_SIGNING_SECRET": "..."}.'
        ) from error


def _texts(text: str) -> dict[str, str]:
    """Read a JSON object of texts, and strip them. Raises ValueError."""
    found = json.loads(text)
    if not isinstance(found, dict) or not all(isinstance(value, str) for value in found.values()):
        raise ValueError("The JSON is no object of texts.")
    return {name: value.strip() for name, value in found.items()}
