"""Reads questions: a command or plain words -> a question that the bot can answer.

A sentence is peeled: what people say around a name (`hey, can you give me the number for ... please`)
goes, and what is left is the name. Words that are also names (`Will`, `May`, `Hi`, `Can`) are peeled only
where the words next to them show that they are not one; `core.search.ranking` forgives what is left standing.
A text is read up to its first thousand characters, so that none takes longer than hundredths of a second.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from core.asking.wishes import (
    is_around_mentions,
    is_with_the_asker,
    speaks_of_the_asker,
    wish_in,
    without_preface,
)
from core.directory.keys import Format
from core.words.decoration import unbracketed
from core.words.patterns import late
from core.words.typed_numbers import digits_of, in_pieces, plain_digits_of, public_number, spelled_out
from core.words.vocabulary import (
    AROUND_A_NAME,
    ASKING,
    ELSEWHERE,
    GRATEFUL,
    HINTS,
    NOUNS,
    NOUNS_ELSEWHERE,
    OWN_ELSEWHERE,
    PARTICLES,
    THANKS,
    WHICH,
    word_set,
)

# Stands on both sides of the number of a mention, in the place of the mention.
MARK = "\ue000"


class AskPerson(Struct, frozen=True):
    """People by name. `text` is all that was typed, `members` are mentioned beside the name.

    `parts` are the questions of a text that may name several: `jane and bob`. `joined`: a word such as `and`
    says that they are several.
    """

    name: str
    text: str = ""
    members: tuple[str, ...] = ()
    parts: tuple[Question, ...] = ()
    joined: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AskPerson) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    @property
    def whole(self) -> str:
        """The text that would be one name if it names nobody several: `Doe, Jane`."""
        bare = self.name if _BETWEEN_PARTS.search(self.name) else self.text
        return " ".join(unbracketed(bare).split())

    @property
    def speaks_of_the_asker(self) -> bool:
        """Whether the asker's own number is in the text: `i lost my number`."""
        return speaks_of_the_asker(self.text)

    @property
    def is_only_a_name(self) -> bool:
        """Whether a short text has no word of a question in it."""
        words = _words(self.text)
        return 0 < len(words) <= MOST_WORDS_OF_A_NAME and not any(
            word.bare in _OF_QUESTIONS for word in words
        )


class AskNumber(Struct, frozen=True):
    """The agent on an extension. `digits` are as typed: `0042` or `42`; `text` is all that was typed.

    `parts` are the questions of a text that may name several: `7238 and 7237`.
    """

    digits: str
    text: str = ""
    parts: tuple[Question, ...] = ()
    joined: bool = False

    def __eq__(self, other: object) -> bool:
        return isinstance(other, AskNumber) and self.digits == other.digits

    def __hash__(self) -> int:
        return hash(self.digits)

    @property
    def whole(self) -> str:
        """The text that would be one name if it names nobody several."""
        return self.text


class AskMember(Struct, frozen=True):
    """Which extension does this member of the Slack workspace have?"""

    user_id: str


class AskMine(Struct, frozen=True):
    """Which extension do I have?"""


class AskHelp(Struct, frozen=True):
    """Help. Also the answer to a mere greeting."""


class AskDirectory(Struct, frozen=True):
    """Where is the whole list, and in which form?"""

    format: Format = Format.PAGE


class AskNothing(Struct, frozen=True):
    """No text."""


class AskSeveral(Struct, frozen=True):
    """Several members of the workspace at once, and the asker."""

    questions: tuple[Question, ...]


class Thanks(Struct, frozen=True):
    """No question: thanks, agreement, a lone emoji."""


class WantName(Struct, frozen=True):
    """A wish for another name or team: `my name is wrong`. They are Amazon Connect's."""


class WantChange(Struct, frozen=True):
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
    | WantName
    | WantChange
)


# Names that are such words too, and the words that show, by coming next, that they are no names.
_ADDRESSED = word_set("you u i we this it someone somebody anyone anybody people they one")
SHOWN_BY = {
    **dict.fromkeys(("can", "will", "may", "do", "might", "shall"), _ADDRESSED | {"take", "help", "change"}),
    **dict.fromkeys(("my", "an", "her", "his", "their", "our"), NOUNS | {"own"}),
    **dict.fromkeys(("hi", "so", "yo", "well"), ASKING | {"can", "do", "please", "bot"}),
    "desk": NOUNS,
    "hold": word_set("of"),
    "good": word_set("morning afternoon evening day"),
    "excuse": word_set("me"),
    "help": word_set("me us"),
    "many": NOUNS | word_set("people agents"),
    "wat": word_set("is are was my"),
    "por": word_set("favor"),
}
AFTER_A_NAME = NOUNS | WHICH | NOUNS_ELSEWHERE
AFTER_A_NAME |= word_set(
    """has have got gets use uses used using is on at in now today currently again reachable available
    free around taken assigned belong belongs me i you u that please thanks thx pls plz kindly and an the
    her his bitte svp stp porfa favor"""
)
# What words around a name must have beside them to be no part of it: `... belong to`, `... for me`.
_BEFORE_TO = word_set("belong belongs belonging assigned speak talk")
_AFTER_FOR = word_set("me us")
_COURTESY = word_set("please pls plz thanks thank thx ty you")
_WHOSE = word_set("me his her their")
_SOMEBODY = word_set("she he they them her him there")
_OF_QUESTIONS = (AROUND_A_NAME - NOUNS) | ELSEWHERE | SHOWN_BY.keys() | _SOMEBODY
_REACHING = word_set("reach call dial ring contact for on")
# A text that begins so goes on from the one before it: `or bob?`
_GOING_ON = word_set("and or also but plus then")
# In a list of people these are a greeting: `hi all, ...`.
_GREETED = word_set(
    "hi hey hello yo good morning afternoon evening all team folks guys everyone everybody there"
)
MOST_WORDS_OF_A_NAME = 3
# One of these is enough beside two words that may be a name: `jane doe ext`.
_EXTENSION = word_set("ext extn extension extention number phone")
_ADMINS = word_set("admin admins administrator administrators change changes")
LISTING = word_set("directory list phonebook everyone everybody all full whole complete entire link export")

WHOLE: dict[Question, frozenset[str]] = {
    AskMine(): word_set("me mine my myself whoami"),
    AskHelp(): word_set(
        """help commands usage info hi yo hey hello heya hiya howdy greetings who what
        how where why when"""
    ),
    AskDirectory(): word_set("directory list phonebook everyone everybody all export"),
    AskDirectory(Format.XLSX): word_set("excel xlsx"),
    AskDirectory(Format.CSV): word_set("csv"),
    WantChange(): _ADMINS,
}

FORMATS = {each.value: each for each in Format} | {"excel": Format.XLSX, "vcf": Format.VCARD}

LONGEST_TEXT = 1000
_QUOTED = late(r'([^"]*)"([^"]+)"([^"]*)')
_EMOJI = late(r":[a-z0-9_+'-]+:")
_FACE = late(r"[:;=8][-'o]?[()DPp/|*3]+|[xX]D+|[+-]1|<3+|\\o/|\u00af.*\u00af")
_JOIN = r"\s+(?:and|und|et|or|plus|y|oder|ou|vs)\s+|\s*(?:[;&]|\+(?![0-9])|(?<=[0-9])\+)\s*"
_BETWEEN_PARTS = late(rf"{_JOIN}|\s*[,/\n]\s*|\s+(?=@\w)", re.IGNORECASE)
_BOTH = late(r"\b(?:both|either)\s+(?=.*(?:and|or)\b)", re.IGNORECASE)
_JOINED = late(_JOIN, re.IGNORECASE)
_ITEM = late(r"^\s*(?:[-*\u2022\u00b7\u2013\u2014]|[0-9]{1,2}[.)])\s+", re.MULTILINE)
_MARK = late(f"{MARK}([0-9]+){MARK}")
_COPIED = late(r"[\s,;.!?(]+(?:cc|fyi)\b.*$", re.IGNORECASE | re.MULTILINE)
_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u00b4\u0060\uff07"), "'")
_QUOTES = dict.fromkeys(map(ord, "\u201c\u201d\u201e\u00ab\u00bb"), '"')
_MARKS = ' .,;:!?"()[]{}*_~<>|/\\\u2026\u00bf\u00a1\u2013\u2014-'


class Word(NamedTuple):
    """A word as typed, and as compared. `owner` is the name in it when it ends in a possessive."""

    typed: str
    bare: str
    owner: str


def understand(text: str, mentions: Sequence[str] = (), marked: str = "") -> Question:
    """Read a plain text. Every text has an answer. `mentions` are user ids of people named beside it.

    A mention is who is asked about where no name and no number stands beside it. `marked` is the text with
    its lines, and with the places of the mentions.
    """
    parts, joined = _parts((marked or text)[:LONGEST_TEXT], mentions)
    text = _plain(text[:LONGEST_TEXT])
    without_emoji = " ".join(_EMOJI.sub(" ", text).split())
    if text and not without_emoji and not mentions:
        return Thanks()
    text = without_emoji
    members = tuple(dict.fromkeys(mentions))
    words = _words(text)
    of_members = _of_members(text, words, members, mine=AskMine() in parts) if members else None
    question = of_members or _of_one(text, words, members)
    if isinstance(question, AskPerson | AskNumber) and len(parts) > 1:
        return replace(question, parts=parts, joined=joined)
    return question


def _of_members(text: str, words: Sequence[Word], members: tuple[str, ...], *, mine: bool) -> Question | None:
    """The question about those mentioned; None where the text beside them names a person or a number.

    `mine`: a part of the text asks for the asker's own number too.
    """
    if is_around_mentions(text):
        digits = next((word.bare for word in words if word.bare.isdecimal()), "")
        with_me = len(members) == 1 and not digits and is_with_the_asker(text)
        return WantChange(digits=digits, members=("", *members) if with_me else members[:2])
    if words and _is_thanks(words):
        return Thanks()
    asked = _words(without_preface(text))
    if asked and not _about_nobody([*asked, *_words("who")]) and not _all_asking(asked):
        return None
    if speaks_of_the_asker(text) and not mine:
        return AskMine()
    of_asker = (AskMine(),) if mine else ()
    questions = (*of_asker, *(AskMember(member) for member in members))
    return questions[0] if len(questions) == 1 else AskSeveral(questions)


def _of_one(text: str, words: Sequence[Word], members: tuple[str, ...]) -> Question:
    """The question of a text that asks about one person or number."""
    if not any(map(str.isalnum, text)):
        return _of_marks(text)
    if _FACE.fullmatch(text) or _is_thanks(words):
        return Thanks()
    about_nobody = _whole(words) or _wish(text) or _number(text) or _about_nobody(words)
    return about_nobody or AskPerson(_name(text, words), text, members)


def _of_marks(text: str) -> Question:
    """The question of a text without a word in it."""
    if "?" in text:
        return AskHelp()
    if not text:
        return AskNothing()
    return Thanks() if _FACE.fullmatch(text) or not text.isascii() else AskHelp()


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


def _parts(marked: str, mentions: Sequence[str]) -> tuple[tuple[Question, ...], bool]:
    """The questions of a text that may name several, and whether a word such as `and` says that it does.

    Parts that only ask belong to all of them. A mention at the beginning may only be called.
    """
    lines = (_plain(_COPIED.sub("", line)) for line in _ITEM.sub("", marked).splitlines())
    text = _BOTH.sub("", unbracketed("\n".join(filter(None, lines))))
    if not _BETWEEN_PARTS.search(text) or in_pieces(text):
        return (), False
    questions: list[Question] = []
    parts = _BETWEEN_PARTS.split(text)
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        called = not questions and _asks_first(following)
        questions += _of_part(part, () if called else mentions)
    return tuple(dict.fromkeys(questions)), bool(_JOINED.search(text))


def _asks_first(text: str) -> bool:
    words = _words(text)
    return bool(words) and _is_asking(words, 0)


def _of_part(part: str, mentions: Sequence[str]) -> tuple[Question, ...]:
    """The questions of one part: those mentioned in it where it says nothing else, or the one it asks."""
    places = [int(place) for place in _MARK.findall(part)]
    part = " ".join(_EMOJI.sub(" ", _MARK.sub(" ", part)).split())
    words = _words(part)
    question = _of_one(part, words, ()) if words else AskNothing()
    said = {word.bare for word in words}
    if question == AskMine() and (len(words) == 1 or said & {"my", "mine", "myself"}):
        return (question,)
    if said & _GREETED and said <= _GREETED:
        return ()
    if _all_asking(words):
        return tuple(AskMember(mentions[place]) for place in places if place < len(mentions))
    if isinstance(question, AskNumber) and question.parts:
        return question.parts
    return (question,) if isinstance(question, AskPerson | AskNumber) else ()


def exact(text: str) -> AskMine | AskNumber | AskPerson:
    """The one reading of a text that names whose number is to change: nothing in it is passed over."""
    text = _plain(text[:LONGEST_TEXT])
    if text.casefold() in ("me", "myself"):
        return AskMine()
    digits = plain_digits_of(text.casefold())
    return AskNumber(digits, text) if digits else AskPerson(text, text)


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
    while len(said) > 1 and said[-1] in _COURTESY:
        said.pop()
    if len(said) > 1:
        return None
    return next((question for question, commands in WHOLE.items() if said[0] in commands), None)


def _number(text: str) -> AskNumber | None:
    """The extension asked about, or several, when all other words only ask."""
    if digits := in_pieces(text):
        return AskNumber(digits, text)
    digits, rest = public_number(text)
    if digits:
        return AskNumber(digits, text) if _all_asking(_words(rest)) else None
    words = _words(spelled_out(text))
    written = [digits_of(word.bare) for word in words]
    numbers = list(dict.fromkeys(filter(None, written)))
    others = (at for at in range(len(words)) if not written[at])
    if not numbers or not all(_is_asking(words, at) or words[at].bare in ("x", "n", "#") for at in others):
        return None
    # The shorter ones are no extensions: `7238 at 10`.
    longest = [each for each in numbers if len(each) == max(map(len, numbers))]
    parts = tuple(AskNumber(each, each) for each in longest) if len(longest) > 1 else ()
    return AskNumber(longest[0], text, parts)


def _wish(text: str) -> WantChange | WantName | None:
    """The wish for another number, or another name, that a text states."""
    wish = wish_in(text)
    if not wish:
        return None
    return (
        WantName() if wish.of_connect else WantChange(_name_in(wish.name), wish.digits, _name_in(wish.other))
    )


def _name_in(text: str) -> str:
    words = _words(text)
    return _name(text, words) if words else ""


def _about_nobody(words: Sequence[Word]) -> Question | None:
    """Read words with no name among them: about the asker, about the list, or nothing clear."""
    said = {word.bare for word in words}
    own = {"my", "mine", "myself"} | (OWN_ELSEWHERE if said & (NOUNS_ELSEWHERE | {"extension"}) else set())
    known = LISTING | own | {"help", "you"} | _ADMINS
    known |= FORMATS.keys() | {"as", "in"} if said & LISTING else set()
    if len(words) < 2 or not said & (ASKING | known | (_WHOSE if said & NOUNS else set())):
        return None
    if not all(word.bare in known or _is_asking(words, at) for at, word in enumerate(words)):
        return None
    if "help" in said:
        return AskHelp()
    if said & _ADMINS:
        return WantChange()
    if said & own or _is_about_the_asker(said):
        return AskMine()
    form = next((FORMATS[word] for word in FORMATS if word in said), Format.PAGE)
    return AskDirectory(form) if said & LISTING else AskHelp()


def _is_about_the_asker(said: set[str]) -> bool:
    i_have = said & {"i"} and said & {"have", "am", "got", "on"} and not said & LISTING
    i_need = said & {"i", "me"} and said & {"need", "want", "get"} and said & {"a", "an"} and said & NOUNS
    reaches_me = said & {"me", "i'm", "im", "i've"} and said & _REACHING
    return bool(i_have or i_need or reaches_me)


def _name(text: str, words: Sequence[Word]) -> str:
    """The name that is asked about: all of the text, unless it is clear which words ask."""
    if (quoted := _QUOTED.fullmatch(text)) and quoted[2].strip():
        outside = [_word(typed) for typed in f"{quoted[1]} {quoted[3]}".split()]
        if all(_is_asking(outside, at) for at in range(len(outside))):
            return quoted[2].strip()
    going_on = next((at for at, word in enumerate(words) if word.bare not in _GOING_ON), 0)
    words = words[going_on:]
    start = _first_of_name(words)
    for at in range(start, len(words)):
        if words[at].owner and (at + 1 == len(words) or _is_asking(words, at + 1)):
            # `bob wants jane's number` asks for Jane.
            start = max([start, *(asks + 1 for asks in range(start, at) if _is_asking(words, asks))])
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
    if words[at].bare == "por":
        return at + 1 < len(words) and words[at + 1].bare == "favor"
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
