"""The names of all agents as rows of keys, by which callers find them. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from hashlib import blake2b

from core.calling.keypad import keys_of
from core.calling.reach import ROW
from core.models import Assigned
from core.search.spelt import words_spelt

# A row of DynamoDB holds 400 KB. Of names that so many share, a caller is told to key the extension.
_MOST = 5_000
# Changes when rows are written in another form.
_FORM = "1"


def rows_of_names(people: Iterable[Assigned], left_out: Collection[str]) -> dict[str, str]:
    """Rows by the first keys of the names in them; a row is "<agent id>:<keys> <agent id>:<keys> ...".

    `left_out` are usernames in any case. People without a user id can't be dialled by name yet.
    """
    unlisted = {username.casefold() for username in left_out}
    rows: dict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.agent_id and not person.unlisted and person.username.casefold() not in unlisted:
            spoken = (person.label, *words_spelt(person.readings))
            for keys in {keys for name in spoken for keys in keys_of(name)}:
                rows[keys[:ROW]].append(f"{person.agent_id}:{keys}")
    return {keys: " ".join(sorted(entries)[:_MOST]) for keys, entries in rows.items()}


def mark_of(version: str, left_out: Collection[str]) -> str:
    """A short text that changes with the table and with who is left out, as the rows of names may."""
    told = " ".join(["form", _FORM, version, *sorted(left_out)])
    return blake2b(told.encode(), digest_size=8).hexdigest()
