"""Starting a container without Python's garbage collector."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


class ColdStart:
    """The start of one container: `without_collecting` works once, and does nothing from then on."""

    def __init__(self) -> None:
        self._over = False

    @contextmanager
    def without_collecting(self) -> Iterator[None]:
        """Look for no garbage meanwhile, and never again among what was made by then.

        Importing and building make no garbage, and looking for it takes a fifth of a container's start.
        """
        if self._over:
            yield
            return
        self._over = True
        gc.disable()
        try:
            yield
        finally:
            gc.freeze()
            gc.enable()


_this = ColdStart()
without_collecting = _this.without_collecting
