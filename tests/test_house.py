"""The rules of the house, read from the source: which way imports run, and how names and docstrings read.

Imports are counted wherever they stand: inside functions, and under TYPE_CHECKING too.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Collection
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PURE_HELPERS = {
    "rapidfuzz",
    "jellyfish",
    "nicknames",
    "anyascii",
    "jinja2",
    "markupsafe",
    "msgspec",
    "xlsxwriter",
}
CORE_FOR_ADAPTERS = {
    "core.aws",
    "core.calling.reach",
    "core.contacts",
    "core.errors",
    "core.counts",
    "core.models",
    "core.ports",
    "core.search.names",
    "core.words.text",
    "core.work",
    "core.directory.keys",
}
SERVICES = ("connect", "dynamodb", "lambda", "s3", "secretsmanager", "sqs")
TYPES = {f"types_boto3_{service}" for service in SERVICES}
BOTO = {"boto3", "botocore", *TYPES}
BUILDERS = {"bot.wiring", "bot.call_line", "bot.doctor"}
# Each may import those before it, and none after it.
ORDER = ("core", "bot.messages", "bot.slack", "bot.listeners", "bot.app", "bot.wiring")
# The parts of the core that act, or that others fill: a message is made of values.
ACTING = {"core.numbering.admin", "core.aws", "core.ports", "core.numbering.roster", "core.numbering.sync"}
# A conversation and what it does: /ext-sync has a listener in bot/ and a run in core/.
SUBJECTS = {"admin", "lookup", "sync"}
# Slack and AWS each have clients to build; each edge turns errors into words.
NAMESAKES = SUBJECTS | {"__init__", "clients", "errors"}
NO_BEGINNING = {"who", "what", "whoever", "whom", "whose", "how", "everybody", "nobody", "whatever"}


@cache
def modules() -> dict[str, Path]:
    """Every module of bot, core and sandbox, by its dotted name."""
    paths = [path for top in ("bot", "core", "sandbox") for path in ROOT.glob(f"{top}/**/*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in paths
    }


@cache
def imports(module: str) -> frozenset[str]:
    """The modules that a module names in its imports, wherever these stand."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(modules()[module].read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} imports by a relative name"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            inside = whole & modules().keys()
            found |= inside if inside == whole else inside | {str(node.module)}
    return frozenset(found)


def is_in(module: str, packages: Collection[str]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def importing(where: set[str], what: set[str], *, apart: Collection[str] = ()) -> list[str]:
    """The imports of `what` by modules in `where`, but for those in `apart`."""
    return [
        f"{name} imports {imported}"
        for name in modules()
        if is_in(name, where) and not is_in(name, apart)
        for imported in sorted(imports(name))
        if is_in(imported, what)
    ]


def importing_others(where: set[str], allowed: set[str], *, apart: Collection[str] = ()) -> list[str]:
    """The imports, by modules in `where`, of what is neither `allowed` nor in the standard library."""
    allowed = allowed | set(sys.stdlib_module_names)
    return [
        f"{name} imports {imported}"
        for name in modules()
        if is_in(name, where) and not is_in(name, apart)
        for imported in sorted(imports(name))
        if not is_in(imported, allowed)
    ]


@pytest.mark.parametrize("top", ["bot", "core", "sandbox"])
def test_no_two_modules_import_each_other_however_far_around(top: str) -> None:
    graph = {name: imports(name) & modules().keys() for name in modules() if is_in(name, {top})}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" <- ".join(error.args[1]))


@pytest.mark.parametrize("place", range(len(ORDER)), ids=ORDER)
def test_imports_run_one_way(place: int) -> None:
    assert importing({ORDER[place]}, set(ORDER[place + 1 :])) == []


def test_core_imports_the_standard_library_itself_and_pure_helpers() -> None:
    assert importing_others({"core"}, {"core", *PURE_HELPERS}, apart={"core.aws"}) == []


def test_core_outside_aws_does_not_import_the_adapters() -> None:
    assert importing({"core"}, {"core.aws"}, apart={"core.aws"}) == []


def test_words_are_read_by_values_alone() -> None:
    assert importing_others({"core.words"}, {"core.words", "core.models", "msgspec"}) == []
    assert importing({"core.search"}, {"core.asking"}) == []


def test_adapters_import_boto_and_cores_values_only() -> None:
    assert importing_others({"core.aws"}, BOTO | CORE_FOR_ADAPTERS | {"msgspec"}) == []


def test_all_of_boto_is_in_the_adapters() -> None:
    assert importing({"core"}, BOTO, apart={"core.aws"}) == []
    assert importing({"bot"}, BOTO) == []


def test_messages_are_made_of_values() -> None:
    assert importing_others({"bot.messages"}, {"bot.messages", "core", "msgspec"}) == []
    assert importing({"bot.messages"}, ACTING) == []


def test_only_the_wiring_and_the_doctor_know_the_adapters() -> None:
    assert importing({"bot"}, {"core.aws"}, apart=BUILDERS) == []


def test_only_a_sync_knows_the_tables_of_spellings() -> None:
    apart = {"core.readings", "bot.wiring"}
    assert importing({"bot", "core", "sandbox"}, {"core.readings"}, apart=apart) == []


def test_lambda_modules_are_leaves() -> None:
    lambdas = {name for name in modules() if name.endswith("_lambda")}
    assert importing({"bot", "core"}, lambdas) == []


def test_what_ships_does_not_import_the_sandbox() -> None:
    assert importing({"bot", "core"}, {"sandbox"}, apart={"bot.__main__"}) == []


def test_a_file_name_leads_to_one_folder() -> None:
    folders: dict[str, list[str]] = defaultdict(list)
    for name, path in modules().items():
        if is_in(name, {"sandbox"}):
            continue
        folders[path.stem].append(str(path.relative_to(ROOT)))
    assert {name: paths for name, paths in folders.items() if len(paths) > 1 and name not in NAMESAKES} == {}


def docstrings(path: Path) -> list[str]:
    return [
        text
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        if (text := ast.get_docstring(node))
    ]


def test_docstrings_begin_with_a_verb_or_a_noun_of_the_field() -> None:
    beginnings = [
        f"{path.relative_to(ROOT)}: {text.splitlines()[0]}"
        for path in [*modules().values(), *ROOT.glob("infra/*.py")]
        for text in docstrings(path)
        if re.split(r"\W", text.lower())[0] in NO_BEGINNING
    ]
    assert beginnings == []


# Each module is imported in a process of its own, forked from one that has the slow libraries already.
IMPORT_EACH = """
import logging, os, sys
import boto3, moto.server, rich.console, slack_bolt

def harmless(module):
    handlers, environ = [*logging.getLogger().handlers], dict(os.environ)
    __import__(module)
    return (handlers, environ) == (logging.getLogger().handlers, dict(os.environ))

for module in sys.argv[1:]:
    child = os.fork()
    if not child:
        harmed = True
        try:
            harmed = not harmless(module)
        finally:
            sys.stdout.flush()
            os._exit(harmed)
    if os.waitpid(child, 0)[1]:
        print(module, flush=True)
"""


def test_importing_a_module_does_nothing() -> None:
    names = sorted(modules().keys() - {"bot.__main__"})
    command = [sys.executable, "-c", IMPORT_EACH, *names]
    done = subprocess.run(command, cwd=ROOT, env={"PATH": ""}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


@pytest.mark.parametrize("top", ["bot", "core", "sandbox", "infra"])
def test_every_text_file_is_opened_with_its_encoding(top: str) -> None:
    """The locale's own is not UTF-8 on every machine. ruff's PLW1514 sees only what it knows for a Path."""
    assert [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in (ROOT / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"read_text", "write_text"}
        and "encoding" not in {keyword.arg for keyword in node.keywords}
    ] == []
