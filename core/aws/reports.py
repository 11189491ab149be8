"""Lines of history and reports as JSON text, and back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields, replace
from itertools import accumulate
from typing import Any, TypeVar

from core.models import ChangeKind, HistoryEntry, Pool, Report

# A row holds 400 KB. Of a long list so many are kept, and so many bytes of them as JSON; counts stay whole.
MOST_KEPT, MOST_BYTES = 200, 90_000

T = TypeVar("T")
_LINE = tuple(field.name for field in fields(HistoryEntry))


def dump_history(lines: Iterable[HistoryEntry]) -> str:
    """Lines of history, compactly."""
    return f"[{','.join(map(dump_entry, lines))}]"


def dump_entry(entry: HistoryEntry) -> str:
    """One line of history, compactly."""
    return _text(_filled({name: getattr(entry, name) for name in _LINE}))


def load_history(text: str) -> list[HistoryEntry]:
    """Read the text that `dump_history` wrote."""
    return [_logged(line) for line in json.loads(text)]


def dump_report(report: Report) -> str:
    """The report, with its long lists cut and how many of each were left out."""
    short = replace(
        report,
        changes=_first(report.changes, dump_entry),
        left_over=_first(report.left_over, _text),
        withheld=_first(report.withheld, dump_entry),
        warnings=_first(report.warnings, _text),
    )
    short = replace(
        short,
        more_left_over=len(report.left_over) - len(short.left_over),
        more_withheld=len(report.withheld) - len(short.withheld),
    )
    return _text(_filled(asdict(short)))


def _first(values: tuple[T, ...], dump: Callable[[T], str]) -> tuple[T, ...]:
    sizes = accumulate(len(dump(value).encode()) + 1 for value in values[:MOST_KEPT])
    return values[: sum(size <= MOST_BYTES for size in sizes)]


def load_report(text: str) -> Report:
    """Read the text that `dump_report` wrote."""
    data = json.loads(text)
    data["counts"] = {ChangeKind(kind): count for kind, count in data.get("counts", {}).items()}
    for name in ("changes", "withheld"):
        data[name] = tuple(_logged(line) for line in data.get(name, ()))
    for name in ("left_over", "withheld_because", "warnings"):
        data[name] = tuple(data.get(name, ()))
    data["pool"] = Pool(**data["pool"]) if data.get("pool") else None
    return Report(**data)


def _logged(line: dict[str, Any]) -> HistoryEntry:
    fields = dict.fromkeys(_LINE, "") | {"by_policy": False} | line
    return HistoryEntry(**fields | {"kind": ChangeKind(line["kind"])})


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in data.items() if value is not False and value not in ("", None, (), {})
    }


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
