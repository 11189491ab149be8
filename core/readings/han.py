"""Names in Chinese characters or kana in Latin letters: Chinese, Japanese, or both where either may be."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from core.readings.dictionary import bearers, some, spellings, table, written
from core.readings.kana import hepburn, is_kana, romanized

_MOST = 6
_LONGEST_SURNAME = 4
_CHINESE = "chinese_surnames"
# Characters that are written in a newer or plainer form in most names.
_SAME = str.maketrans(
    "髙﨑邊邉澤齋齊濵濱嶋嶌廣櫻國眞﨟瀨德惠榮德", "高崎辺辺沢斎斉浜浜島島広桜国真萩瀬徳恵栄徳"
)
_KANA_BESIDE = re.compile("[\u3041-\u30ffーヶ々]")


def han_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The readings of a name, the given name first: Japanese ones, and Chinese ones unless kana tell."""
    tokens = [token.translate(_SAME) if not _known_chinese(token) else token for token in tokens]
    found = [*japanese_readings(tokens)]
    surely = len(found) > 0 and " " in found[0] and not _known_chinese(tokens[0]) and len("".join(tokens)) > 3
    if not surely and not any(_KANA_BESIDE.search(token) for token in tokens):
        found += chinese_readings(tokens)
    yield from dict.fromkeys(found)


def _known_chinese(token: str) -> bool:
    return not {token[:1], token[:2]}.isdisjoint(table(_CHINESE))


def japanese_readings(tokens: Sequence[str]) -> Iterator[str]:
    """The readings by the dictionary: at most two ways to cut a name, those first that know both halves."""
    cuts = [(family, given) for family, given in _cuts(tokens) if spellings("japanese_surnames", family)]
    whole = [(family, given) for family, given in cuts if _given(given)]
    cuts = sorted(cuts, key=lambda cut: -bearers("japanese_surnames", cut[0]))
    if not cuts and all(map(is_kana, tokens)):
        yield " ".join(written(hepburn(romanized(token))) for token in tokens)
    for family, given in whole[:2] or cuts[:1]:
        surname = written(_hepburn(spellings("japanese_surnames", family)))
        yield f"{written(_given(given))} {surname}" if whole else surname


def _cuts(tokens: Sequence[str]) -> Iterator[tuple[str, str]]:
    """A name as surname and given name: surnames of two characters first, which most are."""
    if len(tokens) > 1:
        first, last = tokens[0], "".join(tokens[1:])
        yield from ((first, last), (last, first))
        return
    name = tokens[0]
    for size in (2, 1, 3, _LONGEST_SURNAME):
        if size < len(name):
            yield name[:size], name[size:]


def _given(name: str) -> tuple[str, ...]:
    if name and is_kana(name):
        return hepburn(romanized(name))
    return _hepburn(spellings("japanese_given", name))


def _hepburn(readings: Sequence[str]) -> tuple[str, ...]:
    return some(chain.from_iterable(zip(*map(_three, readings), strict=True)), 2 * _MOST)


def _three(reading: str) -> tuple[str, str, str]:
    """The spelling with and without long vowels, and another."""
    spelt = hepburn(reading)
    return spelt[0], spelt[1] if len(spelt) > 1 else "", spelt[2] if len(spelt) > 2 else ""


def chinese_readings(tokens: Sequence[str]) -> Iterator[str]:
    """Mandarin by pinyin and by Wade and Giles, Cantonese as in Hong Kong; the surname in all spellings."""
    if len(tokens) == 1:
        size = 2 if tokens[0][:2] in table(_CHINESE) and len(tokens[0]) > 2 else 1
        cuts = [(tokens[0][:size], tokens[0][size:])]
    else:
        first, last = tokens[0], "".join(tokens[1:])
        cuts = [(first, last), (last, first)]
    known = [cut for cut in cuts if cut[0] in table(_CHINESE)] or cuts[:1]
    for family, given in known:
        if len(given) > 3 or len(family) > 2:
            continue
        surname = written(some((*spellings(_CHINESE, family), *_otherwise(family)), _MOST + 2))
        yield " ".join(filter(None, (written(*map(_mandarin, given)), surname)))
        by_ear = [spellings("cantonese", sign) for sign in given]
        if given and all(by_ear):
            yield f"{written(*by_ear)} {surname}"
        if len(given) > len(family):
            return


def _otherwise(family: str) -> Iterator[str]:
    """The spellings of a surname by rule, after those by custom."""
    if len(family) == 1:
        readings = [*spellings(_CHINESE, family)[:1], *spellings("mandarin", family)]
        yield from readings[:1]
        yield wade_giles(readings[0]) if readings else ""
        yield from spellings("cantonese", family)
        yield from readings


def _mandarin(sign: str) -> tuple[str, ...]:
    readings = [spelt.replace("v", "u") for spelt in spellings("mandarin", sign)[:2]]
    return some((*readings, *map(wade_giles, readings)), 4) or (sign,)


_BEGUN = (("zh", "ch"), ("ch", "ch"), ("sh", "sh"), ("b", "p"), ("d", "t"), ("g", "k"), ("j", "ch"),
          ("q", "ch"), ("z", "ts"), ("c", "ts"), ("x", "hs"), ("r", "j"))  # fmt: skip
_WHOLE = {
    "zi": "tzu", "ci": "tzu", "si": "szu", "zhi": "chih", "chi": "chih", "shi": "shih", "ri": "jih",
    "yi": "i",
    "you": "yu", "yan": "yen", "ye": "yeh", "yue": "yueh", "er": "erh", "ge": "ko", "ke": "ko", "he": "ho",
    "e": "o", "yong": "yung", "duo": "to", "tuo": "to", "luo": "lo", "zuo": "tso", "cuo": "tso",
    "zhuo": "cho",
    "nuo": "no", "ruo": "jo", "gui": "kuei", "kui": "kuei",
}  # fmt: skip
_ENDED = (("ong", "ung"), ("ian", "ien"), ("ie", "ieh"), ("ue", "ueh"))


def wade_giles(pinyin: str) -> str:
    """The spelling of a syllable in Taiwan: `xiao` as `hsiao`, `zhi` as `chih`."""
    if pinyin in _WHOLE:
        return _WHOLE[pinyin]
    begun = next((pair for pair in _BEGUN if pinyin.startswith(pair[0])), ("", ""))
    rest = pinyin[len(begun[0]) :]
    for end, other in _ENDED:
        if rest.endswith(end):
            rest = rest.removesuffix(end) + other
            break
    return begun[1] + rest
