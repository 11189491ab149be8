"""Block Kit for a terminal: blocks become lines, and what can be pressed or filled in gets a number. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from rich.text import Text

from sandbox.terminal.mrkdwn import BOLD, Reader, Rendered, render_mrkdwn, render_plain

Json = dict[str, Any]

QUIET, NUMBER = "dim", "bold cyan"
MOST_OPTIONS = 20
# Of a long paragraph so many lines are shown first; a fold hides no fewer than the other number.
FOLDED, LEAST_FOLDED = 8, 4
_BUTTON_STYLES = {"primary": "green", "danger": "red"}
_SELECTS = ("static_select", "multi_static_select", "radio_buttons", "checkboxes", "overflow")
_TYPED = (
    "external_select",
    "users_select",
    "plain_text_input",
    "number_input",
    "email_text_input",
    "url_text_input",
    "datepicker",
    "timepicker",
)


@dataclass(frozen=True, slots=True)
class Row:
    """Parts that share a line where the width allows it; a part is broken only when it must be."""

    parts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """An address, which needs a line of its own: broken in two it can't be opened."""

    url: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Line = Row | Link | Rule


@dataclass(frozen=True, slots=True)
class Control:
    """Something with a number: an element as the bot sent it, in its block, or one option of it."""

    number: int
    element: Json
    block: Json
    option: Json | None = None
    confirmed: bool = False

    @property
    def is_typed(self) -> bool:
        """Whether words are put into it, rather than it being pressed."""
        return self.option is None and self.element["type"] in _TYPED


@dataclass(slots=True)
class Page:
    """Lines, the controls whose numbers stand in them, and how many lines are folded away."""

    lines: list[Line] = field(default_factory=list)
    controls: list[Control] = field(default_factory=list)
    folded: int = 0


def render_blocks(blocks: Iterable[Json], reader: Reader, first: int, state: Json | None = None) -> Page:
    """The blocks of a surface. Numbers go up from `first`; `state` is what has been chosen so far."""
    drawing = _Drawing(reader, first, state or {})
    for block in blocks:
        _BLOCKS.get(block["type"], _Drawing.unknown)(drawing, block)
    return drawing.page


def render_message(text: str, blocks: list[Json], reader: Reader, first: int) -> Page:
    """A message: its blocks, or its text when it has none."""
    as_block = {"type": "section", "text": {"type": "mrkdwn", "text": text}}
    return render_blocks(blocks or [as_block], reader, first)


def render_view(view: Json, reader: Reader, first: int) -> Page:
    """A modal with its buttons, or a Home."""
    drawing = _Drawing(reader, first, {})
    state = view.get("state", {}).get("values", {})
    drawing.page = render_blocks(view["blocks"], reader, first, state)
    if view["type"] == "modal":
        drawing.footer(view)
    return drawing.page


def render_options(options: Iterable[Json], control: Control, reader: Reader, first: int) -> Page:
    """The options that a select offers."""
    drawing = _Drawing(reader, first, {})
    drawing.options(control.element, control.block, [*options])
    return drawing.page


def render_confirm(control: Control, reader: Reader, first: int) -> Page:
    """The question that stands before a button with consequences."""
    drawing, asked = _Drawing(reader, first, {}), control.element["confirm"]
    drawing.add(_styled(drawing.words(asked["title"]).text, BOLD))
    drawing.add_words(asked["text"])
    yes = drawing.button({**control.element, "text": asked["confirm"]}, control.block)
    no = drawing.button({"type": "deny", "text": asked["deny"]}, control.block)
    drawing.add(yes, no)
    first_control, *others = drawing.page.controls
    drawing.page.controls = [replace(control, number=first_control.number, confirmed=True), *others]
    return drawing.page


class _Drawing:
    """A page as it grows."""

    def __init__(self, reader: Reader, first: int, state: Json) -> None:
        self.page = Page()
        self._reader, self._first, self._state = reader, first, state

    # Pieces

    def words(self, source: Json | None) -> Rendered:
        """A text object of Block Kit's."""
        source = source or {"type": "plain_text", "text": ""}
        if source["type"] == "mrkdwn":
            return render_mrkdwn(source["text"], self._reader)
        return render_plain(source["text"])

    def add(self, *parts: Text) -> None:
        """One line, of parts with a gap between them."""
        self.page.lines.append(Row(tuple(part for part in parts if part.plain)))

    def add_words(self, source: Json | None, style: str = "") -> None:
        """The lines of a text object, and below them the addresses it links to."""
        words = self.words(source)
        lines = words.text.split("\n", allow_blank=True)
        shown = FOLDED if self._reader.folds and len(lines) > FOLDED + LEAST_FOLDED else len(lines)
        for line in lines[:shown]:
            self.add(_styled(line, style))
        if left := len(lines) - shown:
            self.page.folded += left
            self.add(Text(f"… {left} more lines, which more shows", QUIET))
        self.add_links(words.links)

    def add_links(self, urls: Iterable[str]) -> None:
        self.page.lines.extend(Link(url) for url in urls)

    def number(self, element: Json, block: Json, option: Json | None = None) -> Text:
        """The next number, which stands for this."""
        number = self._first + len(self.page.controls)
        self.page.controls.append(Control(number, element, block, option))
        return Text.assemble((f"[{number}]", NUMBER), " ")

    def button(self, element: Json, block: Json) -> Text:
        label = self.words(element["text"]).text
        style = _BUTTON_STYLES.get(element.get("style", ""), "")
        return self.number(element, block).append_text(_styled(label, style))

    # Blocks

    def header(self, block: Json) -> None:
        self.add_words(block["text"], BOLD)

    def section(self, block: Json) -> None:
        accessory = block.get("accessory")
        if "text" in block:
            self.add_words(block["text"])
        for each in block.get("fields", []):
            words = self.words(each)
            self.add(*words.text.split("\n"))
            self.add_links(words.links)
        if accessory:
            self.elements([accessory], block)

    def context(self, block: Json) -> None:
        for element in block["elements"]:
            if element["type"] == "image":
                self.image(element)
            else:
                self.add_words(element, QUIET)

    def divider(self, _: Json) -> None:
        self.page.lines.append(Rule())

    def image(self, block: Json) -> None:
        self.add(Text(f"(picture: {block.get('alt_text', '')})", QUIET))

    def actions(self, block: Json) -> None:
        self.elements(block["elements"], block)

    def input(self, block: Json) -> None:
        label = self.words(block["label"]).text
        optional = Text("(optional)" if block.get("optional") else "", QUIET)
        self.add(_styled(label, BOLD), optional)
        self.elements([block["element"]], block)
        if "hint" in block:
            self.add_words(block["hint"], QUIET)

    def markdown(self, block: Json) -> None:
        self.add_words({"type": "plain_text", "text": block["text"]})

    def rich_text(self, block: Json) -> None:
        for line in "".join(_flat(block["elements"])).rstrip("\n").split("\n"):
            self.add(Text(line))

    def unknown(self, block: Json) -> None:
        self.add(Text(f"(a block of the type {block['type']})", QUIET))

    def footer(self, view: Json) -> None:
        """The buttons below a modal."""
        parts = []
        for kind, label in (("submit", "Submit"), ("close", "Close")):
            if kind == "close" or kind in view:
                text = view.get(kind) or {"type": "plain_text", "text": label}
                parts.append(self.button({"type": kind, "text": text}, {}))
        self.page.lines.append(Rule())
        self.add(*parts)

    # Elements

    def elements(self, elements: Iterable[Json], block: Json) -> None:
        """What stands in a row: the buttons together, everything else on lines of its own."""
        row: list[Text] = []
        for element in elements:
            if element["type"] == "button":
                row.append(self.button(element, block))
            else:
                self.element(element, block)
            if "url" in element:
                # The address stands right below its button.
                self.add(*row)
                self.add_links([element["url"]])
                row.clear()
        if row:
            self.add(*row)

    def element(self, element: Json, block: Json) -> None:
        """An element that is no button."""
        if element["type"] == "image":
            self.image(element)
        elif element["type"] in _TYPED:
            self.field(element, block)
        elif element["type"] in _SELECTS:
            self.options(element, block, _options(element))
        else:
            self.add(Text(f"(a {element['type']}, which can't be used here)", QUIET))

    def field(self, element: Json, block: Json) -> None:
        """What words are put into, with what is in it or what it asks for."""
        placeholder = _styled(self.words(element.get("placeholder")).text, QUIET)
        chosen = self._chosen(element, block)
        line = self.number(element, block).append("‹").append_text(Text(chosen) if chosen else placeholder)
        self.add(line.append("›"))

    def options(self, element: Json, block: Json, options: list[Json]) -> None:
        """Options, each with a number, and how many more there are."""
        for option in options[:MOST_OPTIONS]:
            label = self.number(element, block, option).append_text(self.words(option["text"]).text)
            about = _styled(self.words(option.get("description")).text, QUIET)
            self.add(label, about, self._mark(element, block, option))
            self.add_links([option["url"]] if "url" in option else [])
        if len(options) > MOST_OPTIONS:
            self.add(Text(f"and {len(options) - MOST_OPTIONS} more", QUIET))

    def _value(self, element: Json, block: Json) -> Json:
        found: Json = self._state.get(block.get("block_id", ""), {}).get(element.get("action_id", ""), {})
        return found

    def _chosen(self, element: Json, block: Json) -> str:
        """What is in a field now."""
        value = self._value(element, block)
        option = value.get("selected_option") or element.get("initial_option")
        if option:
            return str(option["text"]["text"])
        member = value.get("selected_user") or element.get("initial_user")
        if member:
            return self._reader.name_of(member)
        return str(value.get("value") or element.get("initial_value") or "")

    def _mark(self, element: Json, block: Json, option: Json) -> Text:
        """A tick behind what is chosen already."""
        value = self._value(element, block)
        chosen = value.get("selected_option", element.get("initial_option"))
        several = value.get("selected_options", element.get("initial_options")) or []
        values = [each["value"] for each in (*several, chosen) if each]
        return Text("✓" if option.get("value") in values else "")


_BLOCKS: dict[str, Callable[[_Drawing, Json], None]] = {
    "actions": _Drawing.actions,
    "context": _Drawing.context,
    "divider": _Drawing.divider,
    "header": _Drawing.header,
    "image": _Drawing.image,
    "input": _Drawing.input,
    "markdown": _Drawing.markdown,
    "rich_text": _Drawing.rich_text,
    "section": _Drawing.section,
}


def _options(element: Json) -> list[Json]:
    """The options of an element, out of their groups."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _flat(elements: Iterable[Json]) -> Iterator[str]:
    """The words of rich text; its sections, lists and quotes end lines."""
    for element in elements:
        if "elements" in element:
            yield "• " if element["type"] == "rich_text_section" and element.get("bullet") else ""
            yield from _flat(element["elements"])
            yield "\n"
        else:
            yield str(element.get("text") or element.get("url") or element.get("name") or "")


def _styled(text: Text, style: str) -> Text:
    """The text with one more style over all of it."""
    styled = text.copy()
    if style:
        styled.stylize(style)
    return styled
