"""Lists of people with the last name first, as mail programs write them: `"Doe, Jane" <jane@...>, ...`."""

from __future__ import annotations

import re

from core.words.patterns import late

_ADDRESS = r'[ \t]*<?([^\s<>@",;]+)@[^\s<>@",;]+\w>?'
_QUOTED = late(rf'("[^",\n]+,[^",\n]+")(?:{_ADDRESS})?')
_BARE = late(rf"(?<![\w'-])([\w'-]+,[ \t]+[\w'-]+(?:[ \t]+[\w'-]+)?)[ \t]{_ADDRESS}")
_AFTER_QUOTES = late(r'"([^",\n]+,[^",\n]+)"(\s*,)?')


def without_addresses(text: str) -> str:
    """Return the text without the addresses that stand behind a name with a comma."""
    return _BARE.sub(_without_own, _QUOTED.sub(r"\1", text)) if "@" in text else text


def _without_own(name: re.Match[str]) -> str:
    """The name alone where the address has a word of it: `Doe, Jane jane.doe@...`, not `Hi, as jane@...`."""
    words = re.findall(r"\w{2,}", name[1].casefold())
    return name[1] if any(word in name[2].casefold() for word in words) else name[0]


def parted_by_commas(text: str) -> str:
    """Return the text with a semicolon for each comma behind a name in quotes, and without those quotes."""
    return _AFTER_QUOTES.sub(lambda name: name[1] + (";" if name[2] else ""), text)


def are_full_names(pieces: list[str]) -> bool:
    """Whether two pieces or more are all of the form `Doe, Jane`."""
    return len(pieces) > 1 and all(map(_is_full_name, pieces))


def _is_full_name(piece: str) -> bool:
    halves = piece.split(",")
    lettered = all(any(map(str.isalpha, half)) for half in halves)
    return len(halves) == 2 and lettered and not any(map(str.isdigit, piece))
