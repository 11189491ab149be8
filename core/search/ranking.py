"""Finding people: what somebody typed -> who may be meant, and how sure that is.

A search goes from strict to lenient, and stops where it finds somebody:

1. as typed: the username, or words that are all in one name, in any order, single letters being
   initials. One person is an answer, several are a list;
2. the same without the words that stand around a name (`please`, `mr`);
3. likely: possessives, names run together, names cut short, nicknames, sound-alikes, slips.
   That is a guess or a list, never an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nlargest, nsmallest

from core.models import Assigned
from core.search.index import (
    INITIAL,
    PARTIAL,
    Answering,
    Hit,
    Hits,
    SearchIndex,
    better,
    exactly,
    in_all,
    weigh,
)
from core.search.names import Answer, literal, readings_of

__all__ = ["Certainty", "Found", "Match", "SearchIndex", "search"]

MOST_LISTED = 50
MOST_NEAR = 10
MOST_WEIGHED = 200
MOST_LIKELY_TOKENS, MOST_LIKELY_LETTERS = 12, 100

# What a score loses for other marks or accents than typed, for words joined or cut, and for a word
# that is not in the name at all.
FOLDED, RESPACED, LEFT_OUT = 0.005, 0.02, 0.15
# How far behind the best guess another one is worth showing, and how bad the best one may be.
NEAR, LEAST = 0.12, 0.75
# How close in score two people are whom one may call what was typed.
TIED = 0.05
# Longer than two names of 255 letters, which is what Amazon Connect allows.
LONGEST_QUERY = 600

BY_NAME = Hit(1.0, "name", names=True, anchored=True, whole=True)
BY_LOGIN = Hit(1.0, "username", names=True, anchored=True, whole=True)
BY_LOCAL_PART = BY_LOGIN._replace(score=0.99)

_ASIDES = """
please pls plz thanks thank thx cheers hi hey hello for of the name named called ext extn extension number
mr mrs ms mx miss dr prof sir madam
"""
ASIDES = frozenset(_ASIDES.split())
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_NOT_A_LETTER = re.compile(r"[\W_]+")


class Certainty(StrEnum):
    """How sure an answer is. Only SURE may be given as the answer to what was asked."""

    SURE = "sure"
    GUESS = "guess"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """One person who may be meant. `score` is 0..1, 1 being exactly what was typed.

    `because` is for people: name, username, nickname, sounds alike, spelling.
    """

    entry: Assigned
    score: float
    because: str


@dataclass(frozen=True, slots=True)
class Found:
    """Who may be meant, best first: one when SURE, near ones too after a GUESS, up to 50 when SEVERAL."""

    certainty: Certainty
    matches: tuple[Match, ...] = ()


NOBODY = Found(Certainty.NONE)


def search(index: SearchIndex, query: str) -> Found:
    """Who `query` may mean: a name whole or in part in any order, a username, an email."""
    query = literal(query)
    if len(query) > LONGEST_QUERY:
        return NOBODY
    local = query.partition("@")[0] if _EMAIL.fullmatch(query) else query
    few = index.narrowed(_all_readings(local))
    found = NOBODY if few is index else _plainly(few, query)
    if found is NOBODY:
        found = _plainly(index, query)
    return found if found is not NOBODY else _perhaps(index, query)


def _plainly(index: SearchIndex, query: str) -> Found:
    """Found for people who have what was typed: the username, or all of it in the name."""
    query = _unquoted(index, query)
    if query not in index.by_literal and _EMAIL.fullmatch(query):
        return _clear(index, dict.fromkeys(_by_email(index, query), BY_LOGIN))
    readings = readings_of(_first_name_first(query))
    bare = [_without_asides(reading) for reading in readings]
    found = _as_typed(index, query, readings)
    return found if found is not NOBODY or bare == readings else _as_typed(index, " ".join(bare[0]), bare)


def _perhaps(index: SearchIndex, query: str) -> Found:
    """Found for people who may have been meant, where nobody has what was typed."""
    query = _unquoted(index, query)
    if not _EMAIL.fullmatch(query):
        readings = readings_of(_first_name_first(query))
        return _likely(index, [_without_asides(reading) for reading in readings])
    found = search(index, " ".join(_NOT_A_LETTER.split(query.partition("@")[0])))
    if found.certainty is not Certainty.SURE:
        return found
    return Found(
        Certainty.GUESS, tuple(replace(match, score=match.score - LEFT_OUT) for match in found.matches)
    )


def _all_readings(query: str) -> list[tuple[str, ...]]:
    """Every way in which the query may be all in a name."""
    readings = readings_of(query)
    return readings + [_without_asides(reading) for reading in readings]


def _unquoted(index: SearchIndex, query: str) -> str:
    """The query without what people put around a name, unless somebody is called so with it."""
    return query if query in index.by_literal or query in index.by_login else query.strip("@\"' ")


def _by_email(index: SearchIndex, email: str) -> set[int]:
    local = email.partition("@")[0]
    return index.by_login.get(email) or {
        number for number in index.by_login.get(local, ()) if "@" not in index.people[number].entry.username
    }


def _as_typed(index: SearchIndex, query: str, readings: Sequence[tuple[str, ...]]) -> Found:
    logins = _by_login(index, query)
    if logins and query not in index.by_literal and not query.replace("-", "").replace("'", "").isalpha():
        return _clear(index, logins)
    hits: Hits = dict.fromkeys(index.by_literal.get(query, ()), BY_NAME)
    for reading in readings:
        hits = better(hits, _costing(FOLDED, _named(index, reading)))
    if " " in query:
        hits = {number: hit for number, hit in hits.items() if hit.whole} or hits
    return _clear(index, better(logins, hits))


def _by_login(index: SearchIndex, login: str) -> Hits:
    """Whose username it is, and after them whose username is an email that begins so."""
    numbers = index.by_login.get(login, ())
    whole = {number for number in numbers if literal(index.people[number].entry.username) == login}
    return {number: BY_LOGIN if number in whole else BY_LOCAL_PART for number in numbers}


def _clear(index: SearchIndex, hits: Hits) -> Found:
    """Found for people who have everything that was typed."""
    if not hits:
        return NOBODY
    if len(hits) > 1:
        return Found(Certainty.SEVERAL, _matches(index, hits, MOST_LISTED))
    sure = any(hit.anchored for hit in hits.values())
    return Found(Certainty.SURE if sure else Certainty.GUESS, _matches(index, hits, 1))


def _likely(index: SearchIndex, readings: Sequence[tuple[str, ...]]) -> Found:
    """Found for people who may have been meant by it."""
    hits: Hits = {}
    readings = [reading for reading in readings if _may_be_a_name(reading)]
    for reading in readings:
        hits = better(hits, _resembling_any_way(index, reading))
    hits = {number: hit for number, hit in hits.items() if hit.score >= LEAST}
    if not hits and readings:
        hits = _with_one_left_out(index, min(readings, key=len))
    return _guessed(index, hits) if hits else NOBODY


def _guessed(index: SearchIndex, hits: Hits) -> Found:
    """Several whom people may call so are a list; who only resembles it is a guess, the nearest first."""
    best = max(hits.values(), key=lambda hit: (hit.score, hit.names))
    named = {number: hit for number, hit in hits.items() if hit.names}
    equal = [hit for hit in named.values() if hit.score >= best.score - TIED]
    if best.names and len(equal) > 1:
        return Found(Certainty.SEVERAL, _matches(index, named, MOST_LISTED))
    near = {number: hit for number, hit in hits.items() if hit.score >= best.score - NEAR}
    return Found(Certainty.GUESS, _matches(index, near, MOST_NEAR))


def _named(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """Everybody who has all the tokens in the name, single letters being initials."""
    numbers = in_all([index.holding(token) for token in dict.fromkeys(tokens)])
    return _weighed(index, nsmallest(MOST_WEIGHED, numbers), tokens, [exactly(token) for token in tokens])


def _resembling_any_way(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    hits = better(_resembling(index, tokens), _respaced(index, tokens))
    return hits if len(tokens) > 1 else better(hits, _resembling_login(index, tokens[0]))


def _resembling(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """Everybody who has something like each token in the name; the longest, which few have, goes first."""
    answering: dict[str, Answering] = {}
    rough: dict[int, float] = {}
    for token in sorted(set(tokens), key=len, reverse=True):
        answers, scores = _answers(index, token)
        rough = {
            number: rough.get(number, 0) + scores[number]
            for number in scores
            if not answering or number in rough
        }
        answering[token] = answers
        if not rough:
            return {}
    best = nlargest(MOST_WEIGHED, rough, key=rough.__getitem__)
    return _weighed(index, best, tokens, [answering[token] for token in tokens])


def _answers(index: SearchIndex, token: str) -> tuple[Answering, dict[int, float]]:
    """What may answer the token, and everybody who has that in the name with its score."""
    if len(token) == 1:
        return exactly(token), dict.fromkeys(index.holding(token), INITIAL.score)
    likely = index.words_like.names(token)
    scores: dict[int, float] = {}
    for word, answer in sorted(likely.items(), key=_by_score):
        scores.update(dict.fromkeys(index.by_word[word], answer.score))
    return likely.get, scores


def _resembling_login(index: SearchIndex, token: str) -> Hits:
    hits: dict[int, Hit] = {}
    for login, likely in sorted(index.logins_like.written(token).items(), key=_by_score):
        because = "username" if likely.names else likely.because
        hit = Hit(likely.score - PARTIAL, because, likely.names, anchored=False, whole=False)
        hits.update(dict.fromkeys(index.by_compact_login[login], hit))
    return hits


def _respaced(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """Everybody named by the tokens with two joined or one cut: `mac donald`, `delacruz`, `jdoe`."""
    hits: Hits = {}
    for at, token in enumerate(tokens):
        before, after = tokens[:at], tokens[at + 1 :]
        for cut in _cuts(index, token, shortest=2 if before or after else 1):
            hits = better(hits, _named(index, [*before, *cut, *after]))
        if after:
            hits = better(hits, _named(index, [*before, token + after[0], *after[1:]]))
    return _costing(RESPACED, hits)


def _cuts(index: SearchIndex, token: str, shortest: int, cuts: int = 2) -> Iterator[list[str]]:
    """The token cut into words that names have."""
    for at in range(shortest, len(token) - 1):
        if index.holding(token[:at]):
            yield [token[:at], token[at:]]
            if cuts > 1:
                yield from ([token[:at], *rest] for rest in _cuts(index, token[at:], 2, cuts - 1))


def _with_one_left_out(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """Everybody who has all words in the name but one that is not the first: `jane marie doe`."""
    hits: Hits = {}
    for at in range(1, len(tokens)):
        others = [*tokens[:at], *tokens[at + 1 :]]
        if len([other for other in others if len(other) > 1]) > 1:
            hits = better(hits, _named(index, others))
    return {number: hit._replace(names=False) for number, hit in _costing(LEFT_OUT, hits).items()}


def _weighed(
    index: SearchIndex, numbers: Iterable[int], tokens: Sequence[str], answering: Sequence[Answering]
) -> Hits:
    weighed = ((number, weigh(index.people[number], tokens, answering)) for number in numbers)
    return {number: hit for number, hit in weighed if hit}


def _by_score(answered: tuple[str, Answer]) -> float:
    return answered[1].score


def _costing(cost: float, hits: Hits) -> Hits:
    return {number: hit._replace(score=hit.score - cost) for number, hit in hits.items()}


def _matches(index: SearchIndex, hits: Hits, most: int) -> tuple[Match, ...]:
    """The best; of equal scores names before all else, then in the order of the directory's list."""
    best = nsmallest(
        most, hits.items(), key=lambda item: (-item[1].score, item[1].because != "name", item[0])
    )
    return tuple(Match(index.people[number].entry, round(hit.score, 4), hit.because) for number, hit in best)


def _first_name_first(query: str) -> str:
    """`doe, jane` as `jane doe`."""
    last, comma, first = query.partition(",")
    return f"{first} {last}" if comma else query


def _without_asides(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens without the words that stand around a name; all of them when that leaves nothing."""
    first, end = 0, len(tokens)
    while first < end and tokens[first] in ASIDES:
        first += 1
    while end > first and tokens[end - 1] in ASIDES:
        end -= 1
    return tokens[first:end] or tokens


def _may_be_a_name(tokens: Sequence[str]) -> bool:
    return len(tokens) <= MOST_LIKELY_TOKENS and sum(map(len, tokens)) <= MOST_LIKELY_LETTERS
