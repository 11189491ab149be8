"""What a deploy installs is written down: exact versions, hashes, and no address of any registry."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from infra import package

PIN = re.compile(r"([\w.-]+)(?:\[[\w,-]+\])?==([\w.]+)")


def pins(text: str) -> dict[str, str]:
    """Exact requirements by normalised name."""
    found = (PIN.match(line) for line in text.splitlines())
    return {re.sub(r"[-_.]+", "-", pin[1]).lower(): pin[2] for pin in found if pin}


def test_the_lock_has_what_requirements_ask_for() -> None:
    asked = pins((package.ROOT / "requirements.txt").read_text())
    assert asked.items() <= pins(package.LOCK.read_text()).items()


def test_every_locked_distribution_has_a_hash() -> None:
    lines = [line for line in package.LOCK.read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[\w.-]+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in lines)


def test_a_report_of_pip_becomes_lines_in_order() -> None:
    def entry(name: str, sha: str) -> dict[str, object]:
        archive = {"archive_info": {"hashes": {"sha256": sha}}}
        return {"metadata": {"name": name, "version": "1.0"}, "download_info": archive}

    text = package.lock_text({"install": [entry("Zoo", "ff"), entry("ant", "aa")]})
    assert text.splitlines()[1:] == ["ant==1.0 --hash=sha256:aa", "zoo==1.0 --hash=sha256:ff"]


@pytest.mark.parametrize(
    ("name", "ships"),
    [
        ("botocore/data/connect/2017-08-08/service-2.json.gz", True),
        ("botocore/data/ec2/2016-11-15/service-2.json.gz", False),
        ("botocore/data/endpoints.json", True),
        ("bin/jp.py", False),
        ("boto3/session.pyi", False),
    ],
)
def test_of_libraries_only_what_lambda_needs_is_shipped(name: str, ships: bool) -> None:
    assert package.ships_library_file(name) is ships


@pytest.mark.parametrize(
    ("name", "ships"),
    [
        ("bot/call_lambda.py", True),
        ("core/py.typed", True),
        ("bot/py.typed", True),
        ("core/__pycache__/models.cpython-311.pyc", False),
    ],
)
def test_of_our_code_only_what_lambda_needs_is_shipped(name: str, ships: bool) -> None:
    assert package.ships_our_file(name) is ships


def test_the_deploy_tools_are_pinned_exactly() -> None:
    asked = json.loads((package.ROOT / "package.json").read_text())["devDependencies"]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in asked.values())


def test_the_deploy_tools_are_locked_without_an_address() -> None:
    locked = json.loads((package.ROOT / "package-lock.json").read_text())["packages"]
    assert all("resolved" not in entry for entry in locked.values())
    assert all("integrity" in entry for name, entry in locked.items() if name)


def test_byte_code_of_another_python_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(package, "PYTHON_VERSION", "2.7")
    with pytest.raises(package.WrongPython, match=r"and Lambda runs 2\.7"):
        package.compile_files(sys.executable, tmp_path)


def test_byte_code_is_used_without_asking_for_the_sources_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    monkeypatch.setattr(package, "PYTHON_VERSION", here)
    (tmp_path / "module.py").write_text("x = 1\n")
    package.compile_files(sys.executable, tmp_path)
    (compiled,) = tmp_path.rglob("*.pyc")
    assert compiled.read_bytes()[4:8] == b"\x01\x00\x00\x00"  # hash-based, and never checked
    assert b"/var/task/module.py" in compiled.read_bytes()
