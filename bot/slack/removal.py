"""The end of an installation: the app was removed from Slack, or its token revoked."""

from __future__ import annotations

from contextlib import suppress

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from core.errors import Unavailable
from core.ports import Incident, Incidents


def is_removed(incidents: Incidents, client: WebClient) -> bool:
    """Whether the app was removed and not installed again. A token that works ends the incident.

    Raises Unavailable when the table can't answer, OSError when Slack can't.
    """
    if not incidents.since(Incident.UNINSTALLED):
        return False
    try:
        client.auth_test()
    except SlackApiError:
        return True
    with suppress(Unavailable):
        incidents.forget(Incident.UNINSTALLED)
    return False
