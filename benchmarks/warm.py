"""The processor time of a warm `/ext` by username, against a bare Bolt app that makes one DynamoDB read.

Asked for are the same person each time, whose availability is kept for 5 seconds, and a different person each
time, whose availability Connect says as far as its quota goes. Each program runs in a process of its own, in
turns, on the same signed requests; the stand-ins of AWS and Slack run in a third, so that their time does not
count. The least of each is compared.
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

from benchmarks.coldstart import ROOT, SECRET, account, asking_for
from sandbox.aws.sample_people import people

TURNS, INVOCATIONS = 9, 40
SAME, DIFFERENT = "the same person", "a different person each time"
BOUNDS = {SAME: 1.4, DIFFERENT: 2.0}
RESULT = "processor seconds: "


class Worker:
    """A process that answers requests when it is told to."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def turn(self, events: Sequence[Mapping[str, Any]]) -> float:
        """Processor seconds of one answer, on average of a turn."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(events) + "\n")
        self._process.stdin.flush()
        # Between are the metrics that each answer writes.
        for line in self._process.stdout:
            if line.startswith(RESULT):
                return float(line.removeprefix(RESULT)) / len(events)
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
    """Read a list of events a line, have them answered, and print the processor time that took."""
    if kind == "ours":
        from bot.slack_lambda import handler
    else:
        from benchmarks.bare_bolt import make_handler

        handler = make_handler()
    context = SimpleNamespace(function_name="bench", aws_request_id="1", invoked_function_arn="arn")
    for line in sys.stdin:
        events = json.loads(line)
        began = time.process_time()
        answers = [handler(event, context) for event in events]
        spent = time.process_time() - began
        if odd := [answer for answer in answers if " is on 0" not in answer["body"]]:
            raise SystemExit(f"Answered: {odd[0]}")
        print(f"{RESULT}{spent}", flush=True)


def events(which: str, turn: int) -> list[Mapping[str, Any]]:
    """The requests of one turn, signed now."""
    first = turn * INVOCATIONS if which == DIFFERENT else 0
    asked = people(first + INVOCATIONS)[first:] if which == DIFFERENT else people(1) * INVOCATIONS
    return [asking_for(each.username).signed(SECRET, int(time.time())) for each in asked]


def compare(which: str, ours: Worker, bare: Worker) -> bool:
    """Print both times and their ratio; whether that keeps to its bound. The first turn of each is cold."""
    turns = [
        (ours.turn(asked), bare.turn(asked)) for asked in (events(which, turn) for turn in range(TURNS + 1))
    ]
    least, least_bare = (min(seconds) for seconds in zip(*turns[1:], strict=True))
    ratio = least / least_bare
    verdict = "ok" if ratio <= BOUNDS[which] else "OVER"
    print(
        f"{which}: ours {least * 1000:.2f} ms, bare {least_bare * 1000:.2f} ms: "
        f"{ratio:.2f}, bound {BOUNDS[which]} {verdict}",
        flush=True,
    )
    return verdict == "ok"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print both comparisons; 1 when one is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.warm")
    parser.add_argument("--serve", choices=["ours", "bare"], help=argparse.SUPPRESS)
    if kind := parser.parse_args(arguments).serve:
        serve(kind)
        return 0
    print(f"Processor time of a warm /ext by username, least of {TURNS} turns of {INVOCATIONS}")
    with account() as environ, worker("ours", environ) as ours, worker("bare", environ) as bare:
        kept = [compare(which, ours, bare) for which in BOUNDS]
    return int(not all(kept))


if __name__ == "__main__":
    sys.exit(main())
