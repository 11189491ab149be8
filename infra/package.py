"""Makes what Lambda runs: `.package/bot.zip`, the same bytes on whatever machine it is made.

    python -m infra.package lock    requirements.txt -> requirements.lock, resolved for Lambda, with hashes
    python -m infra.package build   requirements.lock and our code -> .package/bot.zip

Wheels are asked for by the Lambda's Python and architecture, never by this machine's, and a source
distribution is never built: with one in the list, pip stops.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
OUT = ROOT / ".package"
LIBRARIES = OUT / "libraries"
ARTIFACT = OUT / "bot.zip"

PYTHON_VERSION = "3.14"
# Newest first. Lambda's python3.14 runs on Amazon Linux 2023, whose glibc is 2.34.
PLATFORMS = (
    "manylinux_2_34_aarch64",
    "manylinux_2_28_aarch64",
    "manylinux_2_17_aarch64",
    "manylinux2014_aarch64",
)

OUR_CODE = ("bot", "core")
NOT_SHIPPED = ("bot/sandbox",)

# botocore describes every service of AWS, 100 MB of it. These are the ones that the bot calls.
SERVICES = ("connect", "dynamodb", "lambda", "s3", "secretsmanager", "sts")


def lock(out: Path = LOCK) -> None:
    """Resolve requirements.txt for Lambda, as pip would install it there, and write it down with hashes."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        pip("-r", str(ROOT / "requirements.txt"), "--dry-run", "--report", str(report), "--target", scratch)
        out.write_text(lock_text(json.loads(report.read_text())))


def lock_text(report: Mapping[str, Any]) -> str:
    """A pip report as a requirements file with one exact, hashed line per distribution, by name."""
    lines = sorted(locked(entry) for entry in report["install"])
    return (
        "# Written by `python -m infra.package lock`: what Lambda gets, for its Python and architecture.\n"
        + "".join(f"{line}\n" for line in lines)
    )


def locked(entry: Mapping[str, Any]) -> str:
    """One distribution of a pip report as a hashed requirement."""
    metadata = entry["metadata"]
    sha256 = entry["download_info"]["archive_info"]["hashes"]["sha256"]
    return f"{metadata['name'].lower()}=={metadata['version']} --hash=sha256:{sha256}"


def build() -> Path:
    """Install the locked wheels, add our code, zip both. Returns the artifact."""
    shutil.rmtree(OUT, ignore_errors=True)
    pip("-r", str(LOCK), "--require-hashes", "--no-deps", "--no-compile", "--target", str(LIBRARIES))
    zip_files(ARTIFACT, {**shipped_libraries(LIBRARIES), **shipped_code(ROOT)})
    return ARTIFACT


def pip(*arguments: str) -> None:
    """Run `pip install` for the Lambda's platform. Raises CalledProcessError when pip fails."""
    platforms = [f"--platform={platform}" for platform in PLATFORMS]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    target = ["--implementation=cp", f"--python-version={PYTHON_VERSION}", "--only-binary=:all:"]
    subprocess.run([*command, "--ignore-installed", *target, *platforms, *arguments], check=True, cwd=ROOT)


def shipped_libraries(libraries: Path) -> dict[str, Path]:
    """The installed files that Lambda needs, by their name in the artifact."""
    return {name: path for name, path in files_below(libraries) if ships_library_file(name)}


def ships_library_file(name: str) -> bool:
    """Whether Lambda needs this installed file: no script, no stub, no service that the bot never calls."""
    parts = name.split("/")
    if parts[0] == "bin" or name.endswith(".pyi"):
        return False
    if parts[:2] == ["botocore", "data"] and len(parts) > 3:
        return parts[2] in SERVICES
    return True


def shipped_code(root: Path) -> dict[str, Path]:
    """Our modules that Lambda needs, by their name in the artifact."""
    ours = [(f"{package}/{name}", path) for package in OUR_CODE for name, path in files_below(root / package)]
    return {name: path for name, path in ours if not name.startswith(NOT_SHIPPED)}


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below the folder with its relative name, without what Python leaves behind when it runs."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(folder).as_posix(), path


def zip_files(artifact: Path, files: Mapping[str, Path]) -> None:
    """Zip the files so that equal files give equal bytes: in order, with no time and no owner."""
    artifact.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(artifact, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name].read_bytes())


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the command that the terminal asks for."""
    parser = argparse.ArgumentParser(prog="python -m infra.package")
    parser.add_argument("command", choices=["lock", "build"])
    if parser.parse_args(None if arguments is None else list(arguments)).command == "lock":
        lock()
        print(f"{LOCK.name} written.")
    else:
        artifact = build()
        print(f"{artifact.relative_to(ROOT)}: {artifact.stat().st_size / 1_000_000:.1f} MB.")


if __name__ == "__main__":
    main()
