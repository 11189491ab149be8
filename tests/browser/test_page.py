"""The directory's page in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import vobject
from msgspec.structs import replace
from playwright.sync_api import Browser, BrowserContext, Page, expect

from core.directory.cards import to_vcard
from core.directory.page import to_html
from core.directory.tables import to_csv
from tests.browser.people import publication

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
    assert len(cards) == len(publication().directory.entries)
    search(page, "jane doe")
    with page.expect_download() as saved:
        page.get_by_role("button", name="Save a vCard of Jane Doe").click()
    entry = publication().directory.entries[0]
    assert saved.value.path().read_bytes().decode() == to_vcard(entry, publication().phone)


def test_names_are_shown_and_never_run(page: Page) -> None:
    assert {"<img src=x onerror=alert(1)>", "</noscript><script>alert(2)</script>"} <= set(names(page))
    assert page.locator("img").count() == 0
    policy = page.locator("meta[http-equiv]").get_attribute("content") or ""
    assert "unsafe" not in policy
    assert policy.count("sha256-") == 2


def test_what_slips_in_is_stopped_by_the_policy(browser: Browser, page_file: Path, tmp_path: Path) -> None:
    evil = "<img src=x onerror='document.title=1'><script>document.title=2</script>"
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(page_file.read_text().replace("<main>", f"<main>{evil}"))
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
    assert page.locator("table.plain tbody tr").count() == len(publication().directory.entries) + 2
    expect(page.locator("table.plain")).to_be_visible()
    expect(page.locator("#find")).to_be_hidden()
    context.close()


def test_a_phone_shows_name_number_and_team(browser: Browser, page_file: Path) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 780})
    page.goto(page_file.as_uri())
    row = page.locator("#list tbody tr").first
    assert [row.locator("> *").nth(place).is_visible() for place in range(4)] == [True, True, True, False]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


def test_five_hundred_people_print_on_six_pages_at_most(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    file.write_bytes(to_html(publication(extra=477)))
    page = browser.new_page()
    page.goto(file.as_uri())
    printed = page.pdf(format="A4", prefer_css_page_size=True)
    assert page.locator("#list tbody tr").count() == 502
    assert 1 < len(re.findall(rb"/Type\s*/Page\b", printed)) <= 6
    page.close()


def test_an_empty_directory_says_so(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "index.html"
    empty = replace(publication().directory, entries=())
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
    run = "axe.run().then(all => all.violations.map(each => [each.id, each.nodes[0].html]))"
    found = page.evaluate(run)
    assert found == []
    page.close()
