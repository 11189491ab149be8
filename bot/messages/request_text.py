"""Requests for a number: what the admins read, what the asker reads, and the window for a reason."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from bot.messages.blocks import (
    Block,
    Message,
    actions,
    bold,
    button,
    confirm,
    context,
    day,
    escape,
    message,
    modal,
    name,
    plain_text,
    section,
)
from bot.messages.button_values import write
from core.models import Assigned, iso, parse_iso
from core.work import Work

ASK, APPROVE, DECLINE = "request_number", "request_approve", "request_decline"
DECLINED, REASON = "request_declined", "reason"
_DAYS = 7
MOST_REASON = 200
# Longer than a move may wait for its function and take there: if it died, the request is open again then.
DECISION_SECONDS = 1920
NOTHING_TO_DECLINE = "The one who asked has it: nothing is left to decline."
_SEE = "`/ext me` shows your number."


class NumberRequest(Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A wish for a number, as the admins' buttons carry it: whose, which number, why, and when.

    `other` is the number that the question shows as theirs, "" in one of an earlier version.
    """

    id: str
    member: str
    agent: str
    extension: str
    at: str
    why: str = ""
    other: str = ""

    def __post_init__(self) -> None:
        parse_iso(self.at)

    @property
    def claim(self) -> str:
        """The name of the claim on its decision."""
        return Work.DECISION.named(self.id)

    @property
    def ask_claim(self) -> str:
        """The name of the claim on asking for this number on this day."""
        return Work.REQUEST.named(self.member, self.extension, self.at[:10])

    @property
    def until(self) -> str:
        """The moment at which it expires."""
        return iso(parse_iso(self.at) + timedelta(days=_DAYS))

    def expired(self, now: datetime) -> bool:
        """Whether nobody can decide it any more."""
        return self.until <= iso(now)


def asked(request: NumberRequest, agent: Assigned, by_their_word: bool, group: str) -> Message:
    """The request as the admins read it; `group` is the user group that is called, "" for none."""
    call = f"<!subteam^{escape(group)}> " if group else ""
    why = f": “{escape(request.why)}”" if request.why else "."
    who = f"<@{escape(request.member)}> ({name(agent.label)}, {name(agent.extension)})"
    doubt = " They are this agent by their own word only." if by_their_word else ""
    return message(
        section(f":raising_hand: {call}{who} asks for {bold(request.extension)}{why}{doubt}"),
        _decide(request, agent),
        context(f"It expires {day(request.until)}. The first decision counts."),
    )


def _decide(request: NumberRequest, agent: Assigned) -> Block | None:
    """The buttons, which carry the number that the agent has now."""
    what = f"Move {name(agent.label)} from {name(agent.extension)} to {name(request.extension)}?"
    value = write(replace(request, other=agent.extension))
    sure = confirm("Approve?", what, "Approve")
    return actions(
        button("Approve", APPROVE, value, style="primary", confirm=sure),
        button("Decline", DECLINE, value, style="danger"),
    )


def asked_again(request: NumberRequest, agent: Assigned) -> Message:
    """The agent has another number by now than the question showed: new buttons in the place of the old."""
    now = f":warning: {name(agent.label)} has {bold(agent.extension)} by now, not {bold(request.other)}."
    return message(section(f"{now} Nothing was changed."), _decide(request, agent))


def sent(extension: str, until: str) -> Message:
    """The request is with the admins."""
    said = f":envelope: I asked the admins for {bold(extension)}, and tell you what they decide."
    return message(section(said), context(f"It expires {day(until)}."))


def asked_already(extension: str) -> Message:
    """The same request was made today."""
    return message(section(f":envelope: You asked for {bold(extension)} today already."))


def decided(request: NumberRequest, by: str, approved: bool) -> Message:
    """The decision, in the place of the buttons. A channel may read it, so it gives no reason."""
    what = "Approved" if approved else "Declined"
    mark = ":white_check_mark:" if approved else ":no_entry_sign:"
    asked_for = f"<@{escape(request.member)}> asked for {bold(request.extension)}."
    return message(section(f"{mark} {what} by <@{escape(by)}>: {asked_for}"))


def told(request: NumberRequest, by: str, approved: bool, why: str = "") -> Message:
    """The decision, for the one who asked; of an approval when the number is theirs."""
    if approved:
        said = f"<@{escape(by)}> approved your request: {bold(request.extension)} is yours now."
        return message(section(f":white_check_mark: {said}"), context(_SEE))
    reason = f" They say: “{escape(why)}”" if why else ""
    return message(
        section(
            f":no_entry_sign: <@{escape(by)}> declined your request for {bold(request.extension)}.{reason}"
        )
    )


def fulfilled(request: NumberRequest) -> Message:
    """The agent has the number, in the place of the buttons; nobody knows any more who approved it."""
    said = f"<@{escape(request.member)}> asked for {bold(request.extension)}, and has it."
    return message(section(f":white_check_mark: {said}"))


def told_of_success(request: NumberRequest) -> Message:
    """The number is theirs, for the one who asked."""
    said = f":white_check_mark: {bold(request.extension)}, which you asked for, is yours now."
    return message(section(said), context(_SEE))


def decided_already(at_work: bool) -> Message:
    """Somebody else was faster, or it is the second press; `at_work`: what came of it is not known yet."""
    said, more = "That request is decided already.", []
    if at_work:
        said = "Somebody approved that request already. The message will say what comes of it."
        more = [context(f"If it says nothing within {DECISION_SECONDS // 60} minutes, press again.")]
    return message(section(f":information_source: {said} Nothing was done twice."), *more)


def expired(request: NumberRequest) -> Message:
    """The seven days went by without a decision."""
    said = f":hourglass: This request for {bold(request.extension)} expired {day(request.until)}."
    return message(section(said), context("Nothing was changed. It can be made again."))


def reason_window(request: NumberRequest, response_url: str) -> dict[str, Any]:
    """The window that asks why a request is declined."""
    reason: Block = {
        "type": "input",
        "block_id": REASON,
        "optional": True,
        "label": plain_text("Why? The one who asked reads it."),
        "element": {"type": "plain_text_input", "action_id": REASON, "max_length": MOST_REASON},
    }
    title, metadata = f"Decline {request.extension}", json.dumps([write(request), response_url])
    return modal(title, [reason], callback=DECLINED, submit="Decline", metadata=metadata)
