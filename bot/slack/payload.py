"""Reading what Slack sends, and what people write in it. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping
from difflib import get_close_matches
from typing import Any

from msgspec import Struct

from core.asking.reading import MARK
from core.words.text import clean

# `<mailto:a@b.c|a@b.c>`, `<tel:0042|0042>`, `<https://x|x>`, `<#C1|general>`, `<!channel>`.
_TOKEN = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
# A mention, with the possessive that may follow it: `<@U1>`, `<@U1|jane>'s`.
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^<>]*)?>(?:['\u2019]s\b)?")
# A user group and a channel that come without their name: `<!subteam^S1>`, `<#C1|>`.
_NAMELESS = re.compile(r"<(?:!subteam\^(?P<group>[A-Z0-9]+)|#[A-Z0-9]+)\|?>")
_MARK = re.compile(f"{MARK}[0-9]+{MARK}")


class Written(Struct, frozen=True):
    """A text that a person wrote: plain `text` without mentions, and the user ids of the people mentioned.

    `marked` has the lines of the text, and in the place of each mention its number between two MARKs.
    `nameless`: it names a user group or a channel too, in a way that says nothing.
    """

    text: str
    mentions: tuple[str, ...] = ()
    marked: str = ""
    nameless: bool = False


def text_at(body: Any, *path: str | int) -> str:
    """The text at a path of keys; "" where the path ends early or leads to something else."""
    found = at(body, *path)
    return found if isinstance(found, str) else ""


def at(body: Any, *path: str | int) -> Any:
    """The value at a path of keys, None where the path ends early."""
    for key in path:
        if isinstance(key, int) and isinstance(body, list) and len(body) > key:
            body = body[key]
        elif isinstance(key, str) and isinstance(body, Mapping):
            body = body.get(key)
        else:
            return None
    return body


def written(
    markup: str, addressed: str | None = None, group_name: Callable[[str], str] = lambda _: ""
) -> Written:
    """Read Slack's markup. `addressed` is the user id of the bot that a mention calls, and is left out.

    Where that id is not known ("") the first mention is taken for the bot. `group_name` gives the name of a
    user group that comes without it, "" for none.
    """
    markup = _NAMELESS.sub(lambda each: _named(each["group"], group_name) or each[0], markup)
    mentions = [*_MENTION.findall(markup)]
    bot = (addressed or next(iter(mentions), "")) if addressed is not None else None
    mentions = [member for member in mentions if member != bot]

    def mark(mention: re.Match[str]) -> str:
        return f" {MARK}{mentions.index(mention[1])}{MARK} " if mention[1] in mentions else " "

    plain = html.unescape(_TOKEN.sub(_label, _MENTION.sub(mark, markup.replace(MARK, ""))))
    lines = (clean(" ".join(line.split())) for line in plain.splitlines())
    marked = "\n".join(line for line in lines if line)
    nameless = bool(_NAMELESS.search(markup))
    return Written(" ".join(_MARK.sub(" ", marked).split()), tuple(mentions), marked, nameless)


def _named(group: str | None, group_name: Callable[[str], str]) -> str:
    return html.escape(group_name(group)) if group else ""


def _label(token: re.Match[str]) -> str:
    target, label = token[1], token[2]
    if label is not None:
        return label
    return "" if target.startswith(("!", "#", "@")) else target.removeprefix("mailto:").removeprefix("tel:")


def nearest(word: str, words: tuple[str, ...]) -> str:
    """The word of these that is most like a mistyped one, "" when none is near."""
    close = get_close_matches(word.lower()[:40], words, n=1, cutoff=0.6)
    return close[0] if close else ""
