"""The table as calls read it: the `CallBook` port, one request for each method."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from core.aws.failures import Place
from core.aws.row_keys import (
    AGENT,
    FORWARDS,
    RESERVED,
    UNUSED,
    Key,
    agent_of,
    forwards_of,
    names_key,
    owner_key,
)
from core.calling.reach import ROW, Called, Dialled, Person, Queue
from core.errors import Unavailable
from core.words.text import clean

if TYPE_CHECKING:
    from types_boto3_dynamodb import DynamoDBClient

_Row = dict[str, str]
_TRIES = 3


class DynamoCallBook:
    """The `CallBook` port on the table."""

    def __init__(self, client: DynamoDBClient, table: str) -> None:
        self._client = client
        self._table = table
        self._place = Place(f"The DynamoDB table '{table}' (EXTENSIONS_TABLE)", "ResourceNotFoundException")

    def dialled(self, extension: str, now: str) -> Dialled:
        """The extension, and all forwards. An agent outweighs a reservation, and that a hold."""
        rows = self._rows([*((extension, sk) for sk in (AGENT, RESERVED, UNUSED)), FORWARDS])
        forwards = forwards_of(rows.get(FORWARDS, {}))
        if row := rows.get((extension, AGENT)):
            return Dialled(_person(row, row.get("agent_id", ""), extension), forwards=forwards)
        if row := rows.get((extension, RESERVED)):
            return Dialled(queue=_queue(row))
        held = rows.get((extension, UNUSED), {})
        running = held.get("held_until", "") > now
        return Dialled(held_for=held.get("agent_id", "") if running else "", forwards=forwards)

    def called(self, keys: str) -> Called:
        """The agents whose name begins with these keys, two or more, and all forwards."""
        rows = self._rows([*_rows_of_names(keys), FORWARDS])
        entries = [entry for row in rows.values() for entry in row.get("people", "").split()]
        parts = (entry.rpartition(":") for entry in entries)
        return Called(
            {agent_id for agent_id, _, name in parts if name.startswith(keys)},
            forwards_of(rows.get(FORWARDS, {})),
        )

    def people(self, agent_ids: Collection[str]) -> dict[str, Person]:
        """The people among these agents who have a number, by id.

        An agent's own row says what a call needs. Where an older version has written it, it only names the
        number, whose row takes one request more.
        """
        rows = self._rows(owner_key(each) for each in agent_ids)
        own = {agent_of(pk): row for (pk, _), row in rows.items() if row.get("sk_value")}
        bare = {each: row["sk_value"] for each, row in own.items() if "username" not in row}
        found = {
            each: _person(row | {"sk_value": row["username"]}, each, row["sk_value"])
            for each, row in own.items()
            if each not in bare
        }
        return found | self._by_number(bare) if bare else found

    def _by_number(self, numbers: dict[str, str]) -> dict[str, Person]:
        rows = self._rows((number, AGENT) for number in numbers.values())
        return {
            each: _person(row, each, number)
            for each, number in numbers.items()
            if (row := rows.get((number, AGENT))) and row.get("agent_id") == each
        }

    def _rows(self, keys: Iterable[Key]) -> dict[Key, _Row]:
        """The strings of the rows that exist of up to 100, read consistently."""
        wanted = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in keys]
        asked = {self._table: {"Keys": wanted, "ConsistentRead": True}}
        rows: dict[Key, _Row] = {}
        for _ in range(_TRIES):
            with self._place:
                answer = self._client.batch_get_item(RequestItems=asked)  # type: ignore[arg-type]
            for item in answer["Responses"].get(self._table, []):
                row = {name: value["S"] for name, value in item.items() if "S" in value}
                rows[row["pk"], row["sk"]] = row
            asked = answer.get("UnprocessedKeys")  # type: ignore[assignment]
            if not asked:
                return rows
        raise Unavailable(f"{self._place.name} left reads undone {_TRIES} times.")


def _rows_of_names(keys: str) -> list[Key]:
    """The rows of names that begin with these keys: one, or ten where a key is missing."""
    if len(keys) >= ROW:
        return [names_key(keys)]
    return [names_key(f"{keys}{last}") for last in range(10)]


def _person(row: _Row, agent_id: str, extension: str) -> Person:
    """The person of a row that has the username as `sk_value`."""
    return Person(
        agent_id,
        extension,
        clean(row.get("sk_value", "")),
        row.get("agent_arn", ""),
        clean(row.get("display_name", "")),
        clean(row.get("team", "")),
    )


def _queue(row: _Row) -> Queue | None:
    """The queue of a number that is a team's; other reserved numbers have none."""
    arn = row.get("queue_arn", "")
    return Queue(arn, clean(row.get("queue_name", ""))) if arn else None
