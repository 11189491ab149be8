"""A Connect flow asks who is on the digits that a caller keyed -> flat strings. Unknown is an answer."""

from __future__ import annotations

import re
from typing import Any

from bot.cold_start import without_collecting

with without_collecting():
    from bot.telemetry import emit
    from bot.wiring import installation
    from core.models import Assigned

# Nobody keys more, and a prompt reads them back.
_DIGITS = re.compile(r"[0-9]{1,20}")


def handler(event: Any, context: Any) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    """The agent on `Details.Parameters.extension`, or on `.pk` as in the older project.

    Somebody who moved is reached on the old number as long as it is held for them.
    """
    here = installation()
    extension = _keyed(event)
    agent = here.reader.reached(extension) if extension else None
    emit(Calls=1, CallMisses=int(agent is None))
    return _answer(extension, agent)


def _keyed(event: Any) -> str:
    """The digits as keyed, without the # that ended them; "" when there are none. Too few are not padded."""
    details = event.get("Details") if isinstance(event, dict) else None
    parameters = details.get("Parameters") if isinstance(details, dict) else None
    if not isinstance(parameters, dict):
        return ""
    digits = str(parameters.get("extension") or parameters.get("pk") or "").strip().removesuffix("#")
    return digits if _DIGITS.fullmatch(digits) else ""


def _answer(extension: str, agent: Assigned | None) -> dict[str, str]:
    """Every key, always: a flow that reads one that is missing takes its error branch."""
    return {
        "found": "true" if agent else "false",
        "extension": extension,
        "agent_id": agent.agent_id if agent else "",
        "agent_arn": agent.arn if agent else "",
        "username": agent.username if agent else "",
        "display_name": agent.label if agent else "",
        "pk": extension,
        "sk": "agentID" if agent else "",
        "sk_value": agent.username if agent else "",
    }
