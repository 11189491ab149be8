"""Whom a caller reaches, on the table as DynamoDB has it, and in how many requests."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.calling.answer import answer
from core.calling.reach import Forward, Reached, by_extension, by_name, chain
from core.models import State, TeamPolicy, iso
from tests.core.builders import agent, assigned, free, held, policy, reserved, rows, seeded
from tests.core.fakes import FakeConnect, Site

LATER = "2026-11-23T00:00:00Z"
ARN = "arn:aws:connect:eu-central-1:123456789012:instance/i/queue/claims"


def site_of(*states: State, **forwards: str) -> Site:
    """A table with these states; `ann="bob"` forwards Ann's calls to Bob, until tomorrow."""
    site = Site()
    site.table.seed(seeded(*states))
    if forwards:
        to = {f"id-{one}": f"id-{other} {LATER}" for one, other in forwards.items()}
        site.table.seed(rows({"pk": "forwards", "sk": "now"} | to))
    return site


def dial(site: Site, extension: str) -> tuple[str, str, int]:
    """Who is rung, who was dialled where that is another, and the requests that it took."""
    before = sum(site.table.wire.requests.values())
    found = by_extension(site.book(), extension, site.now)
    asked = sum(site.table.wire.requests.values()) - before
    return (
        found.person.username if found.person else "",
        found.forwarded_from.username if found.forwarded_from else "",
        asked,
    )


PEOPLE = [assigned(f"00{number}", name) for number, name in enumerate(("ann", "bob", "cat", "dot", "eve"))]


def test_an_assigned_number_takes_one_request() -> None:
    assert dial(site_of(*PEOPLE), "001") == ("bob", "", 1)


def test_the_held_number_of_somebody_who_moved_takes_two_until_it_is_held_no_more() -> None:
    site = site_of(held("900", "ann", days=1), *PEOPLE)
    assert dial(site, "900") == ("ann", "", 2)
    site.clock.advance(days=1)
    assert dial(site, "900") == ("", "", 1)


@pytest.mark.parametrize(
    "state",
    [
        held("900", "nobody"),
        held("900", "ann", agent_id=""),
        free("900"),
        reserved("900"),
    ],
)
def test_a_number_that_nobody_has_or_moved_from_reaches_nobody(state: State) -> None:
    assert dial(site_of(state, *PEOPLE), "900")[:2] == ("", "")


def test_a_number_that_was_given_on_reaches_its_agent() -> None:
    assert dial(site_of(held("001", "ann"), *PEOPLE), "001") == ("bob", "", 1)


def test_a_row_of_the_older_project_rings_its_agent() -> None:
    site = Site()
    site.table.seed(rows({"pk": "007", "sk": "agentID", "sk_value": "zoe"}))
    assert dial(site, "007") == ("zoe", "", 1)


def test_a_forward_is_followed_to_its_last_agent_in_two_requests() -> None:
    assert dial(site_of(*PEOPLE, ann="bob"), "000") == ("bob", "ann", 2)
    assert dial(site_of(*PEOPLE, ann="bob", bob="cat", cat="dot"), "000") == ("dot", "ann", 2)


def test_a_forward_of_somebody_who_moved_is_followed_in_two_requests() -> None:
    assert dial(site_of(held("900", "ann"), *PEOPLE, ann="bob"), "900") == ("bob", "ann", 2)


def test_a_forward_ends_by_itself() -> None:
    site = site_of(*PEOPLE, ann="bob")
    site.clock.advance(days=1)
    assert dial(site, "000") == ("ann", "", 1)


def test_a_chain_goes_as_far_as_people_have_numbers() -> None:
    assert dial(site_of(*PEOPLE, ann="bob", bob="gone", gone="cat"), "000") == ("bob", "ann", 2)
    assert dial(site_of(*PEOPLE, ann="gone"), "000") == ("ann", "", 2)


@pytest.mark.parametrize(
    ("forwards", "hops"),
    [
        ({"a": "b"}, ["b"]),
        ({"a": "b", "b": "a"}, ["b"]),
        ({"a": "b", "b": "c", "c": "b"}, ["b", "c"]),
        ({"a": "a"}, []),
        ({"a": "b", "b": "c", "c": "d", "d": "e"}, ["b", "c", "d"]),
        ({"b": "c"}, []),
    ],
)
def test_a_chain_has_three_hops_at_most_and_never_comes_back(
    forwards: dict[str, str], hops: list[str]
) -> None:
    wanted = {one: Forward(other, LATER) for one, other in forwards.items()}
    assert chain("a", wanted, "2026-11-22T00:00:00Z") == hops


def test_a_chain_stops_where_a_forward_in_the_middle_has_ended() -> None:
    forwards = {"a": Forward("b", LATER), "b": Forward("c", "2026-11-22T09:00:00Z")}
    assert chain("a", forwards, "2026-11-22T09:00:00Z") == ["b"]


def test_own_rows_of_an_older_version_take_one_request_more() -> None:
    site = Site()
    site.table.seed(seeded(held("900", "ann")))
    site.table.seed(item for item in seeded(*PEOPLE) if "user#" not in item["pk"]["S"])
    site.table.seed(rows({"pk": "user#id-ann", "sk": "extension", "sk_value": "000"}))
    assert dial(site, "900") == ("ann", "", 3)


@pytest.mark.parametrize(
    "value", [{"N": "7"}, {"S": ""}, {"S": "id-bob"}, {"L": []}, {"S": "id-bob not now x"}]
)
def test_a_forward_that_a_hand_has_spoilt_is_none(value: dict[str, object]) -> None:
    site = site_of(*PEOPLE)
    site.table.seed([{"pk": {"S": "forwards"}, "sk": {"S": "now"}, "id-ann": value}])
    assert dial(site, "000") == ("ann", "", 1)


def test_a_number_of_a_team_is_its_queue() -> None:
    site = Site()
    queue = {"sk_value": "Claims team", "queue_arn": ARN, "queue_name": "Claims"}
    site.table.seed(rows({"pk": "500", "sk": "reserved"} | queue))
    reached = by_extension(site.book(), "500", site.now)
    said = answer("500", reached)
    assert (said["found"], said["kind"], said["queue_arn"]) == ("true", "queue", ARN)
    assert (said["display_name"], said["agent_id"], said["sk_value"]) == ("Claims", "", "")


# Names


def named(**names: str) -> Site:
    """A synced installation in which these usernames have these names."""
    site = Site(FakeConnect(agent(username, name=name) for username, name in names.items()))
    site.run()
    return site


def call(site: Site, keys: str) -> tuple[str, list[str], int]:
    """Who is rung by the keys of a name, the choices, and the requests that it took."""
    before = sum(site.table.wire.requests.values())
    found = by_name(site.book(), keys, site.now)
    asked = sum(site.table.wire.requests.values()) - before
    said = answer(f"*{keys}", found, by_name=True)
    choices = [said[f"name_{place}"] for place in range(1, 6) if said[f"name_{place}"]]
    return said["username"], [said["matches"], *choices], asked


def test_a_name_is_found_by_first_and_last_name_in_two_requests() -> None:
    site = named(jdoe="Jane Doe", bob="Bob Lee")
    assert call(site, "526") == call(site, "363") == ("jdoe", ["1", "Jane Doe"], 2)
    assert call(site, "999") == ("", ["0"], 1)


def test_up_to_five_are_choices_by_name_and_more_are_many() -> None:
    names = {f"a{each}": f"Jane {each}" for each in ("Fox", "Doe", "Ash", "Elk", "Cow")}
    site = named(**names)
    assert call(site, "526") == ("", ["5", "Jane Ash", "Jane Cow", "Jane Doe", "Jane Elk", "Jane Fox"], 2)
    site.connect.join(agent("sixth", name="Jana Six"))
    site.run()
    assert call(site, "526") == ("", ["many"], 1)
    assert call(site, "5262") == ("sixth", ["1", "Jana Six"], 2)
    assert call(site, "5263")[1][0] == "5"


def test_people_of_one_name_are_told_apart_by_team_and_then_by_number() -> None:
    site = Site(
        FakeConnect(
            [
                agent("one", name="Jane Doe", team="Claims"),
                agent("two", name="Jane Doe", team="Sales"),
                agent("three", name="Jane Doe", team="Sales"),
            ]
        )
    )
    site.run()
    numbers = site.numbers.holders
    spelt = sorted(f"Jane Doe, Sales, {' '.join(numbers[each])}" for each in ("two", "three"))
    assert sorted(call(site, "526")[1]) == ["3", "Jane Doe, Claims", *spelt]


def test_two_keys_are_enough_and_one_is_not() -> None:
    site = named(jdoe="Jane Doe", bob="Bob Lee")
    assert call(site, "52")[0] == "jdoe"
    assert call(site, "5") == ("", ["many"], 0)


def test_a_new_agent_a_leaver_and_another_name_are_true_after_one_sync() -> None:
    site = named(jdoe="Jane Doe", bob="Bob Lee")
    site.connect.join(agent("zoe", name="Zoë Weiß"))
    site.connect.leave("id-bob")
    site.connect.rename("id-jdoe", "Jane Fox", iso(site.clock.now))
    site.run()
    assert [call(site, keys)[0] for keys in ("963", "934", "262", "363", "369")] == [
        "zoe",
        "zoe",
        "",
        "",
        "jdoe",
    ]


def test_somebody_is_left_out_by_a_tag_or_by_the_policy() -> None:
    rules = replace(policy(), teams=TeamPolicy(unlisted=frozenset({"BOB"})))
    connect = FakeConnect(
        [agent("ann", name="Ann", unlisted=True), agent("bob", name="Bob"), agent("cat", name="Cat")]
    )
    site = Site(connect, rules)
    site.run()
    assert [call(site, keys)[0] for keys in ("266", "262", "228")] == ["", "", "cat"]
    connect.join(agent("ann", name="Ann", modified=site.now))
    site.run()
    assert call(site, "266")[0] == "ann"


def test_a_name_of_one_person_is_forwarded_as_digits_are() -> None:
    site = named(jdoe="Jane Doe", bob="Bob Lee")
    site.table.seed(rows({"pk": "forwards", "sk": "now", "id-jdoe": f"id-bob {LATER}"}))
    found = by_name(site.book(), "526", site.now)
    said = answer("*526", found, by_name=True)
    assert (said["username"], said["forwarded_from"], said["name_1"]) == ("bob", "Jane Doe", "Jane Doe")


def test_a_sync_with_nothing_to_do_writes_no_names() -> None:
    site = named(jdoe="Jane Doe")
    before = site.table.wire.requests.copy()
    site.run()
    assert (site.table.wire.requests - before)["TransactWriteItems"] == 1  # its report
    assert (site.table.wire.requests - before)["GetItem"] <= 2


def test_only_the_rows_of_names_that_changed_are_written() -> None:
    site = named(**{f"a{each}": f"{each} Lee" for each in ("Ann", "Bob", "Cat", "Dot", "Eve")})
    before = {item["pk"]["S"]: item for item in site.table.items if item["sk"]["S"] == "people"}
    site.connect.join(agent("zoe", name="Zoe Xu"))
    site.run()
    after = {item["pk"]["S"]: item for item in site.table.items if item["sk"]["S"] == "people"}
    assert sorted(after.keys() - before.keys()) == ["names#963", "names#980"]


def test_nobody_is_an_answer_with_every_key() -> None:
    said = answer("", Reached())
    assert {key for key, value in said.items() if value} == {"found", "offered"}
    assert (said["found"], said["offered"], len(said)) == ("false", "false", 29)
