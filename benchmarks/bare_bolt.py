"""A bare Bolt app on Lambda: checks the signature, makes one DynamoDB read, and answers the command."""

from __future__ import annotations

import os
from typing import Any

import boto3
from slack_bolt import Ack, App
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_sdk import WebClient

from benchmarks.coldstart import SECRET


def make_handler() -> Any:
    """The app's handler, as Bolt's documentation builds it."""
    app = App(
        signing_secret=SECRET,
        client=WebClient("xoxb-bench", base_url=os.environ["SLACK_API_URL"]),
        token_verification_enabled=False,
        process_before_response=True,
    )
    client = boto3.client("dynamodb")
    key: Any = {"pk": {"S": "0000"}, "sk": {"S": "agentID"}}

    @app.command("/ext")
    def ext(ack: Ack) -> None:
        item = client.get_item(TableName=os.environ["EXTENSIONS_TABLE"], Key=key, ConsistentRead=True)["Item"]
        ack(f"{item['display_name']['S']} is on {item['pk']['S']}")

    return SlackRequestHandler(app).handle
