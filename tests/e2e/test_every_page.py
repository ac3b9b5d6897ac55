"""Every kind of page on a phone and on a desk: axe, widths, targets, headings, languages, titles, console."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import get_resolver
from playwright.sync_api import Page

from tests.e2e.conftest import DESKTOP, PHONE
from tests.e2e.samples import SAMPLES, route_names, without_sample

pytestmark = pytest.mark.browser

WIDTHS = (PHONE, DESKTOP)
# Off in axe by default; it knows the exceptions of WCAG 2.2 for links in sentences.
_AXE = {"rules": {"target-size": {"enabled": True}}}
# 44 px for all that can be pressed, links in sentences left out; half a pixel is rounding.
_SMALL_TARGETS = """() => [...document.querySelectorAll(
    "a[href], button, summary, input:not([type=hidden]), select, textarea")]
  .filter(element => element.checkVisibility({visibilityProperty: true}))
  .map(element => element.closest("label") || element)
  .filter(target => getComputedStyle(target).display !== "inline")
  .map(target => [target.outerHTML.slice(0, 120), target.getBoundingClientRect()])
  .filter(([, box]) => box.right > 0 && box.bottom > 0 && (box.height < 43.5 || box.width < 24))
  .map(([html, box]) => `${Math.round(box.width)}x${Math.round(box.height)} ${html}`)"""
_OVERFLOW = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_SHOWN_PIXELS = 1600


def faults(page: Page, lang: str = "ja") -> list[str]:
    """What is wrong with a page as it stands."""
    found = [
        f"axe {violation['id']}: {[node['html'][:120] for node in violation['nodes'][:3]]}"
        for violation in Axe().run(page, options=_AXE).response["violations"]
    ]
    found += [f"small target: {target}" for target in page.evaluate(_SMALL_TARGETS)]
    if page.evaluate(_OVERFLOW) > 0:
        found.append(f"wider than the window by {page.evaluate(_OVERFLOW)} px")
    if page.locator("h1").count() != 1:
        found.append(f"{page.locator('h1').count()} h1")
    if page.locator("html").get_attribute("lang") != lang:
        found.append("another language")
    return found


def keep_picture(page: Page, name: str, width: int) -> None:
    """Save the upper part of a page into the folder that MADOGUCHI_SCREENSHOTS names, if it does."""
    folder = os.environ.get("MADOGUCHI_SCREENSHOTS")
    if not folder:
        return
    height = min(page.evaluate("() => document.documentElement.scrollHeight"), _SHOWN_PIXELS)
    # A window of that height, because what stays at its lower edge must not stand in the middle.
    page.set_viewport_size({"width": width, "height": height})
    page.screenshot(path=Path(folder) / f"{name.removeprefix('portal:')}-{width}.png")


def test_every_route_has_a_sample():
    names = list(route_names(get_resolver().url_patterns))
    assert without_sample(names) == []
    assert set(SAMPLES) <= set(names)


def test_a_route_without_a_sample_is_caught():
    assert without_sample(["portal:home", "portal:new", "api:search", "portal:theme"]) == ["portal:new"]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", SAMPLES)
def test_a_page_can_be_used_by_everybody(name, width, read):
    found = []
    for number, address in enumerate(SAMPLES[name]):
        page = read(address, width=width)
        found += [f"{address}: {fault}" for fault in faults(page)]
        if number == 0:
            keep_picture(page, name, width)
    assert found == []


@pytest.mark.parametrize(
    "name",
    ["portal:home", "portal:search", "portal:programme", "portal:desks", "portal:event", "portal:policy"],
)
def test_a_page_in_english_can_be_used_by_everybody(name, visit):
    page = visit(SAMPLES[name][0], width=PHONE, locale="en-GB")
    assert faults(page, lang="en") == []


def repeated(titles: Iterable[str]) -> set[str]:
    """Titles that several pages share."""
    seen = list(titles)
    return {title for title in seen if seen.count(title) > 1}


def test_no_two_kinds_of_pages_share_a_title(visit):
    page = visit()
    titles = []
    for addresses in SAMPLES.values():
        page.goto(addresses[0])
        titles.append(page.title())
    assert all(titles)
    assert repeated(titles) == set()


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"/x\">')",
            "axe image-alt",
        ),
        (
            "document.querySelector('main').insertAdjacentHTML('beforeend', '<h2><button>x</button></h2>')",
            "small target",
        ),
        ("document.querySelector('main').style.width = '2000px'", "wider than the window"),
        ("document.querySelector('h1').remove()", "0 h1"),
        ("document.documentElement.lang = 'fr'", "another language"),
    ],
)
def test_what_is_broken_is_caught(broken, complaint, visit):
    page = visit("/privacy/", width=PHONE)
    page.evaluate(broken)
    assert any(fault.startswith(complaint) for fault in faults(page))
