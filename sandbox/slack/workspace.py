"""A Slack workspace: who is in it, what stands in its channels, and the modals and Homes that are open."""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Callable, Iterable
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from sandbox.slack.signed_payloads import (
    APP_ID,
    BOT_ID,
    BOT_NAME,
    BOT_USER_ID,
    CHANNEL_ID,
    CHANNEL_NAME,
    TEAM_ID,
    Json,
    Member,
)

RESPONSES = 5  # a response_url takes so many
MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_TEXT = 3000
MOST_MODALS = 3

Kind = Literal["message", "modal", "home"]


class Surface(Struct, frozen=True):
    """A message, modal or Home. `body` is the message or view as Slack keeps it.

    `member` is the only one who sees it, "" for everybody in the channel.
    """

    kind: Kind
    body: Json
    channel: str = ""
    member: str = ""
    edited: bool = False

    @property
    def id(self) -> str:
        """The id, which stays the same when the surface is edited."""
        return str(self.body["ts"] if self.kind == "message" else self.body["id"])

    @property
    def ephemeral(self) -> bool:
        """Whether it is a message that Slack shows to one person and does not keep."""
        return self.kind == "message" and bool(self.member)


class ResponseUrl(Struct):
    """A right to answer: in this channel, to this member, and about this message if there was one."""

    channel: str
    member: str
    about: str = ""
    left: int = RESPONSES


class SlackRefusal(Exception):
    """When Slack answers a call with an error; its message is Slack's code for it."""


class Workspace:
    """A workspace with one channel. Each surface that is made or changed is shown.

    Every method may be called from any thread; `show` and `say` are. `clock` is Unix time. Where a
    method takes `fields`, they are those of the Web API, and what it returns is its answer; it raises
    SlackRefusal.
    """

    def __init__(
        self,
        members: Iterable[Member],
        show: Callable[[Surface], None],
        say: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self.url = ""  # under which response URLs are reached
        self.members = {member.id: member for member in members}
        self.modals: dict[str, list[Json]] = {}
        self.homes: dict[str, Json] = {}
        self._messages: dict[str, Surface] = {}
        self._states: dict[str, Json] = {}
        self._responses: dict[str, ResponseUrl] = {}
        self._triggers: dict[str, str] = {}
        self._show, self._say, self._clock = show, say, clock
        self._last_ts = 0
        self._lock = threading.RLock()

    def ts(self) -> str:
        """The id of something new: the time, and never the same again."""
        with self._lock:
            self._last_ts = max(self._last_ts + 1, int(self._clock() * 1_000_000))
            return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06}"

    def trigger(self, member_id: str) -> str:
        """The right to open one modal for this member."""
        trigger = secrets.token_hex(8)
        self._triggers[trigger] = member_id
        return trigger

    def state(self, surface_id: str) -> Json:
        """Everything chosen and typed on a surface: block id -> action id -> value."""
        return self._states.setdefault(surface_id, {})

    def member(self, identifier: Any) -> Member:
        """The member with this id. Raises SlackRefusal."""
        member = self.members.get(str(identifier))
        if member is None:
            raise SlackRefusal("user_not_found")
        return member

    def name_of(self, identifier: str) -> str:
        """The name of a Slack id; the id itself when nobody has it."""
        if identifier in (BOT_USER_ID, CHANNEL_ID):
            return BOT_NAME if identifier == BOT_USER_ID else CHANNEL_NAME
        member = self.members.get(identifier)
        return member.name if member else identifier

    # Answers by response_url

    def response_url(self, channel: str, member_id: str, about: str = "") -> str:
        """A new right to answer."""
        name = secrets.token_urlsafe(12)
        self._responses[name] = ResponseUrl(channel, member_id, about)
        return f"{self.url}/response/{name}"

    def right(self, name: str) -> ResponseUrl:
        """Use a response_url once. Raises SlackRefusal."""
        with self._lock:
            right = self._responses.get(name)
            if right is None or not right.left:
                raise SlackRefusal("used_url" if right else "unknown_url")
            right.left -= 1
            return right

    def respond(self, right: ResponseUrl, fields: Json) -> None:
        """An answer by response_url, or in the response to a command. Raises SlackRefusal."""
        about = self._messages.get(right.about)
        if about and fields.get("delete_original"):
            self._drop(about)
        elif about and fields.get("replace_original"):
            self._edit(about, fields)
        else:
            open_to_all = fields.get("response_type") == "in_channel" or right.channel.startswith("D")
            thread = fields.get("thread_ts") or (about.body.get("thread_ts") if about else None)
            self._post(right.channel, fields | {"thread_ts": thread}, "" if open_to_all else right.member)

    # Messages

    def post_message(self, fields: Json) -> Json:
        """chat.postMessage"""
        surface = self._post(self._channel(fields), fields)
        return {"channel": surface.channel, "ts": surface.id, "message": surface.body}

    def post_ephemeral(self, fields: Json) -> Json:
        """chat.postEphemeral"""
        member = self.member(fields.get("user"))
        return {"message_ts": self._post(self._channel(fields), fields, member.id).id}

    def update(self, fields: Json) -> Json:
        """chat.update"""
        surface = self._edit(self._kept(fields), fields)
        return {"channel": surface.channel, "ts": surface.id, "text": surface.body["text"]}

    def delete(self, fields: Json) -> Json:
        """chat.delete"""
        surface = self._kept(fields)
        self._drop(surface)
        return {"channel": surface.channel, "ts": surface.id}

    def _post(self, channel: str, fields: Json, only: str = "") -> Surface:
        body = {
            "type": "message",
            "user": BOT_USER_ID,
            "bot_id": BOT_ID,
            "app_id": APP_ID,
            "team": TEAM_ID,
            "ts": self.ts(),
            **_contents(fields),
        }
        if thread := fields.get("thread_ts"):
            body["thread_ts"] = thread
        return self._keep(Surface("message", body, channel, only))

    def _edit(self, surface: Surface, fields: Json) -> Surface:
        self._states.pop(surface.id, None)
        return self._keep(replace(surface, body=surface.body | _contents(fields), edited=True))

    def _keep(self, surface: Surface) -> Surface:
        self._messages[surface.id] = surface
        self._show(surface)
        return surface

    def _drop(self, surface: Surface) -> None:
        del self._messages[surface.id]
        self._say(f"A message is removed: {surface.body['text']}")

    def _kept(self, fields: Json) -> Surface:
        surface = self._messages.get(fields.get("ts", ""))
        if surface is None or surface.ephemeral or surface.channel != fields.get("channel"):
            raise SlackRefusal("message_not_found")
        return surface

    def _channel(self, fields: Json) -> str:
        """The channel that is written to; a member's id means the conversation with them."""
        named = str(fields.get("channel", ""))
        if named in self.members:
            return self.members[named].direct_channel
        direct = {member.direct_channel for member in self.members.values()}
        if named != CHANNEL_ID and named not in direct:
            raise SlackRefusal("channel_not_found")
        return named

    # Modals and Homes

    def open_view(self, fields: Json, on_top: bool = False) -> Json:
        """views.open, or views.push `on_top`: what else is open closes, or stays below."""
        member_id = self._triggers.pop(fields.get("trigger_id", ""), "")
        if not member_id:
            raise SlackRefusal("invalid_trigger_id")
        if not on_top:
            self.modals[member_id] = []
        return {"view": self.push_view(member_id, fields.get("view"))}

    def push_view(self, member_id: str, view: Any) -> Json:
        """Put a modal on top of a member's. Raises SlackRefusal."""
        stack = self.modals.setdefault(member_id, [])
        if len(stack) >= MOST_MODALS:
            raise SlackRefusal("push_limit_reached")
        kept = self._view("modal", view, previous_view_id=stack[-1]["id"] if stack else None)
        kept["root_view_id"] = stack[0]["id"] if stack else kept["id"]
        stack.append(kept)
        self._show(Surface("modal", kept, member=member_id))
        return kept

    def update_view(self, fields: Json) -> Json:
        """views.update"""
        named = (fields.get("view_id") or "", fields.get("external_id") or "")
        for member_id, stack in self.modals.items():
            for position, old in enumerate(stack):
                if old["id"] == named[0] or (named[1] and old["external_id"] == named[1]):
                    if fields.get("hash") not in (None, old["hash"]):
                        raise SlackRefusal("hash_conflict")
                    stack[position] = self._revised(old, fields.get("view"))
                    self._show(Surface("modal", stack[position], member=member_id, edited=True))
                    return {"view": stack[position]}
        raise SlackRefusal("not_found")

    def _revised(self, old: Json, view: Any) -> Json:
        """The view in the place of an old one; what was put into blocks that are still there stays."""
        new = self._view("modal", view, previous_view_id=old["previous_view_id"], id=old["id"])
        there = {block["block_id"] for block in new["blocks"]}
        state = self._states[old["id"]]
        for gone in state.keys() - there:
            del state[gone]
        return new | {"root_view_id": old["root_view_id"], "state": {"values": state}}

    def publish(self, fields: Json) -> Json:
        """views.publish"""
        member = self.member(fields.get("user_id"))
        known = self.homes.get(member.id)
        view = self._view("home", fields.get("view"), previous_view_id=None)
        if known:
            view["id"] = known["id"]
        view["root_view_id"] = view["id"]
        self.homes[member.id] = view
        self._show(Surface("home", view, member=member.id, edited=known is not None))
        return {"view": view}

    def _view(self, kind: Kind, view: Any, **more: Any) -> Json:
        given = json.loads(view) if isinstance(view, str) else view
        if not isinstance(given, dict) or given.get("type") != kind:
            raise SlackRefusal("invalid_arguments")
        identifier = f"V{secrets.token_hex(5).upper()}"
        kept = {"callback_id": "", "private_metadata": "", "external_id": "", **given, "id": identifier}
        kept |= {"team_id": TEAM_ID, "app_id": APP_ID, "bot_id": BOT_ID, "hash": self.ts()}
        kept |= {"blocks": _checked(kind, given.get("blocks")), **more}
        state = self.state(kept["id"])
        for block in kept["blocks"]:
            if chosen := _chosen_first(block.get("element", {})):
                state.setdefault(block["block_id"], {block["element"].get("action_id", ""): chosen})
        return kept | {"state": {"values": state}}


def _chosen_first(element: Json) -> Json:
    """Return the value of a form's element before anybody touches it; nothing where it is empty."""
    initial = {name: value for name, value in element.items() if name.startswith("initial_")}
    names = {
        name: name.replace("initial_", "" if name == "initial_value" else "selected_") for name in initial
    }
    return {"type": element["type"]} | {names[name]: initial[name] for name in initial} if initial else {}


def _contents(fields: Json) -> Json:
    """The text and the blocks of a message. Raises SlackRefusal."""
    blocks, text = _checked("message", fields.get("blocks")), fields.get("text") or ""
    if not blocks and not text:
        raise SlackRefusal("no_text")
    return {"text": text, "blocks": blocks}


def _checked(kind: Kind, blocks: list[Json] | None) -> list[Json]:
    """The blocks, each with an id, as Slack keeps them. Raises SlackRefusal where they are too much."""
    given = blocks or []
    texts = [block["text"]["text"] for block in given if isinstance(block.get("text"), dict)]
    if len(given) > MOST_BLOCKS[kind] or any(not 0 < len(text) <= MOST_TEXT for text in texts):
        raise SlackRefusal("invalid_blocks")
    return [{"block_id": f"block{position}", **block} for position, block in enumerate(given)]
