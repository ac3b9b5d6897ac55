"""One site and one browser for all tests of this folder; a visitor for each test."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from tests.e2e.site import Site, stop

CHROMIUM = "/usr/bin/chromium"
PHONE, DESKTOP, HEIGHT = 360, 1280, 740
# The policy's reports reach no console of the page by themselves.
_TELL_VIOLATIONS = """document.addEventListener("securitypolicyviolation",
    event => console.error(`CSP ${event.violatedDirective} ${event.blockedURI}`));"""

Visit = Callable[..., Page]


# Of the package, not of the session: its event loop would stand in the way of the tests that come after.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Debian's chromium."""
    if shutil.which(CHROMIUM) is None:
        pytest.skip(f"NOTHING WAS TESTED IN A BROWSER: {CHROMIUM} is not installed")
    # Playwright's event loop runs in this thread; the tests that fill a database do nothing else meanwhile.
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def site(browser, tmp_path_factory) -> Iterator[Site]:
    """The real pack, set up and served as it is shipped."""
    site = Site(tmp_path_factory.mktemp("site"))
    site.run("setup")
    server = site.serve()
    yield site
    stop(server)
    assert "Traceback" not in site.log("serve"), site.log("serve")


@pytest.fixture(scope="package")
def demo(browser, tmp_path_factory) -> Iterator[tuple[Site, dict[str, str]]]:
    """A demonstration as `script/run --demo` makes it, and the way in for each of its people."""
    site = Site(tmp_path_factory.mktemp("demo"))
    site.environment["MADOGUCHI_DEMO"] = "1"
    site.run("setup")
    said = site.run("demo", "--site", site.address)
    server = site.serve()
    yield site, dict(re.findall(r"^  (\S+ \S+?)（.*\n +(\S+)$", said, re.MULTILINE))
    stop(server)
    assert "Traceback" not in site.log("serve"), site.log("serve")


@pytest.fixture(scope="package")
def worker(site) -> Iterator[list[subprocess.Popen[bytes]]]:
    """The worker, last in a list: a test may kill it and put another there."""
    running = [site.work()]
    yield running
    stop(running[-1])


@pytest.fixture
def look(browser) -> Iterator[Visit]:
    """Open a page of any site for a new visitor; what the browser complains of fails the test at its end."""
    contexts, faults = [], []

    def open_page(base_url: str, address: str = "/", *, width: int = DESKTOP, **options: Any) -> Page:
        page = _new_page(browser, base_url, faults, width=width, **options)
        contexts.append(page.context)
        page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def visit(site, look) -> Visit:
    """Open a page of the real pack's site."""
    return partial(look, site.address)


@pytest.fixture(scope="package")
def windows(browser, site) -> Iterator[Callable[[int], tuple[Page, list[str]]]]:
    """One window of each width for all tests that only read: fonts and styles are fetched once."""
    opened: dict[int, tuple[Page, list[str]]] = {}

    def window(width: int) -> tuple[Page, list[str]]:
        if width not in opened:
            faults: list[str] = []
            opened[width] = (_new_page(browser, site.address, faults, width=width), faults)
        return opened[width]

    yield window
    for page, _faults in opened.values():
        page.context.close()


@pytest.fixture
def read(windows) -> Iterator[Visit]:
    """Open a page of the real pack's site in a window shared with other tests, not their cookies."""
    used = []

    def open_page(address: str, *, width: int) -> Page:
        page, faults = windows(width)
        used.append(faults)
        page.set_viewport_size({"width": width, "height": HEIGHT})
        page.context.clear_cookies()
        page.goto(address)
        return page

    yield open_page
    found = [fault for faults in used for fault in faults]
    for faults in used:
        faults.clear()
    assert found == []


def _new_page(browser: Browser, base_url: str, faults: list[str], *, width: int, **options: Any) -> Page:
    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and not _is_expected(message):
            faults.append(f"{message.text} {message.location}")

    context = browser.new_context(
        **{
            "base_url": base_url,
            "viewport": {"width": width, "height": HEIGHT},
            "locale": "ja-JP",
            "is_mobile": width < 700,
            "has_touch": width < 700,
            **options,
        }
    )
    context.set_default_timeout(30_000)
    context.add_init_script(_TELL_VIOLATIONS)
    page = context.new_page()
    page.on("console", complain)
    page.on("pageerror", lambda error: faults.append(str(error)))
    return page


def _is_expected(message: ConsoleMessage) -> bool:
    """Whether the browser tells what a test asked for: a page that refuses, a server that was stopped."""
    if re.search("ERR_CONNECTION_(REFUSED|RESET)", message.text):
        return True
    is_page = "/static/" not in message.location["url"]
    return is_page and bool(re.search(r"Failed to load resource.* status of 4\d\d ", message.text))
