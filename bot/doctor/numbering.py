"""The rows of the table, all read at once, and the checks of the invariants over them.

The rows are sorted out anew here, apart from how a sync reads them: a fault of that reading must not
hide itself.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial

from msgspec import Struct

from bot.doctor.findings import Finding, Verdict, noted, right, unknown, wrong
from bot.doctor.threads import Later
from bot.wiring import now
from core.aws.inspect import TableInspector
from core.aws.rows import Row, link_key
from core.errors import ExtensionsError
from core.models import ExtensionRange, iso

# A page of the table takes its time, so several are asked for at once.
_SEGMENTS = 4
_NAMED = 5
_SYNC = "Run a sync: python -m bot sync."
_HEAL = "Run a sync, which heals this and reports it: python -m bot sync."
_ONE_MEMBER = "One member each"
_RECORDS = "Records"
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
_STATES = {"agentID": "assigned", "nu": "free", "reserved": "reserved"}


class TableRows(Struct, frozen=True):
    """All rows of the numbering, links of members, and of others the odd ones.

    `moved`: a run was at work while they were read.
    """

    rows: tuple[Row, ...]
    moved: bool


def read_rows(table: TableInspector) -> TableRows:
    """Read the whole table. Raises Unavailable."""
    before = table.mark()
    parts = [Later(partial(table.rows, number, _SEGMENTS)) for number in range(_SEGMENTS)]
    rows = tuple(row for part in parts for row in part.result())
    return TableRows(rows, moved=table.mark() != before)


def check_rows(rows: Later[TableRows], extensions: ExtensionRange) -> Iterator[Finding]:
    """Check the invariants over the rows as they were read."""
    try:
        read = rows.result()
    except ExtensionsError as error:
        yield unknown("Extensions", str(error))
        return
    findings: Iterable[Finding] = check_numbers(Numbering.of(read.rows), extensions, now())
    yield from map(unsettled, findings) if read.moved else findings
    yield check_links(read.rows)
    yield check_records(read.rows)


class Numbering(Struct, frozen=True):
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
    """Judge whether the invariants hold over the whole table, as it was read at `now`."""
    if not numbering.extensions:
        return [wrong("Extensions", "There are none in the table yet.", _SYNC)]
    return [
        _one_state(numbering),
        _one_number(numbering),
        _both_rows(numbering),
        _in_the_index(numbering),
        _ends(numbering),
        _whole_range(numbering, extensions, now),
        _one_program(numbering),
    ]


def check_links(rows: Iterable[Row]) -> Finding:
    """Judge whether two members are one agent by their own word, or may become so."""
    prefix, kind = link_key("")
    links = [row for row in rows if row["sk"] == kind and row["pk"].startswith(prefix)]
    members: dict[str, list[str]] = defaultdict(list)
    for row in sorted(links, key=lambda row: row["pk"]):
        members[row.get("agent_id", "")].append(row["pk"].removeprefix(prefix))
    several = [" and ".join(each) for agent, each in members.items() if agent and len(each) > 1]
    if several:
        says = f"{len(several):,} of {len(members):,} agents are two members: {_some(several)}"
        return wrong(_ONE_MEMBER, says, "One of them presses That's not me, below /ext me.")
    if old := [row["pk"].removeprefix(prefix) for row in links if "sk_value" not in row]:
        says = f"{len(old):,} links are of an earlier version and keep their agent from nobody: {_some(old)}"
        return noted(_ONE_MEMBER, says, "Below /ext me they press That's not me, and then That's me.")
    return right(_ONE_MEMBER, f"None of {len(members):,} agents is two members by their own word.")


def check_records(rows: Iterable[Row]) -> Finding:
    """Name the rows of history, reports and the like that can't be read whole."""
    odd = [f"{row['pk']} {row['sk']} ({row['odd']})" for row in rows if "odd" in row]
    if not odd:
        return right(_RECORDS, "History, reports and the like can be read whole.")
    says = (
        f"{len(odd):,} rows can't be read whole, and what can't be read is passed over: {_some(sorted(odd))}"
    )
    return noted(_RECORDS, says, "See who wrote them. Nothing waits for it: they may stay, or be deleted.")


def unsettled(finding: Finding) -> Finding:
    """Soften a finding about rows that a run was changing while they were read: a fault may be none."""
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


def _ends(numbering: Numbering) -> Finding:
    offenders = [
        f"{extension} ({until[:30]})"
        for extension, found in sorted(numbering.extensions.items())
        if (until := found.get("nu", {}).get("held_until")) is not None and not _TIME.fullmatch(until)
    ]
    return _judged("Ends of holds", "Each can be read.", "{} held until no time: ", offenders)


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
    if taken := [row["pk"] for row in numbering.assigned() if row["pk"] not in extensions]:
        beside += f" Of those {len(taken):,} are assigned, and stay so: {_some(taken)}"
    fine = f"{extensions}: {sums}; together {len(extensions):,}.{beside}"
    return _judged("The whole range", fine, f"{extensions}: {sums}; {{}} in no state: ", missing)


def _one_program(numbering: Numbering) -> Finding:
    """Look for rows that another program wrote: without a user id, though agents have rows of their own."""
    owned = set(numbering.owners.values())
    offenders = [
        extension
        for extension, found in sorted(numbering.extensions.items())
        if (numbering.owners and "agentID" in found and not found["agentID"].get("agent_id"))
        or ("agentID" not in found and "nu" in found and extension in owned)
    ]
    if not offenders:
        return right("One program", "No row of another program was found.")
    says = f"{len(offenders):,} of them may be another program's, which knows no user ids: {_some(offenders)}"
    return unknown("One program", says, "Switch off the sync of the older project, then run one here.")


def _state(found: Mapping[str, Row], now: datetime) -> str:
    if "agentID" in found:
        return "assigned"
    if "reserved" in found:
        return "reserved"
    return "held" if found["nu"].get("held_until", "") > iso(now) else "free"


def _judged(name: str, fine: str, fault: str, offenders: Sequence[str], noun: str = "extension") -> Finding:
    """A right finding without offenders; else the fault, their count, and the first of them."""
    if not offenders:
        return right(name, fine)
    count = len(offenders)
    return wrong(name, fault.format(f"{count:,} {noun}{'s' * (count != 1)}") + _some(offenders), _HEAL)


def _some(extensions: Sequence[str]) -> str:
    return ", ".join(extensions[:_NAMED]) + (" ..." if len(extensions) > _NAMED else ".")
