"""State carried in button values, because Lambda containers keep none."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Iterable
from typing import Any

from msgspec import Struct, json
from msgspec.structs import replace

from core.errors import Refused
from core.models import Assigned

_MOST_PAGES = 9999


def outdated(what: str, then: str) -> Refused:
    """The refusal of a value that this version does not write: of a button or a window."""
    return Refused(f"This {what} is from an older version of me. {then} again, please.")


def write(value: Struct) -> str:
    """A value as JSON, as a button carries it."""
    return json.encode(value).decode()


def read(text: str, kind: Any) -> Any:
    """Read such a text: a value of this kind or union. Raises Refused."""
    try:
        return json.decode(text, type=kind)
    except ValueError as error:
        raise outdated("button", "Ask") from error


class PageRef(Struct, frozen=True):
    """One page of the people found for a query. The first is 0."""

    query: str
    number: int = 0

    def write(self) -> str:
        """As the value of a button."""
        return f"{self.number}:{self.query}"

    @classmethod
    def read(cls, value: str) -> PageRef:
        """Read such a value. Raises Refused."""
        number, colon, query = value.partition(":")
        if not colon or not (number.isascii() and number.isdigit() and len(number) <= len(str(_MOST_PAGES))):
            raise outdated("button", "Ask")
        return cls(query, int(number))


class AgentRef(Struct, frozen=True):
    """A reference to an agent: the agent id, or the extension where the row has no agent id yet."""

    agent_id: str
    extension: str

    @classmethod
    def of(cls, entry: Assigned) -> AgentRef:
        """A reference to the agent of an entry."""
        return cls(entry.agent_id, "" if entry.agent_id else entry.extension)

    def write(self) -> str:
        """As the value of a button or an option."""
        return f"a:{self.agent_id}" if self.agent_id else f"x:{self.extension}"

    @classmethod
    def read(cls, value: str) -> AgentRef:
        """Read such a value. Raises Refused."""
        kind, _, rest = value.partition(":")
        if kind not in ("a", "x") or not rest or len(rest) > 100 or not rest.isprintable():
            raise outdated("button", "Ask")
        return cls(rest, "") if kind == "a" else cls("", rest)


MOST_CHOSEN = 10_000
_CHOICE = tuple[str, int, int, str, str, int, str]


class Choice(Struct, frozen=True):
    """People chosen among the `total` who wait for an approval: all but those with the numbers `left_out`.

    `url` is the `response_url` of the message in which the button stood, and `kept` the name under which that
    message is kept; both are "" on the Home tab. `turns` counts the windows that were shown.
    """

    approval: str
    total: int
    left_out: frozenset[int] = frozenset()
    page: int = 0
    url: str = ""
    kept: str = ""
    turns: int = 0

    @property
    def count(self) -> int:
        """The number of people chosen."""
        return self.total - len(self.left_out)

    def ticked(self, shown: range, ticked: Iterable[int]) -> Choice:
        """The choice after the boxes of the people with the numbers `shown` were ticked, or not."""
        here = frozenset(shown)
        return replace(self, left_out=(self.left_out - here) | (here - frozenset(ticked)))

    def write(self) -> str:
        """As a window's metadata: up to 3,000 characters."""
        bits = write_bits(self.left_out)
        written = (self.approval, self.total, self.page, self.url, self.kept, self.turns, bits)
        return json.encode(written).decode()

    @classmethod
    def read(cls, text: str) -> Choice:
        """Read such a text. Raises Refused."""
        try:
            approval, total, page, url, kept, turns, bits = json.decode(text, type=_CHOICE)
            return cls(approval, total, read_bits(bits), page, url, kept, turns)
        except ValueError as error:
            raise outdated("window", "Run /ext-sync") from error


def write_bits(numbers: Iterable[int]) -> str:
    """Numbers below 10,000 as text, each a bit; a few hundred characters at most where there is an order."""
    bits = sum(1 << number for number in set(numbers))
    return base64.b85encode(zlib.compress(bits.to_bytes((bits.bit_length() + 7) // 8, "little"))).decode()


def read_bits(text: str) -> frozenset[int]:
    """Read such a text. Raises ValueError."""
    try:
        found = zlib.decompressobj().decompress(base64.b85decode(text), MOST_CHOSEN)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    bits = int.from_bytes(found, "little")
    return frozenset(number for number in range(bits.bit_length()) if bits >> number & 1)
