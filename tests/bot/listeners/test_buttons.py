"""The buttons below answers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from msgspec.structs import replace

from core.models import Assigned
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, buttons, menus, running
from tests.bot.slack.recorder import JANE, STRANGER


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS) as running_bot:
        yield running_bot


def told(bot: Bot) -> dict[str, Any]:
    """The newest answer by `response_url`."""
    return bot.slack.sent("response")[-1]


def value(message: dict[str, Any], button: str) -> str:
    return str(buttons(message)[button]["value"])


def test_next_and_previous_turn_the_pages_in_place(bot: Bot) -> None:
    first = bot.ext("maria")
    assert [*buttons(first)] == ["Next"]
    assert bot.press("next", value(first, "Next"))["statusCode"] == 200
    second = told(bot)
    assert second["replace_original"] is True
    assert "6 to 10 of 12." in second["text"]
    bot.press("next", value(second, "Next"))
    assert "11 to 12 of 12." in told(bot)["text"]
    assert [*buttons(told(bot))] == ["Previous"]
    bot.press("previous", value(second, "Previous"))
    assert told(bot)["text"] == first["text"]


def test_a_page_that_is_gone_shows_the_last_one_there_is(bot: Bot) -> None:
    bot.reader.rows = {row.extension: row for row in MARIAS[:6]}
    bot.press("next", "2:maria")
    assert "\n6 of 6." in told(bot)["text"]


@pytest.mark.parametrize("garbage", ["", "maria", "x:maria", "-1:maria", "²:maria", "999999:maria"])
def test_a_page_that_is_none_is_said_to_be_outdated(bot: Bot, garbage: str) -> None:
    assert bot.press("next", garbage)["statusCode"] == 200
    assert "older version" in told(bot)["text"]


def test_sharing_posts_the_answer_openly_with_who_shared_it(bot: Bot) -> None:
    bot.press("share", value(bot.ext("jdoe"), "Share in channel"))
    assert (told(bot)["response_type"], told(bot)["replace_original"]) == ("in_channel", False)
    assert told(bot)["text"] == f"Jane Doe is on 0042\nShared by <@{JANE}>"


def test_what_is_shared_is_the_number_of_that_moment(bot: Bot) -> None:
    share = value(bot.ext("jdoe"), "Share in channel")
    bot.reader.rows = {"0077": replace(JANE_DOE, extension="0077", name="Jane Roe")}
    bot.press("share", share)
    assert told(bot)["text"].startswith("Jane Roe is on 0077")


def test_somebody_without_a_number_by_now_is_not_shared(bot: Bot) -> None:
    share = value(bot.ext("jdoe"), "Share in channel")
    bot.reader.rows = {"0042": replace(BOB, extension="0042")}
    bot.press("share", share)
    assert told(bot)["response_type"] == "ephemeral"
    assert "no extension any more" in told(bot)["text"]


def choose(bot: Bot, value: str, **more: Any) -> int:
    """Choose an option of a row's menu, below an answer to a command unless `more` says otherwise."""
    chosen = {"type": "overflow", "action_id": "menu", "selected_option": {"value": value}}
    return int(bot.press("menu", actions=[chosen], **more)["statusCode"])


def test_each_row_of_a_list_has_its_own_menu(bot: Bot) -> None:
    rows = menus(bot.ext("maria"))
    assert [[*row] for row in rows] == [["Show", "Share in channel"]] * 5
    assert rows[1]["Show"] == "show a:id-maria-1"
    assert len(menus(bot.ext("jane and bob and 0100"))) == 3


def test_a_row_shows_its_person_beside_the_list(bot: Bot) -> None:
    bot.connect.statuses["id-maria-1"] = "Available"
    choose(bot, menus(bot.ext("maria"))[1]["Show"])
    assert told(bot)["text"] == "Maria Rossi is on 0101 · available now\nmrossi1 · Team 1"
    assert (told(bot)["response_type"], told(bot)["replace_original"]) == ("ephemeral", False)
    assert [*buttons(told(bot))] == ["Share in channel"]


def test_a_row_is_shared_as_an_answer_is(bot: Bot) -> None:
    choose(bot, menus(bot.ext("maria"))[1]["Share in channel"])
    assert told(bot)["response_type"] == "in_channel"
    assert told(bot)["text"] == f"Maria Rossi is on 0101\nShared by <@{JANE}>"


@pytest.mark.parametrize("garbage", ["", "show", "show ", "show b:x", "dial a:id-jane x" * 50])
def test_a_menu_of_no_version_is_answered_and_does_nothing(bot: Bot, garbage: str) -> None:
    assert choose(bot, garbage) == 200
    assert "older version" in told(bot)["text"]


def direct(bot: Bot, text: str) -> dict[str, Any]:
    """The answer to a direct message."""
    bot.send(requests.direct(text, JANE))
    return bot.slack.sent("chat.postMessage")[-1]


IN_A_DIRECT_MESSAGE: dict[str, Any] = {"container": {"type": "message", "is_ephemeral": False}}


def test_a_row_of_a_direct_answer_shows_its_person_as_a_message_like_the_others(bot: Bot) -> None:
    choose(bot, menus(direct(bot, "maria"))[1]["Show"], **IN_A_DIRECT_MESSAGE)
    assert told(bot)["response_type"] == "in_channel"
    assert [*buttons(told(bot))] == ["Share"]


def submit_share(bot: Bot, view: dict[str, Any], *urls: str) -> dict[str, Any]:
    """Press Share in the window that asks where; `urls` lead to what was picked."""
    answers = [{"block_id": "conversation", "channel_id": "C0X", "response_url": url} for url in urls]
    sent = requests.interaction("view_submission", JANE, view=view, response_urls=answers)
    body = bot.send(sent)["body"]
    return json.loads(body) if body else {}


@pytest.mark.parametrize("control", ["button", "menu"])
def test_a_direct_answer_asks_where_to_share_and_is_posted_there(bot: Bot, control: str) -> None:
    if control == "button":
        ref = value(direct(bot, "jdoe"), "Share")
        bot.press("share", ref, **IN_A_DIRECT_MESSAGE)
    else:
        choose(bot, "share a:id-jane", **IN_A_DIRECT_MESSAGE)
    (opened,) = bot.slack.sent("views.open")
    assert opened["view"]["blocks"][1]["element"]["response_url_enabled"] is True
    bot.reader.rows = {"0077": replace(JANE_DOE, extension="0077")}
    assert submit_share(bot, opened["view"], bot.slack.response_url) == {}
    assert told(bot)["response_type"] == "in_channel"
    assert told(bot)["text"] == f"Jane Doe is on 0077\nShared by <@{JANE}>"


def test_a_share_of_somebody_who_left_or_to_nowhere_is_told_in_the_window(bot: Bot) -> None:
    bot.press("share", "a:id-jane", **IN_A_DIRECT_MESSAGE)
    view = bot.slack.sent("views.open")[0]["view"]
    assert submit_share(bot, view)["errors"] == {"conversation": "Pick a channel or a person."}
    bot.reader.rows = {}
    assert "no extension any more" in str(submit_share(bot, view, bot.slack.response_url)["view"])
    assert bot.slack.sent("response") == []


def test_what_a_window_shows_is_shared_from_a_window_on_top(bot: Bot) -> None:
    view = {"id": "V1", "type": "modal", "callback_id": "finder"}
    bot.press("share", "a:id-jane", home=True, view=view)
    assert bot.slack.sent("views.push")[0]["view"]["callback_id"] == "share_in"


def test_thats_me_stands_only_where_somebody_is_told_that_they_are_unknown(bot: Bot) -> None:
    bot.slack.profiles[STRANGER] = {"email": "x@y.example", "real_name": "Jane Doe"}
    assert [*buttons(bot.ext("jdoe", STRANGER))] == ["Share in channel"]
    assert [*buttons(bot.ext("me", STRANGER))] == ["Find myself", "That's me"]
    bot.links.agents[STRANGER] = "id-jane"
    assert [*buttons(bot.ext("me", STRANGER))] == ["Share in channel", "That's not me"]


def test_thats_me_asks_first(bot: Bot) -> None:
    bot.slack.profiles[STRANGER] = {"email": "x@y.example", "real_name": "Jane Doe"}
    asked = buttons(bot.ext("me", STRANGER))["That's me"]["confirm"]
    assert asked["text"]["text"].startswith("You are *Jane Doe* in Amazon Connect?")


def test_a_verified_match_can_not_be_overridden(bot: Bot) -> None:
    bot.slack.profiles[JANE] = {"email": "jane.doe@example.com", "real_name": "Jane Doe"}
    bot.connect.emails["id-jane"] = "jane.doe@example.com"
    bot.press("link", "a:id-bob", JANE)
    assert told(bot)["text"].startswith("You are Jane Doe, on 0042. Nothing has changed.")
    assert bot.links.agents == {}
    assert bot.says("me", JANE).startswith("Your number is 0042, Jane Doe.")


@pytest.mark.parametrize(("agent", "email"), [("jane", "jane.doe@example.com"), ("bob", "bob@example.com")])
def test_an_agent_with_the_email_of_another_member_can_not_be_claimed(
    bot: Bot, agent: str, email: str
) -> None:
    bot.connect.emails["id-jane"] = "jane.doe@example.com"
    bot.slack.members[email] = {"id": "U0OWNER", "is_email_confirmed": True}
    bot.press("link", f"a:id-{agent}", STRANGER)
    assert told(bot)["text"].startswith("<@U0OWNER> is ")
    assert "already. Nothing has changed." in told(bot)["text"]
    assert bot.links.agents == {}


def test_where_no_emails_may_be_looked_for_a_word_is_enough(bot: Bot) -> None:
    bot.slack.failing["users.lookupByEmail"] = "missing_scope"
    bot.press("link", "a:id-bob", STRANGER)
    assert bot.links.agents == {STRANGER: "id-bob"}


def test_two_members_are_not_one_agent_and_both_are_told_once(bot: Bot) -> None:
    bot.links.agents["U0FIRST"] = "id-jane"
    for _ in range(2):
        bot.press("link", "a:id-jane", STRANGER)
        assert told(bot)["text"].startswith("<@U0FIRST> has said to be Jane Doe. Nothing has changed.")
    assert bot.links.agents == {"U0FIRST": "id-jane"}
    (news,) = bot.slack.sent("chat.postMessage")
    assert news["channel"] == "U0FIRST"
    assert news["text"].startswith(f"<@{STRANGER}> says to be Jane Doe in Amazon Connect, and so do you.")
    assert "That's not me" in buttons(news)


@pytest.mark.parametrize("first", ["who left Slack", "who is another agent by email"])
def test_an_earlier_word_that_counts_no_more_stands_in_nobodys_way(bot: Bot, first: str) -> None:
    bot.links.agents["U0FIRST"] = "id-jane"
    if first == "who left Slack":
        bot.slack.users["U0FIRST"] = {"deleted": True}
    else:
        bot.slack.profiles["U0FIRST"] = {"email": "bob@example.com", "real_name": "Bob"}
    bot.press("link", "a:id-jane", STRANGER)
    assert bot.links.agents == {STRANGER: "id-jane"}


@pytest.mark.parametrize("speaks", [True, False])
def test_who_says_to_be_the_agent_at_the_same_moment_is_found(
    bot: Bot, monkeypatch: pytest.MonkeyPatch, speaks: bool
) -> None:
    link = bot.links.link

    def beside(member_id: str, agent_id: str, instead_of: Sequence[str] = ()) -> bool:
        """Another one was faster, once."""
        monkeypatch.setattr(bot.links, "link", link)
        return link("U0FIRST", agent_id) and link(member_id, agent_id, instead_of)

    if not speaks:
        bot.slack.users["U0FIRST"] = {"deleted": True}
    monkeypatch.setattr(bot.links, "link", beside)
    bot.press("link", "a:id-jane", STRANGER)
    assert bot.links.agents == ({"U0FIRST": "id-jane"} if speaks else {STRANGER: "id-jane"})
    said = "<@U0FIRST> has said to be Jane Doe." if speaks else "Noted: you are Jane Doe"
    assert told(bot)["text"].startswith(said)


def test_thats_me_links_until_it_is_undone(bot: Bot) -> None:
    bot.press("link", "a:id-jane", STRANGER)
    assert told(bot)["text"].startswith("Noted: you are Jane Doe, on 0042.")
    assert bot.says("me", STRANGER).startswith("Your number is 0042, Jane Doe.")
    bot.press("unlink", "", STRANGER)
    assert "I don't know which agent you are" in bot.says("me", STRANGER)


def test_undoing_a_link_on_the_home_tab_shows_there(bot: Bot) -> None:
    bot.links.agents[STRANGER] = "id-jane"
    bot.press("unlink", "", STRANGER, home=True)
    assert "I don't know your number." in str(bot.slack.sent("views.publish")[0]["view"])


def test_a_link_is_offered_to_be_undone_beside_ones_own_number(bot: Bot) -> None:
    bot.links.agents[STRANGER] = "id-jane"
    assert "That's not me" in buttons(bot.ext("me", STRANGER))


def test_a_link_is_the_word_of_one_member_about_themselves(bot: Bot) -> None:
    bot.press("link", "a:id-jane", STRANGER)
    assert bot.links.agents == {STRANGER: "id-jane"}
    assert "I don't know which agent you are" in bot.says("me", JANE)


def test_a_link_to_an_agent_who_left_is_as_if_it_were_not_there(bot: Bot) -> None:
    bot.links.agents[STRANGER] = "id-gone"
    assert "I don't know which agent you are" in bot.says("me", STRANGER)


def test_nobody_becomes_an_agent_that_does_not_exist(bot: Bot) -> None:
    bot.press("link", "a:id-nobody", STRANGER)
    assert bot.links.agents == {}
    assert "no extension any more" in told(bot)["text"]


def test_nobody_becomes_an_agent_without_a_connect_user_id(bot: Bot) -> None:
    bot.reader.rows["0090"] = Assigned("0090", "", "older")
    bot.press("link", "x:0090", STRANGER)
    assert bot.links.agents == {}
    assert "no extension any more" in told(bot)["text"]


@pytest.mark.parametrize("garbage", ["", "a:", "b:id-jane", "a:" + "x" * 2000, "x:", "x:99999", "x:0043\n"])
@pytest.mark.parametrize("button", ["link", "share"])
def test_a_button_about_nobody_is_answered_and_does_nothing(bot: Bot, button: str, garbage: str) -> None:
    assert bot.press(button, garbage)["statusCode"] == 200
    assert told(bot)["response_type"] == "ephemeral"
    assert bot.links.agents == {}


def test_the_directory_button_gives_each_presser_a_fresh_link_alone(bot: Bot) -> None:
    urls = []
    for user in (JANE, STRANGER):
        bot.press("directory", user=user)
        assert told(bot)["response_type"] == "ephemeral"
        urls.append(buttons(told(bot))["Open the directory"]["url"])
    assert urls[0] != urls[1]


def test_the_directory_button_of_the_home_tab_answers_in_a_window(bot: Bot) -> None:
    bot.press("directory", home=True)
    (opened,) = bot.slack.sent("views.open")
    assert "Open the directory" in buttons(opened["view"])


def test_following_a_link_is_acknowledged_and_nothing_more(bot: Bot) -> None:
    assert bot.press("open_directory")["statusCode"] == 200
    assert bot.slack.sent("response") == []


def test_a_button_that_no_version_knows_any_more_says_so(bot: Bot) -> None:
    bot.press("dial", "0042")
    assert "older version" in told(bot)["text"]


def test_an_error_below_a_button_is_told_beside_it(bot: Bot) -> None:
    share = value(bot.ext("jdoe"), "Share in channel")
    bot.reader.broken = "The table 'table' (EXTENSIONS_TABLE) does not exist."
    assert bot.press("share", share)["statusCode"] == 200
    assert "EXTENSIONS_TABLE" in told(bot)["text"]
    assert told(bot)["replace_original"] is False


def test_an_error_on_the_home_tab_is_told_in_a_window(bot: Bot) -> None:
    bot.exports.broken = "The bucket 'bucket' (EXPORT_BUCKET) does not exist."
    bot.press("directory", home=True)
    assert "EXPORT_BUCKET" in str(bot.slack.sent("views.open")[0]["view"])


def test_when_not_even_the_error_can_be_told_slack_hears_a_5xx(bot: Bot) -> None:
    bot.slack.failing["response"] = 404
    assert bot.press("directory")["statusCode"] == 503


@pytest.mark.parametrize("action", ["next", "share", "link", "unlink", "directory"])
@pytest.mark.parametrize("where", ["container", "message"])
def test_the_answer_to_a_button_in_a_thread_stays_in_the_thread(bot: Bot, action: str, where: str) -> None:
    at: dict[str, Any] = {"container": {"type": "message", "is_ephemeral": True}, "message": {}}
    at[where]["thread_ts"] = "9.9"
    bot.press(action, "1:maria" if action == "next" else "a:id-jane", **at)
    assert told(bot)["thread_ts"] == "9.9"


def test_the_answer_to_a_button_outside_threads_opens_none(bot: Bot) -> None:
    bot.press("directory")
    assert "thread_ts" not in told(bot)
