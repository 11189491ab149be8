"""The way to the whole directory: a link for one person, or the button that gives one."""

from __future__ import annotations

from bot.messages.blocks import Block, Message, actions, button, context, escape, message, section, when

DIRECTORY, OPEN_DIRECTORY = "directory", "open_directory"
# Of a button's address. A link has the session token of the function in it, whose length AWS leaves open.
LONGEST_URL = 3000


def directory(link: str, minutes: int, form: str = "page", at: str = "") -> Message:
    """A link to one form of the directory, as of `at`, signed just now, for the one who asked."""
    which = "the directory" if form == "page" else f"the directory as {form}"
    as_of = f", as of {when(at)}" if at else ""
    said = f":book: Here is {which}{as_of}. The link is for you alone and works for {minutes} minutes."
    said += " It may stop working earlier."
    said += " Then it shows an error (“Request has expired”): ask again."
    if len(link) > LONGEST_URL:
        return Message(f"{message(section(said)).text}\n<{escape(link)}>")
    made = message(section(said), actions(directory_link(link)))
    return Message(f"{made.text}\n{escape(link)}", made.blocks)


def directory_forms() -> Message:
    """The forms that the directory has, for somebody who asked for another."""
    said = ":book: `/ext directory` gives the list as a page, which can be printed or saved as PDF."
    return message(section(said), context("As a file: `/ext directory csv`, `xlsx`, `json` or `vcard`"))


def directory_link(link: str) -> Block:
    """A button that opens a signed link; for one too long the button that gives one in the text."""
    if len(link) > LONGEST_URL:
        return directory_button()
    return button("Open the directory", OPEN_DIRECTORY, label="Open the directory in a browser", url=link)


def directory_button() -> Block:
    """The button that gives whoever presses it a link of their own."""
    return button("Directory", DIRECTORY, label="Get a link to the directory")


def directory_offer() -> Message:
    """The directory, where others read along: a button instead of a link."""
    said = ":book: Press the button for a link of your own to the directory."
    return message(section(said), actions(directory_button()))
