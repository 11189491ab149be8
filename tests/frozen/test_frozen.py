"""Every answer is the recorded one; `python -m tests.frozen.record` shows in a diff what changed."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest

from tests.bot.slack.bot import Bot
from tests.frozen.house import house
from tests.frozen.record import DATA, answered, read

_MOST_TOLD = 20


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    with house() as running_bot:
        yield running_bot


@pytest.mark.parametrize("file", DATA, ids=lambda file: file.stem)
def test_answers_are_the_recorded_ones(bot: Bot, file: Path) -> None:
    changed = [
        f"“{text}” of {who}:\n{_difference(said, now[who])}"
        for text, said_to in read(file)
        for now in [answered(bot, (text, said_to))[1]]
        for who, said in said_to.items()
        if now[who] != said
    ]
    told = "\n".join(changed[:_MOST_TOLD])
    assert not changed, f"{len(changed)} answers changed; the first of them:\n{told}"


def test_there_are_two_thousand_texts() -> None:
    assert len({text for file in DATA for text, _ in read(file)}) >= 2000


def _difference(said: str, now: str) -> str:
    lines = unified_diff(said.splitlines(), now.splitlines(), "recorded", "now", lineterm="", n=1)
    return "\n".join(f"    {line}" for line in lines)
