"""The terminal's commands on real accounts: sync, find, export, socket. Each returns an exit code."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.jobs import Job, run_sync
from bot.messages.sync_report import result
from bot.wiring import Installation, check_environment, installation, now
from core.asking.lookup import Number, People
from core.asking.questions import AskNumber
from core.asking.reading import understand
from core.errors import BadSettings, Unavailable
from core.models import Assigned, Held, Reserved
from core.numbering.orders import PlanSync, agreed
from core.numbering.sync import Progress, new_run_id, no_progress
from core.numbering.usage import pace_words, runs_out_words, usage_of
from core.search.found import Certainty


def sync(dry_run: bool, approved: str) -> int:
    """Sync and print what changed; 1 when another run has the lease, 3 when a dry run would withhold."""
    job = Job(PlanSync() if dry_run else agreed(approved), by=f"terminal {_person()}")
    with _bar() as progress:
        report = run_sync(installation().job_services, job, new_run_id(now()), progress)
    print(result(report, "").text)
    if report.approval:
        print(f"To make the withheld releases: python -m bot sync --approve {report.approval}")
    if dry_run and report.withheld:
        return 3
    return 1 if report.skipped else 0


def find(query: str) -> int:
    """Print who the query names, or who is on the number; 1 when that is nobody."""
    here = installation()
    question = understand(query)
    if isinstance(question, AskNumber):
        return _print_number(here, here.lookup.number(question.digits))
    return _print_people(here.lookup.people(getattr(question, "name", query)))


def _print_number(here: Installation, number: Number) -> int:
    match number.state:
        case Assigned() as assigned:
            print(_line(assigned))
            return 0
        case Held() as held if not held.over(now()):
            print(f"{held.extension}  held until {held.until[:10]}, last {held.name or held.username}")
        case Reserved(note=note):
            print(f"{number.digits}  reserved: {note}")
        case None:
            print(f"{number.digits} is not an extension: they run from {here.settings.policy.range}.")
        case _:
            print(f"{number.digits}  free")
    return 1


def _print_people(people: People) -> int:
    if people.certainty is Certainty.NONE:
        print(f"Nobody like '{people.query}' has an extension.", file=sys.stderr)
        return 1
    if people.certainty is Certainty.GUESS:
        print("Nobody is called exactly that. Perhaps:", file=sys.stderr)
    for match in people.matches:
        print(_line(match.entry))
    if people.total > len(people.matches):
        print(f"... and {people.total - len(people.matches):,} more", file=sys.stderr)
    return 0


def _line(assigned: Assigned) -> str:
    return "  ".join(
        part for part in (assigned.extension, assigned.name, assigned.username, assigned.team) if part
    )


def export() -> int:
    """Write the directory to the bucket anew and print a link to it."""
    here = installation()
    count = here.sync().export(f"terminal {_person()}")
    print(f"{count:,} agents written to {here.settings.bucket}.\n{here.exports.link()}")
    return 0


def mcp(me: str) -> int:
    """Speak the tools over stdio, a JSON-RPC message a line, until the input ends."""
    tools = installation().tools_of(me)
    for line in sys.stdin:
        if line.strip() and (answer := tools.answer(tools.read(line))):
            print(json.dumps(answer), flush=True)
    return 0


_FOR_SOCKET_MODE = {
    "SLACK_APP_TOKEN": "the app-level token (xapp-...) with the scope connections:write",
    "SLACK_BOT_TOKEN": "the bot token (xoxb-...) of the installed app",
}


def socket() -> int:
    """Answer a real Slack by Socket Mode until Ctrl-C: no public address needed. Raises BadSettings."""
    from threading import Event

    from slack_bolt.adapter.socket_mode import SocketModeHandler
    from slack_sdk.errors import SlackClientError

    from bot.slack.clients import slack_code

    here = installation()
    try:
        SocketModeHandler(here.app, here.settings.slack_app_token).connect()  # type: ignore[no-untyped-call]
        print("Listening. Ctrl-C stops.", flush=True)
        Event().wait()
    except KeyboardInterrupt:
        return 0
    except (SlackClientError, OSError) as error:
        said = f"Slack opens no connection: {slack_code(error)}. Check SLACK_APP_TOKEN and the network."
        raise Unavailable(said) from error
    return 0


def check(environ: Mapping[str, str], to_slack: bool) -> None:
    """Check what a command needs, `to_slack` for Socket Mode. Raises BadSettings with every fault at once."""
    given = {name for name in _FOR_SOCKET_MODE if environ.get(name)}
    if environ.get("SLACK_SECRET_ID"):
        given.add("SLACK_BOT_TOKEN")
    needed = _FOR_SOCKET_MODE if to_slack else {}
    faults = [f"{name} is not set: {why}." for name, why in needed.items() if name not in given]
    try:
        check_environment(environ)
    except BadSettings as error:
        raise BadSettings("\n".join([str(error), *faults])) from error
    if faults:
        raise BadSettings("\n".join(faults))


def stats() -> int:
    """Print the use of the pool by range, the last 30 days and the forecast."""
    from rich.bar import Bar
    from rich.console import Console
    from rich.table import Table

    here = installation()
    usage = usage_of(here.reader.table(), here.policy, here.reader.counts(now()), now())
    console = Console()
    for use in usage.ranges:
        table = Table(title=use.name, title_justify="left", box=None, show_header=False)
        for kind in ("assigned", "held", "reserved", "free"):
            count = getattr(use.pool, kind)
            table.add_row(kind, f"{count:,}", Bar(use.pool.size, 0, count, width=40))
        console.print(table)
    days = Table(title="The last 30 days", title_justify="left", box=None)
    for title in ("", "given out", "released"):
        days.add_column(title, justify="right" if title else "left")
    most = max((day.assigned + day.released for day in usage.days), default=0) or 1
    for day in usage.days:
        bar = Bar(most, 0, day.assigned + day.released, width=40)
        days.add_row(day.day, str(day.assigned), str(day.released), bar)
    console.print(days)
    console.print(f"{pace_words(usage)}\n{runs_out_words(usage)}", highlight=False)
    return 0


def _person() -> str:
    return os.environ.get("USER") or os.environ.get("USERNAME") or "somebody"


@contextmanager
def _bar() -> Iterator[Progress]:
    """A progress bar on a terminal; it goes away when the work is done."""
    if not sys.stderr.isatty():
        yield no_progress
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Starting", total=None)
        yield lambda doing, done, of: bar.update(task, description=doing, completed=done, total=of or None)
