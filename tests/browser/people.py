"""A directory of names that are hard to sort, to find and to show."""

from __future__ import annotations

from core.directory.publication import Publication
from core.models import Assigned, Directory, Pool, Reserved, TeamNumber
from core.numbering.usage import DayUse, RangeUse, Usage

PHONE = "+12065550100"
AT = "2026-11-24T09:30:00Z"

_NAMES = (
    "Jane Doe", "Jane Okafor", "Søren Østergård", "Łukasz Wójcik", "Maria D'Angelo", "Jürgen Groß",
    "Đorđe Petrović", "Işıl Yılmaz", "Ægir Þórsson", "Élodie Côté", "Zoë Zimmer", "Adam Zola",
    "<img src=x onerror=alert(1)>", "王小明", "Ｋａｎａ Mori", "Ann-Marie Smith-Jones", "=1+1", "X;=1+1;",
    "</noscript><script>alert(2)</script>", "Emil Berg", "Loes Maas", "Oskar Falk", "Sean O'Brien",
)  # fmt: skip
LEFT = "Emil Berg"
TEAMS = ("Claims", "Billing", "Sales – Nordics", "")


def publication(extra: int = 14) -> Publication:
    """The odd names, and so many plain ones."""
    names = [*_NAMES, *(f"Person {number:04}" for number in range(extra))]
    entries = tuple(
        Assigned(
            f"{7238 + place:04}",
            f"id-{place}",
            f"user{place}",
            name=name,
            team=TEAMS[place % 4],
            release_waits=name == LEFT,
        )
        for place, name in enumerate(names)
    )
    reserved = (Reserved("0007", "Front desk"), Reserved("0008", "Front desk"), Reserved("0100", "Lift"))
    days = tuple(DayUse(f"2026-11-{day:02}", day % 4, day % 3) for day in range(1, 31))
    pool = Pool(free=9_900 - len(names), assigned=len(names), held=97, reserved=3)
    usage = Usage(AT, (RangeUse("0000-9999", pool, "2027-02-03"),), days)
    return Publication(
        Directory(entries, "v1", AT, (TeamNumber("0200", "Claims desk"),)), reserved, usage, PHONE
    )
