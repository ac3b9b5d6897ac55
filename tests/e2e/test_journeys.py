"""What people come for, from the first page to the last."""

import re
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.samples import SUCCESSION

pytestmark = pytest.mark.browser

ASKING = "困りごとを、そのまま書いてください"
WORRY = "後を継ぐ人がいない"
FOUND = re.compile(r"^\s*\d+件みつかりました\s*$")
# Beyond this many presses of Tab nobody looks any further.
MOST_TABS = 150


def found_count(page: Page) -> int:
    """How many the list says were found."""
    heading = page.get_by_role("heading", name=FOUND)
    return int(re.findall(r"\d+", heading.inner_text())[0])


def first_hit(page: Page) -> Locator:
    return page.locator(".hits .hit h3 a").first


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until something that fits the selector has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"not reached with the keyboard: {selector}")


def pages_of(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def test_an_owner_finds_a_telephone_number_on_the_phone_and_brings_the_sheet_along(visit):
    page = visit(width=PHONE)
    page.get_by_label(ASKING).fill(WORRY)
    page.get_by_role("button", name="さがす").click()
    before = found_count(page)

    narrow = page.locator("details.only-narrow")
    narrow.locator("> summary").click()
    narrow.locator("input[name=kind][value=consultation]").check()
    narrow.get_by_role("button", name="この条件でさがす").click()
    expect(page).to_have_url(re.compile(r"kind=consultation"))
    assert 0 < found_count(page) < before

    name = "事業承継に関する相談をしたいとき"
    page.get_by_role("link", name=name).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    telephone = page.locator("main a[href^='tel:']").first
    expect(telephone).to_have_text(re.compile(r"\d+-\d+-\d+"))
    assert telephone.bounding_box()["y"] < 740  # without scrolling

    page.get_by_role("button", name="お気に入りに入れる").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("お気に入り")
    expect(page.locator(".favourite")).to_contain_text(name)
    expect(page.locator(".favourite a[href^='tel:']")).to_be_visible()

    page.emulate_media(media="print")
    expect(page.locator("header.site")).to_be_hidden()
    expect(page.get_by_role("button", name="外す")).to_be_hidden()
    expect(page.locator(".favourite__qr")).to_be_visible()
    assert pages_of(page.pdf(format="A4")) == 1

    page.emulate_media(media="screen")
    page.get_by_role("button", name="外す").click()
    expect(page.get_by_role("heading", name="お気に入りは、まだありません")).to_be_visible()


def test_the_sheet_to_bring_along_is_one_page_of_paper(visit):
    page = visit("/programmes/senryaku-monozukuri/sheet/")
    assert pages_of(page.pdf(format="A4")) == 1


def test_everything_is_reached_with_the_keyboard_alone(visit):
    page = visit()
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    tab_to(page, "#q")
    page.keyboard.type("ビジネスサポートステーション")
    page.keyboard.press("Enter")
    expect(first_hit(page)).to_be_visible()
    tab_to(page, "input[name=kind][value=matching]")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile(r"kind=matching"))
    # The list was exchanged below the hands of the visitor; they go on where they were.
    expect(page.locator(".only-wide input[name=kind][value=matching]")).to_be_focused()

    tab_to(page, ".hit h3 a")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("ビジネスサポートステーション")
    tab_to(page, "a.tag[href$='/2021/']")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="これは令和3年度版です")).to_be_visible()


def test_the_search_works_without_scripts(visit):
    page = visit(java_script_enabled=False)
    page.get_by_label(ASKING).fill(WORRY)
    page.get_by_role("button", name="さがす").click()
    before = found_count(page)
    wide = page.locator(".only-wide")
    wide.locator("input[name=kind][value=consultation]").check()
    wide.get_by_role("button", name="この条件でさがす").click()
    expect(page).to_have_url(re.compile(r"kind=consultation"))
    after = found_count(page)
    assert 0 < after < before
    expect(page.locator("#q")).to_have_value(WORRY)
    page.locator("a.tag", has_text="相談").click()
    assert found_count(page) == before


def test_a_ticked_condition_changes_the_list_in_place_and_back_takes_it_off(visit):
    page = visit(f"/search/?q={SUCCESSION}")
    before = found_count(page)
    page.evaluate("window.isSamePage = true")
    box = page.locator(".only-wide input[name=kind][value=consultation]")
    box.check()
    expect(page).to_have_url(re.compile(r"kind=consultation"))
    expect(page.locator("a.tag", has_text="相談")).to_be_visible()
    after = found_count(page)
    assert 0 < after < before
    assert page.evaluate("window.isSamePage") is True

    page.go_back()
    expect(page).not_to_have_url(re.compile(r"kind=consultation"))
    expect(page.get_by_role("heading", name=re.compile(rf"^\s*{before}件"))).to_be_visible()
    expect(box).not_to_be_checked()


def test_a_search_that_finds_nothing_leads_on(visit):
    page = visit("/search/?q=qqqqqzzzz")
    expect(page.get_by_role("heading", name="ちょうど合う支援は、みつかりませんでした")).to_be_visible()
    expect(page.locator("main a[href^='tel:']").first).to_be_visible()
    page.get_by_role("link", name="近くの窓口をさがす").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("相談窓口")


def test_conditions_that_leave_nothing_can_be_taken_off_one_by_one(visit):
    page = visit(f"/search/?q={SUCCESSION}&kind=loan&area=shimokita&status=closed")
    drop = page.locator("a.btn--ends").first
    promised = int(re.findall(r"(\d+)件", drop.inner_text())[-1])
    drop.click()
    assert found_count(page) == promised


def test_an_area_on_the_map_leads_to_its_desks(visit):
    page = visit("/desks/")
    page.locator("svg a[data-area=sanpachi]").click()
    expect(page.get_by_role("heading", name=re.compile("三八.*で相談できる窓口"))).to_be_visible()
    expect(page.locator("svg a[data-area=sanpachi]")).to_have_attribute("aria-current", "true")
    desk = page.locator(".deskhit__name a").first
    name = desk.inner_text()
    desk.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_events_are_found_by_month_and_taken_into_a_calendar(visit):
    page = visit("/events/")
    page.get_by_role("link", name="月のカレンダーで見る").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("11月")
    page.get_by_role("link", name="次の月").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("12月")
    page.get_by_role("link", name="前の月").click()
    expect(page).to_have_url(re.compile("/2023/11/$"))
    page.locator(".cal td a").first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name="日程をカレンダーに取りこむ").click()
    calendar = icalendar.Calendar.from_ical(Path(download.value.path()).read_bytes())
    entries = calendar.walk("VEVENT")
    assert len(entries) >= 6
    assert len({str(entry["uid"]) for entry in entries}) == len(entries)
    assert {str(entry["summary"]) for entry in entries}


def test_the_language_is_switched_and_switched_back(visit):
    page = visit("/desks/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Consultation desks")
    page.get_by_role("link", name="Privacy").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Privacy")
    page.get_by_role("button", name="日本語").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("個人情報の扱い")
