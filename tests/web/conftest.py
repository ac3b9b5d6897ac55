"""Visitors of the pages come through everything that stands before Django as well: the kept pages."""

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse  # noqa: TID251 (an answer that a test reads)
from django.test.client import Client, ClientHandler

from madoguchi.web.shared.page_cache import PageCache


class _Handler(ClientHandler):
    """The handler of Django's test client behind the kept pages."""

    def __init__(self, *args, **named):
        super().__init__(*args, **named)
        self._site = PageCache(self._django)

    def _django(self, environ, start_response):
        response = super().__call__(environ)
        start_response(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return response

    def __call__(self, environ):
        started = []
        answer = self._site(environ, lambda *line_and_headers: started.append(line_and_headers))
        if not isinstance(answer, list):
            return answer
        [(line, headers)] = started
        response = HttpResponse(b"".join(answer), status=int(line.split()[0]), headers=dict(headers))
        response.wsgi_request = WSGIRequest(environ)
        return response


@pytest.fixture
def client() -> Client:
    """A visitor of a site that keeps pages; each test has a site of its own."""
    visitor = Client()
    visitor.handler = _Handler(enforce_csrf_checks=False)
    return visitor
