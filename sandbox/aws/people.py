"""Made-up people for the Connect stand-in, the instance that holds them, and how Connect writes of them.

The people are the same ones every time, with the names that trip programs up.
"""

from __future__ import annotations

import random
import threading
import unicodedata
import uuid
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

REGION = "us-east-1"
ACCOUNT_ID = "123456789012"
INSTANCE_ID = "11111111-2222-3333-4444-555555555555"
INSTANCE_ARN = f"arn:aws:connect:{REGION}:{ACCOUNT_ID}:instance/{INSTANCE_ID}"
SECURITY_PROFILE_ID = "66666666-7777-8888-9999-000000000000"

SEED = 2026
EARLIEST = datetime(2024, 1, 1, tzinfo=UTC)
SPAN_SECONDS = 900 * 24 * 3600
EMAIL_DOMAIN = "example.com"

TEAMS = ("Sales", "Support", "Billing", "Returns", "Claims", "Reception")
STATUSES = ("Available", "Available", "Available", "Busy", "Lunch", "Training", "Offline", "Offline")
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

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Person:
    """A Connect user, and what each operation says of it. `team` is a tag; a last name may be ""."""

    id: str
    username: str
    first_name: str
    last_name: str
    email: str
    team: str
    routing_profile_id: str
    modified: datetime
    status: str = "Available"

    def listed(self) -> Json:
        """The user as ListUsers has it: no name."""
        return {
            "Id": self.id,
            "Arn": _arn("agent", self.id),
            "Username": self.username,
            "LastModifiedTime": _epoch(self.modified),
            "LastModifiedRegion": REGION,
        }

    def found(self) -> Json:
        """The user as SearchUsers has it: no email, no time of modification."""
        return {
            "Id": self.id,
            "Arn": _arn("agent", self.id),
            "Username": self.username,
            "IdentityInfo": {"FirstName": self.first_name, "LastName": self.last_name},
            "PhoneConfig": {"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 0},
            "RoutingProfileId": self.routing_profile_id,
            "SecurityProfileIds": [SECURITY_PROFILE_ID],
            **({"Tags": {"team": self.team}} if self.team else {}),
        }

    def described(self) -> Json:
        """The user as DescribeUser has it: everything."""
        user = self.found() | self.listed()
        if self.email:
            user["IdentityInfo"]["Email"] = self.email
        return user

    def active(self) -> Json:
        """The user as GetCurrentUserData has it: what they are doing. Nobody is on a call here."""
        profile, status = self.routing_profile_id, uuid.uuid5(uuid.NAMESPACE_URL, self.status)
        return {
            "User": {"Id": self.id, "Arn": _arn("agent", self.id)},
            "RoutingProfile": {"Id": profile, "Arn": _arn("routing-profile", profile)},
            "Status": {
                "StatusStartTimestamp": _epoch(self.modified),
                "StatusArn": _arn("agent-state", str(status)),
                "StatusName": self.status,
            },
            "AvailableSlotsByChannel": {"VOICE": int(self.status == "Available")},
            "MaxSlotsByChannel": {"VOICE": 1},
            "ActiveSlotsByChannel": {"VOICE": 0},
            "Contacts": [],
        }


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
    """The name in small ASCII letters: `O'Brien` as `obrien`, `Søren` as `soren`."""
    letters = unicodedata.normalize("NFKD", name.lower().translate(NO_DECOMPOSITION))
    return "".join(letter for letter in letters if "a" <= letter <= "z")


def _random_id(draw: random.Random) -> str:
    return str(uuid.UUID(int=draw.getrandbits(128), version=4))


def _names(seed: int) -> Iterator[tuple[str, str, str]]:
    """The cast with its usernames, then every first and last name once, then double-barrelled ones."""
    yield from CAST
    lasts = LAST_NAMES.split()
    pairs = [(first, last) for first in FIRST_NAMES.split() for last in range(len(lasts))]
    random.Random(seed).shuffle(pairs)
    yield from (("", first, lasts[last]) for first, last in pairs)
    for step in range(1, len(lasts)):
        for first, last in pairs:
            yield "", first, f"{lasts[last]}-{lasts[(last + step) % len(lasts)]}"


class _Unused:
    """Hands out each small-letter word once: `mrossi`, then `mrossi2`."""

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


class Users:
    """Users in the order they joined. A position in that order still holds when others leave."""

    def __init__(self, users: Iterable[Person]) -> None:
        self._rows = dict(enumerate(users))
        self._positions = {person.id: position for position, person in self._rows.items()}
        self._end = len(self._rows)

    def __iter__(self) -> Iterator[Person]:
        return iter(self._rows.values())

    def __len__(self) -> int:
        return len(self._rows)

    def copy(self) -> Users:
        same = Users(())
        same._rows, same._positions, same._end = self._rows.copy(), self._positions.copy(), self._end
        return same

    def get(self, user_id: str) -> Person | None:
        return self._rows.get(self._positions.get(user_id, -1))

    def put(self, person: Person) -> None:
        position = self._positions.setdefault(person.id, self._end)
        self._end = max(self._end, position + 1)
        self._rows[position] = person

    def remove(self, user_id: str) -> None:
        del self._rows[self._positions.pop(user_id)]

    def page(self, position: int, size: int) -> tuple[list[Person], int | None]:
        """Up to `size` users from the position on, and the position of the next page if there is one."""
        positions = list(self._rows)
        start = bisect_left(positions, position)
        found = [self._rows[each] for each in positions[start : start + size]]
        return found, positions[start + size] if start + size < len(positions) else None


def utc_now() -> datetime:
    return datetime.now(UTC)


class Instance:
    """The people of one Connect instance, and the index that SearchUsers is answered from.

    With `search_lag`, changes reach that index only by `settle()`. Every method may be called from
    any thread. `now` is the time that a rename leaves as the user's last modification.
    """

    def __init__(
        self,
        users: Iterable[Person],
        search_lag: bool = False,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._lock = threading.RLock()
        self._users = Users(users)
        self._index = self._users.copy() if search_lag else self._users
        self._now = now

    @property
    def people(self) -> list[Person]:
        """Everybody there is now, in the order of the listings."""
        with self._lock:
            return list(self._users)

    def find(self, username: str) -> Person:
        """The person with this username, in any case. Raises LookupError."""
        for person in self.people:
            if person.username.lower() == username.lower():
                return person
        raise LookupError(f"Nobody has the username {username}.")

    def join(self, person: Person) -> None:
        """Add a user. Raises ValueError when the id or the username is taken."""
        with self._lock:
            taken = any(person.username.lower() == other.username.lower() for other in self._users)
            if taken or self._users.get(person.id):
                raise ValueError(f"{person.username} or {person.id} is taken.")
            self._users.put(person)

    def leave(self, user_id: str) -> None:
        """Remove a user. Raises KeyError when there is none."""
        with self._lock:
            self._users.remove(user_id)

    def rename(self, user_id: str, first: str, last: str) -> None:
        """Give a user another name, modified now. Raises KeyError when there is no such user."""
        self._alter(user_id, first_name=first, last_name=last, modified=self._now())

    def modify(self, count: int) -> None:
        """Rename the first `count` users, as a benchmark's way to have that many changes."""
        for person in self.people[:count]:
            last = person.last_name.removesuffix(" Jr")
            self.rename(person.id, person.first_name, last if last != person.last_name else f"{last} Jr")

    def set_status(self, user_id: str, status: str) -> None:
        """Change what the user is doing, which Connect does not call a modification."""
        self._alter(user_id, status=status)

    def settle(self) -> None:
        """Let the search index catch up."""
        with self._lock:
            if self._index is not self._users:
                self._index = self._users.copy()

    def _alter(self, user_id: str, **changes: Any) -> None:
        with self._lock:
            person = self._users.get(user_id)
            if person is None:
                raise KeyError(user_id)
            self._users.put(replace(person, **changes))


def _arn(kind: str, identifier: str) -> str:
    return f"{INSTANCE_ARN}/{kind}/{identifier}"


def _epoch(moment: datetime) -> float:
    """Seconds with milliseconds, the form of a timestamp in REST-JSON."""
    return round(moment.timestamp(), 3)
