"""The quota of Amazon Connect, kept and shared."""

from __future__ import annotations

import json
from typing import Any

import pytest

from benchmarks.crowd import DUE, crowd
from core.aws.connect import BURST, CONTAINERS, MARGIN, RATE, ConnectInstance, Limiter, availability_of
from core.models import Availability, Presence, iso
from sandbox.aws.connect_stand_in import INSTANCE_ID, ConnectStandIn
from sandbox.aws.sample_people import people
from tests.stand_ins.connect import ConnectInProcess
from tests.stand_ins.wire import Fault, Kind, Reply


class Time:
    """A clock that passes only where somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


class Bucket:
    """Connect's side of the quota: full at the first arrival, and no room for one call too early."""

    def __init__(self) -> None:
        self.tokens, self.refused = float(BURST), 0
        self.at: float | None = None

    def admits(self, now: float, rate: float = RATE) -> bool:
        passed = 0.0 if self.at is None else now - self.at
        self.tokens, self.at = min(BURST, self.tokens + passed * rate), now
        if self.tokens < 1:
            self.refused += 1
            return False
        self.tokens -= 1
        return True


def calls(count: int, bucket: Bucket, travel: list[float], rate: float = RATE) -> float:
    """Make so many calls, each as long on its way as `travel` says; the seconds that took."""
    time = Time()
    limiter = Limiter(time.monotonic, time.sleep)
    done = 0
    while done < count:
        limiter.wait()
        time.now += travel[done % len(travel)]
        if bucket.admits(time.now, rate):
            limiter.served()
            done += 1
        else:
            limiter.throttled()
    return time.now


def test_a_burst_goes_at_once_and_the_rest_at_the_rate() -> None:
    floor = (30 - BURST) / RATE
    assert floor <= calls(30, Bucket(), [0.0]) <= floor + 2 * MARGIN


def test_a_first_call_that_is_long_on_its_way_costs_no_throttled_answer() -> None:
    bucket = Bucket()
    calls(30, bucket, [0.2] + [0.003] * 29)
    assert bucket.refused == 0


def test_calls_that_jitter_on_their_way_cost_no_throttled_answer() -> None:
    bucket = Bucket()
    calls(30, bucket, [0.005, 0.001, 0.012, 0.002, 0.009])
    assert bucket.refused == 0


def test_all_calls_get_through_while_somebody_else_uses_half_of_the_quota() -> None:
    bucket = Bucket()
    seconds = calls(40, bucket, [0.002], rate=RATE / 2)
    assert seconds < 1.5 * (40 - BURST) / (RATE / 2)
    assert bucket.refused < 15


def test_one_throttled_answer_does_not_slow_the_rest_down() -> None:
    bucket = Bucket()
    bucket.tokens = BURST - 1
    assert calls(30, bucket, [0.0]) <= (31 - BURST) / RATE + 0.6
    assert bucket.refused == 1


class Answering(ConnectInProcess):
    """An instance that answers each request so."""

    def __init__(self, answer: dict[str, Any]) -> None:
        super().__init__(ConnectStandIn(people(1), quota=None))
        self.answer = answer

    def respond(self, operation: str, request: Any) -> Reply | None:
        return Reply(200, json.dumps(self.answer).encode(), {"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("identity", "email"),
    [
        ({"Email": "a@x.org", "SecondaryEmail": "b@x.org"}, "a@x.org"),
        ({"SecondaryEmail": "b@x.org"}, "b@x.org"),
        ({"FirstName": "Ann"}, ""),
    ],
)
def test_a_user_of_saml_is_known_by_the_secondary_email(identity: dict[str, str], email: str) -> None:
    connect = Answering({"User": {"Id": "id-ann", "Username": "ann", "IdentityInfo": identity}})
    assert ConnectInstance(connect.client(), INSTANCE_ID).email("id-ann") == email


@pytest.mark.parametrize(("kind", "told"), [("denied", 1), ("throttled", 0), ("failing", 0), ("dropped", 0)])
def test_only_a_denied_status_is_told(kind: Kind, told: int) -> None:
    heard: list[str] = []
    connect = ConnectInProcess(ConnectStandIn(people(1), quota=None), fault=lambda *_: Fault(kind))
    time = Time()
    instance = ConnectInstance(
        connect.client(),
        INSTANCE_ID,
        lambda: Limiter(time.monotonic, time.sleep),
        patient=False,
        on_denied=heard.append,
    )
    assert instance.availability(["id-ann"]) == {}
    assert len(heard) == told
    assert all("may not be used" in said for said in heard)


def asked(instance: ConnectStandIn, time: Time, **how: Any) -> ConnectInstance:
    """The instance as one that answers people asks it."""
    client = ConnectInProcess(instance, **how).client()
    return ConnectInstance(client, INSTANCE_ID, lambda: Limiter(time.monotonic, time.sleep), patient=False)


def test_the_statuses_of_ten_agents_come_in_one_request() -> None:
    instance = ConnectStandIn(people(10), quota=None)
    ids = [person.id for person in instance.people]
    instance.set_status(ids[0], "Lunch")
    instance.set_status(ids[1], "Offline")
    instance.set_status(ids[2], "Available")
    said = asked(instance, Time()).availability(ids)
    assert [(said[each].presence, said[each].status) for each in ids[:3]] == [
        (Presence.AWAY, "Lunch"),
        (Presence.OFFLINE, ""),
        (Presence.AVAILABLE, "Available"),
    ]
    assert (len(said), instance.requests["GetCurrentUserData"]) == (10, 1)


def entry(status: str, **slots: int | None) -> dict[str, Any]:
    """One agent in GetCurrentUserData: `most`, `active` and `free` slots for calls."""
    found = {"most": 1, "active": 0, "free": 1} | slots
    names = {"most": "Max", "active": "Active", "free": "Available"}
    channels = {f"{names[key]}SlotsByChannel": {"VOICE": found[key]} for key in names}
    return {"Status": {"StatusArn": status, "StatusName": status}, **channels}


@pytest.mark.parametrize(
    ("data", "presence"),
    [
        (entry("Bereit"), Presence.AVAILABLE),
        (entry("Bereit", free=0, active=1), Presence.ON_A_CALL),
        (entry("Pause", active=1), Presence.ON_A_CALL),
        (entry("Bereit", free=0), Presence.BUSY),
        (entry("Bereit", most=0, free=0), Presence.NO_CALLS),
        (entry("Pause"), Presence.AWAY),
        (entry("Abgemeldet"), Presence.OFFLINE),
        (entry("Available"), None),
    ],
)
def test_slots_and_the_statuss_type_tell_whether_a_call_would_be_taken(
    data: dict[str, Any], presence: Presence | None
) -> None:
    found = availability_of(data, {"Bereit": "ROUTABLE", "Pause": "CUSTOM", "Abgemeldet": "OFFLINE"})
    assert (found.presence if found else None) is presence


def test_a_renamed_status_and_a_call_are_known_by_connect_and_types_are_read_once() -> None:
    instance = ConnectStandIn(people(3), quota=None)
    instance.types = {"Bereit": "ROUTABLE", "Weg": "OFFLINE"}
    ids = [person.id for person in instance.people]
    for each, handles in zip(ids, ((), ("VOICE",), ("CHAT",)), strict=True):
        instance.set_status(each, "Bereit", handles)
    connect = asked(instance, Time())
    for _ in range(2):
        said = connect.availability(ids)
        assert [said[each].presence for each in ids] == [
            Presence.AVAILABLE,
            Presence.ON_A_CALL,
            Presence.BUSY,
        ]
    assert said[ids[1]].since == iso(instance.people[1].modified)
    assert instance.requests == {"GetCurrentUserData": 2, "ListAgentStatuses": 1}


def test_one_agent_whom_connect_no_longer_has_leaves_the_others_their_statuses() -> None:
    instance = ConnectStandIn(people(3), quota=None)
    ids = [person.id for person in instance.people]
    instance.set_status(ids[0], "Lunch")
    said = asked(instance, Time()).availability([ids[0], "gone", ids[1]])
    assert (said[ids[0]].status, [*said]) == ("Lunch", ids[:2])
    assert instance.requests == {"GetCurrentUserData": 2, "SearchUsers": 1, "ListAgentStatuses": 1}


def test_an_agent_who_is_gone_and_asked_for_alone_costs_one_request() -> None:
    instance = ConnectStandIn(people(1), quota=None)
    assert asked(instance, Time()).availability(["gone"]) == {}
    assert instance.requests == {"GetCurrentUserData": 1}


def test_no_question_waits_for_the_quota_to_say_who_is_available() -> None:
    time = Time()
    instance = ConnectStandIn(people(13), clock=time.monotonic)
    connect = asked(instance, time)
    told = [bool(connect.availability([person.id])) for person in instance.people]
    assert (told, time.now) == ([True] * BURST + [False] * 8, 0)


def test_a_crowd_that_four_containers_answer_stays_within_the_quota_and_waits_for_nothing() -> None:
    """After a meeting: 200 different people are asked for in ten seconds."""
    instance, answers = crowd()
    assert instance.throttled == 0
    assert 10 * RATE <= instance.requests["GetCurrentUserData"] <= BURST + 10 * RATE
    assert max(seconds for seconds, _ in answers) <= DUE


def test_a_container_that_is_refused_all_the_same_keeps_to_less_until_there_is_a_rest() -> None:
    time = Time()
    limiter = Limiter(time.monotonic, time.sleep)
    limiter.share(CONTAINERS)
    assert limiter.wait(0)
    limiter.crowded()
    time.now += 2 / (RATE / CONTAINERS) - 0.1
    assert not limiter.wait(0)
    time.now += 0.1
    assert limiter.wait(0)


def test_behind_others_who_wait_nobody_waits_longer_than_they_may() -> None:
    time = Time()
    limiter = Limiter(time.monotonic, lambda _: None)
    assert all(limiter.wait(1 / RATE) for _ in range(BURST + 1))
    assert not limiter.wait(1 / RATE)
    time.now += 1 / RATE
    assert limiter.wait(1 / RATE)


def test_an_email_is_asked_for_again_where_a_run_has_taken_the_room_for_the_moment() -> None:
    """As after a sync that told many their numbers: who asks then is not called unknown."""
    time = Time()
    instance = ConnectStandIn(people(BURST + 1), clock=time.monotonic)
    run, answer = asked(instance, time), asked(instance, time)
    assert all(run.email(person.id) for person in instance.people[:BURST])
    assert answer.email(instance.people[BURST].id) == instance.people[BURST].email
    assert instance.throttled == 1


def test_throttled_for_long_an_answer_waits_once_and_no_longer_each_time() -> None:
    time = Time()
    connect = ConnectInProcess(ConnectStandIn(people(1), quota=None), fault=lambda *_: Fault("throttled"))
    instance = ConnectInstance(
        connect.client(), INSTANCE_ID, lambda: Limiter(time.monotonic, time.sleep), patient=False
    )
    for _ in range(5):
        before = time.now
        assert instance.availability(["id-ann"]) == {}
        assert time.now - before <= 2 / RATE + 0.1


def test_a_status_of_an_odd_shape_is_passed_over() -> None:
    odd = [{}, {"User": {"Id": "id-ann"}}, {"User": {"Id": "id-bob"}, "Status": {"StatusName": "Lunch"}}]
    connect = ConnectInstance(Answering({"UserDataList": odd}).client(), INSTANCE_ID, patient=False)
    said = connect.availability(["id-ann", "id-bob", "id-cem"])
    assert said == {"id-cem": Availability(Presence.OFFLINE)}


def test_an_answer_that_goes_on_makes_nobody_offline() -> None:
    instance = ConnectStandIn(people(3), quota=None)
    ids = [person.id for person in instance.people]
    for each in ids:
        instance.set_status(each, "Available")
    assert [*asked(instance, Time(), page=2).availability(ids)] == ids[:2]


@pytest.mark.parametrize(
    ("identity", "parts"),
    [
        (
            {"FirstName": " Ludwig ", "LastName": "van den Berg"},
            ("Ludwig van den Berg", "Ludwig", "van den Berg"),
        ),
        ({"LastName": "Cher"}, ("Cher", "", "Cher")),
        ({}, ("ann", "ann", "")),
    ],
)
def test_first_and_last_name_are_kept_apart(identity: dict[str, str], parts: tuple[str, str, str]) -> None:
    connect = Answering({"User": {"Id": "id-ann", "Username": "ann", "IdentityInfo": identity}})
    found = ConnectInstance(connect.client(), INSTANCE_ID).describe_user("id-ann")
    assert found
    assert (found.name, found.first_name, found.last_name) == parts
