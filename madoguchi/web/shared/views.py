"""Pages for when something is missing, refused or broken; no database needed, a broken context survived."""

import logging
import sys

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string

from madoguchi.foundation.outages import RETRY_AFTER_SECONDS, is_away
from madoguchi.web.shared import kept_forms

logger = logging.getLogger(__name__)

# What pages take: a browser follows links and sends forms.
_ALLOWED = ("GET", "HEAD", "POST")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense (400)."""
    return _page(request, "400.html", 400)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer someone who may not see this (403)."""
    return _page(request, "403.html", 403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a fresh page of ours (403); what no form can send gets 405."""
    if request.method not in _ALLOWED:
        # The check for forms comes before the view, which would say the same.
        return HttpResponseNotAllowed(_ALLOWED)
    return kept_forms.instead_of_refusing(request) or _page(request, "403_csrf.html", 403)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere (404)."""
    return _page(request, "404.html", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours (500), or say that the database is away (503)."""
    if is_away(sys.exception()):
        return unavailable(request)
    return _page(request, "500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Say that the site is away for a moment (503)."""
    response = _page(request, "503.html", 503)
    response["Retry-After"] = RETRY_AFTER_SECONDS
    return response


def _page(request: HttpRequest, template: str, status: int) -> HttpResponse:
    try:
        content = render_to_string(template, request=request)
    except Exception:
        # A context processor may be what broke; the page must still reach the reader.
        logger.exception("An error page had to be shown without its context")
        content = render_to_string(template)
    return HttpResponse(content, status=status)
