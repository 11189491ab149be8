"""Lines of history and reports as JSON text, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, fields, replace
from typing import Any

from core.models import ChangeKind, HistoryEntry, Pool, Report

# A row holds 400 KB. Of a long list this many are kept; the counts stay whole.
MOST_KEPT = 200

_LINE = tuple(field.name for field in fields(HistoryEntry))


def dump_history(lines: Iterable[HistoryEntry]) -> str:
    """Lines of history, compactly."""
    return _text([_filled({name: getattr(line, name) for name in _LINE}) for line in lines])


def load_history(text: str) -> list[HistoryEntry]:
    """What `dump_history` wrote."""
    return [_logged(line) for line in json.loads(text)]


def dump_report(report: Report) -> str:
    """The report, with its long lists cut."""
    short = replace(
        report,
        changes=report.changes[:MOST_KEPT],
        left_over=report.left_over[:MOST_KEPT],
        withheld=report.withheld[:MOST_KEPT],
    )
    return _text(_filled(asdict(short)))


def load_report(text: str) -> Report:
    """What `dump_report` wrote."""
    data = json.loads(text)
    data["counts"] = {ChangeKind(kind): count for kind, count in data.get("counts", {}).items()}
    for name in ("changes", "withheld"):
        data[name] = tuple(_logged(line) for line in data.get(name, ()))
    for name in ("left_over", "withheld_because", "warnings"):
        data[name] = tuple(data.get(name, ()))
    data["pool"] = Pool(**data["pool"]) if data.get("pool") else None
    return Report(**data)


def _logged(line: dict[str, Any]) -> HistoryEntry:
    fields = dict.fromkeys(_LINE, "") | line
    return HistoryEntry(**fields | {"kind": ChangeKind(line["kind"])})


def _filled(data: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in data.items() if value not in ("", None, (), {})}


def _text(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
