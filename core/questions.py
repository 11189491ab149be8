"""Reads questions: a command or plain words -> a question that the bot can answer.

A sentence is peeled: what people say around a name (`hey, can you give me the number for ... please`)
goes, and what is left is the name. Words that are also names (`Will`, `May`, `Hi`, `Can`) are peeled only
where the words next to them show that they are not one; `core.search.ranking` forgives what is left standing.
Every step looks at each word a bounded number of times, so any text is understood in linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from core.directory.keys import Format
from core.search.vocabulary import (
    AROUND_A_NAME,
    ASKING,
    ELSEWHERE,
    GRATEFUL,
    HINTS,
    NOUNS,
    PARTICLES,
    THANKS,
    WHICH,
    word_set,
)


@dataclass(frozen=True, slots=True)
class AskPerson:
    """People by name. `text` is all that was typed, `members` are mentioned beside the name.

    `parts` are the questions of a text that may name several: `jane and bob`.
    """

    name: str
    text: str = field(default="", compare=False)
    members: tuple[str, ...] = field(default=(), compare=False)
    parts: tuple[Question, ...] = field(default=(), compare=False)

    @property
    def whole(self) -> str:
        """The text that would be one name if it names nobody several: `Doe, Jane`."""
        return self.name if _BETWEEN_PARTS.search(self.name) else self.text


@dataclass(frozen=True, slots=True)
class AskNumber:
    """The agent on an extension. `digits` are as typed: `0042` or `42`; `text` is all that was typed.

    `parts` are the questions of a text that may name several: `7238 and 7237`.
    """

    digits: str
    text: str = field(default="", compare=False)
    parts: tuple[Question, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class AskMember:
    """Which extension does this member of the Slack workspace have?"""

    user_id: str


@dataclass(frozen=True, slots=True)
class AskMine:
    """Which extension do I have?"""


@dataclass(frozen=True, slots=True)
class AskHelp:
    """Help. Also the answer to a mere greeting."""


@dataclass(frozen=True, slots=True)
class AskDirectory:
    """Where is the whole list, and in which form?"""

    format: Format = Format.PAGE


@dataclass(frozen=True, slots=True)
class AskNothing:
    """No text."""


@dataclass(frozen=True, slots=True)
class AskSeveral:
    """Several members of the workspace at once."""

    questions: tuple[AskMember, ...]


@dataclass(frozen=True, slots=True)
class Thanks:
    """No question: thanks, agreement, a lone emoji."""


@dataclass(frozen=True, slots=True)
class WantChange:
    """A wish that only an admin can grant: `give jane 7777`, `my number is wrong`.

    `name` is whose number it is about, "" for the asker's own; `digits` the number that is wanted, "" for
    none; `other` the person to swap with. `members` are mentioned in the place of names, "" is the asker.
    """

    name: str = ""
    digits: str = ""
    other: str = ""
    members: tuple[str, ...] = ()


Question = (
    AskPerson
    | AskNumber
    | AskMember
    | AskMine
    | AskHelp
    | AskDirectory
    | AskNothing
    | AskSeveral
    | Thanks
    | WantChange
)


# Names that are such words too, and the words that show, by coming next, that they are no names.
_ADDRESSED = word_set("you u i we this it someone somebody anyone anybody people they one")
SHOWN_BY = {
    **dict.fromkeys(("can", "will", "may", "do", "might", "shall"), _ADDRESSED),
    **dict.fromkeys(("my", "an", "her", "his", "their", "our"), NOUNS | {"own"}),
    **dict.fromkeys(("hi", "so", "yo", "well"), ASKING | {"can", "do", "please", "bot"}),
    "desk": NOUNS,
    "hold": word_set("of"),
    "good": word_set("morning afternoon evening day"),
    "excuse": word_set("me"),
    "help": word_set("me us"),
}
AFTER_A_NAME = NOUNS | WHICH
AFTER_A_NAME |= word_set(
    """has have got gets use uses used using is on at in now today currently again reachable available
    free around taken assigned belong belongs me i you u that please thanks thx pls plz kindly and an the
    her his"""
)
# What words around a name must have beside them to be no part of it: `... belong to`, `... for me`.
_BEFORE_TO = word_set("belong belongs belonging assigned speak talk")
_AFTER_FOR = word_set("me us")
# One of these is enough beside two words that may be a name: `jane doe ext`.
_EXTENSION = word_set("ext extn extension extention number phone")
LISTING = word_set("directory list phonebook everyone everybody all full whole complete entire link export")

WHOLE: dict[Question, frozenset[str]] = {
    AskMine(): word_set("me mine my myself whoami"),
    AskHelp(): word_set(
        """help commands usage info hi yo hey hello heya hiya howdy greetings who what
        how"""
    ),
    AskDirectory(): word_set("directory list phonebook everyone everybody all export"),
}

FORMATS = {each.value: each for each in Format} | {"excel": Format.XLSX, "vcf": Format.VCARD}

LONGEST_TEXT = 4000
_QUOTED = re.compile(r'([^"]*)"([^"]+)"([^"]*)')
_NUMBER = re.compile(r"(?:#|x|ext\.?|extension)?[:#]?([0-9]+)")
_SPACED = re.compile(r"[0-9]{1,3}(?: [0-9]{1,3}){1,3}")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:")
_FACE = re.compile(r"[:;=8][-'o]?[()DPp/|*3]+")
_BETWEEN_PARTS = re.compile(r"\s*[,;&+/]\s*|\s+(?:and|und|et|or|plus)\s+", re.IGNORECASE)
_COPIED = re.compile(r"[\s,;.!?]+(?:cc|fyi)\b.*$", re.IGNORECASE)
# Wishes that begin a text, or are all of it: what an admin may do and the bot may not.
_ASKED = r"(?:(?:please|pls|hi|hey|hello|can|could|would|you|i|we)[ ,]+)*"
_NUMBER_WORD = r"(?:number|ext|extension)"
_DIGITS = r"#?(?P<digits>[0-9]+)"
# Not `give me the person on 7777`, and not `change of plans` or `update me on ...`.
_TO_GIVE = r"(?P<name>me|us|(?!(?:me|us)\b).+?)"
_TO_CHANGE = r"(?!(?:of|(?:me|us) on)\b)(?P<name>[^:]+?)"
_WISHES = tuple(
    re.compile(f"{_ASKED}{wish}(?: please)?", re.IGNORECASE)
    for wish in (
        rf"(?:swap|switch|trade)(?: {_NUMBER_WORD}s?)? with (?P<other>.+)",
        r"(?:swap|switch|trade) (?P<name>.+?) (?:and|with|&|for) (?P<other>.+)",
        rf"(?:give|assign|move) {_TO_GIVE} (?:to |the )?(?:{_NUMBER_WORD} )?{_DIGITS}",
        rf"(?:assign|give) {_DIGITS} to (?P<name>.+)",
        rf"(?:get|have|take|want|like|need)(?: the)?(?: {_NUMBER_WORD})? {_DIGITS}(?: for (?P<name>.+))?",
        rf"(?:change|fix|correct|update) {_TO_CHANGE}(?:'s)?(?: {_NUMBER_WORD})?(?: to {_DIGITS})?",
        rf"(?P<name>.+?)(?:'s)? {_NUMBER_WORD} is (?:wrong|incorrect|not right|outdated|out of date)",
        rf"(?P<name>.+?)(?:'s)? {_NUMBER_WORD} (?:should|must|has to|needs to) be {_DIGITS}",
        rf"(?P<name>.+?) (?:has|have|got) (?:the |a )?wrong {_NUMBER_WORD}",
        rf"(?:(?:that|this|it)(?:'s| is)? )?(?:the |a )?wrong(?: {_NUMBER_WORD})?",
        rf"(?:want|need|have|get|like|'d like) (?:a |an )?(?:new|another|different) {_NUMBER_WORD}",
    )
)
# The wish that stands around mentions: `give @jane 7777`, `swap @jane and @bob`. `Give me @jane` asks.
_NUMBER_WORDS = rf"(?:\W*\b(?:an?|the|my|new|another|different|to|please|{_NUMBER_WORD}s?)\b)*\W*"
_WISH_FOR_MEMBERS = re.compile(
    rf"{_ASKED}(?:(?:swap|switch|trade)\b.*"
    rf"|(?:give|assign|move|change)\b(?! (?:me|us)\b)(?:.*\b[0-9]+\b.*|{_NUMBER_WORDS}))",
    re.IGNORECASE,
)
# A clause that begins like a wish before a question: `change of plans, what is @jane's extension?`
_ASIDE = re.compile(rf"^{_ASKED}(?:give|assign|move|change)\b[^,;:]*[,;:]", re.IGNORECASE)
_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u00b4\u0060\uff07"), "'")
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"')
_MARKS = ' .,;:!?"()[]{}*_~<>|/\\\u2026\u00bf\u00a1\u2013\u2014-'


class Word(NamedTuple):
    """A word as typed, and as compared. `owner` is the name in it when it ends in a possessive."""

    typed: str
    bare: str
    owner: str


def understand(text: str, mentions: Sequence[str] = ()) -> Question:
    """Read a plain text. Every text has an answer. `mentions` are user ids of people named beside it.

    A mention is who is asked about where no name and no number stands beside it.
    """
    text = _plain(text[:LONGEST_TEXT])
    text = " ".join(_EMOJI.sub(" ", text).split()) or text
    members = tuple(dict.fromkeys(mentions))
    words = _words(text)
    if members and _WISH_FOR_MEMBERS.fullmatch(text):
        digits = next((word.bare for word in words if word.bare.isdecimal()), "")
        with_me = len(members) == 1 and not digits and text.casefold().endswith(" with")
        return WantChange(digits=digits, members=("", *members) if with_me else members[:2])
    asked = _words(_ASIDE.sub("", text))
    if members and (not asked or _about_nobody([*asked, *_words("who")]) or _all_asking(asked)):
        questions = tuple(AskMember(member) for member in members)
        return questions[0] if len(questions) == 1 else AskSeveral(questions)
    question = _of_one(text, words, members)
    if isinstance(question, AskPerson | AskNumber) and len(parts := _parts(text)) > 1:
        return replace(question, parts=parts)
    return question


def _of_one(text: str, words: Sequence[Word], members: tuple[str, ...]) -> Question:
    """The question of a text that asks about one person or number."""
    if not words:
        return _of_marks(text)
    if _FACE.fullmatch(text) or _is_thanks(words):
        return Thanks()
    about_nobody = _whole(words) or _wish(text) or _number(text, words) or _about_nobody(words)
    return about_nobody or AskPerson(_name(text, words), text, members)


def _of_marks(text: str) -> Question:
    """The question of a text without a word in it."""
    if "?" in text:
        return AskHelp()
    if not text:
        return AskNothing()
    return Thanks() if _FACE.fullmatch(text) or not text.isascii() else AskPerson(text, text)


def _words(text: str) -> list[Word]:
    return [word for typed in text.split() if (word := _word(typed)).bare]


def _is_thanks(words: Sequence[Word]) -> bool:
    """Whether somebody only thanks or agrees: nothing is asked, and no name is said."""
    spoken = (word for word in words if any(map(str.isalnum, word.bare)))
    said = [word.bare for word in spoken if not _EMOJI.fullmatch(word.typed)]
    if not said:
        return any(_EMOJI.fullmatch(word.typed) or not word.typed.isascii() for word in words)
    return all(word in THANKS for word in said) and any(word in GRATEFUL for word in said)


def _all_asking(words: Sequence[Word]) -> bool:
    return all(_is_asking(words, at) for at in range(len(words)))


def _parts(text: str) -> tuple[Question, ...]:
    """The questions of a text that names several: parts that only ask belong to all of them."""
    if not _BETWEEN_PARTS.search(text):
        return ()
    questions = []
    for part in _BETWEEN_PARTS.split(_COPIED.sub("", text)):
        words = _words(part)
        question = _of_one(part, words, ()) if words and not _all_asking(words) else None
        if isinstance(question, AskPerson | AskNumber):
            questions.append(question)
    return tuple(dict.fromkeys(questions))


def exact(text: str) -> AskMine | AskNumber | AskPerson:
    """The one reading of a text that names whose number is to change: nothing in it is passed over."""
    text = _plain(text[:LONGEST_TEXT])
    if text.casefold() in ("me", "myself"):
        return AskMine()
    found = _NUMBER.fullmatch(text.casefold())
    return AskNumber(found[1], text) if found else AskPerson(text, text)


def _plain(text: str) -> str:
    """The text without invisible characters and typographers' quotes."""
    text = text.translate(_APOSTROPHES).translate(_QUOTES)
    return " ".join("".join(map(_visible, text)).split())


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.decimal(character))
    return {"Cf": "", "Cc": " "}.get(category, character)


def _word(typed: str) -> Word:
    inner = typed.strip(_MARKS).lstrip("'")
    bare = inner.casefold()
    if bare in ASKING or not bare.endswith(("'s", "s'")):
        return Word(typed, bare.rstrip("'"), "")
    return Word(typed, bare, inner[:-2] if bare.endswith("'s") else inner[:-1])


def _whole(words: Sequence[Word]) -> Question | None:
    """Read the question of a single word beside which nothing but politeness stands."""
    said = [word.bare for word in words]
    if len(said) > 1 and said[-1] == "please":
        said.pop()
    if len(said) == 2 and said[0] in WHOLE[AskDirectory()] and said[1] in FORMATS:
        return AskDirectory(FORMATS[said[1]])
    if len(said) > 1:
        return None
    return next((question for question, commands in WHOLE.items() if said[0] in commands), None)


def _number(text: str, words: Sequence[Word]) -> AskNumber | None:
    """The extension asked about, when all other words only ask."""
    numbers = list(dict.fromkeys(found[1] for word in words if (found := _NUMBER.fullmatch(word.bare))))
    if _SPACED.fullmatch(text):
        return AskNumber("".join(text.split()), text)
    others = (at for at, word in enumerate(words) if not _NUMBER.fullmatch(word.bare))
    asked = numbers and all(_is_asking(words, at) or words[at].bare in ("x", "n", "#") for at in others)
    return AskNumber(numbers[0], text) if asked else None


def _wish(text: str) -> WantChange | None:
    """The wish for another number that a text states."""
    for pattern in _WISHES:
        if found := pattern.fullmatch(text.strip(" .!?")):
            wish = found.groupdict()
            name = _name_in(wish.get("name") or "")
            if name in ("me", "my", "mine", "myself"):
                name = ""
            return WantChange(name, wish.get("digits") or "", _name_in(wish.get("other") or ""))
    return None


def _name_in(text: str) -> str:
    words = _words(text)
    return _name(text, words) if words else ""


def _about_nobody(words: Sequence[Word]) -> Question | None:
    """Read words with no name among them: about the asker, about the list, or nothing clear."""
    said = {word.bare for word in words}
    known = LISTING | {"mine", "my", "help"}
    if len(words) < 2 or not said & (ASKING | known):
        return None
    if not all(word.bare in known or _is_asking(words, at) for at, word in enumerate(words)):
        return None
    if "help" in said:
        return AskHelp()
    if said & {"my", "mine", "myself"} or _is_about_the_asker(said):
        return AskMine()
    return AskDirectory() if said & LISTING else AskHelp()


def _is_about_the_asker(said: set[str]) -> bool:
    i_have = said & {"i"} and said & {"have", "am", "got", "on"} and not said & LISTING
    reaches_me = said & {"me", "i'm", "im", "i've"} and said & {
        "reach",
        "call",
        "dial",
        "ring",
        "contact",
        "for",
        "on",
    }
    return bool(i_have or reaches_me)


def _name(text: str, words: Sequence[Word]) -> str:
    """The name that is asked about: all of the text, unless it is clear which words ask."""
    if (quoted := _QUOTED.fullmatch(text)) and quoted[2].strip():
        outside = [_word(typed) for typed in f"{quoted[1]} {quoted[3]}".split()]
        if all(_is_asking(outside, at) for at in range(len(outside))):
            return quoted[2].strip()
    start = _first_of_name(words)
    for at in range(start, len(words)):
        if words[at].owner and (at + 1 == len(words) or _is_asking(words, at + 1)):
            return _joined([*words[start:at], words[at]._replace(typed=words[at].owner)])
    end = _end_of_name(words, start)
    name, around = words[start:end], [*words[:start], *words[end:]]
    return _joined(name if name and _is_clear(name, around) else words)


def _joined(words: Sequence[Word]) -> str:
    name = " ".join(word.typed for word in words)
    return name.strip(_MARKS + "'").lstrip("@") or name


def _first_of_name(words: Sequence[Word]) -> int:
    return next((at for at in range(len(words)) if not _is_asking(words, at)), 0)


def _end_of_name(words: Sequence[Word], start: int) -> int:
    end = len(words)
    while end > start and _ends(words, end - 1):
        end -= 1
    return end


def _ends(words: Sequence[Word], at: int) -> bool:
    if words[at].bare == "to":
        return words[at - 1].bare in _BEFORE_TO
    if words[at].bare == "for":
        return at + 1 < len(words) and words[at + 1].bare in _AFTER_FOR
    return words[at].bare in AFTER_A_NAME


def _is_asking(words: Sequence[Word], at: int) -> bool:
    """Whether the word belongs to the question, judged by itself and the words beside it."""
    bare = words[at].bare
    if words[at].owner:
        return False
    if bare == "do" and at + 1 == len(words):
        return at > 0 and words[at - 1].bare in _ADDRESSED
    following = words[at + 1].bare if at + 1 < len(words) else ""
    if bare in AROUND_A_NAME or following in SHOWN_BY.get(bare, ()):
        return True
    return bare in ELSEWHERE or (bare in PARTICLES and _beside_another_language(words, at))


def _beside_another_language(words: Sequence[Word], at: int) -> bool:
    """Whether a small word such as `de` follows other words of a question in that language."""
    before = at - 1
    while before >= 0 and words[before].bare in PARTICLES:
        before -= 1
    return before >= 0 and words[before].bare in ELSEWHERE


def _is_clear(name: Sequence[Word], around: Sequence[Word]) -> bool:
    """Whether the words around the name show that it is a question: one that asks, or two that hint at it."""
    said = {word.bare for word in around}
    hints = sum(word.bare in HINTS or word.bare in NOUNS for word in around)
    asking = said & ASKING or said & ELSEWHERE
    return hints > 1 or bool(asking or said & SHOWN_BY.keys() or (len(name) > 1 and said & _EXTENSION))
