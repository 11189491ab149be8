"""Makes what Lambda runs: `.package/bot.zip`, the same bytes on whatever machine it is made.

    python -m infra.package build   requirements.lock and our code -> .package/bot.zip

Wheels are asked for by the Lambda's Python and architecture, never by this machine's, and a source
distribution is never built: with one in the list, pip stops.

Where the Lambda's Python is at hand, `build` puts byte code in as well, and says so where it is not. Lambda
can not keep any, so that without it every cold start compiles whatever it imports.
"""

from __future__ import annotations

import argparse
import ast
import gzip
import json
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from botocore import xform_name

ROOT = Path(__file__).parent.parent
LOCK = ROOT / "requirements.lock"
OUT = ROOT / ".package"
LIBRARIES = OUT / "libraries"
SHIPPED = OUT / "shipped"
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

# botocore describes every service of AWS, 100 MB of it. These are the ones that the bot calls.
SERVICES = ("connect", "dynamodb", "lambda", "s3", "secretsmanager", "sqs", "sts")


def build(compile_with: str = "") -> Path:
    """Install the locked wheels, add our code, zip both; compiled, where a Python is given or found for that.

    Returns the artifact. Raises WrongPython when the Python that is given is not the Lambda's.
    """
    shutil.rmtree(OUT, ignore_errors=True)
    pip("-r", str(LOCK), "--require-hashes", "--no-deps", "--no-compile", "--target", str(LIBRARIES))
    copy_files({**shipped_libraries(LIBRARIES), **shipped_code(ROOT)}, SHIPPED)
    cut_descriptions(SHIPPED / "botocore" / "data", names_in(SHIPPED / "core" / "aws"))
    if python := compile_with or find_python():
        compile_files(python, SHIPPED)
        print(f"Byte code of {python} is in the package.")
    else:
        print(
            f"No byte code is in the package: there is no Python {PYTHON_VERSION} here. "
            "It works without, but each cold start compiles what it imports."
        )
    zip_files(ARTIFACT, dict(files_below(SHIPPED)))
    return ARTIFACT


def find_python() -> str:
    """The Lambda's Python on this machine: this one, one on the PATH, one of pyenv's, or "" for none."""
    named = shutil.which(f"python{PYTHON_VERSION}")
    kept = Path.home().glob(f".pyenv/versions/{PYTHON_VERSION}.*/bin/python{PYTHON_VERSION}")
    candidates = [sys.executable, *([named] if named else []), *map(str, sorted(kept))]
    return next((each for each in candidates if version_of(each) == PYTHON_VERSION), "")


def version_of(python: str) -> str:
    """The version of a Python as `3.14`; "" when it does not run."""
    asked = [python, "-c", "import sys; print('{}.{}'.format(*sys.version_info))"]
    return subprocess.run(asked, check=False, capture_output=True, text=True).stdout.strip()


class WrongPython(Exception):
    """When byte code is asked for from a Python whose byte code Lambda can not read."""


def compile_files(python: str, folder: Path) -> None:
    """Add byte code that is used without a look at the source's time: the zip has none."""
    version = version_of(python)
    if version != PYTHON_VERSION:
        raise WrongPython(f"{python} is Python {version}, and Lambda runs {PYTHON_VERSION}.")
    options = ["-q", "--invalidation-mode=unchecked-hash", "-s", str(folder), "-p", "/var/task"]
    subprocess.run([python, "-m", "compileall", *options, str(folder)], check=True)


def names_in(code: Path) -> set[str]:
    """Every attribute and every string in the modules of a folder: the operations it calls are among them."""
    nodes = [
        node for path in code.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]
    strings = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return strings | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def cut_descriptions(data: Path, names: Collection[str]) -> None:
    """Leave in botocore's data only the operations with these Python names, and no documentation.

    botocore reads the whole description of a service before the first call, and a new container waits for
    that: 3 MB for Connect alone. STS stays whole, since botocore itself may call it.
    """
    for service in set(SERVICES) - {"sts"}:
        for path in (data / service).glob("*/service-2.json*"):
            model = read_json(path)
            path.unlink()
            path.with_name("service-2.json").write_text(compact(cut_model(model, names)), encoding="utf-8")
    (path,) = data.glob("endpoints.json*")
    endpoints = read_json(path)
    for partition in endpoints["partitions"]:
        partition["services"] = {name: it for name, it in partition["services"].items() if name in SERVICES}
    path.unlink()
    (data / "endpoints.json").write_text(compact(endpoints), encoding="utf-8")


def cut_model(model: Mapping[str, Any], names: Collection[str]) -> dict[str, Any]:
    """A service's description with the named operations and the shapes that these use."""
    operations = {name: each for name, each in model["operations"].items() if xform_name(name) in names}
    shapes: dict[str, Any] = {}
    wanted = [*shapes_named(operations)]
    while wanted:
        name = wanted.pop()
        if name not in shapes:
            shapes[name] = model["shapes"][name]
            wanted += shapes_named(shapes[name])
    return {**model, "operations": undocumented(operations), "shapes": undocumented(shapes)}


def shapes_named(part: Any) -> Iterator[str]:
    """The names of shapes that a part of a description refers to."""
    if isinstance(part, dict):
        if isinstance(part.get("shape"), str):
            yield part["shape"]
        part = [*part.values()]
    if isinstance(part, list):
        for inner in part:
            yield from shapes_named(inner)


def undocumented(part: Any) -> Any:
    """A part of a description without its prose."""
    if isinstance(part, dict):
        prose = isinstance(part.get("documentation"), str)
        return {
            key: undocumented(each) for key, each in part.items() if not (prose and key == "documentation")
        }
    return [undocumented(each) for each in part] if isinstance(part, list) else part


def read_json(path: Path) -> Any:
    """The content of a JSON file, which may be packed by gzip."""
    content = path.read_bytes()
    return json.loads(gzip.decompress(content) if path.suffix == ".gz" else content)


def compact(content: Any) -> str:
    """JSON without blanks."""
    return json.dumps(content, separators=(",", ":"))


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
    return {name: path for name, path in ours if ships_our_file(name)}


def ships_our_file(name: str) -> bool:
    """Whether Lambda needs this file of ours: not what Python left behind here."""
    return "__pycache__" not in name


def files_below(folder: Path) -> Iterator[tuple[str, Path]]:
    """Every file below the folder, with its relative name."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path


def copy_files(files: Mapping[str, Path], folder: Path) -> None:
    """Put each file where its name says, below the folder."""
    for name, path in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


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
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("build").add_argument("--compile-with", default="", metavar="PYTHON")
    asked = parser.parse_args(None if arguments is None else list(arguments))
    try:
        artifact = build(asked.compile_with)
    except WrongPython as error:
        parser.exit(1, f"{error}\n")
    print(f"{artifact.relative_to(ROOT)}: {artifact.stat().st_size / 1_000_000:.1f} MB.")


if __name__ == "__main__":
    main()
