"""Rows of history and reports: those of 5ab0e82, those of a later version, and odd ones."""

from __future__ import annotations

import json
from typing import Any

import pytest

from core.aws.reports import dump_history, dump_report, load_entry, load_history, load_report
from core.models import ChangeKind, HistoryEntry, Pool, Report

# Written by 5ab0e82, as they stood in its table.
LINES_OF_5AB0E82 = (
    '[{"kind":"moved","extension":"7002","username":"ann","name":"Ann Lee","at":"2026-11-30T09:30:00Z",'
    '"by":"U1","run_id":"20261130T093000Z-0a1b2c","agent_id":"id-ann","moved_from":"7001"},'
    '{"kind":"reserved","extension":"7003","username":"","name":"",'
    '"at":"2026-11-30T09:30:00Z","by":"schedule","run_id":"20261130T093000Z-0a1b2c","note":"lift","by_policy":true}]'
)
REPORT_OF_5AB0E82 = (
    '{"run_id":"20261130T093000Z-0a1b2c","by":"schedule","started":"2026-11-30T09:30:00Z","duration_ms":120,'
    '"counts":{"assigned":1},"unchanged":4,"changes":[{"kind":"assigned","extension":"7001","username":"ann",'
    '"name":"Ann Lee","at":"2026-11-30T09:30:00Z","by":"schedule","run_id":"20261130T093000Z-0a1b2c",'
    '"agent_id":"id-ann"}],"left_over":["bob"],"pool":{"free":5,"assigned":5,"held":0,"reserved":0},'
    '"free_by_range":{"Sales":3},"exported":true}'
)
LINE: dict[str, Any] = json.loads(LINES_OF_5AB0E82)[0]


def test_lines_of_an_earlier_version_are_read_and_written_as_they_were() -> None:
    lines = load_history(LINES_OF_5AB0E82)
    assert [line.kind for line in lines] == [ChangeKind.MOVED, ChangeKind.RESERVED]
    assert load_history(dump_history(lines)) == lines


def test_a_report_of_an_earlier_version_is_read_and_written_as_it_was() -> None:
    report = load_report({"report": REPORT_OF_5AB0E82})
    assert report is not None
    assert (report.counts, report.pool) == ({ChangeKind.ASSIGNED: 1}, Pool(5, 5, 0, 0))
    assert load_report(dump_report(report)) == report


def test_a_line_of_a_later_version_is_a_change_of_another_kind() -> None:
    (line,) = load_entry(json.dumps(LINE | {"kind": "translated", "until": "2027-01-01"}))
    assert (line.kind, line.extension, line.username) == (ChangeKind.OTHER, "7002", "ann")


@pytest.mark.parametrize(
    "text", ["", "{", "7", "null", '"text"', "{}", "[7]", '["a"]', "[[]]", "[{}]", '[{"kind":7}]']
)
def test_what_is_no_line_is_left_out(text: str) -> None:
    assert load_history(text) == []


def test_a_line_that_can_not_be_read_takes_no_other_with_it() -> None:
    lines = load_history(json.dumps([LINE, "odd", LINE]))
    assert [line.username for line in lines] == ["ann", "ann"]


@pytest.mark.parametrize("name", sorted(LINE.keys() - {"kind", "extension"}))
def test_a_field_of_another_type_leaves_the_others(name: str) -> None:
    (line,) = load_history(json.dumps([LINE | {name: ["odd"]}]))
    assert isinstance(line, HistoryEntry)
    assert getattr(line, name) == ""
    assert line.extension == "7002"


@pytest.mark.parametrize("text", ["", "{", "7", "[]", "null"])
def test_what_is_no_report_is_none(text: str) -> None:
    assert load_report({"report": text}) is None


def test_a_report_of_a_later_version_with_odd_fields_gives_the_others() -> None:
    data = json.loads(REPORT_OF_5AB0E82)
    odd = {"pool": "full", "duration_ms": "soon", "counts": {"assigned": 1, "translated": 2}, "forwards": [1]}
    report = load_report({"report": json.dumps(data | odd | {"changes": [data["changes"][0], 7]})})
    assert isinstance(report, Report)
    assert (report.pool, report.duration_ms, len(report.changes)) == (None, 0, 1)
    assert report.counts == {ChangeKind.ASSIGNED: 1, ChangeKind.OTHER: 2}
