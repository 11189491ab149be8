"""Installs a file of requirements with pip and tells how far it is: `infra/install.py FILE 'what for'`.

It runs in the new virtual environment, where there is nothing yet but Python's own library.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

_PINNED = re.compile(r"^[\w.-]+(?:\[[\w,-]+\])?==", re.MULTILINE)
_REFERRED = re.compile(r"^-r (\S+)", re.MULTILINE)
# pip's lines that tell of one package more, which is here or comes; and of all, which are unpacked at last.
_ONE, _ALL = "Collecting ", "Installing collected packages"
_STEPS = 4


def count(file: Path) -> int:
    """The number of packages that a file names, with the files that it refers to."""
    text = file.read_text(encoding="utf-8")
    referred = (file.parent / name for name in _REFERRED.findall(text))
    return len(_PINNED.findall(text)) + sum(count(each) for each in referred)


def progress(lines: Iterable[str], total: int, clock: Callable[[], float]) -> Iterator[str]:
    """pip's lines as sentences: how many packages are here, and about how long the others take."""
    began, here = clock(), 0
    for line in lines:
        if line.startswith(_ALL):
            yield f"All are here after {clock() - began:.0f} s. Unpacking them ..."
        elif line.startswith(_ONE) and here < total:
            here += 1
            if here % max(1, total // _STEPS) == 0 and here < total:
                left = (clock() - began) / here * (total - here)
                yield f"{here} of {total}, about {max(1, left):.0f} s yet"


def main() -> int:
    """Install; pip's own words are shown where it fails. Returns pip's exit code."""
    file, purpose = Path(sys.argv[1]), sys.argv[2]
    command = [sys.executable, "-u", "-m", "pip", "install", "--disable-pip-version-check", "--no-compile"]
    # A lock names every package, with hashes: nothing is left to be resolved.
    command += ["--no-deps", "--require-hashes"] if file.suffix == ".lock" else []
    total, said = count(file), []
    print(f"Installing {total} packages for {purpose} ({file.name}) ...", flush=True)
    with subprocess.Popen(
        [*command, "-r", str(file)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as pip:
        assert pip.stdout

        def lines() -> Iterator[str]:
            for line in pip.stdout or ():
                said.append(line)
                yield line

        for sentence in progress(lines(), total, time.monotonic):
            print(f"  {sentence}", flush=True)
    if pip.returncode:
        print("".join(said[-20:]), file=sys.stderr)
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main())
