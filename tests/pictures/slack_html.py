"""Block Kit as HTML that looks as Slack draws it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from html import escape
from typing import Any

from rich.text import Text

from sandbox.terminal.mrkdwn import BOLD, CODE, ITALIC, LINK, STRUCK, Reader, render_mrkdwn, render_plain

Json = dict[str, Any]

_TAGS = {BOLD: "b", ITALIC: "i", STRUCK: "s", CODE: "code", LINK: "u"}

STYLE = """
* { box-sizing: border-box }
body { margin: 0; width: 600px; padding: 12px 16px; background: #fff; color: #1d1c1d;
  font: 15px/1.46 Lato, "Noto Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif }
.head { display: flex; gap: 9px }
.main { flex: 1; min-width: 0 }
.icon { width: 36px; height: 36px; border-radius: 8px; background: #4a154b; color: #fff; font-weight: 700;
  text-align: center; line-height: 36px; flex: none }
.name { font-weight: 900 }
.app { background: #ebeaeb; color: #616061; font-size: 10px; font-weight: 700; border-radius: 2px;
  padding: 1px 3px; margin: 0 6px }
.quiet, .only { color: #616061; font-size: 12px }
.only { margin: 0 0 4px 45px }
.context { color: #616061; font-size: 13px; margin: 4px 0 }
.section { display: flex; justify-content: space-between; gap: 12px; margin: 4px 0 }
.words { white-space: pre-wrap; overflow-wrap: anywhere }
.actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 4px }
.button { border: 1px solid #bbbabb; border-radius: 4px; padding: 0 12px; font-size: 13px; font-weight: 700;
  line-height: 28px; height: 30px; white-space: nowrap; flex: none; align-self: flex-start }
.primary { background: #007a5a; border-color: #007a5a; color: #fff }
.danger { background: #e01e5a; border-color: #e01e5a; color: #fff }
hr { border: 0; border-top: 1px solid #ddd; margin: 8px 0 }
h1 { font-size: 18px; margin: 6px 0 }
code { color: #e01e5a; border: 1px solid #ddd; background: #f8f8f8; border-radius: 3px; padding: 1px 3px;
  font-size: 12px }
pre { border: 1px solid #ddd; background: #f8f8f8; border-radius: 4px; padding: 8px; font-size: 12px;
  margin: 4px 0 }
u { color: #1264a3; text-decoration: none }
.field { border: 1px solid #bbbabb; border-radius: 4px; padding: 3px 10px; color: #868686 }
"""


def message_html(body: Json, reader: Reader, *, private: bool) -> str:
    """A message of the bot; `private` if only one person sees it."""
    only = '<div class="only">Only visible to you</div>' if private else ""
    name = (
        '<span class="name">Extensions</span><span class="app">APP</span><span class="quiet">9:30 AM</span>'
    )
    main = f'<div class="main">{name}{_blocks(body, reader)}</div>'
    return _page(f'{only}<div class="head"><div class="icon">#</div>{main}</div>')


def home_html(view: Json, reader: Reader) -> str:
    """The app's Home."""
    return _page(_blocks(view, reader))


def _page(inner: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><style>{STYLE}</style><body>{inner}</body>'


def _blocks(body: Json, reader: Reader) -> str:
    return "".join(_DRAWN[block["type"]](block, reader) for block in body["blocks"])


def _words(source: Json, reader: Reader) -> str:
    rendered = (
        render_mrkdwn(source["text"], reader) if source["type"] == "mrkdwn" else render_plain(source["text"])
    )
    return _styled(rendered.text)


def _styled(text: Text) -> str:
    """Text with a tag around each run of letters of one style."""
    styles: list[tuple[str, ...]] = [()] * len(text.plain)
    for span in text.spans:
        tags = tuple(_TAGS[each] for each in str(span.style).split() if each in _TAGS)
        for at in range(span.start, min(span.end, len(styles))):
            styles[at] = tuple(dict.fromkeys((*styles[at], *tags)))
    pieces, at = [], 0
    while at < len(styles):
        end = at
        while end < len(styles) and styles[end] == styles[at]:
            end += 1
        around = ["pre" if tag == "code" and "\n" in text.plain[at:end] else tag for tag in styles[at]]
        opened, closed = ("".join(f"<{slash}{tag}>" for tag in around) for slash in ("", "/"))
        pieces.append(f"{opened}{escape(text.plain[at:end])}{closed}")
        at = end
    return "".join(pieces)


def _element(element: Json, reader: Reader) -> str:
    if element["type"] == "button":
        return f'<div class="button {element.get("style", "")}">{_words(element["text"], reader)}</div>'
    if element["type"] == "overflow":
        return '<div class="button">⋯</div>'
    placeholder = element.get("placeholder") or {"type": "plain_text", "text": ""}
    return f'<div class="field">{_words(placeholder, reader)}</div>'


def _section(block: Json, reader: Reader) -> str:
    text = _words(block["text"], reader) if "text" in block else ""
    fields = "".join(f'<div class="words">{_words(each, reader)}</div>' for each in block.get("fields", []))
    accessory = _element(block["accessory"], reader) if "accessory" in block else ""
    return f'<div class="section"><div class="words">{text}{fields}</div>{accessory}</div>'


def _context(block: Json, reader: Reader) -> str:
    return "".join(f'<div class="context words">{_words(each, reader)}</div>' for each in block["elements"])


def _actions(block: Json, reader: Reader) -> str:
    return f'<div class="actions">{"".join(_element(each, reader) for each in block["elements"])}</div>'


def _header(block: Json, reader: Reader) -> str:
    return f"<h1>{_words(block['text'], reader)}</h1>"


_DRAWN: Mapping[str, Callable[[Json, Reader], str]] = {
    "section": _section,
    "context": _context,
    "actions": _actions,
    "header": _header,
    "divider": lambda _block, _reader: "<hr>",
}
