"""Programmes side by side."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue import queries as catalogue
from madoguchi.catalogue.models import Edition
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.web.portal.shapes import compare as shapes
from madoguchi.web.portal.shapes.crumbs import trail

MOST = 4


@public
@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four programmes by `p`, one criterion a row; more are named and left out."""
    wanted = list(dict.fromkeys(request.GET.getlist("p")))
    editions = _editions(wanted[:MOST])
    context = {
        "trail": trail(("", gettext("支援をくらべる"))),
        "columns": shapes.columns(editions),
        "rows": shapes.rows(editions, kinds=catalogue.labels().get("kinds", {}), at=clock.now()),
        "most": MOST,
        "left_out": max(len(wanted) - MOST, 0),
        "unknown": len(wanted[:MOST]) - len(editions),
    }
    return render(request, "portal/compare.html", context)


def _editions(slugs: list[str]) -> list[Edition]:
    """The newest published edition of each programme, in the order of the slugs."""
    newest: dict[str, Edition] = {}
    for edition in catalogue.published_editions().filter(programme__slug__in=slugs):
        newest.setdefault(edition.programme.slug, edition)
    return [newest[slug] for slug in slugs if slug in newest]
