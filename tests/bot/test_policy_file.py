"""policy.yml as people write it, rightly and wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.policy_file import read_policy
from core.errors import BadSettings
from core.models import Agent, ExtensionRange, TeamPolicy

POOL = ExtensionRange.parse("7000-7999")
GOOD = """
ranges:
  - team: Claims
    range: 7000-7199
  - routing_profile: Sales
    range: 7200-7299
  - hierarchy_group: 87654321-id
    name: Berlin
    range: 7300-7399
reserved:
  - numbers: 7990-7999
    note: emergency lines
  - numbers: 7000
"""


def faults(text: str) -> list[str]:
    with pytest.raises(BadSettings) as raised:
        read_policy(text, POOL)
    return str(raised.value).splitlines()


def test_ranges_and_reserved_blocks_are_read_in_their_order() -> None:
    assert [*map(str, (policy := read_policy(GOOD, POOL)).ranges), *map(str, policy.reserved)] == [
        "team Claims: 7000-7199",
        "routing profile Sales: 7200-7299",
        "hierarchy group Berlin: 7300-7399",
        "reserved 7990-7999: emergency lines",
        "reserved 7000: reserved by the policy",
    ]


def test_the_first_range_that_matches_wins_whatever_the_case() -> None:
    policy = read_policy(GOOD, POOL)
    both = Agent("id-1", "jane", team="CLAIMS", routing_profile="Sales")
    found = policy.range_of(both)
    assert found is not None
    assert str(found.range) == "7000-7199"
    assert policy.range_of(Agent("id-2", "bob", hierarchy_group="87654321-id")) is policy.ranges[2]
    assert policy.range_of(Agent("id-3", "carl", team="Berlin")) is None


def test_a_reserved_number_has_its_note() -> None:
    policy = read_policy(GOOD, POOL)
    assert (policy.note_of("7995"), policy.note_of("7500")) == ("emergency lines", "")


@pytest.mark.parametrize(
    "text", ["", "# nothing yet\n", "---\n", "null\n", "ranges:\n", "ranges: []\nreserved:\n"]
)
def test_an_empty_file_asks_for_nothing(text: str) -> None:
    assert read_policy(text, POOL) == TeamPolicy()


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ranges: 7\n", "line 1: this has to be a list"),
        (
            "rangs:\n  - team: A\n",
            "line 1: `rangs` is not known here; known are queues, ranges",
        ),
        ("- 7\n", "line 1: this has to say queues and ranges and reserved and unlisted"),
        ("ranges:\n  - team: A\n", "line 2: `range` is missing"),
        ("ranges:\n  - range: 7000-7001\n", "line 2: name exactly one of"),
        ("ranges:\n  - team: A\n    routing_profile: B\n    range: 7000-7001\n", "line 2: name exactly one"),
        ("ranges:\n  - team: A\n    range: 8000-8001\n", "line 3: 8000-8001 is not inside the pool"),
        ("ranges:\n  - team: A\n    range: 70-71\n", "line 3: 70-71 is not inside the pool"),
        ("ranges:\n  - team: A\n    range: 7100-7000\n", "line 3: '7100-7000' runs backwards"),
        ("ranges:\n  - team: A\n    range: seven\n", "line 3: 'seven' is not a range"),
        ("ranges:\n  - team: [A]\n    range: 7000-7001\n", "line 2: this has to be one word or number"),
        ("ranges:\n  - team: A\n    range: [7000, 7001]\n", "line 3: this has to be one word or number"),
        ("ranges:\n  - team: A\n    range: 7000,7001\n", "line 3: '7000,7001' is not a range"),
        ("ranges:\n  - team: A\n    range: 7000\n    name:\n", "line 4: a word or a number is missing here"),
        (f"ranges:\n  - team: A\n    range: 7000\n    name: {'x' * 81}\n", "line 4: 81 characters"),
        (f"reserved:\n  - numbers: 7000\n    note: {'x' * 201}\n", "line 3: 201 characters"),
        ("reserved:\n  - numbers: 7000\n    note:\n", "line 3: a word or a number is missing here"),
        ("ranges:\n  - team: A\n    team: B\n    range: 7000\n", "line 3: `team` stands here twice"),
        ("ranges:\n\t- team: A\n", "line 2: this is not YAML: there is a tab. Indent with spaces."),
        ("ranges:\n  - team: A\n    range: 7000\nranges:\n", "line 4: `ranges` stands here twice"),
        ("ranges: *nowhere\n", "line 1: this is not YAML"),
    ],
)
def test_a_fault_is_told_by_its_line(text: str, fault: str) -> None:
    assert fault in faults(text)[0]


def test_ranges_that_share_numbers_are_refused_by_line() -> None:
    text = "ranges:\n  - team: A\n    range: 7000-7010\n  - team: B\n    range: 7010-7020\n"
    assert faults(text) == ["policy.yml, line 4: 7010-7020 shares numbers with line 2."]


def test_a_group_that_stands_twice_is_refused_since_its_second_range_would_never_be_used() -> None:
    text = "ranges:\n  - team: A\n    range: 7000-7010\n  - team: a\n    range: 7020-7030\n"
    assert faults(text) == ["policy.yml, line 4: team a stands in line 2 already, and the first range wins."]
    assert read_policy(text.replace("team: a", "routing_profile: a"), POOL).ranges[1].group == "a"


def test_a_range_is_written_with_the_dash_of_a_text_too() -> None:
    assert str(read_policy("reserved:\n  - numbers: 7000 – 7009\n", POOL).reserved[0].range) == "7000-7009"


def test_all_faults_are_told_at_once() -> None:
    assert len(faults("ranges:\n  - team: A\n  - range: 7000\nreserved:\n  - numbers: 1\n")) == 3


def said_of(text: str) -> str:
    try:
        return " ".join(map(str, read_policy(text, POOL).ranges))
    except BadSettings as error:
        return str(error)


@given(st.text(max_size=80))
def test_any_text_is_a_policy_or_a_fault_in_words(text: str) -> None:
    assert said_of(text) == "" or said_of(text).startswith("policy.yml")
