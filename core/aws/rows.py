"""The layout of the table's rows, and states of extensions as rows and back. Pure.

    pk              sk             sk_value
    0042            agentID        the username   an assigned extension
    0042            nu             0042           a free or held one
    0042            reserved       the note       one kept out of the pool
    user#<id>       extension      0042           the agent's own row, with the agent's label
    names#526       people                        the agents whose names begin with these keys
    forwards        now                           whose calls go to whom, and until when
    sync            lease          the run id     token, holder, lease_until, and the numbering's fingerprint
    sync            last           the run id     the newest report
    sync            left_out                      the releases that an admin left out of an approval
    sync            failed                        the newest failure of a run
    sync            counts                        the last 30 days and the newest runs, counted
    withheld#<approval>  <number>                 200 of the releases that wait for it, or of the
                                                  changes of a plan, expiring by TTL
    change#<date>   <time>#<run>                  history: the lines of one transaction and their place in the
                                                  order of all transactions, expiring by TTL
    history#0042    person#<id>    the last time  the lines of one number and one agent, expiring by TTL
    history#0042    nobody                        those of the number that have no agent
    former          <time>#<run>                  those lines of it by which somebody lost a number or a name
    lost#jane       2026-11                       those of a month and of people with this word in the name or
                                                  username, expiring by TTL
    event#<name>    claim                         work taken on, until when, or done; expires by TTL
    event#installation  <incident>                something that the doctor has to tell, and since when
    event#installation  workspace                 what Slack said of the workspace, for when it does not say
    event#message-<name>  message                 a message whose button opened a window; expires by TTL
    link#<member>   agent                         the agent that a Slack member says to be
    link#of#<agent> member                        the one member who says to be the agent
    link#<member>   quiet                         the member wants no notices
    link#<member>   ask-...                       a request for a number that the member made
    summary         until                         where the last daily summary ended

The layout of the numbering is the older project's. Every attribute of it is a string: that project's GetAgent
Lambda answers with the row as it stands. Rows without `sk_value` are not in the index.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from core.aws.row_keys import AGENT as AGENT
from core.aws.row_keys import OWNER as OWNER
from core.aws.row_keys import RESERVED as RESERVED
from core.aws.row_keys import UNUSED as UNUSED
from core.aws.row_keys import Key as Key
from core.aws.row_keys import agent_of, is_own_row
from core.aws.row_keys import owner_key as owner_key
from core.models import (
    Assigned,
    ChangeKind,
    ExtensionRecord,
    Free,
    Held,
    HistoryEntry,
    Reserved,
    Snapshot,
    State,
    as_iso,
)
from core.words.text import clean
from core.work import Work

Row = dict[str, str]
_Read = tuple[Row, list[str]]  # a row, and its attributes that are no text
Item = Mapping[str, Any]  # in DynamoDB's own form: {"pk": {"S": "0042"}, ...}

INDEX = "skIndex"
LEASE: Key = ("sync", "lease")
REPORT: Key = ("sync", "last")
LEFT_OUT: Key = ("sync", "left_out")
FAILURE: Key = ("sync", "failed")
COUNTS: Key = ("sync", "counts")
SUMMARY: Key = ("summary", "until")
# The partition of the history by which people are found who left or had another name: one query reads it.
FORMER = "former"
HISTORY_DAYS = 400
_LOST = "lost#"

# The attribute of an assignment with the time, run and person of the line of history that began it.
GIVEN = "given"
KINDS = (AGENT, UNUSED, RESERVED, OWNER)
_HISTORY = "change#"
# The sort key of a number's history without an agent.
NOBODY = "nobody"
# The older project wrote a number given back without its sk_value, and without saying when.
_SOME_TIME = "1970-01-01T00:00:00Z"
# The attributes that a state is read from; a hand can have left any of them as a number, a list or NULL.
_ATTRIBUTES = {
    *("sk_value", "agent_id", "agent_arn", "username", "display_name", "team"),
    *("first_name", "last_name", "readings", "modified", "since", "released", "held_until"),
}
# What an agent's own row says beside the number, for calls.
_LABEL = ("username", "agent_arn", "display_name", "team")
# What a row says of its state, in contrast to how it labels the agent.
IDENTITY = {
    AGENT: ("sk_value", "agent_id"),
    UNUSED: ("sk_value", "held_until"),
    RESERVED: ("sk_value",),
    OWNER: ("sk_value",),
}


def key_of(row: Row) -> Key:
    """The row's key."""
    return (row["pk"], row["sk"])


def numbering(items: Iterable[Item]) -> Iterator[tuple[Key, Item]]:
    """The items that take part in the numbering, with their keys."""
    keyed = (((item["pk"]["S"], item["sk"]["S"]), item) for item in items)
    return ((key, item) for key, item in keyed if is_ours(key))


def claim_key(name: str) -> Key:
    """The key of the claim on a piece of work; a member's requests stand beside their link."""
    if not name.startswith(Work.REQUEST.prefix):
        return (f"event#{name}", "claim")
    member, _, request = name.removeprefix(Work.REQUEST.prefix).partition("-")
    return (link_key(member)[0], f"{Work.REQUEST.prefix}{request}")


def incident_key(name: str) -> Key:
    """The key of an incident of the installation."""
    return ("event#installation", name)


def message_key(name: str) -> Key:
    """The key of a message whose button opened a window."""
    return (f"event#{Work.MESSAGE.named(name)}", "message")


def link_key(member_id: str) -> Key:
    """The key of a Slack member's link."""
    return (f"link#{member_id}", "agent")


def link_of_key(agent_id: str) -> Key:
    """The key of the row with the one member who is linked to the agent; no member's id begins with `of#`."""
    return (link_key(f"of#{agent_id}")[0], "member")


def withheld_key(approval: str, number: int) -> Key:
    """The key of one of the rows with the releases that wait for an approval."""
    return (f"withheld#{approval}", f"{number:05}")


def quiet_key(member_id: str) -> Key:
    """The key of a Slack member's wish for no notices."""
    return (f"link#{member_id}", "quiet")


def is_history(item: Item) -> bool:
    """Whether the item has lines of a day's history."""
    return text_of(item, "pk").startswith(_HISTORY)


def history_day(moment: datetime) -> str:
    """The partition of a day's history."""
    return f"{_HISTORY}{moment:%Y-%m-%d}"


def past_key(extension: str, agent_id: str) -> Key:
    """The key of the history of a number and an agent; `agent_id` is "" for what has none."""
    return (past_of_number(extension), past_of_agent(agent_id) if agent_id else NOBODY)


def past_of_number(extension: str) -> str:
    """The partition of a number's history."""
    return f"history#{extension}"


def past_of_agent(agent_id: str) -> str:
    """The partition of an agent's history in the index."""
    return f"person#{agent_id}"


def former_key(moment: datetime, name: str = "") -> Key:
    """The key of the losses of one transaction, or of the first at that moment."""
    return (FORMER, f"{moment:%Y-%m-%d}T{name or f'{moment:%H:%M:%S}'}")


def lost_key(word: str, month: str) -> Key:
    """The key of the losses of a month, as in `2026-11`, of people with this word in their name."""
    return (f"{_LOST}{word}", month)


def is_lost(key: Key) -> bool:
    """Whether it is the key of a row of the index of lost names."""
    return key[0].startswith(_LOST)


def months(first: str, last: str) -> list[str]:
    """The months from one to another, as in `2026-11`, the newest first."""
    year, month = int(last[:4]), int(last[5:7])
    found = []
    while (each := f"{year:04}-{month:02}") >= first[:7]:
        found.append(each)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return found


def history_place(token: int, transaction: int) -> str:
    """The place of a transaction in the order of all: its run's token, and its number in the run."""
    return f"{token:012}-{transaction:05}"


def to_key(key: Key) -> dict[str, Any]:
    """The key in DynamoDB's own form."""
    return to_item(dict(zip(("pk", "sk"), key, strict=True)))


def to_item(row: Row) -> dict[str, Any]:
    """The row in DynamoDB's own form."""
    return {name: {"S": value} for name, value in row.items()}


def text_of(item: Item, name: str) -> str:
    """The string that an attribute holds; "" where there is none."""
    return str(item.get(name, {}).get("S", ""))


def from_item(item: Item) -> Row:
    """The strings of an item, without its attributes of other types."""
    return {name: value["S"] for name, value in item.items() if "S" in value}


def is_ours(key: Key) -> bool:
    """Whether the row with this key takes part in the numbering."""
    pk, sk = key
    return is_own_row(key) if sk == OWNER else sk in KINDS and is_extension(pk)


def is_extension(pk: str) -> bool:
    """Whether the key is one of an extension."""
    return pk.isascii() and pk.isdigit()


def rows_of(state: State) -> list[Row]:
    """The rows that say this state: one, and the agent's own beside an assignment."""
    pk = state.extension
    match state:
        case Free():
            return [_row(pk, UNUSED, pk, released=state.released)]
        case Reserved():
            row = _row(pk, RESERVED, state.note, since=state.since, by="policy" * state.by_policy)
            return [row | _filled(queue_arn=state.queue_arn, queue_name=state.queue_name)]
        case Held():
            held = _row(pk, UNUSED, pk, released=state.released, held_until=state.until)
            return [held | _filled(agent_id=state.agent_id, username=state.username, display_name=state.name)]
        case Assigned():
            row = _row(pk, AGENT, state.username, agent_id=state.agent_id, agent_arn=state.arn)
            row |= _filled(display_name=state.name, team=state.team)
            row |= _filled(first_name=state.first_name, last_name=state.last_name)
            row |= _filled(modified=state.modified, since=state.since, readings=state.readings)
            row |= _filled(by_name="no" * state.unlisted, release="waits" * state.release_waits)
            return [row, _own_row(state)] if state.agent_id else [row]


def _own_row(state: Assigned) -> Row:
    """The agent's own row: the number, and all that a call needs of an agent it does not dial."""
    label = _filled(username=state.username, agent_arn=state.arn, display_name=state.name, team=state.team)
    return _row(*owner_key(state.agent_id), state.extension) | label


def _row(pk: str, sk: str, sk_value: str, **attributes: str) -> Row:
    return {"pk": pk, "sk": sk} | _filled(sk_value=sk_value, **attributes)


def _filled(**attributes: str) -> Row:
    return {name: value for name, value in attributes.items() if value}


def state_of(row: Row) -> State:
    """The state that a row of an extension says."""
    pk = row["pk"]
    if row["sk"] == AGENT:
        return _assigned(row)
    if row["sk"] == RESERVED:
        by_policy = row.get("by") == "policy"
        queue = (row.get("queue_arn", ""), clean(row.get("queue_name", "")))
        return Reserved(pk, clean(row.get("sk_value", "no note")), row.get("since", ""), by_policy, *queue)
    released = row.get("released", "" if "sk_value" in row else _SOME_TIME)
    if "held_until" not in row:
        return Free(pk, released)
    who = (row.get("agent_id", ""), clean(row.get("username", "")), clean(row.get("display_name", "")))
    return Held(pk, as_iso(row["held_until"]) or row["held_until"], released, *who)


def _assigned(row: Row) -> Assigned:
    return Assigned(
        row["pk"],
        agent_id=row.get("agent_id", ""),
        username=clean(row.get("sk_value", "")),
        arn=row.get("agent_arn", ""),
        name=clean(row.get("display_name", "")),
        team=clean(row.get("team", "")),
        modified=row.get("modified", ""),
        since=row.get("since", ""),
        first_name=clean(row.get("first_name", "")),
        last_name=clean(row.get("last_name", "")),
        readings=row.get("readings", ""),
        unlisted=row.get("by_name") == "no",
        release_waits=row.get("release") == "waits",
    )


def given_by(line: HistoryEntry) -> str:
    """The attribute `given` of the row of an extension that a line says to be assigned."""
    return f"{line.at} {line.run_id} {line.by}"


def line_given(row: Row) -> HistoryEntry | None:
    """The line of history by which the agent of the row got the number; None where the row has none.

    Most numbers never change hands, so that this saves a row for each.
    """
    parts = row.get(GIVEN, "").split(" ", 2)
    if row["sk"] != AGENT or len(parts) < 3:
        return None
    username, name, agent_id = (row.get(each, "") for each in ("sk_value", "display_name", "agent_id"))
    at, run_id, by = parts
    kind = ChangeKind.ASSIGNED
    return HistoryEntry(kind, row["pk"], username, name, at, by, run_id, agent_id=agent_id)


def table_of(items: Iterable[Item]) -> Snapshot:
    """The extensions of the items, with their faults."""
    return table_of_rows((key, from_item(item), item) for key, item in numbering(items))


def table_of_rows(rows: Iterable[tuple[Key, Row, Item | None]]) -> Snapshot:
    """The extensions of rows of the numbering; with the item, where the row does not tell all of it."""
    by_extension: dict[str, dict[str, _Read]] = defaultdict(dict)
    owners: dict[str, list[str]] = defaultdict(list)
    own_rows: dict[str, Row] = {}
    for (pk, sk), row, item in rows:
        if sk == OWNER:
            owners[row.get("sk_value", "")].append(agent_of(pk))
            own_rows[agent_of(pk)] = row
        else:
            by_extension[pk][sk] = (row, _oddities(item) if item and len(item) > len(row) else _NO_ODDITIES)
    records = {pk: _record(found, owners.pop(pk, []), own_rows) for pk, found in by_extension.items()}
    astray = {pk: _pointed_at(pk, agents) for pk, agents in owners.items() if is_extension(pk)}
    return Snapshot(records | astray)


def _pointed_at(extension: str, owners: list[str]) -> ExtensionRecord:
    """An extension of which only agents' own rows speak."""
    return ExtensionRecord(Free(extension), tuple(sorted(owners)), ("only an agent's own row spoke of it",))


def _oddities(item: Item) -> list[str]:
    """The attributes of an item that hold no text where one belongs."""
    return sorted(name for name in _ATTRIBUTES & item.keys() if "S" not in item[name])


def _record(found: dict[str, _Read], owners: list[str], own_rows: Mapping[str, Row]) -> ExtensionRecord:
    """An assignment outweighs a reservation, and that outweighs being free: nobody loses a number."""
    first, *others = (sk for sk in (AGENT, RESERVED, UNUSED) if sk in found)
    faults = [f"it was also listed as {_WORDS[sk]}" for sk in others]
    row, odd = found[first]
    if odd:
        faults.append(f"its row had no text as {', '.join(odd)}")
        row = row | ({"held_until": "?"} if "held_until" in odd else {})
    if "sk_value" not in row or (first == UNUSED and row["sk_value"] != row["pk"]):
        faults.append("its row was missing from the index")
    state = state_of(row)
    if isinstance(state, Held) and as_iso(state.until) != row["held_until"]:
        faults.append(f"its hold ended {row['held_until'][:30]}")
    return ExtensionRecord(state, tuple(sorted(owners)), tuple(faults), _is_stale(state, own_rows))


def _is_stale(state: State, own_rows: Mapping[str, Row]) -> bool:
    """Whether the own row of the extension's agent is there, and does not say what calls read in it."""
    if not isinstance(state, Assigned) or state.agent_id not in own_rows:
        return False
    own, wanted = own_rows[state.agent_id], _own_row(state)
    return any(own.get(name, "") != wanted.get(name, "") for name in _LABEL)


_NO_ODDITIES: list[str] = []
_WORDS = {RESERVED: "reserved", UNUSED: "free"}


def fingerprint(rows: Iterable[Row]) -> int:
    """A number for a set of rows: equal sets, equal numbers, and it adds up row by row.

    128 bits of BLAKE2b each. Rows that no index has (without `sk_value`) and when an agent was last
    modified are left out: with them the index would never agree, and nobody reads the latter.
    """
    return sum(_print(row) for row in rows if "sk_value" in row) % 2**128


def version_of(number: int) -> str:
    """A fingerprint as the version that rows and exports carry."""
    return f"{number:032x}"


def _print(row: Row) -> int:
    text = "\0".join([f"{name}={row[name]}" for name in sorted(row) if name != "modified"])
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest(), "big")
