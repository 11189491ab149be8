"""Keys of how names sound, to find a name that somebody has only heard."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence

from jellyfish import metaphone, nysiis

_SPELLINGS = {
    "sch": "s", "sh": "s", "tz": "s", "z": "s", "ck": "k", "ch": "k", "q": "k", "ph": "f", "v": "f",
    "gh": "", "kn": "n", "wr": "r", "x": "ks", "dt": "t", "d": "t",
    "ce": "s", "ci": "s", "cy": "s", "c": "k", "ge": "j", "gi": "j", "gy": "j",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_FIRST = {**dict.fromkeys("aeiou", "a"), "y": "j", "w": "f", "x": "s"}
_UNHEARD = str.maketrans("", "", "aeiouyhw")
_SILENT = ("", "-")
_REPEATED = re.compile(r"([^\n])\1+")


def sounds_of(word: str) -> list[str]:
    """The keys by which words that sound alike meet; the more two words share, the more alike they sound."""
    keys = _keys(word, skeletons([word])[0]) if word.isalpha() else ()
    return [key for key in keys if key not in _SILENT]


def sounds_of_all(words: Iterable[str]) -> dict[str, list[str]]:
    """Key of a sound -> the words that have it."""
    by_sound: defaultdict[str, list[str]] = defaultdict(list)
    spoken = [word for word in words if word.isalpha()]
    for word, skeleton in zip(spoken, skeletons(spoken), strict=True):
        for key in _keys(word, skeleton):
            by_sound[key].append(word)
    for key in _SILENT:
        by_sound.pop(key, None)
    return by_sound


def _keys(word: str, skeleton: str) -> tuple[str, str, str]:
    """The keys, made unlike each other; a word of which one hears nothing has empty ones."""
    return metaphone(word), nysiis(word) + "-", skeleton


def skeletons(words: Sequence[str]) -> list[str]:
    """The consonants that are heard in each word, in one spelling: `hewes` and `hughes` are both `hs`."""
    if not words:
        return []
    respelt = _SPELLING.sub(lambda found: _SPELLINGS[found[0]], "\n".join(words))
    heard = (_FIRST.get(word[:1], word[:1]) + word[1:].translate(_UNHEARD) for word in respelt.split("\n"))
    return _REPEATED.sub(r"\1", "\n".join(heard)).split("\n")
