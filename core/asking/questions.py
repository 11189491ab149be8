"""The questions that a text can ask, as values."""

from __future__ import annotations

from enum import Enum, auto

from msgspec import Struct

from core.directory.keys import Format


class Ask(Enum):
    """The questions of which there is nothing more to say. Help also answers a mere greeting.

    Nothing: there is no text. Thanks: thanks, agreement, a lone emoji. Another name: a wish for another name
    or team, `my name is wrong`; they are Amazon Connect's. Old number: a wish for one's own again. Not me:
    the asker is no such agent. Quiet: no more messages. Holds: how long a number is held.
    Presence: who is available, of nobody in particular.
    Requests: what became of one's request for a number, or a wish to take it back.
    """

    MINE = auto()
    HELP = auto()
    NOTHING = auto()
    THANKS = auto()
    ANOTHER_NAME = auto()
    OLD_NUMBER = auto()
    NOT_ME = auto()
    QUIET = auto()
    FREE_NUMBERS = auto()
    HOW_MANY = auto()
    HOLDS = auto()
    PRESENCE = auto()
    REQUESTS = auto()


class AskPerson(Struct, frozen=True):
    """People by name. `text` is all that was typed, `members` are mentioned beside the name.

    `parts` are the questions of a text that may name several: `jane and bob`. `joined`: a word such as `and`
    says that they are several. Two that ask for one name are equal.
    """

    name: str
    text: str = ""
    members: tuple[str, ...] = ()
    parts: tuple[Question, ...] = ()
    joined: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AskPerson) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)


class AskNumber(Struct, frozen=True):
    """The agent on an extension. `digits` are as typed: `0042` or `42`; `text` is all that was typed.

    `parts` are the questions of a text that may name several: `7238 and 7237`.
    """

    digits: str
    text: str = ""
    parts: tuple[Question, ...] = ()
    joined: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AskNumber) and self.digits == other.digits

    def __hash__(self) -> int:
        return hash(self.digits)


class AskMember(Struct, frozen=True):
    """Which extension does this member of the Slack workspace have?"""

    user_id: str


class AskDirectory(Struct, frozen=True):
    """Where is the whole list, and in which form?"""

    format: Format = Format.PAGE


class AskSeveral(Struct, frozen=True):
    """Several members of the workspace at once, and the asker."""

    questions: tuple[Question, ...]


class WantChange(Struct, frozen=True):
    """A wish that only an admin can grant: `give jane 7777`, `my number is wrong`.

    `name` is whose number it is about, "" for the asker's own; `digits` the number that is wanted, "" for
    none; `other` the person to swap with. `members` are mentioned in the place of names, "" is the asker.
    """

    name: str = ""
    digits: str = ""
    other: str = ""
    members: tuple[str, ...] = ()


class AskPast(Struct, frozen=True):
    """A question about what was: `who had 7244 in May`.

    `question` is the same about today; `period` is as `period_in` reads it, "" where no time was said;
    `text` is all that was typed.
    """

    question: Question
    period: str = ""
    text: str = ""


Question = Ask | AskPerson | AskNumber | AskMember | AskDirectory | AskSeveral | WantChange | AskPast
