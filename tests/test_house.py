"""Who may import whom: the rules of the house, read from the source."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE_HELPERS = {"rapidfuzz", "jellyfish", "nicknames", "anyascii"}
CORE_FOR_ADAPTERS = {"core.aws", "core.errors", "core.models", "core.ports", "core.export"}
LAMBDAS = {f"bot.{name}_lambda" for name in ("slack", "sync", "summary", "call")}


def modules() -> dict[str, Path]:
    paths = [path for top in ("bot", "core", "sandbox") for path in ROOT.glob(f"{top}/**/*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


def imports(path: Path) -> set[str]:
    """The modules that a file imports, wherever in it, but for those that only type checkers read."""
    found: set[str] = set()
    nodes: list[ast.AST] = [ast.parse(path.read_text())]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            module = node.module or ""
            found |= {
                f"{module}.{alias.name}" if f"{module}.{alias.name}" in modules() else module
                for alias in node.names
            }
        nodes += ast.iter_child_nodes(node)
    return found


def is_in(module: str, packages: set[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def offenders(where: str, allowed: set[str], *, apart: str = "\0") -> list[str]:
    """What modules under `where` import besides the standard library and `allowed`."""
    allowed = allowed | set(sys.stdlib_module_names)
    return [
        f"{name} imports {imported}"
        for name, path in modules().items()
        if is_in(name, {where}) and not is_in(name, {apart})
        for imported in sorted(imports(path))
        if not is_in(imported, allowed)
    ]


def test_core_imports_the_standard_library_itself_and_pure_helpers() -> None:
    assert offenders("core", {"core", *PURE_HELPERS}, apart="core.aws") == []


def test_core_outside_aws_does_not_import_the_adapters() -> None:
    found = [
        n
        for n, p in modules().items()
        if is_in(n, {"core"}) and not is_in(n, {"core.aws"})
        if any(is_in(i, {"core.aws"}) for i in imports(p))
    ]
    assert found == []


def test_adapters_import_boto_and_cores_values_only() -> None:
    assert offenders("core.aws", {"boto3", "botocore", *CORE_FOR_ADAPTERS}) == []


def test_messages_import_values_only() -> None:
    values = {
        "core.errors",
        "core.models",
        "core.lookup",
        "core.search.ranking",
        "core.questions",
        "core.summary",
        "core.contacts",
        "bot.messages",
        "bot.jobs",
    }
    assert offenders("bot.messages", values) == []


def test_listeners_never_reach_for_the_adapters_or_the_wiring() -> None:
    found = [
        f"{name} imports {imported}"
        for name, path in modules().items()
        if is_in(name, {"bot.listeners", "bot.app"})
        for imported in imports(path)
        if is_in(imported, {"core.aws", "boto3", "botocore", "bot.wiring"})
    ]
    assert found == []


def test_only_the_wiring_builds_clients_and_adapters() -> None:
    builders = {"bot.wiring", "sandbox", "bot.doctor"}
    found = [
        f"{name} imports {imported}"
        for name, path in modules().items()
        if is_in(name, {"bot"}) and not is_in(name, builders)
        for imported in imports(path)
        if is_in(imported, {"core.aws", "boto3", "botocore"})
    ]
    assert found == []


def test_lambda_modules_are_leaves() -> None:
    found = [
        f"{name} imports {imported}"
        for name, path in modules().items()
        if not is_in(name, {"sandbox"})
        for imported in imports(path)
        if imported in LAMBDAS
    ]
    assert found == []


@pytest.mark.parametrize("module", sorted(modules()))
def test_importing_a_module_does_nothing(module: str) -> None:
    if module == "bot.__main__":
        return
    code = (
        f"import os, logging; before = dict(os.environ); import {module}; "
        "assert before == dict(os.environ); assert not logging.getLogger().handlers"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
