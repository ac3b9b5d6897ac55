"""Every guarded page with markup in every text, its headers, and addresses that would lead elsewhere."""

import re
from urllib.parse import urlsplit

import pytest
from django.db import transaction
from django.urls import get_resolver

from madoguchi.accounts.roles import Role
from tests.accounts.people import PASSWORD, a_person
from tests.consultations.cases import AT
from tests.house.access_map import routes
from tests.matrix import canaries, world
from tests.matrix.addresses import addresses
from tests.matrix.straight import asker_of, text_of

pytestmark = pytest.mark.django_db

_PART = re.compile(r"<[^>]+>")
MARKUP = "'\"><x-y>"
ELSEWHERE = [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "\\\\evil.example/",
    "/\t/evil.example/",
    "https:evil.example",
    "javascript:alert(1)",
    " https://evil.example/",
]
# The routes that take an address to go on to, and under which name.
GOING_ON = {
    "/account/login/": "next",
    "/account/hat/": "next",
    "/account/operator/": "next",
    "/account/reauthenticate/": "next",
    "/account/logout/": "next",
    "/language/": "next",
}


def pages_with_markup(place) -> tuple[int, list[str]]:
    """How many pages show the markup as text, and which take it for markup."""
    shown, wrong = 0, []
    for role in (Role.ADVISER, Role.MANAGER, Role.EXPERT):
        asker = asker_of(place.members[role].user, place.members[role])
        for address in addresses(place):
            answer = asker.ask("get", address.url)
            if "Content-Type: text/html" not in answer.text:
                continue
            shown += "&lt;x-y&gt;" in answer.text
            if "<x-y>" in answer.text:
                wrong.append(f"{role} {address.url}")
    return shown, wrong


@pytest.fixture
def attacked(places):
    """The first place with markup at the end of each of its texts."""
    with transaction.atomic():
        canaries.append(places[0], MARKUP)
        yield places[0]
        transaction.set_rollback(True)


def test_markup_in_any_text_is_shown_as_text_on_every_page(attacked):
    shown, wrong = pages_with_markup(attacked)
    assert wrong == []
    assert shown > 40


def test_without_escaping_the_markup_would_be_found(attacked, monkeypatch):
    """The twin."""
    monkeypatch.setattr("django.template.base.conditional_escape", str)
    _shown, wrong = pages_with_markup(attacked)
    assert len(wrong) > 20


# The page of a draft stands in a narrow frame on our own page that looks at it.
_FRAMED_BY_US = "desk/programmes/drafts/<slug:key>/preview/"


def missing(response) -> list[str]:
    """Headers that a guarded page has to have and this one has not."""
    policy = response.get("Content-Security-Policy", "")
    held = {
        "a policy": "default-src 'none'" in policy and "unsafe" not in policy,
        "nosniff": response.get("X-Content-Type-Options") == "nosniff",
        "a referrer policy": response.get("Referrer-Policy") == "same-origin",
        "no frame": response.get("X-Frame-Options") == "DENY",
        "no-store": "no-store" in response.get("Cache-Control", ""),
    }
    return [name for name, is_there in held.items() if not is_there]


def without_headers(place) -> list[str]:
    """Guarded addresses, asked the whole way in, and the headers they lack."""
    client = world.client_of(place.members[Role.MANAGER].user, place.members[Role.MANAGER])
    found = []
    for address in addresses(place):
        with transaction.atomic():
            response = client.get(address.url)
            text_of(response)
            transaction.set_rollback(True)
        if response.status_code != 404:  # an address that no route takes has nothing to keep secret
            lacks = set(missing(response))
            if address.route == _FRAMED_BY_US and response.get("X-Frame-Options") == "SAMEORIGIN":
                lacks.discard("no frame")
            found += [f"{address.route}: {name}" for name in lacks]
    return found


def test_every_guarded_page_has_its_headers(places):
    assert sorted(set(without_headers(places[0]))) == []


def test_without_the_middleware_headers_would_be_missed(places, settings):
    """The twin."""
    left_out = {"csp.middleware.CSPMiddleware", "madoguchi.web.shared.hats.HatMiddleware"}
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name not in left_out]
    response = world.Client(raise_request_exception=False).get("/about/")
    assert {"a policy", "no-store"} <= set(missing(response))


# The page that any site may frame: it takes no form, sets no cookie and runs no script.
_FRAMED = "widget/"


def public_without_headers(client) -> list[str]:
    """Public addresses, with parts that lead nowhere, and the headers they lack."""
    found = []
    for route, access in routes(get_resolver().url_patterns):
        if access != "public":
            continue
        for part in ("1", "x"):
            response = client.get("/" + _PART.sub(part, route).lstrip("^").rstrip("$"))
            lacks = set(missing(response)) - {"no-store"} - ({"no frame"} if route == _FRAMED else set())
            found += [f"{route} ({response.status_code}): {name}" for name in sorted(lacks)]
    return found


def test_every_public_page_has_its_headers_too(db):
    assert public_without_headers(world.Client(raise_request_exception=False)) == []


def test_without_the_middleware_public_pages_would_lack_them(db, settings):
    """The twin."""
    left_out = {"csp.middleware.CSPMiddleware", "django.middleware.security.SecurityMiddleware"}
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name not in left_out]
    lacking = public_without_headers(world.Client(raise_request_exception=False))
    assert len([each for each in lacking if each.endswith("a policy")]) > 40


def taken_without_a_token(place, *, checks: bool) -> list[str]:
    """Guarded addresses that take a form which came from no page of ours."""
    client = world.client_of(place.members[Role.MANAGER].user, place.members[Role.MANAGER])
    client.handler.enforce_csrf_checks = checks
    found = []
    for address in addresses(place):
        with transaction.atomic():
            if client.post(address.url).status_code not in {403, 404, 405}:
                found.append(address.route)
            transaction.set_rollback(True)
    return found


def test_no_form_from_elsewhere_is_taken(places):
    assert taken_without_a_token(places[0], checks=True) == []


def test_without_the_check_forms_from_elsewhere_would_be_taken(places):
    """The twin."""
    assert len(taken_without_a_token(places[0], checks=False)) > 20


def stays(location: str) -> bool:
    """Whether a browser that follows this stays on the site."""
    told = urlsplit(location.replace("\\", "/").replace("\t", "").strip())
    return location[:1] == "/" and not (told.scheme or told.netloc)


@pytest.mark.parametrize("target", ELSEWHERE)
@pytest.mark.parametrize("address", GOING_ON)
def test_no_address_leads_to_another_site(client, address, target):
    person = a_person(at=AT)
    if address != "/account/login/":
        client.force_login(person)
    fields = {"login": person.email, "password": PASSWORD, "language": "en", "hat": "0"}
    for method in (client.get, client.post):
        response = method(address, {GOING_ON[address]: target} | fields)
        assert stays(response.get("Location", "/"))


def test_an_address_of_ours_is_gone_on_to(client):
    """The twin: the address that was sent is what decides, and one that leads elsewhere is known as such."""
    assert not any(stays(target) for target in ELSEWHERE)
    response = client.post("/language/", {"language": "en", "next": "/about/"})
    assert response["Location"] == "/about/"
