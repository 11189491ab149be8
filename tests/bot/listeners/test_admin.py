"""`/ext-admin`: single numbers, by name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.jobs import Job, started
from bot.messages.admin_answers import ORDER
from bot.messages.admin_form import FORM, MORE, WHAT, WHOM
from bot.messages.answer_pages import ASKED
from bot.messages.button_values import PageRef, read, write
from core.models import Assigned, ChangeKind, Held, HistoryEntry, Reserved, iso
from core.numbering.orders import (
    Free,
    Move,
    OnButton,
    Order,
    Reserve,
    Status,
    Swap,
    Undo,
    UndoSync,
    Unreserve,
)
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, JANE


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS, Assigned("0090", "", "older")) as running_bot:
        yield running_bot


def admin(bot: Bot, text: str, user: str = ADMIN) -> str:
    return bot.says(text, user, command="/ext-admin")


def test_a_number_is_reserved_with_its_note(bot: Bot) -> None:
    assert admin(bot, "reserve 50 front desk &amp; co").startswith("Reserving 0050.")
    url = bot.slack.response_url
    assert bot.jobs == [Job(Reserve("0050", "front desk & co"), ADMIN, url)]


@pytest.mark.parametrize("typed", ["reserve 50 for {}", "{}", "history {}", "forward {} to bob for 2 hours"])
def test_a_group_that_nothing_names_is_said_to_be_unknown(bot: Bot, typed: str) -> None:
    group = "<!subteam^S0SALES>"
    assert admin(bot, typed.format(group)).startswith("I don't see the name of that user group or channel.")
    assert bot.jobs == []


def test_a_group_is_named_by_slack_in_a_note(bot: Bot) -> None:
    bot.slack.group_names["S0SALES"] = "Sales"
    admin(bot, "reserve 50 for <!subteam^S0SALES>")
    assert [job.order for job in bot.jobs] == [Reserve("0050", "Sales")]


def test_a_number_is_put_back(bot: Bot) -> None:
    assert admin(bot, "unreserve 0050").startswith("Putting 0050 back into the pool.")
    assert bot.jobs == [Job(Unreserve("0050"), ADMIN, bot.slack.response_url)]


@pytest.mark.parametrize("who", ["jdoe", "Jane Doe", "jane", "0042"])
def test_an_agent_is_moved_by_name(bot: Bot, who: str) -> None:
    assert admin(bot, f"move {who} 50").startswith("Moving them to 0050 if it is free.")
    assert bot.jobs == [Job(Move("id-jane", "0050"), ADMIN, bot.slack.response_url)]


def test_a_member_is_moved_as_the_agent_with_their_email(bot: Bot) -> None:
    bot.slack.profiles["U0BOB"] = {"email": "bob@example.com", "real_name": "Bob"}
    admin(bot, "move <@U0BOB|bob> 0050")
    assert [job.order for job in bot.jobs] == [Move("id-bob", "0050")]


def test_a_member_is_moved_politely_too(bot: Bot) -> None:
    bot.slack.profiles["U0BOB"] = {"email": "bob@example.com", "real_name": "Bob"}
    admin(bot, "can you please move <@U0BOB|bob> to 0050")
    assert [job.order for job in bot.jobs] == [Move("id-bob", "0050")]


def test_a_first_name_like_a_courtesy_is_not_passed_over(bot: Bot) -> None:
    assert "may mean this" in admin(bot, "can doe 0050")
    assert bot.jobs == []


def test_a_member_is_not_moved_by_their_own_word(bot: Bot) -> None:
    """Or else somebody who links themselves to Jane would have Jane moved."""
    bot.links.agents["U0BOB"] = "id-jane"
    assert "Jane Doe by their own word only" in admin(bot, "move <@U0BOB|bob> 0050")
    assert bot.jobs == []


@pytest.mark.guarantee(8, 10)
@pytest.mark.parametrize("who", ["maria", "jnae doe", "qqqqqq", "0500", "<@U0NEW>", "me"])
def test_nobody_is_moved_who_is_not_clearly_meant(bot: Bot, who: str) -> None:
    assert admin(bot, f"move {who} 0050")
    assert bot.jobs == []


def test_an_agent_known_by_username_only_is_not_moved_yet(bot: Bot) -> None:
    assert "Run /ext-sync first." in admin(bot, "move older 0050")
    assert bot.jobs == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("reserve", "Which number?"),
        ("free", "Which number?"),
        ("swap", "Who changes numbers with whom?"),
        ("swap jdoe", "Who changes numbers with whom?"),
        ("swap jdoe qqqqqq", "I can't find anybody called “qqqqqq”."),
        ("swap jnae with jdoe", "Those two are one person. Name two."),
        ("unreserve", "No number is reserved.\nTo reserve some: /ext-admin reserve FIRST-LAST front desk"),
        ("move", "Who moves, and to which number?"),
        ("move jdoe", "To which number? They run from 0000 to 0999.\n/ext-admin move jdoe NUMBER"),
        ("move 50", "Who is to have 0050?\n/ext-admin move USERNAME 0050"),
        ("move 1000 jdoe", "1000 is not one of our numbers. They run from 0000 to 0999."),
        ("move qqqqqq 50", "I can't find anybody called “qqqqqq”."),
        ("reserve 1000 x", "1000 is not one of our numbers. They run from 0000 to 0999."),
        ("reserve desk", "Which number? Write it in full"),
        ("free jdoe", "Which number? Its hold is ended."),
        ("move jdoe &lt;!channel&gt;", "To which number?"),
        ("resreve 42", "Did you mean /ext-admin reserve?"),
        ("delete 42", "I don't know /ext-admin delete."),
        ("help", "/ext-admin changes single numbers."),
        ("jane", "Jane Doe has 0042. What is to be done?\n/ext-admin move jdoe NUMBER"),
        ("0999", "What about 0999?\n/ext 0999\n/ext-admin history 0999"),
        ("approve", "/ext-admin status shows what waits for an approval, with its button."),
        ("requests", "A request for a number has its buttons in the message that asks for it."),
        ("x" * 3000, "I don't know /ext-admin xxx"),
        ("reserve 0050 " + "x" * 2900, "Reserving 0050."),
    ],
)
def test_what_is_typed_wrongly_gets_a_sentence(bot: Bot, typed: str, said: str) -> None:
    assert said in admin(bot, typed)


@pytest.mark.parametrize("typed", ["reserve 0050", "unreserve 0050", "move jdoe 0050", "help", ""])
def test_who_is_no_admin_gets_a_polite_no_and_nothing_happens(bot: Bot, typed: str) -> None:
    said = admin(bot, typed, JANE)
    assert said.startswith("Only admins")
    assert f"Ask <@{ADMIN}>." in said
    assert bot.jobs == []


@pytest.mark.parametrize(
    "typed",
    [
        "swap jdoe bob@example.com",
        "swap jane doe and robert stone",
        "swap Robert Stone with jdoe",
        "jane doe with robert stone",
        "jdoe swap robert stone",
        "switch 0042 0043",
    ],
)
def test_two_agents_who_are_named_exactly_are_swapped(bot: Bot, typed: str) -> None:
    assert "Swapping their numbers." in admin(bot, typed)
    (job,) = bot.jobs
    assert isinstance(job.order, Swap)
    assert {job.order.agent, job.order.other} == {"id-jane", "id-bob"}


def test_two_members_are_swapped_as_the_agents_with_their_emails(bot: Bot) -> None:
    bot.slack.profiles["U0BOB"] = {"email": "bob@example.com", "real_name": "Bob"}
    bot.slack.profiles["U0JANE"] = {"email": "jane@example.com", "real_name": "Jane Doe"}
    bot.connect.emails["id-jane"] = "jane@example.com"
    admin(bot, "swap <@U0BOB|bob> with <@U0JANE|jane>")
    admin(bot, "<@U0BOB|bob> and jane doe")
    assert [set(people_of(job.order)) for job in bot.jobs] == [{"id-jane", "id-bob"}] * 2


@pytest.mark.parametrize(
    "typed",
    [
        "move jane doe to 0050",
        "move 0050 jane doe",
        "jane doe to 50",
        "0050 jane doe",
        "give 0050 to jdoe",
        "jane doe gets 0050",
        "jdoe move 0050",
    ],
)
def test_words_come_in_any_order(bot: Bot, typed: str) -> None:
    assert admin(bot, typed).startswith("Moving them to 0050 if it is free.")
    assert bot.jobs == [Job(Move("id-jane", "0050"), ADMIN, bot.slack.response_url)]


def test_a_surname_that_is_a_small_word_is_no_small_word() -> None:
    binhs = [
        Assigned("0044", "id-to", "bto", name="Binh To"),
        Assigned("0045", "id-le", "ble", name="Binh Le"),
    ]
    with running(*binhs) as bot:
        assert "Binh Le" in admin(bot, "move Binh To 0050")  # or Binh, to 0050
        admin(bot, "move Binh To to 0050")
        assert [people_of(job.order) for job in bot.jobs] == [["id-to"]]


@pytest.mark.parametrize(
    ("typed", "numbers", "note"),
    [
        ("reserve 0780-0789 front desk", "0780-0789", "front desk"),
        ("reserve front desk 0780-0789", "0780-0789", "front desk"),
        ("reserve 0780, 0782 and 0785 for the lab", "0780, 0782, 0785", "the lab"),
        ("reserve 0780 to 0782 lab", "0780-0782", "lab"),
        ("reserve 0789-0780 lab", "0780-0789", "lab"),
        ("reserve 0790 room 12", "0790", "room 12"),
        ("reserve 0790 12 chairs", "0790", "12 chairs"),
        ("0790 reserve fax", "0790", "fax"),
    ],
)
def test_several_numbers_are_reserved_at_once_and_no_number_in_a_note_is_one(
    bot: Bot, typed: str, numbers: str, note: str
) -> None:
    admin(bot, typed)
    assert [job.order for job in bot.jobs] == [Reserve(numbers, note)]


DESK = [Reserved(f"078{digit}", "Front desk") for digit in range(3)]


def test_numbers_are_put_back_by_range_and_by_note() -> None:
    with running(JANE_DOE, *DESK) as bot:
        assert admin(bot, "unreserve 0780-0782").startswith("Putting 0780-0782 back")
        assert admin(bot, "unreserve front desk").startswith("Putting the numbers of “front desk” back")
        assert [job.order for job in bot.jobs] == [Unreserve("0780-0782"), Unreserve(note="front desk")]


def test_a_note_like_the_one_typed_gets_a_button_that_puts_back_what_it_shows() -> None:
    with running(JANE_DOE, *DESK, Reserved("0790", "fax")) as bot:
        said = bot.ext("unreserve frnt desk", ADMIN, command="/ext-admin")
        assert "No number is reserved for “frnt desk”. Do you mean one of these?" in said["text"]
        assert bot.jobs == []
        bot.press(ORDER, buttons(said)["Put back"]["value"], ADMIN)
        assert [job.order for job in bot.jobs] == [Unreserve("0780-0782", "Front desk")]


def test_the_reserved_numbers_are_listed_by_note() -> None:
    blocked = Reserved("0800", "doors", by_policy=True)
    with running(JANE_DOE, *DESK, Reserved("0790", "fax"), blocked) as bot:
        said = admin(bot, "reserved")
        assert said.startswith(
            "5 numbers are reserved.\n0780-0782: Front desk\n0790: fax\n0800: doors (policy"
        )
        assert bot.reader.asked.count("reserved") == 1


@pytest.mark.guarantee(10)
@pytest.mark.parametrize(
    ("typed", "task", "first"),
    [
        ("move maria 0050", Move, {"id-maria-0"}),
        ("maria 0050", Move, {"id-maria-0"}),
        ("move jnae doe 0050", Move, {"id-jane"}),
        ("swap jane maria", Swap, {"id-jane", "id-maria-0"}),
    ],
)
def test_a_name_that_fits_several_or_a_guess_gets_a_button_a_row_that_does_it(
    bot: Bot, typed: str, task: type[Order], first: set[str]
) -> None:
    said = bot.ext(typed, ADMIN, command="/ext-admin")
    assert "do you mean?" in said["text"] or "may mean this:" in said["text"]
    assert bot.jobs == []
    accessory = next(block["accessory"] for block in said["blocks"] if "accessory" in block)
    assert accessory["confirm"]
    shown = read(accessory["value"], OnButton)
    assert not isinstance(shown, Move) or f"({shown.other})" in str(accessory["confirm"])
    bot.press(ORDER, accessory["value"], ADMIN)
    (job,) = bot.jobs
    assert (type(job.order), set(people_of(job.order))) == (task, first)


BOBS = [Assigned(f"02{number:02}", f"id-bob-{number}", f"bob{number}", name="Bob Bo") for number in range(3)]


def people_of(order: Order) -> list[str]:
    """The user ids of the people whom an order is about."""
    fields = ("agent",) if isinstance(order, Move) else ("agent", "other")  # of a move, it is a number
    return [getattr(order, field) for field in fields if hasattr(order, field)]


def rows_of(message: dict[str, Any]) -> list[dict[str, Any]]:
    """The buttons of a message's rows."""
    return [block["accessory"] for block in message["blocks"] if "accessory" in block]


def pressed_there(bot: Bot, button: dict[str, Any], user: str = ADMIN) -> dict[str, Any]:
    """The answer to a button that asks."""
    bot.press(button["action_id"], button["value"], user)
    said: dict[str, Any] = bot.slack.sent("response")[-1]
    return said


def test_every_one_who_may_be_meant_can_be_reached_page_by_page(bot: Bot) -> None:
    said, people = bot.ext("move maria 0050", ADMIN, command="/ext-admin"), []
    people += rows_of(said)
    assert "1 to 10 of 12" in said["text"]
    said = pressed_there(bot, buttons(said)["Next"])
    people += rows_of(said)
    assert (said["replace_original"], {*buttons(said)}) == (True, {"Move", "Previous"})
    assert {read(each["value"], OnButton).agent for each in people} == {each.agent_id for each in MARIAS}
    assert "1 to 10 of 12" in pressed_there(bot, buttons(said)["Previous"])["text"]
    assert bot.jobs == []


@pytest.mark.guarantee(10)
def test_where_both_of_two_fit_several_one_is_chosen_after_the_other() -> None:
    with running(JANE_DOE, *MARIAS, *BOBS) as bot:
        said = bot.ext("swap maria bob", ADMIN, command="/ext-admin")
        assert "1 to 10 of 12" in said["text"]
        said = pressed_there(bot, rows_of(pressed_there(bot, buttons(said)["Next"]))[1])
        swaps = [read(each["value"], OnButton) for each in rows_of(said)]
        assert {each.agent for each in swaps} == {"id-maria-9"}
        assert [each.other for each in swaps] == [each.agent_id for each in BOBS]
        bot.press(ORDER, write(swaps[2]), ADMIN)
        assert bot.jobs == [Job(swaps[2], ADMIN, bot.slack.response_url)]


def test_a_pair_that_the_words_name_in_two_ways_is_offered_once(bot: Bot) -> None:
    rows = rows_of(bot.ext("swap jane doe and robert and stone", ADMIN, command="/ext-admin"))
    values = [each["value"] for each in rows]
    assert len(values) == len({*values}) > 0


def vars_of(order: Order, *names: str) -> dict[str, str]:
    return {each: getattr(order, each) for each in names}


@pytest.mark.guarantee(8)
def test_a_page_makes_no_change_even_if_its_words_name_exactly_one_by_now(bot: Bot) -> None:
    said = pressed_there(bot, {"action_id": ASKED, "value": PageRef("move jane doe to 0050").write()})
    assert said["text"].startswith("“move jane doe to 0050” may mean this:")
    assert bot.jobs == []


def test_a_page_in_the_window_of_the_form_stands_in_its_place(bot: Bot) -> None:
    view = submit(bot, "move", "maria", "50")["view"] | {"id": "V2"}
    button = buttons(view)["Next"]
    pressed = {"type": "button", "action_id": button["action_id"], "value": button["value"]}
    bot.send(requests.interaction("block_actions", ADMIN, actions=[pressed], trigger_id="1", view=view))
    (updated,) = bot.slack.sent("views.update")
    assert updated["view"]["private_metadata"] == bot.slack.response_url
    assert len(rows_of(updated["view"])) == 2


def test_every_reserved_number_and_every_change_can_be_read_page_by_page() -> None:
    notes = [Reserved(f"07{number:02}", f"room {number}") for number in range(0, 50, 2)]
    with running(JANE_DOE, *notes) as bot:
        bot.reader.lines = [
            line(ChangeKind.RELABELLED, f"2026-05-03T09:{minute:02}:00Z", before=f"Jane {minute}")
            for minute in range(45)
        ]
        for typed, count, text in (
            ("reserved", 25, "room 48"),
            ("history 2026-05-03", 45, "Jane 0,"),
            ("history 0042 in may 2026", 45, "Jane 0,"),
            ("history jane doe", 45, "Jane 0,"),
        ):
            said = bot.ext(typed, ADMIN, command="/ext-admin")
            while "Next" in buttons(said):
                assert text not in said["text"]
                said = pressed_there(bot, buttons(said)["Next"])
            assert f"to {count} of {count}" in said["text"]
            assert text in said["text"]


def test_every_change_of_a_plan_can_be_read_before_it_is_applied(bot: Bot) -> None:
    changes = [
        line(ChangeKind.RELABELLED, "2026-05-03T09:00:00Z", before=f"Jane {number}") for number in range(21)
    ]
    bot.records.keep_waiting("plan0123456789abcdef", changes)
    said = pressed_there(bot, {"action_id": ASKED, "value": PageRef("history plan0123456789abcdef").write()})
    assert said["text"].startswith(
        "21 changes of this plan. Nothing was changed.\nrelabelled: 0042 Jane Doe, was"
    )
    assert "was Jane 20" in pressed_there(bot, buttons(said)["Next"])["text"]
    gone = pressed_there(bot, {"action_id": ASKED, "value": PageRef("history plan0123456789abcde0").write()})
    assert gone["text"].startswith("I don't have this plan any more.")


MOVE_JANE = write(Move("id-jane", "0050"))


def test_a_button_below_an_answer_says_beside_it_what_has_begun(bot: Bot) -> None:
    bot.press(ORDER, MOVE_JANE, ADMIN)
    assert [said["text"] for said in bot.slack.sent("response")] == [
        "Moving them to 0050 if it is free. I'll tell you here when it's done."
    ]
    assert bot.slack.sent("views.open") == []


def test_where_nothing_can_be_said_beside_a_button_a_window_says_it(bot: Bot) -> None:
    bot.slack.failing["response"] = 404
    bot.press(ORDER, MOVE_JANE, ADMIN)
    (opened,) = bot.slack.sent("views.open")
    assert "I'll tell you in a direct message" in str(opened["view"])
    assert len(bot.jobs) == 1


def test_the_buttons_are_for_admins_too(bot: Bot) -> None:
    bot.press(ORDER, write(Move("id-jane", "0050")), JANE)
    assert bot.jobs == []
    assert bot.slack.sent("response")[-1]["text"].startswith("Only admins")


@pytest.mark.parametrize(
    "value", ["", "x", "[]", '{"task":"sync"}', '{"task":"move","by":"U1"}', '{"task":7}']
)
def test_a_button_of_another_version_changes_nothing(bot: Bot, value: str) -> None:
    bot.press(ORDER, value, ADMIN)
    assert bot.jobs == []


def test_a_hold_is_asked_about_by_its_number(bot: Bot) -> None:
    assert "Looking whom 0050 is held for. I'll ask you here." in admin(bot, "free 0050")
    (job,) = bot.jobs
    assert job.order == Free("0050")


# History


def line(
    kind: ChangeKind, at: str, who: Assigned = JANE_DOE, by: str = "schedule", **more: Any
) -> HistoryEntry:
    return HistoryEntry(
        kind, who.extension, who.username, who.name, at, by, "run-1", agent_id=who.agent_id, **more
    )


GONE = Assigned("0042", "id-gus", "gus", name="Gus Grey")
PAST = [
    line(ChangeKind.ASSIGNED, "2026-05-03T09:00:00Z", GONE),
    line(ChangeKind.RELEASED, "2026-05-07T09:00:00Z", GONE),
    line(ChangeKind.MOVED, "2026-06-01T09:00:00Z", by="U0ADMIN", moved_from="0007"),
]
# A run that went on past midnight.
PAST += [
    replace(entry, run_id="20260703T090000Z-0abcde")
    for entry in (
        line(ChangeKind.ASSIGNED, "2026-07-03T23:59:59Z", Assigned("0600", "id-eve", "eve")),
        line(ChangeKind.RELEASED, "2026-07-04T00:00:01Z", Assigned("0601", "id-fay", "fay")),
    )
]


def past(bot: Bot, typed: str) -> str:
    bot.reader.lines = PAST
    return admin(bot, typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (
            "history 42",
            "0042 belongs to Jane Doe:\n• Jane Doe, from Jun 1, 2026 until now\n• Gus Grey, from May 3",
        ),
        (
            "history 0042 2026-05-05",
            "0042 on May 5, 2026 belonged to:\n• Gus Grey, from May 3, 2026 to May 7",
        ),
        ("history 0042 in may 2026", "• Gus Grey, from May 3, 2026 to May 7, 2026\n"),
        ("history 0042 on 2026-05-10", "0042 on May 10, 2026 belonged to nobody."),
        ("who had 42 in may 2026", "• Gus Grey, from May 3"),
        ("0042 history", "0042 belongs to Jane Doe"),
        ("history jane doe", "Jane Doe moved from 0007 to 0042, by <@U0ADMIN> (run run-1)"),
        ("history of jdoe", "Jane Doe has 0042."),
        ("history jane 2026-05-03", "Nothing happened on May 3, 2026."),
        ("history 2026-05-03", "1 change on May 3, 2026 (UTC)\n"),
        ("history 2026-05-03", "Gus Grey got 0042, by the schedule (run run-1)"),
        ("history 2026-05-04", "0 changes on May 4, 2026"),
        ("history 0500", "0500 is free.\nNo change is known."),
        ("history", "Of whom, of which number, or of which day?"),
        ("history in may", "Of whom, of which number, or of which day?"),
        ("history qqqqqq", "I can't find anybody called “qqqqqq”."),
        ("history 9999", "9999 is not one of our numbers. They run from 0000 to 0999."),
        ("history 0042 2026-02-30", "“0042 2026-02-30” is no day that I know. Write it as 2026-05-03, or"),
        ("history 03/05/2026", "“03/05/2026” is no day that I know."),
        ("history 0042 31 june", "“0042 31 june” is no day that I know."),
        ("history 0001-01-01", "“0001-01-01” is no day that I know."),
        ("history 9999-12-31", "“9999-12-31” is no day that I know."),
        ("history 20269999T090000Z-0abcde", "0 changes by run 20269999T090000Z-0abcde"),
        ("history 00010101T090000Z-0abcde", "0 changes by run 00010101T090000Z-0abcde"),
        ("history 99991231T090000Z-0abcde", "0 changes by run 99991231T090000Z-0abcde"),
        ("who is 42?", "0042 belongs to Jane Doe"),
        ("who was on 42 on May 5 2026?", "0042 on May 5, 2026 belonged to:\n• Gus Grey"),
        ("history 0042 2026-05-01 to 2026-05-09", "0042 from May 1, 2026 to May 9, 2026 belonged to:\n• Gus"),
        ("history 20260703T090000Z-0abcde", "2 changes by run 20260703T090000Z-0abcde\n"),
        ("history run 20260703T090000Z-0abcde", "fay gave up 0601"),
        ("history 20260703T090000Z-ffffff", "0 changes by run 20260703T090000Z-ffffff"),
        ("history 0042 am 5. Mai 2026", "0042 on May 5, 2026 belonged to:\n• Gus Grey"),
        ("history jane la semaine dernière", "Nothing happened from "),
        ("history maria", "“maria” could be several people. Whose history?"),
    ],
)
def test_the_history_is_told_of_a_number_a_person_or_a_day(bot: Bot, typed: str, said: str) -> None:
    assert said in past(bot, typed)
    assert bot.jobs == []


def test_a_surname_that_is_a_day_elsewhere_is_no_day(bot: Bot) -> None:
    bot.reader.rows["0091"] = Assigned("0091", "id-ayer", "ayer", name="Jo Ayer")
    assert "Jo Ayer has 0091." in past(bot, "history jo ayer")


def leaver(who: str, days: int, agent_id: str = "") -> HistoryEntry:
    at = iso(datetime.now(UTC) - timedelta(days=days))
    gone = Assigned("0044", agent_id or f"id-{who}-{days}", f"{who}{days}", name=f"{who} Grey".title())
    return line(ChangeKind.RELEASED, at, gone)


def test_the_history_of_somebody_who_left_a_year_ago_is_told_by_name(bot: Bot) -> None:
    bot.reader.lines = [leaver("gus", 390)]
    assert "Gus Grey gave up 0044" in admin(bot, "history gus grey")
    assert bot.reader.asked[1:] == ["read_consistent", "losses_named", "history_of_agent"]


def test_of_several_who_had_the_name_now_or_once_each_can_be_chosen(bot: Bot) -> None:
    renamed = replace(leaver("jane", 5, "id-jane"), kind=ChangeKind.RELABELLED, before="Jane Grey")
    bot.reader.lines = [leaver("jane", 300), leaver("jane", 200), renamed]
    said = bot.ext("history jane", ADMIN, command="/ext-admin")
    assert [each["value"].split()[-1] for each in rows_of(said)] == [
        "id:id-jane",
        "id:id-jane-200",
        "id:id-jane-300",
    ]
    assert "Jane Grey 0044 (jane200), until" in said["text"]
    assert "Jane Grey gave up 0044" in pressed_there(bot, rows_of(said)[1])["text"]


@pytest.mark.parametrize(("days", "said"), [(-1, "0042 is free"), (1, "0042 is held for Gus Grey until ")])
def test_a_number_whose_hold_is_over_is_free(bot: Bot, days: int, said: str) -> None:
    until = iso(datetime.now(UTC) + timedelta(days=days))
    bot.reader.rows["0042"] = Held("0042", until, until, "id-gus", "gus", "Gus Grey")
    assert past(bot, "history 42").startswith(said)


def test_who_may_swap_is_read_once_for_each_side(bot: Bot) -> None:
    admin(bot, "swap maria rossi maria rossi")
    assert bot.reader.asked.count("read_consistent") <= 14


def test_the_history_is_in_one_or_two_queries(bot: Bot) -> None:
    past(bot, "history 0042")
    assert bot.reader.asked == ["read_consistent", "history_of_number"]


def test_the_history_of_a_person_who_may_be_meant_is_behind_a_button(bot: Bot) -> None:
    bot.reader.lines = [line(ChangeKind.ASSIGNED, "2026-05-03T09:00:00Z", MARIAS[3])]
    found = bot.ext("history maria", ADMIN, command="/ext-admin")
    values = [block["accessory"]["value"] for block in found["blocks"] if "accessory" in block]
    bot.press(ASKED, next(value for value in values if value.endswith("maria-3")), ADMIN)
    assert "Maria Rossi got 0103" in bot.slack.sent("response")[-1]["text"]


@pytest.mark.parametrize(
    "typed", ["history <@U0BOB> from 2026-05-03 to 2026-05-09", "history of <@U0BOB> in may please"]
)
def test_the_history_of_a_member_is_of_the_days_that_were_named(bot: Bot, typed: str) -> None:
    bot.links.agents["U0BOB"] = "id-bob"
    bot.reader.lines = [line(ChangeKind.ASSIGNED, "2026-06-03T09:00:00Z", BOB)]
    said = admin(bot, typed)
    assert said.startswith("Robert Stone has 0043.\nNothing happened ")


@pytest.mark.parametrize("typed", ["history 1 may to 3 may", "history jdoe from 1.5.2026 to 3.5.2026"])
def test_days_that_are_read_in_part_are_no_history(bot: Bot, typed: str) -> None:
    assert "Write it as 2026-05-03" in admin(bot, typed)


def test_numbers_that_are_read_in_part_are_not_reserved(bot: Bot) -> None:
    numbers = ", ".join(f"{number:04}" for number in range(200, 600, 2))
    assert "Take fewer numbers at once" in admin(bot, f"reserve {numbers} fax")
    assert bot.jobs == []


@pytest.mark.parametrize("typed", ["history <@U0NEW>", "history <@U0NEW> yesterday"])
def test_the_history_of_a_member_whom_nobody_knows_is_no_other_history(bot: Bot, typed: str) -> None:
    assert "I can't tell which agent that is." in admin(bot, typed)


@pytest.mark.parametrize("name", ["planck", "plan", "planta2"])
def test_somebody_called_like_a_plan_has_a_history(bot: Bot, name: str) -> None:
    bot.reader.rows["0052"] = Assigned("0052", "id-planck", name, name="Max Planck")
    assert admin(bot, f"history {name}").startswith("Max Planck has 0052.")


@pytest.mark.parametrize("typed", ["undo the last sync", "sync undo"])
def test_a_sync_is_taken_back_by_a_command_of_its_own(bot: Bot, typed: str) -> None:
    assert "/ext-sync undo" in admin(bot, typed)
    assert bot.jobs == []


def test_no_other_change_is_taken_back_where_a_member_is_named(bot: Bot) -> None:
    assert "A run is taken back, and no person." in admin(bot, "undo <@U0BOB>")
    assert bot.jobs == []


def test_the_history_is_for_admins(bot: Bot) -> None:
    assert admin(bot, "history 0042", JANE).startswith("Only admins")
    bot.press(ASKED, PageRef("history jane doe").write(), JANE)
    assert "Only admins" in bot.slack.sent("response")[-1]["text"]


def test_the_status_is_handed_over(bot: Bot) -> None:
    assert admin(bot, "status").startswith("Looking how things stand.")
    assert [job.order for job in bot.jobs] == [Status()]
    assert admin(bot, "status", JANE).startswith("Only admins")


# Undo


@pytest.mark.parametrize(
    ("typed", "run"),
    [("undo", ""), ("undo that", ""), ("undo run 20261122T093000Z-0abcde", "20261122T093000Z-0abcde")],
)
def test_an_undo_is_handed_over(bot: Bot, typed: str, run: str) -> None:
    assert admin(bot, typed).startswith("Taking it back.")
    assert bot.jobs == [Job(Undo(run), ADMIN, bot.slack.response_url)]


def test_the_undo_button_takes_back_its_run_and_a_second_press_is_the_same_job(bot: Bot) -> None:
    value = write(Undo("run-7"))
    for _ in range(2):
        bot.press(ORDER, value, ADMIN)
    assert {job.order for job in bot.jobs} == {Undo("run-7")}


def test_who_is_no_admin_takes_nothing_back(bot: Bot) -> None:
    assert admin(bot, "undo", JANE).startswith("Only admins")
    assert bot.says("undo", JANE, command="/ext-sync").startswith("Only admins")
    bot.press(ORDER, write(Undo("run-7")), JANE)
    assert bot.jobs == []


def test_a_sync_is_taken_back_by_its_own_command(bot: Bot) -> None:
    assert bot.says("undo", ADMIN, command="/ext-sync").startswith("Taking it back.")
    assert [job.order for job in bot.jobs] == [UndoSync()]


@pytest.mark.parametrize("typed", ["help", "history"])
def test_hints_for_admins_name_people_and_numbers_of_the_house(bot: Bot, typed: str) -> None:
    bot.reader.rows = {"0777": Assigned("0777", "id-rosa", "rgarza", name="Rosa Garza"), "0043": BOB}
    said = admin(bot, typed)
    if typed == "help":
        bot.press("more_help", "/ext-admin", ADMIN)
        said = bot.slack.sent("response")[-1]["text"]
    assert any(word in said for word in ("rgarza", "rosa", "0999"))
    assert not any(word in said for word in ("jdoe", "jane", "0042", "7780"))


# The form


def submit(bot: Bot, task: str, whom: str = "", more: str = "", user: str = ADMIN) -> Any:
    fields = {WHOM: whom, MORE: more}
    values: dict[str, Any] = {
        field: {field: {"type": "plain_text_input", "value": text or None}} for field, text in fields.items()
    }
    values[WHAT] = {WHAT: {"type": "static_select", "selected_option": {"value": task}}}
    view = {
        "type": "modal",
        "id": "V1",
        "callback_id": FORM,
        "private_metadata": bot.slack.response_url,
        "state": {"values": values},
    }
    body = bot.send(requests.interaction("view_submission", user, view=view))["body"]
    return json.loads(body) if body else {}


def test_without_words_a_form_opens_that_knows_where_the_result_goes(bot: Bot) -> None:
    bot.send(requests.command("/ext-admin", " ", ADMIN, bot.slack.response_url))
    (opened,) = bot.slack.sent("views.open")
    assert opened["view"]["private_metadata"] == bot.slack.response_url


@pytest.mark.parametrize(
    ("fields", "job"),
    [
        (("move", "jane doe", "50"), Job(Move("id-jane", "0050"))),
        (
            ("swap", "jdoe", "robert stone"),
            Job(Swap("id-jane", "id-bob", "0042, 0043")),
        ),
        (("reserve", "50-52", "front desk"), Job(Reserve("0050-0052", "front desk"))),
        (("unreserve", "0050"), Job(Unreserve("0050"))),
        (("free", "50"), Job(Free("0050"))),
        (("status",), Job(Status())),
        (("undo",), Job(Undo())),
    ],
)
def test_the_form_does_what_the_commands_do(bot: Bot, fields: tuple[str, ...], job: Job) -> None:
    assert submit(bot, *fields) == {}
    assert bot.jobs == [replace(job, by=ADMIN, response_url=bot.slack.response_url)]
    assert bot.slack.sent("response")[-1]["text"] == started(job).text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("reserve", "1000"), "1000 is not one of our numbers."),
        (("move", "older", "50"), "Run /ext-sync first."),
    ],
)
def test_what_is_wrong_is_said_in_the_form(bot: Bot, fields: tuple[str, ...], said: str) -> None:
    answer = submit(bot, *fields)
    assert answer["response_action"] == "errors"
    assert said in answer["errors"][WHOM]
    assert bot.jobs == []


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("move", "jdoe"), "To which number?"),
        (("move", "", "50"), "Who is to have"),
        (("swap", "jdoe"), "Who changes numbers with whom?"),
        (("history", "0042"), "belongs to"),
        (("reserved",), "No number is reserved."),
        (("unheard-of",), "changes single numbers"),
    ],
)
def test_what_is_missing_and_what_was_asked_stands_on_top_of_the_form(
    bot: Bot, fields: tuple[str, ...], said: str
) -> None:
    answer = submit(bot, *fields)
    assert answer["response_action"] == "push"
    assert said in str(answer["view"]["blocks"])
    assert bot.jobs == []


def test_a_button_on_top_of_the_form_reports_where_the_command_was_typed(bot: Bot) -> None:
    view = submit(bot, "move", "maria", "50")["view"] | {"id": "V2"}
    value = next(iter(view["blocks"][1:]))["accessory"]["value"]
    bot.send(
        requests.interaction(
            "block_actions",
            ADMIN,
            actions=[{"type": "button", "action_id": ORDER, "value": value}],
            trigger_id="1",
            view=view,
        )
    )
    assert [(job.task, job.response_url) for job in bot.jobs] == [("move", bot.slack.response_url)]


def press_on_form(bot: Bot) -> None:
    """Press a button in the window that answers the form."""
    pressed = {"type": "button", "action_id": ORDER, "value": MOVE_JANE}
    view = {"type": "modal", "id": "V2", "private_metadata": bot.slack.response_url}
    bot.send(requests.interaction("block_actions", ADMIN, actions=[pressed], trigger_id="1", view=view))


def test_a_button_on_top_of_the_form_says_in_its_window_where_the_result_comes(bot: Bot) -> None:
    press_on_form(bot)
    (pushed,) = bot.slack.sent("views.push")
    assert "I'll tell you where you typed the command" in str(pushed["view"])


@pytest.mark.parametrize(
    ("lost", "said"),
    [
        (True, "It may have started, or not: Lambda's answer was lost. If it has,"),
        (False, "If it goes on"),
    ],
)
def test_the_form_says_what_to_do_after_a_failure(
    bot: Bot, lost: bool, said: str, caplog: pytest.LogCaptureFixture
) -> None:
    bot.answer_is_lost, bot.sync_is_gone = lost, "" if lost else "The sync function is gone."
    told = submit(bot, "move", "jdoe", "50")["errors"][WHOM]
    assert said in told
    assert told.rpartition("Reference: ")[2] in caplog.text


def test_the_one_window_of_a_press_says_why_nothing_was_started(bot: Bot) -> None:
    """Slack opens one window for a press."""
    bot.sync_is_gone = "The sync function is asked too often."
    press_on_form(bot)
    (pushed,) = bot.slack.sent("views.push")
    assert "asked too often" in str(pushed["view"])


def test_a_form_that_stood_too_long_says_what_was_started(bot: Bot) -> None:
    bot.slack.failing["response"] = 404
    answer = submit(bot, "move", "jdoe", "50")
    assert answer["response_action"] == "update"
    said = "Moving them to *0050* if it is free. I'll tell you in a direct message when it's done."
    assert said in str(answer["view"]["blocks"]).replace("\\'", "'")
    assert [job.task for job in bot.jobs] == ["move"]


def test_who_is_no_admin_gets_no_form_and_nothing_from_one(bot: Bot) -> None:
    bot.send(requests.command("/ext-admin", "", JANE, bot.slack.response_url))
    submit(bot, "reserve", "50", user=JANE)
    assert (bot.jobs, bot.slack.sent("views.open")) == ([], [])


GONE = replace(JANE_DOE, release_waits=True)
HAS_LEFT = "is not in Amazon Connect any more; the release waits for an admin."


@pytest.mark.guarantee(11)
@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("move jdoe 50", Move("id-jane", "0050")),
        ("jane doe 50", Move("id-jane", "0050")),
        ("swap bob@example.com with jdoe", Swap("id-bob", "id-jane", "0043, 0042")),
        ("forward jdoe to bob@example.com for 2 hours", None),
        ("forward bob@example.com to jdoe for 2 hours", None),
    ],
)
def test_an_order_about_somebody_who_has_left_asks_first(bot: Bot, typed: str, order: Any) -> None:
    bot.reader.rows["0042"] = GONE
    answer = bot.ext(typed, ADMIN, command="/ext-admin")
    assert answer["text"].startswith(f"Jane Doe (0042) {HAS_LEFT}")
    assert bot.jobs == []
    (button,) = buttons(answer).values()
    bot.press(ORDER, button["value"], ADMIN)
    (job,) = bot.jobs
    assert order is None or job.order == order


def test_a_mention_of_somebody_who_has_left_asks_first(bot: Bot) -> None:
    bot.reader.rows["0042"] = GONE
    bot.slack.profiles[JANE] = {"email": "jdoe", "real_name": "Jane Doe"}
    assert HAS_LEFT in admin(bot, f"move <@{JANE}> 50")
    assert bot.jobs == []


def test_among_several_who_has_left_is_said_beside_the_button(bot: Bot) -> None:
    bot.reader.rows["0042"] = GONE
    answer = bot.ext("move jan 50", ADMIN, command="/ext-admin")
    assert "not in Amazon Connect any more" in answer["text"]
    assert [*buttons(answer)] == ["Move"]
