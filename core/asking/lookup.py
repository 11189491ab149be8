"""Answer a question about extensions: search the cached directory, then read the numbers afresh.

The cache only finds people. What an answer says is read from the table when it is asked, in the
same request as the table's version; when that is not the cache's, the directory is read anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from core.asking.former import MOST_FORMER, Former, FormerNames, Past
from core.asking.questions import AskNumber, AskPerson
from core.asking.reading import exact
from core.errors import Unavailable
from core.models import Assigned, Directory, ExtensionRange, Free, Held, HistoryEntry, Reserved, State
from core.ports import Exports, TableReader
from core.search.exact import exactly_named, without_asides
from core.search.found import NOBODY, Certainty, Found, Match
from core.search.index import SearchIndex
from core.search.names import words_of_query
from core.search.ranking import find
from core.search.teams import LONGEST_TEAM
from core.words.patterns import late
from core.words.vocabulary import TEAM_WORDS

# Of a long list this many are read afresh, so this many can be shown.
MOST_SHOWN = 30
# Among so many a person with a plain name is looked for, to be an example.
_MOST_LOOKED_THROUGH = 200
_PLAIN_NAME = late("[A-Za-z]{2,9} [A-Za-z]{2,9}")
# People of a similar name whose Connect email is worth a request, to tell who is asking.
_MOST_ASKED = 3


class People(Struct, frozen=True):
    """The people found for a name, with numbers of this moment. `total` counts those not shown as well.

    `team` is the team that was asked for, where the people are all of it, and `own` the team's number.
    """

    query: str
    certainty: Certainty
    matches: tuple[Match, ...]
    total: int
    team: str = ""
    own: Reserved | None = None

    @property
    def guessed(self) -> People:
        """The same people as a guess."""
        guess = Certainty.GUESS if self.certainty is Certainty.SURE else self.certainty
        return replace(self, certainty=guess)

    @property
    def sure(self) -> Assigned | None:
        """The one person that the query names for sure; None if it names several, nobody, or is a guess."""
        one = self.certainty is Certainty.SURE and len(self.matches) == 1
        return self.matches[0].entry if one else None


class Number(Struct, frozen=True):
    """State of an extension at this moment; `state` is None where `digits` are outside the range.

    `called` are people whose username or name is what was typed; `moved` has the number of the agent for whom
    the extension is held, if they moved.
    """

    digits: str
    state: State | None
    called: tuple[Assigned, ...] = ()
    moved: Assigned | None = None


class Member(Struct, frozen=True):
    """A person in Slack, by what Slack says of them."""

    email: str
    name: str


class Known(Struct, frozen=True):
    """The agent that a member is; `linked` if only the member said so, by *That's me*."""

    entry: Assigned
    linked: bool


class Examples(Struct, frozen=True):
    """Two people and some numbers of this house, for hints; the people are made up where there are none.

    `number` is the person's, `free` is one to give or keep, `block` are several: `7990-7999`.
    """

    name: str
    username: str
    number: str
    other: str
    free: str
    block: str

    @property
    def first(self) -> str:
        """The first word of the name."""
        return self.name.partition(" ")[0]


class _Cached(Struct, frozen=True):
    directory: Directory
    index: SearchIndex


class Lookup(Struct):
    """Lookups of one installation. Keeps the directory between questions."""

    reader: TableReader
    exports: Exports
    extensions: ExtensionRange
    _cached: _Cached | None = None
    _past: Past | None = None

    def people(self, query: str, text: str = "") -> People:
        """Find the people that the query names; `text` is the whole of what was typed."""
        return self.fresh(query, lambda index: find(index, query, text))

    def exactly(self, text: str) -> tuple[Assigned, ...]:
        """Find the people that the text names, every word counting: by name, username or number.

        Only one person is a reading to act on.
        """
        named = self.fresh(text, lambda index: exactly_named(index, text))
        people = [match.entry for match in named.matches]
        asked = exact(text)
        if isinstance(asked, AskNumber):
            state = self.number(asked.digits).state
            people += [state] if isinstance(state, Assigned) else []
        return tuple({entry.extension: entry for entry in people}.values())

    def people_of(self, asked: Sequence[AskPerson]) -> list[People]:
        """Find the people of several names, of each the first few, in one read."""
        found = self._fresh(lambda index: [find(index, each.name, each.text) for each in asked])
        return [replace(people, query=each.name) for people, each in zip(found, asked, strict=True)]

    def current(self, choose: Callable[[SearchIndex], Sequence[Assigned | None]]) -> list[Assigned | None]:
        """Read the people chosen from the directory as they are now, up to 30, in one read."""

        def look(index: SearchIndex) -> list[Found]:
            chosen = choose(index)
            return [Found(Certainty.SURE, (Match(each, 1.0, ""),) if each else ()) for each in chosen]

        return [people.sure for people in self._fresh(look)]

    def fresh(self, query: str, look: Callable[[SearchIndex], Found]) -> People:
        """The people found in the cached directory, or in a new one if the table has changed since."""
        (people,) = self._fresh(lambda index: [look(index)])
        return replace(people, query=query)

    def _fresh(self, look: Callable[[SearchIndex], Sequence[Found]]) -> list[People]:
        cold = self._cached is None
        cached = self._cached or self._load(self._exported() or self.reader.directory())
        people, version = self._confirm(look(cached.index))
        if not version or version != cached.directory.version:
            directory = self.reader.directory() if cold else self._current(version)
            people, _ = self._confirm(look(self._load(directory).index))
        return people

    def _confirm(self, found: Sequence[Found]) -> tuple[list[People], str]:
        most = MOST_SHOWN // max(1, len(found))
        shown = [each.matches[:most] for each in found]
        numbers = [*dict.fromkeys(match.entry.extension for matches in shown for match in matches)]
        fresh = self.reader.read_consistent(numbers)
        states = dict(zip(numbers, fresh.states, strict=True))
        people = [_people(each, matches, states) for each, matches in zip(found, shown, strict=True)]
        return people, fresh.version

    def number(self, digits: str, text: str = "") -> Number:
        """Read the state of a number: as typed if an agent has it, else filled with zeros.

        `text` is all that was typed.
        """
        (number,) = self.numbers([digits])
        called = self._called(digits, text) if text else ()
        others = (entry for entry in called if not number.state or entry.extension != number.digits)
        return replace(number, called=tuple(others))

    def numbers(self, asked: Sequence[str]) -> list[Number]:
        """Read the states of up to 15 numbers as `number` does, in one read."""
        written = [self._written(digits) for digits in asked]
        numbers = [*dict.fromkeys(each for forms in written for each in forms)]
        states = self.reader.read_consistent(numbers).states if numbers else ()
        by_number = dict(zip(numbers, states, strict=True))
        found = ([by_number[form] for form in forms] for forms in written)
        return [self._number(digits, states) for digits, states in zip(asked, found, strict=True)]

    def _written(self, digits: str) -> list[str]:
        """The forms of a number to read: as typed, and filled with zeros."""
        typed, padded = digits.strip(), self.extensions.normalise(digits)
        forms = [typed] if typed.isascii() and typed.isdecimal() else []
        return [*dict.fromkeys([*forms, padded] if padded else forms)]

    def _number(self, digits: str, states: Sequence[State]) -> Number:
        """The number by the states of its forms; no state where it is neither in the range nor an agent's."""
        ours: list[State] = [state for state in states if isinstance(state, Assigned)]
        ours += [state for state in states if state.extension in self.extensions]
        if not ours:
            return Number(digits, None)
        state = ours[0]
        moved = self.reader.of_agent(state.agent_id) if isinstance(state, Held) and state.agent_id else None
        return Number(state.extension, state, moved=moved)

    def _called(self, digits: str, text: str) -> tuple[Assigned, ...]:
        """The people that the text names, or its digits: at most `MOST_SHOWN`, each once."""

        def look(index: SearchIndex) -> Found:
            named = (exactly_named(index, each).matches for each in dict.fromkeys((text, digits)))
            once = {match.entry.extension: match for matches in named for match in matches}
            return Found(Certainty.SEVERAL, tuple(once.values()))

        return tuple(match.entry for match in self.fresh(text, look).matches)

    def team_number(self, query: str) -> Number | None:
        """The number of the team that the query names, as the table has it now; None for none."""
        wanted = _without_team_words(query)
        named = [
            each for each in self.directory().queues if wanted and _without_team_words(each.name) == wanted
        ]
        number = self.numbers([named[0].extension])[0] if named else None
        return number if number and isinstance(number.state, Reserved) and number.state.queue_arn else None

    def held_for(self, agent: Assigned, now: datetime) -> tuple[Held, ...]:
        """The numbers that an agent had and that are held for them; one query and one request."""
        lines = self.reader.history_of_agent(agent.agent_id, agent) if agent.agent_id else []
        had = dict.fromkeys(
            number for line in reversed(lines) for number in (line.moved_from, line.extension)
        )
        numbers = [number for number in had if number and number != agent.extension][:MOST_SHOWN]
        states = self.reader.read_consistent(numbers).states if numbers else ()
        return tuple(
            state
            for state in states
            if isinstance(state, Held) and state.agent_id == agent.agent_id and not state.over(now)
        )

    def reserved_for(self, text: str, *, whole: bool) -> tuple[Reserved, ...]:
        """The reserved numbers whose note has all words of a text, and `whole` no others; one query."""
        wanted = {*without_asides(words_of_query(text))}
        notes = [(each, {*words_of_query(each.note)}) for each in self.reader.reserved()] if wanted else []
        return tuple(each for each, note in notes if (wanted == note if whole else wanted <= note))

    def some_free(self, now: datetime) -> tuple[str, ...]:
        """Free numbers, of the first few of the range that nobody has; one request."""
        taken = {entry.extension for entry in self.directory().entries}
        write, every = self.extensions.write, range(self.extensions.first, self.extensions.last + 1)
        likely = [*islice((number for each in every if (number := write(each)) not in taken), MOST_SHOWN)]
        states = self.reader.read_consistent(likely).states if likely else ()
        return tuple(
            state.extension
            for state in states
            if isinstance(state, Free) or (isinstance(state, Held) and state.over(now))
        )

    def now_of(self, agent_id: str, renamed: str) -> Assigned | None:
        """The agent's assignment as of the last answer, of one who lost a name or number at `renamed`.

        It is read from the table where the answer had no directory of its version, or the number is newer
        than the loss: then the row has more of its history.
        """
        directory = self.directory()
        found = next((each for each in directory.entries if each.agent_id == agent_id), None)
        if not directory.version or (found and found.since > renamed):
            return self.reader.of_agent(agent_id)
        return found

    def count(self) -> int:
        """The count of people who have a number at this moment."""
        self.fresh("", lambda _: NOBODY)
        return len(self.directory().entries)

    def former(self, query: str, now: datetime) -> tuple[Former, ...]:
        """People with this former name, renamed or gone. One request, and one for news of the history."""
        return self._former(self._former_names(now).called(query), now, likely=False)

    def formerly_like(self, query: str, now: datetime, people: People) -> tuple[Former, ...]:
        """The people of the past whose name is nearer to the query than those of the people of now."""
        best = max((match.score for match in people.matches), default=0.0)
        near = [loss for loss, score in self._former_names(now).like(query) if score > best]
        return self._former(near, now, likely=True)

    def _former_names(self, now: datetime) -> FormerNames:
        self._past = self._past or Past(self.reader)
        return self._past.names(now, self.directory().version)

    def _former(self, losses: Sequence[HistoryEntry], now: datetime, *, likely: bool) -> tuple[Former, ...]:
        """Read the numbers of the first few people, those they had and those they have, in one request."""
        losses = losses[:MOST_FORMER]
        ids = {loss.agent_id for loss in losses} - {""}
        cached = {entry.agent_id: entry for entry in self.directory().entries if entry.agent_id in ids}
        numbers = [loss.extension for loss in losses] + [entry.extension for entry in cached.values()]
        numbers = [*dict.fromkeys(numbers)]
        states = self.reader.read_consistent(numbers).states if numbers else ()
        by_number = dict(zip(numbers, states, strict=True))
        found = (
            _became(loss, _hold(by_number[loss.extension], loss, now), self._still(at, by_number), likely)
            for loss in losses
            for at in (cached.get(loss.agent_id),)
        )
        return tuple(former for former in found if former)

    def _still(self, cached: Assigned | None, states: Mapping[str, State]) -> Assigned | None:
        """The assignment of somebody in the cached directory; it is read by agent if they just moved."""
        if cached is None:
            return None
        state = states[cached.extension]
        if isinstance(state, Assigned) and state.agent_id == cached.agent_id:
            return state
        return self.reader.of_agent(cached.agent_id)

    def member(self, member: Member, index: SearchIndex, email_of: Callable[[str], str]) -> Assigned | None:
        """The agent that a person in Slack is, as cached; None unless Connect says so.

        It does where the username is their email, or `email_of` an agent found by their name is.
        """
        if not member.email:
            return None
        for match in find(index, member.email).matches[:MOST_SHOWN]:
            if _same(match.entry.username, member.email):
                return match.entry
        for match in find(index, member.name).matches[:_MOST_ASKED] if member.name else ():
            if match.entry.agent_id and _same(email_of(match.entry.agent_id), member.email):
                return match.entry
        return None

    def directory(self) -> Directory:
        """The directory for typeaheads: as cached, loaded if it is not."""
        return (self._cached or self._load(self._exported() or self.reader.directory())).directory

    def team_like(self, text: str) -> str:
        """The team that a text which names nobody may mean: in the text, around it, or like it."""
        wanted = words_of_query(text)
        if not self._cached or not wanted:
            return ""
        teams = {team: {*team.split()} for team in self._cached.index.by_team}
        if inside := [team for team, words in teams.items() if words <= {*wanted}]:
            return max(inside, key=len)
        from difflib import get_close_matches  # few questions get so far

        having = [team for team, words in teams.items() if words >= {*wanted}]
        close = get_close_matches(" ".join(wanted), teams, 1, 0.75) if len(wanted) <= LONGEST_TEAM else []
        return having[0] if len(having) == 1 else next(iter(close), "")

    def examples(self) -> Examples:
        """Choose what hints may name, from the directory as cached."""
        try:
            entries = self.directory().entries[:_MOST_LOOKED_THROUGH]
        except Unavailable:
            entries = ()
        write, first, last = self.extensions.write, self.extensions.first, self.extensions.last
        made_up = (Assigned(write(first), "", "jdoe", name="Jane Doe"), Assigned("", "", "bob"))
        plain = (entry for entry in entries if _PLAIN_NAME.fullmatch(entry.name))
        person, other = [*islice(plain, 2), *made_up][:2]
        block = f"{write(max(first, last - 9))}-{write(last)}"
        number = person.extension
        return Examples(person.name.casefold(), person.username, number, other.username, write(last), block)

    def _exported(self) -> Directory | None:
        """The directory as exported, in one request; None where there is no export to be had."""
        try:
            return self.exports.exported_directory()
        except Unavailable:
            return None

    def _current(self, version: str) -> Directory:
        """The directory of this version: the export if it is that, else from the index, which takes long."""
        exported = self._exported() if version else None
        return exported if exported and exported.version == version else self.reader.directory()

    def _load(self, directory: Directory) -> _Cached:
        self._cached = _Cached(directory, SearchIndex(directory.entries))
        return self._cached


def _without_team_words(text: str) -> list[str]:
    return [word for word in words_of_query(text) if word not in TEAM_WORDS]


def _hold(state: State, loss: HistoryEntry, now: datetime) -> Held | None:
    """The hold of the number for whoever lost it; None for one that is over."""
    if isinstance(state, Held) and state.username == loss.username and not state.over(now):
        return state
    return None


def _became(loss: HistoryEntry, held: Held | None, now: Assigned | None, likely: bool) -> Former | None:
    """Somebody by the name that they had; None if they are called so still."""
    was = loss.before or loss.label
    if now:
        same = now.label == was
        return None if same else Former(was, loss.extension, loss.at, now, None, now.agent_id, likely)
    return Former(was, loss.extension, loss.at, None, held, loss.agent_id, likely)


def _people(found: Found, shown: Sequence[Match], states: Mapping[str, State]) -> People:
    """The people whose number is still theirs, with the labels of this moment."""
    matches = tuple(_confirmed(shown, states))
    gone = len(shown) - len(matches)
    certainty = found.certainty if matches else Certainty.NONE
    return People("", certainty, matches, len(found.matches) - gone, found.team)


def _confirmed(matches: Iterable[Match], states: Mapping[str, State]) -> Iterable[Match]:
    for match in matches:
        state = states[match.entry.extension]
        if isinstance(state, Assigned) and _same_agent(state, match.entry):
            yield replace(match, entry=state)


def _same_agent(one: Assigned, other: Assigned) -> bool:
    """By user id, or by username where a row has none: another program wrote it."""
    if one.agent_id and other.agent_id:
        return one.agent_id == other.agent_id
    return _same(one.username, other.username)


def _same(one: str, other: str) -> bool:
    return one.strip().casefold() == other.strip().casefold()
