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

    def teams(self) -> list[Assigned]:
        """The teams' numbers as lines of a list, each with the team's name and nothing else."""
        return [Assigned(each.extension, "", each.name) for each in self.directory.queues]

    def by_name(self) -> list[Assigned]:
        """The agents and teams in the order of the alphabet: É beside E, Ł beside L."""
        listed = [*self.directory.entries, *self.teams()]
        return sorted(listed, key=lambda entry: (fold(entry.label), entry.extension))

    def kept(self) -> list[Reserved]:
        """The reserved numbers that are no team's."""
        return [each for each in self.reserved if not each.queue_arn]
