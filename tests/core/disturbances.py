"""What goes wrong while the machine of `test_sync_machine` runs a sync, or happens in the middle of one."""

from __future__ import annotations

from collections.abc import Callable

from core.ports import UserPage
from tests.core.fakes import Site, unavailable
from tests.stand_ins.wire import Fault, Kind


class Hook:
    """Runs something once, at the nth request to table and bucket from now on."""

    def __init__(self, site: Site, at: int, what: Callable[[str], Fault | None], only: set[str]) -> None:
        self._wires = (site.table.wire, site.bucket.wire)
        self._left, self._what, self._only = at, what, only

    def __enter__(self) -> None:
        for wire in self._wires:
            wire.fault = self

    def __exit__(self, *_: object) -> None:
        for wire in self._wires:
            wire.fault = None

    def __call__(self, operation: str, nth: int) -> Fault | None:
        self._left -= not self._only or operation in self._only
        if self._left:
            return None
        self._left = -1
        return self._what(operation)


def failure(kind: Kind, after: bool, operation: str) -> Fault:
    """A failure that could be: a refusal never takes effect, and only DynamoDB's writes have conflicts."""
    if kind == "conflict" and operation not in ("UpdateItem", "TransactWriteItems"):
        kind = "failing"
    return Fault(kind, after and kind not in ("throttled", "conflict"))


_SPOILT: dict[str, Callable[[UserPage], UserPage]] = {
    "cut": lambda page: UserPage(page.agents[:-1]),
    "empty": lambda page: UserPage((), page.token),
    "nothing": lambda page: UserPage(()),
    "repeat": lambda page: UserPage(page.agents, "0"),
    "fail": unavailable,
}


class Spoilt:
    """Spoils the nth page of the listing, or Connect's own count."""

    def __init__(self, how: str, nth: int) -> None:
        self._how, self._nth = how, nth
        self.spoiled = False

    def __call__(self, operation: str, nth: int, page: UserPage) -> UserPage:
        if self._how == "miscount" and operation == "search_users":
            self.spoiled = True
            return UserPage(page.agents, page.token, 1000)
        if self._how == "miscount" or (operation, nth) != ("list_users", self._nth):
            return page
        if self._how == "repeat" and nth == 1:
            return page  # the first page twice, and then the others, is a whole listing
        self.spoiled = True
        return _SPOILT[self._how](page)
