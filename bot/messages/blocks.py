"""The parts of every message: escaped text, Block Kit pieces, and the plain text that says the same.

Slack takes 50 blocks a message, 3,000 characters a section and about 13,000 in all. Longer lists are cut,
and say how many lines are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct

from core.models import parse_iso
from core.words.periods import day_words

Block = dict[str, Any]

MOST_TEXT = 3000
MOST_LABEL = 75
# The most characters of a list in a message that has several lists, and of a message's plain text.
LIST_LENGTH, PLAIN_LENGTH = 1000, 3000
MOST_LINES = 20
# Said of somebody whose release is withheld.
LEFT = "not in Amazon Connect any more"
GONE = f"{LEFT}; the release waits for an admin"
# The beginning of the line that says how many more there are.
MORE = "…and"
# A name is shown up to here; nobody reads on, and a page of the longest names still fits.
NAME_LENGTH = 80

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
# Slack has no way to escape these: look-alikes keep a name from ending its own bold or code.
_MARKS = str.maketrans({"*": "∗", "`": "ˋ"})
_EMOJI = re.compile(r"^:[a-z0-9_+-]+: ", re.MULTILINE)
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")


class Message(Struct, frozen=True):
    """A message: its blocks, and `text`, which says the whole thing for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...] = ()


def message(*blocks: Block | None) -> Message:
    """Make a message of blocks, without Nones; its text is the blocks in plain words."""
    kept = tuple(block for block in blocks if block is not None)
    lines = [plain(line) for block in kept for line in _said(block)]
    return Message(cut("\n".join(lines), PLAIN_LENGTH), kept)


def _said(block: Block) -> Iterable[str]:
    if block["type"] in ("section", "header"):
        yield block["text"]["text"] if block["type"] == "section" else escape(block["text"]["text"])
    elif block["type"] == "context":
        yield " ".join(element["text"] for element in block["elements"])


def modal(
    title: str,
    blocks: Sequence[Block | None],
    *,
    callback: str = "",
    submit: str = "",
    close: str = "Cancel",
    metadata: str = "",
) -> Block:
    """Make a window of blocks, without Nones; with `submit` it has a button to send it."""
    sent = {"callback_id": callback, "submit": plain_text(submit), "private_metadata": metadata}
    return {
        "type": "modal",
        "title": plain_text(title),
        "close": plain_text(close),
        "blocks": [block for block in blocks if block is not None],
        **(sent if submit else {}),
    }


def plain(markup: str) -> str:
    """Markup of ours without its marks; what was escaped stays so, since Slack reads `text` as markup too."""
    return _DATE.sub(r"\1", _EMOJI.sub("", markup)).replace("*", "").replace("`", "")


def escape(text: str) -> str:
    """Escape text from outside for a message: one line, with no mention and no mark in Slack's eyes."""
    return " ".join(text.split()).translate(_MARKS).translate(_ENTITIES)


def cut(text: str, most: int) -> str:
    """The text, or its beginning with an ellipsis; never ends within an escape or a `<...>`."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    for opening, closing in (("&", ";"), ("<", ">")):
        start = kept.rfind(opening)
        if start > kept.rfind(closing) and closing in text[start:]:
            kept = kept[:start]
    return kept + "…"


def cut_label(text: str) -> str:
    """A label of up to 75 characters as Slack counts them: emoji and rare characters count twice."""
    lengths = range(MOST_LABEL, 0, -1)
    labels = (cut(text, length) for length in lengths)
    return next(
        label for label in labels if len(label.encode("utf-16-le", "surrogatepass")) // 2 <= MOST_LABEL
    )


def name(text: str) -> str:
    """A name or another short label, escaped, and cut where it is endless."""
    return escape(cut(" ".join(text.split()), NAME_LENGTH))


def bold(text: str) -> str:
    """A name or number, escaped, in bold."""
    return f"*{name(text)}*"


def code(text: str) -> str:
    """A number or a command, escaped, as code: a double click marks it alone, to be copied."""
    return f"`{name(text)}`"


def is_iso(text: str) -> bool:
    """Whether the text is a time of ours; a row that a hand has written may hold another."""
    try:
        parse_iso(text)
    except ValueError:
        return False
    return True


def when(iso: str) -> str:
    """A stored time in the reader's own zone; text that is no time is returned unchanged."""
    if not is_iso(iso):
        return name(iso)
    moment = parse_iso(iso)
    token = "{date_short_pretty} {time}"
    return f"<!date^{int(moment.timestamp())}^{token}|{day_words(moment)} {moment:%H:%M} UTC>"


def clock_time(iso: str) -> str:
    """The time of day of a stored time, in the reader's own zone; other text is returned unchanged."""
    if not is_iso(iso):
        return name(iso)
    moment = parse_iso(iso)
    return f"<!date^{int(moment.timestamp())}^{{time}}|{moment:%H:%M} UTC>"


def day(iso: str) -> str:
    """The day of a stored time, in the reader's own zone; other text is returned unchanged."""
    if not is_iso(iso):
        return name(iso)
    moment = parse_iso(iso)
    return f"<!date^{int(moment.timestamp())}^{{date_short_pretty}}|{day_words(moment)}>"


def many(count: int, one: str, more: str = "") -> str:
    """`1 number`, `2 numbers`."""
    return f"{count:,} {one if count == 1 else more or one + 's'}"


def listing(
    lines: Sequence[str], most: int = LIST_LENGTH, most_lines: int = MOST_LINES, more: int = 0
) -> str:
    """The lines one below the other, as many as anybody reads, and how many more there are.

    `more` of them are not among the lines.
    """
    shown, length = 0, 0
    while shown < min(len(lines), most_lines) and length + len(lines[shown]) + 1 <= most:
        length += len(lines[shown]) + 1
        shown += 1
    left = len(lines) - shown + more
    return "\n".join([*lines[:shown], *([f"{MORE} {left:,} more"] if left else [])])


def sections(lines: Sequence[str]) -> list[Block]:
    """The lines one below the other, in as many paragraphs as they need."""
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) < MOST_TEXT:
            found[-1] += f"\n{line}"
        else:
            found.append(line)
    return [section(text) for text in found]


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph of markup, with a button at its side if given."""
    block: Block = {"type": "section", "text": mrkdwn(cut(text, MOST_TEXT))}
    return block | {"accessory": accessory} if accessory else block


def context(text: str) -> Block:
    """A paragraph in small print."""
    return {"type": "context", "elements": [mrkdwn(cut(text, MOST_TEXT))]}


def header(text: str) -> Block:
    """A heading, plain."""
    return {"type": "header", "text": plain_text(cut(text, 150))}


def actions(*elements: Block | None) -> Block | None:
    """A row of buttons; None without any."""
    kept = [element for element in elements if element is not None]
    return {"type": "actions", "elements": kept} if kept else None


def button(
    text: str,
    action: str,
    value: str = "",
    *,
    label: str = "",
    style: Literal["", "primary", "danger"] = "",
    url: str = "",
    confirm: Block | None = None,
) -> Block:
    """A button. `label` is what a screen reader says, where `text` alone doesn't say enough."""
    block: Block = {"type": "button", "text": plain_text(text), "action_id": action}
    extra = {"value": value, "style": style, "url": url, "confirm": confirm}
    block |= {key: setting for key, setting in extra.items() if setting}
    return block | {"accessibility_label": cut_label(label or text)}


def overflow(action: str, options: Mapping[str, str]) -> Block:
    """A menu behind three dots, of up to five options: their texts by value."""
    listed = [{"text": plain_text(text), "value": value} for value, text in options.items()]
    return {"type": "overflow", "action_id": action, "options": listed}


def confirm(title: str, text: str, yes: str, no: str = "Cancel") -> Block:
    """The question asked before a button does what it says."""
    return {
        "title": plain_text(title),
        "text": mrkdwn(cut(text, 300)),
        "confirm": plain_text(yes),
        "deny": plain_text(no),
    }


def mrkdwn(text: str) -> Block:
    """Markup that Slack takes as it stands: `verbatim`, or else it makes a mention of a name like `@here`."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def plain_text(text: str) -> Block:
    """Text without markup; emoji codes are shown as they are written, since names may hold colons."""
    return {"type": "plain_text", "text": text, "emoji": False}


def person(by: str) -> str:
    """The one who started a run: a mention of somebody in Slack, or a word for a program."""
    if re.fullmatch(r"[UW][A-Z0-9]+", by):
        return f"<@{by}>"
    return "the schedule" if by == "schedule" else name(by)
