"""The directory as tables: CSV for programs, XLSX for people."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from core.directory.publication import Publication
from core.models import Assigned, parse_iso

# Signs that begin a formula, in every width that a spreadsheet takes for them.
_SIGNS = r"=+\-@＝＋－＠﹦﹢﹣﹫"
# Such a sign at the beginning, or after anything at which a program may cut the line. Alone between two words
# ("Sales - Nordics") it begins none.
_FORMULA = re.compile(rf"(?<![\w'{_SIGNS}])(?!(?<=\w\s)[{_SIGNS}]\s)(?=[{_SIGNS}])")
# What may stand without quotes.
_PLAIN = re.compile(r"[A-Za-z0-9@._-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")

_COLUMNS = ("Name", "Extension", "Team", "Username")
_WIDTHS = (32, 12, 24, 36)


def to_csv(publication: Publication) -> bytes:
    """`user,extension`, as the older project wrote them, then name and team. RFC 4180 in UTF-8.

    No cell is a formula, at whatever separator a spreadsheet cuts the line: an apostrophe precedes each
    sign that could begin one. Names and teams are quoted, each of them: programs that guess the quote by
    counting take an apostrophe for it otherwise. Teams follow the agents, by their name as user.
    """
    lines = ["user,extension,name,team"]
    for entry in (*publication.directory.entries, *publication.teams()):
        username, *others = map(harmless, (entry.username, entry.name, entry.team))
        user = username if _PLAIN.fullmatch(username) else _quoted(username)
        lines.append(",".join((user, entry.extension, *map(_quoted, others))))
    return "".join(f"{line}\r\n" for line in lines).encode()


def _quoted(cell: str) -> str:
    return '"{}"'.format(cell.replace('"', '""'))


def harmless(cell: str) -> str:
    """The cell without control characters, and with an apostrophe before each sign that begins a formula."""
    return _FORMULA.sub("'", _CONTROL.sub(" ", cell))


def to_xlsx(publication: Publication) -> bytes:
    """A workbook whose cells are all text: `0042` keeps its zeros, and `=1+1` is what it says."""
    from xlsxwriter import Workbook  # type: ignore[import-untyped]

    out = io.BytesIO()
    at = parse_iso(publication.directory.at).replace(tzinfo=None)
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"title": "Extensions", "created": at})
        bold = book.add_format({"bold": True, "bottom": 1})
        text = book.add_format({"num_format": "@"})
        people = [tuple(_cells(entry)) for entry in publication.by_name()]
        reserved = [(each.extension, each.note) for each in publication.kept()]
        for name, columns, rows in (
            ("Extensions", _COLUMNS, people),
            ("Reserved", ("Extension", "Note"), reserved),
        ):
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            sheet.ignore_errors({"number_stored_as_text": "A1:D1048576"})
            sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
            for place, width in zip(range(len(columns)), _WIDTHS, strict=False):
                sheet.set_column(place, place, width)
                sheet.write_string(0, place, columns[place], bold)
            for line, row in enumerate(rows, 1):
                for place, cell in enumerate(row):
                    sheet.write_string(line, place, cell, text)
    return out.getvalue()


def _cells(entry: Assigned) -> Iterator[str]:
    for cell in (entry.label, entry.extension, entry.team, entry.username):
        yield _CONTROL.sub(" ", cell)
