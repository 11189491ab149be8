"""The directory as files."""

from __future__ import annotations

import csv
import io
import json

import pytest

from core.aws.exports import load_directory
from core.export import (
    DIRECTORY_CSV,
    DIRECTORY_JSON,
    INDEX_HTML,
    content_type,
    export_files,
    to_csv,
    to_html,
    to_json,
)
from core.models import Assigned, Directory


def directory(*entries: Assigned) -> Directory:
    return Directory(entries, version="v1", at="2026-11-22T09:30:00Z")


def agent(username: str = "jdoe", name: str = "Jane Doe", extension: str = "0042") -> Assigned:
    return Assigned(extension, f"id-{username}", username, name=name)


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))


def test_the_csv_begins_with_the_older_projects_columns() -> None:
    header, first = rows(to_csv(directory(agent())))
    assert (header[:2], first[:2]) == (["user", "extension"], ["jdoe", "0042"])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx"])
def test_no_cell_is_a_formula(name: str) -> None:
    (_, row) = rows(to_csv(directory(agent(name=name, username=name))))
    assert all(not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for cell in row)


def test_the_json_is_read_back_as_the_directory_it_was() -> None:
    entries = (agent(), agent("soren", "Søren Łukasz O'Brien", "0043"))
    assert load_directory(to_json(directory(*entries))) == directory(*entries)


def test_the_page_shows_names_and_runs_none_of_them() -> None:
    page = to_html(directory(agent(name="<script>alert(1)</script> & Sons"))).decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Sons" in page
    assert "<script>alert" not in page


def test_the_page_is_sorted_by_name() -> None:
    page = to_html(directory(agent("z", "zoë"), agent("a", "Adam"))).decode()
    assert page.index("Adam") < page.index("zoë")


def test_an_empty_directory_says_so() -> None:
    assert "Nobody has an extension yet" in to_html(directory()).decode()
    assert json.loads(to_json(directory()))["entries"] == []


def test_an_export_has_the_current_files_and_dated_copies() -> None:
    files = export_files(directory(agent()), "run-1")
    assert {DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML} < files.keys()
    assert files["history/2026-11-22/run-1/directory.json"] == files[DIRECTORY_JSON]


def test_a_page_is_shown_by_a_browser_rather_than_downloaded() -> None:
    assert content_type(INDEX_HTML) == "text/html; charset=utf-8"
