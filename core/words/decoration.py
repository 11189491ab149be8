"""Decoration that people hang on a name, as in Slack's display names: degrees, pronouns, emoji, teams."""

from __future__ import annotations

import re
import unicodedata

from core.words.patterns import late

_BRACKETED = late(r"\([^()]*(?:\)|$)|\[[^\[\]]*(?:\]|$)|\{[^{}]*(?:\}|$)")
# An emoji as Slack writes it: `:wave:`.
EMOJI = late(r":[a-z0-9_+'-]+:", re.IGNORECASE)
# A second thought after the name: `Jane Doe | Sales`, `jane doe - on leave`, `jane doe // claims`.
_AFTERTHOUGHT = late(r"\s(?:[|\u00b7\u2022/\u2013\u2014~-]+|@)\s.*$|\s*\n.*$", re.DOTALL)
_PRONOUNS = late(
    r"(?<!\w)(?:she|he|they|ze|xe|sie|er|elle|il|ella|ela|ele)(?:/(?:\w+))+(?!\w)", re.IGNORECASE
)
_DEGREES = late(
    r"(?:\s*,\s*|\s+)(?:ph\.?\s?d|m\.?d|mba|msc|m\.sc|bsc|b\.sc|llm|jr|sr|esq|cpa|pmp|rn|ccna|dipl\.?-?\s?ing|"
    r"ii|iii|iv)\.?(?=$|\s*,|\s*\()",
    re.IGNORECASE,
)
# What stands behind a name in Japanese and Korean, without a space or with one.
_HONOURED = late(r"\s*(?:さん|さま|様|先生|殿|くん|ちゃん|씨|님)$")
_COPIED = late(r"[\s,;.!?(]+(?:cc|fyi|/cc|ps)\b:?.*$", re.IGNORECASE | re.DOTALL)
QUOTES = '"`\u201c\u201d\u201e\u00ab\u00bb'
_AROUND = f"{QUOTES} \t'\u2018\u2019\u2039\u203a*_~,;"


def undecorated(text: str) -> str:
    """Return the name alone out of `Jane Doe, PhD (she/her) :wave:`.

    Returns the text itself where nothing would be left.
    """
    bare = uncopied(text)
    for decoration in (EMOJI, _BRACKETED, _PRONOUNS, _AFTERTHOUGHT):
        bare = decoration.sub(" ", bare)
    bare = "".join(character for character in bare if not _is_picture(character))
    bare = _HONOURED.sub("", bare)
    before = ""
    while before != bare:
        before, bare = bare, _DEGREES.sub("", bare).strip(_AROUND)
    return " ".join(bare.split()) or text


def uncopied(text: str) -> str:
    """Return the text without the people who are only copied: `cc @ada`."""
    return _COPIED.sub("", text)


def unbracketed(text: str) -> str:
    """Return the text without pronouns and without what stands in brackets; all of it if nothing is left."""
    bare = _PRONOUNS.sub(" ", _BRACKETED.sub(" ", text))
    return bare if bare.strip() else text


def _is_picture(character: str) -> bool:
    return character > "\u2000" and unicodedata.category(character) in ("So", "Sk", "Cs", "Co", "Mn", "Cf")
