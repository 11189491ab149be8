"""Wishes that are about the bot, or about the numbers as a whole, by kind and in five languages."""

from __future__ import annotations

import pytest

from core.asking.questions import Ask, AskPerson, Question
from core.asking.reading import understand

SAID = {
    Ask.OLD_NUMBER: """can i get my old number back|i want my old number back
        |please give me back my old number
        |may i have my old extension again|i'd like my previous extension back
        |could you restore my former number
        |please return my old ext to me|i want to go back to my old number|can we get our old numbers back
        |i need my number back|how do i get my old number back
        |kann ich meine alte nummer zurück haben|ich möchte meine alte durchwahl wieder
        |puis-je récupérer mon ancien numéro|je veux mon ancien numéro
        |quiero recuperar mi número anterior|quiero mi antiguo número de vuelta
        |quero meu ramal antigo de volta|posso ter meu número antigo""",
    Ask.QUIET: """stop messaging me|please stop sending me messages|no more messages please|don't message me
        |stop|stop please|unsubscribe|leave me alone|turn off notifications|how do i turn off these messages
        |i don't want any more dms|never text me again|mute notifications
        |schreib mir nicht mehr|keine nachrichten mehr bitte|arrête de m'écrire|plus de messages
        |deja de escribirme|no más mensajes|pare de me mandar mensagens|não quero mais mensagens""",
    Ask.NOT_ME: """not me|that's not me|this isn't me|it is not me|no, that is not me|i am not jane doe
        |i'm not jane|das bin ich nicht|ce n'est pas moi|no soy yo|não sou eu""",
    Ask.FREE_NUMBERS: """which numbers are free|what extensions are available|any free numbers?
        |is there a free number|list free numbers|show me the available extensions|free numbers
        |which numbers can i get
        |are there any unused extensions left|what numbers are not taken|how many numbers are free
        |welche nummern sind frei|gibt es freie durchwahlen|quels numéros sont libres
        |qué números están libres|quais números estão livres""",
    Ask.HOLDS: """how long is a number held|how long are numbers kept|how long do you keep a number
        |how long is my number reserved after i leave|for how many days is an extension held
        |when does an old number become free|wie lange wird eine nummer gehalten
        |combien de temps un numéro est-il gardé|cuánto tiempo se guarda un número
        |por quanto tempo um número fica reservado""",
    Ask.HOW_MANY: """how many people are there|how many agents do we have|how many people have a number
        |wie viele leute haben eine nummer|combien de personnes ont un numéro""",
    Ask.PRESENCE: """who is available|who's free right now|is anyone online|who is on a call
        |wer ist erreichbar""",
    Ask.REQUESTS: """my request|cancel my request|what is the status of my request|my request is pending""",
    Ask.ANOTHER_NAME: """my name is wrong, it's jane roe now|my name is wrong
        |my name changed, i'm jane roe now|i got married, my name is jane roe now|i'm called jane roe now
        |i am jane roe now|my name is misspelled, it should be jane roe|mein name ist falsch
        |mein name hat sich geändert
        |ich heiße jetzt jane roe|mon nom est faux|mon nom a changé|mi nombre está mal|ahora me llamo jane roe
        |meu nome está errado|agora me chamo jane roe""",
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "ask"), [(text.strip(), ask) for ask, texts in SAID.items() for text in texts.split("|")]
)
def test_a_wish_is_read_however_it_is_put(text: str, ask: Ask) -> None:
    assert understand(text) is ask


@pytest.mark.parametrize(
    "text",
    [
        "how many people are in sales",
        "how many are in sales?",
        "how many people work in the sales",
        "wie viele leute sind in sales",
        "combien de personnes travaillent en sales",
        "cuántas personas hay en sales",
        "quantas pessoas trabalham no sales",
    ],
)
def test_how_many_are_in_a_team_asks_for_the_team(text: str) -> None:
    assert understand(text) == AskPerson("sales")


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("is jane's number free", AskPerson("jane")),
        ("stop jane", AskPerson("stop jane")),
        ("not jane", AskPerson("not jane")),
        ("what's my number", Ask.MINE),
        ("is my number free", Ask.MINE),
        ("i'm not sure", AskPerson("sure")),
        ("my name is jane roe, what is bob's number", AskPerson("bob")),
        ("hi, i'm jane roe", AskPerson("jane roe")),
        ("free", AskPerson("free")),
        ("who is available in sales", AskPerson("sales")),
    ],
)
def test_other_questions_stay_what_they_are(text: str, question: Question) -> None:
    assert understand(text) == question
