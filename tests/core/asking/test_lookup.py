"""Lookups: people are found in the cache, numbers are read when asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from core.asking.lookup import Lookup, Member
from core.asking.questions import AskPerson
from core.errors import Unavailable
from core.models import Assigned, ChangeKind, Directory, ExtensionRange, Free, Held, HistoryEntry, State
from core.ports import ConsistentRead
from core.search.found import Certainty

POOL = ExtensionRange.parse("0000-0099")
JANE = Assigned("0042", "id-jane", "jdoe", name="Jane Doe")
BOB = Assigned("0043", "id-bob", "bob@example.com", name="Bob Stone")


@dataclass
class World:
    """A table and its export; counts what is asked of each."""

    rows: dict[str, State] = field(default_factory=dict)
    version: str = "v1"
    exported: Directory | None = None
    asked: list[str] = field(default_factory=list)
    bucket_is_gone: bool = False
    lost: list[HistoryEntry] = field(default_factory=list)

    def losses(self, since: datetime) -> list[HistoryEntry]:
        self.asked.append("losses")
        return self.lost

    def of_agent(self, agent_id: str) -> Assigned | None:
        self.asked.append("of_agent")
        assigned = (row for row in self.rows.values() if isinstance(row, Assigned))
        return next((row for row in assigned if row.agent_id == agent_id), None)

    def read_consistent(self, extensions: Sequence[str]) -> ConsistentRead:
        self.asked.append("read_consistent")
        return ConsistentRead(tuple(self.rows.get(each, Free(each)) for each in extensions), self.version)

    def directory(self) -> Directory:
        self.asked.append("directory")
        entries = tuple(row for row in self.rows.values() if isinstance(row, Assigned))
        return Directory(entries, self.version, "2026-11-22T00:00:00Z")

    def exported_directory(self) -> Directory | None:
        self.asked.append("exported")
        if self.bucket_is_gone:
            raise Unavailable("The bucket is gone.")
        return self.exported


def world(*assigned: Assigned) -> World:
    here = World({row.extension: row for row in assigned})
    here.exported = here.directory()
    here.asked.clear()
    return here


def lookup(here: World) -> Lookup:
    return Lookup(here, here, POOL)  # type: ignore[arg-type]


def numbers(here: World, query: str) -> list[str]:
    return [match.entry.extension for match in lookup(here).people(query).matches]


def test_a_person_is_found_with_their_number() -> None:
    assert numbers(world(JANE, BOB), "jane") == ["0042"]


def test_a_cold_lookup_reads_the_export_and_the_row_a_warm_one_only_the_row() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    assert here.asked == ["exported", "read_consistent"]
    lookups.people("jane")
    assert here.asked == ["exported", "read_consistent", "read_consistent"]


def test_a_number_in_other_words_is_told_in_two_requests() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.asked.clear()
    lookups.number("0042", "ext. 0042")
    assert here.asked == ["read_consistent", "read_consistent"]


@pytest.mark.guarantee(6)
def test_a_number_is_the_tables_not_the_caches() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows = {"0050": replace(JANE, extension="0050")}
    here.version = "v2"
    assert [match.entry.extension for match in lookups.people("jane").matches] == ["0050"]


@pytest.mark.guarantee(6)
def test_the_next_question_after_a_sync_knows_the_new_name() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows, here.version = {"0042": replace(JANE, name="Jane Roe")}, "v2"
    assert lookups.people("jane roe").certainty is Certainty.SURE


@pytest.mark.guarantee(6)
def test_a_number_that_went_to_somebody_else_is_not_given() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows = {"0042": replace(BOB, extension="0042")}
    assert lookups.people("jane").certainty is Certainty.NONE


@pytest.mark.guarantee(6)
def test_without_a_version_nothing_cached_is_believed() -> None:
    here = world(JANE)
    here.version = ""
    lookups = lookup(here)
    lookups.people("jane")
    here.rows["0043"] = BOB
    assert lookups.people("bob").certainty is not Certainty.NONE


def test_a_bucket_that_is_gone_does_not_keep_people_from_their_numbers() -> None:
    here = world(JANE)
    here.bucket_is_gone = True
    assert numbers(here, "jane") == ["0042"]


def test_numbers_are_asked_with_and_without_zeros() -> None:
    lookups = lookup(world(JANE))
    assert [lookups.number(digits).state for digits in ("42", "0042")] == [JANE, JANE]


def test_a_number_that_nobody_has_says_in_which_state_it_is() -> None:
    here = world(JANE)
    here.rows["0044"] = hold = Held("0044", "2026-12-01T00:00:00Z", "2026-11-01T00:00:00Z", username="x")
    assert [lookup(here).number(digits).state for digits in ("43", "44", "100", "x")] == [
        Free("0043"),
        hold,
        None,
        None,
    ]


@pytest.mark.guarantee(6)
def test_digits_are_looked_up_as_typed_before_they_are_filled_with_zeros() -> None:
    wide = ExtensionRange.parse("00000-00999")
    here = world(JANE, replace(BOB, extension="00042"))
    lookups = Lookup(here, here, wide)  # type: ignore[arg-type]
    asked = ("0042", "00042", "42", "0043")
    assert [lookups.number(digits).state for digits in asked] == [
        JANE,
        replace(BOB, extension="00042"),
        replace(BOB, extension="00042"),
        Free("00043"),
    ]


def test_a_number_of_more_digits_than_the_range_is_told_if_somebody_has_it() -> None:
    lookups = lookup(world(replace(JANE, extension="00042")))
    assert lookups.number("00042").state == replace(JANE, extension="00042")
    assert lookups.number("00043").state is None


@pytest.mark.guarantee(6)
def test_a_row_that_another_program_wrote_for_somebody_else_confirms_nobody() -> None:
    here = world(replace(JANE, agent_id=""), BOB)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows["0042"] = Assigned("0042", "", "carl")
    assert lookups.people("jane").matches == ()


def test_a_row_without_a_user_id_confirms_the_agent_of_its_username() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows["0042"] = Assigned("0042", "", "JDoe")
    assert [match.entry.username for match in lookups.people("jane").matches] == ["JDoe"]


def test_after_a_change_the_export_of_that_version_is_read_and_not_the_index() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows["0043"], here.version = BOB, "v2"
    here.exported = here.directory()
    here.asked.clear()
    assert [match.entry for match in lookups.people("bob").matches] == [BOB]
    assert here.asked == ["read_consistent", "exported", "read_consistent"]


def test_while_the_export_is_older_than_the_change_the_index_is_read() -> None:
    here = world(JANE)
    lookups = lookup(here)
    lookups.people("jane")
    here.rows["0043"], here.version = BOB, "v2"
    here.asked.clear()
    assert [match.entry for match in lookups.people("bob").matches] == [BOB]
    assert here.asked == ["read_consistent", "exported", "directory", "read_consistent"]


def test_an_assigned_number_outside_the_range_is_still_told() -> None:
    outside = replace(JANE, extension="0500")
    assert lookup(world(outside)).number("500").state == outside


def agent_of(member: Member, *entries: Assigned, **emails: str) -> Assigned | None:
    lookups = lookup(world(*entries))
    (found,) = lookups.current(
        lambda index: [lookups.member(member, index, lambda each: emails.get(each, ""))]
    )
    return found


def test_my_number_is_found_by_a_username_that_is_my_email() -> None:
    assert agent_of(Member("Bob@Example.com", "Robert Stone"), JANE, BOB) == BOB


def test_my_number_is_found_by_name_when_connect_has_my_email() -> None:
    emails = {"id-jane": "jane.doe@example.com"}
    assert agent_of(Member("jane.doe@example.com", "Jane Doe"), JANE, BOB, **emails) == JANE


@pytest.mark.parametrize("email", ["jane.other@example.com", ""])
def test_somebody_of_my_name_without_my_email_is_not_me(email: str) -> None:
    assert agent_of(Member("jane.doe@example.com", "Jane Doe"), JANE, **{"id-jane": email}) is None


def test_without_an_email_nobody_is_me() -> None:
    assert agent_of(Member("", "Jane Doe"), JANE, **{"id-jane": ""}) is None


def test_the_people_of_several_names_are_read_at_once() -> None:
    here = world(JANE, BOB)
    lookups = lookup(here)
    lookups.people("jane")
    here.asked.clear()
    found = lookups.people_of(
        [AskPerson("bob", "bob"), AskPerson("jane", "jane"), AskPerson("nobody", "nobody")]
    )
    assert [people.sure for people in found] == [BOB, JANE, None]
    assert [people.query for people in found] == ["bob", "jane", "nobody"]
    assert here.asked == ["read_consistent"]


def test_several_numbers_are_read_at_once() -> None:
    here = world(JANE)
    found = lookup(here).numbers(["42", "0043", "99999"])
    assert [number.state for number in found] == [JANE, Free("0043"), None]
    assert here.asked == ["read_consistent"]


NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


def lost(row: Assigned, before: str = "") -> HistoryEntry:
    """The line of somebody who left, or who was renamed where `before` is the old name."""
    kind = ChangeKind.RELABELLED if before else ChangeKind.RELEASED
    at = "2026-11-22T09:00:00Z"
    return HistoryEntry(
        kind, row.extension, row.username, row.name, at, "schedule", "r", before, row.agent_id
    )


def test_what_became_of_people_is_read_in_one_request_beside_the_history() -> None:
    alba = Assigned("0050", "id-alba", "adav", name="Alba Davis")
    here = world(JANE, BOB)
    here.lost = [lost(alba), lost(JANE, "Alba Roe")]
    here.rows["0050"] = held = Held("0050", "2999-01-01T00:00:00Z", "", "id-alba", "adav", "Alba Davis")
    lookups = lookup(here)
    lookups.directory()
    here.asked.clear()
    assert [(each.name, each.now, each.held) for each in lookups.former("alba", NOW)] == [
        ("Alba Roe", JANE, None),
        ("Alba Davis", None, held),
    ]
    assert here.asked == ["losses", "read_consistent"]


def test_a_hold_that_is_over_is_no_hold_of_who_left() -> None:
    alba = Assigned("0050", "id-alba", "adav", name="Alba Davis")
    here = world(JANE)
    here.lost = [lost(alba)]
    here.rows["0050"] = Held("0050", "2026-11-22T09:30:00Z", "", "id-alba", "adav", "Alba Davis")
    assert [(each.name, each.held) for each in lookup(here).former("alba", NOW)] == [("Alba Davis", None)]


def test_who_was_renamed_and_has_just_moved_is_told_with_the_number_of_this_moment() -> None:
    here = world(JANE)
    here.lost = [lost(JANE, "Wilhelmina Roe")]
    lookups = lookup(here)
    lookups.directory()
    moved = replace(JANE, extension="0077")
    here.rows = {"0077": moved}
    assert [each.now for each in lookups.former("wilhelmina roe", NOW)] == [moved]
