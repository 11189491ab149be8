"""This commit and an older one, timed in turns on this machine: `python -m benchmarks.against COMMIT`.

A worktree of the older commit is made, and both get the same interpreter, libraries, account and requests.
Compared are user seconds, the least of the turns: a busy machine disturbs them less than it does the
clock. What the older commit can't do is said and left out. `--agents 50000` compares syncs of so many agents
in place of the rest: processor seconds and peak memory of a first, a steady and a changed one in a process.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from msgspec import Struct

from benchmarks.account import account as connect_and_table
from benchmarks.coldstart import ROOT, account, cases, packaged_descriptions
from benchmarks.search_roster import make_roster
from core.directory.data import to_json
from core.directory.publication import Publication
from core.models import Directory

TURNS, WARM, AGENTS = 7, 60, 10_000

# Each is run as a program in the worktree of either commit; what it prints are the seconds.
_COLD = """
import json, sys
import {module} as function
event = json.load(open({event!r}))
if hasattr(function, "respond"):
    respond = function.respond
    function.respond = lambda here, event, started=None: respond(here, event, 60, started)
answer = function.handler(event, type("Context", (), {{"aws_request_id": "1", "function_name": "f",
    "memory_limit_in_mb": "1024", "invoked_function_arn": "arn"}}))
assert {expected!r} in json.dumps(answer), answer
"""
_WARM = """
import time
began = time.process_time()
for _ in range({times}):
    answer = function.handler(event, None)
assert {expected!r} in json.dumps(answer), answer
print((time.process_time() - began) / {times})
"""
_DIRECTORY = """
import time
from core.aws.exports_and_links import load_directory
data = open({export!r}, "rb").read()
taken = []
for _ in range(7):
    began = time.process_time()
    directory = load_directory(data)
    taken.append(time.process_time() - began)
print(min(taken))
"""
_INDEX = """
from core.search.index import SearchIndex
taken = []
for _ in range(7):
    began = time.process_time()
    index = SearchIndex(directory.entries)
    index.by_word, index.by_compact_login
    taken.append(time.process_time() - began)
print(min(taken))
"""


# The bucket keeps no more than what a sync asks of it: its objects would count as memory of the sync.
_SYNCS = """
import resource, time
from benchmarks.account import Account, ask
from benchmarks.measured import reach
from benchmarks.sync_runs import Runs
class Bucket:
    kept = {{}}
    def client(self): return self
    def put_object(self, Key, Metadata, **_): self.kept[Key] = Metadata
    def head_object(self, Key, **_):
        if Key in self.kept: return {{"Metadata": self.kept[Key]}}
        from botocore.exceptions import ClientError
        raise ClientError({{"Error": {{"Code": "404"}}}}, "HeadObject")
account = Account({connect!r}, {table!r})
reach(account)
runs = Runs("00000-99999", True)
runs.bucket = Bucket()
for step in ("first", "steady", "changed"):
    if step == "changed":
        ask(account.connect, "/_modify")
    began = time.process_time()
    runs.run()
    print(time.process_time() - began)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


class Program(Struct, frozen=True):
    """What is compared: a program, and whether it prints the seconds itself rather than being timed whole."""

    name: str
    text: str
    says: bool


@contextmanager
def worktree(commit: str) -> Iterator[Path]:
    """The older commit in a folder of its own. Raises SystemExit where this clone's history lacks it."""
    known = subprocess.run(
        ["git", "cat-file", "-e", f"{commit}^{{commit}}"], cwd=ROOT, capture_output=True, check=False
    )
    if known.returncode:
        raise SystemExit(
            f"The history of this clone has no commit {commit}: fetch all of it, or name another."
        )
    with TemporaryDirectory() as folder:
        place = Path(folder) / "older"
        subprocess.run(
            ["git", "worktree", "add", "--quiet", "--detach", str(place), commit], cwd=ROOT, check=True
        )
        try:
            yield place
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(place)], cwd=ROOT, check=True)


def programs(folder: Path) -> list[Program]:
    """The programs; `folder` gets the event and the export that they read."""
    event, export = folder / "event.json", folder / "directory.json"
    entries = tuple(make_roster(AGENTS, 7))
    export.write_bytes(to_json(Publication(Directory(entries, "v1", "2026-11-24T09:30:00Z"))))
    slack = cases()[0]
    event.write_text(json.dumps(slack.ours.event), encoding="utf-8")
    module, expected = slack.ours.handler.rpartition(".")[0], slack.ours.expected
    cold = _COLD.format(module=module, event=str(event), expected=expected)
    read = _DIRECTORY.format(export=str(export))
    return [
        Program(f"cold {slack.name}", cold, says=False),
        Program("warm, the same person", cold + _WARM.format(times=WARM, expected=expected), says=True),
        Program(f"the export of {AGENTS:,} read", read, says=True),
        Program("and indexed", read + _INDEX, says=True),
    ]


def seconds(program: Program, place: Path, environ: Mapping[str, str]) -> float | None:
    """User seconds of one run in a worktree; None where it fails there."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    ended = subprocess.run(
        [sys.executable, "-c", program.text],
        cwd=place,
        env={**environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        print(ended.stderr.strip().rpartition("\n")[2], file=sys.stderr)
        return None
    if program.says:
        return float(ended.stdout.split()[-1])
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before


def compare(program: Program, older: Path, environ: Mapping[str, str]) -> None:
    """Print the least of both and the ratio. The first run of each writes byte code and does not count."""
    began = time.perf_counter()
    turns = []
    for _ in range(TURNS + 1):
        pair = seconds(program, ROOT, environ), seconds(program, older, environ)
        if None in pair:
            which = "this commit" if pair[0] is None else "the older commit"
            print(f"{program.name}: {which} does not do this", flush=True)
            return
        turns.append(pair)
    now, then = (min(each) for each in zip(*turns[1:], strict=True))
    took = time.perf_counter() - began
    print(
        f"{program.name:40} {now * 1000:8.1f} ms, older {then * 1000:8.1f} ms: {now / then:.2f}"
        f"   ({took:.0f} s)",
        flush=True,
    )


def compare_syncs(agents: int, older: Path, turns: int = 3) -> None:
    """Print the least of both and the ratio, for each sync and for the peak of memory."""
    pairs = [[syncs(agents, place) for place in (ROOT, older)] for _ in range(turns)]
    now, then = ([min(each) for each in zip(*turn, strict=True)] for turn in zip(*pairs, strict=True))
    for at, what in enumerate(("first sync", "steady sync", "changed sync", "peak memory")):
        unit = "MB" if what == "peak memory" else "s"
        name = f"{agents:,} agents, {what}"
        print(f"{name:40} {now[at]:8.2f} {unit}, older {then[at]:8.2f} {unit}: {now[at] / then[at]:.2f}")


def syncs(agents: int, place: Path) -> list[float]:
    """Processor seconds of a first, a steady and a changed sync in a worktree, and the peak memory in MB."""
    with connect_and_table(agents, hurry=True) as here:
        program = _SYNCS.format(connect=here.connect, table=here.table)
        ended = subprocess.run(
            [sys.executable, "-c", program],
            cwd=place,
            env={**os.environ, "PYTHONPATH": str(place)},
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    return [float(line) for line in ended.stdout.split()]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a line for each program."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.against", description=main.__doc__)
    parser.add_argument("commit", help="the older commit")
    parser.add_argument("--agents", type=int, help="compare syncs of so many agents")
    chosen = parser.parse_args(arguments)
    commit = chosen.commit
    if chosen.agents:
        with worktree(commit) as older:
            compare_syncs(chosen.agents, older)
        return 0
    with worktree(commit) as older, account() as environ, TemporaryDirectory() as folder:
        descriptions = packaged_descriptions(Path(folder) / "data")
        packaged = {**os.environ, **environ, "AWS_DATA_PATH": str(descriptions)}
        packaged.pop("PYTHONDONTWRITEBYTECODE", None)
        print(f"User seconds, the least of {TURNS} turns: this commit, {commit}, and the ratio")
        for program in programs(Path(folder)):
            compare(program, older, packaged)
    return 0


if __name__ == "__main__":
    sys.exit(main())
