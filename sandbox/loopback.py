"""The HTTP server on loopback of the sandbox, the tests and the benchmarks."""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any, NamedTuple, Self
from weakref import WeakSet


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


# Returns the answer to a request; None drops the connection. May be called from several threads at once.
Answer = Callable[[Request], Reply | None]


def aws_error(status: int, code: str, message: str) -> Reply:
    """An error in the form of AWS's JSON protocols."""
    headers = {"Content-Type": "application/json", "x-amzn-ErrorType": code}
    return Reply(status, json.dumps({"Message": message}), headers)


class Loopback:
    """A server that answers by one function. `port` 0 takes a free one."""

    def __init__(self, answer: Answer, port: int = 0) -> None:
        self._answer, self._port = answer, port
        self._server: _Server | None = None

    @property
    def url(self) -> str:
        """The server's address, `http://127.0.0.1:PORT`; it stays the same after a stop."""
        if not self._port:
            self._bind()
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> Self:
        """Serve in a thread."""
        server = self._bind()
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self, *_: object) -> None:
        """Close the port and every connection."""
        if self._server:
            self._server.close()
            self._server = None

    __enter__, __exit__ = start, stop

    def _bind(self) -> _Server:
        if not self._server:
            self._server = _Server(self._answer, self._port)
            self._port = self._server.server_address[1]
        return self._server


class _Handler(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    # TCP_NODELAY and one write for each answer: otherwise an answer waits 40 ms for an acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    server: _Server

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.answer(Request(self.command, self.path, headers, body))
        if reply is None:
            self.close_connection = True
            return
        content = reply.body.encode()
        self.send_response(reply.status)
        for name, value in reply.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    def log_message(self, *_: object) -> None:
        """Print nothing: the terminal belongs to the sandbox."""


class _Server(ThreadingMixIn, TCPServer):
    """A thread for each connection; no connection outlives `close`."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, answer: Answer, port: int) -> None:
        self.answer = answer
        self._connections: WeakSet[socket.socket] = WeakSet()
        super().__init__(("127.0.0.1", port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that hangs up; print every other error."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)

    def close(self) -> None:
        self.shutdown()
        self.server_close()
        for connection in list(self._connections):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
