"""わが社に合う支援 on a phone, as it is shipped, also without JavaScript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_every_page import faults

pytestmark = pytest.mark.browser


def onward(page: Page) -> None:
    page.get_by_role("button", name="次へ").click()


def answer(page: Page, key: str, value: str) -> None:
    """Answer one question by what stands in its field."""
    page.goto(f"/fit/question/{key}/")
    if page.locator("select[name=value]").count():
        page.select_option("select[name=value]", value)
    elif page.locator(f"input[value='{value}']").count():
        page.locator(f"label:has(input[value='{value}'])").click()
    else:
        page.fill("input[name=value]", value)
    onward(page)


@pytest.mark.parametrize("scripts", [True, False])
def test_an_owner_comes_from_the_home_page_to_reasons_in_a_few_questions(scripts, visit):
    page = visit("/", width=PHONE, java_script_enabled=scripts)
    page.get_by_role("link", name="質問に答える").click()
    page.get_by_role("link", name="質問を始める").click()
    for _ in range(3):
        expect(page.locator("h1")).to_have_count(1)
        page.get_by_role("button", name="わからない").click()
    answer(page, "applicant", "business")
    answer(page, "employees", "１２人")
    page.goto("/fit/results/")
    expect(page.locator("h1")).to_contain_text("使えるかもしれません")
    for word in ("該当", "該当見込み", "要確認", "非該当"):
        expect(page.locator(".tally")).to_contain_text(word)
    assert re.search(r"根拠：\S+", page.locator("main").inner_text())
    page.goto("/fit/answers/")
    page.get_by_role("button", name="答えをぜんぶ消す").click()
    expect(page.locator("main")).to_contain_text("答えを消しました")
    assert page.context.cookies() == []


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_pages_with_answers_can_be_used_by_everybody(width, visit):
    page = visit("/fit/", width=width)
    for key, value in (("applicant", "business"), ("employees", "12"), ("cost_yen", "300")):
        answer(page, key, value)
    found = []
    for address in (
        "/fit/",
        "/fit/results/",
        "/fit/results/ineligible/",
        "/fit/answers/",
        "/fit/sheet/",
        "/fit/costs/",
        "/fit/question/capital_yen/",
    ):
        page.goto(address)
        for details in page.locator("main details").all():
            details.evaluate("element => element.open = true")
        found += [f"{address}: {fault}" for fault in faults(page)]
    assert found == []


def test_a_plan_is_worked_out_and_settles_its_programme(visit):
    page = visit("/fit/plan/", width=PHONE)
    figures = {
        "operating_profit": ("1000", "1400"),
        "personnel": ("6000", "6400"),
        "depreciation": ("3000", "3100"),
    }
    for part, (base, target) in figures.items():
        page.fill(f"input[name=base_{part}_yen]", base)
        page.fill(f"input[name=target_{part}_yen]", target)
    page.locator("label:has(input[name=plan_years][value='3'])").click()
    page.get_by_role("button", name="計算する").click()
    expect(page.locator("#result")).to_contain_text("9.00%")
    expect(page.locator("#result")).to_contain_text("基準に届いています")
    assert faults(page) == []
