"""Reads extensions as people type them: `#0042`, `72-38`, `7o76`, `7238-7240`. Pure."""

from __future__ import annotations

import re

from core.words.number_lists import TO
from core.words.patterns import late

# Of a range of numbers so many are asked about.
MOST_OF_A_RANGE = 100
_NUMBER = late(r"(?:#|x|ext\.?|extension)?[:#]?\+?([0-9]+)")
_SPACED = late(r"[0-9]{1,3}(?:[ .-][0-9]{1,3}){1,3}|[0-9],[0-9]{3}")
# Digits among which letters stand for two of them: `7o76`.
_MISKEYED = late(r"(?=(?:.*[0-9]){2})[0-9ol]{3,}")
_AS_DIGITS = str.maketrans("ol", "01")
_RANGE = late(rf"\b([0-9]{{3,10}}) ?{TO} ?([0-9]{{3,10}})\b")
# A number of the public network: nobody's extension, and no list of them.
_PUBLIC = late(
    r"\+[0-9 ().-]{7,20}[0-9]|(?<![0-9])(?:1[ .-]?)?(?:\([0-9]{3}\) ?|[0-9]{3}[ .-])[0-9]{3}[ .-]?[0-9]{4}"
)
# Groups of digits that may be one, as countries write theirs: `03 5900 2961`, `(020) 7183 8750`.
_GROUPS = late(r"(?<![0-9#*.-])\(?[0-9]{2,8}\)?(?:[ ./-][0-9]{2,8})+(?![0-9-])")
_DATE = late(r"\b(?:19|20)[0-9]{2}-[0-9]{2}|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2,4}")
# The extension behind a number, as in signatures.
_BEHIND = late(
    r"[ ,;]*(?:ext(?:ension)?\b|x|[pw]+|int(?:erno)?\b|nst\b|nebenstelle|durchwahl|dw\b|poste|anexo|ramal"
    r"|доб\b|#)[ .:=#]*([0-9]{2,6})\b",
    re.IGNORECASE,
)


def digits_of(word: str) -> str:
    """Return the extension that a word in small letters writes, "" for none."""
    return word.translate(_AS_DIGITS) if _MISKEYED.fullmatch(word) else plain_digits_of(word)


def plain_digits_of(word: str) -> str:
    """Return the extension that a word writes with digits alone, "" for none."""
    found = _NUMBER.fullmatch(word)
    return found[1] if found else ""


def in_pieces(text: str) -> str:
    """Return the extension of a text that is one number in pieces, as in `72 38`; "" for any other text."""
    return _digits(text) if _SPACED.fullmatch(text) else ""


def public_number(text: str) -> tuple[str, str]:
    """Return the digits of a number of the public network in the text, "" for none, and the rest of it.

    Where an extension stands behind the number, the digits are those of the extension.
    """
    found = _PUBLIC.search(text) or next(filter(_is_one_number, _GROUPS.finditer(text)), None)
    if not found:
        return "", text
    behind = _BEHIND.match(text, found.end())
    end = behind.end() if behind else found.end()
    return behind[1] if behind else _digits(found[0]), f"{text[: found.start()]} {text[end:]}"


def _is_one_number(groups: re.Match[str]) -> bool:
    """Whether groups of digits are one number: a list of extensions has groups of one length."""
    lengths = [len(group) for group in re.findall(r"[0-9]+", groups[0])]
    alike = len(set(lengths)) == 1 and not (lengths[0] == 2 and len(lengths) > 4)
    return 9 <= sum(lengths) <= 15 and not alike and not _DATE.search(groups[0])


def spelled_out(text: str) -> str:
    """Return the text with up to two ranges written out: `7238-7240` as `7238 7239 7240`."""
    return _RANGE.sub(_numbers_of, text, count=2)


def _digits(text: str) -> str:
    return "".join(filter(str.isdecimal, text))


def _numbers_of(ends: re.Match[str]) -> str:
    """All numbers of a range: `7238-7240` as `7238 7239 7240`; the text itself where it is none."""
    first, last = sorted((int(ends[1]), int(ends[2])))
    width = len(ends[1])
    if len(ends[2]) != width or not 0 < last - first < MOST_OF_A_RANGE:
        return ends[0]
    return " ".join(f"{number:0{width}}" for number in range(first, last + 1))
