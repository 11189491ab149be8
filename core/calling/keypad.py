"""Names as the keys of a telephone: ABC is 2, DEF is 3, ..., a blank is 0. Pure."""

from __future__ import annotations

import unicodedata

from anyascii import anyascii

from core.calling.reach import KEPT

_KEYS = str.maketrans("abcdefghijklmnopqrstuvwxyz ", "222333444555666777788899990")
_DROPPED = str.maketrans("", "", "'’ʼ`´.")
# Letters that people spell in two ways.
_SPELT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}


def keys_of(name: str) -> set[str]:
    """The keys by which a name is dialled, `KEPT` of them each: from the first letter of every word on.

    Accents don't count, `ß` is `ss`, `ä` is `a` and `ae`; other scripts are written in Latin letters. The
    next word follows after a 0, and zeros follow the last: `Li Ng` is 54064000 and 64000000.
    """
    found = set()
    for spelling in _spellings(unicodedata.normalize("NFC", name).casefold().translate(_DROPPED)):
        words = "".join(each if each.isalnum() else " " for each in anyascii(spelling).lower()).split()
        for first in range(len(words)):
            keys = " ".join(words[first:]).translate(_KEYS)
            found.add(keys[:KEPT].ljust(KEPT, "0"))
    return found


def _spellings(name: str) -> set[str]:
    """The name with all its doubtful letters written short, and written out."""
    long = name
    for letter, written in _SPELT.items():
        long = long.replace(letter, written)
    short = "".join(each for each in unicodedata.normalize("NFKD", name) if not unicodedata.combining(each))
    return {short.replace("ø", "o"), long}
