"""Help for every command, and what is said when something can't be done."""

from __future__ import annotations

from collections.abc import Collection

from bot.messages.blocks import Message, context, escape, message, name, section

_LOOKUP = """:wave: *I know everybody's extension.* Try one of these:
`/ext jane doe` or `/ext jdoe`: somebody's number
`/ext 0042`: who has a number
`/ext` or `/ext me`: your own
`/ext @jane`: the number of somebody in Slack
`/ext directory`: the whole list, or as a file: `/ext directory csv`, `xlsx`, `json`, `vcard`
`/ext quiet`: no messages you did not ask for, such as about a missed call
`/ext forget me`: remove what I keep of you"""
_ASK = "You can ask in words too: write to me, or mention me and say “what is Jane's extension?”"
_ADMINS = "Admins: `/ext-sync help`, `/ext-admin help`"

_SYNC = """*`/ext-sync` makes the numbers follow the Connect user list.*
`/ext-sync`: do it now; it also runs every hour
`/ext-sync plan`: show what it would do, and change nothing"""

_ADMIN = """*`/ext-admin` changes single numbers.* The words may come in any order.
`/ext-admin move jane doe to 0042`, or just `jane doe 0042`: give an agent another number
`/ext-admin swap jdoe bob`, or `jdoe with bob`: let two agents change numbers with each other
`/ext-admin reserve 0042 front desk`, `reserve 0040-0049 lab`: keep numbers out of the pool, with a note
`/ext-admin unreserve 0042`, or a range, or the note: put them back
`/ext-admin reserved`: the reserved numbers
`/ext-admin free 0042`: end a hold before its time; I ask first
`/ext-admin history jane`, `history 0042 in may`, `history 2026-05-03`: what happened, and who did it"""


def lookup_help(lead: str = "") -> Message:
    """The questions that can be asked. `lead` is a sentence of ours that stands first."""
    return message(section(lead) if lead else None, section(_LOOKUP), context(f"{_ASK}\n{_ADMINS}"))


def sync_help(typed: str = "", meant: str = "") -> Message:
    """The words that `/ext-sync` takes. `typed` is an unknown word, `meant` the nearest known one."""
    return message(_unknown("/ext-sync", typed, meant), section(_SYNC))


def admin_help(typed: str = "", meant: str = "") -> Message:
    """The words that `/ext-admin` takes. `typed` is an unknown word, `meant` the nearest known one."""
    return message(_unknown("/ext-admin", typed, meant), section(_ADMIN))


def _unknown(command: str, typed: str, meant: str) -> dict[str, object] | None:
    if not typed:
        return None
    hint = f" Did you mean `{escape(f'{command} {meant}')}`?" if meant else ""
    return section(f":mag: I don't know `{command} {name(typed)}`.{hint}")


def unknown_command(typed: str, meant: str) -> Message:
    """A slash command that isn't one of ours; `meant` is the nearest of ours."""
    return lookup_help(f":mag: I don't know `{name(typed)}`. Did you mean `{escape(meant)}`?")


def too_long() -> Message:
    """More text than any name has."""
    return lookup_help(":scissors: That is too long for a name. A first and a last name will do.")


def admins_only() -> Message:
    """A polite no."""
    said = ":no_entry_sign: Only admins of the extensions can do that. Nothing has changed."
    return message(
        section(said), context("The settings ADMIN_USERS and ADMIN_USERGROUP say who the admins are.")
    )


def how_to_change(username: str, digits: str, other: str, admins: Collection[str]) -> Message:
    """The way to another number: an admin's command. `admins` are the user ids of those to name."""
    if other:
        command = f"/ext-admin swap {username or 'jdoe'} {other}"
    else:
        command = f"/ext-admin move {username or 'jdoe'} {digits or 'NUMBER'}"
    who = ", ".join(f"<@{escape(admin)}>" for admin in sorted(admins)[:5]) or "An admin of the extensions"
    said = f":memo: I only look numbers up: an admin changes them, with `{escape(command)}`."
    return message(section(said), context(f"Ask: {who}." if admins else f"{who} can do it."))


def forgotten(rows: int) -> Message:
    """All that is kept of a member was removed; `rows` is how much that was."""
    lead = "I have removed what I kept of you." if rows else "I keep nothing of you."
    rest = "Your number stays: it belongs to your user in Amazon Connect. PRIVACY.md says what else is kept."
    return message(section(f":wastebasket: {lead}"), context(rest))


def guests_ask_for_one() -> Message:
    """A guest of the workspace asks for a list of people."""
    said = ":mag: Guests look up one person at a time: `/ext` with a full name or a username."
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


def trouble(reason: str, advice: str, reference: str) -> Message:
    """An error: the reason, what to do next, and the reference under which the log has it."""
    return message(section(f":x: {escape(reason)} {advice}"), context(f"Reference: {escape(reference)}"))
