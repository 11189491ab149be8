"""Queries to score search by, each with the agent it means, made from a roster by a seeded generator."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from rapidfuzz import process
from rapidfuzz.distance import OSA

from benchmarks.search_pairs import NICKNAMES, NOBODYS_FIRST_NAMES, NOBODYS_LAST_NAMES, SOUND_ALIKES
from benchmarks.search_roster import FIRST_NAMES, LAST_NAMES, plain
from core.models import Assigned

_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")


@dataclass(frozen=True, slots=True)
class Asked:
    """A query and the agent it means; nobody for a name that is in nobody's name.

    `fair` is false where what is typed is as near to another agent: it then counts for wrong-as-sure only.
    """

    text: str
    meant: Assigned | None
    fair: bool = True


class Crowd:
    """The roster by the words of its names, to tell which texts name one agent only."""

    def __init__(self, roster: Sequence[Assigned]) -> None:
        self.roster = roster
        self.plain_names = [plain(entry.name) for entry in roster]
        self._by_word: defaultdict[str, set[int]] = defaultdict(set)
        for number, name in enumerate(self.plain_names):
            for word in {*name.split(), *plain(roster[number].name.replace("-", "")).split()}:
                self._by_word[word].add(number)
        self._logins = {login for entry in roster for login in (entry.username, entry.username.split("@")[0])}

    @cached_property
    def single(self) -> list[Assigned]:
        """The agents whose name nobody else has."""
        times = Counter(" ".join(sorted(name.split())) for name in self.plain_names)
        return [
            entry
            for entry, name in zip(self.roster, self.plain_names, strict=True)
            if times[" ".join(sorted(name.split()))] == 1
        ]

    def named_by(self, text: str) -> list[Assigned]:
        """The agents who have every word of the text in the name."""
        words = [self._by_word.get(word, set()) for word in plain(text).split()]
        return [self.roster[number] for number in sorted(set.intersection(*words))] if words else []

    def is_login(self, text: str) -> bool:
        return text.lower() in self._logins

    def nearer_than(self, text: str, meant: Assigned) -> list[Assigned]:
        """Other agents whose whole name is as few edits from the text as that of the one who is meant."""
        distance = OSA.distance(plain(text), plain(meant.name))
        near = process.extract(
            plain(text), self.plain_names, scorer=OSA.distance, score_cutoff=distance, limit=None
        )
        return [self.roster[number] for _, _, number in near if self.roster[number] != meant]

    def words_near(self, text: str, distance: int) -> set[str]:
        """The words of all names that are at most so many edits from the text."""
        near = process.extract(
            text, list(self._by_word), scorer=OSA.distance, score_cutoff=distance, limit=None
        )
        return {word for word, _, _ in near}


def is_meant(asked: Asked, people: Sequence[Assigned]) -> Callable[[int], bool]:
    """Tell whether the person at a place is the one who is meant."""
    return lambda place: asked.meant is not None and people[place].agent_id == asked.meant.agent_id


Maker = Callable[[Crowd, Random], Iterator[Asked]]


def full_names(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The whole name, in any case."""
    for entry in random.sample(crowd.single, 1000):
        yield Asked(random.choice([entry.name, entry.name.lower(), entry.name.upper()]), entry)


def turned_names(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The last word first, with and without a comma, unless that is somebody else's name."""
    for entry in random.sample(crowd.single, 600):
        first, _, last = entry.name.rpartition(" ")
        if first:
            yield Asked(random.choice([f"{last} {first}", f"{last}, {first}"]).lower(), entry)


def plain_names(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The name without accents and marks: `soren obrien`."""
    marked = [entry for entry in crowd.single if plain(entry.name) != entry.name.lower()]
    for entry in random.sample(marked, min(600, len(marked))):
        yield Asked(plain(entry.name), entry)


def parts(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """Some words of the name that nobody else has all of."""
    for entry in random.sample(list(crowd.roster), len(crowd.roster)):
        words = entry.name.split()
        part = " ".join(random.sample(words, random.randint(1, max(1, len(words) - 1)))).lower()
        if (
            min(map(len, plain(part).split() or [""])) > 1
            and crowd.named_by(part) == [entry]
            and not crowd.is_login(part)
        ):
            yield Asked(part, entry)


def initials(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """`jane d` or `j doe`, where nobody else has such a name."""
    for entry in random.sample(crowd.single, 1500):
        words = plain(entry.name).split()
        if len(words) == 2 and min(map(len, words)) > 1:
            whole, short = random.sample(words, 2)
            others = [other for other in crowd.named_by(whole) if other != entry]
            if not any(word[0] == short[0] for other in others for word in _other_words(other, whole)):
                yield Asked(f"{words[0]} {short[0]}" if whole == words[0] else f"{short[0]} {whole}", entry)


def usernames(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The username, and its local part where it is an email, with and without @ before it."""
    locals_ = Counter(entry.username.split("@")[0] for entry in crowd.roster)
    for entry in random.sample(list(crowd.roster), 1000):
        local = entry.username.split("@")[0]
        text = random.choice([entry.username, f"@{local}", local])
        if locals_[local] == 1 and not crowd.named_by(text):
            yield Asked(text, entry)


def emails(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The email: the username, or the username before an @."""
    locals_ = Counter(entry.username.split("@")[0] for entry in crowd.roster)
    for entry in random.sample(list(crowd.roster), 1000):
        local = entry.username.split("@")[0]
        if locals_[local] == 1:
            yield Asked(f"{local}@example.com", entry)


def slips(slip: Callable[[str, Random], str]) -> Maker:
    """The whole name with one slip in it."""

    def make(crowd: Crowd, random: Random) -> Iterator[Asked]:
        for entry in random.sample(crowd.single, 500):
            typed = slip(plain(entry.name), random)
            if typed != plain(entry.name):
                yield from _damaged(crowd, typed, entry)

    return make


def slips_in_a_part(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """One word of the name, which nobody else has, with one slip in it."""
    slip_by_number = (missing, doubled, swapped, next_key)
    for number, part in enumerate(parts(crowd, random)):
        typed = slip_by_number[number % 4](plain(part.text), random)
        if part.meant and " " not in plain(part.text) and len(typed) > 2 and typed != plain(part.text):
            unclear = crowd.words_near(typed, OSA.distance(typed, plain(part.text))) - {plain(part.text)}
            if not crowd.named_by(typed) and not crowd.is_login(typed):
                yield Asked(typed, part.meant, fair=not unclear)


def missing(name: str, random: Random) -> str:
    at = _letter(name, random)
    return name[:at] + name[at + 1 :]


def doubled(name: str, random: Random) -> str:
    at = _letter(name, random)
    return name[:at] + name[at] + name[at:]


def swapped(name: str, random: Random) -> str:
    at = _letter(name, random)
    end = at + 1 if at + 1 < len(name) and name[at + 1] != " " else at
    return name[:at] + name[at : end + 1][::-1] + name[end + 1 :]


def next_key(name: str, random: Random) -> str:
    at = _letter(name, random)
    row = next((row for row in _KEYBOARD if name[at] in row), "")
    place = row.find(name[at])
    near = row[max(place - 1, 0) : place] + row[place + 1 : place + 2]
    return name[:at] + random.choice(near or name[at]) + name[at + 1 :]


def nicknames(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """`bob smith` for Robert Smith, and `robert smith` for Bob Smith."""
    called: defaultdict[str, set[str]] = defaultdict(set)
    for formal, short in NICKNAMES:
        called[plain(formal)].add(plain(short))
        called[plain(short)].add(plain(formal))
    yield from _renamed(crowd, random, called, first_only=True)


def sound_alikes(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """`shawn murphy` for Sean Murphy, `sean merphy` where the list has it."""
    alike: defaultdict[str, set[str]] = defaultdict(set)
    for group in SOUND_ALIKES:
        for name in group:
            alike[plain(name)] |= {plain(other) for other in group} - {plain(name)}
    yield from _renamed(crowd, random, alike, first_only=False)


def recombined(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """A first name and a last name that are both in the roster, but that nobody has together."""
    for _ in range(1500):
        text = f"{random.choice(FIRST_NAMES)} {random.choice(LAST_NAMES)}".lower()
        if not crowd.named_by(text):
            yield Asked(text, None)


def outsiders(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """Names of which the roster has one half or none."""
    for _ in range(1500):
        first = random.choice(NOBODYS_FIRST_NAMES)
        last = random.choice(NOBODYS_LAST_NAMES)
        halves = (
            f"{first} {last}",
            f"{random.choice(FIRST_NAMES)} {last}",
            f"{first} {random.choice(LAST_NAMES)}",
        )
        text = random.choice([*halves, first, last, f"{first[0]} {last}", f"{first[0]}{last}"]).lower()
        if not crowd.named_by(text) and not crowd.is_login(text):
            yield Asked(text, None)


def _damaged(crowd: Crowd, typed: str, meant: Assigned) -> Iterator[Asked]:
    """Nothing where the text names somebody else as it stands: that one is then who was asked for."""
    if not crowd.named_by(typed) and not crowd.is_login(typed):
        yield Asked(typed, meant, fair=not crowd.nearer_than(typed, meant))


def _renamed(
    crowd: Crowd, random: Random, others: defaultdict[str, set[str]], *, first_only: bool
) -> Iterator[Asked]:
    """The name with one word replaced by another for it; fair when no other agent fits that as well."""
    for entry in random.sample(crowd.single, len(crowd.single)):
        words = plain(entry.name).split()
        at = 0 if first_only else random.randrange(len(words))
        if len(words) > 1 and others.get(words[at]):
            said = random.choice(sorted(others[words[at]]))
            typed = " ".join([*words[:at], said, *words[at + 1 :]])
            meanings = [" ".join([*words[:at], name, *words[at + 1 :]]) for name in others[said]]
            rivals = {other.agent_id for meaning in meanings for other in crowd.named_by(meaning)}
            if not crowd.named_by(typed) and not crowd.is_login(typed):
                yield Asked(typed, entry, fair=rivals <= {entry.agent_id})


def _other_words(entry: Assigned, whole: str) -> list[str]:
    words = plain(entry.name).split()
    words.remove(whole) if whole in words else None
    return words


def _letter(name: str, random: Random) -> int:
    return random.choice([at for at, letter in enumerate(name) if letter != " "])
