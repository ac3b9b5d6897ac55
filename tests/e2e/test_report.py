"""The report of a year at the desk: an officer writes and hands in, the secretariat looks and accepts."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_every_page import faults, keep_picture

pytestmark = pytest.mark.browser


def look_at(page: Page, name: str, width: int) -> None:
    """Nothing is wrong with the page as it stands."""
    assert [f"{page.url}: {fault}" for fault in faults(page)] == []
    keep_picture(page, name, width)


def press(page: Page, name: str, *, role: str = "button") -> None:
    page.get_by_role(role, name=name).first.click()


@pytest.mark.parametrize(("width", "who"), [(PHONE, "報告 望"), (DESKTOP, "報告 蓮")])
def test_an_officers_pages_can_be_used_by_everybody(demo, look, width, who):
    site, ways = demo
    page = look(site.address, ways[who], width=width)
    page.goto("/desk/report/")
    look_at(page, "desk-report", width)
    page.locator("main tbody a").first.click()
    raw = page.locator("input.report__raw").first
    raw.fill("延べ 1,234名")
    expect(page.get_by_text("読み取り：延べ1,234名")).to_be_visible()
    look_at(page, "desk-report-project", width)
    press(page, "保存する")
    expect(page.get_by_text("保存しました。")).to_be_visible()
    expect(raw).to_have_value("延べ 1,234名")
    # Folded away, or open where the figure is in doubt.
    history = page.get_by_role("link", name="この数字の履歴を見る", include_hidden=True).first
    page.goto(history.get_attribute("href"))
    look_at(page, "desk-report-value", width)
    page.goto("/desk/report/")
    press(page, "提出する", role="link")
    look_at(page, "desk-report-hand-in", width)


def test_a_unit_hands_in_and_the_secretariat_accepts(demo, look):
    site, ways = demo
    page = look(site.address, ways["集計 まとめ"], width=PHONE)
    page.goto("/desk/report/")
    look_at(page, "desk-report-units", PHONE)
    press(page, "子育て支援グループ", role="link")
    look_at(page, "desk-report-unit", PHONE)
    press(page, "受け付ける")
    expect(page.get_by_text("受け付けました。").first).to_be_visible()
    press(page, "締め切りと公表", role="link")
    look_at(page, "desk-report-close", PHONE)
    press(page, "部署の一覧へ", role="link")
    press(page, "輸出促進グループ", role="link")
    look_at(page, "desk-report-unit-returned", PHONE)
