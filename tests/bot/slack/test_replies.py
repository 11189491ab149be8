"""Answers by `response_url`: whatever comes back, the work goes on."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from bot.messages.blocks import message, section
from bot.slack.clients import is_slacks
from bot.slack.replies import ProgressMessages

ANSWERS = [
    b"",
    b"nonsense\r\n\r\n",
    b"HTTP/1.1 abc def\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nshort",
    b"HTTP/1.1 200 OK\r\ncontent-type: text/plain; charset=klingon\r\ncontent-length: 2\r\n\r\nok",
    b"HTTP/1.1 429 Slow\r\nretry-after: soon\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 429 Slow\r\nretry-after: -5\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 302 Found\r\nlocation: http://[::bad\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
]


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening


def serve(listening: socket.socket, answer: bytes) -> str:
    """The address of a server that gives this answer to every request."""

    def answer_all() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.recv(65536)
                connection.sendall(answer)

    threading.Thread(target=answer_all, daemon=True).start()
    return f"http://127.0.0.1:{listening.getsockname()[1]}/response"


@pytest.mark.parametrize("answer", ANSWERS, ids=str)
def test_no_answer_of_slack_raises(
    server: socket.socket, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("time.sleep", lambda seconds: None)
    messages = ProgressMessages(serve(server, answer), monotonic=iter([0.0, 6.0]).__next__)
    messages.progress("Writing numbers", 1, 2)
    messages.tell(message(section("Done.")))


@pytest.mark.parametrize(
    "url", ["http://[::bad", "nonsense", "http://127.0.0.1:99999/x", "ftp://127.0.0.1/x"]
)
def test_no_address_raises(url: str) -> None:
    ProgressMessages(url).tell(message(section("Done.")))


@pytest.mark.parametrize(
    ("url", "api_url", "ours"),
    [
        ("https://hooks.slack.com/commands/T1/1/x", "", True),
        ("https://hooks.eu.slack.com/commands/T1/1/x", "", True),
        ("http://hooks.slack.com/commands", "", False),
        ("https://slack.com.evil.example/x", "", False),
        ("https://evilslack.com/x", "", False),
        ("https://hooks.slack.com@evil.example/x", "", False),
        ("https://evil.example/hooks.slack.com", "", False),
        ("https://evil.example\\.slack.com/x", "", False),
        ("https://hooks.slack.com:444/x", "", False),
        ("http://169.254.169.254/latest", "http://127.0.0.1:8080/api/", False),
        ("http://127.0.0.1:8080/response/1", "http://127.0.0.1:8080/api/", True),
        ("http://127.0.0.1:8081/response/1", "http://127.0.0.1:8080/api/", False),
        ("https://[::bad", "", False),
        ("", "", False),
    ],
)
def test_only_addresses_of_slack_are_answered(url: str, api_url: str, ours: bool) -> None:
    assert is_slacks(url, api_url) is ours
