"""The invariants over the rows of a table, as the doctor judges them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.doctor.findings import Finding, Verdict, right, wrong
from bot.doctor.numbering import Numbering, check_numbers, unsettled
from core.aws.rows import Row
from core.models import ExtensionRange, iso

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
RANGE = ExtensionRange.parse("7000-7009")


def free(extension: str) -> Row:
    return {"pk": extension, "sk": "nu", "sk_value": extension}


def assigned(extension: str, agent_id: str, username: str = "jane") -> Row:
    return {"pk": extension, "sk": "agentID", "sk_value": username, "agent_id": agent_id}


def own(agent_id: str, extension: str) -> Row:
    return {"pk": f"user#{agent_id}", "sk": "extension", "sk_value": extension}


def sound() -> list[Row]:
    """Two assigned, one reserved, one held, and the other six free."""
    rows = [assigned("7000", "a"), own("a", "7000"), assigned("7001", "b", "joe"), own("b", "7001")]
    rows.append({"pk": "7002", "sk": "reserved", "sk_value": "front desk"})
    rows.append(dict(free("7003")) | {"held_until": iso(NOW + timedelta(days=1))})
    return [*rows, *(free(f"700{number}") for number in range(4, 10))]


def without(extension: str) -> list[Row]:
    return [row for row in sound() if row["pk"] != extension]


def checked(rows: list[Row]) -> dict[str, Finding]:
    return {finding.name: finding for finding in check_numbers(Numbering.of(rows), RANGE, NOW)}


def faulty(rows: list[Row]) -> set[str]:
    return {name for name, finding in checked(rows).items() if finding.verdict is Verdict.WRONG}


def test_a_sound_table_is_right_in_everything_and_its_states_add_up_to_the_range() -> None:
    found = checked(sound())
    assert {finding.verdict for finding in found.values()} == {Verdict.RIGHT}
    assert found["The whole range"].says == (
        "7000-7009: 6 free, 2 assigned, 1 held, 1 reserved; together 10."
    )


def test_rows_that_another_program_wrote_are_named() -> None:
    overwritten = [row for row in sound() if row["pk"] != "7001"] + [
        {"pk": "7001", "sk": "agentID", "sk_value": "max"}
    ]
    freed = [*without("7000"), free("7000")]
    for rows, extension in ((overwritten, "7001"), (freed, "7000")):
        finding = checked(rows)["One program"]
        assert (finding.verdict, extension in finding.says) == (Verdict.UNKNOWN, True)
    assert checked(without("7001"))["One program"].verdict is Verdict.RIGHT


def test_a_table_that_was_not_taken_over_yet_accuses_no_other_program() -> None:
    older = [{"pk": "7000", "sk": "agentID", "sk_value": "jane"}, *(free(f"700{n}") for n in range(1, 10))]
    assert checked(older)["One program"].verdict is Verdict.RIGHT


def test_assigned_numbers_outside_the_range_are_named() -> None:
    rows = [*sound(), assigned("0042", "c", "ann"), own("c", "0042")]
    assert "1 more lie outside it. Of those 1 are assigned, and stay so: 0042." in (
        checked(rows)["The whole range"].says
    )


def test_a_hold_that_is_over_counts_as_free() -> None:
    over = dict(free("7003")) | {"held_until": iso(NOW)}
    assert "7 free, 2 assigned, 0 held" in checked([*without("7003"), over])["The whole range"].says


@pytest.mark.parametrize("until", ["soon", "2026-12-24", "2026-12-24T00:00:00.5Z", ""])
def test_a_hold_whose_end_is_odd_is_named(until: str) -> None:
    odd = dict(free("7003")) | {"held_until": until}
    assert faulty([*without("7003"), odd]) == {"Ends of holds"}
    assert f"1 extension held until no time: 7003 ({until})" in (
        checked([*without("7003"), odd])["Ends of holds"].says
    )


def test_an_empty_table_asks_for_a_sync() -> None:
    (finding,) = check_numbers(Numbering.of([]), RANGE, NOW)
    assert finding.verdict is Verdict.WRONG
    assert "python -m bot sync" in finding.do


def test_an_extension_in_two_states_is_named_with_both() -> None:
    rows = [*sound(), free("7000")]
    assert faulty(rows) == {"One state each"}
    assert "7000 (assigned and free)" in checked(rows)["One state each"].says


def test_an_agent_with_two_extensions_is_named_by_them() -> None:
    rows = [*without("7004"), assigned("7004", "a")]
    assert "7000 and 7004" in checked(rows)["One number each"].says
    assert faulty(rows) == {"One number each", "Both rows agree"}


def test_two_rows_of_one_username_without_a_user_id_are_one_agent() -> None:
    old = [{"pk": pk, "sk": "agentID", "sk_value": "kim"} for pk in ("7004", "7005")]
    rows = [row for row in sound() if row["pk"] not in ("7004", "7005")]
    assert "7004 and 7005" in checked([*rows, *old])["One number each"].says


@pytest.mark.parametrize(
    "rows",
    [
        [row for row in sound() if row != own("a", "7000")],
        [*without("user#a"), own("a", "7004")],
        [*sound(), own("stranger", "7009")],
        [*without("7000"), {"pk": "7000", "sk": "agentID", "sk_value": "jane"}],
    ],
    ids=["no row of the agent's own", "it points elsewhere", "it points at a free one", "no user id"],
)
def test_rows_that_contradict_each_other_are_found(rows: list[Row]) -> None:
    assert faulty(rows) == {"Both rows agree"}


def test_a_row_that_the_index_misses_is_found() -> None:
    rows = [*without("7009"), {"pk": "7009", "sk": "nu"}]
    assert faulty(rows) == {"In the index"}


def test_a_lost_extension_is_named() -> None:
    assert faulty(without("7009")) == {"The whole range"}
    assert "1 extension in no state: 7009." in checked(without("7009"))["The whole range"].says


def test_of_many_offenders_the_first_five_are_named_and_all_are_counted() -> None:
    says = checked(sound()[:6])["The whole range"].says
    assert "6 extensions in no state: 7004, 7005, 7006, 7007, 7008 ..." in says


def test_extensions_outside_the_range_are_counted_beside_it() -> None:
    assert "1 more lie outside it." in checked([*sound(), free("9000")])["The whole range"].says


def test_rows_of_other_kinds_are_no_extensions() -> None:
    other = [{"pk": "sync", "sk": "lease"}, {"pk": "sync", "sk": "extension", "sk_value": "7000"}]
    assert checked([*sound(), *other]) == checked(sound())


def test_a_fault_seen_while_a_run_was_writing_is_no_verdict() -> None:
    assert unsettled(wrong("Name", "Says.", "Do.")).verdict is Verdict.UNKNOWN
    assert unsettled(right("Name", "Says.")) == right("Name", "Says.")


def test_the_example_of_a_lookup_is_an_assignment_that_nothing_contradicts() -> None:
    rows = [*sound(), free("7000")]
    example = Numbering.of(rows).example()
    assert example is not None
    assert example["pk"] == "7001"


def test_nobodys_number_is_free_or_none_at_all() -> None:
    assert Numbering.of(sound()).nobodys(RANGE) == "7002"
    assert Numbering.of(sound()).nobodys(ExtensionRange.parse("7000-7001")) == "99999"
