"""Answers a text: a text and the member who asks -> an Answer, with numbers of this moment.

Guests of the workspace are told of one person at a time: `cut_down` says what they get of an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from enum import Enum, auto
from functools import partial
from typing import Protocol

from msgspec import Struct
from msgspec.structs import replace

from core.asking.former import Former
from core.asking.lookup import Known, Lookup, Member, Number, People
from core.asking.past import is_command, past_in
from core.asking.questions import (
    Ask,
    AskDirectory,
    AskMember,
    AskNumber,
    AskPast,
    AskPerson,
    AskSeveral,
    Question,
    WantChange,
)
from core.asking.reading import is_only_a_name, understand, whole
from core.asking.wishes import speaks_of_the_asker
from core.models import Agent, Assigned, Held, Reserved
from core.ports import Clock
from core.search.found import Certainty, Match
from core.search.likely import of_surname
from core.words.patterns import late
from core.words.vocabulary import BESIDE_A_NAME

# A text longer than this is no question about one person.
_LONGEST = 300
# So many people or numbers are answered at once.
_MOST_AT_ONCE = 10
# Stands for a number while the name beside it is read.
_STAND_IN = "number"
_SHORTEST_NAME = 2
_MOST_WORDS_OF_A_NAME = 3
_LETTERS = late(r"[^\W_]|[^\x00-\x7f]")
_DIGITS = late(r"(?<![0-9])[0-9]+(?![0-9])")
# The reason of a match with the agent whom a member says to be.
OWN_WORD = "own word"

# What people may be called, and what they wish.
_MAY_BE_NAMES = frozenset(Ask) - {Ask.MINE, Ask.HELP, Ask.NOTHING}

# The answer to one question of several.
Result = People | Number | Former | Agent


class Reason(Enum):
    """Reasons for which nothing is told; a guest may ask for one person at a time."""

    TOO_LONG = auto()
    ONE_AT_A_TIME = auto()
    NOBODY_YET = auto()


class One(Struct, frozen=True):
    """The agent that a member is, or the asker: `own`."""

    known: Known
    own: bool = False


class Unknown(Struct, frozen=True):
    """A member whose agent is not known, or the asker: `own`; `alike` are agents of a similar name.

    `email` is the asker's, "" where Slack shows none. `new`: Connect has an agent of that username, who has
    no number yet.
    """

    alike: tuple[Assigned, ...] = ()
    own: bool = False
    email: str = ""
    new: bool = False


class Several(Struct, frozen=True):
    """Answers to several questions, each once; `left` is how many more were asked.

    `beside`: one name was asked for, and a number that is not theirs stands beside it.
    """

    results: tuple[Result, ...]
    left: int = 0
    beside: bool = False


class Past(Struct, frozen=True):
    """People by the name that they had, and whom the words may mean now."""

    former: tuple[Former, ...]
    guesses: People


class NotSynced(Struct, frozen=True):
    """Agents whom Connect has and who have no number yet, and whom the words may mean else."""

    agents: tuple[Agent, ...]
    guesses: People


class Nobody(Struct, frozen=True):
    """No person is found; `team` is the team that may be meant, "" for none.

    `namesakes` are the people of the surname that was typed, the nearest first, where several have it.
    """

    query: str
    team: str
    namesakes: People | None = None


class Wish(Struct, frozen=True):
    """A wish that an admin grants: for the people, by username or else as typed, "" where that isn't known.

    `digits` is the number that is wanted, `number` its state where the asker wants it. `own`: no more was
    said than that the asker wants another one.
    """

    people: tuple[str, ...]
    digits: str = ""
    number: Number | None = None
    own: bool = False


class Earlier(Struct, frozen=True):
    """The answer of now to a question about the past, and the words for the history.

    `held` are numbers that they had and that are held for them.
    """

    now: Answer
    about: str
    held: tuple[Held, ...] = ()


class OldNumbers(Struct, frozen=True):
    """The numbers that are held for the asker, who wants one back."""

    held: tuple[Held, ...]


class NotThem(Struct, frozen=True):
    """The agent that the asker says not to be."""

    known: Known


class FreeNumbers(Struct, frozen=True):
    """Some numbers that are free at this moment."""

    numbers: tuple[str, ...]


class Count(Struct, frozen=True):
    """The count of people who have a number at this moment."""

    people: int


# A question that needs no look-up is its own answer.
Answer = (
    People
    | Number
    | One
    | Unknown
    | Several
    | Past
    | NotSynced
    | Nobody
    | Wish
    | Reason
    | Question
    | Earlier
    | OldNumbers
    | NotThem
    | FreeNumbers
    | Count
)


class Membership(Protocol):
    """The members of the workspace, and the agents that they are. Raises Unavailable."""

    def agents_of(self, member_ids: Sequence[str]) -> dict[str, Known]:
        """The agents that up to 30 members are, by member; who is none, or not known, is left out."""

    def alike(self, member_id: str) -> list[Assigned]:
        """Agents whose name is like the member's, best first."""

    def profile(self, member_id: str) -> Member:
        """The member's email and name, "" where there is none."""

    def is_guest(self, member_id: str) -> bool:
        """Whether the member is a guest of the workspace."""


class Answering(Struct, frozen=True):
    """Answers questions. `newcomers` finds agents of a name in Connect who have no number.

    Every method raises Unavailable when the table, and Connect, can't answer.
    """

    lookup: Lookup
    members: Membership
    newcomers: Callable[[str], tuple[Agent, ...]]
    clock: Clock
    guests_see_lists: bool = False

    def to_text(
        self, text: str, mentions: Sequence[str], marked: str, user: str, *, openly: bool = False
    ) -> Answer:
        """Answer a text as `understand` takes it."""
        if len(text) > _LONGEST:
            return Reason.TOO_LONG
        past = None if "\n" in marked.strip() else self._of_the_past(text, mentions)
        question = past or understand(text, mentions, marked)
        my = question is Ask.MINE and text.casefold() == "my"
        may_be_a_name = my or isinstance(question, WantChange | AskPast) or question in _MAY_BE_NAMES
        if may_be_a_name and len(_LETTERS.findall(text)) > 1 and self.lookup.exactly(text):
            question = AskPerson(text)
        return self.to(question, user, openly=openly)

    def _of_the_past(self, text: str, mentions: Sequence[str]) -> AskPast | None:
        """The question about the past that a text asks, None where it asks another one."""
        past = past_in(text, self.clock().date())
        if past is None or understand(text, mentions) is Ask.OLD_NUMBER:
            return None
        question = understand(past[0], mentions)
        about = isinstance(question, AskPerson | AskNumber | AskMember) or question is Ask.MINE
        return AskPast(question, past[1], text) if about else None

    def to(self, question: Question, user: str, *, openly: bool = False) -> Answer:
        """Answer a question of a member; `openly` where others read the answer too."""
        return self._allowed(self._answers(question, user), user, openly=openly)

    def people(self, query: str, user: str) -> Answer:
        """Answer the name that a list of people was found for."""
        return self._allowed(iter([self._found(self.lookup.people(query[:_LONGEST]))]), user, openly=False)

    def may_list(self, user: str) -> bool:
        """Whether the user may see lists of people: members, and guests if the settings say so."""
        return self.guests_see_lists or not self.members.is_guest(user)

    def _allowed(self, answers: Iterator[Answer], user: str, *, openly: bool) -> Answer:
        """The first of the answers, or for a guest the first of which something may be told."""
        for answer in answers:
            told = cut_down(answer, openly=openly)
            if told is answer or self.may_list(user):
                return answer
            if told is not None:
                return told
        return Reason.ONE_AT_A_TIME

    def _answers(self, question: Question, user: str) -> Iterator[Answer]:
        """The answers to a question, best first; each is looked for when those before it don't do."""
        match question:
            case AskPerson():
                yield from self._at_once(question, user)
                yield from self._person(question, user)
            case AskNumber():
                yield from self._at_once(question, user)
                yield self.lookup.number(question.digits, question.text)
            case AskSeveral(questions=questions):
                yield _several(self._parts(questions, user), questions)
            case WantChange():
                yield from self._wish(question, user)
            case AskMember(user_id=user_id):
                yield self._member(user_id)
            case AskPast():
                yield from self._past(question, user)
            case Ask.MINE:
                yield self._mine(user)
            case Ask.OLD_NUMBER | Ask.NOT_ME:
                yield self._of_the_asker(question, user)
            case Ask.FREE_NUMBERS:
                yield FreeNumbers(self.lookup.some_free(self.clock()))
            case Ask.HOW_MANY:
                yield Count(self.lookup.count())
            case _:
                yield question

    def _of_the_asker(self, question: Ask, user: str) -> Answer:
        mine = self._mine(user)
        if not isinstance(mine, One):
            return mine
        if question is Ask.NOT_ME:
            return NotThem(mine.known)
        return OldNumbers(self.lookup.held_for(mine.known.entry, self.clock()))

    def _past(self, asked: AskPast, user: str) -> Iterator[Answer]:
        """Answer what is now, marked so; what was known of the past already is told as it is."""
        for answer in self._answers(asked.question, user):
            about = _of_whom(answer)
            if not about:
                if isinstance(answer, Nobody) and is_command(asked.text):
                    answer = replace(answer, query=asked.text)
                yield answer
                continue
            sure = _one_answered(answer)
            held = self.lookup.held_for(sure, self.clock()) if sure and not isinstance(answer, Number) else ()
            yield Earlier(answer, f"{about} {asked.period}".strip(), held)

    def _person(self, question: AskPerson, user: str) -> Iterator[Answer]:
        """Answer who is called so, or else what stands beside the name, or who was called so."""
        name, digits = question.name[:_LONGEST], self._only_number(question.text)
        people = self.lookup.people(name, question.text[:_LONGEST])
        if number := self.lookup.team_number(name):
            yield _with_people(number, people)
        elif _is_clear(people):
            yield people
        elif speaks_of_the_asker(question.text):
            yield self._mine(user)
        elif question.members and not people.matches:
            yield self._member(question.members[0])
        elif digits:
            yield from self._beside_a_number(question.text, digits)
            if len(people.matches) != 1:
                yield self.lookup.number(digits)
        if not self.lookup.directory().entries:
            yield Reason.NOBODY_YET
        if kept := self.lookup.reserved_for(people.query, whole=bool(people.matches)):
            yield _reserved(kept)
        if former := self._former(name, people):
            yield Past(former, people)
        if new := self.newcomers(people.query):
            yield NotSynced(new, people)
        yield self._found(people)

    def _beside_a_number(self, text: str, digits: str) -> Iterator[Answer]:
        """Answer a name and a number of ours that stands beside it; nothing where no name does."""
        question = understand(_DIGITS.sub(f" {_STAND_IN} ", text))
        name = " ".join(word for word in getattr(question, "name", "").split() if word != _STAND_IN)
        name = name.strip(" :;,.-=?")
        number = self.lookup.number(digits)
        if not number.state or len(_LETTERS.findall(name)) < _SHORTEST_NAME:
            return
        people = self.lookup.people(name)
        if not _is_clear(people):
            return
        same = one_of(number) in [match.entry for match in people.matches]
        yield number if same else Several((people, number), beside=True)

    def _former(self, name: str, people: People) -> tuple[Former, ...]:
        """The people who were called so, or else those who were called nearly so."""
        now = self.clock()
        return self.lookup.former(name, now) or self.lookup.formerly_like(name, now, people)

    def _only_number(self, text: str) -> str:
        """The one number of full length in a text, "" where there is none or more than one."""
        numbers = {word for word in _DIGITS.findall(text) if len(word) == self.lookup.extensions.width}
        return numbers.pop() if len(numbers) == 1 else ""

    def _found(self, people: People) -> Answer:
        by_surname = all(match.because == "surname" for match in people.matches)
        namesakes = self._namesakes(people) if by_surname else None
        if people.matches and namesakes is None:
            return people
        if not self.lookup.directory().entries:
            return Reason.NOBODY_YET
        team = "" if namesakes else self.lookup.team_like(people.query[:_LONGEST])
        return Nobody(people.query, team, namesakes)

    def _namesakes(self, people: People) -> People | None:
        """The people of a surname in a query that names nobody, if they are more than those found."""
        words = people.query[:_LONGEST].replace(",", " ").split()
        asks = not BESIDE_A_NAME.isdisjoint(map(str.casefold, words))
        if asks or not 1 < len(words) <= _MOST_WORDS_OF_A_NAME:
            return None
        for word in (words[-1], words[0]):
            found = self.lookup.fresh(word, partial(of_surname, surname=word))
            if found.total > max(1, len(people.matches)):
                return replace(found, matches=tuple(dict.fromkeys((*people.matches, *found.matches))))
        return None

    def _at_once(self, question: AskPerson | AskNumber, user: str) -> Iterator[Answer]:
        """Answer several questions; nothing where the text is one name, or does not name several."""
        parts = question.parts
        mentioned = any(isinstance(part, AskMember) for part in parts)
        if len(parts) < 2 or (not mentioned and self.lookup.exactly(whole(question))):
            return
        parts = self._as_people(parts)
        answered = zip(parts, self._parts(parts, user), strict=False)
        results = [result for part, result in answered if _is_found(result) or _is_asked_for(part)]
        if self._are_several(question, results):
            yield _several(results, parts)

    def _as_people(self, parts: Sequence[Question]) -> tuple[Question, ...]:
        """The parts; where `Doe, Jane` is no one person, the two in its place."""
        found: list[Question] = []
        for part in parts:
            halves = part.parts if isinstance(part, AskPerson) else ()
            whole_name = not halves or _is_clear(self.lookup.people(getattr(part, "name", "")))
            found += (part,) if whole_name else halves
        return tuple(found)

    def _are_several(self, question: AskPerson | AskNumber, results: Sequence[Result]) -> bool:
        """Whether the results are of several people and numbers, and not of one: `Jane Doe, Claims`."""
        teams = {result.team for result in results if isinstance(result, People) and result.team}
        clear = {subject(result) for result in results} - {None, *teams}
        if teams and not question.joined:
            inside = self.lookup.people(whole(question)).matches
            if inside and {match.entry.team for match in inside} <= teams:
                return False
        if len(clear | teams) > 1:
            return True
        guessed = [each for each in results if isinstance(each, People) and each.matches]
        if len(guessed) > 1 and not teams:
            return question.joined or not self.lookup.people(whole(question)).sure
        return question.joined and bool(clear) and len(results) > 1

    def _parts(self, parts: Sequence[Question], user: str) -> list[Result]:
        """Answer each part; the people, the numbers and the members are read at once."""
        parts = parts[:_MOST_AT_ONCE]
        names = [part for part in parts if isinstance(part, AskPerson)]
        digits = [part.digits for part in parts if isinstance(part, AskNumber)]
        members = [member for part in parts if (member := _member_of(part, user))]
        people = iter(self.lookup.people_of(names) if names else ())
        numbers = iter(self.lookup.numbers(digits))
        known = self.members.agents_of(members) if members else {}
        results: list[Result] = []
        for part in parts:
            if isinstance(part, AskPerson):
                results.append(self._instead(part.name, next(people)))
            elif isinstance(part, AskNumber):
                results.append(next(numbers))
            else:
                member = _member_of(part, user)
                results.append(self._known(member, known.get(member)))
        return results

    def _instead(self, name: str, people: People) -> Result:
        """The people of a name, or a team's number, or somebody called so before or without a number."""
        if number := self.lookup.team_number(name):
            return number
        former = () if _is_clear(people) else self._former(name, people)
        new = () if former or people.matches else self.newcomers(name)
        others: list[Result] = [*former, *new]
        return others[0] if others else people

    def _known(self, user_id: str, known: Known | None) -> People:
        """The agent that a member is, or else those of a similar name as a guess."""
        if known is None:
            name = self.members.profile(user_id).name
            return self.lookup.people(name).guessed if name else People(user_id, Certainty.NONE, (), 0)
        because = OWN_WORD if known.linked else "member"
        return People(known.entry.label, Certainty.SURE, (Match(known.entry, 1.0, because),), 1)

    def _wish(self, wish: WantChange, user: str) -> Iterator[Answer]:
        """Answer a wish for another number; names that nobody has are looked for."""
        for name in filter(None, (wish.name, wish.other)):
            if not name.isdecimal() and not self.lookup.people(name).matches:
                yield from self._person(AskPerson(name, name), user)
        if wish.members:
            people = [self._username_of(member or user) for member in wish.members]
        else:
            people = [self._username(wish.name) if wish.name else self._username_of(user)]
            people += [self._username(wish.other)] if wish.other else []
        for_the_asker = wish.digits and not wish.name and not wish.members
        number = self.lookup.number(wish.digits) if for_the_asker else None
        yield Wish(tuple(people), wish.digits, number, own=wish == WantChange())

    def _username(self, name: str) -> str:
        """The username of the person who is named for sure, or else the name as typed."""
        found = self.lookup.people(name).sure
        return found.username if found else name

    def _username_of(self, user_id: str) -> str:
        known = self._agent_of(user_id)
        return known.entry.username if known else ""

    def _agent_of(self, user_id: str) -> Known | None:
        return self.members.agents_of([user_id]).get(user_id)

    def _member(self, user_id: str) -> Answer:
        known = self._agent_of(user_id)
        return One(known) if known else Unknown(tuple(self.members.alike(user_id)))

    def _mine(self, user: str) -> Answer:
        if known := self._agent_of(user):
            return One(known, own=True)
        email = self.members.profile(user).email
        new = any(agent.username.casefold() == email.casefold() for agent in self.newcomers(email))
        return Unknown(() if new else tuple(self.members.alike(user)), own=True, email=email, new=new)


def cut_down(answer: Answer, *, openly: bool) -> Answer | None:
    """The part of an answer that a guest may read, the answer itself if that is all of it.

    None: the guest gets the next best answer.
    """
    match answer:
        case People(matches=matches, own=own) if len(matches) > 1:
            return Number(own.extension, own) if own else Reason.ONE_AT_A_TIME
        case Number(called=called, state=state) if len(called) > 1:
            return replace(answer, called=()) if isinstance(state, Assigned) else Reason.ONE_AT_A_TIME
        case Earlier(now=now):
            told = cut_down(now, openly=openly)
            return told if told is None or isinstance(told, Reason) else replace(answer, now=told)
        case Nobody(namesakes=namesakes) if namesakes:
            return replace(answer, namesakes=None)
        case Count():
            return Reason.ONE_AT_A_TIME
        case Unknown(alike=alike) if alike:
            return replace(answer, alike=())
        case Past(former=former, guesses=guesses) if guesses.matches or len(former) > 1:
            return None if guesses.matches else Reason.ONE_AT_A_TIME
        case NotSynced(agents=agents, guesses=guesses) if guesses.matches or len(agents) > 1:
            alone = replace(answer, guesses=replace(guesses, matches=()))
            return alone if len(agents) == 1 else None
        case Several(beside=beside):
            return None if beside else Reason.ONE_AT_A_TIME
        case AskDirectory() if not openly:
            return Reason.ONE_AT_A_TIME
    return answer


def _with_people(number: Number, people: People) -> Answer:
    """A team's number with the people of the team, or of the same name."""
    if people.team and isinstance(number.state, Reserved):
        return replace(people, own=number.state)
    return Several((number, people)) if _is_clear(people) else number


def one_of(result: Result) -> Assigned | None:
    """The one agent whom a result names for sure."""
    if isinstance(result, People):
        return result.sure
    return result.state if isinstance(result, Number) and isinstance(result.state, Assigned) else None


def subject(result: Result) -> str | None:
    """The number, name or team that a result is clear about, None for a guess and for nothing."""
    if entry := one_of(result):
        return entry.extension
    match result:
        case People(certainty=Certainty.SEVERAL):
            return result.team or result.query
        case Number(state=state) if state:
            return state.extension
        case Former(name=name) | Agent(name=name):
            return name
    return None


def _of_whom(answer: Answer) -> str:
    """The words for the history of whom or what an answer is about, "" where it is about nobody."""
    match answer:
        case One(known=known):
            return known.entry.label
        case Number(state=state) if state:
            return state.extension
        case People(matches=matches, query=query) if matches:
            return answer.sure.label if answer.sure else query
    return ""


def _one_answered(answer: Answer) -> Assigned | None:
    """The one agent whom an answer names for sure."""
    if isinstance(answer, One):
        return answer.known.entry
    return one_of(answer) if isinstance(answer, People | Number) else None


def _reserved(kept: Sequence[Reserved]) -> Answer:
    """The answer for numbers that a note keeps."""
    numbers = tuple(Number(each.extension, each) for each in kept)
    most = numbers[:_MOST_AT_ONCE]
    return numbers[0] if len(numbers) == 1 else Several(most, len(numbers) - len(most))


def _several(results: Sequence[Result], parts: Sequence[Question]) -> Several:
    once = {subject(result) or at: result for at, result in enumerate(results)}
    return Several(tuple(once.values()), max(0, len(parts) - _MOST_AT_ONCE))


def _member_of(question: Question, user: str) -> str:
    """The member whose agent is asked for, "" for another question."""
    if isinstance(question, AskMember):
        return question.user_id
    return user if question is Ask.MINE else ""


def _is_found(result: Result) -> bool:
    return bool(result.matches) if isinstance(result, People) else True


def _is_clear(result: Result) -> bool:
    """Whether a result names people, be they several, and not by a guess."""
    return isinstance(result, People) and result.certainty in (Certainty.SURE, Certainty.SEVERAL)


def _is_asked_for(question: Question) -> bool:
    """Whether a part of a text asks for somebody, found or not: `can she talk` does not."""
    return is_only_a_name(question.text) if isinstance(question, AskPerson) else True
