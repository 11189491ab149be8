"""The directory's page in a browser."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import vobject
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader

from core.directory.cards import to_vcard
from core.directory.page import to_html
from core.directory.publication import Publication
from core.directory.tables import to_csv
from core.models import Assigned, Directory, Reserved
from tests.browser.people import LEFT, publication

pytestmark = pytest.mark.browser
AXE = Path(__file__).parents[2] / "node_modules/axe-core/axe.min.js"
LIGHT, DARK = "light", "dark"
PHONE, DESKTOP = (390, 780), (1280, 900)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(timezone_id="Europe/Berlin", locale="en-GB", accept_downloads=True)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext, page_file: Path) -> Iterator[Page]:
    """The page, opened; whatever it logs, throws or asks of the network fails the test."""
    page = context.new_page()
    faults: list[str] = []
    page.on("console", lambda said: faults.append(said.text))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", lambda dialog: faults.append(dialog.message))
    page.on("request", lambda request: faults.append(request.url) if request.url.startswith("http") else None)
    page.goto(page_file.as_uri())
    yield page
    assert faults == []


def names(page: Page) -> list[str]:
    return page.locator("#list tbody th").all_text_contents()


def search(page: Page, text: str) -> list[str]:
    page.fill("#find", text)
    return names(page)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("soren", "Søren Østergård"),
        ("soeren oestergaard", "Søren Østergård"),
        ("lukasz", "Łukasz Wójcik"),
        ("D’Angelo", "Maria D'Angelo"),
        ("dangelo maria", "Maria D'Angelo"),
        ("juergen gross", "Jürgen Groß"),
        ("jurgen", "Jürgen Groß"),
        ("dorde", "Đorđe Petrović"),
        ("isil yilmaz", "Işıl Yılmaz"),
        ("aegir", "Ægir Þórsson"),
        ("ｊａｎｅ ｄｏｅ", "Jane Doe"),
        ("kana", "Ｋａｎａ Mori"),
        ("wang", "王小明"),
        ("doe jane", "Jane Doe"),
        ("x7238", "Jane Doe"),
        ("ext 7238", "Jane Doe"),
        ("user0", "Jane Doe"),
        ("o brien", "Sean O'Brien"),
        ("obrien", "Sean O'Brien"),
        ("smith jones ann", "Ann-Marie Smith-Jones"),
        ("front desk", "Front desk"),
    ],
)
def test_the_search_folds_as_the_bot_does(page: Page, typed: str, name: str) -> None:
    assert search(page, typed) == [name]


def test_a_team_is_found_too(page: Page) -> None:
    assert "Søren Østergård" in search(page, "nordics")


def test_nothing_found_is_said_and_the_count_is_told_as_it_changes(page: Page) -> None:
    search(page, "nobodycalledso")
    expect(page.locator("#count")).to_have_text("Nothing fits “nobodycalledso”. Fewer letters find more.")
    search(page, "jane")
    expect(page.locator("#count")).to_have_text("2 people")
    assert page.locator("#count").get_attribute("role") == "status"


@pytest.mark.parametrize("ending", ["?q=s%C3%B8ren", "#q=soren"])
def test_the_address_opens_the_page_searched(page: Page, page_file: Path, ending: str) -> None:
    page.goto("about:blank")
    page.goto(page_file.as_uri() + ending)
    assert names(page) == ["Søren Østergård"]


def test_names_are_sorted_by_their_letters(page: Page) -> None:
    right = ["Élodie Côté", "Emil Berg", "Loes Maas", "Łukasz Wójcik", "Zoë Zimmer"]
    found = [name for name in names(page) if name in right]
    assert found == ["Élodie Côté", "Emil Berg", "Loes Maas", "Łukasz Wójcik", "Zoë Zimmer"]


def test_each_column_sorts_both_ways(page: Page) -> None:
    for title, cell in (("Number", ".number"), ("Team", "td:nth-child(3)"), ("Username", "td:nth-child(4)")):
        page.get_by_role("button", name=title, exact=True).click()
        rising = [
            text for text in page.locator(f"#list tbody {cell}").all_text_contents() if text != "Reserved"
        ]
        filled = [text for text in rising if text]
        assert filled == sorted(filled, key=str.lower)
        page.get_by_role("button", name=title, exact=True).click()
        expect(page.get_by_role("columnheader", name=title)).to_have_attribute("aria-sort", "descending")


def test_team_and_letter_narrow_the_list(page: Page) -> None:
    page.select_option("#team", "Billing")
    assert set(page.locator("#list tbody td:nth-child(3)").all_text_contents()) == {"Billing"}
    page.select_option("#team", "")
    page.locator("[data-letter=l]").click()
    assert names(page) == ["Lift", "Loes Maas", "Łukasz Wójcik"]


def test_a_number_is_copied_by_one_press(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    search(page, "jane doe")
    page.get_by_role("button", name="Copy 7238, Jane Doe").click()
    expect(page.locator("#said")).to_have_text("7238 copied")
    assert page.evaluate("navigator.clipboard.readText()") == "7238"


def test_a_call_dials_the_extension_after_two_pauses(page: Page) -> None:
    search(page, "jane doe")
    expect(page.get_by_role("link", name="Call Jane Doe")).to_have_attribute("href", "tel:+12065550100,,7238")


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("jane doe")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Copy 7238, Jane Doe")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#find")).to_be_focused()
    assert len(names(page)) > 30


def test_the_page_writes_the_files_that_the_bot_writes(page: Page) -> None:
    with page.expect_download() as saved:
        page.click("#csv")
    lines = saved.value.path().read_bytes().decode().splitlines(keepends=True)
    assert sorted(lines) == sorted(to_csv(publication()).decode().splitlines(keepends=True))
    with page.expect_download() as saved:
        page.click("#vcf")
    cards = list(vobject.readComponents(saved.value.path().read_text()))
    assert len(cards) == len(publication().by_name())
    search(page, "jane doe")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save a vCard of Jane Doe").click()
    entry = publication().directory.entries[0]
    assert saved.value.path().read_bytes().decode() == to_vcard(
        entry, publication().phone, publication().directory.at
    )


@pytest.mark.parametrize(
    "parts", [("Loes", "van den Berg"), ("Loes van den", "Berg"), ("", ""), ("Loes van den Berg", "")]
)
def test_the_page_cuts_names_as_the_bot_does(
    browser: Browser, tmp_path: Path, parts: tuple[str, str]
) -> None:
    first, last = parts
    person = Assigned("7999", "id", "u", name="Loes van den Berg", first_name=first, last_name=last)
    file = tmp_path / "index.html"
    file.write_bytes(to_html(Publication(Directory((person,), "v1", publication().directory.at))))
    page = browser.new_page()
    page.goto(file.as_uri())
    with page.expect_download() as saved:
        page.click("#vcf")
    assert saved.value.path().read_bytes().decode() == to_vcard(person, "", publication().directory.at)
    page.close()


def test_names_are_shown_and_never_run(page: Page) -> None:
    assert {"<img src=x onerror=alert(1)>", "</noscript><script>alert(2)</script>"} <= set(names(page))
    assert page.locator("img").count() == 0
    policy = page.locator("meta[http-equiv]").get_attribute("content") or ""
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 2


def test_what_slips_in_is_stopped_by_the_policy(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    evil = "<img src=x onerror='document.title=1'><script>document.title=2</script>"
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(page_file.read_text(encoding="utf-8").replace("<main>", f"<main>{evil}"))
    page = browser.new_page()
    page.goto(spoilt.as_uri())
    assert page.title() == "Extensions"
    page.close()


def test_times_are_in_the_readers_zone(page: Page) -> None:
    expect(page.locator("time")).to_have_text(re.compile(r"24 Nov 2026.* 10:30"))


def test_a_page_that_stays_open_says_when_it_is_old(context: BrowserContext, page_file: Path) -> None:
    page = context.new_page()
    page.clock.install(time="2026-11-24T10:00:00Z")
    page.goto(page_file.as_uri())
    expect(page.locator("#old")).to_have_text("")
    page.clock.run_for(2 * 3600 * 1000)
    expect(page.locator("#old")).to_contain_text("In Slack, /ext directory gives a new link.")


def test_without_javascript_the_table_is_complete(browser: Browser, page_file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(page_file.as_uri())
    assert page.locator("table.plain tbody tr").count() == len(publication().by_name()) + 2
    expect(page.locator("table.plain")).to_be_visible()
    expect(page.locator("#find")).to_be_hidden()
    context.close()


def test_letters_that_lead_nowhere_are_dimmed(page: Page) -> None:
    page.select_option("#team", "Billing")
    expect(page.locator("[data-letter=e]")).to_be_enabled()
    expect(page.locator("[data-letter=l]")).to_be_disabled()
    page.locator("[data-letter=e]").click()
    expect(page.locator("[data-letter=j]")).to_be_enabled()
    page.select_option("#team", "Claims")
    expect(page.locator("[data-letter=e]")).to_be_enabled()  # pressed: it has to be let go of
    page.keyboard.press("Escape")
    expect(page.locator("[data-letter=l]")).to_be_enabled()


@pytest.mark.parametrize("width", [320, 390])
def test_a_phone_shows_all_of_a_person_and_saves_the_card(
    browser: Browser, page_file: Path, width: int
) -> None:
    page = browser.new_page(viewport={"width": width, "height": 780})
    page.goto(page_file.as_uri())
    search(page, "oestergaard")
    row = page.get_by_role("row").filter(has_text="Søren Østergård")
    for shown in ("Sales – Nordics", "user2"):
        expect(row.get_by_role("cell", name=shown)).to_be_in_viewport(ratio=1)
    for pressed in ("Copy 7240, Søren Østergård", "Save a vCard of Søren Østergård"):
        expect(row.get_by_role("button", name=pressed)).to_be_in_viewport(ratio=1)
    with page.expect_download() as saved:
        row.get_by_role("button", name="Save a vCard").click()
    assert "FN:Søren Østergård" in saved.value.path().read_text(encoding="utf-8")
    search(page, "")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def printed(browser: Browser, folder: Path, people: Publication, width: int = 1280) -> list[str]:
    """The text of each page on paper, A4."""
    file = folder / "index.html"
    file.write_bytes(to_html(people))
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto(file.as_uri())
    reader = PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    page.close()
    return [sheet.extract_text() for sheet in reader.pages]


@pytest.mark.parametrize("width", [390, 1280])
def test_each_printed_column_has_its_titles(browser: Browser, tmp_path: Path, width: int) -> None:
    sheets = printed(browser, tmp_path, publication(extra=477), width)
    assert 1 < len(sheets) <= 6
    assert sum(sheet.count("Person") for sheet in sheets) == 477
    *full, last = (len(re.findall(r"Name\s*Number\s*Team", sheet)) for sheet in sheets)
    assert full == [2] * len(full)
    assert last


@pytest.mark.parametrize("script", [True, False])
def test_who_has_left_and_waits_for_the_release_is_marked(
    browser: Browser, page_file: Path, script: bool
) -> None:
    page = browser.new_page(java_script_enabled=script)
    page.goto(page_file.as_uri())
    marked = {
        row.inner_text(): row.evaluate("row => getComputedStyle(row, '::after').content")
        for row in page.locator("#list tbody th" if script else ".plain tbody th").all()
    }
    told = {name for name, content in marked.items() if content == '"not in Amazon Connect any more"'}
    assert told == {LEFT}
    page.close()


def test_words_and_reserved_ranges_are_whole_on_paper(browser: Browser, tmp_path: Path) -> None:
    long = Assigned("7999", "id", "u", name="Wilhelmina Papadimitropoulou", team="Kundenzufriedenheit")
    kept = (Reserved("0007", "Front desk"), Reserved("0008", "Front desk"))
    directory = Directory((long,), "v1", publication().directory.at)
    (sheet,) = printed(browser, tmp_path, Publication(directory, kept, None, ""))
    lines = sheet.splitlines()
    for word in ("Papadimitropoulou", "Kundenzufriedenheit", "0007–0008"):
        assert any(word in line for line in lines), lines


def test_an_empty_directory_says_so(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    empty = replace(publication().directory, entries=(), queues=())
    file.write_bytes(to_html(replace(publication(), directory=empty, reserved=())))
    page = browser.new_page()
    page.goto(file.as_uri())
    expect(page.locator("#count")).to_have_text("Nobody has an extension yet.")
    page.close()


@pytest.mark.parametrize("scheme", [LIGHT, DARK])
@pytest.mark.parametrize("size", [PHONE, DESKTOP])
def test_axe_finds_nothing(browser: Browser, page_file: Path, scheme: str, size: tuple[int, int]) -> None:
    page = browser.new_page(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == DARK else "light",
        bypass_csp=True,
    )
    page.goto(page_file.as_uri())
    page.evaluate(AXE.read_text())
    run = "rules => axe.run({rules}).then(all => all.violations.map(each => [each.id, each.nodes[0].html]))"
    found = page.evaluate(run, {"color-contrast-enhanced": {"enabled": True}})
    assert found == []
    page.close()
