"""What people type on a phone, in several languages and about several people: one bot answers all of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.asking.lookup import MOST_SHOWN
from core.models import Assigned, ChangeKind, ExtensionRange, Held, HistoryEntry, Policy, iso
from tests.bot.slack import requests
from tests.bot.slack.bot import Bot, running
from tests.bot.slack.recorder import ADMIN, BOT_USER, JANE

PEOPLE = (
    Assigned("7001", "id-jane", "jdoe", name="Jane Doe", team="Claims"),
    Assigned("7002", "id-smith", "jsmith", name="Jane Smith", team="Sales"),
    Assigned("7003", "id-robert", "rstone", name="Robert Stone", team="Claims"),
    Assigned("7004", "id-ada", "along", name="Ada Long", team="Billing"),
    Assigned("7005", "id-night", "nowl", name="Nina Owl", team="Night Shift"),
    Assigned("7006", "id-my", "mynguyen", name="My Nguyen"),
    Assigned("7007", "id-wang", "xmwang", name="王小明"),
    Assigned("7008", "id-yulia", "ys", name="Юлия Щербакова"),
    Assigned("7009", "id-kim", "kms", name="김민수"),
    Assigned("7010", "id-soren", "sk", name="Søren Kierkegård"),
    Assigned("7011", "id-gone", "mole", name="Olive Mole", team="Billing"),
    Assigned("7012", "id-hernandez", "lhernandez", name="Luis Hernández"),
    Assigned("7014", "id-emma", "eos", name="Emma O'Sullivan"),
    Assigned("7013", "id-jean", "jwood", name="Jean-Luc Wood", team="Billing"),
)
LEFT = Held("7700", "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z", "id-alba", "adav", "Alba Davis")
MOVED = Held("7701", "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z", "id-jane", "jdoe", "Jane Doe")
HELP = "I know everybody's extension."


@pytest.fixture(scope="module")
def bot() -> Iterator[Bot]:
    with running(*PEOPLE, LEFT, MOVED, policy=Policy(ExtensionRange.parse("7000-7999"))) as running_bot:
        running_bot.slack.profiles |= {
            JANE: {"email": "jane@example.com", "real_name": "Jane Doe"},
            "U0ADA": {"email": "ada@example.com", "real_name": "Ada Long"},
            "U0WHO": {"email": "who@example.com", "real_name": "Robert Stone"},
        }
        running_bot.connect.emails |= {"id-jane": "jane@example.com", "id-ada": "ada@example.com"}
        running_bot.connect.statuses |= {"id-jane": "Lunch", "id-robert": "Available", "id-ada": "Available"}
        at = iso(datetime.now(UTC) - timedelta(hours=1))
        running_bot.reader.lines = [
            HistoryEntry(
                ChangeKind.RELEASED, "7700", "adav", "Alba Davis", at, "schedule", "r", agent_id="id-alba"
            )
        ]
        yield running_bot


def said_to(bot: Bot, typed: str) -> str:
    """The plain text that answers a command; "" where it is only acknowledged."""
    body = bot.send(requests.command("/ext", typed, JANE, bot.slack.response_url))["body"]
    return str(json.loads(body)["text"]) if body else ""


def numbers_in(said: str) -> list[str]:
    return [line[:4] for line in said.splitlines() if line[:4].isdecimal()]


@pytest.mark.parametrize(
    "typed",
    [
        "gimme jane doe",
        "wats jane doe's number",
        "jane doe's email",
        "jane doe doesn't answer",
        "can you give jane doe's number to me",
        "JANE   DOE !!!",
        "jane doe extension por favor",
        "Hast du die Durchwahl von Jane Doe?",
        "me puedes dar la extensión de Jane Doe?",
        "tu as le numéro de Jane Doe stp",
        "me passa o ramal da jane doe por favor",
        "Jane Doe (she/her)",
        "Jane Doe, Senior Agent",
        "Jane Doe\nSenior Agent\nClaims | ext 7001",
        "customer asking for jane doe",
        "Jane Doe por favor",
        "Claims: jdoe",
        "Doe, Jane (Claims)",
        "> *Jane Doe*",
        "hey <@U0ADA>, what is jane doe's number?",
    ],
)
def test_one_person_is_the_answer(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("Jane Doe is on 7001 · not available now (Lunch)")


@pytest.mark.parametrize(
    "typed",
    [
        "can you give <@U0ADA>'s number",
        "give me <@U0ADA>",
        "gimme <@U0ADA>",
        "i need <@U0ADA>'s ext pls",
        "give <@U0ADA>'s number please",
        "<@U0ADA>'s number isn't working",
    ],
)
def test_a_question_about_a_mention_is_no_wish_to_change_their_number(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("Ada Long is on 7004")


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("wang xiaoming", "王小明"),
        ("Wang Xiao Ming", "王小明"),
        ("xiaoming wang", "王小明"),
        ("what is 王小明's extension?", "王小明"),
        ("王小明的分机号是多少？", "王小明"),
        ("yuliya shcherbakova", "Юлия Щербакова"),
        ("julia scherbakowa", "Юлия Щербакова"),
        ("kim min-su", "김민수"),
        ("soeren kierkegaard", "Søren Kierkegård"),
        ("soren kierkegard", "Søren Kierkegård"),
    ],
)
def test_a_name_of_another_script_is_found_as_people_spell_it(bot: Bot, typed: str, name: str) -> None:
    assert name in said_to(bot, typed).splitlines()[0]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("jane doe\njane smith\nrobert stone", "7001 7002 7003"),
        ("• Jane Doe\n• Jane Smith", "7001 7002"),
        ("1. jane doe\n2. jane smith", "7001 7002"),
        ("hi all, what are the numbers of jane doe and jane smith please?", "7001 7002"),
        ("7001 7002", "7001 7002"),
        ("7001-7003", "7001 7002 7003"),
        ("7003\N{EN DASH}7001", "7001 7002 7003"),
        ("7001+7003", "7001 7003"),
        ("between 7001 and 7003", "7001 7003"),
        ("7001 to 7003, 7005", "7001 7002 7003 7005"),
        ("who are 7001 & 7002?", "7001 7002"),
        ("jane smith and me", "7002 7001"),
        ("my number and jane smith's", "7001 7002"),
        ("me and <@U0ADA>", "7001 7004"),
        ("jane smith and <@U0ADA>", "7002 7004"),
        ("<@U0ADA> and jane smith's numbers", "7004 7002"),
        ("jane doe y jane smith", "7001 7002"),
        ("both jane doe and jane smith", "7001 7002"),
        ("jane doe vs jane smith", "7001 7002"),
        ("@ada @robert", "7004 7003"),
        ("jdoe@example.com jsmith@example.com", "7001 7002"),
        ("jane doe, jane smith, doe jane", "7001 7002"),
        ("Doe, Jane; Stone, Robert", "7001 7003"),
        ("Doe, Jane\nStone, Robert", "7001 7003"),
        ('"Doe, Jane" <mailto:jane@x.com|jane@x.com>, "Stone, Robert" <mailto:r@x.com|r@x.com>', "7001 7003"),
        ("Doe, Jane; robert, ada", "7001 7003 7004"),
        ("Doe, Jane; Ada Long; Stone, Robert", "7001 7004 7003"),
        ("@bot jane smith and <@U0ADA>", "7002 7004"),
        ("dm jane smith\n<@U0ADA>", "7002 7004"),
    ],
)
def test_all_of_several_are_answered_each_once(bot: Bot, typed: str, numbers: str) -> None:
    surface, _, words = typed.partition(" ")
    if surface in ("@bot", "dm"):
        text = f"<@{BOT_USER}> {words}" if surface == "@bot" else words
        ask = requests.mention if surface == "@bot" else requests.direct
        bot.send(ask(text, JANE, event_id=f"Ev{surface}", ts=f"100.{len(bot.slack.calls)}"))
        said = str(bot.slack.sent("chat.postMessage")[-1]["text"])
    else:
        said = said_to(bot, typed)
    assert numbers_in(said) == numbers.split()


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("alba davis and jane doe", "Alba Davis left; 7700 is held until Jan 31, 2999."),
        ("7701, 7002", "Jane Doe moved from 7701 to 7001."),
        ("jane doe and zzyzx", "“zzyzx”: I can't find anybody."),
        ("jane smith and <@U0WHO>", "“Robert Stone”: did you mean 7003 Robert Stone"),
        ("jane smith and night shift", "1 person is in Night Shift: see /ext night shift"),
    ],
)
def test_nobody_of_several_is_left_out_silently(bot: Bot, typed: str, line: str) -> None:
    said = said_to(bot, typed).splitlines()
    assert len(said) == 2
    assert any(each.startswith(line) for each in said)


def test_a_pasted_signature_is_of_one_person(bot: Bot) -> None:
    said = said_to(bot, "Jane Doe\nClaims\n+1 555 123 4567\njane.doe@acme.com")
    assert said.startswith("Did you mean Jane Doe? That's 7001.")


@pytest.mark.parametrize("typed", ["calims", "nigth shift", "shift", "who handles claims", "claims hotline"])
def test_a_team_that_is_misspelt_or_cut_is_offered(bot: Bot, typed: str) -> None:
    team = "night shift" if "shift" in typed else "claims"
    assert said_to(bot, typed).startswith(
        f"I can't find anybody called “{typed.removeprefix('who ')}”. Did you mean /ext {team}?"
    )


def test_what_only_goes_on_about_a_person_is_no_second_one(bot: Bot) -> None:
    assert said_to(bot, "is jane doe free and can she talk?").startswith("Jane Doe is on 7001")


@pytest.mark.parametrize(
    "typed",
    [
        "who works in claims",
        "who can take a call in claims",
        "list of claims",
        "wer ist gerade frei in claims?",
        "is anyone in claims available?",
    ],
)
def test_of_a_team_those_come_first_who_are_available(bot: Bot, typed: str) -> None:
    bot.connect.asked.clear()
    heading, first, second = said_to(bot, typed).splitlines()
    assert heading == "2 people are in Claims:"
    assert (first[:4], second[:4]) == ("7003", "7001")
    assert len(bot.connect.asked) <= 1


def test_somebody_of_that_name_in_another_team_goes_before_a_sound_alike_in_this_one(bot: Bot) -> None:
    said = said_to(bot, "jane in billing")
    assert said.startswith("Did you mean one of these?")
    assert numbers_in(said) == ["7001", "7002", "7013"]


def test_of_a_long_range_the_first_ten_are_answered(bot: Bot) -> None:
    assert said_to(bot, "7000-7099").endswith("I answer 10 at once. 90 more: ask for them alone.")
    assert said_to(bot, "can she talk and 7000-7012").endswith("4 more: ask for them alone.")


def test_a_team_of_one_is_a_team(bot: Bot) -> None:
    assert said_to(bot, "night shift").startswith("1 person is in Night Shift:\n7005 Nina Owl")


def test_a_name_and_a_team_beside_a_comma_are_of_one_person(bot: Bot) -> None:
    assert said_to(bot, "robert, claims").startswith("Robert Stone is on 7003")


@pytest.mark.parametrize("typed", ["72-38", "7 2 3 8", "7.238", "7,238", "+7238", "7238 at 10"])
def test_one_number_is_read_however_it_is_cut(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed) == "7238 is free: nobody has it."


def test_letters_that_look_like_digits_are_read_as_such(bot: Bot) -> None:
    assert said_to(bot, "who is 7oo1").startswith("7001 is Jane Doe")


@pytest.mark.parametrize("typed", ["555-123-7001", "+1 (555) 123-7001", "call +15551237001"])
def test_a_number_of_the_public_network_is_nobodys_extension(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).endswith("5551237001 is not one of our numbers. They run from 7000 to 7999.")


@pytest.mark.parametrize(
    "typed",
    [
        "i don't have a number",
        "why don't i have an extension?",
        "I need an extension",
        "wats my ext",
        "me pls",
        "number for me",
        "i forgot my number",
        "i got a new number",
        "what is my new extension",
        "share my number",
        "tell <@U0ADA> my number",
        "mi número",
        "cuál es mi extensión",
        "quel est mon numéro ?",
        "wie ist meine Durchwahl?",
        "qual é o meu ramal?",
    ],
)
def test_my_own_number_is_told_however_it_is_asked_for(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("Your number is 7001, Jane Doe.")


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("give jane smith a new number", "move jsmith NUMBER"),
        ("jane smith needs a different extension", "move jsmith NUMBER"),
        ("can jane smith have 7777", "move jsmith 7777"),
        ("i'd like 7777", "move jdoe 7777"),
        ("how do i change my number?", "move jdoe NUMBER"),
        ("new number please", "move jdoe NUMBER"),
        ("swap my number with jane smith", "swap jdoe jsmith"),
        ("swap jane smith and me", "swap jdoe jsmith"),
        ("i want to swap with jane smith", "swap jdoe jsmith"),
        ("jane smith and i want to exchange numbers", "swap jdoe jsmith"),
        ("i have the wrong number", "move jdoe NUMBER"),
        ("i've got the wrong ext", "move jdoe NUMBER"),
        ("the number is wrong", "move jdoe NUMBER"),
        ("that's not right", "move jdoe NUMBER"),
        ("my ext is wrong, it should be 7777", "move jdoe 7777"),
        ("please change my ext to 7777 thanks", "move jdoe 7777"),
        ("change ext 7002 to 7777", "move 7002 7777"),
        ("give <@U0ADA> a new number", "move along NUMBER"),
        ("swap <@U0ADA> with me", "swap jdoe along"),
        ("can I swap numbers with <@U0ADA>?", "swap jdoe along"),
        ("swap <@U0ADA> and me please", "swap jdoe along"),
        ("who can change numbers?", "move jdoe NUMBER"),
        ("who are the admins?", "move jdoe NUMBER"),
    ],
)
def test_a_wish_is_answered_with_what_an_admin_types(bot: Bot, typed: str, command: str) -> None:
    said = said_to(bot, typed)
    assert f"with /ext-admin {command}." in said
    assert f"Ask <@{ADMIN}>." in said


def test_who_wants_any_other_number_hears_how_to_ask_for_one_from_here(bot: Bot) -> None:
    assert "from here: /ext request 7999" in said_to(bot, "new number please")
    assert "/ext request" not in said_to(bot, "give jane smith a new number")


@pytest.mark.parametrize("typed", ["give zzyzx 7777", "swap jane smith and zzyzx", "fix zzyzx to 7777"])
def test_a_wish_about_nobody_is_no_command(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("I can't find anybody called “zzyzx”.")


@pytest.mark.parametrize(
    "typed",
    [
        "my name is wrong",
        "change my name to Jane Roe",
        "jane smith changed her last name",
        "my last name changed",
        "please update jane smith's team to claims",
    ],
)
def test_another_name_is_connects_to_give(bot: Bot, typed: str) -> None:
    said = said_to(bot, typed)
    assert said.startswith("Names and teams come from Amazon Connect:")
    assert "/ext-admin" not in said


@pytest.mark.parametrize(
    "typed", ["his number", "that's the wrong person", "this is not working", "are you a bot", "..."]
)
def test_what_is_about_nobody_gets_help(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith(HELP)


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ("sync now", "/ext-sync"),
        ("status", "/ext-admin status"),
        ("help desk", ""),
        ("muller", ""),
    ],
)
def test_a_word_that_is_a_command_elsewhere_leads_there(bot: Bot, typed: str, command: str) -> None:
    meant = f" Did you mean {command}?" if command else ""
    assert said_to(bot, typed).startswith(f"I can't find anybody called “{typed}”.{meant}\n")


@pytest.mark.parametrize(
    ("typed", "file"), [("list as excel", "xlsx"), ("send me the directory in csv", "csv")]
)
def test_the_list_comes_in_the_form_that_was_asked_for(bot: Bot, typed: str, file: str) -> None:
    assert f"Here is the directory as {file}." in said_to(bot, typed)


@pytest.mark.parametrize(
    "typed", ["jane's", "what about jane's?", "wrong jane", "not that jane", "our jane", "or jane?"]
)
def test_a_name_that_several_have_is_a_list_whatever_hangs_on_it(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("2 people match “jane”:")


@pytest.mark.parametrize("typed", ["did alba davis leave?", "alba davis's old number"])
def test_somebody_who_left_is_found_in_a_question(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("Alba Davis left; 7700 is held")


@pytest.mark.parametrize(
    "typed", ["tell ada long rob's number", "zzyzx (cc Ada Long)", "ada long is asking for rob"]
)
def test_somebody_beside_the_one_asked_for_is_never_the_sure_answer(bot: Bot, typed: str) -> None:
    assert "Ada Long is on" not in said_to(bot, typed)


def test_a_possessive_is_no_initial_of_whom_an_admin_moves(bot: Bot) -> None:
    assert "Which of these do you mean?" in bot.says("move jane's 7777", ADMIN, command="/ext-admin")
    assert bot.jobs == []


@pytest.mark.parametrize(
    "typed",
    [
        "jane from accounting",
        "the other jane",
        "customer asking for jane asap",
        "jane with the red hair",
        "why is jane offline",
        "jane keeps ringing",
        "share jane's locker number",
        "jane's boss",
        "jane moved?",
    ],
)
def test_the_one_name_in_a_sentence_is_a_guess(bot: Bot, typed: str) -> None:
    said = said_to(bot, typed)
    assert said.startswith("Did you mean one of these?")
    assert numbers_in(said) == ["7001", "7002"]


@pytest.mark.parametrize("typed", ["Emma O'Sullivan is on lunch?", "tell emma o’sullivan I'm late"])
def test_a_full_name_with_an_apostrophe_is_found_inside_a_text(bot: Bot, typed: str) -> None:
    assert said_to(bot, typed).startswith("Emma O'Sullivan is on 7014")


def test_whose_number_is_wanted_goes_before_who_wants_it(bot: Bot) -> None:
    assert said_to(bot, "ada long wants rob's number").startswith("Did you mean Robert Stone?")


@pytest.mark.parametrize(
    ("typed", "lines"),
    [
        ("jane: 7003?", ["“jane”: 2 people match, see /ext jane", "7003 Robert Stone"]),
        ("ada at 7003", ["7004 Ada Long", "7003 Robert Stone"]),
        ("ada long 7003", ["7004 Ada Long", "7003 Robert Stone"]),
        ("is 7777 robert?", ["7003 Robert Stone", "7777 is free"]),
    ],
)
def test_a_number_beside_a_name_that_has_another_is_answered_too(
    bot: Bot, typed: str, lines: list[str]
) -> None:
    said = said_to(bot, typed).splitlines()
    assert [line.startswith(wanted) for line, wanted in zip(said, lines, strict=True)] == [True, True]


def test_a_number_goes_before_people_who_may_be_meant_by_a_word_beside_it(bot: Bot) -> None:
    assert said_to(bot, "is 7003 still jane?").startswith("7003 is Robert Stone")


@pytest.mark.parametrize("typed", ["7001 jane?", "jane: 7001?", "Jane Doe = 7001"])
def test_a_number_beside_the_name_that_has_it_is_one_answer(bot: Bot, typed: str) -> None:
    assert len(said_to(bot, typed).splitlines()) == 2
    assert "Jane Doe" in said_to(bot, typed).splitlines()[0]


def test_many_people_called_like_a_number_are_told_once_each() -> None:
    rooms = [Assigned(f"02{at:02}", f"id-{at}", f"r{at}", name=f"Room 7 {at:02}") for at in range(40)]
    with running(*rooms) as bot:
        told = bot.says("#7").splitlines()
        assert told[0].startswith("0200 Room 7 00")
        assert len({*told}) == len(told) == MOST_SHOWN + 1


def test_a_number_is_none_of_ours_where_there_is_only_one() -> None:
    with running(PEOPLE[0], policy=Policy(ExtensionRange.parse("7001-7001"))) as bot:
        assert "7002 is not one of our numbers" in bot.says("7002")


def test_my_is_a_name_where_somebody_is_called_so(bot: Bot) -> None:
    assert said_to(bot, "my").startswith("My Nguyen is on 7006")
