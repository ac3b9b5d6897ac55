"""Search results."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from madoguchi.catalogue.queries import vocabulary
from madoguchi.finding import ask
from madoguchi.finding.ask import Asked
from madoguchi.foundation import clock
from madoguchi.foundation.access import public
from madoguchi.institutions import queries as institutions
from madoguchi.search.results import Reason, SearchResult, Sort
from madoguchi.web.portal.shapes import hits
from madoguchi.web.portal.shapes import search as shapes
from madoguchi.web.portal.shapes.crumbs import trail
from madoguchi.web.shared import counting, wording

NEAREST_SHOWN = 5


@public
@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show what was found; htmx gets the part below the search box alone."""
    asked, result = _answered(ask.read(dict(request.GET.lists()), today=clock.today()))
    if asked.text:
        area = result.understood.place.code if result.understood.place else ""
        counting.note_search(request, counting.Search(asked.text, result.total, area))
    nearest = result.nearest
    region = institutions.region()
    context = {
        "asked": asked,
        "trail": trail(("", gettext("支援をさがす"))),
        "kept": [pair for pair in asked.parameters() if pair[0] not in ("q", "page")],
        "heading": _heading(asked),
        "page": shapes.page(asked, result),
        "cards": hits.cards(result.hits, on=asked.on, region=region),
        "groups": shapes.groups(asked, result, region),
        "conditions": shapes.conditions(asked, region),
        "clear_url": shapes.url_of(Asked(on=asked.on, text=asked.text)),
        "orders": shapes.orders(asked),
        "understood": result.understood,
        "year_read": wording.fiscal_year(result.understood.fiscal_year)
        if result.understood.fiscal_year
        else "",
        "to_drop": shapes.conditions(asked, region, nearest.without) if nearest else [],
        "place_to_drop": shapes.without_place(asked, result),
        "nearest": hits.cards(nearest.hits[:NEAREST_SHOWN], on=asked.on, region=region) if nearest else [],
        "nearest_says": _nearest_says(result),
        "fallback": hits.cards(nearest.fallback, on=asked.on, region=region) if nearest else [],
        # Where nothing is near, the everyday problems are the way on.
        "themes": vocabulary("purposes").values() if nearest and not nearest.hits else [],
        "search_url": reverse("portal:search"),
    }
    wants_part = request.headers.get("HX-Request") == "true"
    response = render(request, "portal/parts/found.html" if wants_part else "portal/search.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _answered(asked: Asked) -> tuple[Asked, SearchResult]:
    """The answer; without words the newest come first, and beyond the end stands the last page."""
    if not asked.text and asked.sort is Sort.RELEVANCE:
        asked = replace(asked, sort=Sort.NEWEST)
    result = ask.answer(asked)
    if result.total and not result.hits:
        asked = replace(asked, page=-(-result.total // ask.PAGE_SIZE))
        result = ask.answer(asked)
    return asked, result


def _heading(asked: Asked) -> str:
    if asked.text:
        return gettext("「%(text)s」の検索結果") % {"text": asked.text}
    return gettext("支援をさがす")


def _nearest_says(result: SearchResult) -> str:
    says = {
        Reason.FILTERS: gettext("条件を外すと、次のものがあります。"),
        Reason.PLACE: gettext("場所をかぎらなければ、次のものがあります。"),
        Reason.WORDS: gettext("言葉の一部が合うものです。"),
        Reason.FALLBACK: "",
    }
    return says[result.nearest.reason] if result.nearest else ""
