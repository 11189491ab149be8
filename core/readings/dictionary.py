"""Tables of spellings, read from files beside this one when they are first needed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parent / "tables"


@cache
def table(name: str) -> Mapping[str, str]:
    """A table: a name in its script -> its spellings, a space between them, the likeliest first."""
    lines = (TABLES / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return dict(line.split("\t", 1) for line in lines if not line.startswith("#"))


def spellings(name: str, of: str) -> tuple[str, ...]:
    """The spellings that a table has for a name; none where it does not know it."""
    return tuple(word for word in table(name).get(of, "").split() if word.isalpha())


def bearers(name: str, of: str) -> int:
    """The people whom a table of surnames counts for one."""
    count = table(name).get(of, "").rpartition(" ")[2]
    return int(count) if count.isdigit() else 0


def some(words: Iterable[str], most: int) -> tuple[str, ...]:
    """The first of the words, each once."""
    return tuple(dict.fromkeys(word for word in words if word))[:most]


def written(*syllables: Iterable[str]) -> str:
    """One word of a reading: `/` between the spellings of a syllable, `-` between syllables."""
    return "-".join("/".join(spelt) for spelt in syllables)
