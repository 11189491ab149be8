"""What a sync costs, in requests and against Connect's quota: `python -m benchmarks.sync`.

Connect is the sandbox's stand-in with the default quota, the table a stand-in that answers in 10 ms; each
is a process of its own, and so are the runs of one account. Columns:

- Connect, DynamoDB, S3 writes: requests that the servers counted (throttled ones too).
- throttled: how many of them Connect refused; at most 2 in a run that is alone.
- floor: the seconds that the quota forces for the requests that the case needs (`measured.floor_seconds`).
- ratio: seconds to the floor. A busy machine makes seconds and ratio worse, never the requests.

Beside it runs a straightforward sync (`benchmarks.baseline`), which costs so many requests that larger
figures than measured are computed, and are said to be.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from benchmarks.account import Account, account
from benchmarks.baseline import POOL, computed_seconds
from benchmarks.measured import Measured, floor_seconds, needed

AGENTS, QUICK = 10_000, 1_000
EXPORT = 10  # each file in the folder of its run, and as the current one; once the schema, too
MOST_THROTTLED = 2
MOST_MB = 200.0
NOTHING, ONE, FIRST, ADOPTED = (
    "nothing changed",
    "one agent changed",
    "first sync, empty table",
    "older table adopted",
)


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that a case may cost, for 10,000 agents."""

    connect: int
    dynamodb: int
    s3_writes: int
    ratio: float

    def __str__(self) -> str:
        return f"{self.connect}, {self.dynamodb}, {self.s3_writes}, {self.ratio}x"

    def holds(self, run: Measured, ratio: float | None) -> bool:
        """Whether a run, at this ratio to its floor, keeps to it."""
        return (
            run.connect <= self.connect
            and run.dynamodb <= self.dynamodb
            and run.s3_writes <= self.s3_writes
            and run.throttled <= MOST_THROTTLED
            and (ratio or 0) <= self.ratio
        )


def bounds(nothing: Measured) -> dict[str, Bound]:
    """The bound of each case; one agent more is measured by the run that had nothing to do."""
    return {
        NOTHING: Bound(12, 12, 0, 1.3),
        ONE: Bound(nothing.connect + 2, nothing.dynamodb + 3, EXPORT, 1.3),
        FIRST: Bound(32, 214, EXPORT + 2, 1.5),
        ADOPTED: Bound(32, 450, EXPORT + 2, 1.5),
    }


def runs(account: Account, extensions: str, *steps: str) -> list[Measured]:
    """Runs of our sync, in a process of their own."""
    return list(_measured("benchmarks.sync_runs", account.connect, account.table, extensions, *steps))


def _measured(module: str, *arguments: str) -> Iterator[Measured]:
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=module != "benchmarks.baseline")
    for line in done.stdout.splitlines():
        yield Measured(**json.loads(line))


def ratio_of(run: Measured, agents: int) -> tuple[float, float | None]:
    """The floor of a run's case in seconds, and the ratio; None where the quota forces no wait at all."""
    unnamed = {NOTHING: 0, ONE: 1}.get(run.name, agents)
    floor = floor_seconds(needed(agents, unnamed))
    return floor, run.seconds / floor if floor else None


def print_cases(found: Sequence[Measured], agents: int) -> bool:
    """The table of the cases; whether all keep to their bounds."""
    print(f"\n{agents:,} agents{'' if agents == AGENTS else ' (the bounds are those for 10,000)'}")
    print(f"{'':26}{'Connect':>8}{'DynamoDB':>9}{'S3 writes':>10}{'throttled':>10}", end="")
    print(f"{'seconds':>9}{'floor':>7}{'ratio':>7}   bound")
    limits = bounds(next(run for run in found if run.name == NOTHING))
    kept = []
    for run in found:
        floor, ratio = ratio_of(run, agents)
        kept.append(limits[run.name].holds(run, ratio))
        print(f"{run.name:26}{run.connect:8}{run.dynamodb:9}{run.s3_writes:10}{run.throttled:10}", end="")
        print(f"{run.seconds:9.2f}{floor:7.1f}{f'{ratio:.2f}' if ratio else '-':>7}", end="")
        print(f"   {limits[run.name]!s:22} {'ok' if kept[-1] else 'OVER'}")
    return all(kept)


def said(what: str, holds: bool) -> bool:
    """Print one finding."""
    print(f"{what:98} {'ok' if holds else 'OVER'}")
    return holds


def check_cases(agents: int) -> bool:
    """The four cases; memory; and that a year of history costs no request more."""
    with account(agents) as empty:
        first, nothing, one, later = runs(
            empty, "0000-9999", FIRST, NOTHING, "/_modify", ONE, "/_history", NOTHING
        )
    with account(agents) as older:
        (adopted,) = runs(older, "0000-9999", "/_older", ADOPTED)
    results = [print_cases([nothing, one, first, adopted], agents)]
    print()
    mb = max(run.mb for run in (first, nothing, one, later, adopted))
    results.append(said(f"peak memory {mb:.0f} MB, at most {MOST_MB:.0f}", mb <= MOST_MB))
    words = f"with a year of history {later.dynamodb} DynamoDB requests, without {nothing.dynamodb}"
    results.append(said(words, later.dynamodb <= nothing.dynamodb))
    return all(results)


def check_shared_quota(agents: int) -> bool:
    """Runs while somebody else uses half of the quota: those that could not finish would have raised."""
    with account(agents, others=0.5) as busy:
        first, nothing = runs(busy, "0000-9999", FIRST, NOTHING)
    return said(
        f"others use half of the quota: first sync {first.seconds:.1f} s with {first.throttled} throttled, "
        f"nothing changed {nothing.seconds:.1f} s with {nothing.throttled}",
        first.changes == POOL and not nothing.changes,
    )


def check_growth(agents: int) -> bool:
    """Ten times the agents, at most ten times the requests. No quota and no latency: requests only."""
    results = []
    (first, nothing), (large_first, large_nothing) = (
        _in_a_hurry(agents, "00000-99999"),
        _in_a_hurry(10 * agents, "00000-99999"),
    )
    for small, large in ((first, large_first), (nothing, large_nothing)):
        words = f"{small.name}, {agents:,} -> {10 * agents:,} agents with five digits: "
        words += f"Connect {small.connect} -> {large.connect}, DynamoDB {small.dynamodb} -> {large.dynamodb}"
        linear = large.connect <= 10 * small.connect and large.dynamodb <= 10 * small.dynamodb
        results.append(said(words, linear))
    print(f"at {10 * agents:,} agents the process has {large_nothing.mb:.0f} MB at its peak")
    return all(results)


def _in_a_hurry(agents: int, extensions: str) -> tuple[Measured, Measured]:
    with account(agents, hurry=True) as fast:
        first, nothing = runs(fast, extensions, "hurry", FIRST, NOTHING)
    return first, nothing


def compare(agents: int) -> list[str]:
    """Lines about the straightforward sync, and about ours on an account like it."""
    lines = [f"{f'{agents:,} agents':40}{'Connect':>8}{'DynamoDB':>9}{'throttled':>10}{'seconds':>9}"]
    with account(agents) as plain:
        theirs = list(_measured("benchmarks.baseline", plain.connect, plain.table, FIRST, NOTHING))
    with account(agents) as own:
        ours = runs(own, "0000-9999", FIRST, NOTHING)
    lines += [_line("straightforward", run) for run in theirs] + [_line("this project", run) for run in ours]
    seconds = computed_seconds(AGENTS)
    return [*lines, f"straightforward, first sync of {AGENTS:,} agents: at least {seconds:,.0f} s (computed)"]


def _line(who: str, run: Measured) -> str:
    numbers = f"{run.connect:8}{run.dynamodb:9}{run.throttled:10}{run.seconds:9.1f}"
    return f"{who:16}{run.name:24}{numbers}"


def main(argv: Sequence[str] = ()) -> int:
    """Print everything; 1 when a bound is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sync", description=main.__doc__)
    parser.add_argument("--quick", action="store_true", help=f"{QUICK:,} agents instead of {AGENTS:,}")
    quick = parser.parse_args(argv).quick
    agents = QUICK if quick else AGENTS
    kept = [check_cases(agents), check_shared_quota(agents)]
    # The comparison is about waiting for the quota, and the growth about requests: neither minds the other.
    with ThreadPoolExecutor(1) as pool:
        compared = pool.submit(compare, 100 if quick else 500)
        kept.append(check_growth(agents))
    print("", *compared.result(), sep="\n")
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
