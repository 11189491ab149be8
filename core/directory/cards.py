"""The directory as vCards 3.0, which phones and address books import."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from core.directory.publication import Publication
from core.models import Assigned

_ESCAPED = re.compile(r"([\\,;])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
# A line holds so many bytes; what is longer goes on in the next, after a space (RFC 2426, 2.6).
_LINE_BYTES = 75


def to_vcards(publication: Publication) -> bytes:
    """All agents, by name."""
    return "".join(to_vcard(entry, publication.phone) for entry in publication.by_name()).encode()


def to_vcard(entry: Assigned, phone: str) -> str:
    """One person. The number is dialled whole: the phone number, two pauses, the extension."""
    *first, last = entry.label.split() or [""]
    number = _text(f"{phone},,{entry.extension}") if phone else entry.extension
    lines = [
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"UID:connect-extensions-{_text(entry.username)}",
        f"FN:{_text(entry.label)}",
        f"N:{_text(last)};{_text(' '.join(first))};;;",
        *([f"CATEGORIES:{_text(entry.team)}"] if entry.team else []),
        f"TEL;TYPE=WORK,VOICE:{number}",
        f"NOTE:{_text(f'Extension {entry.extension}, {entry.username}')}",
        "END:VCARD",
    ]
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


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
