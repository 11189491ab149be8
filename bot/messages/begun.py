"""The acknowledgement of each order: what has begun, and where its result will be told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from bot.messages.blocks import Message, bold, context, many, message, name, person, section
from core.numbering import orders

# The places of a result, as the words for a start name them.
HERE, DIRECTLY = "here", "in a direct message"
WHERE_TYPED = "where you typed the command, or else in a direct message,"
_AT_HOME = "The result will stand on the Home tab."
_SYNC = ":arrows_counterclockwise: *Sync started.*"
_APPROVED = f"{_SYNC} The releases that were withheld are approved."
_BEGUN: Mapping[type[orders.Order], Callable[[Any], str]] = {
    orders.Move: lambda order: f":arrow_right: Moving them to {bold(order.extension)} if it is free.",
    orders.Swap: lambda _: ":left_right_arrow: Swapping their numbers.",
    orders.Reserve: lambda order: f":lock: Reserving {bold(order.extension)}.",
    orders.Unreserve: lambda order: f":unlock: Putting {_numbers(order)} back into the pool.",
    orders.Free: lambda order: _freeing(order),
    orders.Forward: lambda _: ":telephone_receiver: Forwarding the calls.",
    orders.EndForward: lambda _: ":telephone_receiver: Ending the forward.",
    orders.Undo: lambda order: f":leftwards_arrow_with_hook: {_undoing(order)}",
    orders.UndoSync: lambda _: ":leftwards_arrow_with_hook: Taking it back.",
    orders.StartSync: lambda _: _SYNC,
    orders.PlanSync: lambda _: ":mag: *Working out what a sync would do.* Nothing will be changed.",
    orders.Approve: lambda _: _APPROVED,
    orders.Apply: lambda _: _APPROVED,
    orders.Status: lambda _: ":mag: Looking how things stand.",
    orders.ForgetMembers: lambda _: "Removing what is kept of the people of this workspace.",
}


def begun(order: orders.Order, where: str = HERE, at_home: bool = False) -> Message:
    """An order has been handed over; its result is told `where`, or stands on the Home tab."""
    later = _AT_HOME if at_home else _later(where)
    if isinstance(order, orders.PlanSync | orders.ForgetMembers):
        later = ""
    if isinstance(order, orders.Free) and not order.holds:
        later = f"I'll ask you {where}".rstrip(",") + "."
    return message(section(f"{_BEGUN[type(order)](order)} {later}".strip()))


def _later(where: str) -> str:
    return f"I'll tell you {where} when it's done."


def _numbers(order: orders.Unreserve) -> str:
    return bold(order.extension) if order.extension else f"the numbers of “{name(order.note)}”"


def _freeing(order: orders.Free) -> str:
    """The end of a hold; it is asked about first, unless the requester agreed to it."""
    number = bold(order.extension)
    return (
        f":unlock: Ending the hold of {number}."
        if order.holds
        else f":mag: Looking whom {number} is held for."
    )


def _undoing(order: orders.Undo) -> str:
    """An undo; what somebody else did is asked about first, unless the requester agreed to it."""
    asked = "" if order.whose else " Another admin's change is asked about first."
    return f"Taking it back.{asked}"


def chosen_started(released: int, left_out: int, at_home: bool, in_message: bool) -> Message:
    """A sync with chosen releases has been handed over, said in the window in which they were confirmed.

    `in_message`: the message whose button opened the window tells the result.
    """
    approved = many(released, "release is approved", "releases are approved")
    rest = f", {many(left_out, 'person keeps', 'people keep')} their number" if left_out else ""
    later = "The message where you pressed will say what comes of it." if in_message else _later(DIRECTLY)
    if at_home:
        later = _AT_HOME
    return message(section(f"{_SYNC} {approved}{rest}. {later}"))


def pressed_by(by: str) -> Message:
    """A button was pressed, and what it does has begun."""
    said = f":hourglass_flowing_sand: Approved by {person(by)}. This message will say what comes of it."
    return message(section(said))


def not_started(unsure: bool) -> Message:
    """A button was pressed that is gone, and what it does could not begin; `unsure`: it may have begun."""
    what = "It is not known whether anything was started." if unsure else "Nothing was started."
    return message(section(f":x: {what} Run `/ext-sync` for a new button."))


def pressed_already() -> Message:
    """A button was pressed a moment ago, by the same person or another."""
    said = "This button was pressed a moment ago. The message will say what comes of it."
    return message(
        section(f":information_source: {said}"), context("If it does not, press again in a minute.")
    )
