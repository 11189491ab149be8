"""Runs each section's check in a thread of its own, all until one moment."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from threading import Thread
from typing import Generic, TypeVar

from bot.doctor.findings import Finding, Section, unknown
from core.errors import ExtensionsError, Unavailable

Check = Callable[[], Iterator[Finding]]
T = TypeVar("T")


def examine(checks: Mapping[str, Check], until: float) -> list[Section]:
    """Run the checks until `until` (of `time.monotonic`); return the findings in the order of the checks."""
    running = {title: _Running(check) for title, check in checks.items()}
    return [Section(title, each.findings(until)) for title, each in running.items()]


class _Running:
    """A section under way, in a daemon thread: a service that does not answer can't hold up the exit."""

    def __init__(self, check: Check) -> None:
        self._found: list[Finding] = []
        self._check = check
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def findings(self, until: float) -> tuple[Finding, ...]:
        self._thread.join(max(0, until - time.monotonic()))
        found = [finding.redacted() for finding in [*self._found]]
        if self._thread.is_alive():
            found.append(unknown("The rest", "The answers took too long.", "Run the doctor again."))
        return tuple(found)

    def _run(self) -> None:
        try:
            for finding in self._check():
                self._found.append(finding)
        except Exception as error:  # noqa: BLE001 - one check that stumbles must not hide the others
            kind = type(error).__name__
            self._found.append(unknown("The rest", f"The check itself failed, with {kind}: {error}"))


class Later(Generic[T]):
    """Work under way in a thread; checks that need its result wait for it."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._future: Future[T] = Future()
        Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[], T]) -> None:
        try:
            self._future.set_result(work())
        except BaseException as error:  # noqa: BLE001 - it is raised where the result is asked for
            self._future.set_exception(error)

    def result(self) -> T:
        """Wait for the work and return its result. Raises what the work raised."""
        return self._future.result()


def told(name: str, judge: Callable[[], Finding]) -> Finding:
    """Judge; where AWS does not tell what that needs, the finding is "could not tell"."""
    try:
        return judge()
    except Unavailable as error:
        return unknown(name, str(error), "See that it can be reached from here, and may be read.")
    except ExtensionsError as error:
        return unknown(name, str(error))
