"""Addresses and cookies that make no sense are answered with a page that leads on, never with a fault."""

from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from tests.e2e.test_every_page import faults

pytestmark = pytest.mark.browser


def test_an_address_that_leads_nowhere_offers_the_search(visit):
    page = visit("/nothing/here/")
    expect(page.get_by_role("heading", level=1)).to_have_text("このページは、みつかりませんでした")
    assert faults(page) == []
    page.locator("#q").fill("補助金")
    page.locator("#q").press("Enter")
    expect(page.locator(".hit").first).to_be_visible()


@pytest.mark.parametrize(
    "asked",
    [
        {"q": "x" * 10_000},
        {"q": "補" * 1_100},
        {"q": "\x00\x01\x1b[31m\u202e\ufeff"},
        {"q": "補助金", "page": "99999999"},
        {"q": "補助金", "page": "-1"},
        {"q": "補助金", "page": "１"},
        {"kind": "nonsense", "area": "zzz", "unheard": "of", "fiscal_year": "soon"},
        {"q": '"><script>alert(1)</script>', "sort": "'; drop table"},
        {"q": "補助金 " * 500, "area": "021001", "purpose": ["market"] * 50},
    ],
    ids=lambda asked: "&".join(asked) + f"-{len(str(asked))}",
)
def test_a_search_that_makes_no_sense_is_still_answered(asked, visit):
    page = visit("/favourites/")
    answer = page.goto(f"/search/?{urlencode(asked, doseq=True)}")
    assert answer.status in (200, 400, 414)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    assert page.locator("main script").count() == 0


def test_an_address_longer_than_a_server_reads_is_refused(visit):
    page = visit("/favourites/")
    assert page.request.get("/search/", params={"q": "補" * 10_000}).status in (400, 414, 431)


@pytest.mark.parametrize(
    "address",
    [
        "/events/month/2023/13/",
        "/events/month/99999/1/",
        "/programmes/senryaku-monozukuri/9999/",
        "/events/?page=99999999",
        "/events/?area=zzz&kind=%00",
        "/desks/?area=%F0%9F%8D%8E",
        "/theme/..%2f..%2fsettings.py",
    ],
)
def test_an_address_out_of_range_is_no_fault(address, visit):
    page = visit("/favourites/")
    assert page.goto(address).status in (200, 400, 404)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)


@pytest.mark.parametrize("cookie", ["broken", "WyJwcm9ncmFtbWU6eCJd:1abcde:forged", "x" * 3900])
def test_a_broken_list_of_favourites_is_replaced_and_said_so(cookie, visit, site):
    page = visit("/privacy/")
    page.context.add_cookies([{"name": "favourites", "value": cookie, "url": site.address}])
    page.goto("/favourites/")
    expect(page.get_by_role("heading", name="保存されていた一覧を読めませんでした")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="保存されていた一覧を読めませんでした")).to_have_count(0)
