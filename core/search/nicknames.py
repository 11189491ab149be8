"""Which first names stand for one another: `bob` and `robert`, `katya` and `ekaterina`."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from nicknames import NickNamer

# Short names that `nicknames`, a list of English ones, does not have.
_FROM_ELSEWHERE = """
alejandro alex ale; aleksandr sasha alex; alexander sasha; alexandra sasha; aleksandra sasha ola;
anastasia nastya; andrei andy; anton tony toni; antonio tony toni tono; francesco franco cesco; francisco
paco pancho fran kiko cisco; francisca paca; giovanni gianni vanni; giuseppe beppe peppe pino; guillermo
memo guille; guadalupe lupe lupita; ignacio nacho; jesus chuy chucho; jose pepe chepe; josefa pepa; luigi
gigi; roberto beto; alberto beto; eduardo lalo edu; enrique quique kike; manuel manolo manu; emmanuel
manny manu; rafael rafa; santiago santi; sebastian seb basti; vicente chente; concepcion concha conchita;
dolores lola; rosario charo; mercedes meche merche; isabel isa chabela; mikhail misha; michail misha;
nikolai kolya; nicolai kolya; dmitri dima mitya; dmitry dima mitya; vladimir vova volodya; yekaterina
katya; ekaterina katya; katarzyna kasia; malgorzata gosia; agnieszka aga; magdalena magda lena; elzbieta
ela; joanna asia; tomasz tomek; krzysztof krzys; piotr piotrek; svetlana sveta; tatiana tanya; natalia
natasha; yevgeny zhenya; johannes hans hannes; friedrich fritz; heinrich heinz; wolfgang wolf wolfi;
ulrich uli; ulrike uli; josef sepp; sebastien seb; matthias matze; susanne susi; mohammed mo moe; mohamed
mo moe; muhammad mo moe; abdullah abdul; ibrahim ibo; mehmet memo; thomas tomas; filippo pippo; salvatore
toto turi; domenico mimmo; alexander xander zander sandy; christopher topher kit; eleanor nell nellie nora;
helen nell; ellen nell; constantine gus dino; gustavo gus tavo; gustav gus; theodora teddy thea dora;
alexandra xandra sandra; sara sadie sally;
"""

# `robbie`, `gabby`, `josie`: what is left of a name, often with its last letter doubled, and an ending.
_DIMINUTIVE = re.compile(r"(?:([a-z]+?)([b-df-hj-np-tv-z])\2(?:y|ie|i|ee)|([a-z]{3,})ie)")

_PET_ENDING = re.compile(r"([a-z]{2,}?)(?:y|ey|ie|i)")


class Related(NamedTuple):
    """Names that may stand for a name, and names that both it and they are short for."""

    close: set[str]
    distant: set[str]


class Nicknames:
    """The short forms of names, both ways."""

    def __init__(self) -> None:
        self._listed = NickNamer()
        self._short: defaultdict[str, set[str]] = defaultdict(set)
        self._long: defaultdict[str, set[str]] = defaultdict(set)
        for line in _FROM_ELSEWHERE.split(";"):
            name, *short_names = line.split() or [""]
            self._short[name].update(short_names)
            for short in short_names:
                self._long[short].add(name)

    def related(self, name: str) -> Related:
        """The long and short forms of the name, and the other short forms of the same long ones."""
        long = {formal for spelling in _spellings(name) for formal in self._long_for(spelling)}
        close = long | self._short_for(name)
        return Related(
            close, {other for formal in long for other in self._short_for(formal)} - close - {name}
        )

    def has_short(self, name: str) -> bool:
        """Whether it is a name in its own right: `marie`, unlike `robbie`."""
        return bool(self._short_for(name))

    def _long_for(self, name: str) -> set[str]:
        return self._listed.canonicals_of(name) | self._long.get(name, set())

    def _short_for(self, name: str) -> set[str]:
        return self._listed.nicknames_of(name) | self._short.get(name, set())


def _spellings(name: str) -> list[str]:
    """A pet name with each ending that it may be written with: `davy`, `davey`, `davie`, `davi`."""
    found = _PET_ENDING.fullmatch(name)
    return [found[1] + ending for ending in ("y", "ey", "ie", "i")] if found else [name]


def stem_of(name: str) -> str:
    """The base of a pet name, at least two letters: `robbie` from `rob`; "" when it is not one."""
    found = _DIMINUTIVE.fullmatch(name)
    if not found:
        return ""
    beginning, doubled, before_ie = found.groups()
    return before_ie or beginning + doubled
