"""The directory as one HTML page, which asks nobody for anything."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from core.directory.cards import card_id, family_and_given
from core.directory.charts import days_chart, pool_bar
from core.directory.publication import Publication
from core.models import Assigned, Reserved, parse_iso
from core.numbering.usage import pace_words, runs_out_words
from core.search.names import fold, words_of

if TYPE_CHECKING:
    from jinja2 import Template

TEMPLATES = Path(__file__).parent / "templates"

# The letters that people type a name with: marks on letters, Latin, Greek, Cyrillic, punctuation, full width.
_BLOCKS = (
    (0xA0, 0x250),
    (0x2B0, 0x530),
    (0x1E00, 0x2000),
    (0x2010, 0x2050),
    (0xFF01, 0xFF5F),
)
_BETWEEN_WORDS = re.compile(r"[\s,;/&+:\"()\[\]{}<>|]")
_OTHER = re.compile(r"[^a-z0-9 ]")


class Row(NamedTuple):
    """One line of the list. `search` has the words of a text that is not ASCII, as the bot folds them.

    `kind` is "q" for a team's number, "r" for a reserved one, "" for a person's, "l" for one who has left.
    `card` is the id of the person's card, "" for a reserved number; `family` their family name, None if it is
    the name's last word.
    """

    name: str
    number: str
    team: str
    username: str
    search: str
    kind: str = ""
    card: str = ""
    family: str | None = None


def to_html(publication: Publication) -> bytes:
    """The page. Its script and its style are allowed by their hashes, and nothing else is."""
    from markupsafe import Markup

    style, script = (
        (TEMPLATES / "page.css").read_text(encoding="utf-8").strip(),
        (TEMPLATES / "page.js").read_text(encoding="utf-8").strip(),
    )
    rows = list(_rows(publication))
    usage = publication.usage
    page = _template().render(
        at=publication.directory.at,
        at_words=f"{parse_iso(publication.directory.at):%d %B %Y, %H:%M} UTC",
        people=len(publication.directory.entries),
        teams=len(publication.directory.queues),
        reserved=len(publication.kept()),
        rows=rows,
        letters=sorted({letter_of(row.name) for row in rows} - {"#"}),
        others=any(letter_of(row.name) == "#" for row in rows),
        folds=fold_table("".join(f"{row.name}{row.team}{row.username}" for row in rows)),
        phone=publication.phone,
        usage=usage,
        bars=[(use, pool_bar(use.pool)) for use in usage.ranges] if usage else [],
        chart=days_chart(usage.days) if usage else None,
        words=[pace_words(usage), runs_out_words(usage)] if usage else [],
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    return page.encode()


@cache
def _template() -> Template:
    """The page's template. Compiling it takes longer than rendering a small directory."""
    from jinja2 import Environment, FileSystemLoader

    loader = FileSystemLoader(TEMPLATES)
    environment = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.get_template("page.html.j2")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _rows(publication: Publication) -> Iterator[Row]:
    """Agents, teams and reserved numbers, by name or note in the order of the alphabet."""
    people = [_person(entry) for entry in publication.directory.entries]
    teams = [_person(entry)._replace(kind="q") for entry in publication.teams()]
    rows = people + teams + [_reserved(*block) for block in blocks(publication.kept())]
    return iter(sorted(rows, key=lambda row: (fold(row.name), row.number)))


def _person(entry: Assigned) -> Row:
    username = entry.username if entry.name else ""
    search = _search(entry.label, entry.team, username)
    family, _ = family_and_given(entry)
    apart = family if family != entry.label.split(" ")[-1] else None
    kind = "l" if entry.release_waits else ""
    return Row(entry.label, entry.extension, entry.team, username, search, kind, card_id(entry), apart)


def _reserved(first: Reserved, last: Reserved) -> Row:
    numbers = first.extension if first == last else f"{first.extension}–{last.extension}"
    note = first.note or "Reserved"
    return Row(note, numbers, "", "", _search(note), "r")


def blocks(reserved: Iterable[Reserved]) -> list[tuple[Reserved, Reserved]]:
    """Neighbours with the same note as one block: its first number and its last."""
    found: list[tuple[Reserved, Reserved]] = []
    for each in reserved:
        last = found[-1][1] if found else None
        if last and last.note == each.note and int(last.extension) + 1 == int(each.extension):
            found[-1] = found[-1][0], each
        else:
            found.append((each, each))
    return found


def _search(*texts: str) -> str:
    if all(text.isascii() for text in texts):
        return ""
    return " ".join(dict.fromkeys(word.text for text in texts for word in words_of(text)))


def letter_of(name: str) -> str:
    """The letter that a name is filed under, `#` where it begins with none."""
    first = fold(name)[:1]
    return first if "a" <= first <= "z" else "#"


def fold_table(text: str) -> str:
    """The bot's folding for the page's script: `e éèê...` for each spelling, one a line; `ae ä` after a tab.

    Covers what people type a name with, and every character of the text.
    """
    return "\n".join((_blocks_folded(), *_folded(set(text)))) if not text.isascii() else _blocks_folded()


@cache
def _blocks_folded() -> str:
    return "\n".join(_folded(chr(code) for first, end in _BLOCKS for code in range(first, end)))


def _folded(characters: Iterable[str]) -> Iterator[str]:
    """One line a spelling: the spelling, a space, its characters. The script looks up lower case only."""
    plain: dict[str, list[str]] = {}
    spelt_out: dict[str, list[str]] = {}
    for character in sorted(characters):
        if character.isascii() or character.lower() != character:
            continue
        # Behind a letter, so that a syllable of its own shows its hyphen.
        spelling = _OTHER.sub("'", _BETWEEN_WORDS.sub(" ", fold(f"a{character}")[1:]))
        plain.setdefault(spelling, []).append(character)
        for word in words_of(character)[1:2] if spelling.isalnum() else ():
            spelt_out.setdefault(word.text, []).append(character)
    for table, sign in ((plain, ""), (spelt_out, "\t")):
        for spelling, found in table.items():
            yield f"{sign}{spelling.replace(' ', '_')} {''.join(found)}"
