"""The table, for those who only ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from core.aws.calls import Sleep
from core.aws.reports import load_history, load_report
from core.aws.rows import (
    AGENT,
    KINDS,
    RESERVED,
    UNUSED,
    Row,
    fingerprint,
    from_item,
    is_ours,
    owner_key,
    state_of,
    table_of,
    version_of,
)
from core.aws.writer import INDEX, LEASE_KEY, table_calls
from core.models import Assigned, Directory, Free, HistoryEntry, Report, Snapshot, iso
from core.ports import Clock, ConsistentRead

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient


class DynamoTableReader:
    """Consistent reads of single extensions, and the slower readings behind summaries."""

    def __init__(self, client: DynamoDBClient, table: str, clock: Clock, sleep: Sleep) -> None:
        self._client = client
        self._table = table
        self._clock = clock
        self._calls = table_calls(table, sleep)

    def read_consistent(self, extensions: Sequence[str]) -> ConsistentRead:
        """These extensions (30 at most) and the version, in one request. No row reads as free."""
        kinds = (AGENT, UNUSED, RESERVED)
        keys = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk in dict.fromkeys(extensions) for sk in kinds]
        items = self._get([*keys, LEASE_KEY])
        rows = [from_item(item) for item in items]
        version = next((row.get("fingerprint", "") for row in rows if row["pk"] == "sync"), "")
        records = table_of(filter(is_ours, rows)).records
        states = tuple(records[pk].state if pk in records else Free(pk) for pk in extensions)
        return ConsistentRead(states, version)

    def _get(self, keys: list[Any]) -> list[Any]:
        items: list[Any] = []
        asked: dict[str, Any] = {self._table: {"Keys": keys, "ConsistentRead": True}}
        while asked:
            answer = self._calls(self._client.batch_get_item, RequestItems=asked)
            items += answer["Responses"].get(self._table, [])
            asked = answer.get("UnprocessedKeys", {})
        return items

    def of_agent(self, agent_id: str) -> Assigned | None:
        """The agent's assignment, by the agent's own row and then the extension's."""
        pk, sk = owner_key(agent_id)
        own = self._item({"pk": {"S": pk}, "sk": {"S": sk}})
        if not own:
            return None
        (state,) = self.read_consistent([own["sk_value"]["S"]]).states
        return state if isinstance(state, Assigned) and state.agent_id == agent_id else None

    def _item(self, key: Any) -> dict[str, Any]:
        answer = self._calls(self._client.get_item, TableName=self._table, Key=key, ConsistentRead=True)
        item: dict[str, Any] = answer.get("Item", {})
        return item

    def assigned(self, extension: str) -> Assigned | None:
        """The assignment of one extension, in one read of one row: a caller is waiting."""
        item = self._item({"pk": {"S": extension}, "sk": {"S": AGENT}})
        state = state_of(from_item(item)) if item else None
        return state if isinstance(state, Assigned) else None

    def directory(self) -> Directory:
        """All assignments, from the index. The version is "" where that lags, so that nobody keeps it."""
        recorded = self._item(LEASE_KEY).get("fingerprint", {}).get("S", "")
        rows = [row for kind in KINDS for row in self._rows(kind)]
        version = recorded if version_of(fingerprint(rows)) == recorded else ""
        return Directory(tuple(table_of(rows).assigned()), version, iso(self._clock()))

    def table(self) -> Snapshot:
        """Every extension, from the index."""
        return table_of(row for kind in KINDS for row in self._rows(kind))

    def _rows(self, kind: str) -> Iterator[Row]:
        items = self._query(
            IndexName=INDEX,
            KeyConditionExpression="sk = :sk",
            ExpressionAttributeValues={":sk": {"S": kind}},
        )
        return filter(is_ours, map(from_item, items))

    def last_report(self) -> Report | None:
        """The newest report."""
        item = self._item({"pk": {"S": "sync"}, "sk": {"S": "last"}})
        return load_report(item["report"]["S"]) if "report" in item else None

    def history(self, since: datetime, until: datetime) -> Iterable[HistoryEntry]:
        """The changes after `since`, up to `until`, oldest first; a query for each day between."""
        day = since.replace(hour=0, minute=0, second=0, microsecond=0)
        while day <= until:
            for item in self._query(
                ConsistentRead=True,
                KeyConditionExpression="pk = :day",
                ExpressionAttributeValues={":day": {"S": f"change#{day:%Y-%m-%d}"}},
            ):
                lines = load_history(item["lines"]["S"])
                yield from (line for line in lines if iso(since) < line.at <= iso(until))
            day += timedelta(days=1)

    def _query(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        while True:
            page = self._calls(self._client.query, TableName=self._table, **parameters)
            yield from page["Items"]
            if "LastEvaluatedKey" not in page:
                return
            parameters["ExclusiveStartKey"] = page["LastEvaluatedKey"]
