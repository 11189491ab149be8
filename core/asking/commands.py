"""Read an admin's words as a command: `move jane doe to 7790`, `7790 jane doe`, `jane with bob`. Pure.

Words may come in any order that people use, so a text can have several readings. A reading names people by
the words that are left; whether these name exactly one is for the reader to find out. A text that begins
with a verb and has what the verb needs is read in that way only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from msgspec import Struct

from core.models import ExtensionRange
from core.numbering.orders import Free, Move, Reserve, Status, Swap, Undo, Unreserve
from core.words.decoration import QUOTES
from core.words.number_lists import numbers_and_note
from core.words.patterns import late
from core.words.vocabulary import PLEASE


class ListReserved(Struct, frozen=True, tag="reserved"):
    """Show the reserved numbers."""


class History(Struct, frozen=True, tag="history"):
    """Show what happened to a number or a person, or on a day."""

    about: str


class Help(Struct, frozen=True, tag="help"):
    """Show the commands; `typed` is the beginning that no command has."""

    typed: str = ""


# Orders with the names unread, and questions. A part that is not named is "".
Command = Move | Swap | Reserve | Unreserve | Free | ListReserved | History | Undo | Status | Help
KINDS: Mapping[str, type[Command]] = {kind.__struct_config__.tag: kind for kind in get_args(Command)}
VERBS: Mapping[str, type[Command]] = {
    **KINDS,
    **dict.fromkeys(("give", "assign", "change"), Move),
    **dict.fromkeys(("switch", "exchange", "trade"), Swap),
    **dict.fromkeys(("block", "keep"), Reserve),
    **dict.fromkeys(("unblock", "unkeep"), Unreserve),
    **dict.fromkeys(("end", "release"), Free),
    "reservations": ListReserved,
    "who": History,
    "log": History,
}

# Words around a name or a number that are no part of it, as long as something else is left.
_TOWARDS = {"to", "on", "onto", "into", "at", "for", "gets", "->"}
_A_NUMBER = {"number", "extension", "ext", "ext."}
_CLOTHES = late(r"^(?:#|ext\.?)", re.IGNORECASE)
_BETWEEN_PEOPLE = {"and", "with", "&", "<->", "for"}
_AROUND_A_HOLD = {"the", "hold", "of", "on", "number"}
# The word of ours that stands for a run, in the place of one.
NO_RUN = "RUN"
_AROUND_AN_UNDO = {"run", "that", "it", "this", "the", "last", "latest", "newest", "one", "change"}
_SAID = rf"(?:{'|'.join(sorted(PLEASE))})"
_POLITE = late(rf"^(?:{_SAID}\s+)?(?:(?:can|could|would)\s+you\s+)?(?:{_SAID}\s+)?", re.IGNORECASE)
_PLEASE = late(rf"\s+{_SAID}[?.!]*$", re.IGNORECASE)
# Each way to part words into two names costs a look-up, and so does each verb among them.
_MOST_PARTED = 8
_MOST_TARGETS = 3


def understand(text: str, extensions: ExtensionRange) -> list[Command]:
    """Read a text: one command, or its several readings; the first is the one to answer if none is clear."""
    words = without_courtesy(text)
    if not words:
        return [Help()]
    verb = VERBS.get(words[0].casefold().rstrip(":,"))
    if verb:
        first = [*_of_verb(verb, words[1:], extensions)]
        return first if _is_whole(first) else [*first, *_without_verb(words, extensions)]
    return [Help(words[0]), *_without_verb(words, extensions), *_verb_inside(words, extensions)]


def without_courtesy(text: str) -> list[str]:
    """The words of a text without quotes, and without a `please` or `can you` around them.

    A `can` or a `you` alone is kept: people are called so.
    """
    plain = " ".join(word for each in text.split() if (word := each.strip(QUOTES)))
    return _PLEASE.sub("", _POLITE.sub("", plain)).split()


def _is_whole(readings: Sequence[Command]) -> bool:
    """Whether the readings have what their verb needs."""
    match readings[0]:
        case Move(who, number):
            return bool(who and number)
        case Swap(one, other):
            return bool(one and other)
        case Reserve(numbers) | Unreserve(numbers, "") | Free(numbers):
            return bool(numbers)
        case _:
            return True


def _of_verb(verb: type[Command], words: Sequence[str], extensions: ExtensionRange) -> Iterator[Command]:
    """The readings of the words beside a verb; at least one."""
    said = " ".join(words)
    if verb is Move:
        yield from _moves(words, extensions) or [Move(said, "")]
    elif verb is Swap:
        yield from _swaps(words) or [Swap(said, "")]
    elif verb is Reserve:
        numbers, note = numbers_and_note(said, extensions)
        yield Reserve(numbers, re.sub(r"^for(?:\s+|$)", "", note, flags=re.IGNORECASE) if numbers else note)
    elif verb is Unreserve:
        numbers, note = numbers_and_note(said, extensions)
        yield Unreserve("", said) if note else Unreserve(numbers)
    elif verb is Free:
        rest = " ".join(word for word in words if word.casefold() not in _AROUND_A_HOLD)
        numbers, note = numbers_and_note(rest, extensions)
        yield Free("" if note else numbers)
    elif verb is History:
        yield History(said)
    elif verb is Undo:
        run = " ".join(word for word in words if word.casefold() not in _AROUND_AN_UNDO)
        yield Undo(run or (NO_RUN if "run" in map(str.casefold, words) else ""))
    elif issubclass(verb, ListReserved | Status | Help):
        yield verb()


def _moves(words: Sequence[str], extensions: ExtensionRange) -> list[Command]:
    """Every way to take one of the words for the number, and the others for the person."""
    places = [at for at, word in enumerate(words) if _number(word, extensions)]
    named = [at for at in places if at and words[at - 1].casefold() in ("to", "on", "onto", "->")]
    return [
        Move(who, _number(words[at], extensions))
        for at in reversed((named or places)[:_MOST_TARGETS])
        for who in _names(words[:at], words[at + 1 :])
    ]


def _number(word: str, extensions: ExtensionRange) -> str:
    number = extensions.normalise(_CLOTHES.sub("", word).strip(",:;.?!"))
    return number if number is not None and number in extensions else ""


def _names(before: Sequence[str], after: Sequence[str]) -> list[str]:
    """The words beside a number as one name: without words such as `to`, and with them (Binh To)."""
    firsts = [before[:end] for end in range(len(before), -1, -1) if _leads_on(before[end:])]
    lasts = [after[start:] for start in range(min(len(after), 1) + 1) if _leads_on(after[:start])]
    names = (" ".join((*first, *last)) for first in reversed(firsts) for last in reversed(lasts))
    return [*dict.fromkeys(names)][:_MOST_PARTED]


def _leads_on(words: Sequence[str]) -> bool:
    """Whether the words may stand between a name and a number: `to`, `number`, `to number`, or none."""
    plain = [word.casefold() for word in words]
    rest = plain[1:] if plain and plain[0] in _TOWARDS else plain
    return not rest or (len(rest) == 1 and rest[0] in _A_NUMBER)


def _swaps(words: Sequence[str]) -> list[Command]:
    """Every way to part the words into two people; where a word stands between them, only there."""
    places = [at for at in range(1, len(words) - 1) if words[at].casefold() in _BETWEEN_PEOPLE]
    if places:
        return [Swap(" ".join(words[:at]), " ".join(words[at + 1 :])) for at in places[:_MOST_PARTED]]
    places = [at for at in range(1, len(words) - 1) if words[at].casefold() == "to"][:_MOST_TARGETS]
    apart = [Swap(" ".join(words[:at]), " ".join(words[at + 1 :])) for at in places]
    whole = [Swap(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return [*apart, *whole[:_MOST_PARTED]]


def _without_verb(words: Sequence[str], extensions: ExtensionRange) -> list[Command]:
    """`7790 jane doe` is a move, `jane with bob` a swap."""
    if moves := _moves(words, extensions):
        return moves
    joins = [word for word in words[1:-1] if word.casefold() in _BETWEEN_PEOPLE]
    return _swaps(words) if joins else []


def _verb_inside(words: Sequence[str], extensions: ExtensionRange) -> list[Command]:
    """The readings by a verb after the first word: `7790 reserve front desk`, `jane swap bob`.

    A text with too many verbs has none.
    """
    verbs = {at: verb for at, word in enumerate(words) if at and (verb := VERBS.get(word.casefold()))}
    if len(verbs) > _MOST_PARTED:
        return []
    found: list[Command] = []
    for at, verb in verbs.items():
        if verb is Swap and at < len(words) - 1:
            found.append(Swap(" ".join(words[:at]), " ".join(_unjoined(words[at + 1 :]))))
        else:
            readings = [*_of_verb(verb, [*words[:at], *words[at + 1 :]], extensions)]
            found += readings if _is_whole(readings) else []
    return found


def _unjoined(words: Sequence[str]) -> Sequence[str]:
    return words[1:] if words[0].casefold() in _BETWEEN_PEOPLE and len(words) > 1 else words
