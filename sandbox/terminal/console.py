"""The sandbox's console: builds everything, then reads lines until there are no more."""

from __future__ import annotations

import importlib
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout, suppress
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TextIO

from rich.console import Console as Terminal
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

from sandbox.aws.account import CALL, CONTACT, SLACK, SUMMARY, SYNC, SlackSide, delete_expired, open_account
from sandbox.aws.connect_users import Person
from sandbox.aws.lambda_stand_in import Handler
from sandbox.aws.sample_people import people
from sandbox.clock import Clock
from sandbox.loopback import Loopback
from sandbox.slack.member import SlackUser
from sandbox.slack.signed_payloads import Member
from sandbox.slack.web_api import WebApi
from sandbox.slack.workspace import Workspace
from sandbox.terminal.commands import ADMIN, Commands
from sandbox.terminal.phone import ReadLine
from sandbox.terminal.screen import Screen

AGENTS = 500
_BOT_TOKEN, _SIGNING_SECRET = "xoxb-sandbox", "sandbox-signing-secret"
_MODULES = {
    SLACK: "slack_lambda",
    SYNC: "sync_lambda",
    SUMMARY: "summary_lambda",
    CALL: "call_lambda",
    CONTACT: "contact_lambda",
}


def run() -> int:
    """One session, until `quit` or the end of the input; the exit code."""
    stdin, stdout = sys.stdin, sys.stdout
    terminal = Terminal(file=stdout, highlight=False, emoji=False, markup=False)
    lines = Lines(stdin, stdout, terminal)
    pause = time.sleep if stdin.isatty() else lambda _: None
    with open_sandbox(terminal, bot_functions(), AGENTS, lines.read, pause) as commands:
        commands.welcome()
        while (line := _next_line(commands, lines)) is not None:
            if _run_line(commands, line, lines):
                break
    return 0


def bot_functions() -> dict[str, Handler]:
    """The Lambda functions of the bot. Each is imported when it is first called, as in Lambda."""

    def function(module: str) -> Handler:
        return lambda event, context: importlib.import_module(f"bot.{module}").handler(event, context)

    return {name: function(module) for name, module in _MODULES.items()}


@contextmanager
def open_sandbox(
    terminal: Terminal,
    functions: Mapping[str, Handler],
    agents: int,
    read_line: ReadLine,
    pause: Callable[[float], None] = lambda _: None,
) -> Iterator[Commands]:
    """A sandbox with so many agents, printing to the terminal, while it is open.

    `pause` waits for a reader of the tour.
    """
    screen = Screen(terminal, lambda: datetime.now().astimezone())
    users = people(agents)
    with (
        Clock() as clock,
        _workspace(screen, users) as workspace,
        _logged() as log,
        open_account(users, functions, _side(workspace), _failure(screen)) as account,
    ):
        # As SnapStart does, so that the first question is as quick as in Lambda.
        importlib.import_module("bot.slack_lambda").warm()
        ask = partial(account.functions.call, SLACK)
        slack = SlackUser(workspace, ask, _SIGNING_SECRET, ADMIN, screen.say, time.time)

        def move_days(days: float) -> None:
            clock.forward(days)
            delete_expired()

        yield Commands(
            screen,
            workspace,
            slack,
            account.connect,
            account.functions,
            log,
            move_days=move_days,
            read_line=read_line,
            pause=pause,
        )


@contextmanager
def _workspace(screen: Screen, users: Sequence[Person]) -> Iterator[Workspace]:
    """A workspace of the admin and the users, shown on the screen, whose Web API is served."""
    members = [ADMIN, *map(Member.of, users)]
    workspace = Workspace(members, screen.show, screen.say, time.time)
    screen.name_of = workspace.name_of
    with Loopback(WebApi(workspace, _BOT_TOKEN, screen.say).answer) as web:
        workspace.url = web.url
        yield workspace


def _side(workspace: Workspace) -> SlackSide:
    return SlackSide(f"{workspace.url}/api/", _BOT_TOKEN, _SIGNING_SECRET, ADMIN.id)


def _failure(screen: Screen) -> Callable[[str, BaseException], None]:
    return lambda name, error: screen.say(f"The function {name} failed: {type(error).__name__}: {error}")


@contextmanager
def _logged() -> Iterator[str]:
    """Send what the functions print to a file, as Lambda sends it to a log."""
    with tempfile.TemporaryDirectory(prefix="sandbox-") as folder:
        path = Path(folder) / "functions.log"
        with path.open("w", encoding="utf-8", buffering=1) as log, redirect_stdout(log), redirect_stderr(log):
            yield str(path)


class Lines:
    """The typed lines, or those that come through a pipe, which are printed as if they were typed."""

    def __init__(self, stdin: TextIO, stdout: TextIO, terminal: Terminal) -> None:
        self._stdin, self._stdout, self.terminal = stdin, stdout, terminal
        # A spinner for a person who waits; the log of handlers is not for the terminal.
        spinner = Spinner("dots", Text("the bot is at work", "dim"))
        self._spinner = Live(
            spinner, console=terminal, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        if stdin.isatty():
            with suppress(ImportError):
                import readline  # noqa: F401 - the line can be edited, and older ones come back

    @contextmanager
    def waiting(self) -> Iterator[None]:
        """Show a terminal's user that something is going on."""
        if not self.terminal.is_terminal:
            yield
            return
        with self._spinner:
            yield

    def read(self, prompt: str) -> str | None:
        """The next line; None at the end of the input. Ctrl-C makes it an empty one."""
        if not self._stdin.isatty():
            if line := self._stdin.readline():
                print(f"{prompt}{line.rstrip()}", file=self._stdout, flush=True)
            return line or None
        was_waiting = self._spinner.is_started
        self._spinner.stop()
        # The prompt needs the terminal itself; nothing else prints while it waits.
        with redirect_stdout(self._stdout):
            try:
                return input(prompt)
            except EOFError:
                print()
                return None
            except KeyboardInterrupt:
                print()
                return ""
            finally:
                if was_waiting:
                    self._spinner.start()


def _next_line(commands: Commands, lines: Lines) -> str | None:
    """A line that a command left to be run, or else the next one of the input; None at its end."""
    return commands.cmdqueue.pop(0) if commands.cmdqueue else lines.read(commands.prompt)


def _run_line(commands: Commands, line: str, lines: Lines) -> bool:
    """Run a line, True when it ends the session. Ctrl-C stops waiting for what it started."""
    try:
        with lines.waiting():
            return commands.onecmd(line)
    except KeyboardInterrupt:
        lines.terminal.print(Text("Not waiting any longer. What was started goes on.\n", "yellow"))
        return False
