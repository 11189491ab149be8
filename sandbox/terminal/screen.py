"""The terminal: what the bot sends is printed here, with who sees it, and its controls are kept by number."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime

from rich.console import Console as Terminal
from rich.style import Style
from rich.text import Text

from sandbox.slack.signed_payloads import CHANNEL_ID, CHANNEL_NAME, Json
from sandbox.slack.workspace import Surface
from sandbox.terminal.block_kit import (
    QUIET,
    Control,
    Line,
    Link,
    Page,
    Row,
    render_confirm,
    render_message,
    render_options,
    render_view,
)
from sandbox.terminal.mrkdwn import BOLD, Reader

BAR, GAP = "│ ", "  "
_BAR_STYLES = {"message": "magenta", "modal": "yellow", "home": "blue"}
_RULE = 40
_LEAST, _LEAST_COLUMN = 20, 25


class Screen:
    """Prints, and remembers what can be pressed. Every method may be called from any thread."""

    def __init__(self, terminal: Terminal, now: Callable[[], datetime]) -> None:
        self.terminal = terminal
        self.name_of: Callable[[str], str] = str
        self.viewer = ""  # the Slack id of whoever is typing
        self._now = now
        self._controls: dict[int, tuple[Surface, Control]] = {}
        self._folded: Surface | None = None
        self._is_new_line = True
        self._has_printed = False
        self._lock = threading.RLock()

    def new_line(self) -> None:
        """Something is typed: the next controls that are shown replace those of before."""
        self._is_new_line, self._has_printed = True, False

    def end_line(self) -> None:
        """Everything that came of it has been shown: a gap follows."""
        if self._has_printed:
            self._out(Text())

    def control(self, number: int) -> tuple[Surface, Control] | None:
        """What stands beside a number."""
        return self._controls.get(number)

    def field(self) -> tuple[Surface, Control] | None:
        """The first search field on show."""
        kept = self._controls.values()
        return next((each for each in kept if each[1].element["type"] == "external_select"), None)

    # What is printed

    def show(self, surface: Surface, folds: bool = True) -> None:
        """A message, a modal or a Home, as it now stands. A person gets long text folded, as in Slack."""
        with self._lock:
            reader = replace(self._reader(), folds=folds and self.terminal.is_terminal)
            body, first = surface.body, self._next_number(surface.id)
            if surface.kind == "message":
                page = render_message(body["text"], body["blocks"], reader, first)
            else:
                page = render_view(body, reader, first)
            if page.folded:
                self._folded = surface
            self._print(self._title(surface), page, surface)

    def unfold(self) -> None:
        """Show the whole of what was folded last."""
        if self._folded:
            self.show(self._folded, folds=False)
        else:
            self.say("Nothing is folded.")

    def show_options(self, surface: Surface, control: Control, options: Iterable[Json]) -> None:
        """What a select offers for what was typed."""
        with self._lock:
            page = render_options(options, control, self._reader(), self._next_number())
            self._print("choose one", page, surface)

    def show_confirm(self, surface: Surface, control: Control) -> None:
        """The question before a button with consequences."""
        with self._lock:
            page = render_confirm(control, self._reader(), self._next_number())
            self._print("Slack asks", page, surface)

    def say(self, text: str) -> None:
        """Something that the sandbox says, not the bot."""
        with self._lock:
            self._wrapped(Text(text, "yellow"))

    def link(self, text: str, url: str) -> None:
        """Something that the sandbox says, and an address, whole."""
        with self._lock:
            self.say(text)
            self._out(_address(url))

    def table(self, title: str, rows: Iterable[tuple[str, str]]) -> None:
        """Two columns; one below the other where the width is not enough for both."""
        kept = [*rows]
        left = max(len(first) for first, _ in kept) + 2 * len(GAP)
        if title:
            self.say(title)
        with self._lock:
            for first, second in kept:
                self._print_row(first, second, left)

    def _print_row(self, first: str, second: str, left: int) -> None:
        if self.terminal.width - left < _LEAST_COLUMN:
            left = 2 * len(GAP)
            self._out(Text.assemble(GAP, (first, BOLD)))
            head = Text(" " * left)
        else:
            head = Text.assemble(GAP, (first, BOLD), " " * (left - len(GAP) - len(first)))
        for line in Text(second).wrap(self.terminal, max(_LEAST, self.terminal.width - left)):
            self._out(head + line)
            head = Text(" " * left)

    def _wrapped(self, text: Text) -> None:
        for line in text.wrap(self.terminal, max(_LEAST, self.terminal.width)):
            self._out(line)

    def _out(self, text: Text) -> None:
        """One line as it is, however long, without blanks at its end."""
        self._has_printed = True
        text.rstrip()
        self.terminal.print(text, soft_wrap=True)

    # How

    def _reader(self) -> Reader:
        return Reader(self.name_of, self._now())

    def _next_number(self, surface_id: str = "") -> int:
        """The number after the last; numbers of an older edition of the surface are taken out."""
        if self._is_new_line:
            return 1
        self._controls = {number: kept for number, kept in self._controls.items() if kept[0].id != surface_id}
        return max(self._controls, default=0) + 1

    def _print(self, title: str, page: Page, surface: Surface) -> None:
        if page.controls and self._is_new_line:
            self._controls.clear()
            self._is_new_line = False
        self._controls |= {control.number: (surface, control) for control in page.controls}
        bar = Text(BAR, _BAR_STYLES[surface.kind])
        self._wrapped(Text(title, QUIET))
        for line in page.lines:
            if isinstance(line, Link):
                self._out(_address(line.url))
                continue
            for text in self._laid_out(line):
                self._out(bar + text)

    def _laid_out(self, line: Line) -> Iterator[Text]:
        """The line in as many as the width needs, none with blanks at its end."""
        width = max(_LEAST, self.terminal.width - len(BAR))
        if not isinstance(line, Row):
            yield Text("─" * min(width, _RULE), QUIET)
            return
        row = Text()
        for part in line.parts:
            if row and row.cell_len + len(GAP) + part.cell_len > width:
                yield from row.wrap(self.terminal, width)
                row = Text()
            row = Text.assemble(row, GAP, part) if row else part
        yield from row.wrap(self.terminal, width) if row else [row]

    def _title(self, surface: Surface) -> str:
        """What it is and who sees it."""
        if surface.kind == "modal":
            return f"modal: {surface.body['title']['text']}"
        if surface.kind == "home":
            return f"App Home, {self._for(surface.member, 'you')}"
        edited = " (edited)" if surface.edited else ""
        return f"bot, {self._place(surface)}{edited}"

    def _place(self, surface: Surface) -> str:
        if surface.member:
            return f"only {self._for(surface.member, 'you')}"
        if surface.channel != CHANNEL_ID:
            return "direct message" + ("" if surface.channel[1:] == self.viewer[1:] else " to somebody else")
        return f"in the thread, #{CHANNEL_NAME}" if surface.body.get("thread_ts") else f"#{CHANNEL_NAME}"

    def _for(self, member_id: str, me: str) -> str:
        return me if member_id == self.viewer else self.name_of(member_id)


def _address(url: str) -> Text:
    """An address that terminals know for one, even where it takes several lines."""
    return Text(url, Style(color="blue", link=url))
