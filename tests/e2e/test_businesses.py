"""A business from the first call to the merge of its second record, and an owner's own pages."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_accounts import PASSWORD, Member, press
from tests.e2e.test_every_page import faults, keep_picture

pytestmark = pytest.mark.browser


def look_at(page: Page, name: str) -> None:
    """Nothing is wrong with the page on a phone and on a desk; the window stays a desk's."""
    found = []
    for width in (PHONE, DESKTOP):
        page.set_viewport_size({"width": width, "height": 740})
        found += [f"{width} {page.url}: {fault}" for fault in faults(page)]
        keep_picture(page, name, width)
    page.set_viewport_size({"width": DESKTOP, "height": 740})
    assert found == []


def test_a_manager_keeps_the_record_of_a_business(site, visit):
    page = Member(site, visit, "books@example.jp").page
    page.goto("/desk/businesses/")
    look_at(page, "desk-businesses-empty")
    page.get_by_role("link", name="新しく登録する").click()
    page.get_by_label("商号・名称").fill("株式会社みほん水産")
    page.get_by_label("郵便番号").fill("１００ー０００１")
    press(page, "郵便番号から場所を入れる")
    expect(page.get_by_label("市区町村")).to_have_value("東京都千代田区")
    page.get_by_label("電話番号").fill("12")
    press(page, "登録する")
    expect(page.get_by_text("入力を1か所直してください")).to_be_visible()
    look_at(page, "desk-business-new")
    page.get_by_label("電話番号").fill("03-1234-5678")
    press(page, "登録する")
    expect(page.get_by_role("heading", level=1)).to_have_text("株式会社みほん水産")
    record = page.url

    page.get_by_role("link", name="1年分を入れる").click()
    for label, text in (
        ("期首", "令和7年4月1日"),
        ("決算日", "2026-03-31"),
        ("売上高", "10,000"),
        ("売上総利益", "1"),
        ("売上原価", "2"),
    ):
        page.get_by_label(label, exact=True).fill(text)
    look_at(page, "desk-business-figures")
    press(page, "保存する")
    expect(page.get_by_text("10,000,000").first).to_be_visible()
    page.get_by_role("link", name=re.compile("直す.*役員")).click()
    page.get_by_label("氏名").first.fill("見本 太郎")
    look_at(page, "desk-business-rows")
    press(page, "保存する")
    look_at(page, "desk-business")
    page.goto(f"{record}edit/")
    look_at(page, "desk-business-edit")
    page.goto(f"{record}release/")
    look_at(page, "desk-business-release")
    for name in ("export", "erase"):
        page.goto(f"{record}{name}/")
        assert page.url.endswith(f"/{name}/"), page.url
        look_at(page, f"desk-business-{name}")
    page.goto("/desk/businesses/share/")
    look_at(page, "desk-business-share")


def test_a_manager_joins_two_records_of_one_business(site, visit):
    page = Member(site, visit, "pairs@example.jp").page
    for name, button in (("株式会社みほん工業", "登録する"), ("みほん工業㈱", "別の事業者として登録する")):
        page.goto(f"/desk/businesses/new/?name={name}")
        page.get_by_label("電話番号").fill("（03）5555-5678")
        press(page, "登録する")
        if button != "登録する":
            expect(page.get_by_text("同じ事業者かもしれません")).to_be_visible()
            look_at(page, "desk-business-alike")
            press(page, button)
    page.goto("/desk/businesses/duplicates/")
    look_at(page, "desk-business-duplicates")
    page.get_by_role("link", name="くらべる").first.click()
    look_at(page, "desk-business-merge")
    press(page, "1つにする")
    expect(page.get_by_text("2つの記録を1つにしました")).to_be_visible()


def test_a_manager_brings_a_list(site, visit, tmp_path):
    page = Member(site, visit, "lists@example.jp").page
    path = tmp_path / "list.csv"
    path.write_bytes(
        "商号・名称,電話番号,備考\r\n一番商店,03-1111-2222,x\r\n二番商店,12,y\r\n".encode("cp932")
    )
    page.goto("/desk/businesses/import/")
    look_at(page, "desk-business-import")
    page.get_by_label("名簿のファイル").set_input_files(path)
    press(page, "内容を見る")
    expect(page.get_by_text("1行も取り込みません")).to_be_visible()
    look_at(page, "desk-business-list")


def test_a_business_is_found_while_typing_and_without_script(site, visit):
    page = Member(site, visit, "typing@example.jp").page
    for name in ("港みほん食堂", "港町運輸"):
        page.goto(f"/desk/businesses/new/?name={name}")
        press(page, "登録する")
    page.goto("/desk/businesses/")
    page.get_by_role("searchbox").press_sequentially("町運")
    expect(page.locator("#found").get_by_role("link", name="港町運輸")).to_be_visible()
    expect(page.locator("#found").get_by_role("link", name="港みほん食堂")).to_have_count(0)
    look_at(page, "desk-businesses")
    page.get_by_role("searchbox").press("Enter")
    expect(page).to_have_url(re.compile("q="))
    expect(page.get_by_role("link", name="港町運輸")).to_be_visible()


def test_an_owner_registers_and_invites_on_a_phone(site, visit):
    page = Member(site, visit, "owner@example.jp").page
    page.goto("/my/business/")
    look_at(page, "my-businesses")
    page.get_by_role("link", name="事業を登録する").click()
    page.get_by_label("商号・名称").fill("創業 花子")
    page.get_by_label("創業予定").check()
    look_at(page, "my-business-form")
    press(page, "登録する")
    expect(page.get_by_text("登録しました。")).to_be_visible()
    look_at(page, "my-business")
    own = page.url
    page.get_by_role("link", name="利用者と委任").click()
    page.get_by_label("メールアドレス").fill("gyosei@example.jp")
    page.get_by_label("代理人", exact=True).check()
    page.get_by_label("申請", exact=True).check()
    press(page, "招待のリンクを作る")
    expect(page.get_by_text("委任の終わりの日を").first).to_be_visible()
    page.get_by_label("いつまで").fill("2027-03-31")
    page.get_by_label("委任の根拠").fill("委任状")
    press(page, "招待のリンクを作る")
    expect(page.get_by_text("招待のリンクができました")).to_be_visible()
    look_at(page, "my-members")
    page.goto(page.get_by_label("招待のリンク", exact=True).input_value())
    expect(page.get_by_role("heading", level=1)).to_have_text("使えない招待です")
    look_at(page, "my-invitation-gone")
    page.goto(f"{own}erase/")
    page.get_by_label("パスワード").fill(PASSWORD)
    press(page, "確かめる")
    for address, name in ((f"{own}erase/", "my-business-erase"), ("/account/close/", "account-close")):
        page.goto(address)
        assert page.url.endswith(address), page.url
        look_at(page, name)
