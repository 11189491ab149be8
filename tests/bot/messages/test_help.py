"""What is said of commands that are none."""

from __future__ import annotations

from bot.messages.help import sync_help, unknown_command
from tests.bot.slack.limits import check_blocks, check_markup


def test_what_was_typed_is_cut_before_it_is_escaped() -> None:
    for length in range(1, 130):
        for said in (sync_help(">" * length, ""), unknown_command("/" + "&" * length, "/ext help")):
            check_markup(said.text)
            check_blocks([*said.blocks])
