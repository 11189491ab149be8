"""An admin's words -> the one order that they name exactly, or else a message that leads on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from functools import partial
from itertools import product

from msgspec import Struct
from msgspec.structs import replace

from bot.messages.admin_answers import (
    Candidate,
    ask_of_leavers,
    ask_undo,
    candidates,
    number_in_note,
    reserved_numbers,
    type_instead,
    what_of_number,
    what_of_person,
    which_note,
)
from bot.messages.answer_pages import Asked
from bot.messages.blocks import Message, name
from bot.messages.button_values import AgentRef
from bot.messages.help import admin_help, nameless
from bot.slack.forwarding import Forwarding
from bot.slack.histories import RUN, Histories
from bot.slack.members import Members
from bot.slack.payload import Written, nearest
from core.asking.commands import (
    KINDS,
    VERBS,
    Command,
    Help,
    History,
    ListReserved,
    understand,
    without_courtesy,
)
from core.asking.lookup import Lookup
from core.asking.questions import Ask
from core.asking.reading import exact
from core.errors import Refused
from core.models import Assigned, ExtensionRange, HistoryEntry, iso
from core.numbering.orders import Forward, Free, Move, OnButton, Reserve, Status, Swap, Undo, Unreserve
from core.numbering.undo import REVERSIBLE, UNDO_HOURS
from core.ports import Clock, RunRecords, TableReader
from core.words.number_lists import read_numbers, write_numbers
from core.words.patterns import late

# A text longer than this is no command but for the note in it.
_LONGEST = 1000
_TOO_LONG = f"I read up to {_LONGEST:,} characters. Take fewer numbers at once, or write a shorter note."
_LONGEST_NOTE = 200
_MOST_GUESSED = 5
_FORWARD = re.compile(r"\s*forward\b", re.IGNORECASE)
_JOINS = {"and", "with", "&", "to", "for"}
# Anybody can say that they are anybody: good enough to be told a number, not to be given one.
_BY_THEIR_WORD = "They are {0} by their own word only. Say whom you mean by username, as in move {1} NUMBER."
_A_MOVE, _A_SWAP = "/ext-admin move {} {}", "/ext-admin swap USERNAME USERNAME"
_ONE_PERSON = f"Name one person, by mention or by name. Type: {_A_MOVE.format('USERNAME', 'NUMBER')}"
# Of shorter numbers any number in a note may be something else: room 12.
_SHORT = 2
_OF_A_CHANGE = late(r"^(?:(?:the|move|swap|change|hold|reservation|of|for|on)\s+)+", re.IGNORECASE)


class Orders(Struct, frozen=True):
    """Reads what admins type. Raises Refused, with what to type instead, and Unavailable."""

    lookup: Lookup
    members: Members
    reader: TableReader
    records: RunRecords
    extensions: ExtensionRange
    clock: Clock
    forwarding: Forwarding

    def of(self, said: Written, by: str) -> OnButton | Message:
        """The order that the words name exactly; otherwise what may be meant, or what to type.

        An order about somebody who has left is asked about first.
        """
        order = self._named(said, by)
        if not isinstance(order, Move | Swap | Forward):
            return order
        ids = (order.agent,) if isinstance(order, Move) else (order.agent, order.other)
        people = filter(None, (self.members.current(AgentRef(agent_id, "")) for agent_id in ids))
        gone = [person for person in people if person.release_waits]
        return ask_of_leavers(gone, order) if gone else order

    def _named(self, said: Written, by: str) -> OnButton | Message:
        if said.nameless:
            return nameless()
        text, rest = said.text[:_LONGEST], said.text[_LONGEST:]
        if any(map(str.isdigit, rest)):
            raise Refused(_TOO_LONG)
        if _FORWARD.match(text):
            return self.forwarding.of_somebody(replace(said, text=text))
        if said.mentions and (answer := self._of_mentions(text, said.mentions)):
            return answer
        readings = understand(text, self.extensions)
        exactly = dict(each for reading in readings for each in self._exactly(reading, by))
        if len(exactly) == 1:
            ((order, people),) = exactly.items()
            for person in people:
                self._known(person)
            return order
        return self._answer(readings, Asked(text), by)

    def shown(self, asked: Asked, by: str) -> Message:
        """The answer to words that a button carries: no order, however exactly they name one by now."""
        return self._answer(understand(asked.words, self.extensions), asked, by)

    def _answer(self, readings: Sequence[Command], asked: Asked, by: str) -> Message:
        guesses = {guess: None for reading in readings[:_MOST_GUESSED] for guess in self._guesses(reading)}
        if guesses:
            return candidates([*guesses], asked)
        lists = [reading for reading in readings if isinstance(reading, ListReserved | History)]
        return self._missing([*lists, *readings][0], asked, by)

    # By mention

    def _of_mentions(self, text: str, mentions: Sequence[str]) -> Move | Swap | Message | None:
        """The move or swap of people who are mentioned; None where the mention is part of something else."""
        words = without_courtesy(text)
        verb = VERBS.get(words[0].casefold()) if words else None
        joined = any(word.casefold() in ("and", "with", "&") for word in words)
        rest = [word for word in words[bool(verb) :] if word.casefold() not in _JOINS]
        numbers = [number for word in rest if (number := self.extensions.normalise(word))]
        if verb is History:
            return self._history_of_member(mentions[0], text)
        if verb is Undo:
            raise Refused("A run is taken back, and no person. `/ext-admin history` tells the run to type.")
        if verb is Move or (verb is None and numbers):
            if len(mentions) != 1 or len(rest) > 1 or not numbers:
                raise Refused(_ONE_PERSON)
            return Move(self._mentioned(mentions[0]).agent_id, self._in_range(numbers[0]))
        if verb is not Swap and not (verb is None and joined):
            return None
        people = [self._mentioned(mention) for mention in mentions]
        people += self.lookup.exactly(" ".join(rest)) if rest else ()
        if len(people) != 2:
            raise Refused(f"Name two people exactly. Type: {_A_SWAP}")
        return _swap(*map(self._known, people))

    def _history_of_member(self, member_id: str, text: str) -> Message:
        known = self.members.agent_of(member_id)
        if known is None:
            instead = f"/ext-admin history {self.lookup.examples().username}"
            raise Refused(f"I can't tell which agent that is. Use the username, as in {instead}.")
        return self.histories("").of_agent(known.entry.agent_id, text)

    def _mentioned(self, member_id: str) -> Assigned:
        known = self.members.agent_of(member_id)
        if known is None:
            instead = _A_MOVE.format("USERNAME", "NUMBER")
            raise Refused(f"I can't tell which agent that is. Use the username, as in {instead}.")
        if known.linked:
            raise Refused(_BY_THEIR_WORD.format(known.entry.label, known.entry.username))
        return self._known(known.entry)

    def _known(self, agent: Assigned) -> Assigned:
        if not agent.agent_id:
            raise Refused(f"I don't have {agent.label}'s Connect user id yet. Run /ext-sync first.")
        return agent

    # By name

    def _exactly(self, reading: Command, by: str) -> Iterator[tuple[OnButton, tuple[Assigned, ...]]]:
        """The orders that a reading names exactly, one for each person or pair, with these people."""
        match reading:
            case Move(who, number) if who and number:
                for person in self._people(who, by):
                    yield replace(reading, agent=person.agent_id), (person,)
            case Swap(one, other) if one and other:
                for pair in product(self._people(one, by), self._people(other, by)):
                    yield _swap(*pair), pair
            case Undo(run) if run.casefold() == "sync":
                raise Refused("A sync is taken back by /ext-sync undo.")
            case Reserve() | Unreserve() | Free() | Undo() | Status():
                if order := self._whole(reading):
                    yield order, ()

    def _whole(self, reading: Reserve | Unreserve | Free | Undo | Status) -> OnButton | None:
        """The order of a reading about numbers or a run; None where something is missing or doubtful."""
        match reading:
            case Reserve(numbers, note) if numbers and not self._number_in(note):
                return Reserve(self._all_in_range(numbers), note[:_LONGEST_NOTE])
            case Unreserve(numbers) | Free(numbers) if numbers:
                return replace(reading, extension=self._all_in_range(numbers))
            case Unreserve("", note) if note and any(each.is_for(note) for each in self.reader.reserved()):
                return reading
            case Undo(run) if not run or RUN.fullmatch(run):
                return reading
            case Status():
                return reading
        return None

    def _number_in(self, note: str) -> str:
        """A number of ours that is left in a note, "" for none. One or two digits may be anything."""
        width = self.extensions.width
        found = re.findall(rf"(?<!\d)\d{{{width}}}(?!\d)", note) if width > _SHORT else []
        return next((each for each in found if each in self.extensions), "")

    def _people(self, who: str, by: str) -> tuple[Assigned, ...]:
        """The people whom the words name, none of them passed over; `me` is the admin by a verified email."""
        named = self.lookup.exactly(who)
        if not named and exact(who) is Ask.MINE:
            return (self._mentioned(by),)
        return named

    def _all_in_range(self, numbers: str) -> str:
        return write_numbers(self._in_range(each) for each in read_numbers(numbers))

    def _in_range(self, typed: str) -> str:
        extension = self.extensions.normalise(typed)
        if extension is None or extension not in self.extensions:
            raise Refused(
                f"{typed[:40]} is not one of our numbers. They run from {self.extensions.in_words}."
            )
        return extension

    # By likeness

    def _guesses(self, reading: Command) -> Iterator[Candidate]:
        match reading:
            case Move(who, number) if who and number:
                for person in self._alike(who):
                    yield Candidate(Move(person.agent_id, number, other=person.extension), (person,))
            case Swap(one, other) if one and other:
                for first, second in product(self._alike(one), self._alike(other)):
                    if first.agent_id != second.agent_id:
                        yield Candidate(_swap(first, second), (first, second), other)

    def _alike(self, who: str) -> list[Assigned]:
        named = self.lookup.exactly(who) or [match.entry for match in self.lookup.people(who).matches]
        return [person for person in named if person.agent_id]

    # What is asked, and what is missing

    def histories(self, by: str) -> Histories:
        """The past, for an admin."""
        named = partial(self._people, by=by)
        return Histories(self.lookup, self.reader, self.extensions, named, self.records, self.clock)

    def _missing(self, reading: Command, asked: Asked, by: str) -> Message:
        match reading:
            case Move(who, number) if not who:
                lead = f"Who is to have {number}?" if number else "Who moves, and to which number?"
                return type_instead(lead, _A_MOVE.format("USERNAME", number or "NUMBER"))
            case Move(who, number):
                return self._nobody(who, f"/ext-admin move USERNAME {number}") if number else self._where(who)
            case Swap(one, other) if one and other:
                unknown = next((each for each in (other, one) if not self._alike(each)), "")
                return self._nobody(unknown, "/ext-admin swap USERNAME USERNAME")
            case Swap():
                return type_instead("Who changes numbers with whom?", _A_SWAP)
            case Reserve(numbers, note) if numbers:
                order = Reserve(self._all_in_range(numbers), note[:_LONGEST_NOTE])
                return number_in_note(order, self._number_in(note))
            case Reserve():
                lead = "Which number? Write it in full, with what it is for."
                return type_instead(
                    lead, "/ext-admin reserve NUMBER front desk", "/ext-admin reserve FIRST-LAST lab"
                )
            case Undo(about):
                return self._which_run(about, by)
            case Unreserve("", note):
                return self._no_such_note(note, asked)
            case Free():
                return type_instead("Which number? Its hold is ended.", "/ext-admin free NUMBER")
            case ListReserved():
                return reserved_numbers(self.reader.reserved(), asked)
            case History(about):
                return self.histories(by).of(about, asked.page)
            case Help(typed):
                return self._help(typed, asked.words, by)
            case _:
                return admin_help()

    def _help(self, typed: str, text: str, by: str) -> Message:
        """The help; of a lone person or number, what can be done with them."""
        people, number = self._people(text, by) if typed else (), self.extensions.normalise(text)
        if len(people) == 1:
            return what_of_person(people[0])
        if number and number in self.extensions:
            return what_of_number(number)
        return admin_help(typed, nearest(typed, tuple(KINDS)) if typed else "")

    def _which_run(self, about: str, by: str) -> Message:
        """The newest change of the person or number that is to be undone, or a question."""
        about = _OF_A_CHANGE.sub("", about)
        number, people = self.extensions.normalise(about), self._people(about, by)
        entries: list[HistoryEntry] = []
        if number:
            entries = self.reader.history_of_number(number, self.reader.read_consistent([number]).states[0])
        elif len(people) == 1:
            entries = self.reader.history_of_agent(people[0].agent_id, people[0])
        since = iso(self.clock() - UNDO_HOURS)
        entries = [each for each in entries if each.kind in REVERSIBLE and each.at >= since]
        if entries:
            return ask_undo(entries[-1])
        return type_instead(
            "Which run? The history of a day or of somebody has it.", "/ext-admin history today"
        )

    def _where(self, who: str) -> Message:
        """A move without a number of ours."""
        digits = [word for word in who.split() if word.isdigit()]
        lead = (
            f"{name(digits[-1])} is not one of our numbers. They run from {self.extensions.in_words}."
            if digits
            else f"To which number? They run from {self.extensions.in_words}."
        )
        typed = re.split(r"\s+(?:(?:to|on|onto|->)\s|\S*\d)", f"{who} ")[0].strip()
        return type_instead(lead, _A_MOVE.format(typed or "USERNAME", "NUMBER"))

    def _nobody(self, who: str, instead: str) -> Message:
        if not who:
            return type_instead("Those two are one person. Name two.", instead)
        lead = f"I can't find anybody called “{name(who)}”. Ask `/ext` for the username, and type:"
        return type_instead(lead, instead)

    def _no_such_note(self, note: str, asked: Asked) -> Message:
        found = self.reader.reserved()
        if not note or not found:
            return reserved_numbers(found, asked)
        notes = {each.note.casefold(): None for each in found}
        wanted = note.casefold()
        near = {*get_close_matches(wanted, notes, n=10, cutoff=0.5)}
        near |= {each for each in notes if wanted in each or each in wanted}
        alike = [each for each in found if each.note.casefold() in near]
        return which_note(alike, note, asked) if alike else reserved_numbers(found, asked)


def _swap(one: Assigned, other: Assigned) -> Swap:
    """The swap of two people, and of the numbers that they have now."""
    return Swap(one.agent_id, other.agent_id, f"{one.extension}, {other.extension}")
