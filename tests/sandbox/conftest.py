from __future__ import annotations

import pytest

from bot.slack_lambda import respond
from bot.wiring import installation
from sandbox.aws.account import SLACK
from sandbox.aws.lambda_stand_in import Handler
from sandbox.terminal.console import bot_functions

PATIENCE = 60.0


@pytest.fixture
def patient_functions(monkeypatch: pytest.MonkeyPatch) -> dict[str, Handler]:
    """The bot's functions, for sessions that are not about time.

    The deadline of an answer and the time-outs of what it asks are longer than a loaded machine is slow.
    """
    return without_haste(monkeypatch)


def without_haste(monkeypatch: pytest.MonkeyPatch) -> dict[str, Handler]:
    for timeout in ("_ASKED_SECONDS", "_STATUS_SECONDS"):
        monkeypatch.setattr(f"bot.wiring.{timeout}", PATIENCE)
    return bot_functions() | {SLACK: lambda event, _: respond(installation(), event, PATIENCE)}
