"""Reads what is wished of the bot, or asked of the numbers as a whole: `stop messaging me`. Pure.

A text is of a kind if it has a word of each of the kind's groups, and none that such texts don't have: a name
beside them makes it another question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from core.asking.questions import Ask, AskPerson
from core.words.patterns import late
from core.words.vocabulary import AROUND_A_NAME, COURTESY, PARTICLES, word_set

_MARKS = " .,;:!?"
_NUMBERS = word_set(
    """number numbers num nums nr ext exts extn extension extensions line lines nummer nummern durchwahl
    durchwahlen nebenstelle nebenstellen numéro numéros numero numeros poste postes número números
    extensión extensiones anexo anexos interno internos ramal ramais"""
)
_OWN = word_set("my our mine mein meine meiner meinen meinem mon ma mes mi mis meu minha")
_OLD = word_set(
    """old previous former earlier last original prior alte alten alter frühere früheren vorherige
    vorherigen ancien ancienne précédent précédente anterior antiguo antigua viejo vieja antigo antiga
    velho"""
)
_BACK = word_set(
    """back again return returned restore restored reclaim recover zurück zurückhaben zurückbekommen
    zurückgeben wieder wiederhaben récupérer ravoir retrouver reprendre rends rendez recuperar volver
    devuelve devuelvan devolver vuelta volta devolva"""
)
_WANTED = word_set(
    """get have give want need like keep take use haben behalten bekommen kriegen möchte will gib gebt
    avoir veux voudrais garder donne quiero tener dame necesito quero ter preciso queria"""
)
_FREE = word_set(
    """free available unused unassigned vacant spare unclaimed untaken open frei freie freien verfügbar
    verfügbare libre libres disponible disponibles inutilisés livre livres disponível disponíveis vagos
    vago"""
)
_WHICH = word_set("which what any welche quels quelles quel qué cuáles quais que")
_MANY = word_set("many much count viele wieviele combien cuántos cuántas quantos quantas")
_PEOPLE = word_set(
    """people agents agent persons colleagues members folks employees users staff leute personen agenten
    mitarbeiter kollegen personnes gens collègues personas agentes empleados pessoas funcionários
    everybody"""
)
_LONG = word_set(
    "long days weeks until lange tage combien longtemps jours tiempo días tempo dias quanto cuánto when wann"
)
_HELD = word_set(
    """held hold holds holding keep keeps kept reserved blocked frozen parked quarantined gehalten behalten
    aufgehoben reserviert gesperrt zurückgehalten gardé gardés conservé conservés réservé réservés
    bloqué guarda guardan guardado reserva reservado reservados retiene retenido bloqueado mantém
    mantido guardados retido"""
)
_STOP = word_set(
    """stop stops quit cease disable mute silence off no don't dont never not without fewer less keine kein
    nicht aufhören hör hört stopp arrête arrêtez arrêter cesse cessez plus pas deja deje dejen basta
    para pare parem chega não sem enough"""
)
_MESSAGES = word_set(
    """message messages messaging msg msgs notify notifying notification notifications notice notices dm
    dms dming ping pings pinging texting texts alert alerts alerting remind reminders reminding write
    writing text contact spam spamming bother bothering annoying disturb disturbing contacting nachricht
    nachrichten benachrichtigungen mitteilungen schreib schreiben schreibt anschreiben écrire écris
    m'écrire envoyer m'envoyer déranger mensaje mensajes notificaciones escribirme escribas mandes
    mandarme enviarme molestarme molestes mensagem mensagens notificações escrever mandar enviar
    incomodar mande"""
)
_NOT = word_set("not isn't isnt ain't wasn't nicht pas no não")
_ME = word_set("me ich moi yo eu")
_WHO = word_set(
    "who who's whos who're anybody anyone somebody someone wer quién quien qui quem alguien jemand"
)
_PRESENT = word_set(
    """free available online busy offline lunch break call calls training away around verfügbar frei
    disponible libre disponível livre erreichbar"""
)
_REQUESTS = word_set("request requests anfrage anfragen demande solicitud pedido")
_TAKE_BACK = word_set(
    """my our cancel withdraw retract revoke delete remove status pending meine mein zurückziehen abbrechen
    ma mon annuler mi cancelar meu minha"""
)
_SAID = (
    COURTESY
    | PARTICLES
    | _NUMBERS
    | _OWN
    | _WHICH
    | _MANY
    | word_set(
        """i we you they it he she this that these those there here is are am be been was were do does did
        done can can't could would should may might shall must have has had get got give gives me us i'm
        i'd i've i'll it's that's there's a an the of for to from in on at by with after before once if
        when how what which who why where and or but so then still yet just now right currently today
        all some any each every more anymore longer else one ones new another own tell show list see
        find know say please want wants need like take taken pick choose let's let okay ok hey bot leave
        leaves leaving left move moves moved someone somebody person agent people goes go gone lose
        loses lost stay stays release released become becomes old again turn switch start sending send
        sends receive receiving getting off up out your yours mine ich bin du er sie es wir ihr mir mich
        dir bitte kann könnte können wie wird werden gibt ist sind hat haben habe noch mehr jetzt denn
        eine einen einer einem ein die der das den dem und auf mit zu für man jemand geht ce je tu il
        elle nous vous puis-je peux peux-tu est-ce que est sont y a-t-il t-il ai as avez si plus temps
        ne n'est c'est m' d' s'il te plaît merci est-il sont-ils ont après quelqu'un part reste pendant
        de des les le la un une yo se lo puedo quisiera puede pueden hay ser soy ese esa eso esto está
        están por favor cuando alguien va durante mi más manden escriban envíen queda ya quiero um uma
        eu posso pode podem há sou esse essa isso estão tem quando alguém sai mais já fica ficam quero o
        os"""
    )
)


class _Kind(Struct, frozen=True):
    """A kind of text: a word of each group is in it, and no word but these and what any text may have."""

    ask: Ask
    groups: tuple[frozenset[str], ...]
    without: frozenset[str] = frozenset()

    def fits(self, said: Sequence[str]) -> bool:
        words = {*said}
        known = _SAID.union(*self.groups)
        return words <= known and not words & self.without and all(words & group for group in self.groups)


# The past of one's number is another question.
_OF_THE_PAST = word_set("what which who whose was war était era")
_KINDS = (
    _Kind(Ask.HOLDS, (_LONG, _HELD, _NUMBERS)),
    _Kind(Ask.HOLDS, (word_set("when wann quand cuándo quando"), _FREE, _NUMBERS)),
    _Kind(Ask.OLD_NUMBER, (_OWN | {"me"}, _OLD, _NUMBERS, _BACK | _WANTED), _OF_THE_PAST),
    _Kind(Ask.OLD_NUMBER, (_OWN, _NUMBERS, _BACK - {"again", "wieder"}), _OF_THE_PAST),
    _Kind(Ask.FREE_NUMBERS, (_NUMBERS, _FREE), _OWN | {"phone", "toll"}),
    _Kind(
        Ask.FREE_NUMBERS, (_NUMBERS, _WHICH, word_set("can puedo posso kann"), _WANTED | {"choose", "pick"})
    ),
    _Kind(Ask.FREE_NUMBERS, (_NUMBERS, _WHICH, _NOT | {"nobody"}, word_set("taken used has assigned"))),
    _Kind(Ask.QUIET, (_STOP, _MESSAGES)),
    _Kind(Ask.QUIET, (word_set("leave"), word_set("me us"), word_set("alone"))),
    _Kind(Ask.NOT_ME, (_NOT, _ME), _NUMBERS | word_set("there here")),
    _Kind(Ask.HOW_MANY, (_MANY, _PEOPLE)),
    _Kind(Ask.PRESENCE, (_WHO, _PRESENT), _NUMBERS | word_set("my me i")),
    _Kind(Ask.REQUESTS, (_REQUESTS, _TAKE_BACK), word_set("new")),
)
_QUIET = word_set("stop mute unsubscribe silence quiet opt-out")
_HOW_MANY = late(
    r"(?:how many|wie ?viele|combien(?: de| d')?|cu[aá]nt[oa]s|quant[oa]s|(?:number|count) of)"
    rf"(?: (?:{'|'.join(sorted(_PEOPLE))}))?"
    r"(?: (?:are|is|work|working|there|do|we|have|got|sind|arbeiten|il y a|sont|travaillent|hay|trabajan"
    r"|están|há|trabalham|estão))*"
    r" (?:in|on|at|of|from|for|im|bei|en|dans|chez|em|no|na)(?: (?:the|der|dem|el|la|le|les|o|a))?"
    r" (?P<team>.+?)(?: (?:there|do we have|now|today))?",
    re.IGNORECASE,
)
# `I am not Jane Doe` is said of the number that the bot takes for the asker's.
_NOT_CALLED = late(
    r"(?:no,? )?i(?:'m| am) not (?P<name>[^\W\d_][\w'-]*(?: [^\W\d_][\w'-]*){0,3})", re.IGNORECASE
)

_STATES = word_set("sure certain able happy ready done finished interested home ill well angry")


def of_the_bot(text: str, said: Sequence[str]) -> Ask | AskPerson | None:
    """Return what a text wishes or asks of the bot; None for another text. `said` is its words, bare."""
    text = text.strip(_MARKS)
    plain = [word for word in said if word not in COURTESY]
    if len(plain) == 1:
        return Ask.QUIET if plain[0] in _QUIET else None
    if team := _HOW_MANY.fullmatch(text):
        return AskPerson(team["team"], team["team"])
    if kind := next((kind for kind in _KINDS if kind.fits(said)), None):
        return kind.ask
    name = _NOT_CALLED.fullmatch(text)
    no_name = _SAID | AROUND_A_NAME | _STATES
    return Ask.NOT_ME if name and not {*name["name"].casefold().split()} & no_name else None
