"""Teams, and people by their team: `jane from billing`."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from core.search.exact import drops_a_name, is_full, named
from core.search.found import MOST_NEAR, NOBODY, Certainty, Found, best_of, clear
from core.search.index import SearchIndex
from core.search.likely import LEAST, MOST_LIKELY_TOKENS, guessed, may_be_a_name, resembling
from core.search.names import words_of_query
from core.search.scoring import Hit, better
from core.words.vocabulary import BESIDE_A_NAME, TEAM_WORDS

LONGEST_TEAM = 4

BY_TEAM = Hit(1.0, "team", names=True, anchored=False, whole=False)


def in_team(index: SearchIndex, query: str) -> Found:
    """Find the people of a team, or those of them with the name beside it."""
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
        found = clear(index, dict.fromkeys(team, BY_TEAM))
        return replace(found, certainty=Certainty.SEVERAL, team=index.entry(team[0]).team)
    members = set(team)
    if exact := named(index, wanted, members):
        found = clear(index, exact)
        if is_full(found, wanted) or not drops_a_name(index, beside, {*wanted, *TEAM_WORDS}):
            return found
        # `min page in claims` need not be Min Doe of Claims beside a Min Page.
        others = named(index, [token for token in beside if token not in TEAM_WORDS])
        return Found(Certainty.GUESS, best_of(index, better(exact, others), MOST_NEAR))
    if not may_be_a_name(wanted):
        return NOBODY
    likely = resembling(index, wanted)
    near = {number: hit for number, hit in likely.items() if number in members and hit.score >= LEAST}
    elsewhere = named(index, wanted)
    if not elsewhere:
        return guessed(index, near, ()) if near else NOBODY
    return Found(Certainty.GUESS, best_of(index, better(near, elsewhere), MOST_NEAR))
