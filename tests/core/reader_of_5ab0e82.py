"""The rules by which commit 5ab0e82 reads stored rows, frozen: a rollback goes to it.

It raises on a kind or a field that it does not know, as it did; so whatever is stored has to pass here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from core.aws.rows import Item


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


KINDS = _names(
    "assigned returned released relabelled healed filled refreshed moved freed reserved unreserved held"
)
_LINE = _names(
    "kind extension username name at by run_id before agent_id moved_from note confirmed undoes by_policy"
)
_REPORT = _names(
    "run_id by started duration_ms counts unchanged changes left_over withheld withheld_because approval "
    "approved agreed plan warnings pool free_by_range exported dry_run skipped holder busy_since "
    "more_left_over more_withheld"
)
_POOL = {"free", "assigned", "held", "reserved"}


def read_row(item: Item) -> list[dict[str, Any]]:
    """Read the lines of a row as 5ab0e82 does; of kinds of rows without lines, none. Raises as it did."""
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    kind = pk.partition("#")[0]
    if kind in ("change", "former", "withheld"):
        return _lines(json.loads(item["lines"]["S"]))
    if kind == "history":
        texts = [text["S"] for text in item.get("lines", {}).get("L", ())]
        return _lines(json.loads(f"[{','.join(texts)}]"))
    return _report(json.loads(item["report"]["S"])) if (pk, sk) == ("sync", "last") else []


def all_withheld(items: Iterable[Item], approval: str) -> list[dict[str, Any]]:
    """The lines under an approval or a plan; none unless every row is there."""
    found = [item for item in items if item["pk"]["S"] == f"withheld#{approval}"]
    lines = [line for item in found for line in read_row(item)]
    return lines if {item["total"]["S"] for item in found} == {str(len(lines))} else []


def _lines(data: list[dict[str, Any]]) -> list[dict[str, Any]]:
    for line in data:
        assert line["kind"] in KINDS, f"5ab0e82 knows no change of the kind {line['kind']}"
        assert line.keys() <= _LINE, f"5ab0e82 knows no field {line.keys() - _LINE}"
    return data


def _report(data: dict[str, Any]) -> list[dict[str, Any]]:
    assert data.keys() <= _REPORT, f"5ab0e82 knows no field {data.keys() - _REPORT}"
    assert data.keys() >= {"run_id", "by", "started", "duration_ms"}
    assert set(data.get("counts", ())) <= KINDS, f"5ab0e82 knows not all kinds of {data['counts']}"
    assert set(data.get("pool") or _POOL) == _POOL
    return _lines([*data.get("changes", ()), *data.get("withheld", ())])
