"""Reads wishes for another number or name: `give jane 7777`, `my number is wrong`. Pure."""

from __future__ import annotations

import re

from core.asking.questions import Ask, WantChange
from core.words.patterns import late
from core.words.vocabulary import COURTESY

# Wishes that begin a text, or are all of it: what an admin may do and the bot may not.
_COURTESY = "|".join(sorted(COURTESY))
_ASKED = rf"(?:(?:{_COURTESY}|can|could|would|you|i|we|how|do|to|i'd|want|like|need)[ ,]+)*"
_THANKS = rf"(?: (?:{_COURTESY}|thank you))*"
_SWAP = r"(?:swap|switch|trade|exchange)"
_NUMBER_WORD = r"(?:number|ext|extension|nr)"
_NEW_NUMBER = rf"(?:an? |the )?(?:new|another|different) {_NUMBER_WORD}"
_DIGITS = r"#?(?P<digits>[0-9]+)"
# Not `give me the person on 7777`, and not `change of plans` or `update me on ...`.
_TO_GIVE = r"(?P<name>me|us|(?!(?:me|us)\b).+?)"
_TO_CHANGE = r"(?!(?:of|(?:me|us) on)\b)(?P<name>[^:]+?)"
_SOMEBODY_ELSE = r"(?P<name>(?!(?:i|we|you|who|someone|somebody|anyone|anybody)\b).+?)"
_FAULTY = r"(?:wrong|incorrect|not right|outdated|out of date)"
_WISHES = tuple(
    late(f"{_ASKED}{wish}{_THANKS}", re.IGNORECASE)
    for wish in (
        rf"{_SWAP}(?: {_NUMBER_WORD}s?)? with (?P<other>.+)",
        rf"{_SWAP} (?P<name>.+?) (?:and|with|&|for) (?P<other>.+)",
        rf"(?P<other>.+?) and (?:i|me) (?:want|would like) to {_SWAP}(?: {_NUMBER_WORD}s?)?",
        rf"(?:give|assign|move) {_TO_GIVE} (?:to |the )?(?:{_NUMBER_WORD} )?{_DIGITS}",
        rf"(?:assign|give) {_DIGITS} to (?P<name>.+)",
        rf"(?:give|assign|get) {_TO_GIVE} {_NEW_NUMBER}",
        rf"{_SOMEBODY_ELSE} (?:needs|wants|would like) {_NEW_NUMBER}",
        rf"(?:can|could|may) {_SOMEBODY_ELSE} (?:have|get|take) {_DIGITS}",
        rf"(?:get|have|take|want|like|need)(?: to have)?(?: the)?(?: {_NUMBER_WORD})? {_DIGITS}"
        r"(?: for (?P<name>.+))?",
        rf"(?:change|fix|correct|update)(?: {_TO_CHANGE}(?:'s)?)? {_NUMBER_WORD}(?: to {_DIGITS})?",
        rf"(?:change|fix|correct|update) {_TO_CHANGE} to {_DIGITS}",
        rf"(?:(?P<name>.+?)(?:'s)? )?{_NUMBER_WORD} is {_FAULTY}(?:\W+(?:it )?should be {_DIGITS})?",
        rf"(?P<name>.+?)(?:'s)? {_NUMBER_WORD} (?:should|must|has to|needs to) be {_DIGITS}",
        rf"(?P<name>.+?) (?:has|have|got|is on|am on) (?:the |a )?wrong {_NUMBER_WORD}",
        rf"(?:(?:that|this|it)(?:'s| is)? )?(?:the |a )?{_FAULTY}(?: {_NUMBER_WORD})?",
        rf"(?:(?:want|need|have|get|like) )?{_NEW_NUMBER}",
    )
)
# The asker's own number, in the place of a name.
_OWN = late(
    rf"(?:i|i've|i'm|we|the|this|that)|(?:me|my|mine|myself)(?: own)?(?: {_NUMBER_WORD}s?)?", re.IGNORECASE
)
_BEFORE_DIGITS = late(rf"^{_NUMBER_WORD}\.? #?(?=[0-9])", re.IGNORECASE)
_OWN_INSIDE = late(rf"\bmy (?:old |new |own |current )?{_NUMBER_WORD}\b", re.IGNORECASE)
_NAME_WORD = r"(?:(?:first |last |sur|display )?name|team)"
_NAMED_NOW = r"(?:now|jetzt|maintenant|ahora|agora)"
_OWN_NAME = (
    r"(?:my|mein|mon|mi|meu) "
    r"(?:(?:first |last |sur|display |nach|vor)?name|nom|prénom|nombre|apellido|nome|sobrenome)"
)
_FAULTY_ELSEWHERE = (
    r"(?:falsch|nicht richtig|faux|incorrecte?|erroné|mal|está mal|equivocado|errado)"
    r"(?: (?:geschrieben|écrit|escrit[oa]))?"
)
_NAME_WISHES = tuple(
    late(f"(?:.+[,.;!] )?{_ASKED}{wish}", re.IGNORECASE)
    for wish in (
        rf"(?:change|fix|correct|update) [^:]+? {_NAME_WORD}(?: to .+)?",
        rf".+? {_NAME_WORD} (?:is|was) (?:{_FAULTY}|changed|mis-?spel.+|spel(?:led|t) .+)(?:[,.;:(-]+ ?.*)?",
        rf".+? (?:has |have )?changed (?:(?:her|his|their|my) )?{_NAME_WORD}s?(?: to .+)?",
        rf".+? {_NAME_WORD} (?:has )?changed(?:[,.;:(-]+ ?.*)?",
        rf"{_OWN_NAME} (?:is|was|ist|est|es|é|está) {_FAULTY_ELSEWHERE}(?:[,.;:(-]+ ?.*)?",
        rf"{_OWN_NAME} (?:hat sich geändert|a changé|(?:ha )?cambi(?:ó|ado)|mudou)(?:[,.;:(-]+ ?.*)?",
        rf"{_OWN_NAME} (?:is|should be|ist|est|es|é) [^?]+ {_NAMED_NOW}",
        rf"(?:i am|i'm|i go by|call me)(?: called| named)? [^?]+ {_NAMED_NOW}",
        rf"(?:i am|i'm) {_NAMED_NOW} (?:called|named) [^?]+",
        r"(?:ich heiße jetzt|je m'appelle maintenant|ahora me llamo|agora me chamo) .+",
        r"i (?:got|just got|am|was) (?:married|divorced)\b.*\bname\b.*",
    )
)
# The wish that stands around mentions: `give @jane 7777`, `swap @jane and @bob`. `Give me @jane` asks, and so
# does `give @jane's number`.
_NUMBER_WORDS = rf"(?:\W*\b(?:an?|the|my|new|another|different|to|please|{_NUMBER_WORD}s?)\b)*\W*"
_WISH_FOR_MEMBERS = late(
    rf"{_ASKED}(?:(?:swap|switch|trade)\b.*"
    rf"|(?:give|assign|move|change)\b(?! (?:me|us)\b).*\b[0-9]+\b.*"
    rf"|(?:move|change)\b{_NUMBER_WORDS}"
    rf"|(?:give|assign)\b(?=.*\b(?:an?|my|new|another|different|to)\b){_NUMBER_WORDS})",
    re.IGNORECASE,
)
_WITH_THE_ASKER = late(
    rf"\b{_SWAP}\b.* (?:with|(?:with|and) (?:me|mine)|(?:me|mine) (?:and|with)){_THANKS}\W*$", re.IGNORECASE
)
# A clause that begins like a wish before a question: `change of plans, what is @jane's extension?`
_PREFACE = late(rf"^{_ASKED}(?:give|assign|move|change)\b[^,;:]*[,;:]", re.IGNORECASE)


# A text without any of these letters states no wish, and the other patterns need not be tried.
_OF_WISHES = late(
    "swap|switch|trade|exchange|give|assign|move|number|ext|nr|get|have|take|want|like|need|name|team"
    "|change|fix|correct|update|wrong|right|date|now|nom|heiße|appelle|llamo|chamo|apellido",
    re.IGNORECASE,
)


def wish_in(text: str) -> WantChange | Ask | None:
    """Return the wish that the whole text states, its names as typed, "" for the asker; None for no wish."""
    text = text.strip(" .!?")
    if not _OF_WISHES.search(text):
        return None
    if any(pattern.fullmatch(text) for pattern in _NAME_WISHES):
        return Ask.ANOTHER_NAME
    for pattern in _WISHES:
        if found := pattern.fullmatch(text):
            wish = found.groupdict()
            name, other = (_of_another(wish.get(group) or "") for group in ("name", "other"))
            if wish.get("other") and not other:  # the swap is with the asker
                name, other = other, name
            return WantChange(name, wish.get("digits") or "", other)
    return None


def is_around_mentions(text: str) -> bool:
    """Whether a text, without the mentions in it, wishes another number for those mentioned."""
    return _WISH_FOR_MEMBERS.fullmatch(text) is not None


def is_with_the_asker(text: str) -> bool:
    """Whether a text, without the one mention in it, wishes to swap with the asker: `swap ... with me`."""
    return _WITH_THE_ASKER.search(text) is not None


def without_preface(text: str) -> str:
    """Return the text without a clause that begins like a wish: `change of plans, ...`."""
    return _PREFACE.sub("", text)


def speaks_of_the_asker(text: str) -> bool:
    """Whether the asker's own number is in the text: `i lost my number`."""
    return _OWN_INSIDE.search(text) is not None


def _of_another(name: str) -> str:
    return "" if _OWN.fullmatch(name) else _BEFORE_DIGITS.sub("", name)
