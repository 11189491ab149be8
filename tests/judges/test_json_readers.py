"""The JSON file as programs read it that take any JSON."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.directory.data import to_json
from core.directory.publication import Publication
from core.models import Assigned, Directory

pytestmark = pytest.mark.judges
GUIDE = Path(__file__).parents[2] / "docs/directory.md"


def test_the_guides_query_gives_a_row_for_each_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import duckdb

    people = (
        Assigned("0042", "id-1", "jdoe", name="Jane Doe"),
        Assigned("0043", "id-2", "blee", team="Claims"),
    )
    (tmp_path / "directory.json").write_bytes(
        to_json(Publication(Directory(people, "v1", "2026-11-22T09:30:00Z")))
    )
    monkeypatch.chdir(tmp_path)
    (query,) = re.findall(r"```sql\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    found = duckdb.connect().sql(query)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    assert [(row["extension"], row["name"], row["team"]) for row in rows] == [
        ("0042", "Jane Doe", ""),
        ("0043", "", "Claims"),
    ]
    assert rows[0]["as_of"] == datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
