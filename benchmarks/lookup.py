"""The first question of a warm process after a change, with five digits: `python -m benchmarks.lookup`.

100,000 agents have numbers. Measured is the processor time from the question to the answer: with an export
of the table's version, and while the export is older, so that the index of the table is read. Both build the
search index of the names. Requests take no time here: the export needs one, the index about fifty in turn.
Last comes the memory that the answer from the export takes: the new directory and its index. Until it is
built the earlier one is kept, which takes as much again.
"""

from __future__ import annotations

import argparse
import json
import sys
import tracemalloc
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from time import process_time
from typing import Any

from msgspec.structs import replace

from benchmarks.search_roster import make_roster
from core.asking.lookup import Lookup
from core.aws.exports_and_links import load_directory
from core.aws.reader import DynamoTableReader
from core.aws.rows import LEASE, Key, fingerprint, key_of, rows_of, to_item, version_of
from core.directory.data import to_json
from core.directory.publication import Publication
from core.models import Assigned, Directory, ExtensionRange

AGENTS, SEED = 100_000, 20261122
PAGE = 4000  # items, about the 1 MB of a page
# With the export, for 100,000 agents: Slack waits three seconds.
MOST_SECONDS = 2.5
# Twice this fits into the 1024 MB of the Slack function, beside about 150 MB of imports and clients.
MOST_MEGABYTES = 200


class Installation:
    """The items of a table as pages of JSON, and the export of it, as far as a lookup asks for them."""

    def __init__(self, entries: Sequence[Assigned]) -> None:
        rows = [row for entry in entries for row in rows_of(entry)]
        self.version = version_of(fingerprint(rows))
        lease = {"pk": LEASE[0], "sk": LEASE[1], "fingerprint": self.version}
        self._items: Mapping[Key, Any] = {key_of(row): to_item(row) for row in [*rows, lease]}
        items = [to_item(row) for row in rows]
        self._pages = [json.dumps(items[start : start + PAGE]) for start in range(0, len(items), PAGE)]
        self.export = to_json(Publication(Directory(tuple(entries), self.version, "2026-11-22T09:30:00Z")))

    def get(self, key: Key) -> Any:
        return self._items.get(key, {})

    def get_all(self, keys: Sequence[Key]) -> list[Any]:
        return [self._items[key] for key in keys if key in self._items]

    def indexed(self) -> Iterator[Any]:
        for page in self._pages:
            yield from json.loads(page)

    def exported_directory(self) -> Directory:
        return load_directory(self.export)


def seconds_after_change(entries: Sequence[Assigned], export_is_old: bool) -> float:
    """Ask before the first agent is renamed, and after it; the processor seconds of the second question."""
    lookup = renamed(entries, export_is_old)
    began = process_time()
    ask(lookup, entries[0])
    return process_time() - began


def megabytes_after_change(entries: Sequence[Assigned]) -> float:
    """The memory that the second question takes at its highest, beside what the first one left."""
    lookup = renamed(entries, export_is_old=False)
    tracemalloc.start()
    ask(lookup, entries[0])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 2**20


def renamed(entries: Sequence[Assigned], export_is_old: bool) -> Lookup:
    """Lookups that knew the agents before the first of them was renamed, on the installation as it is now."""
    before = Installation(entries)
    after = Installation([replace(entries[0], name="Quentina Xylander"), *entries[1:]])
    if export_is_old:
        after.export = before.export
    lookup = lookup_of(before)
    lookup.people(entries[0].name)
    later = lookup_of(after)
    lookup.reader, lookup.exports = later.reader, later.exports
    return lookup


def ask(lookup: Lookup, agent: Assigned) -> None:
    """Ask for the agent by the new name. Raises RuntimeError when another one is found."""
    found = lookup.people("Quentina Xylander").matches
    if [match.entry.agent_id for match in found][:1] != [agent.agent_id]:
        raise RuntimeError("The agent was not found by the new name.")


def lookup_of(here: Installation) -> Lookup:
    """Lookups of an installation."""
    reader = DynamoTableReader(here, lambda: datetime.now(UTC))  # type: ignore[arg-type]
    return Lookup(reader, here, ExtensionRange.parse("00000-99999"))  # type: ignore[arg-type]


def main(argv: Sequence[str] = ()) -> int:
    """Print the figures; 1 when one is over its bound."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lookup", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the agents")
    agents = AGENTS // 10 if parser.parse_args(argv).quick else AGENTS
    entries = make_roster(agents, SEED)
    exported, indexed = (seconds_after_change(entries, old) for old in (False, True))
    kept = exported <= MOST_SECONDS
    print(f"the first question after a change, among {agents:,} agents")
    print(
        f"with the export of that version {exported:.2f} s, at most {MOST_SECONDS} {'ok' if kept else 'OVER'}"
    )
    print(f"from the index {indexed:.2f} s, and the time of its requests")
    taken = megabytes_after_change(entries)
    fits = taken <= MOST_MEGABYTES
    print(f"memory {taken:.0f} MB, at most {MOST_MEGABYTES} {'ok' if fits else 'OVER'}")
    return 0 if kept and fits else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
