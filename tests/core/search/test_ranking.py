"""Search: who is found for what people type, and how sure it says it is."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.models import Assigned
from core.search.found import Certainty, Found
from core.search.index import SearchIndex
from core.search.ranking import search
from tests.core.rosters import entry, index_of

CROWD = (
    "Jane Doe",
    "Robert Smith",
    "Elizabeth Jones",
    "Sean Murphy",
    "Katherine Lee",
    "Søren Kierkegaard",
    "Patrick O'Brien",
    "José García López",
    "Mary-Ann Cole",
    "Jürgen Müller",
    "Łukasz Żuk",
    "Maria de la Cruz",
    "James Hayes",
    "Madonna",
    "王小明",
    "Ng Wei",
)
ANY_NAMES = st.lists(st.text(max_size=30), max_size=12)


def ask(query: str, *people: str | Assigned) -> Found:
    return search(index_of(*(people or CROWD)), query)


def test_half_a_character_as_the_terminal_passes_it_is_passed_over() -> None:
    assert ask("jane\udcff doe").matches[0].entry.name == "Jane Doe"


def names(found: Found) -> list[str]:
    return [match.entry.label for match in found.matches]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Jane Doe", "Jane Doe"),
        ("jane doe", "Jane Doe"),
        ("DOE JANE", "Jane Doe"),
        ("Doe, Jane", "Jane Doe"),
        ("jane", "Jane Doe"),
        ("doe", "Jane Doe"),
        ("soren", "Søren Kierkegaard"),
        ("Søren", "Søren Kierkegaard"),
        ("obrien", "Patrick O'Brien"),
        ("O’Brien", "Patrick O'Brien"),
        ("o brien", "Patrick O'Brien"),
        ("garcia jose", "José García López"),
        ("mary ann", "Mary-Ann Cole"),
        ("maryann cole", "Mary-Ann Cole"),
        ("muller", "Jürgen Müller"),
        ("mueller", "Jürgen Müller"),
        ("lukasz zuk", "Łukasz Żuk"),
        ("jane d", "Jane Doe"),
        ("j. doe", "Jane Doe"),
        ("hayes", "James Hayes"),
        ("madonna", "Madonna"),
        ("王小明", "王小明"),
        ("ng", "Ng Wei"),
        ("jane.doe", "Jane Doe"),
        ("@jane.doe", "Jane Doe"),
        ("JANE.DOE", "Jane Doe"),
        ("jane.doe@example.com", "Jane Doe"),
        ('"Doe, Jane"', "Jane Doe"),
        ("jane doe please", "Jane Doe"),
        ("Mr Hayes", "James Hayes"),
    ],
)
def test_what_names_one_person_is_sure(query: str, name: str) -> None:
    found = ask(query)
    assert (found.certainty, names(found)) == (Certainty.SURE, [name])


@pytest.mark.parametrize(
    ("query", "name", "because"),
    [
        ("jnae doe", "Jane Doe", "spelling"),
        ("jane dpe", "Jane Doe", "spelling"),
        ("janne doe", "Jane Doe", "spelling"),
        ("elizbeth jones", "Elizabeth Jones", "spelling"),
        ("madona", "Madonna", "spelling"),
        ("cathryn lee", "Katherine Lee", "sounds alike"),
        ("shawn murphy", "Sean Murphy", "nickname"),
        ("patrick obryan", "Patrick O'Brien", "sounds alike"),
        ("bob smith", "Robert Smith", "nickname"),
        ("robbie smith", "Robert Smith", "nickname"),
        ("liz jones", "Elizabeth Jones", "nickname"),
        ("liz", "Elizabeth Jones", "nickname"),
        ("pepe garcia", "José García López", "nickname"),
        ("eliz", "Elizabeth Jones", "name"),
        ("janes", "Jane Doe", "name"),
        ("delacruz", "Maria de la Cruz", "name"),
        ("robertsmith", "Robert Smith", "name"),
        ("jane marie doe", "Jane Doe", "name"),
        ("r s", "Robert Smith", "name"),
        ("brien", "Patrick O'Brien", "name"),
    ],
)
def test_what_only_comes_near_one_person_is_a_guess(query: str, name: str, because: str) -> None:
    found = ask(query)
    assert found.certainty is Certainty.GUESS
    assert (names(found)[0], found.matches[0].because) == (name, because)
    assert found.matches[0].score < 1


@pytest.mark.parametrize(
    "query", ["", "   ", "zork", "xylophone quux", "jane kierkenot", "!!!", "\u200b", "bob joness"]
)
def test_nothing_near_finds_nobody(query: str) -> None:
    assert ask(query) == Found(Certainty.NONE, ())


def test_a_nickname_is_found_the_other_way_round() -> None:
    found = ask("robert miller", "Bob Miller", "Jane Doe")
    assert (found.certainty, names(found)) == (Certainty.GUESS, ["Bob Miller"])


def test_a_first_name_that_three_people_have_lists_them() -> None:
    found = ask("jane", "Jane Doe", "Jane Smith", "Jane Adams", "Janet Hill")
    assert (found.certainty, names(found)) == (Certainty.SEVERAL, ["Jane Adams", "Jane Doe", "Jane Smith"])


def test_two_people_of_one_name_are_never_one_answer() -> None:
    found = ask("jane doe", "Jane Doe", entry("Jane Doe", "jdoe2", extension="0042"))
    assert found.certainty is Certainty.SEVERAL
    assert {match.entry.extension for match in found.matches} == {"0001", "0042"}


def test_a_whole_name_wins_over_longer_ones() -> None:
    found = ask("jane doe", "Jane Doe", "Jane Doerr", "Jane Ann Doe")
    assert (found.certainty, names(found)) == (Certainty.SURE, ["Jane Doe"])


def test_a_name_that_turned_round_is_another_lists_both_as_typed_first() -> None:
    found = ask("thomas james", "James Thomas", "Thomas James")
    assert (found.certainty, names(found)) == (Certainty.SEVERAL, ["Thomas James", "James Thomas"])


def test_names_that_differ_in_accents_alone_are_listed_as_typed_first() -> None:
    found = ask("josé garcía", "Jose Garcia", "José García")
    assert (found.certainty, names(found)) == (Certainty.SEVERAL, ["José García", "Jose Garcia"])


def test_initials_that_fit_two_people_list_both() -> None:
    found = ask("jane d", "Jane Doe", "Jane D'Arcy", "Jane Smith")
    assert (found.certainty, set(names(found))) == (Certainty.SEVERAL, {"Jane Doe", "Jane D'Arcy"})


def test_a_nickname_that_fits_two_people_lists_both() -> None:
    found = ask("bob", "Robert Smith", "Robert Jones", "Jane Doe")
    assert (found.certainty, names(found)) == (Certainty.SEVERAL, ["Robert Jones", "Robert Smith"])


def test_a_beginning_that_fits_two_people_lists_both() -> None:
    found = ask("kath", "Katherine Lee", "Kathleen Price", "Jane Doe")
    assert (found.certainty, set(names(found))) == (Certainty.SEVERAL, {"Katherine Lee", "Kathleen Price"})


def test_a_slip_that_fits_two_people_is_still_a_guess() -> None:
    found = ask("jnae doe", "Jane Doe", entry("Jane Doe", "jdoe2", extension="0042"))
    assert (found.certainty, len(found.matches)) == (Certainty.GUESS, 2)


def test_part_of_a_hyphenated_word_is_a_guess() -> None:
    assert ask("mary cole").certainty is Certainty.GUESS


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("robert jones", "Elizabeth Jones"),
        ("jane kierkegaard", "Søren Kierkegaard"),
        ("lexi ackermans", "Alexandra Ackermans"),
    ],
)
def test_a_rare_surname_with_another_first_name_is_a_guess_and_nothing_more(query: str, name: str) -> None:
    found = ask(query, *CROWD, "Alexandra Ackermans")
    assert (found.certainty, names(found)) == (Certainty.GUESS, [name])


def test_a_surname_of_many_with_another_first_name_names_nobody() -> None:
    assert ask("jane stone", *(f"{first} Stone" for first in ("Al", "Bo", "Cy", "Di", "Ed", "Flo"))) == Found(
        Certainty.NONE
    )


def test_a_surname_in_s_is_found_before_a_possessive_is_thought_of() -> None:
    found = ask("james", "James Hayes", "Jame Smith")
    assert (found.certainty, names(found)) == (Certainty.SURE, ["James Hayes"])


def test_polite_words_are_part_of_a_name_that_has_them() -> None:
    found = ask("grace please", "Grace Please", "Grace Hopper")
    assert (found.certainty, names(found)) == (Certainty.SURE, ["Grace Please"])


@pytest.mark.parametrize("query", ["jdoe", "@jdoe", "JDOE", "jdoe@example.com"])
def test_a_username_is_an_answer(query: str) -> None:
    found = ask(query, entry("Jane Doe", "jdoe"), entry("John Doe", "jdoe2", extension="0002"))
    assert (found.certainty, names(found)) == (Certainty.SURE, ["Jane Doe"])
    assert found.matches[0].because == "username"


@pytest.mark.parametrize("query", ["jane.doe@example.com", "jane.doe"])
def test_a_username_that_is_an_email_is_found_whole_and_by_its_local_part(query: str) -> None:
    assert ask(query, entry("J. D.", "jane.doe@example.com")).certainty is Certainty.SURE


def test_a_username_comes_before_an_email_that_begins_with_it() -> None:
    found = ask("jane", entry("A B", "jane@example.com"), entry("C D", "jane", extension="0002"))
    assert (found.certainty, names(found)) == (Certainty.SEVERAL, ["C D", "A B"])


def test_an_email_of_another_domain_is_a_guess() -> None:
    assert (
        ask("jane.doe@elsewhere.com", entry("Jane Doe", "jane.doe@example.com")).certainty is Certainty.GUESS
    )


def test_an_email_that_only_looks_like_the_name_is_a_guess() -> None:
    found = ask("jane.doe@example.com", entry("Jane Doe", "a1234"))
    assert (found.certainty, names(found)) == (Certainty.GUESS, ["Jane Doe"])


def test_a_username_that_is_somebody_elses_first_name_lists_both() -> None:
    found = ask("jane", entry("John Smith", "jane"), entry("Jane Doe", "jdoe", extension="0002"))
    assert (found.certainty, names(found)) == (Certainty.SEVERAL, ["John Smith", "Jane Doe"])


def test_who_has_no_name_is_found_by_the_words_of_the_username() -> None:
    found = ask("jane doe", entry("", "jane.doe"))
    assert (found.certainty, names(found)) == (Certainty.SURE, ["jane.doe"])


def test_a_slip_in_a_username_is_a_guess() -> None:
    found = ask("jdeo", entry("", "jdoe"))
    assert (found.certainty, names(found)) == (Certainty.GUESS, ["jdoe"])


def test_a_list_ends_at_fifty() -> None:
    people = [
        entry(f"Jane {chr(65 + number // 26)}x{chr(97 + number % 26)}", extension=f"{number:04}")
        for number in range(80)
    ]
    found = ask("jane", *people)
    assert (found.certainty, len(found.matches)) == (Certainty.SEVERAL, 50)


def test_an_empty_directory_has_nobody() -> None:
    assert search(SearchIndex([]), "jane").certainty is Certainty.NONE


def test_a_text_longer_than_any_name_finds_nobody() -> None:
    assert ask("jane doe " * 300).certainty is Certainty.NONE


def test_a_search_by_the_name_itself_loads_none_of_the_heavy_libraries() -> None:
    program = (
        "import sys\n"
        "from tests.core.rosters import index_of\n"
        "from core.search.ranking import search\n"
        "assert search(index_of('Jane Doe'), 'jane').matches\n"
        "print({'rapidfuzz', 'jellyfish', 'nicknames'} & set(sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "set()"


@settings(deadline=None)
@given(query=st.text(max_size=60))
def test_any_text_gets_an_answer(query: str) -> None:
    found = ask(query)
    assert (found.certainty is Certainty.NONE) == (not found.matches)


@settings(deadline=None, max_examples=30)
@given(query=st.text(alphabet="ab .@'-,\u0301\u00df", min_size=500, max_size=3000))
def test_any_long_text_gets_an_answer(query: str) -> None:
    assert ask(query, "Aba Bab", "A B", entry("", "a.b@a")).certainty in Certainty


@settings(deadline=None)
@given(people=ANY_NAMES, query=st.text(max_size=30))
def test_people_of_any_name_can_be_searched(people: list[str], query: str) -> None:
    found = ask(query, *people) if people else search(SearchIndex([]), query)
    assert len({id(match.entry) for match in found.matches}) == len(found.matches)
    assert all(0 <= match.score <= 1 for match in found.matches)


@settings(deadline=None)
@given(people=ANY_NAMES.filter(bool))
@example(people=["A\x85"])  # not of ASCII, but for its spaces
@example(people=["\n{"])
def test_everybody_is_found_by_the_full_name(people: list[str]) -> None:
    index = index_of(
        *(entry(name, f"u{number}", extension=str(number)) for number, name in enumerate(people))
    )
    for name in filter(str.strip, people):
        found = search(index, name)
        assert found.certainty in {Certainty.SURE, Certainty.SEVERAL}
        assert found.matches[0].entry.name.casefold().split() == name.casefold().split()


@settings(deadline=None)
@given(
    people=st.lists(
        st.sampled_from(["Ann", "Anna", "Lee", "Li", "Jo Lee", "Lee Jo", "J Lee", "Ann-Li"]), min_size=2
    )
)
def test_sure_is_said_of_one_person_alone(people: list[str]) -> None:
    index = index_of(
        *(entry(name, f"u{number}", extension=str(number)) for number, name in enumerate(people))
    )
    for name in people:
        assert (search(index, name).certainty is Certainty.SURE) <= (people.count(name) == 1)


@pytest.mark.parametrize(
    "query",
    [
        "Jane Doe, PhD",
        "Jane Doe (she/her)",
        ":wave: jane doe",
        "jane doe \N{WAVING HAND SIGN}",
        "Dr. Jane Doe",
        "Frau Doe",
        "Jane Doe | Sales",
        "Jane Doe - on leave",
        "jane doe [claims]",
        "\N{LEFT DOUBLE QUOTATION MARK}jane doe\N{RIGHT DOUBLE QUOTATION MARK}",
        "Jane Doe\nHead of Sales",
        "is jane doe free right now?",
        "tell jane doe I'm late",
        "Wie ist die Durchwahl von Jane Doe?",
        "Quel est le numéro de Jane Doe ?",
        "jane doe is on 0042",
        "ask jane.doe about it",
    ],
)
def test_what_stands_around_a_name_does_not_hide_it(query: str) -> None:
    found = ask(query)
    assert (found.certainty, names(found)) == (Certainty.SURE, ["Jane Doe"])


@pytest.mark.parametrize(
    "query", ["jane doe's manager", "who covers for jane doe", "jane doe instead of kierkegaard"]
)
def test_what_is_left_over_beside_a_name_may_name_somebody_else(query: str) -> None:
    assert ask(query).certainty is Certainty.GUESS


def test_full_names_in_a_text_go_before_a_surname_at_its_end() -> None:
    assert set(names(ask("1. jane doe 2. robert smith"))) == {"Jane Doe", "Robert Smith"}
    assert ask("help jane doe").matches[0].because == "name"


def test_two_full_names_in_a_text_are_both_listed() -> None:
    found = ask("please tell jane doe and robert smith")
    assert (found.certainty, set(names(found))) == (Certainty.SEVERAL, {"Jane Doe", "Robert Smith"})


@pytest.mark.parametrize("cheers", ["constance cheers", "cheers constance"])
def test_a_polite_word_that_is_a_surname_here_makes_nobody_sure(cheers: str) -> None:
    assert ask(cheers, "Constance Capurso", "Jane Doe").certainty is Certainty.SURE
    assert ask(cheers, "Constance Capurso", "Blake Cheers").certainty is not Certainty.SURE


def test_a_polite_word_beside_a_full_name_is_only_polite() -> None:
    assert ask("hi jane doe", "Jane Doe", "Hi Nguyen").certainty is Certainty.SURE


BILLING = (
    entry("Jane Doe", team="Billing", extension="0001"),
    entry("Jane Roe", team="Claims", extension="0002"),
    entry("Bob Stone", team="Billing", extension="0003"),
    entry("Ada Long", team="Front Desk", extension="0004"),
)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("jane from billing", "Jane Doe"),
        ("jane claims", "Jane Roe"),
        ("Jane (Claims)", "Jane Roe"),
        ("the jane in the billing team", "Jane Doe"),
        ("billing jane", "Jane Doe"),
        ("ada at the front desk", "Ada Long"),
    ],
)
def test_a_name_and_a_team_name_one_person(query: str, name: str) -> None:
    found = ask(query, *BILLING)
    assert (found.certainty, names(found)) == (Certainty.SURE, [name])


def test_somebody_of_another_team_is_only_a_guess() -> None:
    found = ask("bob from claims", *BILLING)
    assert (found.certainty, names(found)) == (Certainty.GUESS, ["Bob Stone"])


@pytest.mark.parametrize("query", ["billing", "the Billing team", "everybody in billing"])
def test_a_team_lists_its_people(query: str) -> None:
    found = ask(query, *BILLING)
    assert (found.certainty, names(found), found.team) == (
        Certainty.SEVERAL,
        ["Bob Stone", "Jane Doe"],
        "Billing",
    )


def test_a_beginning_comes_before_a_sound() -> None:
    assert names(ask("ja", "Pedro Ja", "Jane Doe", "Xa Vier"))[0] == "Pedro Ja"
    assert names(ask("jon", "Joan Doe", "Jonas Smith"))[0] == "Jonas Smith"


@pytest.mark.parametrize("query", ["merci", "chris", "ok", "liam"])
def test_a_far_resemblance_is_no_match(query: str) -> None:
    assert (
        ask(query, "Mary-Ann Cole", "Marc Okafo", "William Baker", "Mary Ann Stone").certainty
        is not Certainty.SEVERAL
    )


@pytest.mark.parametrize("query", ["jane oe", "jnea deo", "jan edeo", "ebogna moya", "josko ozitmc"])
def test_two_slips_are_found_as_a_guess(query: str) -> None:
    found = ask(query, "Jane Doe", "Begoña Moya", "Joško Ozimec")
    assert (found.certainty, len(found.matches)) == (Certainty.GUESS, 1)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("zander smith", "Alexander Smith"),
        ("lexi smith", "Alexandra Smith"),
        ("cole smith", "Nicholas Smith"),
    ],
)
def test_beside_a_common_surname_the_first_names_that_share_most_letters_are_guessed(
    typed: str, meant: str
) -> None:
    smiths = [f"{first} Smith" for first in ("Bob", "Ruth", "Tim", "Guy", "Kurt", "Hugh", "Judy", "Boris")]
    found = ask(typed, *smiths, "Nicholas Smith", "Alexander Smith", "Alexandra Smith")
    assert found.certainty is Certainty.GUESS
    assert meant in names(found)[:5]


def test_a_first_name_unlike_all_others_of_a_common_surname_is_no_guess() -> None:
    smiths = [f"{first} Smith" for first in ("Bob", "Ruth", "Tim", "Guy", "Kurt", "Hugh", "Judy", "Boris")]
    assert ask("xiomara smith", *smiths, "Ann Smith", "Abel Smith", "Finn Smith") == Found(Certainty.NONE)


def test_a_name_that_many_have_as_a_word_is_found_where_it_is_somebody_s_whole_name() -> None:
    found = ask("kim", *(f"Kim Number{number}" for number in range(100)), "KIM")
    assert names(found)[0] == "KIM"


@pytest.mark.parametrize("query", ["min page in claims", "will al sales be in today"])
def test_a_word_that_is_somebodys_name_beside_a_team_makes_it_a_guess(query: str) -> None:
    people = (
        entry("Min Boss", team="Claims", extension="0001"),
        entry("Min Page", team="Sales", extension="0002"),
        entry("Will King", team="Sales", extension="0003"),
        entry("Be Sales", extension="0004"),
    )
    assert ask(query, *people).certainty is Certainty.GUESS


def test_a_word_before_a_name_is_not_the_surname_of_another() -> None:
    found = ask("please talk to bob free today", "Bob To", "Bob Free")
    assert (found.certainty, names(found)) == (Certainty.SURE, ["Bob Free"])


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("hewes", "Anna Hughes"),
        ("meier", "Tom Mayer"),
        ("lester", "Ann Leicester"),
        ("stephens", "Bob Stevens"),
    ],
)
def test_a_word_that_sounds_like_a_rare_surname_is_a_guess(query: str, name: str) -> None:
    found = ask(query, "Anna Hughes", "Tom Mayer", "Ann Leicester", "Bob Stevens", "Jane Doe")
    assert (names(found), found.certainty) == ([name], Certainty.GUESS)


def test_a_surname_that_many_have_is_not_found_by_its_sound() -> None:
    assert (
        names(ask("hewes", *(f"{first} Hughes" for first in ("Ann", "Bob", "Cy", "Dan", "Eve", "Flo")))) == []
    )


@pytest.mark.parametrize("query", ["xander poe", "topher roe", "nell fox", "gus lang"])
def test_a_short_name_from_any_list_finds_the_long_one(query: str) -> None:
    crowd = ("Alexander Poe", "Christopher Roe", "Eleanor Fox", "Gustavo Lang")
    (name,) = (each for each in crowd if each.endswith(query.split()[1].title()))
    assert names(ask(query, *crowd)) == [name]


def test_a_nickname_beside_a_surname_is_one_guess() -> None:
    found = ask("bob kim", "Robert Kim", "Mia Kim", "Jane Kim")
    assert (names(found), found.certainty) == (["Robert Kim"], Certainty.GUESS)


@pytest.mark.parametrize(
    "query", ["Jane Doe-san", "jane doe ji", "jane doe sahib", "sensei jane doe", "Jane Doe씨"]
)
def test_a_courtesy_is_no_name(query: str) -> None:
    found = ask(query)
    assert (names(found), found.certainty) == (["Jane Doe"], Certainty.SURE)
