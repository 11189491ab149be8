"""The directory as vCards 3.0, which phones and address books import."""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Iterator
from hashlib import blake2b

from core.directory.publication import Publication
from core.models import Assigned

_ESCAPED = re.compile(r"([\\,;])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# A line holds so many bytes; what is longer goes on in the next, after a space (RFC 2426, 2.6).
_LINE_BYTES = 75


def to_vcards(publication: Publication) -> bytes:
    """All agents and teams, by name."""
    phone, at = publication.phone, publication.directory.at
    return "".join(to_vcard(entry, phone, at) for entry in publication.by_name()).encode()


def to_vcard(entry: Assigned, phone: str, at: str) -> str:
    """One person as of `at`: the phone number as outside callers dial it, if any, and the extension in words.

    No spelling of a pause and an extension in TEL is read as one by all: some keep `\\,` as it is, some cut
    at a comma, and Android runs the digits together.
    """
    family, given = family_and_given(entry)
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:connect-extensions-{_text(card_id(entry))}",
        f"FN:{_text(entry.label)}",
        f"N:{_text(family)};{_text(given)};;;",
        *([f"CATEGORIES:{_text(entry.team)}"] if entry.team else []),
        f"TEL;TYPE=WORK,VOICE:{phone or entry.extension}",
        f"NOTE:{_text(f'Extension {entry.extension} ({entry.username})')}",
        f"REV:{at}",
        "END:VCARD",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def family_and_given(entry: Assigned) -> tuple[str, str]:
    """The name as Connect has its two parts; the whole label as family name while these are unknown."""
    first, last = entry.name_parts
    return (last, first) if first or last else (entry.label, "")


def card_id(entry: Assigned) -> str:
    """The id of a person's card, from the Connect user id: 11 characters; else the username."""
    if not entry.agent_id:
        return entry.username
    return urlsafe_b64encode(blake2b(entry.agent_id.encode(), digest_size=8).digest()).decode().rstrip("=")


def _text(value: str) -> str:
    return _ESCAPED.sub(r"\\\1", _CONTROL.sub(" ", value))


def _folded(line: str) -> Iterator[str]:
    return _joined(line) if len(line.encode()) > _LINE_BYTES else iter([line])


def _joined(characters: Iterable[str]) -> Iterator[str]:
    """Cut a long line between characters; every part but the first begins with a space."""
    part, size = "", 0
    for character in characters:
        width = len(character.encode())
        if size + width > _LINE_BYTES:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
