"""The Latin readings of names in other scripts, as a sync makes them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.models import Assigned
from core.readings.dictionary import TABLES
from core.readings.latin import readings_of
from core.search.spelt import latin_readings

MOST_BYTES = 10_000_000


def spelt(name: str) -> list[tuple[tuple[str, ...], ...]]:
    return latin_readings(Assigned("0001", "id", "login", name=name, readings=readings_of(name)))


def reads(name: str, spelling: str) -> bool:
    """Whether one reading of the name has each word of the spelling, in any order."""
    return any(
        len(reading) >= len(spelling.split())
        and all(any(word in each for each in reading) for word in spelling.split())
        for reading in spelt(name)
    )


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("曾国藩", "zeng guofan"),
        ("单雄信", "shan xiongxin"),
        ("解晓东", "xie xiaodong"),
        ("歐陽修", "ouyang xiu"),
        ("尉迟恭", "yuchi gong"),
        ("王小明", "wong siuming"),
        ("林志玲", "lin chihling"),
        ("陳大文", "tan dawen"),
        ("吴明", "ng ming"),
        ("小明 王", "wang xiaoming"),
        ("山田太郎", "yamada tarou"),
        ("山田太郎", "yamada taro"),
        ("大野 裕", "ohno yutaka"),
        ("髙橋健", "takahashi ken"),
        ("佐藤 はなこ", "sato hanako"),
        ("御手洗翔", "mitarai shou"),
        ("高健", "gao jian"),
        ("김민수", "kim minsoo"),
        ("이영희", "rhee younghee"),
        ("최현", "choi hyun"),
        ("민수 박", "park minsu"),
        ("남궁민", "namgung min"),
        ("محمد خالد", "mohammed khalid"),
        ("أحمد حسين", "ahmed hussein"),
        ("عبد الرحمن يوسف", "abdulrahman yousef"),
        ("فاطمة القحطاني", "fatima alqahtani"),
        ("محمد بن سلمان", "mohamed bin salman"),
        ("علی رضایی", "ali rezaei"),
        ("משה כהן", "moshe cohen"),
        ("วิชัย สมชาย", "vichai somchai"),
        ("श्रीनिवास शर्मा", "srinivas sharma"),
        ("মুখোপাধ্যায় পায়েল", "mukherjee payel"),
        ("முருகன் விஜய்", "murugan vijay"),
        ("Γιώργος Παπαδόπουλος", "giorgos papadopoulos"),
        ("Юрий Васильев", "yury vasilyev"),
        ("Юрий Васильев", "iurii vasilev"),
        ("Олександр Шевченко", "oleksandr shevchenko"),
    ],
)
def test_a_name_is_read_as_people_spell_it(name: str, spelling: str) -> None:
    assert reads(name, spelling), spelt(name)


def test_kana_beside_a_name_make_it_japanese_and_nothing_else() -> None:
    assert not reads("高 ひろし", "gao")
    assert reads("高 ひろし", "taka hiroshi")


@pytest.mark.parametrize(
    "name", ["Jane Doe", "Jürgen Müller", "Nguyễn Thị Mai", "", "😀", "李 Smith", "김" * 90]
)
def test_a_name_that_is_latin_or_mixed_or_endless_has_no_readings(name: str) -> None:
    assert readings_of(name) == ""


@settings(deadline=None)
@given(st.text(alphabet=st.characters(categories=["Lo", "Lu", "Ll", "Mn", "Zs"]), max_size=40))
def test_any_name_has_readings_of_plain_letters_that_fit_a_row(name: str) -> None:
    readings = readings_of(name)
    assert len(readings) < 1_000
    assert set(readings) <= set("abcdefghijklmnopqrstuvwxyz/-; ")


def test_the_tables_are_small_enough_to_ship_and_each_has_its_source() -> None:
    tables = [*TABLES.glob("*.tsv")]
    notice = (TABLES / "NOTICE").read_text(encoding="utf-8")
    assert sum(table.stat().st_size for table in tables) < MOST_BYTES
    assert [table.name for table in tables if table.name not in notice] == []
