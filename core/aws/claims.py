"""Small rows beside the numbering. None has an `sk_value`, so none is in the index.

event#<name>     claim      a piece of work taken on, until when, or done; expires by TTL
link#<member>    agent      the agent that a Slack member says to be
summary          until      up to when the last daily summary told
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from core.aws.calls import Sleep
from core.aws.writer import table_calls
from core.models import iso
from core.ports import Clock

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_KEPT_DAYS = 7
_SUMMARY = ("summary", "until")


class NotesTable:
    """The `Notes` port on the table."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, sleep: Sleep) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._calls = table_calls(table, sleep)

    def claim(self, name: str, seconds: int) -> bool | None:
        """Take on a piece of work: True when it is ours, False when it is done, None when another has it."""
        now = self._clock()
        me = secrets.token_hex(8)
        row = _key(f"event#{name}", "claim") | {
            "claimant": {"S": me},
            "claimed_until": {"S": iso(now + timedelta(seconds=seconds))},
            "ttl": {"N": str(int((now + timedelta(days=_KEPT_DAYS)).timestamp()))},
        }
        # Ours already where the answer to an earlier try was lost.
        mine = "attribute_not_exists(pk) OR claimant = :me"
        free = f"{mine} OR (attribute_not_exists(done) AND claimed_until < :now)"
        try:
            self._calls(
                self._client.put_item,
                TableName=self._table,
                Item=row,
                ConditionExpression=free,
                ExpressionAttributeValues={":now": {"S": iso(now)}, ":me": {"S": me}},
            )
        except ClientError:
            return False if "done" in self._get(f"event#{name}", "claim") else None
        return True

    def done(self, name: str) -> None:
        """The claimed work is done."""
        self._calls(
            self._client.update_item,
            TableName=self._table,
            Key=_key(f"event#{name}", "claim"),
            UpdateExpression="SET done = :at",
            ExpressionAttributeValues={":at": {"S": iso(self._clock())}},
        )

    def drop(self, name: str) -> None:
        """The claimed work could not be done."""
        self._delete(f"event#{name}", "claim")

    def linked(self, member_id: str) -> str:
        """The agent id that the member linked, or ""."""
        found: str = self._get(f"link#{member_id}", "agent").get("agent_id", {}).get("S", "")
        return found

    def link(self, member_id: str, agent_id: str) -> None:
        """Remember that the member is this agent."""
        self._put(f"link#{member_id}", "agent", agent_id=agent_id, since=iso(self._clock()))

    def unlink(self, member_id: str) -> None:
        """Forget it."""
        self._delete(f"link#{member_id}", "agent")

    def summary_until(self) -> str:
        """Up to when the last daily summary told; "" before the first."""
        found: str = self._get(*_SUMMARY).get("until", {}).get("S", "")
        return found

    def summarised(self, until: str) -> None:
        """The daily summary has told everything up to then."""
        self._put(*_SUMMARY, until=until)

    def _get(self, pk: str, sk: str) -> dict[str, Any]:
        answer = self._calls(
            self._client.get_item, TableName=self._table, Key=_key(pk, sk), ConsistentRead=True
        )
        item: dict[str, Any] = answer.get("Item", {})
        return item

    def _put(self, pk: str, sk: str, **attributes: str) -> None:
        item = _key(pk, sk) | {name: {"S": value} for name, value in attributes.items()}
        self._calls(self._client.put_item, TableName=self._table, Item=item)

    def _delete(self, pk: str, sk: str) -> None:
        self._calls(self._client.delete_item, TableName=self._table, Key=_key(pk, sk))


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"pk": {"S": pk}, "sk": {"S": sk}}
