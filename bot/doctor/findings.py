"""What a check of an installation found, and the checks of the numbers themselves. Pure.

The rows are sorted out anew here, apart from how a sync reads them: a fault of that reading must not
hide itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from core.models import ExtensionRange, Report, iso, parse_iso

Row = Mapping[str, str]

# The schedule is hourly; the alarm waits as long.
MOST_HOURS = 3
_NAMED = 5
_SYNC = "Run a sync: python -m bot sync."
_HEAL = "Run a sync, which heals this and reports it: python -m bot sync."
_STATES = {"agentID": "assigned", "nu": "free", "reserved": "reserved"}
_PRIVATE = (
    (re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"), "(an email)"),
    (re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+"), "(a token)"),
)


class Verdict(StrEnum):
    """What came of one check."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "could not tell"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was checked. `says` is what was seen, `do` what to do about it ("": nothing)."""

    name: str
    verdict: Verdict
    says: str
    do: str = ""

    def redacted(self) -> Finding:
        """The same without emails and tokens: what AWS answers may hold them."""
        return replace(self, says=_redacted(self.says), do=_redacted(self.do))


@dataclass(frozen=True, slots=True)
class Section:
    """The findings about one part of an installation, in the order of the checks."""

    title: str
    findings: tuple[Finding, ...]


def right(name: str, says: str) -> Finding:
    """It is as it should be."""
    return Finding(name, Verdict.RIGHT, says)


def wrong(name: str, says: str, do: str) -> Finding:
    """It is not, and this is what to do."""
    return Finding(name, Verdict.WRONG, says, do)


def unknown(name: str, why: str, do: str = "") -> Finding:
    """It could not be told."""
    return Finding(name, Verdict.UNKNOWN, why, do)


def tally(sections: Iterable[Section]) -> Counter[Verdict]:
    """How many findings there are of each verdict."""
    return Counter(finding.verdict for section in sections for finding in section.findings)


def exit_code(sections: Iterable[Section]) -> int:
    """0: all is right. 1: something is wrong. 2: nothing is wrong, but something could not be told."""
    counts = tally(sections)
    if counts[Verdict.WRONG]:
        return 1
    return 2 if counts[Verdict.UNKNOWN] else 0


def _redacted(text: str) -> str:
    for pattern, instead in _PRIVATE:
        text = pattern.sub(instead, text)
    return text


# The numbers


@dataclass(frozen=True, slots=True)
class Numbering:
    """The rows of the numbering: those of each extension by `sk`, and the agents' own by agent id."""

    extensions: Mapping[str, Mapping[str, Row]]
    owners: Mapping[str, str]

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Numbering:
        """Sort the rows; those of other kinds are left out."""
        extensions: dict[str, dict[str, Row]] = defaultdict(dict)
        owners: dict[str, str] = {}
        for row in rows:
            pk, sk = row["pk"], row["sk"]
            if sk in _STATES and pk.isascii() and pk.isdigit():
                extensions[pk][sk] = row
            elif sk == "extension" and pk.startswith("user#"):
                owners[pk.removeprefix("user#")] = row.get("sk_value", "")
        return cls(extensions, owners)

    def assigned(self) -> list[Row]:
        """The rows that assign an extension, by extension."""
        return [found["agentID"] for _, found in sorted(self.extensions.items()) if "agentID" in found]

    def example(self) -> Row | None:
        """An assignment that nothing contradicts, to try a lookup with."""
        rows = (row for row in self.assigned() if len(self.extensions[row["pk"]]) == 1)
        return next((row for row in rows if self.owners.get(row.get("agent_id", "")) == row["pk"]), None)

    def nobodys(self, extensions: ExtensionRange) -> str:
        """Digits that nobody has: a free extension, or where all are taken, too many digits."""
        taken = {row["pk"] for row in self.assigned()}
        return next((each for each in extensions if each not in taken), "9" * (extensions.width + 1))


def check_numbers(numbering: Numbering, extensions: ExtensionRange, now: datetime) -> list[Finding]:
    """Whether the invariants hold over the whole table, as it was read at `now`."""
    if not numbering.extensions:
        return [wrong("Extensions", "There are none in the table yet.", _SYNC)]
    return [
        _one_state(numbering),
        _one_number(numbering),
        _both_rows(numbering),
        _in_the_index(numbering),
        _whole_range(numbering, extensions, now),
    ]


def unsettled(finding: Finding) -> Finding:
    """The finding about rows that a run was changing while they were read: a fault may be none."""
    if finding.verdict is not Verdict.WRONG:
        return finding
    why = "A run was writing to the table while it was read, so what looked wrong may not be."
    return unknown(finding.name, f"{why} {finding.says}", "Run the doctor again in a minute.")


def _one_state(numbering: Numbering) -> Finding:
    offenders = [
        f"{extension} ({' and '.join(_STATES[sk] for sk in sorted(found))})"
        for extension, found in sorted(numbering.extensions.items())
        if len(found) > 1
    ]
    fine = f"None of {len(numbering.extensions):,} extensions is in two states."
    return _judged("One state each", fine, "{} in two states: ", offenders)


def _one_number(numbering: Numbering) -> Finding:
    by_agent: dict[str, list[str]] = defaultdict(list)
    for row in numbering.assigned():
        by_agent[row.get("agent_id") or row.get("sk_value") or row["pk"]].append(row["pk"])
    offenders = [" and ".join(several) for several in by_agent.values() if len(several) > 1]
    fine = f"None of {len(by_agent):,} agents has two extensions."
    return _judged("One number each", fine, "{} with more than one extension: ", offenders, "agent")


def _both_rows(numbering: Numbering) -> Finding:
    agents = {row["pk"]: row.get("agent_id", "") for row in numbering.assigned()}
    unowned = {pk for pk, agent in agents.items() if not agent or numbering.owners.get(agent) != pk}
    astray = {pk for agent, pk in numbering.owners.items() if agents.get(pk) != agent}
    fine = f"{len(agents):,} assigned extensions and {len(numbering.owners):,} agents' own rows agree."
    offenders = sorted(unowned | astray)
    return _judged("Both rows agree", fine, "{} whose agent's own row does not agree: ", offenders)


def _in_the_index(numbering: Numbering) -> Finding:
    offenders = [
        extension
        for extension, found in sorted(numbering.extensions.items())
        if any("sk_value" not in row for row in found.values())
    ]
    return _judged("In the index", "Every extension is in the index.", "{} not in the index: ", offenders)


def _whole_range(numbering: Numbering, extensions: ExtensionRange, now: datetime) -> Finding:
    counts: Counter[str] = Counter()
    missing = []
    for extension in extensions:
        found = numbering.extensions.get(extension)
        if found:
            counts[_state(found, now)] += 1
        else:
            missing.append(extension)
    sums = ", ".join(f"{counts[state]:,} {state}" for state in ("free", "assigned", "held", "reserved"))
    outside = sum(1 for extension in numbering.extensions if extension not in extensions)
    beside = f" {outside:,} more lie outside it." if outside else ""
    fine = f"{extensions}: {sums}; together {len(extensions):,}.{beside}"
    return _judged("The whole range", fine, f"{extensions}: {sums}; {{}} in no state: ", missing)


def _state(found: Mapping[str, Row], now: datetime) -> str:
    if "agentID" in found:
        return "assigned"
    if "reserved" in found:
        return "reserved"
    return "held" if found["nu"].get("held_until", "") > iso(now) else "free"


def _judged(name: str, fine: str, fault: str, offenders: Sequence[str], noun: str = "extension") -> Finding:
    """Right without offenders; else the fault, how many, and the first of them."""
    if not offenders:
        return right(name, fine)
    count = len(offenders)
    says = fault.format(f"{count:,} {noun}{'s' * (count != 1)}") + ", ".join(offenders[:_NAMED])
    return wrong(name, f"{says} ..." if count > _NAMED else f"{says}.", _HEAL)


# The runs


def check_lease(row: Row, now: datetime) -> Finding:
    """Whether the lease is free, in use, or was left behind by a run that died. `row` is empty before any."""
    name, until = "Lease", row.get("lease_until", "")
    if not until:
        return right(name, "Free.")
    run, holder, since = (row.get(key, "?") for key in ("sk_value", "holder", "started"))
    who = f"run {run}, by {holder}, since {since}"
    if until >= iso(now):
        return right(name, f"In use until {until}: {who}.")
    return wrong(
        name,
        f"Stuck: held past its end at {until} by {who}. That run died.",
        f"Run a sync, which takes the lease over: python -m bot sync. The log of {run} says why it died.",
    )


def check_last_sync(report: Report | None, now: datetime) -> Finding:
    """Whether the numbers follow Connect: how long ago a sync last came to its end."""
    if report is None:
        return wrong("Last sync", "No sync has come to its end yet.", _SYNC)
    ended = parse_iso(report.started) + timedelta(milliseconds=report.duration_ms)
    ago = _ago(now - ended)
    if now - ended > timedelta(hours=MOST_HOURS):
        do = "See the log of the sync function and its dead letters, and try one: python -m bot sync."
        return wrong("Last sync", f"The last that succeeded ended {ago} ago ({report.run_id}).", do)
    return right("Last sync", f"Ended {ago} ago ({report.run_id}).{_waiting(report)}")


def check_left_over(report: Report) -> Finding:
    """Whether everybody has a number."""
    if not report.left_over:
        return right("Pool", "Everybody has a number.")
    says = f"{len(report.left_over):,} agents found no free extension in the last sync."
    return wrong("Pool", says, "Widen EXTENSION_RANGE, or give reserved extensions back to the pool.")


def _waiting(report: Report) -> str:
    withheld = len(report.withheld)
    return f" {withheld:,} releases wait for an admin." if withheld else ""


def _ago(span: timedelta) -> str:
    minutes = max(0, int(span / timedelta(minutes=1)))
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} days"
