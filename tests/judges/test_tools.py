"""The `mcp` package's client, signed as Slack signs, lists and calls the tools of the real handler."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from sandbox.loopback import Loopback, Reply, Request
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, running
from tests.bot.slack.recorder import JANE, TEAM

pytestmark = pytest.mark.judges

ASKER = {"slack": {"user_id": JANE, "team_id": TEAM, "enterprise_id": None}}


def signed(request: Any) -> Any:
    """The request with Slack's signature."""
    at = str(int(time.time()))
    digest = hmac.new(requests.SECRET.encode(), f"v0:{at}:".encode() + request.read(), hashlib.sha256)
    request.headers["x-slack-request-timestamp"] = at
    request.headers["x-slack-signature"] = f"v0={digest.hexdigest()}"
    return request


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB) as running_bot:
        yield running_bot


def gateway(bot: Bot) -> Loopback:
    """HTTP as API Gateway hands it to the function; it routes POST alone."""

    def answer(request: Request) -> Reply:
        if request.method != "POST":
            return Reply(404, "")
        event = {
            "headers": dict(request.headers),
            "requestContext": {"http": {"method": request.method, "path": request.path}},
            "body": request.body.decode(),
            "isBase64Encoded": False,
        }
        response = bot.send(event)
        return Reply(response["statusCode"], response["body"], response["headers"])

    return Loopback(answer)


async def talk(url: str, calls: list[tuple[str, dict[str, Any]]]) -> tuple[list[str], list[Any]]:
    """The names of the tools, and the results of the calls."""
    async with httpx2.AsyncClient(auth=signed) as http:
        transport = streamable_http_client(f"{url}/slack/mcp", http_client=http)
        async with Client(transport, read_timeout_seconds=10) as client:
            tools = (await client.list_tools()).tools
            results = [await client.call_tool(name, given, meta=ASKER) for name, given in calls]
            return [tool.name for tool in tools], results


def test_the_client_lists_and_calls_the_tools(bot: Bot) -> None:
    bot.slack.profiles[JANE] = {"email": "bob@example.com", "real_name": "Bob"}
    calls = [
        ("find_extension", {"query": "jane doe"}),
        ("who_is_on", {"extension": "0043"}),
        ("my_extension", {}),
    ]
    with gateway(bot) as server:
        names, results = asyncio.run(talk(server.url, calls))
    assert names == ["find_extension", "who_is_on", "my_extension"]
    assert ["0042" in str(results[0].content), "Robert Stone" in str(results[1].content)] == [True, True]
    assert "Your number is 0043" in results[2].content[0].text
    assert all(result.meta["slack"]["blocks"] and not result.is_error for result in results)
