from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

import pytest
from msgspec.structs import replace

from sandbox.aws.connect_users import Instance, Person
from sandbox.aws.sample_people import people
from tests.stand_ins.connect import modify


def name(person: Person) -> str:
    return f"{person.first_name} {person.last_name}".strip()


def test_the_same_people_come_every_time() -> None:
    assert people(500) == people(500)


def test_another_seed_gives_other_people() -> None:
    assert people(100, seed=1) != people(100, seed=2)


def test_a_longer_list_begins_with_the_shorter_one() -> None:
    assert people(500)[:30] == people(30)


@pytest.mark.parametrize("count", [0, 1, 500, 10_000])
def test_usernames_emails_and_ids_are_unique(count: int) -> None:
    found = people(count)
    assert len({person.username.casefold() for person in found}) == count
    assert len({person.email.casefold() for person in found}) == count
    assert len({UUID(person.id) for person in found}) == count


def test_more_people_than_names_still_have_usernames_of_their_own() -> None:
    found = people(30_000)
    assert len({person.username.casefold() for person in found}) == 30_000


def test_there_are_three_janes_and_one_is_jane_doe() -> None:
    janes = [person for person in people(500) if "jane" in f"{name(person)} {person.username}".casefold()]
    assert len(janes) == 3
    assert [(jane.username, jane.email) for jane in janes if name(jane) == "Jane Doe"] == [
        ("jdoe", "jane.doe@example.com")
    ]


def test_two_people_have_one_name() -> None:
    repeated = {name: count for name, count in Counter(map(name, people(500))).items() if count > 1}
    assert repeated == {"Maria Rossi": 2}


@pytest.mark.parametrize("awkward", ["Søren", "José", "Zoë", "Łukasz", "O'Brien", "Anne-Marie"])
def test_awkward_names_are_among_them(awkward: str) -> None:
    assert any(awkward in name(person) for person in people(20))


def test_one_word_names_long_names_and_usernames_like_emails_are_among_them() -> None:
    found = people(500)
    assert any(person.last_name == "" for person in found)
    assert max(len(name(person)) for person in found) > 70
    assert 10 < sum("@" in person.username for person in found) < 100


def test_emails_and_usernames_are_plain() -> None:
    assert all((person.email + person.username).isascii() for person in people(500))


def test_every_modification_is_in_the_past_and_none_depends_on_the_clock() -> None:
    moments = [person.modified for person in people(10_000)]
    assert datetime(2024, 1, 1, tzinfo=UTC) <= min(moments)
    assert max(moments) < datetime(2026, 7, 1, tzinfo=UTC)


def test_finding_ignores_case() -> None:
    assert Instance(people(20)).find("JDoe").last_name == "Doe"


def test_finding_nobody_raises() -> None:
    with pytest.raises(LookupError, match="nobody"):
        Instance(people(20)).find("nobody")


def test_somebody_who_joins_comes_last() -> None:
    *others, newcomer = people(21)
    instance = Instance(others)
    instance.join(newcomer)
    assert instance.people == [*others, newcomer]


def test_a_username_is_taken_in_any_case() -> None:
    instance = Instance(people(20))
    with pytest.raises(ValueError, match="JDOE"):
        instance.join(replace(people(21)[20], username="JDOE"))


def test_somebody_who_left_can_come_back_as_another_user() -> None:
    jane, *others = people(20)
    instance = Instance([jane, *others])
    instance.leave(jane.id)
    returned = replace(jane, id="00000000-0000-4000-8000-000000000000")
    instance.join(returned)
    assert instance.people == [*others, returned]


def test_a_rename_is_a_modification_and_keeps_the_place() -> None:
    now = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    instance = Instance(people(3), now=lambda: now)
    instance.rename(people(3)[1].id, "Joan", "Smith")
    assert instance.people[1] == replace(people(3)[1], first_name="Joan", last_name="Smith", modified=now)


def test_a_status_is_no_modification() -> None:
    instance = Instance(people(3))
    instance.set_status(people(3)[1].id, "Lunch")
    assert instance.people[1] == replace(people(3)[1], status="Lunch")


def test_every_modify_changes_as_many_names_as_asked() -> None:
    instance = Instance(people(10))
    for _ in range(3):
        before = instance.people
        modify(instance, 4)
        changed = [name(old) != name(new) for old, new in zip(before, instance.people, strict=True)]
        assert changed == [True] * 4 + [False] * 6


@pytest.mark.parametrize("method", ["leave", "rename", "set_status"])
def test_nobody_to_change_raises(method: str) -> None:
    arguments = {"leave": (), "rename": ("Jane", "Doe"), "set_status": ("Lunch",)}[method]
    with pytest.raises(KeyError):
        getattr(Instance(people(3)), method)("no-such-user", *arguments)
