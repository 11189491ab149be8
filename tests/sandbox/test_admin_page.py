"""docs/admin.md shows each command with its reply, as the sandbox prints it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.aws.lambda_stand_in import Handler
from tests.sandbox.admin_page import BLOCK, PAGE, reply, session

# Times, days and names of runs are others each time.
_CHANGING = (
    (r"\d{8}T\d{6}Z-[0-9a-f]{6}", "RUN"),
    (r"(?:(?:today|yesterday|tomorrow) )?\d{1,2}:\d{2} [AP]M", "TIME"),
    (r"\b[A-Z][a-z]{2} \d{1,2}, \d{4}\b|\b\d{4}-\d{2}-\d{2}\b", "DAY"),
    (r"\b(?:today|tomorrow|yesterday)\b", "DAY"),
    (r"took [0-9.]+ s", "took N s"),
    (r"http://\S+", "LINK"),
    (r"\s+", " "),
)


def plain(text: str) -> str:
    """The text without what changes from one session to the next, and without where its lines break."""
    text = re.sub(r"^\s*│ ?", "", text, flags=re.MULTILINE)
    for pattern, instead in _CHANGING:
        text = re.sub(pattern, instead, text)
    return text.strip()


def shown() -> Iterator[tuple[str, str]]:
    """Each command of the page with its reply."""
    for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        command, _, replied = block.partition("\n")
        yield command.strip().removeprefix("admin> "), plain(replied)


def test_each_command_gets_the_reply_that_the_page_shows(patient_functions: dict[str, Handler]) -> None:
    with session(patient_functions) as (commands, out):
        for command, shown_reply in shown():
            assert plain(reply(commands, out, command)) == shown_reply, command
