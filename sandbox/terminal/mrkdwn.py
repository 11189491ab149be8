"""Slack's mrkdwn as text for a terminal. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from msgspec import Struct, field
from rich.emoji import Emoji
from rich.text import Text

# Slack's names of emoji that rich knows by another name.
_EMOJI_NAMES = {f"large_{color}_circle": f"{color}_circle" for color in ("green", "orange", "red", "yellow")}
_EMOJI_NAMES |= {"shrug": "person_shrugging"}

BOLD, ITALIC, STRUCK, CODE, LINK = "bold", "italic", "strike", "cyan", "underline"
_TOKEN = re.compile(
    r"""```(?P<pre>.+?)``` | `(?P<code>[^`\n]+)` | <(?P<entity>[^<>\n]+)> | :(?P<emoji>[\w+'-]+):
    | (?<![\w*])\*(?=\S)(?P<bold>[^*\n]+)(?<=\S)\*(?![\w*])
    | (?<![\w])_(?=\S)(?P<italic>[^_\n]+)(?<=\S)_(?![\w])
    | (?<![\w~])~(?=\S)(?P<struck>[^~\n]+)(?<=\S)~(?![\w~])""",
    re.VERBOSE | re.DOTALL,
)
_DATE = re.compile(r"!date\^(?P<unix>-?\d+)\^(?P<form>[^^|]+)(\^[^|]*)?\|(?P<fallback>.*)", re.DOTALL)
_DAY = "%b %-d, %Y"
_DATE_FORMS = {
    "date_num": "%Y-%m-%d",
    "date": "%B %-d, %Y",
    "date_short": _DAY,
    "date_long": "%A, %B %-d, %Y",
    "date_pretty": "%B %-d, %Y",
    "date_short_pretty": _DAY,
    "date_long_pretty": "%A, %B %-d, %Y",
    "time": "%-I:%M %p",
    "time_secs": "%-I:%M:%S %p",
}


class Reader(Struct, frozen=True):
    """The reader of a text: names of Slack ids, the time in their zone, and whether long text is folded."""

    name_of: Callable[[str], str]
    now: datetime
    folds: bool = False


class Rendered(Struct):
    """Styled text, and the addresses that it links to, in order."""

    text: Text = field(default_factory=Text)
    links: list[str] = field(default_factory=list)


def render_mrkdwn(source: str, reader: Reader) -> Rendered:
    """Style mrkdwn as Slack does. Links are their words here; their addresses come separately."""
    rendered = Rendered()
    _add(rendered, source, "", reader)
    return rendered


def render_plain(source: str) -> Rendered:
    """Render plain text: only emoji are replaced."""
    return Rendered(Text(re.sub(r":[\w+'-]+:", lambda found: emoji(found[0]), source)))


def emoji(name: str) -> str:
    """The character of an emoji by its name in Slack, `:wave:`; the name itself if there is none."""
    known = _EMOJI_NAMES.get(name.strip(":"))
    return Emoji.replace(f":{known}:" if known else name)


def unescape(text: str) -> str:
    """Slack escapes three characters, and only those."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _add(rendered: Rendered, source: str, style: str, reader: Reader) -> None:
    at = 0
    for token in _TOKEN.finditer(source):
        rendered.text.append(unescape(source[at : token.start()]), style)
        _add_token(rendered, token, style, reader)
        at = token.end()
    rendered.text.append(unescape(source[at:]), style)


def _add_token(rendered: Rendered, token: re.Match[str], style: str, reader: Reader) -> None:
    said = token[token.lastgroup or 0]
    match token.lastgroup:
        case "pre" | "code":
            rendered.text.append(unescape(said.strip("\n")), f"{style} {CODE}")
        case "entity":
            _add_entity(rendered, said, style, reader)
        case "emoji":
            rendered.text.append(emoji(token[0]), style)
        case "bold":
            _add(rendered, said, f"{style} {BOLD}", reader)
        case "italic":
            _add(rendered, said, f"{style} {ITALIC}", reader)
        case _:
            _add(rendered, said, f"{style} {STRUCK}", reader)


def _add_entity(rendered: Rendered, entity: str, style: str, reader: Reader) -> None:
    """Add an entity in angle brackets: a mention, a date, a link."""
    target, _, label = entity.partition("|")
    if entity.startswith("!date^"):
        rendered.text.append(unescape(_date(entity, reader)), style)
    elif target[0] in "@#!":
        rendered.text.append(_mention(target, label, reader), f"{style} {BOLD}")
    elif target.startswith("mailto:"):
        rendered.text.append(unescape(label or target.removeprefix("mailto:")), f"{style} {LINK}")
    else:
        rendered.links.append(unescape(target))
        rendered.text.append(unescape(label) or "the link below", f"{style} {LINK}")


def _mention(target: str, label: str, reader: Reader) -> str:
    if target[0] == "@":
        return f"@{reader.name_of(target[1:])}"
    if target[0] == "#":
        return f"#{label or reader.name_of(target[1:])}"
    # <!here>, <!channel>, <!subteam^S123|label>
    return label or f"@{target[1:].partition('^')[0]}"


def _date(entity: str, reader: Reader) -> str:
    found = _DATE.fullmatch(entity)
    if not found:
        return entity.rpartition("|")[2]
    try:
        moment = datetime.fromtimestamp(int(found["unix"]), reader.now.tzinfo)
    except (OSError, OverflowError, ValueError):
        return found["fallback"]
    if not set(re.findall(r"\{(\w+)\}", found["form"])) <= _DATE_FORMS.keys():
        return found["fallback"]
    return re.sub(r"\{(\w+)\}", lambda name: _date_part(name[1], moment, reader.now), found["form"])


def _date_part(name: str, moment: datetime, now: datetime) -> str:
    days = {now.date() - timedelta(days=1): "yesterday", now.date(): "today"}
    days[now.date() + timedelta(days=1)] = "tomorrow"
    if name.endswith("pretty") and moment.date() in days:
        return days[moment.date()]
    return moment.strftime(_DATE_FORMS[name])
