"""The CSV file as the programs read it that people open it with."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.directory.publication import Publication
from core.directory.tables import harmless, to_csv
from core.models import Assigned, Directory

pytestmark = pytest.mark.judges
Rows = list[list[str]]

NAMES = (
    "Jane Doe", "Bob Lee", "Sean O'Brien", "Maria D'Angelo", "Ann-Marie Smith-Jones", 'William "Bill" Gates',
    "Doe, Jane", "=1+1", "X;=1+1;", "Søren Østergård", "王小明", "", "Mohamed 'Mo' Ali", "'t Hooft, Jan",
    "Gerard 't Hooft", "Li; Wei", "A | B", "-Dash", "O’Neil",
)  # fmt: skip
TEAMS = (
    "Claims", "Sales - Nordics", "Jess' team", "Claims, East", "", "R&D", "Rock 'n' Roll",
    "Sales: EMEA; APAC", "A | B", "'quoted'", "Customers' calls", "C + D", "@home", "24/7",
)  # fmt: skip
KNOWN = (
    [("Jane Doe", "Sales - Nordics"), ("Bob Lee", "Jess' team"), ("Ann Poe", "Sales - Nordics")],
    [("Jane Doe", "Jess' team"), ("Bob Lee", "Claims"), ("Ann Poe", "Jess' team")],
    [("O’Neil", "Rock 'n' Roll")],
    [("王小明", "Rock 'n' Roll"), ("", "Claims, East")],
)


def by_sniffer(data: bytes) -> Rows:
    text = data.decode()
    return list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text)))


def by_clevercsv(data: bytes) -> Rows:
    import clevercsv

    text = data.decode()
    return [list(row) for row in clevercsv.reader(io.StringIO(text), clevercsv.Sniffer().sniff(text))]


def by_csvkit(data: bytes) -> Rows:
    command = [sys.executable, "-m", "csvkit.utilities.csvjson", "--no-inference"]
    people = json.loads(subprocess.run(command, input=data, capture_output=True, check=True).stdout)
    return [list(people[0]), *([value or "" for value in person.values()] for person in people)]


def by_pandas(data: bytes) -> Rows:
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    return [list(frame.columns), *frame.values.tolist()]


def by_pandas_that_guesses(data: bytes) -> Rows:
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False, sep=None, engine="python")
    return [list(frame.columns), *frame.values.tolist()]


def by_duckdb(data: bytes, folder: Path) -> Rows:
    import duckdb

    file = folder / "agent_extensions.csv"
    file.write_bytes(data)
    found = duckdb.connect().sql(f"select * from read_csv('{file}', all_varchar=true)")
    return [found.columns, *([value or "" for value in row] for row in found.fetchall())]


IN_PROCESS = (by_sniffer, by_clevercsv, by_pandas, by_pandas_that_guesses)


def publication(people: list[tuple[str, str]]) -> Publication:
    entries = (
        Assigned(f"{7000 + place:04}", f"id-{place}", f"user{place}@x.example", name=name, team=team)
        for place, (name, team) in enumerate(people)
    )
    return Publication(Directory(tuple(entries), "v1", "2026-11-22T09:30:00Z"))


def written(people: Publication) -> Rows:
    """The cells of the file, the guards against formulas with them."""
    entries = people.directory.entries
    rows = [(entry.username, entry.extension, entry.name, entry.team) for entry in entries]
    return [["user", "extension", "name", "team"], *([harmless(cell) for cell in row] for row in rows)]


@pytest.mark.parametrize("people", KNOWN)
@pytest.mark.parametrize("read", [*IN_PROCESS, by_csvkit])
def test_each_person_is_read_as_one(read: Callable[[bytes], Rows], people: list[tuple[str, str]]) -> None:
    found = publication(people)
    assert read(to_csv(found)) == written(found)


@pytest.mark.parametrize("people", KNOWN)
def test_duckdb_reads_each_person_as_one(people: list[tuple[str, str]], tmp_path: Path) -> None:
    found = publication(people)
    assert by_duckdb(to_csv(found), tmp_path) == written(found)


PEOPLE = st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(TEAMS)), min_size=1, max_size=12)


@settings(deadline=None, max_examples=200)
@given(PEOPLE)
def test_every_mix_of_names_and_teams_is_read_by_all(people: list[tuple[str, str]]) -> None:
    found = publication(people)
    for read in IN_PROCESS:
        assert read(to_csv(found)) == written(found), read.__name__


@settings(deadline=None, max_examples=100)
@given(people=PEOPLE)
def test_every_mix_of_names_and_teams_is_read_by_duckdb(
    people: list[tuple[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    found = publication(people)
    assert by_duckdb(to_csv(found), tmp_path_factory.mktemp("csv")) == written(found)
