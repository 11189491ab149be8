"""Judge the two settings of the summary's schedule before a deploy: `check-settings.cjs` asks.

python -m infra.schedule_settings TIMEZONE EXPRESSION    print a JSON list of what is wrong
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from zoneinfo import available_timezones

from bot.config import timezone_of

_MONTHS = "JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC"
_DAYS = "SUN|MON|TUE|WED|THU|FRI|SAT"


def _field(least: int, most: int, names: str = "", other: str = "") -> tuple[re.Pattern[str], int, int]:
    """A field of a cron expression: its form, and the numbers that it may name."""
    one = rf"(?:\d+{'|' * bool(names)}{names})"
    part = rf"(?:\*|{one}(?:-{one})?)(?:/\d+)?"
    return re.compile(rf"{part}(?:,{part})*{'|' * bool(other)}{other}"), least, most


# Minutes, hours, day of the month, month, day of the week, year: EventBridge Scheduler's "Schedule types".
_CRON = (
    _field(0, 59),
    _field(0, 23),
    _field(1, 31, other=r"\?|L|LW|\d+W"),
    _field(1, 12, _MONTHS),
    _field(1, 7, _DAYS, other=rf"\?|(?:[1-7]|{_DAYS})?L|(?:[1-7]|{_DAYS})#[1-5]"),
    _field(1970, 2199),
)


def faults(timezone: str, expression: str) -> Iterator[str]:
    """The faults of both settings, in sentences that name the setting."""
    try:
        timezone_of(timezone)
        known = timezone in available_timezones()  # a file system may fold case, and the scheduler does not
    except ValueError:
        known = False
    if not known:
        yield "timezone: a name such as Europe/Berlin, spelt as the tz database does"
    if not is_schedule(expression):
        yield "summaryAt: a schedule such as cron(0 8 * * ? *), or rate(12 hours)"


def is_schedule(expression: str) -> bool:
    """Whether EventBridge Scheduler takes the expression for a schedule that comes again."""
    if rate := re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression):
        return int(rate[1]) > 0
    cron = re.fullmatch(r"cron\((.*)\)", expression)
    fields = cron[1].split() if cron else []
    if len(fields) != len(_CRON) or [fields[2], fields[4]].count("?") != 1:
        return False
    return all(_fits(text, *field) for text, field in zip(fields, _CRON, strict=True))


def _fits(text: str, form: re.Pattern[str], least: int, most: int) -> bool:
    # Steps and ordinals are no times; whatever else is a number is one.
    numbers = re.findall(r"(?<![/#\d])\d+", text)
    return bool(form.fullmatch(text)) and all(least <= int(number) <= most for number in numbers)


if __name__ == "__main__":
    print(json.dumps([*faults(*sys.argv[1:3])]))
