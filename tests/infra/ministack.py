"""ministack: an AWS in a process, whose CloudFormation, HTTP API, Lambda, SQS and DynamoDB work together.

It pins botocore, so it has a virtual environment of its own in `.tools`. Its Lambda runs the artifact with
the Python of that, on this machine, so the artifact gets the wheels that are installed here.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

import boto3

from infra import package
from tests.infra.moto_cloud import STACK, upload, without

VERSION = "1.5.33"
TOOLS = package.ROOT / ".tools"
ACCOUNT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_REGION": "us-east-1",
}
# It has no Amazon Connect, and no alarms on expressions.
NO_TYPES = {
    "AWS::Connect::ContactFlow",
    "AWS::Connect::IntegrationAssociation",
    "AWS::Connect::QuickConnect",
}
NO_ALARMS = frozenset({"SlackErrorsAlarm", "SyncFailedAlarm"})
_STARTS_WITHIN = 60


class NotThere(Exception):
    """When ministack can't be had; the message says why."""


@contextmanager
def ministack() -> Iterator[str]:
    """The URL of a running ministack with nothing in it."""
    with tempfile.TemporaryDirectory() as scratch:
        port = free_port()
        settings = {"GATEWAY_PORT": str(port), "BIND_HOST": "127.0.0.1", "MINISTACK_HOST": "127.0.0.1"}
        settings |= {"TMPDIR": scratch, "S3_DATA_DIR": f"{scratch}/s3", "STATE_DIR": f"{scratch}/state"}
        environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        log = Path(scratch) / "log"
        with log.open("w") as out:
            command = [str(_installed()), "-m", "ministack"]
            server = subprocess.Popen(
                command, cwd=scratch, env=environ | settings | ACCOUNT, stdout=out, stderr=subprocess.STDOUT
            )
            try:
                url = f"http://127.0.0.1:{port}"
                _wait_for(url, server, log)
                yield url
            finally:
                server.terminate()
                server.wait()


def free_port() -> int:
    """A port of loopback that nobody listens at now."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers."""
    ends = time.monotonic() + _STARTS_WITHIN
    while server.poll() is None and time.monotonic() < ends:
        try:
            build_opener(ProxyHandler({})).open(f"{url}/_ministack/health", timeout=1).close()
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise NotThere(f"ministack did not start: {log.read_text(encoding='utf-8')[-2000:]}")


def _installed() -> Path:
    """The Python that has ministack, made when it is not there yet."""
    home = TOOLS / f"ministack-{VERSION}"
    python = home / "bin" / "python"
    if not home.is_dir():
        TOOLS.mkdir(exist_ok=True)
        scratch = Path(tempfile.mkdtemp(dir=TOOLS))
        subprocess.run([sys.executable, "-m", "venv", str(scratch)], check=True)
        pip = [
            str(scratch / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
        ]
        done = subprocess.run([*pip, f"ministack=={VERSION}"], capture_output=True, text=True, check=False)
        if done.returncode:
            shutil.rmtree(scratch)
            raise NotThere(f"pip could not fetch ministack {VERSION}: {done.stderr[-2000:]}")
        # In one step, so that a folder of this name is always complete.
        scratch.rename(home)
    return python


def artifact_for_here(target: Path) -> Path:
    """The artifact with the wheels of this machine and this Python instead of the Lambda's."""
    names = re.findall(r"^([\w.-]+)==", package.LOCK.read_text(), re.MULTILINE)
    files = [file for name in names for file in importlib.metadata.files(name) or []]
    libraries = {file.as_posix(): Path(str(file.locate())) for file in files if ".." not in file.parts}
    kept = {
        name: path
        for name, path in libraries.items()
        if package.ships_library_file(name) and "__pycache__" not in name and path.is_file()
    }
    package.zip_files(target, {**kept, **package.shipped_code(package.ROOT)})
    return target


def deploy(folder: Path, artifact: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """What `osls deploy` does with what `osls package` wrote; returns the template as it was sent.

    `environment` is given to every function besides its own.
    """
    cloudformation = boto3.client("cloudformation")
    first = (folder / "cloudformation-template-create-stack.json").read_text()
    cloudformation.create_stack(StackName=STACK, TemplateBody=first)
    cloudformation.get_waiter("stack_create_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    raw = json.loads((folder / "cloudformation-template-update-stack.json").read_text())
    template = without(raw, NO_TYPES, {}, NO_ALARMS)
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Lambda::Function":
            resource["Properties"]["Environment"]["Variables"] |= environment
    upload(artifact, template)
    cloudformation.update_stack(
        StackName=STACK, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
    )
    cloudformation.get_waiter("stack_update_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})
    return template


def outputs() -> dict[str, str]:
    """What the stack says about itself."""
    (stack,) = boto3.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
