"""How names sound, to the ear of somebody who has only heard them."""

from __future__ import annotations

import re

from jellyfish import metaphone, nysiis

_SPELLINGS = {
    "sch": "s", "sh": "s", "tz": "s", "z": "s", "ck": "k", "ch": "k", "q": "k", "ph": "f", "v": "f",
    "gh": "", "kn": "n", "wr": "r", "x": "ks", "dt": "t", "d": "t",
    "ce": "s", "ci": "s", "cy": "s", "c": "k", "ge": "j", "gi": "j", "gy": "j",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_FIRST = {**dict.fromkeys("aeiou", "a"), "y": "j", "w": "f", "x": "s"}
_UNHEARD = re.compile("[aeiouyhw]")
_REPEATED = re.compile(r"(.)\1+")


def sounds_of(word: str) -> set[str]:
    """The keys by which words that sound alike meet; the more two words share, the more alike they sound."""
    if not word.isalpha():
        return set()
    keys = {"metaphone " + metaphone(word), "nysiis " + nysiis(word), "skeleton " + skeleton(word)}
    return {key for key in keys if not key.endswith(" ")}


def skeleton(word: str) -> str:
    """The consonants that are heard, in one spelling: `hewes` and `hughes` are both `hs`."""
    respelt = _SPELLING.sub(lambda found: _SPELLINGS[found[0]], word)
    first = _FIRST.get(respelt[:1], respelt[:1])
    return _REPEATED.sub(r"\1", first + _UNHEARD.sub("", respelt[1:]))
