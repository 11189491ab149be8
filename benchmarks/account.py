"""An account to measure in: a Connect instance with its quota and a table, each a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen


@dataclass(frozen=True, slots=True)
class Account:
    """Two URLs. The table is empty at first."""

    connect: str
    table: str


@contextmanager
def account(agents: int, others: float = 0, hurry: bool = False) -> Iterator[Account]:
    """An account with so many agents; `others` is the share of the quota that somebody else uses.

    In a `hurry` there is no quota and the table answers at once: then only requests can be compared.
    """
    table = ["--agents", str(agents), *(["--latency", "0"] if hurry else [])]
    connect = ["--agents", str(agents), "--others", str(others), *(["--no-quota"] if hurry else [])]
    with (
        _serving("benchmarks.connect_server", connect) as one,
        _serving("benchmarks.table_server", table) as other,
    ):
        yield Account(one, other)


@contextmanager
def _serving(module: str, options: Sequence[str]) -> Iterator[str]:
    """The URL of a server, which is the first line it prints. It ends with the context."""
    command = [sys.executable, "-m", module, *options]
    server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        yield server.stdout.readline().strip()
    finally:
        server.terminate()
        server.communicate()


def ask(url: str, path: str, **body: Any) -> dict[str, Any]:
    """Control a server: `/_stats`, `/_reset` and the like."""
    data = None if path == "/_stats" else json.dumps(body).encode()
    with urlopen(Request(f"{url}{path}", data)) as answer:
        said: dict[str, Any] = json.load(answer)
    return said
