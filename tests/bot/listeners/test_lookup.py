"""`/ext`: what people type and what they read."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from msgspec.structs import replace

from core.models import Agent, Assigned, ExtensionRange, Free, Held, Policy, Reserved
from core.numbering.orders import StartSync
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, BOT_USER, JANE, STRANGER


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS) as running_bot:
        running_bot.slack.profiles |= {
            JANE: {"email": "jane.doe@example.com", "real_name": "Jane Doe"},
            STRANGER: {"email": "maria@elsewhere.example", "real_name": "Maria Rossi"},
            "U0BOB": {"email": "Bob@Example.com", "real_name": "Bob Stone"},
        }
        running_bot.connect.emails["id-jane"] = "jane.doe@example.com"
        yield running_bot


@pytest.mark.parametrize("typed", ["jane", "jane doe", "jdoe", "JANE", "what is Jane's extension?"])
def test_one_person_is_answered_with_their_number(bot: Bot, typed: str) -> None:
    assert bot.says(typed) == "Jane Doe is on 0042 · availability unknown\njdoe · Sales"


@pytest.mark.parametrize("typed", ["<!subteam^S0SALES>", "who is free in <!subteam^S0SALES>?"])
def test_a_user_group_that_comes_without_its_name_is_named_by_slack(bot: Bot, typed: str) -> None:
    bot.slack.group_names["S0SALES"] = "Sales"
    assert "Jane Doe" in bot.says(typed)
    bot.send(requests.mention(f"<@{BOT_USER}> {typed}", JANE))
    assert "Jane Doe" in bot.slack.sent("chat.postMessage")[-1]["text"]
    assert len(bot.slack.sent("usergroups.list")) == 1


@pytest.mark.parametrize(
    "typed", ["<#C0SALES|>", "who is free in <#C0SALES|>?", "<!subteam^S0>", "who is in <!subteam^S0>"]
)
@pytest.mark.parametrize("failing", ["", "missing_scope usergroups:read"])
def test_a_group_or_channel_that_nothing_names_is_said_to_be_unknown(
    bot: Bot, typed: str, failing: str
) -> None:
    bot.slack.failing |= {"usergroups.list": failing} if failing else {}
    assert bot.says(typed).startswith("I don't see the name of that user group or channel.")
    bot.send(requests.direct(typed, JANE))
    assert "I don't see the name" in bot.slack.sent("chat.postMessage")[-1]["text"]


@pytest.mark.parametrize("typed", ["forward <!subteam^S0> until friday", "request 0777 for <#C0SALES|>"])
def test_what_is_wished_names_every_group_and_channel_in_it(bot: Bot, typed: str) -> None:
    assert bot.says(typed).startswith("I don't see the name of that user group or channel.")
    assert bot.jobs == []


CLAIMS = Reserved("0100", "all claims", queue_arn="arn:queue", queue_name="Claims Team")
OF_CLAIMS = "0100 is the number of the team Claims Team (all claims): calls go to its queue."


@pytest.mark.parametrize(
    "typed",
    ["claims", "Claims Team", "claims?", "who is on 0100?", "100", "0100", "what is the number of claims?"],
)
def test_a_team_is_found_by_its_name_and_by_its_number(bot: Bot, typed: str) -> None:
    bot.reader.rows["0100"] = CLAIMS
    assert bot.says(typed) == OF_CLAIMS
    bot.reader.rows["0100"] = Reserved("0100", "kept")  # the policy has no such team any more
    assert "Claims" not in bot.says("0100")
    assert "calls go to its queue" not in bot.says("claims")


def test_a_team_that_people_are_in_is_shown_with_its_number(bot: Bot) -> None:
    bot.reader.rows["0100"] = replace(CLAIMS, queue_name="Sales", note="Sales")
    said = bot.says("sales")
    assert said.startswith("0100 is the number of the team Sales: calls go to its queue.")
    assert "Jane Doe" in said
    assert "0100 is the number of the team Sales" in bot.says("sales and bob")


def test_a_person_with_the_name_of_a_team_is_shown_beside_it(bot: Bot) -> None:
    bot.reader.rows["0100"] = replace(CLAIMS, queue_name="Jane")
    said = bot.says("jane")
    assert "0100 is the number of the team Jane" in said
    assert "0042 Jane Doe" in said


def test_a_guest_is_told_the_number_of_a_team_and_not_its_people(bot: Bot) -> None:
    bot.reader.rows["0100"] = replace(CLAIMS, queue_name="Team 3", note="Team 3")
    bot.slack.users["U0GUEST"] = {"is_restricted": True}
    bot.reader.rows |= {
        each: replace(row, team="Team 3")
        for each, row in bot.reader.rows.items()
        if isinstance(row, Assigned)
    }
    assert bot.says("team 3", "U0GUEST") == "0100 is the number of the team Team 3: calls go to its queue."


def test_a_channel_beside_a_name_hides_nobody(bot: Bot) -> None:
    assert bot.says("who is jane in <#C0SALES|>").startswith("Jane Doe is on 0042")


@pytest.mark.parametrize("typed", ["42", "0042", "who is on 0042?"])
def test_a_number_is_answered_with_who_has_it(bot: Bot, typed: str) -> None:
    assert bot.says(typed) == "0042 is Jane Doe · availability unknown\njdoe · Sales"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("Available", "available now"),
        ("Lunch", "not available now (Lunch)"),
        ("On a call", "on a call"),
        ("Chatting", "busy with other contacts"),
        ("Offline", "not signed in"),
    ],
)
def test_beside_the_number_is_whether_a_call_would_reach_them(bot: Bot, status: str, said: str) -> None:
    bot.connect.statuses["id-jane"] = status
    assert said in bot.says("jane")
    assert said in bot.says("42")


def test_a_status_that_did_not_come_in_time_is_said_to_be_unknown_and_asked_for_again(bot: Bot) -> None:
    assert "Jane Doe is on 0042 · availability unknown" in bot.says("jane")
    bot.connect.statuses["id-jane"] = "Available"
    assert "Jane Doe is on 0042 · available now" in bot.says("jane")


def test_a_status_is_asked_for_once_for_all_who_ask_at_about_the_same_time(bot: Bot) -> None:
    bot.connect.statuses["id-jane"] = "Lunch"
    said = {bot.says("jane", user) for user in (JANE, STRANGER, "U0BOB") for _ in range(5)}
    assert said == {"Jane Doe is on 0042 · not available now (Lunch)\njdoe · Sales"}
    assert bot.connect.asked == ["availability"]


def test_everybody_on_a_page_is_said_to_be_available_or_not_after_one_request(bot: Bot) -> None:
    bot.connect.statuses |= {"id-maria-0": "Available", "id-maria-1": "Lunch"}
    said = bot.says("maria").splitlines()
    assert [line.rpartition(" · ")[2] for line in said[1:4]] == [
        "available now",
        "not available now (Lunch)",
        "availability unknown",
    ]
    assert bot.connect.asked == ["availability"]


def test_several_at_once_are_said_to_be_available_or_not_after_one_request(bot: Bot) -> None:
    bot.connect.statuses |= {"id-jane": "Available", "id-bob": "Lunch"}
    said = bot.says("jane and 0043")
    assert "0042 Jane Doe · jdoe · Sales · available now" in said
    assert "0043 Robert Stone · bob@example.com · not available now (Lunch)" in said
    assert bot.connect.asked == ["availability"]


def test_a_list_of_thirty_costs_one_request_for_availability_and_its_pages_within_seconds_none() -> None:
    marias = [replace(MARIAS[0], extension=f"02{at}", agent_id=f"id-{at}") for at in range(10, 40)]
    with running(*marias) as bot:
        bot.connect.statuses |= {each.agent_id: "Lunch" for each in marias}
        first = bot.ext("maria")
        more = next(value for text, value in buttons(first).items() if text.startswith("Next"))
        bot.press(more["action_id"], more["value"])
        assert bot.slack.sent("response")[-1]["text"].count("not available now (Lunch)") == 5
        assert bot.says("0210 and 0239").count("(Lunch)") == 2
        assert bot.connect.asked == ["availability"]


MEMBERS = [f"U0CREW{at}" for at in range(10)]


@pytest.fixture
def crew() -> Iterator[Bot]:
    """Ten members who are agents of another username than their email."""
    agents = [
        replace(BOB, extension=f"02{at:02}", agent_id=f"id-{at}", username=f"u{at}", name=f"Crew {at}")
        for at in range(10)
    ]
    with running(*agents) as running_bot:
        for at, member in enumerate(MEMBERS):
            running_bot.slack.profiles[member] = {"email": f"{at}@x.org", "real_name": f"Crew {at}"}
            running_bot.connect.statuses[f"id-{at}"] = "Lunch"
        running_bot.says("nobody in particular")
        running_bot.reader.asked.clear()
        yield running_bot


def all_mentioned(bot: Bot) -> str:
    return bot.says(" ".join(f"<@{member}>" for member in MEMBERS))


def test_ten_people_mentioned_at_once_are_one_read_and_one_request_for_availability(crew: Bot) -> None:
    crew.connect.emails |= {f"id-{at}": f"{at}@x.org" for at in range(10)}
    assert all_mentioned(crew).count("(Lunch)") == 10
    assert (crew.reader.asked, crew.links.asked) == (["read_consistent"], 0)
    crew.connect.asked.clear()
    crew.reader.asked.clear()
    all_mentioned(crew)
    assert (crew.reader.asked, crew.connect.asked) == (["read_consistent"], [])


def test_ten_people_who_linked_themselves_are_one_read_more(crew: Bot) -> None:
    crew.links.agents |= {member: f"id-{at}" for at, member in enumerate(MEMBERS)}
    assert all_mentioned(crew).count("by their own word") == 10
    assert (crew.reader.asked, crew.links.asked) == (["read_consistent"], 1)
    crew.connect.asked.clear()
    all_mentioned(crew)
    assert crew.connect.asked == []


def test_of_ten_mentioned_one_whose_number_has_just_changed_is_on_the_new_one(crew: Bot) -> None:
    crew.links.agents |= {member: f"id-{at}" for at, member in enumerate(MEMBERS)}
    moved = crew.reader.rows.pop("0203")
    assert isinstance(moved, Assigned)
    crew.reader.rows["0303"] = replace(moved, extension="0303")
    assert "0303 Crew 3" in all_mentioned(crew)


def test_ten_names_and_ten_numbers_are_two_reads_each(crew: Bot) -> None:
    assert crew.says(" and ".join(f"crew {at}" for at in range(10))).count("(Lunch)") == 10
    assert crew.reader.asked == ["read_consistent"] * 2
    assert crew.says(", ".join(f"02{at:02}" for at in range(10))).count("(Lunch)") == 10
    assert crew.reader.asked == ["read_consistent"] * 4


def test_a_warm_lookup_makes_one_request_and_one_more_when_the_status_is_not_known(bot: Bot) -> None:
    bot.says("jane")
    bot.reader.asked.clear()
    bot.connect.asked.clear()
    bot.says("jane")
    assert (bot.reader.asked, bot.connect.asked) == (["read_consistent"], ["availability"])


def test_a_warm_question_for_my_own_number_makes_one_request_beside_the_link(bot: Bot) -> None:
    bot.says("me")
    bot.reader.asked.clear()
    bot.connect.asked.clear()
    bot.says("me")
    assert (bot.reader.asked, bot.connect.asked) == (["read_consistent"], [])


def test_the_number_is_the_one_of_this_moment(bot: Bot) -> None:
    bot.says("jane")
    bot.reader.rows = {"0077": replace(JANE_DOE, extension="0077")}
    assert "0077" in bot.says("jane")


def test_several_people_are_listed_with_what_tells_them_apart(bot: Bot) -> None:
    said = bot.says("maria")
    assert said.startswith("12 people match “maria”:")
    assert "0100 Maria Rossi · mrossi0 · Team 0" in said
    assert "1 to 5 of 12." in said


def test_a_guess_says_that_it_is_one(bot: Bot) -> None:
    assert bot.says("jnae doe").startswith("Did you mean Jane Doe? That's 0042.")


def test_nobody_near_says_so_and_what_to_try(bot: Bot) -> None:
    said = bot.says("qqqqqq")
    assert "I can't find anybody called “qqqqqq”." in said
    assert "/ext jdoe" in said


@pytest.mark.parametrize("typed", ["", "me", "  "])
def test_my_own_number_is_found_by_my_email_in_connect(bot: Bot, typed: str) -> None:
    assert bot.says(typed).startswith("Your number is 0042, Jane Doe.")


def test_my_own_number_is_found_by_a_username_that_is_my_email(bot: Bot) -> None:
    assert bot.says("me", "U0BOB").startswith("Your number is 0043, Robert Stone.")


def test_somebody_with_my_name_is_never_me(bot: Bot) -> None:
    said = bot.ext("me", STRANGER)
    assert "I don't know which agent you are" in said["text"]
    assert "Your number" not in said["text"]
    assert "That's me" in buttons(said)


def test_without_a_profile_i_am_nobody(bot: Bot) -> None:
    assert "I don't know which agent you are" in bot.says("me", "U0NEW")


def test_an_email_that_nobody_confirmed_is_nobodys(bot: Bot) -> None:
    assert "Your number" in bot.says("me", JANE)
    bot.slack.profiles["U0NEW"] = bot.slack.profiles[JANE]
    bot.slack.users["U0NEW"] = {"is_email_confirmed": False}
    said = bot.says("me", "U0NEW")
    assert ("Your number" in said, "I don't know which agent you are" in said) == (False, True)


def test_a_member_that_slack_does_not_know_is_nobody(bot: Bot) -> None:
    bot.slack.failing["users.info"] = "user_not_found"
    assert "I can't tell which agent that is" in bot.says("<@U0GONE>")


@pytest.mark.parametrize("typed", [f"<@{JANE}>", f"<@{JANE}|jane>"])
def test_a_member_is_found_as_they_would_find_themselves(bot: Bot, typed: str) -> None:
    assert bot.says(typed, "U0BOB").startswith("Jane Doe is on 0042")


def test_a_member_whose_email_no_agent_has_is_not_guessed(bot: Bot) -> None:
    said = bot.says(f"<@{STRANGER}>")
    assert said.startswith("I can't tell which agent that is")
    assert "These have a similar name:\n0100 Maria Rossi" in said


def test_numbers_that_nobody_has_say_why(bot: Bot) -> None:
    bot.reader.rows |= {
        "0050": Held("0050", "2999-01-31T00:00:00Z", "2026-11-01T00:00:00Z", username="mdoe", name="Max Doe"),
        "0051": Held("0051", "2020-01-31T00:00:00Z", "2020-01-01T00:00:00Z", username="mdoe"),
        "0052": Reserved("0052", "front <desk> & co"),
        "0053": Free("0053"),
    }
    assert bot.says("50") == "0050 is held until Jan 31, 2999: it was the number of Max Doe."
    assert bot.says("51") == "0051 is free: nobody has it."
    assert bot.says("52") == "0052 is reserved: front &lt;desk&gt; &amp; co"
    assert bot.says("53") == "0053 is free: nobody has it."


@pytest.mark.parametrize("typed", ["1000", "99999"])
def test_a_number_that_is_none_of_ours_says_which_are(bot: Bot, typed: str) -> None:
    assert bot.says(typed) == f"{typed} is not one of our numbers. They run from 0000 to 0999."


def test_the_directory_is_a_fresh_link_each_time(bot: Bot) -> None:
    first, second = bot.ext("directory"), bot.ext("directory")
    assert buttons(first)["Open the directory"]["url"] != buttons(second)["Open the directory"]["url"]
    assert "works for 15 minutes" in first["text"]
    assert "It may stop working earlier." in first["text"]
    assert "https://bucket.example/directory" in first["text"]


def test_hints_name_people_and_numbers_of_the_house(bot: Bot) -> None:
    bot.reader.rows = {"0777": replace(BOB, extension="0777", username="rstone")}
    assert "/ext robert stone" in bot.says("help")
    assert "/ext robert stone or /ext rstone" in more_help(bot)
    assert "/ext @robert" in more_help(bot)
    assert "“what is Robert's extension?”" in bot.says("help")
    assert "/ext robert, /ext rstone, /ext 0777" in bot.says("qqqqqq")
    assert "as in /ext robert stone" in bot.says("<@U0GONE>")
    assert "/ext 0777" in bot.says("x", command="/ext-snyc")


def test_hints_in_an_empty_house_name_a_number_of_the_pool() -> None:
    with running(policy=Policy(ExtensionRange.parse("7000-7999"))) as empty:
        assert "/ext 7000" in empty.says("help")


def test_help_needs_no_table(bot: Bot) -> None:
    bot.reader.broken = "The table is gone."
    assert "/ext 0000" in bot.says("help")


def more_help(bot: Bot, command: str = "/ext") -> str:
    """The text behind the button of the short help."""
    bot.press("more_help", buttons(bot.ext("help", ADMIN, command=command))["More"]["value"])
    return str(bot.slack.sent("response")[-1]["text"])


def test_help_names_every_way_to_ask_behind_its_button(bot: Bot) -> None:
    ways = ("/ext jane doe", "/ext 0042", "/ext me", "/ext directory", "/ext forget me", "/ext-sync")
    assert all(word in more_help(bot) for word in ways)
    assert all(verb in more_help(bot, "/ext-admin") for verb in ("unreserve", "free NUMBER", "forward NAME"))


@pytest.mark.parametrize("command", ["/ext", "/ext-sync", "/ext-admin"])
def test_help_is_eight_lines_on_a_phone(bot: Bot, command: str) -> None:
    said = re.sub(r":[a-z_]+:|[*`]", "", bot.says("help", ADMIN, command=command))
    assert sum(-(-len(line) // 42) for line in said.splitlines()) <= 8


@pytest.mark.parametrize("typed", ["directory pdf", "directory xls", "list docx", "export html"])
def test_a_form_that_the_directory_does_not_have_gets_those_it_has(bot: Bot, typed: str) -> None:
    assert "/ext directory csv, xlsx, json or vcard" in bot.says(typed)


@pytest.mark.parametrize(
    "typed", ["my request", "cancel my request", "withdraw the request", "meine anfrage"]
)
def test_who_asks_about_a_request_reads_what_becomes_of_it(bot: Bot, typed: str) -> None:
    assert bot.says(typed).startswith("A request for a number waits up to 7 days for the admins.")


@pytest.mark.parametrize("typed", ["who's available right now", "who is on lunch", "is anybody free?"])
def test_who_asks_for_anybody_who_is_available_reads_how_to_ask_of_a_team(bot: Bot, typed: str) -> None:
    bot.reader.rows["0042"] = replace(JANE_DOE, team="Claims")
    assert "/ext who is free in Claims" in bot.says(typed)


@pytest.mark.parametrize(("typed", "meant"), [("hlep", "/ext help"), ("directry", "/ext directory")])
def test_a_mistyped_word_gets_the_nearest_command(bot: Bot, typed: str, meant: str) -> None:
    assert f"Did you mean {meant}?" in bot.says(typed)


def test_a_command_that_is_none_of_ours_gets_the_nearest(bot: Bot) -> None:
    assert "Did you mean /ext-sync?" in bot.says("", command="/ext-snyc")


@pytest.mark.parametrize("typed", ["x" * 3000, "jane " * 600, "<" * 3000])
def test_three_thousand_characters_get_a_clear_answer(bot: Bot, typed: str) -> None:
    assert "too long for a name" in bot.says(typed)


@pytest.mark.parametrize("typed", ["<!channel>", "&lt;!channel&gt;", "&amp;&amp;", "*_~`", "<@>", "\u0000"])
def test_text_that_means_something_to_slack_is_only_text(bot: Bot, typed: str) -> None:
    assert bot.says(typed)


@pytest.mark.parametrize("name", ["<!channel>", "Tom & Jerry", "<@U1>", "*bold* `code`", "a" * 300, "@here"])
def test_a_name_is_shown_and_never_obeyed(bot: Bot, name: str) -> None:
    bot.reader.rows = {"0042": replace(JANE_DOE, name=name, team=name)}
    assert "is on 0042" in bot.says("jdoe")


def test_a_table_that_is_missing_is_named_with_a_reference(bot: Bot) -> None:
    bot.reader.broken = "The table 'table' (EXTENSIONS_TABLE) does not exist."
    said = bot.says("jane")
    assert "EXTENSIONS_TABLE" in said
    assert "again in a minute" not in said
    assert "give the people who run this bot the reference" in said
    assert "Reference: " in said


def test_words_that_say_to_try_again_say_it_once(bot: Bot) -> None:
    bot.reader.broken = (
        "The table 'table' is not answering properly (ThrottlingException). Try again in a minute."
    )
    assert bot.says("jane").count("Try again in a minute.") == 1


def test_a_bucket_that_is_missing_is_named(bot: Bot) -> None:
    bot.exports.broken = "The bucket 'bucket' (EXPORT_BUCKET) does not exist."
    assert "EXPORT_BUCKET" in bot.says("directory")


def test_slack_failing_on_the_way_is_said(bot: Bot) -> None:
    bot.slack.failing["users.info"] = "invalid_auth"
    assert "Slack did not do what I asked of it (invalid_auth)." in bot.says("me")


def test_a_rate_limit_says_how_long_to_wait(bot: Bot) -> None:
    bot.slack.failing["users.info"], bot.slack.retry_after = 429, 30
    assert "Slack asks me to slow down for 30 seconds." in bot.says("me")


def test_the_bots_own_mention_is_no_name(bot: Bot) -> None:
    assert BOT_USER not in bot.says(f"<@{BOT_USER}>")


def test_notices_are_turned_off_and_on_by_a_command() -> None:
    with running(JANE_DOE) as bot:
        assert "No more messages" in bot.says("quiet")
        assert JANE in bot.links.quiet
        assert "again" in bot.says("Quiet  off")
        assert JANE not in bot.links.quiet


def test_forget_me_removes_what_is_kept_of_the_asker_and_of_nobody_else(bot: Bot) -> None:
    for user, agent in ((JANE, "id-jane"), (STRANGER, "id-bob")):
        bot.links.link(user, agent)
        bot.links.set_notices(user, wanted=False)
    assert "I have forgotten your link" in bot.says("forget  Me")
    assert (bot.links.agents, bot.links.quiet) == ({STRANGER: "id-bob"}, {STRANGER})
    assert "I had nothing to forget" in bot.says("forget me")


def test_who_has_no_number_yet_reads_when_it_comes(bot: Bot) -> None:
    assert "the next sync, within the hour, gives you a number" in str(bot.ext("me", STRANGER))
    assert bot.jobs == []


def test_with_the_events_on_asking_for_ones_number_starts_one_sync_and_says_so() -> None:
    with running(JANE_DOE, user_events=True) as bot:
        assert "a sync has just started" in str(bot.ext("me", STRANGER))
        assert "a sync has just started" in str(bot.ext("me", "U0OTHER"))
        assert [job.order for job in bot.jobs] == [StartSync()]


@pytest.mark.parametrize(("typed", "user"), [("me", "U0NEW"), ("nora new", JANE)])
def test_with_the_events_on_asking_for_somebody_whom_no_sync_has_met_starts_one(
    typed: str, user: str
) -> None:
    with running(JANE_DOE, user_events=True) as bot:
        bot.slack.profiles["U0NEW"] = {"email": "nora@example.com", "real_name": "Nora"}
        bot.connect.agents = [Agent("id-nora", "nora@example.com", name="Nora New")]
        assert "A sync has just started, and gives one. Ask again in a minute." in str(bot.ext(typed, user))
        assert [job.order for job in bot.jobs] == [StartSync()]


def test_a_sync_that_could_not_be_started_is_not_promised() -> None:
    with running(JANE_DOE, user_events=True) as bot:
        bot.sync_is_gone = "The function is not there."
        assert "within the hour" in str(bot.ext("me", STRANGER))


@pytest.mark.guarantee(11)
@pytest.mark.parametrize(
    "asked",
    ["jdoe", "jane doe", "42", "jane", "jame doe", "jdoe, bob@example.com", "who is on 42", "I want 42"],
)
def test_who_waits_for_the_release_is_not_said_as_there(bot: Bot, asked: str) -> None:
    bot.connect.statuses["id-jane"] = "Available"
    bot.reader.rows["0042"] = replace(JANE_DOE, release_waits=True)
    said = bot.says(asked, STRANGER)
    assert "not in Amazon Connect any more; the release waits for an admin" in said
    assert "available now" not in said
