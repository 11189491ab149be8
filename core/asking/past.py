"""Reads questions about the past: `who had 7244 before`, `jane's old number`. Pure."""

from __future__ import annotations

import re
from datetime import date

from core.words.patterns import late
from core.words.periods import DASHES, period_in

_NUMBER = (
    r"(?:numbers?|nr|ext(?:n|ension)?s?|line|digits|nummer|durchwahl|nebenstelle|num[ée]ro|poste|n[uú]mero|extensi[oó]n"
    r"|anexo|interno|ramal)"
)
_HOLDER = (
    r"(?:holder|owner|user|agent|person|inhaber\w*|besitzer\w*|titulaire|propriétaire|titular|dueño|don[oa])"
)
_EARLIER = r"(?:old|previous|former|earlier|prior|original|last|first)"
_EARLIER_ELSEWHERE = (
    r"(?:alte|frühere|vorherige|ehemalige|letzte|ancien|précédent|antigu[oa]|anterior|viej[oa]|antig[oa]|velh[oa])"
    r"(?:ne|[nrse])?"
)
# Words that ask for what was, with what of them is no part of a name or number.
_HAD = late(
    r"\b(?P<who>who(?:'s| all| else)?|which \w+|what \w+|wer|qui|qui[eé]n|quem|which|what|whose) (?:has )?"
    r"(?:had|owned|used to (?:have|be|own|use)|hatte|gehörte|avait|tenía|tenia|tuvo|tinha|teve)\b"
    r"|\b(?P<did>(?:what|which) (?:\w+ )?)did (?=.+ (?:have|use|own)\b)"
    r"|\b(?:used to (?:be|have|own|use))\b",
    re.IGNORECASE,
)
_OLD = late(
    rf"\b(?:l')?{_EARLIER}(?= {_NUMBER}\b)|\b(?:l')?{_EARLIER_ELSEWHERE}(?= {_NUMBER}\b)"
    rf"|(?<= )(?:anterior|antiguo|antigua|viejo|antigo|precedente|précédent|d'avant)\b(?= |$)(?<=[a-z])"
    rf"|\b(?:the |l'|le |der |die |el |la |o |a )?(?:{_EARLIER}|{_EARLIER_ELSEWHERE}) {_HOLDER}\b"
    r"(?: (?:of|from|on|von|de|du|do|da))?"
    r"|\bwhere did (?=.+ (?:move|come|change) from$)",
    re.IGNORECASE,
)
_HISTORY = late(r"^(?:the )?(?:history|log) (?:(?:of|for) )?(?=\S)", re.IGNORECASE)
_BEFORE = late(
    r" (?:just |right |long )?(?:before|previously|formerly|earlier|originally|back then|in the past|vorher"
    r"|früher|zuvor|damals|ehemals|avant|auparavant|autrefois|antes|anteriormente|antigamente)"
    r"(?P<whom> .+)?$",
    re.IGNORECASE,
)
_WAS = late(r"\b(?:was|were|had|did|war|était|était|era|estava|estaba|whose|used)\b", re.IGNORECASE)
_LEFT_OVER = late(
    r"\b(?:had|have|owned|own|use|was|were|war|était|era|hatte|avait|tenía|tinha)$"
    r"|\b(?:move|come|change)d? from$|\b(?:était|era|war)\b",
    re.IGNORECASE,
)
# A call of yesterday asks for whom to call back now.
_CALLS = late(
    r"\b(?:call|calls|called|calling|caller|rang|ring|missed|message|messaged|voicemail|spoke|talked|emailed|phoned"
    r"|told|tried|left|anruf|angerufen|appelé|llamó|llamada|ligou)\b",
    re.IGNORECASE,
)
# Words of days that are names too, beside anything but the words of a question in their language.
_ALSO_NAMES = late(r"(?<![^ ])(?:hier|ayer)(?![^ ])", re.IGNORECASE)
_BESIDE = late(
    r"(?:qui|avait|eu|le|la|numéro|poste|était|de|du|sur|quién|quien|tenía|tuvo|el|número|extensión|anexo"
    r"|[0-9]+| )*",
    re.IGNORECASE,
)


def past_in(text: str, today: date) -> tuple[str, str] | None:
    """Part a text about the past into its question without the words for that, and the period as text.

    The period is "" where no time is said; None where the text is not about the past.
    """
    text = " ".join(text.translate(DASHES).split()).rstrip(" ?.!")
    if _CALLS.search(text):
        return None
    period, rest = period_in(text, today)
    if period and not _is_a_day(text, rest):
        period, rest = None, text
    before = _BEFORE.search(rest)
    asks = any(words.search(rest) for words in (_HAD, _OLD, _HISTORY)) or (
        before and _tells_when(rest, before)
    )
    if not asks and not (period and period.last < today):
        return None
    return _as_of_now(rest), period.words if period else ""


def is_command(text: str) -> bool:
    """Whether a text begins as the command for the past does."""
    return bool(_HISTORY.match(text))


def _is_a_day(text: str, rest: str) -> bool:
    return not _ALSO_NAMES.search(text) or bool(_BESIDE.fullmatch(rest))


def _tells_when(text: str, before: re.Match[str]) -> bool:
    """Whether `before` is about a number or person: it ends the text, or asks who was there before."""
    return not before["whom"] or bool(_WAS.search(text) and re.search(r"[0-9]", text[: before.start()]))


def _as_of_now(text: str) -> str:
    """The question as it is put about today."""
    text = _BEFORE.sub("", _HISTORY.sub("", text))
    text = _HAD.sub(lambda found: f"{found['who'] or found['did'] or ''} ", text)
    text = " ".join(_OLD.sub(" ", text).split())
    return " ".join(_LEFT_OVER.sub("", text).split())
