"""Lines of history and reports as JSON text, and back.

Reading is tolerant, since a row may be odd, or of a version that was deployed and rolled back: an unknown
field is passed over, an unknown kind of change is `ChangeKind.OTHER`, a field of another type gets its
default, and a line that can't be read is left out and logged.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable
from itertools import accumulate
from typing import Any, TypeVar, get_type_hints

from msgspec import ValidationError, convert
from msgspec.json import encode
from msgspec.structs import replace

from core.models import HistoryEntry, Report

# A row holds 400 KB. Of a long list so many are kept, and so many bytes of them as JSON; counts stay whole.
MOST_KEPT, MOST_BYTES = 200, 90_000

T = TypeVar("T")
# The fields of a line without a default; what happened to which number has to be read.
_TEXTS = ("username", "name", "at", "by", "run_id")
_LINES_OF_A_REPORT = ("changes", "withheld")
_log = logging.getLogger(__name__)


def dump_history(lines: Iterable[HistoryEntry]) -> str:
    """Lines of history, compactly."""
    return f"[{','.join(map(dump_entry, lines))}]"


def dump_entry(entry: HistoryEntry) -> str:
    """One line of history, compactly: fields that have their defaults are left out."""
    return encode(entry).decode()


def load_history(text: str) -> list[HistoryEntry]:
    """Read the text that `dump_history` wrote; a line that can't be read is left out."""
    return _lines(_json(text))


def load_entry(text: str) -> list[HistoryEntry]:
    """Read the text that `dump_entry` wrote: one line, or none where it can't be read."""
    return _lines([_json(text)])


def dump_report(report: Report) -> str:
    """The report, with its long lists cut and how many of each were left out."""
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
    return encode(short).decode()


def _first(values: tuple[T, ...]) -> tuple[T, ...]:
    sizes = accumulate(len(encode(value)) + 1 for value in values[:MOST_KEPT])
    return values[: sum(size <= MOST_BYTES for size in sizes)]


def load_report(text: str) -> Report | None:
    """Read the text that `dump_report` wrote; None where it is no report at all."""
    data = _json(text)
    if not isinstance(data, dict):
        return None
    lines = {name: tuple(_lines(data[name])) for name in _LINES_OF_A_REPORT if name in data}
    read = _read_each({name: value for name, value in data.items() if name not in lines}, Report)
    blank: dict[str, Any] = {"run_id": "", "by": "", "started": "", "duration_ms": 0}
    return Report(**blank | read | lines)


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
