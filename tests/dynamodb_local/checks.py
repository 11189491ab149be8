"""What the races assert, said once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from itertools import pairwise
from typing import Any

from core.aws.connect import ConnectInstance
from core.aws.reports import load_history
from core.aws.rows import fingerprint, is_ours
from core.aws.table import Table
from core.aws.writer import DynamoTableWriter
from core.models import ChangeKind, ExtensionRange, Report
from core.numbering.sync import Sync
from sandbox.aws.connect_users import INSTANCE_ID
from tests.dynamodb_local.crew import LEASE_SECONDS, Interruption, NoFiles, Place, Seen
from tests.dynamodb_local.sampler import Rows
from tests.dynamodb_local.stage import BEGINNING
from tests.dynamodb_local.tables import client_of


def digits(extensions: str) -> list[str]:
    """Every extension of a range."""
    return list(ExtensionRange.parse(extensions))


def ledger_of(place: Place, client: Any, minutes: float = 0) -> DynamoTableWriter:
    """The table for one run, so long after the beginning."""
    moment = BEGINNING + timedelta(minutes=minutes)
    return DynamoTableWriter(Table(client, place.table), place.policy.range, lambda: moment, LEASE_SECONDS)


def one_sync(place: Place, client: Any, minutes: float = 0) -> Report:
    """A run that is alone."""
    moment = BEGINNING + timedelta(minutes=minutes)
    connect = ConnectInstance(client_of("connect", place.connect), INSTANCE_ID)
    writer = ledger_of(place, client, minutes)
    return Sync(connect, writer, NoFiles(), place.policy, lambda: moment).run("schedule")


def numbers(rows: Rows) -> dict[str, str]:
    """The number of each agent, by user id."""
    return {row["agent_id"]: pk for (pk, sk), row in rows.items() if sk == "agentID" and "agent_id" in row}


def history(rows: Rows) -> Counter[tuple[str, ChangeKind]]:
    """How often each change is told of, by username."""
    told = [row["lines"] for (pk, _), row in rows.items() if pk.startswith("change#")]
    return Counter((line.username, line.kind) for text in told for line in load_history(text))


def assert_serial(seen: Iterable[Seen], rows: Rows, first: int = 1) -> None:
    """Each token was won once, and the transactions, in the order of the tokens, leave no gap.

    One that went through after its lease was lost would not fit in between.
    """
    seen = list(seen)
    tokens = sorted(token for each in seen for token in each.won)
    assert tokens == list(range(first, first + len(tokens)))
    lease = rows["sync", "lease"]
    assert int(lease["token"]) == tokens[-1]
    assert "lease_until" not in lease
    wrote = sorted((wrote for each in seen for wrote in each.wrote), key=lambda wrote: wrote.token)
    assert [(one, two) for one, two in pairwise(wrote) if two.before not in (None, one.after)] == []
    kept = [row for key, row in rows.items() if is_ours(key)]
    assert lease["fingerprint"] == f"{fingerprint(kept):032x}" == wrote[-1].after


def assert_interrupted(seen: Iterable[Seen], interruptions: Mapping[int, Interruption]) -> None:
    """Every interruption took place, and who waited lost the lease by it."""
    outcomes = sum((each.outcomes for each in seen), Counter[str]())
    assert outcomes["interrupted"] == len(interruptions)
    assert outcomes["lost"] >= sum(each.waits for each in interruptions.values())
