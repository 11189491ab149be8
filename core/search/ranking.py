"""Finding people: what somebody typed -> the people who may be meant, and how sure that is.

A search goes from strict to lenient, and stops where it finds somebody:

1. as typed (`exact`): the username, or words that are all in one name, in any order, single letters
   being initials. One person is an answer, several are a list;
2. the same without what people hang on a name (`Dr.`, `(she/her)`, an emoji) and without polite words;
3. a team, or somebody in it (`teams`): `jane from billing`;
4. a full name or a username inside a longer text (`inside`);
5. likely (`likely`): possessives, names run together, names cut short, nicknames, sound-alikes, slips;
   the whole name with a few wrong letters; a surname that few have. That is a guess or a list, never
   an answer.
"""

from __future__ import annotations

import re
import unicodedata

from msgspec.structs import replace

from core.search.exact import (
    EMAIL,
    LONGEST_QUERY,
    drops_a_name,
    exactly_named,
    is_full,
    name_readings,
    plainly,
    unquoted,
    without_asides,
)
from core.search.found import NOBODY, Certainty, Found, less_sure
from core.search.index import SearchIndex
from core.search.inside import inside, one_word_inside
from core.search.likely import LEFT_OUT, likely
from core.search.names import literal, words_of_query
from core.search.teams import in_team
from core.words.decoration import uncopied, undecorated
from core.words.vocabulary import POLITE

_NOT_A_LETTER = re.compile(r"[\W_]+")


def search(index: SearchIndex, query: str) -> Found:
    """Find the people that `query` may mean: a name or part of one, a username, an email, a team."""
    found = _search(index, query)
    if query.isascii() or found.certainty is not Certainty.SURE or not _in_another_script(undecorated(query)):
        return found
    # What a script's letters are in Latin ones is a guess: several names may be written so.
    return found if _in_another_script(found.matches[0].entry.label) else less_sure(found)


def _search(index: SearchIndex, query: str) -> Found:
    query = literal(query)
    if not len(index) or len(query) > LONGEST_QUERY:
        return NOBODY
    bare = literal(undecorated(query))
    for text in dict.fromkeys((query, bare)):
        for stage in (plainly, in_team):
            if (found := stage(index, text)) is not NOBODY:
                return found
    within, in_a_sentence = inside(index, uncopied(query))
    if within is not NOBODY and in_a_sentence:
        return within
    perhaps = _perhaps(index, bare)
    if perhaps is NOBODY and within is NOBODY:
        return one_word_inside(index, query)
    # Whose full name stands in the text goes before others of the last word's surname.
    by_surname = perhaps is not NOBODY and perhaps.matches[0].because == "surname"
    return less_sure(within) if perhaps is NOBODY or (by_surname and within is not NOBODY) else perhaps


def find(index: SearchIndex, name: str, text: str = "") -> Found:
    """Find the people named by a question: `text` is all of it, `name` the part without question words.

    What was taken out decides as well: words of it may be a name after all.
    """
    if text in ("", name):
        return search(index, name)
    whole = exactly_named(index, text)
    if whole is not NOBODY:
        return whole
    found = search(index, name)
    if found.certainty is Certainty.SURE:
        words = words_of_query(name)
        around = {*words_of_query(text)}.difference(words) & POLITE
        doubtful = any(len(word) > 1 and word in index.by_word for word in around)
        return less_sure(found) if doubtful and not is_full(found, words) else found
    within, _ = inside(index, uncopied(literal(text))) if len(text) <= LONGEST_QUERY else (NOBODY, False)
    if within is NOBODY and found is NOBODY:
        return one_word_inside(index, text)
    return within if within.certainty is Certainty.SURE or found is NOBODY else found


def _in_another_script(text: str) -> bool:
    """Whether a text has letters that are not Latin ones."""
    return any(
        letter.isalpha() and not unicodedata.name(letter, "LATIN").startswith("LATIN") for letter in text
    )


def _perhaps(index: SearchIndex, query: str) -> Found:
    """Found for people who may have been meant, where nobody has what was typed."""
    query = unquoted(index, query)
    if not EMAIL.fullmatch(query):
        readings = name_readings(query)
        bare = [without_asides(reading) for reading in readings]
        found = likely(index, readings) if readings and drops_a_name(index, readings[0], bare[0]) else NOBODY
        return found if found is not NOBODY else likely(index, bare)
    found = search(index, " ".join(_NOT_A_LETTER.split(query.partition("@")[0])))
    if found.certainty is not Certainty.SURE:
        return found
    return Found(
        Certainty.GUESS, tuple(replace(match, score=match.score - LEFT_OUT) for match in found.matches)
    )
