"""A small HTTP server on loopback, for the stand-ins that only need to answer a request."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple, Self


class Request(NamedTuple):
    """One HTTP request. The names of the headers are in small letters."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


class Reply(NamedTuple):
    """One HTTP answer."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = {"Content-Type": "application/json"}


class Loopback:
    """Answers every request by one function, which may be called from several threads at once."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._server = _Server(answer)

    @property
    def url(self) -> str:
        """Where it is reached: `http://127.0.0.1:PORT`."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self) -> Self:
        """Serve, in a thread of its own."""
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self, *_: object) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()

    __enter__, __exit__ = start, stop


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests; each answer leaves in one write, at once."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(Request(self.command, self.path, headers, body))
        content = reply.body.encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Say nothing: the terminal belongs to the sandbox."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self.answer = answer
        super().__init__(("127.0.0.1", 0), _Handler)
