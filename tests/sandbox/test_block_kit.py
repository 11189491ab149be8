from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from rich.columns import Columns
from rich.console import Console as Terminal
from rich.text import Text

from sandbox.slack.workspace import Surface
from sandbox.terminal.block_kit import RULE, Control, Link, Page, render_blocks, render_confirm, render_view
from sandbox.terminal.mrkdwn import Reader, render_mrkdwn
from sandbox.terminal.screen import Screen

NAMES = {"U1": "Jane Doe", "C1": "connect-desk"}
READER = Reader(lambda identifier: NAMES.get(identifier, identifier), datetime(2026, 11, 22, 12, tzinfo=UTC))
URL = "http://127.0.0.1:5000/bucket/directory/index.html?Signature=abc%3D&Expires=1795365844" + "x" * 60


def mrkdwn(text: str) -> dict[str, str]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def button(text: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": text.lower(), "text": plain(text), **more}


def written(page: Page) -> list[str]:
    return [written_line(line) for line in page.lines]


def written_line(line: Text | Columns | Link) -> str:
    match line:
        case Columns():
            return "  ".join(part.plain for part in line.renderables if isinstance(part, Text))
        case Link(url):
            return url
        case _:
            return "---" if line is RULE else line.plain


def printed(surface: Surface, width: int = 80, **options: Any) -> str:
    out = io.StringIO()
    screen = Screen(Terminal(file=out, width=width, highlight=False, **options), lambda: READER.now)
    screen.name_of, screen.viewer = READER.name_of, "U1"
    screen.show(surface)
    return out.getvalue()


def message(*blocks: dict[str, Any], text: str = "", **more: Any) -> Surface:
    return Surface("message", {"ts": "1.0", "text": text, "blocks": [*blocks]}, **more)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("*Jane Doe* has _the_ number `7000`", "Jane Doe has the number 7000"),
        ("2 * 3 * 4 and snake_case_name", "2 * 3 * 4 and snake_case_name"),
        ("~gone~ *bold _and italic_*", "gone bold and italic"),
        ("a &lt;!channel&gt; &amp; b", "a <!channel> & b"),
        ("&amp;lt;", "&lt;"),
        ("<@U1> in <#C1> and <#C2|other>", "@Jane Doe in #connect-desk and #other"),
        ("<!here> <!subteam^S1|@admins>", "@here @admins"),
        ("<mailto:jane@example.com|jane@example.com>", "jane@example.com"),
        (":white_check_mark: done :unknown_one: at 10:30:15", "✅ done :unknown_one: at 10:30:15"),
        ("```7000\n7001```", "7000\n7001"),
        ("<!date^1795347000^{date_short_pretty} {time}|then>", "today 11:30 AM"),
        ("<!date^1795260600^{date_short_pretty}|then>", "yesterday"),
        ("<!date^1790000000^{date_short}|then>", "Sep 21, 2026"),
        ("<!date^1795347000^{moon}|then>", "then"),
        ("<!date^99999999999999999999^{date}|then>", "then"),
    ],
)
def test_mrkdwn_reads_as_in_slack(source: str, shown: str) -> None:
    assert render_mrkdwn(source, READER).text.plain == shown


def test_bold_italic_and_code_are_styled() -> None:
    spans = render_mrkdwn("*a* _b_ `c`", READER).text.spans
    assert [str(span.style).strip() for span in spans] == ["bold", "italic", "cyan"]


def test_links_show_their_words_and_keep_their_addresses() -> None:
    rendered = render_mrkdwn("see <https://a.example/?x=1&amp;y=2|the list> or <https://b.example>", READER)
    assert rendered.text.plain == "see the list or the link below"
    assert rendered.links == ["https://a.example/?x=1&y=2", "https://b.example"]


def test_every_kind_of_block_becomes_lines() -> None:
    blocks: list[dict[str, Any]] = [
        {"type": "header", "text": plain("Sync")},
        {"type": "section", "text": mrkdwn("*500* assigned\n0 released"), "fields": [mrkdwn("*Free*\n500")]},
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("by <@U1>"), {"type": "image", "alt_text": "a face"}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"text": "rich"}]}]},
        {"type": "video"},
    ]
    assert written(render_blocks(blocks, READER, 1)) == [
        "Sync",
        "500 assigned",
        "0 released",
        "Free  500",
        "---",
        "by @Jane Doe",
        "(picture: a face)",
        "rich",
        "(a block of the type video)",
    ]


def test_buttons_are_numbered_on_from_the_first_number() -> None:
    blocks: list[dict[str, Any]] = [
        {
            "type": "section",
            "block_id": "s",
            "text": mrkdwn("Jane"),
            "accessory": button("Share"),
        },
        {"type": "actions", "block_id": "a", "elements": [button("Previous"), button("Next", value="2")]},
    ]
    page = render_blocks(blocks, READER, 4)
    assert written(page) == ["Jane", "[4] Share", "[5] Previous  [6] Next"]
    assert [(each.number, each.element["action_id"], each.block["block_id"]) for each in page.controls] == [
        (4, "share", "s"),
        (5, "previous", "a"),
        (6, "next", "a"),
    ]


def test_the_address_of_a_button_stands_right_below_it() -> None:
    block = {"type": "actions", "elements": [button("Open", url=URL), button("Sync")]}
    assert written(render_blocks([block], READER, 1)) == ["[1] Open", URL, "[2] Sync"]


def test_options_are_numbered_and_the_chosen_one_is_ticked() -> None:
    options = [{"text": plain(text), "value": text} for text in ("Sales", "Support")]
    element = {"type": "static_select", "action_id": "team", "options": options, "initial_option": options[1]}
    page = render_blocks([{"type": "actions", "block_id": "b", "elements": [element]}], READER, 1)
    assert written(page) == ["[1] Sales", "[2] Support  ✓"]
    assert [control.option for control in page.controls] == options


def test_a_long_list_of_options_is_cut_and_says_so() -> None:
    options = [{"text": plain(f"Agent {count}"), "value": str(count)} for count in range(100)]
    element = {"type": "overflow", "action_id": "o", "options": options}
    page = render_blocks([{"type": "actions", "elements": [element]}], READER, 1)
    assert written(page)[-1] == "and 80 more"
    assert len(page.controls) == 20


def test_a_modal_shows_its_fields_what_is_in_them_and_its_buttons() -> None:
    element = {"type": "external_select", "action_id": "pick", "placeholder": plain("Start typing")}
    block = {"type": "input", "block_id": "who", "label": plain("Who?"), "element": element}
    view = {"type": "modal", "blocks": [block], "submit": plain("Show")}
    assert written(render_view(view, READER, 1)) == [
        "Who?",
        "[1] ‹Start typing›",
        "---",
        "[2] Show  [3] Close",
    ]
    chosen = {"selected_option": {"text": plain("Jane Doe"), "value": "x"}}
    filled = view | {"state": {"values": {"who": {"pick": chosen}}}}
    assert written(render_view(filled, READER, 1))[1] == "[1] ‹Jane Doe›"


def test_a_confirmation_asks_with_two_buttons() -> None:
    asked = {
        "title": plain("Sure?"),
        "text": plain("3 numbers go."),
        "confirm": plain("Do it"),
        "deny": plain("No"),
    }
    page = render_confirm(Control(1, button("Approve", confirm=asked), {"block_id": "b"}), READER, 2)
    assert written(page) == ["Sure?", "3 numbers go.", "[2] Do it  [3] No"]
    assert ["confirm" in control.element for control in page.controls] == [False, False]


@pytest.mark.parametrize("width", [30, 45, 80, 200])
def test_no_line_is_wider_than_the_terminal_but_addresses_which_stay_whole(width: int) -> None:
    block = {"type": "section", "text": mrkdwn(f"<{URL}|The directory> " + "word " * 60)}
    row = {"type": "actions", "elements": [button(f"Button {count}") for count in range(9)]}
    lines = printed(message(block, row), width).splitlines()
    assert URL in lines
    assert all(len(line) <= width for line in lines if line != URL)
    assert not any(line.endswith(" ") for line in lines)


def test_a_number_is_never_parted_from_its_button() -> None:
    row = {"type": "actions", "elements": [button(f"Button {count}") for count in range(9)]}
    shown = printed(message(row), 30)
    assert all(f"[{count + 1}] Button {count}" in shown for count in range(9))


@pytest.mark.parametrize(
    ("surface", "title"),
    [
        (message(text="x", channel="C0CONNECT0", member="U1"), "bot, only you"),
        (message(text="x", channel="C0CONNECT0", member="U2"), "bot, only U2"),
        (message(text="x", channel="C0CONNECT0"), "bot, #connect-desk"),
        (message(text="x", channel="D1"), "bot, direct message"),
        (message(text="x", channel="D1", edited=True), "bot, direct message (edited)"),
        (Surface("home", {"id": "V1", "type": "home", "blocks": []}, member="U1"), "App Home, you"),
    ],
)
def test_the_title_says_who_sees_it(surface: Surface, title: str) -> None:
    assert printed(surface).splitlines()[0] == title


def test_an_answer_in_a_thread_says_so() -> None:
    surface = Surface("message", {"ts": "2.0", "text": "x", "blocks": [], "thread_ts": "1.0"}, "C0CONNECT0")
    assert printed(surface).splitlines() == ["bot, in the thread, #connect-desk", "│ x"]


def test_without_a_terminal_there_are_no_control_codes() -> None:
    block = {"type": "section", "text": mrkdwn("*bold* `code`"), "accessory": button("Go", style="danger")}
    assert "\x1b" not in printed(message(block))
    assert "\x1b" in printed(message(block), force_terminal=True)


def test_brackets_in_what_people_write_are_no_markup() -> None:
    assert "[bold]x[/bold] [/]" in printed(message(text="[bold]x[/bold] [/]"))


def test_a_person_at_a_terminal_gets_long_lists_folded_and_unfolds_them() -> None:
    out = io.StringIO()
    screen = Screen(Terminal(file=out, width=80, force_terminal=True, highlight=False), lambda: READER.now)
    lines = [f"line {count}." for count in range(40)]
    block = {"type": "section", "text": mrkdwn("\n".join(lines))}
    screen.show(message(block))
    assert "line 7." in out.getvalue()
    assert "line 8." not in out.getvalue()
    assert "32 more lines" in out.getvalue()
    screen.unfold()
    assert all(line in out.getvalue() for line in lines)
    assert all(line in printed(message(block)) for line in lines)
