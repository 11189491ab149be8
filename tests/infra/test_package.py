"""The artifact: what is in it runs on Lambda, and what Lambda has no use for is not."""

from __future__ import annotations

import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import package
from tests.infra.template import Template

FITS = re.compile(r"(py2\.)?py3-none-any|cp314-(cp314|abi3)-manylinux(2014|_2_(\d+))_aarch64")
GLIBC = 34  # Amazon Linux 2023 has glibc 2.34
ARM = 183  # EM_AARCH64, of the ELF header

pytestmark = pytest.mark.deploy


def wheel_tags(folder: Path) -> dict[str, list[str]]:
    """The tags that each installed distribution says it was built for."""
    return {
        wheel.parent.name: re.findall(r"^Tag: (.+)$", wheel.read_text(), re.MULTILINE)
        for wheel in folder.glob("*.dist-info/WHEEL")
    }


def fits(tag: str) -> bool:
    found = FITS.fullmatch(tag)
    return found is not None and int(found[4] or 0) <= GLIBC


def test_every_wheel_is_for_the_lambdas_python_and_architecture(shipped: Path) -> None:
    tags = wheel_tags(shipped)
    assert tags
    assert {name: each for name, each in tags.items() if not any(map(fits, each))} == {}


def test_every_compiled_library_is_for_arm(shipped: Path) -> None:
    libraries = list(shipped.rglob("*.so"))
    machines = {struct.unpack_from("<H", library.read_bytes(), 18)[0] for library in libraries}
    assert machines == {ARM}


def test_what_is_locked_is_what_is_shipped(shipped: Path) -> None:
    locked = re.findall(r"^(\S+)==(\S+) ", package.LOCK.read_text(), re.MULTILINE)
    there = {path.name.removesuffix(".dist-info").lower() for path in shipped.glob("*.dist-info")}
    assert there == {f"{name.replace('-', '_')}-{version}" for name, version in locked}


def test_it_is_small(artifact: Path) -> None:
    assert artifact.stat().st_size < 25_000_000


def test_no_tests_no_sandbox_no_moto(shipped: Path) -> None:
    ours = {path.name for path in (shipped / "bot").iterdir()}
    assert "sandbox" not in ours
    assert not {"tests", "benchmarks", "moto", "pytest", "rich"} & {path.name for path in shipped.iterdir()}


def test_every_handler_is_in_it(shipped: Path, template: Template) -> None:
    for name in ("slack", "sync", "summary", "call"):
        module, _, function = template.function(name)["Handler"].rpartition(".")
        source = shipped / f"{module.replace('.', '/')}.py"
        assert f"def {function}(" in source.read_text()


def test_every_client_can_be_built_from_it(shipped: Path) -> None:
    code = "\n".join(
        [
            f"import sys; sys.path.insert(0, {str(shipped)!r})",
            "import boto3, botocore",
            f"assert botocore.__file__.startswith({str(shipped)!r})",
            *(f"boto3.client({name!r}, region_name='us-east-1')" for name in package.SERVICES),
        ]
    )
    subprocess.run([sys.executable, "-I", "-c", code], check=True)


def test_equal_input_gives_equal_bytes(artifact: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.zip"
    package.zip_files(again, dict(reversed([*package.files_below(package.SHIPPED)])))
    assert again.read_bytes() == artifact.read_bytes()


def test_files_in_it_can_be_read_by_lambda(artifact: Path) -> None:
    with zipfile.ZipFile(artifact) as archive:
        modes = {entry.external_attr >> 16 for entry in archive.infolist()}
    assert modes == {0o644}
