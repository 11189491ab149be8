"""Answers to questions: an answer of the core -> a Message, with who is available now."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from bot.config import Settings
from bot.messages import lookup_results as words
from bot.messages import wish_answers
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.directory_answers import directory, directory_forms, directory_offer
from bot.messages.help import (
    ask_admins,
    guests_ask_for_one,
    how_to_change,
    lookup_help,
    nameless,
    names_are_connects,
    too_long,
)
from bot.messages.lookup_results import Surface
from bot.slack.members import Members
from bot.slack.payload import Written, nearest
from bot.slack.statuses import Statuses
from bot.telemetry import emit
from core.asking.answering import (
    Answer,
    Answering,
    Count,
    Earlier,
    FreeNumbers,
    Nobody,
    NotSynced,
    NotThem,
    OldNumbers,
    One,
    Past,
    Reason,
    Several,
    Unknown,
    Wish,
    one_of,
)
from core.asking.lookup import Known, Number, People
from core.asking.questions import Ask, AskDirectory, Question
from core.directory.keys import KEYS, Format
from core.ports import Clock, Exports

# Commands that may be misspelt, and words that people try as commands, alone and before others.
_COMMAND_WORDS = ("help", "directory", "quiet")
_TRIED = {"sync": "/ext-sync", "delete": "/ext forget me", "remove": "/ext forget me"}
_LISTS = ("directory ", "list ", "export ")
_TRIED |= {word: f"/ext-admin {word}" for word in ("history", "status", "undo")}


class Asker(Struct, frozen=True):
    """The Slack user id of a person who asks, and where the answer is read."""

    user: str
    surface: Surface

    @property
    def openly(self) -> bool:
        """Whether others read the answer too."""
        return self.surface is Surface.PUBLIC


class Answers(Struct, frozen=True):
    """Answers questions. `catch_up` starts a sync, if it may.

    Every method raises Unavailable when the table, and Connect, can't answer.
    """

    answering: Answering
    statuses: Statuses
    exports: Exports
    members: Members
    settings: Settings
    catch_up: Callable[[], bool]
    clock: Clock

    def to_text(self, said: Written, asker: Asker) -> Message | None:
        """Answer a text; None where nothing was asked. A bare command asks for one's own number."""
        answer = self.answering.to_text(
            said.text, said.mentions, said.marked, asker.user, openly=asker.openly
        )
        if said.nameless and answer in (Ask.NOTHING, Ask.HELP, Ask.PRESENCE):
            return nameless()
        if answer is Ask.NOTHING and asker.surface is Surface.COMMAND:
            return self.to(Ask.MINE, asker)
        return None if answer is Ask.THANKS else self._message(answer, asker)

    def to(self, question: Question, asker: Asker) -> Message:
        """Answer a question."""
        return self._message(self.answering.to(question, asker.user, openly=asker.openly), asker)

    def people(self, page: PageRef, asker: Asker) -> Message:
        """One page of the people found for a name."""
        return self._message(self.answering.people(page.query, asker.user), asker, page.number)

    def agent(self, agent: AgentRef, surface: Surface) -> Message:
        """An agent who was picked, with the current number."""
        entry = self.members.current(agent)
        return words.person(entry, self.statuses.of([entry]), surface) if entry else words.gone()

    def candidate(self, agent: AgentRef) -> Message:
        """An agent who was picked by somebody as themselves."""
        entry = self.members.current(agent)
        return words.candidate(entry) if entry else words.gone()

    def _message(self, answer: Answer, asker: Asker, page: int = 0) -> Message:
        surface, examples = asker.surface, self.answering.lookup.examples
        match answer:
            case People():
                return self._people(answer, surface, page)
            case Number():
                return self._number(answer, surface)
            case One(known, own):
                return self._one(known, surface, own=own)
            case Unknown():
                return self._unknown(answer, surface)
            case Several(results, left):
                statuses = self.statuses.of(filter(None, map(one_of, results)))
                return words.at_once(results, statuses, surface, left, self.clock())
            case Past(former, guesses):
                return words.former(former, guesses, surface)
            case NotSynced(agents, guesses):
                return words.not_synced(agents, guesses, surface, started=self.catch_up())
            case Nobody(query, team, namesakes):
                emit(Lookups=1, LookupMisses=1)
                if namesakes:
                    return words.namesakes(query, namesakes, surface)
                if query.casefold().startswith(_LISTS):
                    return directory_forms()
                return words.nobody(query, examples(), f"/ext {team}" if team else _command_like(query))
            case Wish():
                return self._wish(answer, asker)
            case Reason.NOBODY_YET:
                return words.before_the_first_sync()
            case Reason.TOO_LONG:
                return too_long(examples())
            case Reason.ONE_AT_A_TIME:
                return guests_ask_for_one()
            case Ask.ANOTHER_NAME:
                return names_are_connects(self._admins(asker))
            case AskDirectory(form):
                return self._directory(form, asker)
            case Earlier() | OldNumbers() | NotThem():
                return self._of_one(answer, asker, page)
        return self._of_the_bot(answer, asker)

    def _of_one(self, answer: Earlier | OldNumbers | NotThem, asker: Asker, page: int) -> Message:
        admins = self._admins(asker)
        match answer:
            case Earlier(now, about, held):
                whom = held[0].name or held[0].username if held else ""
                return wish_answers.earlier(self._message(now, asker, page), about, held, whom, admins)
            case OldNumbers(held):
                return wish_answers.old_numbers(held, self.settings.policy.hold_days, asker.surface, admins)
            case NotThem(known):
                return wish_answers.not_them(known.entry, known.linked, admins, asker.surface)

    def _of_the_bot(self, answer: Answer, asker: Asker) -> Message:
        match answer:
            case Ask.PRESENCE:
                teams = (each.team for each in self.answering.lookup.directory().entries if each.team)
                return wish_answers.whose_presence(next(teams, ""))
            case Ask.REQUESTS:
                return wish_answers.requests_wait(self._admins(asker))
            case Ask.QUIET:
                return wish_answers.how_to_be_quiet()
            case Ask.HOLDS:
                return wish_answers.holds(self.settings.policy.hold_days)
            case FreeNumbers(numbers):
                return wish_answers.some_free(numbers)
            case Count(people):
                return wish_answers.how_many(people)
        examples = self.answering.lookup.examples
        return lookup_help(examples())

    def _people(self, people: People, surface: Surface, page: int) -> Message:
        """One page of a list, or the one person; of a team those come first who are available."""
        emit(Lookups=1, LookupMisses=0)
        statuses = self.statuses.of(match.entry for match in people.matches)
        ordered = words.available_first(people, statuses) if people.team else people
        return words.found(ordered, statuses, surface, page)

    def _number(self, number: Number, surface: Surface) -> Message:
        entry = one_of(number)
        emit(Lookups=1, LookupMisses=int(entry is None and not number.called))
        statuses = self.statuses.of([entry] if entry else ())
        return words.number(number, self.settings.policy.range, statuses, surface, self.clock())

    def _one(self, known: Known, surface: Surface, *, own: bool) -> Message:
        if own:
            return words.mine(known.entry, known.linked, surface)
        statuses = self.statuses.of([known.entry])
        return words.person(known.entry, statuses, surface, by_own_word=known.linked)

    def _unknown(self, member: Unknown, surface: Surface) -> Message:
        if not member.own:
            return words.unknown_member(member.alike, self.answering.lookup.examples(), surface)
        if member.new:
            return words.me_not_synced(member.email, started=self.catch_up())
        return words.unknown_me(member.alike, surface, member.email, started=self.catch_up())

    def _wish(self, wish: Wish, asker: Asker) -> Message:
        """Tell how an admin grants a wish, and who that is."""
        examples = self.answering.lookup.examples
        free = examples().free if wish.own and not asker.openly else ""
        people = [person or "USERNAME" for person in wish.people]
        how = how_to_change(people, wish.digits, self._admins(asker), free)
        return words.wished(wish.number, how, self.clock()) if wish.number else how

    def _admins(self, asker: Asker) -> str:
        """The sentence that names the admins, "" where others read along."""
        ask = ask_admins(self.settings.admin_users, self.settings.admin_usergroup)
        return "" if asker.openly else ask

    def _directory(self, form: Format, asker: Asker) -> Message:
        """A link for one person; where others read along, the button that gives each their own."""
        if asker.openly:
            return directory_offer()
        link, at = self.exports.link(KEYS[form]), self.exports.exported_at()
        return directory(link, self.settings.link_minutes, form.value, at)


def _command_like(query: str) -> str:
    """The command that may have been meant by a text that names nobody, "" for none."""
    first, _, rest = query.casefold().partition(" ")
    if rest or first in _TRIED:
        return _TRIED.get(first, "")
    word = nearest(first, _COMMAND_WORDS)
    return f"/ext {word}" if word else ""
