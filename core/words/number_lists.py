"""Several extensions as people write them: `7780-7789`, `7780, 7782 and 7785`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from core.models import ExtensionRange

# What stands between the ends of a range: dashes of all kinds, arrows, dots and words.
TO = (
    r"(?:-{1,2}>?|=>|[\u2010-\u2015\u2212\u2192\uff0d~\u301c\uff5e\u2026]|\.{2,3}|"
    r"(?:to|until|till|thru|through|bis)\b)"
)
_SPAN = r"{digits}(?:\s*" + TO.replace("{", "{{").replace("}", "}}") + r"\s*{digits})?"
_BETWEEN = r"(?:\s*[,;&+/]\s*|\s+(?:and|or|plus)\s+|\s+)"
_SIDE = r"[\w-]"


@lru_cache(8)
def _patterns(width: int) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Numbers at the beginning of a text, and numbers at its end.

    Several have to be of full length, and so have those at the end: the 12 of `7780 room 12` is no number.
    """
    full = _SPAN.format(digits=rf"\d{{{width}}}(?!\d)")
    short = _SPAN.format(digits=rf"\d{{1,{width}}}(?!\d)")
    several = rf"{full}(?:{_BETWEEN}{full})*"
    first = re.compile(rf"(?:{several}|{short})(?!{_SIDE})[\s,;:]*", re.IGNORECASE)
    return first, re.compile(rf"(?<!{_SIDE}){several}$", re.IGNORECASE)


def numbers_and_note(text: str, extensions: ExtensionRange) -> tuple[str, str]:
    """Part a text into the numbers that it begins or ends with, as `7780-7782, 7785`, and the rest."""
    first, last = _patterns(extensions.width)
    text = text.strip()
    found = first.match(text) or last.search(text)
    if found is None:
        return "", text
    rest = f"{text[: found.start()]} {text[found.end() :]}".strip()
    return write_numbers(number.zfill(extensions.width) for number in read_numbers(found[0])), rest


def read_numbers(text: str) -> list[str]:
    """The numbers of a text that has nothing else, each once, in the order of the text."""
    found: dict[str, None] = {}
    for span in re.finditer(_SPAN.format(digits=r"(\d+)"), text, re.IGNORECASE):
        low, high = sorted((span[1], span[2] or span[1]), key=int)
        found |= {str(number).zfill(len(span[1])): None for number in range(int(low), int(high) + 1)}
    return [*found]


def write_numbers(extensions: Iterable[str]) -> str:
    """Extensions in order, neighbours as one range: `7780-7782, 7785`."""
    runs: list[list[str]] = []
    for extension in sorted(set(extensions)):
        follows = runs and (int(extension), len(extension)) == (int(runs[-1][-1]) + 1, len(runs[-1][-1]))
        if follows:
            runs[-1].append(extension)
        else:
            runs.append([extension])
    return ", ".join(run[0] if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
