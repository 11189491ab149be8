"""The offer of a waiting call to an agent, busy or not."""

from __future__ import annotations

import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

_log = logging.getLogger(__name__)


class ConnectOffers:
    """Offers contacts of one Amazon Connect instance (`instance_id` is its id) to agents."""

    def __init__(self, client: Any, instance_id: str) -> None:
        self._client = client
        self._instance_id = instance_id

    def offer(self, contact_id: str, agent_id: str) -> bool:
        """Offer the contact to the agent; False where Amazon Connect would not, for whatever reason."""
        try:
            self._client.associate_contact_with_user(
                InstanceId=self._instance_id, ContactId=contact_id, UserId=agent_id
            )
        except (ClientError, BotoCoreError) as error:
            _log.warning("The call was not offered: %s", error)
            return False
        return True
