"""Block Kit for a terminal: blocks become lines, and each control gets a number. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import Struct
from rich.columns import Columns
from rich.text import Text

from sandbox.terminal.mrkdwn import BOLD, Reader, Rendered, render_mrkdwn, render_plain

Json = dict[str, Any]

QUIET, NUMBER = "dim", "bold cyan"
GAP = 2
RULE = Text("─" * 40, QUIET, no_wrap=True, overflow="crop")
MOST_OPTIONS = 20
# The first lines of a long paragraph that are shown; a fold hides no fewer than the other number.
FOLDED, LEAST_FOLDED = 8, 4
_BUTTON_STYLES = {"primary": "green", "danger": "red"}
_SELECTS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow")
_FIELDS = ("external_select", "users_select", "conversations_select", "_input", "picker")


class Link(Struct, frozen=True):
    """An address, which needs a line of its own: broken in two it can't be opened."""

    url: str


class Control(Struct, frozen=True):
    """A numbered element as the bot sent it, in its block, or one option of it."""

    number: int
    element: Json
    block: Json
    option: Json | None = None

    @property
    def is_field(self) -> bool:
        """Whether it takes typed words, rather than being pressed."""
        return self.option is None and self.element["type"].endswith(_FIELDS)


def render_blocks(blocks: Iterable[Json], reader: Reader, first: int, state: Json | None = None) -> Page:
    """The blocks of a surface. Numbers go up from `first`; `state` is what has been chosen so far."""
    page = Page(reader, first, state)
    for block in blocks:
        draw: Callable[[Json], None] = getattr(page, f"draw_{block['type']}", page.draw_unknown)
        draw(block)
    return page


def render_message(text: str, blocks: list[Json], reader: Reader, first: int) -> Page:
    """A message: its blocks, or its text when it has none."""
    as_block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return render_blocks(blocks or [as_block], reader, first)


def render_view(view: Json, reader: Reader, first: int) -> Page:
    """A modal with its buttons, or a Home."""
    page = render_blocks(view["blocks"], reader, first, view.get("state", {}).get("values"))
    if view["type"] == "modal":
        page.add_footer(view)
    return page


def render_options(options: Iterable[Json], control: Control, reader: Reader, first: int) -> Page:
    """The options that a select offers."""
    page = Page(reader, first)
    page.add_options(control.element, control.block, [*options])
    return page


def render_confirm(control: Control, reader: Reader, first: int) -> Page:
    """The question before a button with consequences; its first control is the button, confirmed."""
    page, asked = Page(reader, first), control.element["confirm"]
    page.add_words(asked["title"], BOLD)
    page.add_words(asked["text"])
    confirmed = {name: value for name, value in control.element.items() if name != "confirm"}
    yes = page.button(confirmed, control.block, asked["confirm"])
    page.add(yes, page.button({"type": "deny"}, control.block, asked["deny"]))
    return page


class Page:
    """Lines, the controls whose numbers stand in them, and how many lines are folded away."""

    def __init__(self, reader: Reader, first: int, state: Json | None = None) -> None:
        self.lines: list[Text | Columns | Link] = []
        self.controls: list[Control] = []
        self.folded = 0
        self._reader, self._first, self._state = reader, first, state or {}

    # Pieces

    def words(self, source: Json | None) -> Rendered:
        """A text object of Block Kit."""
        if source and source["type"] == "mrkdwn":
            return render_mrkdwn(source["text"], self._reader)
        return render_plain(source["text"] if source else "")

    def styled(self, source: Json | None, style: str) -> Text:
        """A text object with one more style over all of it."""
        text = self.words(source).text
        text.stylize(style)
        return text

    def add(self, *parts: Text) -> None:
        """One line; several parts share it where the width allows."""
        kept = [part for part in parts if part.plain]
        self.lines.append(Columns(kept, padding=(0, GAP, 0, 0)) if len(kept) > 1 else Text().join(kept))

    def add_words(self, source: Json | None, style: str = "") -> None:
        """The lines of a text object, and below them the addresses it links to."""
        words = self.words(source)
        words.text.stylize(style)
        lines = words.text.split("\n", allow_blank=True)
        shown = FOLDED if self._reader.folds and len(lines) > FOLDED + LEAST_FOLDED else len(lines)
        self.lines.extend(lines[:shown])
        if left := len(lines) - shown:
            self.folded += left
            self.add(Text(f"… {left} more lines, which more shows", QUIET))
        self.add_links(words.links)

    def add_links(self, urls: Iterable[str]) -> None:
        self.lines.extend(Link(url) for url in urls)

    def number(self, element: Json, block: Json, option: Json | None = None) -> Text:
        """The next number, which stands for this."""
        number = self._first + len(self.controls)
        self.controls.append(Control(number, element, block, option))
        return Text.assemble((f"[{number}]", NUMBER), " ")

    def button(self, element: Json, block: Json, label: Json) -> Text:
        style = _BUTTON_STYLES.get(element.get("style", ""), "")
        return self.number(element, block).append_text(self.styled(label, style))

    # Blocks

    def draw_header(self, block: Json) -> None:
        self.add_words(block["text"], BOLD)

    def draw_section(self, block: Json) -> None:
        if "text" in block:
            self.add_words(block["text"])
        for each in block.get("fields", []):
            words = self.words(each)
            self.add(*words.text.split("\n"))
            self.add_links(words.links)
        if "accessory" in block:
            self.add_elements([block["accessory"]], block)

    def draw_context(self, block: Json) -> None:
        for element in block["elements"]:
            if element["type"] == "image":
                self.draw_image(element)
            else:
                self.add_words(element, QUIET)

    def draw_divider(self, _: Json) -> None:
        self.lines.append(RULE)

    def draw_image(self, block: Json) -> None:
        self.add(Text(f"(picture: {block.get('alt_text', '')})", QUIET))

    def draw_actions(self, block: Json) -> None:
        self.add_elements(block["elements"], block)

    def draw_input(self, block: Json) -> None:
        optional = Text("(optional)" if block.get("optional") else "", QUIET)
        self.add(self.styled(block["label"], BOLD), optional)
        self.add_elements([block["element"]], block)
        if "hint" in block:
            self.add_words(block["hint"], QUIET)

    def draw_markdown(self, block: Json) -> None:
        self.add_words({"type": "plain_text", "text": block["text"]})

    def draw_rich_text(self, block: Json) -> None:
        for line in "".join(_flat(block["elements"])).rstrip("\n").split("\n"):
            self.add(Text(line))

    def draw_unknown(self, block: Json) -> None:
        self.add(Text(f"(a block of the type {block['type']})", QUIET))

    def add_footer(self, view: Json) -> None:
        """The buttons below a modal."""
        labels = {"submit": view["submit"]} if "submit" in view else {}
        labels["close"] = view.get("close") or {"type": "plain_text", "text": "Close"}
        self.lines.append(RULE)
        self.add(*(self.button({"type": kind}, {}, label) for kind, label in labels.items()))

    # Elements

    def add_elements(self, elements: Iterable[Json], block: Json) -> None:
        """Elements in a row: buttons share lines, everything else has lines of its own."""
        row: list[Text] = []
        for element in elements:
            if element["type"] == "button":
                row.append(self.button(element, block, element["text"]))
            else:
                self.add_element(element, block)
            if "url" in element:
                # The address stands right below its button.
                self.add(*row)
                self.add_links([element["url"]])
                row.clear()
        if row:
            self.add(*row)

    def add_element(self, element: Json, block: Json) -> None:
        """An element that is no button."""
        kind = element["type"]
        if kind == "image":
            self.draw_image(element)
        elif kind.endswith(_FIELDS):
            self.add_field(element, block)
        elif kind in _SELECTS:
            grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
            self.add_options(element, block, [*element.get("options", []), *grouped])
        else:
            self.add(Text(f"(a {kind}, which can't be used here)", QUIET))

    def add_field(self, element: Json, block: Json) -> None:
        """A text field, with its text or its placeholder."""
        content = Text(self._content(element, block)) or self.styled(element.get("placeholder"), QUIET)
        self.add(self.number(element, block).append("‹").append_text(content).append("›"))

    def add_options(self, element: Json, block: Json, options: list[Json]) -> None:
        """Options, each with a number, and how many more there are."""
        chosen = self._chosen(element, block)
        for option in options[:MOST_OPTIONS]:
            label = self.number(element, block, option).append_text(self.words(option["text"]).text)
            tick = Text("✓" if option.get("value") in chosen else "")
            self.add(label, self.styled(option.get("description"), QUIET), tick)
            self.add_links([option["url"]] if "url" in option else [])
        if len(options) > MOST_OPTIONS:
            self.add(Text(f"and {len(options) - MOST_OPTIONS} more", QUIET))

    def _value(self, element: Json, block: Json) -> Json:
        """The values of an element, chosen or initial, by Slack's names for them."""
        initial = {name.replace("initial_", "selected_"): value for name, value in element.items()}
        found: Json = self._state.get(block.get("block_id", ""), {}).get(element.get("action_id", ""), {})
        return initial | found

    def _content(self, element: Json, block: Json) -> str:
        """The text that is in a field now."""
        value = self._value(element, block)
        if option := value.get("selected_option"):
            return str(option["text"]["text"])
        if member := value.get("selected_user"):
            return self._reader.name_of(member)
        if channel := value.get("selected_conversation"):
            return f"#{self._reader.name_of(channel)}"
        return str(value.get("value") or value.get("selected_value") or "")

    def _chosen(self, element: Json, block: Json) -> list[str]:
        """The values of the options that are chosen."""
        value = self._value(element, block)
        options = [*(value.get("selected_options") or []), value.get("selected_option")]
        return [option["value"] for option in options if option]


def _flat(elements: Iterable[Json]) -> Iterator[str]:
    """The words of rich text; its sections, lists and quotes end lines."""
    for element in elements:
        if "elements" in element:
            yield "• " if element["type"] == "rich_text_section" and element.get("bullet") else ""
            yield from _flat(element["elements"])
            yield "\n"
        else:
            yield str(element.get("text") or element.get("url") or element.get("name") or "")
