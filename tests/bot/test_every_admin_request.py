"""Every command and button of the admins, and requests for a number, on the real core: by somebody who is no
admin, by an admin, delivered again, asked for again, and with facts that move before it is carried out.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, cast
from unittest.mock import ANY

import pytest

from bot.app import ROUTES
from bot.config import Settings
from bot.jobs import Job, JobServices, run_job
from bot.messages import admin_form, answer_pages, leaver_choice, request_text
from bot.messages.admin_answers import ORDER
from bot.messages.button_values import Choice, PageRef, write
from bot.messages.home_tab import SYNC_NOW
from bot.messages.request_text import NumberRequest
from bot.messages.sync_report import APPLY, APPROVE
from core.aws.small_rows import DynamoClaims, DynamoRunRecords
from core.aws.table import Table
from core.models import Held, iso
from core.numbering.admin import Admin
from core.numbering.orders import Free, Move, Order, Reserve, Swap, Undo, Unreserve
from core.numbering.sync import Sync
from core.status import read_status
from tests.bot.fakes import FakeExports
from tests.bot.slack import requests
from tests.bot.slack.bot import Bot
from tests.bot.slack.recorder import ADMIN, JANE, RecordingSlack
from tests.core.builders import agent, policy
from tests.core.fakes import FakeConnect, Site, ending
from tests.core.invariants import Numbers, check_one_each
from tests.core.oracle import alike
from tests.stand_ins.dynamodb import TABLE
from tests.stand_ins.expressions import Item

Json = dict[str, Any]
# A request of somebody, the nth that is alike.
Sent = Callable[[str, int], Json]


class Current(FakeExports):
    """An export that is always current: writing one takes long, and other tests do."""

    def exported_version(self) -> str:
        return cast("str", ANY)


@dataclass(repr=False)
class RunningBot(Bot):
    """The app, whose jobs run at once. `meanwhile` happens before a job does."""

    job_services: JobServices | None = None
    meanwhile: Callable[[], object] = int

    def _start(self, job: Job) -> None:
        super()._start(job)
        self.meanwhile()
        assert self.job_services
        run_job(job, self.job_services)


@dataclass
class Desk:
    """An installation whose people and numbers are those of `settled` before each case."""

    slack: RecordingSlack
    site: Site
    bot: RunningBot
    items: list[Item] = field(default_factory=list)

    def settled(self) -> None:
        """ann has 00, bob 01; cem left 02, which is held; dot, eve and fay wait; gus has no number yet."""
        site = self.site
        site.connect.join(*map(agent, ("ann", "bob", "cem", "dot", "eve", "fay")))
        site.run()
        site.connect.leave("id-cem")
        site.clock.advance(minutes=1)
        site.run()
        site.connect.leave("id-dot", "id-eve", "id-fay")
        site.connect.join(agent("gus"))
        site.admin().do(Reserve("08, 09", "fax"), "U1")
        self.bot.records.keep_waiting(self.approval, site.run(dry_run=True).withheld)
        self.items = site.table.items

    @property
    def approval(self) -> str:
        return self.site.run(dry_run=True).approval

    def restore(self) -> None:
        for item in self.site.table.items:
            self.site.table.remove(item["pk"]["S"], item["sk"]["S"])
        self.site.table.seed(self.items)
        self.site.connect.leave("id-hal", "id-dot", "id-eve")
        self.bot.jobs.clear()
        self.bot.meanwhile = int
        self.slack.calls.clear()

    def admin(self) -> Admin:
        return self.site.admin()

    def ending(self, order: Reserve | Free) -> Reserve | Free:
        return ending(self.site, order)

    def send(self, request: Json) -> str:
        """All that is said in answer to a request."""
        self.site.clock.advance(seconds=1)
        start = len(self.slack.calls)
        body: str = self.bot.send(request)["body"]
        return body + str([call.fields for call in self.slack.calls[start:]])

    def hold(self, extension: str) -> Held:
        (state,) = self.site.reader().read_consistent([extension]).states
        assert isinstance(state, Held)
        return state


@pytest.fixture(scope="module")
def desk() -> Iterator[Desk]:
    rules = policy("00-29", max_release_count=2)
    site = Site(FakeConnect(), rules)
    site.clock.now = datetime.now(UTC).replace(microsecond=0)
    table = Table(site.table.client(), TABLE)
    claims, records = DynamoClaims(table, site.clock), DynamoRunRecords(table, site.clock)
    with RecordingSlack() as slack:
        settings = Settings(
            "instance",
            "table",
            "bucket",
            slack_api_url=slack.url,
            admin_users=frozenset({ADMIN}),
            summary_channel="C0OPS",
            policy=rules,
        )
        bot = RunningBot(slack, settings, site.reader(), claims=claims, records=records)  # type: ignore[arg-type]
        found = Desk(slack, site, bot)
        bot.job_services = JobServices(
            lambda: Sync(site.connect, site.writer(), Current(), rules, site.clock, most_awaited=0),
            lambda run_id: Admin(
                site.writer(), rules, site.clock, run_id, site.reader().history, wait=lambda _: None
            ),
            Current(),
            claims,
            site.clock,
            len,
            records,
            site.reader().history,
            lambda *_: None,
            lambda: read_status(site.reader(), records, rules, site.clock.now),
            slack.url,
        )
        bot.links.agents[JANE] = "id-ann"
        found.settled()
        yield found
        assert slack.faults == []


# Requests


def typed(text: str, command: str = "/ext-admin") -> Callable[[Desk], Sent]:
    def make(desk: Desk) -> Sent:
        url = desk.slack.response_url
        return lambda user, nth: requests.command(command, text, user, url, trigger_id=str(nth))

    return make


def button(
    action: str, value: str | Callable[[Desk], str] = "", home: bool = False
) -> Callable[[Desk], Sent]:
    """A press; its value is what stood on the button before the facts moved."""

    def make(desk: Desk) -> Sent:
        url, text = "" if home else desk.slack.response_url, value if isinstance(value, str) else value(desk)
        return lambda user, nth: requests.press(action, text, user, url, trigger_id=str(nth))

    return make


def order(value: Order) -> Callable[[Desk], Sent]:
    return button(ORDER, write(value))


def window(callback: str, metadata: Callable[[Desk], str], **values: Json) -> Callable[[Desk], Sent]:
    """The button of a window."""

    def make(desk: Desk) -> Sent:
        view = {
            "type": "modal",
            "id": "V1",
            "callback_id": callback,
            "private_metadata": metadata(desk),
            "state": {"values": {block: {block: said} for block, said in values.items()}},
        }
        return lambda user, nth: requests.interaction("view_submission", user, view=view, trigger_id=str(nth))

    return make


def form(task: str, whom: str = "", more: str = "") -> Callable[[Desk], Sent]:
    return window(
        admin_form.FORM,
        lambda desk: desk.slack.response_url,
        what={"selected_option": {"value": task}},
        whom={"value": whom},
        more={"value": more},
    )


def choice(desk: Desk) -> str:
    """All but fay, the last of the three who wait."""
    return Choice(desk.approval, 3, frozenset({2}), url=desk.slack.response_url).write()


def wish(desk: Desk) -> str:
    return write(NumberRequest("R1", JANE, "id-ann", "20", iso(desk.site.clock.now), "easy"))


def move_first(make: Callable[[Desk], Sent]) -> Callable[[Desk], Sent]:
    """The request after the admin moved ann to 10; of another admin's change it would be asked first."""

    def moved(desk: Desk) -> Sent:
        desk.site.clock.advance(seconds=1)
        desk.admin().do(Move("id-ann", "10"), ADMIN)
        return make(desk)

    return moved


def newest_run(desk: Desk) -> str:
    return write(Undo(f"hand-{desk.site.admins}"))


# What comes of it


Facts = Callable[[Numbers], bool]


def has(**numbers: str) -> Facts:
    """These people have these numbers, "" for none."""
    return lambda now: all(now.holders.get(who, "") == number for who, number in numbers.items())


def reserved(*extensions: str) -> Facts:
    return lambda now: {*now.reserved} == {*extensions}


def free(extension: str) -> Facts:
    return lambda now: extension in now.free


@dataclass(frozen=True)
class Case:
    """A request; `done` is what is so after it and was not before, None where it changes nothing.

    `again` is so after it was asked for twice, None: the same. `moves` are facts that move before the job,
    and `then` is so in the end, None: nothing but those facts. `anybody` may ask.
    """

    make: Callable[[Desk], Sent]
    done: Facts | None = None
    again: Facts | None = None
    moves: Callable[[Desk], object] | None = None
    then: Facts | None = None
    anybody: bool = False


CASES = {
    "/ext-sync": Case(typed("", "/ext-sync"), has(gus="06")),
    "/ext-sync plan": Case(typed("plan", "/ext-sync")),
    "/ext-sync help": Case(typed("help", "/ext-sync")),
    "/ext-sync undo": Case(
        typed("undo", "/ext-sync"),
        has(cem="02"),
        moves=lambda desk: desk.admin().do(desk.ending(Free("02")), "U2"),
    ),
    "Sync now": Case(button(SYNC_NOW, home=True), has(gus="06")),
    "Approve": Case(
        button(APPROVE, lambda desk: desk.approval),
        has(dot="", eve="", fay="", gus="06"),
        # Two would be few enough for a sync to release unasked, had Cem not lost his number the same day.
        moves=lambda desk: desk.site.connect.join(agent("dot")),
        then=has(dot="03", eve="04", fay="05"),
    ),
    "See all and choose": Case(button(leaver_choice.CHOOSE, lambda desk: desk.approval)),
    "Approve those chosen": Case(
        window(leaver_choice.CONFIRMED, choice),
        has(dot="", eve="", fay="05"),
        moves=lambda desk: desk.site.connect.join(agent("eve")),
        then=has(dot="", eve="04", fay="05"),
    ),
    "Apply this plan": Case(
        button(APPLY, lambda desk: desk.site.run(dry_run=True).plan),
        has(gus="06"),
        moves=lambda desk: desk.site.connect.join(agent("hal")),
    ),
    "/ext-admin": Case(typed("")),
    "/ext-admin help": Case(typed("help")),
    "move": Case(
        typed("move ann to 10"), has(ann="10"), moves=lambda desk: desk.admin().do(Reserve("10", "x"), "U2")
    ),
    "move, in the form": Case(
        form("move", "ann", "10"),
        has(ann="10"),
        moves=lambda desk: desk.admin().do(Move("id-bob", "10"), "U2"),
    ),
    "Move": Case(
        order(Move(agent="id-ann", extension="10")),
        has(ann="10"),
        moves=lambda desk: desk.admin().do(Move("id-bob", "10"), "U2"),
    ),
    "swap": Case(
        typed("swap ann bob"),
        has(ann="01", bob="00"),
        again=has(ann="00", bob="01"),
        moves=lambda desk: desk.admin().do(Move("id-bob", "11"), "U2"),
    ),
    "Swap": Case(
        order(Swap(agent="id-ann", other="id-bob", extension="00, 01")),
        has(ann="01", bob="00"),
        moves=lambda desk: desk.admin().do(Swap("id-ann", "id-bob"), "U2"),
    ),
    "reserve": Case(
        typed("reserve 10-12 lab"),
        reserved("08", "09", "10", "11", "12"),
        moves=lambda desk: desk.admin().do(Move("id-ann", "11"), "U2"),
    ),
    "reserve a held number": Case(typed("reserve 02 lab")),
    "End the hold and reserve": Case(
        button(ORDER, lambda desk: write(Reserve("02", holds=desk.hold("02").mark))),
        reserved("02", "08", "09"),
        moves=lambda desk: desk.admin().do(desk.ending(Reserve("02", "lift")), "U2"),
    ),
    "unreserve": Case(
        typed("unreserve 08"), free("08"), moves=lambda desk: desk.admin().do(Unreserve("08"), "U2")
    ),
    "unreserve a note": Case(
        typed("unreserve fax"), reserved(), moves=lambda desk: desk.admin().do(Unreserve("08, 09"), "U2")
    ),
    "Put back": Case(
        order(Unreserve(extension="08-09", note="fax")),
        reserved(),
        moves=lambda desk: (
            desk.admin().do(Unreserve("08"), "U2"),
            desk.admin().do(Reserve("08", "the lift"), "U2"),
        ),
    ),
    "free": Case(typed("free 02")),
    "End the hold": Case(
        button(ORDER, lambda desk: write(Free("02", desk.hold("02").mark))),
        free("02"),
        moves=lambda desk: desk.admin().do(desk.ending(Reserve("02", "lift")), "U2"),
    ),
    "reserved": Case(typed("reserved")),
    "history of a number": Case(typed("history 02")),
    "history of a person": Case(typed("history ann")),
    "history of a day": Case(typed("history today")),
    "status": Case(typed("status")),
    "undo": Case(move_first(typed("undo")), has(ann="00")),
    "Undo": Case(
        move_first(button(ORDER, newest_run)),
        has(ann="00"),
        moves=lambda desk: desk.admin().do(Move("id-ann", "12"), "U2"),
    ),
    "Next": Case(button(answer_pages.NEXT, PageRef("reserved", 1).write())),
    "Previous": Case(button(answer_pages.PREVIOUS, PageRef("reserved").write())),
    "This one": Case(button(answer_pages.ASKED, PageRef("swap ann with bob").write())),
    "/ext request": Case(typed("request 20 easy", "/ext"), anybody=True),
    "Ask for this number": Case(button(request_text.ASK, "20"), anybody=True),
    "Approve a request": Case(
        button(request_text.APPROVE, wish),
        has(ann="20"),
        moves=lambda desk: desk.admin().do(Reserve("20", "x"), "U2"),
    ),
    "Decline": Case(button(request_text.DECLINE, wish)),
    "Decline, with a reason": Case(
        window(
            request_text.DECLINED,
            lambda desk: json.dumps([wish(desk), desk.slack.response_url]),
            reason={"value": "no"},
        )
    ),
}


@pytest.mark.guarantee(9)
@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_it_is_for_admins_done_once_and_not_against_newer_facts(desk: Desk, case: Case) -> None:
    desk.restore()
    send = case.make(desk)
    before = desk.site.numbers
    done = case.done or (lambda now: alike(now) == alike(before))
    assert case.done is None or not case.done(before)

    if not case.anybody:
        assert "Only admins" in desk.send(send(JANE, 0))
        assert (desk.bot.jobs, alike(desk.site.numbers)) == ([], alike(before))

    request = send(JANE if case.anybody else ADMIN, 1)
    assert desk.send(request)
    once = desk.site.numbers
    assert done(once)
    desk.send(request)
    assert alike(desk.site.numbers) == alike(once), "delivered again, it acted again"
    assert desk.send(send(JANE if case.anybody else ADMIN, 2)), "nothing was said to the second"
    assert (case.again or done)(desk.site.numbers)
    check_one_each(desk.site.numbers)


MOVING = {name: case for name, case in CASES.items() if case.moves}


@pytest.mark.guarantee(9)
@pytest.mark.parametrize("case", MOVING.values(), ids=MOVING.keys())
def test_where_the_facts_have_moved_nothing_else_is_done(desk: Desk, case: Case) -> None:
    desk.restore()
    send, moves = case.make(desk), case.moves
    assert moves
    after_the_facts: list[Numbers] = []

    def meanwhile() -> None:
        moves(desk)
        after_the_facts.append(desk.site.numbers)

    desk.bot.meanwhile = meanwhile
    said = desk.send(send(ADMIN, 3))
    (moved,) = after_the_facts
    assert (case.then or (lambda now: alike(now) == alike(moved)))(desk.site.numbers), said
    check_one_each(desk.site.numbers)


def test_every_request_of_admins_is_in_the_table() -> None:
    """But for the boxes of the window of a choice, which change nothing but itself."""
    names = {route.name for route in ROUTES if route.admin} | {request_text.ASK}
    known = {SYNC_NOW, APPROVE, APPLY, ORDER, leaver_choice.CHOOSE, leaver_choice.CONFIRMED, admin_form.FORM}
    known |= {answer_pages.NEXT, answer_pages.PREVIOUS, answer_pages.ASKED, "/ext-sync", "/ext-admin"}
    known |= {request_text.ASK, request_text.APPROVE, request_text.DECLINE, request_text.DECLINED}
    left = {name for name in names - known if name and not name.startswith(leaver_choice.TURN)}
    assert left == {leaver_choice.CHOICE}
