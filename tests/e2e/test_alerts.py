"""お知らせのメール without scripts, and the widget in a page of another site."""

import contextlib
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.keyboard import Keyboard
from tests.e2e.samples import SUCCESSION
from tests.e2e.site import wait_for
from tests.e2e.test_every_page import faults
from tests.e2e.test_fit import answer

pytestmark = pytest.mark.browser
FAVOURITES = ("/programmes/senryaku-monozukuri/", "/events/fb-sodankai-2023/")


def the_link(site, before):
    """The link of the mail that the worker hands over next."""
    wait_for(lambda: len(site.mails()) > before, seconds=60, what="a mail")
    return re.search(r"^▼ .*\n(\S+)", site.mails()[-1], re.MULTILINE)[1].removeprefix(site.address)


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_a_visitor_asks_for_mail_confirms_and_stops_without_scripts(site, visit, width):
    page = visit(f"/search/?q={SUCCESSION}", width=width, java_script_enabled=False)
    page.get_by_role("link", name="この条件をメールで受け取る").click()
    page.get_by_role("button", name="確認のメールを送る").click()
    expect(page.get_by_role("alert")).to_contain_text("メールアドレスを入れてください")
    before = len(site.mails())
    page.get_by_label("メールアドレス").fill(f"owner{width}@example.jp")
    page.get_by_role("button", name="確認のメールを送る").click()
    expect(page.locator("h1")).to_have_text("確認のメールを送りました")

    looked_at = visit(the_link(site, before), width=width)
    assert faults(looked_at) == []
    looked_at.get_by_role("button", name="お知らせを受け取る").click()
    expect(looked_at.locator("main")).to_contain_text("お知らせを始めました")
    looked_at.get_by_role("link", name="お知らせを変える・止める").click()
    expect(looked_at.locator("main")).to_contain_text("後を継ぐ人がいない")
    assert faults(looked_at) == []
    looked_at.get_by_role("button", name="すべて止めて、登録を消す").click()
    expect(looked_at.locator("main")).to_contain_text("受け取っているお知らせは、ありません")
    assert faults(looked_at) == []


def test_what_fits_and_favourites_can_be_asked_for_on_a_phone(visit):
    page = visit("/", width=PHONE)
    answer(page, "employees", "12")
    page.goto("/fit/results/")
    page.get_by_role("link", name="合う支援をメールで受け取る").click()
    expect(page.locator("main")).to_contain_text("12人")
    assert faults(page) == []
    for address in FAVOURITES:
        page.goto(address)
        page.get_by_role("button", name="お気に入りに入れる").first.click()
    page.goto("/favourites/")
    assert faults(page) == []
    page.get_by_role("link", name="この一覧をメールで受け取る").click()
    expect(page.locator("main")).to_contain_text("お気に入り（2件）")
    assert faults(page) == []


def test_ticks_in_the_results_lead_to_a_comparison_without_scripts(visit):
    page = visit("/search/?q=補助金", width=PHONE, java_script_enabled=False)
    for tick in page.locator("input[name=p]").all()[:2]:
        tick.check()
    page.get_by_role("button", name="印をつけた支援をくらべる").click()
    expect(page.locator("thead th")).to_have_count(3)
    expect(page.locator("tbody tr").first).to_be_visible()


@contextlib.contextmanager
def another_site(html):
    """A site of somebody else on this machine, with one page; its address."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, *_words):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("kind", ["frame", "element"])
def test_another_site_shows_the_widget_and_a_keyboard_reaches_its_links(site, visit, kind):
    code = visit("/widget/code/?area=022039").locator(f"#w-{kind}").input_value()
    icon = '<link rel="icon" href="data:,">'
    html = (
        f'<!doctype html><html lang="ja"><title>市</title>{icon}<h1>市のページ</h1><main>{code}</main></html>'
    )
    with another_site(html) as address:
        page = visit(address, width=PHONE)
        frame = page.frame_locator("iframe[title='八戸市で使える支援']")
        expect(frame.locator("h1")).to_have_text("八戸市で使える支援")
        expect(frame.locator(".hit").first).to_be_visible()
        assert page.context.cookies() == []
        Keyboard(page).reach(frame.locator("h3 a").first)
        with page.context.expect_page() as opened:
            page.keyboard.press("Enter")
        assert opened.value.url.startswith(f"{site.address}/programmes/")
