"""Reads until when something is wanted: `until friday`, `for 2 hours`, `until 5 pm`. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from core.words.patterns import late
from core.words.periods import period_in

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7}
_LASTS = late(
    rf"\s*for\s+(?:the\s+)?(?:next\s+)?(?P<count>\d{{1,4}}|{'|'.join(_NUMBERS)})?\s*"
    r"(?P<unit>min(?:ute)?s?|h(?:ou)?rs?|h|d(?:ays?)?|w(?:eeks?)?)\s*"
)
_CLOCK = late(
    r"(?:\bat\s+)?(?:\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<hour24>\d{1,2})(?:[:.h](?P<minute24>\d{2})\b(?![.\d])|\s?(?:h|hs|uhr)\b)|\b(?P<named>noon|midnight|tonight)\b)"
)
_NAMED = {"noon": time(12), "midnight": time(23, 59, 59), "tonight": time(23, 59, 59)}
# A day without a time ends then.
_END_OF_DAY = time(23, 59, 59)


def deadline(text: str, now: datetime) -> datetime | None:
    """The end that a text names, `until friday` or `for 2 hours`; None for none. `now` is local and aware.

    A day ends at its midnight, the day's name is the next such day, and a time is today's or tomorrow's.
    """
    said = " ".join(text.casefold().split()).strip(" .!")
    if lasts := _LASTS.fullmatch(said):
        count = lasts["count"] or "1"
        number = int(count) if count.isdecimal() else _NUMBERS[count]
        return now + timedelta(**{_UNITS[lasts["unit"][0]]: number})
    said = re.sub(r"^(?:until|till|til|through|up to)\s+", "", said)
    clock = _CLOCK.search(said)
    day = re.sub(r"\s+", " ", said.replace(clock[0], " ") if clock else said).strip(" ,")
    return _on(day, _time(clock) if clock else None, now)


def _time(clock: re.Match[str]) -> time | None:
    """The time of a clock; None where there is no such time."""
    if clock["named"]:
        return _NAMED[clock["named"]]
    hour, minute = int(clock["hour"] or clock["hour24"]), int(clock["minute"] or clock["minute24"] or 0)
    if clock["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + 12 * (clock["half"] == "p")
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _on(day: str, at: time | None, now: datetime) -> datetime | None:
    """The time on a day, or its end; without a day the next such time."""
    if not day:
        if at is None:
            return None
        today = datetime.combine(now.date(), at, now.tzinfo)
        return today if today > now else today + timedelta(days=1)
    named = _day(day, now)
    return named and datetime.combine(named, at or _END_OF_DAY, now.tzinfo)


def _day(words: str, now: datetime) -> datetime | None:
    words = re.sub(r"^(?:the end of|end of|on|next|this)\s+", "", words)
    today = now.date()
    if words in ("today", "the day"):
        return now
    if words == "tomorrow":
        return now + timedelta(days=1)
    if words in ("week", "the week"):
        return now + timedelta(days=(6 - today.weekday()))
    if len(words) >= 3 and (found := [place for place, day in enumerate(_DAYS) if day.startswith(words)]):
        return now + timedelta(days=(found[0] - today.weekday() - 1) % 7 + 1)
    period, rest = period_in(words, today)
    if period is None or rest or period.first != period.last:
        return None
    last = period.last
    # A day without a year is the newest of that name; of an end it is the next.
    if last < today and not re.search(r"\d{4}", words):
        last = last.replace(year=last.year + 1)
    return datetime.combine(last, time(), now.tzinfo)


def split_deadline(text: str) -> tuple[str, str]:
    """Part a text into what stands before its `until` or `for`, and the rest from that word on."""
    found = re.search(r"\s(?:until|till|til|for)\s", f"{text} ", re.IGNORECASE)
    return (text[: found.start()].strip(), text[found.start() :].strip()) if found else (text.strip(), "")
