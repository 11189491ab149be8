"""Slack's limits on what it is sent: slack_sdk's models first, then what they leave out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from slack_sdk.models.blocks import Block, Option
from slack_sdk.models.views import View

Json = dict[str, Any]

MOST_BLOCKS, MOST_VIEW_BLOCKS = 50, 100
MOST_CHARACTERS, MOST_OF_A_BLOCK = 13_000, 3_000
# Of a message's text beside its blocks, as Slack recommends it, and of one alone, where Slack cuts.
MOST_TEXT, MOST_OF_ONLY_TEXT = 4_000, 40_000

# The markup of ours that may stand between < and >; a name can't make any, since it is escaped.
_OURS = re.compile(
    r"<@[UW][A-Z0-9]+>|<!subteam\^S[A-Z0-9]+>|<!date\^\d+\^[^<>|]+\|[^<>|]+>|<https?://[^<>]+>"
)
# What was checked by this process, for the judge that knows Slack's types (tests/infra/slack_types.py).
CHECKED: dict[str, list[Json]] = {"message": [], "view": []}
_ESCAPE = re.compile(r"&(amp|lt|gt);")


def check_message(sent: Json) -> None:
    """A message by the Web API, a `response_url`, or as the answer to a command."""
    CHECKED["message"].append(sent)
    assert isinstance(sent.get("text"), str), "a message without text is mute to a screen reader"
    assert sent["text"].strip(), "a message without text is mute to a screen reader"
    assert len(sent["text"]) <= (MOST_TEXT if sent.get("blocks") else MOST_OF_ONLY_TEXT)
    check_markup(sent["text"])
    assert sent.get("unfurl_links") is False
    assert sent.get("unfurl_media") is False
    blocks = sent.get("blocks", [])
    # A message of only text is for what no block has room for.
    assert blocks or len(sent["text"]) > MOST_OF_A_BLOCK
    assert len(blocks) <= MOST_BLOCKS
    check_blocks(blocks)
    assert sum(map(len, _texts(blocks))) <= MOST_CHARACTERS
    assert all(block["type"] != "input" for block in blocks)


def check_view(view: Json) -> None:
    """A modal or a Home tab."""
    CHECKED["view"].append(view)
    View(**view).to_dict()
    assert 0 < len(view["blocks"]) <= MOST_VIEW_BLOCKS
    check_blocks(view["blocks"])
    assert len(view.get("private_metadata", "")) <= 3000
    if view["type"] == "modal":
        titles = [view[key]["text"] for key in ("title", "submit", "close") if key in view]
        assert all(0 < len(title) <= 24 for title in titles)
        inputs = any(block["type"] == "input" for block in view["blocks"])
        assert "submit" in view or not inputs, "a modal with an input needs a submit button"


def check_options(options: list[Json]) -> None:
    """The options of a typeahead."""
    assert len(options) <= 100
    for parsed in Option.parse_all(options) or []:
        parsed.to_dict()
    for option in options:
        assert option["text"]["type"] == "plain_text"
        assert 0 < len(option["text"]["text"]) <= 75
        assert 0 < len(option["value"]) <= 150
        assert len(option.get("description", {}).get("text", "")) <= 75
    values = [option["value"] for option in options]
    assert len(values) == len(set(values))


def check_blocks(blocks: list[Json]) -> None:
    """Blocks, wherever they are shown."""
    for parsed in Block.parse_all(blocks):
        assert parsed is not None, "slack_sdk doesn't know a block of this type"
        parsed.to_dict()
    for block in blocks:
        _check_block(block)


def _check_block(block: Json) -> None:
    for text in _text_objects(block):
        assert text["text"].strip(), "an empty text"
        if text["type"] == "mrkdwn":
            assert text.get("verbatim") is True, "Slack would make mentions of names"
            assert len(text["text"]) <= MOST_OF_A_BLOCK
            check_markup(text["text"])
    elements = [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]
    buttons = [element for element in elements if element["type"] == "button"]
    for button in buttons:
        _check_button(button)
    actions = [element["action_id"] for element in elements if "action_id" in element]
    assert len(actions) == len(set(actions))
    assert len(elements) <= (10 if block["type"] == "context" else 25)


def _check_button(button: Json) -> None:
    assert 0 < len(button["text"]["text"]) <= 75
    assert 0 < len(button["accessibility_label"]) <= 75
    assert 0 < len(button["action_id"]) <= 255
    assert len(button.get("value", "")) <= 2000
    assert len(button.get("url", "")) <= MOST_OF_A_BLOCK
    confirm = button.get("confirm")
    if confirm:
        assert len(confirm["title"]["text"]) <= 100
        assert len(confirm["text"]["text"]) <= 300
        assert max(len(confirm["confirm"]["text"]), len(confirm["deny"]["text"])) <= 30


def check_markup(text: str) -> None:
    """No command to Slack that isn't ours: no `<!channel>`, no stray `<` or `&`."""
    rest = _ESCAPE.sub("", _OURS.sub("", text))
    assert not set("<>&") & set(rest), f"unescaped: {rest}"


def _text_objects(found: Any) -> Iterator[Json]:
    """Every text object, however deep."""
    if isinstance(found, dict):
        if found.get("type") in ("mrkdwn", "plain_text") and isinstance(found.get("text"), str):
            yield found
        for value in found.values():
            yield from _text_objects(value)
    elif isinstance(found, list):
        for value in found:
            yield from _text_objects(value)


def _texts(blocks: list[Json]) -> Iterable[str]:
    return (text["text"] for text in _text_objects(blocks))
