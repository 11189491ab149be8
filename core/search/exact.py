"""People who have all that was typed: the username, or every word of it in the name."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from heapq import nsmallest

from core.search.found import NOBODY, Certainty, Found, clear, less_sure
from core.search.index import SearchIndex
from core.search.names import literal, readings_of
from core.search.scoring import EXACT, PARTIAL, Hit, Hits, Typed, better, costing, exactly, in_all
from core.words.vocabulary import ASIDES

MOST_WEIGHED = 200
# No name has so many pieces: a text with more is not looked for as one.
MOST_PIECES = 40
# What a score loses for other marks or accents than typed.
FOLDED = 0.005
# What it loses where a reading was typed, so that a name that is written so comes first.
READ = 0.002
BY_READING = "reading"
# Longer than two names of 255 letters, which is what Amazon Connect allows.
LONGEST_QUERY = 600

BY_NAME = Hit(1.0, "name", names=True, anchored=True, whole=True)
BY_LOGIN = Hit(1.0, "username", names=True, anchored=True, whole=True)
BY_LOCAL_PART = BY_LOGIN._replace(score=0.99)

EMAIL = re.compile(r"[^\s@]+@[^\s@]+")


def exactly_named(index: SearchIndex, text: str) -> Found:
    """Find the people that the text names, every word counting: by username, or by words of the name."""
    query = unquoted(index, literal(text))
    if len(query) > LONGEST_QUERY:
        return NOBODY
    if not index.called(query) and EMAIL.fullmatch(query):
        return clear(index, dict.fromkeys(by_email(index, query), BY_LOGIN))
    found = _as_typed(index, query, name_readings(query))
    return NOBODY if found.certainty is Certainty.GUESS else found


def plainly(index: SearchIndex, query: str) -> Found:
    """Found for people who have what was typed; without titles and polite words if nobody has those."""
    query = unquoted(index, query)
    if not index.called(query) and EMAIL.fullmatch(query):
        return clear(index, dict.fromkeys(by_email(index, query), BY_LOGIN))
    readings = name_readings(query)
    bare = [without_asides(reading) for reading in readings]
    found = _as_typed(index, query, readings)
    if found is not NOBODY or bare == readings:
        return found
    found = _as_typed(index, " ".join(bare[0]), bare)
    # `constance cheers` need not be Constance Capurso beside a Blake Cheers; `hi jane doe` is Jane Doe.
    doubtful = drops_a_name(index, readings[0], bare[0]) and not is_full(found, bare[0])
    return less_sure(found) if doubtful else found


def named(index: SearchIndex, tokens: Sequence[str], among: Collection[int] | None = None) -> Hits:
    """The people with all the tokens in the name, single letters being initials."""
    if len(tokens) > MOST_PIECES:
        return {}
    words = [token for token in dict.fromkeys(tokens) if len(token) > 1]
    groups = [index.holding(word) for word in words] + ([] if among is None else [among])
    # Scores leave out whoever has not the initials: of a few people all get one.
    if not groups or len(in_all(groups)) > MOST_WEIGHED:
        groups += [index.holding(letter) for letter in {*tokens}.difference(words)]
    return weighed(index, nsmallest(MOST_WEIGHED, in_all(groups)), Typed(tokens, [*map(exactly, tokens)]))


def weighed(index: SearchIndex, numbers: Collection[int], typed: Typed) -> Hits:
    """The scores of the people who have one, by the name or by one of its readings."""
    scores = ((number, _best(index, number, typed)) for number in numbers)
    return {number: hit for number, hit in scores if hit}


def _best(index: SearchIndex, number: int, typed: Typed) -> Hit | None:
    own = typed.score(index.name(number))
    read = max(
        filter(None, map(typed.score, index.read_names(number))),
        key=lambda hit: (hit.anchored, hit.score),
        default=None,
    )
    if read is None or (own and (own.anchored, own.score) >= (read.anchored, read.score)):
        return own
    because = BY_READING if read.because == EXACT.because else read.because
    return read._replace(score=read.score - READ, because=because)


def by_email(index: SearchIndex, email: str) -> Sequence[int]:
    """The people with this email as their username, or else with a username that is its local part."""
    local = email.partition("@")[0]
    return index.having_login(email) or [
        number for number in index.having_login(local) if "@" not in index.entry(number).username
    ]


def unquoted(index: SearchIndex, query: str) -> str:
    """The query without what people put around a name, unless somebody is called so with it."""
    return query if index.called(query) or index.having_login(query) else query.strip("@\"' ")


def name_readings(query: str) -> list[tuple[str, ...]]:
    """The words that the query may stand for, the first name first: `doe, jane` as `jane doe`."""
    last, comma, first = query.partition(",")
    return readings_of(f"{first} {last}" if comma else query)


def without_asides(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The tokens without the words that stand around a name; all of them when that leaves nothing."""
    first, end = 0, len(tokens)
    while first < end and tokens[first] in ASIDES:
        first += 1
    while end > first and tokens[end - 1] in ASIDES:
        end -= 1
    return tokens[first:end] or tokens


def drops_a_name(index: SearchIndex, tokens: Sequence[str], bare: Collection[str]) -> bool:
    """Whether a word that was dropped is in somebody's name."""
    return any(len(word) > 1 and word in index.by_word for word in {*tokens}.difference(bare))


def is_full(found: Found, bare: Sequence[str]) -> bool:
    """Whether it was somebody's full name."""
    return len(bare) > 1 and len(found.matches) == 1 and found.matches[0].score > 1 - PARTIAL


def _as_typed(index: SearchIndex, query: str, readings: Sequence[tuple[str, ...]]) -> Found:
    logins, called = _by_login(index, query), index.called(query)
    if logins and not called and not query.replace("-", "").replace("'", "").isalpha():
        return clear(index, logins)
    hits: Hits = dict.fromkeys(called, BY_NAME)
    for reading in readings:
        hits = better(hits, costing(FOLDED, named(index, reading)))
    if " " in query:
        hits = {number: hit for number, hit in hits.items() if hit.whole} or hits
    if any(hit.anchored for hit in hits.values()):
        # Whole words go before a syllable in the reading of another name.
        hits = {
            number: hit for number, hit in hits.items() if hit.anchored or not index.entry(number).readings
        }
    found = clear(index, better(logins, hits))
    # Of one word that may spell a name in another script nobody knows whose it is.
    lone = found.certainty is Certainty.SURE and found.matches[0].because == BY_READING and " " not in query
    return less_sure(found) if lone else found


def _by_login(index: SearchIndex, login: str) -> Hits:
    """The people with this username, and after them those whose username is an email that begins so."""
    return {
        number: BY_LOGIN if literal(index.entry(number).username) == login else BY_LOCAL_PART
        for number in index.having_login(login)
    }
