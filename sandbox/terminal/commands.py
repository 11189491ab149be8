"""What each typed line does in the sandbox, and in words what came of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws.account import CALL, SUMMARY
from sandbox.aws.connect_stand_in import INSTANCE_ARN
from sandbox.aws.connect_users import Instance, Person
from sandbox.aws.lambda_stand_in import LambdaStandIn
from sandbox.aws.sample_people import find_people, newcomer
from sandbox.slack.member import Slack
from sandbox.slack.signed_payloads import Member
from sandbox.slack.workspace import Surface, Workspace
from sandbox.terminal.block_kit import Control
from sandbox.terminal.screen import Screen
from sandbox.terminal.typed import VERBS, read_line

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


class Commands:
    """Does what is typed. What the bot does wrong is said, and never raised."""

    def __init__(
        self,
        screen: Screen,
        workspace: Workspace,
        slack: Slack,
        connect: Instance,
        functions: LambdaStandIn,
        log: str,
    ) -> None:
        self._screen, self._workspace, self._slack = screen, workspace, slack
        self._connect, self._functions, self._log = connect, functions, log
        self._say = screen.say
        self._become(ADMIN)

    @property
    def prompt(self) -> str:
        """Who is typing."""
        me = self._slack.me
        return f"{'admin' if me == ADMIN else me.name.partition(' ')[0].lower()}> "

    def do(self, line: str) -> bool:
        """Do what the line says, and all that follows from it; False when it ends the session."""
        deed = read_line(line)
        if deed.name == "quit":
            return False
        self._screen.new_line()
        _DEEDS[deed.name](self, *deed.words)
        self._functions.drain()
        self._screen.end_line()
        return True

    def welcome(self) -> None:
        """What this is, and three things to try."""
        self._screen.table("A sandbox: Slack, Amazon Connect and AWS, all inside this program. Try:", WELCOME)
        self._screen.say("You are an admin. help says what else there is, quit ends it.")
        self._screen.end_line()

    # To Slack

    def command(self, name: str, text: str) -> None:
        self._slack.command(name, text)

    def mention(self, text: str) -> None:
        self._slack.mention(text)

    def direct_message(self, text: str) -> None:
        self._slack.direct_message(text)

    def home(self) -> None:
        self._slack.open_home()

    def finder(self) -> None:
        self._slack.shortcut(FINDER_SHORTCUT)

    def find(self, text: str) -> None:
        """Type into the search field on show; without one, the finder opens first."""
        field = self._screen.field()
        if field is None or self._slack.why_not(field[0]):
            self.finder()
            field = self._screen.field()
        if field is None:
            self._say("There is no search field to type into.")
        else:
            self._fill(*field, text)

    def author(self, words: str) -> None:
        """Somebody wrote something in the channel, and the shortcut is used on that."""
        if person := self._one(words):
            self._slack.message_shortcut(
                AUTHOR_SHORTCUT, Member.of(person).id, "Can somebody take this call?"
            )

    def press(self, number: str, text: str) -> None:
        """Press what has the number, or type into it."""
        found = self._screen.control(int(number))
        if found is None:
            self._say(f"Nothing has the number {number} now. To ask who is on {number}: /ext {number}")
        elif found[1].is_typed and text:
            self._fill(*found, text)
        elif found[1].is_typed:
            self._say(f"That is a field. Type the number and then what goes into it: {number} jane")
        elif text:
            self.direct_message(f"{number} {text}")
        else:
            self._press(*found)

    def _press(self, surface: Surface, control: Control) -> None:
        asked = control.element.get("confirm")
        if control.element["type"] == "deny":
            self._say("Not done.")
        elif asked and not control.confirmed:
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

    def as_(self, words: str) -> None:
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

    def join(self, name: str) -> None:
        person = newcomer(self._connect.people, " ".join(name.split()))
        self._connect.join(person)
        self._workspace.members[Member.of(person).id] = Member.of(person)
        self._say(f"{person.name} is in Connect now, as {person.username}. /ext-sync gives a number.")

    def leave(self, words: str) -> None:
        """Somebody leaves; a number of people when it is a number, the newest first."""
        if words.isascii() and words.isdigit():
            gone = self._connect.people[::-1][: int(words)]
            for each in gone:
                self._connect.leave(each.id)
            self._say(f"{len(gone)} people have left Connect, all at once. Try /ext-sync.")
        elif person := self._one(words):
            self._connect.leave(person.id)
            self._say(f"{_who(person)} has left Connect. /ext-sync holds the number.")

    def rename(self, words: str, name: str) -> None:
        if person := self._one(words):
            first, _, last = name.partition(" ")
            self._connect.rename(person.id, first, last)
            self._say(f"{_who(person)} is called {name} in Connect now. /ext-sync brings the news.")

    def status(self, words: str, status: str) -> None:
        if person := self._one(words):
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

    def call(self, digits: str) -> None:
        """What the Connect flow is told about digits that a caller keyed."""
        event = {
            "Name": "ContactFlowEvent",
            "Details": {
                "ContactData": {
                    "Channel": "VOICE",
                    "InitiationMethod": "INBOUND",
                    "InstanceARN": INSTANCE_ARN,
                },
                "Parameters": {"extension": digits},
            },
        }
        answer = self._function(CALL, event)
        if answer is None:
            return
        if answer.get("found") == "true":
            self._say(f"The call goes to the agent queue of {answer['display_name']}. The flow was told:")
        else:
            self._say(f"The caller is asked again: nobody is on {digits}. The flow was told:")
        self._screen.table("", [(name, said) for name, said in answer.items() if said])

    def summary(self) -> None:
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

    # The console itself

    def help(self) -> None:
        self._screen.table("To Slack", TO_SLACK)
        self._screen.table("Of the sandbox's own", [(verb.usage, verb.about) for verb in VERBS])
        self._say(f"What the functions log is in {self._log}")

    def more(self) -> None:
        self._screen.unfold()

    def hint(self, text: str) -> None:
        self._say(text)

    def nothing(self) -> None:
        """An empty line."""


_DEEDS: dict[str, Callable[..., None]] = {
    "as": Commands.as_,
    "call": Commands.call,
    "command": Commands.command,
    "direct_message": Commands.direct_message,
    "dm": Commands.direct_message,
    "find": Commands.find,
    "author": Commands.author,
    "finder": Commands.finder,
    "help": Commands.help,
    "hint": Commands.hint,
    "home": Commands.home,
    "join": Commands.join,
    "leave": Commands.leave,
    "mention": Commands.mention,
    "more": Commands.more,
    "nothing": Commands.nothing,
    "press": Commands.press,
    "rename": Commands.rename,
    "status": Commands.status,
    "summary": Commands.summary,
}


def _who(person: Person) -> str:
    return f"{person.name} ({person.username})"
