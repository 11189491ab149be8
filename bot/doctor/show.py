"""Prints the findings for a terminal, a pipe or a script."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from msgspec.structs import asdict

from bot.doctor.findings import Finding, Section, Verdict, exit_code, tally

if TYPE_CHECKING:
    from rich.table import Table

_MARKS = {
    Verdict.RIGHT: ("✓", "green"),
    Verdict.WRONG: ("✗", "bold red"),
    Verdict.UNKNOWN: ("?", "yellow"),
    Verdict.NOTED: ("·", "dim"),
}
_KEYS = {
    Verdict.RIGHT: "right",
    Verdict.WRONG: "wrong",
    Verdict.UNKNOWN: "unknown",
    Verdict.NOTED: "noted",
}
_OVERALL = ("right", "wrong", "unknown")


def as_json(sections: Sequence[Section], seconds: float) -> str:
    """The verdict, the counts by verdict, the seconds, and the findings with their sections, as an object."""
    counts = tally(sections)
    findings = [
        {"section": section.title} | asdict(finding) | {"verdict": _KEYS[finding.verdict]}
        for section in sections
        for finding in section.findings
    ]
    said: dict[str, Any] = {"verdict": _OVERALL[exit_code(sections)]}
    said |= {key: counts[verdict] for verdict, key in _KEYS.items()}
    return json.dumps(said | {"seconds": round(seconds, 1), "findings": findings}, indent=2)


def print_sections(sections: Sequence[Section], seconds: float, out: TextIO) -> None:
    """Print with colours on a terminal where rich is installed, as plain lines anywhere else."""
    if out.isatty() and _has_rich():
        _print_rich(sections, seconds, out)
    else:
        print("\n".join(plain(sections, seconds)), file=out)


def _has_rich() -> bool:
    from importlib.util import find_spec

    return find_spec("rich") is not None


def plain(sections: Iterable[Section], seconds: float) -> list[str]:
    """Write one line for each finding, and one for what to do about it."""
    sections = [*sections]
    lines: list[str] = []
    for section in sections:
        lines.append(section.title)
        for finding in section.findings:
            lines.append(f"  {finding.verdict.value}: {finding.name}: {finding.says}")
            lines += [f"    do: {finding.do}"] if finding.do else []
    return [*lines, "", summary(sections, seconds)]


def summary(sections: Iterable[Section], seconds: float) -> str:
    """`12 right, 1 wrong, 2 could not tell, 1 noted, in 1.3 s.`"""
    counts = tally(sections)
    return ", ".join(f"{counts[verdict]} {verdict.value}" for verdict in Verdict) + f", in {seconds:.1f} s."


def _print_rich(sections: Sequence[Section], seconds: float, out: TextIO) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=out, highlight=False)
    for section in sections:
        console.print(Text(section.title, style="bold"))
        for finding in section.findings:
            console.print(_row(finding))
            if _is_command(finding.do):
                # Wrapped by the terminal and not by us: so it can be copied whole.
                console.print(Text(f"      → {finding.do}", style="cyan"), soft_wrap=True)
    console.print(Text(summary(sections, seconds), style="bold"))


def _is_command(text: str) -> bool:
    return text.startswith("aws ")


def _row(finding: Finding) -> Table:
    from rich.table import Table
    from rich.text import Text

    mark, style = _MARKS[finding.verdict]
    row = Table.grid(padding=(0, 2, 0, 0))
    row.add_column(width=3, justify="right")
    row.add_column(width=15)
    row.add_column(ratio=1, overflow="fold")
    says = Text(finding.says)
    if finding.do and not _is_command(finding.do):
        says.append(f"\n→ {finding.do}", style="cyan")
    row.add_row(Text(mark, style=style), Text(finding.name), says)
    return row
