"""Every message, modal and Home that the tests make is one by Slack's own types."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from infra import package
from tests.infra.slack_types import HEAD

pytestmark = pytest.mark.deploy

BLOCK = "export const block: KnownBlock = {wrong};\n"


def tsc(file: Path) -> str:
    """What the compiler finds wrong with the file; "" when nothing."""
    options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"]
    roots = ["--typeRoots", str(file.parent / "none")]
    command = [str(package.ROOT / "node_modules" / ".bin" / "tsc"), *options, *roots, str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file whose imports are found in the deploy tools."""
    (tmp_path / "node_modules").symlink_to(package.ROOT / "node_modules")
    return tmp_path / "said.ts"


def test_all_that_the_bot_says_is_of_slacks_types(file: Path) -> None:
    command = [sys.executable, "-m", "tests.infra.slack_types", str(file)]
    ran = subprocess.run(command, cwd=package.ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout
    said = file.read_text(encoding="utf-8")
    assert said.count(": KnownBlock = ") > 10
    assert "Known<HomeView>" in said.removeprefix(HEAD)
    assert "Known<ModalView>" in said.removeprefix(HEAD)
    assert tsc(file) == ""


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ('{"type": "section", "text": {"type": "mrkdwn"}}', "Property 'text' is missing"),
        ('{"type": "header", "text": {"type": "mrkdwn", "text": "Hi"}}', "not assignable"),
        ('{"type": "divider", "colour": "red"}', "does not exist in type 'DividerBlock'"),
        ('{"type": "banner"}', "not assignable"),
    ],
)
def test_a_wrong_block_is_found(file: Path, wrong: str, said: str) -> None:
    file.write_text(HEAD + BLOCK.format(wrong=wrong), encoding="utf-8")
    assert said in tsc(file)


def manifest_file(file: Path, **changes: object) -> Path:
    """The app's manifest, with these changes, as a value of Slack's own type for it."""
    manifest = yaml.safe_load((package.ROOT / "slack-manifest.yml").read_text(encoding="utf-8")) | changes
    head = "import type { Manifest } from '@slack/web-api/dist/types/request/manifest';\n"
    file.write_text(f"{head}export const app: Manifest = {json.dumps(manifest)};\n", encoding="utf-8")
    return file


def test_the_manifest_is_of_slacks_type(file: Path) -> None:
    assert tsc(manifest_file(file)) == ""


def test_a_wrong_manifest_is_found(file: Path) -> None:
    wrong = {"display_information": {"description": "no name"}}
    assert "Property 'name' is missing" in tsc(manifest_file(file, **wrong))
