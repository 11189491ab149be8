"""Names of the world: people kept in their own script, asked for in Latin letters.

Each script has a house of its own: 500 people with names in Latin letters, and people of that script, no
surname twice. The spellings that are asked for come from other sources than the readings that are searched:

- `name-variants` (MIT): Chinese, Korean, Hebrew, Persian, Thai, Hindi, Tamil, Bengali, Greek, Russian;
- `japanese-personal-name-dataset` (MIT): surnames with their readings, and spellings of kana; given names of
  `Faker`, and of `gimei` (MIT), which makes rare ones up: those are printed and need not be found;
- `iuliia` (MIT): Cyrillic names of `Faker` by the rules of passports and of five other schemas;
- Wikidata (CC0): people of Arab countries with the spelling that they are known by, 600 of them in
  `names/arabic_wikidata.tsv`.

A text may mean everybody whose name that source spells so. `one call` is rapidfuzz over names in ASCII.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.resources import files
from itertools import product
from pathlib import Path
from random import Random

import iuliia  # type: ignore[import-untyped]
import yaml
from anyascii import anyascii
from faker import Faker
from faker.providers.person.ja_JP import Provider as JapaneseNames

from benchmarks.search_judges import make_others_roster
from benchmarks.search_roster import plain
from benchmarks.search_scores import HEADING, Score, by_one_call, print_line, total
from core.models import Assigned
from core.readings.latin import readings_of
from core.search.found import Certainty
from core.search.index import SearchIndex
from core.search.ranking import search

OTHERS, MOST_PEOPLE = 500, 300
LEAST_WHOLE, LEAST_SURNAME, LEAST_ONE_ARABIC = 0.95, 0.90, 0.80
ARABIC = Path(__file__).parent / "names" / "arabic_wikidata.tsv"
SCHEMAS = ("icao_doc_9303", "mvd_310", "bgn_pcgn", "wikipedia", "telegram", "yandex_maps")

# A word of a name in its script, with the spellings that a source has for it.
Spelt = tuple[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Person:
    """A person of a house: the surname and the given names, the one first that is written first."""

    surname: Spelt
    given: Spelt
    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text that is asked, with the people it may mean."""

    typed: str
    meant: frozenset[str]


def of_variants(module: str, constant: str) -> list[Spelt]:
    """The names of one table of `name-variants`, with their ASCII spellings."""
    table = getattr(import_module(f"name_variants.{module}"), constant)
    names = ((name, tuple(form for form in told["forms"] if form.isascii())) for name, told in table.items())
    return [(name, forms) for name, forms in names if forms and not name.isascii()]


def paired(surnames: Sequence[Spelt], given: Sequence[Spelt], random: Random, join: str) -> list[Person]:
    """A person for each surname, with any of the given names behind it."""
    people = []
    for surname in surnames:
        first = random.choice([each for each in given if each != surname])
        people.append(Person(surname, first, f"{surname[0]}{join}{first[0]}"))
    return people


def syllables(names: Sequence[Spelt], random: Random, count: int) -> list[Spelt]:
    """Given names of two syllables, each spelt as that syllable is, joined in the three usual ways."""
    single = [each for each in names if len(each[0]) == 1]
    found = []
    for _ in range(count):
        one, other = random.sample(single, 2)
        spellings = [
            f"{first}{join}{second}"
            for first, second in product(one[1][:2], other[1][:2])
            for join in ("", "-", " ")
        ]
        found.append((one[0] + other[0], tuple(spellings)))
    return found


def chinese(random: Random) -> list[Person]:
    surnames = of_variants("chinese_surnames", "CHINESE_SURNAME_VARIANTS")
    given = syllables(of_variants("chinese_given_names", "CHINESE_GIVEN_NAME_VARIANTS"), random, MOST_PEOPLE)
    return paired(surnames, given, random, "")


def korean(random: Random) -> list[Person]:
    surnames = of_variants("korean_surnames", "KOREAN_SURNAME_VARIANTS")
    given = syllables(of_variants("korean_given_names", "KOREAN_GIVEN_NAME_VARIANTS"), random, MOST_PEOPLE)
    return paired(surnames, given, random, "")


def japanese(random: Random) -> list[Person]:
    """The 300 commonest surnames, with the given names of Faker and of `name-variants`."""
    given = of_variants("japanese_given_names", "JAPANESE_GIVEN_NAME_VARIANTS")
    pairs = (*JapaneseNames.first_name_male_pairs, *JapaneseNames.first_name_female_pairs)
    given += [(name, (romaji.lower(),)) for name, _, romaji in pairs]
    return paired(japanese_surnames(), given, random, "")


def japanese_of_any_given_name(random: Random) -> list[Person]:
    """The same with given names as `gimei` makes them up, of which no dictionary has all."""
    listed = yaml.safe_load((files("gimei") / "data" / "names.yml").read_text(encoding="utf-8"))["first_name"]
    readings: dict[str, set[str]] = {}
    for name, kana, _ in (*listed["male"], *listed["female"]):
        readings.setdefault(name, set()).add(kana)
    spelt = spellings_of_kana()
    given = [
        (name, tuple(sorted(spelt[kana] for kana in kanas)))
        for name, kanas in sorted(readings.items())
        if kanas <= spelt.keys()
    ]
    return paired(japanese_surnames(), given, random, "")


def japanese_surnames() -> list[Spelt]:
    surnames: dict[str, set[str]] = {}
    for name, _, _, romaji in _rows("last_name_org.csv"):
        surnames.setdefault(name, set()).add(romaji)
    return [(name, tuple(sorted(readings))) for name, readings in [*surnames.items()][:MOST_PEOPLE]]


def spellings_of_kana() -> dict[str, str]:
    """Given names in kana as `japanese-personal-name-dataset` spells them."""
    rows = [*_rows("first_name_man_org.csv"), *_rows("first_name_woman_org.csv")]
    return {kana: romaji for kana, romaji, *_ in rows}


def _rows(name: str) -> Iterator[list[str]]:
    text = (files("japanese_personal_name_dataset") / "dataset" / name).read_text(encoding="utf-8")
    return csv.reader(text.splitlines())


def arabic(random: Random) -> list[Person]:
    """People of Wikidata: the first word of the name and the last, each with its own spelling."""
    people = []
    lines = ARABIC.read_text(encoding="utf-8").splitlines()
    for line in random.sample(lines, 2 * MOST_PEOPLE):
        name, spelling = line.split("\t")
        words, spelt = name.split(), spelling.split()
        if len(words) == len(spelt) == 2:
            people.append(Person((words[1], (spelt[1],)), (words[0], (spelt[0],)), name))
    return people


def cyrillic(random: Random) -> list[Person]:
    """Russian names of Faker, as six schemas spell them."""
    faker = Faker("ru_RU")
    faker.seed_instance(random.randrange(1 << 30))
    people: dict[str, Person] = {}
    for _ in range(2 * MOST_PEOPLE):
        first, last = faker.first_name_male(), faker.last_name_male()
        people.setdefault(
            last, Person((last, by_schemas(last)), (first, by_schemas(first)), f"{first} {last}")
        )
    return [*people.values()]


def by_schemas(name: str) -> tuple[str, ...]:
    spelt = (plain(getattr(iuliia, schema.upper()).translate(name)) for schema in SCHEMAS)
    return tuple(dict.fromkeys(each for each in spelt if each.isascii()))


def listed(module: str, constant: str) -> Callable[[Random], list[Person]]:
    """People whose names are any two of a table."""

    def make(random: Random) -> list[Person]:
        names = of_variants(module, constant)
        return [
            Person(last, first, f"{first[0]} {last[0]}")
            for last, first in zip(names, random.sample(names, len(names)), strict=True)
            if last != first
        ]

    return make


SCRIPTS: Mapping[str, Callable[[Random], list[Person]]] = {
    "Chinese": chinese,
    "Japanese": japanese,
    "Japanese, rare": japanese_of_any_given_name,
    "Korean": korean,
    "Arabic": arabic,
    "Persian": listed("persian_names", "PERSIAN_NAME_VARIANTS"),
    "Hebrew": listed("hebrew_names", "HEBREW_NAME_VARIANTS"),
    "Thai": listed("thai_names", "THAI_NAME_VARIANTS"),
    "Hindi": listed("indian_names_hindi", "INDIAN_NAMES_HINDI"),
    "Bengali": listed("indian_names_bengali", "INDIAN_NAMES_BENGALI"),
    "Tamil": listed("indian_names_tamil", "INDIAN_NAMES_TAMIL"),
    "Greek": listed("greek_names", "GREEK_NAME_VARIANTS"),
    "Russian": listed("russian_surnames", "RUSSIAN_SURNAME_VARIANTS"),
    "Cyrillic": cyrillic,
}


def make_large(script: str, count: int, seed: int) -> list[Assigned]:
    """A roster of so many people whose names are all in one script."""
    random = Random(f"{seed} {script}")
    names: list[str] = []
    while len(names) < count:
        names += [person.name for person in SCRIPTS[script](random)]
    return [
        Assigned(f"{number:06}", f"person-{number}", f"u{number:06}", name=name, readings=readings_of(name))
        for number, name in enumerate(names[:count])
    ]


class House:
    """500 others and the people of one script, by all the ways in which a source spells them."""

    def __init__(self, people: Sequence[Person], others: Sequence[Assigned]) -> None:
        self.roster = [
            *others,
            *(
                Assigned(
                    f"{number:05}",
                    f"person-{number}",
                    f"u{number:05}",
                    name=person.name,
                    readings=readings_of(person.name),
                )
                for number, person in enumerate(people, start=50_000)
            ),
        ]
        self.people = dict(zip((entry.agent_id for entry in self.roster[len(others) :]), people, strict=True))
        self.index = SearchIndex(self.roster)

    def whole(self, random: Random) -> Iterator[Text]:
        """Both names, in either order."""
        for agent_id, person in self.people.items():
            for _ in range(2):
                last, first = random.choice(person.surname[1]), random.choice(person.given[1])
                typed = random.choice([f"{last} {first}", f"{first} {last}"])
                meant = [agent for agent, other in self.people.items() if _spells(other, last, first)]
                yield Text(typed.lower(), frozenset(meant) | {agent_id})

    def alone(self, random: Random, part: Callable[[Person], Spelt]) -> Iterator[Text]:
        """The surname or the given name alone, each spelling of it."""
        for person in self.people.values():
            for typed in random.sample(part(person)[1], min(3, len(part(person)[1]))):
                typed = typed.lower()
                words = typed.split()
                meant = {
                    agent
                    for agent, other in self.people.items()
                    if any(
                        each[0] == part(person)[0] or typed in map(str.lower, each[1])
                        for each in (other.surname, other.given)
                    )
                }
                # Somebody whose Latin name it is, too.
                meant |= {
                    entry.agent_id for entry in self.roster if set(words) <= set(plain(entry.name).split())
                }
                yield Text(typed, frozenset(meant))

    def score(self, text: Text) -> Score:
        found = search(self.index, text.typed)
        five = [match.entry.agent_id for match in found.matches[:5]]
        sure = found.certainty is Certainty.SURE
        right = bool(five) and five[0] in text.meant
        return Score(
            asked=1,
            fair=1,
            first=right,
            in_five=not text.meant.isdisjoint(five),
            sure=sure and right,
            wrong_as_sure=sure and not right,
            nobody=not five,
        )

    def by_one_call(self, texts: Sequence[Text]) -> Score:
        names = [plain(anyascii(entry.name)) for entry in self.roster]
        return by_one_call(names, [(text.typed, self._tells(text)) for text in texts])

    def _tells(self, text: Text) -> Callable[[int], bool]:
        return lambda place: self.roster[place].agent_id in text.meant


def _spells(person: Person, last: str, first: str) -> bool:
    return last in person.surname[1] and first in person.given[1]


def score_world(seed: int) -> dict[str, dict[str, Score]]:
    """The scores by script: whole names, a surname alone, one name alone."""
    others = make_others_roster(OTHERS, seed)
    scores = {}
    for script, make in SCRIPTS.items():
        random = Random(f"{seed} {script}")
        house = House(make(random), others)
        kinds = {
            "whole name": [*house.whole(random)],
            "surname alone": [*house.alone(random, lambda person: person.surname)],
            "given name alone": [*house.alone(random, lambda person: person.given)],
        }
        scores[script] = {
            kind: total(map(house.score, texts)) + house.by_one_call(texts) for kind, texts in kinds.items()
        }
    return scores


def print_world(seed: int) -> bool:
    """Print the scores; whether each script reaches its shares and is better than one call."""
    missed = []
    print(f"\nnames of the world\n{HEADING}")
    for script, kinds in score_world(seed).items():
        for kind, score in kinds.items():
            print_line(f"{script}, {kind}"[:24], score)
            missed += [f"{script}, {kind}"] * (not reaches(script, kind, score))
    print(f"\nthe world MISSED: {', '.join(missed)}" if missed else "\nthe world reached")
    return not missed


def reaches(script: str, kind: str, score: Score) -> bool:
    least = {"whole name": LEAST_WHOLE, "surname alone": LEAST_SURNAME}.get(kind, LEAST_ONE_ARABIC)
    if (kind == "given name alone" and script != "Arabic") or script == "Japanese, rare":
        return True
    return score.in_five >= least * score.fair


if __name__ == "__main__":
    print_world(20261122)
