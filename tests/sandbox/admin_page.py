"""Writes the replies of docs/admin.md anew, as the sandbox prints them today.

python -m tests.sandbox.admin_page
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from rich.console import Console as Terminal

from sandbox.aws.lambda_stand_in import Handler
from sandbox.terminal.commands import Commands
from sandbox.terminal.console import open_sandbox
from tests.sandbox.conftest import without_haste

PAGE = Path(__file__).parents[2] / "docs/admin.md"
# A command with its reply: indented lines.
BLOCK = re.compile(r"((?:^    .*\n)+)", re.MULTILINE)


@contextmanager
def session(functions: Mapping[str, Handler]) -> Iterator[tuple[Commands, io.StringIO]]:
    """A sandbox of 12 agents after its first sync, and what it prints."""
    out = io.StringIO()
    terminal = Terminal(file=out, width=100, highlight=False, emoji=False, markup=False)
    with open_sandbox(terminal, functions, 12, lambda _: None) as commands:
        commands.onecmd("/ext-sync")
        yield commands, out


def reply(commands: Commands, out: io.StringIO, command: str) -> str:
    """What one command prints."""
    start = out.tell()
    commands.onecmd(command)
    return out.getvalue()[start:]


def write() -> None:
    """Replace each reply of the page."""
    with pytest.MonkeyPatch.context() as patch, session(without_haste(patch)) as (commands, out):

        def block(found: re.Match[str]) -> str:
            line = found[0].splitlines()[0].strip()
            lines = reply(commands, out, line.removeprefix("admin> ")).splitlines()
            shown = [re.sub(r"http://\S+", "http://…", each) for each in (line, *lines) if each.strip()]
            return "".join(f"    {each.rstrip()}\n" for each in shown)

        page = BLOCK.sub(block, PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    write()
