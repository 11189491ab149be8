"""How long a new container takes from process start to answer, against a bare function in the same run.

AWS's own runtime client (`awslambdaric`) runs both, against a small runtime API on loopback: ours, with a
table and bucket of 10,000 agents in moto's server, and a bare one that imports what ours cannot do without,
makes one DynamoDB client and answers. All modules of both have byte code, and ours has the descriptions of
services as `infra/package.py` cuts them. Runs of both take turns, and the fastest of each are compared: that
is the one that the rest of a busy machine disturbed least. Of calls the requests to AWS of a warm one are
counted too.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import boto3
import botocore

from core.aws.row_keys import FORWARDS, names_key
from core.aws.rows import Row, fingerprint, rows_of, to_item
from core.calling.called import rows_of_names
from core.calling.keypad import keys_of
from core.directory.data import to_json
from core.directory.keys import DIRECTORY_JSON
from core.directory.publication import Publication
from core.models import Assigned, Directory
from infra.package import SERVICES, cut_descriptions, names_in
from sandbox.aws.connect_stand_in import INSTANCE_ARN, ConnectStandIn
from sandbox.aws.connect_users import REGION
from sandbox.aws.sample_people import people
from sandbox.loopback import Loopback, Reply, Request
from sandbox.slack.signed_payloads import TEAM_ID, Member, Payload, command

ROOT = Path(__file__).parent.parent
AGENTS = 10_000
SECRET = "bench-signing-secret"
RUNS = 11


@dataclass(frozen=True, slots=True)
class Function:
    """A handler, the event that it is given, and what its answer holds."""

    handler: str
    event: Mapping[str, Any]
    expected: str


@dataclass(frozen=True, slots=True)
class Case:
    """A function of ours, the bare one that it is measured against, and the bound of the ratio."""

    name: str
    ours: Function
    bare: Function
    bound: float


# The requests of a second call in one process, which is warm.
COUNT_REQUESTS = """
import json, sys
from bot.call_lambda import handler
from bot.call_line import call_line

event, asked = json.load(sys.stdin), []
call_line().session.events.register("before-call", lambda **call: asked.append(call))
handler(event, None)
asked.clear()
handler(event, None)
print(len(asked))
"""
MOST_REQUESTS = 2


class Runtime:
    """The runtime API of Lambda for one invocation: hands out the event, and notes when the answer came."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self.answer, self.at = "", 0.0
        self.answered = threading.Event()
        self._event = json.dumps(event)

    def serve(self, request: Request) -> Reply | None:
        """Answer the runtime client; it waits in vain for a second event."""
        if request.method == "POST":
            self.answer, self.at = request.body.decode(), time.perf_counter()
            self.answered.set()
            return Reply(202, "{}")
        if self.answered.is_set():
            threading.Event().wait(60)
        headers = {
            "Content-Type": "application/json",
            "Lambda-Runtime-Aws-Request-Id": "1",
            "Lambda-Runtime-Deadline-Ms": str(int(time.time() * 1000) + 60_000),
            "Lambda-Runtime-Invoked-Function-Arn": "arn:aws:lambda:us-east-1:1:function:f",
        }
        return Reply(200, self._event, headers)


def cold(function: Function, environ: Mapping[str, str]) -> float:
    """Seconds from the start of a process to its answer."""
    runtime = Runtime(function.event)
    with Loopback(runtime.serve) as api:
        environ = {**environ, "AWS_LAMBDA_RUNTIME_API": api.url.removeprefix("http://")}
        started = time.perf_counter()
        command = [sys.executable, "-m", "awslambdaric", function.handler]
        process = subprocess.Popen(command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            if not runtime.answered.wait(60):
                raise SystemExit(f"{function.handler}: no answer within a minute.")
        finally:
            process.kill()
            process.wait()
    if function.expected not in runtime.answer:
        raise SystemExit(f"{function.handler} answered: {runtime.answer[:500]}")
    return runtime.at - started


@contextmanager
def account() -> Iterator[dict[str, str]]:
    """An account with a table and an export of 10,000 agents; yields the environment of its functions."""
    from moto.moto_server.werkzeug_app import MotoRequestHandler
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # TCP_NODELAY: otherwise an answer waits 40 ms for an acknowledgement.
    MotoRequestHandler.disable_nagle_algorithm = True
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        with ConnectStandIn(people(AGENTS), quota=None) as connect, Loopback(_slack) as slack:
            environ = {
                **{name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ},
                "AWS_REGION": REGION,
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ACCESS_KEY_ID": "bench",
                "AWS_SECRET_ACCESS_KEY": "bench",
                "AWS_CONFIG_FILE": os.devnull,
                "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
                "AWS_ENDPOINT_URL": f"http://{host}:{port}",
                "AWS_ENDPOINT_URL_CONNECT": connect.url,
                "AWS_LAMBDA_FUNCTION_NAME": "bench",
                "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
                "AWS_LAMBDA_FUNCTION_VERSION": "1",
                "CONNECT_INSTANCE_ID": INSTANCE_ARN,
                "EXTENSIONS_TABLE": "extensions",
                "EXPORT_BUCKET": "exports",
                "SLACK_SECRET_ID": "slack",
                "SLACK_API_URL": slack.url,
            }
            _furnish(environ["AWS_ENDPOINT_URL"])
            yield environ
    finally:
        server.stop()


def _slack(_: Request) -> Reply:
    return Reply(200, json.dumps({"ok": True, "team_id": TEAM_ID, "user_id": "UBOT", "bot_id": "BBOT"}))


def _furnish(url: str) -> None:
    """A synced table, its export and the secret, written straight in: a sync is another benchmark."""
    entries = tuple(
        Assigned(
            f"{number:04}",
            each.id,
            each.username,
            f"{INSTANCE_ARN}/agent/{each.id}",
            f"{each.first_name} {each.last_name}",
        )
        for number, each in enumerate(people(AGENTS))
    )
    rows = [row for entry in entries for row in rows_of(entry)]
    names = rows_of_names(entries, ())
    version = f"{fingerprint(rows):032x}"
    rows.append({"pk": "sync", "sk": "lease", "sk_value": "bench", "fingerprint": version})
    forward = f"{entries[2].agent_id} 2999-01-01T00:00:00Z Bob"
    rows.append({"pk": FORWARDS[0], "sk": FORWARDS[1], entries[1].agent_id: forward})
    rows += (
        {"pk": pk, "sk": sk, "people": text} for keys, text in names.items() for pk, sk in [names_key(keys)]
    )
    session = boto3.Session("bench", "bench", region_name=REGION)
    dynamodb, s3 = session.client("dynamodb", endpoint_url=url), session.client("s3", endpoint_url=url)
    dynamodb.create_table(
        TableName="extensions",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk")],
        KeySchema=[
            {"AttributeName": "pk", "KeyType": "HASH"},
            {"AttributeName": "sk", "KeyType": "RANGE"},
        ],
    )
    for batch in batched(rows, 25):
        puts: list[Any] = [{"PutRequest": {"Item": to_item(row)}} for row in batch]
        dynamodb.batch_write_item(RequestItems={"extensions": puts})
    s3.create_bucket(Bucket="exports")
    data = to_json(Publication(Directory(entries, version, "2026-11-22T00:00:00Z")))
    s3.put_object(Bucket="exports", Key=DIRECTORY_JSON, Body=data, Metadata={"version": version})
    secret = json.dumps({"SLACK_BOT_TOKEN": "xoxb-bench", "SLACK_SIGNING_SECRET": SECRET})
    session.client("secretsmanager", endpoint_url=url).create_secret(Name="slack", SecretString=secret)


def batched(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """The rows, so many at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def asking_for(name: str) -> Payload:
    """A `/ext` of Jane Doe."""
    return command(Member.of(people(1)[0]), "/ext", name, "http://127.0.0.1:1/unused", "trigger")


def cases() -> list[Case]:
    """The two functions that somebody waits for, and what a call asks for."""
    asked = asking_for(people(1)[0].username)
    slack = Function("bot.slack_lambda.handler", asked.signed(SECRET, int(time.time())), "Jane Doe")
    first = people(1)[0]
    name = min(keys_of(f"{first.first_name} {first.last_name}"))
    calls = {
        "digits": called("true", extension="0000"),
        "a forward": called("true", extension="0001"),
        "a name": called("true", extension=f"*{name}"),
        "an offer": called("true", key="offered", offer=first.id),
    }
    bare = Function("benchmarks.bare_call.handler", {}, "found")
    return [
        Case("slack: /ext by username", slack, Function("benchmarks.bare_slack.handler", {}, "200"), 1.25),
        *(Case(f"call: {what}", call, bare, 1.0) for what, call in calls.items()),
    ]


def called(answer: str, key: str = "found", **parameters: str) -> Function:
    """A call with these parameters, whose `key` is to be answered so."""
    event = {"Details": {"Parameters": parameters, "ContactData": {"ContactId": "contact-1"}}}
    return Function("bot.call_lambda.handler", event, f'"{key}": "{answer}"')


def requests(call: Function, environ: Mapping[str, str]) -> int:
    """The requests to AWS that a warm call makes."""
    ran = subprocess.run(
        [sys.executable, "-c", COUNT_REQUESTS],
        cwd=ROOT,
        env=dict(environ),
        input=json.dumps(call.event),
        capture_output=True,
        text=True,
        check=True,
    )
    return int(ran.stdout.split()[-1])


def packaged_descriptions(folder: Path) -> Path:
    """botocore's descriptions of services, cut as the package has them; the folder for AWS_DATA_PATH."""
    data = Path(botocore.__file__).parent / "data"
    for service in SERVICES:
        shutil.copytree(data / service, folder / service)
    shutil.copy(next(data.glob("endpoints.json*")), folder)
    cut_descriptions(folder, names_in(ROOT / "core" / "aws"))
    return folder


def measure(case: Case, ours: Mapping[str, str], bare: Mapping[str, str], runs: int) -> tuple[float, float]:
    """The fastest of ours and of the bare one, in seconds, each in its environment, taking turns.

    The first run of each does not count: it may have to write byte code.
    """
    taken = [(cold(case.ours, ours), cold(case.bare, bare)) for _ in range(runs + 1)][1:]
    return min(seconds for seconds, _ in taken), min(seconds for _, seconds in taken)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the ratios and requests; 1 when one is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.coldstart")
    parser.add_argument("--runs", type=int, default=RUNS)
    options = parser.parse_args(arguments)
    print(f"Cold start with {AGENTS:,} agents, process start to answer, fastest of {options.runs} runs")
    print(f"{'function':<24}{'answer':>10}{'bare':>10}{'ratio':>8}{'bound':>8}{'requests':>10}")
    over = 0
    with account() as environ, TemporaryDirectory() as folder:
        packaged = environ | {"AWS_DATA_PATH": str(packaged_descriptions(Path(folder)))}
        for case in cases():
            ours, theirs = measure(case, packaged, environ, options.runs)
            ratio = ours / theirs
            is_call = case.ours.handler.startswith("bot.call")
            made = requests(case.ours, packaged) if is_call else 0
            is_over = ratio > case.bound or made > MOST_REQUESTS
            over |= is_over
            verdict = "OVER" if is_over else "ok"
            print(
                f"{case.name:<24}{ours * 1000:>7.0f} ms{theirs * 1000:>7.0f} ms"
                f"{ratio:>8.2f}{case.bound:>8.2f}{made or '':>10} {verdict}"
            )
    return int(over)


if __name__ == "__main__":
    sys.exit(main())
