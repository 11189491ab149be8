"""`/ext forward` and `/ext-admin forward`: whose calls go to whom, and until when."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from bot.messages.button_values import AgentRef
from core.models import Assigned, iso, parse_iso
from core.numbering.orders import EndForward, Forward
from tests.bot.slack import requests
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, buttons, running
from tests.bot.slack.recorder import ADMIN, JANE

BOBS = "U0BOB"
KIM, KIM_TO = (
    Assigned(f"030{at}", f"id-{word}", word, name=name)
    for at, (word, name) in enumerate((("kim", "Kim"), ("kimto", "Kim To")))
)
BINH, TO_BINH = (
    Assigned(f"031{at}", f"id-{word}", word, name=name)
    for at, (word, name) in enumerate((("binh", "Binh"), ("tobinh", "To Binh")))
)


@pytest.fixture
def bot() -> Iterator[Bot]:
    with running(JANE_DOE, BOB, *MARIAS) as running_bot:
        # Bob's username in Connect is his email: that is who he is. Jane says so herself.
        running_bot.slack.profiles[BOBS] = {"email": BOB.username, "real_name": "Bob"}
        running_bot.links.agents[JANE] = JANE_DOE.agent_id
        yield running_bot


def order(bot: Bot) -> object:
    (job,) = bot.jobs
    return job.order


@pytest.mark.parametrize(
    "words", ["forward jane doe", "forward to jdoe", "Forward my calls to Jane", "forward 42"]
)
def test_my_calls_go_to_a_colleague_until_an_end(bot: Bot, words: str) -> None:
    assert bot.says(f"{words} for 2 hours", BOBS).startswith("Forwarding the calls.")
    made = order(bot)
    assert isinstance(made, Forward)
    assert (made.agent, made.other) == ("id-bob", "id-jane")
    assert timedelta(minutes=119) < parse_iso(made.until) - datetime.now(UTC) <= timedelta(hours=2)


def test_my_forward_is_ended(bot: Bot) -> None:
    assert bot.says("forward off", BOBS).startswith("Ending the forward.")
    assert order(bot) == EndForward("id-bob")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("forward", "Say to whom your calls go, and until when: /ext forward NAME until friday"),
        ("forward jane doe", "Say until when: /ext forward jane doe until friday"),
        ("forward jane doe until the cows come home", "I can't read “until the cows come home” as an end."),
        ("forward maria rossi until friday", "Which one: Maria Rossi (mrossi"),
        ("forward xyzzy until friday", "I can't find anybody called xyzzy."),
        ("forward xyzzy to jane doe until friday", "Which one: Jane Doe (jdoe)?"),
        ("forward the new number of jane doe until friday", "Which one: Jane Doe (jdoe)?"),
    ],
)
def test_what_is_missing_is_asked_for_and_nothing_is_done(bot: Bot, words: str, said: str) -> None:
    assert said in bot.says(words, BOBS)
    assert bot.jobs == []


def test_what_to_type_instead_leads_nobodys_calls_away(bot: Bot) -> None:
    said = bot.says("forward maria rossi until friday", BOBS)
    assert "/ext forward USERNAME until friday" in said
    assert "/ext forward mrossi" not in said


def test_of_two_readings_of_an_admin_neither_is_done(bot: Bot) -> None:
    for person in (KIM, KIM_TO, BINH, TO_BINH):
        bot.reader.rows[person.extension] = person
    said = bot.says("forward kim to to binh until friday", ADMIN, command="/ext-admin")
    assert "may mean several people" in said
    assert bot.jobs == []
    bot.says("forward kimto to jdoe until friday", ADMIN, command="/ext-admin")
    assert bot.jobs[-1].order.agent == KIM_TO.agent_id  # type: ignore[union-attr]


def test_nobody_leads_calls_away_on_their_own_word(bot: Bot) -> None:
    assert "by your own word only" in bot.says("forward bob@example.com until friday", JANE)
    assert "I don't know your number" in bot.says("forward jdoe until friday", "U0ELSE")
    assert bot.jobs == []


def test_an_admin_forwards_for_somebody_and_ends_it(bot: Bot) -> None:
    bot.says("forward jane doe to bob@example.com until friday", ADMIN, command="/ext-admin")
    bot.says("forward jane doe off", ADMIN, command="/ext-admin")
    made, ended = (job.order for job in bot.jobs)
    assert isinstance(made, Forward)
    assert (made.agent, made.other, ended) == ("id-jane", "id-bob", EndForward("id-jane"))


def test_nobody_but_an_admin_forwards_for_somebody(bot: Bot) -> None:
    bot.says("forward jane doe to bob@example.com until friday", BOBS, command="/ext-admin")
    assert bot.jobs == []


def test_answers_say_where_calls_go(bot: Bot) -> None:
    until = iso(datetime.now(UTC) + timedelta(days=1))
    bot.reader.rows["0042"] = replace(JANE_DOE, calls_go_to="Bob Lee", calls_go_until=until)
    assert "· calls go to Bob Lee until " in bot.says("jane doe", BOBS)


def test_my_number_has_a_button_that_takes_my_calls_back(bot: Bot) -> None:
    assert "Forward my calls" in buttons(bot.ext("me", BOBS))
    until = iso(datetime.now(UTC) + timedelta(days=1))
    bot.reader.rows["0043"] = replace(BOB, calls_go_to="Jane Doe", calls_go_until=until)
    button = buttons(bot.ext("me", BOBS))["Take my calls back"]
    bot.press(button["action_id"], user=BOBS)
    assert order(bot) == EndForward("id-bob")


def fill(bot: Bot, picked: object, until: str, user: str = BOBS, url: str = "") -> dict[str, Any]:
    """Send the form; Slack's answer."""
    values = {
        "person": {"pick": {"type": "external_select", "selected_option": picked}},
        "until": {"until": {"type": "plain_text_input", "value": until}},
    }
    view = {"id": "V1", "type": "modal", "callback_id": "forward_form", "private_metadata": url}
    sent = requests.interaction("view_submission", user, view=view | {"state": {"values": values}})
    body = bot.send(sent)["body"]
    answer: dict[str, Any] = json.loads(body) if body else {}
    return answer


JANES = {"value": AgentRef.of(JANE_DOE).write()}


@pytest.mark.parametrize("home", [True, False])
def test_the_button_opens_a_form_that_forwards_my_calls(bot: Bot, home: bool) -> None:
    button = buttons(bot.ext("me", BOBS))["Forward my calls"]
    bot.press(button["action_id"], user=BOBS, home=home, trigger_id="1")
    view = bot.slack.sent("views.open")[-1]["view"]
    url = "" if home else bot.slack.response_url
    assert (view["callback_id"], view["private_metadata"]) == ("forward_form", url)
    said = fill(bot, JANES, "2 hours", url=url)
    assert ("The result will stand on the Home tab." in str(said)) is home
    made = order(bot)
    assert isinstance(made, Forward)
    assert (made.agent, made.other, bot.jobs[0].place) == ("id-bob", "id-jane", "home" if home else "")


@pytest.mark.parametrize(
    "until", ["2 hours", "for 2 hours", "friday", "until friday", "tomorrow noon", "5 pm"]
)
def test_the_forms_end_is_read_as_the_commands_is(bot: Bot, until: str) -> None:
    fill(bot, JANES, until)
    made = order(bot)
    assert isinstance(made, Forward)
    assert datetime.now(UTC) < parse_iso(made.until) < datetime.now(UTC) + timedelta(days=8)


@pytest.mark.parametrize(
    ("picked", "until", "user", "field"),
    [
        (JANES, "the cows come home", BOBS, "until"),
        (JANES, "", BOBS, "until"),
        (None, "friday", BOBS, "person"),
        ({"value": "x:0090"}, "friday", BOBS, "person"),
        (JANES, "friday", JANE, "person"),
        (JANES, "friday", "U0ELSE", "person"),
    ],
)
def test_what_the_form_lacks_is_said_in_its_field(
    bot: Bot, picked: object, until: str, user: str, field: str
) -> None:
    said = fill(bot, picked, until, user)
    assert (said["response_action"], [*said["errors"]]) == ("errors", [field])
    assert bot.jobs == []


def test_home_takes_my_calls_back_and_then_shows_it(bot: Bot) -> None:
    until = iso(datetime.now(UTC) + timedelta(days=1))
    bot.reader.rows["0043"] = replace(BOB, calls_go_to="Jane Doe", calls_go_until=until)
    bot.press("take_back", user=BOBS, home=True)
    assert (order(bot), bot.jobs[0].place) == (EndForward("id-bob"), "home")


@pytest.mark.parametrize(("command", "user"), [("/ext", BOBS), ("/ext-admin", ADMIN)])
def test_help_says_how_to_forward_and_its_example_leads_nobodys_calls_away(
    bot: Bot, command: str, user: str
) -> None:
    bot.press("more_help", command, user)
    said = bot.slack.sent("response")[-1]["text"]
    (example,) = re.findall(r"(forward NAME.* until friday)", said)
    bot.says(example, user, command=command)
    assert bot.jobs == []
