"""How long a new container takes to answer a tool call of Slackbot, against `/ext` with the same question.

Runs of both take turns, each in a process of its own with the package's descriptions of services; the median
of the pairs' ratios counts. The modules that a tool call imports beside those of `/ext` are named.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.coldstart import ROOT, SECRET, Function, account, cold, packaged_descriptions
from sandbox.aws.sample_people import people
from sandbox.slack.signed_payloads import Member, command, tool_call

PAIRS, BOUND, MOST_MODULES = 31, 1.1, 5
HANDLER = "bot.slack_lambda.handler"
_MODULES = """
import json, sys
from bot.slack_lambda import respond
from bot.wiring import installation
assert "Jane Doe" in respond(installation(), json.loads(sys.stdin.read()), seconds=60)["body"]
print("modules:", *sys.modules)
"""


def functions() -> tuple[Function, Function]:
    """The tool call, and `/ext`."""
    person = people(1)[0]
    asker, now = Member.of(person), int(time.time())
    asked = command(asker, "/ext", person.username, "http://127.0.0.1:1/unused", "trigger")
    called = tool_call(asker, "find_extension", {"query": person.username})
    tool = Function(HANDLER, called.signed(SECRET, now), "Jane Doe")
    return tool, Function(HANDLER, asked.signed(SECRET, now), "Jane Doe")


def modules(function: Function, environ: Mapping[str, str]) -> set[str]:
    """The modules that are loaded after an answer."""
    ran = subprocess.run(
        [sys.executable, "-c", _MODULES],
        input=json.dumps(function.event),
        env=dict(environ),
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        check=True,
    )
    return set(next(line for line in ran.stdout.splitlines() if line.startswith("modules:")).split()[1:])


def main() -> int:
    """Print the ratio and the modules; 1 when either is over its bound."""
    with account() as environ, TemporaryDirectory() as folder:
        packaged = environ | {"AWS_DATA_PATH": os.fspath(packaged_descriptions(Path(folder)))}
        tool, ext = functions()
        more = sorted(modules(tool, packaged) - modules(ext, packaged))
        print(
            f"Modules beside those of /ext: {len(more)}, bound {MOST_MODULES}: {', '.join(more)}", flush=True
        )
        pairs = [(cold(tool, packaged), cold(ext, packaged)) for _ in range(PAIRS + 1)][1:]
    ratio = median(mine / other for mine, other in pairs)
    over = ratio > BOUND or len(more) > MOST_MODULES
    print(f"A tool call in a new container: {ratio:.2f} of /ext, median of {PAIRS} pairs, bound {BOUND}")
    print("OVER" if over else "ok")
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
