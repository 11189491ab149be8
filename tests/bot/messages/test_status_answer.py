"""The answer to `/ext-admin status`."""

from __future__ import annotations

from msgspec.structs import replace

from bot.messages.status_answer import status
from bot.policy_file import read_policy
from core.counts import Counts
from core.models import Snapshot
from core.numbering.usage import usage_of
from core.status import Status
from tests.core.builders import NOW, policy


def test_the_status_shows_every_range_and_block_of_the_policy_whole() -> None:
    rules = policy("7000-7999")
    text = (
        f"ranges:\n  - routing_profile: 12345678\n    name: {'N' * 80}\n    range: 7200-7299\n"
        "reserved:\n  - numbers: 7990-7999\n    note: emergency lines\n  - numbers: 7000\n"
    )
    rules = replace(rules, teams=read_policy(text, rules.range))
    said = status(Status(usage_of(Snapshot({}), rules, Counts(), NOW), rules, None, None, ())).text
    assert f"routing profile {'N' * 80}: 7200-7299" in said
    assert "reserved 7990-7999: emergency lines\n" in said
    assert "reserved 7000: reserved by the policy" in said
