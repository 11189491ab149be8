"""A Connect flow asks who is reached by the keys of a caller -> flat strings. Unknown is an answer."""

from __future__ import annotations

import re
from typing import Any

from bot.cold_start import without_collecting

with without_collecting():
    from bot.call_line import call_line, now
    from bot.telemetry import emit
    from core.calling.answer import answer
    from core.calling.reach import by_extension, by_name

# Nobody keys more, and a prompt reads them back.
_KEYS = re.compile(r"\*?[0-9]{1,20}")


def handler(event: Any, context: Any) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    """Answer who is reached by `Details.Parameters.extension`, or by `.pk` as in the older project.

    `*` and keys, or `.name_keys`, are a name. `.offer` offers the call to that agent instead.
    """
    details = _mapping(event, "Details")
    parameters = _mapping(details, "Parameters")
    if agent_id := _text(parameters, "offer"):
        contact_id = _text(_mapping(details, "ContactData"), "ContactId")
        offered = bool(contact_id) and call_line().offers.offer(contact_id, agent_id)
        emit(CallOffers=1, CallOffersRefused=int(not offered))
        return answer("", offered=offered)
    return _looked_up(_text(parameters, "extension", "pk"), _text(parameters, "name_keys"))


def _looked_up(extension: str, name: str) -> dict[str, str]:
    """The answer to digits as keyed, too few of which are not padded, or to the keys of a name."""
    keyed = name or extension
    keys = keyed.removeprefix("*")
    called = bool(name) or keyed.startswith("*")
    if not _KEYS.fullmatch(keyed):
        emit(Calls=1, CallMisses=1)
        return answer("")
    reached = (by_name if called else by_extension)(call_line().book, keys, now())
    emit(Calls=1, CallMisses=int(not (reached.person or reached.queue or reached.choices)))
    return answer(keyed, reached, by_name=called)


def _mapping(value: Any, name: str) -> Any:
    """The mapping of that name in what should be one; else an empty one."""
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def _text(parameters: Any, *names: str) -> str:
    """The first of these parameters that is set, without the # that ends what is keyed; "" for none."""
    found = (str(parameters.get(name) or "").strip().removesuffix("#") for name in names)
    return next((each for each in found if each), "")
