"""A caller on the phone, played by whoever types: the prompts are printed, and typed lines are the keys."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from infra.flows import SWITCHES
from sandbox.aws.account import EXTENSION_RANGE
from sandbox.aws.connect_flow import Call, read_flow
from sandbox.aws.connect_users import Instance
from sandbox.terminal.screen import Screen

# Reads a line after a prompt; None at the end of the input.
ReadLine = Callable[[str], str | None]

_FALLBACK = "the fallback queue"
_SETTINGS = {
    "ExtensionDigits": str(len(EXTENSION_RANGE.partition("-")[0])),
    "NameLetters": str(len(EXTENSION_RANGE.partition("-")[0]) - 1),
    "CallFunctionArn": "call",
    "FallbackQueueArn": _FALLBACK,
    "RingingFlowArn": "ringing",
}
_KEYS = re.compile(r"[0-9*#]*")


class HangUp(Exception):
    """When a line that is no keys is typed during a call; `line` is that line."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


@dataclass(kw_only=True)
class PhoneCall(Call):
    """A call on the sandbox's own Connect instance. Raises HangUp out of `play`."""

    screen: Screen
    connect: Instance
    read_line: ReadLine
    language: str = "en"
    settings: dict[str, str] = field(default_factory=_SETTINGS.copy)

    def press(self, most: int) -> str | None:
        """The keys that are given in advance, or else typed; an empty line is silence.

        Keys that are too many go to the next question, once the flow keeps early keys; else they are lost.
        """
        pressed = self.keys.pop(0) if self.keys else self.read_line("keys> ")
        if not _KEYS.fullmatch(pressed := (pressed or "").strip()):
            raise HangUp(pressed)
        # Connect takes what is keyed until the last digit that it waits for, or until a #.
        pressed, early = pressed[:most], pressed[most:]
        if early and self.keeps_early_keys:
            self.keys.insert(0, early)
        self.screen.say(f"The caller keys {pressed}." if pressed else "The caller keys nothing.")
        return pressed or None

    def is_free(self, agent_id: str) -> bool:
        """Whether the agent is available in Connect."""
        return self._status(agent_id) == "Available"

    def is_signed_in(self, agent_id: str) -> bool:
        """Whether the agent has any status but Offline in Connect."""
        return self._status(agent_id) not in ("", "Offline")

    def _status(self, agent_id: str) -> str:
        return next((user.status for user in self.connect.people if user.id == agent_id), "")

    def hear(self, text: str) -> None:
        """Print a prompt as it is spoken."""
        self.screen.say(f"The caller hears: {re.sub(r'<[^>]+>', '', text)}")

    @property
    def rings(self) -> bool:
        """Whether the call waits for the agent of an extension."""
        return self.queue not in ("", _FALLBACK) and self.attributes.get("extension_state") != "team"

    def report(self) -> None:
        """Print where the call is at the end of the inbound flow, and what follows if nobody answers."""
        agent_id, number = self.call_back
        if agent_id:
            self.screen.say(f"{self.external.get('display_name', agent_id)} calls {number} back when free.")
        elif not self.queue:
            self.screen.say("The call ends.")
        elif self.queue == _FALLBACK:
            self.screen.say(f"The call waits in {_FALLBACK}, for the first agent who is free.")
        elif self.attributes.get("extension_state") == "team":
            self.screen.say(f"The call waits in the queue {self.queue.rpartition('/')[2]} of the team.")
        else:
            name = self.attributes.get("extension_agent_name", self.queue)
            self.screen.say(f"The call goes to the agent queue of {name}, and rings. If nobody answers:")
            unanswered = replace(self, hook="", queue="", attributes=dict(self.attributes))
            unanswered.play(read_flow(self.hook, self.language, SWITCHES))
            unanswered.report()
