"""Questions as people put them: the person or number that they mean, an honest guess, or what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from core.models import Agent, Assigned, ChangeKind, ExtensionRange, Held, HistoryEntry, Policy, iso
from core.numbering.orders import Move
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, BOT_USER, JANE

ANDRE = Assigned("0044", "id-andre", "adavies", name="André Davies", team="Claims")
ADA = Assigned("0045", "id-ada", "ada", name="Ada Long", team="Claims")
CONSTANCE = Assigned("0046", "id-constance", "ccapurso", name="Constance Capurso", team="Billing")
ACKERMANS = Assigned("0047", "id-alexandra", "aackermans", name="Alexandra Ackermans", team="Billing")
AGENT = Assigned("0048", "id-agent", "agent7", name="Agent 0042", team="Night")
DIGITS = Assigned("0049", "id-digits", "0321", name="Vera Digits")
MY = Assigned("0050", "id-my", "mynguyen", name="My Nguyen")


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, ANDRE, ADA, CONSTANCE, ACKERMANS, AGENT, DIGITS, MY) as running_bot:
        running_bot.slack.profiles["U0ADA"] = {"email": "ada", "real_name": "Ada Long"}
        running_bot.slack.profiles["U0BOB"] = {"email": "bob@example.com", "real_name": "Bob"}
        yield running_bot


def mention(bot: Bot, text: str) -> str:
    bot.send(requests.mention("", JANE, text=f"<@{BOT_USER}> {text}"))
    return str(bot.slack.sent("chat.postMessage")[-1]["text"])


@pytest.mark.parametrize(
    "typed",
    [
        "what is Jane Doe's extension? cc <@U0ADA>",
        "<@U0ADA> do you know Jane Doe's extension",
        "Jane Doe, PhD",
        "Jane Doe (she/her)",
        ":wave: jane",
        "jane \N{WAVING HAND SIGN}",
        "is jane doe free right now?",
        "tell jane doe I'm late",
        "find jane doe in sales",
        "jane from sales",
        "jane sales",
        "Wie ist die Durchwahl von Jane Doe?",
        "¿Cuál es la extensión de Jane Doe?",
        "Quel est le numéro de Jane Doe ?",
        "Qual é o ramal da Jane Doe?",
        "0042 Jane Doe · jdoe · Sales",
        "Jane Doe is on 0042",
    ],
)
def test_the_person_who_is_named_is_the_answer(bot: Bot, typed: str) -> None:
    assert bot.says(typed).startswith("Jane Doe is on 0042")


def test_a_mention_beside_a_name_is_not_the_answer_in_a_channel_either(bot: Bot) -> None:
    assert mention(bot, "what is Jane Doe's extension? cc <@U0ADA>").startswith("Jane Doe is on 0042")


def test_a_name_with_digits_is_found_beside_the_number(bot: Bot) -> None:
    said = bot.says("Agent 0042")
    assert "0048 Agent 0042" in said
    assert "Jane Doe" in said


def test_a_username_of_digits_is_found_beside_the_extension(bot: Bot) -> None:
    said = bot.says("0321")
    assert "0049 Vera Digits" in said
    assert "0321 is free" in said


@pytest.mark.parametrize("typed", ["move my 0051", "move Agent 0042 0051"])
def test_a_change_goes_to_the_person_who_is_called_so(bot: Bot, typed: str) -> None:
    bot.says(typed, ADMIN, command="/ext-admin")
    assert [job.order for job in bot.jobs] == [Move("id-my" if "my" in typed else "id-agent", "0051")]


@pytest.mark.parametrize(
    "typed",
    [
        "move jdoe cc <@U0ADA> 0051",
        "move jane please 0051",
        "move the jane 0051",
        "move jane sales 0051",
        "move capurso cheers 0051",
        "move agent 0043 0051",
        "move jnae doe 0051",
        "move 0321 0051 0052",
    ],
)
def test_anything_but_one_exact_reading_moves_nobody(bot: Bot, typed: str) -> None:
    assert bot.says(typed, ADMIN, command="/ext-admin")
    assert bot.jobs == []


def test_a_number_that_is_a_username_too_is_asked_about_before_a_change(bot: Bot) -> None:
    bot.reader.rows["0321"] = Assigned("0321", "id-other", "other", name="Otto Other")
    said = bot.says("move 0321 0051", ADMIN, command="/ext-admin")
    assert "Vera Digits" in said
    assert "Otto Other" in said
    assert bot.jobs == []


def test_a_polite_word_that_is_a_surname_here_makes_nobody_sure(bot: Bot) -> None:
    bot.reader.rows["0051"] = Assigned("0051", "id-blake", "bcheers", name="Blake Cheers")
    assert "Constance Capurso is on" not in bot.says("constance cheers")
    assert "Did you mean" in bot.says("constance cheers")


def test_a_surname_alone_is_an_honest_guess(bot: Bot) -> None:
    said = bot.says("lexi ackermans")
    assert said.startswith("Nobody is called lexi ackermans. Did you mean Alexandra Ackermans?")


@pytest.mark.parametrize(
    "typed", ["who is in claims?", "who is available in claims?", "claims", "the claims team"]
)
def test_a_team_is_listed(bot: Bot, typed: str) -> None:
    said = bot.says(typed)
    assert said.startswith("2 people are in Claims:")
    assert "0044 André Davies" in said
    assert "0045 Ada Long" in said


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("0042 and 0043", ["0042 Jane Doe", "0043 Robert Stone"]),
        ("jane doe and ada", ["0042 Jane Doe", "0045 Ada Long"]),
        ("jane doe's and andré davies' numbers", ["0042 Jane Doe", "0044 André Davies"]),
        ("<@U0ADA> and <@U0BOB>", ["0045 Ada Long", "0043 Robert Stone"]),
        ("jane doe, ada and qqqq", ["0042 Jane Doe", "0045 Ada Long", "“qqqq”: I can't find anybody"]),
    ],
)
def test_several_are_answered_at_once(bot: Bot, typed: str, lines: list[str]) -> None:
    said = bot.says(typed)
    assert all(line in said for line in lines)


def test_more_than_ten_at_once_says_how_many_were_left_out(bot: Bot) -> None:
    said = bot.says(" and ".join(f"{number:04}" for number in range(42, 54)))
    assert "2 more: ask for them alone." in said


@pytest.mark.parametrize(
    "typed",
    [
        "is 0042 free?",
        "x 0042",
        "no. 0042",
        "00 42",
        "missed call from 0042, who is that?",
    ],
)
def test_a_number_is_read_in_what_it_wears(bot: Bot, typed: str) -> None:
    assert bot.says(typed).startswith("0042 is Jane Doe")


def line(kind: ChangeKind, extension: str, **about: Any) -> HistoryEntry:
    an_hour_ago = iso(datetime.now(UTC) - timedelta(hours=1))
    fields = {"username": "", "name": "", "at": an_hour_ago, "by": "schedule", "run_id": "r"} | about
    return HistoryEntry(kind, extension, **fields)


def test_somebody_who_left_is_told_with_the_hold_of_the_number(bot: Bot) -> None:
    bot.reader.rows["0060"] = Held(
        "0060", "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z", "id-alba", "adav", "Alba Davis"
    )
    bot.reader.lines = [
        line(ChangeKind.RELEASED, "0060", username="adav", name="Alba Davis", agent_id="id-alba")
    ]
    assert bot.says("alba davis").startswith("Alba Davis left; 0060 is held until Jan 31, 2999.")


def test_somebody_who_was_renamed_is_found_by_the_old_name(bot: Bot) -> None:
    bot.reader.lines = [
        line(
            ChangeKind.RELABELLED,
            "0042",
            username="jdoe",
            name="Jane Doe",
            before="Wilhelmina Roe",
            agent_id="id-jane",
        )
    ]
    assert bot.says("wilhelmina roe").startswith("Wilhelmina Roe is now Jane Doe, on 0042.")


@pytest.mark.parametrize(
    "typed", ["conor obrien", "conor o'brien", "what is O'Brien's extension?", "cobrien"]
)
def test_who_left_a_moment_ago_is_known_by_every_way_to_write_the_name(bot: Bot, typed: str) -> None:
    assert "left" not in bot.says(typed)
    about = {
        "username": "cobrien",
        "name": "Conor O'Brien",
        "agent_id": "id-conor",
        "at": iso(datetime.now(UTC)),
    }
    bot.reader.lines = [line(ChangeKind.RELEASED, "0060", **about)]
    bot.reader.rows["0060"] = Held(
        "0060", "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z", "id-conor", "cobrien"
    )
    assert bot.says(typed).startswith("Conor O'Brien left; 0060 is held until Jan 31, 2999.")


def test_somebody_who_left_is_a_guess_by_a_name_with_slips(bot: Bot) -> None:
    bot.reader.lines = [
        line(ChangeKind.RELEASED, "0060", username="adav", name="Alba Davis", agent_id="id-alba")
    ]
    assert bot.says("albba davsi").startswith("Nobody is called albba davsi. Did you mean:")
    assert "Alba Davis left." in bot.says("albba davsi")
    assert "of_agent" not in bot.reader.asked


def test_a_name_with_slips_is_of_the_people_of_now_before_those_who_left(bot: Bot) -> None:
    bot.reader.lines = [
        line(ChangeKind.RELEASED, "0060", username="jdow", name="Jane Dow", agent_id="id-dow")
    ]
    assert bot.says("jnae doe").startswith("Did you mean Jane Doe?")
    assert "Jane Dow left" in bot.says("jnae dow")
    assert "left" not in bot.says("wilhelmina dow")


def test_the_old_number_of_somebody_who_moved_leads_to_the_new_one(bot: Bot) -> None:
    bot.reader.rows["0061"] = Held(
        "0061", "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z", "id-jane", "jdoe", "Jane Doe"
    )
    assert bot.says("0061") == "Jane Doe moved from 0061 to 0042."


def test_before_the_first_sync_nobody_is_unknown(bot: Bot) -> None:
    bot.reader.rows = {}
    assert "Nobody has a number yet. The first sync gives everybody" in bot.says("jane doe")


def test_who_is_not_found_by_their_email_hears_what_was_looked_for(bot: Bot) -> None:
    bot.slack.profiles["U0NEW"] = {"email": "new@example.com", "real_name": "Nora New"}
    said = bot.says("me", "U0NEW")
    assert "no agent with a number has the username or the email new@example.com" in said
    assert "the next sync, within the hour, gives you a number" in said


@pytest.mark.parametrize(
    "typed",
    [
        "thanks!",
        "ok",
        "merci",
        "merci beaucoup",
        "vielen dank",
        "tysm",
        "good bot",
        "well done",
        "yes please",
        "thanks in advance",
        "k",
        ":D",
        "xD",
        "&lt;3",
        ":thumbsup::skin-tone-2:",
        "haha",
        "+1",
        "no",
        "never mind",
        "thanks <@U0ADA>!",
        ":+1:",
        "\N{THUMBS UP SIGN}",
        "great, thank you",
        ":)",
        ";-)",
        "cheers mate",
        "lol",
    ],
)
def test_thanks_are_no_lookup(bot: Bot, typed: str) -> None:
    bot.send(requests.direct(typed, JANE))
    bot.send(requests.mention(typed, JANE, event_id="Ev2", ts="100.2"))
    assert bot.send(requests.command("/ext", typed, JANE, bot.slack.response_url))["body"] == ""
    assert bot.slack.calls == [] or {call.method for call in bot.slack.calls} <= {"auth.test", "users.info"}
    assert bot.connect.asked == []


@pytest.mark.parametrize("name", ["Ok Thanh", "Merci Thomas"])
def test_somebody_who_is_called_like_thanks_is_found(bot: Bot, name: str) -> None:
    bot.reader.rows["0051"] = Assigned("0051", "id-ok", "okuser", name=name)
    assert bot.says(name.lower().split()[0]).startswith(f"{name} is on 0051")


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("my number is wrong", "/ext-admin move ada NUMBER"),
        ("give jane doe 0777", "/ext-admin move jdoe 0777"),
        ("can I get 0777?", "/ext-admin move ada 0777"),
        ("swap jane doe and ada", "/ext-admin swap jdoe ada"),
        ("swap jane doe's and ada's numbers", "/ext-admin swap jdoe ada"),
        ("swap with jane doe", "/ext-admin swap ada jdoe"),
        ("can you swap <@U0ADA> and <@U0BOB>?", "/ext-admin swap ada bob@example.com"),
        ("swap with <@U0BOB>", "/ext-admin swap ada bob@example.com"),
        ("give <@U0BOB> 0777", "/ext-admin move bob@example.com 0777"),
        ("give <@U0WHO> 0777", "/ext-admin move USERNAME 0777"),
        ("I want 0777 for jane doe", "/ext-admin move jdoe 0777"),
        ("my extension should be 0777", "/ext-admin move ada 0777"),
        ("jane doe has the wrong number", "/ext-admin move jdoe NUMBER"),
        ("that is wrong", "/ext-admin move ada NUMBER"),
        ("wrong number!", "/ext-admin move ada NUMBER"),
    ],
)
def test_a_wish_for_another_number_gets_the_admins_command(bot: Bot, typed: str, command: str) -> None:
    assert f"with {command}." in bot.says(typed, "U0ADA")
    assert f"Ask <@{ADMIN}>." in bot.says(typed, "U0ADA")


def test_a_wish_for_a_number_of_ones_own_says_whether_it_is_free_and_can_be_asked_for(bot: Bot) -> None:
    free, taken = bot.ext("can I get 0777?", "U0ADA"), bot.ext("can I get 0042?", "U0ADA")
    assert free["text"].startswith("0777 is free: nobody has it.")
    assert buttons(free)["Ask for it"]["value"] == "0777"
    assert taken["text"].startswith("0042 is Jane Doe.")
    assert buttons(taken) == {}
    assert bot.says("can I get 7777?", "U0ADA").startswith("7777 is not one of our numbers.")


def test_a_wish_where_others_read_along_calls_no_admin(bot: Bot) -> None:
    said = mention(bot, "can I get 0777?")
    assert "/ext-admin move USERNAME 0777" in said
    assert "<@" not in said


@pytest.mark.parametrize("subtype", ["file_share", "thread_broadcast", "me_message"])
def test_direct_messages_of_other_kinds_are_people_speaking(bot: Bot, subtype: str) -> None:
    bot.send(requests.direct("jane doe", JANE, subtype=subtype))
    assert bot.slack.sent("chat.postMessage")[0]["text"].startswith("Jane Doe is on 0042")


def test_the_bots_own_mention_in_a_direct_message_is_no_question(bot: Bot) -> None:
    bot.send(requests.direct(f"<@{BOT_USER}> jane doe", JANE))
    assert bot.slack.sent("chat.postMessage")[0]["text"].startswith("Jane Doe is on 0042")


def test_somebody_by_their_own_word_is_said_to_be(bot: Bot) -> None:
    bot.links.agents["U0ELSE"] = "id-jane"
    assert "By their own word" in bot.says("<@U0ELSE>")
    assert "By their own word" not in bot.says("<@U0BOB>")


def test_somebody_by_their_own_word_is_said_to_be_among_several_too(bot: Bot) -> None:
    bot.links.agents["U0ELSE"] = "id-jane"
    jane, robert = bot.says("<@U0ELSE> and <@U0BOB>").splitlines()
    assert jane.endswith("by their own word")
    assert not robert.endswith("by their own word")


def test_a_short_number_is_not_made_into_one_of_another_pool(bot: Bot) -> None:
    bot.reader.rows = {"0042": replace(JANE_DOE)}
    assert bot.says("4200") == "4200 is not one of our numbers. They run from 0000 to 0999."


JANE_OF_CLAIMS = Assigned("0062", "id-jane-2", "jdoe2", name="Jane Doe", team="Claims")
PEDRO = Assigned("0063", "id-pedro", "pgarcia", name="Pedro Garcia")
MARY_ANNS = tuple(
    Assigned(f"007{at}", f"id-mary-{at}", f"mary{at}", name=f"Mary-Ann {surname}")
    for at, surname in enumerate(("Cole", "Okafor"))
)
MARCELS = tuple(
    Assigned(f"008{at}", f"id-marcel-{at}", f"marcel{at}", name=name)
    for at, name in enumerate(("Marcel Roux", "Mark Cole", "Marsha Long", "Oki Tanaka", "William Baker"))
)
LONG_DIGITS = Assigned("0064", "id-long", "100235", name="Lena Digits")


@pytest.fixture
def house(bot: Bot) -> Bot:
    """More people, who are near to what was typed."""
    people = (JANE_OF_CLAIMS, PEDRO, LONG_DIGITS, *MARY_ANNS, *MARCELS)
    bot.reader.rows |= {entry.extension: entry for entry in people}
    return bot


@pytest.mark.parametrize(
    ("typed", "begins"),
    [
        ("100235", "Lena Digits"),
        ("Dr. Robert Stone", "Robert Stone is on 0043"),
        ("Ada Long, Claims", "Ada Long is on 0045"),
        ("Ada Long | Claims", "Ada Long is on 0045"),
        ("\N{LEFT DOUBLE QUOTATION MARK}ada long\N{RIGHT DOUBLE QUOTATION MARK}", "Ada Long is on 0045"),
        ("Ada Long\nClaims", "Ada Long is on 0045"),
        ("find jane doe in claims", "Jane Doe is on 0062"),
        ("jane from claims", "Jane Doe is on 0062"),
        ("jane claims", "Jane Doe is on 0062"),
        ("0062 Jane Doe · jdoe2 · Claims", "Jane Doe is on 0062"),
        ("alexandar ackermens", "Did you mean Alexandra Ackermans?"),
    ],
)
def test_of_people_who_are_alike_the_one_who_is_named_is_the_answer(
    house: Bot, typed: str, begins: str
) -> None:
    assert begins in house.says(typed).splitlines()[0]


def test_a_name_that_two_have_is_never_answered_with_one_of_them(house: Bot) -> None:
    said = house.says("find jane doe in night")
    assert "is on" not in said
    assert {"0042 Jane Doe", "0062 Jane Doe"} <= {row.partition(" · ")[0] for row in said.splitlines()}


@pytest.mark.parametrize("typed", ["chris", "ok then", "qwertzu", "liam"])
def test_words_that_are_nobodys_name_match_nobody(house: Bot, typed: str) -> None:
    assert "match" not in house.says(typed)
    assert " is on " not in house.says(typed)


def test_a_true_prefix_goes_before_a_sound(house: Bot) -> None:
    assert "Jane Doe" in house.says("ja").splitlines()[1]
    assert "Pedro" not in house.says("ja")


def test_digits_of_another_pool_are_not_filled_up_with_zeros() -> None:
    with running(JANE_DOE, policy=Policy(ExtensionRange.parse("7000-7999"))) as bot:
        assert bot.says("72") == "72 is not one of our numbers. They run from 7000 to 7999."


@pytest.mark.parametrize(
    "shown", ["Jane Doe (she/her)", ":wave: Jane Doe", "Dr. Jane Doe, PhD", "Jane Doe | Sales"]
)
def test_a_member_is_found_by_what_slack_shows_whatever_hangs_on_it(bot: Bot, shown: str) -> None:
    bot.slack.profiles["U0DECORATED"] = {"email": "jane@example.com", "real_name": shown}
    bot.connect.emails["id-jane"] = "jane@example.com"
    assert bot.says("me", "U0DECORATED").startswith("Your number is 0042")


NORA = Agent("id-nora", "nora@example.com", name="Nora Néw")


def test_somebody_whom_connect_has_and_no_sync_has_met_is_told_so_and_connect_is_asked_once(bot: Bot) -> None:
    bot.connect.agents = [NORA]
    for typed in ("nora new", "nora new (she/her)"):
        said = bot.says(typed)
        assert said.startswith("Nora Néw is in Amazon Connect and has no number yet.")
        assert "The next sync, within the hour, gives one." in said
    assert bot.connect.asked.count("having") == 1


def test_somebody_whom_no_sync_has_met_is_told_among_several_too(bot: Bot) -> None:
    bot.connect.agents = [NORA]
    said = bot.says("jane doe and nora new").splitlines()
    assert said[1] == "Nora Néw is in Amazon Connect and has no number yet."


def test_who_may_be_meant_else_comes_after_the_one_whom_no_sync_has_met(bot: Bot) -> None:
    bot.connect.agents = [Agent("id-nora", "nstone", name="Nora Stone")]
    first, *others = bot.says("nora stone").splitlines()
    assert first == "Nora Stone is in Amazon Connect and has no number yet."
    assert any("Robert Stone" in each for each in others)


def test_somebody_with_a_number_under_an_older_name_is_not_said_to_have_none(bot: Bot) -> None:
    bot.connect.agents = [Agent("id-jane", "jdoe", name="Wilhelmina Roe")]
    assert "no number" not in bot.says("wilhelmina roe")


def test_a_connect_that_does_not_answer_keeps_nobody_from_an_answer(bot: Bot) -> None:
    bot.connect.broken = "Connect is away."
    assert bot.says("nora new").startswith("I can't find anybody called “nora new”.")


def test_connect_is_not_asked_for_those_who_are_found(bot: Bot) -> None:
    for typed in ("jane doe", "0042", "who is in claims?", "jane and ada"):
        bot.says(typed)
    assert "having" not in bot.connect.asked


def test_whose_email_is_a_username_that_no_sync_has_met_hears_it(bot: Bot) -> None:
    bot.slack.profiles["U0NEW"] = {"email": "Nora@example.com", "real_name": "Nora"}
    bot.connect.agents = [NORA]
    assert bot.says("me", "U0NEW").startswith("You are in Amazon Connect, as Nora@example.com, and have no")


@pytest.mark.parametrize("typed", ["giorgos papadopoulos", "giorgos papadopoylos", "Γιώργος Παπαδόπουλος"])
def test_a_greek_name_is_found_as_people_romanise_it(bot: Bot, typed: str) -> None:
    bot.reader.rows["0065"] = Assigned("0065", "id-giorgos", "gp", name="Γιώργος Παπαδόπουλος")
    assert bot.says(typed).startswith("Γιώργος Παπαδόπουλος is on 0065")


def test_before_the_first_sync_neither_the_past_nor_connect_is_asked(bot: Bot) -> None:
    bot.reader.rows = {}
    assert bot.says("jane doe").startswith("Nobody has a number yet.")
    assert "losses" not in bot.reader.asked
    assert bot.connect.asked == []
