"""Who is meant by words typed in the sandbox, and who is new there. Pure, but for a new id."""

from __future__ import annotations

import re
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace

from sandbox.aws.people import EMAIL_DOMAIN, Person


def full_name(person: Person) -> str:
    """`Jane Doe`; one word where there is only one."""
    return f"{person.first_name} {person.last_name}".strip()


def find_people(crowd: Sequence[Person], words: str) -> list[Person]:
    """Those who have this username, or else this name, or else a name that begins so."""
    wanted = _plain(words)
    tests: tuple[Callable[[Person], bool], ...] = (
        lambda person: wanted in (person.username.lower(), person.email.lower()),
        lambda person: _plain(full_name(person)) == wanted,
        lambda person: _plain(full_name(person)).startswith(f"{wanted} "),
        lambda person: bool(wanted) and _plain(full_name(person)).startswith(wanted),
    )
    for test in tests:
        if found := [person for person in crowd if test(person)]:
            return found
    return []


def newcomer(crowd: Sequence[Person], name: str) -> Person:
    """Somebody new of this name, like the others in everything else."""
    first, _, last = name.partition(" ")
    base = re.sub(r"[^a-z]", "", _plain(first)[:1] + _plain(last or first)) or "agent"
    taken = {person.username.lower() for person in crowd}
    names = (base, *(f"{base}{number}" for number in range(2, len(taken) + 3)))
    username = next(each for each in names if each not in taken)
    return replace(
        crowd[0],
        id=str(uuid.uuid4()),
        username=username,
        email=f"{username}@{EMAIL_DOMAIN}",
        first_name=first,
        last_name=last,
        status="Available",
    )


def _plain(text: str) -> str:
    """In small letters, without accents, single blanks."""
    letters = unicodedata.normalize("NFKD", text.lower().replace("ø", "o").replace("ł", "l"))
    return " ".join("".join(each for each in letters if not unicodedata.combining(each)).split())
