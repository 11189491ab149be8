"""Everything that can go wrong, in words that a person can act on.

The message of each error is a whole sentence: it reaches people as it stands.
"""

from __future__ import annotations


class ExtensionsError(Exception):
    """When the bot cannot do what it was asked, for a reason that it can name."""


class BadSettings(ExtensionsError):
    """When the environment does not describe an installation; names every fault at once."""


class BadRange(BadSettings):
    """When EXTENSION_RANGE is not a range."""


class Unavailable(ExtensionsError):
    """When a service does not answer, refuses, or does not have what a setting names.

    `written` counts the changes that the same run had written before.
    """

    written = 0


class Unsure(Unavailable):
    """When a request was sent and its answer was lost: it may have been carried out."""


class PartlyDone(Unavailable):
    """When an order broke off: `written` of `total` changes are done; `rest` are the numbers of the others.

    The cause says why, and whether some of the rest may be done too.
    """

    def __init__(self, message: str, written: int, rest: tuple[str, ...]) -> None:
        super().__init__(message)
        self.written = written
        self.total = written + len(rest)
        self.rest = rest


class LeaseTaken(ExtensionsError):
    """When another run holds the lease; `holder` and `since` are "" where they are not known."""

    def __init__(self, message: str, holder: str = "", since: str = "") -> None:
        super().__init__(message)
        self.holder = holder
        self.since = since


class LeaseLost(ExtensionsError):
    """When this run was paused for so long that another one took the lease over."""


class TableChanged(ExtensionsError):
    """When a row is not what the plan was made from; nothing of that transaction was written.

    `written` counts the changes that the transactions before it have written.
    """

    def __init__(self, message: str, written: int = 0) -> None:
        super().__init__(message)
        self.written = written


class Refused(ExtensionsError):
    """When a request is understood and must not be done: the message says why."""
