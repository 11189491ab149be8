"""State carried in button values, because Lambda containers keep none."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields

from core.errors import Refused
from core.models import Assigned

_MOST_PAGES = 99


@dataclass(frozen=True, slots=True)
class PageRef:
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
            raise Refused("This button is from an older version of me. Ask again, please.")
        return cls(query, int(number))


@dataclass(frozen=True, slots=True)
class AgentRef:
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
            raise Refused("This button is from an older version of me. Ask again, please.")
        return cls(rest, "") if kind == "a" else cls("", rest)


@dataclass(frozen=True, slots=True)
class Order:
    """A change that a button makes: the fields of a job. `holds` are the marks of the holds that may end.

    `run` is the run to take back.
    """

    task: str
    agent: str = ""
    other: str = ""
    extension: str = ""
    note: str = ""
    holds: str = ""
    run: str = ""

    def write(self) -> str:
        """As the value of a button."""
        filled = {name: value for name, value in asdict(self).items() if value}
        return json.dumps(filled, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def read(cls, value: str) -> Order:
        """Read such a value. Raises Refused."""
        try:
            found = json.loads(value)
            known = {field.name for field in fields(cls)}
            if known >= found.keys() and all(isinstance(text, str) for text in found.values()):
                return cls(**found)
        except (ValueError, TypeError, AttributeError):
            pass
        raise Refused("This button is from an older version of me. Ask again, please.")
