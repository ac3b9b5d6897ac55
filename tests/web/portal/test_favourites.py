import hashlib
from datetime import date

import pytest
from django.core import signing
from django.test import Client, RequestFactory

from madoguchi.web.portal import favourite_cookie
from madoguchi.web.shared.same_origin import is_same_origin
from tests.factories import a_desk, a_region, an_edition, an_event, an_organisation
from tests.web.portal.pages import page

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_november")]

HERE = {"Sec-Fetch-Site": "same-origin"}


def change(client, item, action="add", headers=HERE, **fields):
    return client.post("/favourites/change/", {"action": action, "item": item, **fields}, headers=headers)


def held(client):
    cookie = client.cookies.get(favourite_cookie.NAME)
    return signing.loads(cookie.value, salt=favourite_cookie.SALT) if cookie and cookie.value else []


def test_an_owner_brings_a_list_with_money_dates_and_telephone(client):
    an_edition("hojo", telephone="03-1234-5678", headline="上限100万円")
    a_desk("kawa", telephone="03-2222-3333")
    an_event("kai", date(2023, 11, 7))
    an_organisation("kikan", telephone="03-4444-5555")
    for item in ("programme:hojo", "desk:kawa", "event:kai", "organisation:kikan"):
        assert change(client, item).status_code == 302
    html = page(client, "/favourites/")
    for fact in ("上限100万円", "tel:0312345678", "tel:0322223333", "次は11月7日（火）", "tel:0344445555"):
        assert fact in html
    assert html.count("data:image/svg+xml") == 4


def test_what_has_no_number_of_its_own_leads_to_the_general_desk(client):
    a_region(a_desk("yorozu", name="よろず相談"), general_telephone="03-0000-0001")
    an_edition("hojo")
    change(client, "programme:hojo")
    line = page(client, "/favourites/").split('<li class="favourite')[1].split("</li>")[0]
    assert 'href="tel:0300000001"' in line
    assert "よろず相談" in line


def test_what_has_its_own_number_names_no_other(client):
    a_region(a_desk("yorozu", name="よろず相談"), general_telephone="03-0000-0001")
    an_edition("hojo", telephone="03-1234-5678")
    change(client, "programme:hojo")
    line = page(client, "/favourites/").split('<li class="favourite')[1].split("</li>")[0]
    assert 'href="tel:0312345678"' in line
    assert "よろず相談" not in line


def test_a_favourite_can_be_taken_off_again(client):
    a_desk("kawa")
    change(client, "desk:kawa")
    change(client, "desk:kawa", action="remove")
    assert held(client) == []
    assert "まだありません" in page(client, "/favourites/")


def test_adding_twice_keeps_one(client):
    a_desk("kawa")
    change(client, "desk:kawa")
    change(client, "desk:kawa")
    assert held(client) == ["desk:kawa"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_for_a_year(client):
    a_desk("kawa")
    cookie = change(client, "desk:kawa").cookies[favourite_cookie.NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 365 * 24 * 60 * 60


def test_nobody_else_is_shown_the_list(client):
    a_desk("kawa")
    change(client, "desk:kawa")
    response = client.get("/favourites/")
    assert "no-store" in response["Cache-Control"]
    assert "/desks/kawa/" not in page(Client(), "/favourites/")


# ── Cookies that cannot be trusted ──────────────────────────────────────────────────────────────────
def forged(items, salt="somebody else"):
    return signing.dumps(items, salt=salt)


@pytest.mark.parametrize(
    "make",
    [
        lambda: "kowareta",
        lambda: forged(["desk:kawa"]),
        lambda: forged(["desk:kawa"], favourite_cookie.SALT)[:-2],
        lambda: forged({"desk": "kawa"}, favourite_cookie.SALT),
        lambda: forged(["desk:../../etc"], favourite_cookie.SALT),
        lambda: forged([1, None], favourite_cookie.SALT),
    ],
)
def test_a_broken_or_forged_cookie_gives_an_empty_list_and_is_replaced(client, make):
    a_desk("kawa")
    client.cookies[favourite_cookie.NAME] = make()
    response = client.get("/favourites/")
    html = response.content.decode()
    assert "読めませんでした" in html
    assert "/desks/kawa/" not in html
    assert response.cookies[favourite_cookie.NAME].value == ""


def test_the_same_cookie_signed_by_us_is_believed(client):
    a_desk("kawa")
    client.cookies[favourite_cookie.NAME] = forged(["desk:kawa"], favourite_cookie.SALT)
    html = page(client, "/favourites/")
    assert "/desks/kawa/" in html
    assert "読めませんでした" not in html


def test_adding_to_a_broken_cookie_starts_anew(client):
    a_desk("kawa")
    client.cookies[favourite_cookie.NAME] = "kowareta"
    change(client, "desk:kawa")
    assert held(client) == ["desk:kawa"]


def test_what_no_longer_exists_is_dropped_with_a_word(client):
    a_desk("kawa")
    client.cookies[favourite_cookie.NAME] = forged(["desk:kieta", "desk:kawa"], favourite_cookie.SALT)
    assert "なくなったページを1件外しました" in page(client, "/favourites/")
    assert held(client) == ["desk:kawa"]


def test_the_list_ends_at_fifty(client):
    a_desk("kawa")
    full = [f"desk:d{number}" for number in range(50)]
    client.cookies[favourite_cookie.NAME] = forged(full, favourite_cookie.SALT)
    response = change(client, "desk:kawa")
    assert response.url == "/favourites/?full=1"
    assert held(client) == full
    assert "50件まで" in page(client, "/favourites/?full=1")


def a_worst_slug(number):
    """Eighty letters and figures that do not compress."""
    left = int.from_bytes(hashlib.sha512(bytes([number])).digest(), "big")
    letters = []
    while len(letters) < 80:
        left, rest = divmod(left, 36)
        letters.append("0123456789abcdefghijklmnopqrstuvwxyz"[rest])
    return "".join(letters)


def test_no_cookie_grows_beyond_what_browsers_keep():
    worst = tuple(f"organisation:{a_worst_slug(number)}" for number in range(50))
    assert favourite_cookie.fits(worst[:40])
    assert not favourite_cookie.fits(worst)


# ── Forms from elsewhere ────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.evil.example"},
        {"Origin": "http://["},
        {"Referer": "https://evil.example/?http://testserver/"},
        {},
    ],
)
def test_a_form_from_another_site_changes_nothing(client, headers):
    a_desk("kawa")
    assert change(client, "desk:kawa", headers=headers).status_code == 403
    assert held(client) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://testserver"},
        {"Referer": "http://testserver/desks/kawa/"},
    ],
)
def test_a_form_of_ours_is_taken(client, headers):
    a_desk("kawa")
    assert change(client, "desk:kawa", headers=headers).status_code == 302


def test_without_the_check_a_form_from_elsewhere_would_be_taken(client, monkeypatch):
    a_desk("kawa")
    monkeypatch.setattr("madoguchi.web.portal.views.favourites.is_same_origin", lambda request: True)
    assert change(client, "desk:kawa", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 302


def test_a_page_on_another_port_is_another_site():
    request = RequestFactory().post("/favourites/change/", headers={"Origin": "http://testserver:8000"})
    assert not is_same_origin(request)


# ── Where to go on ──────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "//[",
        "desks/",
        "",
    ],
)
def test_nobody_is_led_elsewhere(client, elsewhere):
    a_desk("kawa")
    assert change(client, "desk:kawa", next=elsewhere).url == "/favourites/"


def test_one_is_led_back_to_a_page_of_ours(client):
    a_desk("kawa")
    assert change(client, "desk:kawa", next="/desks/kawa/?a=1").url == "/desks/kawa/?a=1"


# ── Nonsense ────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "item", ["", "desk", "desk:", "user:1", "desk:\x00", "desk:" + "x" * 5000, "desk:Ａ"]
)
def test_nonsense_is_refused(client, item):
    assert change(client, item).status_code == 400


def test_an_unknown_action_is_refused(client):
    a_desk("kawa")
    assert change(client, "desk:kawa", action="explode").status_code == 400


def test_what_does_not_exist_cannot_be_added(client):
    assert change(client, "desk:nani").status_code == 404


def test_the_list_is_not_changed_by_looking(client):
    assert client.get("/favourites/change/").status_code == 405
    assert client.post("/favourites/", headers=HERE).status_code == 405
