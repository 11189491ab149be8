"""Small rows of the table beside the numbering: claims, links, incidents, what waits for an approval ..."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from core.aws.reports import LINES, attribute_of, dump_history, lines_of
from core.aws.rows import (
    FAILURE,
    INDEX,
    SUMMARY,
    Item,
    Key,
    Row,
    claim_key,
    from_item,
    incident_key,
    link_key,
    link_of_key,
    message_key,
    quiet_key,
    text_of,
    to_item,
    to_key,
    withheld_key,
)
from core.aws.table import ConditionFailed, Table
from core.models import Failure, HistoryEntry, WithheldPart, iso
from core.ports import Claim, Clock, Incident, SummaryMark
from core.work import Work

CLAIM_DAYS = 7
# Of what waits for an approval, and of a plan; of the longest names so many lines fit a row of 400 KB.
RECORD_DAYS, MOST_LINES = 30, 200
# What is kept of the installation beside its incidents.
_WORKSPACE = "workspace"
# The rows that name people of the workspace, or their messages.
_OF_MEMBERS = (link_key("")[0], *(f"event#{kind.prefix}" for kind in Work if kind.of_member))


class DynamoClaims:
    """The `Claims` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def claim(self, name: str, seconds: int) -> Claim:
        """Take on a piece of work for so many seconds, unless it is done or taken."""
        now, me = self._clock(), secrets.token_hex(8)
        row = {"claimant": me, "claimed_until": iso(now + timedelta(seconds=seconds))}
        expires = int((now + timedelta(days=CLAIM_DAYS)).timestamp())
        # A row with our own mark is ours: the answer to an earlier try was lost.
        mine = "attribute_not_exists(pk) OR claimant = :me"
        try:
            self._table.put(
                to_key(claim_key(name)) | to_item(row) | {"ttl": {"N": str(expires)}},
                ConditionExpression=f"{mine} OR (attribute_not_exists(done) AND claimed_until < :now)",
                ExpressionAttributeValues={":now": {"S": iso(now)}, ":me": {"S": me}},
            )
        except ConditionFailed:
            return Claim.DONE if "done" in self._table.get(claim_key(name)) else Claim.BUSY
        return Claim.ACQUIRED

    def done(self, name: str) -> None:
        """Keep that the claimed work is done."""
        at = {":at": {"S": iso(self._clock())}}
        self._table.update(claim_key(name), "SET done = :at", ExpressionAttributeValues=at)

    def drop(self, name: str) -> None:
        """Remove the claim of work that could not be done."""
        self._table.delete(claim_key(name))


class DynamoSummaries:
    """The `Summaries` port on the table."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def last_mark(self) -> SummaryMark | None:
        """The end of the last summary; None before the first."""
        item = self._table.get(SUMMARY)
        texts = (text_of(item, name) for name in ("until", "place", "waits"))
        return SummaryMark(*texts) if item else None

    def keep_mark(self, mark: SummaryMark) -> None:
        """Keep the end of a summary that was posted."""
        row = {"until": mark.at, "place": mark.place} | ({"waits": mark.waits} if mark.waits else {})
        self._table.put(to_key(SUMMARY) | to_item(row))


class DynamoLinks:
    """The `Links` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def linked(self, member_id: str) -> str:
        """The agent id that the member linked, or ""."""
        return text_of(self._table.get(link_key(member_id)), "agent_id")

    def all_linked(self, member_ids: Sequence[str]) -> dict[str, str]:
        """The agent ids that members linked, by member."""
        rows = self._table.get_all(map(link_key, dict.fromkeys(member_ids)))
        linked = {_member_of(row): text_of(row, "agent_id") for row in rows}
        return {member: agent for member, agent in linked.items() if agent}

    def link(self, member_id: str, agent_id: str, instead_of: Sequence[str] = ()) -> bool:
        """Keep that the member is this agent, unless another is but `instead_of`; whether that was kept.

        Their links end. All of it is one transaction.
        """
        holder, before = self._holder(agent_id), self.linked(member_id)
        if holder not in ("", member_id, *instead_of):
            return False
        since = iso(self._clock())
        # By `sk_value` the index has it: a link is found by its agent too.
        link = {"agent_id": agent_id, "sk_value": agent_id, "since": since}
        of = {"member_id": member_id, "since": since}
        items = [
            self._put(link_key(member_id), link, "agent_id", before),
            self._put(link_of_key(agent_id), of, "member_id", holder),
        ]
        if before and before != agent_id and self._holder(before) == member_id:
            items.append(self._delete(link_of_key(before), "member_id", member_id))
        stale = (each for each in dict.fromkeys(instead_of) if each != member_id)
        items += [
            self._delete(link_key(each), "agent_id", agent_id)
            for each in stale
            if self.linked(each) == agent_id
        ]
        return self._write(items)

    def _holder(self, agent_id: str) -> str:
        """The member whom the agent's row names, "" for none."""
        return text_of(self._table.get(link_of_key(agent_id)), "member_id")

    def _put(self, key: Key, row: Row, name: str, read: str) -> dict[str, Any]:
        """Write a row whose attribute of this name is still as it was read, "" for none."""
        return {"Put": {"Item": to_key(key) | to_item(row)} | self._still(name, read)}

    def _delete(self, key: Key, name: str, read: str) -> dict[str, Any]:
        return {"Delete": {"Key": to_key(key)} | self._still(name, read)}

    def _still(self, name: str, read: str) -> dict[str, Any]:
        condition: dict[str, Any] = {"TableName": self._table.name}
        if not read:
            return condition | {"ConditionExpression": f"attribute_not_exists({name})"}
        values = {":read": {"S": read}}
        return condition | {"ConditionExpression": f"{name} = :read", "ExpressionAttributeValues": values}

    def _write(self, items: list[Any]) -> bool:
        """Write all of them or none; whether they still were as read."""
        try:
            self._table.write(partial(self._table.client.transact_write_items, TransactItems=items))
        except ConditionFailed:
            return False
        return True

    def members(self, agent_id: str) -> list[str]:
        """The members who linked this agent: of its row, and of earlier versions by the index."""
        kind = link_key("")[1]
        items = self._table.query(
            IndexName=INDEX,
            KeyConditionExpression="sk = :sk AND sk_value = :agent",
            ExpressionAttributeValues={":sk": {"S": kind}, ":agent": {"S": agent_id}},
        )
        found = [_member_of(item) for item in items]
        return [*dict.fromkeys(filter(None, [self._holder(agent_id), *found]))]

    def unlink(self, member_id: str) -> None:
        """Remove the member's link."""
        agent_id = self.linked(member_id)
        own = bool(agent_id) and self._holder(agent_id) == member_id
        release = [self._delete(link_of_key(agent_id), "member_id", member_id)] if own else []
        link = self._delete(link_key(member_id), "agent_id", agent_id)
        if not agent_id or not self._write([link, *release]):
            self._table.delete(link_key(member_id))

    def forget(self, member_id: str) -> int:
        """Remove all that is kept of the member; the number of rows that was."""
        items = [
            *self._table.query(
                KeyConditionExpression="pk = :member",
                ExpressionAttributeValues={":member": {"S": link_key(member_id)[0]}},
                ConsistentRead=True,
            )
        ]
        if link_key(member_id)[1] in [text_of(item, "sk") for item in items]:
            self.unlink(member_id)
        return _delete(self._table, items)

    def wants_notices(self, member_id: str) -> bool:
        """Whether the member wants notices."""
        return not self._table.get(quiet_key(member_id))

    def set_notices(self, member_id: str, wanted: bool) -> None:
        """Keep whether the member wants notices."""
        if wanted:
            self._table.delete(quiet_key(member_id))
        else:
            self._table.put(to_key(quiet_key(member_id)) | to_item({"since": iso(self._clock())}))


def forget_members(table: Table) -> int:
    """Remove every link, wish and claim of people in Slack; the number of rows removed."""
    prefixes = {f":{at}": {"S": prefix} for at, prefix in enumerate(_OF_MEMBERS)}
    items = table.scan(
        FilterExpression=" OR ".join(f"begins_with(pk, {name})" for name in prefixes),
        ExpressionAttributeValues=prefixes,
        ProjectionExpression="pk, sk",
    )
    return _delete(table, items)


def _delete(table: Table, items: Iterable[Item]) -> int:
    """Remove the items; their number."""
    keys = [(text_of(item, "pk"), text_of(item, "sk")) for item in items]
    for key in keys:
        table.delete(key)
    return len(keys)


def _member_of(row: Item) -> str:
    """The member whose link a row is."""
    return text_of(row, "pk").removeprefix(link_key("")[0])


class DynamoIncidents:
    """The `Incidents` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def remember(self, incident: Incident) -> None:
        """Keep that it happened just now."""
        self._table.put(to_key(incident_key(incident.value)) | to_item({"since": iso(self._clock())}))

    def forget(self, incident: Incident) -> None:
        """Remove it: it is over."""
        self._table.delete(incident_key(incident.value))

    def since(self, incident: Incident) -> str:
        """The time when it happened last; "" if it did not, or is over."""
        return text_of(self._table.get(incident_key(incident.value)), "since")

    def keep_workspace(self, text: str) -> None:
        """Keep what Slack said of the workspace that the app is installed in."""
        self._table.put(to_key(incident_key(_WORKSPACE)) | to_item({"text": text}))

    def workspace(self) -> str:
        """The text that was kept of the workspace; "" where there is none."""
        return text_of(self._table.get(incident_key(_WORKSPACE)), "text")


class DynamoRunRecords:
    """The `RunRecords` port on the table."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def keep_waiting(self, approval: str, withheld: Sequence[HistoryEntry]) -> None:
        """Keep who is withheld under an approval, in rows of 200, as they were first shown.

        All rows are written again: TTL deletes them one by one, and one may have become odd.
        """
        shown = self.all_withheld(approval)
        waiting = shown if len(shown) == len(withheld) else withheld
        known, later = ([each for each in waiting if attribute_of(each) == name] for name in LINES)
        expires = int((self._clock() + timedelta(days=RECORD_DAYS)).timestamp())
        for start in range(0, max(len(known), len(later)), MOST_LINES):
            part = slice(start, start + MOST_LINES)
            row = {"lines": dump_history(known[part]), "total": str(len(known))}
            row |= {"later": dump_history(later[part])} if later[part] else {}
            key = to_key(withheld_key(approval, start // MOST_LINES))
            self._table.put(key | to_item(row) | {"ttl": {"N": str(expires)}})

    def withheld(self, approval: str, first: int, count: int) -> WithheldPart:
        """Those from the one with the number `first` (from 0) on; none unless every row is there."""
        lines = self.all_withheld(approval)
        return WithheldPart(tuple(lines[first : first + count]), len(lines))

    def all_withheld(self, approval: str) -> list[HistoryEntry]:
        """All who are withheld under an approval, by extension; none unless every row is there."""
        items = self._table.query(
            KeyConditionExpression="pk = :pk",
            ExpressionAttributeValues={":pk": {"S": withheld_key(approval, 0)[0]}},
            ConsistentRead=True,
        )
        rows = [from_item(item) for item in items]
        lines = [line for row in rows for line in lines_of(row)]
        # A missing row would shift the numbers by which people are chosen.
        known = sum(attribute_of(line) == LINES[0] for line in lines)
        return lines if {row.get("total") for row in rows} == {str(known)} else []

    def keep_message(self, name: str, text: str) -> None:
        """Keep a message whose button opened a window, for a day."""
        expires = int((self._clock() + timedelta(days=1)).timestamp())
        self._table.put(to_key(message_key(name)) | to_item({"text": text}) | {"ttl": {"N": str(expires)}})

    def message(self, name: str) -> str:
        """The message that was kept under a name; "" where there is none."""
        return text_of(self._table.get(message_key(name)), "text")

    def keep_failure(self, failure: Failure) -> None:
        """Keep that a run failed, in place of any before it."""
        row = {"at": failure.at, "holder": failure.by, "run": failure.run_id, "reason": failure.reason}
        self._table.put(to_key(FAILURE) | to_item(row))

    def last_failure(self) -> Failure | None:
        """The newest failure; None before the first."""
        row = from_item(self._table.get(FAILURE))
        if not row:
            return None
        return Failure(*(row.get(name, "") for name in ("at", "holder", "run", "reason")))
