"""The directory as files, each read back by a library that is not ours."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import openpyxl
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from core.aws.exports_and_links import load_directory
from core.counts import Counts
from core.directory.cards import to_vcard, to_vcards
from core.directory.data import SCHEMA, to_json
from core.directory.files import export_files, published
from core.directory.keys import DIRECTORY_CSV, DIRECTORY_JSON, INDEX_HTML, KEYS, content_type
from core.directory.page import to_html
from core.directory.publication import Publication
from core.directory.tables import to_csv, to_xlsx
from core.models import Assigned, Directory, Reserved
from tests.core.builders import NOW, assigned, policy, reserved, table

ODD = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x"]
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

AT = "2026-11-22T09:30:00Z"


def publication(*entries: Assigned, phone: str = "", kept: tuple[Reserved, ...] = ()) -> Publication:
    return Publication(Directory(entries, "v1", AT), kept, None, phone)


def agent(
    username: str = "jdoe", name: str = "Jane Doe", extension: str = "0042", team: str = ""
) -> Assigned:
    return Assigned(extension, f"id-{username}", username, name=name, team=team)


def rows(data: bytes, delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode()), delimiter=delimiter))


def sheet(data: bytes, name: str = "Extensions") -> list[tuple[Any, ...]]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert all(
        cell.data_type == "s" for row in book[name].iter_rows() for cell in row if cell.value is not None
    )
    return [tuple(cell.value for cell in row) for row in book[name].iter_rows()]


def test_the_csv_begins_with_the_older_projects_columns() -> None:
    header, first = rows(to_csv(publication(agent())))
    assert (header[:2], first[:2]) == (["user", "extension"], ["jdoe", "0042"])


@pytest.mark.parametrize(
    "cell",
    [
        *ODD,
        "X;=1+1;",
        "X\t=1+1",
        "X|=1+1",
        'X";=1+1;"',
        "X; ＝1+1",
        "X =1+1",
        "X,\n=1",
        "X; - 1",
        "X - =1",
        "X -",
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_no_cell_is_a_formula_wherever_the_line_is_cut(cell: str, delimiter: str) -> None:
    for row in rows(to_csv(publication(agent(name=cell, username=cell))), delimiter):
        cells = [part.strip(' "') for part in row]
        assert not [cell for cell in cells if cell.startswith(tuple("=+-@＝＋－＠")) and len(cell) > 1]


def test_names_with_hyphens_and_emails_stay_as_they_are() -> None:
    person = agent("jane@example.com", "Ann-Marie Smith-Jones", team="Sales - Nordics + 24/7")
    assert rows(to_csv(publication(person)))[1:] == [
        ["jane@example.com", "0042", "Ann-Marie Smith-Jones", "Sales - Nordics + 24/7"]
    ]


@pytest.mark.parametrize("cell", [*ODD[:4], *ODD[7:], "0042", "Søren Łukasz", "http://x.example/", "{=1}"])
def test_the_workbook_holds_text_as_it_is(cell: str) -> None:
    _, row = sheet(to_xlsx(publication(agent(name=cell, team=cell))))
    assert row == (cell, "0042", cell, "jdoe")


def test_the_workbook_holds_reserved_numbers_with_their_notes() -> None:
    found = sheet(to_xlsx(publication(agent(), kept=(Reserved("0007", "Front desk"),))), "Reserved")
    assert found == [("Extension", "Note"), ("0007", "Front desk")]


CLAIMS = Reserved("1000", "all claims", queue_arn="arn:queue", queue_name="Claims")


def with_claims() -> Publication:
    found = table(assigned("0042", "jdoe"), CLAIMS, Reserved("0007", "Front desk"))
    return published(found, policy(), Counts(), "v", NOW)


def test_every_file_lists_the_number_of_a_team() -> None:
    full = with_claims()
    assert rows(to_csv(full))[-1] == ["Claims", "1000", "", ""]
    assert ("Claims", "1000", "", "Claims") in sheet(to_xlsx(full))
    assert sheet(to_xlsx(full), "Reserved") == [("Extension", "Note"), ("0007", "Front desk")]
    (card,) = [each for each in vobject.readComponents(to_vcards(full).decode()) if each.fn.value == "Claims"]
    assert (card.tel.value, card.note.value) == ("1000", "Extension 1000 (Claims)")
    page = to_html(full).decode()
    assert '1 person <span aria-hidden="true">·</span> 1 team ' in page
    assert '<tr class=q data-i="Claims"><th scope=row>Claims<td>1000' in page


def test_the_json_lists_the_numbers_of_teams_and_reserved_ones_with_them() -> None:
    told = json.loads(to_json(with_claims()))
    assert told["queues"] == [{"extension": "1000", "name": "Claims", "note": "all claims"}]
    assert {each["extension"] for each in told["reserved"]} == {"0007", "1000"}
    assert load_directory(to_json(with_claims())).queues == with_claims().directory.queues


def test_equal_directories_make_equal_workbooks() -> None:
    assert to_xlsx(publication(agent())) == to_xlsx(publication(agent()))


def test_the_json_is_read_back_as_the_directory_it_was() -> None:
    entries = (agent(), agent("soren", "Søren Łukasz O'Brien", "0043"))
    assert load_directory(to_json(publication(*entries))) == publication(*entries).directory


def test_readings_stand_in_the_json_where_there_are_some_beside_what_an_older_version_reads() -> None:
    kim = replace(agent("kms", "김민수", "0043"), readings="min/meen-su/soo kim/gim")
    exported = to_json(publication(agent(), kim))
    assert load_directory(exported).entries == (agent(), kim)
    jane_there, kim_there = json.loads(exported)["entries"]
    assert (jane_there.keys(), kim_there.keys() - jane_there.keys()) == (
        {"extension", "agent_id", "username", "name", "team"},
        {"readings"},
    )


def test_the_json_is_as_the_published_schema_says() -> None:
    from jsonschema import Draft202012Validator  # here, since this takes seconds

    schema = json.loads(SCHEMA.read_text())
    Draft202012Validator.check_schema(schema)
    full = publication(agent(), agent("x", "", "0043"), kept=(Reserved("0007", "Front desk"),))
    for each in (full, with_claims(), publication()):
        Draft202012Validator(schema).validate(json.loads(to_json(each)))
        Draft202012Validator(schema).validate(json.loads(to_json(each)) | {"added": "later"})
    assert json.loads(to_json(full))["reserved"] == [{"extension": "0007", "note": "Front desk"}]


def test_the_json_says_its_moment_by_a_name_that_no_query_has_to_quote() -> None:
    content = json.loads(to_json(publication()))
    assert (content["schema_version"], content["as_of"], content["at"]) == (
        1,
        "2026-11-22T09:30:00Z",
        "2026-11-22T09:30:00Z",
    )


def test_a_card_has_the_phone_number_and_the_extension_in_words() -> None:
    card = vobject.readOne(to_vcard(agent(team="Claims, East"), "+12065550100", AT))
    assert card.fn.value == "Jane Doe"
    assert card.tel.value == "+12065550100"
    assert card.note.value == "Extension 0042 (jdoe)"
    assert card.categories.value == ["Claims, East"]
    assert card.rev.value == AT


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Ludwig", "van den Berg"),
        ("María", "García López"),
        ("小明", "王"),
        ("Martin", "King III"),
        ("Cher", ""),
    ],
)
def test_a_card_has_the_names_as_connect_has_them(first: str, last: str) -> None:
    person = replace(agent(name=f"{first} {last}".strip()), first_name=first, last_name=last)
    card = vobject.readOne(to_vcard(person, "", AT))
    assert (card.n.value.given, card.n.value.family) == (first, last)


def test_a_name_whose_parts_are_unknown_or_of_an_older_name_is_not_cut() -> None:
    older = replace(agent(name="Ann van Dyck"), first_name="Ann", last_name="Lee")
    for person in (agent(name="Ann van Dyck"), older):
        card = vobject.readOne(to_vcard(person, "", AT))
        assert (card.n.value.given, card.n.value.family) == ("", "Ann van Dyck")


def test_a_card_replaces_the_one_of_the_same_person_by_an_older_name() -> None:
    before, after = agent(), replace(agent(), username="jane.roe", name="Jane Roe", extension="0043")
    uids = {vobject.readOne(to_vcard(each, "", AT)).uid.value for each in (before, after)}
    assert len(uids) == 1
    assert vobject.readOne(to_vcard(agent("bob"), "", AT)).uid.value not in uids


def test_a_card_of_somebody_without_a_user_id_is_told_by_the_username() -> None:
    card = vobject.readOne(to_vcard(replace(agent(), agent_id=""), "", AT))
    assert card.uid.value == "connect-extensions-jdoe"


def test_without_a_phone_number_a_card_has_the_extension_alone() -> None:
    assert vobject.readOne(to_vcard(agent(), "", AT)).tel.value == "0042"


@settings(deadline=None)
@given(st.lists(TEXT.filter(str.strip), min_size=1, max_size=4))
def test_any_name_comes_back_from_its_card(names: list[str]) -> None:
    entries = [agent(f"u{place}", name, f"{place:04}") for place, name in enumerate(names)]
    text = to_vcards(publication(*entries)).decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    cards = list(vobject.readComponents(text))
    assert len(cards) == len(names)
    assert {" ".join(card.fn.value.split()) for card in cards} == {
        " ".join(_CONTROL.sub(" ", name).split()) for name in names
    }


def test_cards_are_in_the_order_of_the_alphabet() -> None:
    names = ("Zoë", "Łukasz", "Élodie", "Emil", "Adam")
    entries = [agent(f"u{place}", name, f"{place:04}") for place, name in enumerate(names)]
    cards = vobject.readComponents(to_vcards(publication(*entries)).decode())
    assert [card.fn.value for card in cards] == ["Adam", "Élodie", "Emil", "Łukasz", "Zoë"]


def test_an_export_has_every_form_and_dated_copies() -> None:
    files = export_files(publication(agent()), "run-1")
    assert set(KEYS.values()) < files.keys()
    assert files["history/2026-11-22/run-1/directory.json"] == files[DIRECTORY_JSON]
    assert all(content_type(key) for key in files)


def test_a_page_is_shown_by_a_browser_rather_than_downloaded() -> None:
    assert content_type(INDEX_HTML) == "text/html; charset=utf-8"
    assert content_type(DIRECTORY_CSV) == "text/csv; charset=utf-8"


def test_what_is_published_has_reserved_numbers_and_the_use_of_the_pool() -> None:
    found = published(
        table(assigned("01", "ann"), reserved("02")), policy(), Counts(), "v", NOW, "+12065550100"
    )
    assert [each.extension for each in found.reserved] == ["02"]
    assert found.usage
    assert (found.usage.pool.assigned, found.usage.pool.size) == (1, 10)


def test_counts_that_are_not_known_keep_no_directory_back() -> None:
    found = published(table(assigned("01", "ann")), policy(), None, "v", NOW)
    assert (len(found.directory.entries), found.usage) == (1, None)
