"""Full names and usernames inside a longer text: `is jane doe free right now?`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from core.search.exact import BY_LOGIN, BY_NAME, EMAIL, by_email, named
from core.search.found import MOST_NEAR, NOBODY, Certainty, Found, best_of, clear, less_sure
from core.search.index import SearchIndex
from core.search.names import words_of_query
from core.search.scoring import EXACT, Hit
from core.words.vocabulary import ABOUT_ANOTHER, BESIDE_A_NAME, PARTICLES, TEAM_WORDS

if TYPE_CHECKING:
    from core.search.nicknames import Nicknames

# Names are looked for among the first words of a text.
MOST_WORDS, LONGEST_NAME = 60, 5


def inside(index: SearchIndex, query: str) -> tuple[Found, bool]:
    """Found for the full names and usernames inside a longer text, and whether that is clearly a sentence.

    What is left of the text decides: one person is an answer unless a word beside the name may name
    somebody else.
    """
    words = query.split()[:MOST_WORDS]
    tokens = words_of_query(" ".join(word for word in words if not EMAIL.fullmatch(word)))[:MOST_WORDS]
    if len(words) < 2 and len(tokens) < 2:
        return NOBODY, False
    hits: dict[int, Hit] = {}
    rest = list(tokens)
    logins = [*_logins(index, words)]
    for numbers, span in _full_names(index, tokens):
        hits |= dict.fromkeys(_told_apart(index, numbers, logins, tokens), BY_NAME)
        rest = [token for token in rest if token not in span]
    for number in logins:
        hits.setdefault(number, BY_LOGIN)
    own = _own_words(index, hits)
    rest = [token for token in rest if token not in own]
    found = clear(index, hits)
    sentence = not rest or any(token in BESIDE_A_NAME and token not in PARTICLES for token in rest)
    doubtful = _names_another(index, rest) or not {*_owners(words)}.isdisjoint(rest)
    return less_sure(found) if doubtful else found, sentence


def one_word_inside(index: SearchIndex, query: str) -> Found:
    """Found for the people who have the one word of a sentence in any name: `jane from accounting`."""
    tokens = words_of_query(query)[:MOST_WORDS]
    beside = [token for token in tokens if token in BESIDE_A_NAME or token in TEAM_WORDS]
    words = {token for token in tokens if len(token) > 2 and not token.isdecimal()}.difference(beside)
    names = {word for word in words if word in index.by_word}
    if len(names) != 1 or not (beside or "'s" in query):
        return NOBODY
    return Found(Certainty.GUESS, best_of(index, named(index, [*names]), MOST_NEAR))


def _owners(words: Iterable[str]) -> Iterator[str]:
    """The words with a possessive: in `tell jane doe bob's number` that is who is asked for."""
    for word in words:
        if word.rstrip("?!.,").endswith("'s"):
            yield from (token for token in words_of_query(word)[:-1] if token not in BESIDE_A_NAME)


def _full_names(index: SearchIndex, tokens: Sequence[str]) -> Iterator[tuple[list[int], Sequence[str]]]:
    """The people whose full name is a stretch of the text, longest stretches first, none within another."""
    at = 0
    while at < len(tokens) - 1:
        for length in range(min(LONGEST_NAME, len(tokens) - at), 1, -1):
            span = tokens[at : at + length]
            hits = named(index, span) if any(len(token) > 1 for token in span) else {}
            # `talk to bob` does not name a Bob To.
            least = 0 if BESIDE_A_NAME.isdisjoint(span) else EXACT.score
            if whole := [number for number, hit in hits.items() if hit.whole and hit.score >= least]:
                yield whole, span
                at += length - 1
                break
        at += 1


def _told_apart(
    index: SearchIndex, numbers: Sequence[int], logins: Collection[int], tokens: Collection[str]
) -> Sequence[int]:
    """Of people of one name those whose username or extension is in the text too; all where none is."""
    apart = [number for number in numbers if number in logins or index.entry(number).extension in tokens]
    return apart or numbers


def _logins(index: SearchIndex, words: Sequence[str]) -> Iterator[int]:
    """The people whose username is a word of the text, if that is no everyday word or name."""
    for word in words:
        login = word.strip(".,;:!?()<>\"'*`@").removesuffix("'s")
        if EMAIL.fullmatch(login):
            yield from by_email(index, login)
            continue
        everyday = login in BESIDE_A_NAME or login in index.by_word or len(login) < 3 or login.isdigit()
        if not everyday:
            yield from index.having_login(login)


def _own_words(index: SearchIndex, numbers: Iterable[int]) -> set[str]:
    """The words that say nothing new about the people: of their names, usernames, teams and numbers."""
    entries = [index.entry(number) for number in numbers]
    own = {word for each in entries for word in words_of_query(f"{each.name} {each.username} {each.team}")}
    return own | {entry.extension for entry in entries}


def _names_another(index: SearchIndex, rest: Sequence[str]) -> bool:
    """Whether the words beside the people found may name somebody else."""
    others = [word for word in rest if len(word) > 1 and word not in BESIDE_A_NAME]
    return (
        any(word in ABOUT_ANOTHER or word in index.by_team for word in rest)
        or any(word in index.by_word for word in others)
        or any(name in index.by_word for word in others for name in _nicknames().related(word).close)
    )


@cache
def _nicknames() -> Nicknames:
    from core.search.nicknames import Nicknames

    return Nicknames()
