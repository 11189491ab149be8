"""The vCards as address books read them."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import vobject

from core.directory.cards import to_vcards
from core.directory.publication import Publication
from core.models import Assigned, Directory

pytestmark = pytest.mark.judges
PHONE = "+442071838750"
NAMES = ("Jane Doe", "Sean O'Brien", "Ludwig van den Berg", "王小明", "Doe, Jane")


def cards() -> bytes:
    entries = (
        Assigned(f"{7238 + place}", f"id-{place}", f"user{place}", name=name, team="Claims, East")
        for place, name in enumerate(NAMES)
    )
    return to_vcards(Publication(Directory(tuple(entries), "v1", "2026-11-22T09:30:00Z"), phone=PHONE))


@pytest.fixture(scope="module")
def by_node() -> dict[str, list[dict[str, Any]]]:
    """The cards as read by ical.js and by vcf."""
    command = ["node", str(Path(__file__).parent / "read_cards.mjs")]
    found: dict[str, list[dict[str, Any]]] = json.loads(
        subprocess.run(command, input=cards(), capture_output=True, check=True).stdout
    )
    return found


@pytest.mark.parametrize("reader", ["ical.js", "vcf"])
def test_a_phone_dials_the_number_and_shows_the_extension(
    by_node: dict[str, list[dict[str, Any]]], reader: str
) -> None:
    read = by_node[reader]
    assert {card["tel"] for card in read} == {PHONE}
    assert sorted(card["note"] for card in read) == [f"Extension {7238 + n} (user{n})" for n in range(5)]
    assert len({card["uid"] for card in read}) == len(NAMES)


def test_vobject_reads_the_same() -> None:
    read = list(vobject.readComponents(cards().decode()))
    assert {card.tel.value for card in read} == {PHONE}
    assert {card.note.value for card in read} == {f"Extension {7238 + n} (user{n})" for n in range(5)}


def test_the_number_has_nothing_that_android_drops() -> None:
    """Its importer keeps a leading +, digits, * and #, takes p and w for pauses, and drops the rest."""
    numbers = re.findall(r"^TEL;.*?:(.*)\r$", cards().decode(), re.MULTILINE)
    assert [re.sub(r"(?!^)\+|[^0-9*#+pw]", "", number) for number in numbers] == [PHONE] * len(NAMES)
