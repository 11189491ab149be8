"""AWS by moto's server, and stand-ins for Connect, Lambda and Slack; nothing of this machine's settings."""

from __future__ import annotations

import logging
import os
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import boto3
import pytest
from moto.server import ThreadedMotoServer

from sandbox.loopback import Loopback
from tests.bot.doctor import BUCKET, INSTANCE, REGION, TABLE, Service

_FOREIGN = ("AWS_", "SLACK_", "CONNECT_", "EXTENSION", "EXPORT_", "ADMIN_", "SYNC_", "SUMMARY_", "CALL_")


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@contextmanager
def served() -> Iterator[tuple[Service, str]]:
    service = Service()
    with Loopback(service) as http:
        yield service, http.url


@pytest.fixture(autouse=True)
def environ(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that leads to no real account."""
    for name in [name for name in os.environ if name.startswith(_FOREIGN)]:
        monkeypatch.delenv(name)
    given = {
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "NO_PROXY": "127.0.0.1",
        "CONNECT_INSTANCE_ID": INSTANCE,
        "EXTENSIONS_TABLE": TABLE,
        "EXPORT_BUCKET": BUCKET,
        "EXTENSION_RANGE": "7000-7001",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(boto3, "DEFAULT_SESSION", None)


@pytest.fixture
def account(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An account with nothing in it."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    opener.open(urllib.request.Request(f"{moto_url}/moto-api/reset", method="POST")).close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", moto_url)


@pytest.fixture
def denied(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    """An account that says no to everything that it was not told to answer."""
    with served() as (service, url):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        yield service


@pytest.fixture
def connect(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with served() as (service, url):
        monkeypatch.setenv("AWS_ENDPOINT_URL_CONNECT", url)
        yield service


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    with served() as (service, url):
        monkeypatch.setenv("SLACK_API_URL", f"{url}/api/")
        yield service
