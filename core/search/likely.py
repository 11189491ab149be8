"""People who may be meant by a name that nobody has: a guess or a list, never an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from heapq import nlargest
from itertools import accumulate

from core.search.exact import MOST_WEIGHED, named, weighed
from core.search.found import MOST_LISTED, MOST_NEAR, NOBODY, Certainty, Found, best_of
from core.search.index import SearchIndex
from core.search.names import Answer, words_of_query
from core.search.scoring import INITIAL, PARTIAL, Hit, Hits, Typed, better, costing, exactly

MOST_LIKELY_TOKENS, MOST_LIKELY_LETTERS = 12, 100
# What a score loses for words joined or cut, and for a word that is not in the name at all.
RESPACED, LEFT_OUT = 0.02, 0.15
# How far behind the best guess another one is worth showing, and how bad the best one may be.
NEAR, LEAST, LEAST_ALONE = 0.12, 0.75, 0.8
# How close in score two people are whom one may call what was typed.
TIED = 0.05
# People with the surname that was typed and another first name, where there are so few.
SAME_SURNAME, MOST_OF_A_SURNAME, MOST_FIRST = 0.7, 5, 5

# Of a word so many people are weighed roughly.
MOST_ROUGHLY = 10_000

BY_EAR = Hit(SAME_SURNAME, "sounds alike", names=False, anchored=False, whole=False)
BY_SURNAME = Hit(SAME_SURNAME, "surname", names=False, anchored=False, whole=False)


def likely(index: SearchIndex, readings: Sequence[tuple[str, ...]]) -> Found:
    """Found for people who may have been meant by it."""
    hits: Hits = {}
    readings = [reading for reading in readings if may_be_a_name(reading)]
    if not readings:
        return NOBODY
    for reading in readings:
        hits = better(hits, _resembling_any_way(index, reading))
    least = LEAST if len(readings[0]) > 1 else LEAST_ALONE
    hits = {number: hit for number, hit in hits.items() if hit.score >= least}
    # A nickname beside the surname is one guess, and no list of all of that surname.
    nicknamed = any(hit.names and hit.because == "nickname" for hit in hits.values())
    surname = {} if nicknamed else _of_surname(index, readings[0])
    shortest = min(readings, key=len)
    if not hits:
        hits = _with_one_left_out(index, shortest) or _misspelt_whole(index, readings[0])
        hits = hits or _by_ear(index, readings[0])
    if not surname and not any(hit.names for hit in hits.values()):
        surname = _of_common_surname(index, readings[0])
    hits = better(hits, {number: hit for number, hit in surname.items() if number not in hits})
    return guessed(index, hits, set(surname)) if hits else NOBODY


def guessed(index: SearchIndex, hits: Hits, always: Collection[int]) -> Found:
    """Make a list of several people with this name; people with a similar name are a guess, nearest first.

    `always`: people who are among the first of a guess whatever their score.
    """
    best = max(hits.values(), key=lambda hit: (hit.score, hit.names))
    named = {number: hit for number, hit in hits.items() if hit.names}
    equal = [hit for hit in named.values() if hit.score >= best.score - TIED]
    if best.names and len(equal) > 1 and not always:
        return Found(Certainty.SEVERAL, best_of(index, named, MOST_LISTED))
    near = {number: hit for number, hit in hits.items() if hit.score >= best.score - NEAR or number in always}
    ordered = best_of(index, near, len(near))
    kept = [match for match in ordered if match.because == "surname"][:MOST_FIRST]
    others = [match for match in ordered if match.because != "surname"]
    first = max(MOST_FIRST - len(kept), best.score > SAME_SURNAME + NEAR)
    return Found(Certainty.GUESS, tuple([*others[:first], *kept, *others[first:]][:MOST_NEAR]))


def may_be_a_name(tokens: Sequence[str]) -> bool:
    """Whether a text is short enough to be looked for as a name with mistakes."""
    return len(tokens) <= MOST_LIKELY_TOKENS and sum(map(len, tokens)) <= MOST_LIKELY_LETTERS


def _of_surname(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people with the surname that was typed behind another first name, where few have it."""
    surname = tokens[-1]
    numbers = index.holding(surname) if len(surname) > 1 else ()
    if len(tokens) < 2 or len(numbers) > 2 * MOST_OF_A_SURNAME:
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


def of_surname(index: SearchIndex, surname: str) -> Found:
    """The people with a word in the name that is not the first one of it, as a list."""
    words = words_of_query(surname)
    if len(words) != 1 or len(words[0]) < 2:
        return NOBODY
    bearers = [number for number in index.holding(words[0]) if index.first_word(number) != words[0]]
    return Found(Certainty.SEVERAL, best_of(index, dict.fromkeys(bearers, BY_SURNAME), MOST_LISTED))


def _by_ear(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people with a surname that sounds like the one word that was typed: `hewes` and Hughes."""
    if len(tokens) != 1:
        return {}
    heard: dict[int, Hit] = {}
    for word in index.words_like.heard_as(tokens[0]):
        bearers = [number for number in index.by_word[word] if not _is_first_name(index, number, word)]
        if len(bearers) <= MOST_OF_A_SURNAME:
            heard |= dict.fromkeys(bearers, BY_EAR)
    return heard


def _is_first_name(index: SearchIndex, number: int, word: str) -> bool:
    names = [index.name(number), *index.read_names(number)]
    own = [name for name in names if any(each.text == word for each in name.words)]
    return all(
        name.places > 1 and all(each.places == 1 for each in name.words if each.text == word) for name in own
    )


def _misspelt_whole(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people whose whole name, without spaces, is a few edits from the whole text: `jan edoee`."""
    near = index.names_like.near("".join(tokens))
    return {
        number: Hit(answer.score, answer.because, names=False, anchored=False, whole=False)
        for number, answer in near.items()
        if answer.score >= LEAST
    }


def _resembling_any_way(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    hits = better(resembling(index, tokens), _respaced(index, tokens))
    return hits if len(tokens) > 1 else better(hits, _resembling_login(index, tokens[0]))


def resembling(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """The people with something like each token in the name; the token that fewest may mean goes first."""
    alone = len(tokens) == 1
    words = {token: index.words_like.names(token, alone=alone) for token in {*tokens} if len(token) > 1}
    rough: dict[int, float] | None = None
    for group in _groups(index, words.values(), {*tokens}.difference(words)):
        if rough is not None and len(rough) <= MOST_WEIGHED:
            break
        scores = _scores(group)
        known = scores.keys() if rough is None else rough.keys() & scores.keys()
        rough = {number: scores[number] + (rough[number] if rough else 0) for number in known}
    best = nlargest(MOST_WEIGHED, rough or {}, key=(rough or {}).__getitem__)
    answering = [words[token].get if token in words else exactly(token) for token in tokens]
    return weighed(index, best, Typed(tokens, answering))


Group = Sequence[tuple[Collection[int], float]]


def _groups(
    index: SearchIndex, words: Iterable[Mapping[str, Answer]], initials: Iterable[str]
) -> Iterator[Group]:
    """For each token the people who have an answer to it in the name, with its score, the worst first.

    Initials come last: their people are many, and are not looked for where few are left.
    """
    ordered = (sorted(answers.items(), key=_by_score) for answers in words)
    groups = [_each_once((index.by_word[word], answer.score) for word, answer in each) for each in ordered]
    yield from sorted(groups, key=lambda group: sum(len(numbers) for numbers, _ in group))
    yield from ([(index.holding(letter), INITIAL.score)] for letter in initials)


def _each_once(answers: Iterable[tuple[Collection[int], float]]) -> Group:
    """The people of each answer, the worst first: those of several spellings once, with the best score.

    Of answers that very many people share the best are enough.
    """
    group = [*{id(numbers): (numbers, score) for numbers, score in answers}.values()]
    group.sort(key=lambda each: each[1])
    people = accumulate(len(numbers) for numbers, _ in reversed(group))
    enough = sum(1 for before in people if before < MOST_ROUGHLY) + 1
    return group[-enough:]


def _scores(group: Group) -> dict[int, float]:
    scores: dict[int, float] = {}
    for numbers, score in group:
        scores |= dict.fromkeys(numbers, score)
    return scores


def _resembling_login(index: SearchIndex, token: str) -> Hits:
    hits: dict[int, Hit] = {}
    for login, answer in sorted(index.logins_like.written(token).items(), key=_by_score):
        because = "username" if answer.names else answer.because
        hit = Hit(answer.score - PARTIAL, because, answer.names, anchored=False, whole=False)
        hits.update(dict.fromkeys(index.by_compact_login.of(login), hit))
    return hits


def _respaced(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """All people named by the tokens with two joined or one cut: `mac donald`, `delacruz`, `jdoe`."""
    hits: Hits = {}
    for at, token in enumerate(tokens):
        before, after = tokens[:at], tokens[at + 1 :]
        for cut in _cuts(index, token, shortest=2 if before or after else 1):
            hits = better(hits, named(index, [*before, *cut, *after]))
        if after:
            hits = better(hits, named(index, [*before, token + after[0], *after[1:]]))
    return costing(RESPACED, hits)


def _cuts(index: SearchIndex, token: str, shortest: int, cuts: int = 2) -> Iterator[list[str]]:
    """The token cut into words that names have."""
    for at in range(shortest, len(token) - 1):
        if at == 1 or token[:at] in index.by_word:
            yield [token[:at], token[at:]]
            if cuts > 1:
                yield from ([token[:at], *rest] for rest in _cuts(index, token[at:], 2, cuts - 1))


def _with_one_left_out(index: SearchIndex, tokens: Sequence[str]) -> Hits:
    """All people who have all words in the name but one that is not the first: `jane marie doe`."""
    hits: Hits = {}
    for at in range(1, len(tokens)):
        others = [*tokens[:at], *tokens[at + 1 :]]
        if len([other for other in others if len(other) > 1]) > 1:
            hits = better(hits, named(index, others))
    return {number: hit._replace(names=False) for number, hit in costing(LEFT_OUT, hits).items()}


def _by_score(answered: tuple[str, Answer]) -> float:
    return answered[1].score
