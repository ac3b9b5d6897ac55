"""A request and an adviser's intake in the browser: by the keyboard, without scripts, offline."""

import re

import pytest
from playwright.sync_api import Page, expect

from madoguchi.accounts.models import User
from madoguchi.accounts.roles import Role
from madoguchi.businesses.operations import notes
from madoguchi.consultations import spam
from madoguchi.consultations.models import Case, Consultation, Draft, Note
from madoguchi.consultations.operations import request_links
from madoguchi.foundation import clock
from tests.accounts.people import a_hat
from tests.businesses.businesses import a_business, on_the_books
from tests.consultations.requests import a_region, a_topic, received
from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.test_every_page import faults, keep_picture
from tests.e2e.test_referral import opened
from tests.races.server import served

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WIDTHS = (PHONE, DESKTOP)
WORRY = "70歳になり、店を継ぐ人がいない。首都圏で売りたい。"
INTAKE = "/desk/cases/new/"


@pytest.fixture
def region():
    """A region with a desk that an adviser and a manager read."""
    desk = a_region()
    a_topic("market", words=["売りたい"])
    a_topic("succession", words=["継ぐ"], is_secret=True)
    return desk


@pytest.fixture
def adviser(region):
    hat = a_hat(at=clock.actual_now(), organisation=region.organisation)
    User.objects.filter(pk=hat.user_id).update(display_name="相談 花子")
    business = a_business("みほん商店", at=clock.actual_now(), area_code="131016")
    on_the_books(business, region.organisation, at=clock.actual_now())
    notes.search_keys(business)
    return hat


def looked_at(page: Page, name: str, width: int) -> list[str]:
    keep_picture(page, name, width)
    page.set_viewport_size({"width": width, "height": 740})
    return faults(page)


def type_into(page: Page, label: str, text: str) -> None:
    page.get_by_label(label).focus()
    page.keyboard.insert_text(text)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).press("Enter")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_business_asks_by_the_keyboard_and_sees_how_it_stands(look, region, tmp_path, width):
    with served(tmp_path) as site:
        page = look(f"http://127.0.0.1:{site.port}", "/consult/", width=width)
        assert looked_at(page, "consult", width) == []
        type_into(page, "どんなことでお困りですか", WORRY)
        press(page, "次へ")
        expect(page.get_by_label("succession")).to_be_checked()
        assert looked_at(page, "consult-topics", width) == []
        page.get_by_label("succession").press("Space")
        press(page, "次へ")
        expect(page.get_by_role("heading", name="ここまでに書いたこと")).to_be_visible()
        assert looked_at(page, "consult-contact", width) == []
        press(page, "戻る")
        expect(page.get_by_label("succession")).not_to_be_checked()
        press(page, "次へ")
        type_into(page, "会社・お店の名前", "みほん商店")
        type_into(page, "電話番号", "０１７－０００－００００")
        page.get_by_label(re.compile("^答える窓口に")).press("Space")
        page.wait_for_timeout(spam.QUICKEST_SECONDS * 1000)
        press(page, "相談を送る")
        expect(page.get_by_role("heading", level=1)).to_have_text("相談を受け付けました")
        assert looked_at(page, "consult-receipt", width) == []
        page.get_by_role("link", name="相談の状況を見る").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("窓口に届いています")
        type_into(page, "書き足す", "急いでいます。")
        press(page, "書き足す")
        expect(page.get_by_text("急いでいます。")).to_be_visible()
        assert looked_at(page, "consult-state", width) == []
        page.get_by_role("link", name="相談を取り下げる").press("Enter")
        assert looked_at(page, "consult-withdraw", width) == []
        press(page, "相談を取り下げる")
        expect(page.get_by_role("heading", level=1)).to_have_text("窓口の対応が終わりました")
    case = Case.objects.get()
    assert (case.contact_telephone, case.is_secret, Note.objects.count()) == ("017-000-0000", False, 2)


def test_without_scripts_a_request_is_sent_too(look, region, tmp_path):
    with served(tmp_path) as site:
        page = look(f"http://127.0.0.1:{site.port}", "/consult/", width=PHONE, java_script_enabled=False)
        page.get_by_label("どんなことでお困りですか").fill("首都圏で売りたい")
        page.get_by_role("button", name="次へ").click()
        page.get_by_role("button", name="次へ").click()
        page.get_by_label("名前を出さずに相談する").check()
        page.get_by_label("受付のページで読む").check()
        page.get_by_label(re.compile("^答える窓口に")).check()
        page.get_by_role("button", name="相談を送る").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("相談を受け付けました")
    assert Case.objects.get().is_anonymous


@pytest.mark.parametrize("width", WIDTHS)
def test_an_adviser_takes_a_consultation_in_by_the_keyboard(look, adviser, tmp_path, width):
    with served(tmp_path) as site:
        page = opened(look, site, INTAKE, hat=adviser, width=width)
        assert looked_at(page, "intake", width) == []
        type_into(page, "名前・カナ・番号でさがす", "みほん")
        page.get_by_label(re.compile("^みほん商店")).press("Space")
        type_into(page, "困りごと", WORRY)
        expect(page.get_by_text("秘密厳守の内容です。")).to_be_visible()
        expect(page.get_by_label("succession")).to_be_checked()
        expect(page.locator("[data-autosave-status]")).to_have_text(re.compile("に保存しました$"))
        type_into(page, "時間（分）", "30")
        assert looked_at(page, "intake-typed", width) == []
        press(page, "受け付ける")
        expect(page.get_by_text("受け付けました（")).to_be_visible()
    case = Case.objects.get()
    assert (case.business.name, case.is_secret) == ("みほん商店", True)
    assert Consultation.objects.get().minutes == 30
    assert not Draft.objects.exists()


def test_without_scripts_an_adviser_takes_a_consultation_in_too(look, adviser, tmp_path):
    with served(tmp_path) as site:
        home = f"http://127.0.0.1:{site.port}"
        state = opened(look, site, INTAKE, hat=adviser).context.storage_state()
        page = look(home, INTAKE, java_script_enabled=False, storage_state=state)
        page.get_by_label("困りごと").fill("首都圏で売りたい")
        page.get_by_label("名前・カナ・番号でさがす").fill("みほん")
        page.get_by_role("button", name="さがす").click()
        page.get_by_label(re.compile("^みほん商店")).check()
        page.get_by_role("button", name="候補を出し直す").click()
        expect(page.get_by_label("market")).to_be_checked()
        page.get_by_role("button", name="受け付ける").click()
        expect(page.get_by_text("受け付けました（")).to_be_visible()
    assert Case.objects.get().topics.get().code == "market"


def test_a_visit_survives_a_lost_connection_and_is_sent_once(browser, look, adviser, tmp_path):
    with served(tmp_path) as site:
        state = opened(look, site, INTAKE, hat=adviser).context.storage_state()
        # A context of its own: the browser complains of being offline, as it should here.
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{site.port}", storage_state=state, locale="ja-JP"
        )
        page, status = context.new_page(), "[data-autosave-status]"
        page.goto(INTAKE)
        context.set_offline(True)
        page.get_by_label("名前を聞かない").check()
        page.get_by_label("困りごと").fill("電波のないところで聞いた")
        expect(page.locator(status)).to_have_text(re.compile("このブラウザーだけに残しています"))

        # The page is lost and opened again, and what was typed is there.
        context.set_offline(False)
        page.goto("/desk/")
        page.goto(INTAKE)
        expect(page.get_by_label("困りごと")).to_have_value("電波のないところで聞いた")
        expect(page.get_by_label("名前を聞かない")).to_be_checked()

        context.set_offline(True)
        page.get_by_role("button", name="受け付ける").click()
        page.get_by_role("button", name="受け付ける").click()
        expect(page.locator(status)).to_have_text(re.compile("自動で1回だけ送ります"))
        assert not Case.objects.exists()
        context.set_offline(False)
        expect(page.get_by_text("受け付けました（")).to_be_visible(timeout=15_000)
        assert Case.objects.get().words == "電波のないところで聞いた"
        assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('madoguchi:'))") == []
        context.close()


def test_what_was_typed_goes_from_the_browser_on_signing_out(look, adviser, tmp_path):
    kept = "Object.keys(localStorage).filter(key => key.startsWith('madoguchi:')).length"
    with served(tmp_path) as site:
        page = opened(look, site, INTAKE, hat=adviser)
        page.get_by_label("困りごと").fill("途中まで")
        assert page.evaluate(kept) == 1
        page.locator(".menu--hat > summary").click()
        page.get_by_role("button", name="ログアウト").click()
        page.wait_for_load_state()
        assert page.evaluate(kept) == 0


@pytest.mark.parametrize("width", WIDTHS)
def test_held_requests_and_the_routing_can_be_read_and_pressed(look, region, tmp_path, width):
    at = clock.actual_now()
    manager = a_hat(at=at, organisation=region.organisation, role=Role.MANAGER)
    case = received("見て下さい http://a.example", held_because=spam.MANY_LINKS, at=at)
    with served(tmp_path) as site:
        for name, path in (("routing", f"/desk/routing/?text={WORRY}"), ("held", "/desk/held/")):
            assert looked_at(opened(look, site, path, hat=manager, width=width), name, width) == [], name
        page = opened(look, site, f"/desk/held/{case.key}/", hat=manager, width=width)
        assert looked_at(page, "held-one", width) == []
        press(page, "相談として受け付ける")
        expect(page.get_by_text("受け付けました。「新しい相談」に入りました。")).to_be_visible()
        address = f"/consult/state/{request_links.state_secret(case)}/"
        state = look(f"http://127.0.0.1:{site.port}", address, width=width)
        expect(state.get_by_role("heading", level=1)).to_have_text("窓口に届いています")


def test_ones_own_requests_can_be_read(look, region, tmp_path):
    at = clock.actual_now()
    person = a_hat(at=at, organisation=region.organisation)
    case = received("首都圏で売りたい", requester=User.objects.get(pk=person.user_id), at=at)
    with served(tmp_path) as site:
        for path in ("/consult/mine/", f"/consult/mine/{case.key}/"):
            assert looked_at(opened(look, site, path, hat=person, width=PHONE), "own", PHONE) == [], path
