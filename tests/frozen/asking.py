"""Asks the bot by signed requests and writes the whole answer down, so that people can read it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from tests.bot.slack import requests
from tests.bot.slack.bot import Bot
from tests.bot.slack.recorder import ADMIN, BOT_USER, JANE, STRANGER
from tests.frozen.house import BOSS, GUEST, LINKED, put_back

Json = dict[str, Any]

ASKERS = {
    "member": JANE,
    "linked": LINKED,
    "guest": GUEST,
    "stranger": STRANGER,
    "admin": ADMIN,
    "boss": BOSS,
}
PLACES = ("/ext", "/ext-admin", "/ext-sync", "mention", "direct")
# What Bolt and our checks ask of Slack for themselves, once for many requests.
_UNSEEN = ("auth.test", "users.info", "users.lookupByEmail", "usergroups.users.list")
_EMOJI = re.compile(r"^:[a-z0-9_+-]+: ", re.MULTILINE)
# Names of requests and jobs, which hang on the port of this process.
_ID = re.compile(r"\b[0-9a-f]{32}\b")
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")


def ask(bot: Bot, who: str, text: str) -> str:
    """The whole answer to a text. `who` is `member /ext`: who asks and where."""
    put_back(bot)
    asker, place = who.split()
    body = bot.send(_request(bot, ASKERS[asker], place, text))
    return _ID.sub("ID", "\n".join(_all(bot, body)).replace(bot.slack.response_url, "RESPONSE_URL"))


def _request(bot: Bot, user: str, place: str, text: str) -> Json:
    match place:
        case "mention":
            return requests.mention("", user, text=f"<@{BOT_USER}> {text}")
        case "direct":
            return requests.direct(text, user)
        case _:
            return requests.command(place, text, user, bot.slack.response_url)


def _all(bot: Bot, response: Json) -> Iterator[str]:
    """The answer by HTTP, what was sent to Slack beside it, and the jobs."""
    if response["statusCode"] != 200:
        yield f"HTTP {response['statusCode']}"
    if response["body"]:
        yield from _message(json.loads(response["body"]))
    for call in bot.slack.calls:
        if call.method not in _UNSEEN:
            yield f">> {call.method}"
            yield from _message(call.fields)
    for job in bot.jobs:
        yield f">> job {_json(job.to_event()['job'])}"


def _message(sent: Json) -> Iterator[str]:
    """A message or a window: what is beside its blocks, its blocks, and its text if it says anything else."""
    beside = {key: each for key, each in sent.items() if key not in ("blocks", "text", "view", "token")}
    usual = {"response_type": "ephemeral", "unfurl_links": False, "unfurl_media": False}
    if beside and beside != usual:
        yield f"{{}} {_json({key: each for key, each in beside.items() if usual.get(key) != each})}"
    if view := sent.get("view"):
        yield from _message(view)
    blocks = sent.get("blocks", [])
    yield from (line for block in blocks for line in _block(block))
    text = sent.get("text", "")
    if text and text != "\n".join(_plain(line) for block in blocks for line in _said(block)):
        yield f"text: {text}"


def _block(block: Json) -> Iterator[str]:
    """The lines of a block: what it says, and a line for each button."""
    said = [*_said(block)]
    mark = {"section": "", "context": "~ ", "header": "# "}.get(block["type"])
    if mark is None or len(said) != 1:
        rest = {key: each for key, each in block.items() if key != "elements" or block["type"] != "actions"}
        if block["type"] != "actions" or len(rest) > 1:
            yield _json(rest)
    else:
        yield mark + said[0]
    elements = block.get("elements", []) if block["type"] == "actions" else []
    elements = [*elements, *([block["accessory"]] if "accessory" in block else [])]
    yield from map(_element, elements)


def _said(block: Json) -> Iterable[str]:
    if block["type"] == "section" and "text" in block:
        yield block["text"]["text"]
    elif block["type"] == "header":
        yield block["text"]["text"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    elif block["type"] == "context":
        yield " ".join(element["text"] for element in block["elements"])


def _plain(markup: str) -> str:
    return _DATE.sub(r"\1", _EMOJI.sub("", markup)).replace("*", "").replace("`", "")


def _element(element: Json) -> str:
    """`[Share] share {"value": ...}`; a menu is its options."""
    label = element.get("text", {}).get("text", "")
    if element.get("accessibility_label") == label:
        element = {key: each for key, each in element.items() if key != "accessibility_label"}
    if options := element.get("options"):
        listed = " | ".join(f"{each['text']['text']}={each['value']}" for each in options)
        element = {key: each for key, each in element.items() if key != "options"} | {"menu": listed}
    rest = {key: each for key, each in element.items() if key not in ("text", "action_id")}
    if rest.get("type") in ("button", "overflow"):
        del rest["type"]
    return f"[{label}] {element.get('action_id', '')} {_json(rest)}"


def _json(value: Any) -> str:
    return json.dumps(_short(value), ensure_ascii=False, sort_keys=True)


def _short(value: Any) -> Any:
    """A value with its text objects as plain text."""
    if isinstance(value, dict):
        if value.get("type") in ("plain_text", "mrkdwn") and isinstance(value.get("text"), str):
            return value["text"]
        return {key: _short(each) for key, each in value.items()}
    return [_short(each) for each in value] if isinstance(value, list) else value
