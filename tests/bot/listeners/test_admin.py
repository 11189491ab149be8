"""`/ext-admin`: single numbers, by name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.jobs import Job, Task
from core.models import Assigned
from tests.bot.slack.bot import BOB, JANE_DOE, MARIAS, Bot, running
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
    assert bot.jobs == [Job(Task.RESERVE, ADMIN, url, extension="0050", note="front desk & co")]


def test_a_number_is_put_back(bot: Bot) -> None:
    assert admin(bot, "unreserve 0050").startswith("Putting 0050 back into the pool.")
    assert bot.jobs == [Job(Task.UNRESERVE, ADMIN, bot.slack.response_url, extension="0050")]


@pytest.mark.parametrize("who", ["jdoe", "Jane Doe", "jane", "0042"])
def test_an_agent_is_moved_by_name(bot: Bot, who: str) -> None:
    assert admin(bot, f"move {who} 50").startswith("Moving them to 0050.")
    assert bot.jobs == [Job(Task.MOVE, ADMIN, bot.slack.response_url, agent="id-jane", extension="0050")]


def test_a_member_is_moved_as_the_agent_with_their_email(bot: Bot) -> None:
    bot.slack.profiles["U0BOB"] = {"email": "bob@example.com", "real_name": "Bob"}
    admin(bot, "move <@U0BOB|bob> 0050")
    assert [job.agent for job in bot.jobs] == ["id-bob"]


def test_a_member_is_not_moved_by_their_own_word(bot: Bot) -> None:
    """Or else somebody who links themselves to Jane would have Jane moved."""
    bot.links.agents["U0BOB"] = "id-jane"
    assert "Jane Doe by their own word only" in admin(bot, "move <@U0BOB|bob> 0050")
    assert bot.jobs == []


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
        ("swap jdoe nobody", "Who changes numbers with whom?"),
        ("unreserve", "Which number?"),
        ("move", "Who moves, and to which number?"),
        ("move jdoe", "Who moves, and to which number?"),
        ("reserve 1000 x", "1000 is not one of our numbers. They run from 0000-0999."),
        ("reserve desk", "desk is not one of our numbers."),
        ("move jdoe &lt;!channel&gt;", "is not one of our numbers."),
        ("move 0042 jdoe", "jdoe is not one of our numbers."),
        ("resreve 42", "Did you mean /ext-admin reserve?"),
        ("delete 42", "I don't know /ext-admin delete."),
        ("", "/ext-admin move jdoe 0042"),
        ("help", "/ext-admin move jdoe 0042"),
        ("x" * 3000, "I don't know /ext-admin xxx"),
        ("reserve 0050 " + "x" * 2900, "Reserving 0050."),
    ],
)
def test_what_is_typed_wrongly_gets_a_sentence(bot: Bot, typed: str, said: str) -> None:
    assert said in admin(bot, typed)


@pytest.mark.parametrize("typed", ["reserve 0050", "unreserve 0050", "move jdoe 0050", "help", ""])
def test_who_is_no_admin_gets_a_polite_no_and_nothing_happens(bot: Bot, typed: str) -> None:
    assert admin(bot, typed, JANE).startswith("Only admins")
    assert bot.jobs == []


@pytest.mark.parametrize(
    "typed",
    ["swap jdoe bob@example.com", "swap jane doe and robert stone", "swap Robert Stone with jdoe"],
)
def test_two_agents_who_are_named_exactly_are_swapped(bot: Bot, typed: str) -> None:
    assert "Swapping their numbers." in admin(bot, typed)
    (job,) = bot.jobs
    assert (job.task, {job.agent, job.other}) == (Task.SWAP, {"id-jane", "id-bob"})


def test_a_hold_is_ended_by_its_number(bot: Bot) -> None:
    assert "Ending the hold of 0050." in admin(bot, "free 0050")
    (job,) = bot.jobs
    assert (job.task, job.extension) == (Task.FREE, "0050")
