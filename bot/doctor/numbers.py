"""The numbers: every row of the table, read at once, and what they say of the invariants."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from bot.doctor.findings import Finding, Numbering, Row, check_numbers, unknown, unsettled
from bot.doctor.running import Later
from bot.wiring import now
from core.aws.inspect import TableInspector
from core.errors import ExtensionsError
from core.models import ExtensionRange

# A page of the table takes its time, so several are asked for at once.
_SEGMENTS = 4


@dataclass(frozen=True, slots=True)
class TableRows:
    """All rows of the numbering. `moved`: a run was at work while they were read."""

    rows: tuple[Row, ...]
    moved: bool


def read_rows(table: TableInspector) -> TableRows:
    """The whole table. Raises Unavailable."""
    before = table.mark()
    parts = [Later(partial(table.rows, number, _SEGMENTS)) for number in range(_SEGMENTS)]
    rows = tuple(row for part in parts for row in part.result())
    return TableRows(rows, moved=table.mark() != before)


def check_rows(rows: Later[TableRows], extensions: ExtensionRange) -> Iterator[Finding]:
    """The invariants, over the whole table."""
    try:
        read = rows.result()
    except ExtensionsError as error:
        yield unknown("Extensions", str(error))
        return
    findings: Iterable[Finding] = check_numbers(Numbering.of(read.rows), extensions, now())
    yield from map(unsettled, findings) if read.moved else findings
