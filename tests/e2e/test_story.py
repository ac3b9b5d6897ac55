"""One consultation from the request to the figure of the statistics, with the keyboard alone, on a phone.

The site is a demonstration: its people come in by their links, without a second factor.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE
from tests.e2e.keyboard import Keyboard
from tests.e2e.test_every_page import faults, keep_picture

pytestmark = pytest.mark.browser

WORDS = "お店の売り先を広げたい。取引先を増やす方法を教えてください。"
# A form that is sent within five seconds looks like a machine's and is held.
_READING_MS = 5_500


class Somebody:
    """A visitor with a phone and a keyboard."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, Keyboard(page)

    def look(self, name: str) -> None:
        """Nothing is wrong with the page as it stands."""
        assert [f"{self.page.url}: {fault}" for fault in faults(self.page)] == []
        keep_picture(self.page, name, PHONE)
        self.page.set_viewport_size({"width": PHONE, "height": 740})

    def press(self, name: str, *, role: str = "button", nth: int = 0, exact: bool = True) -> None:
        self.keys.press(self.page.get_by_role(role, name=name, exact=exact).nth(nth))

    def says(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()


def ask(business: Somebody) -> str:
    """Send a request by the form; its number."""
    page, keys = business.page, business.keys
    business.look("story-consult")
    keys.write(page.get_by_label("どんなことでお困りですか"), WORDS)
    page.wait_for_timeout(_READING_MS)
    business.press("次へ")
    business.look("story-consult-2")
    business.press("次へ")
    keys.write(page.get_by_label("会社・お店の名前"), "もぎたて商店")
    keys.write(page.get_by_label("電話番号"), "0178-00-0099")
    keys.tick(page.get_by_label("答える窓口に、書いた内容を伝えることに同意します"))
    business.look("story-consult-3")
    business.press("相談を送る")
    expect(page.get_by_role("heading", level=1)).to_have_text("相談を受け付けました")
    business.look("story-receipt")
    return page.locator(".consult__number b").inner_text()


def open_new(adviser: Somebody, number: str) -> None:
    """Open the request that has just come, from the tray of new ones."""
    adviser.press("新しい相談", role="link", exact=False)
    adviser.look("story-tray")
    row = adviser.page.locator(".tray > li", has_text=number)
    adviser.keys.press(row.get_by_role("link").first)
    adviser.look("story-case-new")


def record_a_visit(adviser: Somebody) -> None:
    page, keys = adviser.page, adviser.keys
    keys.write(page.locator("#record textarea"), "お店で品物を見た。地元のほかにも売り先をさがす。")
    keys.press(page.locator("#record summary", has_text="相談として数える"))
    keys.select(page.get_by_label("どこで話したか"), "巡回")
    keys.write(page.get_by_label("時間（分）"), "45")
    keys.press(page.locator("#record summary", has_text="次にすることを決める"))
    keys.write(page.get_by_label("次にすること", exact=False).last, "商談の日を決める")
    adviser.press("記録する")
    adviser.says("お店で品物を見た。")
    adviser.look("story-recorded")


def introduce(adviser: Somebody) -> None:
    page, keys = adviser.page, adviser.keys
    adviser.press("初期対応", role="link")
    adviser.look("story-first")
    adviser.press("支援をさがして紹介する", role="link")
    keys.write(page.get_by_label("支援をさがす"), "販路")
    adviser.press("さがす")
    adviser.look("story-introduce")
    keys.tick(page.locator('input[name="pick"]').first)
    adviser.press("選んだものを紹介する")
    adviser.says("紹介を、共有の記録に残しました。")


def refer(adviser: Somebody, organisation: str) -> None:
    page, keys = adviser.page, adviser.keys
    adviser.press("ほかの機関に引き継ぐ", role="link")
    adviser.look("story-refer")
    place = page.locator(".refer__place", has_text=organisation).last
    keys.press(place.get_by_role("link"))
    keys.write(page.get_by_label("引き継ぐ理由とお願い"), "首都圏の売り先について、助言をお願いします。")
    keys.choose(page.locator('input[name="scope"]').first)
    keys.choose(page.locator('input[name="means"]').first)
    adviser.look("story-refer-form")
    adviser.press("引き継ぎを送る")
    adviser.says("引き継ぎを送りました。")


def take(adviser: Somebody) -> None:
    adviser.press("自分が引き受ける")
    adviser.says("記録を書く")


def close(adviser: Somebody) -> None:
    page, keys = adviser.page, adviser.keys
    adviser.press("案件を閉じる", role="link")
    keys.choose(page.get_by_label("販路開拓"))
    keys.write(page.get_by_label("まとめ"), "商談につながった。")
    adviser.look("story-close")
    adviser.press("案件を閉じる")
    adviser.says("この案件は閉じています。")


def figure(adviser: Somebody, name: str) -> int:
    """A figure of this year on the page of statistics."""
    row = adviser.page.locator("tbody tr", has=adviser.page.get_by_role("link", name=name, exact=True))
    return int(row.locator("b").inner_text().replace(",", ""))


def test_a_consultation_from_the_request_to_the_statistics(demo, look):
    site, ways = demo
    talks, closed = "相談件数（延べ）", "閉じた案件"

    adviser = Somebody(look(site.address, ways["相談 花子"], width=PHONE))
    adviser.page.goto("/desk/statistics/")
    before = {name: figure(adviser, name) for name in (talks, closed)}
    adviser.look("story-statistics")

    business = Somebody(look(site.address, "/consult/", width=PHONE))
    number = ask(business)

    adviser.page.goto("/desk/")
    open_new(adviser, number)
    take(adviser)
    case = adviser.page.url
    record_a_visit(adviser)
    introduce(adviser)
    adviser.page.goto(case)
    refer(adviser, "産業総合支援センター")

    second = Somebody(look(site.address, ways["総合 さくら"], width=PHONE))
    open_new(second, number)
    second.says("首都圏の売り先について、助言をお願いします。")
    take(second)

    adviser.page.goto(case)
    adviser.press("商談の日を決める", exact=False)
    expect(adviser.page.locator("#todo")).not_to_contain_text("商談の日を決める")
    close(adviser)
    adviser.page.goto("/desk/statistics/")
    assert {name: figure(adviser, name) for name in (talks, closed)} == {
        name: count + 1 for name, count in before.items()
    }

    business.page.get_by_role("link", name="相談の状況を見る").click()
    business.look("story-state")
