"""Writes docs/settings.md out of bot/config.py, serverless.yml and bot/policy_file.py.

python -m infra.settings_page
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from bot import config, policy_file

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "settings.md"

# Read beside config.py: by the SDK, and by the doctor.
_REGION = "- `AWS_REGION`, `AWS_DEFAULT_REGION`: the Region of it all; else that of the AWS profile\n"
_ELSEWHERE = """- `CALL_FUNCTION`, `CONNECT_FLOWS`: for the doctor, where it can't find them by name
- `AWS_ENDPOINT_URL`, `AWS_ENDPOINT_URL_<SERVICE>`: another address of AWS, for tests
"""
_INTRODUCTION = """# Settings

`python -m infra.settings_page` writes this page out of `bot/config.py`: variables of the environment,
with the param of `serverless.yml` that sets them in a deploy, and the default.
"""
_POLICY = """## The policy file

Ranges for teams and reserved blocks, such as `bot/policy.yml`, which is deployed with the code:
"""


class Setting(NamedTuple):
    """One variable of the environment, as `Settings.from_env` reads it."""

    name: str
    default: str
    meaning: str


def settings() -> Iterator[Setting]:
    """The variables in the order of config.py. Raises ValueError for one without a comment."""
    source = inspect.getsource(config)
    lines = source.splitlines()
    for call in _reads(source):
        name = str(ast.literal_eval(call.args[0]))
        meaning = _comment_above(lines, call.lineno - 1)
        if not meaning:
            raise ValueError(f"bot/config.py has no comment above {name}")
        yield Setting(name, _default(call), meaning + _bounds(call))


def _reads(source: str) -> list[ast.Call]:
    """The calls of `read` in `from_env`: `read.text("NAME", ...)`, by line."""
    calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    found = [call for call in calls if re.match(r"read\.\w+\('[A-Z_]+'", ast.unparse(call))]
    return sorted(found, key=lambda call: call.lineno)


def _comment_above(lines: list[str], at: int) -> str:
    start = at
    while lines[start - 1].strip().startswith("#"):
        start -= 1
    return " ".join(line.strip().removeprefix("# ") for line in lines[start:at])


def _default(call: ast.Call) -> str:
    method = ast.unparse(call.func)
    if method == "read.required":
        return "required"
    shown = ast.literal_eval(call.args[1]) if method in ("read.number", "read.parsed") else ""
    return str(shown)


def _bounds(call: ast.Call) -> str:
    most = [keyword.value for keyword in call.keywords if keyword.arg == "most"]
    return f"; at most {ast.literal_eval(most[0]):,}" if most else ""


def _params() -> dict[str, str]:
    """The param that sets each variable: HOLD_DAYS -> holdDays."""
    files = (ROOT / "serverless.yml", *(ROOT / "infra").glob("*.yml"))
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    return dict(re.findall(r"^ +([A-Z_]+): \$\{param:(\w+)\}$", text, re.MULTILINE))


def page() -> str:
    """The whole text of docs/settings.md."""
    params = _params()
    lines = "".join(_line(setting, params.get(setting.name)) for setting in settings())
    form = inspect.cleandoc(policy_file.__doc__ or "").partition("\n\n")[2]
    return f"{_INTRODUCTION}\n{_REGION}{lines}{_ELSEWHERE}\n{_POLICY}\n```yaml\n{form}\n```\n"


def _line(setting: Setting, param: str | None) -> str:
    """One item: - `HOLD_DAYS` (`holdDays`, 30): days that ..."""
    beside = ", ".join(filter(None, (param and f"`{param}`", setting.default)))
    return f"- `{setting.name}`{f' ({beside})' if beside else ''}: {setting.meaning}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
