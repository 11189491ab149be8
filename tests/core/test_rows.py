from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.aws.rows import rows_of, table_of
from core.aws.table import Table
from core.models import Assigned, Held, Reserved, State
from tests.core.builders import LONG_AGO, assigned, free, held, reserved, rows, seeded
from tests.stand_ins.dynamodb import TABLE, TableStandIn

STATES: list[State] = [
    free("0042"),
    free("0042", released=LONG_AGO),
    held("0042", "ann", name="Ann"),
    Held("0042", LONG_AGO, LONG_AGO),
    reserved("0042"),
    assigned("0042", "ann", arn="arn:aws:connect:agent/1", team="Sales", since=LONG_AGO),
    Assigned("0042", "", "ann"),
    Assigned("0042", "id-kim", "kms", name="김민수", readings="min/meen-su/soo kim/gim"),
]


@pytest.mark.parametrize("state", STATES)
def test_a_state_survives_being_written_as_rows(state: State) -> None:
    assert table_of(seeded(state)).records["0042"].state == state


@pytest.mark.parametrize("state", STATES)
def test_every_attribute_is_a_string_and_none_is_empty(state: State) -> None:
    for row in rows_of(state):
        assert all(isinstance(value, str) and value for value in row.values())


@pytest.mark.parametrize("state", [Reserved("0042", ""), Assigned("0042", "", "")])
def test_a_row_never_has_an_empty_key_for_the_index(state: State) -> None:
    assert all("" not in row.values() for row in rows_of(state))


def test_a_reservation_without_a_note_gets_one() -> None:
    (record,) = table_of(rows({"pk": "0042", "sk": "reserved"})).records.values()
    assert (record.state, record.faults) == (
        Reserved("0042", "no note"),
        ("its row was missing from the index",),
    )


def test_an_agents_row_that_points_at_no_row_is_not_forgotten() -> None:
    (record,) = table_of(rows({"pk": "user#id-ann", "sk": "extension", "sk_value": "0042"})).records.values()
    assert (record.state, record.owners) == (free("0042"), ("id-ann",))


def test_readings_stand_beside_what_an_older_version_reads_and_are_gone_once_it_has_written_the_row() -> None:
    kim = Assigned("0042", "id-kim", "kms", name="김민수")
    with_readings = rows_of(replace(kim, readings="min-su kim"))
    as_older = [{name: value for name, value in row.items() if name != "readings"} for row in with_readings]
    assert as_older == rows_of(kim)
    assert sum("readings" in row for row in with_readings) == 1
    assert table_of(rows(*as_older)).records["0042"].state == kim


def test_a_binary_value_is_read_as_bytes_and_a_text_as_it_is() -> None:
    stand_in = TableStandIn()
    stand_in.seed([{"pk": {"S": "0042"}, "sk": {"S": "nu"}, "odd": {"B": "aGk="}}])
    (item,) = Table(stand_in.client(), TABLE).scan()
    assert item["odd"] == {"B": b"hi"}
    stand_in.seed([{"pk": {"S": "0042"}, "sk": {"S": "nu"}, "odd": {"S": 'a "B"'}}])
    (item,) = Table(stand_in.client(), TABLE).scan()
    assert item["odd"] == {"S": 'a "B"'}
