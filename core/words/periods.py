"""Reads the days and months that people write: `last week`, `3. Mai`, `2026-05-03`. Pure."""

from __future__ import annotations

import re
from calendar import month_name, monthrange
from datetime import date, timedelta

from msgspec import Struct

from core.words.patterns import late

# Dashes that phones write for a hyphen, as in days.
DASHES = dict.fromkeys((*range(8208, 8214), 8722), "-")
_FULL = {name.casefold(): number for number, name in enumerate(month_name) if name}
_ENGLISH = _FULL | {name[:3]: number for name, number in _FULL.items()}
# The months in German, French, Spanish and Portuguese, each with its short forms.
_ELSEWHERE = (
    "januar jänner jan janvier janv enero ene janeiro",
    "februar feb février fevrier févr febrero fevereiro fev",
    "märz maerz mär mars marzo março",
    "april avril avr abril abr",
    "mai mayo maio",
    "juni juin junio junho",
    "juli juillet juil julio julho",
    "august août aout agosto ago",
    "september septembre sept septiembre setiembre setembro set",
    "oktober okt octobre octubre outubro out",
    "november novembre noviembre novembro",
    "dezember dez décembre déc diciembre dic dezembro",
)
_MONTHS = _ENGLISH | {
    name: number for number, names in enumerate(_ELSEWHERE, start=1) for name in names.split()
}
# Short forms that stand beside a day alone: people are called Abr and Set.
_CUT = "janv ene févr fev mär avr abr juil ago sept set okt out dez déc dic"
_LONG = "|".join(name for name in _MONTHS if name not in _CUT.split())
_MONTH, _FIRST = "|".join(sorted(_MONTHS, key=len, reverse=True)), "|".join(_ENGLISH)
_DAY, _YEAR = r"\d{1,2}(?:st|nd|rd|th|er|º)?", r"(?:(?:,|\s+del?|\s+do)?\s+(?P<{}>\d{{4}}))"
# Words for days near today, with how many days, weeks and months they are back.
_NEAR = {
    "today|heute|aujourd'hui|hoy|hoje": ("day", 0),
    "yesterday|gestern|hier|ayer|ontem": ("day", 1),
    "(?:the )?day before yesterday|vorgestern|avant-hier|anteayer|antes de ayer|anteontem": ("day", 2),
    "this week|(?:in )?dieser? woche|cette semaine|(?:en )?esta semana|(?:n?esta|n?essa) semana": ("week", 0),
    "last week|(?:in der )?(?:letzten?|vorigen?|vergangenen?) woche|(?:la )?semaine (?:dernière|passée)"
    "|(?:la )?semana pasada|(?:n?a )?semana passada": ("week", 1),
    "this month|(?:in )?diese[nm] monat|ce mois(?:-ci)?|(?:en )?este mes|(?:n?este|n?esse) mês": ("month", 0),
    "last month|(?:im )?(?:letzten|vorigen|vergangenen) monat|(?:le )?mois (?:dernier|passé)"
    "|(?:el )?mes pasado|(?:n?o )?mês passado": ("month", 1),
}
_NEAR_WORDS = "|".join(_NEAR).replace(" ", r"\s+")
_PERIODS = (
    r"(?:from\s+)?(?P<since>\d{4}-\d{1,2}-\d{1,2})\s+(?:to|until|-)\s+(?P<until>\d{4}-\d{1,2}-\d{1,2})",
    r"(?:on\s+)?(?P<day>\d{4}-\d{1,2}-\d{1,2})",
    r"(?:(?:on|am|le|el|em|no\s+dia)\s+)?(?P<dots>\d{1,2}\.\d{1,2}\.\d{4})",
    r"(?:in\s+)?(?P<month>\d{4}-\d{1,2})",
    rf"(?P<near>{_NEAR_WORDS})",
    rf"(?:(?:on|am|le|el|em|no\s+dia|dia)\s+)?(?P<first>{_DAY})\.?\s+(?:(?:of|de|do)\s+)?(?P<of>{_MONTH})\.?"
    rf"{_YEAR.format('year_of')}?",
    rf"(?:on\s+)?(?P<on>{_FIRST})\s+(?P<second>{_DAY}){_YEAR.format('year_on')}?",
    rf"(?:(?:in|im|en|em)\s+)?(?P<named>{_LONG}){_YEAR.format('year')}",
    rf"(?:in|im|en|em)\s+(?P<name>{_LONG})",
)
_LIKE_A_DAY = late(
    rf"\b\d{{1,4}}([-/.])\d{{1,2}}(?:\1\d{{1,4}})?\b|\b{_DAY}\.?\s+(?:{_MONTH})\b|\b(?:{_FIRST})\s+{_DAY}\b",
    re.IGNORECASE,
)
_PERIOD = late(rf"(?:^|\s)(?:{'|'.join(_PERIODS)})(?=\s|$)", re.IGNORECASE)
_WEEK, _YEARS = 7, range(2000, 3000)


class Period(Struct, frozen=True):
    """Whole days (UTC), both ends included."""

    first: date
    last: date

    def has(self, at: str) -> bool:
        """Whether a time of ours is within it."""
        return self.first.isoformat() <= at[:10] <= self.last.isoformat()

    @property
    def words(self) -> str:
        """The period as text that `period_in` reads."""
        return str(self.first) if self.first == self.last else f"{self.first} to {self.last}"

    def __str__(self) -> str:
        if self.first == self.last:
            return f"on {day_words(self.first)}"
        if self != _month(self.first.year, self.first.month):
            return f"from {day_words(self.first)} to {day_words(self.last)}"
        return f"in {self.first:%B %Y}"


def day_words(day: date) -> str:
    """A day as Slack shows days in English: `May 3, 2026`."""
    return f"{day:%b} {day.day}, {day.year}"


def period_in(text: str, today: date) -> tuple[Period | None, str]:
    """Part a text into the period that it names, None for none, and the rest.

    A month or a day without a year is the newest of that name; a month alone needs an `in`, since people are
    called May.
    """
    found = _PERIOD.search(text)
    if found is None:
        return None, text
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    try:
        return _period(found, today), rest
    except ValueError:  # such as 2026-02-30
        return None, text


def looks_like_a_day(text: str) -> bool:
    """Whether a text without a period has something that is meant as a day: `2026-02-30`, `31 june`."""
    return bool(_LIKE_A_DAY.search(text))


def _period(found: re.Match[str], today: date) -> Period:
    if found["since"]:
        return Period(*sorted((_iso(found["since"]), _iso(found["until"]))))
    if found["day"]:
        return _day(_iso(found["day"]))
    if found["dots"]:
        day, month, year = map(int, found["dots"].split("."))
        return _day(_date(year, month, day))
    if found["near"]:
        return _near(" ".join(found["near"].casefold().split()), today)
    if name := found["of"] or found["on"]:
        number = int(re.sub(r"\D", "", found["first"] or found["second"]))
        return _day_of(number, _MONTHS[name.casefold()], found["year_of"] or found["year_on"], today)
    if found["month"]:
        year, month = map(int, found["month"].split("-"))
        return _month(year, month)
    month = _MONTHS[(found["name"] or found["named"]).casefold()]
    return _month(int(found["year"] or today.year - (month > today.month)), month)


def _iso(text: str) -> date:
    year, month, day = map(int, text.split("-"))
    return _date(year, month, day)


def _date(year: int, month: int, day: int) -> date:
    """A day that a history can have. Raises ValueError."""
    if year not in _YEARS:
        raise ValueError(year)
    return date(year, month, day)


def _near(words: str, today: date) -> Period:
    """`today`, `yesterday`, `last week`: weeks begin on Monday."""
    unit, back = next(far for near, far in _NEAR.items() if re.fullmatch(near, words))
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + _WEEK * back)
        return Period(monday, monday + timedelta(days=_WEEK - 1))
    if unit == "month":
        day = today.replace(day=1) - timedelta(days=back)
        return _month(day.year, day.month)
    return _day(today - timedelta(days=back))


def _day_of(day: int, month: int, year: str | None, today: date) -> Period:
    """A day of a month; without a year it is the newest that is not to come."""
    if year:
        return _day(_date(int(year), month, day))
    found = date(today.year, month, day)
    return _day(found if found <= today else date(today.year - 1, month, day))


def _day(day: date) -> Period:
    return Period(day, day)


def _month(year: int, month: int) -> Period:
    first = _date(year, month, 1)
    return Period(first, date(year, month, monthrange(year, month)[1]))
