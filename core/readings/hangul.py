"""Korean names in Latin letters: by the rule of 2000, and as people spell them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.readings.dictionary import some, spellings, table, written

MOST = 5
# The sounds of a syllable in the order of Unicode, each by the rule and then by custom.
_SOUNDS = (
    "g/k kk n d/t tt r/l m b/p pp s ss ' j/ch jj ch k t p h",
    "a/ah ae/ai ya yae eo/u/o e yeo/you/yu ye o/oh wa wae oe/oi yo u/oo wo we wi yu/yoo/you eu/u ui/hee i/ee",
    "' k/ck k k n n n t l l l l l l l l m p/b p t t ng t t k t p t",
)
_INITIALS, _VOWELS, _FINALS = (sounds.split() for sounds in _SOUNDS)
# Given names' syllables whose custom is not that of their sounds, and surnames.
_SYLLABLES, _SURNAMES = "korean_syllables", "korean_surnames"


def korean_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The readings of a Korean name, the given name first; both orders if either word may be the surname."""
    if len(tokens) == 1:
        size = 2 if tokens[0][:2] in table(_SURNAMES) and len(tokens[0]) > 2 else 1
        tokens = [tokens[0][:size], tokens[0][size:]]
    elif len(tokens) > 2:
        tokens = [tokens[0], "".join(tokens[1:])]
    known = [order for order in (tokens, [*reversed(tokens)]) if order[0] in table(_SURNAMES)]
    for family, given in known or [tokens]:
        spelt = written(spellings(_SURNAMES, family)) if family in table(_SURNAMES) else _given(family)
        yield " ".join(filter(None, (_given(given), spelt)))
        if len(given) > 1:
            return


def _given(name: str) -> str:
    return written(*map(syllable, name))


def syllable(letter: str) -> tuple[str, ...]:
    """The spellings of a syllable; the letter itself where it is none."""
    if not "가" <= letter <= "힣":
        return (letter,)
    return some((*spellings(_SYLLABLES, letter), *_by_sound(letter)), MOST)


def _by_sound(letter: str) -> Iterator[str]:
    code = ord(letter) - ord("가")
    first, vowel, last = _INITIALS[code // 588], _VOWELS[code % 588 // 28], _FINALS[code % 28]
    ends = [end.strip("'") for end in last.split("/")]
    for heard in vowel.split("/"):
        for begun in first.split("/"):
            # `ah` and `oh` end a syllable, they do not stand within one.
            if not (ends[0] and heard.endswith("h")):
                yield from (f"{begun.strip(chr(39))}{heard}{end}" for end in ends)
