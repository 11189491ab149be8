"""Answers to questions: a question -> a Message, with numbers of this moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from bot.config import Settings
from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.directory_link import directory, directory_offer
from bot.messages.help import lookup_help, too_long
from bot.messages.lookup_results import Surface
from bot.slack.members import Members
from bot.slack.payload import Written, nearest
from bot.telemetry import emit
from core.lookup import Lookup
from core.models import Assigned
from core.ports import Connect, Exports
from core.questions import (
    AskDirectory,
    AskHelp,
    AskMember,
    AskMine,
    AskNothing,
    AskNumber,
    AskPerson,
    Question,
    understand,
)

# A text longer than this is no question about one person.
_LONGEST = 300
_COMMAND_WORDS = ("help", "directory", "me")


@dataclass(frozen=True, slots=True)
class Asker:
    """The Slack user id of a person who asks, and where the answer is read."""

    user: str
    surface: Surface


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers questions. Every method raises Unavailable when the table, and Connect, can't answer."""

    lookup: Lookup
    connect: Connect
    exports: Exports
    members: Members
    settings: Settings

    def to_text(self, said: Written, asker: Asker) -> Message:
        """Answer a text. A bare command asks for one's own number."""
        if len(said.text) > _LONGEST:
            return too_long()
        question = understand(said.text, said.mentions)
        if question == AskNothing() and asker.surface is Surface.COMMAND:
            question = AskMine()
        return self.to(question, asker)

    def to(self, question: Question, asker: Asker) -> Message:
        """Answer a question."""
        match question:
            case AskPerson(name=name):
                return self.people(PageRef(name), asker.surface)
            case AskNumber(digits=digits):
                return self._number(digits, asker.surface)
            case AskMember(user_id=user_id):
                return self._member(user_id, asker.surface)
            case AskMine():
                return self._mine(asker)
            case AskDirectory():
                return self.directory(asker.surface)
            case AskHelp() | AskNothing():
                return lookup_help()

    def people(self, page: PageRef, surface: Surface) -> Message:
        """One page of the people found for a name."""
        name = page.query[:_LONGEST]
        people = self.lookup.people(name)
        emit(Lookups=1, LookupMisses=int(not people.matches))
        if not people.matches:
            word = nearest(name, _COMMAND_WORDS)
            return words.nobody(name, f"/ext {word}" if word else "")
        # The availability of one sure person is worth a request, that of a list is not.
        status = self._status(people.sure) if people.sure else None
        return words.found(people, status, surface, page.number)

    def agent(self, agent: AgentRef) -> Message:
        """An agent who was picked, with the current number."""
        entry = self.members.current(agent)
        return words.person(entry, self._status(entry), Surface.MODAL) if entry else words.gone()

    def directory(self, surface: Surface) -> Message:
        """A link for one person; where others read along, the button that gives each their own."""
        if surface is Surface.PUBLIC:
            return directory_offer()
        return directory(self.exports.link(), self.settings.link_minutes)

    def _number(self, digits: str, surface: Surface) -> Message:
        number = self.lookup.number(digits)
        entry = number.state if isinstance(number.state, Assigned) else None
        emit(Lookups=1, LookupMisses=int(entry is None))
        status = self._status(entry) if entry else None
        return words.number(number, self.settings.policy.range, status, surface, datetime.now(UTC))

    def _member(self, user_id: str, surface: Surface) -> Message:
        known = self.members.agent_of(user_id)
        if known is None:
            return words.unknown_member(self.members.alike(user_id))
        return words.person(known.entry, self._status(known.entry), surface)

    def _mine(self, asker: Asker) -> Message:
        known = self.members.agent_of(asker.user)
        if known is None:
            return words.unknown_me(self.members.alike(asker.user), asker.surface)
        return words.mine(known.entry, known.linked, asker.surface)

    def _status(self, entry: Assigned) -> str | None:
        """The agent's status in Connect now, None when it can't be told in time."""
        return self.connect.availability(entry.agent_id) if entry.agent_id else None
