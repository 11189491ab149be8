"""Prints which tests attack each guarantee of docs/reliability.md, by their mark `pytest.mark.guarantee(3)`.

python -m tests.guarantees
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "reliability.md"


def headings() -> dict[int, str]:
    """The guarantees of the page by number, from headings such as `### 3. A sync changes nobody's number`."""
    found = re.findall(r"^### (\d+)\. (.+)$", PAGE.read_text(), re.MULTILINE)
    return {int(number): title for number, title in found}


def marked() -> Mapping[int, list[str]]:
    """The tests of each guarantee, as pytest names them; a mark of a whole file is the file's name."""
    tests = defaultdict(list)
    for file in sorted(TESTS.rglob("test_*.py")):
        for number, name in _marks(ast.parse(file.read_text())):
            tests[number].append(f"{file.relative_to(TESTS.parent)}{name}")
    return tests


def _marks(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            for number in _numbers(node.decorator_list):
                yield number, f"::{node.name}"
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "pytestmark":
            for number in _numbers([node.value]):
                yield number, ""


def _numbers(nodes: list[ast.expr]) -> Iterator[int]:
    """The arguments of each `pytest.mark.guarantee(...)` in some expressions."""
    for node in (inner for each in nodes for inner in ast.walk(each)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.guarantee":
            yield from (ast.literal_eval(each) for each in node.args)


def table() -> str:
    """Each guarantee of the page with its tests, a line each."""
    tests = marked()
    parts = (
        "\n".join([f"{number}. {title}", *(f"    {test}" for test in tests[number])])
        for number, title in headings().items()
    )
    return "\n".join(parts)


if __name__ == "__main__":
    print(table())
