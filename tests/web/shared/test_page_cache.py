"""Pages that are kept for anonymous visitors: the same page, and never somebody else's."""

import os
from collections import OrderedDict
from datetime import date
from types import SimpleNamespace
from typing import NamedTuple

import pytest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse, StreamingHttpResponse  # noqa: TID251 (stands in for a view)
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.test import RequestFactory
from django.urls import resolve

from madoguchi.finding import indexing
from madoguchi.foundation import files
from madoguchi.web.shared import counting, page_cache
from madoguchi.web.shared.page_cache import PageCache

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"


class Answer(NamedTuple):
    """What a server would send."""

    line: str
    headers: list[tuple[str, str]]
    content: bytes


class Asking(RequestFactory):
    """Makes what a server hands over, not Django's request of it."""

    def request(self, **request):
        return self._base_environ(**request)


def ask(application, environ) -> Answer:
    """Ask a WSGI application as a server does."""
    started = []
    body = application(environ, lambda *line_and_headers: started.append(line_and_headers))
    [(line, headers)] = started
    return Answer(line, headers, b"".join(body))


def behind_the_cache(view) -> PageCache:
    """A site of one view as Django answers for it, looks counted."""
    counted = counting.Looks(view)

    def site(environ, start_response):
        response = counted(WSGIRequest(environ))
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    return PageCache(site)


class Site:
    """A site behind the cache whose every answer is another one."""

    def __init__(self) -> None:
        self.answers = 0
        self.change = lambda response: response
        self.cache = behind_the_cache(self._answer)

    def _answer(self, request):
        self.answers += 1
        request.resolver_match = resolve("/")
        return self.change(HttpResponse(f"answer {self.answers}", headers={"X-Answer": str(self.answers)}))

    def get(self, path="/", **headers):
        return self.ask(Asking(headers={"accept-language": "ja"} | headers).get(path))

    def ask(self, environ):
        return ask(self.cache, environ)


@pytest.fixture
def site(data_dir, settings) -> Site:
    settings.INDEX_DIR = data_dir / "index"
    settings.TODAY = date(2023, 11, 1)
    return Site()


@pytest.fixture
def clock(monkeypatch) -> SimpleNamespace:
    """The seconds that have passed, to be set by the test."""
    passed = SimpleNamespace(seconds=1000.0)
    monkeypatch.setattr(page_cache, "time", SimpleNamespace(monotonic=lambda: passed.seconds))
    return passed


def publish(settings) -> None:
    """Move the stamp of the index, as the indexer does when something was published."""
    stamp = settings.INDEX_DIR / "changed"
    before = indexing.stamp()
    files.write_atomically(stamp, b"")
    os.utime(stamp, ns=(before[0] + 1, before[0] + 1))


def test_a_kept_page_is_the_same_bytes_and_headers(site):
    first, second = site.get(), site.get()
    assert second == first
    assert (second.line, second.content) == ("200 OK", b"answer 1")
    assert ("X-Answer", "1") in second.headers
    assert site.answers == 1


def test_what_a_server_does_with_the_headers_stays_with_that_answer(site):
    first = site.get()
    site.get().headers.clear()
    assert site.get() == first


# What browsers hold a page to, and what caches on the way need.
WANTED = {
    "Content-Security-Policy",
    "X-Frame-Options",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Vary",
}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_page_kept_by_the_whole_site_is_the_same_bytes_and_headers(transactional_db, method, language):
    whole = PageCache(WSGIHandler())
    asking = Asking(headers={"host": "localhost", "accept-language": language})
    first = ask(whole, asking.generic(method, "/accessibility/"))
    whole._site = None  # from here on only a kept page can answer
    assert ask(whole, asking.generic(method, "/accessibility/")) == first
    assert first.line == "200 OK"
    assert set(dict(first.headers)) >= WANTED
    assert dict(first.headers)["Content-Language"] == language


def test_the_whole_site_keeps_nothing_for_a_host_that_is_not_its_own(db):
    whole = PageCache(WSGIHandler())
    asking = Asking(headers={"host": "elsewhere.example"})
    for _ in range(2):
        assert ask(whole, asking.get("/accessibility/")).line.startswith("400 ")


def test_the_address_is_read_as_django_reads_it(site):
    """A question mark that belongs to the path is another address than one before a query."""
    site.get("/%3Fq=1")
    assert site.get("/?q=1").content == b"answer 2"
    assert site.get("/%E9%9B%AA").content == b"answer 3"
    assert site.get("/雪").content == b"answer 3"


def test_a_request_with_a_session_is_never_answered_from_here(site):
    site.get()
    assert site.get(cookie="sessionid=secret").content == b"answer 2"


def test_the_answer_to_a_session_is_never_kept(site):
    site.get(cookie="sessionid=secret")
    assert site.get().content == b"answer 2"


def test_without_the_check_for_a_session_its_answer_would_be_given_to_others(site, settings):
    settings.SESSION_COOKIE_NAME = "another"
    site.get(cookie="sessionid=secret")
    assert site.get().content == b"answer 1"


def test_other_cookies_do_not_hinder(site):
    site.get(cookie="theme=dark")
    assert site.get().content == b"answer 1"


DIFFERENT = {
    "language": {"accept-language": "en"},
    "chosen language": {"cookie": "django_language=en"},
    "part of a page for htmx": {"hx-request": "true"},
    "host": {"host": "127.0.0.1"},
}


@pytest.mark.parametrize("headers", DIFFERENT.values(), ids=DIFFERENT)
def test_what_a_page_depends_on_makes_another_page(site, headers):
    site.get()
    assert site.get(**headers).content == b"answer 2"
    assert site.get().content == b"answer 1"


@pytest.mark.parametrize("headers", DIFFERENT.values(), ids=DIFFERENT)
def test_the_same_request_again_makes_no_other_page(site, headers):
    site.get(**headers)
    assert site.get(**headers).content == b"answer 1"


def test_what_htmx_does_not_say_makes_no_other_page(site):
    site.get()
    for number in range(3):
        assert site.get(hx_request=str(number)).content == b"answer 1"


def test_another_query_string_makes_another_page(site):
    site.get("/search/?q=1")
    assert site.get("/search/?q=2").content == b"answer 2"
    assert site.get("/search/?q=1").content == b"answer 1"


def test_encryption_makes_another_page(site):
    site.get()
    asking = Asking(headers={"accept-language": "ja"})
    assert site.ask(asking.get("/", secure=True)).content == b"answer 2"


def test_encryption_that_a_trusted_proxy_tells_of_makes_another_page(site, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    site.get()
    assert site.get(x_forwarded_proto="https").content == b"answer 2"
    assert site.get().content == b"answer 1"


def test_what_a_stranger_says_of_encryption_makes_no_other_page(site):
    site.get()
    assert site.get(x_forwarded_proto="https").content == b"answer 1"


def test_a_new_day_makes_another_page(site, settings):
    site.get()
    settings.TODAY = date(2023, 11, 2)
    assert site.get().content == b"answer 2"


def test_the_same_day_makes_no_other_page(site, settings):
    site.get()
    settings.TODAY = date(2023, 11, 1)
    assert site.get().content == b"answer 1"


def test_publishing_makes_another_page(site, settings):
    site.get()
    publish(settings)
    assert site.get().content == b"answer 2"


def test_without_the_stamp_an_old_page_would_be_given_after_publishing(site, settings, monkeypatch):
    monkeypatch.setattr(page_cache.indexing, "stamp", lambda: (0, 0))
    site.get()
    publish(settings)
    assert site.get().content == b"answer 1"


def test_a_form_that_is_sent_always_reaches_the_site(site):
    site.get()
    for number in (2, 3):
        assert site.ask(Asking().post("/")).content == f"answer {number}".encode()


def test_head_is_kept_apart_from_get(site):
    site.get()
    asking = Asking(headers={"accept-language": "ja"})
    assert site.ask(asking.head("/")).content == b"answer 2"
    assert site.get().content == b"answer 1"


def test_a_page_is_given_until_it_expires(site, clock):
    site.get()
    clock.seconds += page_cache.KEPT_SECONDS - 1
    assert site.get().content == b"answer 1"
    clock.seconds += 1
    assert site.get().content == b"answer 2"


def _with_status(status):
    def change(response):
        response.status_code = status
        return response

    return change


def _with_cookie(response):
    response.set_cookie("favourites", "a")
    return response


def _not_to_be_stored(response):
    response["Cache-Control"] = "max-age=0, no-store"
    return response


NOT_KEPT = {
    "404": _with_status(404),
    "302": _with_status(302),
    "500": _with_status(500),
    "sets a cookie": _with_cookie,
    "not to be stored": _not_to_be_stored,
    "streaming": lambda response: StreamingHttpResponse(iter([response.content])),
}


@pytest.mark.parametrize("change", NOT_KEPT.values(), ids=NOT_KEPT)
def test_some_answers_are_not_kept(site, change):
    site.change = change
    site.get()
    site.get()
    assert site.answers == 2


def _with_tag(response):
    response["ETag"] = f'"{response.content.decode()}"'
    response["Cache-Control"] = "no-cache"
    return response


def test_a_kept_page_the_visitor_has_already_is_not_sent_again(site):
    site.change = _with_tag
    site.get()
    response = site.get(if_none_match='W/"answer 1"')
    assert (response.line, response.content) == ("304 Not Modified", b"")
    assert dict(response.headers) == {"ETag": '"answer 1"', "Cache-Control": "no-cache"}
    assert site.answers == 1


@pytest.mark.parametrize(("change", "known"), [(_with_tag, '"answer 0"'), (lambda each: each, '"answer 1"')])
def test_a_kept_page_of_another_tag_or_of_none_is_sent(site, change, known):
    site.change = change
    site.get()
    response = site.get(if_none_match=known)
    assert (response.line, response.content) == ("200 OK", b"answer 1")


@pytest.fixture
def form() -> PageCache:
    """A site whose page holds a form's token, as Django makes it."""

    def view(request):
        request.resolver_match = resolve("/")
        return HttpResponse(get_token(request))

    checked = CsrfViewMiddleware(view)

    def site(environ, start_response):
        response = checked(WSGIRequest(environ))
        start_response("200 OK", list(response.items()))
        return response

    return PageCache(site)


def with_token(name: str):
    return Asking(headers={"cookie": f"csrftoken={name * 32}"}).get("/")


def test_the_token_of_one_visitor_is_given_to_no_other(form):
    first, second = (ask(form, with_token(name)).content for name in "ab")
    assert first != second
    assert form._pages == {}


def test_without_the_check_for_cookies_others_would_be_given_it(form, monkeypatch):
    monkeypatch.setattr(page_cache, "_may_be_kept", lambda response: True)
    first, second = (ask(form, with_token(name)).content for name in "ab")
    assert first == second


def test_who_brings_a_token_is_still_given_the_page_of_everybody(site):
    site.get()
    assert site.get(cookie="csrftoken=" + "a" * 32).content == b"answer 1"


def test_a_plain_answer_is_kept(site):
    site.get()
    site.get()
    assert site.answers == 1


@pytest.fixture
def looks(monkeypatch) -> list[tuple[str, str]]:
    """The looks that were counted."""
    seen: list[tuple[str, str]] = []
    counter = SimpleNamespace(count_view=lambda kind, key, **_: seen.append((kind, key)))
    monkeypatch.setattr(counting, "counter", counter)
    return seen


def test_looks_at_kept_pages_are_counted(site, looks):
    for _ in range(3):
        site.get(user_agent=BROWSER)
    assert site.answers == 1
    assert looks == [("page", "home")] * 3


def test_a_page_that_was_not_found_is_not_counted(site, looks):
    site.change = _with_status(404)
    site.get(user_agent=BROWSER)
    assert looks == []


def test_searches_on_kept_pages_are_counted(site, monkeypatch):
    found = []
    counter = SimpleNamespace(
        count_view=lambda *_, **__: None,
        count_search=lambda query, **more: found.append((query, more["found"])),
    )
    monkeypatch.setattr(counting, "counter", counter)
    searched = counting.Counted("page", "search", counting.Search("雪", 3))
    monkeypatch.setattr(counting, "_counted", lambda _: searched)
    site.get("/search/?q=雪")
    site.get("/search/?q=雪")
    assert found == [("雪", 3)] * 2


def test_no_more_than_the_most_pages_are_kept_and_the_oldest_goes_first(site, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 2)
    for number in (1, 2, 3):
        site.get(f"/?page={number}")
    assert site.get("/?page=2").content == b"answer 2"
    assert site.get("/?page=3").content == b"answer 3"
    assert site.get("/?page=1").content == b"answer 4"


def test_a_page_that_is_asked_for_stays_before_one_that_is_not(site, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 2)
    for number in (1, 2, 1, 3):
        site.get(f"/?page={number}")
    assert site.get("/?page=1").content == b"answer 1"
    assert site.get("/?page=2").content == b"answer 4"


def test_a_page_that_is_kept_anew_after_its_time_stays_before_older_ones(site, clock, monkeypatch):
    monkeypatch.setattr(page_cache, "MOST_PAGES", 2)
    site.get("/?page=1")
    site.get("/?page=2")
    clock.seconds += page_cache.KEPT_SECONDS
    for number in (1, 3):
        site.get(f"/?page={number}")
    assert site.get("/?page=1").content == b"answer 3"


class _Lock:
    """A lock that says whether it is held."""

    is_held = False

    def __enter__(self):
        self.is_held = True

    def __exit__(self, *_):
        self.is_held = False


class _Touched(OrderedDict):
    """Pages that note whether their lock was held at each touch."""

    def __init__(self, lock):
        super().__init__()
        self.lock = lock
        self.touches = []

    def get(self, key):
        self.touches.append(self.lock.is_held)
        return super().get(key)

    def move_to_end(self, key):
        self.touches.append(self.lock.is_held)
        super().move_to_end(key)

    def popitem(self, *, last):
        self.touches.append(self.lock.is_held)
        return super().popitem(last=last)


def _touches(site, monkeypatch, lock) -> list[bool]:
    """Whether the lock was held whenever pages were looked up, moved and thrown away."""
    monkeypatch.setattr(page_cache, "MOST_PAGES", 1)
    pages = site.cache._pages = _Touched(lock)
    for number in (1, 1, 2):
        site.get(f"/?page={number}")
    return pages.touches


def test_threads_touch_the_pages_one_after_the_other(site, monkeypatch):
    lock = site.cache._lock = _Lock()
    assert set(_touches(site, monkeypatch, lock)) == {True}


def test_without_the_lock_a_page_could_be_thrown_away_while_it_is_moved(site, monkeypatch):
    assert set(_touches(site, monkeypatch, _Lock())) == {False}


def test_an_address_of_the_longest_length_is_kept_and_a_longer_one_not(site):
    longest = "/?" + "a" * (page_cache.LONGEST_ADDRESS - 1)
    site.get(longest)
    site.get(longest)
    assert site.answers == 1
    site.get(longest + "a")
    site.get(longest + "a")
    assert site.answers == 3


@page_cache.own_with("fit")
def _own(request):
    return HttpResponse(f"answers: {request.COOKIES.get('fit', 'none')}")


@pytest.fixture
def answers(data_dir, settings):
    """Read a page that shows what the visitor's own cookie tells."""
    settings.INDEX_DIR = data_dir / "index"

    def view(request):
        request.resolver_match = resolve("/")
        return _own(request)

    cache = behind_the_cache(view)
    return lambda **headers: ask(cache, Asking(headers=headers).get("/"))


def test_a_page_with_somebodys_answers_is_given_to_nobody_else(answers):
    own = answers(cookie="fit=mine")
    assert own.content == b"answers: mine"
    assert "no-store" in dict(own.headers)["Cache-Control"]
    assert answers().content == b"answers: none"
    assert answers(cookie="fit=yours").content == b"answers: yours"


def test_somebody_with_answers_is_not_given_the_page_of_everybody(answers):
    assert answers().content == answers(cookie="theme=dark").content == b"answers: none"
    assert "Cookie" in dict(answers().headers)["Vary"]
    assert answers(cookie="fit=mine").content == b"answers: mine"


def test_without_the_mark_answers_would_be_given_to_others(answers, monkeypatch):
    monkeypatch.setitem(globals(), "_own", _own.__wrapped__)
    answers(cookie="fit=mine")
    assert answers().content == b"answers: mine"
