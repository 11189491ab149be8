"""A Connect flow asks who is on the digits that a caller keyed -> flat strings. Unknown is an answer."""

from __future__ import annotations

from typing import Any

from bot.telemetry import emit
from bot.wiring import installation
from core.models import Assigned


def handler(event: Any, context: Any) -> dict[str, str]:  # noqa: ARG001 - Lambda's signature
    """The agent on `Details.Parameters.extension`, or on `.pk` as in the older project."""
    here = installation()
    extension = here.settings.policy.range.normalise(_digits(event))
    agent = here.reader.assigned(extension) if extension else None
    emit(Calls=1, CallMisses=int(agent is None))
    return _answer(extension or "", agent)


def _digits(event: Any) -> str:
    details = event.get("Details") if isinstance(event, dict) else None
    parameters = details.get("Parameters") if isinstance(details, dict) else None
    if not isinstance(parameters, dict):
        return ""
    digits = parameters.get("extension") or parameters.get("pk")
    return str(digits).strip() if isinstance(digits, str | int) else ""


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
