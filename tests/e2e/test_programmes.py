"""A town's officer publishes a subsidy from a phone, and a second one approves it."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_every_page import faults, keep_picture

pytestmark = pytest.mark.browser
NAME = "店がまえ応援補助金"


class Somebody:
    """A person of the town with a phone."""

    def __init__(self, page: Page, width: int = PHONE) -> None:
        self.page, self.width = page, width

    def look(self, name: str) -> None:
        """Nothing is wrong with the page as it stands."""
        assert [f"{self.page.url}: {fault}" for fault in faults(self.page)] == []
        keep_picture(self.page, name, self.width)
        self.page.set_viewport_size({"width": self.width, "height": 740})

    def press(self, name: str, *, role: str = "button", exact: bool = True) -> None:
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def says(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def write(officer: Somebody) -> None:
    page = officer.page
    page.goto("/desk/programmes/")
    officer.look("programmes")
    officer.press("書きはじめる")
    officer.look("programme-edit-new")
    page.get_by_label("制度の名前").fill(NAME)
    page.get_by_label("補助金").first.check()
    page.get_by_label("だれが使えるか").fill("市内に店がある方")
    page.get_by_label("どんな制度か").fill("店の外や中を直す費用の一部を、市が補助します。")
    page.get_by_label("やさしい日本語").fill("お店を直すお金を市がたします。")
    page.get_by_label("補助率").fill("2/3")
    page.get_by_label("上限の金額").fill("３０万円")
    officer.press("枠・コースを増やす")
    expect(page.get_by_label("上限の金額").first).to_have_value("３０万円")
    officer.press("2番目を消す")
    page.get_by_label("年度のあいだ、いつでも").check()
    page.get_by_label("担当の名前", exact=False).fill("商工係")
    page.get_by_label("電話番号").fill("0176-00-0001")
    # What is typed is kept, and says when.
    expect(page.locator("[data-autosave-status]")).to_contain_text("に保存しました", timeout=15_000)


def test_a_subsidy_from_a_phone_and_a_second_person(demo, look):
    site, ways = demo
    manager = Somebody(look(site.address, ways["役場 勝"], width=PHONE))
    manager.page.goto("/desk/programmes/")
    manager.page.get_by_label("公開の前に、書いた人とは別の人が確認する").check()
    manager.press("この形にする")
    manager.says("公開のしかたを変えました。")

    officer = Somebody(look(site.address, ways["役場 めぐみ"], width=PHONE))
    write(officer)
    officer.press("プレビュー")
    officer.look("programme-look")
    frame = officer.page.frame_locator(".prog__phone")
    expect(frame.get_by_text("これは下書きです")).to_be_visible()
    expect(frame.get_by_text("30万円").first).to_be_visible()
    officer.press("下書きに戻る", role="link")
    officer.look("programme-edit")
    officer.press("確認を頼む")
    officer.look("programme-publish")
    officer.press("確認を頼む")
    officer.says("確認を頼みました。")
    officer.look("programmes-waiting")

    manager.page.goto("/desk/programmes/")
    manager.press(NAME, role="link", exact=False)
    manager.look("programme-approve")
    manager.press("確認して公開する")
    manager.says("公開しました。")
    manager.look("programme-history")
    manager.press("ページを見る", role="link")
    manager.says("この内容は十和田市が書いています。")
    manager.look("programme-published")


def test_the_desk_shows_the_same_on_a_wide_window(demo, look):
    site, ways = demo
    officer = Somebody(look(site.address, ways["役場 めぐみ"], width=DESKTOP), DESKTOP)
    officer.page.goto("/desk/programmes/")
    officer.press("書きはじめる")
    officer.look("programme-edit-new")
    officer.page.locator("button[value=publish]").click()
    officer.says("か所直してください")
    officer.look("programme-edit-refused")
