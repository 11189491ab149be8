"""The commands of the sandbox: each typed line is one of them, or a message to the bot."""

from __future__ import annotations

import cmd
import json
import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from infra.flows import SWITCHES, languages
from sandbox.aws import events
from sandbox.aws.account import CALL, CONTACT, SUMMARY, SYNC
from sandbox.aws.connect_flow import CallFailed, read_flow
from sandbox.aws.connect_users import INSTANCE_ARN, Instance, Person
from sandbox.aws.lambda_stand_in import LambdaStandIn
from sandbox.aws.sample_people import STATUSES, find_people, newcomer
from sandbox.slack.member import SlackUser
from sandbox.slack.signed_payloads import Member
from sandbox.slack.workspace import Surface, Workspace
from sandbox.terminal.block_kit import Control
from sandbox.terminal.calendar import Days
from sandbox.terminal.phone import HangUp, PhoneCall, ReadLine
from sandbox.terminal.screen import Screen
from sandbox.terminal.tour import SECONDS, TOUR

ADMIN = Member("U0ADMIN000", "Alex Admin", "admin", "alex.admin@example.com")
# The callback ids of the app's shortcuts; a test holds them against `bot.app`, which is slow to import.
FINDER_SHORTCUT, AUTHOR_SHORTCUT = "find_extension", "find_author"

WELCOME = (
    ("/ext-sync", "gives 500 agents their numbers; start with this"),
    ("/ext jane doe", "asks for a number"),
    ("what is Jane's extension?", "asks the bot in a direct message"),
)
TO_SLACK = (
    ("/ext jane doe", "a slash command"),
    ("@bot who is on 7000?", "a mention in the channel"),
    ("who is on 7000?", "anything else is a direct message to the bot"),
    ("1, 2, 3", "press what has that number"),
    ("1 jane", "type into what has that number"),
)
_ALIASES = {"exit": "quit", "?": "help", "hangup": "hang up"}
# Names of people are short: only a near miss of a longer word is taken for a command.
_LONG = 5
_MOST_DAYS = 400


class Command(Struct, frozen=True):
    """A command of the sandbox. `words` is the pattern of what follows its name; with "" it stands alone."""

    name: str
    usage: str
    about: str
    words: str = ""


COMMANDS: dict[str, Command] = {}


def command(usage: str, about: str, words: str = "") -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Make a `do_` method a command: it gets the groups of the pattern, and `help` lists it."""

    def register(method: Callable[..., Any]) -> Callable[..., Any]:
        name = method.__name__.removeprefix("do_")
        COMMANDS[name] = Command(name, usage, about, words)

        def do(self: Commands, rest: str) -> Any:
            if found := re.fullmatch(words, rest, re.IGNORECASE):
                return method(self, *found.groups())
            # "help me please" is for the bot.
            return self._say(f"Write it as: {usage}") if words else self.direct_message(f"{name} {rest}")

        return do

    return register


class Commands(cmd.Cmd):
    """Runs typed lines. A failure of the bot is printed, and never raised."""

    def __init__(
        self,
        screen: Screen,
        workspace: Workspace,
        slack: SlackUser,
        connect: Instance,
        functions: LambdaStandIn,
        log: str,
        *,
        move_days: Callable[[float], None],
        read_line: ReadLine,
        pause: Callable[[float], None] = lambda _: None,
    ) -> None:
        super().__init__()
        self._move_days, self._read_line, self._pause = move_days, read_line, pause
        self._ringing: PhoneCall | None = None
        self._screen, self._workspace, self._slack = screen, workspace, slack
        self._connect, self._functions, self._log = connect, functions, log
        self._say = screen.say
        self._become(ADMIN)

    def welcome(self) -> None:
        """Print what the sandbox is, and three things to try."""
        self._screen.table("A sandbox: Slack, Amazon Connect and AWS, all inside this program. Try:", WELCOME)
        self._say("You are an admin. help says what else there is, quit ends it.")
        self._screen.end_line()

    # How a line is read

    def onecmd(self, line: str) -> bool:
        """Run a line and everything that it starts in the background; True when it ends the session."""
        self._screen.new_line()
        ends = bool(super().onecmd(line))
        self._functions.drain()
        self._screen.end_line()
        return ends

    def parseline(self, line: str) -> tuple[str, str, str]:
        """The first word in small letters, the rest, and the whole line."""
        first, _, _ = line.strip().partition(" ")
        name, _, rest = (_ALIASES.get(first.lower(), first) + line.strip()[len(first) :]).partition(" ")
        return name.lower(), rest.strip(), line.strip()

    def emptyline(self) -> bool:
        """Do nothing for an empty line."""
        return False

    def default(self, line: str) -> None:
        """Send a line that is no command of the sandbox to Slack."""
        name, _, rest = line.partition(" ")
        if line.startswith("/"):
            self._slack.command(name, rest.strip())
        elif mention := re.fullmatch(r"@bot\b[\s,:]*(.*)", line, re.IGNORECASE | re.DOTALL):
            self._slack.mention(mention[1])
        elif number := re.fullmatch(r"(\d{1,2})(?:\s+(.+))?", line):
            self.press(number[1], number[2] or "")
        elif near := _near_miss(name.lower(), alone=not rest.strip()):
            self._say(f"Did you mean: {near.usage}   (to send the bot just that: dm {name.lower()} ...)")
        else:
            self.direct_message(line)

    def direct_message(self, text: str) -> None:
        self._slack.direct_message(text)

    # The sandbox itself

    @command("more", "the whole of what was folded")
    def do_more(self) -> None:
        self._screen.unfold()

    @command("demo", "a tour of two minutes, which plays by itself")
    def do_demo(self) -> None:
        for about, line in TOUR:
            if about:
                self._say(about)
            self._screen.typed(self.prompt, line)
            self.onecmd(line)
            self._pause(SECONDS)

    @command("back, back 2", "an older message again, with its buttons", r"(\d{0,2})")
    def do_back(self, steps: str) -> None:
        older = [each for each in self._screen.shown_before() if not self._slack.why_not(each)]
        if not 0 < int(steps or 1) <= len(older):
            self._say(f"There are {len(older)} older messages with buttons that you see.")
        else:
            self._screen.show(older[-int(steps or 1)])

    # To Slack

    @command("reply who is on 7000?", "answer in the thread of the last message", r"(.+)")
    def do_reply(self, text: str) -> None:
        last = self._screen.last_message
        if last is None or last.ephemeral or self._slack.why_not(last):
            self._say("There is no message that has a thread: only you see what answers a command.")
        elif text.startswith("/"):
            self._say("Slack: slash commands do not work in threads. Write it without /ext: reply jane doe")
        else:
            self._slack.reply(last, re.sub(r"@bot\b[\s,:]*", "", text, flags=re.IGNORECASE), text)

    @command("home", "open the app's Home")
    def do_home(self) -> None:
        self._slack.open_home()

    @command("finder", "the global shortcut: look for a person in a modal")
    def do_finder(self) -> None:
        self._open_finder()

    def _open_finder(self) -> tuple[Surface, Control] | None:
        self._slack.shortcut(FINDER_SHORTCUT)
        return self._screen.field()

    @command("find jane", "type into the search field on show", r"(.+)")
    def do_find(self, text: str) -> None:
        """Type into the search field on show; without one, the finder opens first."""
        field = self._screen.field()
        if field is None or self._slack.why_not(field[0]):
            field = self._open_finder()
        if field is None:
            self._say("There is no search field to type into.")
        else:
            self._fill(*field, text)

    @command("author jdoe", "the message shortcut, on something jdoe wrote", r"(.+)")
    def do_author(self, words: str) -> None:
        if person := self._one(words):
            self._slack.message_shortcut(
                AUTHOR_SHORTCUT, Member.of(person).id, "Can somebody take this call?"
            )

    @command("dm help", "send the bot a line that would mean something here", r"(.+)")
    def do_dm(self, text: str) -> None:
        self.direct_message(text)

    @command("slackbot who is on 7228?", "ask Slackbot, which asks the bot's tools for you", r"(.+)")
    def do_slackbot(self, text: str) -> None:
        """Choose the tool as Slackbot's model might, and show the call and its answer."""
        digits = re.search(r"(?<!\d)\d{1,5}(?!\d)", text)
        if digits:
            name, given = "who_is_on", {"extension": digits[0]}
        elif re.search(r"\b(?:my|mine)\b", text, re.IGNORECASE):
            name, given = "my_extension", {}
        else:
            name, given = "find_extension", {"query": text}
        self._screen.table("Slackbot calls the tool:", [(name, json.dumps(given, ensure_ascii=False))])
        self._slack.ask_tool(name, given)

    def press(self, number: str, text: str) -> None:
        """Press the control with a number, or type into it."""
        found = self._screen.control(int(number))
        if found is None:
            self._say(f"Nothing has the number {number} now. To ask who is on {number}: /ext {number}")
        elif found[1].is_field and text:
            self._fill(*found, text)
        elif found[1].is_field:
            self._say(f"That is a field. Type the number and then what goes into it: {number} jane")
        elif text:
            self.direct_message(f"{number} {text}")
        else:
            self._press(*found)

    def _press(self, surface: Surface, control: Control) -> None:
        if reason := self._slack.why_not(surface):
            self._say(reason)
        elif control.element["type"] == "deny":
            self._say("Not done.")
        elif "confirm" in control.element:
            self._screen.show_confirm(surface, control)
        else:
            if url := control.element.get("url"):
                self._screen.link("Slack opens this in the browser:", url)
            self._slack.press(surface, control)

    def _fill(self, surface: Surface, control: Control, text: str) -> None:
        options = self._slack.fill(surface, control, text)
        if options:
            self._screen.show_options(surface, control, options)

    # Who is who

    @command("as jane, as admin", "be somebody else", r"(.+)")
    def do_as(self, words: str) -> None:
        """Type as somebody else: a Connect user with the same email in Slack, or a stranger."""
        if words.lower() in ("admin", ADMIN.name.lower()):
            self._become(ADMIN)
        elif found := find_people(self._connect.people, words):
            self._become(Member.of(found[0]))
            more = f" There are {len(found) - 1} more of that name." if len(found) > 1 else ""
            self._say(f"You are {found[0].name} now ({found[0].username} in Connect, no admin).{more}")
        else:
            self._say(f"Nobody in Connect is called {words}. Try: as jane, as søren holm, as admin")

    def _become(self, member: Member) -> None:
        self._workspace.members.setdefault(member.id, member)
        self._slack.me = member
        self._screen.viewer = member.id
        self.prompt = f"{'admin' if member == ADMIN else member.name.partition(' ')[0].lower()}> "

    @command("join Ada Lovelace", "somebody new in Connect, whose number comes by itself", r"(.+)")
    def do_join(self, name: str) -> None:
        """Make a user. Other changes wait for a sync, so that a plan and an approval can be seen."""
        person = newcomer(self._connect.people, " ".join(name.split()))
        self._connect.join(person)
        self._workspace.members[Member.of(person).id] = Member.of(person)
        said = f"{person.name} is in Connect now, as {person.username}."
        self._say(f"{said} That starts a sync by itself; then: /ext {person.username}")
        self._functions.call_later(SYNC, events.user_change("CreateUser"))

    @command("leave jdoe, leave 60", "somebody leaves Connect, or so many at once", r"(.+)")
    def do_leave(self, words: str) -> None:
        """Remove a user; given a number, so many of the newest."""
        if words.isascii() and words.isdigit():
            self._leave_at_once(int(words))
        elif person := self._one(words):
            self._connect.leave(person.id)
            self._say(f"{_who(person)} has left Connect. /ext-sync holds the number.")

    def _leave_at_once(self, count: int) -> None:
        people = self._connect.people
        if not 0 < count <= len(people):
            self._say(f"{len(people)} people are in Connect: so many can leave at most, and one at least.")
            return
        for each in people[::-1][:count]:
            self._connect.leave(each.id)
        self._say(f"{count} people have left Connect, all at once. Try /ext-sync.")

    @command("rename jane doe to Jane Roe", "somebody is called something else", r"(.+?) to (.+)")
    def do_rename(self, words: str, name: str) -> None:
        if person := self._one(words):
            first, _, last = name.partition(" ")
            self._connect.rename(person.id, first, last)
            self._say(f"{_who(person)} is called {name} in Connect now. /ext-sync brings the news.")

    @command("status jdoe lunch", "what somebody is doing now", r"(.+) (\S+)")
    def do_status(self, words: str, status: str) -> None:
        if status.capitalize() not in STATUSES:
            self._say(f"Connect has no status {status} here, only: {', '.join(dict.fromkeys(STATUSES))}.")
        elif person := self._one(words):
            self._connect.set_status(person.id, status.capitalize())
            self._say(f"{_who(person)} is now: {status.capitalize()}")

    def _one(self, words: str) -> Person | None:
        found = find_people(self._connect.people, words)
        if len(found) == 1:
            return found[0]
        names = ", ".join(_who(person) for person in found[:5])
        some = f"Say which by username: {names}" if found else f"Nobody in Connect is called {words}."
        self._say(some)
        return None

    # The other functions

    @command(
        "call 7228, call *526, call de 7228, call",
        "ring it; lines then are keys, an empty one silence",
        rf"((?:{'|'.join(languages())})?)\s*([0-9*#]*)",
    )
    def do_call(self, language: str, digits: str) -> None:
        """Walk through the inbound flow; a line that is no keys hangs up, and is then run."""
        phone = PhoneCall(
            lookup=self._call_function,
            keys=[digits] if digits else [],
            screen=self._screen,
            connect=self._connect,
            read_line=self._read_line,
            language=language or "en",
        )
        self._ringing = None
        try:
            phone.play(read_flow("inbound", phone.language, SWITCHES))
            self._ringing = phone if phone.rings else None
            phone.report()
        except HangUp as hang_up:
            if self._ringing:
                self._missed(self._ringing)
            else:
                self._say("The caller hangs up.")
            if self.parseline(hang_up.line)[0] != "hang":
                self.cmdqueue.append(hang_up.line)

    @command("hang up", "the caller gives up while the last call rings", r"up")
    def do_hang(self) -> None:
        """End the call that rings; Connect's event of that tells the agent."""
        if self._ringing is None:
            self._say("No call rings. To make one ring: call 7228")
            return
        self._missed(self._ringing)

    def _missed(self, phone: PhoneCall) -> None:
        contact = events.missed_contact(phone.attributes)
        self._ringing = None
        self._connect.contacts[contact["Id"]] = contact
        self._say(f"The caller hangs up, after {events.RANG.seconds} s.")
        self._functions.call_later(CONTACT, events.disconnected(contact))

    def _call_function(self, parameters: Mapping[str, str]) -> Mapping[str, str]:
        """The answer of the call function, printed too. Raises CallFailed where there is none."""
        contact = {"Channel": "VOICE", "InitiationMethod": "INBOUND", "InstanceARN": INSTANCE_ARN}
        contact["ContactId"] = str(uuid.uuid4())
        details = {"ContactData": contact, "Parameters": dict(parameters)}
        answer = self._function(CALL, {"Name": "ContactFlowEvent", "Details": details})
        if answer is None:
            raise CallFailed
        self._screen.table("The call function answers:", [each for each in answer.items() if each[1]])
        return answer

    @command("days 31", "let days pass, with their syncs and summaries", r"(\d{1,4})")
    def do_days(self, days: str) -> None:
        if not 0 < int(days) <= _MOST_DAYS:
            self._say(f"From 1 to {_MOST_DAYS} days can pass at once.")
            return
        with self._screen.briefly():
            Days(
                lambda: datetime.now(UTC),
                lambda to: self._move_days((to - datetime.now(UTC)) / timedelta(days=1)),
                lambda: self._later(SYNC),
                lambda: self._later(SUMMARY),
                self._say,
            ).live_through(int(days))
        self._say(f"It is {datetime.now().astimezone():%A, %-d %B %Y, %H:%M} now, for everything in here.")

    def _later(self, name: str) -> dict[str, Any] | None:
        """Call a function as its schedule does, and run what it starts."""
        answer = self._function(name, {})
        self._functions.drain()
        return answer

    @command("summary", "the daily post, now")
    def do_summary(self) -> None:
        answer = self._function(SUMMARY, {})
        if answer and not answer.get("posted"):
            self._say(str(answer.get("reason", "Nothing was posted.")))

    def _function(self, name: str, event: Any) -> dict[str, Any] | None:
        """Call a Lambda function and wait. A failure is said, and None."""
        try:
            found: dict[str, Any] = self._functions.call(name, event)
        except Exception as error:  # noqa: BLE001 - the sandbox lives on
            self._say(f"The function {name} failed: {type(error).__name__}: {error}")
            return None
        return found

    @command("help", "this")
    def do_help(self) -> None:
        self._screen.table("To Slack", TO_SLACK)
        self._screen.table("Of the sandbox's own", [(each.usage, each.about) for each in COMMANDS.values()])
        self._say(f"What the functions log is in {self._log}")

    @command("quit", "the end; Ctrl-D too")
    def do_quit(self) -> bool:
        return True


def _near_miss(first: str, alone: bool) -> Command | None:
    """The command that a word may be a slip of. `alone`: nothing follows the word."""
    least = 4 if alone else _LONG
    names = [each.name for each in COMMANDS.values() if alone != bool(each.words) and len(each.name) >= least]
    near = get_close_matches(first, names, n=1, cutoff=0.75 if alone else 0.81)
    return COMMANDS[near[0]] if near else None


def _who(person: Person) -> str:
    return f"{person.name} ({person.username})"
