"""Questions: what somebody typed, in a command or in plain words, and what it asks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.asking.questions import (
    Ask,
    AskDirectory,
    AskMember,
    AskNumber,
    AskPerson,
    AskSeveral,
    Question,
    WantChange,
)
from core.asking.reading import exact, understand
from core.search.found import Certainty
from core.search.ranking import search
from tests.core.rosters import index_of

NAMES = [
    "Jane Doe",
    "Will May",
    "Can Yılmaz",
    "O'Brien",
    "Søren Kierkegaard",
    "Hi Nguyen",
    "James",
    "Doe, Jane",
    "jdoe",
    "An Do",
]
FRAMES = [
    "what is {}'s extension?",
    "hey, what's {}'s ext?",
    "What’s {}’s number please",
    "can you give me the number for {} please",
    "could you please look up the extension of {}?",
    "how do i reach {}",
    "I'm looking for {}",
    "which extension is {} on?",
    "does {} have an extension?",
    "who is {}?",
    "tell me {}'s extension number, thanks",
    "I want to know what {}'s extension is",
    "put me through to {}",
    "do you know {}'s direct number",
    "{}'s ext pls",
    "{}, what's her extension?",
    "ext for {}",
    "find {}",
    "@{}",
    "*{}*",
    '"{}"',
    "{}",
    "hello! {}?",
]
WORDS_OF_QUESTIONS = """
what's who is at the for of jane's janes ext number please will may can do hi mine help 42 <@U1> @jane " , ? '
"""
WORDS = st.sampled_from(WORDS_OF_QUESTIONS.split())


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("name", NAMES)
def test_a_name_is_found_in_a_question(frame: str, name: str) -> None:
    assert understand(frame.format(name)) == AskPerson(name)


@pytest.mark.parametrize(
    "name", ["May", "Will", "Ext", "Grace Please", "Will Smith", "Mine Yilmaz", "Help Jones", "Are Hansen"]
)
def test_a_name_that_is_also_a_word_is_a_name(name: str) -> None:
    assert understand(name) == AskPerson(name)


@pytest.mark.parametrize(
    "name",
    [
        "Hi Nguyen",
        "Me Linh",
        "You Li",
        "Ring David",
        "To Linh",
        "List Franz",
        "My Le",
        "Ok Kim",
        "Ext Jones",
        "Directory Dan",
    ],
)
def test_a_name_that_begins_with_a_command_is_a_name(name: str) -> None:
    assert understand(name) == AskPerson(name)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("what is Will's extension", "Will"),
        ("number for may", "may"),
        ("what's mine yilmaz's ext", "mine yilmaz"),
        ("what is Grace Please's extension", "Grace Please"),
        ("will you tell me will's number?", "will"),
        ("may i have jane's extension", "jane"),
        ("whats james' ext", "james"),
        ("what is Chris's extension", "Chris"),
        ("jane's", "jane"),
        ("whats janes extension", "janes"),
        ("jane doe extension", "jane doe"),
        ("jane's ext in billing please", "jane"),
        ("could you find the extension of jane for me?", "jane"),
        ("whats the extention of jane", "jane"),
        ("extension for mr smith", "mr smith"),
        ('name "Doe, Jane"', "Doe, Jane"),
        ('Robert "Bob" Smith', 'Robert "Bob" Smith'),
        ("hello jane doe, thanks!", "jane doe"),
        ("what's jane@x.com's ext", "jane@x.com"),
        ("O&M Support", "O&M Support"),
        ("<!channel>", "channel"),
        ("ja\u200bne", "jane"),
        ("where can i find jane", "jane"),
        ("give me the number of the help desk", "help desk"),
    ],
)
def test_only_the_name_is_left_of_a_question(text: str, name: str) -> None:
    assert understand(text) == AskPerson(name)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("0042", "0042"),
        ("42", "42"),
        ("#42", "42"),
        ("x42", "42"),
        ("ext 42", "42"),
        ("Ext. 0042?", "0042"),
        ("extension: 42", "42"),
        ("who is at 42?", "42"),
        ("who is on 0042?", "0042"),
        ("who's got extension 0042", "0042"),
        ("whose number is 42?", "42"),
        ("who does 42 belong to", "42"),
        ("is 42 taken?", "42"),
        ("what's 42", "42"),
        ("who do i get if i dial 42", "42"),
        ("４２", "42"),
        ("123456789", "123456789"),
    ],
)
def test_a_number_is_asked_for(text: str, digits: str) -> None:
    assert understand(text) == AskNumber(digits)


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("is 7238 free?", "7238"),
        ("x 7238", "7238"),
        ("no. 7238", "7238"),
        ("72 38", "7238"),
        ("missed call from 7238, who is that?", "7238"),
        ("who called me from 7238", "7238"),
    ],
)
def test_a_number_is_read_in_what_it_wears(text: str, digits: str) -> None:
    assert understand(text) == AskNumber(digits)


@pytest.mark.parametrize(
    "text",
    [
        "Wie ist die Durchwahl von Jane?",
        "¿Cuál es la extensión de Jane?",
        "Quel est le numéro de Jane ?",
        "Qual é o ramal da Jane?",
        "quién es Jane",
        "Bitte die Nummer von Jane",
    ],
)
def test_a_name_is_found_in_questions_of_other_languages(text: str) -> None:
    assert understand(text) == AskPerson("Jane")


@pytest.mark.parametrize("name", ["Maria de la Cruz", "La Toya", "Von Trapp", "Don Marco"])
def test_small_words_of_other_languages_are_parts_of_names(name: str) -> None:
    assert understand(name) == AskPerson(name)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("7238 and 7237", (AskNumber("7238"), AskNumber("7237"))),
        ("jane and bob", (AskPerson("jane"), AskPerson("bob"))),
        ("jane doe's and andré davies' numbers", (AskPerson("jane doe"), AskPerson("andré davies"))),
        ("what are jane, bob and 42?", (AskPerson("jane"), AskPerson("bob"), AskNumber("42"))),
        ("can you give me jane's number, please", ()),
        ("missed call from 7238, who is that?", ()),
    ],
)
def test_a_text_may_ask_about_several(text: str, parts: tuple[Question, ...]) -> None:
    question = understand(text)
    assert isinstance(question, AskPerson | AskNumber)
    assert question.parts == parts


DOE_AND_LEE = (AskPerson("Doe, Jane"), AskPerson("Lee, Bob"))


@pytest.mark.parametrize(
    "text",
    [
        "Doe, Jane; Lee, Bob",
        "Doe, Jane\nLee, Bob",
        "Doe, Jane and Lee, Bob",
        '"Doe, Jane", "Lee, Bob"',
        '"Doe, Jane" <jane.doe@example.com>; "Lee, Bob" <bob.lee@example.com>',
        '"Doe, Jane" jane.doe@example.com, "Lee, Bob" bob.lee@example.com',
        "Doe, Jane <jane.doe@example.com>; Lee, Bob <bob.lee@example.com>;",
        "Doe, Jane jane.doe@example.com\nLee, Bob bob.lee@example.com",
        "what are the extensions of Doe, Jane; Lee, Bob?",
    ],
)
def test_a_comma_inside_a_name_parts_nobody_where_people_are_parted_otherwise(text: str) -> None:
    question = understand(" ".join(text.split()), marked=text)
    assert isinstance(question, AskPerson)
    assert question.parts == DOE_AND_LEE


@pytest.mark.parametrize(
    "text",
    [
        '"Doe, Jane" <jane.doe@example.com>',
        "Doe, Jane <jane.doe@example.com>",
        '"Doe, Jane" jane.doe@example.com',
    ],
)
def test_the_address_behind_a_name_with_a_comma_is_no_part_of_it(text: str) -> None:
    assert understand(text) == AskPerson("Doe, Jane")


@pytest.mark.parametrize(
    "text", ["jane.doe@example.com", "ext of <jane.doe@example.com>", "In Connect, as jane.doe@example.com"]
)
def test_an_address_alone_is_who_is_asked_about(text: str) -> None:
    question = understand(text)
    assert isinstance(question, AskPerson)
    assert "jane.doe@example.com" in question.name


@pytest.mark.parametrize(
    "text",
    [
        "give me extension",
        "can you give me the number of ?",
        "give me",
        "Give us number please",
        "change of plans, extension?",
        "assign task, what is extension",
        "move on: who is",
    ],
)
def test_a_question_about_a_mention_is_no_wish(text: str) -> None:
    assert understand(text, ["U1"]) == AskMember("U1")


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("give 7777", "7777"),
        ("please move to ext 7777 today", "7777"),
        ("change number", ""),
        ("give a new number", ""),
        ("swap and please", ""),
    ],
)
def test_a_wish_around_a_mention_has_digits_or_only_words_for_numbers(text: str, digits: str) -> None:
    assert understand(text, ["U1"]) == WantChange(digits=digits, members=("U1",))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("give me jane's extension", "jane"),
        ("give me the number of jane doe", "jane doe"),
        ("can I get jane's number?", "jane"),
        ("change of plans, what is jane's ext", "jane"),
    ],
)
def test_a_question_that_begins_like_a_wish_is_none(text: str, name: str) -> None:
    question = understand(text)
    assert isinstance(question, AskPerson)
    assert name in (question.name, *(part.name for part in question.parts if isinstance(part, AskPerson)))


@pytest.mark.parametrize(
    "text",
    ["give me the person on 7238", "update me on jane's number", "fix this: what is jane's ext"],
)
def test_what_only_begins_like_a_wish_is_none(text: str) -> None:
    assert not isinstance(understand(text), WantChange)


def test_a_mention_is_asked_about_only_where_no_name_stands_beside_it() -> None:
    assert understand("what is extension?", ["U1"]) == AskMember("U1")
    assert understand("", ["U1"]) == AskMember("U1")
    assert understand("and", ["U1", "U2"]) == AskSeveral((AskMember("U1"), AskMember("U2")))
    assert understand("what is Jane Doe's extension? cc", ["U1"]) == AskPerson("Jane Doe")


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("my number is wrong", WantChange()),
        ("give jane 7777", WantChange("jane", "7777")),
        ("can I get 7777?", WantChange("", "7777")),
        ("please swap jane and bob", WantChange("jane", other="bob")),
        ("move jane doe to 7777", WantChange("jane doe", "7777")),
        ("jane's extension is wrong", WantChange("jane")),
        ("I need a new number please", WantChange()),
    ],
)
def test_a_wish_for_another_number_is_understood(text: str, wish: WantChange) -> None:
    assert understand(text) == wish


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("0042", AskNumber("0042")),
        ("#42", AskNumber("42")),
        ("ext 42", AskPerson("ext 42")),
        ("Agent 7001", AskPerson("Agent 7001")),
        ("my", AskPerson("my")),
        ("me", Ask.MINE),
        ("jane please", AskPerson("jane please")),
    ],
)
def test_an_exact_reading_passes_over_no_word(text: str, reading: Question) -> None:
    assert exact(text) == reading


@pytest.mark.parametrize("text", ["jane 42", "agent42", "Will 42", "4a2"])
def test_a_number_beside_a_name_is_part_of_the_name(text: str) -> None:
    assert understand(text) == AskPerson(text)


@pytest.mark.parametrize("text", ["", "what's extension?", "who is"])
def test_a_mention_asks_for_the_member(text: str) -> None:
    assert understand(text, ("U0A1",)) == AskMember("U0A1")


@pytest.mark.parametrize(
    ("question", "texts"),
    [
        (Ask.MINE, "me|Me!|mine|my extension|my ext please|what is my extension?|what’s mine|who am i"),
        (Ask.MINE, "which number do I have?|what number do people dial to reach me|tell me my number"),
        (Ask.MINE, "do i have an extension|what extension am i on|give me my number"),
        (AskDirectory(), "directory|the directory|the list|send me the directory|where is the directory?"),
        (AskDirectory(), "list of extensions|show me everyone|can i have the full list please"),
        (Ask.HELP, "help|help!|?|help me please|what can you do?|how does this work"),
        (Ask.HELP, "hello|hi|hi there|good morning"),
        (
            Ask.THANKS,
            "thanks|thank you|ok|OK, thanks!|great, thank you very much|merci|\N{THUMBS UP SIGN}|:+1:",
        ),
        (Ask.NOTHING, "| |\u200b|\t"),
    ],
)
def test_questions_without_a_name(question: Question, texts: str) -> None:
    assert {text: understand(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), question)


@pytest.mark.parametrize(
    "text", ["jane please", "hi jane doe", "whats janes extension", "ext jane", "mr doe", "jane doe ext"]
)
def test_what_is_left_standing_beside_a_name_is_forgiven_by_the_search(text: str) -> None:
    question = understand(text)
    assert isinstance(question, AskPerson)
    found = search(index_of("Jane Doe", "Robert Smith"), question.name)
    assert [match.entry.name for match in found.matches] == ["Jane Doe"]


def test_a_surname_in_s_is_not_cut() -> None:
    question = understand("whats hayes extension")
    assert isinstance(question, AskPerson)
    assert search(index_of("James Hayes", "Haye Smith"), question.name).certainty is Certainty.SURE


@given(text=st.text(max_size=200) | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_asks_something(text: str) -> None:
    question = understand(text)
    assert isinstance(question, Question)
    assert not isinstance(question, AskPerson) or question.name.strip()


@settings(max_examples=30, deadline=None)
@given(piece=st.text(min_size=1, max_size=8) | WORDS.map(lambda word: f"{word} "))
def test_three_thousand_characters_of_anything_ask_something(piece: str) -> None:
    assert isinstance(understand((piece * 3000)[:3000]), Question)
