"""Regular expressions that are compiled when a text is first held against them.

Compiling all of them takes longer than importing the rest of the core, and a new container needs few.
"""

from __future__ import annotations

import re
from typing import Any, cast


class _Late:
    """Becomes the pattern, method by method, as they are asked for."""

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> Any:
        found = getattr(re.compile(*self._source), name)
        setattr(self, name, found)
        return found


def late(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern as `re.compile` makes it, but compiled at its first use. Raises `re.error` only then."""
    return cast("re.Pattern[str]", _Late(pattern, flags))
