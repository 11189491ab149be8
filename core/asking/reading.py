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

from msgspec.structs import replace

from core.asking.about_bot import of_the_bot
from core.asking.full_names import are_full_names, parted_by_commas, without_addresses
from core.asking.questions import (
    Ask,
    AskDirectory,
    AskMember,
    AskNumber,
    AskPerson,
    AskSeveral,
    Question,
    WantChange,
)
from core.asking.wishes import (
    is_around_mentions,
    is_with_the_asker,
    speaks_of_the_asker,
    wish_in,
    without_preface,
)
from core.directory.keys import Format
from core.words import vocabulary
from core.words.decoration import EMOJI, QUOTES, unbracketed, uncopied
from core.words.patterns import late
from core.words.typed_numbers import digits_of, in_pieces, plain_digits_of, public_number, spelled_out

# Stands on both sides of the number of a mention, in the place of the mention.
MARK = "\ue000"


WHOLE: dict[Question, frozenset[str]] = {
    Ask.MINE: vocabulary.word_set("me mine my myself whoami"),
    Ask.HELP: vocabulary.GREETINGS
    | vocabulary.word_set(
        "help hilfe ayuda aide ajuda aiuto commands usage info who what how where why when"
    ),
    AskDirectory(): vocabulary.word_set("directory list phonebook everyone everybody all export"),
    AskDirectory(Format.XLSX): vocabulary.word_set("excel xlsx"),
    AskDirectory(Format.CSV): vocabulary.word_set("csv"),
    WantChange(): vocabulary.ADMINS,
}

FORMATS = {each.value: each for each in Format} | {"excel": Format.XLSX, "vcf": Format.VCARD}

LONGEST_TEXT = 1000
_MOST_WORDS_OF_A_NAME = 3
_QUOTED = late(r'([^"]*)"([^"]+)"([^"]*)')
_FACE = late(r"[:;=8][-'o]?[()DPp/|*3]+|[xX]D+|[+-]1|<3+|\\o/|\u00af.*\u00af")
_JOIN = r"\s+(?:and|und|et|or|plus|y|oder|ou|vs)\s+|\s*(?:[;&]|\+(?![0-9])|(?<=[0-9])\+)\s*"
_BETWEEN_PARTS = late(rf"{_JOIN}|\s*[,/\n]\s*|\s+(?=@\w)", re.IGNORECASE)
_BOTH = late(r"\b(?:both|either)\s+(?=.*(?:and|or)\b)", re.IGNORECASE)
_JOINED = late(_JOIN, re.IGNORECASE)
_BETWEEN_FULL_NAMES = late(rf"{_JOIN}|\s*\n\s*", re.IGNORECASE)
_ITEM = late(r"^\s*(?:[-*\u2022\u00b7\u2013\u2014]|[0-9]{1,2}[.)])\s+", re.MULTILINE)
_MARK = late(f"{MARK}([0-9]+){MARK}")
_APOSTROPHES = dict.fromkeys(map(ord, "\u2019\u2018\u02bc\u00b4\u0060\uff07"), "'")
_QUOTES = dict.fromkeys(map(ord, QUOTES.replace("`", "")), '"')
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
    text = without_addresses(_plain(text[:LONGEST_TEXT]))
    without_emoji = " ".join(EMOJI.sub(" ", text).split())
    if text and not without_emoji and not mentions:
        return Ask.THANKS
    text = without_emoji
    members = tuple(dict.fromkeys(mentions))
    words = _words(text)
    of_members = _of_members(text, words, members, mine=Ask.MINE in parts) if members else None
    question = of_members or _of_one(text, words, members)
    if isinstance(question, AskPerson | AskNumber) and len(parts) > 1:
        return replace(question, parts=parts, joined=joined)
    return question


def whole(question: AskPerson | AskNumber) -> str:
    """The text that would be one name if it names nobody several: `Doe, Jane`."""
    if isinstance(question, AskNumber):
        return question.text
    bare = question.name if _BETWEEN_PARTS.search(question.name) else question.text
    return " ".join(unbracketed(bare).split())


def is_only_a_name(text: str) -> bool:
    """Whether a short text has no word of a question in it."""
    words = _words(text)
    asks = any(word.bare in vocabulary.OF_QUESTIONS for word in words)
    return 0 < len(words) <= _MOST_WORDS_OF_A_NAME and not asks


def _of_members(text: str, words: Sequence[Word], members: tuple[str, ...], *, mine: bool) -> Question | None:
    """The question about those mentioned; None where the text beside them names a person or a number.

    `mine`: a part of the text asks for the asker's own number too.
    """
    if is_around_mentions(text):
        digits = next((word.bare for word in words if word.bare.isdecimal()), "")
        with_me = len(members) == 1 and not digits and is_with_the_asker(text)
        return WantChange(digits=digits, members=("", *members) if with_me else members[:2])
    if words and _is_thanks(words):
        return Ask.THANKS
    asked = _words(without_preface(text))
    if asked and not _about_nobody([*asked, *_words("who")]) and not _all_asking(asked):
        return None
    if speaks_of_the_asker(text) and not mine:
        return Ask.MINE
    of_asker = (Ask.MINE,) if mine else ()
    questions = (*of_asker, *(AskMember(member) for member in members))
    return questions[0] if len(questions) == 1 else AskSeveral(questions)


def _of_one(text: str, words: Sequence[Word], members: tuple[str, ...]) -> Question:
    """The question of a text that asks about one person or number."""
    if not any(map(str.isalnum, text)):
        return _of_marks(text)
    if _FACE.fullmatch(text) or _is_thanks(words):
        return Ask.THANKS
    about_nobody = (
        _whole(words)
        or of_the_bot(text, [word.bare for word in words])
        or _wish(text)
        or _number(text)
        or _about_nobody(words)
    )
    return about_nobody or AskPerson(_name(text, words), text, members)


def _of_marks(text: str) -> Question:
    """The question of a text without a word in it."""
    if "?" in text:
        return Ask.HELP
    if not text:
        return Ask.NOTHING
    return Ask.THANKS if _FACE.fullmatch(text) or not text.isascii() else Ask.HELP


def _words(text: str) -> list[Word]:
    return [word for typed in text.split() if (word := _word(typed)).bare]


def _is_thanks(words: Sequence[Word]) -> bool:
    """Whether somebody only thanks or agrees: nothing is asked, and no name is said."""
    spoken = (word for word in words if any(map(str.isalnum, word.bare)))
    said = [word.bare for word in spoken if not EMOJI.fullmatch(word.typed)]
    if not said:
        return any(EMOJI.fullmatch(word.typed) or not word.typed.isascii() for word in words)
    return all(word in vocabulary.THANKFUL for word in said) and any(
        word in vocabulary.GRATEFUL for word in said
    )


def _all_asking(words: Sequence[Word]) -> bool:
    return all(_is_asking(words, at) for at in range(len(words)))


def _parts(marked: str, mentions: Sequence[str]) -> tuple[tuple[Question, ...], bool]:
    """The questions of a text that may name several, and whether a word such as `and` says that it does.

    Parts that only ask belong to all of them. A mention at the beginning may only be called.
    """
    lines = (_plain(uncopied(line)) for line in _ITEM.sub("", marked).splitlines())
    text = without_addresses(_BOTH.sub("", unbracketed("\n".join(filter(None, lines)))))
    if people := _full_names(text):
        return people, True
    if not _BETWEEN_PARTS.search(text) or in_pieces(text):
        return (), False
    questions: list[Question] = []
    parts = _BETWEEN_PARTS.split(text)
    for part, following in zip(parts, [*parts[1:], ""], strict=True):
        called = not questions and _asks_first(following)
        questions += _of_part(part, () if called else mentions)
    return tuple(dict.fromkeys(questions)), bool(_JOINED.search(text))


def _full_names(text: str) -> tuple[Question, ...]:
    """The people of a list such as `Doe, Jane; Lee, Bob`, each with the questions that it would be as two."""
    pieces = [piece for piece in _BETWEEN_FULL_NAMES.split(parted_by_commas(text)) if piece]
    if not are_full_names(pieces):
        return ()
    asked = [(_of_one(piece, _words(piece), ()), piece.split(",")) for piece in pieces]
    return tuple(
        replace(question, parts=tuple(each for half in halves for each in _of_part(half, ())))
        for question, halves in asked
        if isinstance(question, AskPerson)
    )


def _asks_first(text: str) -> bool:
    words = _words(text)
    return bool(words) and _is_asking(words, 0)


def _of_part(part: str, mentions: Sequence[str]) -> tuple[Question, ...]:
    """The questions of one part: those mentioned in it where it says nothing else, or the one it asks."""
    places = [int(place) for place in _MARK.findall(part)]
    part = " ".join(EMOJI.sub(" ", _MARK.sub(" ", part)).split())
    words = _words(part)
    question = _of_one(part, words, ()) if words else Ask.NOTHING
    said = {word.bare for word in words}
    if question == Ask.MINE and (len(words) == 1 or said & {"my", "mine", "myself"}):
        return (question,)
    if said & vocabulary.GREETED and said <= vocabulary.GREETED:
        return ()
    if _all_asking(words):
        return tuple(AskMember(mentions[place]) for place in places if place < len(mentions))
    if isinstance(question, AskNumber) and question.parts:
        return question.parts
    return (question,) if isinstance(question, AskPerson | AskNumber) else ()


def exact(text: str) -> Ask | AskNumber | AskPerson:
    """The one reading of a text that names whose number is to change: nothing in it is passed over."""
    text = _plain(text[:LONGEST_TEXT])
    if text.casefold() in ("me", "myself"):
        return Ask.MINE
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
    if bare in vocabulary.ASKING or not bare.endswith(("'s", "s'")):
        return Word(typed, bare.rstrip("'"), "")
    return Word(typed, bare, inner[:-2] if bare.endswith("'s") else inner[:-1])


def _whole(words: Sequence[Word]) -> Question | None:
    """Read the question of a single word beside which nothing but politeness stands."""
    said = [word.bare for word in words]
    while len(said) > 1 and (said[-1] in vocabulary.COURTESY or said[-1] == "you"):
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


def _wish(text: str) -> Question | None:
    """The wish for another number, or another name, that a text states."""
    wish = wish_in(text)
    if isinstance(wish, WantChange):
        return replace(wish, name=_name_in(wish.name), other=_name_in(wish.other))
    return wish


def _name_in(text: str) -> str:
    words = _words(text)
    return _name(text, words) if words else ""


def _about_nobody(words: Sequence[Word]) -> Question | None:
    """Read words with no name among them: about the asker, about the list, or nothing clear."""
    said = {word.bare for word in words}
    own = {"my", "mine", "myself"} | (
        vocabulary.OWN_ELSEWHERE if said & (vocabulary.NOUNS_ELSEWHERE | {"extension"}) else set()
    )
    known = vocabulary.LISTING | own | {"help", "you"} | vocabulary.ADMINS
    known |= FORMATS.keys() | {"as", "in"} if said & vocabulary.LISTING else set()
    if len(words) < 2 or not said & (
        vocabulary.ASKING | known | (vocabulary.WHOSE if said & vocabulary.NOUNS else set())
    ):
        return None
    if not all(word.bare in known or _is_asking(words, at) for at, word in enumerate(words)):
        return None
    if "help" in said:
        return Ask.HELP
    if said & vocabulary.ADMINS:
        return WantChange()
    if said & own or _is_about_the_asker(said):
        return Ask.MINE
    form = next((FORMATS[word] for word in FORMATS if word in said), Format.PAGE)
    return AskDirectory(form) if said & vocabulary.LISTING else Ask.HELP


def _is_about_the_asker(said: set[str]) -> bool:
    i_have = said & {"i"} and said & {"have", "am", "got", "on"} and not said & vocabulary.LISTING
    i_need = (
        said & {"i", "me"}
        and said & {"need", "want", "get"}
        and said & {"a", "an"}
        and said & vocabulary.NOUNS
    )
    reaches_me = said & {"me", "i'm", "im", "i've"} and said & vocabulary.REACHING
    return bool(i_have or i_need or reaches_me)


def _name(text: str, words: Sequence[Word]) -> str:
    """The name that is asked about: all of the text, unless it is clear which words ask."""
    if (quoted := _QUOTED.fullmatch(text)) and quoted[2].strip():
        outside = [_word(typed) for typed in f"{quoted[1]} {quoted[3]}".split()]
        if all(_is_asking(outside, at) for at in range(len(outside))):
            return quoted[2].strip()
    going_on = next((at for at, word in enumerate(words) if word.bare not in vocabulary.GOING_ON), 0)
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
        return words[at - 1].bare in vocabulary.BEFORE_TO
    if words[at].bare == "por":
        return at + 1 < len(words) and words[at + 1].bare == "favor"
    if words[at].bare == "for":
        return at + 1 < len(words) and words[at + 1].bare in vocabulary.AFTER_FOR
    return words[at].bare in vocabulary.AFTER_A_NAME


def _is_asking(words: Sequence[Word], at: int) -> bool:
    """Whether the word belongs to the question, judged by itself and the words beside it."""
    bare = words[at].bare
    if words[at].owner:
        return False
    if bare == "do" and at + 1 == len(words):
        return at > 0 and words[at - 1].bare in vocabulary.ADDRESSED
    following = words[at + 1].bare if at + 1 < len(words) else ""
    if bare in vocabulary.AROUND_A_NAME or following in vocabulary.SHOWN_BY.get(bare, ()):
        return True
    return bare in vocabulary.ELSEWHERE or (
        bare in vocabulary.PARTICLES and _beside_another_language(words, at)
    )


def _beside_another_language(words: Sequence[Word], at: int) -> bool:
    """Whether a small word such as `de` follows other words of a question in that language."""
    before = at - 1
    while before >= 0 and words[before].bare in vocabulary.PARTICLES:
        before -= 1
    return before >= 0 and words[before].bare in vocabulary.ELSEWHERE


def _is_clear(name: Sequence[Word], around: Sequence[Word]) -> bool:
    """Whether the words around the name show that it is a question: one that asks, or two that hint at it."""
    said = {word.bare for word in around}
    hints = sum(word.bare in vocabulary.HINTS or word.bare in vocabulary.NOUNS for word in around)
    asking = said & vocabulary.ASKING or said & vocabulary.ELSEWHERE
    return hints > 1 or bool(
        asking or said & vocabulary.SHOWN_BY.keys() or (len(name) > 1 and said & vocabulary.EXTENSION)
    )
