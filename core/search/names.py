"""Names as search sees them: folded to plain letters, cut into words, each word into its pieces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from anyascii import anyascii

_BETWEEN_WORDS = re.compile(r"[\s,;/&+:\"()\[\]{}<>|]+")
_PIECE = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"[a-z0-9]'s(?![a-z0-9])")
_SYLLABLE = re.compile(r"(?<=[a-z])(?=[A-Z])")
_DOMAIN = re.compile("@.*")
_MARKS = bytes(code for code in range(128) if not chr(code).isalnum() and chr(code) != "\n")
_MARKS_APART = bytes.maketrans(_MARKS, b" " * len(_MARKS))
_SPELT_OUT = {"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"}
# Pairs of Greek letters that anyascii spells letter by letter.
_SPELT_OUT |= {"ου": "ou", "ού": "ou", "ευ": "ev", "εύ": "ev", "αυ": "av", "αύ": "av", "γγ": "ng"}


class Word(NamedTuple):
    """One way to write a stretch of a name; `places` has a bit for each piece that it stands for."""

    text: str
    places: int


class Answer(NamedTuple):
    """The match of a word of a name with what was typed. `score` is 0..1, `because` is for people.

    `names` is true where people do call somebody so (the name itself, a nickname, a name cut short),
    and false where what was typed only resembles the word.
    """

    score: float
    because: str
    names: bool


class _Ascii(dict[int, str]):
    """Characters by code to their ASCII spelling, looked up once each."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = spelt = " " if code > 127 and character.isspace() else anyascii(character)
        return spelt


_ASCII = _Ascii()


def fold(text: str) -> str:
    """Lower case in ASCII: `Søren` as `soren`, `王小明` as `wang-xiao-ming`."""
    if text.isascii():
        return text.lower()
    return _SYLLABLE.sub("-", unicodedata.normalize("NFC", text).casefold().translate(_ASCII)).lower()


def literal(text: str) -> str:
    """The text as typed, but for case and the amount of space."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def words_of(name: str) -> tuple[Word, ...]:
    """Every piece of the name, and every word of several pieces also as one: `o`, `brien`, `obrien`.

    Umlauts count both ways: `Müller` is `muller` and `mueller`. So do pairs of Greek letters.
    """
    return placed(*_spellings(name))


def placed(*spellings: str) -> tuple[Word, ...]:
    """The words of a name that is given by its spellings, folded."""
    words = [word for spelling in spellings for word in _placed(spelling)]
    return tuple(words if len(spellings) == 1 else dict.fromkeys(words))


def words_of_query(text: str) -> tuple[str, ...]:
    """The words of a text, folded, cut at every mark."""
    return tuple(piece for word in _split(fold(text)) for piece in word)


def apart(folded: Sequence[str]) -> list[str]:
    """The pieces of each folded text with spaces between them."""
    return _all_at_once(lambda text: text.encode(errors="ignore").translate(_MARKS_APART).decode(), folded)


def readings_of(query: str) -> list[tuple[str, ...]]:
    """The tokens that the query may stand for: cut at every mark, or only at the spaces.

    The `s` of a possessive is no initial: `jane's` is not Jane Smith.
    """
    found: dict[tuple[str, ...], None] = {}
    for spelling in _spellings(query):
        words = _split(spelling)
        if not _POSSESSIVE.search(spelling):
            found[tuple(piece for word in words for piece in word)] = None
        found[tuple("".join(word) for word in words)] = None
    return [reading for reading in found if reading]


def compacted(folded: Sequence[str]) -> list[str]:
    """The letters and digits alone of each folded text: `jane.doe` as `janedoe`."""
    return _all_at_once(_letters, folded)


def compact_logins(usernames: Sequence[str]) -> list[str]:
    """The letters and digits of each username, folded, up to an @: `Jane.Doe@example.com` as `janedoe`."""
    compact = _all_at_once(lambda text: _letters(_DOMAIN.sub("", text).lower()), usernames)
    for place, text in enumerate(compact):
        if not text.isascii():
            compact[place] = _letters(fold(usernames[place].partition("@")[0]))
    return compact


def _letters(text: str) -> str:
    return text.encode(errors="ignore").translate(None, _MARKS).decode()


def _spellings(text: str) -> list[str]:
    folded = fold(text)
    if text.isascii():
        return [folded]
    plain = _composed(text)
    spelt_out = _spelt_out(plain)
    return [folded] if spelt_out == plain else [folded, fold(spelt_out)]


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _spelt_out(text: str) -> str:
    for umlaut, letters in _SPELT_OUT.items():
        text = text.replace(umlaut, letters)
    return text


class Spelt(NamedTuple):
    """Names, folded, with their spaces; and by place those that are spelt another way too, for an umlaut."""

    names: list[str]
    others: dict[int, str]


def spellings_of(names: Sequence[str]) -> Spelt:
    """The spellings of each name.

    Takes all foreign names at once: one long string is folded ten times as fast as many short ones.
    """
    lines = list(map(str.lower, names))
    foreign = [place for place, line in enumerate(lines) if not line.isascii()]
    plain = _all_at_once(_composed, [names[place] for place in foreign])
    spelt_out = zip(foreign, plain, _all_at_once(_spelt_out, plain), strict=True)
    umlauts = {place: other for place, line, other in spelt_out if other != line}
    for place, folded in zip(foreign, _all_at_once(_fold_lines, plain), strict=True):
        lines[place] = folded
    return Spelt(lines, dict(zip(umlauts, _all_at_once(_fold_lines, [*umlauts.values()]), strict=True)))


def _fold_lines(text: str) -> str:
    spelt = text.translate(_ASCII)
    # Only syllables of other scripts begin with a capital.
    return spelt if spelt.islower() else _SYLLABLE.sub("-", spelt).lower()


def _all_at_once(change: Callable[[str], str], texts: Sequence[str]) -> list[str]:
    changed = change("\n".join(texts)).split("\n")
    return changed if len(changed) == len(texts) else [change(text) for text in texts]


def _split(folded: str) -> list[list[str]]:
    words = folded.split()
    if "".join(words).isalnum():
        return [[word] for word in words]
    return [pieces for word in _BETWEEN_WORDS.split(folded) if (pieces := _PIECE.findall(word))]


def _placed(folded: str) -> Iterator[Word]:
    place = 0
    for pieces in _split(folded):
        for number, piece in enumerate(pieces):
            yield Word(piece, 1 << place + number)
        if len(pieces) > 1:
            yield Word("".join(pieces), ((1 << len(pieces)) - 1) << place)
        place += len(pieces)
