from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console as Terminal

from bot.app import ROUTES
from core.calling.answer import answer as function_answer
from sandbox.aws.account import CALL, SLACK, SUMMARY, SYNC
from sandbox.aws.lambda_stand_in import Handler
from sandbox.aws.sample_people import people
from sandbox.slack.signed_payloads import CHANNEL_ID, Member
from sandbox.terminal.commands import ADMIN, AUTHOR_SHORTCUT, FINDER_SHORTCUT
from sandbox.terminal.console import open_sandbox
from sandbox.terminal.mrkdwn import emoji
from sandbox.terminal.tour import TOUR
from tests.sandbox.desk import Desk, form_of, payload_of
from tests.sandbox.scene import BUTTON, MODAL

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def desk() -> Desk:
    return Desk()


def actions(*texts: str, **more: Any) -> dict[str, Any]:
    buttons = [
        {**BUTTON, "action_id": text, "text": {"type": "plain_text", "text": text}, **more} for text in texts
    ]
    return {"type": "actions", "elements": buttons}


def test_quit_ends_the_session(desk: Desk) -> None:
    assert desk.commands.onecmd("quit")


def test_who_types_is_an_admin_first_and_then_whoever_is_named(desk: Desk) -> None:
    assert desk.commands.prompt == "admin> "
    assert "You are Jane Doe now (jdoe in Connect, no admin)." in desk.types("as jane")
    assert desk.commands.prompt == "jane> "
    desk.types("/ext me")
    assert form_of(desk.asked[-1][1])["user_name"] == "jdoe"
    desk.types("as admin")
    desk.types("/ext me")
    assert form_of(desk.asked[-1][1])["user_id"] == ADMIN.id
    assert "Nobody in Connect is called nobody." in desk.types("as nobody")


def test_a_number_presses_its_button(desk: Desk) -> None:
    desk.shows(actions("one", "two"))
    assert "[1] one  [2] two" in desk.types("/ext jane")
    desk.types("2")
    assert payload_of(desk.asked[-1][1])["actions"][0]["action_id"] == "two"


def test_numbers_stay_until_others_are_shown(desk: Desk) -> None:
    desk.shows(actions("one"))
    desk.types("/ext jane")
    desk.types("/ext john")
    desk.types("1")
    assert payload_of(desk.asked[-1][1])["actions"][0]["action_id"] == "one"
    desk.shows(actions("other"))
    desk.types("/ext")
    desk.types("1")
    assert payload_of(desk.asked[-1][1])["actions"][0]["action_id"] == "other"


def test_a_number_that_is_nowhere_says_how_to_ask_for_one(desk: Desk) -> None:
    assert desk.types("42") == "Nothing has the number 42 now. To ask who is on 42: /ext 42"
    assert desk.asked == []


def test_a_button_with_a_confirmation_asks_first(desk: Desk) -> None:
    words = {name: {"type": "plain_text", "text": name} for name in ("title", "text", "confirm", "deny")}
    desk.shows(actions("approve", confirm=words))
    desk.types("/ext-sync")
    assert "[1] confirm  [2] deny" in desk.types("1")
    assert len(desk.asked) == 1
    assert desk.types("2") == "Not done."
    desk.types("1")
    assert payload_of(desk.asked[-1][1])["actions"][0]["action_id"] == "approve"


def test_a_button_with_an_address_shows_it_whole_and_tells_the_bot(desk: Desk) -> None:
    url = "http://127.0.0.1:1/" + "x" * 200
    desk.shows(actions("open", url=url))
    desk.types("/ext directory")
    assert url in desk.types("1").splitlines()
    assert payload_of(desk.asked[-1][1])["actions"][0]["action_id"] == "open"


def test_find_opens_the_finder_types_into_it_and_lists_the_options(desk: Desk) -> None:
    desk.opens(MODAL)
    shown = desk.types("find jane")
    assert "modal: Find" in shown
    assert "] Jane Doe" in shown
    opening, typing = (payload_of(event) for _, event in desk.asked)
    assert opening["callback_id"] == FINDER_SHORTCUT
    assert (typing["type"], typing["value"]) == ("block_suggestion", "jane")


def test_a_number_and_words_type_into_a_field(desk: Desk) -> None:
    desk.opens(MODAL)
    assert "[1] ‹" in desk.types("finder")
    assert "[1] Jane Doe" in desk.types("1 jane")
    desk.opens(MODAL)
    desk.types("finder")
    assert desk.types("1").startswith("That is a field. Type the number and then what goes into it")


def test_find_opens_another_finder_when_the_last_one_is_closed(desk: Desk) -> None:
    desk.opens(MODAL)
    desk.types("find jane")
    desk.types("as jane")
    desk.opens(MODAL)
    assert "modal: Find" in desk.types("find john")
    assert payload_of(desk.asked[-1][1])["value"] == "john"


def test_the_message_shortcut_is_used_on_what_somebody_wrote(desk: Desk) -> None:
    desk.types("author jsmith")
    payload = payload_of(desk.asked[-1][1])
    assert payload["callback_id"] == AUTHOR_SHORTCUT
    assert payload["message"]["user"] == Member.of(desk.connect.find("jsmith")).id


def test_life_goes_on_in_connect(desk: Desk) -> None:
    assert "as alovelace" in desk.types("join Ada Lovelace")
    assert desk.connect.find("alovelace").last_name == "Lovelace"
    assert [(name, len(event["Records"])) for name, event in desk.asked] == [(SYNC, 1)]
    desk.types("rename ada lovelace to Ada King")
    assert desk.connect.find("alovelace").last_name == "King"
    desk.types("status alovelace lunch")
    assert desk.connect.find("alovelace").status == "Lunch"
    assert (
        desk.types("leave ADA king") == "Ada King (alovelace) has left Connect. /ext-sync holds the number."
    )
    with pytest.raises(LookupError):
        desk.connect.find("alovelace")


def test_names_are_found_without_their_accents(desk: Desk) -> None:
    assert desk.types("leave soren holm").startswith("Søren Holm (sholm) has left")


def test_of_two_people_with_one_name_neither_leaves(desk: Desk) -> None:
    before = len(desk.connect.people)
    assert "mrossi), Maria Rossi (mrossi2)" in desk.types("leave maria rossi")
    assert desk.types("leave nobody") == "Nobody in Connect is called nobody."
    assert len(desk.connect.people) == before


def test_many_leave_at_once(desk: Desk) -> None:
    assert desk.types("leave 20") == "20 people have left Connect, all at once. Try /ext-sync."
    assert [person.username for person in desk.connect.people] == [person.username for person in people(10)]


def test_a_summary_that_is_not_posted_says_why(desk: Desk) -> None:
    desk.answers[SUMMARY] = {"posted": False, "reason": "Today's summary is posted already."}
    assert desk.types("summary") == "Today's summary is posted already."


def test_a_function_that_raises_is_one_line_and_the_session_goes_on(desk: Desk) -> None:
    def broken(event: Any) -> Any:
        raise LookupError("it broke")

    desk.answers |= {SUMMARY: broken, SLACK: broken}
    assert desk.types("summary") == "The function extensions-summary failed: LookupError: it broke"
    assert desk.types("/ext jane") == "The bot failed: LookupError: it broke"


@pytest.mark.parametrize("line", ["leave 0", "leave 9999"])
def test_no_more_people_leave_than_there_are_and_at_least_one(desk: Desk, line: str) -> None:
    assert desk.types(line) == "30 people are in Connect: so many can leave at most, and one at least."
    assert len(desk.connect.people) == 30


def test_a_status_that_connect_does_not_have_is_refused_and_the_ones_it_has_are_named(desk: Desk) -> None:
    said = desk.types("status jdoe dancing")
    assert said.startswith("Connect has no status dancing here, only: Available, Busy, Lunch,")
    assert desk.connect.find("jdoe").status == "Available"


@pytest.mark.parametrize("line", ["days 0", "days 9999"])
def test_days_that_can_not_pass_are_refused(desk: Desk, line: str) -> None:
    assert desk.types(line) == "From 1 to 400 days can pass at once."
    assert desk.days == []


def test_days_bring_syncs_and_summaries(desk: Desk) -> None:
    desk.answers |= {SYNC: {"released": 1}, SUMMARY: {"posted": True}}
    shown = desk.types("days 1")
    assert "the hourly sync: 1 released" in shown
    assert "the summary: posted" in shown
    assert [name for name, _ in desk.asked] == [SYNC, SYNC, SUMMARY]


def test_nobody_answers_the_question_below_somebody_elses_button(desk: Desk) -> None:
    asks = {
        "title": BUTTON["text"],
        "text": BUTTON["text"],
        "confirm": BUTTON["text"],
        "deny": BUTTON["text"],
    }
    desk.shows(actions("one", confirm=asks))
    desk.types("/ext jane")
    desk.types("as jane")
    assert desk.types("1") == "Only Alex Admin sees that."
    desk.types("as admin")
    assert "Slack asks" in desk.types("1")
    desk.types("as jane")
    assert desk.types("2") == "Only Alex Admin sees that."


def test_older_buttons_can_be_reached_again(desk: Desk) -> None:
    for text in ("one", "two"):
        desk.shows(actions(text))
        desk.types(f"/ext {text}")
    assert "[1] one" in desk.types("back")
    desk.types("1")
    assert payload_of(desk.asked[-1][1])["actions"][0]["action_id"] == "one"
    assert desk.types("back 9") == "There are 1 older messages with buttons that you see."


def test_a_reply_goes_into_the_thread_of_the_last_message(desk: Desk) -> None:
    posted = desk.workspace.post_message({"channel": ADMIN.id, "text": "Good morning."})
    desk.types("reply who is on 7000?")
    said = json.loads(desk.asked[-1][1]["body"])["event"]
    assert (said["thread_ts"], said["text"]) == (posted["ts"], "who is on 7000?")
    assert "do not work in threads" in desk.types("reply /ext jane")


def test_in_a_channel_the_bot_hears_only_the_replies_that_mention_it(desk: Desk) -> None:
    posted = desk.workspace.post_message({"channel": CHANNEL_ID, "text": "Good morning."})
    assert desk.types("reply who is on 7000?").startswith("In a channel the bot hears only what mentions it")
    assert desk.asked == []
    desk.types("reply @bot who is on 7000?")
    said = json.loads(desk.asked[-1][1]["body"])["event"]
    assert (said["type"], said["thread_ts"]) == ("app_mention", posted["ts"])


def test_what_answers_a_command_has_no_thread(desk: Desk) -> None:
    desk.shows(actions("one"))
    desk.types("/ext jane")
    assert desk.types("reply thanks").startswith("There is no message that has a thread")


def test_the_tour_types_by_itself_and_waits_two_minutes_for_a_reader(desk: Desk) -> None:
    desk.answers |= {SUMMARY: {"posted": True}, CALL: lambda _: function_answer("7228")}
    shown = desk.types("demo")
    assert all(line in shown for _, line in TOUR)
    assert "Nobody in Connect is called" not in shown
    assert 100 <= sum(desk.pauses) <= 130


def test_help_says_where_the_log_is(desk: Desk) -> None:
    assert "/tmp/functions.log" in desk.types("help")


# The bot itself


def test_the_shortcuts_are_those_of_the_app() -> None:
    assert {route.name for route in ROUTES if route.kind == "shortcut"} >= {FINDER_SHORTCUT, AUTHOR_SHORTCUT}


def test_every_emoji_of_the_bots_messages_is_known_here() -> None:
    sources = [path.read_text() for path in (ROOT / "bot/messages").glob("*.py")]
    used = {name for source in sources for name in re.findall(r"[\"' {]:([a-z0-9_+-]+): ", source)}
    assert used
    assert [name for name in used if emoji(f":{name}:").isascii()] == []


def sandbox(lines: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """A whole session by pipe, in an environment that points at somebody's real account."""
    own = {"AWS_PROFILE": "production", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9", "COLUMNS": "60"}
    return subprocess.run(
        [sys.executable, "-m", "bot", "sandbox"],
        input=lines,
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, **own, **environ},
        text=True,
        errors="surrogateescape",
        timeout=120,
        check=False,
    )


def number_of(name: str, printed: str) -> str:
    found = re.search(rf"{name} is on (\d{{4}})", printed)
    assert found, printed
    return found[1]


def sample() -> list[str]:
    """The lines of the session that README.md begins with."""
    session = (ROOT / "README.md").read_text().split("```")[1]
    return [words(line) for line in session.splitlines() if line]


def words(printed: str) -> str:
    """The words of some lines, however they are broken."""
    return " ".join(printed.replace("│", " ").split())


def test_a_piped_session_gives_numbers_keeps_them_tells_people_and_exits_with_0() -> None:
    changes = "leave jsmith\nrename jdoe to Jane Roe\n/ext-sync\n/ext jane roe\n"
    events = "join Ada Lovelace\ncall 7228\nhang up\nquit\n"
    done = sandbox(f"/ext-sync\n/ext jane doe\n@bot who is on 7226?\n{changes}{events}")
    assert (done.returncode, done.stderr) == (0, "")
    first, second = done.stdout.split("admin> leave jsmith")
    assert "500 assigned" in first
    assert number_of("Jane Doe", first) == number_of("Jane Roe", second)
    assert "1 released" in second
    assert [line for line in sample() if line not in words(done.stdout)] == []
    assert re.search(r"direct message to Ada Lovelace\n.*Your extension is 75\d\d", second)
    assert re.search(r"direct message to Jane Doe\n.*You missed a call at .* from \+442079460123", second)
    assert "Traceback" not in done.stdout
    assert '"level"' not in done.stdout
    assert "\x1b" not in done.stdout


def test_a_session_ends_well_with_its_input_whatever_that_is() -> None:
    done = sandbox("/ext\udcff\n\n" + "x" * 3000 + "\n/nonsense\nhlep\n99")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_directory_link_opens_while_the_sandbox_runs(patient_functions: dict[str, Handler]) -> None:
    out = io.StringIO()
    with open_sandbox(Terminal(file=out, width=45), patient_functions, 30, lambda _: None) as commands:
        commands.onecmd("/ext-sync")
        link = next(line for line in out.getvalue().splitlines() if line.startswith("http://127.0.0.1:"))
        with urllib.request.urlopen(link) as page:
            assert page.headers["Content-Type"].startswith("text/html")
            assert "Jane Doe" in page.read().decode()
