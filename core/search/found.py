"""The people that a search found, best first, and how sure that is."""

from __future__ import annotations

from enum import StrEnum
from heapq import nsmallest

from msgspec import Struct
from msgspec.structs import replace

from core.models import Assigned
from core.search.index import SearchIndex, listed_as
from core.search.scoring import Hit, Hits

MOST_LISTED = 50
MOST_NEAR = 10


class Certainty(StrEnum):
    """Sureness of an answer. Only SURE may be given as the answer to what was asked."""

    SURE = "sure"
    GUESS = "guess"
    SEVERAL = "several"
    NONE = "none"


class Match(Struct, frozen=True):
    """One person who may be meant. `score` is 0..1, 1 being exactly what was typed.

    `because` is for people: name, username, nickname, sounds alike, spelling, surname, team.
    """

    entry: Assigned
    score: float
    because: str


class Found(Struct, frozen=True):
    """People who may be meant, best first: one when SURE, near ones after a GUESS, up to 50 when SEVERAL.

    `team` is the team that was asked for, where the matches are all its people.
    """

    certainty: Certainty
    matches: tuple[Match, ...] = ()
    team: str = ""


NOBODY = Found(Certainty.NONE)


def less_sure(found: Found) -> Found:
    """The same people, as a guess where they were sure."""
    return replace(found, certainty=Certainty.GUESS) if found.certainty is Certainty.SURE else found


def clear(index: SearchIndex, hits: Hits) -> Found:
    """Found for people who have everything that was typed."""
    if not hits:
        return NOBODY
    if len(hits) > 1:
        return Found(Certainty.SEVERAL, best_of(index, hits, MOST_LISTED))
    sure = any(hit.anchored for hit in hits.values())
    return Found(Certainty.SURE if sure else Certainty.GUESS, best_of(index, hits, 1))


def best_of(index: SearchIndex, hits: Hits, most: int) -> tuple[Match, ...]:
    """The best; of equal scores names before all else, then in the order of a list of people."""

    def order(item: tuple[int, Hit]) -> tuple[float, bool, tuple[str, str, str]]:
        number, hit = item
        return -hit.score, hit.because != "name", listed_as(index.entry(number))

    best = nsmallest(most, hits.items(), key=order)
    return tuple(Match(index.entry(number), round(hit.score, 4), hit.because) for number, hit in best)
