"""The scores of searches, the one call of rapidfuzz that stands beside them, and how they are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields

from rapidfuzz import fuzz, process, utils

# One call of rapidfuzz takes milliseconds for 5,000 names: 150 queries of each kind are enough, and all of
# them where there are fewer names.
PLAIN_COMPARISONS = 150 * 5_000

HEADING = (
    f"{'kind':24}{'queries':>8}{'unclear':>8}{'right first':>13}{'in five':>9}{'right and sure':>16}"
    f"{'wrong as sure':>15}{'nobody':>9}{'one call':>10}"
)


@dataclass(frozen=True, slots=True)
class Score:
    """Results of some queries, in numbers of queries. `plain` of `sampled` are those of the one call."""

    asked: int = 0
    fair: int = 0
    unclear: int = 0
    first: int = 0
    in_five: int = 0
    sure: int = 0
    wrong_as_sure: int = 0
    nobody: int = 0
    plain: int = 0
    sampled: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def by_one_call(names: Sequence[str], asked: Sequence[tuple[str, Callable[[int], bool]]]) -> Score:
    """The results of one call for each text, by the better scorer.

    `asked`: each text, and what tells whether the name at a place is of the one who is meant.
    """
    asked = asked[: PLAIN_COMPARISONS // len(names)]
    found = max(
        sum(any(map(meant, _nearest(names, text, scorer))) for text, meant in asked)
        for scorer in (fuzz.WRatio, fuzz.token_sort_ratio)
    )
    return Score(plain=found, sampled=len(asked))


def _nearest(names: Sequence[str], text: str, scorer: Callable[..., float]) -> list[int]:
    near = process.extract(text, names, scorer=scorer, processor=utils.default_process, limit=5)
    return [place for *_, place in near]


def total(scores: Iterable[Score]) -> Score:
    return sum(scores, Score())


def print_line(name: str, scored: Score) -> None:
    shares = [f"{part / max(scored.fair, 1):.1%}" for part in (scored.first, scored.in_five, scored.sure)]
    first, in_five, sure = shares if scored.fair else "---"
    wrong = f"{scored.wrong_as_sure / scored.asked:.2%}"
    nobody = f"{scored.nobody / scored.asked:.1%}"
    plain = f"{scored.plain / scored.sampled:.1%}" if scored.sampled else "-"
    counts = f"{name:24}{scored.asked:8}{scored.unclear:8}"
    print(f"{counts}{first:>13}{in_five:>9}{sure:>16}{wrong:>15}{nobody:>9}{plain:>10}")
