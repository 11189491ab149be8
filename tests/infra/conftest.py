"""What `make package` makes, made once for the tests that look at it."""

from __future__ import annotations

import json
import os
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from infra import package
from tests.infra.template import INSTANCE_ID, Template

SETTINGS = {
    "connectInstanceId": INSTANCE_ID,
    "fallbackQueueArn": f"arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE_ID}/queue/fallback",
    "extensionRange": "7000-7039",
    "summaryChannel": "C0SUMMARY",
    "adminUsers": "U0ADMIN",
}
# All that is off unless a setting says otherwise.
OPTIONS = {"userEvents": "on", "missedCalls": "on", "ringBusy": "on", "callBack": "on", "keysAhead": "on"}
TABLE_KEY = "arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d"


@pytest.fixture(scope="session")
def artifact() -> Path:
    """The artifact, made from the lock file and the code as they are now."""
    return package.build()


@pytest.fixture(scope="session")
def shipped(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The artifact, unpacked."""
    folder = tmp_path_factory.mktemp("shipped")
    with zipfile.ZipFile(artifact) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="session")
def packaged(artifact: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `osls package` writes for an installation with everything in it."""
    return osls_package(tmp_path_factory.mktemp("full"), SETTINGS | OPTIONS)


@pytest.fixture(scope="session")
def template(packaged: Path) -> Template:
    return read_template(packaged)


@pytest.fixture(scope="session")
def bare(artifact: Path, packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """An installation that adopts a table and leaves Connect alone, with every switch the other way."""
    adopted = {"table": "adopt", "tableName": "old-table", "tableKeyArn": TABLE_KEY}
    other = adopted | {"flows": "none", "tracing": "on", "reserve": "on", "missedCalls": "on"}
    return read_template(osls_package(tmp_path_factory.mktemp("bare"), SETTINGS | other))


@pytest.fixture(scope="session")
def german(artifact: Path, packaged: Path, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """An installation with nothing that is optional, whose callers hear German, in a voice of its own."""
    settings = SETTINGS | {"language": "de", "voice": "Marlene"}
    return read_template(osls_package(tmp_path_factory.mktemp("german"), settings))


def osls_package(folder: Path, settings: Mapping[str, str], region: str = "us-east-1") -> Path:
    """Run `osls package` with no AWS account in reach."""
    osls = package.ROOT / "node_modules" / ".bin" / "osls"
    assert osls.exists(), "The deploy tools are not here: npm ci --ignore-scripts"
    given = [f"--param={name}={value}" for name, value in settings.items()]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    environ |= {"AWS_DEFAULT_REGION": region} if region else {}
    ran = subprocess.run(
        [osls, "package", "--package", folder, *given],
        cwd=package.ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return folder


def read_template(folder: Path) -> Template:
    raw: dict[str, Any] = json.loads((folder / "cloudformation-template-update-stack.json").read_text())
    return Template(raw)
