"""Jobs: what travels from the Slack side to the sync function, and what becomes of it there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, get_args

import pytest
from msgspec.structs import fields, replace

from bot.jobs import HOME, MESSAGE, Job, JobServices, run_job, started
from bot.messages.blocks import Message, button, section
from bot.messages.button_values import read, write, write_bits
from bot.messages.pressed import Pressed
from bot.messages.request_text import NumberRequest
from core.errors import ExtensionsError, LeaseTaken, Refused, Unavailable
from core.models import Assigned, Change, ChangeKind, Failure, Free, Held, HistoryEntry, Report, Reserved, iso
from core.numbering import orders
from core.numbering.decide import AnotherNumber, Decision, HasItAlready, HoldsInTheWay
from core.numbering.guard import Consent, mark_of
from core.numbering.orders import Approve, Move, OnButton, Order, PlanSync, Reserve, StartSync
from core.ports import Claim
from tests.bot.fakes import FakeClaims, FakeExports, FakeRecords
from tests.bot.slack.bot import buttons
from tests.bot.slack.recorder import RecordingSlack
from tests.core.builders import NOW, Clock, held


def test_a_job_arrives_as_it_was_sent() -> None:
    job = Job(Reserve("0042", "lobby"), by="U1", response_url="https://x", id="name")
    assert Job.from_event(job.to_event()) == job


@pytest.mark.parametrize("event", [{}, {"source": "aws.scheduler", "time": "now"}, {"job": None}, {"job": 1}])
def test_anything_else_is_a_plain_sync(event: dict[str, object]) -> None:
    assert Job.from_event(event) == Job(StartSync(), by="schedule")


@pytest.mark.parametrize(
    "fields",
    [
        {"task": "explode"},
        {"task": "sync", "colour": "red"},
        {"task": ["sync"]},
        {"task": {}},
        {"task": "move", "agent": 7},
        {"approved": True},
        {"response_url": None},
        {"note": ["a"]},
        {7: "x"},
    ],
)
def test_a_job_that_is_none_is_refused(fields: Any) -> None:
    with pytest.raises(Refused):
        Job.from_event({"job": fields})


@pytest.mark.parametrize("kind", get_args(Order))
def test_every_job_is_acknowledged_in_words(kind: Any) -> None:
    required = [each for each in fields(kind) if each.required]
    assert started(Job(kind(*("0042" for _ in required)))).text


class FakeAdmin:
    """Reserves, and counts; fails the first `failing` times."""

    def __init__(self, failing: int = 0) -> None:
        self.failing = failing
        self.reserved: list[str] = []

    def do(self, order: Reserve, by: str) -> Decision:
        if self.failing:
            self.failing -= 1
            raise Unavailable("The table does not answer.")
        self.reserved.append(order.extension)
        after = Reserved(order.extension, order.note)
        return Decision((Change(ChangeKind.RESERVED, order.extension, None, after, order.note),))


@pytest.fixture
def slack() -> Iterator[RecordingSlack]:
    with RecordingSlack() as recording:
        yield recording


class RefusingAdmin(FakeAdmin):
    """Refuses, or finds the lease taken."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def do(self, order: Reserve, by: str) -> Decision:
        raise self.error


def nothing() -> Any:
    raise AssertionError("Nobody asks for the status.")


def services(admin: FakeAdmin, slack: RecordingSlack) -> JobServices:
    made: Any = admin
    runs, claims, records = (lambda *_: made), FakeClaims(), FakeRecords()
    return JobServices(
        runs,
        runs,
        FakeExports(),
        claims,
        Clock(),
        len,
        records,
        lambda *_: (),
        lambda *_: None,
        nothing,
        slack.url,
    )


def reserve(slack: RecordingSlack, **more: str) -> Job:
    url = more.pop("response_url", slack.response_url)
    return Job(Reserve("0042"), "U1", url, id="name-1", **more)


def test_a_job_that_comes_twice_is_done_once_and_told_once(slack: RecordingSlack) -> None:
    admin = FakeAdmin()
    given = services(admin, slack)
    assert run_job(reserve(slack), given)["reserved"] == "0042"
    assert run_job(reserve(slack), given) == {"repeated": "name-1"}
    assert (admin.reserved, len(slack.sent("response"))) == (["0042"], 1)


def test_a_job_that_can_not_be_claimed_is_told(slack: RecordingSlack) -> None:
    admin = FakeAdmin()
    given = replace(services(admin, slack), claims=FakeClaims(broken="The table does not answer."))
    with pytest.raises(Unavailable):
        run_job(reserve(slack), given)
    assert [told["text"] for told in slack.sent("response")] == [
        "The table does not answer.\nReference: name-1"
    ]
    assert admin.reserved == []


def test_a_job_that_failed_is_done_when_it_comes_again(slack: RecordingSlack) -> None:
    given = services(FakeAdmin(failing=1), slack)
    with pytest.raises(Unavailable):
        run_job(reserve(slack), given)
    assert run_job(reserve(slack), given)["reserved"] == "0042"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Refused("0042 is reserved already: lobby"), "0042 is reserved already: lobby"),
        (
            LeaseTaken("Another run has the lease.", "U0BOSS", "2026-11-22T09:30:00Z"),
            "Nothing was changed. A sync or a change of <@U0BOSS> is running since 09:30 UTC",
        ),
    ],
)
def test_a_mistake_and_a_taken_lease_are_told_in_words_and_look_like_no_crash(
    slack: RecordingSlack, error: Exception, said: str
) -> None:
    assert "refused" in run_job(reserve(slack), services(RefusingAdmin(error), slack))
    (told,) = slack.sent("response")
    assert told["text"].startswith(said)
    assert "Reference" not in str(told)
    assert "2026-11-22T" not in str(told)


def test_a_forged_address_gets_no_answer_and_the_job_is_done(slack: RecordingSlack) -> None:
    admin = FakeAdmin()
    forged = reserve(slack, response_url=slack.response_url.replace("127.0.0.1", "localhost"))
    run_job(forged, services(admin, slack))
    assert (admin.reserved, slack.calls) == (["0042"], [])


class Holding:
    """A number that is held: reserving it or ending the hold takes the consent to this hold."""

    def __init__(self, hold: Held) -> None:
        self.hold = hold
        self.did: list[str] = []

    def do(self, order: Reserve | orders.Free, by: str) -> Decision:
        if self.hold.mark not in order.holds.split():
            raise HoldsInTheWay("0042 is held.", [self.hold])
        self.did.append(order.extension)
        return Decision((Change(ChangeKind.FREED, "0042", self.hold, Free("0042"), "was held"),))


@pytest.mark.parametrize(
    ("order", "what"),
    [(orders.Free("0042"), "End 1 hold"), (Reserve("0042", "desk"), "End 1 hold and reserve")],
)
def test_a_hold_is_asked_about_and_ends_by_the_button_and_no_other_hold_does(
    slack: RecordingSlack, order: Reserve | orders.Free, what: str
) -> None:
    admin: Any = Holding(held("0042", "cem", name="Cem"))
    given = services(admin, slack)
    job = Job(order, "U1", slack.response_url)
    assert "refused" in run_job(job, given)
    (asked,) = slack.sent("response")
    assert "0042 for Cem until" in asked["text"]
    agreed = read(buttons(asked)[what]["value"], OnButton)
    assert (replace(agreed, holds=""), admin.did) == (order, [])
    admin.hold = held("0042", "dot")
    assert "refused" in run_job(replace(job, order=agreed), given)
    admin.hold = held("0042", "cem", name="Cem")
    run_job(replace(job, order=agreed), given)
    assert admin.did == ["0042"]


APPROVAL, MINUTE = "0123456789abcdef", "2026-11-22T09:30:00Z"
ROW = {"type": "actions", "elements": [button("Approve", "approve", "x")]}
PLACE = Pressed((section("Before."), ROW, section("After.")), 1)


@dataclass
class FakeSync:
    """A sync whose end is known: a report, or an error."""

    end: Report | ExtensionsError
    consent: Consent = Consent()

    def run(self, by: str, run_id: str, consent: Consent, *_: object) -> Report:
        self.consent = consent
        if isinstance(self.end, ExtensionsError):
            raise self.end
        return self.end


@dataclass
class Desk:
    """The services of one sync, and what was published on Home tabs."""

    services: JobServices
    homes: list[tuple[str, Message | None]] = field(default_factory=list)


def desk(slack: RecordingSlack, end: Report | ExtensionsError, *history: HistoryEntry) -> Desk:
    run: Any = FakeSync(end)
    made = Desk(replace(services(FakeAdmin(), slack), sync=lambda: run, history=lambda *_: history))
    made.services = replace(made.services, show_home=lambda *shown: made.homes.append(shown))
    return made


def report(**more: Any) -> Report:
    return Report("run-1", "U1", MINUTE, 1, {ChangeKind.RELEASED: 6}, approved=APPROVAL, **more)


def leaver(number: int) -> HistoryEntry:
    return HistoryEntry(
        ChangeKind.RELEASED, f"{number:04}", "u", "U", MINUTE, "U0BOSS", "run-0", confirmed=APPROVAL
    )


def approved(slack: RecordingSlack, left_out: str = "", **more: str) -> Job:
    where = {"response_url": slack.response_url, "place": MESSAGE, "pressed": PLACE.write()} | more
    return Job(Approve(APPROVAL, left_out), by="U1", **where)


def test_the_message_with_the_button_says_who_approved_and_what_happened(slack: RecordingSlack) -> None:
    run_job(approved(slack), desk(slack, report(agreed=6)).services)
    (told,) = slack.sent("response")
    assert told["replace_original"] is True
    assert "Before.\nApproved by <@U1> at 09:30 UTC: 6 releases were made.\n6 released" in told["text"]
    assert told["text"].endswith("After.")


def test_a_private_message_becomes_the_whole_result(slack: RecordingSlack) -> None:
    run_job(approved(slack, pressed=""), desk(slack, report(agreed=6)).services)
    (told,) = slack.sent("response")
    assert (told["replace_original"], "Sync done." in told["text"]) == (True, True)
    assert told["text"].startswith("Approved by <@U1>")


def test_who_approves_again_is_told_who_did_and_what(slack: RecordingSlack) -> None:
    done = desk(slack, report(), *(leaver(number) for number in range(6)))
    run_job(approved(slack), done.services)
    said = "Approved already by <@U0BOSS>, Nov 22, 2026 09:30 UTC: 6 releases were made then."
    assert said in slack.sent("response")[0]["text"]


def test_an_approval_of_others_than_those_who_wait_now_says_so_and_shows_them(slack: RecordingSlack) -> None:
    moved = report(withheld=(leaver(1), leaver(2)), withheld_because=("Two.",), approval="new")
    run_job(approved(slack), desk(slack, moved).services)
    (told,) = slack.sent("response")
    assert "Nobody was released by this approval." in told["text"]
    assert buttons(told)["Approve 2 releases"]["value"] == "new"


@pytest.mark.parametrize(
    "end",
    [
        LeaseTaken("Taken.", "U0BOSS", MINUTE),
        Refused("Nobody has a number now."),
        Unavailable("The table does not answer."),
    ],
)
def test_when_nothing_came_of_it_the_message_has_its_button_back(
    slack: RecordingSlack, end: ExtensionsError
) -> None:
    with suppress(Unavailable):
        run_job(approved(slack), desk(slack, end).services)
    back, told = slack.sent("response")
    assert (back["replace_original"], [*back["blocks"]]) == (True, [*PLACE.blocks])
    assert told["replace_original"] is False


@pytest.mark.parametrize("end", [None, LeaseTaken("Taken.", "U0BOSS", MINUTE)])
def test_a_result_that_slack_does_not_take_any_more_comes_as_a_direct_message(
    slack: RecordingSlack, end: ExtensionsError | None
) -> None:
    slack.failing["response"] = 404
    told: list[tuple[str, Message]] = []
    admin = RefusingAdmin(end) if end else FakeAdmin()
    run_job(reserve(slack), replace(services(admin, slack), tell_directly=lambda *each: told.append(each)))
    ((member, said),) = told
    assert (member, "0042" in said.text or "U0BOSS" in said.text) == ("U1", True)


def test_home_is_shown_when_the_run_that_it_started_ends(slack: RecordingSlack) -> None:
    home = Job(by="U1", place=HOME)
    done = desk(slack, replace(report(), approved=""))
    run_job(home, done.services)
    assert done.homes == [("U1", None)]
    failed = desk(slack, Unavailable("The table does not answer."))
    with pytest.raises(Unavailable):
        run_job(home, failed.services)
    ((_, said),) = failed.homes
    assert str(said).count("The table does not answer.")
    failure = failed.services.records.last_failure()
    assert failure == Failure(iso(NOW), "U1", failure.run_id if failure else "", "The table does not answer.")


def test_a_home_that_cannot_be_shown_stops_nothing(slack: RecordingSlack) -> None:
    def gone(*_: object) -> None:
        raise OSError("no way to Slack")

    done = replace(desk(slack, report()).services, show_home=gone)
    assert run_job(Job(by="U1", place=HOME), done)["released"] == 6


def test_all_who_wait_are_kept_for_those_who_want_to_read_every_name(slack: RecordingSlack) -> None:
    many = tuple(leaver(number) for number in range(300))
    done = desk(slack, report(withheld=many, approval="many"))
    run_job(Job(), done.services)
    assert done.services.records.all_withheld("many") == [*many]


def test_a_plan_is_kept_so_that_all_of_it_can_be_read_before_it_is_applied(slack: RecordingSlack) -> None:
    changes = tuple(leaver(number) for number in range(30))
    done = desk(slack, report(dry_run=True, plan="plan0123", changes=changes))
    run_job(Job(PlanSync()), done.services)
    assert done.services.records.all_withheld("plan0123") == [*changes]


def test_of_an_approval_those_left_out_are_not_among_the_chosen(slack: RecordingSlack) -> None:
    run = FakeSync(report(agreed=1))
    given = replace(services(FakeAdmin(), slack), sync=lambda: run)
    given.records.keep_waiting(APPROVAL, [leaver(number) for number in range(3)])
    run_job(approved(slack, left_out=write_bits({0, 2})), given)
    others = {mark_of(leaver(0)), mark_of(leaver(2))}
    assert run.consent == Consent(APPROVAL, frozenset({"0001"}), left_out=frozenset(others))
    run_job(approved(slack), given)
    assert run.consent == Consent(APPROVAL)


def test_a_choice_whose_list_is_gone_releases_nobody(slack: RecordingSlack) -> None:
    given = desk(slack, report(agreed=6)).services
    assert "gone" in run_job(approved(slack, left_out=write_bits({0})), given)["refused"]


WISH = NumberRequest("r1", "U0JANE", "id-jane", "0777", MINUTE, other="0042")


class Moving:
    """Moves, or raises its error."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error

    def do(self, order: Move, by: str) -> Decision:
        if self.error:
            raise self.error
        after = Assigned(order.extension, order.agent, "jdoe", name="Jane Doe")
        free = Free(order.extension)
        change = Change(ChangeKind.MOVED, order.extension, free, after, "by hand", moved_from="0042")
        return Decision((change,))


def approved_request(slack: RecordingSlack, admin: Any) -> tuple[JobServices, list[tuple[str, str]], Job]:
    """A request that was just approved; what is said to whom."""
    said: list[tuple[str, str]] = []
    given = replace(
        services(admin, slack), tell_directly=lambda member, message: said.append((member, message.text))
    )
    given.claims.claim(WISH.claim, 60)
    where = {"response_url": slack.response_url, "place": MESSAGE, "pressed": PLACE.write()}
    return given, said, Job(Move("id-jane", "0777", write(WISH)), "U1", **where)


def test_the_asker_is_told_of_an_approval_when_the_number_is_theirs(slack: RecordingSlack) -> None:
    given, said, job = approved_request(slack, Moving())
    assert run_job(job, given)["moved"] == "0777"
    (told,) = slack.sent("response")
    assert (told["replace_original"], told["text"]) == (
        True,
        "Approved by <@U1>: <@U0JANE> asked for 0777.",
    )
    ((member, text),) = said
    assert (member, text.split("\n")[0]) == ("U0JANE", "<@U1> approved your request: 0777 is yours now.")
    assert given.claims.claim(WISH.claim, 60) is Claim.DONE


@pytest.mark.parametrize(
    "error", [LeaseTaken("busy", "schedule", MINUTE), Refused("0777 is not free."), Unavailable("No answer.")]
)
def test_a_request_whose_move_did_not_happen_is_open_again_and_nobody_is_promised_it(
    slack: RecordingSlack, error: ExtensionsError
) -> None:
    given, said, job = approved_request(slack, Moving(error))
    with suppress(Unavailable):
        run_job(job, given)
    back, why = slack.sent("response")
    assert (back["replace_original"], "Approve" in buttons(back)) == (True, True)
    assert (why["replace_original"], said) == (False, [])
    assert given.claims.claim(WISH.claim, 60) is Claim.ACQUIRED


HAS_IT = "0777, which you asked for, is yours now."


def test_a_request_whose_agent_has_the_number_by_now_is_fulfilled(slack: RecordingSlack) -> None:
    jane = Assigned("0777", "id-jane", "jdoe", name="Jane Doe")
    given, said, job = approved_request(slack, Moving(HasItAlready(jane)))
    assert run_job(job, given)["refused"] == "Jane Doe has 0777 already."
    (told,) = slack.sent("response")
    assert (told["replace_original"], told["text"]) == (True, "<@U0JANE> asked for 0777, and has it.")
    assert [(member, text.split("\n")[0]) for member, text in said] == [("U0JANE", HAS_IT)]
    assert given.claims.claim(WISH.claim, 60) is Claim.DONE


def test_a_request_of_somebody_with_another_number_by_now_is_asked_about_again(slack: RecordingSlack) -> None:
    jane = Assigned("0050", "id-jane", "jdoe", name="Jane Doe")
    given, said, job = approved_request(slack, Moving(AnotherNumber(jane, "0042")))
    run_job(job, given)
    (told,) = slack.sent("response")
    assert told["replace_original"] is True
    assert "Jane Doe has 0050 by now, not 0042." in told["text"]
    assert read(buttons(told)["Approve"]["value"], NumberRequest) == replace(WISH, other="0050")
    assert (said, given.claims.claim(WISH.claim, 60)) == ([], Claim.ACQUIRED)


def test_an_asker_whom_slack_does_not_reach_has_the_number_all_the_same(slack: RecordingSlack) -> None:
    def gone(*_: object) -> None:
        raise OSError("no way to Slack")

    given, _, job = approved_request(slack, Moving())
    assert run_job(job, replace(given, tell_directly=gone))["moved"] == "0777"
    assert given.claims.claim(WISH.claim, 60) is Claim.DONE
