"""A person in Slack: each action becomes a signed request to the bot, and its answer takes effect."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sandbox.slack import signed_payloads as payloads
from sandbox.slack.signed_payloads import CHANNEL_ID, CHANNEL_NAME, Json, Member, Payload, typed_text
from sandbox.slack.workspace import ResponseUrl, SlackRefusal, Surface, Workspace
from sandbox.terminal.block_kit import Control

# An event of API Gateway's -> an HTTP response.
SlackHandler = Callable[[Json], Any]

_CHOSEN_SEVERAL = ("checkboxes", "multi_static_select")
_VALUE_NAMES = {"datepicker": "selected_date", "timepicker": "selected_time"}
_NOT_KEPT = ("button", "overflow")


class SlackUser:
    """Slack as one member at a time uses it. A failure of the bot is printed, and never raised."""

    def __init__(
        self,
        workspace: Workspace,
        handler: SlackHandler,
        secret: str,
        me: Member,
        say: Callable[[str], None],
        clock: Callable[[], float],
    ) -> None:
        self.me = me
        self._workspace, self._handler, self._secret = workspace, handler, secret
        self._say, self._clock = say, clock

    # What is written

    def command(self, name: str, text: str) -> None:
        """`/name text`, typed in the channel."""
        right = ResponseUrl(CHANNEL_ID, self.me.id)
        url = self._workspace.response_url(CHANNEL_ID, self.me.id)
        trigger = self._workspace.trigger(self.me.id)
        text = typed_text(text, self._by_handle, emails=False)
        status, said = self._send(payloads.command(self.me, name, text, url, trigger), quiet=(404,))
        if status == 404:
            self._say(f"Slack: {name} is not a command of any app here. Try /ext help.")
        elif isinstance(said, str) and said:
            self._take(lambda: self._workspace.respond(right, {"text": said}))
        elif isinstance(said, dict) and said:
            self._take(lambda: self._workspace.respond(right, said))

    def mention(self, text: str) -> None:
        """`@bot text` in the channel."""
        self._send(payloads.mention(self.me, self._message(text), self._workspace.ts()))

    def direct_message(self, text: str) -> None:
        """`text` in the conversation with the bot."""
        self._send(payloads.direct_message(self.me, self._message(text), self._workspace.ts()))

    def reply(self, to: Surface, text: str, typed: str) -> None:
        """`text` in the thread of a message; in a channel the bot hears of it only where it is mentioned."""
        thread, ts = to.body.get("thread_ts") or to.id, self._workspace.ts()
        if to.channel != CHANNEL_ID:
            self._send(payloads.direct_message(self.me, self._message(text), ts, thread))
        elif text == typed:
            self._say("In a channel the bot hears only what mentions it: reply @bot who is on 7000?")
        else:
            self._send(payloads.mention(self.me, self._message(text), ts, thread))

    def ask_tool(self, name: str, arguments: Json) -> None:
        """Have Slackbot call a tool of the bot; it shows the blocks of the answer, and else what failed."""
        _, said = self._send(payloads.tool_call(self.me, name, arguments))
        answer = said if isinstance(said, dict) else {}
        result = answer.get("result", {})
        texts = [each["text"] for each in result.get("content", [])] or [str(answer.get("error", answer))]
        blocks = result.get("_meta", {}).get("slack", {}).get("blocks", [])
        right = ResponseUrl(CHANNEL_ID, self.me.id)
        self._take(lambda: self._workspace.respond(right, {"text": "\n".join(texts), "blocks": blocks}))

    def _message(self, text: str) -> str:
        return typed_text(text, self._by_handle, emails=True)

    def _by_handle(self, handle: str) -> Member | None:
        """Find the member of `@handle`: by handle first, then by first name."""
        wanted, members = handle.lower(), [*self._workspace.members.values()]
        handles = (member for member in members if member.handle.lower() == wanted)
        firsts = (member for member in members if member.name.lower().partition(" ")[0] == wanted)
        return next(handles, None) or next(firsts, None)

    # What is opened

    def open_home(self) -> None:
        """A look at the app's Home."""
        known = self._workspace.homes.get(self.me.id)
        self._send(payloads.home_opened(self.me, self._workspace.ts(), known))

    def shortcut(self, callback_id: str) -> None:
        """A global shortcut."""
        trigger = self._workspace.trigger(self.me.id)
        more = {"callback_id": callback_id, "action_ts": self._workspace.ts(), "trigger_id": trigger}
        self._send(payloads.interaction(self.me, "shortcut", **more))

    def message_shortcut(self, callback_id: str, author: str, text: str) -> None:
        """A shortcut on a message that the member `author` wrote in the channel."""
        ts = self._workspace.ts()
        more = {
            "callback_id": callback_id,
            "action_ts": ts,
            "message_ts": ts,
            "message": {"type": "message", "user": author, "ts": ts, "text": self._message(text)},
            "channel": payloads.CHANNEL,
            "response_url": self._workspace.response_url(CHANNEL_ID, self.me.id),
            "trigger_id": self._workspace.trigger(self.me.id),
        }
        self._send(payloads.interaction(self.me, "message_action", **more))

    # What is pressed

    def press(self, surface: Surface, control: Control) -> None:
        """A button, or an option of a select."""
        kind = control.element["type"]
        if not self._is_there(surface):
            return
        if kind == "submit":
            self._submit(surface)
        elif kind == "close":
            self._close(surface)
        elif control.option is None:
            self._act(surface, control, {"value": control.element.get("value", "")})
        elif kind in _CHOSEN_SEVERAL:
            self._act(surface, control, {"selected_options": self._toggled(surface, control)})
        else:
            self._act(surface, control, {"selected_option": control.option})

    def fill(self, surface: Surface, control: Control, text: str) -> list[Json]:
        """Type into a field. The options that come back are those of a select that asks the bot."""
        kind = control.element["type"]
        if not self._is_there(surface):
            return []
        if kind == "external_select":
            return self._suggested(surface, control, text)
        if kind == "conversations_select":
            self._pick_channel(surface, control, text)
        elif kind == "users_select":
            member = self._by_handle(text)
            self._act(surface, control, {"selected_user": member.id if member else None})
        else:
            self._act(surface, control, {_VALUE_NAMES.get(kind, "value"): text})
        return []

    def _pick_channel(self, surface: Surface, control: Control, text: str) -> None:
        if text.lstrip("#").lower() == CHANNEL_NAME:
            self._act(surface, control, {"selected_conversation": CHANNEL_ID})
        else:
            self._say(f"The one channel here is #{CHANNEL_NAME}.")

    def why_not(self, surface: Surface) -> str:
        """Why I can't do anything on the surface, "" when I can."""
        modals = [view["id"] for view in self._workspace.modals.get(self.me.id, [])]
        if surface.member not in ("", self.me.id):
            return f"Only {self._workspace.name_of(surface.member)} sees that."
        if surface.kind != "modal" or surface.id in modals[-1:]:
            return ""
        return "That modal is behind another one." if surface.id in modals else "That modal is closed."

    def _is_there(self, surface: Surface) -> bool:
        reason = self.why_not(surface)
        if reason:
            self._say(reason)
        return not reason

    def _where(self, surface: Surface) -> Json:
        if surface.kind != "message":
            return payloads.in_view(surface.body)
        url = self._workspace.response_url(surface.channel, self.me.id, about=surface.id)
        state = self._workspace.state(surface.id)
        return payloads.in_message(surface.body, surface.channel, surface.ephemeral, url, state)

    def _act(self, surface: Surface, control: Control, value: Json) -> None:
        """Record a choice, and send it to the bot where Slack would."""
        element, block = control.element, control.block
        action_id, block_id = element.get("action_id", ""), block.get("block_id", "")
        said = {"type": element["type"], **value}
        if element["type"] not in _NOT_KEPT:
            self._workspace.state(surface.id).setdefault(block_id, {})[action_id] = said
        if block.get("type") == "input" and not block.get("dispatch_action"):
            return
        action = said | {"action_id": action_id, "block_id": block_id, "action_ts": self._workspace.ts()}
        if element["type"] == "button":
            action["text"] = element["text"]
        trigger = self._workspace.trigger(self.me.id)
        more = self._where(surface) | {"actions": [action], "trigger_id": trigger}
        self._send(payloads.interaction(self.me, "block_actions", **more))

    def _toggled(self, surface: Surface, control: Control) -> list[Json]:
        block = self._workspace.state(surface.id).get(control.block.get("block_id", ""), {})
        known = block.get(control.element.get("action_id", ""), {})
        chosen: list[Json] = known.get("selected_options", control.element.get("initial_options", []))
        rest = [option for option in chosen if option != control.option]
        return rest if len(rest) < len(chosen) else [*chosen, control.option or {}]

    def _suggested(self, surface: Surface, control: Control, text: str) -> list[Json]:
        least = control.element.get("min_query_length", 3)
        if len(text) < least:
            self._say(f"Slack asks the bot once {least} characters are typed.")
            return []
        block_id = control.block.get("block_id", "")
        asked = {"action_id": control.element.get("action_id", ""), "block_id": block_id, "value": text}
        more = self._where(surface) | asked
        _, said = self._send(payloads.interaction(self.me, "block_suggestion", **more))
        given = said if isinstance(said, dict) else {}
        grouped = [option for group in given.get("option_groups", []) for option in group["options"]]
        options: list[Json] = given.get("options", grouped)
        if not options:
            self._say("No results.")
        return options

    def _submit(self, surface: Surface) -> None:
        missing = [_label(block) for block in surface.body["blocks"] if self._is_missing(surface, block)]
        if missing:
            self._say(f"Slack wants this filled in first: {', '.join(missing)}")
            return
        urls, trigger = [*self._response_urls(surface)], self._workspace.trigger(self.me.id)
        more = {"view": surface.body, "trigger_id": trigger, "response_urls": urls}
        status, said = self._send(payloads.interaction(self.me, "view_submission", **more))
        if status == 200:
            self._take(lambda: self._answered(said if isinstance(said, dict) else {}))

    def _response_urls(self, surface: Surface) -> Iterator[Json]:
        """A right to answer in each conversation that was picked where the bot asked for one."""
        for block in surface.body["blocks"]:
            element = block.get("element", {})
            if element.get("response_url_enabled"):
                picked = self._workspace.state(surface.id)[block["block_id"]][element["action_id"]]
                channel = picked["selected_conversation"]
                url = self._workspace.response_url(channel, self.me.id)
                yield {"block_id": block["block_id"], "channel_id": channel, "response_url": url}

    def _is_missing(self, surface: Surface, block: Json) -> bool:
        if block["type"] != "input" or block.get("optional"):
            return False
        values = self._workspace.state(surface.id).get(block["block_id"], {})
        element = block["element"]
        initial = any(name.startswith("initial_") for name in element)
        return not initial and not any(list(said.values())[-1] for said in values.values())

    def _answered(self, said: Json) -> None:
        """Change the modals as the answer to a submission says. Raises SlackRefusal."""
        stack = self._workspace.modals[self.me.id]
        match said.get("response_action"):
            case "errors":
                for message in said["errors"].values():
                    self._say(message)
            case "clear":
                stack.clear()
            case "push":
                self._workspace.push_view(self.me.id, said["view"])
            case "update":
                self._workspace.update_view({"view_id": stack[-1]["id"], "view": said["view"]})
            case _:
                stack.pop()

    def _close(self, surface: Surface) -> None:
        self._workspace.modals[self.me.id].pop()
        self._say("Closed.")
        if surface.body.get("notify_on_close"):
            self._send(payloads.interaction(self.me, "view_closed", view=surface.body, is_cleared=False))

    # How it gets there

    def _send(self, payload: Payload, quiet: tuple[int, ...] = ()) -> tuple[int, Json | str]:
        """The status of the bot's response, and its body, read where it is JSON."""
        try:
            response = self._handler(payload.signed(self._secret, int(self._clock())))
            status, body = int(response.get("statusCode", 200)), response.get("body") or ""
        except Exception as error:  # noqa: BLE001 - whatever the bot raises, Slack lives on
            self._say(f"The bot failed: {type(error).__name__}: {error}")
            return 500, ""
        if status != 200 and status not in quiet:
            self._say(f"The bot answered with HTTP {status}: {body}")
        try:
            return status, json.loads(body)
        except ValueError:
            return status, body

    def _take(self, change: Callable[[], object]) -> None:
        """Let an answer take effect."""
        try:
            change()
        except SlackRefusal as refusal:
            self._say(f"Slack refuses the bot's answer: {refusal}")


def _label(block: Json) -> str:
    return str(block["label"]["text"])
