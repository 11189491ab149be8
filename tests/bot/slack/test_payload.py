"""Slack's markup, read as plain text and mentions."""

from __future__ import annotations

import pytest

from bot.slack.payload import written


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<mailto:jane@x.com|jane@x.com>", "jane@x.com"),
        ("what's <mailto:jane@x.com|jane@x.com>'s ext", "what's jane@x.com's ext"),
        ("<https://x.com/jane|jane doe>", "jane doe"),
        ("<tel:0042|0042>", "0042"),
        ("<tel:0042>", "0042"),
        ("O&amp;M Support", "O&M Support"),
        ("&lt;!channel&gt;", "<!channel>"),
        ("&lt;@U0A1&gt; jane", "<@U0A1> jane"),
        ("<!channel> <#C1|> jane", "jane"),
    ],
)
def test_markup_is_read_as_the_text_that_a_person_sees(markup: str, text: str) -> None:
    assert written(markup).text == text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<@U0A1>", ""),
        ("<@U0A1|jane>", ""),
        ("what's <@U0A1|jane>'s extension?", "what's extension?"),
        ("who is <@U0A1>", "who is"),
        ("jane <@W0A1|w> doe", "jane doe"),
    ],
)
def test_mentions_are_values_beside_the_text(markup: str, text: str) -> None:
    said = written(markup)
    assert said.text == text
    assert said.mentions in (("U0A1",), ("W0A1",))


@pytest.mark.parametrize("bot", ["U0BOT", ""])
def test_the_bot_that_is_called_is_nobody_asked_about(bot: str) -> None:
    assert written("<@U0BOT> who is <@U0A1>", bot).mentions == ("U0A1",)
