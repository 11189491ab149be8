"""Help for every command, and the answers to requests that can't be carried out."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from bot.messages.blocks import (
    Block,
    Message,
    actions,
    button,
    code,
    context,
    escape,
    message,
    name,
    section,
)

if TYPE_CHECKING:
    # A job imports this module, and no search.
    from core.asking.lookup import Examples

MOST_NAMED = 5

# The button for all that a command takes; its value is the command.
MORE = "more_help"

# What is first shown fits in eight lines of a phone.
_LOOKUP = """:wave: *I know everybody's extension.* Try one of these:
{name}: somebody's number
{number}: who has a number
`/ext me`: your own
`/ext directory`: the whole list
Or ask in words: “what is {first}'s extension?”"""
_ALL_OF_LOOKUP = """*All that `/ext` takes*
{name} or {username}: somebody's number
{number}: who has a number
`/ext` or `/ext me`: your own
{member}: the number of somebody in Slack
`/ext who is free in TEAM`: who would take a call now
`/ext directory`: the whole list, or as a file: `/ext directory csv`, `xlsx`, `json`, `vcard`
{request}: ask the admins for a free number, and say why
`/ext forward NAME until friday`: a colleague takes your calls; `/ext forward off` ends it
`/ext quiet`: no messages you did not ask for, such as about a missed call
`/ext forget me`: remove what I keep of you"""
_ASK = "You can ask in words too: write to me, or mention me."
_ADMINS = "Admins: `/ext-sync help`, `/ext-admin help`"

_SYNC = """*`/ext-sync` makes the numbers follow the Connect user list.*
`/ext-sync`: do it now; it also runs every hour
`/ext-sync plan`: only show what it would do
`/ext-sync undo`: give back what the newest sync released, within 24 hours"""

_ADMIN = """*`/ext-admin` changes single numbers.* Without words a form opens.
`move NAME to NUMBER`: another number
`swap NAME NAME`: two change numbers
`reserve NUMBER lab`: keep it for that
`history NAME`: what happened, by whom
`undo`: take back the newest change
`status`: the pool, and what waits"""
_ALL_OF_ADMIN = """*All that `/ext-admin` takes*, its words in any order
`move NAME to NUMBER`, or just `NAME NUMBER`: give an agent another number
`swap NAME NAME`, or `NAME with NAME`: let two agents change numbers
`reserve NUMBER front desk`, `reserve FIRST-LAST lab`: keep numbers out of the pool, with a note
`unreserve NUMBER`, or a range, or the note: put them back
`reserved`: the reserved numbers
`free NUMBER`, or a range: end holds before their time; I ask first
`forward NAME to NAME until friday`, `forward NAME off`: somebody's calls go to a colleague
`history {name}`, `history {number} in may`, `history 2026-05-03`: what happened, and who did it
`undo`: take back the newest change by hand, within 24 hours; `undo RUN` an earlier one
`status`: the pool, when it runs out, what waits for an approval, the last runs, the policy"""

# Where that is which people look for behind another command.
_WAITING = "`/ext-admin status` shows what waits for an approval, with its button."
_ELSEWHERE = {
    **dict.fromkeys(("approve", "approval", "approvals", "apply", "confirm", "release", "waiting"), _WAITING),
    **dict.fromkeys(
        ("request", "requests", "decline"),
        "A request for a number has its buttons in the message that asks for it.",
    ),
    **dict.fromkeys(("policy", "settings", "range", "ranges"), "`/ext-admin status` tells the policy."),
    **dict.fromkeys(("directory", "list", "export"), "`/ext directory` has the list, also as a file."),
    **dict.fromkeys(("sync", "plan"), "`/ext-sync` makes the numbers follow the Connect user list."),
    **dict.fromkeys(("status", "last", "report"), "`/ext-admin status` tells how things stand."),
    **dict.fromkeys(("history", "log"), "`/ext-admin history today` tells what happened."),
}


def lookup_help(examples: Examples, lead: str = "") -> Message:
    """The short help for `/ext`; `lead` is a sentence before it."""
    said = _LOOKUP.format(
        name=code(f"/ext {examples.name}"),
        number=code(f"/ext {examples.number}"),
        first=name(examples.first.capitalize()),
    )
    return message(section(lead) if lead else None, section(said), actions(_more("/ext")))


def sync_help(typed: str = "", meant: str = "") -> Message:
    """The words that `/ext-sync` takes. `typed` is an unknown word, `meant` the nearest known one."""
    return _unknown("/ext-sync", typed, meant, section(_SYNC))


def admin_help(typed: str = "", meant: str = "") -> Message:
    """The short help for `/ext-admin`. `typed` is an unknown word, `meant` the nearest known one."""
    return _unknown("/ext-admin", typed, meant, section(_ADMIN), actions(_more("/ext-admin")))


def all_help(command: str, examples: Examples) -> Message:
    """All that `/ext` or `/ext-admin` takes."""
    if command == "/ext-admin":
        words = _ALL_OF_ADMIN.format(name=name(examples.first), number=name(examples.number))
        return message(section(words))
    said = _ALL_OF_LOOKUP.format(
        name=code(f"/ext {examples.name}"),
        username=code(f"/ext {examples.username}"),
        number=code(f"/ext {examples.number}"),
        request=code(f"/ext request {examples.free} easy to say"),
        member=code(f"/ext @{examples.first}"),
    )
    return message(section(said), context(f"{_ASK}\n{_ADMINS}"))


def _more(command: str) -> Block:
    return button("More", MORE, command, label=f"All that {command} takes")


def _unknown(command: str, typed: str, meant: str, *known: Block | None) -> Message:
    """The words that a command takes, or where to find what the unknown word is about."""
    if not typed:
        return message(*known)
    said = f":mag: I don't know `{command} {name(typed)}`."
    if elsewhere := _ELSEWHERE.get(typed.casefold()):
        return message(section(f"{said} {elsewhere}"))
    hint = f" Did you mean `{escape(f'{command} {meant}')}`?" if meant else ""
    return message(section(f"{said}{hint}"), *known)


def unknown_command(typed: str, meant: str, examples: Examples) -> Message:
    """A slash command that isn't one of ours; `meant` is the nearest of ours."""
    return lookup_help(examples, f":mag: I don't know `{name(typed)}`. Did you mean `{escape(meant)}`?")


def too_long(examples: Examples) -> Message:
    """More text than any name has."""
    lead = ":scissors: That is too long for a name. A first and a last name will do."
    return lookup_help(examples, lead)


def admins_only(admins: Collection[str], group: str) -> Message:
    """The refusal for people who are no admins, with the admins to ask."""
    said = ":no_entry_sign: Only admins of the extensions can do that. Nothing has changed."
    nobody = "There are none yet: the settings ADMIN_USERS and ADMIN_USERGROUP name them."
    return message(section(said), context(ask_admins(admins, group) or nobody))


def ask_admins(admins: Collection[str], group: str) -> str:
    """The sentence that names the admins, by user ids and by the id of their user group; "" if none are set.

    Mentions in it notify everybody whom they name, unless one person alone reads it.
    """
    named = [f"<@{escape(admin)}>" for admin in sorted(admins)[:MOST_NAMED]]
    left = len(admins) - len(named)
    named += [f"{left} more"] if left else []
    named += [f"anybody in <!subteam^{escape(group)}>"] if group else []
    return f"Ask {', '.join(named[:-1])}{' or ' if named[:-1] else ''}{named[-1]}." if named else ""


def how_to_change(usernames: Sequence[str], digits: str, ask: str, free: str = "") -> Message:
    """The way to another number: an admin's command, for one person or two who swap.

    `ask` says whom to ask, "" where others read along. `free` is a number to ask for, as an example.
    """
    whose = " ".join(usernames)
    command = (
        f"/ext-admin swap {whose}" if len(usernames) > 1 else f"/ext-admin move {whose} {digits or 'NUMBER'}"
    )
    said = f":memo: I only look numbers up: an admin changes them, with {code(command)}."
    request = f" Or ask them for a free number from here: {code(f'/ext request {free}')}" if free else ""
    return message(section(said), context(f"{ask or 'An admin of the extensions can do it.'}{request}"))


def names_are_connects(ask: str) -> Message:
    """The answer to a wish for another name or team; `ask` names the admins, "" where others read along."""
    said = ":label: Names and teams come from Amazon Connect: the next sync, within the hour, follows it."
    return message(section(said), context(ask or "An admin can change it there."))


def forgotten(rows: int) -> Message:
    """The link, the wish and the requests of a member were removed, so many `rows`; what is kept is said."""
    kept = "your link, your wish for no messages or a request of yours"
    done = "I have forgotten your link, your wish for no messages and your requests."
    lead = done if rows else f"I had nothing to forget: I don't keep {kept}."
    rest = (
        "Still kept: your number and its history, with your user in Amazon Connect, the changes that you "
        "made, what the admins were asked for you, and for 7 days that I have answered you."
    )
    return message(section(f":wastebasket: {lead}"), context(rest))


def guests_ask_for_one() -> Message:
    """A guest of the workspace asks for a list of people."""
    said = ":mag: Guests look up one person at a time: `/ext` with a full name or a username."
    return message(section(said))


def nameless() -> Message:
    """Somebody asks about a user group or channel by a mention that Slack gives no name of."""
    said = ":mag: I don't see the name of that user group or channel. Type the name of the person or team."
    return message(section(said))


def another_workspace() -> Message:
    """Somebody of another workspace asks."""
    return message(section(":no_entry_sign: I answer only in the workspace that I was installed in."))


def outdated() -> Message:
    """A button or a form that no part of this version knows."""
    return message(section(":hourglass: That is from an older version of me. Ask again: `/ext help`"))


def refused(reason: str) -> Message:
    """The reason why a request that was understood isn't done."""
    return message(section(f":no_entry_sign: {escape(reason)}"))


def asked_elsewhere(answer: Message) -> Message:
    """An answer for the asker alone, since none can be posted where the question was."""
    return message(context("You asked in a channel where I may not write."), *answer.blocks)


def trouble(reason: str, advice: str, reference: str) -> Message:
    """An error: the reason, what to do next, and the reference under which the log has it."""
    return message(section(f":x: {escape(reason)} {advice}"), context(f"Reference: {escape(reference)}"))
