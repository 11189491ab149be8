from __future__ import annotations

import pytest

from sandbox.terminal.commands import COMMANDS
from tests.sandbox.desk import Desk


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        ("", []),
        ("/ext jane  doe ", ["command /ext jane  doe"]),
        ("/ext-sync", ["command /ext-sync"]),
        ("@bot who is on 42?", ["mention who is on 42?"]),
        ("@Bot, help", ["mention help"]),
        ("@jdoe hello", ["message <@U> hello"]),
        ("7042", ["message 7042"]),
        ("what is Jane's extension?", ["message what is Jane's extension?"]),
        ("dm help", ["message help"]),
        ("help me please", ["message help me please"]),
        ("home", ["app_home_opened"]),
        ("john", ["message john"]),
        ("carl jones", ["message carl jones"]),
        ("hello there", ["message hello there"]),
    ],
)
def test_a_line_reaches_the_bot_as(desk: Desk, line: str, sent: list[str]) -> None:
    desk.commands.onecmd(line)
    assert desk.sent == sent


@pytest.mark.parametrize("line", ["hepl", "qiut", "sumary", "renam jane to joan", "statuss jdoe lunch"])
def test_a_mistyped_command_gets_a_hint(desk: Desk, line: str) -> None:
    assert desk.types(line).startswith("Did you mean: ")
    assert desk.sent == []


@pytest.mark.parametrize(("line", "usage"), [("rename jane doe", "rename jane doe to Jane Roe")])
def test_a_command_with_wrong_words_says_how_it_is_written(desk: Desk, line: str, usage: str) -> None:
    assert desk.types(line) == f"Write it as: {usage}"
    assert desk.sent == []


@pytest.mark.parametrize("line", ["HELP", "?", "help"])
def test_help_lists_every_command(desk: Desk, line: str) -> None:
    shown = desk.types(line)
    assert all(command.usage in shown and command.about in shown for command in COMMANDS.values())


@pytest.mark.parametrize("line", ["quit", "exit"])
def test_the_session_ends_when_told(desk: Desk, line: str) -> None:
    assert desk.commands.onecmd(line)


@pytest.mark.parametrize(
    "usage", [each for command in COMMANDS.values() for each in command.usage.split(", ")]
)
def test_what_the_help_writes_is_a_command(desk: Desk, usage: str) -> None:
    shown = desk.types(usage) if usage != "quit" else ""
    assert "Write it as" not in shown
    assert "Did you mean" not in shown
