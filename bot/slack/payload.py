"""Reading what Slack sends, and what people write in it. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any

# `<mailto:a@b.c|a@b.c>`, `<tel:0042|0042>`, `<https://x|x>`, `<#C1|general>`, `<!channel>`; not `<@U1|jane>`.
_TOKEN = re.compile(r"<([^@<>|][^<>|]*)(?:\|([^<>]*))?>")
_MENTION = re.compile(r"<@[A-Z0-9]+(?:\|[^<>]*)?>")


def text_at(body: Any, *path: str | int) -> str:
    """The text at a path of keys; "" where the path ends early or leads to something else."""
    found = at(body, *path)
    return found if isinstance(found, str) else ""


def at(body: Any, *path: str | int) -> Any:
    """Whatever is at a path of keys, None where the path ends early."""
    for key in path:
        if isinstance(key, int) and isinstance(body, list) and len(body) > key:
            body = body[key]
        elif isinstance(key, str) and isinstance(body, Mapping):
            body = body.get(key)
        else:
            return None
    return body


def written(text: str) -> str:
    """What a person wrote, from how Slack passes it on; mentions of people stay as they are."""
    return html.unescape(_TOKEN.sub(_label, text)).strip()


def _label(token: re.Match[str]) -> str:
    target, label = token[1], token[2]
    if label is not None:
        return label
    return "" if target.startswith(("!", "#")) else target.removeprefix("mailto:").removeprefix("tel:")


def without_mention(text: str, member_id: str) -> str:
    """The text without the mention of the bot that it is addressed to; of whoever is first, if unknown."""
    if not member_id:
        return _MENTION.sub("", text, count=1)
    return re.sub(rf"<@{re.escape(member_id)}(?:\|[^<>]*)?>", "", text)


def nearest(word: str, words: tuple[str, ...]) -> str:
    """The word of these that is most like a mistyped one, "" when none is near."""
    close = get_close_matches(word.lower()[:40], words, n=1, cutoff=0.6)
    return close[0] if close else ""
