"""Draw the pictures: the sandbox is played, and what the bot sends is drawn in headless Chromium."""

from __future__ import annotations

import io
import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import sync_playwright
from rich.console import Console as Terminal

from sandbox.slack.workspace import Surface
from sandbox.terminal.commands import ADMIN, Commands
from sandbox.terminal.console import bot_functions, open_sandbox
from sandbox.terminal.mrkdwn import Reader
from sandbox.terminal.screen import Screen
from tests.pictures.slack_html import home_html, message_html

FOLDER = Path(__file__).parent.parent.parent / "docs" / "images"
AGENTS = 12
NAMES = {ADMIN.id: ADMIN.name}
# Grey edges of letters instead of coloured ones make a picture half as large.
ARGUMENTS = ("--no-sandbox", "--disable-lcd-text")
# What is typed for each picture; the last message that comes of it, and begins so, is drawn.
SCENES: Sequence[tuple[str, Sequence[str], str]] = (
    ("sync", ("/ext-sync",), "Sync done"),
    ("lookup", ("status jdoe available", "as bob", "/ext jane doe"), "Jane Doe"),
    ("several", ("status jsmith lunch", "/ext jane smith, maria rossi and 7003"), ""),
    ("home", ("as jane", "home"), ""),
    ("summary", ("days 1", "join Ada Lovelace", "rename jsmith to Jane Roe", "days 1"), "Extensions"),
    ("approval", ("as admin", "leave 6", "/ext-sync"), "Nothing"),
)


@contextmanager
def played() -> Iterator[tuple[Commands, list[Surface]]]:
    """A sandbox without haste, and all that its bot shows."""
    shown: list[Surface] = []

    def show(_: Screen, surface: Surface, folds: bool = True) -> None:
        shown.append(surface)

    with (
        patch.object(Screen, "show", show),
        patch("bot.wiring._ASKED_SECONDS", 60),
        patch("bot.wiring._STATUS_SECONDS", 60),
        open_sandbox(Terminal(file=io.StringIO()), bot_functions(), AGENTS, lambda _: None) as commands,
    ):
        yield commands, shown


def drawn(surface: Surface, reader: Reader) -> str:
    """A surface as HTML."""
    if surface.kind == "home":
        return home_html(surface.body, reader)
    return message_html(surface.body, reader, private=bool(surface.member))


def main() -> int:
    """Play the scenes, and write a PNG of each."""
    pages: dict[str, str] = {}
    with played() as (commands, shown):
        for name, lines, begins in SCENES:
            for line in lines:
                commands.onecmd(line)
            wanted = [each for each in shown if each.body.get("text", "").startswith(begins)]
            pages[name] = drawn(wanted[-1], Reader(lambda each: NAMES.get(each, each), datetime.now(UTC)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 600, "height": 100})
        for name, html in pages.items():
            page.set_content(html)
            page.screenshot(path=FOLDER / f"slack-{name}.png", full_page=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
