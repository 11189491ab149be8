"""Finding people: what somebody typed -> the people who may be meant, and how sure that is.

A search goes from strict to lenient, and stops where it finds somebody:

1. as typed: the username, or words that are all in one name, in any order, single letters being
   initials. One person is an answer, several are a list;
2. the same without what people hang on a name (`Dr.`, `(she/her)`, an emoji) and without polite words;
3. a team, or somebody in it: `jane from billing`;
4. a full name or a username inside a longer text;
5. likely: possessives, names run together, names cut short, nicknames, sound-alikes, slips; the whole
   name with a few wrong letters; a surname that few have. That is a guess or a list, never an answer.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from heapq import nlargest, nsmallest

from core.models import Assigned
from core.search.decoration import uncopied, undecorated
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
    listed_as,
    weigh,
)
from core.search.names import Answer, literal, readings_of, words_of_query
from core.search.vocabulary import ABOUT_ANOTHER, ASIDES, BESIDE_A_NAME, PARTICLES, POLITE, TEAM_WORDS

__all__ = ["Certainty", "Found", "Match", "SearchIndex", "exactly_named", "find", "search"]

MOST_LISTED = 50
MOST_NEAR = 10
MOST_WEIGHED = 200
MOST_LIKELY_TOKENS, MOST_LIKELY_LETTERS = 12, 100
# In a longer text names are looked for among its first words.
MOST_WORDS_INSIDE, LONGEST_NAME_INSIDE = 60, 5
LONGEST_TEAM = 4
# No name has so many pieces: a text with more is not looked for as one.
MOST_PIECES = 40

# What a score loses for other marks or accents than typed, for words joined or cut, and for a word
# that is not in the name at all.
FOLDED, RESPACED, LEFT_OUT = 0.005, 0.02, 0.15
# How far behind the best guess another one is worth showing, and how bad the best one may be.
NEAR, LEAST, LEAST_ALONE = 0.12, 0.75, 0.8
# How close in score two people are whom one may call what was typed.
TIED = 0.05
# People with the surname that was typed and another first name, where there are so few.
SAME_SURNAME, MOST_OF_A_SURNAME, MOST_FIRST = 0.7, 5, 5
# Longer than two names of 255 letters, which is what Amazon Connect allows.
LONGEST_QUERY = 600

BY_NAME = Hit(1.0, "name", names=True, anchored=True, whole=True)
BY_LOGIN = Hit(1.0, "username", names=True, anchored=True, whole=True)
BY_LOCAL_PART = BY_LOGIN._replace(score=0.99)
BY_SURNAME = Hit(SAME_SURNAME, "surname", names=False, anchored=False, whole=False)
BY_TEAM = Hit(1.0, "team", names=True, anchored=False, whole=False)

_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")
_NOT_A_LETTER = re.compile(r"[\W_]+")
_LOGIN = re.compile(r"[^\s,;:!?()<>\"*`]+")


class Certainty(StrEnum):
    """Sureness of an answer. Only SURE may be given as the answer to what was asked."""

    SURE = "sure"
    GUESS = "guess"
    SEVERAL = "several"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Match:
    """One person who may be meant. `score` is 0..1, 1 being exactly what was typed.

    `because` is for people: name, username, nickname, sounds alike, spelling, surname, team.
    """

    entry: Assigned
    score: float
    because: str


@dataclass(frozen=True, slots=True)
class Found:
    """People who may be meant, best first: one when SURE, near ones after a GUESS, up to 50 when SEVERAL.

    `team` is the team that was asked for, where the matches are all its people.
    """

    certainty: Certainty
    matches: tuple[Match, ...] = ()
    team: str = ""


NOBODY = Found(Certainty.NONE)


def search(index: SearchIndex, query: str) -> Found:
    """Find the people whom `query` may mean: a name whole or in part, a username, an email, a team."""
    query = literal(query)
    if not len(index) or len(query) > LONGEST_QUERY:
        return NOBODY
    bare = literal(undecorated(query))
    for text in dict.fromkeys((query, bare)):
        for stage in (_plainly, _in_team):
            if (found := stage(index, text)) is not NOBODY:
                return found
    inside, in_a_sentence = _inside(index, uncopied(query))
    if inside is not NOBODY and in_a_sentence:
        return inside
    likely = _perhaps(index, bare)
    if likely is NOBODY and inside is NOBODY:
        return _one_word_inside(index, query)
    return _less_sure(inside) if likely is NOBODY else likely


def find(index: SearchIndex, name: str, text: str = "") -> Found:
    """Find the people named by a question: `text` is all of it, `name` what is left without the question.

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
        return _less_sure(found) if doubtful and not _is_full(found, words) else found
    inside, _ = _inside(index, uncopied(literal(text))) if len(text) <= LONGEST_QUERY else (NOBODY, False)
    return inside if inside.certainty is Certainty.SURE or found is NOBODY else found


def exactly_named(index: SearchIndex, text: str) -> Found:
    """Find the people whom all of the text names, nothing left over: by username, or by words of the name."""
    query = _unquoted(index, literal(text))
    if len(query) > LONGEST_QUERY:
        return NOBODY
    if not index.called(query) and _EMAIL.fullmatch(query):
        return _clear(index, dict.fromkeys(_by_email(index, query), BY_LOGIN))
    found = _as_typed(index, query, readings_of(_first_name_first(query)))
    return NOBODY if found.certainty is Certainty.GUESS else found


def _plainly(index: SearchIndex, query: str) -> Found:
    """Found for people who have what was typed: the username, or all of it in the name."""
    query = _unquoted(index, query)
    if not index.called(query) and _EMAIL.fullmatch(query):
        return _clear(index, dict.fromkeys(_by_email(index, query), BY_LOGIN))
    readings = readings_of(_first_name_first(query))
    bare = [_without_asides(reading) for reading in readings]
    found = _as_typed(index, query, readings)
    if found is not NOBODY or bare == readings:
        return found
    found = _as_typed(index, " ".join(bare[0]), bare)
    # `constance cheers` need not be Constance Capurso beside a Blake Cheers; `hi jane doe` is Jane Doe.
    doubtful = _drops_a_name(index, readings[0], bare[0]) and not _is_full(found, bare[0])
    return _less_sure(found) if doubtful else found


def _drops_a_name(index: SearchIndex, tokens: Sequence[str], bare: Sequence[str]) -> bool:
    """Whether a word that was dropped is in somebody's name."""
    return any(len(word) > 1 and word in index.by_word for word in {*tokens}.difference(bare))


def _is_full(found: Found, bare: Sequence[str]) -> bool:
    """Whether it was somebody's full name."""
    return len(bare) > 1 and len(found.matches) == 1 and found.matches[0].score > 1 - PARTIAL


def _less_sure(found: Found) -> Found:
    return replace(found, certainty=Certainty.GUESS) if found.certainty is Certainty.SURE else found


def _in_team(index: SearchIndex, query: str) -> Found:
    """Found for the people of a team, or for those in it with the name that stands beside it."""
    tokens = words_of_query(query)
    if not index.by_team or not tokens or len(tokens) > MOST_LIKELY_TOKENS:
        return NOBODY
    for length in range(min(LONGEST_TEAM, len(tokens)), 0, -1):
        for at in range(len(tokens) - length, -1, -1):
            team = index.by_team.get(" ".join(tokens[at : at + length]))
            if team:
                return _of_team(index, team, (*tokens[:at], *tokens[at + length :]))
    return NOBODY


def _of_team(index: SearchIndex, team: Sequence[int], beside: Sequence[str]) -> Found:
    wanted = tuple(token for token in beside if token not in TEAM_WORDS and token not in BESIDE_A_NAME)
    if not wanted:
        found = _clear(index, dict.fromkeys(team, BY_TEAM))
        return replace(found, certainty=Certainty.SEVERAL, team=index.person(team[0]).entry.team)
    members = set(team)
    if exact := _named(index, wanted, members):
        return _clear(index, exact)
    if not _may_be_a_name(wanted):
        return NOBODY
    likely = _resembling(index, wanted)
    near = {number: hit for number, hit in likely.items() if number in members and hit.score >= LEAST}
    elsewhere = _named(index, wanted)
    if not elsewhere:
        return _guessed(index, near, ()) if near else NOBODY
    return Found(Certainty.GUESS, _matches(index, better(near, elsewhere), MOST_NEAR))


def _inside(index: SearchIndex, query: str) -> tuple[Found, bool]:
    """Found for the full names and usernames inside a longer text, and whether that is clearly a sentence.

    What is left of the text decides: one person is an answer unless a word beside the name may name
    somebody else.
    """
    words = query.split()[:MOST_WORDS_INSIDE]
    tokens = words_of_query(" ".join(word for word in words if not _EMAIL.fullmatch(word)))[
        :MOST_WORDS_INSIDE
    ]
    if len(words) < 2 and len(tokens) < 2:
        return NOBODY, False
    hits: dict[int, Hit] = {}
    rest = list(tokens)
    logins = [*_logins_inside(index, words)]
    for numbers, span in _full_names(index, tokens):
        hits |= dict.fromkeys(_told_apart(index, numbers, logins, tokens), BY_NAME)
        rest = [token for token in rest if token not in span]
    for number in logins:
        hits.setdefault(number, BY_LOGIN)
    rest = [token for token in rest if token not in _own_words(index, hits)]
    found = _clear(index, hits)
    sentence = not rest or any(token in BESIDE_A_NAME and token not in PARTICLES for token in rest)
    doubtful = _names_another(index, rest) or not {*_owners(words)}.isdisjoint(rest)
    return _less_sure(found) if doubtful else found, sentence


def _owners(words: Iterable[str]) -> Iterator[str]:
    """The words with a possessive: in `tell jane doe bob's number` that is who is asked for."""
    for word in words:
        if word.rstrip("?!.,").endswith("'s"):
            yield from (token for token in words_of_query(word)[:-1] if token not in BESIDE_A_NAME)


def _one_word_inside(index: SearchIndex, query: str) -> Found:
    """Found for the people who have the one word of a sentence in any name: `jane from accounting`."""
    tokens = words_of_query(query)[:MOST_WORDS_INSIDE]
    beside = [token for token in tokens if token in BESIDE_A_NAME or token in TEAM_WORDS]
    names = {token for token in tokens if len(token) > 2 and token in index.by_word}.difference(beside)
    if len(names) != 1 or not beside:
        return NOBODY
    return Found(Certainty.GUESS, _matches(index, _named(index, [*names]), MOST_NEAR))


def _full_names(index: SearchIndex, tokens: Sequence[str]) -> Iterator[tuple[list[int], Sequence[str]]]:
    """The people whose full name is a stretch of the text, longest stretches first, none within another."""
    at = 0
    while at < len(tokens) - 1:
        for length in range(min(LONGEST_NAME_INSIDE, len(tokens) - at), 1, -1):
            span = tokens[at : at + length]
            hits = _named(index, span) if all(len(token) > 1 for token in span) else {}
            if whole := [number for number, hit in hits.items() if hit.whole]:
                yield whole, span
                at += length - 1
                break
        at += 1


def _told_apart(
    index: SearchIndex, numbers: Sequence[int], logins: Collection[int], tokens: Collection[str]
) -> Sequence[int]:
    """Of people of one name those whose username or extension is in the text too; all where none is."""
    apart = [each for each in numbers if each in logins or index.person(each).entry.extension in tokens]
    return apart or numbers


def _logins_inside(index: SearchIndex, words: Sequence[str]) -> Iterator[int]:
    """The people whose username is a word of the text, if that is no everyday word or name."""
    for word in words:
        login = word.strip(".,;:!?()<>\"'*`@").removesuffix("'s")
        if _EMAIL.fullmatch(login):
            yield from _by_email(index, login)
            continue
        everyday = login in BESIDE_A_NAME or login in index.by_word or len(login) < 3 or login.isdigit()
        if not everyday:
            yield from index.having_login(login)


def _own_words(index: SearchIndex, numbers: Iterable[int]) -> set[str]:
    """The words that say nothing new about the people: of their names, usernames, teams and numbers."""
    entries = [index.person(number).entry for number in numbers]
    own = {word for each in entries for word in words_of_query(f"{each.name} {each.username} {each.team}")}
    return own | {entry.extension for entry in entries}


def _names_another(index: SearchIndex, rest: Sequence[str]) -> bool:
    """Whether what is left beside the people found may name somebody else."""
    return any(
        word in ABOUT_ANOTHER
        or word in index.by_team
        or (len(word) > 1 and word in index.by_word and word not in BESIDE_A_NAME)
        for word in rest
    )


def _perhaps(index: SearchIndex, query: str) -> Found:
    """Found for people who may have been meant, where nobody has what was typed."""
    query = _unquoted(index, query)
    if not _EMAIL.fullmatch(query):
        readings = readings_of(_first_name_first(query))
        bare = [_without_asides(reading) for reading in readings]
        found = (
            _likely(index, readings) if readings and _drops_a_name(index, readings[0], bare[0]) else NOBODY
        )
        return found if found is not NOBODY else _likely(index, bare)
    found = search(index, " ".join(_NOT_A_LETTER.split(query.partition("@")[0])))
    if found.certainty is not Certainty.SURE:
        return found
    return Found(
        Certainty.GUESS, tuple(replace(match, score=match.score - LEFT_OUT) for match in found.matches)
    )


def _unquoted(index: SearchIndex, query: str) -> str:
    """The query without what people put around a name, unless somebody is called so with it."""
    return query if index.called(query) or index.having_login(query) else query.strip("@\"' ")


def _by_email(index: SearchIndex, email: str) -> Collection[int]:
    local = email.partition("@")[0]
    return index.having_login(email) or [
        number for number in index.having_login(local) if "@" not in index.person(number).entry.username
    ]


def _as_typed(index: SearchIndex, query: str, readings: Sequence[tuple[str, ...]]) -> Found:
    logins = _by_login(index, query)
    if logins and not index.called(query) and not query.replace("-", "").replace("'", "").isalpha():
        return _clear(index, logins)
    hits: Hits = dict.fromkeys(index.called(query), BY_NAME)
    for reading in readings:
        hits = better(hits, _costing(FOLDED, _named(index, reading)))
    if " " in query:
        hits = {number: hit for number, hit in hits.items() if hit.whole} or hits
    return _clear(index, better(logins, hits))


def _by_login(index: SearchIndex, login: str) -> Hits:
    """The people with this username, and after them those whose username is an email that begins so."""
    numbers = index.having_login(login)
    whole = {number for number in numbers if literal(index.person(number).entry.username) == login}
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
    if not readings:
        return NOBODY
    for reading in readings:
        hits = better(hits, _resembling_any_way(index, reading))
    least = LEAST if len(readings[0]) > 1 else LEAST_ALONE
    hits = {number: hit for number, hit in hits.items() if hit.score >= least}
    surname = _of_surname(index, readings[0])
    shortest = min(readings, key=len)
    if not hits:
        hits = _with_one_left_out(index, shortest) or _misspelt_whole(index, readings[0])
    if not surname and not any(hit.names for hit in hits.values()):
        surname = _of_common_surname(index, readings[0])
    hits = better(hits, {number: hit for number, hit in surname.items() if number not in hits})
    return _guessed(index, hits, set(surname)) if hits else NOBODY


def _of_surname(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people with the surname that was typed behind another first name, where few have it."""
    surname = tokens[-1]
    numbers = index.holding(surname)
    if len(tokens) < 2 or len(surname) < 2 or len(numbers) > 2 * MOST_OF_A_SURNAME:
        return {}
    bearers = [number for number in numbers if not _is_first_name(index, number, surname)]
    return dict.fromkeys(bearers, BY_SURNAME) if len(bearers) <= MOST_OF_A_SURNAME else {}


def _of_common_surname(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people with the surname that was typed whose first name looks most like the one that was typed."""
    first, surname = tokens[0], tokens[-1]
    if len(tokens) < 2 or len(surname) < 2 or len(first) < 2:
        return {}
    first_names = {number: index.first_word(number) for number in index.holding(surname)}
    return dict.fromkeys(index.words_like.most_alike(first, first_names, MOST_OF_A_SURNAME), BY_SURNAME)


def _is_first_name(index: SearchIndex, number: int, word: str) -> bool:
    person = index.person(number)
    return person.places > 1 and all(each.places == 1 for each in person.words if each.text == word)


def _misspelt_whole(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people whose whole name, without spaces, is a few edits from the whole text: `jan edoee`."""
    hits: dict[int, Hit] = {}
    for number, answer in index.names_like.near("".join(tokens)).items():
        hits[number] = Hit(answer.score, "spelling", names=False, anchored=False, whole=False)
    return {number: hit for number, hit in hits.items() if hit.score >= LEAST}


def _guessed(index: SearchIndex, hits: Hits, always: Collection[int]) -> Found:
    """Several whom people may call so are a list; who only resembles it is a guess, the nearest first.

    `always`: people who are among the first of a guess whatever their score.
    """
    best = max(hits.values(), key=lambda hit: (hit.score, hit.names))
    named = {number: hit for number, hit in hits.items() if hit.names}
    equal = [hit for hit in named.values() if hit.score >= best.score - TIED]
    if best.names and len(equal) > 1 and not always:
        return Found(Certainty.SEVERAL, _matches(index, named, MOST_LISTED))
    near = {number: hit for number, hit in hits.items() if hit.score >= best.score - NEAR or number in always}
    ordered = _matches(index, near, len(near))
    kept = [match for match in ordered if match.because == "surname"][:MOST_FIRST]
    others = [match for match in ordered if match.because != "surname"]
    first = max(MOST_FIRST - len(kept), best.score > SAME_SURNAME + NEAR)
    return Found(Certainty.GUESS, tuple([*others[:first], *kept, *others[first:]][:MOST_NEAR]))


def _named(index: SearchIndex, tokens: Sequence[str], among: Collection[int] | None = None) -> Hits:
    """The people with all the tokens in the name, single letters being initials."""
    if len(tokens) > MOST_PIECES:
        return {}
    groups = [index.holding(token) for token in dict.fromkeys(tokens)]
    numbers = in_all(groups if among is None else [*groups, among])
    return _weighed(index, nsmallest(MOST_WEIGHED, numbers), tokens, [exactly(token) for token in tokens])


def _resembling_any_way(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    hits = better(_resembling(index, tokens), _respaced(index, tokens))
    return hits if len(tokens) > 1 else better(hits, _resembling_login(index, tokens[0]))


def _resembling(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people with something like each token in the name; the token that fewest may mean goes first."""
    alone = len(tokens) == 1
    answers = {token: _answers(index, token, alone=alone) for token in set(tokens)}
    rough: dict[int, float] | None = None
    for _, likely in sorted(answers.values(), key=lambda answer: _reach(answer[1])):
        if rough is not None and len(rough) <= MOST_WEIGHED:
            break
        scores = _scores(likely)
        known = scores.keys() if rough is None else rough.keys() & scores.keys()
        rough = {number: scores[number] + (rough[number] if rough else 0) for number in known}
    best = nlargest(MOST_WEIGHED, rough or {}, key=(rough or {}).__getitem__)
    return _weighed(index, best, tokens, [answers[token][0] for token in tokens])


def _answers(
    index: SearchIndex, token: str, *, alone: bool
) -> tuple[Answering, list[tuple[Collection[int], float]]]:
    """Words that may answer the token, the people who have them in the name, and the score, worst first."""
    if len(token) == 1:
        return exactly(token), [(index.holding(token), INITIAL.score)]
    likely = index.words_like.names(token, alone=alone)
    ordered = sorted(likely.items(), key=_by_score)
    return likely.get, [(index.by_word[word], answer.score) for word, answer in ordered]


def _reach(likely: Iterable[tuple[Collection[int], float]]) -> int:
    return sum(len(numbers) for numbers, _ in likely)


def _scores(likely: Iterable[tuple[Collection[int], float]]) -> dict[int, float]:
    scores: dict[int, float] = {}
    for numbers, score in likely:
        scores |= dict.fromkeys(numbers, score)
    return scores


def _resembling_login(index: SearchIndex, token: str) -> Hits:
    hits: dict[int, Hit] = {}
    for login, likely in sorted(index.logins_like.written(token).items(), key=_by_score):
        because = "username" if likely.names else likely.because
        hit = Hit(likely.score - PARTIAL, because, likely.names, anchored=False, whole=False)
        hits.update(dict.fromkeys(index.by_compact_login.of(login), hit))
    return hits


def _respaced(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """All people named by the tokens with two joined or one cut: `mac donald`, `delacruz`, `jdoe`."""
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
    """All people who have all words in the name but one that is not the first: `jane marie doe`."""
    hits: Hits = {}
    for at in range(1, len(tokens)):
        others = [*tokens[:at], *tokens[at + 1 :]]
        if len([other for other in others if len(other) > 1]) > 1:
            hits = better(hits, _named(index, others))
    return {number: hit._replace(names=False) for number, hit in _costing(LEFT_OUT, hits).items()}


def _weighed(
    index: SearchIndex, numbers: Iterable[int], tokens: Sequence[str], answering: Sequence[Answering]
) -> Hits:
    weighed = ((number, weigh(index.person(number), tokens, answering)) for number in numbers)
    return {number: hit for number, hit in weighed if hit}


def _by_score(answered: tuple[str, Answer]) -> float:
    return answered[1].score


def _costing(cost: float, hits: Hits) -> Hits:
    return {number: hit._replace(score=hit.score - cost) for number, hit in hits.items()}


def _matches(index: SearchIndex, hits: Hits, most: int) -> tuple[Match, ...]:
    """The best; of equal scores names before all else, then in the order of a list of people."""

    def order(item: tuple[int, Hit]) -> tuple[float, bool, tuple[str, str, str]]:
        number, hit = item
        return -hit.score, hit.because != "name", listed_as(index.person(number).entry)

    best = nsmallest(most, hits.items(), key=order)
    return tuple(Match(index.person(number).entry, round(hit.score, 4), hit.because) for number, hit in best)


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
