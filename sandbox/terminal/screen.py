"""The terminal: what the bot sends is printed here, with who sees it, and its controls are kept by number."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from msgspec.structs import replace
from rich.console import Console as Terminal
from rich.console import RenderableType
from rich.padding import Padding
from rich.style import Style
from rich.table import Table
from rich.text import Text

from sandbox.slack.signed_payloads import CHANNEL_ID, CHANNEL_NAME, Json
from sandbox.slack.workspace import Surface
from sandbox.terminal.block_kit import (
    GAP,
    QUIET,
    Control,
    Link,
    Page,
    render_confirm,
    render_message,
    render_options,
    render_view,
)
from sandbox.terminal.mrkdwn import BOLD, Reader

BAR = "│ "
_BAR_STYLES = {"message": "magenta", "modal": "yellow", "home": "blue"}
_LEAST, _LEAST_COLUMN = 20, 25
# So many messages with buttons can be reached again.
_MOST_KEPT = 50


class Screen:
    """Prints, and remembers what can be pressed. Every method may be called from any thread."""

    def __init__(self, terminal: Terminal, now: Callable[[], datetime]) -> None:
        self.terminal = terminal
        self.name_of: Callable[[str], str] = str
        self.viewer = ""  # the Slack id of the member who types
        self._now = now
        self._controls: dict[int, tuple[Surface, Control]] = {}
        self._folded: Surface | None = None
        self._shown: dict[str, Surface] = {}  # the newest edition of each that has buttons, oldest first
        self.last_message: Surface | None = None
        self._brief = False
        self._is_new_line = True
        self._has_printed = False
        self._lock = threading.RLock()

    def new_line(self) -> None:
        """Begin the output of one typed line: the next controls shown replace those of before."""
        self._is_new_line, self._has_printed = True, False

    def end_line(self) -> None:
        """End the output of one typed line by a gap."""
        if self._has_printed:
            self._print_whole(Text())

    def control(self, number: int) -> tuple[Surface, Control] | None:
        """The control with a number, and the surface it is on."""
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
            self._keep(surface, page)
            if self._brief:
                page.lines, page.controls = page.lines[:1], []
            self._print_page(self._title(surface), page, surface)

    def _keep(self, surface: Surface, page: Page) -> None:
        if surface.kind == "message":
            self.last_message = surface
        self._shown.pop(surface.id, None)
        if page.controls:
            self._shown[surface.id] = surface
        if len(self._shown) > _MOST_KEPT:
            del self._shown[next(iter(self._shown))]

    def shown_before(self) -> list[Surface]:
        """The surfaces with buttons that have no numbers any more, oldest first."""
        now = {kept[0].id for kept in self._controls.values()}
        return [each for each in self._shown.values() if each.id not in now]

    @contextmanager
    def briefly(self) -> Iterator[None]:
        """Show of each message only its first line; `back` shows it whole."""
        self._brief = True
        try:
            yield
        finally:
            self._brief = False

    def typed(self, prompt: str, line: str) -> None:
        """Print a line as if somebody had typed it."""
        with self._lock:
            self._print(Text(f"{prompt}{line}", BOLD))

    def unfold(self) -> None:
        """Unfold the text that was shortened last."""
        if self._folded:
            self.show(self._folded, folds=False)
        else:
            self.say("Nothing is folded.")

    def show_options(self, surface: Surface, control: Control, options: Iterable[Json]) -> None:
        """The options that a select offers for what was typed."""
        with self._lock:
            page = render_options(options, control, self._reader(), self._next_number())
            self._print_page("choose one", page, surface)

    def show_confirm(self, surface: Surface, control: Control) -> None:
        """The question before a button with consequences."""
        with self._lock:
            page = render_confirm(control, self._reader(), self._next_number())
            self._print_page("Slack asks", page, surface)

    def say(self, text: str) -> None:
        """Print a sentence of the sandbox's own."""
        with self._lock:
            self._print(Text(text, "yellow"))

    def link(self, text: str, url: str) -> None:
        """Print a sentence of the sandbox's own, and an address, whole."""
        with self._lock:
            self.say(text)
            self._print_whole(_address(url))

    def table(self, title: str, rows: Iterable[tuple[str, str]]) -> None:
        """Two columns; one below the other where the width is not enough for both."""
        names, texts = zip(*((Text(name, BOLD), text) for name, text in rows), strict=True)
        left = GAP + max(name.cell_len for name in names) + GAP
        with self._lock:
            if title:
                self.say(title)
            if self.terminal.width - left < _LEAST_COLUMN:
                for name, text in zip(names, texts, strict=True):
                    self._print(Padding(name, (0, 0, 0, GAP)))
                    self._print(Padding(text, (0, 0, 0, 2 * GAP)))
                return
            grid = Table.grid(padding=(0, GAP, 0, 0))
            grid.add_column(no_wrap=True)
            grid.add_column(overflow="fold")
            for row in zip(names, texts, strict=True):
                grid.add_row(*row)
            self._print(Padding(grid, (0, 0, 0, GAP)))

    def _print(self, content: RenderableType, bar: Text | None = None) -> None:
        """Lines behind a bar, with no spaces at their ends."""
        bar = bar or Text()
        options = self.terminal.options.update(width=max(_LEAST, self.terminal.width - bar.cell_len))
        for line in self.terminal.render_lines(content, options, pad=False):
            text = bar + Text.assemble(*((part.text, part.style or "") for part in line))
            text.rstrip()
            self._print_whole(text)

    def _print_whole(self, text: Text) -> None:
        """One line, however long."""
        self._has_printed = True
        self.terminal.print(text, soft_wrap=True)

    def _reader(self) -> Reader:
        return Reader(self.name_of, self._now())

    def _next_number(self, surface_id: str = "") -> int:
        """The number after the last; numbers of an older edition of the surface are taken out."""
        if self._is_new_line:
            return 1
        self._controls = {number: kept for number, kept in self._controls.items() if kept[0].id != surface_id}
        return max(self._controls, default=0) + 1

    def _print_page(self, title: str, page: Page, surface: Surface) -> None:
        if page.controls and self._is_new_line:
            self._controls.clear()
            self._is_new_line = False
        self._controls |= {control.number: (surface, control) for control in page.controls}
        bar = Text(BAR, _BAR_STYLES[surface.kind])
        self._print(Text(title, QUIET))
        for line in page.lines:
            if isinstance(line, Link):
                self._print_whole(_address(line.url))
            else:
                self._print(line, bar)

    def _title(self, surface: Surface) -> str:
        """The title of a surface: its kind, and who sees it."""
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
            member = f"U{surface.channel[1:]}"
            return "direct message" + ("" if member == self.viewer else f" to {self.name_of(member)}")
        return f"in the thread, #{CHANNEL_NAME}" if surface.body.get("thread_ts") else f"#{CHANNEL_NAME}"

    def _for(self, member_id: str, me: str) -> str:
        return me if member_id == self.viewer else self.name_of(member_id)


def _address(url: str) -> Text:
    """An address that terminals know for one, even where it takes several lines."""
    return Text(url, Style(color="blue", link=url))
