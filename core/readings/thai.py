"""Thai names in Latin letters: by a table of names, else by the letters, and as people spell those."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from core.readings.dictionary import some, spellings, written

_MOST = 10
_SILENT = re.compile("[\u0e01-\u0e2e][\u0e34-\u0e3a]?\u0e4c")
_UNHEARD = re.compile("[\u0e47-\u0e4e]")
_LETTERS = (
    ("k", "ก"), ("kh", "ขฃคฅฆ"), ("ng", "ง"), ("ch", "จฉชฌ"), ("s", "ซศษส"), ("y", "ญย"), ("d", "ฎฑด"),
    ("t", "ฏต"), ("th", "ฐฒถทธ"), ("n", "ณน"), ("b", "บ"), ("p", "ป"), ("ph", "ผพภ"), ("f", "ฝฟ"), ("m", "ม"),
    ("r", "ร"), ("rue", "ฤ"), ("l", "ลฬ"), ("lue", "ฦ"), ("w", "ว"), ("h", "หฮ"), ("", "อ"),
)  # fmt: skip
_BEGUN = {sign: spelt for spelt, signs in _LETTERS for sign in signs}
_ENDED = {
    **dict.fromkeys("กขคฆ", "k"),
    **dict.fromkeys("จชซฌฎฏฐฑฒดตถทธศษส", "t"),
    **dict.fromkeys("บปพฟภ", "p"),
    **dict.fromkeys("ญณนรลฬ", "n"),
    "ง": "ng", "ม": "m", "ย": "i", "ว": "o",
}  # fmt: skip
_C = "[กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรลวศษสหฬอฮ]"
_CLUSTER = "(?:[กขคตปผพ][รล]|[กขค]ว|ห[งญนมยรลว]|[ทศส]ร)"
# A syllable: vowels before and behind its consonants, and the consonant that ends it.
_SYLLABLES = (
    (f"เ({_CLUSTER}|{_C})ียว?", "ia"),
    (f"เ({_CLUSTER}|{_C})ือ", "uea"),
    (f"เ({_CLUSTER}|{_C})า", "ao"),
    (f"เ({_CLUSTER}|{_C})ิ", "oe"),
    (f"เ({_CLUSTER}|{_C})ย", "oei"),
    (f"เ({_CLUSTER}|{_C})", "e"),
    (f"แ({_CLUSTER}|{_C})", "ae"),
    (f"โ({_CLUSTER}|{_C})", "o"),
    (f"[ใไ]({_CLUSTER}|{_C})ย?", "ai"),
    (f"({_CLUSTER}|{_C})ัว", "ua"),
    (f"({_CLUSTER}|{_C})ั", "a"),
    (f"({_CLUSTER}|{_C})ำ", "am"),
    (f"({_CLUSTER}|{_C})[าะ]", "a"),
    (f"({_CLUSTER}|{_C})[ิี]", "i"),
    (f"({_CLUSTER}|{_C})[ึื]อ?", "ue"),
    (f"({_CLUSTER}|{_C})[ุู]", "u"),
    (f"({_CLUSTER}|{_C})รร", "an"),
    (f"({_CLUSTER}|{_C})อ", "o"),
    (f"({_C})(?={_C})", "o"),
)
_WRITTEN = [(re.compile(pattern), vowel) for pattern, vowel in _SYLLABLES]
_VOWEL_BEHIND = "\u0e30-\u0e3a"
# Vowels that no consonant ends, and one that ends a syllable: no vowel is written around it.
_CLOSED = ("am", "ao", "ai")
_ENDING = re.compile(f"[{''.join(_ENDED)}](?![{_VOWEL_BEHIND}])(?!{_C}[{_VOWEL_BEHIND}])")
# How people spell what the rules write otherwise.
_HABITS = (
    ("ph", "p"), ("th", "t"), ("w", "v"), ("ch", "j"), ("i$", "ee"), ("u", "oo"), ("on$", "orn"), ("k$", "g"),
    ("ue", "eu"), ("^k(?!h)", "g"), ("t$", "d"), ("t$", "ch"), ("kh", "k"),
)  # fmt: skip


def thai_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The one reading of a name, a word for each of its words."""
    yield " ".join(written(spelt_thai(token)) for token in tokens)


def spelt_thai(word: str) -> tuple[str, ...]:
    """The spellings of a word, by the Royal Institute's rules first."""
    known = (*spellings("thai", word), by_letters(word))
    plain = [spelt for spelt in known if spelt]
    habits = [re.sub(pattern, other, spelt) for spelt in plain for pattern, other in _HABITS]
    both = [re.sub("ph", "p", re.sub("th", "t", spelt)).replace("w", "v") for spelt in plain]
    ended = [re.sub("on$", "orn", spelt) for spelt in both]
    return some((*plain, *both, *ended, *habits), _MOST)


def by_letters(word: str) -> str:
    """The spelling of a word by its letters: a guess at the vowels that are not written."""
    word = _UNHEARD.sub("", _SILENT.sub("", word))
    spelt, at = "", 0
    while at < len(word):
        found = next(
            ((match, vowel) for pattern, vowel in _WRITTEN if (match := pattern.match(word, at))), None
        )
        if not found:
            spelt += _BEGUN.get(word[at], "")
            at += 1
            continue
        match, vowel = found
        at = match.end()
        spelt += _begun(match[1]) + vowel
        if vowel not in _CLOSED and (end := _ENDING.match(word, at)):
            spelt += _ENDED[end[0]]
            at += 1
    return spelt


def _begun(signs: str) -> str:
    if signs[0] == "ห" and len(signs) > 1:
        signs = signs[1:]
    if signs in ("ทร", "ศร", "สร"):
        return "s"
    return "".join(_BEGUN[sign] for sign in signs)
