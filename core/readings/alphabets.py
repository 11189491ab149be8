"""Names in Cyrillic, Greek and Hebrew letters in Latin ones: by the rules of passports, and by habit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from core.readings.dictionary import some, spellings, written

_MOST = 10

_CYRILLIC = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
    "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u",
    "ф": "f",
    "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e",
    "ю": "iu",
    "я": "ia", "і": "i", "ї": "i", "є": "ie", "ґ": "g", "ў": "u", "ј": "j", "љ": "lj", "њ": "nj",
    "ћ": "c", "ђ": "dj",
    "џ": "dz", "ѓ": "gj", "ќ": "kj", "ѕ": "dz", "қ": "q", "ғ": "gh", "ұ": "u", "ү": "u", "ң": "n",
    "ө": "o", "һ": "h",
    "ә": "a",
}  # fmt: skip
# The letters that other rules than the passport's of today spell otherwise.
_BY_HABIT = {"й": "y", "ю": "yu", "я": "ya", "ё": "yo", "ъ": "", "є": "ye", "ї": "yi"}
_AMERICAN = {**_BY_HABIT, "ё": "ye", "е": "e"}
_GERMAN = {
    "й": "j",
    "ю": "ju",
    "я": "ja",
    "в": "w",
    "ж": "sch",
    "ш": "sch",
    "щ": "schtsch",
    "ч": "tsch",
    "х": "ch",
    "ц": "z",
}
_SCHOLARLY = {
    "й": "j",
    "ю": "ju",
    "я": "ja",
    "ж": "z",
    "ш": "s",
    "щ": "sc",
    "ч": "c",
    "х": "h",
    "ц": "c",
    "ъ": "a",
}
_UKRAINIAN = {**_BY_HABIT, "г": "h", "и": "y"}
_BULGARIAN = {**_BY_HABIT, "щ": "sht", "ъ": "a", "х": "h"}
_SOFT = re.compile("[ьъ](?=[еёюя])")
_ENDINGS = (
    ("(?:i|y)i$", "y"), ("(?:i|y)y$", "y"), ("y$", "iy"), ("ei$", "ey"), ("ii$", "i"), ("ie", "ye"),
    ("kh", "h"), ("ov$", "off"),
    ("ev$", "eff"), ("ov$", "ow"), ("ks", "x"), ("iu", "u"), ("ia$", "a"), ("iya$", "ia"),
    ("^e(?=[^aeiou])", "ye"), ("^u", "ou"),
    ("(?<=[^aeiou])yu", "u"), ("f(?=[aeiou])", "ph"), ("e(?=i$)", "ye"), ("eva$", "yeva"), ("ye", "e"),
    ("ay", "ai"),
    ("(?<=[aeiou])s(?=[aeiou])", "ss"), ("u", "ou"), ("k", "c"), ("ts", "tz"),
)  # fmt: skip

_GREEK = {
    "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k",
    "λ": "l",
    "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y",
    "φ": "f",
    "χ": "ch", "ψ": "ps", "ω": "o",
}  # fmt: skip
_GREEK_PAIRS = (
    ("γγ", "ng"), ("γξ", "nx"), ("γχ", "nch"), ("^μπ", "b"), ("μπ$", "b"), ("ου", "ou"),
    ("(α|ε|η)υ(?=[βγδζλμνραεηιουω])", r"\1v"), ("(α|ε|η)υ", r"\1f"),
)  # fmt: skip
_GREEK_HABITS = (
    ("ch", "h"), ("f", "ph"), ("y", "i"), ("i", "y"), ("x", "ks"), ("^i", "y"), ("ou", "u"), ("gk", "g"),
    ("mp", "b"),
    ("nt", "d"), ("^gi(?=[aeou])", "y"), ("k", "c"), ("^ia", "ya"), ("ios$", "is"), ("idis$", "ides"),
    ("h", "ch"), ("^ch", "h"),
    ("ai", "e"), ("ei", "i"), ("oi", "i"), ("v", "b"), ("^e", "he"), ("^i", "hi"),
)  # fmt: skip

_HEBREW = {
    "א": "a", "ב": "v", "ג": "g", "ד": "d", "ה": "h", "ו": "o", "ז": "z", "ח": "h", "ט": "t", "י": "i",
    "כ": "k",
    "ך": "ch", "ל": "l", "מ": "m", "ם": "m", "נ": "n", "ן": "n", "ס": "s", "ע": "a", "פ": "p", "ף": "f",
    "צ": "tz",
    "ץ": "tz", "ק": "k", "ר": "r", "ש": "sh", "ת": "t",
}  # fmt: skip
_HEBREW_HABITS = (
    ("^v", "b"), ("p", "f"), ("o", "u"), ("^o", "v"), ("sh", "s"), ("tz", "ts"), ("h", "ch"),
    ("k", "ch"), ("^i", "y"), ("h$", "a"), ("v", "b"), ("i$", "y"),
)  # fmt: skip


def cyrillic_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The one reading of a name, a word for each of its words."""
    yield " ".join(written(spelt_cyrillic(token)) for token in tokens)


def spelt_cyrillic(word: str) -> tuple[str, ...]:
    """The spellings of a word: passports of today and of 1997, Ukraine's and Bulgaria's rules, habits."""
    word = word.casefold()
    ukrainian, bulgarian = re.search("[іїєґ]", word), re.search("ъ(?![еёюя])|щ", word)
    rules = [{}, _BY_HABIT, *([_UKRAINIAN] if ukrainian else []), *([_BULGARIAN] if bulgarian else [])]
    plain = [_letters(word, {**_CYRILLIC, **rule}) for rule in (*rules, _AMERICAN)]
    plain.insert(1, _letters(_SOFT.sub("й", word), {**_CYRILLIC, **_BY_HABIT}))
    habits = [re.sub(pattern, other, each) for each in plain[:3] for pattern, other in _ENDINGS]
    far = [_letters(word, {**_CYRILLIC, **rule}) for rule in (_SCHOLARLY, _GERMAN)]
    return some((*plain, *_shared(habits), *far, *habits), 2 * _MOST)


def _shared(spelt: Sequence[str]) -> list[str]:
    """The spellings that come up more than once: two rules agree on them."""
    return [each for at, each in enumerate(spelt) if each in spelt[:at]]


def greek_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The one reading of a name, a word for each of its words."""
    yield " ".join(written(spelt_greek(token)) for token in tokens)


def spelt_greek(word: str) -> tuple[str, ...]:
    """The spellings of a word: ELOT 743 first, then by habit; of common names the English ones too."""
    plain = "".join(sign for sign in unicodedata.normalize("NFD", word.casefold()) if sign.isalpha())
    plain = re.sub("σ$", "ς", plain)
    known = spellings("greek", plain)
    paired = plain
    for pattern, other in _GREEK_PAIRS:
        paired = re.sub(pattern, other, paired)
    spelt = _letters(paired, _GREEK)
    once = [re.sub(pattern, other, spelt) for pattern, other in _GREEK_HABITS]
    return some((spelt, *known, *once), 2 * _MOST)


def hebrew_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The one reading of a name, a word for each of its words."""
    yield " ".join(written(spelt_hebrew(token)) for token in tokens)


def spelt_hebrew(word: str) -> tuple[str, ...]:
    """The spellings of a word: as people of that name write it, else by its letters with `a` between."""
    word = "".join(sign for sign in word if "א" <= sign <= "ת")
    letters = [_HEBREW[sign] for sign in word]
    spelt = ""
    for at, letter in enumerate(letters):
        between = at and letter[0] not in "aoi" and letters[at - 1] not in ("a", "o", "i")
        spelt += "a" + letter if between else letter
    spelt = re.sub("a{2,}", "a", re.sub("ii", "i", re.sub("oo", "v", spelt)))
    habits = [re.sub(pattern, other, spelt) for pattern, other in _HEBREW_HABITS]
    return some((*spellings("hebrew", word), spelt, *habits, spelt.replace("a", "e")), _MOST)


def _letters(word: str, letters: Mapping[str, str]) -> str:
    return "".join(letters.get(sign, sign) for sign in word)
