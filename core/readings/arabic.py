"""Arabic, Persian and Urdu names in Latin letters: vowels are not written, so tables tell."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from core.readings.dictionary import some, spellings, written

_MOST = 8
_UNWRITTEN = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200c-\u200f]")
_ONE_LETTER = str.maketrans("أإآٱىةکیہھےؤئ", "ااااىهكيههيوي".replace("ى", "ي"))

_CONSONANTS = {
    "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ث": "th", "ج": "j", "چ": "ch", "ح": "h", "خ": "kh", "د": "d",
    "ڈ": "d", "ذ": "dh", "ر": "r", "ڑ": "r", "ز": "z", "ژ": "zh", "س": "s", "ش": "sh", "ص": "s", "ض": "d",
    "ط": "t", "ظ": "z", "غ": "gh", "ف": "f", "ق": "q", "ك": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n",
    "ں": "n", "ه": "h",
}  # fmt: skip
_VOWELS = {"ا": "a", "و": "u", "ي": "i", "ع": "a"}
# Letters as North Africa, Egypt and Iran spell them otherwise.
_OTHERWISE = (
    ("q", "k"), ("q", "g"), ("u", "ou"), ("i", "ee"), ("j", "g"), ("dh", "z"), ("th", "s"), ("sh", "ch"),
    ("i", "y"), ("aa", "a"), ("j", "dj"), ("w", "ou"),
)  # fmt: skip
_ARTICLE, _AS_ARTICLE = "ال", ("al", "el")
_PARTICLES = {
    "بن": ("bin", "ben", "ibn"),
    "ابن": ("ibn", "bin", "ben"),
    "بنت": ("bint", "bent"),
    "ابو": ("abu", "abou", "abo"),
    "ابي": ("abi", "aby"),
    "ام": ("um", "umm", "oum"),
    "ال": ("al", "aal"),
    "عبد": ("abdul", "abdel", "abd", "abdal"),
}


def plain_arabic(text: str) -> str:
    """A text in one spelling: without vowels and marks, with one form of each letter."""
    return _UNWRITTEN.sub("", unicodedata.normalize("NFKC", text)).translate(_ONE_LETTER)


def arabic_readings(tokens: Sequence[str], persian: bool) -> Iterator[str]:
    """The one reading of a name, a word for each of its words; `عبد` and the name behind it are one."""
    words = [plain_arabic(token) for token in tokens]
    found: list[str] = []
    joined = ""
    for word in filter(None, words):
        if word == "عبد" and not joined:
            joined = word
            continue
        found.append(_slave_of(word) if joined else _word(word, persian))
        joined = ""
    if joined:
        found.append(_word(joined, persian))
    yield " ".join(found)


def _word(word: str, persian: bool) -> str:
    if word in _PARTICLES:
        return written(_PARTICLES[word])
    whole = _known(word, persian)
    if word.startswith(_ARTICLE) and len(word) > 4:
        return written(_AS_ARTICLE, spelt_name(word[2:], persian))
    if not whole and word.startswith("عبدال") and len(word) > 6:
        return _slave_of(word[3:])
    return written(whole or spelt_name(word, persian))


def _slave_of(word: str) -> str:
    """`عبد الرحمن` as `abdul-rahman`, `abdelrahman`."""
    name = word.removeprefix(_ARTICLE) if len(word) > 4 else word
    if name == "الله" or word == "الله":
        return written(("abdullah", "abdallah", "abdulla", "abdellah", "abdalla"))
    article = _PARTICLES["عبد"] if name != word else ("abd", "abdul", "abdel", "abdo")
    return written(article, spelt_name(name, persian=False)[:5])


def spelt_name(word: str, persian: bool) -> tuple[str, ...]:
    """The spellings of one word: those that tables know, else those by its letters."""
    return _known(word, persian) or by_letters(word)


def _known(word: str, persian: bool) -> tuple[str, ...]:
    first, second = ("persian", "arabic") if persian else ("arabic", "persian")
    found = (*spellings(first, word)[:6], *spellings(second, word)[:3])
    return some((*found, *by_letters(word)[:2]), _MOST) if found else ()


def by_letters(word: str) -> tuple[str, ...]:
    """The spellings of an unknown word: an `a` between consonants, and the habits of some countries."""
    letters = [_CONSONANTS.get(letter) or _VOWELS.get(letter, "") for letter in word]
    if letters and word[0] in "وي":
        letters[0] = {"و": "w", "ي": "y"}[word[0]]
    spelt = ""
    for at, letter in enumerate(letters):
        consonant = letter not in ("a", "u", "i", "")
        before = letters[at - 1] if at else "a"
        both = at and consonant and before not in ("a", "u", "i", "")
        spelt += "a" + letter if both else letter
    if word.endswith("ه"):
        spelt = spelt.removesuffix("h").removesuffix("a") + "a"
    spelt = re.sub("(?<=[aui])u(?=[aui])", "w", spelt)
    spelt = re.sub("(?<=[aui])i(?=[aui])", "y", spelt)
    spelt = re.sub(r"a{2,}", "a", spelt)
    closed = re.sub("(?<=a[^aiu])a(?=[^aiu][aiu])", "", spelt, count=1)
    others = [spelt.replace(*pair) for pair in _OTHERWISE if pair[0] in spelt]
    return some((spelt, closed, *others), _MOST - 2)
