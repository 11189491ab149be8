"""Work that may be asked for several times and must be done once. Pure over the `Claims` port."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from core.errors import ExtensionsError
from core.ports import Claim, Claims


def once(
    claims: Claims, name: str, seconds: int, work: Callable[[], object], unclaimed_too: bool = False
) -> Claim:
    """Do the work unless it is done or another is at it; the claim says which it was.

    The claim lasts for `seconds`; when the work fails it is given up, so that somebody can ask again.
    Raises what the work raises, and Unavailable when nothing can be claimed: with `unclaimed_too` the work
    is done then, too.
    """
    try:
        claim = claims.claim(name, seconds)
    except ExtensionsError:
        if not unclaimed_too:
            raise
        work()
        return Claim.ACQUIRED
    if claim is Claim.ACQUIRED:
        _do(claims, name, work)
    return claim


def _do(claims: Claims, name: str, work: Callable[[], object]) -> None:
    try:
        work()
    except BaseException:
        with suppress(ExtensionsError):
            claims.drop(name)
        raise
    with suppress(ExtensionsError):
        claims.done(name)
