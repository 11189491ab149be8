"""Answers, and the part of them that a guest of the workspace may read."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from core.asking.answering import Answer, NotSynced, Past, Reason, Several, Unknown, cut_down
from core.asking.former import Former
from core.asking.lookup import Number, People
from core.asking.questions import Ask, AskDirectory
from core.models import Agent, Assigned, Free
from core.search.found import Certainty, Match

JANE, BOB = Assigned("01", "id-jane", "jdoe"), Assigned("02", "id-bob", "bob")
NOBODY = People("x", Certainty.NONE, (), 0)
ONE = People("jane", Certainty.SURE, (Match(JANE, 1.0, "name"),), 1)
TWO = replace(ONE, certainty=Certainty.SEVERAL, matches=(*ONE.matches, Match(BOB, 1.0, "name")), total=2)
LEFT = Former("Ann Lee", "03", "2026-11-01T00:00:00Z")
NEW = Agent("id-new", "new")


@pytest.mark.parametrize(
    "answer",
    [
        ONE,
        Number("01", JANE),
        Number("03", Free("03"), called=(BOB,)),
        Unknown(),
        Past((LEFT,), NOBODY),
        NotSynced((NEW,), NOBODY),
        Ask.HELP,
    ],
)
def test_a_guest_reads_all_that_is_about_one_person(answer: Answer) -> None:
    assert cut_down(answer, openly=False) is answer


@pytest.mark.parametrize(
    "answer",
    [
        TWO,
        Number("03", Free("03"), called=(JANE, BOB)),
        Several((ONE, Number("02", BOB))),
        Past((LEFT, LEFT), NOBODY),
        AskDirectory(),
    ],
)
def test_a_guest_who_asks_for_several_is_asked_for_one(answer: Answer) -> None:
    assert cut_down(answer, openly=False) is Reason.ONE_AT_A_TIME


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Number("01", JANE, called=(JANE, BOB)), Number("01", JANE)),
        (Unknown((JANE, BOB), own=True), Unknown(own=True)),
        (NotSynced((NEW,), ONE), NotSynced((NEW,), replace(ONE, matches=()))),
    ],
)
def test_a_guest_is_not_told_who_else_is_called_so(answer: Answer, told: Answer) -> None:
    assert cut_down(answer, openly=False) == told


@pytest.mark.parametrize(
    "answer",
    [
        Past((LEFT,), ONE),
        NotSynced((NEW, NEW), NOBODY),
        Several((TWO, Number("03", Free("03"))), beside=True),
    ],
)
def test_of_some_answers_a_guest_gets_the_next_best(answer: Answer) -> None:
    assert cut_down(answer, openly=False) is None


def test_where_others_read_along_the_offer_of_the_directory_is_for_all_of_them() -> None:
    assert cut_down(AskDirectory(), openly=True) == AskDirectory()
