"""Names in the scripts of India, in Latin letters: one table for all, since Unicode lays them out alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.readings.dictionary import some, written

_MOST = 10
# Devanagari at 0x0900, then Bengali, Gurmukhi, Gujarati, Odia, Tamil, Telugu, Kannada, Malayalam: 0x80 each.
FIRST, LAST = 0x0900, 0x0D7F
_BLOCK = 0x80
_TAMIL, _BENGALI = 0x0B80, 0x0980
_NORTH = (0x0900, 0x0980, 0x0A00, 0x0A80, 0x0B00)
_FROM_KA = "k kh g gh n ch chh j jh n t th d dh n t th d dh n n p ph b bh m y r r l l l v sh sh s h"
_LETTERS = {0x15 + at: spelt for at, spelt in enumerate(_FROM_KA.split())}
_VOWELS = {
    0x05: "a", 0x06: "aa", 0x07: "i", 0x08: "ee", 0x09: "u", 0x0A: "oo", 0x0B: "ri", 0x0E: "e", 0x0F: "e",
    0x10: "ai", 0x12: "o", 0x13: "o", 0x14: "au",
}  # fmt: skip
_SIGNS = {
    0x3E: "aa", 0x3F: "i", 0x40: "ee", 0x41: "u", 0x42: "oo", 0x43: "ri", 0x46: "e", 0x47: "e", 0x48: "ai",
    0x4A: "o", 0x4B: "o", 0x4C: "au",
}  # fmt: skip
_NASAL, _NASAL_VOWEL, _BREATH, _NUKTA, _SILENT = 0x02, 0x01, 0x03, 0x3C, 0x4D
_OTHER = {0x5F: "y", 0x58: "q", 0x59: "kh", 0x5A: "gh", 0x5B: "z", 0x5C: "r", 0x5D: "rh", 0x5E: "f"}
_DEAD = {0x7A: "n", 0x7B: "n", 0x7C: "r", 0x7D: "l", 0x7E: "l"}  # Malayalam's consonants without a vowel
# How people write what the letters say otherwise: each may be done or not.
_HABITS = (
    ("aa", "a"), ("ee", "i"), ("oo", "u"), ("v", "w"), ("sh", "s"), ("chh", "ch"), ("ny", "gy"), ("th", "t"),
    ("t(?!h)", "th"), ("ai", "e"), ("au", "ou"), ("j", "z"), ("ksh", "x"), ("ph", "f"), ("y$", "i"),
)  # fmt: skip
# Tamil has one letter for each pair of sounds: these are done one after the other.
_VOICED = (
    ("tch", "X"), ("cch|chch", "C"), ("ch", "s"), ("C", "ch"), ("ppir", "br"), ("(?<=[aeioumn])k(?!k)", "g"),
    ("(?<=[aeioun])t(?![th])", "d"), ("(?<=[aeioum])p(?!p)", "b"), ("kir", "kr"), ("pir", "pr"),
    ("iya", "ia"), ("X", "ksh"),
)  # fmt: skip
# And then each of these may be done or not.
_TAMIL_HABITS = (
    ("d", "th"), ("m$", "n"), ("^t", "th"), ("^p", "b"), ("^k", "g"), ("v", "w"), ("i$", "y"), ("ia", "iya"),
    ("d", "t"), ("g", "k"), ("aa", "a"), ("s", "ch"), ("ksh", "x"), ("^t", "dh"), ("kshum", "kshm"),
)  # fmt: skip
# How Bengali surnames are known abroad.
_ENGLISH = {
    "chattopadhyay": "chatterjee", "mukhopadhyay": "mukherjee", "bandyopadhyay": "banerjee",
    "gangopadhyay": "ganguly", "bandopadhyay": "banerjee",
}  # fmt: skip


def indic_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The one reading of a name, a word for each of its words."""
    yield " ".join(written(spelt_indic(token)) for token in tokens)


def spelt_indic(word: str) -> tuple[str, ...]:
    """The spellings of a word: long vowels once and twice, and by habit."""
    block = next((ord(sign) // _BLOCK * _BLOCK for sign in word if FIRST <= ord(sign) <= LAST), FIRST)
    spelt = _spelt(word, block)
    if block in _NORTH:
        spelt = without_schwas(spelt) if block != _BENGALI else _in_bengal(without_schwas(spelt))
    plain = spelt.replace("aa", "a").replace("ee", "i").replace("oo", "u")
    if block == _TAMIL:
        plain, spelt = _voiced(plain), _voiced(spelt)
    habits = _TAMIL_HABITS if block == _TAMIL else _HABITS
    once = [re.sub(pattern, other, each) for each in (plain, spelt) for pattern, other in habits]
    english = [_ENGLISH[each] for each in (plain, *once) if each in _ENGLISH]
    short = [re.sub("a(?=[^aeiou]a)", "", plain, count=1), re.sub("(?<=[^aeiou])h", "", plain)]
    ends = [re.sub("i$", "ee", plain), re.sub("i$", "y", plain), re.sub("(?<=[^aeiou])$", "a", plain)]
    return some((plain, *english, spelt, *once, *ends, *short), _MOST)


def _voiced(spelt: str) -> str:
    for pattern, other in _VOICED:
        spelt = re.sub(pattern, other, spelt)
    return spelt


def _spelt(word: str, block: int) -> str:
    """A word letter by letter, with the `a` that each consonant has behind it, as a capital."""
    spelt = ""
    for sign in word.replace("\u200d", "").replace("\u200c", ""):
        at = ord(sign) - block
        if at in _LETTERS:
            spelt += _LETTERS[at] + "A"
        elif at in _SIGNS or at == _SILENT:
            spelt = spelt.removesuffix("A") + _SIGNS.get(at, "")
        elif at in _VOWELS:
            spelt += _VOWELS[at]
        elif at in (_NASAL, _NASAL_VOWEL):
            spelt += "n"
        elif at in _OTHER:
            spelt += _OTHER[at] + "A"
        elif at in _DEAD:
            spelt += _DEAD[at]
        elif at == _BREATH:
            spelt += "h"
        elif at == _NUKTA:
            spelt = re.sub("(ph|d|j)A$", lambda found: {"ph": "f", "d": "r", "j": "z"}[found[1]] + "A", spelt)
    return spelt if block in _NORTH else spelt.replace("A", "a")


def without_schwas(spelt: str) -> str:
    """The word as the north says it: no `a` at the end, nor between a vowel's consonant and another's."""
    spelt = re.sub("A$", "", spelt) if len(spelt) > 3 else spelt
    spelt = re.sub("(?<=[aeiou][^aeiouAEIOU])A(?=[^aeiouA]{1,2}[aeiou])", "", spelt)
    return spelt.replace("A", "a")


def _in_bengal(spelt: str) -> str:
    return re.sub("v|bh(?=b)", "b", spelt)
