"""The page's two charts as shapes, which the template draws as SVG. Units are those of the viewBox."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from core.models import Pool
from core.numbering.usage import DayUse

BAR_WIDTH, CHART_WIDTH, CHART_HEIGHT = 1000, 600, 120
# A state with any number at all can be seen.
_LEAST_WIDTH = 8
_GAP = 4


class Rect(Struct, frozen=True):
    """A rectangle; `kind` is what it counts, and its class."""

    kind: str
    x: float
    y: float
    width: float
    height: float
    title: str = ""


def pool_bar(pool: Pool) -> list[Rect]:
    """The states of a range as one bar, `BAR_WIDTH` wide: assigned, held, reserved, free."""
    states = [(kind, getattr(pool, kind)) for kind in ("assigned", "held", "reserved", "free")]
    shown = [(kind, count) for kind, count in states if count]
    spare = BAR_WIDTH - _LEAST_WIDTH * len(shown) - _GAP * (len(shown) - 1)
    rects, x = [], 0.0
    for kind, count in shown:
        width = _LEAST_WIDTH + spare * count / pool.size
        rects.append(Rect(kind, round(x, 1), 0, round(width, 1), 28, f"{count:,} {kind}"))
        x += width + _GAP
    return rects


def days_chart(days: Sequence[DayUse]) -> list[Rect]:
    """Given out above the line, released below it, by day; both to one scale, the line where it fits."""
    up, down = (max((getattr(day, kind) for day in days), default=0) for kind in ("assigned", "released"))
    scale = CHART_HEIGHT / max(up + down, 1)
    step = CHART_WIDTH / max(len(days), 1)
    line = up * scale if up + down else CHART_HEIGHT / 2
    rects = [Rect("line", 0, round(line, 1), CHART_WIDTH, 1)]
    for place, day in enumerate(days):
        x, width = round(place * step + step * 0.15, 1), round(step * 0.7, 1)
        title = f"{day.day}: {day.assigned:,} given out, {day.released:,} released"
        if day.assigned:
            height = day.assigned * scale
            rects.append(Rect("assigned", x, round(line - height, 1), width, round(height, 1), title))
        if day.released:
            rects.append(Rect("released", x, round(line, 1), width, round(day.released * scale, 1), title))
    return rects
