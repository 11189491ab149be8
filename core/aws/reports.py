"""Lines of history and reports as JSON text, and back.

Reading is tolerant, since a row may be odd, or of a version that was deployed and rolled back: an unknown
field is passed over, an unknown kind of change is `ChangeKind.OTHER`, a field of another type gets its
default, and a line that can't be read is left out and logged. What 5ab0e82 would trip over stands in an
attribute of its own, so that a rollback to it reads the rest.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Mapping
from itertools import accumulate
from typing import Any, TypeVar, get_type_hints

from msgspec import ValidationError, convert
from msgspec.json import encode
from msgspec.structs import replace

from core.models import ChangeKind, HistoryEntry, Report

# A row holds 400 KB. Of a long list so many are kept, and so many bytes of them as JSON; counts stay whole.
MOST_KEPT, MOST_BYTES = 200, 90_000

# The attributes of a row that hold lines, and the kinds of the second, which 5ab0e82 does not know.
LINES = ("lines", "later")
_LATER = (ChangeKind.FORWARDED, ChangeKind.UNFORWARDED)

T = TypeVar("T")
# The fields of a line without a default; what happened to which number has to be read.
_TEXTS = ("username", "name", "at", "by", "run_id")
_LINES_OF_A_REPORT = ("changes", "withheld")
_BLANK = Report("", "", "", 0)
_log = logging.getLogger(__name__)


def attribute_of(entry: HistoryEntry) -> str:
    """The attribute of a row that the line belongs in."""
    return LINES[entry.kind in _LATER]


def dump_history(lines: Iterable[HistoryEntry]) -> str:
    """Lines of history, compactly."""
    return f"[{','.join(map(dump_entry, lines))}]"


def dump_entry(entry: HistoryEntry) -> str:
    """One line of history, compactly: fields that have their defaults are left out."""
    return encode(entry).decode()


def load_history(text: str) -> list[HistoryEntry]:
    """Read the text that `dump_history` wrote; a line that can't be read is left out."""
    return _lines(_json(text))


def lines_of(row: Mapping[str, str]) -> list[HistoryEntry]:
    """Read the lines of a row, those of later kinds last."""
    return [line for name in LINES for line in load_history(row.get(name, "[]"))]


def load_entry(text: str) -> list[HistoryEntry]:
    """Read the text that `dump_entry` wrote: one line, or none where it can't be read."""
    return _lines([_json(text)])


def dump_report(report: Report) -> dict[str, str]:
    """The report as attributes of a row, with its long lists cut and how many of each were left out."""
    short = replace(
        report,
        changes=_first(report.changes),
        left_over=_first(report.left_over),
        withheld=_first(report.withheld),
        warnings=_first(report.warnings),
    )
    short = replace(
        short,
        more_left_over=len(report.left_over) - len(short.left_over),
        more_withheld=len(report.withheld) - len(short.withheld),
    )
    known, later = (_part(short, name) for name in LINES)
    row = {"report": encode(replace(short, counts=known.counts, changes=known.changes)).decode()}
    return row | ({"later": encode(later).decode()} if later != _BLANK else {})


def _part(report: Report, name: str) -> Report:
    """The counts and changes of a report that belong in one of the `LINES`."""
    counts = {kind: count for kind, count in report.counts.items() if LINES[kind in _LATER] == name}
    changes = tuple(change for change in report.changes if attribute_of(change) == name)
    return replace(_BLANK, counts=counts, changes=changes)


def _first(values: tuple[T, ...]) -> tuple[T, ...]:
    sizes = accumulate(len(encode(value)) + 1 for value in values[:MOST_KEPT])
    return values[: sum(size <= MOST_BYTES for size in sizes)]


def load_report(row: Mapping[str, str]) -> Report | None:
    """Read the attributes that `dump_report` made; None where there is no report at all."""
    report, later = (_report(row[name]) if row.get(name) else None for name in ("report", "later"))
    if report is None or later is None:
        return report
    return replace(report, counts={**report.counts, **later.counts}, changes=report.changes + later.changes)


def _report(text: str) -> Report | None:
    data = _json(text)
    if not isinstance(data, dict):
        return None
    lines = {name: tuple(_lines(data[name])) for name in _LINES_OF_A_REPORT if name in data}
    read = _read_each({name: value for name, value in data.items() if name not in lines}, Report)
    return replace(_BLANK, **read, **lines)


def _lines(data: object) -> list[HistoryEntry]:
    """The lines of history among JSON values."""
    found = []
    for line in data if isinstance(data, list) else ():
        try:
            found.append(convert(line, HistoryEntry))
        except ValidationError:
            read = _read_each(line, HistoryEntry) if isinstance(line, dict) else {}
            if {"kind", "extension"} <= read.keys():
                found.append(HistoryEntry(**dict.fromkeys(_TEXTS, "") | read))
            else:
                _log.warning("a line of history can't be read", extra={"line": str(line)[:200]})
    return found


def _read_each(data: dict[str, Any], kind: type) -> dict[str, Any]:
    """The fields of a value that can be read, each by itself."""
    types = get_type_hints(kind)
    read: dict[str, Any] = {}
    for name in types.keys() & data.keys():
        try:
            read[name] = convert(data[name], types[name])
        except ValidationError:
            _log.warning("a field of a row can't be read", extra={"field": name})
    return read


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        _log.warning("a row holds no JSON", extra={"text": text[:200]})
        return None
