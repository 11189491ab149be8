"""Sample people for the Connect stand-in, and the search for one of them by the words typed in the sandbox.

The people are the same every time. Their names are of the kinds that programs get wrong.
"""

from __future__ import annotations

import random
import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

from anyascii import anyascii
from msgspec.structs import replace

from sandbox.aws.connect_users import Person

SEED = 2026
# Behind the cast so many people come before those with names in other scripts, the last of 500.
BEFORE_WORLD = 444
EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)
SPAN_SECONDS = 900 * 24 * 3600
EMAIL_DOMAIN = "example.com"

TEAMS = ("Sales", "Support", "Billing", "Returns", "Claims", "Reception")
STATUSES = ("Available", "Available", "Available", "Busy", "Lunch", "Training", "Offline", "Offline")
# Of ten who are signed in one is on a call, and one in a chat, whatever their status: it stays as it was.
_HANDLES = {4: ("VOICE",), 7: ("CHAT",)}
NO_DECOMPOSITION = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})

# Username, first name, last name. They come first, so that a small instance has them too.
CAST = (
    ("jdoe", "Jane", "Doe"),
    ("jsmith", "Jane", "Smith"),
    ("jane.okafor@example.com", "Jane", "Okafor"),
    ("sholm", "Søren", "Holm"),
    ("jnunez", "José", "Núñez"),
    ("zvandenberg", "Zoë", "van den Berg"),
    ("lwisniewski", "Łukasz", "Wiśniewski"),
    ("cobrien", "Conor", "O'Brien"),
    ("amlefevre", "Anne-Marie", "Lefèvre"),
    ("suharti", "Suharti", ""),
    ("mrossi", "Maria", "Rossi"),
    ("mrossi2", "Maria", "Rossi"),
    ("hwolf", "Hubert", "Wolfeschlegelsteinhausenbergerdorff"),
    ("pedro.alcantara", "Pedro", "de Alcântara Francisco António João Carlos Xavier de Paula Miguel Rafael"),
    ("Priya.Raman", "Priya", "Venkataraman-Subramaniam"),
    ("bdarcy", "Bríd", "D'Arcy-O’Neill"),
)
# First and last names as people of other scripts write them.
WORLD = tuple(
    tuple(person.split(" "))
    for person in """
小明 王|国藩 曾|大文 陳|志玲 林|修 欧阳|雄信 单|太郎 山田|健 高橋|はなこ 佐藤|裕 大野|翔 御手洗|美咲 渡辺
민수 김|영희 이|현 최
준호 박|민 남궁|지은 정|محمد خالد|أحمد حسين|فاطمة القحطاني|يوسف منصور|علی رضایی
مریم احمدی|משה כהן|נועה לוי|วิชัย สมชาย
ศิริพร แก้ว|श्रीनिवास शर्मा|आशा वर्मा|পায়েল সেন|முருகன் விஜய்|Γιώργος Παπαδόπουλος|Ελένη Νικολάου
Юрий Васильев
Екатерина Смирнова|Олександр Шевченко|Христо Стоичков|გიორგი აბაშიძე|Արամ Պետրոսյան
""".strip()
    .replace("\n", "|")
    .split("|")
)
FIRST_NAMES = """
    Aaron Abena Adele Ahmed Aiko Alan Alba Amara Amélie Anders André Aoife Arjun Astrid Ayşe Beatriz Björn
    Brigitte Camila Carlos Chidi Chloë Claire Daniel Deepa Diego Dmitri Edwin Elena Élodie Emeka Emma Erik
    Fatima Felix Fiona François Gabriel Greta Gustav Hana Haruto Heidi Hugo Ibrahim Ines Ingrid Isaac Ivan
    Jamal Jean-Luc Jürgen Kaito Karin Keisha Kofi Laura Leïla Leo Lin Linda Luca Magda Marco Margaret
    Mary-Ann Mateo Mei Mehmet Mohammed Nadia Ngozi Nicolás Nina Noor Oliver Olga Omar Oscar Paula Peter
    Petra Quentin Rafael Rashid Renée Robert Rosa Ruth Samira Samuel Saoirse Stefan Tariq Teresa Thandiwe
    Tomás Ulrike Valentina Victor Wei William Xavier Yara Yusuf
"""
LAST_NAMES = """
    Abbott Adeyemi Ahlström Almeida Andersson Baker Banerjee Becker Bianchi Böhm Brown Bukowski Castillo
    Çelik Chen Clarke Cohen Costa D'Angelo Dąbrowski Das Davies Delgado Diallo Dubois Edwards Eriksen
    Evans Fernández Ferrari Fischer Foster Fraser Friedman Gallagher Ghosh Gómez Green Grünwald Gupta
    Haddad Hansen Harris Hernández Horvat Hughes Huang Ishikawa Ivanov Jackson Jensen Jiménez Jovanović
    Kang Kapoor Kaya Keller Khan Kim Kovács Kowalski Kumar Larsen Laurent Lee Lindqvist Lopes Mahlangu
    Marino Martínez Mbeki McCarthy Mendoza Meyer Mitchell Moreau Morgan Murphy Nakamura Nguyen Nielsen
    Novák O'Connor O'Sullivan Oliveira Olsen Owusu Papadopoulos Park Patel Pereira Petrov Popescu Quispe
    Rahman Ramírez Reyes Richter Roy Saito Sánchez Schäfer Schmidt Sharma Silva Singh Sørensen Suzuki
    Svensson Tanaka Taylor Thompson Torres Tremblay Turner Vargas Vasquez Volkov Wagner Walker Wang Weber
    Wood Wu Yamamoto Yılmaz Young Zhang Zimmermann
"""


def people(count: int, seed: int = SEED) -> list[Person]:
    """The first `count` people; a longer list begins with a shorter one. No username or email repeats."""
    draw = random.Random(seed)
    profiles = {team: _random_id(draw) for team in TEAMS}
    emails = _Unused()
    usernames = _Unused(username for username, _, _ in CAST)
    found = []
    for index, (username, first, last) in zip(range(count), _names(seed), strict=False):
        email = f"{emails.take('.'.join(filter(None, (_plain(first), _plain(last)))))}@{EMAIL_DOMAIN}"
        team = draw.choice(TEAMS)
        person = Person(
            id=_random_id(draw),
            username=username or usernames.take(_wanted_username(index, first, last, email)),
            first_name=first,
            last_name=last,
            email=email,
            team=team,
            routing_profile_id=profiles[team],
            modified=EARLIEST + timedelta(seconds=draw.randrange(SPAN_SECONDS)),
            status=draw.choice(STATUSES) if index else "Available",
        )
        if person.status != "Offline":
            person = replace(person, handles=_HANDLES.get(index % 10, ()))
        found.append(person)
    return found


def _wanted_username(index: int, first: str, last: str, email: str) -> str:
    """`mrossi` mostly, `maria.rossi` sometimes, the email for one in ten."""
    if index % 10 == 0:
        return email
    if index % 10 in (3, 7):
        return f"{_plain(first)}.{_plain(last)}"
    return _plain(first)[0] + _plain(last)


def _plain(name: str) -> str:
    """The name in small ASCII letters: `O'Brien` as `obrien`, `Søren` as `soren`, `王` as `wang`."""
    return "".join(letter for letter in anyascii(_folded(name)).lower() if "a" <= letter <= "z")


def _random_id(draw: random.Random) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))


def _names(seed: int) -> Iterator[tuple[str, str, str]]:
    """The cast with its usernames, then every first and last name once, then double-barrelled ones."""
    yield from CAST
    lasts = LAST_NAMES.split()
    pairs = [(first, last) for first in FIRST_NAMES.split() for last in range(len(lasts))]
    random.Random(seed).shuffle(pairs)
    singles = [("", first, lasts[last]) for first, last in pairs]
    yield from singles[:BEFORE_WORLD]
    yield from (("", first, last) for first, last in WORLD)
    yield from singles[BEFORE_WORLD:]
    for step in range(1, len(lasts)):
        for first, last in pairs:
            yield "", first, f"{lasts[last]}-{lasts[(last + step) % len(lasts)]}"


class _Unused:
    """Each word of small letters once: `mrossi`, then `mrossi2`."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = {word.lower() for word in taken}
        self._last_number: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        word, number = wanted, self._last_number.get(wanted, 1)
        while word in self._taken:
            number += 1
            word = f"{wanted}{number}"
        self._last_number[wanted] = number
        self._taken.add(word)
        return word


def find_people(users: Sequence[Person], words: str) -> list[Person]:
    """The users with this username, or else this name, or else a name that begins so."""
    wanted = _folded(words)
    tests: tuple[Callable[[Person], bool], ...] = (
        lambda person: wanted in (person.username.lower(), person.email.lower()),
        lambda person: _folded(person.name) == wanted,
        lambda person: _folded(person.name).startswith(f"{wanted} "),
        lambda person: bool(wanted) and _folded(person.name).startswith(wanted),
    )
    for test in tests:
        if found := [person for person in users if test(person)]:
            return found
    return []


def newcomer(users: Sequence[Person], name: str) -> Person:
    """A new user of this name; team and routing profile are those of the first user."""
    first, _, last = name.partition(" ")
    base = _plain(first)[:1] + _plain(last or first) or "agent"
    username = _Unused(person.username for person in users).take(base)
    return replace(
        users[0],
        id=str(uuid.uuid4()),
        username=username,
        email=f"{username}@{EMAIL_DOMAIN}",
        first_name=first,
        last_name=last,
        status="Available",
    )


def _folded(text: str) -> str:
    """The text in small letters, without accents, with single spaces."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(NO_DECOMPOSITION))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())
