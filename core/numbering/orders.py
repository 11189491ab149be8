"""Orders: what somebody wants done to numbers, as one value from the words or the button to the decision.

A new order is a struct here and a decision in `core.numbering.decide`, with its sentences in
`bot.messages.begun` and `bot.messages.done`, and its words in `core.asking.commands`. Names and kinds of
fields stay: buttons and events carry orders as JSON, and outlive a version. `extension` is one number or
several, as `write_numbers` writes them. `agent` and `other` are Connect user ids; in an order as typed they
are the words that name people.
"""

from __future__ import annotations

from msgspec import Struct


class _Order(Struct, frozen=True, tag_field="task", omit_defaults=True, forbid_unknown_fields=True):
    pass


class Move(_Order, frozen=True, tag="move"):
    """Give an agent another number. `request` is the request for it that an admin approved, as JSON.

    `other` is the number that a button showed as theirs; with another one by now they are asked about again.
    """

    agent: str
    extension: str
    request: str = ""
    other: str = ""


class Swap(_Order, frozen=True, tag="swap"):
    """Let two agents change numbers with each other: those of `extension` and no others, if given."""

    agent: str
    other: str
    extension: str = ""


class Reserve(_Order, frozen=True, tag="reserve"):
    """Keep numbers out of the pool, with a note that says what for; all of them or none.

    `holds` are the marks of the holds that the requester agreed to end.
    """

    extension: str
    note: str = ""
    holds: str = ""


class Unreserve(_Order, frozen=True, tag="unreserve"):
    """Put reserved numbers back: those named, if reserved for the note still, or all with the note."""

    extension: str = ""
    note: str = ""


class Free(_Order, frozen=True, tag="free"):
    """End a hold before its time. `holds` is its mark once the requester agreed to end it."""

    extension: str
    holds: str = ""


class Forward(_Order, frozen=True, tag="forward"):
    """Send an agent's calls to a colleague, `other`, until that time, in ISO 8601."""

    agent: str
    other: str
    until: str


class EndForward(_Order, frozen=True, tag="end-forward"):
    """Let an agent's calls ring the agent again."""

    agent: str


class Undo(_Order, frozen=True, tag="undo"):
    """Take back the changes of a run; of the newest change by hand, if `run` is "".

    `whose` is the other person whose changes the requester agreed to take back.
    """

    run: str = ""
    whose: str = ""


class UndoSync(_Order, frozen=True, tag="undo-sync"):
    """Take back what the newest sync released."""


class StartSync(_Order, frozen=True, tag="sync"):
    """Make the numbers follow the Connect user list."""


class PlanSync(_Order, frozen=True, tag="plan"):
    """Work out what a sync would do."""


class Approve(_Order, frozen=True, tag="approve"):
    """Sync with these withheld releases, but for the people with the numbers `left_out`: see `write_bits`."""

    approved: str
    left_out: str = ""


class Apply(_Order, frozen=True, tag="apply"):
    """Sync by the plan of this name and no other."""

    approved: str


class Status(_Order, frozen=True, tag="status"):
    """Tell how things stand."""


class ForgetMembers(_Order, frozen=True, tag="forget-members"):
    """Remove what is kept of people in Slack."""


ByHand = Move | Swap | Reserve | Unreserve | Free | Forward | EndForward | Undo | UndoSync
Syncing = StartSync | PlanSync | Approve | Apply
Order = ByHand | Syncing | Status | ForgetMembers
# The orders that a button below an answer may carry.
OnButton = Move | Swap | Reserve | Unreserve | Free | Forward | EndForward | Undo | Status


# The names of plans begin so, and those of withheld releases do not: they are hexadecimal.
PLAN = "plan"


def agreed(name: str) -> StartSync | Approve | Apply:
    """The sync to which a person agreed by a name: of a plan, of withheld releases, or "" of neither."""
    if not name:
        return StartSync()
    return Apply(name) if name.startswith(PLAN) else Approve(name)


def task_of(order: Order | type[Order]) -> str:
    """The name of an order's kind: `move`."""
    return str(order.__struct_config__.tag)
