from __future__ import annotations

from datetime import UTC, datetime

from sandbox.terminal.mrkdwn import Reader
from tests.pictures.slack_html import message_html

READER = Reader(lambda each: each, datetime(2026, 11, 30, tzinfo=UTC))


def drawn(text: str) -> str:
    section = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return message_html({"blocks": [section]}, READER, private=False)


def test_words_are_drawn_as_styled_and_none_becomes_a_tag() -> None:
    assert "<b>Jane &amp; Co</b> is on <code>7001</code> &lt;i&gt;" in drawn(
        "*Jane &amp; Co* is on `7001` &lt;i&gt;"
    )


def test_a_block_of_lines_stays_one() -> None:
    assert "<pre>one\ntwo</pre>" in drawn("```one\ntwo```")
