"""Texts found by their ends, so that of 100,000 few have to be looked at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence

# Length -> the texts of this length, each with its first place.
ByLength = Mapping[int, Mapping[str, int]]


class Ends:
    """Texts in a list, found by two letters at one of their ends; a text is known by its place."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self._first = _End(texts, slice(None, 2), str.startswith)
        self._last = _End(texts, slice(-2, None), str.endswith)

    def of(self, text: str) -> Sequence[int]:
        """The places of the text, in order."""
        return self._first.places_of(text)

    def beginning(self, start: str) -> list[str]:
        """The texts that begin so."""
        return self._first.sharing(start)

    def ending(self, end: str) -> list[str]:
        """The texts that end so."""
        return self._last.sharing(end)

    def near(self, typed: str, most: int, right: int) -> Iterator[tuple[str, int]]:
        """The texts at most so many edits from `typed`, and how many; the same one may come twice.

        `right`: so many letters, one or two, are right at one of the ends.
        """
        # Imported here, since most searches end before they need it, and a cold start has no time to waste.
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        for by_length in (self._first.by_length(typed[:right]), self._last.by_length(typed[-right:])):
            for length in range(max(2, len(typed) - most), len(typed) + most + 1):
                texts = by_length.get(length, {}).keys()
                near = process.extract(typed, texts, scorer=OSA.distance, score_cutoff=most, limit=None)
                yield from ((text, distance) for text, distance, _ in near)


class _End:
    """The texts by two letters of one end: by their first two, or by their last two."""

    def __init__(self, texts: Sequence[str], two: slice, share: Callable[[str, str], bool]) -> None:
        self._texts = texts
        self._two = two
        self._share = share
        self._places: defaultdict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(texts):
            self._places[text[two]].append(place)
        self._by_length: dict[str, ByLength] = {}
        # The places of the few texts that stand in the list more than once.
        self._repeated: dict[str, dict[int, None]] = {}

    def places_of(self, text: str) -> Sequence[int]:
        if len(text) < 2:
            return self._places.get(text, ())
        texts = self.by_length(text[self._two]).get(len(text), {})
        if text not in texts:
            return ()
        return (*self._repeated[text],) if text in self._repeated else (texts[text],)

    def sharing(self, end: str) -> list[str]:
        """The texts with this end."""
        texts = (self._texts[place] for place in self._group(end))
        return [text for text in texts if self._share(text, end)]

    def by_length(self, end: str) -> ByLength:
        """The texts with an end of one or two letters; sorted by length when they are first asked for."""
        if end not in self._by_length:
            by_length: defaultdict[int, dict[str, int]] = defaultdict(dict)
            for place in self._group(end):
                text = self._texts[place]
                first = by_length[len(text)].setdefault(text, place)
                if first != place:
                    self._repeated.setdefault(text, {first: None})[place] = None
            self._by_length[end] = by_length
        return self._by_length[end]

    def _group(self, end: str) -> Sequence[int]:
        """The places of the texts whose two letters are those of the end, or include the one that it has."""
        if len(end) > 1:
            return self._places.get(end[self._two], ())
        groups = (places for two, places in self._places.items() if self._share(two, end))
        return [place for places in groups for place in places]
