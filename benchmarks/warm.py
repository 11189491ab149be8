"""The processor time of a warm `/ext` by username, against a bare Bolt app that makes one DynamoDB read.

Each runs in a process of its own, in turns, on the same signed request; the stand-ins of AWS and Slack run in
a third, so that their time does not count. The least of each is compared. Ours reads the rows each time; the
agent's availability, which is kept for 5 seconds, it asks for once in some hundred answers.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from benchmarks.coldstart import ROOT, account, cases

TURNS, INVOCATIONS = 9, 40
BOUND = 1.6
RESULT = "processor seconds: "


class Worker:
    """A process that answers one request many times, when it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def turn(self, event: Mapping[str, Any]) -> float:
        """Processor seconds of one answer, on average of a turn."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(event) + "\n")
        self._process.stdin.flush()
        # Between are the metrics that each answer writes.
        for line in self._process.stdout:
            if line.startswith(RESULT):
                return float(line.removeprefix(RESULT)) / INVOCATIONS
        raise SystemExit("A worker ended before its turn was over.")


@contextmanager
def worker(kind: str, environ: Mapping[str, str]) -> Iterator[Worker]:
    """A worker, `ours` or `bare`; it ends with the context."""
    command = [sys.executable, "-m", "benchmarks.warm", "--serve", kind]
    process = subprocess.Popen(
        command, env=dict(environ), cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        yield Worker(process)
    finally:
        process.kill()
        process.communicate()


def serve(kind: str) -> None:
    """Read an event a line, have it answered many times, and print the processor time that took."""
    if kind == "ours":
        from bot.slack_lambda import handler
    else:
        from benchmarks.bare_bolt import make_handler

        handler = make_handler()
    context = SimpleNamespace(function_name="bench", aws_request_id="1", invoked_function_arn="arn")
    for line in sys.stdin:
        event = json.loads(line)
        began = time.process_time()
        answers = [handler(event, context) for _ in range(INVOCATIONS)]
        spent = time.process_time() - began
        if "Jane Doe is on 0000" not in answers[-1]["body"]:
            raise SystemExit(f"Answered: {answers[-1]}")
        print(f"{RESULT}{spent}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both times and their ratio; 1 when that is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm")
    parser.add_argument("--serve", choices=["ours", "bare"], help=argparse.SUPPRESS)
    if kind := parser.parse_args(arguments).serve:
        serve(kind)
        return 0
    print(f"Processor time of a warm /ext by username, least of {TURNS} turns of {INVOCATIONS}")
    with account() as environ, worker("ours", environ) as ours, worker("bare", environ) as bare:
        turns = []
        for _ in range(TURNS + 1):
            event = cases()[0].ours.event
            turns.append((ours.turn(event), bare.turn(event)))
    # The first turn of each is cold.
    least, least_bare = (min(seconds) for seconds in zip(*turns[1:], strict=True))
    ratio = least / least_bare
    verdict = "OVER" if ratio > BOUND else "ok"
    print(
        f"ours {least * 1000:.2f} ms, bare {least_bare * 1000:.2f} ms: {ratio:.2f}, bound {BOUND} {verdict}"
    )
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main())
