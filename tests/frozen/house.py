"""The fixed world of the frozen answers: who has a number, who had one, who asks, and when."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest.mock import patch

import time_machine

from core.models import (
    Agent,
    Assigned,
    ChangeKind,
    ExtensionRange,
    Held,
    HistoryEntry,
    Policy,
    Reserved,
)
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, running
from tests.bot.slack.recorder import ADMIN, JANE, STRANGER

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
# Linked by their own word; a guest; of no agent at all; an admin who is an agent too.
LINKED, GUEST, BOSS = "U0LINK", "U0GUEST", "U0BOSS"

_PEOPLE = (
    JANE_DOE,
    BOB,
    *MARIAS,
    Assigned("0044", "id-andre", "adavies", name="André Davies", team="Claims"),
    Assigned("0045", "id-ada", "along", name="Ada Long", team="Billing"),
    Assigned("0046", "id-constance", "ccapurso", name="Constance Capurso", team="Billing"),
    Assigned("0047", "id-alexandra", "aackermans", name="Alexandra Ackermans", team="Billing"),
    Assigned("0048", "id-agent", "agent7", name="Agent 0042", team="Night"),
    Assigned("0049", "id-digits", "0321", name="Vera Digits"),
    Assigned("0050", "id-my", "mynguyen", name="My Nguyen"),
    Assigned("0090", "", "older"),
    Assigned("0201", "id-room-a", "anna", name="Room 7 A"),
    Assigned("0202", "id-room-b", "bert", name="Room 7 B"),
    Assigned("0500", "id-kim-to", "kto", name="Kim To", team="Sales"),
    Assigned("0501", "id-kim-lee", "klee", name="Kim Lee", team="Returns"),
    Assigned("0502", "id-jane-on", "jon", name="Jane On"),
    Assigned("0503", "id-max", "mext", name="Max Ext"),
    Assigned("0504", "id-will", "wsmith", name="Will Smith", team="Returns"),
    Assigned("0505", "id-may", "mwong", name="May Wong", team="Returns"),
    Assigned("0506", "id-can", "cyilmaz", name="Can Yilmaz"),
    Assigned("0507", "id-grace", "gplease", name="Grace Please"),
    Assigned("0508", "id-hi", "hnguyen", name="Hi Nguyen"),
    Assigned("0509", "id-free", "wfree", name="Wilhelmina Free", team="Front Desk"),
    Assigned("0510", "id-tim-1", "tbaker", name="Tim Baker"),
    Assigned("0511", "id-tim-2", "tbaker2", name="Tim Baker", team="Sales"),
    Assigned("0512", "id-roe", "jroe", name="Jane Roe", team="Sales"),
    Assigned("0513", "id-okafor", "jokafor", name="Jane Okafor", team="Returns"),
    Assigned("0514", "id-bkim", "bkim", name="Robert Kim"),
    Assigned("0515", "id-khan", "mkhan", name="Muhammad Khan", team="Returns"),
    Assigned("0516", "id-lopez", "mlopez", name="María del Carmen López García"),
    Assigned("0517", "id-you", "yli", name="You Li"),
    Assigned("0518", "id-annfor", "afor", name="Ann For"),
    Assigned("7002", "id-smith", "jsmith", name="Jane Smith", team="Sales"),
    Assigned("7003", "id-wood", "swood", name="Sam Wood", team="Claims"),
    Assigned("7005", "id-night", "nowl", name="Nina Owl", team="Night Shift"),
    Assigned("7007", "id-wang", "xmwang", name="王小明"),
    Assigned("7008", "id-yulia", "ys", name="Юлия Щербакова"),
    Assigned("7009", "id-kim", "kms", name="김민수"),
    Assigned("7010", "id-soren", "sk", name="Søren Kierkegård"),
    Assigned("7011", "id-mole", "mole", name="Olive Mole", team="Billing"),
    Assigned("7012", "id-hernandez", "lhernandez", name="Luis Hernández"),
    Assigned("7013", "id-jean", "jwood", name="Jean-Luc Wood", team="Billing"),
    Assigned("7014", "id-emma", "eos", name="Emma O'Sullivan"),
    Assigned("7016", "id-boss", "abaker", name="Alex Baker"),
)
_LATER, _LEFT = "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z"
_OTHERS = (
    Held("7700", _LATER, _LEFT, "id-alba", "adav", "Alba Davis"),
    Held("7701", _LATER, _LEFT, "id-jane", "jdoe", "Jane Doe"),
    Held("7702", "2026-11-20T00:00:00Z", "2026-10-21T00:00:00Z", "id-otto", "odav", "Otto Davis"),
    Held("7703", "2026-12-05T00:00:00Z", "2026-11-05T00:00:00Z", "id-ada", "along", "Ada Long"),
    Reserved("7790", "front desk"),
    Reserved("7791", "lobby phones"),
    Reserved("0777", ""),
)
_NEW = (
    Agent("id-new-1", "znew", name="Zelda Newcomer", team="Sales"),
    Agent("id-new-2", "ynew1", name="Yara Twice", team="Claims"),
    Agent("id-new-3", "ynew2", name="Yara Twice"),
)


def _line(kind: ChangeKind, number: str, at: str, who: Held | Assigned, **more: str) -> HistoryEntry:
    run = at.replace("-", "").replace(":", "")
    fields = {"agent_id": who.agent_id, "by": "schedule", "run_id": f"{run}-0abcde"} | more
    return HistoryEntry(kind, number, who.username, fields.pop("name", who.name), at, **fields)  # type: ignore[arg-type]


_ALBA, _JANE_THEN, _OTTO, _ADA_THEN = (each for each in _OTHERS if isinstance(each, Held))
_SMITH = next(each for each in _PEOPLE if each.username == "jsmith")
_LINES = [
    _line(ChangeKind.ASSIGNED, "7700", "2026-05-03T09:00:00Z", _ALBA),
    _line(ChangeKind.ASSIGNED, "7702", "2026-05-03T09:00:00Z", _OTTO),
    _line(ChangeKind.RELABELLED, "7002", "2026-09-01T08:00:00Z", _SMITH, before="Jane Miller"),
    _line(ChangeKind.RELEASED, "7702", "2026-10-21T00:00:00Z", _OTTO),
    _line(ChangeKind.RELEASED, "7700", _LEFT, _ALBA),
    _line(ChangeKind.RELEASED, "7701", _LEFT, _JANE_THEN),
    _line(ChangeKind.MOVED, "0042", _LEFT, _JANE_THEN, moved_from="7701", by=ADMIN),
    _line(ChangeKind.MOVED, "0045", "2026-11-05T00:00:00Z", _ADA_THEN, moved_from="7703", by=BOSS),
]
_PROFILES = {
    JANE: ("jane@example.com", "Jane Doe"),
    LINKED: ("linked@elsewhere.example", "Robert Stone"),
    GUEST: ("guest@elsewhere.example", "Gil Guest"),
    STRANGER: ("who@elsewhere.example", "Maria Rossi"),
    BOSS: ("boss@example.com", "Alex Baker"),
    ADMIN: ("admin@example.com", "Addy Min"),
    "U0ADA": ("ada@example.com", "Ada Long"),
    "U0BOB": ("bob@example.com", "Bob Stone"),
    "U0WHO": ("whoever@elsewhere.example", "Robert Stone"),
    "U0MARIA": ("maria@elsewhere.example", "Maria Rossi"),
}


@contextmanager
def house() -> Iterator[Bot]:
    """The bot in its fixed world, at a fixed moment."""
    rules = {
        "admin_users": frozenset({ADMIN, BOSS}),
        "policy": Policy(ExtensionRange.parse("0000-7999")),
        "user_events": True,
    }
    with (
        time_machine.travel(NOW, tick=False),
        # A name is looked for in Connect at any time, so that no answer hangs on how quickly they follow.
        patch("bot.slack.newcomers._PAUSE_SECONDS", 0.0),
        running(*_PEOPLE, *_OTHERS, **rules) as bot,
    ):
        bot.slack.profiles |= {
            member: {"email": email, "real_name": name} for member, (email, name) in _PROFILES.items()
        }
        bot.slack.users[GUEST] = {"is_restricted": True}
        bot.connect.emails |= {f"id-{name}": f"{name}@example.com" for name in ("jane", "ada", "boss")}
        bot.connect.statuses |= {"id-jane": "Lunch", "id-bob": "Available", "id-ada": "Available"}
        bot.connect.statuses |= {"id-wood": "Available", "id-andre": "Offline", "id-maria-3": "Available"}
        bot.connect.agents = [*_NEW]
        bot.reader.lines = [*_LINES]
        yield bot


def put_back(bot: Bot) -> None:
    """Undo what an answer left behind, so that every answer is the first."""
    bot.claims.claims.clear()
    bot.links.agents = {LINKED: "id-bob"}
    bot.links.quiet.clear()
    bot.records.messages.clear()
    bot.records.waiting.clear()
    bot.exports.links = 0
    bot.jobs.clear()
    bot.job_ids.clear()
    bot.slack.calls.clear()
