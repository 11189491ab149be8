"""Kana in Latin letters, by Hepburn's rules and in the shorter spellings of passports and habit."""

from __future__ import annotations

import re
import unicodedata

from core.readings.dictionary import some

_ROWS = """
a あいうえお a i u e o|k かきくけこ ka ki ku ke ko|g がぎぐげご ga gi gu ge go|s さしすせそ sa shi su se so
z ざじずぜぞ za ji zu ze zo|t たちつてと ta chi tsu te to
d だぢづでど da ji zu de do|n なにぬねの na ni nu ne no
h はひふへほ ha hi fu he ho
b ばびぶべぼ ba bi bu be bo|p ぱぴぷぺぽ pa pi pu pe po|m まみむめも ma mi mu me mo
r らりるれろ ra ri ru re ro|y やゆよ ya yu yo|w わゐゑを wa i e o|v ゔ vu|n ん n
"""
_KANA = {
    kana: spelt
    for row in _ROWS.replace("\n", "|").split("|")
    if row
    for kana, spelt in zip(row.split()[1], row.split()[2:], strict=True)
}
_SMALL = {"ゃ": "ya", "ゅ": "yu", "ょ": "yo", "ぁ": "a", "ぃ": "i", "ぅ": "u", "ぇ": "e", "ぉ": "o"}
_LONG = re.compile("ou(?!e)|oo|uu")
# A long vowel with an h stands at the end or before a consonant: `satoh`, `ohno`.
_LONG_H = re.compile("(?:ou|oo)(?![aeiou])")
_MOST = 4


def is_kana(text: str) -> bool:
    """Whether all of a text is kana."""
    return all("\u3041" <= letter <= "\u30ff" for letter in text)


def romanized(kana: str) -> str:
    """Kana letter by letter, with long vowels as they are written: `さとう` as `satou`."""
    spelt = ""
    doubled = False
    for letter in map(_hiragana, unicodedata.normalize("NFKC", kana)):
        if letter == "っ":
            doubled = True
            continue
        if letter == "ー":
            spelt += spelt[-1:]
            continue
        if letter in _SMALL:
            spelt = _with_small(spelt, _SMALL[letter])
            continue
        sound = _KANA.get(letter, "")
        if doubled and sound:
            sound = ("t" if sound.startswith("ch") else sound[0]) + sound
        doubled = False
        spelt += sound
    return spelt


def hepburn(romaji: str) -> tuple[str, ...]:
    """The spellings of a name given as `satou`: `satou`, `sato`, `satoh`; `shinbo`, `shimbo`."""
    short = _LONG.sub(lambda long: long[0][0], romaji)
    with_h = _LONG_H.sub("oh", romaji, count=1)
    labial = re.sub("n(?=[bpm])", "m", short)
    return some((romaji, short, with_h, labial), _MOST)


def _hiragana(letter: str) -> str:
    return chr(ord(letter) - 0x60) if "\u30a1" <= letter <= "\u30f6" else letter


def _with_small(spelt: str, small: str) -> str:
    if len(small) == 1:
        return spelt[:-1] + small
    stem = spelt.removesuffix("i")
    return stem + (small[1:] if stem.endswith(("sh", "ch", "j")) else small)
