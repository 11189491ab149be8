"""`python -m bot COMMAND`: everything that can be done from a terminal."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from core.errors import ExtensionsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Exit codes: 0 done, 1 not found or not done, 2 it can't be done, 130 stopped, 141 nobody reads the output.
    """
    for stream in (sys.stdin, sys.stdout):
        # No byte that comes through a pipe, and no letter that a terminal or a pipe lacks, may end a command.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        code = _run(_parser().parse_args(arguments))
        sys.stdout.flush()
    except ExtensionsError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # Python writes what is left at its end, and complains: it goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return code


def _run(options: argparse.Namespace) -> int:
    match options.command:
        case "sandbox":
            from sandbox.terminal.console import run as run_sandbox

            return run_sandbox()
        case "doctor":
            from bot.doctor import run as run_doctor

            return run_doctor(options.json)
    from bot import cli

    cli.check(os.environ, to_slack=options.command == "socket")
    match options.command:
        case "sync":
            return cli.sync(options.dry_run, options.approve)
        case "find":
            return cli.find(" ".join(options.query))
        case "stats":
            return cli.stats()
        case "socket":
            return cli.socket()
        case "mcp":
            return cli.mcp(options.me)
        case _:
            return cli.export()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bot",
        description="Extensions for Amazon Connect agents, asked for in Slack.",
        epilog="All but the sandbox read their settings from the environment; docs/settings.md lists them.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("sandbox", help="try everything here, with no account")
    commands.add_parser("socket", help="answer a real Slack workspace by Socket Mode")
    sync = commands.add_parser("sync", help="make the numbers follow the Connect user list")
    sync.add_argument(
        "--dry-run",
        action="store_true",
        help="say what would change, and change nothing; 3 if it would withhold",
    )
    sync.add_argument("--approve", default="", metavar="WORD", help="make the releases that a sync withheld")
    find = commands.add_parser("find", help="who has which number")
    find.add_argument("query", nargs="+", help="a name, a username or a number")
    commands.add_parser("stats", help="the use of the pool, the last 30 days and a forecast, as pictures")
    mcp = commands.add_parser("mcp", help="tools for an assistant of your own, over stdio (MCP)")
    mcp.add_argument("--me", default="", metavar="USERNAME", help="who you are in Amazon Connect")
    commands.add_parser("export", help="write the directory to the bucket anew")
    doctor = commands.add_parser("doctor", help="check an installation; changes nothing")
    doctor.add_argument("--json", action="store_true", help="for scripts")
    return parser


if __name__ == "__main__":
    sys.exit(main())
