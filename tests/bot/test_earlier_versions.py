"""What commit 5ab0e82 sent and what stood on its buttons: this version reads it, and writes the same.

`earlier/5ab0e82.json` was written by that commit. A deploy can be rolled back as long as this holds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.jobs import Job, Unreadable
from bot.messages.button_values import AgentRef, Choice, PageRef, read, write
from bot.messages.pressed import Pressed
from bot.messages.request_text import NumberRequest
from core.numbering.orders import (
    Apply,
    Approve,
    ForgetMembers,
    Free,
    Move,
    OnButton,
    PlanSync,
    Reserve,
    StartSync,
    Status,
    Swap,
    Undo,
    UndoSync,
    Unreserve,
)

RECORDED = json.loads((Path(__file__).parent / "earlier" / "5ab0e82.json").read_text("utf-8"))
EVENTS = RECORDED["events"]


@pytest.mark.parametrize("event", EVENTS, ids=str)
def test_an_event_of_the_earlier_version_is_read_and_written_as_it_was(event: Any) -> None:
    assert Job.from_event(event).to_event() == event


def test_an_event_of_the_earlier_version_is_the_order_that_it_was() -> None:
    move, swap = Move("id-jane", "0050"), Swap("id-jane", "id-bob", "0042, 0043")
    bits = EVENTS[18]["job"]["left_out"]
    assert [Job.from_event(event).order for event in EVENTS] == [
        *(StartSync(), StartSync(), StartSync(), PlanSync()),
        *(Reserve("0780-0782, 0785", "front desk"), Reserve("0050", holds="0a1b2c3d 00112233")),
        *(Unreserve("0780-0782", "front desk"), Unreserve(note="front desk"), move, swap),
        *(Free("0050"), Free("0050", "0a1b2c3d"), Undo(), Undo("20261122T093000Z-0abcde"), UndoSync()),
        *(Status(), ForgetMembers(), Approve("0123456789abcdef"), Approve("0123456789abcdef", bits)),
        *(Apply("plan0123456789abcdef"), Move("id-jane", "0777", RECORDED["requests"][0])),
    ]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((OnButton, text) for text in RECORDED["orders"]),
        *((NumberRequest, text) for text in RECORDED["requests"]),
    ],
)
def test_a_button_of_the_earlier_version_is_read_and_written_as_it_was(kind: Any, text: str) -> None:
    assert write(read(text, kind)) == text


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        *((Choice, text) for text in RECORDED["choices"]),
        *((PageRef, text) for text in RECORDED["pages"]),
        *((AgentRef, text) for text in RECORDED["agents"]),
        *((Pressed, text) for text in RECORDED["pressed"]),
    ],
)
def test_what_else_buttons_and_windows_carried_is_read_and_written_as_it_was(kind: Any, text: str) -> None:
    assert kind.read(text).write() == text


@pytest.mark.parametrize("fields", [{"task": "forward"}, {"task": "move", "until": "2026-12-01"}])
def test_a_job_of_a_later_version_is_refused_and_says_who_asked(fields: dict[str, str]) -> None:
    with pytest.raises(Unreadable) as refused:
        Job.from_event({"job": {**fields, "by": "U0ADMIN", "response_url": "https://x", "id": "name"}})
    job = refused.value.job
    assert (job.by, job.response_url, job.id) == ("U0ADMIN", "https://x", "name")
