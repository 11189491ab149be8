"""Answers to questions: a question -> a Message, with numbers of this moment."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from msgspec import Struct
from msgspec.structs import replace

from bot.config import Settings
from bot.messages import lookup_results as words
from bot.messages.blocks import Message
from bot.messages.button_values import AgentRef, PageRef
from bot.messages.directory_answers import directory, directory_offer
from bot.messages.help import (
    ask_admins,
    guests_ask_for_one,
    how_to_change,
    lookup_help,
    names_are_connects,
    too_long,
)
from bot.messages.lookup_results import Surface
from bot.slack.members import Members
from bot.slack.newcomers import Newcomers
from bot.slack.payload import Written, nearest
from bot.slack.statuses import Statuses
from bot.telemetry import emit
from core.asking.former import Former
from core.asking.lookup import Lookup, People
from core.asking.questions import (
    AskDirectory,
    AskHelp,
    AskMember,
    AskMine,
    AskNothing,
    AskNumber,
    AskPerson,
    AskSeveral,
    Question,
    Thanks,
    WantChange,
    WantName,
    understand,
)
from core.directory.keys import KEYS, Format
from core.models import Assigned
from core.ports import Exports
from core.search.found import Certainty, Match

# A text longer than this is no question about one person.
_LONGEST = 300
# Commands that may be misspelt, and words that people try as commands, alone and before others.
_COMMAND_WORDS = ("help", "directory", "quiet")
_TRIED_ALONE = dict.fromkeys(("stop", "mute", "unsubscribe"), "/ext quiet")
_TRIED = {"sync": "/ext-sync", "delete": "/ext forget me", "remove": "/ext forget me"}
_TRIED |= {word: f"/ext-admin {word}" for word in ("history", "status", "undo")}
# Stands for a number while the name beside it is read.
_STAND_IN = "number"
_SHORTEST_NAME = 2
_LETTERS = re.compile(r"[^\W_]|[^\x00-\x7f]")
_DIGITS = re.compile(r"(?<![0-9])[0-9]+(?![0-9])")
# So many people or numbers are answered at once.
_MOST_AT_ONCE = 10


class Asker(Struct, frozen=True):
    """The Slack user id of a person who asks, and where the answer is read."""

    user: str
    surface: Surface


class Answers(Struct, frozen=True):
    """Answers questions. `catch_up` starts a sync, if it may.

    Every method raises Unavailable when the table, and Connect, can't answer.
    """

    lookup: Lookup
    statuses: Statuses
    exports: Exports
    members: Members
    newcomers: Newcomers
    settings: Settings
    catch_up: Callable[[], bool]

    def to_text(self, said: Written, asker: Asker) -> Message | None:
        """Answer a text; None where nothing was asked. A bare command asks for one's own number."""
        if len(said.text) > _LONGEST:
            return too_long(self.lookup.examples())
        question = understand(said.text, said.mentions, said.marked)
        if question == AskNothing() and asker.surface is Surface.COMMAND:
            question = AskMine()
        my = question == AskMine() and said.text.casefold() == "my"
        may_be_a_name = my or isinstance(question, Thanks | WantChange | WantName)
        if may_be_a_name and len(_LETTERS.findall(said.text)) > 1 and self.lookup.exactly(said.text):
            question = AskPerson(said.text)
        return None if isinstance(question, Thanks) else self.to(question, asker)

    def to(self, question: Question, asker: Asker) -> Message:
        """Answer a question."""
        match question:
            case AskPerson():
                return self._at_once(question, asker) or self._person(question, asker)
            case AskNumber():
                return self._at_once(question, asker) or self._number(question, asker)
            case AskSeveral() if not self.may_list(asker.user):
                return guests_ask_for_one()
            case AskSeveral(questions=questions):
                return self._all(self._parts(questions, asker), _left(questions), asker.surface)
            case WantName():
                return names_are_connects(self._admins(asker))
            case WantChange():
                return self._wish(question, asker)
            case AskMember(user_id=user_id):
                return self._member(user_id, asker)
            case AskMine():
                return self._mine(asker)
            case AskDirectory(format=form):
                return self.directory(asker, form)
            case AskHelp() | AskNothing() | Thanks():
                return lookup_help(self.lookup.examples())

    def people(self, page: PageRef, asker: Asker) -> Message:
        """One page of the people found for a name."""
        return self._found(self.lookup.people(page.query[:_LONGEST]), asker, page.number)

    def _person(self, question: AskPerson, asker: Asker) -> Message:
        """Answer who is called so, or else what stands beside the name, or who was called so."""
        name = question.name[:_LONGEST]
        people = self.lookup.people(name, question.text[:_LONGEST])
        if _is_clear(people):
            return self._found(people, asker)
        if question.speaks_of_the_asker:
            return self._mine(asker)
        if question.members and not people.matches:
            return self._member(question.members[0], asker)
        if digits := self._only_number(question.text):
            several = self._beside_a_number(question.text, digits, asker)
            if several or len(people.matches) != 1:
                return several or self._number(AskNumber(digits), asker)
        if not self.lookup.directory().entries:
            return words.before_the_first_sync()
        former = self._former(name, people)
        if former and self.may_list(asker.user):
            return words.former(former, people, asker.surface)
        if former and not people.matches:
            return words.former(former, people, asker.surface) if len(former) == 1 else guests_ask_for_one()
        return self._not_synced(people, asker) or self._found(people, asker)

    def _beside_a_number(self, text: str, digits: str, asker: Asker) -> Message | None:
        """Answer a name and a number of ours that stands beside it; None where no name does."""
        question = understand(_DIGITS.sub(f" {_STAND_IN} ", text))
        name = " ".join(word for word in getattr(question, "name", "").split() if word != _STAND_IN)
        name = name.strip(" :;,.-=?")
        number = self.lookup.number(digits)
        if not number.state or not self.may_list(asker.user) or len(_LETTERS.findall(name)) < _SHORTEST_NAME:
            return None
        people = self.lookup.people(name)
        if not _is_clear(people):
            return None
        if words.one_of(number) in [match.entry for match in people.matches]:
            return self._number(AskNumber(digits), asker)
        return self._all([people, number], 0, asker.surface)

    def _former(self, name: str, people: People) -> tuple[Former, ...]:
        """The people who were called so, or else those who were called nearly so."""
        now = datetime.now(UTC)
        return self.lookup.former(name, now) or self.lookup.formerly_like(name, now, people)

    def _not_synced(self, people: People, asker: Asker) -> Message | None:
        """Tell of agents of that name whom Connect has and no sync has met yet; None where there are none."""
        new = self.newcomers.of(people.query)
        if not new or (len(new) > 1 and not self.may_list(asker.user)):
            return None
        guesses = people if self.may_list(asker.user) else replace(people, matches=())
        return words.not_synced(new, guesses, asker.surface, started=self.catch_up())

    def _only_number(self, text: str) -> str:
        """The one number of full length in a text, "" where there is none or more than one."""
        numbers = {word for word in _DIGITS.findall(text) if len(word) == self.settings.policy.range.width}
        return numbers.pop() if len(numbers) == 1 else ""

    def _found(self, people: People, asker: Asker, page: int = 0) -> Message:
        """The people found; a guest is told of one person at a time."""
        emit(Lookups=1, LookupMisses=int(not people.matches))
        if not people.matches:
            if not self.lookup.directory().entries:
                return words.before_the_first_sync()
            team = self.lookup.team_like(people.query[:_LONGEST])
            meant = f"/ext {team}" if team else _command_like(people.query)
            return words.nobody(people.query, self.lookup.examples(), meant)
        if len(people.matches) > 1 and not self.may_list(asker.user):
            return guests_ask_for_one()
        if people.team:
            statuses = self.statuses.of(match.entry for match in people.matches)
            return words.found(words.available_first(people, statuses), statuses, asker.surface, page)
        statuses = self.statuses.of(words.on_page(people, page))
        return words.found(people, statuses, asker.surface, page)

    def _at_once(self, question: AskPerson | AskNumber, asker: Asker) -> Message | None:
        """Answer several questions; None where the text is one name, or does not name several."""
        parts = question.parts
        mentioned = any(isinstance(part, AskMember) for part in parts)
        if len(parts) < 2 or (not mentioned and self.lookup.exactly(question.whole)):
            return None
        answered = zip(parts, self._parts(parts, asker), strict=False)
        results = [result for part, result in answered if _is_found(result) or _is_asked_for(part)]
        if not self._are_several(question, results):
            return None
        if not self.may_list(asker.user):
            return guests_ask_for_one()
        return self._all(results, _left(parts), asker.surface)

    def _are_several(self, question: AskPerson | AskNumber, results: Sequence[words.Result]) -> bool:
        """Whether the results are of several people and numbers, and not of one: `Jane Doe, Claims`."""
        teams = {result.team for result in results if isinstance(result, People) and result.team}
        clear = {words.subject(result) for result in results} - {None, *teams}
        if teams and not question.joined:
            inside = self.lookup.people(question.whole).matches
            if inside and {match.entry.team for match in inside} <= teams:
                return False
        if len(clear | teams) > 1:
            return True
        guessed = [each for each in results if isinstance(each, People) and each.matches]
        if len(guessed) > 1 and not teams:
            return question.joined or not self.lookup.people(question.whole).sure
        return question.joined and bool(clear) and len(results) > 1

    def _all(self, results: Sequence[words.Result], left: int, surface: Surface) -> Message:
        """Answer a line each, and say how many are `left`."""
        results = [*{words.subject(result) or at: result for at, result in enumerate(results)}.values()]
        entries = [entry for result in results if (entry := words.one_of(result))]
        return words.at_once(results, self.statuses.of(entries), surface, left)

    def _parts(self, parts: Sequence[Question], asker: Asker) -> list[words.Result]:
        return [self._part(part, asker) for part in parts[:_MOST_AT_ONCE]]

    def _part(self, question: Question, asker: Asker) -> words.Result:
        match question:
            case AskNumber(digits=digits):
                return self.lookup.number(digits)
            case AskMember(user_id=user_id):
                return self._known(user_id)
            case AskMine():
                return self._known(asker.user)
            case AskPerson(name=name, text=text):
                people = self.lookup.people(name, text)
                former = () if _is_clear(people) else self._former(name, people)
                new = () if former or people.matches else self.newcomers.of(name)
                others: list[words.Result] = [*former, *new]
                return others[0] if others else people
        return People("", Certainty.NONE, (), 0)

    def _known(self, user_id: str) -> People:
        """The agent that a member is, or else those of a similar name as a guess."""
        known = self.members.agent_of(user_id)
        if known is None:
            name = self.members.profile(user_id).name
            return self.lookup.people(name).guessed if name else People(user_id, Certainty.NONE, (), 0)
        because = words.OWN_WORD if known.linked else "member"
        return People(known.entry.label, Certainty.SURE, (Match(known.entry, 1.0, because),), 1)

    def _admins(self, asker: Asker) -> str:
        """The sentence that names the admins, "" where others read along."""
        settings = self.settings
        ask = ask_admins(settings.admin_users, settings.admin_usergroup)
        return "" if asker.surface is Surface.PUBLIC else ask

    def _wish(self, wish: WantChange, asker: Asker) -> Message:
        """Tell how an admin grants a wish for another number; names that nobody has are looked for."""
        for name in filter(None, (wish.name, wish.other)):
            if not name.isdecimal() and not self.lookup.people(name).matches:
                return self._person(AskPerson(name, name), asker)
        if wish.members:
            whose, *others = (self._username_of(member or asker.user) for member in wish.members)
        else:
            whose = self._username(wish.name) if wish.name else self._username_of(asker.user)
            others = [self._username(wish.other)] if wish.other else []
        own = wish == WantChange()
        free = self.lookup.examples().free if own and asker.surface is not Surface.PUBLIC else ""
        how = how_to_change([whose, *others], wish.digits, self._admins(asker), free)
        if not wish.digits or wish.name or wish.members:
            return how
        return words.wished(self.lookup.number(wish.digits), how, datetime.now(UTC))

    def _username(self, name: str) -> str:
        """The username of the person who is named for sure, or else the name as typed."""
        found = self.lookup.people(name).sure
        return found.username if found else name

    def _username_of(self, user_id: str) -> str:
        """The username of the agent that a member is, or a word that stands for one."""
        known = self.members.agent_of(user_id)
        return known.entry.username if known else "USERNAME"

    def agent(self, agent: AgentRef, surface: Surface) -> Message:
        """An agent who was picked, with the current number."""
        entry = self.members.current(agent)
        return words.person(entry, self.statuses.of([entry]), surface) if entry else words.gone()

    def candidate(self, agent: AgentRef) -> Message:
        """An agent who was picked by somebody as themselves."""
        entry = self.members.current(agent)
        return words.candidate(entry) if entry else words.gone()

    def may_list(self, user: str) -> bool:
        """Whether the user may see lists of people: members, and guests if the settings say so."""
        return self.settings.guests_see_directory or not self.members.is_guest(user)

    def directory(self, asker: Asker, form: Format = Format.PAGE) -> Message:
        """A link for one person; where others read along, the button that gives each their own."""
        if asker.surface is Surface.PUBLIC:
            return directory_offer()
        if not self.may_list(asker.user):
            return guests_ask_for_one()
        return directory(self.exports.link(KEYS[form]), self.settings.link_minutes, form.value)

    def _number(self, question: AskNumber, asker: Asker) -> Message:
        """Answer who is on a number, and who is called like it; a guest is told of one person."""
        number = self.lookup.number(question.digits, question.text)
        entry = number.state if isinstance(number.state, Assigned) else None
        if len(number.called) > 1 and not self.may_list(asker.user):
            if not entry:
                return guests_ask_for_one()
            number = replace(number, called=())
        emit(Lookups=1, LookupMisses=int(entry is None and not number.called))
        statuses = self.statuses.of([entry] if entry else ())
        return words.number(number, self.settings.policy.range, statuses, asker.surface, datetime.now(UTC))

    def _alike(self, user_id: str, asker: Asker) -> list[Assigned]:
        return self.members.alike(user_id) if self.may_list(asker.user) else []

    def _member(self, user_id: str, asker: Asker) -> Message:
        known = self.members.agent_of(user_id)
        if known is None:
            return words.unknown_member(self._alike(user_id, asker), self.lookup.examples(), asker.surface)
        statuses = self.statuses.of([known.entry])
        return words.person(known.entry, statuses, asker.surface, by_own_word=known.linked)

    def _mine(self, asker: Asker) -> Message:
        known = self.members.agent_of(asker.user)
        if known is None:
            email = self.members.profile(asker.user).email
            if any(agent.username.casefold() == email.casefold() for agent in self.newcomers.of(email)):
                return words.me_not_synced(email, started=self.catch_up())
            alike = self._alike(asker.user, asker)
            return words.unknown_me(alike, asker.surface, email, started=self.catch_up())
        return words.mine(known.entry, known.linked, asker.surface)


def _left(parts: Sequence[Question]) -> int:
    """The number of questions that are too many to be answered at once."""
    return max(0, len(parts) - _MOST_AT_ONCE)


def _is_found(result: words.Result) -> bool:
    return bool(result.matches) if isinstance(result, People) else True


def _is_clear(result: words.Result) -> bool:
    """Whether a result names people, be they several, and not by a guess."""
    return isinstance(result, People) and result.certainty in (Certainty.SURE, Certainty.SEVERAL)


def _is_asked_for(question: Question) -> bool:
    """Whether a part of a text asks for somebody, found or not: `can she talk` does not."""
    return question.is_only_a_name if isinstance(question, AskPerson) else True


def _command_like(query: str) -> str:
    """The command that may have been meant by a text that names nobody, "" for none."""
    first, _, rest = query.casefold().partition(" ")
    if rest or first in _TRIED:
        return _TRIED.get(first, "")
    word = nearest(first, _COMMAND_WORDS)
    return _TRIED_ALONE.get(first) or (f"/ext {word}" if word else "")
