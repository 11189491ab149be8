"""What is said of commands that are none."""

from __future__ import annotations

from bot.messages.help import ask_admins, sync_help, unknown_command
from core.asking.lookup import Examples
from tests.bot.slack.limits import check_blocks, check_markup

JANE = Examples("jane doe", "jdoe", "0042", "bob", "0999", "0990-0999")


def test_what_was_typed_is_cut_before_it_is_escaped() -> None:
    for length in range(1, 130):
        for said in (sync_help(">" * length, ""), unknown_command("/" + "&" * length, "/ext help", JANE)):
            check_markup(said.text)
            check_blocks([*said.blocks])


def test_admins_are_named_five_at_most_and_the_group_by_its_mention() -> None:
    admins = [f"U0{number}" for number in range(8)]
    assert ask_admins(admins[:1], "") == "Ask <@U00>."
    assert ask_admins([], "S0A") == "Ask anybody in <!subteam^S0A>."
    assert ask_admins(admins, "S0A") == (
        "Ask <@U00>, <@U01>, <@U02>, <@U03>, <@U04>, 3 more or anybody in <!subteam^S0A>."
    )
    assert ask_admins([], "") == ""
