"""The value that all files of the directory are made from."""

from __future__ import annotations

from msgspec import Struct

from core.models import Assigned, Directory, Reserved
from core.numbering.usage import Usage
from core.search.names import fold


class Publication(Struct, frozen=True):
    """A directory with what stands beside it: reserved numbers by number, the use of the pool, the phone.

    `phone` is the number that outside callers dial before an extension, in E.164, "" for none.
    """

    directory: Directory
    reserved: tuple[Reserved, ...] = ()
    usage: Usage | None = None
    phone: str = ""

    def by_name(self) -> list[Assigned]:
        """The agents in the order of the alphabet: É beside E, Ł beside L."""
        return sorted(self.directory.entries, key=lambda entry: (fold(entry.label), entry.extension))
