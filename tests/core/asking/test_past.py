"""Questions about the past, parted into what they ask and when."""

from __future__ import annotations

from datetime import date

import pytest

from core.asking.past import past_in
from core.asking.questions import Ask, AskNumber, AskPerson, Question
from core.asking.reading import understand

TODAY = date(2026, 11, 22)
NUMBER, JANE = AskNumber("7244"), AskPerson("jane smith")


@pytest.mark.parametrize(
    ("text", "question", "period"),
    [
        ("who had 7244 before", NUMBER, ""),
        ("who had 7244?", NUMBER, ""),
        ("who had 7244 yesterday", NUMBER, "2026-11-21"),
        ("who was on 7244 last week", NUMBER, "2026-11-09 to 2026-11-15"),
        ("who was on 7244 before jane", NUMBER, ""),
        ("who used to have 7244", NUMBER, ""),
        ("who owned 7244 previously?", NUMBER, ""),
        ("whose number was 7244 before", NUMBER, ""),
        ("previous holder of 7244", NUMBER, ""),
        ("who is the former owner of 7244", NUMBER, ""),
        ("7244 in may", NUMBER, "2026-05-01 to 2026-05-31"),
        ("who had 7244 this week", NUMBER, "2026-11-16 to 2026-11-22"),
        ("history of 7244", NUMBER, ""),
        ("history jane smith 2026-05-03", JANE, "2026-05-03"),
        ("jane smith 2026\u201305\u201303", JANE, "2026-05-03"),
        ("who had 7244 on 3 may", NUMBER, "2026-05-03"),
        ("wer hatte 7244 vorher", NUMBER, ""),
        ("wer hatte gestern 7244", NUMBER, "2026-11-21"),
        ("wer hatte die 7244 am 3. Mai", NUMBER, "2026-05-03"),
        ("qui avait 7244 avant", NUMBER, ""),
        ("qui avait le 7244 hier", NUMBER, "2026-11-21"),
        ("quién tenía 7244 antes", NUMBER, ""),
        ("quién tenía 7244 ayer", NUMBER, "2026-11-21"),
        ("quem tinha 7244 na semana passada", NUMBER, "2026-11-09 to 2026-11-15"),
        ("jane smith's old number", JANE, ""),
        ("what was jane smith's number before", JANE, ""),
        ("what was jane smith's previous extension?", JANE, ""),
        ("old number of jane smith", JANE, ""),
        ("jane smith's number last week", JANE, "2026-11-09 to 2026-11-15"),
        ("what number did jane smith have before", JANE, ""),
        ("which extension did jane smith have in may", JANE, "2026-05-01 to 2026-05-31"),
        ("where did jane smith move from", JANE, ""),
        ("alte Nummer von Jane Smith", JANE, ""),
        ("quel était l'ancien numéro de jane smith", JANE, ""),
        ("cuál era el número anterior de jane smith", JANE, ""),
        ("qual era o ramal antigo de jane smith", JANE, ""),
        ("what was my old number", Ask.MINE, ""),
    ],
)
def test_a_question_about_the_past_is_told_from_when_it_was(
    text: str, question: Question, period: str
) -> None:
    past = past_in(text, TODAY)
    assert past is not None
    assert past[1] == period
    assert understand(past[0].casefold()) == question


@pytest.mark.parametrize(
    "text",
    [
        "jane smith",
        "what was jane's number again",
        "who is on 7244",
        "7244",
        "jane's new number",
        "i missed a call from 7244 yesterday",
        "who called me from 7244 before lunch",
        "who is on 7244 today",
        "who is on 7244 this week",
        "history",
        "is jane free before 5",
        "jane's last name",
        "old oak",
        "ist jane hier",
        "jane ayer",
    ],
)
def test_other_questions_are_about_now(text: str) -> None:
    assert past_in(text, TODAY) is None
