"""The outcome of a check: a finding, its verdict, and the sections that findings are shown in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

_PRIVATE = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "(an email)"),
    (re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+"), "(a token)"),
)


class Verdict(StrEnum):
    """The outcome of one check."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "could not tell"
    NOTED = "noted"


class Finding(Struct, frozen=True):
    """One thing that was checked. `says` is what was seen, `do` what to do about it ("": nothing)."""

    name: str
    verdict: Verdict
    says: str
    do: str = ""

    def redacted(self) -> Finding:
        """The same without emails and tokens, which an answer of AWS may hold."""
        return replace(self, says=_redacted(self.says), do=_redacted(self.do))


class Section(Struct, frozen=True):
    """The findings about one part of an installation, in the order of the checks."""

    title: str
    findings: tuple[Finding, ...]


def right(name: str, says: str) -> Finding:
    """A finding that all is as it should be."""
    return Finding(name, Verdict.RIGHT, says)


def wrong(name: str, says: str, do: str) -> Finding:
    """A finding that something is not as it should be; `do` says what to do."""
    return Finding(name, Verdict.WRONG, says, do)


def unknown(name: str, why: str, do: str = "") -> Finding:
    """A finding that it could not be told."""
    return Finding(name, Verdict.UNKNOWN, why, do)


def noted(name: str, says: str, do: str = "") -> Finding:
    """A finding of something that is there, or was chosen so, and can't be tried from here."""
    return Finding(name, Verdict.NOTED, says, do)


def tally(sections: Iterable[Section]) -> Counter[Verdict]:
    """Count the findings of each verdict."""
    return Counter(finding.verdict for section in sections for finding in section.findings)


def exit_code(sections: Iterable[Section]) -> int:
    """0: all is right. 1: something is wrong. 2: nothing is wrong, but something could not be told."""
    counts = tally(sections)
    if counts[Verdict.WRONG]:
        return 1
    return 2 if counts[Verdict.UNKNOWN] else 0


def _redacted(text: str) -> str:
    for pattern, instead in _PRIVATE:
        text = pattern.sub(instead, text)
    return text
