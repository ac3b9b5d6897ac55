"""The search of a static copy, on a phone, from a server that knows nothing but files."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from madoguchi.ops.static_site import building
from tests import minato
from tests.e2e.conftest import HEIGHT, PHONE

pytestmark = pytest.mark.browser


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def files(db, tmp_path, settings):
    settings.INDEX_DIR = tmp_path / "index"
    minato.loaded()
    building.publish(tmp_path / "site", base="https://copy.example", tell=lambda _count: None)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=tmp_path / "site"))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport={"width": PHONE, "height": HEIGHT})
    page = context.new_page()
    page.wrong = []
    page.on("console", lambda message: page.wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    yield page
    context.close()


def test_what_is_typed_on_the_first_page_is_found_and_leads_to_its_page(files, phone):
    phone.goto(files)
    phone.fill("#q", "設備を導入したい")
    phone.press("#q", "Enter")
    phone.wait_for_selector("#found a")
    assert phone.input_value("#q") == "設備を導入したい"
    assert "みつかりました" in phone.inner_text("#found [role=status]")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE
    phone.click("#found a >> text=設備導入補助金")
    assert phone.url.endswith("/programmes/setsubi-hojo/")
    assert phone.wrong == []


def test_what_is_not_there_is_said_and_markup_stays_text(files, phone):
    phone.goto(f"{files}/search/?q=%3Cimg%20src=x%20onerror=alert(1)%3E")
    phone.wait_for_selector("#found [role=status]")
    assert "みつかりませんでした" in phone.inner_text("#found")
    assert phone.query_selector("#found img") is None
    assert phone.wrong == []


def test_without_javascript_everything_stands_in_the_list(files, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{files}/search/?q=x")
    page.click("summary >> text=補助金")
    page.click("a:visible >> text=設備導入補助金")
    assert page.url.endswith("/programmes/setsubi-hojo/")
    context.close()
