"""The first question of a warm process after a change, with five digits: `python -m benchmarks.lookup`.

100,000 agents have numbers; the table and the bucket are in the process. Measured is the processor time from
the question to the answer: with an export of the table's version, and while the export is older, so that the
index of the table is read, which includes the stand-in's own work. Both build the search index of the names.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from time import process_time

from benchmarks.search_roster import make_roster
from core.aws.exports_and_links import S3Exports
from core.aws.rows import rows_of, to_item
from core.lookup import Lookup
from core.models import Agent, Assigned
from tests.core.builders import LONG_AGO, policy
from tests.core.fakes import FakeConnect, Site
from tests.stand_ins.s3 import BUCKET
from tests.stand_ins.wire import Fault

AGENTS, SEED = 100_000, 20261122
# With the export, for 100,000 agents: Slack waits three seconds.
MOST_SECONDS = 2.5


def site_of(entries: Sequence[Assigned]) -> Site:
    """An installation in which these agents have these numbers, and an export of it."""
    agents = (Agent(each.agent_id, each.username, "", each.name, each.team, LONG_AGO) for each in entries)
    site = Site(FakeConnect(agents), policy("00000-99999"))
    for entry in entries:
        site.table.seed(map(to_item, rows_of(replace(entry, modified=LONG_AGO))))
    site.run()
    return site


def asked_after_rename(site: Site, lookup: Lookup, agent_id: str, name: str) -> float:
    """Rename an agent, sync, and ask for the new name; the seconds of the processor that the answer took."""
    site.connect.rename(agent_id, name, site.now)
    site.run()
    began = process_time()
    found = lookup.people(name).matches
    seconds = process_time() - began
    if [match.entry.agent_id for match in found][:1] != [agent_id]:
        raise RuntimeError(f"{name} was not found.")
    return seconds


def main(argv: Sequence[str] = ()) -> int:
    """Print the two figures; 1 when the export saves too little."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.lookup", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the agents")
    agents = AGENTS // 10 if parser.parse_args(argv).quick else AGENTS
    entries = make_roster(agents, SEED)
    site = site_of(entries)
    exports = S3Exports(site.bucket.client(), BUCKET, 15)
    lookup = Lookup(site.reader(), exports, site.connect, site.policy.range)
    lookup.people(entries[0].name)
    exported = asked_after_rename(site, lookup, entries[1].agent_id, "Quentina Xylander")
    site.bucket.wire.fault = lambda operation, _: Fault("denied") if operation == "PutObject" else None
    indexed = asked_after_rename(site, lookup, entries[2].agent_id, "Wolfrida Quastenberg")
    kept = exported <= MOST_SECONDS
    print(f"the first question after a change, among {agents:,} agents")
    print(
        f"with the export of that version {exported:.2f} s, at most {MOST_SECONDS} {'ok' if kept else 'OVER'}"
    )
    print(f"from the index, with the stand-in's work {indexed:.2f} s")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
