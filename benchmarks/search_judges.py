"""Queries by judges that are not this project's: names of `Faker`, nicknames of `corp-names`, everyday words.

Neither the names nor the lists here were seen by whoever tuned the search.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files
from random import Random

from faker import Faker
from faker.providers.lorem.en_US import Provider as EnglishWords

from benchmarks.search_queries import Asked, Crowd, doubled, missing, next_key, swapped
from benchmarks.search_roster import TEAMS, plain
from core.models import Assigned

LOCALES = (
    *("en_US", "en_GB", "en_IN", "de_DE", "fr_FR", "es_ES", "es_MX", "pt_BR", "it_IT", "nl_NL"),
    *("pl_PL", "sv_SE", "no_NO", "da_DK", "fi_FI", "cs_CZ", "hu_HU", "ro_RO", "hr_HR", "tr_TR", "en_NG"),
)
LETTERS = "abcdefghijklmnopqrstuvwxyz"
DECORATIONS = (
    "{}, PhD",
    "{} (she/her)",
    "{} (he/they)",
    ":wave: {}",
    "{} \N{WAVING HAND SIGN}",
    "Dr. {}",
    "Herr {}",
    "Mme {}",
    '"{}"',
    "\N{LEFT DOUBLE QUOTATION MARK}{}\N{RIGHT DOUBLE QUOTATION MARK}",
    "{} | {team}",
    "{} - {team}",
    "{} [{team}]",
    "{} ({team})",
    "{} // on leave",
    "{}, {team}",
)
IN_A_TEAM = ("{} from {team}", "{} {team}", "{} in {team}", "{} ({team})", "{}, {team} team")
IN_A_SENTENCE = (
    "is {} free right now?",
    "tell {} I'm late",
    "Wie ist die Durchwahl von {}?",
    "¿Cuál es la extensión de {}?",
    "Quel est le numéro de {} ?",
    "Qual é o ramal de {}?",
    "can somebody please transfer this caller to {} before lunch",
    "{} is who I need to talk to about the refund",
)


def make_others_roster(size: int, seed: int) -> list[Assigned]:
    """Agents with first and last names of many countries, as Faker has them; the same for the same seed."""
    random, people = Random(seed), _fakers(seed)
    taken: set[str] = set()
    roster = []
    for number in range(size):
        faker = random.choice(people)
        name = f"{faker.first_name()} {faker.last_name()}"
        username = plain(name).replace(" ", ".")
        while username in taken:
            username += str(random.randrange(10))
        taken.add(username)
        roster.append(
            Assigned(f"{number:05}", f"agent-{number}", username, name=name, team=random.choice(TEAMS))
        )
    return roster


def _fakers(seed: int) -> list[Faker]:
    fakers = [Faker(locale) for locale in LOCALES]
    for number, faker in enumerate(fakers):
        faker.seed_instance(seed + number)
    return fakers


def replaced(name: str, random: Random) -> str:
    """Any other letter in place of one."""
    at = random.choice([at for at, letter in enumerate(name) if letter != " "])
    return name[:at] + random.choice(LETTERS) + name[at + 1 :]


def added(name: str, random: Random) -> str:
    """Any letter too many."""
    at = random.randrange(len(name) + 1)
    return name[:at] + random.choice(LETTERS) + name[at:]


SLIPS = (missing, doubled, swapped, next_key, replaced, added)


def one_slip(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The full name with one slip of any kind."""
    yield from slipped(crowd, random.sample(crowd.single, 600), random, 1)


def two_slips(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The full name with two slips of any kind, anywhere in it."""
    yield from slipped(crowd, random.sample(crowd.single, 600), random, 2)


def slipped(crowd: Crowd, people: Iterable[Assigned], random: Random, times: int) -> Iterator[Asked]:
    """The full name of each with so many slips of any kind, anywhere in it."""
    for entry in people:
        typed = plain(entry.name)
        for _ in range(times):
            typed = random.choice(SLIPS)(typed, random)
        if typed != plain(entry.name) and not crowd.named_by(typed):
            yield Asked(typed, entry, fair=not crowd.nearer_than(typed, entry))


def surname_only(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """A surname that at most five people have, behind a first name that nobody of that surname has."""
    faker = Faker("en_GB")
    faker.seed_instance(random.randrange(1 << 30))
    for entry in random.sample(crowd.single, 600):
        surname = plain(entry.name).split()[-1]
        typed = f"{plain(faker.first_name())} {surname}"
        if len(surname) > 2 and len(crowd.named_by(surname)) <= 5 and not crowd.named_by(typed):
            yield Asked(typed, entry)


def common_nicknames() -> dict[str, set[str]]:
    """The full names that each common nickname may stand for, as corp-names lists them."""
    listed = json.loads((files("corp_names") / "data" / "nicknames.json").read_text("utf-8"))
    names: defaultdict[str, set[str]] = defaultdict(set)
    for nickname, told in listed.items():
        if told["category"] == "common" and told["canonical"] and nickname.isascii():
            names[nickname].add(told["canonical"])
    return names


def nicknamed_roster(seed: int) -> list[Assigned]:
    """Five agents for each full name that has a common nickname, with surnames that Faker has."""
    faker = Faker("en_US")
    faker.seed_instance(seed)
    names = [name for name in sorted(set.union(*common_nicknames().values())) for _ in range(5)]
    return [
        Assigned(
            f"{number:05}", f"agent-{number}", f"user{number}", name=f"{name.title()} {faker.last_name()}"
        )
        for number, name in enumerate(names)
    ]


def nicknames(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """`bob smith` for Robert Smith, by corp-names's common nicknames."""
    for nickname, names in common_nicknames().items():
        for name in names:
            meant = random.choice(crowd.named_by(name))
            typed = f"{nickname} {plain(meant.name).split(maxsplit=1)[1]}"
            if not crowd.named_by(typed):
                yield Asked(typed, meant)


def decorated(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The full name with what people hang on it in Slack: degrees, pronouns, emoji, titles, teams, quotes."""
    for entry in random.sample(crowd.single, 600):
        name = random.choice([entry.name, plain(entry.name)])
        yield Asked(random.choice(DECORATIONS).format(name, team=entry.team), entry)


def in_a_team(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The first name and the team, where only one of that name is in it."""
    for entry in random.sample(crowd.single, 900):
        first = plain(entry.name).split()[0]
        team = [other for other in crowd.named_by(first) if other.team == entry.team]
        if team == [entry] and len(first) > 2:
            yield Asked(
                random.choice(IN_A_TEAM).format(first, team=random.choice([entry.team, entry.team.lower()])),
                entry,
            )


def in_a_sentence(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """The full name inside a sentence, in five languages."""
    for entry in random.sample(crowd.single, 600):
        name = random.choice([entry.name, plain(entry.name)])
        yield Asked(random.choice(IN_A_SENTENCE).format(name), entry)


def words(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """English words, alone and two together, that are in nobody's name."""
    listed = [word for word in EnglishWords.word_list if not crowd.named_by(word)]
    yield from (Asked(word, None) for word in listed)
    yield from (Asked(" ".join(random.sample(listed, 2)), None) for _ in range(300))


def outsiders(crowd: Crowd, random: Random) -> Iterator[Asked]:
    """Full names of people who are not in the roster."""
    fakers = _fakers(random.randrange(1 << 30))
    for _ in range(600):
        faker = random.choice(fakers)
        typed = plain(f"{faker.first_name()} {faker.last_name()}")
        if not crowd.named_by(typed):
            yield Asked(typed, None)
