"""Keys of how names sound, to find a name that somebody has only heard."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from jellyfish import metaphone, nysiis

_SPELLINGS = {
    "sch": "s", "sh": "s", "tz": "s", "ck": "k", "ch": "k", "ph": "f", "gh": "", "kn": "n", "wr": "r",
    "x": "ks", "dt": "t", "ce": "s", "ci": "s", "cy": "s", "ge": "j", "gi": "j", "gy": "j",
}  # fmt: skip
_SPELLING = re.compile("|".join(sorted(_SPELLINGS, key=len, reverse=True)))
_LETTERS = bytes.maketrans(b"zqvdc", b"skftk")
# Vowels are heard where a word begins; a capital keeps them.
_FIRST = {**dict.fromkeys("aeiou", "A"), "h": "H", "w": "F", "y": "J"}
_BEGINNING = re.compile("^[aeiouhwy]", re.MULTILINE)
_UNHEARD = b"aeiouhwy"
_SILENT = ("", "-")
_REPEATED = re.compile(r"([^\n])\1+")


def sounds_of(word: str) -> list[str]:
    """The keys by which words that sound alike meet; the more two words share, the more alike they sound."""
    keys = _keys(word, skeletons([word])[0]) if word.isalpha() else ()
    return [key for key in keys if key not in _SILENT]


def sounds_of_all(words: Iterable[str]) -> dict[str, str]:
    """Key of a sound -> the words that have it, a space between them."""
    by_sound: dict[str, str] = {}
    spoken = [word for word in words if word.isalpha()]
    nysiis_keys = [f"{key}-" for key in map(nysiis, spoken)]
    for keys in (map(metaphone, spoken), nysiis_keys, skeletons(spoken)):
        for word, key in zip(spoken, keys, strict=True):
            by_sound[key] = f"{by_sound[key]} {word}" if key in by_sound else word
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
    begun = _BEGINNING.sub(lambda found: _FIRST[found[0]], respelt)
    heard = begun.encode().translate(_LETTERS, _UNHEARD).decode().lower()
    return _REPEATED.sub(r"\1", heard).split("\n")
